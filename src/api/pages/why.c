/* why.c - why a metric moved, and where it stands out. */
#include "api/ask.h"
#include "understand/why.h"

enum { QUESTION_MS = 30000 }; /* nobody waits longer; the question is given up then */

static bool answer(api *x, arena *a, asked *v, err *e) {
    desk *d;
    question ask;
    why_answer w;
    buf *b = reply_buf(a);
    json_out j = json_to(b);
    why_told told = {.from = params_get(&v->query, "from"),
                     .to = params_get(&v->query, "to"),
                     .against = params_get(&v->query, "against"),
                     .segment = params_get(&v->query, "segment")};
    str by = params_get(&v->query, "by");
    if (!question_read(a, v, LIMIT_API_PAGE, &ask, e)) return false;
    why_question q = {.metric = params_get(&v->query, "metric"),
                      .where = ask.where,
                      .zone_min = ask.zone_min,
                      .zone = ask.zone,
                      .most_ms = QUESTION_MS};
    if (!q.metric.n) return fail(e, INVALID, "which metric? as in: /api/v1/why?metric=nps");
    if (by.n) q.columns = names_split(a, by, &q.columns_n);
    if (!why_read(a, &told, &q, e) || !desk_sit(x, a, v, &d, e) ||
        !question_ok(why(d->t, d->s, a, &q, &w, e), e) ||
        !why_print(&j, a, d->s, &q, &w, language(v), e))
        return false;
    desk_leave(d);
    if (!reply_room(b, e)) return false;
    reply_json(v, 200, b);
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/why", "metrics.read",
     "Why a metric moved between two periods or segments, or where it stands out", .handle = answer,
     .query = "metric from to against segment by lang where zone", .gives = "why"},
};
const page page_why = {
    .name = "why", .title = "Why did it move", .routes = routes, .routes_n = COUNT(routes)};
