/* goal.c - the tree of goals: where each stands, where it is going, and what moved the root. */
#include "understand/goal.h"
#include "base/time.h"
#include "kern/expr_make.h"
#include "understand/trend.h"

typedef struct {
    tally *t;
    store *s;
    arena *a;
    const goal_question *q;
    goal *g;
    size_t n;
    err *e;
} growing;

/* ---- the tree ---- */

static bool read_rows(store *s, arena *a, goal_row **out, size_t *n, err *e) {
    void *recs;
    if (!store_list(s, a, &noun_goal, &(store_query){.limit = GOALS_MAX}, &recs, n, e))
        return false;
    return *out = recs, true;
}

static int by_id(const void *a, const void *b) {
    const goal_row *x = a, *y = b;
    return x->id == y->id ? 0 : x->id < y->id ? -1 : 1;
}

/* Parents before their children; what hangs on nothing that is there is a root. */
static void plant(growing *w, goal_row *rows, size_t n, i64 parent, size_t above, size_t depth) {
    for (size_t i = 0; i < n; i++) {
        bool there = false;
        for (size_t k = 0; k < n && !there; k++) there = rows[k].id == rows[i].parent_id;
        if ((there ? rows[i].parent_id : NONE) != parent || w->n == n || depth > 20) continue;
        goal *g = &w->g[w->n];
        *g = (goal){.row = rows[i],
                    .parent = above,
                    .depth = depth,
                    .gap = NAN,
                    .contribution = NAN,
                    .rest = NAN};
        titles_read(w->a, g->row.title, g->row.name, g->title);
        plant(w, rows, n, rows[i].id, w->n++, depth + 1);
    }
}

/* ---- where it stands ---- */

static const expr *period(arena *a, i64 from, i64 to) {
    return expr_both(a, expr_time_from(a, S("occurred_at"), from),
                     expr_time_before(a, S("occurred_at"), to));
}

static bool population(growing *w, const goal *g, const expr **out) {
    err inner;
    *out = NULL;
    if (g->row.population.n && !expr_parse(w->a, g->row.population, 0, out, &inner))
        return fail(w->e, inner.code, "goal %.*s: %s", STR_ARG(g->row.name), inner.msg);
    *out = expr_both(w->a, *out, w->q->where);
    return true;
}

static measure_question question_of(growing *w, const goal *g, const expr *where) {
    i64 end = w->q->now_ms + 1, span = w->q->days * DAY_MS;
    return (measure_question){.metric = g->row.metric,
                              .where = expr_both(w->a, where, period(w->a, end - span, end)),
                              .versus =
                                  expr_both(w->a, where, period(w->a, end - 2 * span, end - span)),
                              .compare = true,
                              .zone_min = w->q->zone_min,
                              .zone = w->q->zone,
                              .minimum_n = NONE,
                              .now_ms = w->q->now_ms,
                              .most_ms = w->q->most_ms};
}

static bool stand(growing *w, goal *g) {
    const expr *where;
    err inner;
    if (!population(w, g, &where)) return false;
    measure_question q = question_of(w, g, where);
    if (!measure(w->t, w->s, w->a, &q, &g->now, &inner))
        return fail(w->e, inner.code, "goal %.*s: %s", STR_ARG(g->row.name), inner.msg);
    g->value[0] = g->now.cells[0].before.value;
    g->value[1] = g->now.cells[0].est.value;
    return true;
}

/* ---- where it is going: by the weeks that are over ---- */

static size_t weeks_of(const trend *x, i64 this_week, double *y) {
    i64 first = NONE;
    size_t n = 0;
    for (size_t i = 1; i < x->points_n; i++) { /* the first week may have begun before the data */
        i64 at = x->points[i].key.num / (7 * DAY_MS);
        if (x->points[i].key.num >= this_week ||
            x->points[i].key.num < this_week - GOAL_WEEKS * 7 * DAY_MS)
            continue;
        if (first == NONE) first = at;
        while (n < (size_t)(at - first)) y[n++] = NAN;
        y[n++] = x->points[i].est.value;
    }
    return n;
}

