/* rules.c - when this, then that: list, try on the past, add, change, delete. */
#include "act/rule_past.h"
#include "api/ask.h"
#include "api/auth.h"
#include "base/time.h"
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
static bool save(api *x, arena *a, asked *v, desk *d, rule *r, err *e) {
    if (!rule_save(d->s, a, r, v->who->actor, x->w->now_ms(x->w), e)) return false;
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
    if (!desk_write(x, a, v, &d, e) || !save(x, a, v, d, &r, e)) return false;
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
    if (!noun_read(a, &noun_rule, body, &r, e) || !save(x, a, v, d, &r, e)) return false;
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

/* ---- versions, findings, why, what if ---- */

static bool versions(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    rule_version *all;
    size_t n;
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!id_read(v, &id, e) || !desk_sit(x, a, v, &d, e) ||
        !rule_versions(d->s, a, id, &all, &n, e))
        return false;
    desk_leave(d);
    json_object(&j);
    json_key(&j, S("versions"));
    json_array(&j);
    for (size_t i = 0; i < n; i++) noun_print(&j, &noun_rule_version, &all[i]);
    json_end_array(&j);
    json_end_object(&j);
    reply_json(v, 200, &b);
    return true;
}

static bool roll_back(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    json *body;
    rule r;
    buf b = {.a = a};
    if (!id_read(v, &id, e) || !body_json(a, v, &body, e) || !desk_write(x, a, v, &d, e) ||
        !store_get(d->s, a, &noun_rule, id, &r, e))
        return false;
    i64 version = json_get_int(body, S("version"));
    if (version == NONE) return fail(e, INVALID, "version: which one? as in: {\"version\": 2}");
    if (!rule_roll_back(d->s, a, &r, version, v->who->actor, x->w->now_ms(x->w), e)) return false;
    desk_leave(d);
    if (x->writer) writer_rules_changed(x->writer);
    print_rule(&b, &r);
    reply_noun(a, v, 200, &b);
    return true;
}

static void print_findings(json_out *j, const rule_finding *f, size_t n) {
    json_object(j);
    json_key(j, S("findings"));
    json_array(j);
    for (size_t i = 0; i < n; i++) {
        json_object(j);
        put_text(j, "kind", rule_finding_name(f[i].kind));
        put_text(j, "rule", f[i].rule->name);
        put_text(j, "other", f[i].other ? f[i].other->name : NO_STR);
        json_end_object(j);
    }
    json_end_array(j);
    json_end_object(j);
}

/* The rules there are, with the one in the body put in its place: what would be found if it were saved. */
static bool findings(api *x, arena *a, asked *v, err *e) {
    desk *d;
    json *body;
    void *recs;
    size_t n, found;
    rule_finding *f;
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!body_json(a, v, &body, e) || !desk_sit(x, a, v, &d, e) ||
        !store_list(d->s, a, &noun_rule, &(store_query){0}, &recs, &n, e))
        return false;
    desk_leave(d);
    rule *all = NEW_N(a, rule, n + 1);
    memcpy(all, recs, n * sizeof *all);
    if (json_get(body, S("name"))) {
        str name = json_get_text(body, S("name"));
        size_t at = n;
        for (size_t i = 0; i < n; i++)
            if (str_eq(all[i].name, name)) at = i;
        if (at == n) noun_init(&noun_rule, &all[n++]);
        if (!noun_read(a, &noun_rule, body, &all[at], e) || !rule_check(&all[at], e)) return false;
        all[at].enabled = 1;
    }
    if (!rule_findings(a, all, n, &f, &found, e)) return false;
    print_findings(&j, f, found);
    reply_json(v, 200, &b);
    return true;
}

static bool explain(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    buf *b = reply_buf(a);
    json_out j = json_to(b);
    if (!str_int(params_get(&v->query, "signal"), &id))
        return fail(e, INVALID, "signal: which one? as in: ?signal=12");
    if (v->who->scoped)
        return fail(e, NOT_FOUND, "there is no signal %" PRId64 " that you see whole", id);
    if (!desk_sit(x, a, v, &d, e)) return false;
    json_object(&j);
    json_key(&j, S("rules"));
    if (!rule_explain(d->s, d->t, a, id, x->w->now_ms(x->w), &j, e)) return false;
    json_end_object(&j);
    desk_leave(d);
    if (!reply_room(b, e)) return false;
    reply_json(v, 200, b);
    return true;
}

enum { SIMULATED_DAYS = 92 };

