/* goals.c - the tree of goals: where each stands, where it is going, what moved the root. */
#include "understand/goal.h"
#include "api/ask.h"
#include "api/auth.h"

enum { GOALS_MS = 30000, GOALS_DAYS = 28 };

static void print_one(buf *b, const goal_row *m) {
    json_out j = json_to(b);
    noun_print(&j, &noun_goal, m);
}

static bool tree(api *x, arena *a, asked *v, err *e) {
    desk *d;
    question ask;
    goal_tree t;
    i64 days;
    buf *b = reply_buf(a);
    json_out j = json_to(b);
    if (!question_read(a, v, LIMIT_API_PAGE, &ask, e) ||
        !params_int(&v->query, "days", 1, 3660, GOALS_DAYS, &days, e))
        return false;
    goal_question q = {.where = ask.where,
                       .now_ms = x->w->now_ms(x->w),
                       .days = days,
                       .zone_min = ask.zone_min,
                       .zone = ask.zone,
                       .most_ms = GOALS_MS};
    if (!desk_sit(x, a, v, &d, e) || !question_ok(goals_ask(d->t, d->s, a, &q, &t, e), e))
        return false;
    desk_leave(d);
    goals_print(&j, a, &q, &t);
    if (!reply_room(b, e)) return false;
    reply_json(v, 200, b);
    return true;
}

static bool one(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    goal_row m;
    buf b = {.a = a};
    if (!id_read(v, &id, e) || !desk_sit(x, a, v, &d, e) ||
        !store_get(d->s, a, &noun_goal, id, &m, e))
        return false;
    desk_leave(d);
    print_one(&b, &m);
    reply_noun(a, v, 200, &b);
    return true;
}

static bool add(api *x, arena *a, asked *v, err *e) {
    desk *d;
    json *body;
    goal_row m;
    buf b = {.a = a};
    noun_init(&noun_goal, &m);
    if (!body_json(a, v, &body, e) || !noun_read(a, &noun_goal, body, &m, e) ||
        !desk_write(x, a, v, &d, e) || !question_ok(goal_check(d->s, a, &m, e), e) ||
        !store_put(d->s, &noun_goal, &m, e))
        return false;
    desk_leave(d);
    print_one(&b, &m);
    http_add(v->http, "Location", arena_fmt(a, "/api/v1/goals/%" PRId64, m.id));
    reply_noun(a, v, 201, &b);
    return true;
}

static bool change(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    json *body;
    goal_row m;
    buf before = {.a = a}, after = {.a = a};
    if (!id_read(v, &id, e) || !body_json(a, v, &body, e) || !desk_write(x, a, v, &d, e) ||
        !store_get(d->s, a, &noun_goal, id, &m, e))
        return false;
    print_one(&before, &m);
    if (!match_noun(a, v, &before)) return true;
    if (!noun_read(a, &noun_goal, body, &m, e) || !question_ok(goal_check(d->s, a, &m, e), e) ||
        !store_put(d->s, &noun_goal, &m, e))
        return false;
    desk_leave(d);
    print_one(&after, &m);
    reply_noun(a, v, 200, &after);
    return true;
}

static bool drop(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id, below;
    goal_row m;
    buf b = {.a = a};
    if (!id_read(v, &id, e) || !desk_write(x, a, v, &d, e) ||
        !store_get(d->s, a, &noun_goal, id, &m, e) ||
        !store_count(d->s, &noun_goal, &(store_query){.field = "parent_id", .num = id}, &below, e))
        return false;
    print_one(&b, &m);
    if (!match_noun(a, v, &b)) return true;
    if (below)
        return fail(e, CONFLICT, "goal %.*s has %" PRId64 " below it: remove those first",
                    STR_ARG(m.name), below);
    if (!store_delete(d->s, &noun_goal, id, e)) return false;
    desk_leave(d);
    http_reply(v->http, 204, NO_STR, S(""));
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/goals", "metrics.read",
     "The tree of goals: status, forecast, contributions", .handle = tree,
     .query = "days " QUESTION_NAMES, .gives = "goal_tree"},
    {METHOD_POST, "/api/v1/goals", "metrics.write", "Sets a goal", .handle = add,
     .takes = "goal_wish", .gives = "goal", .status = "201 409"},
    {METHOD_GET, "/api/v1/goals/{id}", "metrics.read", "One goal", .handle = one, .gives = "goal",
     .status = "200 304"},
    {METHOD_PATCH, "/api/v1/goals/{id}", "metrics.write", "Changes a goal", .handle = change,
     .takes = "goal_change", .gives = "goal", .status = "200 409 412"},
    {METHOD_DELETE, "/api/v1/goals/{id}", "metrics.write", "Removes a goal with none below it",
     .handle = drop, .status = "204 409 412"},
};
const page page_goals = {
    .name = "goals", .title = "Goals", .routes = routes, .routes_n = COUNT(routes)};