static bool look_ahead(growing *w, goal *g) {
    const expr *where;
    double y[GOAL_WEEKS + 2];
    trend x;
    if (str_eq(g->row.forecast, S("none"))) return true;
    if (!population(w, g, &where)) return false;
    trend_question q = {.metric = g->row.metric,
                        .where = where,
                        .unit = BY_WEEK,
                        .zone_min = w->q->zone_min,
                        .zone = w->q->zone,
                        .now_ms = w->q->now_ms,
                        .most_ms = w->q->most_ms};
    if (g->now.metric->ask) return true;
    if (!trend_ask(w->t, w->s, w->a, &q, &x, w->e)) return false;
    i64 week = day_week(day_of_ms(w->q->now_ms)) * DAY_MS;
    size_t n = weeks_of(&x, week, y);
    i64 until = g->row.target_at == NONE ? w->q->now_ms + w->q->days * DAY_MS : g->row.target_at;
    i64 ahead = (until - week) / (7 * DAY_MS) + 1;
    if (ahead < 1 || ahead > 5 * GOAL_WEEKS) return true;
    forecast_point *p = NEW_N(w->a, forecast_point, (size_t)ahead);
    forecast_kind kind = str_eq(g->row.forecast, S("holt")) ? FORECAST_HOLT : FORECAST_LINEAR;
    g->trend = forecast_of(w->a, kind, (vec){y, n}, p, (size_t)ahead);
    g->ahead = p[ahead - 1];
    if (!g->now.metric->takes_column && g->now.metric->measures && !g->now.metric->items_least &&
        !g->now.metric->takes_test) { /* a count of weeks, said of as many days as the goal */
        double weeks = (double)w->q->days / 7;
        g->ahead =
            (forecast_point){g->ahead.value * weeks, g->ahead.low * weeks, g->ahead.high * weeks};
    }
    return true;
}

static void judge(goal *g) {
    double target = num6_double(g->row.target), sign = str_eq(g->row.better, S("down")) ? -1 : 1;
    const estimate *x = &g->now.cells[0].est;
    if (g->row.target == NONE) return;
    g->status = GOAL_UNKNOWN;
    if (!isfinite(g->value[1])) return;
    g->gap = target - g->value[1];
    g->sure = sign * ((sign > 0 ? x->low : x->high) - target) >= 0;
    double best = sign > 0 ? g->ahead.high : -g->ahead.low;
    double worst = sign > 0 ? g->ahead.low : -g->ahead.high;
    if (sign * g->gap <= 0)
        g->status = GOAL_REACHED;
    else if (!g->trend.ok)
        g->status = GOAL_AT_RISK;
    else
        g->status = worst >= sign * target ? GOAL_ON_TRACK
                    : best < sign * target ? GOAL_OFF_TRACK
                                           : GOAL_AT_RISK;
}

/* ---- what moved the root ---- */

typedef struct {
    size_t goal;
    bool rest; /* what the goal's relation does not explain */
} player;

typedef struct {
    growing *w;
    relation **of; /* by goal; NULL = a leaf */
    player players[GOAL_PLAYERS];
    size_t n, root;
    double *rest[2];  /* by goal */
    double **scratch; /* by goal: values its relation is asked with */
} game;

static double worth(const game *k, size_t at, u32 now, bool direct, int side);

static double related(const game *k, size_t at, u32 now, bool direct, int side) {
    double *v = k->scratch[at];
    for (size_t i = 0; i < k->w->n; i++)
        v[i] = relation_names(k->of[at], i) ? worth(k, i, now, direct, side) : 0;
    return relation_value(k->of[at], v);
}

/* direct: as measured at that side; else rebuilt of the players that have moved. */
static double worth(const game *k, size_t at, u32 now, bool direct, int side) {
    if (direct) return k->w->g[at].value[side];
    double v = k->of[at] ? related(k, at, now, false, 0) : 0;
    for (size_t i = 0; i < k->n; i++) {
        if (k->players[i].goal != at) continue;
        int s = now >> i & 1;
        v += k->players[i].rest ? k->rest[s][at] : k->w->g[at].value[s];
    }
    return v;
}

static double of_root(void *ctx, u32 now) {
    const game *k = ctx;
    return worth(k, k->root, now, false, 0);
}

