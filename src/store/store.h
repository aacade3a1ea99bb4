/* store.h - keeps everything; nobody above knows which database it is.
**
** One store is one organisation.  URLs: a path or sqlite:PATH.  Any number of readers, one writer at
** a time; a call that must wait longer than its patience fails with BUSY.
** Handles are not shared between threads without a lock, except where a function says so. */
#ifndef STORE_STORE_H
#define STORE_STORE_H
#include "base/world.h"
#include "kern/expr.h"
#include "model/signal.h"

typedef struct store store;

typedef struct {
    world *w;             /* borrowed for the store's life */
    bool create;          /* make the file if it is not there; else NOT_FOUND */
    bool read_only;
    bool as_is;           /* read_only, of whatever schema: only for store_copy */
    bool unkept;          /* migrates without a copy of the store as it was: there is one */
    i64 patience_ms;      /* how long a call waits for another writer; 0 = 5,000 */
    const char *vfs;      /* tests: name of a fault-injecting SQLite VFS; NULL = the usual one */
    void (*told)(void *ctx, str sentence); /* what a person should know: a copy was made; NULL = nobody */
    void *told_ctx;
} store_options;

/* Opens and migrates to this version (a newer schema is refused by name).  Before the first migration of a
** store that holds signals it is copied to PATH.before-schema-NNNN.  store_close(NULL) is fine. */
bool store_open(str url, const store_options *o, store **out, err *e) MUST_USE;
void store_close(store *s);
str store_url(const store *s);                      /* as given */
str store_path(const store *s);                     /* of the file, without "sqlite:" */
i64 store_id(const store *s);                       /* random, made with the file: caches tie to it */

/* ---- signals ---- */

typedef struct {
    signal sig;           /* sealed; row.id, uid and received_at are set by store_add */
    insight ins;
    deed *deeds;          /* signal_id is filled in; a deed whose state is "done" took effect in ins */
    size_t deeds_n;
    const i64 *facts;     /* ids of the facts (kind count) whose condition it meets: kept for windows */
    size_t facts_n;
    bool added;           /* out: false = (source, external_id) was known; nothing changed */
    char uid[37];         /* out: sig.row.uid points here when added, so a heard is not moved after */
} heard;

/* One transaction, durable when it returns true (synchronous=FULL): all items, their insights,
** mentions, deeds, customers with identities and, if given, the intake row.  false = nothing of the
** batch is there, and the items can be given again.  row.id is set for known signals too (the id of
** the first one).  A deed whose key is taken is not stored again: its id stays 0.
** insight.duplicate_of may name an earlier item of the batch by its negative index - 1 (-1 = item 0).
** progress: added and known are raised by what this batch did, then the row is stored under its id or,
** when that is 0, its key.  Not inside store_begin. */
bool store_add(store *s, heard *items, size_t n, intake *progress, err *e) MUST_USE;

i64 store_signal_count(store *s);                   /* -1 if the file cannot be read, both */
i64 store_last_id(store *s);                        /* the newest ever given, 0 when none; never reused */

/* Visits signals with id > after_id in id order, whole (insight with mentions too), until visit
** returns false or limit rows were seen (0 = all).  Rows and their text live until visit returns.
** Stops with CORRUPT at the first row it cannot read.  words=false leaves words and clean missing.
** A visit that fills its e fails the scan with that; one that only returns false ends it well.  It may
** use the store, but not jump out: what it takes from an arena of an outer job ends that job with the
** cursor still open. */
typedef bool store_visit(void *ctx, const signal *sig, const insight *ins, err *e);
bool store_scan(store *s, i64 after_id, i64 limit, bool words, store_visit *visit, void *ctx, err *e) MUST_USE;
/* The same for the given ids, in the given order; ids that are not there are skipped. */
bool store_scan_ids(store *s, const i64 *ids, size_t n, store_visit *visit, void *ctx, err *e) MUST_USE;

