/* strict.h - logarithm and exponential by fixed series: the same bits on every machine whose doubles
** are IEEE 754, whatever its mathematical library.  For what must be rebuilt bit for bit. */
#ifndef KERN_STRICT_H
#define KERN_STRICT_H
#include "base/base.h"

double strict_log(double x); /* natural, of finite x > 0; within 4e-15 relative */
double strict_exp(double x); /* within 1e-14 relative; x is held within -700 .. 700 */
static inline double strict_logistic(double x) { /* 1 / (1 + exp(-x)) */
    return x >= 0 ? 1 / (1 + strict_exp(-x)) : strict_exp(x) / (1 + strict_exp(x));
}
#endif
