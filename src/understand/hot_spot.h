/* hot_spot.h - where and when one thing is said far more than elsewhere. */
#ifndef UNDERSTAND_HOT_SPOT_H
#define UNDERSTAND_HOT_SPOT_H
#include "understand/pains.h"

/* What all signals of base are by week and place: asked once, whatever is looked for in it.  All in a. */
typedef struct hot_base hot_base;
bool hot_base_make(tally *t, arena *a, const expr *where, hot_base **out, err *e) MUST_USE;

/* Scans the signals of base for where those of subject stand out; subject may not be NULL.  *n_out of
** at most HOT_SPOTS spots: first the wave (a place and a time, against the place's own usual rate, of
** at most half the time there is), then places (the best value of each column, all the time), strongest
** first. */
bool hot_spots_find(hot_base *b, const expr *subject, hot_spot out[HOT_SPOTS], size_t *n_out,
                    err *e) MUST_USE;
#endif
