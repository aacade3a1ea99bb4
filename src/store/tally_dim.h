/* tally_dim.h - one column of a group-by: per segment, small numbers for its values there. */
#ifndef STORE_TALLY_DIM_H
#define STORE_TALLY_DIM_H
#include "store/tally_vec.h"

/* How the codes of a segment are found.  LOOK: a lens on an array of one or two bytes.  SPANS: runs of
** rows, as of occurred_at.  NOTHING: all missing.  SLOW: value by value. */
typedef enum { DIM_NOTHING, DIM_LOOK, DIM_SPANS, DIM_SLOW } dim_way;

typedef struct {
    u32 row, code; /* from this row on, up to the next span */
} span;

typedef struct {
    const tally_by *by;
    const column *text, *num, *time, *set;
    bool of_mention;
    i64 zone_ms;
    const time_zone *zone; /* NULL: zone_ms */
    /* Of the segment in hand.  Local code 0 is missing, then the texts, then the numbers or units. */
    u32 card; /* local codes are below it; UINT32_MAX = not known beforehand */
    u32 skip; /* 1: nothing is missing, and local codes begin with what would be 1 */
    dim_way way;
    lens look;
    const part *codes, *nums, *days, *clocks;
    u32 text_low, text_n;
    span *spans;
    u32 spans_n, spans_cap;
    u32 *unit_of; /* by day - first day + 1 */
    size_t unit_cap;
    bool wide; /* too many numbers or days for a table: numbered as they come */
    /* Numbers and units, numbered from 0: of the segment; wide: met so far. */
    key_set values;
    arena *a;
} dim;
bool dim_init(dim *d, const tally *t, const tally_by *by, const tally_question *q, err *e) MUST_USE;
bool dim_open(dim *d, const tally *t, segment *g, arena *a, i64 *bytes, err *e) MUST_USE;
void dim_codes(dim *d, block *b, u32 *out);            /* per item; not for sets */
u32 dim_code(const dim *d, const segment *g, u32 row); /* sets: of one tag */
cell_key dim_key(const dim *d, u32 local);
/* Adds (first: puts) mul times the local codes of rows [from, from + n) of its table to keys of 16
** bits; not for SLOW. */
/* cell[i] += mul times the local code of row from + row[i] of its table; not for SLOW. */
void dim_add(const dim *d, const segment *g, u32 from, const u16 *row, u32 n, u32 mul, u16 *cell);
void dim_keys(const dim *d, const vec *v, const segment *g, u32 from, u32 n, u32 mul, u16 *key,
              bool first);
#endif