/* The id of the first signal with this insight.words_hash, 0 if none. */
bool store_find_words(store *s, i64 words_hash, i64 *id_out, err *e) MUST_USE;
/* The fingerprints of the last max signals that have words, newest first. */
bool store_recent_prints(store *s, i64 max, void (*visit)(void *ctx, i64 id, i64 words_hash, i64 simhash),
                         void *ctx, err *e) MUST_USE;

/* ---- who said it, and how often: what rules and cases ask ---- */

/* The customer a signal's identity belongs to; 0 when it has none or was never heard of. */
bool store_customer(store *s, const signal_row *r, i64 *id_out, err *e) MUST_USE;
/* The id of a signal by what is unique of it; 0 if it was never heard. */
bool store_signal_known(store *s, str source, str external_id, i64 *id_out, err *e) MUST_USE;
/* Signals of the customer noted for the fact with from < occurred_at <= to and an id below before_id. */
bool store_fact_count(store *s, i64 fact_id, i64 customer_id, i64 from, i64 to, i64 before_id,
                      i64 *n_out, err *e) MUST_USE;
/* Notes signals heard before for a fact, after forgetting what was noted: one transaction. */
bool store_fact_remake(store *s, i64 fact_id, const i64 *signal_ids, size_t n, err *e) MUST_USE;

/* ---- change: signals that are there already ----
** Each change is a run of ids in a list that only grows; the tally follows it. */
i64 store_last_change(store *s);                    /* 0: none ever; -1 if the file cannot be read */
typedef struct {
    i64 id, first_id, last_id;
} store_run;
bool store_changes(store *s, i64 after, store_run *out, size_t max, size_t *n_out, err *e) MUST_USE;

/* Gives signals a new insight with its mentions: one transaction, durable.  items[i].sig.row.id says
** which; those that are gone meanwhile are left out and have added = false.  Deeds are not looked at. */
bool store_reread(store *s, heard *items, size_t n, err *e) MUST_USE;
/* Erases a person, known by "namespace:value", a bare value that names one person only, or their uid:
** all signals of all their identities with words, insights, mentions, tickets, deeds, and what the
** audit says of them.  One transaction; the receipt is part of it (state "wiping") and does not say who
** it was.  NOT_FOUND, CONFLICT when a bare value names several.  Tallies follow by tally_follow.
** Then store_wipe: no page of the file nor its log keeps a byte.  BUSY when somebody reads an older state
** for longer than the patience: try again.  It may take as long as copying the file, and ends all
** erasures that wait for it.  uid_out: of the receipt, NUL-terminated. */
/* All a person is known by, as "value" and as "namespace:value". */
bool store_identities(store *s, arena *a, str who, str **out, size_t *n_out, err *e) MUST_USE;
bool store_erase(store *s, str who, erasure *out, char uid_out[37], err *e) MUST_USE;
bool store_wipe(store *s, erasure *receipt, err *e) MUST_USE;

/* ---- the small nouns: rules, tickets, deeds, departments, intakes, ... (not signals, insights) ---- */

/* id == 0 inserts and sets rec->id; else updates.  A KEY taken by another row is CONFLICT, an id that
** is not there NOT_FOUND.  Checked by noun_check; writes an audit row with what changed.  One
** transaction, durable, or part of the open one; nothing is written when nothing changed.  The store
** itself keeps the fields SET_BY_US named uid (made, unless given), created_at, changed_at and version
** (1, then one more with each change, unless the caller raised it).  Not audited: deed, intake, audit,
** replay, watching - they are records themselves - and session, token, totp, attempt: who signs in writes that
** itself. */
bool store_put(store *s, const noun *n, void *rec, err *e) MUST_USE;
bool store_get(store *s, arena *a, const noun *n, i64 id, void *rec_out, err *e) MUST_USE;
/* By the noun's KEY text field; NOT_FOUND if there is none. */
bool store_find(store *s, arena *a, const noun *n, str key, void *rec_out, err *e) MUST_USE;

