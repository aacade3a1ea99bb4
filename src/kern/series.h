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
/* STL (Cleveland, Cleveland, McRae & Terpenning 1990): season_window 0 is a periodic season, else an odd
** number of years, at least 7, over which the season may change.  Other windows as usual: trend
** nextodd(1.5 period / (1 - 1.5 / season)), low pass nextodd(period). */
parts stl_of(arena *a, vec x, size_t period, size_t season_window, bool robust);
#endif
