/* rule_past.c - why rules decided so, and what a change would have changed. */
#include "act/rule_past.h"
#include "base/job.h"
#include "base/time.h"
#include "kern/expr_make.h"
#include "kern/fold.h"

static str words_of(arena *a, const signal *sig, const insight *ins) {
    str folded = NO_STR;
    fold(a, ins->row.clean.p ? ins->row.clean : sig->row.words, &folded, NULL);
    return folded;
}

/* ---- why ---- */

typedef struct {
    store *s;
    tally *t;
    i64 now_ms;
    json_out *j;
    arena *a;
    const signal *sig;
    const insight *ins;
    facts *facts;
    str folded, blocked;
} why;

static void put_value(json_out *j, arena *a, const value *v) {
    buf b = {.a = a};
    switch (v->kind) {
    case VALUE_MISSING:
        json_null(j);
        return;
    case VALUE_TEXT:
        json_text(j, str_head(v->text, 200));
        return;
    case VALUE_NUM:
        buf_num6(&b, v->num);
        json_raw(j, buf_view(&b));
        return;
    case VALUE_TIME:
        json_text(j, time_print(a, v->ms));
    }
}

static void put_demand(void *ctx, const expr *leaf, const value *have, truth t) {
    static const char *const names[] = {[NO] = "no", [YES] = "yes", [UNKNOWN] = "unknown"};
    why *k = ctx;
    buf b = {.a = k->a};
    expr_print(&b, leaf);
    json_object(k->j);
    json_key(k->j, S("demand"));
    json_text(k->j, buf_view(&b));
    json_key(k->j, S("have"));
    put_value(k->j, k->a, have);
    json_key(k->j, S("truth"));
    json_text(k->j, str_of(names[t]));
    json_end_object(k->j);
}

typedef struct {
    size_t yes;
} nearness;

static void count_yes(void *ctx, const expr *leaf, const value *have, truth t) {
    (void)leaf, (void)have;
    ((nearness *)ctx)->yes += t == YES;
}

static const mention *nearest(why *k, const expr *when) {
    const mention *best = NULL;
    size_t most = 0;
    for (size_t m = 0; m < k->ins->mentions_n; m++) {
        nearness n = {0};
        decide_explain(when, k->sig, k->ins, &k->ins->mentions[m], k->folded, facts_tell, k->facts,
                       count_yes, &n);
        if (!best || n.yes > most) best = &k->ins->mentions[m], most = n.yes;
    }
    return best;
}

static bool put_why(why *k, const rule *r, err *e) {
    const expr *when;
    if (!expr_parse(k->a, r->condition, 0, &when, e)) return false;
    bool holds = decide_slowly(when, k->sig, k->ins, k->folded, facts_tell, k->facts) == YES;
    json_object(k->j);
    json_key(k->j, S("rule"));
    json_text(k->j, r->name);
    json_key(k->j, S("id"));
    json_int(k->j, r->id);
    json_key(k->j, S("version"));
    json_int(k->j, r->version);
    json_key(k->j, S("enabled"));
    json_bool(k->j, r->enabled == 1);
    json_key(k->j, S("holds"));
    json_bool(k->j, holds);
    json_key(k->j, S("acts"));
    json_bool(k->j, holds && r->enabled == 1 && !k->blocked.p);
    json_key(k->j, S("behind"));
    json_text(k->j, k->blocked);
    json_key(k->j, S("demands"));
    json_array(k->j);
    decide_explain(when, k->sig, k->ins, nearest(k, when), k->folded, facts_tell, k->facts,
                   put_demand, k);
    json_end_array(k->j);
    json_end_object(k->j);
    if (holds && r->enabled == 1 && r->last == 1 && !k->blocked.p) k->blocked = r->name;
    return true;
}

static i64 order_of(const rule *r) {
    return r->order == NONE ? RULE_ORDER_USUAL : r->order;
}

static int by_order(const void *x, const void *y) {
    const rule *a = x, *b = y;
    i64 p = order_of(a), q = order_of(b);
    return p != q ? (p > q) - (p < q) : (a->id > b->id) - (a->id < b->id);
}

