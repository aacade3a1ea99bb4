/* hot_spot.h - where and when one thing is said far more than elsewhere. */
#ifndef UNDERSTAND_HOT_SPOT_H
#define UNDERSTAND_HOT_SPOT_H
#include "understand/pains.h"

/* Scans the signals of base for where those of subject stand out.  Both may be NULL (everything). */
bool hot_spot_find(tally *t, arena *a, const expr *base, const expr *subject, hot_spot *out,
                   err *e) MUST_USE;
#endif
