/* special.c - special functions. */
#include "kern/special.h"

double log_beta(double a, double b) {
    return log_gamma(a) + log_gamma(b) - log_gamma(a + b);
}

double log_choose(double n, double k) {
    return log_gamma(n + 1) - log_gamma(k + 1) - log_gamma(n - k + 1);
}

double log_sum(double a, double b) {
    double m = fmax(a, b);
    return m == -INFINITY ? m : m + log1p(exp(fmin(a, b) - m));
}

static double gamma_series(double a, double x) { /* P, for x < a + 1 */
    double term = 1 / a, sum = term;
    for (int n = 1; n < 100000 && fabs(term) > 1e-17 * fabs(sum); n++) {
        term *= x / (a + n);
        sum += term;
    }
    return sum * exp(-x + a * log(x) - log_gamma(a));
}

static double gamma_fraction(double a, double x) { /* Q, for x >= a + 1; modified Lentz */
    const double tiny = 1e-300;
    double b = x + 1 - a, c = 1 / tiny, d = 1 / b, h = d;
    for (int i = 1; i < 100000; i++) {
        double an = -i * (i - a);
        b += 2;
        d = an * d + b;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = b + an / c;
        if (fabs(c) < tiny) c = tiny;
        h *= d * c;
        if (fabs(d * c - 1) < 1e-16) break;
    }
    return h * exp(-x + a * log(x) - log_gamma(a));
}

double gamma_inc(double a, double x) {
    check(a > 0);
    if (!(x > 0)) return 0;
    return x < a + 1 ? gamma_series(a, x) : 1 - gamma_fraction(a, x);
}

double gamma_inc_upper(double a, double x) {
    check(a > 0);
    if (!(x > 0)) return 1;
    return x < a + 1 ? 1 - gamma_series(a, x) : gamma_fraction(a, x);
}

double chi2_upper(double x, double df) {
    return gamma_inc_upper(df / 2, x / 2);
}

double normal_two_sided(double z) {
    return erfc(fabs(z) * M_SQRT1_2);
}

double t_two_sided(double t, double df) {
    if (!isfinite(t)) return 0;
    if (df > 1e7) return normal_two_sided(t);
    return beta_inc(df / 2, 0.5, df / (df + t * t));
}

double f_upper(double f, double d1, double d2) {
    return f > 0 ? beta_inc(d2 / 2, d1 / 2, d2 / (d2 + d1 * f)) : 1;
}

double normal_quantile(double p) {
    check(p > 0 && p < 1);
    double tail = fmin(p, 1 - p), t = sqrt(-2 * log(tail)); /* Hastings' start, then Newton */
    double z = t - (2.515517 + t * (0.802853 + t * 0.010328)) /
                       (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    for (int i = 0; i < 6; i++) { /* Halley's steps on the tail */
        double u = (0.5 * erfc(z * M_SQRT1_2) - tail) * sqrt(2 * M_PI) * exp(z * z / 2);
        z += u / (1 - z * u / 2);
        if (fabs(u) < 1e-15 * fmax(1, z)) break;
    }
    return p < 0.5 ? -z : z;
}

double log_normal_cdf(double z) {
    if (z > -30) return log(0.5 * erfc(-z * M_SQRT1_2));
    double q = 1 / (z * z); /* Mills' ratio, asymptotic */
    return -z * z / 2 - log(-z) - 0.5 * log(2 * M_PI) + log1p(-q * (1 - 3 * q * (1 - 5 * q)));
}

/* The root of a rising function between low and high, to the last bits. */
static double bisect(double (*f)(double x, const double *p), const double *p, double aim,
                     double low, double high) {
    for (int i = 0; i < 400; i++) {
        double mid = 0.5 * (low + high);
        if (mid <= low || mid >= high) break;
        if (f(mid, p) < aim)
            low = mid;
        else
            high = mid;
    }
    return 0.5 * (low + high);
}

static double chi2_cdf_of(double x, const double *p) {
    return gamma_inc(p[0] / 2, x / 2);
}

static double beta_cdf_of(double x, const double *p) {
    return beta_inc(p[0], p[1], x);
}

double chi2_quantile(double p, double df) {
    double high = df + 10;
    while (gamma_inc(df / 2, high / 2) < p && high < 1e300) high *= 2;
    return bisect(chi2_cdf_of, &df, p, 0, high);
}

double beta_quantile(double p, double a, double b) {
    double q[] = {a, b};
    return bisect(beta_cdf_of, q, p, 0, 1);
}

double f_quantile(double p, double d1, double d2) {
    double x = beta_quantile(p, d1 / 2, d2 / 2);
    return x < 1 ? d2 * x / (d1 * (1 - x)) : INFINITY;
}

double noncentral_t_cdf(double t, double df, double delta) {
    bool flip = t < 0;
    if (flip) t = -t, delta = -delta;
    double x = t * t / (t * t + df), sum = normal_cdf(-delta), half = delta * delta / 2;
    if (x > 0) {
        double p = 0.5 * exp(-half), q = sqrt(2 / M_PI) * p * delta, total = 0;
        for (int j = 0; j < 10000; j++) {
            double term = p * beta_inc(j + 0.5, df / 2, x) + q * beta_inc(j + 1, df / 2, x);
            total += term;
            p *= half / (j + 1);
            q *= half / (j + 1.5);
            if (j > half && fabs(term) < 1e-16) break;
        }
        sum += total;
    }
    return flip ? 1 - sum : sum;
}

static double series_2f1(double a, double b, double c, double z) {
    double term = 1, sum = 1;
    for (int n = 0; n < 1000000; n++) {
        term *= (a + n) * (b + n) / ((c + n) * (n + 1)) * z;
        sum += term;
        if (fabs(term) < 1e-17 * fabs(sum)) break;
    }
    return sum;
}

double hyp2f1(double a, double b, double c, double z) {
    check(z < 1);
    if (z < -0.5) return pow(1 - z, -b) * series_2f1(c - a, b, c, z / (z - 1)); /* Pfaff */
    if (z > 0.5 && c - a - b < 0) /* Euler: the other exponent converges faster */
        return pow(1 - z, c - a - b) * series_2f1(c - a, c - b, c, z);
    return series_2f1(a, b, c, z);
}
