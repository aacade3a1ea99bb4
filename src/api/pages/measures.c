/* measures.c - what is done about a pain: plan, sign, start, evaluate; and what came back for the money. */
#include "act/measures.h"
#include "api/ask.h"
#include "api/auth.h"

enum { MEASURES_SHOWN = LIMIT_PAGE };

static void print_one(buf *b, const measure_row *m) {
    json_out j = json_to(b);
    noun_print(&j, &noun_measure, m);
}

static bool list(api *x, arena *a, asked *v, err *e) {
    desk *d;
    void *recs;
    size_t n;
    buf *b = reply_buf(a);
    json_out j = json_to(b);
    store_query q = {.newest_first = true, .limit = MEASURES_SHOWN};
    if (!desk_sit(x, a, v, &d, e) || !store_list(d->s, a, &noun_measure, &q, &recs, &n, e))
        return false;
    desk_leave(d);
    json_object(&j);
    json_key(&j, S("measures"));
    json_array(&j);
    for (size_t i = 0; i < n; i++) noun_print(&j, &noun_measure, (measure_row *)recs + i);
    json_end_array(&j);
    json_end_object(&j);
    if (!reply_room(b, e)) return false;
    reply_json(v, 200, b);
    return true;
}

static bool one(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    measure_row m;
    buf b = {.a = a};
    if (!id_read(v, &id, e) || !desk_sit(x, a, v, &d, e) ||
        !store_get(d->s, a, &noun_measure, id, &m, e))
        return false;
    desk_leave(d);
    print_one(&b, &m);
    reply_noun(a, v, 200, &b);
    return true;
}

static bool add(api *x, arena *a, asked *v, err *e) {
    desk *d;
    json *body;
    measure_row m;
    buf b = {.a = a};
    noun_init(&noun_measure, &m);
    m.state = S("draft");
    m.better = S("up");
    if (!body_json(a, v, &body, e) || !noun_read(a, &noun_measure, body, &m, e) ||
        !measure_check(&m, e) || !desk_write(x, a, v, &d, e) ||
        !store_put(d->s, &noun_measure, &m, e))
        return false;
    desk_leave(d);
    print_one(&b, &m);
    http_add(v->http, "Location", arena_fmt(a, "/api/v1/measures/%" PRId64, m.id));
    reply_noun(a, v, 201, &b);
    return true;
}

/* What is done to one measure once it is found and the client's If-Match agrees. */
typedef bool deed_of(api *x, arena *a, asked *v, desk *d, const json *body, measure_row *m, err *e);

static bool with_measure(api *x, arena *a, asked *v, bool takes, deed_of *does, err *e) {
    desk *d;
    i64 id;
    json *body = NULL;
    measure_row m;
    buf before = {.a = a}, after = {.a = a};
    if (!id_read(v, &id, e) || (takes && !body_json(a, v, &body, e)) ||
        !desk_write(x, a, v, &d, e) || !store_get(d->s, a, &noun_measure, id, &m, e))
        return false;
    print_one(&before, &m);
    if (!match_noun(a, v, &before)) return true;
    if (!does(x, a, v, d, body, &m, e)) return false;
    if (!store_put(d->s, &noun_measure, &m, e)) return false;
    desk_leave(d);
    print_one(&after, &m);
    reply_noun(a, v, 200, &after);
    return true;
}

static bool apply(api *x, arena *a, asked *v, desk *d, const json *body, measure_row *m, err *e) {
    (void)x, (void)v, (void)d;
    measure_row to = *m;
    return noun_read(a, &noun_measure, body, &to, e) && measure_may_change(m, &to, e) &&
           measure_check(&to, e) && (*m = to, true);
}
static bool change(api *x, arena *a, asked *v, err *e) {
    return with_measure(x, a, v, true, apply, e);
}

static bool put_sign(api *x, arena *a, asked *v, desk *d, const json *body, measure_row *m,
                     err *e) {
    (void)d;
    str as = json_get_text(body, S("as"));
    if (!as.n) return fail(e, INVALID, "who signs? as in: {\"as\": \"finance\"}");
    return measure_sign(a, m, as, v->who->actor, x->w->now_ms(x->w), e);
}
static bool sign(api *x, arena *a, asked *v, err *e) {
    return with_measure(x, a, v, true, put_sign, e);
}

static bool put_start(api *x, arena *a, asked *v, desk *d, const json *body, measure_row *m,
                      err *e) {
    (void)v, (void)body;
    return question_ok(measure_start(d->t, a, m, x->w->now_ms(x->w), e), e);
}
static bool start(api *x, arena *a, asked *v, err *e) {
    return with_measure(x, a, v, false, put_start, e);
}

