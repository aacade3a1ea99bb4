/* measure.c - from a metric's name to its cells, with interval, minimum n and definition. */
#include "understand/measure_int.h"
#include "base/time.h"
#include "kern/expr_make.h"

/* ---- what depends on the data: kinds of columns, tops of scales, mentions ---- */

static void note_mention(void *ctx, str column) {
    if (column_is_mention(column)) *(bool *)ctx = true;
}

static bool of_mentions(const measure_question *q) {
    bool yes = false;
    if (q->where) expr_columns(q->where, note_mention, &yes);
    for (size_t i = 0; i < q->by_n; i++) note_mention(&yes, q->by[i].column);
    return yes;
}

/* Names that tell their scale: score:nps, score:csat, score:ces, and a number at the end. */
static num6 known_top(str column) {
    if (str_eq(column, S("score:nps"))) return 10 * NUM6_ONE;
    if (str_eq(column, S("score:csat"))) return 5 * NUM6_ONE;
    if (str_eq(column, S("score:ces"))) return 7 * NUM6_ONE;
    size_t from = column.n;
    while (from > 0 && column.p[from - 1] >= '0' && column.p[from - 1] <= '9') from--;
    i64 top;
    bool score = str_starts(column, S("score:")) && str_int(str_from(column, from), &top) &&
                 top > 1 && top <= 100;
    return score ? top * NUM6_ONE : NONE;
}

static bool highest_answer(tally *t, arena *a, str column, num6 *out, err *e) {
    tally_measure m = {.kind = MEASURE_NUM, .column = column};
    tally_question q = {.measures = &m, .measures_n = 1};
    tally_answer r;
    if (!tally_ask(t, a, &q, &r, e)) return false;
    *out = r.cells_n ? r.cells[0].stats[0].max : NONE;
    return true;
}

static bool column_is_num(tally *t, arena *a, str column, bool *out, err *e) {
    tally_column *c;
    size_t n;
    if (!tally_columns(t, a, &c, &n, e)) return false;
    *out = false;
    for (size_t i = 0; i < n; i++)
        if (str_eq(c[i].name, column)) *out = c[i].kind == COLUMN_NUM;
    return true;
}

static bool settle(tally *t, arena *a, const measure_question *q, const metric *m, metric_params *p,
                   err *e) {
    if (m->column && str_eq(str_of(m->column), S("sentiment")) &&
        str_eq(p->column, S("sentiment")) && of_mentions(q))
        p->column = S("polarity");
    if (m->takes_value && !column_is_num(t, a, p->column, &p->column_is_num, e)) return false;
    if (!m->needs_top || p->at_least) return true;
    p->scale_top = known_top(p->column);
    return p->scale_top != NONE || highest_answer(t, a, p->column, &p->scale_top, e);
}

bool formula_settles(tally *t, arena *a, const metric *m, metric_params *p) {
    err ignored;
    if (m->takes_value && !column_is_num(t, a, p->column, &p->column_is_num, &ignored)) return false;
    p->scale_top = m->needs_top && !p->at_least ? known_top(p->column) : NONE;
    return !m->needs_top || p->at_least || p->scale_top != NONE;
}

/* ---- the answer ---- */

static bool newest(void *ctx, const signal *sig, const insight *ins, err *e) {
    (void)ins, (void)e;
    *(i64 *)ctx = sig->row.occurred_at;
    return true;
}

static bool find_newest(tally *t, store *s, arena *a, const expr *where, i64 *out, err *e) {
    i64 *ids;
    size_t n;
    *out = NONE;
    if (!tally_rows(t, a, where, 0, 1, &ids, &n, e)) return false;
    return n == 0 || !s || store_scan_ids(s, ids, n, newest, out, e);
}

estimate estimate_shown(const metric *m, estimate x, i64 minimum_n) {
    bool answers = m->takes_column || m->items_least || m->takes_test || m->ask;
    bool small = answers && x.n > 0 && x.n < minimum_n;
    return small ? estimate_none("too_few", x.n, x.missing, x.invalid) : x;
}

/* ---- two conditions beside each other ---- */

int key_order(const tally_key *x, const tally_key *y, size_t n) {
    for (size_t i = 0; i < n; i++, x++, y++) {
        if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
        int o = x->kind == VALUE_TEXT ? str_cmp(x->text, y->text)
                                      : (x->num > y->num) - (x->num < y->num);
        if (o && x->kind != VALUE_MISSING) return o;
    }
    return 0;
}

/* Both sides are sorted by their keys. */
static void join_sides(arena *a, measure_answer *r, size_t by_n, const cell_list side[2]) {
    const estimate none = estimate_none("no_data", 0, 0, 0);
    size_t i = 0, k = 0;
    r->cells = NEW_N(a, measure_cell, side[0].n + side[1].n);
    while (i < side[0].n || k < side[1].n) {
        const measure_cell *x = i < side[0].n ? &side[0].cells[i] : NULL;
        const measure_cell *y = k < side[1].n ? &side[1].cells[k] : NULL;
        int o = !x ? 1 : !y ? -1 : key_order(x->keys, y->keys, by_n);
        if (o > 0) x = NULL;
        if (o < 0) y = NULL;
        measure_cell c = {.keys = x ? x->keys : y->keys,
                          .signals = x ? x->signals : 0,
                          .est = x ? x->est : none,
                          .effective = x ? x->effective : NAN,
                          .effective_before = y ? y->effective : NAN,
                          .sketched = (x && x->sketched) || (y && y->sketched),
                          .signals_before = y ? y->signals : 0,
                          .before = y ? y->est : none};
        c.change = c.est.value - c.before.value;
        r->cells[r->cells_n++] = c;
        i += x != NULL;
        k += y != NULL;
    }
}

