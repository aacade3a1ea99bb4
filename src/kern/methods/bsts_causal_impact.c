/* bsts_causal_impact.c - what an event changed: the series goes on as its controls say it would have. */
#include "kern/chance.h"
#include "kern/moments.h"
#include "kern/regress.h"

enum { CONTROLS_MAX = 20, BURN = 200 };

typedef struct {
    calc *c;
    vec y;
    mat x;                  /* times x controls */
    size_t pre[2], post[2]; /* from 0, to excluded */
} series;

/* One state of the sampler, on y and x standardised by the time before. */
typedef struct {
    chance dice;
    size_t n, k;
    vec y, level, beta;
    mat x, precision; /* precision: of the prior of beta, times 1/noise2 */
    mat scratch;
    vec b, z;
    double noise2, drift2;
    double noise_guess, drift_guess;
} sampler;

/* 1/variance is gamma: weight values of guess, and the squares that were seen. */
static double draw_variance(chance *d, double weight, double guess, double n, double squares) {
    return (weight * guess + squares) / 2 / chance_gamma(d, (weight + n) / 2);
}

static double fitted(const sampler *s, size_t t) {
    double v = 0;
    for (size_t j = 0; j < s->k; j++) v += s->beta.v[j] * *mat_at(s->x, t, j);
    return v;
}

/* The level given all else: filtered forward, drawn backward (Carter & Kohn 1994). */
static void draw_level(sampler *s, double *mean, double *var) {
    double m = 0, p = 1e2;
    for (size_t t = 0; t < s->n; t++) {
        double gain = p / (p + s->noise2);
        m += gain * (s->y.v[t] - fitted(s, t) - m);
        p *= 1 - gain;
        mean[t] = m, var[t] = p;
        p += s->drift2;
    }
    s->level.v[s->n - 1] = m + sqrt(var[s->n - 1]) * chance_normal(&s->dice);
    for (size_t t = s->n - 1; t-- > 0;) {
        double back = var[t] / (var[t] + s->drift2),
               at = mean[t] + back * (s->level.v[t + 1] - mean[t]);
        s->level.v[t] = at + sqrt(var[t] * (1 - back)) * chance_normal(&s->dice);
    }
}

/* Coefficients and noise given the level: normal and gamma. */
static bool draw_regression(sampler *s) {
    mat p = s->scratch;
    vec b = s->b, z = s->z;
    memcpy(p.v, s->precision.v, s->k * s->k * sizeof *p.v);
    memset(b.v, 0, s->k * sizeof *b.v);
    for (size_t t = 0; t < s->n; t++)
        for (size_t i = 0; i < s->k; i++) {
            b.v[i] += *mat_at(s->x, t, i) * (s->y.v[t] - s->level.v[t]);
            for (size_t j = 0; j < s->k; j++)
                *mat_at(p, i, j) += *mat_at(s->x, t, i) * *mat_at(s->x, t, j);
        }
    if (s->k && !cholesky(p, 1e-13)) return false;
    if (s->k) cholesky_solve(p, b.v);
    for (size_t i = 0; i < s->k; i++) z.v[i] = chance_normal(&s->dice) * sqrt(s->noise2);
    for (size_t i = s->k; i-- > 0;) { /* L' beta = z */
        for (size_t j = i + 1; j < s->k; j++) z.v[i] -= *mat_at(p, j, i) * z.v[j];
        z.v[i] /= *mat_at(p, i, i);
        s->beta.v[i] = b.v[i] + z.v[i];
    }
    double squares = 0, steps = 0;
    for (size_t t = 0; t < s->n; t++) squares += pow(s->y.v[t] - s->level.v[t] - fitted(s, t), 2);
    for (size_t t = 1; t < s->n; t++) steps += pow(s->level.v[t] - s->level.v[t - 1], 2);
    s->noise2 = draw_variance(&s->dice, 50, s->noise_guess, (double)s->n, squares);
    s->drift2 = draw_variance(&s->dice, 32, s->drift_guess, (double)s->n - 1, steps);
    return true;
}

static vec part(vec v, size_t from, size_t to) {
    return (vec){v.v + from, to - from};
}

typedef struct {
    vec my, sy; /* [0] y, [1 + j] controls: mean and sd before */
} scales;

