/* ordered.h - logistic regression of an answer on an ordered scale (two levels: yes and no). */
#ifndef KERN_ORDERED_H
#define KERN_ORDERED_H
#include "kern/method.h"

enum { ORDERED_LEVELS = 12 };

typedef struct {
    vec coef, se; /* of the columns: log odds of a higher answer, per unit */
    vec cuts;     /* levels - 1, rising */
    double loglik, null_loglik;
    bool found;
    reason why; /* when it is not: NO_DATA, ZERO_VARIANCE, SEPARATION, SINGULAR */
} ordered_fit;
/* P(Y <= j) = 1 / (1 + exp(-(cut_j - x'b))), McCullagh 1980 (proportional odds); Newton's method with
** halved steps on the exact second derivatives.  y[i] < levels; every level has an answer. */
ordered_fit ordered_logit(arena *a, mat x, const u8 *y, size_t levels);
#endif
