/* rule_logic.h - what can be said of conditions without any signal: can one ever be true, does one follow
** from another, can both be true?
**
** Conditions are taken apart into branches (disjunctive normal form; not is pushed down by De Morgan, which
** holds in the three-valued logic too), each a set of demands on columns.  Only what is certain is said:
** never and covers are proofs; what is too large, or beyond this reasoning, is false. */
#ifndef ACT_RULE_LOGIC_H
#define ACT_RULE_LOGIC_H
#include "kern/expr.h"

typedef struct branches branches;
enum { LOGIC_BRANCHES_MAX = 128, LOGIC_LITERALS_MAX = 64 };

/* NULL when it has more branches or demands than the bounds. */
const branches *branches_of(arena *a, const expr *x);
/* No signal makes it true. */
bool branches_never(const branches *b);
/* Whatever makes b true makes a true. */
bool branches_cover(const branches *a, const branches *b);
/* Nothing known keeps both from being true of one signal, and some column is named by both. */
bool branches_meet(const branches *a, const branches *b);
#endif
