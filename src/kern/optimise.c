/* optimise.c - minima and roots. */
#include "kern/optimise.h"

enum { PAIRS = 8 };

static double value(target *f, void *ctx, const double *x) {
    double v = f(x, ctx);
    return isnan(v) ? INFINITY : v;
}

/* ---- Nelder & Mead ---- */

typedef struct {
    target *f;
    void *ctx;
    size_t n;
    double **x, *v, *centre, *trial, *other; /* n + 1 corners, the best first */
} simplex;

static void sort_corners(simplex *s) { /* insertion: nearly sorted always */
    for (size_t i = 1; i <= s->n; i++)
        for (size_t k = i; k > 0 && s->v[k] < s->v[k - 1]; k--) {
            double v = s->v[k], *x = s->x[k];
            s->v[k] = s->v[k - 1], s->x[k] = s->x[k - 1];
            s->v[k - 1] = v, s->x[k - 1] = x;
        }
}

static double along(simplex *s, double t, double *to) { /* centre + t (centre - worst) */
    for (size_t i = 0; i < s->n; i++) to[i] = s->centre[i] + t * (s->centre[i] - s->x[s->n][i]);
    return value(s->f, s->ctx, to);
}

static void replace_worst(simplex *s, double **with, double v) {
    double *old = s->x[s->n];
    s->x[s->n] = *with;
    *with = old;
    s->v[s->n] = v;
}

static void shrink(simplex *s) {
    for (size_t k = 1; k <= s->n; k++) {
        for (size_t i = 0; i < s->n; i++) s->x[k][i] = (s->x[0][i] + s->x[k][i]) / 2;
        s->v[k] = value(s->f, s->ctx, s->x[k]);
    }
}

static void step_simplex(simplex *s) {
    for (size_t i = 0; i < s->n; i++) {
        s->centre[i] = 0;
        for (size_t k = 0; k < s->n; k++) s->centre[i] += s->x[k][i] / (double)s->n;
    }
    double r = along(s, 1, s->trial);
    if (r < s->v[0]) {
        double e = along(s, 2, s->other);
        if (e < r)
            replace_worst(s, &s->other, e);
        else
            replace_worst(s, &s->trial, r);
    } else if (r < s->v[s->n - 1]) {
        replace_worst(s, &s->trial, r);
    } else {
        double c = along(s, r < s->v[s->n] ? 0.5 : -0.5, s->other);
        if (c < fmin(r, s->v[s->n]))
            replace_worst(s, &s->other, c);
        else
            shrink(s);
    }
    sort_corners(s);
}

double nelder_mead(arena *a, target *f, void *ctx, double *x, size_t n, double step, int rounds) {
    simplex s = {
        .f = f, .ctx = ctx, .n = n, .x = NEW_N(a, double *, n + 1), .v = NEW_N(a, double, n + 1)};
    s.centre = NEW_N(a, double, n), s.trial = NEW_N(a, double, n), s.other = NEW_N(a, double, n);
    for (size_t k = 0; k <= n; k++) {
        s.x[k] = NEW_N(a, double, n);
        memcpy(s.x[k], x, n * sizeof *x);
        if (k) s.x[k][k - 1] += step;
        s.v[k] = value(f, ctx, s.x[k]);
    }
    sort_corners(&s);
    for (int i = 0; i < rounds && s.v[n] - s.v[0] > 1e-12 * (fabs(s.v[0]) + 1e-12); i++)
        step_simplex(&s);
    memcpy(x, s.x[0], n * sizeof *x);
    return s.v[0];
}

/* ---- L-BFGS ---- */

typedef struct {
    size_t n, pairs;
    double *s[PAIRS], *y[PAIRS], rho[PAIRS];
} memory;

static double dot(const double *x, const double *y, size_t n) {
    double r = 0;
    for (size_t i = 0; i < n; i++) r += x[i] * y[i];
    return r;
}

static void slope(target *f, void *ctx, double *x, size_t n, double *g) {
    for (size_t i = 0; i < n; i++) {
        double was = x[i], h = 1e-5 * fmax(1, fabs(was));
        x[i] = was + h;
        double up = value(f, ctx, x);
        x[i] = was - h;
        g[i] = (up - value(f, ctx, x)) / (2 * h);
        x[i] = was;
        if (!isfinite(g[i])) g[i] = 0;
    }
}

