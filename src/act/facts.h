/* facts.h - what rules know beyond one signal: how often this customer, how a shop stands, who they are.
**
**   fact:NAME      count: signals of this customer that meet the fact's condition, within its span up to and
**                  with the signal itself; metric: its value over the span, of the signal's value of `by`;
**                  control: 1 when that value is below its lower limit (three standard errors under the mean
**                  of the twelve spans before: an X-bar chart with varying n), else 0
**   customer:KEY   an attribute of the customer
**
** Counts come from the store, where each signal is noted in its own commit: a restart changes nothing, and a
** signal heard again is decided as it was.  Metrics are as of the last ten minutes. */
#ifndef ACT_FACTS_H
#define ACT_FACTS_H
#include "act/decide.h"
#include "store/tally.h"

typedef struct facts facts;

/* Is the fact whole?  Run before every store_put of one. */
bool fact_check(const fact *f, err *e) MUST_USE;
/* Stores it and notes all signals heard before that it counts, in one transaction of the store. */
bool fact_save(store *s, tally *t, arena *a, fact *f, i64 now_ms, err *e) MUST_USE;
/* Do all facts a condition names exist?  INVALID names the first that does not. */
bool facts_known(store *s, arena *a, const expr *x, err *e) MUST_USE;

/* All facts, compiled; t may be NULL (metrics are then missing).  used: only those this list of conditions
** names are ever asked; facts that count are noted whether named or not. */
bool facts_load(store *s, tally *t, arena *a, facts **out, err *e) MUST_USE;
size_t facts_counting(const facts *f);
/* Before each batch: what was noted of the last one is in the store. */
void facts_begin(facts *f, arena *batch, i64 now_ms);
/* The next signal of the batch: which facts count it (h->facts), and from now on facts_tell speaks of it. */
bool facts_next(facts *f, heard *h, str folded, err *e) MUST_USE;
/* For decider_ask; what could not be read is told by facts_end. */
void facts_tell(void *ctx, str column, value *out);
bool facts_end(const facts *f, err *e) MUST_USE;
#endif
