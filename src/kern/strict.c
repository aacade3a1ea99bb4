/* strict.c - logarithm and exponential by fixed series.  See strict.h. */
#include "kern/strict.h"

#define LN_2 0.69314718055994531

double strict_log(double x) {
    check(x > 0 && isfinite(x));
    int power = 0;
    double m = frexp(x, &power); /* exact; m in [0.5, 1) */
    if (m < 0.70710678118654752) {
        m *= 2;
        power--;
    }
    double t = (m - 1) / (m + 1), t2 = t * t, sum = 0; /* ln m = 2 atanh t, |t| < 0.1716 */
    for (int k = 27; k >= 1; k -= 2) sum = sum * t2 + 1.0 / k;
    return 2 * t * sum + power * LN_2;
}

double strict_exp(double x) {
    check(!isnan(x));
    x = MAX(-700, MIN(700, x));
    int power = (int)(x / LN_2 + (x < 0 ? -0.5 : 0.5));
    double rest = x - power * LN_2, sum = 1; /* |rest| < 0.347 */
    for (int k = 14; k >= 1; k--) sum = 1 + rest * sum / k;
    return ldexp(sum, power);
}
