/* effect.h - did it help: the effects of trials, panels and interrupted series, each with its doubt.
**
** All intervals are two-sided 95 %.  What cannot be computed is told by .reason (a word of stable
** spelling) and leaves the numbers NAN; it is never nought. */
#ifndef KERN_EFFECT_H
#define KERN_EFFECT_H
#include "base/base.h"

typedef struct {
    i64 n;
    double mean, variance; /* sample variance, n - 1; not looked at when n < 2 */
} sample;
sample sample_of(const double *x, size_t n); /* mean NAN when n is 0, variance when below 2 */

typedef struct {
    double effect, low, high, se, df, p; /* df INFINITY: normal */
    const char *reason;                  /* NULL, or why there is none: too_few, no_variance */
} effect;

/* treated - control, Welch 1947 with Satterthwaite's degrees of freedom. */
effect effect_means(sample treated, sample control);
/* Difference of two shares: interval of Newcombe 1998b, method 10; p of the pooled z test. */
effect effect_shares(i64 yes_treated, i64 n_treated, i64 yes_control, i64 n_control);

/* Difference in differences over units seen before and after: each unit's change is one observation,
** which clusters by unit (Bertrand, Duflo & Mullainathan 2004, "collapse"); then Welch. */
effect effect_panel(const double *treated_changes, size_t n_treated, const double *control_changes,
                    size_t n_control);

/* Interrupted time series, segmented regression (Wagner et al. 2002): y_t = a + b t + c after_t +
** d (t - before) after_t; the effect is the mean of c + d (t - before) over the points after.  Newey &
** West 1987 variance with the given lag (0 = the rule floor(4 (n/100)^(2/9)), 1994).  At least 4 points
** on each side. */
effect effect_series(const double *y, size_t n, size_t before, size_t lag);
/* Slope before the interruption or the start, per step, by ordinary least squares: is there a trend? */
effect effect_trend(const double *y, size_t n);

/* Always-valid interval for treated - control that may be looked at after each answer: the normal
** mixture of Howard, Ramdas, McAuliffe & Sekhon 2021, tuned to be tightest at n_planned in all. */
effect effect_watched(sample treated, sample control, i64 n_planned);

/* Chi-square of the numbers against the planned share of treated, in (0, 1).  Alarm below 0.0005
** (Fabijan et al. 2019): then the assignment is broken and no effect is to be read from it. */
double sample_ratio_p(i64 n_treated, i64 n_control, double planned_share);
#define SAMPLE_RATIO_ALARM 0.0005

/* Units needed in each arm to find a difference of `worth` with 80 % power at 5 %, two-sided normal;
** NAN when worth is 0. */
double units_needed(double variance, double worth);
/* The smallest difference that these numbers find with 80 % power. */
double smallest_found(double variance, i64 n_treated, i64 n_control);

/* Return: (value - cost) / cost, both in the same money, with the interval of value's effect carried
** over; cost must be above 0 (else reason no_cost). */
effect effect_return(double value, double value_se, double cost);
#endif
