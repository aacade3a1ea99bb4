/* crossed.h - sums of products of columns, kept apart in groups that chance made: one pass over the rows,
** and then any number of bootstrap rounds without them.
**
** Rows fall into groups by a hash of their id, not by what they say; resampling the groups is resampling
** the rows (with fewer rows than groups: nearly row by row).  The standard error found so has itself a
** relative error of 1 / sqrt(2 groups): 2 % for 1,024. */
#ifndef KERN_CROSSED_H
#define KERN_CROSSED_H
#include "kern/chance.h"
#include "kern/linalg.h"

enum { CROSSED_GROUPS = 1024 };

typedef struct {
    size_t k, stride; /* columns; doubles of one group: upper triangle of (1, x)'(1, x) by rows */
    double *sums, *origin;
} crossed;
/* origin[k] is taken off every value, so that nothing cancels: about the means. */
crossed crossed_of(arena *a, size_t k, const double *origin);
void crossed_forget(crossed *c);
void crossed_add(crossed *c, u64 id, const double *x); /* x[k], none missing */
/* All groups, each so many times (NULL: once). */
void crossed_sum(const crossed *c, const double *times, double *out);
/* From such a sum: n, means, sample variances and correlations; a column that does not vary has NANs. */
typedef struct {
    double n;
    vec mean, variance;
    mat r;
} crossed_moments;
crossed_moments crossed_moments_of(arena *a, size_t k, const double *origin, const double *sum);
/* One bootstrap round: how often each group is drawn (multinomial over the groups with rows). */
void crossed_draw(const crossed *c, chance *by, double *times);
#endif
