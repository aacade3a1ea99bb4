/* ewma.c - exponentially weighted moving average chart with exact limits. */
#include "kern/method.h"

static bool run(calc *c) {
    vec x = in_nums(c, NULL, "x");
    double target = in_num(c, NULL, "target"), sigma = in_num_of(c, NULL, "sigma", 0, 1e100);
    double lambda = in_maybe(c, NULL, "lambda", 1e-6, 1, 0.2),
           wide = in_maybe(c, NULL, "L", 0, 100, 3);
    if (!calc_ok(c)) return false;
    vec z = vec_new(c->a, x.n), low = vec_new(c->a, x.n), high = vec_new(c->a, x.n);
    double at = target;
    for (size_t i = 0; i < x.n; i++) {
        double reach =
            wide * sigma * sqrt(lambda / (2 - lambda) * (1 - pow(1 - lambda, 2 * ((double)i + 1))));
        at = z.v[i] = lambda * x.v[i] + (1 - lambda) * at;
        low.v[i] = target - reach, high.v[i] = target + reach;
    }
    out_nums(c, "z", z);
    out_nums(c, "lcl", low);
    out_nums(c, "ucl", high);
    out_list(c, "out_of_control");
    for (size_t i = 0; i < x.n; i++)
        if (z.v[i] < low.v[i] || z.v[i] > high.v[i]) out_int(c, NULL, (i64)i + 1);
    out_end(c);
    return true;
}

const method method_ewma = {
    .name = "ewma",
    .title = {"EWMA control chart", "指数加权移动平均控制图", "指數加權移動平均管制圖"},
    .source = "Roberts 1959; NIST/SEMATECH e-Handbook 6.3.2.4",
    .formula = "z = lambda x + (1-lambda) z, z0 = target; limits target +- L sigma "
               "sqrt(lambda/(2-lambda) (1-(1-lambda)^(2i)))",
    .input = "x, target, sigma\nlambda  usually 0.2\nL  usually 3",
    .output = "z, lcl, ucl; out_of_control  places, from 1",
    .example = "{\"x\":[10,11,16,16],\"target\":10,\"sigma\":1,\"lambda\":0.5,\"L\":3}",
    .run = run,
};
