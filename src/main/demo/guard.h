/* guard.h - what the simulated company keeps an eye on. */
#ifndef MAIN_DEMO_GUARD_H
#define MAIN_DEMO_GUARD_H
#include "main/demo/demo.h"
#include "store/tally.h"

/* Puts its watches, lets them look at the second half of the year, and has its people judge what they found.
** Does nothing to a store that has any watch. */
bool demo_guard(store *s, tally *t, arena *a, const demo_options *o, i64 now_ms, err *e) MUST_USE;
#endif
