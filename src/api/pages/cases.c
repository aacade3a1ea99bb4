/* cases.c - what is done with a ticket beyond its fields: history, words, contact, steps, merging, many at
** once; and how cases went. */
#include "act/case_report.h"
#include "act/cases.h"
#include "act/tickets.h"
#include "api/ask.h"
#include "api/auth.h"
#include "api/feed.h"
#include "understand/voice_json.h"

enum { BULK_MAX = 500, VOICES_SHOWN = 100 };

/* ---- history ---- */

static void put_times(json_out *j, const case_time *t, size_t n) {
    json_key(j, S("departments"));
    json_array(j);
    for (size_t i = 0; i < n; i++) {
        json_object(j);
        put_text(j, "department", t[i].department);
        put_int(j, "ms", t[i].ms);
        json_end_object(j);
    }
    json_end_array(j);
}

static bool tell_voice(void *ctx, const signal *sig, const insight *ins, err *e) {
    (void)e;
    voice_json(ctx, sig, ins);
    return true;
}

/* Each signal of the history once, newest last. */
static bool put_voices(store *s, arena *a, json_out *j, const case_event *ev, size_t n, err *e) {
    i64 *ids = NEW_N(a, i64, n + 1);
    size_t ids_n = 0;
    for (size_t i = n > VOICES_SHOWN ? n - VOICES_SHOWN : 0; i < n; i++) {
        bool known = ev[i].signal_id == NONE;
        for (size_t k = 0; k < ids_n && !known; k++) known = ids[k] == ev[i].signal_id;
        if (!known) ids[ids_n++] = ev[i].signal_id;
    }
    json_key(j, S("voices"));
    json_array(j);
    if (ids_n && !store_scan_ids(s, ids, ids_n, tell_voice, j, e)) return false;
    json_end_array(j);
    return true;
}

static bool print_history(store *s, arena *a, const ticket *t, i64 now_ms, buf *b, err *e) {
    case_event *ev;
    case_time *times;
    size_t n, times_n;
    i64 age;
    json_out j = json_to(b);
    if (!case_history(s, a, t->id, &ev, &n, e)) return false;
    case_times(a, ev, n, now_ms, &times, &times_n, &age);
    json_object(&j);
    put_int(&j, "ticket", t->id);
    put_int(&j, "age_ms", age);
    put_times(&j, times, times_n);
    json_key(&j, S("events"));
    json_array(&j);
    for (size_t i = 0; i < n; i++) noun_print(&j, &noun_case_event, &ev[i]);
    json_end_array(&j);
    if (!put_voices(s, a, &j, ev, n, e)) return false;
    json_end_object(&j);
    return reply_room(b, e);
}

static bool history(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    ticket t;
    buf *b = reply_buf(a);
    if (!id_read(v, &id, e) || !desk_sit(x, a, v, &d, e) ||
        !auth_ticket(v->who, d->s, a, id, &t, e) ||
        !print_history(d->s, a, &t, x->w->now_ms(x->w), b, e))
        return false;
    desk_leave(d);
    reply_json(v, 200, b);
    return true;
}

/* ---- one deed ---- */

typedef bool one_deed(const case_desk *by, asked *v, const json *body, ticket *t, err *e);

static bool with_case(api *x, arena *a, asked *v, one_deed *does, err *e) {
    desk *d;
    i64 id;
    json *body;
    ticket t;
    buf *b = reply_buf(a);
    if (!id_read(v, &id, e) || !body_json(a, v, &body, e) || !desk_write(x, a, v, &d, e) ||
        !auth_ticket(v->who, d->s, a, id, &t, e))
        return false;
    case_desk by = {d->s, a, v->who->actor, x->w->now_ms(x->w)};
    if (!store_begin(d->s, e)) return false;
    if (!does(&by, v, body, &t, e)) return store_rollback(d->s), false;
    if (!store_commit(d->s, e) || !print_history(d->s, a, &t, by.now_ms, b, e)) return false;
    desk_leave(d);
    feed_tickets(x);
    reply_json(v, 200, b);
    return true;
}

