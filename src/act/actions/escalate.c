/* escalate.c - a case that is still open when it is due goes one priority up, and to whom it was said. */
#include "act/cases.h"

/* Closed meanwhile, or due at another time: there is nothing to escalate. */
static bool perform(store *s, arena *a, const deed *d, i64 now_ms, err *e) {
    json *payload;
    ticket t;
    err none;
    if (!json_read(a, d->payload, &payload, e)) return false;
    case_desk desk = {s, a, S("system"), now_ms};
    if (!store_get(s, a, &noun_ticket, json_get_int(payload, S("ticket")), &t, &none)) {
        if (none.code == NOT_FOUND) return true;
        return *e = none, false;
    }
    if (str_eq(t.state, S("closed")) || t.due_at != json_get_int(payload, S("due"))) return true;
    return case_escalate(&desk, &t, e);
}

const action action_escalate = {
    .name = "escalate",
    .title = "Escalate a late case",
    .help = "Done by cases themselves at the minute they are due; no rule names it.",
    .params = "",
    .perform = perform,
    .inner = true,
};
