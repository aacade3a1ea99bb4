/* walk.c - questions about journeys. */
#include "api/ask.h"
#include "understand/journey.h"

static bool listens(void *request) {
    return http_listens(request);
}

static bool answer(api *x, arena *a, asked *v, err *e) {
    desk *d;
    json *body;
    journey q;
    journey_answer found;
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!body_json(a, v, &body, e) || !journey_read(a, body, &q, e)) return false;
    if (q.kind == JOURNEY_FUNNEL && q.funnel.lost_at && !who_may(v->who, S("signals.read")))
        return fail(e, DENIED, "who was lost is told to those who have the right signals.read");
    const expr *told = q.scope.where;
    q.scope.where = auth_where(a, v->who, told);
    q.scope.most_ms = LIMIT_WALK_MS;
    q.scope.go_on = listens;
    q.scope.ctx = v->http;
    if (!desk_sit(x, a, v, &d, e) || !question_ok(journey_ask(d->t, a, &q, &found, e), e))
        return false;
    desk_leave(d);
    if (q.scope.where != told) /* how much others have is not theirs to know */
        found.cost.without_case = found.cost.without_at = NONE;
    journey_print(&j, a, &q, &found);
    if (!reply_room(&b, e)) return false;
    reply_json(v, 200, &b);
    return true;
}

static const route routes[] = {
    {METHOD_POST, "/api/v1/walk", "metrics.read",
     "Journeys: funnels, what follows what, paths, cohorts, repurchase, sessions, stages",
     .handle = answer, .takes = "journey_question", .gives = "journey"},
};
const page page_walk = {
    .name = "walk", .title = "Journeys", .routes = routes, .routes_n = COUNT(routes)};
