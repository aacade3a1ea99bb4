/* rule.h - when this, then that: rules over a signal and what was understood of it. */
#ifndef ACT_RULE_H
#define ACT_RULE_H
#include "act/action.h"
#include "store/tally.h"

typedef struct ruleset ruleset;

/* Is the rule whole: the condition parses, the action exists, its parameters are right?  Run before
** every store_put of a rule; one sentence that names the place. */
bool rule_check(const rule *r, err *e) MUST_USE;
/* "ticket department=logistics due=4h priority=high" into r->action and r->params (text in a). */
bool rule_then(arena *a, str text, rule *r, err *e) MUST_USE;
const action *action_find(str name);

/* The enabled rules, compiled once; lives in a. */
bool ruleset_load(store *s, arena *a, ruleset **out, err *e) MUST_USE;
size_t ruleset_size(const ruleset *rs);
/* Every matching rule adds its deed to h (in id order of the rules), and what belongs to the insight
** itself (tags) is applied at once.  has_words tests `words ~ text`.  Deed keys depend on rule,
** version, source and external id only: heard again, the deed is the same deed. */
void ruleset_apply(const ruleset *rs, arena *a, heard *h, i64 now_ms,
                   truth (*has_words)(void *ctx, str text), void *ctx);

/* What a rule would have done: asked of the past before it is switched on. */
typedef struct {
    i64 matches, signals; /* of all signals heard */
    tally_cell *months;   /* by month of occurrence */
    size_t months_n;
    i64 *sample; /* ids, newest first, at most RULE_SAMPLE */
    size_t sample_n;
} rule_trial;
enum { RULE_SAMPLE = 10 };
bool rule_try(tally *t, arena *a, str condition, rule_trial *out, err *e) MUST_USE;
/* An object {condition, matches, signals, months: [{month, n}], sample: [ids]}. */
void rule_trial_print(json_out *j, arena *a, str condition, const rule_trial *t);
/* Plans the deeds of r for signals heard before, newest first; known deeds are not planned again.
** Actions that change the insight (tag) work only on what is heard from now on: INVALID. */
bool rule_catch_up(store *s, tally *t, arena *a, const rule *r, i64 now_ms, i64 *planned_out,
                   err *e) MUST_USE;

/* "30m", "4h", "2d", "1w" in ms. */
bool duration_parse(str s, i64 *ms_out) MUST_USE;
#endif
