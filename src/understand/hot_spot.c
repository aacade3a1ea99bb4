/* hot_spot.c - a space-time scan over places (values of text columns) and windows of weeks.
**
** For each place and window: k signals of the subject, and what would be expected if the subject were
** spread over places and weeks as all signals are.  The best log likelihood ratio wins; twice that is
** compared with chi-square of one degree, times the number of places and windows tried. */
#include "understand/hot_spot.h"
#include "base/time.h"
#include "kern/expr_make.h"
#include "kern/stats.h"

enum { WEEKS_MAX = 520, MIN_SIGNALS = 5 };
static const double MIN_LIFT = 1.5, MAX_P = 0.001;

typedef struct {
    i64 first; /* the Monday of week 0 */
    size_t n;
} weeks;

typedef struct { /* one column's counts: [value][week] */
    str column;
    str *values;
    size_t values_n;
    i64 *k, *m;
} grid;

typedef struct {
    double llr;
    const grid *g;
    size_t value, from, to; /* weeks, inclusive */
    i64 k;
    double expected;
} best;

static bool week_cells(tally *t, arena *a, const expr *where, str column, tally_answer *out,
                       err *e) {
    tally_by by[] = {{S("occurred_at"), BY_WEEK}, {column, BY_VALUE}};
    tally_question q = {.where = where, .by = by, .by_n = column.p ? 2 : 1};
    return tally_ask(t, a, &q, out, e);
}

static weeks week_range(const tally_answer *r) {
    weeks w = {0};
    if (r->cells_n == 0) return w;
    i64 last = day_of_ms(r->cells[r->cells_n - 1].keys[0].num);
    w.first = day_of_ms(r->cells[0].keys[0].num);
    w.n = (size_t)((last - w.first) / 7 + 1);
    if (w.n > WEEKS_MAX) { /* older weeks are out of reach: the newest ten years are scanned */
        w.first += 7 * (i64)(w.n - WEEKS_MAX);
        w.n = WEEKS_MAX;
    }
    return w;
}

static size_t value_index(const grid *g, str v) {
    for (size_t i = 0; i < g->values_n; i++)
        if (str_eq(g->values[i], v)) return i;
    return g->values_n;
}

static void pour(const grid *g, const weeks *w, const tally_answer *r, i64 *into) {
    for (size_t i = 0; i < r->cells_n; i++) {
        const tally_cell *c = &r->cells[i];
        i64 week = (day_of_ms(c->keys[0].num) - w->first) / 7;
        size_t v = g->column.p ? value_index(g, c->keys[1].text) : 0;
        if (c->keys[0].kind != VALUE_TIME || week < 0 || week >= (i64)w->n || v == g->values_n)
            continue;
        into[v * w->n + (size_t)week] += c->n;
    }
}

static void collect_values(arena *a, grid *g, const tally_answer *r) {
    g->values = NEW_N(a, str, PAIN_PLACES_MAX);
    if (!g->column.p) g->values_n = 1;
    for (size_t i = 0; g->column.p && i < r->cells_n && g->values_n < PAIN_PLACES_MAX; i++) {
        const tally_key *v = &r->cells[i].keys[1];
        if (v->kind == VALUE_TEXT && value_index(g, v->text) == g->values_n)
            g->values[g->values_n++] = v->text;
    }
}

static void scan(const grid *g, const weeks *w, double share, i64 total, best *b) {
    for (size_t v = 0; v < g->values_n; v++)
        for (size_t from = 0; from < w->n; from++) {
            i64 k = 0, m = 0;
            for (size_t to = from; to < w->n; to++) {
                k += g->k[v * w->n + to];
                m += g->m[v * w->n + to];
                double expected = share * (double)m;
                if (k < MIN_SIGNALS || (double)k < MIN_LIFT * expected) continue;
                double llr = scan_llr((double)k, expected, (double)total);
                if (llr > b->llr) *b = (best){llr, g, v, from, to, k, expected};
            }
        }
}

static bool scan_column(tally *t, arena *a, const expr *base, const expr *both, str column,
                        const weeks *w, double share, i64 total, best *b, double *tried, err *e) {
    tally_answer base_cells, subject_cells;
    grid *g = NEW(a, grid);
    g->column = column;
    if (!week_cells(t, a, both, column, &subject_cells, e) ||
        !week_cells(t, a, base, column, &base_cells, e))
        return false;
    collect_values(a, g, &subject_cells);
    g->k = NEW_N(a, i64, g->values_n * w->n);
    g->m = NEW_N(a, i64, g->values_n * w->n);
    pour(g, w, &subject_cells, g->k);
    pour(g, w, &base_cells, g->m);
    scan(g, w, share, total, b);
    *tried += (double)(g->values_n * w->n * (w->n + 1) / 2);
    return true;
}