static bool why_job(arena *a, void *ctx, err *e) {
    why *k = ctx;
    void *recs;
    size_t n;
    heard h = {.sig = *k->sig, .ins = *k->ins};
    k->a = a;
    k->folded = words_of(a, k->sig, k->ins);
    if (!facts_load(k->s, k->t, a, &k->facts, e) ||
        !store_list(k->s, a, &noun_rule, &(store_query){0}, &recs, &n, e))
        return false;
    facts_begin(k->facts, a, k->now_ms);
    if (!facts_next(k->facts, &h, k->folded, e)) return false;
    if (n) qsort(recs, n, sizeof(rule), by_order);
    for (size_t i = 0; i < n; i++)
        if (!put_why(k, (rule *)recs + i, e)) return false;
    return facts_end(k->facts, e);
}

static bool why_one(void *ctx, const signal *sig, const insight *ins, err *e) {
    why *k = ctx;
    k->sig = sig;
    k->ins = ins;
    return job_run(LIMIT_JOB_BYTES, why_job, k, e);
}

bool rule_explain(store *s, tally *t, arena *a, i64 signal_id, i64 now_ms, json_out *j, err *e) {
    why k = {.s = s, .t = t, .now_ms = now_ms, .j = j};
    (void)a;
    json_array(j);
    if (!store_scan_ids(s, &signal_id, 1, why_one, &k, e)) return false;
    json_end_array(j);
    return k.sig || fail(e, NOT_FOUND, "there is no signal %" PRId64, signal_id);
}

/* ---- what if ---- */

typedef struct {
    const expr *when;
    rule row;
} one_rule;
typedef struct {
    one_rule *all;
    size_t n;
    decider *d;
    u32 *hits;
} rules_then;

typedef struct {
    arena *a, *each; /* each: of one signal */
    facts *facts;
    rules_then before, after;
    i64 id, now_ms;
    simulation *out;
    size_t months_room;
} simulating;

static bool rules_make(arena *a, const rule *all, size_t n, rules_then *out, err *e) {
    out->all = NEW_N(a, one_rule, n + 1);
    out->hits = NEW_N(a, u32, n + 1);
    const expr **when = NEW_N(a, const expr *, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (all[i].enabled != 1) continue;
        one_rule *r = &out->all[out->n];
        if (!expr_parse(a, all[i].condition, 0, &r->when, e)) return false;
        r->row = all[i];
        when[out->n++] = r->when;
    }
    out->d = decider_make(a, when, out->n);
    return true;
}

/* Does rule id act, and how many others do? */
static bool acts(simulating *k, rules_then *r, const heard *h, str folded, i64 id, i64 *others) {
    size_t n = decider_ask(r->d, &h->sig, &h->ins, folded, facts_tell, k->facts, r->hits);
    bool mine = false;
    *others = 0;
    for (size_t i = 0; i < n; i++) {
        const rule *row = &r->all[r->hits[i]].row;
        mine |= row->id == id;
        *others += row->id != id;
        if (row->last == 1) break;
    }
    return mine;
}

static simulated_month *month_of(simulating *k, i64 at) {
    simulation *m = k->out;
    i64 month = day_month(day_of_ms(at));
    size_t i = m->months_n;
    while (i > 0 && m->months[i - 1].month >= month) i--;
    if (i < m->months_n && m->months[i].month == month) return &m->months[i];
    if (m->months_n == k->months_room) {
        simulated_month *more =
            NEW_N(k->a, simulated_month, k->months_room = k->months_room * 2 + 32);
        if (m->months_n) memcpy(more, m->months, m->months_n * sizeof *more);
        m->months = more;
    }
    memmove(m->months + i + 1, m->months + i, (m->months_n - i) * sizeof *m->months);
    m->months_n++;
    m->months[i] = (simulated_month){.month = month};
    return &m->months[i];
}

static bool simulate_one(simulating *k, const heard *h, err *e) {
    i64 others_before, others_after;
    heard copy = *h;
    str folded = words_of(k->each, &h->sig, &h->ins);
    if (!facts_next(k->facts, &copy, folded, e)) return false;
    bool before = acts(k, &k->before, &copy, folded, k->id, &others_before);
    bool after = acts(k, &k->after, &copy, folded, k->id, &others_after);
    simulation *m = k->out;
    simulated_month *month = month_of(k, h->sig.row.occurred_at);
    month->signals++;
    month->before += before;
    month->after += after;
    m->signals++;
    m->before += before;
    m->after += after;
    m->gained += after && !before;
    m->lost += before && !after;
    m->others_lost += MAX(others_before - others_after, 0);
    if (after && m->sample_n < RULE_SAMPLE) m->sample[m->sample_n++] = h->sig.row.id;
    return facts_end(k->facts, e);
}

