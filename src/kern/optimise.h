/* optimise.h - minima without derivatives given; deterministic.  A target may be INFINITY. */
#ifndef KERN_OPTIMISE_H
#define KERN_OPTIMISE_H
#include "base/base.h"

typedef double target(const double *x, void *ctx);
/* Nelder & Mead 1965; steps[i] is the first simplex' size along i.  x: start, then the best found.
** Yields the value there. */
double nelder_mead(arena *a, target *f, void *ctx, double *x, size_t n, double step, int rounds);
/* L-BFGS (Nocedal 1980, 8 pairs) with central differences and backtracking. */
double lbfgs(arena *a, target *f, void *ctx, double *x, size_t n, int rounds);
/* Both in turn until the value stands still: for likelihoods over logarithms of parameters. */
double minimise(arena *a, target *f, void *ctx, double *x, size_t n);
/* The root of f between low and high, where it changes its sign; NAN if it does not. */
double root(target *f, void *ctx, double low, double high);
#endif
