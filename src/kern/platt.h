/* platt.h - from a margin to a probability.
** Platt 1999 as made sound by Lin, Lin and Weng, Machine Learning 68 (2007): p = 1/(1+exp(a m + b)),
** fitted on margins of texts the machine was not taught with. */
#ifndef KERN_PLATT_H
#define KERN_PLATT_H
#include "base/base.h"

typedef struct {
    float a, b;
} platt;
/* Without any text of one side: a = -2, b by the share alone (Platt's own smoothing). */
platt platt_fit(const float *margins, const bool *is, size_t n);
double platt_sure(platt p, double margin); /* 0..1 */

/* Expected calibration error: ten bins of equal width, the gap between said and true shares, weighed
** by how many texts lie in a bin (Guo et al. 2017). */
double calibration_error(const double *said, const bool *true_, size_t n);
#endif
