/* refresh.c - many metrics at once: one pass over the rows for all that can share it. */
#include "understand/refresh.h"
#include "understand/measure_int.h"

typedef struct {
    const metric *m;
    metric_params p;
    size_t pass;                          /* SIZE_MAX: by itself */
    size_t at[METRIC_MEASURES_MAX], at_n; /* its measures among those of the pass */
} planned;

typedef struct {
    str by[LIMIT_GROUP_COLUMNS];
    size_t by_n;
    double cells;
    tally_measure *measures;
    size_t measures_n, measures_cap;
} pass;

typedef struct {
    tally *t;
    arena *a;
    const tally_column *columns;
    size_t columns_n;
    pass *passes;
    size_t passes_n;
    i64 cells;
} planning;

/* ---- which columns a population speaks of, and whether a cell tells them ---- */

typedef struct {
    const planning *w;
    str names[LIMIT_GROUP_COLUMNS];
    size_t n;
    bool fits;
} spoken;

static const tally_column *column_of(const planning *w, str name) {
    for (size_t i = 0; i < w->columns_n; i++)
        if (str_eq(w->columns[i].name, name)) return &w->columns[i];
    return NULL;
}

static void speak(void *ctx, str name) {
    spoken *s = ctx;
    const tally_column *c = column_of(s->w, name);
    if (!c || c->kind != COLUMN_TEXT || c->of_mention || c->distinct > REFRESH_VALUES ||
        c->distinct < 0)
        s->fits = false;
    for (size_t i = 0; i < s->n; i++)
        if (str_eq(s->names[i], name)) return;
    if (s->n == LIMIT_GROUP_COLUMNS)
        s->fits = false;
    else
        s->names[s->n++] = name;
}

static bool has_words(const expr *x) {
    return x && (x->op == EXPR_HAS || has_words(x->left) || has_words(x->right));
}

/* Cells can be added up: no distribution, no weights, nothing of its own. */
static bool shares(const definition *d, const metric *m) {
    return !d->weight.n && !m->ask && m->measures && !m->items_least && !has_words(d->population) &&
           !str_eq(str_of(m->name), S("quantile"));
}

/* ---- passes ---- */

static double grown(const planning *w, const pass *p, const spoken *s, size_t *more) {
    double cells = p->cells;
    *more = 0;
    for (size_t i = 0; i < s->n; i++) {
        bool there = false;
        for (size_t k = 0; k < p->by_n; k++) there |= str_eq(p->by[k], s->names[i]);
        if (there) continue;
        cells *= (double)column_of(w, s->names[i])->distinct + 1;
        ++*more;
    }
    return cells;
}

static void join(planning *w, pass *p, const spoken *s) {
    size_t more;
    p->cells = grown(w, p, s, &more);
    for (size_t i = 0; i < s->n; i++) {
        bool there = false;
        for (size_t k = 0; k < p->by_n; k++) there |= str_eq(p->by[k], s->names[i]);
        if (!there) p->by[p->by_n++] = s->names[i];
    }
}

/* The first pass that has room for its columns. */
static size_t seat(planning *w, const spoken *s) {
    size_t more;
    for (size_t i = 0; i < w->passes_n; i++)
        if (grown(w, &w->passes[i], s, &more) <= (double)w->cells &&
            w->passes[i].by_n + more <= LIMIT_GROUP_COLUMNS)
            return join(w, &w->passes[i], s), i;
    w->passes[w->passes_n] = (pass){.cells = 1};
    if (grown(w, &w->passes[w->passes_n], s, &more) > (double)w->cells) return SIZE_MAX;
    join(w, &w->passes[w->passes_n], s);
    return w->passes_n++;
}

static str test_text(arena *a, const tally_measure *m) {
    buf b = {.a = a};
    if (m->kind == MEASURE_SHARE) expr_print(&b, m->test);
    return buf_view(&b);
}

static bool same(arena *a, const tally_measure *x, const tally_measure *y) {
    if (x->kind != y->kind || x->quantiles != y->quantiles) return false;
    if (x->kind == MEASURE_SHARE) return str_eq(test_text(a, x), test_text(a, y));
    return str_eq(x->column, y->column);
}

static void seat_measures(planning *w, planned *x) {
    tally_measure m[METRIC_MEASURES_MAX];
    pass *p = &w->passes[x->pass];
    x->at_n = x->m->measures(w->a, &x->p, m);
    for (size_t i = 0; i < x->at_n; i++) {
        size_t k = 0;
        while (k < p->measures_n && !same(w->a, &p->measures[k], &m[i])) k++;
        if (k == p->measures_n) {
            if (p->measures_n == p->measures_cap) {
                tally_measure *old = p->measures;
                p->measures_cap = p->measures_cap ? 2 * p->measures_cap : 16;
                p->measures = NEW_N(w->a, tally_measure, p->measures_cap);
                if (old) memcpy(p->measures, old, p->measures_n * sizeof *old);
            }
            p->measures[p->measures_n++] = m[i];
        }
        x->at[i] = k;
    }
}

/* ---- adding cells up ---- */

typedef struct {
    const pass *p;
    const tally_key *keys;
} cell_row;

static void get(void *ctx, str column, value *out) {
    const cell_row *r = ctx;
    for (size_t i = 0; i < r->p->by_n; i++)
        if (str_eq(r->p->by[i], column))
            *out = (value){.kind = r->keys[i].kind, .text = r->keys[i].text, .num = r->keys[i].num};
}

static truth has(void *ctx, str column, str text) {
    (void)ctx, (void)column, (void)text;
    return UNKNOWN;
}

static void add_square(u64 into[3], const u64 x[3]) {
    u128 carry = 0;
    for (int i = 0; i < 3; i++) {
        carry += (u128)into[i] + x[i];
        into[i] = (u64)carry;
        carry >>= 64;
    }
}

