/* forecast_trend.c - a short series continued, with prediction intervals. */
#include "kern/forecast.h"
#include "kern/method.h"

static void put(calc *c, const char *key, const forecast *f, const forecast_point *p, size_t n,
                size_t offset) {
    out_list(c, key);
    for (size_t i = 0; i < n; i++) {
        const double *v = (const double *)(const void *)&p[i];
        if (f->ok)
            out_num(c, NULL, v[offset]);
        else
            out_null(c, NULL, TOO_FEW);
    }
    out_end(c);
}

static bool run(calc *c) {
    vec x = in_gaps(c, NULL, "x");
    str how = in_maybe_text(c, NULL, "method", S("linear"));
    size_t ahead = (size_t)in_maybe_int(c, NULL, "ahead", 1, 1000, 3);
    bool holt = str_eq(how, S("holt"));
    if (calc_ok(c) && !holt && !str_eq(how, S("linear")))
        calc_bad(c, "\"method\" must be linear or holt");
    if (!calc_ok(c) || !calc_steps(c, 4e4 * (double)x.n)) return false;
    forecast_point *p = NEW_N(c->a, forecast_point, ahead);
    forecast f = forecast_of(c->a, holt ? FORECAST_HOLT : FORECAST_LINEAR, x, p, ahead);
    out_int(c, "n", (i64)f.n);
    out_num(c, "slope", f.ok ? f.slope : undefined(TOO_FEW));
    out_num(c, "sigma", f.ok ? f.sigma : undefined(TOO_FEW));
    if (holt) {
        out_num(c, "alpha", f.ok ? f.alpha : undefined(TOO_FEW));
        out_num(c, "beta", f.ok ? f.beta : undefined(TOO_FEW));
    }
    put(c, "value", &f, p, ahead, 0);
    put(c, "low", &f, p, ahead, 1);
    put(c, "high", &f, p, ahead, 2);
    return true;
}

const method method_forecast_trend = {
    .name = "forecast_trend",
    .title = {"Forecast of a trend, with intervals", "趋势预测(含区间)", "趨勢預測(含區間)"},
    .source = "least squares; Holt 1957; Hyndman, Koehler, Ord & Snyder 2008, ETS(A,A,N)",
    .formula = "linear: a + b t, s^2 (1 + 1/n + (t - mean)^2 / Sxx), Student's t with n - 2; holt: "
               "level += "
               "alpha e, slope += alpha beta e, s^2 (1 + sum_{j<h} (alpha (1 + j beta))^2)",
    .input =
        "x  one value a step, null = gap\nmethod  linear (usual) or holt\nahead  steps, usually 3",
    .output = "n, slope, sigma; value, low, high  of each step ahead; alpha, beta of holt",
    .example = "{\"x\":[10,12,13,15,16,18],\"ahead\":2}",
    .run = run,
};
