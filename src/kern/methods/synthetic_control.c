/* synthetic_control.c - what would have been: a mix of others that was like us before. */
#include "kern/method.h"
#include "kern/moments.h"

enum { DONORS_MAX = 500 };

typedef struct {
    calc *c;
    strs units;
    vec times;
    mat y; /* units x times, NAN = not known */
    size_t treated;
    double pre[2], post[2];
} panel;

static size_t place(vec times, double t) {
    for (size_t i = 0; i < times.n; i++)
        if (times.v[i] == t) return i;
    return SIZE_MAX;
}

static void span(calc *c, const char *key, double to[2]) {
    vec v = in_nums(c, NULL, key);
    if (calc_ok(c) && (v.n != 2 || v.v[0] > v.v[1]))
        calc_bad(c, "\"%s\" must be [first, last]", key);
    for (size_t i = 0; i < 2 && calc_ok(c); i++) to[i] = v.v[i];
}

/* The table's first three columns: unit, time, value. */
static bool read(calc *c, panel *p) {
    table t = in_table(c, "data");
    str treated = in_text(c, NULL, "treated");
    span(c, "pre", p->pre);
    span(c, "post", p->post);
    if (calc_ok(c) && t.columns.n < 3)
        calc_bad(c, "\"data\" needs three columns: unit, time, value");
    strs unit = column_texts(c, &t, 0);
    vec time = column_nums(c, &t, 1), value = column_nums(c, &t, 2);
    if (!calc_ok(c)) return false;
    p->units = strs_distinct(c->a, unit);
    p->treated = strs_find(p->units, treated);
    if (p->treated == SIZE_MAX)
        return calc_bad(c, "\"treated\": there is no unit \"%.*s\"", STR_ARG(treated));
    if (p->units.n > DONORS_MAX)
        return calc_bad(c, "at most %d units, not %zu", DONORS_MAX, p->units.n);
    p->times = vec_copy(c->a, time);
    vec_sort(p->times);
    size_t n = 0;
    for (size_t i = 0; i < p->times.n; i++)
        if (!isnan(p->times.v[i]) && (n == 0 || p->times.v[n - 1] != p->times.v[i]))
            p->times.v[n++] = p->times.v[i];
    p->times.n = n;
    if (n > 5000 || !calc_steps(c, (double)t.rows * (double)n))
        return calc_bad(c, "at most 5000 times, not %zu", n);
    p->y = mat_new(c->a, p->units.n, n);
    for (size_t i = 0; i < p->units.n * n; i++) p->y.v[i] = undefined(NO_DATA);
    for (size_t i = 0; i < t.rows; i++)
        if (unit.v[i].p && !isnan(time.v[i]))
            *mat_at(p->y, strs_find(p->units, unit.v[i]), place(p->times, time.v[i])) = value.v[i];
    return true;
}

static bool whole(const panel *p, size_t unit) { /* known at all times that are asked */
    for (size_t i = 0; i < p->times.n; i++) {
        double t = p->times.v[i];
        bool asked = (t >= p->pre[0] && t <= p->pre[1]) || (t >= p->post[0] && t <= p->post[1]);
        if (asked && isnan(*mat_at(p->y, unit, i))) return false;
    }
    return true;
}

/* ---- min |b - A w|, w >= 0 (Lawson & Hanson 1974); sum w = 1 by a heavy last row ---- */

static bool solve(arena *a, mat m, vec b, const bool *in, vec *out) {
    size_t k = 0;
    for (size_t j = 0; j < m.cols; j++) k += in[j];
    mat part = mat_new(a, m.rows, k);
    vec x;
    k = 0;
    for (size_t j = 0; j < m.cols; j++) {
        if (!in[j]) continue;
        for (size_t i = 0; i < m.rows; i++) *mat_at(part, i, k) = *mat_at(m, i, j);
        k++;
    }
    if (!least_squares(a, part, b, &x, NULL)) return false;
    k = 0;
    for (size_t j = 0; j < m.cols; j++) out->v[j] = in[j] ? x.v[k++] : 0;
    return true;
}

/* The column that would lessen the rest most; SIZE_MAX: none. */
static size_t best_gradient(arena *a, mat m, vec b, vec w, const bool *in, const bool *barred) {
    size_t best = SIZE_MAX;
    double most = 1e-9;
    vec rest = mat_vec(a, m, w);
    for (size_t i = 0; i < m.rows; i++) rest.v[i] = b.v[i] - rest.v[i];
    for (size_t j = 0; j < m.cols; j++) {
        double g = 0;
        for (size_t i = 0; i < m.rows && !in[j] && !barred[j]; i++)
            g += rest.v[i] * *mat_at(m, i, j);
        if (g > most) most = g, best = j;
    }
    return best;
}