static int by_value(const void *a, const void *b) {
    num6 x = ((const tally_bar *)a)->value, y = ((const tally_bar *)b)->value;
    return (x > y) - (x < y);
}

/* bars: room for all of the cells; neighbours of one value become one at the end. */
static void add_stat(tally_stat *to, const tally_stat *x, bool *whole) {
    to->n += x->n, to->missing += x->missing, to->yes += x->yes, to->sum += x->sum;
    add_square(to->square, x->square);
    if (x->n && x->min != NONE) {
        to->min = to->min == NONE ? x->min : MIN(to->min, x->min);
        to->max = to->max == NONE ? x->max : MAX(to->max, x->max);
    }
    if (x->n && !x->bars) *whole = false;
    for (size_t i = 0; i < x->bars_n && *whole; i++) {
        size_t k = 0;
        while (k < to->bars_n && to->bars[k].value != x->bars[i].value) k++;
        if (k == TALLY_HIST_MAX) {
            *whole = false;
            break;
        }
        if (k == to->bars_n) to->bars[to->bars_n++] = (tally_bar){x->bars[i].value, 0};
        to->bars[k].count += x->bars[i].count;
    }
}

static estimate add_up(arena *a, const definition *d, const planned *x, const pass *p,
                       const tally_answer *r) {
    tally_stat s[METRIC_MEASURES_MAX];
    bool whole[METRIC_MEASURES_MAX];
    i64 n = 0;
    for (size_t i = 0; i < x->at_n; i++) {
        s[i] = (tally_stat){.min = NONE, .max = NONE, .bars = NEW_N(a, tally_bar, TALLY_HIST_MAX)};
        whole[i] = true;
    }
    for (size_t k = 0; k < r->cells_n; k++) {
        cell_row row = {p, r->cells[k].keys};
        expr_row at = {get, has, &row};
        if (d->population && expr_eval(d->population, &at) != YES) continue;
        n += r->cells[k].n;
        for (size_t i = 0; i < x->at_n; i++)
            add_stat(&s[i], &r->cells[k].stats[x->at[i]], &whole[i]);
    }
    for (size_t i = 0; i < x->at_n; i++) {
        if (!whole[i]) s[i].bars = NULL, s[i].bars_n = 0;
        if (s[i].bars_n) qsort(s[i].bars, s[i].bars_n, sizeof *s[i].bars, by_value);
    }
    return estimate_shown(x->m, x->m->value(&x->p, n, s),
                          d->minimum_n == NONE ? MEASURE_MINIMUM_N : d->minimum_n);
}

/* ---- all together ---- */

static bool plan(planning *w, store *s, const definition *d, planned *x, err *e) {
    spoken k = {.w = w, .fits = true};
    x->pass = SIZE_MAX;
    if (!formula_parse(w->a, d->formula, &x->m, &x->p, e)) return false;
    (void)s;
    if (d->population) expr_columns(d->population, speak, &k);
    if (!k.fits || !shares(d, x->m) || !formula_settles(w->t, w->a, x->m, &x->p)) return true;
    x->pass = seat(w, &k);
    if (x->pass != SIZE_MAX) seat_measures(w, x);
    return true;
}

static bool count_pass(planning *w, const pass *p, const refresh_question *ask, tally_answer *out,
                       err *e) {
    tally_by by[LIMIT_GROUP_COLUMNS];
    for (size_t i = 0; i < p->by_n; i++) by[i] = (tally_by){p->by[i], BY_VALUE};
    tally_question q = {.where = ask->where,
                        .by = by,
                        .by_n = p->by_n,
                        .measures = p->measures,
                        .measures_n = p->measures_n,
                        .threads = ask->threads,
                        .afresh = ask->afresh};
    return tally_ask(w->t, w->a, &q, out, e);
}

static bool alone(planning *w, store *s, const definition *d, const expr *where, int threads,
                  estimate *out, i64 *rows, err *e) {
    measure_question q = {.def = d, .where = where, .minimum_n = NONE, .threads = threads};
    measure_answer m;
    if (!measure(w->t, s, w->a, &q, &m, e)) return false;
    *out = m.cells[0].est;
    *rows += m.cost.rows_read;
    return true;
}

bool refresh(tally *t, store *s, arena *a, const definition *d, size_t n, const refresh_question *q,
             refresh_answer *out, err *e) {
    tally_column *columns;
    planning w = {.t = t, .a = a, .cells = q->cells ? q->cells : REFRESH_CELLS};
    refresh_answer r = {.values = NEW_N(a, refreshed, n)};
    planned *x = NEW_N(a, planned, n);
    if (!tally_columns(t, a, &columns, &w.columns_n, e)) return false;
    w.columns = columns;
    w.passes = NEW_N(a, pass, n + 1);
    for (size_t i = 0; i < n; i++)
        if (!plan(&w, s, &d[i], &x[i], e)) return false;
    tally_answer *cells = NEW_N(a, tally_answer, w.passes_n);
    for (size_t i = 0; i < w.passes_n; i++) {
        if (!count_pass(&w, &w.passes[i], q, &cells[i], e)) return false;
        r.rows_read += cells[i].rows_read;
    }
    for (size_t i = 0; i < n; i++) {
        r.values[i].pass = x[i].pass;
        if (x[i].pass != SIZE_MAX)
            r.values[i].est = add_up(a, &d[i], &x[i], &w.passes[x[i].pass], &cells[x[i].pass]);
        else if (++r.alone,
                 !alone(&w, s, &d[i], q->where, q->threads, &r.values[i].est, &r.rows_read, e))
            return false;
    }
    r.passes = w.passes_n;
    *out = r;
    return true;
}
