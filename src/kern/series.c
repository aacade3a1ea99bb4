/* series.c - classical decomposition and STL. */
#include "kern/series.h"
#include "kern/moments.h"

/* Means by place in the period of what is there. */
static vec figure_of(arena *a, vec x, size_t period) {
    vec f = vec_new(a, period);
    for (size_t i = 0; i < period; i++) {
        double n = 0, s = 0;
        for (size_t k = i; k < x.n; k += period)
            if (!isnan(x.v[k])) s += x.v[k], n++;
        f.v[i] = ratio(s, n);
    }
    return f;
}

parts decompose(arena *a, vec x, size_t period) {
    check(period >= 2 && x.n >= 2 * period);
    parts p = {vec_new(a, x.n), vec_new(a, x.n), vec_new(a, x.n), {0}};
    size_t half = period / 2;
    bool even = period % 2 == 0;
    for (size_t i = 0; i < x.n; i++) {
        neat s = {0};
        bool whole = i >= half && i + half < x.n;
        for (size_t k = i - half; whole && k <= i + half; k++)
            neat_add(&s, x.v[k] * (even && (k == i - half || k == i + half) ? 0.5 : 1));
        p.trend.v[i] = whole ? neat_sum(&s) / (double)period : undefined(TOO_FEW);
        p.rest.v[i] = x.v[i] - p.trend.v[i];
    }
    p.figure = figure_of(a, p.rest, period);
    double mean = vec_mean(p.figure);
    for (size_t i = 0; i < period; i++) p.figure.v[i] -= mean;
    for (size_t i = 0; i < x.n; i++) {
        p.season.v[i] = p.figure.v[i % period];
        p.rest.v[i] -= p.season.v[i];
    }
    return p;
}

/* ---- STL; places count from 1 as in the paper ---- */

typedef struct {
    const double *y, *weight; /* weight: of robustness, or NULL */
    double *w;                /* scratch */
    i64 n, len;
    int degree;
} loess;

/* The fit at place x from the values left..right; false: all weights are 0. */
static bool fit_at(const loess *l, double x, i64 left, i64 right, double *out) {
    double h = fmax(x - (double)left, (double)right - x), sum = 0, centre = 0, spread = 0, s = 0;
    if (l->len > l->n) h += (double)((l->len - l->n) / 2);
    for (i64 j = left; j <= right; j++) {
        double r = fabs((double)j - x), q = h > 0 ? r / h : 0;
        l->w[j] = r > 0.999 * h ? 0 : r <= 0.001 * h ? 1 : pow(1 - q * q * q, 3);
        if (l->weight) l->w[j] *= l->weight[j - 1];
        sum += l->w[j];
    }
    if (!(sum > 0)) return false;
    for (i64 j = left; j <= right; j++) centre += (l->w[j] /= sum) * (double)j;
    for (i64 j = left; j <= right; j++)
        spread += l->w[j] * ((double)j - centre) * ((double)j - centre);
    bool tilt = h > 0 && l->degree > 0 && sqrt(spread) > 0.001 * (double)(l->n - 1);
    for (i64 j = left; j <= right; j++)
        s += l->w[j] * (tilt ? (x - centre) / spread * ((double)j - centre) + 1 : 1) * l->y[j - 1];
    *out = s;
    return true;
}

static void window(const loess *l, i64 i, i64 *left, i64 *right) {
    i64 half = (l->len + 1) / 2;
    if (l->len >= l->n)
        *left = 1, *right = l->n;
    else if (i < half)
        *left = 1, *right = l->len;
    else if (i >= l->n - half + 1)
        *left = l->n - l->len + 1, *right = l->n;
    else
        *left = i - half + 1, *right = l->len + i - half;
}

static void straight(double *out, i64 from, i64 to) { /* between two places that are known */
    for (i64 j = from + 1; j < to; j++)
        out[j - 1] = out[from - 1] +
                     (out[to - 1] - out[from - 1]) * (double)(j - from) / (double)(to - from);
}

/* The smooth of all n values: at every jump-th place, straight lines between. */
static void smooth(const loess *l, i64 jump, double *out) {
    i64 left = 1, right = l->n, last = 1;
    jump = MAX(1, MIN(jump, l->n - 1));
    for (i64 i = 1; i <= l->n; i += jump) {
        window(l, i, &left, &right);
        if (!fit_at(l, (double)i, left, right, &out[i - 1])) out[i - 1] = l->y[i - 1];
        straight(out, last, i);
        last = i;
    }
    if (last == l->n) return;
    if (!fit_at(l, (double)l->n, left, right, &out[l->n - 1])) out[l->n - 1] = l->y[l->n - 1];
    straight(out, last, l->n);
}

