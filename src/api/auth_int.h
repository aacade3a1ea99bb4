/* auth_int.h - what the files of auth share. */
#ifndef API_AUTH_INT_H
#define API_AUTH_INT_H
#include "api/api.h"
#include "api/rates.h"
#include "base/json.h"
#include "base/time.h"

/* A handle of the store, for one at a time. */
typedef struct {
    store *s;
    pthread_mutex_t lock;
} shared_store;

/* Three handles: who asks is looked up on the first, which never waits for a writer; people wait on the
** second when they change something; "last used" is written by the third, which does not wait at all. */
struct auth {
    world *w;
    shared_store read, change, touch;
    bool plain_http;
    rates *rates;
    rate_class per_key, per_user, per_address, per_sign_in;
    atomic_llong changes;      /* of people, keys, sessions: one more with each */
    pthread_mutex_t hash_lock; /* of the two below */
    pthread_cond_t hash_free;
    int hashing, hash_waiting;
};

/* What a job works on begins so; s is set for it. */
typedef struct {
    auth *u;
    store *s;
} auth_ctx;
/* Runs fn, which only reads, as a job inside a's job.  ctx begins like an auth_ctx. */
bool auth_locked(auth *u, arena *a, job_fn *fn, void *ctx, err *e) MUST_USE;
/* One transaction, all of it or nothing, by actor. */
bool auth_change(auth *u, arena *a, str actor, job_fn *fn, void *ctx, err *e) MUST_USE;
/* Writes rec if that can be done at once. */
void auth_touch(auth *u, const noun *n, void *rec);
/* store_find whose NOT_FOUND is no failure. */
bool find_maybe(store *s, arena *a, const noun *n, str key, void *rec, bool *found_out,
                err *e) MUST_USE;

/* Argon2id, at most LIMIT_HASHING at once; BUSY when too many wait.  Not while holding the lock. */
bool password_hash(auth *u, arena *a, str password, str *out, err *e) MUST_USE;
/* hash missing: takes the same time and is not right. */
bool password_right(auth *u, arena *a, str hash, str password, bool *right_out, err *e) MUST_USE;

/* Who a user is now.  Under lock. */
bool who_of_user(store *s, arena *a, const user *rec, who *out, err *e) MUST_USE;
void who_of_key(arena *a, const api_key *rec, who *out);
/* Inside auth_change: user_save without a password to hash. */
bool user_put(store *s, arena *a, user *rec, bool ends_sessions, err *e) MUST_USE;
bool sessions_end(store *s, arena *a, i64 user_id, i64 but_id, err *e) MUST_USE;
bool audit_put(store *s, arena *a, i64 now_ms, str actor, str deed, str noun_name, i64 noun_id,
               str detail, err *e) MUST_USE;

/* ---- signing in ---- */

typedef struct {
    str token; /* new, for the cookie */
    who w;
} signed_in;
/* Proves who sits there: counts, locks out, answers 401, 403 or 429 itself (*done_out false then). */
typedef struct {
    str name, password, code;
} proof;
bool proof_check(auth *u, arena *a, http_request *r, const proof *p, user *who_out, bool *done_out,
                 err *e) MUST_USE;
/* A new session for rec; the one of the request's cookie ends. */
bool session_start(auth *u, arena *a, http_request *r, const user *rec, signed_in *out,
                   err *e) MUST_USE;
bool session_resume(auth *u, arena *a, str token, who *out, err *e) MUST_USE; /* else nobody */
bool session_end(auth *u, arena *a, const who *w, err *e) MUST_USE;
void session_cookie(http_request *r, arena *a, str token); /* NO_STR: taken back */
str session_token(const http_request *r);                  /* of the cookie; NO_STR if none */
str key_given(const http_request *r, arena *a);            /* in Authorization; NO_STR if none */
/* May a password travel on this connection?  Answers 403 itself. */
bool connection_safe(const auth *u, http_request *r);
/* GET /session's document. */
bool session_reply(api *x, arena *a, http_request *r, int status, const who *w, err *e) MUST_USE;

/* The client as far as limits go: an IPv4 address, or the network of 64 bits of an IPv6 one. */
str client_network(arena *a, str client);
/* Takes one of class c; answers 429 itself and gives false when there is none left. */
bool pace_ok(auth *u, http_request *r, const rate_class *c, str client);

str json_take_text(json *object, str key); /* takes the member out; NO_STR unless it is a text */
#endif
