/* measure_int.h - what the files of measure.h share. */
#ifndef UNDERSTAND_MEASURE_INT_H
#define UNDERSTAND_MEASURE_INT_H
#include "understand/measure.h"

/* "topbox:score:csat:2" to its metric and parameters, and back to one text for each meaning. */
bool formula_parse(arena *a, str text, const metric **m, metric_params *p, err *e) MUST_USE;
str formula_print(arena *a, const metric *m, const metric_params *p);
bool formula_is(str text); /* begins with a metric's name: no other name may */

/* The id of all that decides a number. */
void definition_hash(arena *a, str formula, int version, const expr *where, i64 window_days,
                     str weight, i64 minimum_n, char out[17]);

/* What of the parameters the data decide; false: only with the question at hand. */
bool formula_settles(tally *t, arena *a, const metric *m, metric_params *p);
estimate estimate_shown(const metric *m, estimate x, i64 minimum_n);

int key_order(const tally_key *x, const tally_key *y, size_t n);

/* One side of an answer: its cells, sorted by their keys. */
typedef struct cell_list {
    measure_cell *cells;
    size_t n;
} cell_list;
/* The answers of one signal counted together, weighted or not: grouped by the items as well. */
bool joint_ask(tally *t, arena *a, const measure_question *q, measure_answer *r, const expr *where,
               cell_list side[2], err *e) MUST_USE;

/* What of the quality rules holds; adds to r->findings. */
bool quality_judge(tally *t, store *s, arena *a, const expr *where, i64 now_ms, measure_answer *r,
                   err *e) MUST_USE;
#endif
