/* tickets.c - what somebody was asked to act on: list, one, change. */
#include "act/cases.h"
#include "act/tickets.h"
#include "api/ask.h"
#include "api/auth.h"
#include "api/cursor.h"
#include "api/feed.h"
#include "understand/voice_json.h"

enum { TICKETS_SHOWN = 20 };

/* ---- list ---- */

static bool list(api *x, arena *a, asked *v, err *e) {
    desk *d;
    question ask;
    i64 unused, before = 0, total;
    ticket *shown;
    size_t n;
    str cursor = params_get(&v->query, "cursor");
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!question_read(a, v, TICKETS_SHOWN, &ask, e) ||
        (cursor.n && !cursor_read(cursor, 't', &unused, &before, e)) || !desk_sit(x, a, v, &d, e) ||
        !tickets_find(d->s, a, auth_tickets_where(a, v->who, ask.told), before,
                      (size_t)ask.limit + 1, &shown, &n, &total, e))
        return false;
    desk_leave(d);
    bool more = n > (size_t)ask.limit;
    n = MIN(n, (size_t)ask.limit);
    json_object(&j);
    put_int(&j, "total", total);
    json_key(&j, S("tickets"));
    json_array(&j);
    for (size_t i = 0; i < n; i++) noun_print(&j, &noun_ticket, &shown[i]);
    json_end_array(&j);
    put_text(&j, "next_cursor", more ? cursor_print(a, 't', 0, shown[n - 1].id) : NO_STR);
    json_end_object(&j);
    reply_json(v, 200, &b);
    return true;
}

/* ---- one ---- */

static bool tell_voice(void *ctx, const signal *sig, const insight *ins, err *e) {
    (void)e;
    voice_json(ctx, sig, ins);
    return true;
}

/* The ticket's members and its voice.  What the ETag stands for is the ticket with its voice. */
static bool print_whole(store *s, arena *a, const ticket *t, buf *b, err *e) {
    buf plain = {.a = a}, *voice = reply_buf(a);
    json_out p = json_to(&plain), w = json_to(voice);
    noun_print(&p, &noun_ticket, t);
    if (!store_scan_ids(s, &t->signal_id, 1, tell_voice, &w, e)) return false;
    check(plain.n > 1 && plain.p[plain.n - 1] == '}');
    buf_bytes(b, plain.p, plain.n - 1);
    buf_str(b, S(",\"voice\":"));
    buf_str(b, voice->n ? buf_view(voice) : S("null"));
    buf_char(b, '}');
    return true;
}

static bool one(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    ticket t;
    buf b = {.a = a};
    if (!id_read(v, &id, e) || !desk_sit(x, a, v, &d, e) ||
        !auth_ticket(v->who, d->s, a, id, &t, e) || !print_whole(d->s, a, &t, &b, e))
        return false;
    desk_leave(d);
    reply_noun(a, v, 200, &b);
    return true;
}

/* ---- change ---- */

static bool may_change(const json *object, err *e) {
    static const char *const names[] = {"state",    "owner",   "department",
                                        "priority", "outcome", "note"};
    if (object->kind != JSON_OBJECT) return fail(e, INVALID, "ticket: want an object");
    for (const json *m = object->first; m; m = m->next) {
        bool known = false;
        for (size_t i = 0; i < COUNT(names); i++) known |= str_eq(m->key, str_of(names[i]));
        if (!known)
            return fail(e, INVALID,
                        "ticket: \"%.*s\" cannot be changed; there are state, owner, department, "
                        "priority, outcome and note",
                        (int)MIN(m->key.n, 80), m->key.p);
    }
    return true;
}

/* A department that is named must be there: a ticket nobody is asked about is lost. */
static bool department_there(store *s, arena *a, str name, err *e) {
    department row;
    if (!name.p || store_find(s, a, &noun_department, name, &row, e)) return true;
    if (e->code != NOT_FOUND) return false;
    return fail(e, INVALID, "there is no department \"%.*s\"", (int)MIN(name.n, 80), name.p);
}

static bool change(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    json *body;
    ticket t;
    buf before = {.a = a}, after = {.a = a};
    if (!id_read(v, &id, e) || !body_json(a, v, &body, e) || !may_change(body, e) ||
        !desk_write(x, a, v, &d, e) || !auth_ticket(v->who, d->s, a, id, &t, e) ||
        !print_whole(d->s, a, &t, &before, e))
        return false;
    if (!match_noun(a, v, &before)) return true;
    ticket from = t;
    case_desk by = {d->s, a, v->who->actor, x->w->now_ms(x->w)};
    if (!noun_read(a, &noun_ticket, body, &t, e) ||
        (!str_eq(from.department, t.department) && !department_there(d->s, a, t.department, e)) ||
        !store_begin(d->s, e))
        return false;
    if (!case_change(&by, &from, &t, e)) return store_rollback(d->s), false;
    if (!store_commit(d->s, e) || !print_whole(d->s, a, &t, &after, e)) return false;
    desk_leave(d);
    feed_tickets(x);
    reply_noun(a, v, 200, &after);
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/tickets", "tickets.read", "Tickets, newest first", .handle = list,
     .query = "cursor " QUESTION_NAMES, .gives = "tickets"},
    {METHOD_GET, "/api/v1/tickets/{id}", "tickets.read", "One ticket with its voice", .handle = one,
     .gives = "ticket_with_voice", .status = "200 304"},
    {METHOD_PATCH, "/api/v1/tickets/{id}", "tickets.write",
     "Changes a ticket; it does not close without an outcome", .handle = change,
     .takes = "ticket_wish", .gives = "ticket_with_voice", .status = "200 409 412"},
};
const page page_tickets = {
    .name = "tickets", .title = "Tickets", .routes = routes, .routes_n = COUNT(routes)};
