/* alerts.c - what is kept an eye on, what it found, and what people say of it. */
#include "act/alerts.h"
#include "act/rule.h"
#include "api/ask.h"
#include "api/auth.h"
#include "api/feed.h"
#include "base/time.h"

enum {
    ALERTS_SHOWN = 200,
    DAYS_MAX = 3650,
    MARGIN_PERIODS = 21 /* of a chart before an incident */
};

/* ---- who sees what: an alert is told to a department ---- */

static bool sees(const who *w, str told) {
    if (!w->scoped) return true;
    for (size_t i = 0; told.p && i < w->departments_n; i++)
        if (str_eq(w->departments[i], told)) return true;
    return false;
}

static bool watch_get(const asked *v, store *s, arena *a, i64 id, watch *out, err *e) {
    if (!store_get(s, a, &noun_watch, id, out, e)) return false;
    return sees(v->who, out->department) || fail(e, NOT_FOUND, "there is no watch %" PRId64, id);
}

static bool alert_get(const asked *v, store *s, arena *a, i64 id, alert *out, err *e) {
    if (!store_get(s, a, &noun_alert, id, out, e)) return false;
    return sees(v->who, out->department) || fail(e, NOT_FOUND, "there is no alert %" PRId64, id);
}

static void print_noun(buf *b, const noun *n, const void *rec) {
    json_out j = json_to(b);
    noun_print(&j, n, rec);
}

/* ---- alerts ---- */

static bool alerts(api *x, arena *a, asked *v, err *e) {
    desk *d;
    void *recs;
    size_t n;
    buf *b = reply_buf(a);
    json_out j = json_to(b);
    str state = params_get(&v->query, "state");
    store_query q = {.newest_first = true, .limit = ALERTS_SHOWN};
    if (state.n) q.field = "state", q.text = state;
    if (!desk_sit(x, a, v, &d, e) || !store_list(d->s, a, &noun_alert, &q, &recs, &n, e))
        return false;
    desk_leave(d);
    json_object(&j);
    json_key(&j, S("alerts"));
    json_array(&j);
    for (size_t i = 0; i < n; i++) {
        const alert *one = (alert *)recs + i;
        if (sees(v->who, one->department)) noun_print(&j, &noun_alert, one);
    }
    json_end_array(&j);
    json_end_object(&j);
    if (!reply_room(b, e)) return false;
    reply_json(v, 200, b);
    return true;
}

/* The chart round the incident, and the expression that finds its voices. */
static bool put_story(tally *t, arena *a, const watch *w, const expr *sees, const alert *one,
                      i64 now_ms, json_out *j, err *e) {
    watch_plan p;
    watch_point *points;
    keeper *k = NEW(a, keeper);
    size_t n;
    buf where = {.a = a};
    if (!watch_read(a, w, &p, e)) return false;
    i64 begin = watch_period(&p, one->began_at);
    i64 end = watch_after(&p, watch_period(&p, one->last_at), 1);
    i64 from = watch_after(&p, begin, -MARGIN_PERIODS);
    i64 to = MIN(watch_after(&p, end, MARGIN_PERIODS), now_ms);
    if (!watch_try(t, a, w, sees, from, to, &points, &n, k, e)) return false;
    expr_print(&where, watch_where(a, &p, one->began_at, end));
    json_key(j, S("voices"));
    json_text(j, buf_view(&where));
    json_key(j, S("points"));
    watch_points_print(j, a, points, n);
    return true;
}

static bool one_alert(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    alert one;
    watch w;
    buf *b = reply_buf(a);
    json_out j = json_to(b);
    if (!id_read(v, &id, e) || !desk_sit(x, a, v, &d, e) || !alert_get(v, d->s, a, id, &one, e) ||
        !store_get(d->s, a, &noun_watch, one.watch_id, &w, e))
        return false;
    json_object(&j);
    json_key(&j, S("alert"));
    noun_print(&j, &noun_alert, &one);
    json_key(&j, S("watch"));
    noun_print(&j, &noun_watch, &w);
    if (!put_story(d->t, a, &w, auth_where(a, v->who, NULL), &one, x->w->now_ms(x->w), &j, e))
        return false;
    json_end_object(&j);
    desk_leave(d);
    reply_json(v, 200, b);
    return true;
}

typedef bool alert_deed(api *x, arena *a, asked *v, store *s, const json *body, i64 id, alert *out,
                        err *e);

static bool with_alert(api *x, arena *a, asked *v, bool takes, alert_deed *does, err *e) {
    desk *d;
    i64 id;
    json *body = NULL;
    alert one;
    buf b = {.a = a};
    if (!id_read(v, &id, e) || (takes && !body_json(a, v, &body, e)) ||
        !desk_write(x, a, v, &d, e) || !alert_get(v, d->s, a, id, &one, e) ||
        !does(x, a, v, d->s, body, id, &one, e))
        return false;
    desk_leave(d);
    feed_alerts(x);
    print_noun(&b, &noun_alert, &one);
    reply_json(v, 200, &b);
    return true;
}