/* A relation can only be judged when all it speaks of have both values. */
static bool whole(const game *k, size_t at) {
    bool ok = isfinite(k->w->g[at].value[0]) && isfinite(k->w->g[at].value[1]);
    for (size_t i = 0; i < k->w->n && ok && k->of[at]; i++)
        if (relation_names(k->of[at], i)) ok = whole(k, i);
    return ok;
}

static bool join(game *k, size_t at) {
    for (int side = 0; side < 2; side++)
        k->rest[side][at] = k->of[at] ? k->w->g[at].value[side] - related(k, at, 0, true, side) : 0;
    if (k->n == GOAL_PLAYERS) return false;
    k->players[k->n++] = (player){at, k->of[at] != NULL};
    for (size_t i = 0; i < k->w->n; i++)
        if (k->of[at] && relation_names(k->of[at], i) && !join(k, i)) return false;
    return true;
}

static void share_out(game *k) {
    double out[GOAL_PLAYERS];
    goal *g = k->w->g;
    shapley(k->w->a, of_root, k, k->n, out);
    for (size_t i = 0; i < k->n; i++) {
        size_t at = k->players[i].goal;
        if (k->players[i].rest) g[at].rest = out[i];
        for (size_t up = at;; up = g[up].parent) {
            g[up].contribution = (isnan(g[up].contribution) ? 0 : g[up].contribution) + out[i];
            if (up == k->root) break;
        }
    }
}

static bool play(growing *w, relation **of, size_t root) {
    game *k = NEW(w->a, game);
    *k = (game){.w = w, .of = of, .root = root};
    for (int i = 0; i < 2; i++) k->rest[i] = NEW_N(w->a, double, w->n);
    k->scratch = NEW_N(w->a, double *, w->n);
    for (size_t i = 0; i < w->n; i++) k->scratch[i] = NEW_N(w->a, double, w->n);
    if (!whole(k, root)) return true;
    if (!of[root]) return w->g[root].contribution = w->g[root].value[1] - w->g[root].value[0], true;
    if (!join(k, root))
        return fail(w->e, LIMIT,
                    "goal %.*s has more than %d leaves: their parts cannot be told apart",
                    STR_ARG(w->g[root].row.name), GOAL_PLAYERS);
    share_out(k);
    return true;
}

/* ---- mixes ---- */

static str key_text(growing *w, const tally_by *by, const tally_key *k) {
    return k->kind == VALUE_MISSING ? NO_STR : measure_key(w->a, by, k);
}

/* mix_s = (w1 - w0)(m0 - M0), rate_s = w1 (m1 - m0): kern's change_decomposition. */
static void split(growing *w, goal *g, const tally_by *by, const measure_answer *m) {
    double n[2] = {0, 0}, sum = 0;
    g->segments = NEW_N(w->a, goal_segment, m->cells_n);
    for (size_t i = 0; i < m->cells_n; i++) {
        const measure_cell *c = &m->cells[i];
        n[0] += (double)c->before.n, n[1] += (double)c->est.n;
        if (c->before.n) sum += (double)c->before.n * c->before.value;
    }
    if (!(n[0] > 0 && n[1] > 0)) return;
    double all = sum / n[0];
    for (size_t i = 0; i < m->cells_n; i++) {
        const measure_cell *c = &m->cells[i];
        double w0 = (double)c->before.n / n[0], w1 = (double)c->est.n / n[1];
        double m0 = c->before.n ? c->before.value : all;
        if (!c->before.n && !c->est.n) continue;
        g->segments[g->segments_n++] = (goal_segment){key_text(w, by, c->keys),
                                                      (w1 - w0) * (m0 - all),
                                                      c->est.n ? w1 * (c->est.value - m0) : 0,
                                                      {c->before.n, c->est.n}};
    }
}

static int larger(const void *a, const void *b) {
    const goal_segment *x = a, *y = b;
    double p = fabs(x->mix + x->rate), q = fabs(y->mix + y->rate);
    return p > q ? -1 : p < q ? 1 : str_cmp(x->value, y->value);
}

static void gather_small(goal *g) {
    qsort(g->segments, g->segments_n, sizeof *g->segments, larger);
    for (; g->segments_n > GOAL_SEGMENTS; g->segments_n--) {
        const goal_segment *x = &g->segments[g->segments_n - 1];
        goal_segment *to = &g->segments[GOAL_SEGMENTS - 1];
        to->value = S("..."), to->mix += x->mix, to->rate += x->rate;
        to->n[0] += x->n[0], to->n[1] += x->n[1];
    }
}

