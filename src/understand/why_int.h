/* why_int.h - what the files of why.h share. */
#ifndef UNDERSTAND_WHY_INT_H
#define UNDERSTAND_WHY_INT_H
#include "understand/why.h"

enum { WHY_CODES = 40 }; /* values of one column that are looked at one by one */

typedef struct {
    str name;
    bool num;
    str *values; /* text: code 1 + i */
    size_t values_n;
    double *cuts; /* num: code k is the first with v <= cuts[k - 1], or cuts_n + 1 */
    size_t cuts_n;
    bool missing; /* some signals have no value */
} why_column;

/* What one signal adds to the metric, of which the metric is the mean. */
typedef struct {
    const metric *metric;
    const metric_params *params;
    tally_measure measures[METRIC_MEASURES_MAX];
    size_t measures_n;
} why_scorer;
double why_score(const why_scorer *s, const double *values); /* NAN: no answer */

/* The signals looked at, in the order of their ids. */
typedef struct {
    size_t n;
    i64 all; /* with an answer; n is fewer where only a part is looked at */
    double *y;
    u8 *side;
    slice_column *columns;
    /* Of all signals, by side: of the whole, and of each column's codes: parts[(c * SLICE_CODES + code)
    ** * 2 + side]. */
    slice_side total[2], *parts;
} why_rows;

bool why_columns_choose(tally *t, arena *a, const why_question *q, const metric_params *p,
                        why_column **out, size_t *n_out, err *e) MUST_USE;
bool why_rows_read(tally *t, arena *a, const why_question *q, const why_scorer *s, i64 expected,
                   const why_column *columns, size_t columns_n, why_rows *out, err *e) MUST_USE;
const expr *why_now(arena *a, const why_question *q);    /* with where */
const expr *why_before(arena *a, const why_question *q); /* NULL: everything */
bool why_voices(tally *t, store *s, arena *a, const why_question *q, why_slice *x, err *e) MUST_USE;
bool why_sayings(tally *t, arena *a, const why_question *q, why_slice *x, err *e) MUST_USE;
void why_benjamini(const double *p, double *adjusted, size_t n); /* & Hochberg 1995; NANs stay */
#endif
