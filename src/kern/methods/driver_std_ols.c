/* driver_std_ols.c - standardised regression of an outcome on drivers, and how entangled they are. */
#include "kern/drivers.h"

static bool run(calc *c) {
    drivers d = in_drivers(c, REGRESSORS_MAX);
    if (!calc_ok(c) || !calc_steps(c, 60.0 * (double)d.k * (double)d.k * (double)d.k)) return false;
    vec beta = vec_new(c->a, d.k), vif = vec_new(c->a, d.k), own = vec_new(c->a, d.k), eigen = {0};
    mat head = mat_new(c->a, d.k, d.k), q;
    bool ok = !d.flat && std_ols_of(c->a, d.r, d.k, &beta, &vif);
    for (size_t j = 0; j < d.k; j++) {
        if (!ok) beta.v[j] = vif.v[j] = undefined(d.flat ? ZERO_VARIANCE : SINGULAR);
        own.v[j] = *mat_at(d.r, j, d.k);
        for (size_t i = 0; i < d.k; i++) *mat_at(head, i, j) = *mat_at(d.r, i, j);
    }
    if (!d.flat) sym_eigen(c->a, head, &eigen, &q);
    bool conditioned = eigen.n && eigen.v[d.k - 1] > 1e-14;
    out_num(c, "n", (double)d.y.n);
    out_named(c, "std_beta", d.names, beta);
    out_named(c, "vif", d.names, vif);
    out_num(c, "condition_number_corr",
            conditioned ? eigen.v[0] / eigen.v[d.k - 1]
                        : undefined(d.flat ? ZERO_VARIANCE : SINGULAR));
    out_named(c, "pearson_with_outcome", d.names, own);
    return true;
}

const method method_driver_std_ols = {
    .name = "driver_std_ols",
    .title = {"Drivers: standardised regression", "驱动因素:标准化回归", "驅動因素:標準化迴歸"},
    .source = "least squares; Marquardt 1970 (VIF); Belsley, Kuh & Welsch 1980 (condition)",
    .formula = "beta = R_xx^-1 r_xy; VIF_j = (R_xx^-1)_jj; condition: largest over smallest "
               "eigenvalue of R_xx",
    .input = "data  table\noutcome  a column\ndrivers  columns, usually all others",
    .output = "n; std_beta, vif, pearson_with_outcome  by driver; condition_number_corr",
    .example =
        "{\"columns\":[\"y\",\"a\",\"b\"],\"rows\":[[1,1,2],[2,2,1],[3,3,4],[4,4,3],[6,5,5]],"
        "\"outcome\":\"y\",\"drivers\":[\"a\",\"b\"]}",
    .run = run,
};
