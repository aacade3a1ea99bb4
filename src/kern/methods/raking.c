/* raking.c - weights that make a sample look like its population; and weights trimmed. */
#include "kern/method.h"
#include "kern/moments.h"

static double kish(vec w) {
    double s = vec_sum(w);
    return s > 0 ? (double)w.n * vec_dot(w, w) / (s * s) : undefined(NO_DATA);
}

/* ---- trimming ---- */

/* Too small and too large ones go to the bounds; what that adds is taken from the others in proportion. */
static bool trim(vec w, double low, double high) {
    for (int round = 0; round < 1000; round++) {
        double free = 0, excess = 0;
        bool any = false;
        for (size_t i = 0; i < w.n; i++) {
            double to = fmin(high, fmax(low, w.v[i]));
            excess += w.v[i] - to;
            any |= to != w.v[i];
            w.v[i] = to;
            if (to > low && to < high) free += to;
        }
        if (!any) return true;
        if (!(free > 0) || free + excess <= 0) return false;
        for (size_t i = 0; i < w.n; i++)
            if (w.v[i] > low && w.v[i] < high) w.v[i] *= 1 + excess / free;
    }
    return true;
}

static bool by_trimming(calc *c) {
    vec w = in_nums(c, NULL, "weights");
    double low = in_maybe(c, NULL, "min", 0, 1, 0.3), high = in_maybe(c, NULL, "max", 1, 1e9, 3);
    for (size_t i = 0; i < w.n && calc_ok(c); i++)
        if (!(w.v[i] > 0)) calc_bad(c, "\"weights\" must be above 0");
    if (!calc_ok(c)) return false;
    double mean = vec_mean(w), before = kish(w);
    for (size_t i = 0; i < w.n; i++) w.v[i] /= mean;
    if (!trim(w, low, high))
        return calc_bad(c, "no weights between \"min\" and \"max\" keep their mean: widen them");
    out_nums(c, "trimmed_mean_one", w);
    out_num(c, "kish_deff_before", before);
    out_num(c, "kish_deff_after", kish(w));
    return true;
}

/* ---- iterative proportional fitting ---- */

static double *cell(mat m, size_t line, size_t k, bool row) {
    return row ? mat_at(m, line, k) : mat_at(m, k, line);
}

/* Scales each line to its aim; the largest relative gap before, or -1: an empty line has an aim. */
static double fit_lines(mat m, vec aims, bool row) {
    double gap = 0;
    for (size_t i = 0; i < aims.n; i++) {
        double s = 0;
        for (size_t k = 0; k < (row ? m.cols : m.rows); k++) s += *cell(m, i, k, row);
        if (!(s > 0) && aims.v[i] > 0) return -1;
        if (s > 0) gap = fmax(gap, fabs(s - aims.v[i]) / fmax(aims.v[i], 1e-300));
        for (size_t k = 0; k < (row ? m.cols : m.rows) && s > 0; k++)
            *cell(m, i, k, row) *= aims.v[i] / s;
    }
    return gap;
}

static bool by_margins(calc *c) {
    mat m = in_mat(c, NULL, "seed", false);
    vec rows = in_nums(c, NULL, "row_targets"), cols = in_nums(c, NULL, "column_targets");
    if (calc_ok(c)) in_same(c, "row_targets", rows.n, "seed (rows)", m.rows);
    if (calc_ok(c)) in_same(c, "column_targets", cols.n, "seed (columns)", m.cols);
    for (size_t i = 0; i < m.rows * m.cols && calc_ok(c); i++)
        if (m.v[i] < 0) calc_bad(c, "\"seed\" must hold none below 0");
    for (size_t i = 0; i < rows.n + cols.n && calc_ok(c); i++)
        if ((i < rows.n ? rows.v[i] : cols.v[i - rows.n]) < 0)
            calc_bad(c, "targets must not be below 0");
    if (!calc_ok(c)) return false;
    if (fabs(vec_sum(rows) - vec_sum(cols)) > 1e-6 * vec_sum(rows))
        return calc_bad(
            c, "\"row_targets\" sum to %g and \"column_targets\" to %g: they must be equal",
            vec_sum(rows), vec_sum(cols));
    double gap = 1;
    i64 cycles = 0;
    for (; cycles < 10000 && gap > 1e-13; cycles++) {
        if (!calc_steps(c, 4.0 * (double)m.rows * (double)m.cols)) return false;
        double a = fit_lines(m, rows, true), b = fit_lines(m, cols, false);
        if (a < 0 || b < 0)
            return calc_bad(
                c, "an empty row or column of \"seed\" has a target above 0: join it with another");
        gap = fmax(a, b);
    }
    out_mat(c, "table", m);
    out_int(c, "cycles", cycles);
    out_bool(c, "converged", gap <= 1e-6);
    return true;
}

static bool run(calc *c) {
    return in_has(c, NULL, "seed") ? by_margins(c) : by_trimming(c);
}

const method method_raking = {
    .name = "raking",
    .title = {"Raking and trimming weights", "加权:边际拟合与修剪", "加權:邊際擬合與修剪"},
    .source = "Deming & Stephan 1940; Kish 1992",
    .formula = "rows and columns scaled to their targets in turns until no gap is left; trimming: "
               "to [min, max] "
               "of the mean, the difference shared by the others in proportion; deff = n sum "
               "w^2/(sum w)^2",
    .input = "seed  table of counts, row_targets, column_targets; or\nweights, min (0.3), max (3)",
    .output = "table, cycles, converged; or trimmed_mean_one, kish_deff_before, kish_deff_after",
    .example = "{\"seed\":[[40,30],[20,10]],\"row_targets\":[50,50],\"column_targets\":[60,40]}",
    .run = run,
};
