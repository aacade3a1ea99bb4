/* cuped.c - an experiment, with what was known before it taken off. */
#include "kern/method.h"
#include "kern/moments.h"

static vec joined(calc *c, vec a, vec b) {
    vec r = vec_new(c->a, a.n + b.n);
    if (a.n) memcpy(r.v, a.v, a.n * sizeof *a.v);
    if (b.n) memcpy(r.v + a.n, b.v, b.n * sizeof *b.v);
    return r;
}

static vec without(calc *c, vec y, vec x, double theta, double mean) {
    vec r = vec_new(c->a, y.n);
    for (size_t i = 0; i < y.n; i++) r.v[i] = y.v[i] - theta * (x.v[i] - mean);
    return r;
}

static double se_of(vec a, vec b) {
    return sqrt(vec_variance(a) / (double)a.n + vec_variance(b) / (double)b.n);
}

static bool run(calc *c) {
    vec ty = in_nums(c, NULL, "treat_y"), tx = in_nums(c, NULL, "treat_x");
    vec cy = in_nums(c, NULL, "control_y"), cx = in_nums(c, NULL, "control_x");
    if (calc_ok(c)) in_same(c, "treat_y", ty.n, "treat_x", tx.n);
    if (calc_ok(c)) in_same(c, "control_y", cy.n, "control_x", cx.n);
    if (!calc_ok(c)) return false;
    vec y = joined(c, ty, cy), x = joined(c, tx, cx);
    double var = vec_variance(x),
           theta = var > 0 ? vec_cov(y, x) / var : undefined(isnan(var) ? TOO_FEW : ZERO_VARIANCE);
    vec t = without(c, ty, tx, theta, vec_mean(x)), k = without(c, cy, cx, theta, vec_mean(x));
    double raw = se_of(ty, cy), se = se_of(t, k);
    out_num(c, "theta", theta);
    out_num(c, "raw_diff", vec_mean(ty) - vec_mean(cy));
    out_num(c, "raw_se", raw);
    out_num(c, "cuped_diff", vec_mean(t) - vec_mean(k));
    out_num(c, "cuped_se", se);
    out_num(c, "correlation", vec_cor(y, x));
    out_num(c, "variance_ratio", raw > 0 ? se * se / (raw * raw) : undefined(ZERO_VARIANCE));
    return true;
}

const method method_cuped = {
    .name = "cuped",
    .title = {"Experiment with a covariate (CUPED)", "协变量校正实验(CUPED)",
              "共變量校正實驗(CUPED)"},
    .source = "Deng, Xu, Kohavi & Walker 2013 (WSDM)",
    .formula = "y - theta (x - mean x), theta = cov(y,x)/var(x) over both groups; se = sqrt(v1/n1 "
               "+ v2/n2)",
    .input =
        "treat_y, treat_x, control_y, control_x  outcome and the same before, one of each a unit",
    .output = "theta, raw_diff, raw_se, cuped_diff, cuped_se, correlation, variance_ratio",
    .example = "{\"treat_y\":[5,7,9,6],\"treat_x\":[4,6,7,5],\"control_y\":[4,5,8,6],\"control_x\":"
               "[4,5,8,5]}",
    .run = run,
};
