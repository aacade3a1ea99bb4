/* drivers.c - what drives an outcome. */
#include "api/ask.h"
#include "understand/drivers.h"
#include "understand/why.h"

enum { QUESTION_MS = 30000 }; /* nobody waits longer; the question is given up then */

static const str *names_of(arena *a, const asked *v, const char *name, size_t *n) {
    str text = params_get(&v->query, name);
    return text.n ? names_split(a, text, n) : NULL;
}

static bool answer(api *x, arena *a, asked *v, err *e) {
    desk *d;
    question ask;
    drivers_answer r;
    buf b = {.a = a};
    json_out j = json_to(&b);
    drivers_question q = {.outcome = params_get(&v->query, "outcome"), .seed = 1};
    if (!question_read(a, v, LIMIT_API_PAGE, &ask, e) ||
        !params_int(&v->query, "rounds", 0, DRIVERS_ROUNDS_MAX, NONE, &q.rounds, e))
        return false;
    q.where = ask.where, q.zone_min = ask.zone_min, q.zone = ask.zone, q.most_ms = QUESTION_MS;
    q.names = names_of(a, v, "with", &q.names_n);
    q.given = names_of(a, v, "given", &q.given_n);
    q.na = names_of(a, v, "na", &q.na_n);
    if (!desk_sit(x, a, v, &d, e) || !question_ok(drivers_find(d->t, a, &q, &r, e), e))
        return false;
    desk_leave(d);
    drivers_print(&j, &r);
    reply_json(v, 200, &b);
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/drivers", "metrics.read",
     "What drives an outcome: importance with intervals, pain or delight, the map",
     .handle = answer, .query = "outcome with given na rounds where zone", .gives = "drivers"},
};
const page page_drivers = {
    .name = "drivers", .title = "Drivers", .routes = routes, .routes_n = COUNT(routes)};
