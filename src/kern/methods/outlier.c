/* outlier.c - Grubbs' test for one outlier, and robust scores (a file called x_test.c would be a unit test). */
#include "kern/method.h"
#include "kern/moments.h"
#include "kern/special.h"

static double critical(double n, double tail) {
    double t = t_quantile(1 - tail, n - 2);
    return (n - 1) / sqrt(n) * sqrt(t * t / (n - 2 + t * t));
}

static bool run(calc *c) {
    vec x = in_nums(c, NULL, "x");
    double alpha = in_maybe(c, NULL, "alpha", 1e-9, 0.5, 0.05), n = (double)x.n;
    if (!calc_ok(c)) return false;
    double mean = vec_mean(x), sd = vec_sd(x), median = vec_median(c->a, x), far = -1;
    size_t at = 0;
    vec off = vec_new(c->a, x.n), score = vec_new(c->a, x.n);
    for (size_t i = 0; i < x.n; i++) {
        if (fabs(x.v[i] - mean) > far) far = fabs(x.v[i] - mean), at = i;
        off.v[i] = fabs(x.v[i] - median);
    }
    double mad = vec_median(c->a, off);
    for (size_t i = 0; i < x.n; i++)
        score.v[i] = mad > 0 ? 0.6745 * (x.v[i] - median) / mad : undefined(ZERO_VARIANCE);
    out_num(c, "G", x.n < 3 ? undefined(TOO_FEW) : sd > 0 ? far / sd : undefined(ZERO_VARIANCE));
    out_num(c, "critical_two_sided", x.n < 3 ? undefined(TOO_FEW) : critical(n, alpha / (2 * n)));
    out_num(c, "critical_one_sided_max", x.n < 3 ? undefined(TOO_FEW) : critical(n, alpha / n));
    out_int(c, "outlier_index", x.n ? (i64)at : NONE);
    out_nums(c, "mad_score_hampel", score);
    return true;
}

const method method_outlier = {
    .name = "outlier_test",
    .title = {"Outlier test (Grubbs)", "离群值检验(Grubbs)", "離群值檢定(Grubbs)"},
    .source = "Grubbs 1969; NIST/SEMATECH e-Handbook 1.3.5.17.1; Iglewicz & Hoaglin 1993",
    .formula = "G = max|x-mean|/sd; critical (n-1)/sqrt(n) sqrt(t^2/(n-2+t^2)) with t at "
               "alpha/(2n) or alpha/n; "
               "score 0.6745 (x-median)/MAD",
    .input = "x\nalpha  usually 0.05",
    .output =
        "G, critical_two_sided, critical_one_sided_max, outlier_index (from 0), mad_score_hampel",
    .example = "{\"x\":[1,2,3,4,20],\"alpha\":0.05}",
    .run = run,
};
