/* driver_ridge.c - ridge regression: drivers too entangled for least squares. */
#include "kern/drivers.h"
#include "kern/moments.h"

/* Coefficients in the columns' units for one penalty; false: singular. */
static bool fit(calc *c, const drivers *d, double lambda, vec *out) {
    size_t n = d->x.rows, k = d->k;
    mat t = mat_transpose(c->a, d->x), m = mat_new(c->a, k, k);
    vec mean = vec_new(c->a, k), scale = vec_new(c->a, k), b = vec_new(c->a, k);
    double my = vec_mean(d->y);
    for (size_t j = 0; j < k; j++) {
        vec col = {t.v + j * n, n};
        mean.v[j] = vec_mean(col);
        for (size_t i = 0; i < n; i++) col.v[i] -= mean.v[j];
        scale.v[j] = sqrt(vec_dot(col, col) / (double)n);
        for (size_t i = 0; i < n; i++) col.v[i] /= scale.v[j];
    }
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j < k; j++)
            *mat_at(m, i, j) =
                vec_dot((vec){t.v + i * n, n}, (vec){t.v + j * n, n}) + (i == j ? lambda : 0);
        for (size_t r = 0; r < n; r++) b.v[i] += t.v[i * n + r] * (d->y.v[r] - my);
    }
    if (!cholesky(m, 1e-14)) return false;
    cholesky_solve(m, b.v);
    *out = vec_new(c->a, k + 1);
    out->v[0] = my;
    for (size_t j = 0; j < k; j++) {
        out->v[j + 1] = b.v[j] / scale.v[j];
        out->v[0] -= out->v[j + 1] * mean.v[j];
    }
    return true;
}

static bool run(calc *c) {
    drivers d = in_drivers(c, REGRESSORS_MAX);
    vec lambdas = in_nums(c, NULL, "lambdas");
    for (size_t i = 0; i < lambdas.n && calc_ok(c); i++)
        if (lambdas.v[i] < 0) calc_bad(c, "\"lambdas\" must not be below 0");
    if (!calc_steps(c, (double)lambdas.n * (double)d.y.n * (double)d.k * (double)d.k)) return false;
    out_list(c, "coef");
    for (size_t i = 0; i < lambdas.n; i++) {
        vec b = vec_new(c->a, d.k + 1);
        if (d.flat || !fit(c, &d, lambdas.v[i], &b))
            for (size_t j = 0; j <= d.k; j++) b.v[j] = undefined(d.flat ? ZERO_VARIANCE : SINGULAR);
        out_nums(c, NULL, b);
    }
    out_end(c);
    return true;
}

const method method_driver_ridge = {
    .name = "driver_ridge",
    .title = {"Drivers: ridge regression", "驱动因素:岭回归", "驅動因素:嶺迴歸"},
    .source = "Hoerl & Kennard 1970, Technometrics 12",
    .formula =
        "(Z'Z + lambda I)^-1 Z'(y - mean), Z columns centred and divided by sqrt(mean square)",
    .input =
        "data  table\noutcome  a column\ndrivers  columns, usually all others\nlambdas  penalties",
    .output = "coef  for each penalty [intercept, by driver ...]",
    .example =
        "{\"columns\":[\"y\",\"a\",\"b\"],\"rows\":[[1,1,2],[2,2,1],[3,3,4],[4,4,3],[6,5,5]],"
        "\"outcome\":\"y\",\"lambdas\":[0,1]}",
    .run = run,
};