static bool put_ack(api *x, arena *a, asked *v, store *s, const json *body, i64 id, alert *out,
                    err *e) {
    (void)body;
    return alert_acknowledge(s, a, id, v->who->actor, x->w->now_ms(x->w), out, e);
}
static bool acknowledge(api *x, arena *a, asked *v, err *e) {
    return with_alert(x, a, v, false, put_ack, e);
}

static bool put_snooze(api *x, arena *a, asked *v, store *s, const json *body, i64 id, alert *out,
                       err *e) {
    (void)v;
    i64 span;
    if (!duration_parse(json_get_text(body, S("for")), &span))
        return fail(e, INVALID, "for: how long? as in: {\"for\": \"4h\"}");
    return alert_snooze(s, a, id, x->w->now_ms(x->w) + span, out, e);
}
static bool snooze(api *x, arena *a, asked *v, err *e) {
    return with_alert(x, a, v, true, put_snooze, e);
}

static bool put_verdict(api *x, arena *a, asked *v, store *s, const json *body, i64 id, alert *out,
                        err *e) {
    (void)x, (void)v;
    str verdict = json_get_text(body, S("verdict")), note = json_get_text(body, S("note"));
    bool right = str_eq(verdict, S("true"));
    if (!right && !str_eq(verdict, S("false")))
        return fail(e, INVALID, "verdict: was something the matter? \"true\" or \"false\"");
    return alert_judge(s, a, id, right, note.p ? arena_str(a, note) : NO_STR, out, e);
}
static bool judge(api *x, arena *a, asked *v, err *e) {
    return with_alert(x, a, v, true, put_verdict, e);
}

/* ---- watches ---- */

static bool watches(api *x, arena *a, asked *v, err *e) {
    desk *d;
    void *recs;
    size_t n;
    buf *b = reply_buf(a);
    json_out j = json_to(b);
    if (!desk_sit(x, a, v, &d, e) ||
        !store_list(d->s, a, &noun_watch, &(store_query){.limit = LIMIT_WATCHES}, &recs, &n, e))
        return false;
    json_object(&j);
    json_key(&j, S("watches"));
    json_array(&j);
    for (size_t i = 0; i < n; i++) {
        const watch *w = (watch *)recs + i;
        watch_record r;
        if (!sees(v->who, w->department)) continue;
        if (!watch_record_of(d->s, a, w, &r, e)) return false;
        watch_record_print(&j, a, w, &r);
    }
    json_end_array(&j);
    json_end_object(&j);
    desk_leave(d);
    if (!reply_room(b, e)) return false;
    reply_json(v, 200, b);
    return true;
}

static bool one_watch(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    watch w;
    buf b = {.a = a};
    if (!id_read(v, &id, e) || !desk_sit(x, a, v, &d, e) || !watch_get(v, d->s, a, id, &w, e))
        return false;
    desk_leave(d);
    print_noun(&b, &noun_watch, &w);
    reply_noun(a, v, 200, &b);
    return true;
}

static bool add(api *x, arena *a, asked *v, err *e) {
    desk *d;
    json *body;
    watch w;
    i64 n;
    buf b = {.a = a};
    watch_blank(&w);
    if (!body_json(a, v, &body, e) || !noun_read(a, &noun_watch, body, &w, e)) return false;
    watch_usual(&w, x->w->now_ms(x->w));
    if (!watch_check(&w, e) || !desk_write(x, a, v, &d, e) ||
        !store_count(d->s, &noun_watch, &(store_query){0}, &n, e))
        return false;
    if (n >= LIMIT_WATCHES)
        return fail(e, LIMIT, "there are %d watches already; change one that nobody needs",
                    LIMIT_WATCHES);
    if (!store_put(d->s, &noun_watch, &w, e)) return false;
    desk_leave(d);
    print_noun(&b, &noun_watch, &w);
    http_add(v->http, "Location", arena_fmt(a, "/api/v1/watches/%" PRId64, w.id));
    reply_noun(a, v, 201, &b);
    return true;
}

typedef bool watch_deed(api *x, arena *a, const json *body, watch *w, err *e);

static bool with_watch(api *x, arena *a, asked *v, bool takes, watch_deed *does, err *e) {
    desk *d;
    i64 id;
    json *body = NULL;
    watch w;
    buf before = {.a = a}, after = {.a = a};
    if (!id_read(v, &id, e) || (takes && !body_json(a, v, &body, e)) ||
        !desk_write(x, a, v, &d, e) || !watch_get(v, d->s, a, id, &w, e))
        return false;
    print_noun(&before, &noun_watch, &w);
    if (!match_noun(a, v, &before)) return true;
    if (!does(x, a, body, &w, e) || !watch_check(&w, e) || !store_put(d->s, &noun_watch, &w, e))
        return false;
    desk_leave(d);
    print_noun(&after, &noun_watch, &w);
    reply_noun(a, v, 200, &after);
    return true;
}

static bool put_change(api *x, arena *a, const json *body, watch *w, err *e) {
    if (!noun_read(a, &noun_watch, body, w, e)) return false;
    watch_usual(w, x->w->now_ms(x->w));
    return true;
}
static bool change(api *x, arena *a, asked *v, err *e) {
    return with_watch(x, a, v, true, put_change, e);
}

