/* chance.h - random numbers that come out the same everywhere: xoshiro256** (Blackman & Vigna 2018),
** seeded by splitmix64.  One stream for each part of the work; the seed is part of the result. */
#ifndef KERN_CHANCE_H
#define KERN_CHANCE_H
#include "base/base.h"

typedef struct {
    u64 s[4];
} chance;
chance chance_of(u64 seed);
u64 chance_bits(chance *c);
double chance_uniform(chance *c);         /* in (0, 1) */
double chance_normal(chance *c);          /* by inversion: one uniform each */
double chance_gamma(chance *c, double k); /* shape k > 0, scale 1; Marsaglia & Tsang 2000 */
#endif
