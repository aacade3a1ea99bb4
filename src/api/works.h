/* works.h - what works behind the pages: the writer, the sender, the reader of uploads, the feed. */
#ifndef API_WORKS_H
#define API_WORKS_H
#include "api/api.h"

/* x->s and x->t are there.  Furnishes a new store; goes on with uploads a restart interrupted. */
bool api_works_open(api *x, int threads, err *e) MUST_USE;
/* Ends event streams and takes no more listeners: before the server drains. */
void api_works_hush(api *x);
/* Finishes what was handed in; an upload stops after its batch and goes on next time.  After the server
** has closed, before api_clear. */
void api_works_close(api *x);
#endif
