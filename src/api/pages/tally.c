/* tally.c - a metric by any columns; pains and delights. */
#include "api/ask.h"
#include "understand/measure.h"
#include "understand/pains.h"

enum {
    QUESTION_MS = 30000, /* nobody waits longer for a chart; the question is given up then */
    PATIENCE_MS = 1000,  /* a client that closed its side gets an answer that takes no longer */
};

/* What both ways of asking have: all but the condition and the zone. */
typedef struct {
    str metric, by, versus, weight;
    i64 minimum_n, top;
} wanted;

static bool tell(api *x, arena *a, asked *v, const question *ask, const wanted *w, err *e) {
    desk *d;
    err inner;
    measure_answer m;
    buf b = {.a = a};
    json_out j = json_to(&b);
    measure_question q = {.metric = w->metric,
                          .where = ask->where,
                          .zone_min = ask->zone_min,
                          .zone = ask->zone,
                          .weight = w->weight.n ? w->weight : NO_STR,
                          .minimum_n = w->minimum_n,
                          .compare = w->versus.n > 0,
                          .top = w->top == NONE ? 0 : w->top,
                          .stop = http_hung(v->http),
                          .stop_ms = PATIENCE_MS,
                          .most_ms = QUESTION_MS};
    const expr *told = NULL;
    if (!q.metric.n) return fail(e, INVALID, "which metric? as in: /api/v1/tally?metric=nps");
    if (w->versus.n > LIMIT_EXPR_BYTES)
        return fail(e, LIMIT, "versus has %zu bytes, the limit is %d", w->versus.n,
                    LIMIT_EXPR_BYTES);
    if (q.compare && !expr_parse_zone(a, w->versus, q.zone_min, q.zone, &told, &inner))
        return fail(e, inner.code, "versus: %s", inner.msg);
    if (q.compare) q.versus = auth_where(a, v->who, told);
    if (!measure_by(a, w->by.p ? w->by : S(""), &q.by, &q.by_n, e) || !desk_sit(x, a, v, &d, e))
        return false;
    if (!question_ok(measure(d->t, d->s, a, &q, &m, e), e)) return false;
    desk_leave(d);
    measure_print(&j, a, &q, &m);
    reply_json(v, 200, &b);
    return true;
}

static bool answer(api *x, arena *a, asked *v, err *e) {
    question ask;
    wanted w = {.metric = params_get(&v->query, "metric"),
                .by = params_get(&v->query, "by"),
                .versus = params_get(&v->query, "versus"),
                .weight = params_get(&v->query, "weight")};
    return question_read(a, v, LIMIT_API_PAGE, &ask, e) &&
           params_int(&v->query, "min_n", 0, 1000000, NONE, &w.minimum_n, e) &&
           params_int(&v->query, "top", 1, LIMIT_API_PAGE, NONE, &w.top, e) &&
           tell(x, a, v, &ask, &w, e);
}

/* ---- the same as a document: expressions as long as they may be, no escaping ---- */

static bool body_number(const json *m, i64 low, i64 high, i64 *out, err *e) {
    if (m->kind == JSON_INT && m->i >= low && m->i <= high) return *out = m->i, true;
    return fail(e, INVALID, "%.*s wants a whole number from %" PRId64 " to %" PRId64,
                STR_ARG(m->key), low, high);
}

static bool body_member(const json *m, wanted *w, str *where, str *zone, err *e) {
    const struct {
        const char *name;
        str *to;
    } texts[] = {{"metric", &w->metric}, {"by", &w->by},   {"versus", &w->versus},
                 {"weight", &w->weight}, {"where", where}, {"zone", zone}};
    if (str_eq(m->key, S("min_n"))) return body_number(m, 0, 1000000, &w->minimum_n, e);
    if (str_eq(m->key, S("top"))) return body_number(m, 1, LIMIT_API_PAGE, &w->top, e);
    for (size_t i = 0; i < COUNT(texts); i++) {
        if (!str_eq(m->key, str_of(texts[i].name))) continue;
        if (m->kind != JSON_TEXT) return fail(e, INVALID, "%s wants a text", texts[i].name);
        *texts[i].to = m->text;
        return true;
    }
    return fail(e, INVALID,
                "unknown member \"%.*s\"; there are: metric by where versus weight zone min_n top",
                (int)MIN(m->key.n, (size_t)60), m->key.p);
}

static bool ask_document(api *x, arena *a, asked *v, err *e) {
    json *body;
    err inner;
    question ask = {.limit = LIMIT_API_PAGE};
    wanted w = {.minimum_n = NONE, .top = NONE};
    str where = NO_STR, zone = NO_STR;
    if (!body_json(a, v, &body, e)) return false;
    if (body->kind != JSON_OBJECT) return fail(e, INVALID, "the body is no JSON object");
    for (const json *m = body->first; m; m = m->next)
        if (!body_member(m, &w, &where, &zone, e)) return false;
    if (!zone_read(a, zone.p ? zone : S(""), &ask.zone_min, &ask.zone, e)) return false;
    if (where.n > LIMIT_EXPR_BYTES)
        return fail(e, LIMIT, "where has %zu bytes, the limit is %d", where.n, LIMIT_EXPR_BYTES);
    if (where.n && !expr_parse_zone(a, where, ask.zone_min, ask.zone, &ask.told, &inner))
        return fail(e, inner.code, "where: %s", inner.msg);
    ask.where = auth_where(a, v->who, ask.told);
    return tell(x, a, v, &ask, &w, e);
}

enum { PAINS_SHOWN = 10, PAINS_MOST = 100, PAIN_MINIMUM_N = 5 };

static bool rank(api *x, arena *a, asked *v, int polarity, err *e) {
    desk *d;
    question ask;
    pains_answer p;
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!question_read(a, v, PAINS_SHOWN, &ask, e) || !desk_sit(x, a, v, &d, e)) return false;
    str score = params_get(&v->query, "score");
    pains_question q = {.polarity = polarity,
                        .where = ask.where,
                        .score = score.n ? score : NO_STR,
                        .limit = (size_t)MIN(ask.limit, PAINS_MOST),
                        .minimum_n = PAIN_MINIMUM_N};
    if (!question_ok(pains(d->t, d->s, a, &q, &p, e), e) ||
        !pains_print(&j, a, d->s, &p, polarity, language(v), e))
        return false;
    desk_leave(d);
    reply_json(v, 200, &b);
    return true;
}

static bool hurts(api *x, arena *a, asked *v, err *e) {
    return rank(x, a, v, -1, e);
}

static bool delights(api *x, arena *a, asked *v, err *e) {
    return rank(x, a, v, 1, e);
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/tally", "metrics.read", "A metric with its interval, by any columns",
     .handle = answer, .query = "metric by min_n versus weight top " QUESTION_NAMES,
     .gives = "tally"},
    {METHOD_POST, "/api/v1/tally", "metrics.read", "The same, asked by a document",
     .handle = ask_document, .takes = "tally_wish", .gives = "tally"},
    {METHOD_GET, "/api/v1/pains", "metrics.read", "What hurts, ranked, with quotes",
     .handle = hurts, .query = "score lang " QUESTION_NAMES, .gives = "pains"},
    {METHOD_GET, "/api/v1/delights", "metrics.read", "What delights, ranked, with quotes",
     .handle = delights, .query = "score lang " QUESTION_NAMES, .gives = "delights"},
};
const page page_tally = {
    .name = "tally", .title = "Numbers", .routes = routes, .routes_n = COUNT(routes)};
