/* reliability.c - do the items of a scale measure one thing?  Cronbach's alpha. */
#include "kern/method.h"
#include "kern/moments.h"

/* The rows without a gap. */
static mat complete(calc *c, const table *t) {
    mat m = mat_new(c->a, t->rows, t->columns.n);
    bool *gap = NEW_N(c->a, bool, t->rows + 1);
    for (size_t j = 0; j < t->columns.n && calc_ok(c); j++) {
        vec v = column_nums(c, t, j);
        for (size_t i = 0; i < v.n; i++) *mat_at(m, i, j) = v.v[i], gap[i] |= isnan(v.v[i]);
    }
    size_t n = 0;
    for (size_t i = 0; i < m.rows; i++)
        if (!gap[i]) memmove(mat_at(m, n++, 0), mat_at(m, i, 0), m.cols * sizeof(double));
    m.rows = n;
    return m;
}

static bool run(calc *c) {
    table t = in_table(c, "data");
    if (!calc_ok(c)) return false;
    if (t.columns.n < 2) return calc_bad(c, "at least two items are needed, not %zu", t.columns.n);
    mat m = complete(c, &t);
    if (!calc_ok(c) || !calc_steps(c, 3.0 * (double)m.rows * (double)m.cols * (double)m.cols))
        return false;
    mat s = covariance(c->a, m), r = correlation(c->a, m);
    double k = (double)m.cols, own = 0, all = 0, mean = 0;
    for (size_t i = 0; i < m.cols; i++)
        for (size_t j = 0; j < m.cols; j++) {
            all += *mat_at(s, i, j);
            if (i == j) own += *mat_at(s, i, j);
            if (i != j) mean += *mat_at(r, i, j) / (k * (k - 1));
        }
    out_int(c, "n", (i64)m.rows);
    out_num(c, "raw_alpha",
            all > 0      ? k / (k - 1) * (1 - own / all)
            : isnan(all) ? all
                         : undefined(ZERO_VARIANCE));
    out_num(c, "std_alpha",
            1 + (k - 1) * mean != 0 ? k * mean / (1 + (k - 1) * mean) : undefined(INFINITE));
    out_num(c, "mean_inter_item_r", mean);
    return true;
}

const method method_reliability = {
    .name = "reliability",
    .title = {"Reliability (Cronbach's alpha)", "信度(Cronbach α)", "信度(Cronbach α)"},
    .source = "Cronbach 1951, Psychometrika 16",
    .formula =
        "k/(k-1) (1 - sum of variances / variance of the sum); standardised: k r/(1+(k-1) r)",
    .input = "data  table of items; rows with a gap are left out",
    .output = "n, raw_alpha, std_alpha, mean_inter_item_r",
    .example = "{\"data\":{\"columns\":[\"a\",\"b\"],\"rows\":[[1,2],[2,2],[3,4],[4,5]]}}",
    .run = run,
};
