/* hot_spot.c - scans for places (values of text columns) and waves (windows of weeks in a place).
**
** Of a place: k signals of the subject, against its share of all signals.  Of a wave: k in a window,
** against the window's share of the place's own signals, so that a place which always speaks of the
** subject is no wave.  The log likelihood ratio decides; twice that is compared with chi-square of one
** degree of freedom, times the number of places or windows tried. */
#include "understand/hot_spot.h"
#include "base/time.h"
#include "kern/expr_make.h"
#include "kern/stats.h"

enum { WEEKS_MAX = 520, COLUMNS_MAX = 64, MIN_SIGNALS = 5 };
static const double MIN_LIFT = 1.5, MAX_P = 0.001;

typedef struct {
    i64 first; /* the Monday of week 0 */
    size_t n;
} weeks;

typedef struct { /* all signals of one column: [value][week] */
    str column;  /* missing: everywhere, one value */
    str *values; /* sorted */
    size_t values_n;
    i64 *m;
} whole;

typedef struct { /* one column's counts, of the values the subject has */
    str column;
    str *values;
    size_t values_n;
    i64 *k;        /* of the subject: [value][week] */
    const i64 **m; /* of all: the weeks of each value */
} grid;

struct hot_base {
    tally *t;
    arena *a;
    const expr *where;
    weeks w;
    i64 m; /* signals */
    whole columns[COLUMNS_MAX];
    size_t columns_n;
};

typedef struct {
    double llr;
    const grid *g;
    size_t value, from, to; /* weeks, inclusive */
    i64 k;
    double expected;
} best;

typedef struct {
    hot_base *base;
    arena *a;
    const expr *both;
    weeks w;
    i64 k, m; /* of the subject, of all */
    grid grids[COLUMNS_MAX];
    size_t grids_n;
    err *e;
} scanning;

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

static size_t week_of(const weeks *w, const tally_cell *c) {
    i64 week = (day_of_ms(c->keys[0].num) - w->first) / 7;
    bool within = c->keys[0].kind == VALUE_TIME && week >= 0 && week < (i64)w->n;
    return within ? (size_t)week : SIZE_MAX;
}

