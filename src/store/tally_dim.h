/* tally_dim.h - one column of a group-by: per segment, small numbers for its values there. */
#ifndef STORE_TALLY_DIM_H
#define STORE_TALLY_DIM_H
#include "store/tally_int.h"

typedef struct {
    const tally_by *by;
    const column *text, *num, *time, *set;
    bool of_mention;
    i64 zone_ms;
    /* Of the segment in hand.  Local code 0 is missing, then the texts, then the numbers or units. */
    u32 card; /* local codes are below it; UINT32_MAX = not known beforehand */
    const part *codes, *nums, *days, *clocks;
    u32 text_low, text_n;
    u32 *unit_of; /* by day - first day + 1 */
    size_t unit_cap;
    bool wide; /* too many numbers or days for a table: numbered as they come */
    /* Numbers and units met so far, numbered from 0; kept over segments. */
    i64 *values;
    u32 values_n, values_cap;
    u32 *slots, slots_n;
    arena *a;
} dim;
bool dim_init(dim *d, const tally *t, const tally_by *by, i32 zone_min, err *e) MUST_USE;
bool dim_open(dim *d, const tally *t, segment *g, arena *a, i64 *bytes, err *e) MUST_USE;
void dim_codes(dim *d, const block *b, u32 *out);      /* per item; not for sets */
u32 dim_code(const dim *d, const segment *g, u32 row); /* sets: of one tag */
cell_key dim_key(const dim *d, u32 local);
#endif
