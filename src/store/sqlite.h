/* sqlite.h - the inside of the store: its handle, statements and transactions.  Only for src/store. */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H
#include "store/store.h"
#include <sqlite3.h>

enum {
    STATEMENTS_MAX = 64,             /* prepared texts kept; nested scans take one or two each */
    HEED_APPLICATION = 0x48656564,   /* "Heed", in the file's header */
    MENTION_STRIDE = LIMIT_MENTIONS, /* mention.id = signal_id * this + its place */
};

#define ID_MAX (INT64_MAX / MENTION_STRIDE - 1) /* of a signal */

typedef struct {
    sqlite3_stmt *stmt;
    u64 hash; /* of its text */
    u64 used; /* when last taken, in takes */
    bool taken;
} statement;

struct store {
    sqlite3 *db;
    world *w;
    char *url, *path;
    const char *vfs;
    i64 id;
    i64 patience_ms;
    bool read_only;
    bool in_tx; /* between store_begin and store_commit */
    char actor[LIMIT_NAME_BYTES];
    size_t actor_n;
    statement statements[STATEMENTS_MAX];
    u64 takes;
    /* Identities that are there, by a hash of 128 bits: a customer heard before is not looked up again.
    ** Empty after anybody else's commit, and after our own that failed or deleted. */
    struct known_identity {
        u64 low, high;
    } *known; /* open addressing; 0, 0 is free */
    u32 known_n, known_slots;
    i64 known_version; /* of the file's data, as SQLite counts it */
    /* Scratch on the heap, kept: rows are gathered here before anything is taken from a caller's
    ** arena, so a job that runs out of memory never leaves a statement standing. */
    buf sql, recs, text;
};

/* Turns a result of SQLite into one sentence. */
bool db_fail(const store *s, int rc, err *e);
bool db_exec(store *s, const char *sql, err *e) MUST_USE;

/* A prepared statement from the cache, yours until given back; give back NULL is fine. */
bool stmt_take(store *s, str sql, sqlite3_stmt **out, err *e) MUST_USE;
void stmt_give(store *s, sqlite3_stmt *st);
bool stmt_row(store *s, sqlite3_stmt *st, bool *row_out, err *e) MUST_USE; /* one step */
bool stmt_done(store *s, sqlite3_stmt *st,
               err *e) MUST_USE; /* one step that yields no row; reset */
void statements_drop(store *s); /* all that are kept, none taken: what they say is gone too */
/* The first column of the first row, NONE if there is no row or it is NULL. */
bool db_int(store *s, str sql, i64 bind, i64 *out, err *e) MUST_USE;

/* A transaction of its own, or a step of the one that store_begin opened.  tx_leave(ok = false)
 *undoes
 ** and yields false with e as it was. */
bool tx_enter(store *s, err *e) MUST_USE;
bool tx_leave(store *s, bool ok, err *e) MUST_USE;
void db_undo(store *s, const char *sql); /* a rollback, where there is something to roll back */

bool meta_get(store *s, str name, i64 *out, err *e) MUST_USE;
bool meta_set(store *s, str name, i64 v, err *e) MUST_USE;
bool migrate(store *s, const store_options *o, err *e) MUST_USE;
/* A copy of a store of any schema, in place of what bears that name. */
bool copy_before(store *s, str to, err *e) MUST_USE;
void known_forget(store *s); /* an identity may be gone */
#define NOTE_FACT_SQL                                                                              \
    "INSERT OR IGNORE INTO fact_event (fact_id, customer_id, at, signal_id) VALUES (?1, ?2, ?3, ?4)"
/* Another handle on the same file, for reading only, for a thread of its own. */
bool store_open_reader(const store *like, store **out, err *e) MUST_USE;

/* ---- records and rows ---- */
const char *ref_noun(const noun *n, const field *f); /* the noun a reference points to, or NULL */
bool field_is_uid(const field *f);                   /* kept as 16 bytes */
bool uid_pack(str text, u8 out[16]) MUST_USE;        /* false: not a UUID in lower case */
void uid_unpack(const u8 in[16], char out[37]);
/* Binds every field of rec to ?1..?n.  The text and uid_room must live until the statement ran. */
bool bind_rec(store *s, sqlite3_stmt *st, const noun *n, const void *rec, u8 uid_room[16],
              err *e) MUST_USE;
/* The columns of a row from `from` on as rec; its text is SQLite's own until the next step. */
void row_view(arena *a, sqlite3_stmt *st, int from, const noun *n, void *rec);
/* Steps st to its end and keeps the rows on the heap; after giving st back, rows_take copies them. */
bool rows_gather(store *s, sqlite3_stmt *st, const noun *n, size_t *n_out, err *e) MUST_USE;
void *rows_take(store *s, arena *a, const noun *n, size_t rows);
void sql_columns(buf *b, const noun *n, const char *prefix); /* "id","uid",... */
str sql_insert(store *s, const noun *n, const char *ending); /* in s->sql, until the next sql_ */
#endif
