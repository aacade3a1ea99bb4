/* change.h - why a mean moved: who answered (mix), and how they answered (rate); Kitagawa 1955. */
#ifndef KERN_CHANGE_H
#define KERN_CHANGE_H
#include "base/base.h"

typedef struct {
    double n[2], mean[2]; /* before, after; a mean of nobody is not looked at */
    double mix, rate;     /* set by change_split */
} change_part;
typedef struct {
    double before, after, mix, rate; /* mix + rate = after - before; NANs when a side is empty */
} change_whole;
/* mix_s = (w1 - w0)(m0_s - M0), rate_s = w1 (m1_s - m0_s); who was not there before has m0_s = M0. */
change_whole change_split(change_part *parts, size_t n);
#endif
