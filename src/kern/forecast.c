/* forecast.c - a short series continued. */
#include "kern/forecast.h"
#include "kern/moments.h"
#include "kern/optimise.h"
#include "kern/stats.h"

static size_t count(vec y) {
    size_t n = 0;
    for (size_t i = 0; i < y.n; i++) n += isfinite(y.v[i]) ? 1 : 0;
    return n;
}

static forecast linear(vec y, forecast_point *out, size_t ahead) {
    double n = (double)count(y), mt = 0, my = 0, sxx = 0, sxy = 0, sse = 0;
    forecast f = {.n = count(y), .alpha = NAN, .beta = NAN, .slope = NAN, .sigma = NAN};
    for (size_t i = 0; i < y.n; i++)
        if (isfinite(y.v[i])) mt += (double)i / n, my += y.v[i] / n;
    for (size_t i = 0; i < y.n; i++) {
        if (!isfinite(y.v[i])) continue;
        sxx += ((double)i - mt) * ((double)i - mt);
        sxy += ((double)i - mt) * (y.v[i] - my);
    }
    if (!(sxx > 0)) return f;
    f.slope = sxy / sxx, f.ok = true;
    for (size_t i = 0; i < y.n; i++) {
        double rest = y.v[i] - my - f.slope * ((double)i - mt);
        if (isfinite(y.v[i])) sse += rest * rest;
    }
    double s2 = sse / (n - 2), t = t_quantile(0.975, n - 2);
    f.sigma = sqrt(s2);
    for (size_t h = 0; h < ahead; h++) {
        double at = (double)(y.n + h) - mt, v = my + f.slope * at;
        double reach = t * sqrt(s2 * (1 + 1 / n + at * at / sxx));
        out[h] = (forecast_point){v, v - reach, v + reach};
    }
    return f;
}

typedef struct {
    vec y;
    double level, slope, sse;
    double start_level, start_slope;
} holt;

static void smooth(holt *s, double alpha, double beta) {
    s->level = s->start_level, s->slope = s->start_slope, s->sse = 0;
    for (size_t i = 0; i < s->y.n; i++) {
        double seen = s->level + s->slope, rest = s->y.v[i] - seen;
        if (!isfinite(rest)) {
            s->level = seen;
            continue;
        }
        s->sse += rest * rest;
        s->level = seen + alpha * rest;
        s->slope += alpha * beta * rest;
    }
}

static double inside(double z) {
    return 1 / (1 + exp(-z));
}

static double loss(const double *z, void *ctx) {
    holt *s = ctx;
    smooth(s, inside(z[0]), inside(z[1]));
    return s->sse;
}

/* The line through all values tells where level and slope begin. */
static forecast follow(arena *a, vec y, forecast_point *out, size_t ahead) {
    forecast_point first[1];
    forecast f = linear(y, first, 1);
    if (!f.ok) return f;
    double begin = first[0].value - f.slope * (double)(y.n + 1), z[2] = {-0.85, -2.2};
    holt s = {.y = y, .start_level = begin, .start_slope = f.slope};
    minimise(a, loss, &s, z, 2);
    f.alpha = inside(z[0]), f.beta = inside(z[1]);
    smooth(&s, f.alpha, f.beta);
    f.slope = s.slope;
    f.sigma = sqrt(s.sse / fmax(1, (double)f.n - 2));
    double spread = 1;
    for (size_t h = 0; h < ahead; h++) {
        double v = s.level + (double)(h + 1) * s.slope, reach = Z95 * f.sigma * sqrt(spread);
        double c = f.alpha * (1 + (double)(h + 1) * f.beta);
        out[h] = (forecast_point){v, v - reach, v + reach};
        spread += c * c;
    }
    return f;
}

forecast forecast_of(arena *a, forecast_kind kind, vec y, forecast_point *out, size_t ahead) {
    forecast none = {.n = count(y), .slope = NAN, .sigma = NAN, .alpha = NAN, .beta = NAN};
    for (size_t h = 0; h < ahead; h++) out[h] = (forecast_point){NAN, NAN, NAN};
    if (none.n < FORECAST_LEAST) return none;
    return kind == FORECAST_HOLT ? follow(a, y, out, ahead) : linear(y, out, ahead);
}
