/* case.c - what a customer with a case says next finds its way to that case. */
#include "act/cases.h"

static bool perform(store *s, arena *a, const deed *d, i64 now_ms, err *e) {
    case_desk desk = {s, a, S("system"), now_ms};
    return d->signal_id == NONE || case_heard(&desk, d->signal_id, e);
}

const action action_case = {
    .name = "case",
    .title = "Bring a message to its case",
    .help = "A further message, or the answer to asking again; done by cases, no rule names it.",
    .params = "",
    .perform = perform,
    .inner = true,
};
