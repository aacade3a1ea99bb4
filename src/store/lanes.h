/* lanes.h - the selected signals with some of their columns side by side, block by block: for what no
** group-by can say, such as cross-products of many columns or the search for a slice. */
#ifndef STORE_LANES_H
#define STORE_LANES_H
#include "store/tally.h"

enum { LANES_MAX = 256, LANES_BLOCK = 2048 };

typedef enum {
    LANE_NUM,  /* a numeric column of the signal; missing is NAN */
    LANE_TEXT, /* a text column of the signal: numbers of its texts, 0 = missing */
    LANE_TEST, /* an expression: 1 true, 0 false, NAN unknown; of mentions: 1 if any is true, 0 if
               ** all are false */
} lane_kind;
typedef struct {
    lane_kind kind;
    str column;
    const expr *test; /* LANE_TEST */
} lane_wish;

typedef struct {
    const expr *where; /* NULL = everything */
    const lane_wish *lanes;
    size_t lanes_n; /* at most LANES_MAX */
    i64 most_ms;    /* 0 = no bound on the time; LIMIT in one sentence behind it */
} lanes_question;

/* Up to LANES_BLOCK signals.  Valid until the visit returns. */
typedef struct {
    u32 n;
    const i64 *ids;
    const double *const *nums; /* per lane; NULL for LANE_TEXT */
    const u32 *const *codes;   /* per lane; LANE_TEXT only */
    const str *const *texts;   /* per lane: texts[lane][code - 1] */
} lanes_block;

typedef struct {
    /* Before the first block, and once more if a damaged mirror was mended on the way: forget. */
    void (*begin)(void *ctx);
    bool (*block)(void *ctx, const lanes_block *b, err *e); /* false ends the question */
    void *ctx;
} lanes_visit;

/* Every selected signal once, segment by segment, in an order that depends on the mirror alone: what
** is told must not depend on it.  An unknown column is missing everywhere. */
bool tally_lanes(tally *t, arena *a, const lanes_question *q, const lanes_visit *v,
                 err *e) MUST_USE;
#endif
