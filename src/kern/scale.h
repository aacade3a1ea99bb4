/* scale.h - answers on a rating scale, as counts of each point. */
#ifndef KERN_SCALE_H
#define KERN_SCALE_H
#include "kern/method.h"
#include "kern/moments.h"
#include "kern/stats.h"

typedef struct {
    double n, mean, variance; /* variance with n - 1; undefined when there are too few */
} scale_sums;
/* counts[i] answers of first + i. */
static inline scale_sums scale_of(vec counts, double first) {
    scale_sums s = {0};
    double sum = 0, m2 = 0;
    for (size_t i = 0; i < counts.n; i++)
        s.n += counts.v[i], sum += counts.v[i] * (first + (double)i);
    s.mean = ratio(sum, s.n);
    for (size_t i = 0; i < counts.n; i++) {
        double d = first + (double)i - s.mean;
        m2 += counts.v[i] * d * d;
    }
    s.variance = s.n < 2 ? undefined(TOO_FEW) : m2 / (s.n - 1);
    return s;
}
#endif
