/* rule.h - when this, then that: rules over a signal and what was understood of it. */
#ifndef ACT_RULE_H
#define ACT_RULE_H
#include "act/action.h"
#include "act/facts.h"
#include "store/tally.h"

typedef struct ruleset ruleset;

/* Is the rule whole: the condition parses, the action exists, its parameters are right?  Run before
** every store_put of a rule; one sentence that names the place. */
bool rule_check(const rule *r, err *e) MUST_USE;
/* "ticket department=logistics due=4h priority=high" into r->action and r->params (text in a). */
bool rule_then(arena *a, str text, rule *r, err *e) MUST_USE;
const action *action_find(str name);

/* The enabled rules, compiled together (decide.h), in their order; lives in a, for one thread.  t NULL:
** facts of metrics are missing. */
bool ruleset_load(store *s, tally *t, arena *a, ruleset **out, err *e) MUST_USE;
size_t ruleset_size(const ruleset *rs);
facts *ruleset_facts(ruleset *rs);
/* Before each batch; its memory is a. */
void ruleset_begin(ruleset *rs, arena *a, i64 now_ms);
/* Every matching rule adds its deed to h (in the order of the rules, up to one that is the last), and what
** belongs to the insight itself (tags) is applied at once.  folded: the words as fold() makes them.  Deed
** keys depend on rule, version, source and external id only: heard again, the deed is the same deed. */
bool ruleset_apply(ruleset *rs, arena *a, heard *h, i64 now_ms, str folded, err *e) MUST_USE;
/* The rules that would act, without acting; facts_next was called. */
size_t ruleset_decide(ruleset *rs, const heard *h, str folded, const rule **out, size_t most);

/* Checks, stores and keeps the version; every rule is saved this way.  Not inside store_begin. */
bool rule_save(store *s, arena *a, rule *r, str actor, i64 now_ms, err *e) MUST_USE;
/* All versions, newest first. */
bool rule_versions(store *s, arena *a, i64 rule_id, rule_version **out, size_t *n_out,
                   err *e) MUST_USE;
/* What it was then becomes its next version. */
bool rule_roll_back(store *s, arena *a, rule *r, i64 version, str actor, i64 now_ms,
                    err *e) MUST_USE;

/* What enabled rules say against each other, and rules that can never act. */
typedef enum {
    FINDING_NEVER,     /* no signal meets its condition */
    FINDING_SHADOWED,  /* `other` before it takes all its signals and is the last */
    FINDING_DUPLICATE, /* the same condition and deed as `other` */
    FINDING_CONFLICT,  /* all signals of one of both get two tickets that disagree */
    FINDING_OVERLAP,   /* some may */
} rule_finding_kind;
typedef struct {
    rule_finding_kind kind;
    const rule *rule, *other; /* other NULL: none */
} rule_finding;
enum { RULE_FINDINGS_MAX = 200, RULE_ORDER_USUAL = 1000 };
str rule_finding_name(rule_finding_kind k);
bool rule_findings(arena *a, const rule *all, size_t n, rule_finding **out, size_t *n_out,
                   err *e) MUST_USE;

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