static vec nnls(calc *c, mat m, vec b) {
    vec w = vec_new(c->a, m.cols), next = vec_new(c->a, m.cols);
    bool *in = NEW_N(c->a, bool, m.cols + 1), *barred = NEW_N(c->a, bool, m.cols + 1);
    for (size_t round = 0; round < 10 * m.cols + 10; round++) {
        if (!calc_steps(c, (double)m.rows * (double)m.cols * (double)m.cols)) break;
        size_t j = best_gradient(c->a, m, b, w, in, barred);
        if (j == SIZE_MAX) break;
        in[j] = true;
        if (!solve(c->a, m, b, in, &next)) {
            in[j] = false, barred[j] = true; /* says nothing new */
            continue;
        }
        for (size_t inner = 0; inner <= m.cols; inner++) {
            double step = 1;
            for (size_t k = 0; k < m.cols; k++)
                if (in[k] && next.v[k] <= 0) step = fmin(step, w.v[k] / (w.v[k] - next.v[k]));
            for (size_t k = 0; k < m.cols; k++) {
                w.v[k] += step * (next.v[k] - w.v[k]);
                if (in[k] && next.v[k] <= 0 && w.v[k] < 1e-12) in[k] = false, w.v[k] = 0;
            }
            if (step >= 1 || !solve(c->a, m, b, in, &next)) break;
        }
    }
    return w;
}

static vec weights_of(panel *p, const size_t *donors, size_t n) {
    calc *c = p->c;
    size_t rows = 0;
    mat m = mat_new(c->a, p->times.n + 1, n);
    vec b = vec_new(c->a, p->times.n + 1);
    double scale = 0;
    for (size_t i = 0; i < p->times.n; i++) {
        if (p->times.v[i] < p->pre[0] || p->times.v[i] > p->pre[1]) continue;
        b.v[rows] = *mat_at(p->y, p->treated, i);
        for (size_t j = 0; j < n; j++) {
            *mat_at(m, rows, j) = *mat_at(p->y, donors[j], i);
            scale = fmax(scale, fabs(*mat_at(m, rows, j)));
        }
        rows++;
    }
    double heavy = 1e4 * fmax(scale, 1e-300);
    b.v[rows] = heavy;
    for (size_t j = 0; j < n; j++) *mat_at(m, rows, j) = heavy;
    m.rows = b.n = rows + 1;
    vec w = rows ? nnls(c, m, b) : vec_new(c->a, n);
    double sum = vec_sum(w);
    for (size_t j = 0; j < n; j++) w.v[j] = sum > 0 ? w.v[j] / sum : undefined(NO_DATA);
    return w;
}

static double gap_at(const panel *p, const size_t *donors, vec w, size_t time) {
    double y = *mat_at(p->y, p->treated, time);
    for (size_t j = 0; j < w.n; j++) y -= w.v[j] != 0 ? w.v[j] * *mat_at(p->y, donors[j], time) : 0;
    return y;
}

static bool run(calc *c) {
    panel p = {.c = c};
    if (!read(c, &p)) return false;
    if (!whole(&p, p.treated))
        return calc_bad(c, "\"treated\" has no value at some time of \"pre\" or \"post\"");
    size_t *donors = NEW_N(c->a, size_t, p.units.n + 1), n = 0;
    for (size_t i = 0; i < p.units.n; i++)
        if (i != p.treated && whole(&p, i)) donors[n++] = i;
    vec w = weights_of(&p, donors, n);
    if (!calc_ok(c)) return false;
    out_open(c, "weights");
    for (size_t j = 0; j < n; j++)
        if (!(w.v[j] <= 1e-6)) out_num(c, calc_cstr(c, p.units.v[donors[j]]), w.v[j]);
    out_end(c);
    neat before = {0}, after = {0};
    double k[2] = {0};
    for (size_t i = 0; i < p.times.n; i++)
        if (p.times.v[i] >= p.pre[0] && p.times.v[i] <= p.pre[1])
            neat_add(&before, pow(gap_at(&p, donors, w, i), 2)), k[0]++;
    out_num(c, "pre_rmspe", n ? sqrt(ratio(neat_sum(&before), k[0])) : undefined(NO_DATA));
    out_open(c, "gap_by_year");
    for (size_t i = 0; i < p.times.n; i++) {
        if (p.times.v[i] < p.post[0] || p.times.v[i] > p.post[1]) continue;
        double gap = n ? gap_at(&p, donors, w, i) : undefined(NO_DATA);
        neat_add(&after, gap), k[1]++;
        out_num(c, arena_fmt(c->a, "%.15g", p.times.v[i]).p, gap);
    }
    out_end(c);
    out_num(c, "mean_gap", ratio(neat_sum(&after), k[1]));
    out_int(c, "donors", (i64)n);
    return calc_ok(c);
}

const method method_synthetic_control = {
    .name = "synthetic_control",
    .title = {"Synthetic control", "合成控制法", "合成控制法"},
    .source = "Abadie, Diamond & Hainmueller 2010, J. American Statistical Association 105; Lawson "
              "& Hanson 1974",
    .formula = "weights >= 0 that sum to 1 and bring the mix of others nearest to the treated "
               "before; the gap "
               "after; units with missing values are left out",
    .input = "data  table whose first three columns are unit, time, value\ntreated  a unit\npre, "
             "post  [first, last]",
    .output = "weights  by unit, those above 0; pre_rmspe, gap_by_year, mean_gap, donors",
    .example = "{\"data\":{\"columns\":[\"unit\",\"t\",\"y\"],\"rows\":[[\"a\",1,1.5],[\"a\",2,2.5]"
               ",[\"a\",3,6],"
               "[\"b\",1,1],[\"b\",2,2],[\"b\",3,3],[\"c\",1,2],[\"c\",2,3],[\"c\",3,4]]},"
               "\"treated\":\"a\",\"pre\":[1,2],\"post\":[3,3]}",
    .run = run,
};