static bool put_event(const case_desk *by, asked *v, const json *body, ticket *t, err *e) {
    (void)v;
    str kind = json_get_text(body, S("kind")), text = json_get_text(body, S("text"));
    const json *done = json_get(body, S("done"));
    if (text.n > 4000) return fail(e, LIMIT, "text has %zu bytes, the limit is 4000", text.n);
    if (str_eq(kind, S("comment"))) return case_comment(by, t, text, e);
    if (str_eq(kind, S("contact")))
        return case_contact(by, t, json_get_text(body, S("way")), text, e);
    if (str_eq(kind, S("step")))
        return case_step(by, t, json_get_int(body, S("step")), !done || done->i, e);
    return fail(e, INVALID, "kind: want comment, contact or step");
}

static bool event(api *x, arena *a, asked *v, err *e) {
    return with_case(x, a, v, put_event, e);
}

static bool merge_all(const case_desk *by, asked *v, const json *body, ticket *t, err *e) {
    const json *from = json_get(body, S("from"));
    ticket other;
    if (!from || from->kind != JSON_ARRAY || !from->n || from->n > BULK_MAX)
        return fail(e, INVALID, "from: which tickets? as in: {\"from\": [12, 13]}");
    for (const json *f = from->first; f; f = f->next) {
        if (f->kind != JSON_INT) return fail(e, INVALID, "from: want numbers of tickets");
        if (!auth_ticket(v->who, by->s, by->a, f->i, &other, e) || !case_merge(by, t, &other, e))
            return false;
    }
    return true;
}

static bool merge(api *x, arena *a, asked *v, err *e) {
    return with_case(x, a, v, merge_all, e);
}

/* ---- many at once ---- */

static bool may_change(const json *object, err *e) {
    static const char *const names[] = {"state",    "owner",   "department",
                                        "priority", "outcome", "note"};
    if (!object || object->kind != JSON_OBJECT || !object->n)
        return fail(e, INVALID,
                    "change: what? as in: {\"ids\": [12], \"change\": {\"owner\": \"ann\"}}");
    for (const json *m = object->first; m; m = m->next) {
        bool known = false;
        for (size_t i = 0; i < COUNT(names); i++) known |= str_eq(m->key, str_of(names[i]));
        if (!known)
            return fail(e, INVALID,
                        "change: \"%.*s\" cannot be changed; there are state, owner, department, "
                        "priority, outcome and note",
                        (int)MIN(m->key.n, 80), m->key.p);
    }
    return true;
}

static bool change_one(const case_desk *by, const who *w, const json *change, i64 id, err *e) {
    ticket from, to;
    if (!auth_ticket(w, by->s, by->a, id, &from, e)) return false;
    to = from;
    return noun_read(by->a, &noun_ticket, change, &to, e) && case_change(by, &from, &to, e);
}

/* Each case is changed or told why not; none holds another up. */
static bool change_each(const case_desk *by, asked *v, const json *ids, const json *change,
                        json_out *j, err *e) {
    for (const json *f = ids->first; f; f = f->next) {
        err why;
        if (f->kind != JSON_INT) return fail(e, INVALID, "ids: want numbers of tickets");
        if (!store_part(by->s, e)) return false;
        bool ok = store_part_end(by->s, change_one(by, v->who, change, f->i, &why), &why);
        if (!ok && (why.code == IO || why.code == CORRUPT || why.code == BUSY))
            return *e = why, false;
        json_object(j);
        put_int(j, "id", f->i);
        json_key(j, S("ok"));
        json_bool(j, ok);
        put_text(j, "detail", ok ? NO_STR : arena_str(by->a, str_of(why.msg)));
        json_end_object(j);
    }
    return true;
}

