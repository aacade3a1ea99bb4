/* driver_johnson.c - relative weights: importance of many correlated drivers. */
#include "kern/drivers.h"
#include "kern/moments.h"

static bool run(calc *c) {
    drivers d = in_drivers(c, REGRESSORS_MAX);
    if (!calc_ok(c) || !calc_steps(c, 60.0 * (double)d.k * (double)d.k * (double)d.k)) return false;
    vec raw = vec_new(c->a, d.k), pct = vec_new(c->a, d.k);
    bool ok = !d.flat && johnson_of(c->a, d.r, d.k, &raw);
    double sum = vec_sum(raw);
    for (size_t j = 0; j < d.k; j++) {
        if (!ok) raw.v[j] = undefined(d.flat ? ZERO_VARIANCE : SINGULAR);
        pct.v[j] = !ok ? raw.v[j] : sum > 0 ? 100 * raw.v[j] / sum : undefined(ZERO_VARIANCE);
    }
    out_num(c, "n", (double)d.y.n);
    out_num(c, "R2", ok ? sum : undefined(d.flat ? ZERO_VARIANCE : SINGULAR));
    out_named(c, "raw", d.names, raw);
    out_named(c, "rescaled_pct", d.names, pct);
    return true;
}

const method method_driver_johnson = {
    .name = "driver_johnson",
    .title = {"Drivers: relative weights (Johnson)", "驱动因素:相对权重(Johnson)",
              "驅動因素:相對權重(Johnson)"},
    .source = "Johnson 2000, Multivariate Behavioral Research 35(1); Genizi 1993",
    .formula = "R_xx = Q D Q', L = Q D^1/2 Q', b = L^-1 r_xy, weight_j = sum_i L_ji^2 b_i^2; they "
               "sum to R2",
    .input = "data  table\noutcome  a column\ndrivers  columns, usually all others",
    .output = "n, R2; raw, rescaled_pct  by driver",
    .example =
        "{\"columns\":[\"y\",\"a\",\"b\"],\"rows\":[[1,1,2],[2,2,1],[3,3,4],[4,4,3],[6,5,5]],"
        "\"outcome\":\"y\",\"drivers\":[\"a\",\"b\"]}",
    .run = run,
};