static bool put_relearn(api *x, arena *a, const json *body, watch *w, err *e) {
    (void)a, (void)body, (void)e;
    w->since = x->w->now_ms(x->w);
    return true;
}
static bool relearn(api *x, arena *a, asked *v, err *e) {
    return with_watch(x, a, v, false, put_relearn, e);
}

/* The chart of a watch, or of one that is only wished for: the past as if it had been watched. */
static bool reply_chart(api *x, arena *a, asked *v, desk *d, const watch *w, i64 days, err *e) {
    watch_point *points;
    keeper *k = NEW(a, keeper);
    size_t n, found = 0;
    i64 now = x->w->now_ms(x->w);
    buf *b = reply_buf(a);
    json_out j = json_to(b);
    if (!question_ok(watch_try(d->t, a, w, auth_where(a, v->who, NULL), now - days * DAY_MS, now,
                               &points, &n, k, e),
                     e))
        return false;
    desk_leave(d);
    for (size_t i = 0; i < n; i++) found += points[i].signal && !points[i].in_incident;
    json_object(&j);
    put_int(&j, "incidents", (i64)found);
    json_key(&j, S("false_expected"));
    json_num(&j, (double)n / (double)w->arl);
    put_time(&j, a, "learned_from", k->learned_from);
    put_time(&j, a, "learned_to", k->learned_to);
    put_int(&j, "places", (i64)k->score.places);
    json_key(&j, S("exact"));
    json_bool(&j, k->score.exact);
    json_key(&j, S("points"));
    watch_points_print(&j, a, points, n);
    json_end_object(&j);
    if (!reply_room(b, e)) return false;
    reply_json(v, 200, b);
    return true;
}

static bool chart_of(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id, days;
    watch w;
    if (!id_read(v, &id, e) || !params_int(&v->query, "days", 1, DAYS_MAX, 90, &days, e) ||
        !desk_sit(x, a, v, &d, e) || !watch_get(v, d->s, a, id, &w, e))
        return false;
    return reply_chart(x, a, v, d, &w, days, e);
}

static bool try_wish(api *x, arena *a, asked *v, err *e) {
    desk *d;
    json *body;
    watch w;
    i64 days;
    watch_blank(&w);
    if (!params_int(&v->query, "days", 1, DAYS_MAX, 90, &days, e) || !body_json(a, v, &body, e) ||
        !noun_read(a, &noun_watch, body, &w, e))
        return false;
    watch_usual(&w, x->w->now_ms(x->w));
    return watch_check(&w, e) && desk_sit(x, a, v, &d, e) && reply_chart(x, a, v, d, &w, days, e);
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/alerts", "metrics.read", "Incidents, newest first", .handle = alerts,
     .query = "state", .gives = "alerts"},
    {METHOD_GET, "/api/v1/alerts/{id}", "metrics.read",
     "One incident: its watch, the chart round it, the expression that finds its voices",
     .handle = one_alert, .gives = "alert_story"},
    {METHOD_POST, "/api/v1/alerts/{id}/acknowledge", "tickets.write", "Somebody looks after it",
     .handle = acknowledge, .gives = "alert"},
    {METHOD_POST, "/api/v1/alerts/{id}/snooze", "tickets.write", "Nobody is asked for a while",
     .handle = snooze, .takes = "alert_snooze", .gives = "alert", .status = "200 409"},
    {METHOD_POST, "/api/v1/alerts/{id}/verdict", "tickets.write",
     "Was something the matter? what was not counts as a false alarm of its watch", .handle = judge,
     .takes = "alert_verdict", .gives = "alert"},
    {METHOD_GET, "/api/v1/watches", "metrics.read",
     "What is kept an eye on, with the false alarms stated and those found", .handle = watches,
     .gives = "watches"},
    {METHOD_POST, "/api/v1/watches", "rules.write", "Keeps an eye on a figure", .handle = add,
     .takes = "watch_wish", .gives = "watch", .status = "201 409"},
    {METHOD_POST, "/api/v1/watches/try", "rules.write",
     "What a watch would have found, before there is one", .handle = try_wish, .query = "days",
     .takes = "watch_wish", .gives = "watch_chart"},
    {METHOD_GET, "/api/v1/watches/{id}", "metrics.read", "One watch", .handle = one_watch,
     .gives = "watch", .status = "200 304"},
    {METHOD_PATCH, "/api/v1/watches/{id}", "rules.write", "Changes a watch: it learns anew",
     .handle = change, .takes = "watch_change", .gives = "watch", .status = "200 409 412"},
    {METHOD_POST, "/api/v1/watches/{id}/relearn", "rules.write",
     "From now on, what is, is the normal", .handle = relearn, .gives = "watch",
     .status = "200 412"},
    {METHOD_GET, "/api/v1/watches/{id}/chart", "metrics.read",
     "Its control chart over the last days", .handle = chart_of, .query = "days",
     .gives = "watch_chart"},
};
const page page_alerts = {
    .name = "alerts", .title = "Alerts", .routes = routes, .routes_n = COUNT(routes)};