static bool simulate(api *x, arena *a, asked *v, err *e) {
    desk *d;
    json *body;
    rule r;
    simulation m;
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!body_json(a, v, &body, e) || !desk_sit(x, a, v, &d, e)) return false;
    noun_init(&noun_rule, &r);
    str name = json_get_text(body, S("name"));
    if (name.n && !store_find(d->s, a, &noun_rule, name, &r, e) && e->code != NOT_FOUND)
        return false;
    if (!noun_read(a, &noun_rule, body, &r, e)) return false;
    i64 now = x->w->now_ms(x->w);
    if (!question_ok(rule_simulate(d->s, d->t, a, &r, now - SIMULATED_DAYS * DAY_MS, now + DAY_MS,
                                   now, &m, e),
                     e))
        return false;
    desk_leave(d);
    if (v->who->scoped) m.sample_n = 0;
    simulation_print(&j, a, &m);
    reply_json(v, 200, &b);
    return true;
}

/* ---- facts ---- */

static bool list_facts(api *x, arena *a, asked *v, err *e) {
    desk *d;
    void *recs;
    size_t n;
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!desk_sit(x, a, v, &d, e) ||
        !store_list(d->s, a, &noun_fact, &(store_query){0}, &recs, &n, e))
        return false;
    desk_leave(d);
    json_object(&j);
    json_key(&j, S("facts"));
    json_array(&j);
    for (size_t i = 0; i < n; i++) noun_print(&j, &noun_fact, (fact *)recs + i);
    json_end_array(&j);
    json_end_object(&j);
    reply_json(v, 200, &b);
    return true;
}

static bool put_fact(api *x, arena *a, asked *v, desk *d, fact *f, int status, err *e) {
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!question_ok(fact_save(d->s, d->t, a, f, x->w->now_ms(x->w), e), e)) return false;
    desk_leave(d);
    if (x->writer) writer_rules_changed(x->writer);
    noun_print(&j, &noun_fact, f);
    reply_noun(a, v, status, &b);
    return true;
}

static bool add_fact(api *x, arena *a, asked *v, err *e) {
    desk *d;
    json *body;
    fact f;
    noun_init(&noun_fact, &f);
    return body_json(a, v, &body, e) && noun_read(a, &noun_fact, body, &f, e) &&
           fact_check(&f, e) && desk_write(x, a, v, &d, e) && put_fact(x, a, v, d, &f, 201, e);
}

static bool drop_fact(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    if (!id_read(v, &id, e) || !desk_write(x, a, v, &d, e) ||
        !store_delete(d->s, &noun_fact, id, e) || !store_fact_remake(d->s, id, NULL, 0, e))
        return false;
    desk_leave(d);
    if (x->writer) writer_rules_changed(x->writer);
    http_reply(v->http, 204, NO_STR, S(""));
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
    {METHOD_GET, "/api/v1/rules/{id}/versions", "tickets.read", "All a rule has been, newest first",
     .handle = versions, .gives = "rule_versions"},
    {METHOD_POST, "/api/v1/rules/{id}/rollback", "rules.write",
     "Makes an old version of a rule its next one", .handle = roll_back, .takes = "rule_rollback",
     .gives = "rule"},
    {METHOD_POST, "/api/v1/rules/findings", "rules.read",
     "Rules that contradict, repeat or hide each other, or can never act", .handle = findings,
     .takes = "rule_change", .gives = "rule_findings"},
    {METHOD_GET, "/api/v1/rules/explain", "rules.read", "Why rules acted on a signal, or did not",
     .handle = explain, .query = "signal", .gives = "rule_reasons", .status = "200 404"},
    {METHOD_POST, "/api/v1/rules/simulate", "rules.read",
     "What a rule, changed or new, would have done in the last three months", .handle = simulate,
     .takes = "rule_change", .gives = "simulation"},
    {METHOD_GET, "/api/v1/facts", "tickets.read", "What rules know beyond one signal",
     .handle = list_facts, .gives = "facts"},
    {METHOD_POST, "/api/v1/facts", "rules.write", "Adds a fact", .handle = add_fact,
     .takes = "fact_wish", .gives = "fact", .status = "201 409"},
    {METHOD_DELETE, "/api/v1/facts/{id}", "rules.write", "Deletes a fact", .handle = drop_fact},
};
const page page_rules = {
    .name = "rules", .title = "Rules", .routes = routes, .routes_n = COUNT(routes)};
