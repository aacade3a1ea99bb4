/* world.h - everything the program cannot decide for itself: the clock, chance and the network.
** Only main/ builds the real one; tests build a fake with a seed. */
#ifndef BASE_WORLD_H
#define BASE_WORLD_H
#include <stdatomic.h>
#include "base/base.h"

/* Something that leaves the house: a request over HTTP, or one mail to one person. */
typedef struct {
    str url;               /* https://..., http://..., smtp://HOST:PORT, smtps://HOST:PORT */
    const str *headers;    /* of HTTP, each "Name: value" */
    size_t headers_n;
    str body;              /* of HTTP, sent by POST; or the whole mail, lines ended by CRLF */
    str user, password;    /* missing: nobody signs in */
    str from, to;          /* of a mail: the bare addresses; missing for HTTP */
    i64 timeout_ms;        /* for everything, from the first look at the name to the answer's end */
    bool near;             /* this machine and private networks may be asked; else they are DENIED */
    const atomic_bool *stop; /* set: break off; NULL = never */
} parcel;
typedef struct {
    int status;            /* of HTTP or SMTP: 204, 550 */
    i64 wait_ms;           /* Retry-After; NONE = not told */
    str body;              /* what was answered, its first LIMIT_RECEIPT_BYTES; of SMTP the last line */
} receipt;

typedef struct world world;
struct world {
    i64 (*now_ms)(world *w);   /* UTC, milliseconds since 1970 */
    u64 (*random)(world *w);   /* real: from the system, from any thread; fake: from the seed */
    /* One try, from any thread.  true: the other side answered, whatever it said.  false: nobody did, and
    ** the sentence says why; DENIED: the address is none we ask.  Redirects are not followed.  NULL: this
    ** world has no network. */
    bool (*send)(world *w, arena *a, const parcel *p, receipt *out, err *e);
};

typedef struct {
    world w;
    i64 clock_ms;
    u64 seed;
} world_fake;
void world_fake_init(world_fake *f, i64 clock_ms, u64 seed);  /* time moves only when told */
#endif
