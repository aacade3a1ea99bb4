/* action.h - what a rule can do.  One file in actions/ is one action. */
#ifndef ACT_ACTION_H
#define ACT_ACTION_H
#include "base/json.h"
#include "store/store.h"

typedef struct {
    const char *name; /* ticket */
    const char *title;
    const char *help;
    const char *params; /* one line a parameter: "department text required Who is asked to act" */
    /* At save: are the parameters whole?  One sentence that names the parameter. */
    bool (*accepts)(const json *params, err *e);
    /* When a rule matched: the deed's payload, complete enough to be done after a crash. */
    void (*plan)(arena *a, const rule *r, const json *params, const heard *h, i64 now_ms,
                 deed *out);
    /* Part of the insight itself (tags): done in the same commit as the signal; else NULL. */
    void (*apply)(arena *a, const deed *d, insight *ins);
    /* Carries a pending deed out; called again after a failure, so it takes effect once by d->key. */
    bool (*perform)(store *s, arena *a, const deed *d, i64 now_ms, err *e);
    bool inner; /* what cases do by themselves: no rule names it; accepts and plan are NULL */
} action;
extern const action *const actions[];
extern const size_t actions_n;
#endif
