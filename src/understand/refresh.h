/* refresh.h - many metrics at once: one pass over the rows for all that can share it.
**
** Populations over columns of few values are not asked of each row but of each cell of a group by these
** columns: one pass groups by at most LIMIT_GROUP_COLUMNS of them and measures every column the metrics
** need once; each metric then adds up the cells its population is true for.  What cannot be told of a
** cell (times, words, weights, quantiles, several columns of one signal) is asked by itself. */
#ifndef UNDERSTAND_REFRESH_H
#define UNDERSTAND_REFRESH_H
#include "understand/measure.h"

enum { REFRESH_VALUES = 300, REFRESH_CELLS = 1500 }; /* of one column, and of one pass, at most */

typedef struct {
    estimate est;
    size_t pass; /* the pass it was counted in; SIZE_MAX: by itself */
} refreshed;
typedef struct {
    refreshed *values; /* by definition */
    size_t passes;     /* shared ones */
    size_t alone;      /* metrics that were asked by themselves */
    i64 rows_read;
} refresh_answer;
/* Over all signals for which where is true; windows are not applied.  Values equal measure()'s.
** s may be NULL when all share passes. */
typedef struct {
    const expr *where;
    int threads;
    bool afresh; /* nothing answered before is used: for measuring */
    i64 cells; /* of one pass at most; 0 = REFRESH_CELLS: fewer are quicker to count in than passes save */
} refresh_question;
bool refresh(tally *t, store *s, arena *a, const definition *d, size_t n, const refresh_question *q,
             refresh_answer *out, err *e) MUST_USE;
#endif