static bool scale(const series *e, sampler *s, scales *z) {
    size_t n = e->pre[1] - e->pre[0];
    vec column = vec_new(e->c->a, n);
    for (size_t j = 0; j <= s->k; j++) {
        for (size_t t = 0; t < n; t++)
            column.v[t] = j ? *mat_at(e->x, e->pre[0] + t, j - 1) : e->y.v[e->pre[0] + t];
        z->my.v[j] = vec_mean(column), z->sy.v[j] = vec_sd(column);
        if (!(z->sy.v[j] > 0)) return false;
    }
    for (size_t t = 0; t < e->y.n; t++) {
        s->y.v[t] = (e->y.v[t] - z->my.v[0]) / z->sy.v[0];
        for (size_t j = 0; j < s->k; j++)
            *mat_at(s->x, t, j) = (*mat_at(e->x, t, j) - z->my.v[j + 1]) / z->sy.v[j + 1];
    }
    return true;
}

/* Mean effect over the time after, in one draw of the future. */
static double draw_effect(sampler *s, const series *e, vec whole_y, const scales *z) {
    double level = s->level.v[s->n - 1], sum = 0, n = 0;
    for (size_t t = e->pre[1]; t < e->post[1]; t++) {
        level += sqrt(s->drift2) * chance_normal(&s->dice);
        double y = level + fitted(s, t) + sqrt(s->noise2) * chance_normal(&s->dice);
        if (t >= e->post[0]) sum += (whole_y.v[t] - y) * z->sy.v[0], n++;
    }
    return sum / n;
}

static void simulate(series *e, i64 rounds, u64 seed, vec *effects, bool *ok) {
    arena *a = e->c->a;
    size_t n = e->pre[1] - e->pre[0], k = e->x.cols;
    sampler s = {.dice = chance_of(seed),
                 .n = n,
                 .k = k,
                 .y = vec_new(a, e->y.n),
                 .level = vec_new(a, n),
                 .beta = vec_new(a, k),
                 .x = mat_new(a, e->y.n, k),
                 .precision = mat_new(a, k, k),
                 .scratch = mat_new(a, k, k),
                 .b = vec_new(a, k),
                 .z = vec_new(a, k),
                 .noise2 = 0.2,
                 .drift2 = 1e-4,
                 .noise_guess = 0.2,
                 .drift_guess = 1e-4};
    scales z = {vec_new(a, k + 1), vec_new(a, k + 1)};
    *effects = vec_new(a, (size_t)rounds);
    *ok = scale(e, &s, &z);
    vec whole_y = s.y;
    for (size_t j = 0; j < k; j++)
        *mat_at(s.precision, j, j) = 0.01 * (double)n; /* worth 1 % of the data */
    mat shift = s.x;
    s.y = part(whole_y, e->pre[0], e->y.n);
    s.x = (mat){shift.v + e->pre[0] * k, e->y.n - e->pre[0], k};
    double *mean = NEW_N(a, double, n), *var = NEW_N(a, double, n);
    for (i64 r = -BURN; r < rounds && *ok; r++) {
        draw_level(&s, mean, var);
        *ok = draw_regression(&s);
        series shifted = *e;
        shifted.pre[1] -= e->pre[0], shifted.post[0] -= e->pre[0], shifted.post[1] -= e->pre[0];
        if (r >= 0 && *ok) effects->v[r] = draw_effect(&s, &shifted, s.y, &z);
    }
}

/* ---- reading ---- */

static bool span(calc *c, const char *key, size_t n, size_t to[2]) {
    vec v = in_counts(c, NULL, key, 2);
    if (calc_ok(c) && (v.v[0] < 1 || v.v[0] > v.v[1] || v.v[1] > (double)n))
        calc_bad(c, "\"%s\" must be [first, last] between 1 and %zu", key, n);
    if (!calc_ok(c)) return false;
    to[0] = (size_t)v.v[0] - 1, to[1] = (size_t)v.v[1];
    return true;
}

