/* rule.c - rules: checked at save, compiled once, asked of each signal. */
#include "act/rule.h"
#include "base/job.h"
#include "base/time.h"
#include "model/signal.h"

typedef struct {
    rule row;
    const expr *when;
    const action *then;
    const json *params;
} compiled;
struct ruleset {
    compiled *rules;
    size_t n;
};

const action *action_find(str name) {
    for (size_t i = 0; i < actions_n; i++)
        if (str_eq(str_of(actions[i]->name), name)) return actions[i];
    return NULL;
}

bool duration_parse(str s, i64 *out) {
    static const struct {
        char unit;
        i64 ms;
    } units[] = {{'m', MINUTE_MS}, {'h', HOUR_MS}, {'d', DAY_MS}, {'w', 7 * DAY_MS}};
    i64 n;
    if (s.n < 2 || !str_int(str_head(s, s.n - 1), &n) || n < 0 || n > 100000) return false;
    for (size_t i = 0; i < COUNT(units); i++)
        if (units[i].unit == s.p[s.n - 1]) return *out = n * units[i].ms, true;
    return false;
}

static bool unknown_action(arena *a, str name, err *e) {
    buf b = {.a = a};
    for (size_t i = 0; i < actions_n; i++)
        if (!actions[i]->inner) buf_fmt(&b, "%s%s", b.n ? ", " : "", actions[i]->name);
    str known = buf_view(&b);
    return fail(e, INVALID, "no action \"%.*s\"; there are: %.*s", STR_ARG(name), STR_ARG(known));
}

static bool compile(arena *a, const rule *r, compiled *out, err *e) {
    json *params = NULL;
    out->row = *r;
    if (!expr_parse(a, r->condition, 0, &out->when, e)) return false;
    if (!out->when) return fail(e, INVALID, "rule \"%.*s\" has no condition", STR_ARG(r->name));
    out->then = action_find(r->action);
    if (!out->then || out->then->inner) return unknown_action(a, r->action, e);
    if (!json_read(a, r->params.n ? r->params : S("{}"), &params, e)) return false;
    out->params = params;
    return out->then->accepts(params, e);
}

static bool check_job(arena *a, void *ctx, err *e) {
    compiled c;
    return compile(a, ctx, &c, e);
}

bool rule_check(const rule *r, err *e) {
    rule copy = *r;
    return noun_check(&noun_rule, r, e) && job_run(LIMIT_JOB_BYTES, check_job, &copy, e);
}

bool rule_then(arena *a, str text, rule *r, err *e) {
    str rest = str_trim(text), one, key, val;
    if (!str_cut(rest, ' ', &r->action, &rest)) r->action = rest, rest = S("");
    buf b = {.a = a};
    json_out j = json_to(&b);
    json_object(&j);
    for (rest = str_trim(rest); rest.n; rest = str_trim(rest)) {
        if (!str_cut(rest, ' ', &one, &rest)) one = rest, rest = S("");
        if (!str_cut(one, '=', &key, &val))
            return fail(e, INVALID,
                        "\"%.*s\": want name=value, as in: ticket department=logistics due=4h",
                        STR_ARG(one));
        json_key(&j, key);
        json_text(&j, val);
    }
    json_end_object(&j);
    r->params = buf_view(&b);
    return true;
}

bool ruleset_load(store *s, arena *a, ruleset **out, err *e) {
    void *recs;
    size_t n;
    store_query enabled = {.field = "enabled", .num = 1};
    if (!store_list(s, a, &noun_rule, &enabled, &recs, &n, e)) return false;
    ruleset *rs = NEW(a, ruleset);
    rs->rules = NEW_N(a, compiled, n);
    for (; rs->n < n; rs->n++)
        if (!compile(a, (rule *)recs + rs->n, &rs->rules[rs->n], e)) return false;
    *out = rs;
    return true;
}

size_t ruleset_size(const ruleset *rs) {
    return rs->n;
}

static str deed_key(arena *a, const rule *r, const signal_row *s) {
    str both = arena_fmt(a, "%.*s\x1f%.*s", STR_ARG(s->source), STR_ARG(s->external_id));
    return arena_fmt(a, "rule%" PRId64 "v%" PRId64 ":%016" PRIx64, r->id, r->version,
                     str_hash(both));
}

