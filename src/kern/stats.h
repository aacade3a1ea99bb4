/* stats.h - intervals and the few distributions they need.  Levels are two-sided 95 % throughout. */
#ifndef KERN_STATS_H
#define KERN_STATS_H
#include "base/base.h"

#define Z95 1.959963984540054 /* normal quantile of 0.975 */

typedef struct {
    double low, high;
} interval;

double normal_cdf(double z);
double beta_inc(double a, double b, double x); /* regularised incomplete beta; Lentz's fraction */
double t_quantile(double p, double df);        /* p in (0, 1), df > 0 */
double log_gamma(double x);                    /* x > 0; our own, so that threads share no sign */

/* Wilson 1927: share of yes among n; n > 0.  Newcombe 1998a, method 3. */
interval wilson(i64 yes, i64 n);
/* The same at any normal quantile z, with counts that need not be whole. */
interval wilson_at(double yes, double n, double z);
interval newcombe_at(double yes_a, double n_a, double yes_b, double n_b, double z);
interval rocks_at(double up, double down, double n, double z);
/* Difference a - b of two shares, Newcombe 1998b, method 10. */
interval newcombe(i64 yes_a, i64 n_a, i64 yes_b, i64 n_b);
/* Adjusted Wald for a difference of two shares of one sample (NPS, NSS), Rocks 2016: n+3, +3/4 each;
** in points, clipped to -100..100.  An answer may count up and down at once (it then says nothing). */
interval rocks(i64 up, i64 down, i64 n);
interval mean_interval(double mean, double variance, i64 n); /* Student's t; NANs when n < 2 */
/* Log likelihood ratio (G) of k events in a window where mean m was expected, out of K and M in all
** (Kulldorff's scan statistic); 0 unless k is in excess. */
double scan_llr(double k, double expected, double total);
#endif