/* Columns that name places: text, said of most signals, of few values. */
static bool is_place(const tally_column *c, i64 rows) {
    static const char *const not_places[] = {"lang",     "quality",  "sentiment", "emotion",
                                             "intent",   "source",   "aspect",    "polarity",
                                             "currency", "customer", "tag"};
    for (size_t i = 0; i < COUNT(not_places); i++)
        if (str_eq(c->name, str_of(not_places[i]))) return false;
    return c->kind == COLUMN_TEXT && !c->of_mention && c->distinct >= 2 &&
           c->distinct <= 10 * PAIN_PLACES_MAX && c->present * 20 >= rows;
}

static bool day_counts(tally *t, arena *a, const expr *where, i64 first, i64 *days, size_t n,
                       err *e) {
    tally_by by = {S("occurred_at"), BY_DAY};
    tally_question q = {.where = where, .by = &by, .by_n = 1};
    tally_answer r;
    if (!tally_ask(t, a, &q, &r, e)) return false;
    for (size_t i = 0; i < r.cells_n; i++) {
        i64 d = day_of_ms(r.cells[i].keys[0].num) - first;
        if (r.cells[i].keys[0].kind == VALUE_TIME && d >= 0 && d < (i64)n) days[d] += r.cells[i].n;
    }
    return true;
}

static const expr *at_place(arena *a, const expr *where, const best *b) {
    return b->g->column.p
               ? expr_both(a, where, expr_text_is(a, b->g->column, b->g->values[b->value]))
               : where;
}

/* The window found in weeks, moved to the days that fit best, a week around either end. */
static bool refine(tally *t, arena *a, const expr *base, const expr *both, const weeks *w,
                   const best *b, double share, i64 total, hot_spot *out, err *e) {
    i64 first = w->first + 7 * (i64)b->from - 7;
    size_t n = 7 * (b->to - b->from + 3);
    i64 *k = NEW_N(a, i64, n), *m = NEW_N(a, i64, n);
    if (!day_counts(t, a, at_place(a, both, b), first, k, n, e) ||
        !day_counts(t, a, at_place(a, base, b), first, m, n, e))
        return false;
    double llr = 0;
    for (size_t from = 0; from < 14 && from < n; from++) {
        i64 ks = 0, ms = 0;
        for (size_t to = from; to < n; to++) {
            ks += k[to], ms += m[to];
            double expected = share * (double)ms,
                   here = scan_llr((double)ks, expected, (double)total);
            if (ks < MIN_SIGNALS || here <= llr) continue;
            llr = here;
            out->from_day = first + (i64)from, out->to_day = first + (i64)to;
            out->n = ks, out->expected = expected;
        }
    }
    return true;
}

static bool report(tally *t, arena *a, const expr *base, const expr *both, const weeks *w,
                   const best *b, double share, i64 total, double tried, hot_spot *out, err *e) {
    double p = fmin(1, tried * 2 * normal_cdf(-sqrt(2 * b->llr)));
    if (p > MAX_P) return true;
    *out = (hot_spot){true, b->g->column, NO_STR, NONE, NONE, b->k, b->expected, 0, p};
    if (b->g->column.p) out->value = b->g->values[b->value];
    bool always = b->from == 0 && b->to + 1 == w->n;
    if (!always && !refine(t, a, base, both, w, b, share, total, out, e)) return false;
    out->lift = (double)out->n / out->expected;
    return true;
}

bool hot_spot_find(tally *t, arena *a, const expr *base, const expr *subject, hot_spot *out,
                   err *e) {
    const expr *both = expr_both(a, base, subject);
    tally_answer all, some;
    tally_column *columns;
    size_t columns_n;
    best b = {0};
    double tried = 0;
    *out = (hot_spot){.from_day = NONE, .to_day = NONE};
    if (!week_cells(t, a, base, NO_STR, &all, e) || !week_cells(t, a, both, NO_STR, &some, e))
        return false;
    i64 m = 0, total = 0;
    for (size_t i = 0; i < all.cells_n; i++) m += all.cells[i].n;
    for (size_t i = 0; i < some.cells_n; i++) total += some.cells[i].n;
    weeks w = week_range(&all);
    if (total < MIN_SIGNALS || w.n == 0) return true;
    double share = (double)total / (double)m;
    if (!scan_column(t, a, base, both, NO_STR, &w, share, total, &b, &tried, e)) return false;
    if (!tally_columns(t, a, &columns, &columns_n, e)) return false;
    for (size_t i = 0; i < columns_n; i++)
        if (is_place(&columns[i], tally_rows_total(t)) &&
            !scan_column(t, a, base, both, columns[i].name, &w, share, total, &b, &tried, e))
            return false;
    return b.llr == 0 || report(t, a, base, both, &w, &b, share, total, tried, out, e);
}
