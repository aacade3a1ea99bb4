/* registry.c - metrics by name: what they mean, their versions, their trend and break-downs. */
#include "api/ask.h"
#include "api/auth.h"
#include "understand/trend.h"

enum { METRIC_MS = 30000 };

static bool send(asked *v, const buf *b, err *e) {
    if (!reply_room(b, e)) return false;
    reply_json(v, 200, b);
    return true;
}

static void print_list(json_out *j, arena *a, const char *key, const definition *d, size_t n) {
    json_object(j);
    json_key(j, str_of(key));
    json_array(j);
    for (size_t i = 0; i < n; i++) definition_print(j, a, &d[i]);
    json_end_array(j);
    json_end_object(j);
}

static bool list(api *x, arena *a, asked *v, err *e) {
    desk *d;
    definition *all;
    size_t n;
    buf *b = reply_buf(a);
    json_out j = json_to(b);
    if (!desk_sit(x, a, v, &d, e) || !registry_list(d->s, a, &all, &n, e)) return false;
    desk_leave(d);
    print_list(&j, a, "metrics", all, n);
    return send(v, b, e);
}

static str name_of(const asked *v) {
    return params_get(&v->path, "name");
}

static bool one(api *x, arena *a, asked *v, err *e) {
    desk *d;
    definition m;
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!desk_sit(x, a, v, &d, e) || !registry_find(d->s, a, name_of(v), &m, e)) return false;
    desk_leave(d);
    definition_print(&j, a, &m);
    reply_noun(a, v, 200, &b);
    return true;
}

static bool history(api *x, arena *a, asked *v, err *e) {
    desk *d;
    definition *all;
    size_t n;
    buf *b = reply_buf(a);
    json_out j = json_to(b);
    if (!desk_sit(x, a, v, &d, e) || !registry_history(d->s, a, name_of(v), &all, &n, e))
        return false;
    desk_leave(d);
    print_list(&j, a, "versions", all, n);
    return send(v, b, e);
}

/* ---- writing ---- */

static bool print_named(arena *a, store *s, str name, buf *b, err *e) {
    definition m;
    json_out j = json_to(b);
    if (!registry_find(s, a, name, &m, e)) return false;
    definition_print(&j, a, &m);
    return true;
}

static bool add(api *x, arena *a, asked *v, err *e) {
    desk *d;
    json *body;
    metric_row m;
    buf b = {.a = a};
    noun_init(&noun_metric, &m);
    if (!body_json(a, v, &body, e) || !registry_read(a, body, &m, e) ||
        !desk_write(x, a, v, &d, e) || !registry_put(d->s, a, &m, x->w->now_ms(x->w), e) ||
        !print_named(a, d->s, m.name, &b, e))
        return false;
    desk_leave(d);
    http_add(v->http, "Location", arena_fmt(a, "/api/v1/metrics/%.*s", STR_ARG(m.name)));
    reply_noun(a, v, 201, &b);
    return true;
}

static bool change(api *x, arena *a, asked *v, err *e) {
    desk *d;
    json *body;
    metric_row m;
    buf before = {.a = a}, after = {.a = a};
    if (!body_json(a, v, &body, e) || !desk_write(x, a, v, &d, e) ||
        !store_find(d->s, a, &noun_metric, name_of(v), &m, e) ||
        !print_named(a, d->s, m.name, &before, e))
        return false;
    if (!match_noun(a, v, &before)) return true;
    m.since = NONE;
    if (!registry_read(a, body, &m, e) || !registry_put(d->s, a, &m, x->w->now_ms(x->w), e) ||
        !print_named(a, d->s, m.name, &after, e))
        return false;
    desk_leave(d);
    reply_noun(a, v, 200, &after);
    return true;
}

/* ---- asking ---- */

static bool figure(api *x, arena *a, asked *v, err *e) {
    desk *d;
    question ask;
    measure_answer m;
    buf *b = reply_buf(a);
    json_out j = json_to(b);
    str by = params_get(&v->query, "by");
    if (!question_read(a, v, LIMIT_API_PAGE, &ask, e)) return false;
    measure_question q = {.metric = name_of(v),
                          .where = ask.where,
                          .zone_min = ask.zone_min,
                          .zone = ask.zone,
                          .minimum_n = NONE,
                          .now_ms = x->w->now_ms(x->w),
                          .most_ms = METRIC_MS};
    if (!measure_by(a, by.p ? by : S(""), &q.by, &q.by_n, e)) return false;
    bool timed = false;
    for (size_t i = 0; i < q.by_n; i++) timed |= q.by[i].unit != BY_VALUE;
    q.current = !timed;
    if (!desk_sit(x, a, v, &d, e) || !question_ok(measure(d->t, d->s, a, &q, &m, e), e))
        return false;
    desk_leave(d);
    breakdown_print(&j, a, &q, &m);
    return send(v, b, e);
}

static bool over_time(api *x, arena *a, asked *v, err *e) {
    desk *d;
    question ask;
    trend r;
    const tally_by *by;
    size_t n;
    buf *b = reply_buf(a);
    json_out j = json_to(b);
    str unit = params_get(&v->query, "unit");
    if (!question_read(a, v, LIMIT_API_PAGE, &ask, e) ||
        !measure_by(a, unit.n ? unit : S("week"), &by, &n, e))
        return false;
    if (n != 1 || by->unit == BY_VALUE || !str_eq(by->column, S("occurred_at")))
        return fail(e, INVALID, "unit: want day, week, month, quarter or year");
    trend_question q = {.metric = name_of(v),
                        .where = ask.where,
                        .unit = by->unit,
                        .zone_min = ask.zone_min,
                        .zone = ask.zone,
                        .now_ms = x->w->now_ms(x->w),
                        .most_ms = METRIC_MS};
    if (!desk_sit(x, a, v, &d, e) || !question_ok(trend_ask(d->t, d->s, a, &q, &r, e), e))
        return false;
    desk_leave(d);
    trend_print(&j, a, &q, &r);
    return send(v, b, e);
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/metrics", "metrics.read", "All metrics with a name", .handle = list,
     .gives = "metric_list"},
    {METHOD_POST, "/api/v1/metrics", "metrics.write", "Defines a metric", .handle = add,
     .takes = "metric_wish", .gives = "metric_definition", .status = "201 409"},
    {METHOD_GET, "/api/v1/metrics/{name}", "metrics.read",
     "What one means; by name, definition id or formula", .handle = one,
     .gives = "metric_definition", .status = "200 304"},
    {METHOD_PATCH, "/api/v1/metrics/{name}", "metrics.write",
     "A new version of it; the old ones stay", .handle = change, .takes = "metric_change",
     .gives = "metric_definition", .status = "200 409 412"},
    {METHOD_GET, "/api/v1/metrics/{name}/history", "metrics.read", "The versions it had",
     .handle = history, .gives = "metric_versions"},
    {METHOD_GET, "/api/v1/metrics/{name}/value", "metrics.read",
     "Its figure now, or broken down, each against all others", .handle = figure,
     .query = "by " QUESTION_NAMES, .gives = "metric_value"},
    {METHOD_GET, "/api/v1/metrics/{name}/trend", "metrics.read",
     "Over time: breaks and bridges of its definition, control limits", .handle = over_time,
     .query = "unit " QUESTION_NAMES, .gives = "metric_trend"},
};
const page page_registry = {
    .name = "registry", .title = "Metrics", .routes = routes, .routes_n = COUNT(routes)};
