/* stats.c - intervals and distributions. */
#include "kern/stats.h"
#include "kern/special.h"

double normal_cdf(double z) {
    return 0.5 * erfc(-z * M_SQRT1_2);
}

/* Lanczos, g = 7, nine coefficients (Godfrey 2001): relative error below 1e-14 for x > 0. */
double log_gamma(double x) {
    static const double c[] = {0.99999999999980993,  676.5203681218851,     -1259.1392167224028,
                               771.32342877765313,   -176.61502916214059,   12.507343278686905,
                               -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7};
    check(x > 0);
    if (x < 0.5) return log(M_PI / sin(M_PI * x)) - log_gamma(1 - x);
    x -= 1;
    double sum = c[0], t = x + 7.5;
    for (int i = 1; i < 9; i++) sum += c[i] / (x + i);
    return 0.5 * log(2 * M_PI) + (x + 0.5) * log(t) - t + log(sum);
}

static double beta_fraction(double a, double b, double x) { /* modified Lentz, DLMF 8.17.22 */
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double f = d;
    for (int m = 1; m <= 10000; m++) {
        for (int odd = 0; odd < 2; odd++) {
            double up = odd ? -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
                            : m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 + up * d;
            c = 1 + up / c;
            d = 1 / (fabs(d) < tiny ? tiny : d);
            if (fabs(c) < tiny) c = tiny;
            f *= c * d;
            if (odd && fabs(c * d - 1) < 1e-15) return f;
        }
    }
    return f;
}

double beta_inc(double a, double b, double x) {
    check(a > 0 && b > 0);
    if (x <= 0) return 0;
    if (x >= 1) return 1;
    double front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

/* P(T > t), t >= 0.  With very many degrees of freedom the gamma functions cancel each other's digits;
** there the normal form of Abramowitz & Stegun 26.7.8 is exact to 1 / df^2. */
static double t_upper(double t, double df) {
    if (df > 1e5) return normal_cdf(-t * (1 - 1 / (4 * df)) / sqrt(1 + t * t / (2 * df)));
    return 0.5 * beta_inc(df / 2, 0.5, df / (df + t * t));
}

static double t_density(double t, double df) {
    double c = exp(log_gamma((df + 1) / 2) - log_gamma(df / 2)) / sqrt(df * M_PI);
    return c * exp(-(df + 1) / 2 * log1p(t * t / df));
}

/* From the first terms of Cornish and Fisher's expansion (Abramowitz & Stegun 26.7.5) by Newton's steps:
** one or two of them; NAN where they do not settle. */
static double t_by_newton(double tail, double df) {
    double z = normal_quantile(1 - tail), z3 = z * z * z;
    double z5 = z3 * z * z, z7 = z5 * z * z, d2 = df * df;
    double t = z + (z3 + z) / (4 * df) + (5 * z5 + 16 * z3 + 3 * z) / (96 * d2) +
               (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * d2 * df);
    for (int i = 0; i < 20; i++) {
        double step = (t_upper(t, df) - tail) / t_density(t, df);
        t += step;
        if (!(t > 0)) return NAN;
        if (fabs(step) <= 1e-8 * t) return t; /* the error is squared by each step */
    }
    return NAN;
}

double t_quantile(double p, double df) {
    check(p > 0 && p < 1 && df > 0);
    double tail = p < 0.5 ? p : 1 - p, low = 0, high = 2;
    double quick = df >= 3 && df <= 1e5 && tail < 0.4 && tail > 1e-9 ? t_by_newton(tail, df) : NAN;
    if (isfinite(quick)) return p < 0.5 ? -quick : quick;
    while (t_upper(high, df) > tail && high < 1e300) high *= 2;
    for (int i = 0; i < 200 && high - low > 1e-15 * high; i++) {
        double mid = 0.5 * (low + high);
        if (t_upper(mid, df) > tail)
            low = mid;
        else
            high = mid;
    }
    double t = 0.5 * (low + high);
    return p < 0.5 ? -t : t;
}

interval wilson_at(double yes, double n, double z) {
    check(n > 0 && yes >= 0 && yes <= n);
    double p = yes / n, z2 = z * z, centre = p + z2 / (2 * n);
    double reach = z * sqrt(p * (1 - p) / n + z2 / (4 * n * n)), scale = 1 + z2 / n;
    interval r = {(centre - reach) / scale, (centre + reach) / scale};
    if (yes <= 0) r.low = 0; /* exact ends: rounding must not leave a trace */
    if (yes >= n) r.high = 1;
    return r;
}

interval wilson(i64 yes, i64 total) {
    return wilson_at((double)yes, (double)total, Z95);
}

interval newcombe_at(double ya, double na, double yb, double nb, double z) {
    interval a = wilson_at(ya, na, z), b = wilson_at(yb, nb, z);
    double pa = ya / na, pb = yb / nb, d = pa - pb;
    return (interval){d - hypot(pa - a.low, b.high - pb), d + hypot(a.high - pa, pb - b.low)};
}

interval newcombe(i64 ya, i64 na, i64 yb, i64 nb) {
    return newcombe_at((double)ya, (double)na, (double)yb, (double)nb, Z95);
}

interval rocks_at(double up, double down, double total, double z) {
    check(total > 0 && up >= 0 && down >= 0 && up <= total && down <= total);
    double n = total + 3, p = (up + 0.75) / n, d = (down + 0.75) / n;
    double reach = z * sqrt(fmax(0, p + d - (p - d) * (p - d)) / n);
    return (interval){fmax(-100, 100 * (p - d - reach)), fmin(100, 100 * (p - d + reach))};
}

interval rocks(i64 up, i64 down, i64 total) {
    return rocks_at((double)up, (double)down, (double)total, Z95);
}

interval mean_interval(double mean, double variance, i64 n) {
    if (n < 2) return (interval){NAN, NAN};
    double reach = t_quantile(0.975, (double)(n - 1)) * sqrt(variance / (double)n);
    return (interval){mean - reach, mean + reach};
}

double scan_llr(double k, double expected, double total) {
    if (k <= expected || expected <= 0 || total <= 0) return 0;
    double rest = total - k, rest_expected = total - expected;
    return k * log(k / expected) +
           (rest > 0 && rest_expected > 0 ? rest * log(rest / rest_expected) : 0);
}