/* A verdict is counted over all departments; who sees one only cannot give it. */
static bool may_judge(const who *w, err *e) {
    return !w->scoped ||
           fail(e, CONFLICT,
                "a verdict is counted over all departments: ask somebody who sees them");
}

static bool judge(api *x, arena *a, asked *v, desk *d, const json *body, measure_row *m, err *e) {
    (void)v, (void)body;
    evaluation seen;
    return question_ok(measure_judge(d->t, a, m, x->w->now_ms(x->w), &seen, e), e);
}
static bool evaluate(api *x, arena *a, asked *v, err *e) {
    return may_judge(v->who, e) && with_measure(x, a, v, false, judge, e);
}

/* A look that decides nothing. */
static bool effect_now(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    measure_row m;
    evaluation seen;
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!id_read(v, &id, e) || !desk_sit(x, a, v, &d, e) ||
        !store_get(d->s, a, &noun_measure, id, &m, e) ||
        !question_ok(measure_evaluate(d->t, a, &m, auth_where(a, v->who, NULL), x->w->now_ms(x->w),
                                      &seen, e),
                     e))
        return false;
    desk_leave(d);
    evaluation_print(&j, a, &seen);
    reply_json(v, 200, &b);
    return true;
}

static bool arm_of(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    measure_row m;
    str unit = params_get(&v->query, "unit");
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!unit.n) return fail(e, INVALID, "unit: whose arm? as in: ?unit=c-17");
    if (!id_read(v, &id, e) || !desk_sit(x, a, v, &d, e) ||
        !store_get(d->s, a, &noun_measure, id, &m, e))
        return false;
    desk_leave(d);
    json_object(&j);
    put_text(&j, "unit", unit);
    put_text(&j, "arm", measure_treats(&m, unit) ? S("treated") : S("control"));
    json_end_object(&j);
    reply_json(v, 200, &b);
    return true;
}

static bool rox(api *x, arena *a, asked *v, err *e) {
    desk *d;
    void *recs;
    size_t n;
    ledger l;
    buf *b = reply_buf(a);
    json_out j = json_to(b);
    if (!desk_sit(x, a, v, &d, e) ||
        !store_list(d->s, a, &noun_measure, &(store_query){0}, &recs, &n, e) ||
        !ledger_make(a, recs, n, &l, e))
        return false;
    desk_leave(d);
    ledger_print(&j, &l);
    if (!reply_room(b, e)) return false;
    reply_json(v, 200, b);
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/measures", "measures.read", "Measures, newest first", .handle = list,
     .gives = "measures"},
    {METHOD_POST, "/api/v1/measures", "measures.write", "Plans a measure", .handle = add,
     .takes = "measure_wish", .gives = "measure", .status = "201 409"},
    {METHOD_GET, "/api/v1/measures/{id}", "measures.read", "One measure", .handle = one,
     .gives = "measure", .status = "200 304"},
    {METHOD_PATCH, "/api/v1/measures/{id}", "measures.write",
     "Changes a measure; from its start on the design stands", .handle = change,
     .takes = "measure_change", .gives = "measure", .status = "200 409 412"},
    {METHOD_POST, "/api/v1/measures/{id}/sign", "measures.write", "Signs it for a department",
     .handle = sign, .takes = "signature", .gives = "measure", .status = "200 412"},
    {METHOD_POST, "/api/v1/measures/{id}/start", "measures.write",
     "Starts it: all who must sign have, and the design is fixed", .handle = start,
     .gives = "measure", .status = "200 409 412"},
    {METHOD_GET, "/api/v1/measures/{id}/effect", "measures.read",
     "The effect as counted now; decides nothing", .handle = effect_now, .gives = "evaluation"},
    {METHOD_POST, "/api/v1/measures/{id}/evaluate", "measures.write",
     "Counts the effect; when the window is over the verdict stands", .handle = evaluate,
     .gives = "measure", .status = "200 409 412"},
    {METHOD_GET, "/api/v1/measures/{id}/arm", "measures.read",
     "Which arm a unit is in, where units are assigned by their hash", .handle = arm_of,
     .query = "unit", .gives = "arm"},
    {METHOD_GET, "/api/v1/rox", "measures.read",
     "What measures cost and what came back; what was not evaluated counts nothing", .handle = rox,
     .gives = "ledger"},
};
const page page_measures = {
    .name = "measures", .title = "Measures", .routes = routes, .routes_n = COUNT(routes)};
