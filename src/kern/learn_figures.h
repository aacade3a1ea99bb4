/* learn_figures.h - figures from margins, for learn.c alone. */
#ifndef KERN_LEARN_FIGURES_H
#define KERN_LEARN_FIGURES_H
#include "kern/learn.h"

/* margins: [text][row].  Of m only rows, rows_n and many are used. */
void figures_of(arena *a, const linear *m, const lessons *l, const float *margins,
                learn_figures *out);
#endif