static bool mix(growing *w, goal *g, str column) {
    const expr *where;
    tally_by by = {column, BY_VALUE};
    measure_answer m;
    err inner;
    if (!population(w, g, &where)) return false;
    measure_question q = question_of(w, g, where);
    q.by = &by, q.by_n = 1, q.minimum_n = 0;
    if (!measure(w->t, w->s, w->a, &q, &m, &inner))
        return fail(w->e, inner.code, "goal %.*s: %s", STR_ARG(g->row.name), inner.msg);
    split(w, g, &by, &m);
    gather_small(g);
    return true;
}

static bool relate(growing *w, relation **of) {
    str *names = NEW_N(w->a, str, w->n);
    for (size_t i = 0; i < w->n; i++) {
        str column;
        err inner;
        if (!w->g[i].row.relation.n) continue;
        for (size_t k = 0; k < w->n; k++)
            names[k] = k > i && w->g[k].parent == i ? w->g[k].row.name : S("(");
        if (!relation_parse(w->a, w->g[i].row.relation, names, w->n, &of[i], &column, &inner))
            return fail(w->e, inner.code, "goal %.*s: %s", STR_ARG(w->g[i].row.name), inner.msg);
        if (column.n && !mix(w, &w->g[i], column)) return false;
    }
    return true;
}

bool goals_ask(tally *t, store *s, arena *a, const goal_question *q, goal_tree *out, err *e) {
    growing w = {t, s, a, q, NULL, 0, e};
    goal_row *rows;
    size_t n;
    check(q->now_ms && q->days > 0);
    if (!read_rows(s, a, &rows, &n, e)) return false;
    qsort(rows, n, sizeof *rows, by_id);
    w.g = NEW_N(a, goal, n + 1);
    plant(&w, rows, n, NONE, SIZE_MAX, 0);
    relation **of = NEW_N(a, relation *, n + 1);
    for (size_t i = 0; i < w.n; i++) {
        if (!stand(&w, &w.g[i]) || !look_ahead(&w, &w.g[i])) return false;
        judge(&w.g[i]);
    }
    if (!relate(&w, of)) return false;
    for (size_t i = 0; i < w.n; i++)
        if (w.g[i].parent == SIZE_MAX && !play(&w, of, i)) return false;
    *out = (goal_tree){w.g, w.n};
    return true;
}

/* ---- checking ---- */

static bool circle(const goal_row *rows, size_t n, const goal_row *m) {
    i64 at = m->parent_id;
    for (size_t steps = 0; at != NONE && steps <= n; steps++) {
        if (at == m->id) return true;
        i64 up = NONE;
        for (size_t i = 0; i < n; i++)
            if (rows[i].id == at) up = rows[i].parent_id;
        at = up;
    }
    return at != NONE;
}

bool goal_check(store *s, arena *a, const goal_row *m, err *e) {
    goal_row *rows;
    size_t n, k = 0;
    definition d;
    const expr *x;
    err inner;
    if (!noun_check(&noun_goal, m, e) || !registry_find(s, a, m->metric, &d, e) ||
        !read_rows(s, a, &rows, &n, e))
        return false;
    if (!m->id && n >= GOALS_MAX) return fail(e, LIMIT, "there are %d goals already", GOALS_MAX);
    for (size_t i = 0; i < m->name.n; i++)
        if (strchr(" ()+*/,", m->name.p[i]))
            return fail(e, INVALID, "name: formulas name goals, so no blanks, brackets or signs");
    if (m->population.n && !expr_parse(a, m->population, 0, &x, &inner))
        return fail(e, inner.code, "population: %s", inner.msg);
    if (m->id && circle(rows, n, m))
        return fail(e, INVALID, "parent_id: a goal cannot be below itself");
    if (!m->relation.n) return true;
    str *names = NEW_N(a, str, n + 1), column;
    for (size_t i = 0; i < n; i++)
        if (m->id && rows[i].parent_id == m->id) names[k++] = rows[i].name;
    relation *r;
    return relation_parse(a, m->relation, names, k, &r, &column, e);
}
