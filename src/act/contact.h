/* contact.h - may this customer be written to, now?  One policy over surveys, marketing and service. */
#ifndef ACT_CONTACT_H
#define ACT_CONTACT_H
#include "store/store.h"

bool contact_purpose(str s); /* service, survey, marketing */
/* Bounds and the zone; before every store_put of the policy. */
bool contact_policy_check(arena *a, const contact_policy *p, err *e) MUST_USE;
/* The policy in force; a store without one gets the usual: 3 messages in 7 days, quiet from 21:00 to 9:00 UTC,
** no survey and no marketing while a case is open. */
bool contact_policy_get(store *s, arena *a, contact_policy *out, err *e) MUST_USE;

typedef struct {
    str purpose;
    str address; /* of the customer */
    i64 customer_id;
    str deed; /* its key */
} contact_wish;
typedef enum { CONTACT_GO, CONTACT_WAIT, CONTACT_NEVER } contact_fate;
typedef struct {
    contact_fate fate;
    i64 until; /* CONTACT_WAIT: ask again then */
    str why;   /* one sentence, unless GO */
} contact_answer;
/* Asks and, when it says GO, counts it, in the caller's transaction: whatever the order in which messages come
** up, the cap holds.  The same deed is counted once, so that a message may be tried again. */
bool contact_ask(store *s, arena *a, const contact_wish *w, i64 now_ms, contact_answer *out,
                 err *e) MUST_USE;

/* Who said something, and where they can be written to: id 0 and NO_STR when nobody is known. */
bool contact_of_signal(store *s, arena *a, i64 signal_id, i64 *customer_id, str *email,
                       err *e) MUST_USE;

/* Addresses nobody writes to; kept as keyed hashes only.  Equal in other capitals. */
bool optout_add(store *s, arena *a, str address, const char *why, err *e) MUST_USE;
bool optout_has(store *s, arena *a, str address, bool *out, err *e) MUST_USE;
bool optout_hash(store *s, arena *a, str address, str *out, err *e) MUST_USE;
bool optout_add_hash(store *s, arena *a, str hash, const char *why, err *e) MUST_USE;
/* That a link with this hash is one of ours: 32 hexadecimal digits. */
bool optout_proof(store *s, arena *a, str hash, str *out, err *e) MUST_USE;
#endif