static bool bulk(api *x, arena *a, asked *v, err *e) {
    desk *d;
    json *body;
    buf b = {.a = a};
    json_out j = json_to(&b);
    department there;
    if (!body_json(a, v, &body, e)) return false;
    const json *ids = json_get(body, S("ids")), *change = json_get(body, S("change"));
    if (!ids || ids->kind != JSON_ARRAY || !ids->n || ids->n > BULK_MAX)
        return fail(e, INVALID, "ids: which tickets? 1 to %d numbers", BULK_MAX);
    if (!may_change(change, e) || !desk_write(x, a, v, &d, e)) return false;
    str to = json_get_text(change, S("department"));
    if (to.p && !store_find(d->s, a, &noun_department, to, &there, e)) return question_ok(false, e);
    case_desk by = {d->s, a, v->who->actor, x->w->now_ms(x->w)};
    json_object(&j);
    json_key(&j, S("results"));
    json_array(&j);
    if (!store_begin(d->s, e)) return false;
    if (!change_each(&by, v, ids, change, &j, e)) return store_rollback(d->s), false;
    if (!store_commit(d->s, e)) return false;
    json_end_array(&j);
    json_end_object(&j);
    desk_leave(d);
    feed_tickets(x);
    reply_json(v, 200, &b);
    return true;
}

/* ---- how cases went ---- */

static bool sees(void *ctx, const ticket *t) {
    return auth_sees_ticket(ctx, t);
}

static bool gather(api *x, arena *a, asked *v, ticket **all, size_t *n, err *e) {
    desk *d;
    question ask;
    who w = *v->who;
    if (!question_read(a, v, 1, &ask, e) || !desk_sit(x, a, v, &d, e) ||
        !question_ok(cases_gather(d->s, a, ask.told, sees, &w, all, n, e), e))
        return false;
    desk_leave(d);
    return true;
}

static bool report(api *x, arena *a, asked *v, err *e) {
    ticket *all;
    size_t n;
    case_report r;
    buf b = {.a = a};
    json_out j = json_to(&b);
    str by = params_get(&v->query, "by");
    if (!gather(x, a, v, &all, &n, e) ||
        !case_report_make(a, all, n, by, x->w->now_ms(x->w), &r, e))
        return false;
    case_report_print(&j, a, &r, by);
    reply_json(v, 200, &b);
    return true;
}

static bool scores(api *x, arena *a, asked *v, err *e) {
    ticket *all;
    size_t n;
    scorecard s;
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!gather(x, a, v, &all, &n, e) || !scorecard_make(a, all, n, x->w->now_ms(x->w), &s, e))
        return false;
    scorecard_print(&j, &s);
    reply_json(v, 200, &b);
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/tickets/{id}/history", "tickets.read",
     "All that happened to a ticket, its messages, and how long each department had it",
     .handle = history, .gives = "case_history"},
    {METHOD_POST, "/api/v1/tickets/{id}/events", "tickets.write",
     "Adds a comment, a contact with the customer, or a step done", .handle = event,
     .takes = "case_event_wish", .gives = "case_history", .status = "200 409"},
    {METHOD_POST, "/api/v1/tickets/{id}/merge", "tickets.write",
     "Makes other tickets part of this one", .handle = merge, .takes = "case_merge",
     .gives = "case_history", .status = "200 409"},
    {METHOD_POST, "/api/v1/tickets/bulk", "tickets.write", "Changes many tickets at once",
     .handle = bulk, .takes = "case_bulk", .gives = "case_bulk_results"},
    {METHOD_GET, "/api/v1/cases/report", "tickets.read",
     "How many cases, how soon they were answered and closed, and how many customers were won back",
     .handle = report, .query = "by " QUESTION_NAMES, .gives = "case_report"},
    {METHOD_GET, "/api/v1/cases/scorecard", "tickets.read",
     "Departments beside each other, shrunken and with the same mix of cases", .handle = scores,
     .query = QUESTION_NAMES, .gives = "scorecard"},
};
const page page_cases = {
    .name = "cases", .title = "Cases", .routes = routes, .routes_n = COUNT(routes)};