/* The larger change, or value, first; those that are not shown last; equal ones by their keys. */
static int by_rank(const void *x, const void *y, void *ctx) {
    const measure_cell *a = x, *b = y;
    const measure_question *q = ctx;
    double p = q->compare ? fabs(a->change) : a->est.value;
    double o = q->compare ? fabs(b->change) : b->est.value;
    if (isnan(p) != isnan(o)) return isnan(p) - isnan(o);
    if (p > o || p < o) return p > o ? -1 : 1;
    return key_order(a->keys, b->keys, q->by_n);
}

static void keep_top(const measure_question *q, measure_answer *r) {
    measure_question ranked = *q;
    r->cells_all = (i64)r->cells_n;
    if (!q->top) return;
    qsort_r(r->cells, r->cells_n, sizeof *r->cells, by_rank, &ranked);
    r->cells_n = MIN(r->cells_n, (size_t)q->top);
}

static void side_of(arena *a, const measure_answer *r, const tally_question *ask,
                    const tally_answer *x, cell_list *out) {
    *out = (cell_list){NEW_N(a, measure_cell, x->cells_n), x->cells_n};
    for (size_t i = 0; i < x->cells_n; i++) {
        const tally_cell *c = &x->cells[i];
        out->cells[i] = (measure_cell){.keys = c->keys,
                                       .signals = c->n,
                                       .est = r->metric->value(&r->params, c->n, c->stats),
                                       .effective = NAN,
                                       .effective_before = NAN,
                                       .sketched = ask->measures_n && c->stats[0].sketched};
    }
}

static bool plain_ask(tally *t, arena *a, const measure_question *q, measure_answer *r,
                      const expr *where, cell_list side[2], err *e) {
    tally_measure m[METRIC_MEASURES_MAX];
    tally_answer x[2];
    tally_question ask = {.where = where,
                          .by = q->by,
                          .by_n = q->by_n,
                          .measures = m,
                          .measures_n = r->metric->measures(a, &r->params, m),
                          .zone_min = q->zone_min,
                          .zone = q->zone,
                          .threads = q->threads,
                          .afresh = q->afresh,
                          .stop = q->stop,
                          .stop_ms = q->stop_ms,
                          .most_ms = q->most_ms};
    if (!(q->compare ? tally_compare(t, a, &ask, q->versus, x, e) : tally_ask(t, a, &ask, x, e)))
        return false;
    r->cost = x[0];
    side_of(a, r, &ask, &x[0], &side[0]);
    if (!q->compare) return true;
    r->cost.rows_read += x[1].rows_read;
    r->cost.bytes_read += x[1].bytes_read;
    side_of(a, r, &ask, &x[1], &side[1]);
    return true;
}

static bool count_cells(tally *t, arena *a, const measure_question *q, measure_answer *r,
                        const expr *where, err *e) {
    cell_list side[2] = {{0}, {0}};
    bool joint = r->def.weight.n || r->metric->items_least;
    if (r->metric->ask ? !r->metric->ask(t, a, q, r, where, side, e)
        : joint        ? !joint_ask(t, a, q, r, where, side, e)
                       : !plain_ask(t, a, q, r, where, side, e))
        return false;
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < side[k].n; i++)
            side[k].cells[i].est = estimate_shown(r->metric, side[k].cells[i].est, r->minimum_n);
    if (q->compare)
        join_sides(a, r, q->by_n, side);
    else
        r->cells = side[0].cells, r->cells_n = side[0].n;
    return true;
}

/* What counts: the population, the question's condition, and the window up to now. */
static const expr *condition(arena *a, const measure_question *q, const definition *d,
                             const expr *where) {
    const expr *x = expr_both(a, d->population, where);
    if (!q->current || d->window_days == NONE) return x;
    check(q->now_ms);
    const expr *from = expr_time_from(a, S("occurred_at"), q->now_ms - d->window_days * DAY_MS);
    return expr_both(a, x,
                     expr_both(a, from, expr_time_before(a, S("occurred_at"), q->now_ms + 1)));
}

bool measure(tally *t, store *s, arena *a, const measure_question *asked, measure_answer *out,
             err *e) {
    measure_answer r = {0};
    measure_question q = *asked;
    check(!q.versus || q.compare);
    if (q.def) r.def = *q.def;
    if ((!q.def && !registry_find(s, a, q.metric, &r.def, e)) ||
        !formula_parse(a, r.def.formula, &r.metric, &r.params, e))
        return false;
    if (q.weight.n && r.metric->ask)
        return fail(e, INVALID, "%s takes no weights: it is no mean of answers", r.metric->name);
    if (q.weight.n) r.def.weight = q.weight;
    r.minimum_n = q.minimum_n != NONE       ? q.minimum_n
                  : r.def.minimum_n != NONE ? r.def.minimum_n
                                            : MEASURE_MINIMUM_N;
    const expr *where = condition(a, &q, &r.def, q.where);
    if (q.compare) q.versus = condition(a, &q, &r.def, q.versus);
    if (!settle(t, a, &q, r.metric, &r.params, e) || !count_cells(t, a, &q, &r, where, e) ||
        !find_newest(t, s, a, where, &r.newest_ms, e))
        return false;
    r.age_days = r.newest_ms == NONE || !q.now_ms
                     ? NAN
                     : fmax(0, (double)(q.now_ms - r.newest_ms) / (double)DAY_MS);
    if (r.def.quality.n && !quality_judge(t, s, a, where, q.now_ms, &r, e)) return false;
    keep_top(&q, &r);
    r.name = formula_print(a, r.metric, &r.params);
    definition_hash(a, r.name, r.metric->version, expr_both(a, r.def.population, q.where),
                    r.def.window_days, r.def.weight, r.minimum_n, r.definition);
    *out = r;
    return true;
}
