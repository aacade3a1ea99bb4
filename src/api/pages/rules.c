/* rules.c - when this, then that: list, try on the past, add, change, delete. */
#include "act/rule.h"
#include "api/ask.h"
#include "api/auth.h"
#include "flow/writer.h"

static bool list(api *x, arena *a, asked *v, err *e) {
    desk *d;
    void *recs;
    size_t n;
    buf b = {.a = a};
    json_out j = json_to(&b);
    store_query all = {0};
    if (!desk_sit(x, a, v, &d, e) || !store_list(d->s, a, &noun_rule, &all, &recs, &n, e))
        return false;
    desk_leave(d);
    json_object(&j);
    json_key(&j, S("rules"));
    json_array(&j);
    for (size_t i = 0; i < n; i++) noun_print(&j, &noun_rule, (rule *)recs + i);
    json_end_array(&j);
    json_end_object(&j);
    reply_json(v, 200, &b);
    return true;
}

static void print_rule(buf *b, const rule *r) {
    json_out j = json_to(b);
    noun_print(&j, &noun_rule, r);
}

static bool one(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    rule r;
    buf b = {.a = a};
    if (!id_read(v, &id, e) || !desk_sit(x, a, v, &d, e) ||
        !store_get(d->s, a, &noun_rule, id, &r, e))
        return false;
    desk_leave(d);
    print_rule(&b, &r);
    reply_noun(a, v, 200, &b);
    return true;
}

/* What is saved is what will run: the writer takes the new rules up before its next batch. */
static bool save(api *x, desk *d, rule *r, err *e) {
    r->changed_at = x->w->now_ms(x->w);
    if (!rule_check(r, e) || !store_put(d->s, &noun_rule, r, e)) return false;
    if (x->writer) writer_rules_changed(x->writer);
    return true;
}

static bool add(api *x, arena *a, asked *v, err *e) {
    desk *d;
    json *body;
    rule r;
    buf b = {.a = a};
    noun_init(&noun_rule, &r);
    r.enabled = 1;
    if (!body_json(a, v, &body, e) || !noun_read(a, &noun_rule, body, &r, e)) return false;
    r.id = 0;
    if (!desk_write(x, a, v, &d, e) || !save(x, d, &r, e)) return false;
    desk_leave(d);
    print_rule(&b, &r);
    http_add(v->http, "Location", arena_fmt(a, "/api/v1/rules/%" PRId64, r.id));
    reply_noun(a, v, 201, &b);
    return true;
}

static bool change(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    json *body;
    rule r;
    buf before = {.a = a}, after = {.a = a};
    if (!id_read(v, &id, e) || !body_json(a, v, &body, e) || !desk_write(x, a, v, &d, e) ||
        !store_get(d->s, a, &noun_rule, id, &r, e))
        return false;
    print_rule(&before, &r);
    if (!match_noun(a, v, &before)) return true;
    if (!noun_read(a, &noun_rule, body, &r, e) || !save(x, d, &r, e)) return false;
    desk_leave(d);
    print_rule(&after, &r);
    reply_noun(a, v, 200, &after);
    return true;
}

static bool drop(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    if (!id_read(v, &id, e) || !desk_write(x, a, v, &d, e) ||
        !store_delete(d->s, &noun_rule, id, e))
        return false;
    desk_leave(d);
    if (x->writer) writer_rules_changed(x->writer);
    http_reply(v->http, 204, NO_STR, S(""));
    return true;
}

static str printed(arena *a, const expr *x) {
    buf b = {.a = a};
    expr_print(&b, x);
    return buf_view(&b);
}

static bool try_it(api *x, arena *a, asked *v, err *e) {
    desk *d;
    json *body;
    rule_trial t;
    err inner;
    const expr *parsed;
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!body_json(a, v, &body, e)) return false;
    str condition = json_get_text(body, S("condition"));
    if (!condition.n)
        return fail(e, INVALID, "which condition? as in: {\"condition\": \"score:nps <= 2\"}");
    if (condition.n > LIMIT_EXPR_BYTES)
        return fail(e, LIMIT, "condition has %zu bytes, the limit is %d", condition.n,
                    LIMIT_EXPR_BYTES);
    if (!expr_parse(a, condition, 0, &parsed, &inner))
        return fail(e, inner.code, "condition: %s", inner.msg);
    str seen = condition;
    if (v->who->scoped) seen = printed(a, auth_where(a, v->who, parsed));
    if (!desk_sit(x, a, v, &d, e) || !question_ok(rule_try(d->t, a, seen, &t, e), e)) return false;
    desk_leave(d);
    if (v->who->scoped) t.signals = NONE; /* how many the others have is not theirs to know */
    rule_trial_print(&j, a, condition, &t);
    reply_json(v, 200, &b);
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/rules", "tickets.read", "Rules", .handle = list, .gives = "rules"},
    {METHOD_POST, "/api/v1/rules", "rules.write", "Adds a rule", .handle = add,
     .takes = "rule_wish", .gives = "rule", .status = "201 409"},
    {METHOD_GET, "/api/v1/rules/{id}", "tickets.read", "One rule", .handle = one, .gives = "rule",
     .status = "200 304"},
    {METHOD_PATCH, "/api/v1/rules/{id}", "rules.write", "Changes a rule, or turns it on and off",
     .handle = change, .takes = "rule_change", .gives = "rule", .status = "200 409 412"},
    {METHOD_DELETE, "/api/v1/rules/{id}", "rules.write", "Deletes a rule; its tickets stay",
     .handle = drop},
    {METHOD_POST, "/api/v1/rules/try", "metrics.read",
     "What a condition would have matched in the past", .handle = try_it, .takes = "rule_question",
     .gives = "rule_trial"},
};
const page page_rules = {
    .name = "rules", .title = "Rules", .routes = routes, .routes_n = COUNT(routes)};
