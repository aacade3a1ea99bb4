/* moments.h - sums that keep their digits, and means and variances of parts that can be merged. */
#ifndef KERN_MOMENTS_H
#define KERN_MOMENTS_H
#include "kern/linalg.h"

typedef struct {
    double sum, rest; /* Neumaier 1974: rest holds what the sum could not */
} neat;
static inline void neat_add(neat *s, double x) {
    double t = s->sum + x;
    s->rest += fabs(s->sum) >= fabs(x) ? (s->sum - t) + x : (x - t) + s->sum;
    s->sum = t;
}
static inline double neat_sum(const neat *s) {
    return s->sum + s->rest;
}
double vec_sum(vec v);      /* compensated */
double vec_mean(vec v);     /* undefined when empty */
double vec_variance(vec v); /* n - 1, two passes; undefined below two */
double vec_sd(vec v);
double vec_cov(vec x, vec y); /* n - 1 */
double vec_cor(vec x, vec y); /* undefined when nothing differs */
double vec_median(arena *a, vec v);
double vec_dot(vec x, vec y);

typedef struct {
    i64 n;
    double mean, m2; /* sum of squared distances */
} moments;
void moments_add(moments *m, double x);                 /* Welford 1962 */
void moments_merge(moments *into, const moments *part); /* Chan, Golub & LeVeque 1983 */
double moments_variance(const moments *m);

mat covariance(arena *a, mat rows);  /* of columns, n - 1 */
mat correlation(arena *a, mat rows); /* NANs for a column that does not differ */
#endif
