/* effect.c - effects with their doubt: Welch, Newcombe, panels, interrupted series, watched trials. */
#include "kern/effect.h"
#include "kern/stats.h"

#define POWER_Z (Z95 + 0.8416212335729143) /* quantiles of 0.975 and of 0.80 */

static effect none(const char *reason) {
    return (effect){NAN, NAN, NAN, NAN, NAN, NAN, reason};
}

static double t_two_sided(double t, double df) {
    if (isinf(df)) return 2 * normal_cdf(-fabs(t));
    return beta_inc(df / 2, 0.5, df / (df + t * t));
}

static effect with_error(double d, double se, double df) {
    double wide = (isinf(df) ? Z95 : t_quantile(0.975, df)) * se;
    return (effect){d, d - wide, d + wide, se, df, t_two_sided(d / se, df), NULL};
}

effect effect_means(sample t, sample c) {
    if (t.n < 2 || c.n < 2) return none("too_few");
    double vt = t.variance / (double)t.n, vc = c.variance / (double)c.n;
    if (!(vt + vc > 0)) return none("no_variance");
    double df = (vt + vc) * (vt + vc) / (vt * vt / (double)(t.n - 1) + vc * vc / (double)(c.n - 1));
    return with_error(t.mean - c.mean, sqrt(vt + vc), df);
}

effect effect_shares(i64 yes_t, i64 n_t, i64 yes_c, i64 n_c) {
    if (n_t < 1 || n_c < 1) return none("too_few");
    double pt = (double)yes_t / (double)n_t, pc = (double)yes_c / (double)n_c;
    double both = (double)(yes_t + yes_c) / (double)(n_t + n_c);
    double null_se = sqrt(both * (1 - both) * (1 / (double)n_t + 1 / (double)n_c));
    double se = sqrt(pt * (1 - pt) / (double)n_t + pc * (1 - pc) / (double)n_c);
    interval i = newcombe(yes_t, n_t, yes_c, n_c);
    double p = null_se > 0 ? t_two_sided((pt - pc) / null_se, INFINITY) : 1;
    return (effect){pt - pc, i.low, i.high, se, INFINITY, p, NULL};
}

sample sample_of(const double *x, size_t n) {
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) sum += x[i];
    double mean = n ? sum / (double)n : NAN;
    for (size_t i = 0; i < n; i++) squares += (x[i] - mean) * (x[i] - mean);
    return (sample){(i64)n, mean, n > 1 ? squares / (double)(n - 1) : NAN};
}

effect effect_panel(const double *treated, size_t n_treated, const double *control,
                    size_t n_control) {
    return effect_means(sample_of(treated, n_treated), sample_of(control, n_control));
}

/* ---- regression with few columns: normal equations, solved with pivots ---- */

enum { COLUMNS = 4 };
typedef struct {
    size_t k;
    double inverse[COLUMNS][COLUMNS]; /* of X'X */
    double beta[COLUMNS];
} fit;

/* Gauss-Jordan on the small matrix m beside the unit matrix; false: singular. */
static bool invert(size_t k, double m[COLUMNS][COLUMNS], double out[COLUMNS][COLUMNS]) {
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) out[i][j] = i == j;
    for (size_t c = 0; c < k; c++) {
        size_t best = c;
        for (size_t r = c + 1; r < k; r++)
            if (fabs(m[r][c]) > fabs(m[best][c])) best = r;
        if (fabs(m[best][c]) < 1e-12) return false;
        for (size_t j = 0; j < k; j++) {
            double was = m[c][j], had = out[c][j];
            m[c][j] = m[best][j], m[best][j] = was;
            out[c][j] = out[best][j], out[best][j] = had;
        }
        double pivot = m[c][c];
        for (size_t j = 0; j < k; j++) m[c][j] /= pivot, out[c][j] /= pivot;
        for (size_t r = 0; r < k; r++) {
            double factor = m[r][c];
            if (r == c || factor == 0) continue;
            for (size_t j = 0; j < k; j++)
                m[r][j] -= factor * m[c][j], out[r][j] -= factor * out[c][j];
        }
    }
    return true;
}

/* The row of point t: time runs in units of the whole length, so that the equations are well scaled. */
static size_t series_row(size_t t, size_t n, size_t before, double x[COLUMNS]) {
    bool after = t >= before;
    x[0] = 1;
    x[1] = (double)t / (double)n;
    x[2] = after;
    x[3] = after ? (double)(t - before) / (double)n : 0;
    return before < n ? 4 : 2;
}

static bool fit_series(const double *y, size_t n, size_t before, fit *f) {
    double xx[COLUMNS][COLUMNS] = {0}, xy[COLUMNS] = {0}, x[COLUMNS];
    for (size_t t = 0; t < n; t++) {
        f->k = series_row(t, n, before, x);
        for (size_t i = 0; i < f->k; i++) {
            xy[i] += x[i] * y[t];
            for (size_t j = 0; j < f->k; j++) xx[i][j] += x[i] * x[j];
        }
    }
    if (!invert(f->k, xx, f->inverse)) return false;
    for (size_t i = 0; i < f->k; i++) {
        f->beta[i] = 0;
        for (size_t j = 0; j < f->k; j++) f->beta[i] += f->inverse[i][j] * xy[j];
    }
    return true;
}

