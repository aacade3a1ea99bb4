/* similar.h - how alike two short texts are, by code points. */
#ifndef KERN_SIMILAR_H
#define KERN_SIMILAR_H
#include "base/base.h"

typedef struct {
    u32 *v;
    size_t n;
} points;
points points_of(arena *a, str s);         /* broken bytes count as one each */
double jaro(arena *a, points x, points y); /* Jaro 1989; 0 when one is empty and the other not */
/* Winkler 1990: a common head of up to 4 counts, 0.1 each, where the Jaro value is above boost_above. */
double jaro_winkler(arena *a, points x, points y, double boost_above);
size_t levenshtein(arena *a, points x, points y);
size_t osa(arena *a, points x, points y); /* swaps of neighbours count once */
double log_likelihood_2x2(double k11, double k12, double k21, double k22); /* Dunning 1993; >= 0 */
#endif
