/* num6.h - decimal numbers in millionths: exact to add, equal on every machine.
** Scores, amounts and numeric attributes of signals are num6.  Range about +-9.2e12; NONE = missing. */
#ifndef KERN_NUM6_H
#define KERN_NUM6_H
#include "base/base.h"

typedef i64 num6;
#define NUM6_ONE ((num6)1000000)

/* Reads decimal text ("4", "-0.25", "1e3"); false if it is not a number, has more than six
** decimals that are not zero, or is out of range. */
bool num6_parse(str s, num6 *out) MUST_USE;
bool num6_of_double(
    double v, num6 *out) MUST_USE; /* rounds to the nearest millionth; false if out of range */
static inline double num6_double(num6 v) {
    return v == NONE ? NAN : (double)v / 1e6;
}
void buf_num6(buf *b, num6 v); /* "4", "-0.25"; no exponent; NONE prints nothing */
#endif
