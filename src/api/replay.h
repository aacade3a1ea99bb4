/* replay.h - Idempotency-Key: who asks twice with one key is answered once, and told the same again. */
#ifndef API_REPLAY_H
#define API_REPLAY_H
#include "api/ask.h"

typedef struct {
    str key; /* of the asker and the route; NO_STR: no key was sent */
    i64 request;
    bool answered; /* the answer of the first time has been sent */
} replaying;

/* CONFLICT when the key came with another body before. */
bool replay_begin(api *x, arena *a, asked *v, str body, replaying *out, err *e) MUST_USE;
/* Keeps the answer for LIMIT_REPLAY_MS if there is a key, and sends it.  Of one with more than
** LIMIT_REPLAY_BYTES brief is kept instead: what who asks again needs to know. */
bool replay_end(api *x, arena *a, asked *v, const replaying *r, int status, const buf *b,
                const buf *brief, err *e) MUST_USE;
#endif
