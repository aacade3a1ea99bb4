/* rank_tests.c - correlations of ranks. */
#include "kern/drivers.h"
#include "kern/moments.h"

/* Both without the rows where one is missing. */
static size_t pairs_of(calc *c, vec x, vec y, vec *a, vec *b) {
    *a = vec_new(c->a, x.n), *b = vec_new(c->a, x.n);
    a->n = b->n = 0;
    for (size_t i = 0; i < x.n; i++)
        if (!isnan(x.v[i]) && !isnan(y.v[i])) a->v[a->n++] = x.v[i], b->v[b->n++] = y.v[i];
    return a->n;
}

static double tau_b(vec x, vec y) {
    double s = 0, tx = 0, ty = 0, n = 0;
    for (size_t i = 0; i < x.n; i++)
        for (size_t j = i + 1; j < x.n; j++) {
            double a = x.v[i] - x.v[j], b = y.v[i] - y.v[j];
            n++, tx += a == 0, ty += b == 0;
            s += ((a > 0) - (a < 0)) * ((b > 0) - (b < 0));
        }
    double below = sqrt((n - tx) * (n - ty));
    return below > 0 ? s / below : undefined(n > 0 ? ZERO_VARIANCE : TOO_FEW);
}

static bool run(calc *c) {
    table t = in_table(c, "data");
    str with = in_text(c, NULL, "with");
    size_t at = in_column(c, &t, with);
    vec y = column_nums(c, &t, at), rho = vec_new(c->a, t.columns.n),
        tau = vec_new(c->a, t.columns.n);
    for (size_t j = 0; j < t.columns.n && calc_ok(c); j++) {
        vec x = column_nums(c, &t, j), a, b;
        if (!calc_ok(c) || !calc_steps(c, (double)x.n * (double)x.n)) break;
        pairs_of(c, x, y, &a, &b);
        rho.v[j] = vec_cor(ranks_of(c->a, a), ranks_of(c->a, b));
        tau.v[j] = tau_b(a, b);
    }
    if (!calc_ok(c)) return false;
    out_named(c, "spearman", t.columns, rho);
    out_named(c, "kendall_tau_b", t.columns, tau);
    return true;
}

const method method_rank_tests = {
    .name = "rank_tests",
    .title = {"Rank correlations", "秩相关", "等級相關"},
    .source = "Spearman 1904; Kendall 1945 (tau-b)",
    .formula = "Pearson's correlation of average ranks; tau-b: (concordant - "
               "discordant)/sqrt((n-tx)(n-ty)) over pairs",
    .input = "columns, rows  table\nwith  a column; rows with a gap are left out pair by pair",
    .output = "spearman, kendall_tau_b  by column",
    .example = "{\"columns\":[\"y\",\"x\"],\"rows\":[[1,1],[2,3],[3,2],[4,4]],\"with\":\"y\"}",
    .run = run,
};
