/* trickle.h - the simulated company keeps talking to a server that runs (`heed serve --demo N`). */
#ifndef MAIN_TRICKLE_H
#define MAIN_TRICKLE_H
#include "api/api.h"

typedef struct trickle trickle;
/* The works of x are open.  INVALID when the store holds other signals than those of `heed demo`: what is
** invented is never mixed with what is real.  First tells what the company said while nobody listened. */
bool trickle_open(api *x, i64 per_minute, trickle **out, err *e) MUST_USE;
void trickle_close(trickle *t); /* NULL is fine */
/* What is due goes the way of all signals.  Call it a few times a second; waits for the commit. */
bool trickle_turn(trickle *t, err *e) MUST_USE;
#endif
