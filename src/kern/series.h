/* series.h - series of one number a period: trend, season, and what is left. */
#ifndef KERN_SERIES_H
#define KERN_SERIES_H
#include "kern/method.h"

typedef struct {
    vec trend, season, rest; /* each as long as the series; NAN where undefined */
    vec figure;              /* the season by place in the period, from the first value on */
} parts;

/* Classical additive decomposition: centred moving average; the figure sums to 0.
** x.n >= 2 period, period >= 2.  Kendall & Stuart 1983. */
parts decompose(arena *a, vec x, size_t period);
/* STL with a periodic season (Cleveland, Cleveland, McRae & Terpenning 1990); windows as usual:
** trend nextodd(1.5 period / (1 - 1.5 / season)), low pass nextodd(period). */
parts stl_periodic(arena *a, vec x, size_t period, bool robust);
#endif
