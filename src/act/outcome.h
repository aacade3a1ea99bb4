/* outcome.h - what a measure is to change: one number a signal, averaged. */
#ifndef ACT_OUTCOME_H
#define ACT_OUTCOME_H
#include "kern/effect.h"
#include "store/tally.h"

typedef struct {
    enum { OUTCOME_MEAN, OUTCOME_SHARE, OUTCOME_NPS } kind;
    str column;       /* MEAN, NPS */
    const expr *test; /* SHARE */
} outcome;
/* "mean:spend", "share:visit = 1", "nps", "nps:score:nps". */
bool outcome_parse(arena *a, str text, outcome *out, err *e) MUST_USE;
tally_measure outcome_measure(const outcome *o);
/* Moments of the outcome in one cell: share 0 or 1, nps -100, 0 or 100 (answers off 0-10 left out). */
sample outcome_sample(const outcome *o, const tally_stat *s);
#endif
