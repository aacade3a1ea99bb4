/* forecasting.c - additive Holt-Winters smoothing with given parameters. */
#include "kern/moments.h"
#include "kern/series.h"

typedef struct {
    double level, slope, sse;
    double *season;
} state;

/* Level and slope: least squares on the trend of the first two periods. */
static state begin(calc *c, vec x, size_t period) {
    parts p = decompose(c->a, (vec){x.v, 2 * period}, period);
    vec t = vec_new(c->a, 2 * period), y = vec_new(c->a, 2 * period);
    t.n = y.n = 0;
    for (size_t i = 0; i < 2 * period; i++)
        if (!isnan(p.trend.v[i])) y.v[y.n++] = p.trend.v[i], t.v[t.n] = (double)t.n + 1, t.n++;
    double var = vec_variance(t), slope = var > 0 ? vec_cov(t, y) / var : 0;
    return (state){vec_mean(y) - slope * vec_mean(t), slope, 0, p.figure.v};
}

static bool run(calc *c) {
    vec x = in_nums(c, NULL, "x");
    size_t period = (size_t)in_int(c, NULL, "period", 2, 100000), n = x.n;
    double alpha = in_num_of(c, NULL, "alpha", 0, 1), beta = in_num_of(c, NULL, "beta", 0, 1);
    double gamma = in_num_of(c, NULL, "gamma", 0, 1);
    i64 ahead = in_maybe_int(c, NULL, "ahead", 1, 10000, 3);
    if (calc_ok(c) && n < 2 * period)
        calc_bad(c, "\"x\" must hold at least two periods (%zu values), not %zu", 2 * period, n);
    if (!calc_ok(c)) return false;
    state s = begin(c, x, period);
    for (size_t i = period; i < n; i++) {
        double *season = &s.season[i % period], rest = x.v[i] - s.level - s.slope - *season,
               was = s.level;
        s.sse += rest * rest;
        s.level = alpha * (x.v[i] - *season) + (1 - alpha) * (s.level + s.slope);
        s.slope = beta * (s.level - was) + (1 - beta) * s.slope;
        *season = gamma * (x.v[i] - s.level) + (1 - gamma) * *season;
    }
    char key[60];
    snprintf(key, sizeof key, "coefficients_a_b_s1_%zu", period);
    out_num(c, "SSE", s.sse);
    out_list(c, calc_cstr(c, str_of(key)));
    out_num(c, NULL, s.level);
    out_num(c, NULL, s.slope);
    for (size_t i = 0; i < period; i++) out_num(c, NULL, s.season[(n + i) % period]);
    out_end(c);
    snprintf(key, sizeof key, "next%" PRId64, ahead);
    out_list(c, calc_cstr(c, str_of(key)));
    for (i64 i = 0; i < ahead; i++)
        out_num(c, NULL, s.level + (double)(i + 1) * s.slope + s.season[(n + (size_t)i) % period]);
    out_end(c);
    return true;
}

const method method_forecasting = {
    .name = "forecasting",
    .title = {"Forecast with season (Holt-Winters)", "季节性预测(Holt-Winters)",
              "季節性預測(Holt-Winters)"},
    .source = "Holt 1957; Winters 1960, Management Science 6(3)",
    .formula = "level a(x-s)+(1-a)(level+slope), slope b dlevel+(1-b)slope, season "
               "g(x-level)+(1-g)s; start: "
               "decomposition of the first two periods, least squares on its trend",
    .input = "x, period\nalpha, beta, gamma  0-1\nahead  how many to forecast, usually 3",
    .output = "SSE, coefficients_a_b_s1_PERIOD, nextAHEAD",
    .example = "{\"x\":[1,5,3,2,6,4,3,7,5],\"period\":3,\"alpha\":0.5,\"beta\":0.1,\"gamma\":0.1}",
    .run = run,
};
