/* drivers.h - how much each driver matters for an outcome, from correlations alone.
**
** r: (k+1) x (k+1), the drivers then the outcome.  Correlations can come from one pass over counts, so
** the pages and `heed calc` call the same functions. */
#ifndef KERN_DRIVERS_H
#define KERN_DRIVERS_H
#include "kern/regress.h"

enum { DRIVERS_EXACT_MAX = 20 }; /* 2^k models are looked at */

typedef struct {
    mat r;
    size_t k;
    strs names;
    vec y;
    mat x;
    bool flat; /* a driver or the outcome does not vary */
} drivers;
/* data, outcome, drivers of the input. */
drivers in_drivers(calc *c, size_t most);

/* Room for the models of k drivers, used again and again. */
typedef struct {
    double *r2;
    mat *level;
    size_t k;
} lmg_room;
lmg_room lmg_room_of(arena *a, size_t k);
/* Lindeman, Merenda & Gold 1980: out[k] sums to R2, which it yields. */
double lmg_into(lmg_room *w, mat r, double *out);

/* R2 of each set of drivers, by bits; a driver that adds nothing new adds 0. k <= DRIVERS_EXACT_MAX. */
double *subsets_r2(arena *a, mat r, size_t k);
/* Mean gain of each driver over all models of one size: [driver * k + size] (dominance analysis). */
double *gains_by_size(arena *a, const double *r2, size_t k);
vec lmg_of(arena *a, const double *gains, size_t k); /* Lindeman, Merenda & Gold 1980 */
/* Johnson 2000 relative weights; false: the drivers are singular. */
bool johnson_of(arena *a, mat r, size_t k, vec *raw);
/* Standardised coefficients and variance inflation; false: singular. */
bool std_ols_of(arena *a, mat r, size_t k, vec *beta, vec *vif);
void out_named(calc *c, const char *key, strs names, vec v); /* {"name": figure, ...} */
#endif
