/* crossed.c - sums of products by group. */
#include "kern/crossed.h"

crossed crossed_of(arena *a, size_t k, const double *origin) {
    crossed c = {.k = k, .stride = (k + 1) * (k + 2) / 2};
    c.sums = NEW_N(a, double, c.stride *CROSSED_GROUPS);
    c.origin = NEW_N(a, double, k + 1);
    if (k) memcpy(c.origin, origin, k * sizeof *origin);
    return c;
}

void crossed_forget(crossed *c) {
    memset(c->sums, 0, c->stride * CROSSED_GROUPS * sizeof *c->sums);
}

static u64 mixed(u64 x) { /* splitmix64 */
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

enum { COLUMNS = 301 };

void crossed_add(crossed *c, u64 id, const double *x) {
    double d[COLUMNS];
    check(c->k < COLUMNS);
    size_t m = c->k + 1;
    double *restrict to = c->sums + (mixed(id) % CROSSED_GROUPS) * c->stride;
    d[0] = 1;
    for (size_t i = 1; i < m; i++) d[i] = x[i - 1] - c->origin[i - 1];
    for (size_t i = 0; i < m; i++) {
        double v = d[i];
        for (size_t j = i; j < m; j++) to[j - i] += v * d[j];
        to += m - i;
    }
}

void crossed_sum(const crossed *c, const double *times, double *out) {
    memset(out, 0, c->stride * sizeof *out);
    for (size_t g = 0; g < CROSSED_GROUPS; g++) {
        const double *from = c->sums + g * c->stride;
        double w = times ? times[g] : 1;
        if (from[0] > 0 && w > 0)
            for (size_t i = 0; i < c->stride; i++) out[i] += w * from[i];
    }
}

static double at(const double *sum, size_t m, size_t i, size_t j) { /* i <= j */
    return sum[i * m - i * (i + 1) / 2 + j];
}

crossed_moments crossed_moments_of(arena *a, size_t k, const double *origin, const double *sum) {
    crossed_moments r = {.n = sum[0]};
    size_t m = k + 1;
    r.mean = (vec){NEW_N(a, double, k), k};
    r.variance = (vec){NEW_N(a, double, k), k};
    r.r = mat_new(a, k, k);
    for (size_t i = 0; i < k; i++) {
        double shift = r.n > 0 ? at(sum, m, 0, i + 1) / r.n : NAN;
        double square = at(sum, m, i + 1, i + 1), left = square - r.n * shift * shift;
        r.mean.v[i] = origin[i] + shift;
        r.variance.v[i] = r.n > 1 && left > 1e-12 * square ? left / (r.n - 1) : r.n > 1 ? 0 : NAN;
    }
    for (size_t i = 0; i < k; i++)
        for (size_t j = i; j < k; j++) {
            double mi = at(sum, m, 0, i + 1) / r.n, mj = at(sum, m, 0, j + 1) / r.n;
            double cov = (at(sum, m, i + 1, j + 1) - r.n * mi * mj) / (r.n - 1);
            double both = r.variance.v[i] * r.variance.v[j];
            *mat_at(r.r, i, j) = *mat_at(r.r, j, i) = !(both > 0) ? NAN
                                                      : i == j    ? 1
                                                                  : cov / sqrt(both);
        }
    return r;
}

void crossed_draw(const crossed *c, chance *by, double *times) {
    u16 filled[CROSSED_GROUPS];
    size_t n = 0;
    for (size_t g = 0; g < CROSSED_GROUPS; g++) {
        times[g] = 0;
        if (c->sums[g * c->stride] > 0) filled[n++] = (u16)g;
    }
    for (size_t i = 0; i < n; i++) times[filled[chance_bits(by) % n]]++;
}