static bool read(calc *c, series *e) {
    e->c = c;
    e->y = in_nums(c, NULL, "y");
    const json *x = in_list(c, NULL, "x");
    bool many = x->first && x->first->kind == JSON_ARRAY;
    mat m = many ? in_mat(c, NULL, "x", false) : mat_new(c->a, 1, 0);
    if (!many) {
        vec v = in_nums(c, NULL, "x");
        m = (mat){v.v, v.n ? 1 : 0, v.n};
    }
    if (m.rows > CONTROLS_MAX) calc_bad(c, "\"x\": at most %d controls", CONTROLS_MAX);
    if (calc_ok(c) && m.rows) in_same(c, "y", e->y.n, "x", m.cols);
    if (!calc_ok(c) || !span(c, "pre", e->y.n, e->pre) || !span(c, "post", e->y.n, e->post))
        return false;
    if (e->post[0] < e->pre[1]) return calc_bad(c, "\"post\" must begin behind \"pre\"");
    if (e->pre[1] - e->pre[0] < m.rows + 4)
        return calc_bad(c, "\"pre\" must hold at least %zu times", m.rows + 4);
    e->x = m.rows ? mat_transpose(c->a, m) : mat_new(c->a, e->y.n, 0);
    return true;
}

static double ols_effect(const series *e) {
    size_t n = e->pre[1] - e->pre[0], k = e->x.cols;
    mat x = {e->x.v + e->pre[0] * k, n, k};
    ols_fit f = ols(e->c->a, x, part(e->y, e->pre[0], e->pre[1]));
    neat sum = {0};
    for (size_t t = e->post[0]; t < e->post[1]; t++) {
        double y = f.coef.v[0];
        for (size_t j = 0; j < k; j++) y += f.coef.v[j + 1] * *mat_at(e->x, t, j);
        neat_add(&sum, e->y.v[t] - y);
    }
    return neat_sum(&sum) / (double)(e->post[1] - e->post[0]);
}

static bool run(calc *c) {
    series e;
    if (!read(c, &e)) return false;
    i64 rounds = in_maybe_int(c, NULL, "rounds", 100, 100000, 2000),
        seed = in_maybe_int(c, NULL, "seed", 0, INT32_MAX, 1);
    double k = (double)e.x.cols;
    if (!calc_ok(c) || !calc_steps(c, (double)(rounds + BURN) * (double)e.y.n * (100 + 4 * k * k)))
        return false;
    vec effects;
    bool ok;
    simulate(&e, rounds, (u64)seed, &effects, &ok);
    vec sorted = vec_copy(c->a, effects);
    vec_sort(sorted);
    double none = undefined(ok ? NO_DATA : ZERO_VARIANCE), mean = ok ? vec_mean(effects) : none;
    double actual = vec_mean(part(e.y, e.post[0], e.post[1])), predicted = actual - mean;
    size_t low = (size_t)(0.025 * (double)rounds), high = (size_t)(0.975 * (double)rounds);
    out_num(c, "ols_counterfactual_effect", ols_effect(&e));
    out_open(c, "bsts");
    out_num(c, "average_effect", mean);
    out_num(c, "sd", ok ? vec_sd(effects) : none);
    out_num(c, "relative_pct", ok && predicted != 0 ? 100 * mean / predicted : none);
    out_pair(c, "ci", ok ? sorted.v[low] : none, ok ? sorted.v[high] : none);
    out_num(c, "actual", actual);
    out_num(c, "predicted", predicted);
    out_end(c);
    out_int(c, "rounds", rounds);
    out_int(c, "seed", seed);
    return true;
}

const method method_bsts_causal_impact = {
    .name = "bsts_causal_impact",
    .title = {"What an event changed (BSTS)", "事件因果影响(BSTS)", "事件因果影響(BSTS)"},
    .source =
        "Brodersen et al. 2015, Annals of Applied Statistics 9(1); Carter & Kohn 1994 (sampling)",
    .formula = "y = level + b x + noise, the level a random walk; priors: noise 0.2 and drift "
               "0.01^2 of the variance "
               "before, b worth 1 % of the data; Gibbs sampling (xoshiro256**, seed in the "
               "answer), 200 rounds before "
               "counting; the mean effect over the time after",
    .input = "y, x  series; x may be a list of series\npre, post  [first, last], from 1\nrounds  "
             "2000\nseed  1",
    .output = "ols_counterfactual_effect; bsts  average_effect, sd, relative_pct, ci [low, high], "
              "actual, predicted; "
              "rounds, seed",
    .example = "{\"y\":[1.1,2.1,2.9,4.2,5.1,5.9,9.1,10.2],\"x\":[1,2,3,4,5,6,7,8],\"pre\":[1,6],"
               "\"post\":[7,8],"
               "\"rounds\":200}",
    .run = run,
};