static deed plan(arena *a, const compiled *c, const heard *h, i64 now_ms) {
    deed d;
    noun_init(&noun_deed, &d);
    d.key = deed_key(a, &c->row, &h->sig.row);
    d.action = c->row.action;
    d.rule_id = c->row.id;
    d.state = S("pending");
    d.attempts = 0;
    d.due_at = now_ms;
    if (h->sig.row.id) d.signal_id = h->sig.row.id;
    c->then->plan(a, &c->row, c->params, h, now_ms, &d);
    return d;
}

void ruleset_apply(const ruleset *rs, arena *a, heard *h, i64 now_ms,
                   truth (*has_words)(void *, str), void *ctx) {
    deed *deeds = NULL;
    size_t n = 0;
    for (size_t i = 0; i < rs->n; i++) {
        const compiled *c = &rs->rules[i];
        if (signal_test(c->when, &h->sig, &h->ins, has_words, ctx) != YES) continue;
        if (!deeds) deeds = NEW_N(a, deed, rs->n);
        deeds[n] = plan(a, c, h, now_ms);
        if (c->then->apply) {
            c->then->apply(a, &deeds[n], &h->ins);
            deeds[n].state = S("done");
            deeds[n].done_at = now_ms;
        }
        n++;
    }
    h->deeds = deeds;
    h->deeds_n = n;
}

bool rule_try(tally *t, arena *a, str condition, rule_trial *out, err *e) {
    const expr *when;
    tally_answer r;
    tally_by month = {S("occurred_at"), BY_MONTH};
    if (!expr_parse(a, condition, 0, &when, e)) return false;
    if (!when) return fail(e, INVALID, "a rule needs a condition");
    tally_question q = {.where = when, .by = &month, .by_n = 1};
    rule_trial o = {.signals = tally_rows_total(t)};
    if (!tally_ask(t, a, &q, &r, e) ||
        !tally_rows(t, a, when, 0, RULE_SAMPLE, &o.sample, &o.sample_n, e))
        return false;
    o.months = r.cells;
    o.months_n = r.cells_n;
    for (size_t i = 0; i < r.cells_n; i++) o.matches += r.cells[i].n;
    *out = o;
    return true;
}

/* ---- catching up with the past ---- */

typedef struct {
    store *s;
    arena *a;
    const compiled *rule;
    i64 now_ms, planned;
} catching;

static bool catch_one(void *ctx, const signal *sig, const insight *ins, err *e) {
    catching *c = ctx;
    heard h = {.sig = *sig, .ins = *ins};
    deed d = plan(c->a, c->rule, &h, c->now_ms);
    err known;
    if (store_put(c->s, &noun_deed, &d, &known)) {
        c->planned++;
        return true;
    }
    if (known.code == CONFLICT) return true; /* the same rule did this signal before */
    *e = known;
    return false;
}

bool rule_catch_up(store *s, tally *t, arena *a, const rule *r, i64 now_ms, i64 *planned_out,
                   err *e) {
    compiled c;
    i64 *ids;
    size_t n;
    if (!compile(a, r, &c, e)) return false;
    if (c.then->apply)
        return fail(e, INVALID, "\"%s\" works on what is heard from now on, not on the past",
                    c.then->name);
    catching k = {s, a, &c, now_ms, 0};
    if (!tally_rows(t, a, c.when, 0, (size_t)MAX(tally_rows_total(t), 1), &ids, &n, e) ||
        !store_begin(s, e))
        return false;
    if (!store_scan_ids(s, ids, n, catch_one, &k, e)) return store_rollback(s), false;
    if (!store_commit(s, e)) return false;
    *planned_out = k.planned;
    return true;
}

void rule_trial_print(json_out *j, arena *a, str condition, const rule_trial *t) {
    json_object(j);
    json_key(j, S("condition"));
    json_text(j, condition);
    json_key(j, S("matches"));
    json_int(j, t->matches);
    json_key(j, S("signals"));
    json_int(j, t->signals);
    json_key(j, S("months"));
    json_array(j);
    for (size_t i = 0; i < t->months_n; i++) {
        json_object(j);
        json_key(j, S("month"));
        json_text(j, str_head(day_print(a, day_of_ms(t->months[i].keys[0].num)), 7));
        json_key(j, S("n"));
        json_int(j, t->months[i].n);
        json_end_object(j);
    }
    json_end_array(j);
    json_key(j, S("sample"));
    json_array(j);
    for (size_t i = 0; i < t->sample_n; i++) json_int(j, t->sample[i]);
    json_end_array(j);
    json_end_object(j);
}
