/* platt.c - from a margin to a probability.  See platt.h. */
#include "kern/platt.h"
#include "kern/strict.h"

enum { STEPS_MOST = 100 };

typedef struct {
    const float *margins;
    const bool *is;
    size_t n;
    double high, low; /* targets, a little inside 0 and 1 */
} fitting;

/* log(1 + exp(x)) without overflow. */
static double soft(double x) {
    return x > 0 ? x + strict_log(1 + strict_exp(-x)) : strict_log(1 + strict_exp(x));
}

static double loss(const fitting *f, double a, double b) {
    double sum = 0;
    for (size_t i = 0; i < f->n; i++) {
        double x = a * (double)f->margins[i] + b, t = f->is[i] ? f->high : f->low;
        sum += t * x + soft(-x);
    }
    return sum;
}

/* One step of Newton with the step halved until the loss falls; false when it is done. */
static bool improve(const fitting *f, double *a, double *b, double *best) {
    double h11 = 1e-12, h22 = 1e-12, h21 = 0, g1 = 0, g2 = 0;
    for (size_t i = 0; i < f->n; i++) {
        double m = (double)f->margins[i], p = strict_logistic(-(*a * m + *b));
        double d2 = p * (1 - p), d1 = (f->is[i] ? f->high : f->low) - p;
        h11 += m * m * d2;
        h22 += d2;
        h21 += m * d2;
        g1 += m * d1;
        g2 += d1;
    }
    if (fabs(g1) < 1e-5 && fabs(g2) < 1e-5) return false;
    double det = h11 * h22 - h21 * h21;
    if (!(det > 0)) return false;
    double da = -(h22 * g1 - h21 * g2) / det, db = -(h11 * g2 - h21 * g1) / det;
    double slope = g1 * da + g2 * db;
    for (double step = 1; step > 1e-10; step /= 2) {
        double now = loss(f, *a + step * da, *b + step * db);
        if (now >= *best + 1e-4 * step * slope) continue;
        *a += step * da;
        *b += step * db;
        *best = now;
        return true;
    }
    return false;
}

platt platt_fit(const float *margins, const bool *is, size_t n) {
    double yes = 0;
    for (size_t i = 0; i < n; i++) yes += is[i];
    double no = (double)n - yes;
    fitting f = {margins, is, n, (yes + 1) / (yes + 2), 1 / (no + 2)};
    double a = 0, b = strict_log((no + 1) / (yes + 1));
    if (yes < 1 || no < 1) return (platt){-2, (float)b};
    double best = loss(&f, a, b);
    for (int i = 0; i < STEPS_MOST && improve(&f, &a, &b, &best); i++) {
    }
    return (platt){(float)a, (float)b};
}

double platt_sure(platt p, double margin) {
    return strict_logistic(-((double)p.a * margin + (double)p.b));
}

double calibration_error(const double *said, const bool *true_, size_t n) {
    double sum[10] = {0}, right[10] = {0}, gap = 0;
    for (size_t i = 0; i < n; i++) {
        check(said[i] >= 0 && said[i] <= 1);
        size_t bin = MIN((size_t)(said[i] * 10), 9u);
        sum[bin] += said[i];
        right[bin] += true_[i];
    }
    for (int i = 0; i < 10; i++) gap += fabs(sum[i] - right[i]);
    return n ? gap / (double)n : NAN;
}