typedef struct {
    simulating *k;
    const signal *sig;
    const insight *ins;
} simulated_signal;

static bool simulate_job(arena *each, void *ctx, err *e) {
    simulated_signal *s = ctx;
    heard h = {.sig = *s->sig, .ins = *s->ins};
    s->k->each = each;
    facts_begin(s->k->facts, each, s->k->now_ms);
    return simulate_one(s->k, &h, e);
}

static bool simulate_visit(void *ctx, const signal *sig, const insight *ins, err *e) {
    simulating *k = ctx;
    simulated_signal s = {k, sig, ins};
    arena_reset(k->each);
    return job_run_in(k->each, simulate_job, &s, e);
}

static bool two_sets(simulating *k, store *s, const rule *change, err *e) {
    void *recs;
    size_t n;
    if (!store_list(s, k->a, &noun_rule, &(store_query){0}, &recs, &n, e)) return false;
    rule *all = NEW_N(k->a, rule, n + 2);
    memcpy(all, recs, n * sizeof *all);
    if (n) qsort(all, n, sizeof *all, by_order);
    if (!rules_make(k->a, all, n, &k->before, e)) return false;
    size_t at = n;
    for (size_t i = 0; i < n; i++)
        if (change->id && all[i].id == change->id) at = i;
    if (at == n) n++;
    all[at] = *change;
    all[at].enabled = 1;
    if (!change->id) all[at].id = k->id = INT64_MAX;
    qsort(all, n, sizeof *all, by_order);
    return rules_make(k->a, all, n, &k->after, e);
}

static void close_each(void *ctx) {
    arena_close(ctx);
}

bool rule_simulate(store *s, tally *t, arena *a, const rule *change, i64 from_ms, i64 to_ms,
                   i64 now_ms, simulation *out, err *e) {
    simulation m = {.sample = NEW_N(a, i64, RULE_SAMPLE)};
    simulating k = {
        .a = a, .id = change->id, .now_ms = now_ms, .out = &m, .each = arena_open(LIMIT_JOB_BYTES)};
    i64 *ids;
    size_t n;
    const expr *when;
    arena_defer(a, close_each, k.each);
    if (!rule_check(change, e) || !expr_parse(a, change->condition, 0, &when, e) ||
        !facts_known(s, a, when, e) || !facts_load(s, t, a, &k.facts, e) ||
        !two_sets(&k, s, change, e))
        return false;
    const expr *span = expr_both(a, expr_time_from(a, S("occurred_at"), from_ms),
                                 expr_time_before(a, S("occurred_at"), to_ms));
    if (!tally_rows(t, a, span, 0, SIMULATED_MAX + 1, &ids, &n, e)) return false;
    m.cut = n > SIMULATED_MAX;
    if (!store_scan_ids(s, ids, MIN(n, (size_t)SIMULATED_MAX), simulate_visit, &k, e)) return false;
    *out = m;
    return true;
}

static void put_int(json_out *j, const char *name, i64 v) {
    json_key(j, str_of(name));
    json_int(j, v);
}

void simulation_print(json_out *j, arena *a, const simulation *m) {
    json_object(j);
    put_int(j, "signals", m->signals);
    put_int(j, "before", m->before);
    put_int(j, "after", m->after);
    put_int(j, "gained", m->gained);
    put_int(j, "lost", m->lost);
    put_int(j, "others_lost", m->others_lost);
    json_key(j, S("cut"));
    json_bool(j, m->cut);
    json_key(j, S("months"));
    json_array(j);
    for (size_t i = 0; i < m->months_n; i++) {
        json_object(j);
        json_key(j, S("month"));
        json_text(j, str_head(day_print(a, m->months[i].month), 7));
        put_int(j, "signals", m->months[i].signals);
        put_int(j, "before", m->months[i].before);
        put_int(j, "after", m->months[i].after);
        json_end_object(j);
    }
    json_end_array(j);
    json_key(j, S("sample"));
    json_array(j);
    for (size_t i = 0; i < m->sample_n; i++) json_int(j, m->sample[i]);
    json_end_array(j);
    json_end_object(j);
}
