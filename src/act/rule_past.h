/* rule_past.h - rules asked of what was heard: why they decided so, and what a change would have changed. */
#ifndef ACT_RULE_PAST_H
#define ACT_RULE_PAST_H
#include "act/rule.h"

/* Why: every rule, switched on or not, with each of its demands, what the signal had there and whether it
** held.  An array of {rule, id, version, enabled, holds, acts, behind, demands: [{demand, have, truth}]};
** holds: its condition is true; acts: and it is switched on and no `last` rule stands before it (behind
** names that one).  A condition on mentions is shown for the mention that comes nearest. */
bool rule_explain(store *s, tally *t, arena *a, i64 signal_id, i64 now_ms, json_out *j,
                  err *e) MUST_USE;

/* What if: the enabled rules as they are beside the same with `change` (a new rule when its id is 0), for the
** newest signals of [from_ms, to_ms), at most SIMULATED_MAX of them.  Facts that count are as they were at
** each signal; metrics as they are now. */
typedef struct {
    i64 month; /* first day */
    i64 signals, before, after;
} simulated_month;
typedef struct {
    i64 signals, before, after; /* on which the rule acts, without and with the change */
    i64 gained, lost;           /* signals it would act on now and did not; did and would not */
    i64 others_lost;            /* deeds of other rules that would no longer be done (`last`) */
    bool cut;                   /* there were more signals */
    simulated_month *months;
    size_t months_n;
    i64 *sample; /* gained or acted on, newest first, at most RULE_SAMPLE */
    size_t sample_n;
} simulation;
enum { SIMULATED_MAX = 200000 };
bool rule_simulate(store *s, tally *t, arena *a, const rule *change, i64 from_ms, i64 to_ms,
                   i64 now_ms, simulation *out, err *e) MUST_USE;
void simulation_print(json_out *j, arena *a, const simulation *m);
#endif