typedef struct {
    i64 n, period, season, trend, low;
    double *seasonal, *trended, *weight, *w, *cycle, *one, *two;
    const double *x;
} stl;

/* Each place of the period smoothed over the years, one value more at either end. */
static void smooth_cycles(const stl *s, const double *detrended, bool weighted) {
    for (i64 j = 0; j < s->period; j++) {
        i64 k = (s->n - j - 1) / s->period + 1;
        for (i64 i = 0; i < k; i++) {
            s->two[i] = detrended[i * s->period + j];
            s->two[s->n + i] = s->weight[i * s->period + j];
        }
        double *fit = s->two + 2 * s->n;
        loess l = {s->two, weighted ? s->two + s->n : NULL, s->w, k, s->season, 0};
        smooth(&l, (s->season + 9) / 10, fit + 1);
        if (!fit_at(&l, 0, 1, MIN(s->season, k), &fit[0])) fit[0] = fit[1];
        if (!fit_at(&l, (double)k + 1, MAX(1, k - s->season + 1), k, &fit[k + 1]))
            fit[k + 1] = fit[k];
        for (i64 i = 0; i < k + 2; i++) s->cycle[i * s->period + j] = fit[i];
    }
}

static void moving_average(const double *x, i64 n, i64 len, double *out) {
    double s = 0;
    for (i64 i = 0; i < n; i++) {
        s += x[i];
        if (i >= len) s -= x[i - len];
        if (i >= len - 1) out[i - len + 1] = s / (double)len;
    }
}

static void inner(stl *s, bool weighted) {
    double *low = s->two, *mid = s->two + 2 * s->n + 2 * s->period;
    for (i64 i = 0; i < s->n; i++) s->one[i] = s->x[i] - s->trended[i];
    smooth_cycles(s, s->one, weighted);
    moving_average(s->cycle, s->n + 2 * s->period, s->period, low);
    moving_average(low, s->n + s->period + 1, s->period, mid);
    moving_average(mid, s->n + 2, 3, low);
    loess l = {low, NULL, s->w, s->n, s->low, 1};
    smooth(&l, (s->low + 9) / 10, s->one);
    for (i64 i = 0; i < s->n; i++) s->seasonal[i] = s->cycle[s->period + i] - s->one[i];
    for (i64 i = 0; i < s->n; i++) s->one[i] = s->x[i] - s->seasonal[i];
    loess t = {s->one, weighted ? s->weight : NULL, s->w, s->n, s->trend, 1};
    smooth(&t, (s->trend + 9) / 10, s->trended);
}

/* Bisquare weights from six median absolute rests. */
static void reweigh(arena *a, stl *s) {
    vec r = vec_new(a, (size_t)s->n);
    for (i64 i = 0; i < s->n; i++) r.v[i] = fabs(s->x[i] - s->trended[i] - s->seasonal[i]);
    double most = 6 * vec_median(a, r);
    for (i64 i = 0; i < s->n; i++) {
        double q = most > 0 ? r.v[i] / most : 0;
        s->weight[i] = q <= 0.001 ? 1 : q <= 0.999 ? (1 - q * q) * (1 - q * q) : 0;
    }
}

static i64 next_odd(double x) {
    i64 k = (i64)ceil(x);
    return k % 2 ? k : k + 1;
}

parts stl_of(arena *a, vec x, size_t period, size_t season_window, bool robust) {
    check(period >= 2 && x.n >= 2 * period);
    size_t n = x.n, room = 2 * (n + 2 * period) + 8;
    stl s = {.n = (i64)n,
             .period = (i64)period,
             .x = x.v,
             .season = season_window ? (i64)season_window : 10 * (i64)n + 1};
    s.trend = next_odd(1.5 * (double)period / (1 - 1.5 / (double)s.season));
    s.low = next_odd((double)period);
    s.seasonal = vec_new(a, n).v, s.trended = vec_new(a, n).v, s.weight = vec_new(a, n).v;
    s.w = vec_new(a, room).v, s.cycle = vec_new(a, room).v, s.one = vec_new(a, room).v;
    s.two = vec_new(a, 3 * room).v;
    for (size_t i = 0; i < n; i++) s.weight[i] = 1;
    for (int outer = 0; outer < (robust ? 15 : 1); outer++) {
        if (outer) reweigh(a, &s);
        for (int k = 0; k < (robust ? 1 : 2); k++) inner(&s, outer > 0);
    }
    parts p = {{s.trended, n}, {s.seasonal, n}, vec_new(a, n), {0}};
    p.figure = figure_of(a, p.season, period);
    for (size_t i = 0; i < n; i++) {
        if (!season_window) p.season.v[i] = p.figure.v[i % period];
        p.rest.v[i] = x.v[i] - p.season.v[i] - p.trend.v[i];
    }
    return p;
}
