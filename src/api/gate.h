/* gate.h - what every request passes before its handler: who asks, may they, how often. */
#ifndef API_GATE_H
#define API_GATE_H
#include "api/api.h"

/* Fills v->who.  *go_out false: the request was answered (401, 403, 429).  A ticket or signal in the path
** that the asker does not see is NOT_FOUND. */
bool gate_pass(api *x, arena *a, const route *r, asked *v, bool *go_out, err *e) MUST_USE;
/* Fields of every answer: what a browser may do with it. */
void gate_guards(http_request *r);
/* A word a route's scope may be. */
bool scope_known(str scope);
#endif