/* Where v stands, or would. */
static size_t place_of(const str *values, size_t n, str v) {
    size_t lo = 0, hi = n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (str_cmp(values[mid], v) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* The same, where the next one is likely: within a week cells ascend by value. */
static size_t place_near(const str *values, size_t n, str v, size_t last) {
    if (last + 1 < n && str_eq(values[last + 1], v)) return last + 1;
    return place_of(values, n, v);
}

static int by_text(const void *x, const void *y) {
    return str_cmp(*(const str *)x, *(const str *)y);
}

static void collect_values(arena *a, whole *g, const tally_answer *r) {
    size_t n = 0;
    g->values = NEW_N(a, str, r->cells_n + 1);
    for (size_t i = 0; i < r->cells_n; i++)
        if (r->cells[i].keys[1].kind == VALUE_TEXT) g->values[n++] = r->cells[i].keys[1].text;
    qsort(g->values, n, sizeof *g->values, by_text);
    for (size_t i = 0; i < n; i++)
        if (!i || !str_eq(g->values[i], g->values[g->values_n - 1]))
            g->values[g->values_n++] = g->values[i];
}

static bool add_column(hot_base *b, str column, err *e) {
    tally_answer r;
    whole *g = &b->columns[b->columns_n++];
    g->column = column;
    if (!week_cells(b->t, b->a, b->where, column, &r, e)) return false;
    if (column.p)
        collect_values(b->a, g, &r);
    else
        g->values_n = 1;
    g->m = NEW_N(b->a, i64, g->values_n * b->w.n);
    for (size_t i = 0, last = 0; i < r.cells_n; i++) {
        size_t week = week_of(&b->w, &r.cells[i]), v = 0;
        if (week == SIZE_MAX || (column.p && r.cells[i].keys[1].kind != VALUE_TEXT)) continue;
        if (column.p) v = last = place_near(g->values, g->values_n, r.cells[i].keys[1].text, last);
        g->m[v * b->w.n + week] += r.cells[i].n;
    }
    return true;
}

/* The values the subject has, the first PAIN_PLACES_MAX that come; local[v] is their number + 1. */
static void pour(arena *a, const weeks *w, const whole *all, const tally_answer *r, grid *g) {
    u32 *local = NEW_N(a, u32, all->values_n + 1);
    g->column = all->column;
    g->values = NEW_N(a, str, PAIN_PLACES_MAX);
    g->m = (const i64 **)arena_array(a, sizeof *g->m, PAIN_PLACES_MAX);
    g->k = NEW_N(a, i64, PAIN_PLACES_MAX * w->n);
    for (size_t i = 0, last = 0; i < r->cells_n; i++) {
        size_t week = week_of(w, &r->cells[i]), v = 0;
        const tally_key *key = all->column.p ? &r->cells[i].keys[1] : NULL;
        if (key && key->kind != VALUE_TEXT) continue;
        if (key) v = last = place_near(all->values, all->values_n, key->text, last);
        if (v == all->values_n || (key && !str_eq(all->values[v], key->text))) continue;
        if (!local[v] && g->values_n < PAIN_PLACES_MAX) {
            if (key) g->values[g->values_n] = all->values[v];
            g->m[g->values_n] = all->m + v * w->n;
            local[v] = (u32)++g->values_n;
        }
        if (local[v] && week != SIZE_MAX) g->k[(local[v] - 1) * w->n + week] += r->cells[i].n;
    }
}

static bool add_grid(scanning *s, const whole *all) {
    tally_answer r;
    if (!week_cells(s->base->t, s->a, s->both, all->column, &r, s->e)) return false;
    pour(s->a, &s->w, all, &r, &s->grids[s->grids_n++]);
    return true;
}

static i64 sum(const i64 *v, size_t n) {
    i64 total = 0;
    for (size_t i = 0; i < n; i++) total += v[i];
    return total;
}

/* ---- waves ---- */

/* A window's share lies between those of its weeks: where no week has the lift no window has. */
static bool any_week_lifts(const i64 *ks, const i64 *ms, size_t n, double rate) {
    for (size_t i = 0; i < n; i++)
        if ((double)ks[i] * (1 + 1e-9) >= MIN_LIFT * rate * (double)ms[i] && ks[i]) return true;
    return false;
}

static void scan_place(const scanning *s, const grid *g, size_t v, best *b) {
    const i64 *ks = g->k + v * s->w.n, *ms = g->m[v];
    i64 all_k = sum(ks, s->w.n), all_m = sum(ms, s->w.n);
    if (all_k < MIN_SIGNALS || !any_week_lifts(ks, ms, s->w.n, (double)all_k / (double)all_m))
        return;
    for (size_t from = 0; from < s->w.n; from++) {
        i64 k = 0, m = 0;
        for (size_t to = from; to < s->w.n && 2 * (to - from + 1) <= s->w.n; to++) {
            k += ks[to], m += ms[to];
            if (2 * k * all_m < 3 * all_k * m - all_m) continue; /* as below, without a division */
            double expected = (double)all_k * (double)m / (double)all_m;
            if (k < MIN_SIGNALS || (double)k < MIN_LIFT * expected) continue;
            double llr = scan_llr((double)k, expected, (double)all_k);
            if (llr > b->llr) *b = (best){llr, g, v, from, to, k, expected};
        }
    }
}

static bool day_counts(scanning *s, const expr *where, i64 first, i64 *days, size_t n) {
    tally_by by = {S("occurred_at"), BY_DAY};
    tally_question q = {.where = where, .by = &by, .by_n = 1};
    tally_answer r;
    if (!tally_ask(s->base->t, s->a, &q, &r, s->e)) return false;
    for (size_t i = 0; i < r.cells_n; i++) {
        i64 d = day_of_ms(r.cells[i].keys[0].num) - first;
        if (r.cells[i].keys[0].kind == VALUE_TIME && d >= 0 && d < (i64)n) days[d] += r.cells[i].n;
    }
    return true;
}

static const expr *at_place(arena *a, const expr *where, const best *b) {
    if (!b->g->column.p) return where;
    return expr_both(a, where, expr_text_is(a, b->g->column, b->g->values[b->value]));
}

/* The window found in weeks, moved to the days that fit best, a week around either end. */
static bool refine(scanning *s, const best *b, hot_spot *out) {
    i64 first = s->w.first + 7 * (i64)b->from - 7;
    size_t n = 7 * (b->to - b->from + 3);
    i64 *k = NEW_N(s->a, i64, n), *m = NEW_N(s->a, i64, n);
    if (!day_counts(s, at_place(s->a, s->both, b), first, k, n) ||
        !day_counts(s, at_place(s->a, s->base->where, b), first, m, n))
        return false;
    double all_k = (double)sum(b->g->k + b->value * s->w.n, s->w.n), llr = 0;
    double rate = all_k / (double)sum(b->g->m[b->value], s->w.n);
    for (size_t from = 0; from < n; from++) {
        i64 ks = 0, ms = 0;
        for (size_t to = from; to < n; to++) {
            ks += k[to], ms += m[to];
            double expected = rate * (double)ms, here = scan_llr((double)ks, expected, all_k);
            if (ks < MIN_SIGNALS || here <= llr) continue;
            llr = here;
            out->from_day = first + (i64)from, out->to_day = first + (i64)to;
            out->n = ks, out->expected = expected;
        }
    }
    return true;
}

static hot_spot spot_of(const best *b, double tried) {
    double p = fmin(1, tried * 2 * normal_cdf(-sqrt(2 * b->llr)));
    hot_spot h = {b->g->column, NO_STR, NONE, NONE, b->k, b->expected, 0, p};
    if (b->g->column.p) h.value = b->g->values[b->value];
    return h;
}

static bool find_wave(scanning *s, hot_spot *out, size_t *n) {
    best b = {0};
    double tried = 0;
    for (size_t i = 0; i < s->grids_n; i++) {
        for (size_t v = 0; v < s->grids[i].values_n; v++) scan_place(s, &s->grids[i], v, &b);
        tried += (double)(s->grids[i].values_n * s->w.n * (s->w.n + 1) / 2);
    }
    if (b.llr == 0) return true;
    hot_spot h = spot_of(&b, tried);
    if (h.p > MAX_P) return true;
    if (!refine(s, &b, &h)) return false;
    h.lift = (double)h.n / h.expected;
    out[(*n)++] = h;
    return true;
}

/* ---- places ---- */

static best best_place(const scanning *s, const grid *g) {
    best b = {0};
    for (size_t v = 0; v < g->values_n; v++) {
        i64 k = sum(g->k + v * s->w.n, s->w.n), m = sum(g->m[v], s->w.n);
        double expected = (double)s->k * (double)m / (double)s->m;
        if (k < MIN_SIGNALS || (double)k < MIN_LIFT * expected) continue;
        double llr = scan_llr((double)k, expected, (double)s->k);
        if (llr > b.llr) b = (best){llr, g, v, 0, s->w.n - 1, k, expected};
    }
    return b;
}

static int by_llr(const void *x, const void *y) {
    const best *a = x, *b = y;
    return (a->llr < b->llr) - (a->llr > b->llr);
}

static void find_places(const scanning *s, hot_spot *out, size_t *n) {
    best found[COLUMNS_MAX];
    size_t found_n = 0;
    double tried = 0;
    for (size_t i = 0; i < s->grids_n; i++) {
        if (!s->grids[i].column.p) continue;
        tried += (double)s->grids[i].values_n;
        found[found_n] = best_place(s, &s->grids[i]);
        found_n += found[found_n].llr > 0;
    }
    qsort(found, found_n, sizeof *found, by_llr);
    for (size_t i = 0; i < found_n && *n < HOT_SPOTS; i++) {
        hot_spot h = spot_of(&found[i], tried);
        if (h.p > MAX_P) return;
        h.lift = (double)h.n / h.expected;
        out[(*n)++] = h;
    }
}

/* Columns that name places: text, said of one signal in twenty at least, of few values. */
static bool is_place(const tally_column *c, i64 rows) {
    static const char *const not_places[] = {"lang",   "quality",  "sentiment", "emotion",
                                             "intent", "source",   "aspect",    "polarity",
                                             "tag",    "currency", "customer"};
    for (size_t i = 0; i < COUNT(not_places); i++)
        if (str_eq(c->name, str_of(not_places[i]))) return false;
    return c->kind == COLUMN_TEXT && !c->of_mention && c->distinct >= 2 &&
           c->distinct <= 10 * PAIN_PLACES_MAX && c->present * 20 >= rows;
}

bool hot_base_make(tally *t, arena *a, const expr *where, hot_base **out, err *e) {
    hot_base *b = NEW(a, hot_base);
    *b = (hot_base){.t = t, .a = a, .where = where};
    tally_answer all;
    tally_column *columns;
    size_t n;
    if (!week_cells(t, a, where, NO_STR, &all, e) || !tally_columns(t, a, &columns, &n, e))
        return false;
    for (size_t i = 0; i < all.cells_n; i++) b->m += all.cells[i].n;
    b->w = week_range(&all);
    if (!add_column(b, NO_STR, e)) return false;
    for (size_t i = 0; i < n && b->columns_n < COLUMNS_MAX; i++)
        if (is_place(&columns[i], tally_rows_total(t)) && !add_column(b, columns[i].name, e))
            return false;
    *out = b;
    return true;
}

bool hot_spots_find(hot_base *b, const expr *subject, hot_spot out[HOT_SPOTS], size_t *n_out,
                    err *e) {
    scanning *s = NEW(b->a, scanning);
    tally_answer some;
    *s = (scanning){.base = b,
                    .a = b->a,
                    .both = expr_both(b->a, b->where, subject),
                    .w = b->w,
                    .m = b->m,
                    .e = e};
    *n_out = 0;
    if (!week_cells(b->t, b->a, s->both, NO_STR, &some, e)) return false;
    for (size_t i = 0; i < some.cells_n; i++) s->k += some.cells[i].n;
    if (s->k < MIN_SIGNALS || s->w.n == 0) return true;
    for (size_t i = 0; i < b->columns_n; i++)
        if (!add_grid(s, &b->columns[i])) return false;
    if (!find_wave(s, out, n_out)) return false;
    find_places(s, out, n_out);
    return true;
}
