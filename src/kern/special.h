/* special.h - special functions beyond stats.h: double precision, no hidden state. */
#ifndef KERN_SPECIAL_H
#define KERN_SPECIAL_H
#include "kern/stats.h"

double log_beta(double a, double b);        /* a, b > 0 */
double log_choose(double n, double k);      /* 0 <= k <= n */
double gamma_inc(double a, double x);       /* regularised lower P(a, x): series and Lentz */
double gamma_inc_upper(double a, double x); /* Q(a, x), without losing small tails */
double chi2_upper(double x, double df);     /* P(X > x) */
double t_two_sided(double t, double df);    /* P(|T| > |t|) */
double f_upper(double f, double d1, double d2);
double normal_quantile(double p);  /* to the last bits, by Halley; p in (0, 1) */
double normal_two_sided(double z); /* P(|Z| > |z|) */
double log_normal_cdf(double z);   /* without underflow */
double chi2_quantile(double p, double df);
double beta_quantile(double p, double a, double b);
double f_quantile(double p, double d1, double d2);
double noncentral_t_cdf(double t, double df, double delta); /* Lenth 1989, AS 243 */
double hyp2f1(double a, double b, double c, double z); /* c > 0, z < 1; power series after Pfaff */
double log_sum(double a, double b);                    /* log(e^a + e^b) */
#endif
