/* promoters.h - the counts a net promoter score is made of. */
#ifndef KERN_PROMOTERS_H
#define KERN_PROMOTERS_H
#include "kern/method.h"

typedef struct {
    double up, flat, down, n;
    double share; /* promoters less detractors, -1..1; undefined when n is 0 */
    double variance;
} promoters;
static inline promoters promoters_of(double up, double flat, double down) {
    promoters p = {up, flat, down, up + flat + down, 0, 0};
    p.share = ratio(up - down, p.n);
    p.variance = ratio(up + down, p.n) - p.share * p.share;
    return p;
}
static inline promoters in_promoters(calc *c, const json *at) {
    double up = (double)in_int(c, at, "promoters", 0, INT64_C(9000000000000000));
    double flat = (double)in_int(c, at, "passives", 0, INT64_C(9000000000000000));
    return promoters_of(up, flat,
                        (double)in_int(c, at, "detractors", 0, INT64_C(9000000000000000)));
}
#endif