typedef struct {
    const char *field;    /* equality on one field; NULL = all */
    str text;
    i64 num;              /* for fields that are not text */
    const char *until_field; /* and not above `until` in this field of numbers (store_list only); NULL = any */
    i64 until;
    i64 after_id;         /* page on: ids above (below, if newest_first) it; 0 = from the start */
    bool newest_first;
    size_t limit;         /* 0 = LIMIT_PAGE, and never more */
} store_query;
/* *recs_out is an array of the noun's C struct in a. */
bool store_list(store *s, arena *a, const noun *n, const store_query *q, void **recs_out, size_t *n_out,
                err *e) MUST_USE;
/* Pending deeds due by then, by id: of an endpoint, or, with NO_STR, those that stay in the house. */
bool store_deeds_waiting(store *s, arena *a, str place, i64 after_id, i64 due_by, size_t limit, deed **out,
                         size_t *n_out, err *e) MUST_USE;
/* When the first of an endpoint's pending deeds is due; INT64_MAX when there is none. */
bool store_deeds_next(store *s, str place, i64 *due_out, err *e) MUST_USE;
/* Whose identity it is; 0 when nobody's. */
bool store_customer_of(store *s, str space, str name, i64 *out, err *e) MUST_USE;
/* Is a ticket about something this customer said still open? */
bool store_case_open(store *s, i64 customer_id, bool *out, err *e) MUST_USE;
bool store_count(store *s, const noun *n, const store_query *q, i64 *out, err *e) MUST_USE;

typedef struct {
    bool can;             /* false: the condition names what is no field of the noun, or is too large: sift */
    void *recs;           /* the newest limit rows (LIMIT_PAGE at most) with id < before; before 0 = all */
    size_t n;
    i64 total;            /* of the whole condition */
} store_picked;
/* The rows of a noun for which where (NULL = everything) is true, newest first.  Secrets and uids are
** never compared. */
bool store_pick(store *s, arena *a, const noun *n, const expr *where, i64 before, size_t limit,
                store_picked *out, err *e) MUST_USE;
bool store_delete(store *s, const noun *n, i64 id, err *e) MUST_USE;

void store_actor(store *s, str actor);              /* who the audit names from now on; default "system" */
bool store_begin(store *s, err *e) MUST_USE;        /* nests not */
bool store_commit(store *s, err *e) MUST_USE;       /* durable when true; false = rolled back */
void store_rollback(store *s);                      /* nothing open: does nothing */
/* A part of the open transaction that is there whole or not at all: ok false takes it back, and yields
** false with e as it was.  Parts may lie in parts. */
bool store_part(store *s, err *e) MUST_USE;
bool store_part_end(store *s, bool ok, err *e) MUST_USE;

/* ---- secrets that must be read again: XChaCha20-Poly1305 (RFC 8439, with the nonce of 192 bits), by a key in
** a file of its own beside the store, PATH.key, that only its owner may read ---- */

/* Makes the key if there is none.  bound_to: whose it is; moved to another row it does not open. */
bool store_seal(store *s, arena *a, str plain, i64 bound_to, str *out, err *e) MUST_USE;
/* What was kept before there were seals comes out as it is.  CORRUPT: sealed with another key; NOT_FOUND: the
** key is gone. */
bool store_unseal(store *s, arena *a, str kept, i64 bound_to, str *out, err *e) MUST_USE;
/* BLAKE2b-256 with the key, in hexadecimal: equal for equal texts, and only here. */
bool store_keyed_hash(store *s, arena *a, str text, str *out, err *e) MUST_USE;
/* ---- large things beside the store, in the folder STORE.models ---- */

/* Writes bytes to a file named by their hash; durable and whole when it returns true. */
bool store_keep(store *s, str bytes, char name_out[33], err *e) MUST_USE;
/* All of the file, as long as a lives; NOT_FOUND if it is not there. */
bool store_fetch(store *s, arena *a, str name, str *bytes_out, err *e) MUST_USE;
bool store_forget(store *s, str name, err *e) MUST_USE; /* one that is not there is fine */

/* ---- proof ---- */

/* Verifies the file (pages, indexes), every reference between nouns, and that each signal has its
** insight.  Each finding is one sentence given to report; *bad_out counts them. */
bool store_check(store *s, void (*report)(void *ctx, str sentence), void *ctx, i64 *bad_out, err *e) MUST_USE;
#endif
