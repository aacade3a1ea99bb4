/* measures.h - what is done about a pain: planned, signed, started, evaluated, and told with a verdict.
**
** The design (outcome, who, window, worth) is fixed at the start: after it only words, owner and cost
** may change.  A verdict comes from an evaluation and from nothing else. */
#ifndef ACT_MEASURES_H
#define ACT_MEASURES_H
#include "kern/effect.h"
#include "store/tally.h"

/* Is the measure whole: expressions parse, the outcome is one, the design has what it needs?  Run
** before every store_put; one sentence that names the field. */
bool measure_check(const measure_row *m, err *e) MUST_USE;
/* May `to` replace `from`?  CONFLICT when the design changes after the start. */
bool measure_may_change(const measure_row *from, const measure_row *to, err *e) MUST_USE;
/* Adds the signature of `as` (a word of signs_needed); signing twice changes nothing. */
bool measure_sign(arena *a, measure_row *m, str as, str by, i64 now_ms, err *e) MUST_USE;
/* Draft to running: CONFLICT while a signature is missing, or when it runs already.  Its effect is
** counted once (t NULL: not), so that a slip in an expression is found before the design stands. */
bool measure_start(tally *t, arena *a, measure_row *m, i64 now_ms, err *e) MUST_USE;

/* Which arm a unit belongs to when nobody says so by an expression: a stable function of the measure's
** name and the unit, with share_planned (default one half) of them treated. */
bool measure_treats(const measure_row *m, str unit);

typedef struct {
    i64 n;        /* observations: signals, or units when there is a unit */
    double value; /* mean; NAN when n is 0 */
    i64 reached;  /* answers behind them: what an effect of each is multiplied by */
} arm;
typedef struct {
    arm treated, control; /* series: after, before */
    effect effect;        /* in the outcome's unit; positive is more of it */
} finding;

typedef struct {
    const char *name; /* sample_ratio, parallel_trends, power, units_lost, gap */
    bool ok;
    double value; /* p, or the number the check looks at; NAN if none */
} effect_check;

typedef enum {
    VERDICT_EFFECTIVE,
    VERDICT_HARMFUL,
    VERDICT_NO_EFFECT,
    VERDICT_MIXED,
    VERDICT_INCONCLUSIVE
} verdict;
enum { EFFECT_CHECKS_MAX = 6 };
typedef struct {
    finding outcome, feedback;
    bool has_feedback;
    bool over;    /* the window has ended: the interval is a fixed one and the verdict stands */
    bool watched; /* looked at while it runs: the interval holds at all looks together */
    effect_check checks[EFFECT_CHECKS_MAX];
    size_t checks_n;
    verdict verdict;
    i64 at;
} evaluation;
str verdict_name(verdict v);

/* Counts the effect as the design says, from the tally alone, over what `sees` selects (NULL =
** everything).  now_ms decides whether it is over. */
bool measure_evaluate(tally *t, arena *a, const measure_row *m, const expr *sees, i64 now_ms,
                      evaluation *out, err *e) MUST_USE;
void evaluation_print(json_out *j, arena *a, const evaluation *x);
/* The same, and written into the measure when the window is over: evaluation, verdict, state. */
bool measure_judge(tally *t, arena *a, measure_row *m, i64 now_ms, evaluation *out,
                   err *e) MUST_USE;

/* ---- the ledger of what came back: ROX ---- */

typedef struct {
    const measure_row *m;
    double cost, value, value_se; /* value 0 when it was not evaluated or has no margin */
    bool evaluated, priced;
} ledger_line;
typedef struct {
    ledger_line *lines;
    size_t n, unevaluated, unpriced; /* unpriced: evaluated, but nobody said what a unit is worth */
    double cost, value;
    effect rox;
} ledger;
/* Value = effect in the good direction x answers of the treated x margin; its error from the effect's.
** What has no verdict yet, or no margin, counts its cost and no benefit. */
bool ledger_make(arena *a, const measure_row *m, size_t n, ledger *out, err *e) MUST_USE;
void ledger_print(json_out *j, const ledger *l);
#endif