static double residual(const double *y, size_t t, size_t n, size_t before, const fit *f) {
    double x[COLUMNS], r = y[t];
    series_row(t, n, before, x);
    for (size_t i = 0; i < f->k; i++) r -= f->beta[i] * x[i];
    return r;
}

/* Newey & West: the middle of the sandwich, with Bartlett's weights. */
static void meat(const double *y, size_t n, size_t before, size_t lag, const fit *f,
                 double s[COLUMNS][COLUMNS]) {
    double xt[COLUMNS], xl[COLUMNS];
    for (size_t l = 0; l <= lag; l++) {
        double w = 1 - (double)l / (double)(lag + 1);
        for (size_t t = l; t < n; t++) {
            double uu = residual(y, t, n, before, f) * residual(y, t - l, n, before, f) * w;
            series_row(t, n, before, xt);
            series_row(t - l, n, before, xl);
            for (size_t i = 0; i < f->k; i++)
                for (size_t j = 0; j < f->k; j++)
                    s[i][j] += l ? uu * (xt[i] * xl[j] + xl[i] * xt[j]) : uu * xt[i] * xt[j];
        }
    }
}

/* Variance of the combination g of the coefficients, with the correction n / (n - k). */
static double sandwich(const fit *f, double s[COLUMNS][COLUMNS], const double *g, size_t n) {
    double half[COLUMNS] = {0}, v = 0;
    for (size_t i = 0; i < f->k; i++)
        for (size_t j = 0; j < f->k; j++) half[i] += f->inverse[i][j] * g[j];
    for (size_t i = 0; i < f->k; i++)
        for (size_t j = 0; j < f->k; j++) v += half[i] * s[i][j] * half[j];
    return v * (double)n / (double)(n - f->k);
}

effect effect_series(const double *y, size_t n, size_t before, size_t lag) {
    enum { SIDE = 4 };
    fit f = {0};
    double s[COLUMNS][COLUMNS] = {0};
    if (before < SIDE || n < before + SIDE) return none("too_few");
    if (!fit_series(y, n, before, &f)) return none("no_variance");
    if (lag == 0) lag = (size_t)floor(4 * pow((double)n / 100, 2.0 / 9));
    lag = MIN(lag, n - 1);
    meat(y, n, before, lag, &f, s);
    double ramp = (double)(n - before - 1) / 2 / (double)n, g[COLUMNS] = {0, 0, 1, ramp};
    double v = sandwich(&f, s, g, n);
    if (!(v > 0)) return none("no_variance");
    return with_error(f.beta[2] + f.beta[3] * ramp, sqrt(v), (double)(n - f.k));
}

effect effect_trend(const double *y, size_t n) {
    fit f = {0};
    double squares = 0;
    if (n < 3) return none("too_few");
    if (!fit_series(y, n, n, &f)) return none("no_variance");
    for (size_t t = 0; t < n; t++) {
        double r = residual(y, t, n, n, &f);
        squares += r * r;
    }
    double v = squares / (double)(n - 2) * f.inverse[1][1];
    if (!(v > 0)) return none("no_variance");
    return with_error(f.beta[1] / (double)n, sqrt(v) / (double)n, (double)(n - 2));
}

/* ---- trials that are watched ---- */

effect effect_watched(sample t, sample c, i64 n_planned) {
    const double alpha = 0.05;
    effect fixed = effect_means(t, c);
    if (fixed.reason) return fixed;
    double n = (double)(t.n + c.n), worth = MAX((double)n_planned, 2.0);
    /* In units of the running intrinsic time v = n: the difference has variance se^2 = sigma^2 / n. */
    double rho = worth / (2 * log(1 / alpha) + log(1 + 2 * log(1 / alpha)));
    double bound = sqrt((n + rho) * (log((n + rho) / rho) + 2 * log(1 / alpha)));
    double wide = fixed.se * sqrt(n) * bound / n;
    fixed.low = fixed.effect - wide;
    fixed.high = fixed.effect + wide;
    fixed.p = NAN; /* there is an interval, and it holds at all times at once */
    return fixed;
}

double sample_ratio_p(i64 n_t, i64 n_c, double share) {
    check(share > 0 && share < 1);
    double n = (double)(n_t + n_c), want = n * share, off = (double)n_t - want;
    if (!(n > 0)) return NAN;
    return erfc(sqrt(off * off / want + off * off / (n - want)) / sqrt(2));
}

double units_needed(double variance, double worth) {
    if (!(worth != 0)) return NAN;
    return ceil(2 * variance * POWER_Z * POWER_Z / (worth * worth));
}

double smallest_found(double variance, i64 n_t, i64 n_c) {
    if (n_t < 1 || n_c < 1) return NAN;
    return POWER_Z * sqrt(variance * (1 / (double)n_t + 1 / (double)n_c));
}

effect effect_return(double value, double value_se, double cost) {
    if (!(cost > 0)) return none("no_cost");
    if (!(value_se >= 0)) return none("not_evaluated");
    double r = (value - cost) / cost, se = value_se / cost;
    return (effect){r, r - Z95 * se, r + Z95 * se, se, INFINITY, normal_cdf(-r / se), NULL};
}
