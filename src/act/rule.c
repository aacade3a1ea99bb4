/* rule.c - rules: checked at save, compiled once, asked of each signal. */
#include "act/rule.h"
#include "act/decide.h"
#include "act/rule_logic.h"
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
    compiled *rules; /* in the order they are asked */
    size_t n;
    decider *all;
    bool *late;   /* they name tags, which a rule before them may set: asked one by one */
    u32 *matches; /* scratch */
    facts *facts;
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

static i64 order_of(const rule *r) {
    return r->order == NONE ? RULE_ORDER_USUAL : r->order;
}

static int by_order(const void *x, const void *y) {
    const rule *a = &((const compiled *)x)->row, *b = &((const compiled *)y)->row;
    i64 p = order_of(a), q = order_of(b);
    return p != q ? (p > q) - (p < q) : (a->id > b->id) - (a->id < b->id);
}

static void note_tag(void *ctx, str column) {
    if (str_eq(column, S("tag"))) *(bool *)ctx = true;
}

bool ruleset_load(store *s, tally *t, arena *a, ruleset **out, err *e) {
    void *recs;
    size_t n;
    store_query enabled = {.field = "enabled", .num = 1};
    if (!store_list(s, a, &noun_rule, &enabled, &recs, &n, e)) return false;
    ruleset *rs = NEW(a, ruleset);
    rs->rules = NEW_N(a, compiled, n + 1);
    for (; rs->n < n; rs->n++)
        if (!compile(a, (rule *)recs + rs->n, &rs->rules[rs->n], e)) return false;
    if (n) qsort(rs->rules, n, sizeof *rs->rules, by_order);
    const expr **when = NEW_N(a, const expr *, n + 1);
    rs->late = NEW_N(a, bool, n + 1);
    rs->matches = NEW_N(a, u32, n + 1);
    for (size_t i = 0; i < n; i++) {
        when[i] = rs->rules[i].when;
        expr_columns(when[i], note_tag, &rs->late[i]);
    }
    rs->all = decider_make(a, when, n);
    if (!facts_load(s, t, a, &rs->facts, e)) return false;
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

void ruleset_begin(ruleset *rs, arena *a, i64 now_ms) {
    facts_begin(rs->facts, a, now_ms);
}

/* Rules that name tags see those set by the rules before them; all others are decided at once. */
static bool holds(ruleset *rs, size_t i, const heard *h, str folded, bool together) {
    if (!rs->late[i]) return together;
    return decide_slowly(rs->rules[i].when, &h->sig, &h->ins, folded, facts_tell, rs->facts) == YES;
}

bool ruleset_apply(ruleset *rs, arena *a, heard *h, i64 now_ms, str folded, err *e) {
    deed *deeds = NULL;
    size_t n = 0, at = 0;
    if (!facts_next(rs->facts, h, folded, e)) return false;
    size_t got = decider_ask(rs->all, &h->sig, &h->ins, folded, facts_tell, rs->facts, rs->matches);
    for (size_t i = 0; i < rs->n; i++) {
        const compiled *c = &rs->rules[i];
        bool together = at < got && rs->matches[at] == i;
        at += together;
        if (!holds(rs, i, h, folded, together)) continue;
        if (!deeds) deeds = NEW_N(a, deed, rs->n);
        deeds[n] = plan(a, c, h, now_ms);
        if (c->then->apply) {
            c->then->apply(a, &deeds[n], &h->ins);
            deeds[n].state = S("done");
            deeds[n].done_at = now_ms;
        }
        n++;
        if (c->row.last == 1) break;
    }
    h->deeds = deeds;
    h->deeds_n = n;
    return facts_end(rs->facts, e);
}

size_t ruleset_decide(ruleset *rs, const heard *h, str folded, const rule **out, size_t most) {
    size_t n = 0;
    size_t got = decider_ask(rs->all, &h->sig, &h->ins, folded, facts_tell, rs->facts, rs->matches);
    for (size_t at = 0, i = 0; i < rs->n && n < most; i++) {
        bool together = at < got && rs->matches[at] == i;
        at += together;
        if (!holds(rs, i, h, folded, together)) continue;
        out[n++] = &rs->rules[i].row;
        if (rs->rules[i].row.last == 1) break;
    }
    return n;
}

facts *ruleset_facts(ruleset *rs) {
    return rs->facts;
}

/* ---- saving, and going back ---- */

static bool put_version(store *s, arena *a, const rule *r, str actor, i64 now_ms, err *e) {
    rule_version v;
    noun_init(&noun_rule_version, &v);
    v.key = arena_fmt(a, "%" PRId64 "/%" PRId64, r->id, r->version == NONE ? 1 : r->version);
    v.rule_id = r->id;
    v.name = r->name;
    v.version = r->version == NONE ? 1 : r->version;
    v.at = now_ms == NONE ? 0 : now_ms;
    v.actor = actor.n ? actor : S("system");
    v.condition = r->condition;
    v.action = r->action;
    v.params = r->params;
    v.enabled = r->enabled;
    v.order = r->order;
    v.last = r->last;
    err known;
    if (store_put(s, &noun_rule_version, &v, &known) || known.code == CONFLICT) return true;
    *e = known;
    return false;
}

bool rule_save(store *s, arena *a, rule *r, str actor, i64 now_ms, err *e) {
    const expr *when;
    rule was;
    r->changed_at = now_ms;
    if (!rule_check(r, e) || !expr_parse(a, r->condition, 0, &when, e) ||
        !facts_known(s, a, when, e) || !store_begin(s, e))
        return false;
    bool ok = !r->id || (store_get(s, a, &noun_rule, r->id, &was, e) &&
                         put_version(s, a, &was, S("system"), was.changed_at, e));
    if (!ok || !store_put(s, &noun_rule, r, e) || !put_version(s, a, r, actor, now_ms, e))
        return store_rollback(s), false;
    return store_commit(s, e);
}

bool rule_versions(store *s, arena *a, i64 rule_id, rule_version **out, size_t *n_out, err *e) {
    void *recs;
    store_query q = {.field = "rule_id", .num = rule_id, .newest_first = true};
    if (!store_list(s, a, &noun_rule_version, &q, &recs, n_out, e)) return false;
    *out = recs;
    return true;
}

bool rule_roll_back(store *s, arena *a, rule *r, i64 version, str actor, i64 now_ms, err *e) {
    rule_version v;
    str key = arena_fmt(a, "%" PRId64 "/%" PRId64, r->id, version);
    if (!store_find(s, a, &noun_rule_version, key, &v, e)) {
        if (e->code != NOT_FOUND) return false;
        return fail(e, NOT_FOUND, "rule %" PRId64 " has no version %" PRId64, r->id, version);
    }
    r->condition = v.condition;
    r->action = v.action;
    r->params = v.params;
    r->enabled = v.enabled;
    r->order = v.order;
    r->last = v.last;
    return rule_save(s, a, r, actor, now_ms, e);
}

/* ---- what rules say against each other ---- */

typedef struct {
    const rule *r;
    const branches *b;
    const json *params;
} judged;

static str param(const judged *j, const char *name) {
    return json_get_text(j->params, str_of(name));
}

static bool same_deed(const judged *x, const judged *y) {
    return str_eq(x->r->action, y->r->action) && str_eq(x->r->params, y->r->params);
}

/* Two tickets for one signal that do not agree on who acts, or how urgently. */
static bool disagree(const judged *x, const judged *y) {
    if (!str_eq(x->r->action, S("ticket")) || !str_eq(y->r->action, S("ticket"))) return false;
    return !str_eq(param(x, "department"), param(y, "department")) ||
           !str_eq(param(x, "priority"), param(y, "priority"));
}

static void find_in_pair(const judged *x, const judged *y, rule_finding *out, size_t *n,
                         size_t most) {
    if (*n == most) return;
    bool covers = branches_cover(x->b, y->b), covered = branches_cover(y->b, x->b);
    rule_finding f = {.rule = y->r, .other = x->r};
    if (x->r->last == 1 && covers)
        f.kind = FINDING_SHADOWED;
    else if (covers && covered && same_deed(x, y))
        f.kind = FINDING_DUPLICATE;
    else if (x->r->last != 1 && disagree(x, y) && (covers || covered))
        f.kind = FINDING_CONFLICT;
    else if (x->r->last != 1 && disagree(x, y) && branches_meet(x->b, y->b))
        f.kind = FINDING_OVERLAP;
    else
        return;
    out[(*n)++] = f;
}

bool rule_findings(arena *a, const rule *all, size_t n, rule_finding **out, size_t *n_out, err *e) {
    judged *j = NEW_N(a, judged, n + 1);
    const rule **sorted = NEW_N(a, const rule *, n + 1);
    size_t kept = 0, found = 0;
    rule_finding *list = NEW_N(a, rule_finding, RULE_FINDINGS_MAX);
    for (size_t i = 0; i < n; i++) {
        if (all[i].enabled != 1) continue;
        size_t at = kept++;
        for (; at > 0 && order_of(sorted[at - 1]) > order_of(&all[i]); at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = &all[i];
    }
    for (size_t i = 0; i < kept; i++) {
        const expr *when;
        json *params = NULL;
        if (!expr_parse(a, sorted[i]->condition, 0, &when, e) ||
            (sorted[i]->params.n && !json_read(a, sorted[i]->params, &params, e)))
            return false;
        j[i] = (judged){sorted[i], branches_of(a, when), params};
        if (j[i].b && branches_never(j[i].b) && found < RULE_FINDINGS_MAX)
            list[found++] = (rule_finding){FINDING_NEVER, sorted[i], NULL};
        for (size_t k = 0; k < i && !(j[i].b && branches_never(j[i].b)); k++)
            find_in_pair(&j[k], &j[i], list, &found, RULE_FINDINGS_MAX);
    }
    *out = list;
    *n_out = found;
    return true;
}

str rule_finding_name(rule_finding_kind k) {
    static const char *const names[] = {"never", "shadowed", "duplicate", "conflict", "overlap"};
    check((size_t)k < COUNT(names));
    return str_of(names[k]);
}

static void note_more(void *ctx, str column) {
    if (column_is_more(column)) *(bool *)ctx = true;
}

bool rule_try(tally *t, arena *a, str condition, rule_trial *out, err *e) {
    const expr *when;
    tally_answer r;
    tally_by month = {S("occurred_at"), BY_MONTH};
    if (!expr_parse(a, condition, 0, &when, e)) return false;
    if (!when) return fail(e, INVALID, "a rule needs a condition");
    bool more = false;
    expr_columns(when, note_more, &more);
    if (more)
        return fail(e, INVALID,
                    "facts and customers are not counted by trying; simulate the rule instead");
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
