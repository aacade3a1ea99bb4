/* forecasting.c - additive Holt-Winters smoothing. */
#include "kern/moments.h"
#include "kern/optimise.h"
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

typedef struct {
    calc *c;
    vec x;
    size_t period;
    double given[3]; /* NAN: to be found */
    state start;
    double *season; /* scratch */
} fitting;

static state smooth(const fitting *f, const double p[3]) {
    state s = f->start;
    s.season = memcpy(f->season, s.season, f->period * sizeof *s.season);
    for (size_t i = f->period; i < f->x.n; i++) {
        double *season = &s.season[i % f->period], rest = f->x.v[i] - s.level - s.slope - *season,
               was = s.level;
        s.sse += rest * rest;
        s.level = p[0] * (f->x.v[i] - *season) + (1 - p[0]) * (s.level + s.slope);
        s.slope = p[1] * (s.level - was) + (1 - p[1]) * s.slope;
        *season = p[2] * (f->x.v[i] - s.level) + (1 - p[2]) * *season;
    }
    return s;
}

/* Between 0 and 1 by a logistic curve; what was given stays. */
static void unfold(const fitting *f, const double *z, double p[3]) {
    for (int i = 0; i < 3; i++) p[i] = isnan(f->given[i]) ? 1 / (1 + exp(-z[i])) : f->given[i];
}

static double loss(const double *z, void *ctx) {
    const fitting *f = ctx;
    double p[3];
    unfold(f, z, p);
    return calc_steps(f->c, 30.0 * (double)f->x.n) ? smooth(f, p).sse : INFINITY;
}

static bool run(calc *c) {
    static const char *const names[] = {"alpha", "beta", "gamma"};
    fitting f = {
        .c = c, .x = in_nums(c, NULL, "x"), .period = (size_t)in_int(c, NULL, "period", 2, 100000)};
    for (int i = 0; i < 3; i++) f.given[i] = in_maybe(c, NULL, names[i], 0, 1, NAN);
    i64 ahead = in_maybe_int(c, NULL, "ahead", 1, 10000, 3);
    size_t n = f.x.n, period = f.period;
    if (calc_ok(c) && n < 2 * period)
        calc_bad(c, "\"x\" must hold at least two periods (%zu values), not %zu", 2 * period, n);
    if (!calc_ok(c)) return false;
    f.start = begin(c, f.x, period);
    f.season = vec_new(c->a, period).v;
    double z[3] = {-0.85, -2.2, -2.2}, p[3]; /* 0.3, 0.1, 0.1 */
    if (isnan(f.given[0] + f.given[1] + f.given[2])) minimise(c->a, loss, &f, z, 3);
    unfold(&f, z, p);
    state s = smooth(&f, p);
    if (!calc_ok(c)) return false;
    for (int i = 0; i < 3; i++) out_num(c, names[i], p[i]);
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
    .input = "x, period\nalpha, beta, gamma  0-1; those not given are found by least "
             "squares\nahead  how many to forecast, usually 3",
    .output = "alpha, beta, gamma, SSE, coefficients_a_b_s1_PERIOD, nextAHEAD",
    .example = "{\"x\":[1,5,3,2,6,4,3,7,5],\"period\":3,\"alpha\":0.5,\"beta\":0.1,\"gamma\":0.1}",
    .run = run,
};
