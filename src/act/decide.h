/* decide.h - many conditions asked of one signal at once.
**
** Conditions are compiled together: equal sub-conditions are one node, asked at most once of a signal (or
** of a mention), in the order of what they cost; a condition that wants column = value (or in a list) is
** looked at only when the signal has one of these values.  What comes out is what signal_test says of each
** condition alone: that is the slow twin of the tests. */
#ifndef ACT_DECIDE_H
#define ACT_DECIDE_H
#include "store/store.h"

typedef struct decider decider;

/* What a signal does not say itself: fact:NAME and customer:KEY.  Asked at most once for each of them and
** signal, and only when nothing else has decided already. */
typedef void decide_more(void *ctx, str column, value *out);

/* All conditions live in a; it may be used by one thread at a time. */
decider *decider_make(arena *a, const expr *const *when, size_t n);
/* Places of the conditions that are true, ascending, in out[0..n).  folded: the signal's words as fold()
** makes them.  more NULL: those columns are missing. */
size_t decider_ask(decider *d, const signal *s, const insight *i, str folded, decide_more *more,
                   void *ctx, u32 *out);

typedef struct {
    size_t conditions, nodes, leaves; /* nodes: different ones; leaves of all conditions, equal ones too */
    size_t indexed;                   /* conditions behind an equality */
} decider_size;
decider_size decider_count(const decider *d);

/* Is a column one that only decide_more knows? */
bool column_is_more(str column);
/* The truth of every leaf of x for one signal and one mention (NULL: none), in order of appearance. */
typedef void decide_leaf(void *ctx, const expr *leaf, const value *have, truth t);
void decide_explain(const expr *x, const signal *s, const insight *i, const mention *m, str folded,
                    decide_more *more, void *more_ctx, decide_leaf *leaf, void *ctx);
/* The truth of x by asking leaf after leaf; the twin, with facts. */
truth decide_slowly(const expr *x, const signal *s, const insight *i, str folded, decide_more *more,
                    void *ctx);
#endif
