/* driver_lmg.c - importance of drivers: R squared shared out fairly. */
#include "kern/drivers.h"

static bool run(calc *c) {
    drivers d = in_drivers(c, DRIVERS_EXACT_MAX);
    if (!calc_ok(c) || !calc_steps(c, ldexp((double)((d.k + 1) * (d.k + 1)), (int)d.k)))
        return false;
    size_t k = d.k, full = ((size_t)1 << k) - 1;
    const double *r2 = subsets_r2(c->a, d.r, k), *gains = gains_by_size(c->a, r2, k);
    vec lmg = lmg_of(c->a, gains, k), share = vec_new(c->a, k), first = vec_new(c->a, k),
        last = vec_new(c->a, k);
    vec pratt = vec_new(c->a, k), squares = vec_new(c->a, k), beta = {0}, vif;
    bool solved = !d.flat && std_ols_of(c->a, d.r, k, &beta, &vif);
    for (size_t j = 0; j < k; j++) {
        double b = solved ? beta.v[j] : undefined(d.flat ? ZERO_VARIANCE : SINGULAR);
        if (d.flat) lmg.v[j] = undefined(ZERO_VARIANCE);
        share.v[j] = r2[full] > 0 ? lmg.v[j] / r2[full] : undefined(ZERO_VARIANCE);
        first.v[j] = d.flat ? undefined(ZERO_VARIANCE) : gains[j * k];
        last.v[j] = d.flat ? undefined(ZERO_VARIANCE) : gains[j * k + k - 1];
        pratt.v[j] = b * *mat_at(d.r, j, k);
        squares.v[j] = b * b;
    }
    out_num(c, "n", (double)d.y.n);
    out_num(c, "R2", d.flat ? undefined(ZERO_VARIANCE) : r2[full]);
    out_named(c, "lmg", d.names, lmg);
    out_named(c, "lmg_share", d.names, share);
    out_named(c, "first", d.names, first);
    out_named(c, "last", d.names, last);
    out_named(c, "pratt", d.names, pratt);
    out_named(c, "betasq", d.names, squares);
    return true;
}

const method method_driver_lmg = {
    .name = "driver_lmg",
    .title = {"Drivers: shares of R squared (LMG)", "驱动因素:R² 分摊(LMG)",
              "驅動因素:R² 分攤(LMG)"},
    .source = "Lindeman, Merenda & Gold 1980; Groemping 2006, J. Statistical Software 17(1)",
    .formula = "mean over all orders of the gain in R2; the parts are never negative and sum to "
               "R2; drivers "
               "that say the same share equally",
    .input = "data  table\noutcome  a column\ndrivers  columns, at most 20; usually all others",
    .output = "n, R2; lmg, lmg_share, first (alone), last (added last), pratt, betasq  by driver",
    .example =
        "{\"columns\":[\"y\",\"a\",\"b\"],\"rows\":[[1,1,2],[2,2,1],[3,3,4],[4,4,3],[6,5,5]],"
        "\"outcome\":\"y\",\"drivers\":[\"a\",\"b\"]}",
    .run = run,
};