/* d = -H g by the two loops over what is remembered. */
static void direction(const memory *m, const double *g, double *d) {
    double alpha[PAIRS];
    for (size_t i = 0; i < m->n; i++) d[i] = -g[i];
    for (size_t k = 0; k < m->pairs; k++) {
        alpha[k] = m->rho[k] * dot(m->s[k], d, m->n);
        for (size_t i = 0; i < m->n; i++) d[i] -= alpha[k] * m->y[k][i];
    }
    double scale = m->pairs ? 1 / (m->rho[0] * dot(m->y[0], m->y[0], m->n))
                            : fmin(1, 1 / (1e-300 + sqrt(dot(g, g, m->n))));
    for (size_t i = 0; i < m->n; i++) d[i] *= scale;
    for (size_t k = m->pairs; k-- > 0;) {
        double beta = m->rho[k] * dot(m->y[k], d, m->n);
        for (size_t i = 0; i < m->n; i++) d[i] += (alpha[k] - beta) * m->s[k][i];
    }
}

static void remember(memory *m, const double *s, const double *y) {
    double sy = dot(s, y, m->n);
    if (!(sy > 1e-14)) return; /* no curvature to learn from */
    double *ls = m->s[PAIRS - 1], *ly = m->y[PAIRS - 1];
    for (size_t k = PAIRS - 1; k > 0; k--)
        m->s[k] = m->s[k - 1], m->y[k] = m->y[k - 1], m->rho[k] = m->rho[k - 1];
    m->s[0] = ls, m->y[0] = ly, m->rho[0] = 1 / sy;
    memcpy(ls, s, m->n * sizeof *s);
    memcpy(ly, y, m->n * sizeof *y);
    m->pairs = MIN(m->pairs + 1, (size_t)PAIRS);
}

/* Moves x along d as far as the value falls enough (Armijo); false: it does not. */
static bool search(target *f, void *ctx, double *x, const double *d, double gd, size_t n, double *v,
                   double *next) {
    for (double t = 1; t > 1e-12; t /= 2) {
        for (size_t i = 0; i < n; i++) next[i] = x[i] + t * d[i];
        double w = value(f, ctx, next);
        if (w <= *v + 1e-4 * t * gd && w < *v) {
            *v = w;
            return true;
        }
    }
    return false;
}

double lbfgs(arena *a, target *f, void *ctx, double *x, size_t n, int rounds) {
    memory m = {.n = n};
    for (size_t k = 0; k < PAIRS; k++) m.s[k] = NEW_N(a, double, n), m.y[k] = NEW_N(a, double, n);
    double *g = NEW_N(a, double, n), *d = NEW_N(a, double, n), *next = NEW_N(a, double, n);
    double *h = NEW_N(a, double, n), v = value(f, ctx, x);
    slope(f, ctx, x, n, g);
    for (int r = 0; r < rounds; r++) {
        direction(&m, g, d);
        double gd = dot(g, d, n), was = v;
        if (!(gd < 0) || !search(f, ctx, x, d, gd, n, &v, next)) {
            if (m.pairs == 0) break;
            m.pairs = 0; /* start again along the slope */
            continue;
        }
        slope(f, ctx, next, n, h);
        for (size_t i = 0; i < n; i++) d[i] = next[i] - x[i], g[i] = h[i] - g[i];
        remember(&m, d, g);
        memcpy(x, next, n * sizeof *x);
        memcpy(g, h, n * sizeof *g);
        if (was - v <= 1e-13 * (fabs(v) + 1)) break;
    }
    return v;
}

double minimise(arena *a, target *f, void *ctx, double *x, size_t n) {
    double v = nelder_mead(a, f, ctx, x, n, 0.5, 60 * (int)n);
    for (int i = 0; i < 6; i++) {
        double was = v;
        v = lbfgs(a, f, ctx, x, n, 200);
        v = fmin(v, nelder_mead(a, f, ctx, x, n, 0.05, 40 * (int)n));
        if (was - v <= 1e-9 * (fabs(v) + 1)) break;
    }
    return v;
}

double root(target *f, void *ctx, double low, double high) {
    double at = f(&low, ctx), end = f(&high, ctx);
    if (!(at * end <= 0)) return NAN;
    for (int i = 0; i < 300; i++) {
        double mid = low + (high - low) / 2, v = f(&mid, ctx);
        if (mid <= low || mid >= high) break;
        if ((v < 0) == (at < 0))
            low = mid;
        else
            high = mid;
    }
    return low + (high - low) / 2;
}
