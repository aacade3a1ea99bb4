/* auth.h - who may: people and keys, their rights, the department they see.
**
** The gate stands before every handler (api_handle): it finds out who asks, refuses what route.scope
** does not allow, and answers NOT_FOUND for a ticket or signal in the path ("/api/v1/tickets/{id}...",
** "/api/v1/signals/{id}...") that is another department's.  A handler finds the asker in v->who.
**
** What the gate cannot know is which rows an answer is made of.  So every handler that
**   asks the tally, or anything else that takes a where:  gives it auth_where(a, v->who, where);
**   visits signals:                                       skips those auth_sees_signal refuses;
**   lists tickets:                                        gives it auth_tickets_where(a, v->who, where);
**   writes to the store:                                  names the asker with store_actor(s, v->who->actor).
** The generated probe in auth_probe_test.c asks every route as every role and looks for the rows of
** another department in the answers; a new route is probed without being named there.
**
** route.scope is "public" (anybody), "session" (anybody signed in, no keys), "any" (signed in or any
** key), or one right, such as "signals.read". */
#ifndef API_AUTH_H
#define API_AUTH_H
#include "model/signal.h"
#include "store/store.h"

typedef struct auth auth;
typedef struct {
    world *w;
    bool plain_http; /* sign in over http from other machines too: the password travels open */
    i64 rate;        /* requests a second of one key; a user has a tenth; 0 = no limit; -1 = 500 */
    const char *vfs; /* tests: as store_options.vfs */
} auth_options;
/* Opens the store a second time: who asks is looked up without waiting for what others ask.  Handlers and
** the command line may call everything below from any thread. */
bool auth_open(str url, const auth_options *o, auth **out, err *e) MUST_USE;
void auth_close(auth *u); /* NULL is fine */

typedef enum { WHO_NOBODY, WHO_USER, WHO_KEY } who_kind;
typedef struct who {
    who_kind kind;
    i64 id;            /* of the user or the key; 0 = nobody */
    str name;          /* of either; NO_STR = nobody */
    str actor;         /* "user:ann", "key:till 4", "nobody": for store_actor and the audit */
    const str *rights; /* sorted; a user who may write may read too, a key may what it says */
    size_t rights_n;
    bool scoped;            /* sees the departments below only; false = all */
    const str *departments; /* its own and those under it; none = sees nothing */
    size_t departments_n;
    i64 session_id; /* 0 unless signed in */
    str csrf;       /* what X-Heed-CSRF must hold; NO_STR unless signed in */
} who;

extern const who who_nobody;
bool who_may(const who *w, str right);
/* All rights there are; and whether text is one. */
extern const char *const rights_known[];
extern const size_t rights_known_n;
bool right_known(str text);

/* ---- what one sees: row by row ---- */

/* where AND what the asker sees; where itself (NULL = everything) for those who see all.  A scoped
** asker sees the signals with a mention of an aspect that the shipped taxonomy gives to one of its
** departments, and of such a signal only those mentions are counted. */
const expr *auth_where(arena *a, const who *w, const expr *where);
const expr *auth_tickets_where(arena *a, const who *w, const expr *where);
bool auth_sees_ticket(const who *w, const ticket *t);
/* By its mentions; or because a ticket of the asker's department was opened for it (asks s, which the
** caller has locked). */
bool auth_sees_signal(const who *w, store *s, arena *a, const signal *sig, const insight *ins,
                      bool *sees_out, err *e) MUST_USE;
/* store_get of a ticket the asker sees; another department's is NOT_FOUND, in the same words. */
bool auth_ticket(const who *w, store *s, arena *a, i64 id, ticket *out, err *e) MUST_USE;

/* For what goes on after a request: who listens to events.  auth_changes grows when anybody's rights,
** sessions or keys may have changed in this process; auth_still asks the store whether the one who asked
** then is still there, sees as much and may do what right says. */
i64 auth_changes(auth *u);
typedef struct {
    who_kind kind;
    i64 id, session_id;
    u64 seen; /* which departments */
} who_then;
who_then auth_then(const who *w);
bool auth_still(auth *u, const who_then *w, str right, bool *still_out, err *e) MUST_USE;

/* ---- the audit ---- */

/* What the store cannot see happen: a look at an original, an export, a sign-in.  detail: JSON or NO_STR. */
bool auth_note(auth *u, arena *a, const who *w, str deed, str noun_name, i64 noun_id, str detail,
               err *e) MUST_USE;

/* ---- people and keys ---- */

/* NO_STR when the store has users; else a new token (older ones end), good for LIMIT_SETUP_LINK_MS, with
** which POST /api/v1/setup makes the first administrator. */
bool auth_setup_token(auth *u, arena *a, str *token_out, err *e) MUST_USE;

/* Adds (id 0) or changes a user; password NO_STR leaves it.  The name is made lower case; the role must
** exist.  A new password or a user switched off ends that user's sessions.  CONFLICT when nobody
** would be left who may write users. */
bool user_save(auth *u, arena *a, str actor, user *rec, str password, err *e) MUST_USE;
/* Is the password long enough, not too long, and not the name?  INVALID or LIMIT in one sentence. */
bool password_fits(str name, str password, err *e) MUST_USE;

/* Adds a key; *token_out is shown once and kept nowhere.  scopes: rights, blanks between. */
bool key_save(auth *u, arena *a, str actor, api_key *rec, str *token_out, err *e) MUST_USE;
#endif
