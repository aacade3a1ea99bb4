/* moments.c - sums, means, variances. */
#include "kern/moments.h"
#include "kern/method.h"

double vec_sum(vec v) {
    neat s = {0};
    for (size_t i = 0; i < v.n; i++) neat_add(&s, v.v[i]);
    return neat_sum(&s);
}

double vec_mean(vec v) {
    return v.n ? vec_sum(v) / (double)v.n : undefined(NO_DATA);
}

double vec_cov(vec x, vec y) {
    check(x.n == y.n);
    if (x.n < 2) return undefined(TOO_FEW);
    double mx = vec_mean(x), my = vec_mean(y);
    neat s = {0}, dx = {0}, dy = {0};
    for (size_t i = 0; i < x.n; i++) {
        neat_add(&s, (x.v[i] - mx) * (y.v[i] - my));
        neat_add(&dx, x.v[i] - mx);
        neat_add(&dy, y.v[i] - my);
    }
    return (neat_sum(&s) - neat_sum(&dx) * neat_sum(&dy) / (double)x.n) / (double)(x.n - 1);
}

double vec_variance(vec v) {
    double s = vec_cov(v, v);
    return s < 0 ? 0 : s;
}

double vec_sd(vec v) {
    return sqrt(vec_variance(v));
}

double vec_cor(vec x, vec y) {
    double vx = vec_variance(x), vy = vec_variance(y);
    if (isnan(vx)) return vx;
    if (!(vx > 0) || !(vy > 0)) return undefined(ZERO_VARIANCE);
    return fmax(-1, fmin(1, vec_cov(x, y) / sqrt(vx) / sqrt(vy)));
}

double vec_dot(vec x, vec y) {
    check(x.n == y.n);
    neat s = {0};
    for (size_t i = 0; i < x.n; i++) neat_add(&s, x.v[i] * y.v[i]);
    return neat_sum(&s);
}

double vec_median(arena *a, vec v) {
    if (v.n == 0) return undefined(NO_DATA);
    vec s = vec_copy(a, v);
    vec_sort(s);
    return s.n % 2 ? s.v[s.n / 2] : (s.v[s.n / 2 - 1] + s.v[s.n / 2]) / 2;
}

void moments_add(moments *m, double x) {
    double d = x - m->mean;
    m->n++;
    m->mean += d / (double)m->n;
    m->m2 += d * (x - m->mean);
}

void moments_merge(moments *into, const moments *part) {
    if (part->n == 0) return;
    double n = (double)into->n, k = (double)part->n, d = part->mean - into->mean;
    into->n += part->n;
    into->mean += d * k / (n + k);
    into->m2 += part->m2 + d * d * n * k / (n + k);
}

double moments_variance(const moments *m) {
    return m->n < 2 ? undefined(TOO_FEW) : m->m2 / (double)(m->n - 1);
}

mat covariance(arena *a, mat rows) {
    mat t = mat_transpose(a, rows), r = mat_new(a, rows.cols, rows.cols);
    for (size_t i = 0; i < rows.cols; i++)
        for (size_t j = 0; j <= i; j++)
            *mat_at(r, i, j) = *mat_at(r, j, i) =
                vec_cov((vec){t.v + i * t.cols, t.cols}, (vec){t.v + j * t.cols, t.cols});
    return r;
}

mat correlation(arena *a, mat rows) {
    mat s = covariance(a, rows), r = mat_new(a, rows.cols, rows.cols);
    for (size_t i = 0; i < r.rows; i++)
        for (size_t j = 0; j < r.cols; j++) {
            double v = *mat_at(s, i, i) * *mat_at(s, j, j);
            *mat_at(r, i, j) = !(v > 0) ? undefined(isnan(v) ? TOO_FEW : ZERO_VARIANCE)
                               : i == j ? 1
                                        : *mat_at(s, i, j) / sqrt(v);
        }
    return r;
}
