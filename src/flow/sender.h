/* sender.h - carries out the deeds that leave the house: what was planned arrives, in order, at the pace the other
** side bears, and is tried again by a schedule when it does not.
**
** A crash loses nothing: a deed is pending until its arrival is durable.  Between the two it may be sent twice,
** with the same id, by which the receiver knows it again (webhook-id, Message-ID). */
#ifndef FLOW_SENDER_H
#define FLOW_SENDER_H
#include "base/world.h"
#include "store/store.h"

/* Tries until a deed is failed: at once, then after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h
** (Standard Webhooks), each with up to a tenth more by chance. */
enum { SEND_ATTEMPTS = 10 };
i64 send_wait_ms(i64 attempts); /* behind that many tries, without the chance */

typedef struct {
    i64 sent, failed; /* deeds: arrived, or tried and not */
    i64 next_ms;      /* when something is due again; INT64_MAX = nothing waits */
} send_counts;
/* One look at every endpoint, one message each at most.  stop may be NULL. */
bool send_turn(store *s, world *w, const atomic_bool *stop, send_counts *counts, err *e) MUST_USE;
/* One message to an endpoint that tells nothing, outside the order; fails with the reason it did not arrive. */
bool send_test(store *s, world *w, const endpoint *to, err *e) MUST_USE;

/* Looks at failed, refused and done deeds again: pending, its tries counted anew; CONFLICT when it is pending, or
** no deed that leaves the house. */
bool send_again(store *s, arena *a, i64 deed_id, i64 now_ms, err *e) MUST_USE;
/* Takes the pause off an endpoint; what waits is due. */
bool send_resume(store *s, arena *a, str endpoint_name, i64 now_ms, err *e) MUST_USE;
/* Where it stands; all missing but the name when nothing was sent yet. */
bool pace_of(store *s, arena *a, str endpoint_name, endpoint_pace *out, err *e) MUST_USE;

/* LIMIT_SENDERS threads that do so as long as it is open. */
typedef struct sender sender;
/* Each thread opens a handle of its own on the store of url. */
bool sender_open(str url, world *w, sender **out, err *e) MUST_USE;
void sender_wake(sender *s);  /* something may be due; any thread */
void sender_close(sender *s); /* what is on its way is broken off; NULL is fine */
#endif
