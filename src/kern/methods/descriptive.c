/* descriptive.c - mean, spread and lag of a list of numbers, to all their digits. */
#include "kern/method.h"
#include "kern/moments.h"

/* first, then a list again and again until there are n. */
static vec made(calc *c) {
    double first = in_num(c, NULL, "first");
    vec then = in_nums(c, NULL, "then_alternating");
    size_t n = (size_t)in_int(c, NULL, "n", 1, 10000000);
    if (calc_ok(c) && then.n == 0) calc_bad(c, "\"then_alternating\" is empty");
    if (!calc_ok(c)) return (vec){0};
    vec x = vec_new(c->a, n);
    x.v[0] = first;
    for (size_t i = 1; i < n; i++) x.v[i] = then.v[(i - 1) % then.n];
    return x;
}

static bool run(calc *c) {
    vec x = in_has(c, NULL, "x") ? in_nums(c, NULL, "x") : made(c);
    if (!calc_ok(c)) return false;
    double mean = vec_mean(x), low = INFINITY, high = -INFINITY;
    neat up = {0}, down = {0};
    for (size_t i = 0; i < x.n; i++) {
        low = fmin(low, x.v[i]), high = fmax(high, x.v[i]);
        neat_add(&down, (x.v[i] - mean) * (x.v[i] - mean));
        if (i) neat_add(&up, (x.v[i] - mean) * (x.v[i - 1] - mean));
    }
    out_int(c, "n", (i64)x.n);
    out_num(c, "mean", mean);
    out_num(c, "sd", vec_sd(x));
    out_num(c, "autocorr_lag1",
            neat_sum(&down) > 0 ? neat_sum(&up) / neat_sum(&down)
                                : undefined(x.n ? ZERO_VARIANCE : NO_DATA));
    out_num(c, "median", vec_median(c->a, x));
    out_num(c, "min", x.n ? low : undefined(NO_DATA));
    out_num(c, "max", x.n ? high : undefined(NO_DATA));
    return true;
}

const method method_descriptive = {
    .name = "descriptive",
    .title = {"Mean and spread", "描述统计", "敘述統計"},
    .source = "Neumaier 1974 (compensated sums); NIST Statistical Reference Datasets",
    .formula = "sums with compensation, variance in two passes with n-1; lag: sum "
               "(x_t-m)(x_t+1-m)/sum (x-m)^2",
    .input = "x  list; or first, then_alternating (list), n",
    .output = "n, mean, sd, autocorr_lag1, median, min, max",
    .example = "{\"x\":[1,2,3,4]}",
    .run = run,
};
