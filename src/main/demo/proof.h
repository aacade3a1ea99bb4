/* proof.h - what the simulated company did about its pains: measures judged, running and planned. */
#ifndef MAIN_DEMO_PROOF_H
#define MAIN_DEMO_PROOF_H
#include "main/demo/demo.h"
#include "store/tally.h"

/* Puts the measures into a store that has none: one that helped and one that harmed, both judged by
** counting what is in the tally, one that runs and one that waits for its signatures. */
bool demo_prove(store *s, tally *t, arena *a, const demo_options *o, i64 now_ms, err *e) MUST_USE;
#endif
