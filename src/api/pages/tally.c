/* tally.c - a metric by any columns; pains and delights. */
#include "api/ask.h"
#include "understand/measure.h"
#include "understand/pains.h"

static bool answer(api *x, arena *a, asked *v, err *e) {
    desk *d;
    question ask;
    measure_answer m;
    str by = params_get(&v->query, "by");
    buf b = {.a = a};
    json_out j = json_to(&b);
    measure_question q = {.metric = params_get(&v->query, "metric")};
    if (!q.metric.n) return fail(e, INVALID, "which metric? as in: /api/v1/tally?metric=nps");
    if (!question_read(a, v, LIMIT_API_PAGE, &ask, e) ||
        !params_int(&v->query, "min_n", 0, 1000000, NONE, &q.minimum_n, e) ||
        !measure_by(a, by.p ? by : S(""), &q.by, &q.by_n, e) || !desk_sit(x, a, v, &d, e))
        return false;
    q.where = ask.where;
    q.zone_min = ask.zone_min;
    if (!question_ok(measure(d->t, d->s, a, &q, &m, e), e)) return false;
    desk_leave(d);
    measure_print(&j, a, &q, &m);
    reply_json(v, 200, &b);
    return true;
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
     .handle = answer, .query = "metric by min_n " QUESTION_NAMES, .gives = "tally"},
    {METHOD_GET, "/api/v1/pains", "metrics.read", "What hurts, ranked, with quotes",
     .handle = hurts, .query = "score lang " QUESTION_NAMES, .gives = "pains"},
    {METHOD_GET, "/api/v1/delights", "metrics.read", "What delights, ranked, with quotes",
     .handle = delights, .query = "score lang " QUESTION_NAMES, .gives = "delights"},
};
const page page_tally = {
    .name = "tally", .title = "Numbers", .routes = routes, .routes_n = COUNT(routes)};
