/* goals.h - what the company wants to reach, and the metrics of its own. */
#ifndef MAIN_DEMO_GOALS_H
#define MAIN_DEMO_GOALS_H
#include "main/demo/demo.h"
#include "store/tally.h"

/* Metrics and a tree of goals; nothing where there are goals already. */
bool demo_goals(store *s, tally *t, arena *a, i64 now_ms, err *e) MUST_USE;
#endif
