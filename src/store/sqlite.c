/* sqlite.c - the store's handle: opening, settings, prepared statements, transactions, sentences. */
#include "store/sqlite.h"

enum { PATIENCE_MS = 5000 };

/* ---- sentences ---- */

static const struct {
    int rc;
    err_code code;
    const char *says; /* after the file's path */
} sentences[] = {
    {SQLITE_FULL, IO,
     "cannot grow, its disk is full: make room and try again; nothing acknowledged is lost"},
    {SQLITE_NOTADB, INVALID, "is not a Heed store: it is no SQLite file"},
    {SQLITE_READONLY, DENIED, "may not be written: look at its owner and rights"},
    {SQLITE_PERM, DENIED, "may not be opened: look at its owner and rights"},
    {SQLITE_NOMEM, LIMIT, "needs more memory than there is"},
    {SQLITE_TOOBIG, LIMIT, "cannot hold a row that large"},
};

bool db_fail(const store *s, int rc, err *e) {
    const char *why = s->db ? sqlite3_errmsg(s->db) : sqlite3_errstr(rc);
    int os = s->db ? sqlite3_system_errno(s->db) : 0;
    rc &= 0xff;
    for (size_t i = 0; i < COUNT(sentences); i++)
        if (sentences[i].rc == rc)
            return fail(e, sentences[i].code, "%s %s", s->path, sentences[i].says);
    if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED)
        return fail(e, BUSY,
                    "%s is in use: waited %" PRId64 " ms for another writer to finish; try again",
                    s->path, s->patience_ms);
    if (rc == SQLITE_CORRUPT)
        return fail(e, CORRUPT, "%s is damaged (%s): keep the file, and restore a backup", s->path,
                    why);
    if (rc == SQLITE_CONSTRAINT)
        return fail(e, CONFLICT, "the store %s refused a row: %s", s->path, why);
    if (os == EISDIR) return fail(e, INVALID, "%s is a folder, not a store", s->path);
    return fail(e, IO, "%s cannot be read or written: %s%s%s", s->path, why, os ? ", " : "",
                os ? strerror(os) : "");
}

bool db_exec(store *s, const char *sql, err *e) {
    int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? true : db_fail(s, rc, e);
}

/* ---- prepared statements ---- */

static statement *oldest_idle(store *s) {
    statement *best = NULL;
    for (size_t i = 0; i < STATEMENTS_MAX; i++) {
        statement *c = &s->statements[i];
        if (!c->taken && (!best || c->used < best->used)) best = c;
    }
    check(best); /* more than STATEMENTS_MAX cursors at once is our mistake */
    return best;
}

static statement *cached(store *s, str sql, u64 hash) {
    for (size_t i = 0; i < STATEMENTS_MAX; i++) {
        statement *c = &s->statements[i];
        if (c->stmt && !c->taken && c->hash == hash && str_eq(str_of(sqlite3_sql(c->stmt)), sql))
            return c;
    }
    return NULL;
}

bool stmt_take(store *s, str sql, sqlite3_stmt **out, err *e) {
    u64 hash = str_hash(sql);
    statement *c = cached(s, sql, hash);
    if (!c) {
        c = oldest_idle(s);
        sqlite3_finalize(c->stmt);
        c->stmt = NULL;
        int rc =
            sqlite3_prepare_v3(s->db, sql.p, (int)sql.n, SQLITE_PREPARE_PERSISTENT, &c->stmt, NULL);
        if (rc != SQLITE_OK) return db_fail(s, rc, e);
        c->hash = hash;
    }
    c->taken = true;
    c->used = ++s->takes;
    *out = c->stmt;
    return true;
}

void stmt_give(store *s, sqlite3_stmt *st) {
    if (!st) return;
    sqlite3_reset(st);
    sqlite3_clear_bindings(st);
    statement *of = NULL;
    for (size_t i = 0; i < STATEMENTS_MAX; i++)
        if (s->statements[i].stmt == st) of = &s->statements[i];
    check(of && of->taken);
    of->taken = false;
}

void statements_drop(store *s) {
    for (size_t i = 0; i < STATEMENTS_MAX; i++) {
        check(!s->statements[i].taken);
        sqlite3_finalize(s->statements[i].stmt);
        s->statements[i] = (statement){0};
    }
}

bool stmt_row(store *s, sqlite3_stmt *st, bool *row_out, err *e) {
    int rc = sqlite3_step(st);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE) return db_fail(s, rc, e);
    *row_out = rc == SQLITE_ROW;
    return true;
}

bool stmt_done(store *s, sqlite3_stmt *st, err *e) {
    int rc = sqlite3_step(st);
    bool ok = rc == SQLITE_DONE ? true : db_fail(s, rc, e);
    sqlite3_reset(st);
    return ok;
}

bool db_int(store *s, str sql, i64 bind, i64 *out, err *e) {
    sqlite3_stmt *st = NULL;
    if (!stmt_take(s, sql, &st, e)) return false;
    bool row = false;
    if (sqlite3_bind_parameter_count(st)) sqlite3_bind_int64(st, 1, bind);
    bool ok = stmt_row(s, st, &row, e);
    if (ok)
        *out =
            row && sqlite3_column_type(st, 0) != SQLITE_NULL ? sqlite3_column_int64(st, 0) : NONE;
    stmt_give(s, st);
    return ok;
}

/* ---- transactions ---- */

static bool tx_lost(const store *s) {
    return s->in_tx && sqlite3_get_autocommit(s->db); /* SQLite gave it up: disk full, I/O error */
}

static bool say_lost(const store *s, err *e) {
    return fail(e, IO, "%s gave up the open transaction after an error; nothing of it is stored",
                s->path);
}

bool tx_enter(store *s, err *e) {
    if (s->read_only) return fail(e, DENIED, "%s is open for reading only", s->path);
    if (tx_lost(s)) return say_lost(s, e);
    return db_exec(s, s->in_tx ? "SAVEPOINT step" : "BEGIN IMMEDIATE", e);
}

/* The reason for undoing is the one to tell; what SQLite gave up is undone already. */
void db_undo(store *s, const char *sql) {
    if (!sqlite3_get_autocommit(s->db)) sqlite3_exec(s->db, sql, NULL, NULL, NULL);
}

bool tx_leave(store *s, bool ok, err *e) {
    if (!s->in_tx) {
        if (ok) ok = db_exec(s, "COMMIT", e);
        if (!ok) db_undo(s, "ROLLBACK");
        return ok;
    }
    if (!ok) db_undo(s, "ROLLBACK TO step; RELEASE step");
    if (ok && tx_lost(s)) return say_lost(s, e);
    return ok && db_exec(s, "RELEASE step", e);
}

bool store_begin(store *s, err *e) {
    check(!s->in_tx);
    if (!tx_enter(s, e)) return false;
    s->in_tx = true;
    return true;
}

bool store_commit(store *s, err *e) {
    check(s->in_tx);
    bool lost = tx_lost(s);
    s->in_tx = false;
    return lost ? say_lost(s, e) : tx_leave(s, true, e);
}

void store_rollback(store *s) {
    if (!s->in_tx) return;
    s->in_tx = false;
    db_undo(s, "ROLLBACK");
}

bool store_part(store *s, err *e) {
    check(s->in_tx);
    return tx_enter(s, e);
}

bool store_part_end(store *s, bool ok, err *e) {
    check(s->in_tx);
    return tx_leave(s, ok, e);
}

/* ---- small facts ---- */

bool meta_get(store *s, str name, i64 *out, err *e) {
    sqlite3_stmt *st = NULL;
    if (!stmt_take(s, S("SELECT value FROM meta WHERE name = ?1"), &st, e)) return false;
    sqlite3_bind_text(st, 1, name.p, (int)name.n, SQLITE_STATIC);
    bool row = false, ok = stmt_row(s, st, &row, e);
    i64 v = row ? sqlite3_column_int64(st, 0) : 0;
    stmt_give(s, st);
    if (!ok) return false;
    if (!row)
        return fail(e, CORRUPT, "%s lacks its \"%.*s\": restore a backup", s->path, STR_ARG(name));
    *out = v;
    return true;
}

bool meta_set(store *s, str name, i64 v, err *e) {
    sqlite3_stmt *st = NULL;
    if (!stmt_take(s, S("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)"), &st, e))
        return false;
    sqlite3_bind_text(st, 1, name.p, (int)name.n, SQLITE_STATIC);
    sqlite3_bind_int64(st, 2, v);
    bool ok = stmt_done(s, st, e);
    stmt_give(s, st);
    return ok;
}

/* ---- opening ---- */

static bool url_path(str url, str *path_out, err *e) {
    if (str_starts(url, S("postgresql:")) || str_starts(url, S("postgres:")))
        return fail(e, INVALID,
                    "this Heed keeps its store in a SQLite file: give a path or sqlite:PATH");
    str path = str_starts(url, S("sqlite:")) ? str_from(url, 7) : url;
    if (path.n == 0) return fail(e, INVALID, "the store has no name: give a path or sqlite:PATH");
    if (path.n > 1000)
        return fail(e, LIMIT, "the store's path has %zu bytes, the limit is 1000", path.n);
    if (memchr(path.p, 0, path.n)) return fail(e, INVALID, "the store's path holds a NUL byte");
    *path_out = path;
    return true;
}

static char *heap_text(str a, str b) {
    char *p = mem_new(a.n + b.n + 1, 1);
    if (a.n) memcpy(p, a.p, a.n);
    if (b.n) memcpy(p + a.n, b.p, b.n);
    return p;
}

static bool open_failed(const store *s, const store_options *o, int rc, err *e) {
    int os = s->db ? sqlite3_system_errno(s->db) : 0;
    if ((rc & 0xff) == SQLITE_CANTOPEN && os == ENOENT) {
        if (o->create)
            return fail(e, NOT_FOUND, "%s cannot be made: its folder is not there", s->path);
        return fail(e, NOT_FOUND, "there is no store %s", s->path);
    }
    if (os == EISDIR) return fail(e, INVALID, "%s is a folder, not a store", s->path);
    if (os == EACCES || os == EPERM)
        return fail(e, DENIED, "%s may not be opened: look at its owner and rights", s->path);
    return db_fail(s, rc, e);
}

static bool db_open(store *s, const store_options *o, err *e) {
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    flags |= s->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (o->create && !s->read_only) flags |= SQLITE_OPEN_CREATE;
    char *name =
        heap_text(s->path[0] == ':' ? S("./") : S(""), str_of(s->path)); /* never ":memory:" */
    int rc = sqlite3_open_v2(name, &s->db, flags, o->vfs);
    free(name);
    if (rc != SQLITE_OK) return open_failed(s, o, rc, e);
    sqlite3_busy_timeout(s->db, (int)s->patience_ms);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, (int *)NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)NULL);
    if (!s->read_only && sqlite3_db_readonly(s->db, "main") == 1)
        return fail(e, DENIED, "%s may not be written: look at its owner and rights", s->path);
    return true;
}

static bool try_wal(store *s, bool *wal_out, err *e) {
    sqlite3_stmt *st = NULL;
    if (!stmt_take(s, S("PRAGMA journal_mode = WAL"), &st, e)) return false;
    bool row = false, ok = stmt_row(s, st, &row, e);
    const char *mode = row ? (const char *)sqlite3_column_text(st, 0) : NULL;
    *wal_out = str_eq(str_of(mode), S("wal"));
    stmt_give(s, st);
    return ok;
}

/* Only the first opening of a file changes anything here.  Where two processes make one store at once
** SQLite does not wait by itself: it says BUSY to one of them, so that they cannot wait for each other. */
static bool wal_on(store *s, err *e) {
    bool wal = false, ok = try_wal(s, &wal, e);
    for (i64 waited = 0; !ok && e->code == BUSY && waited < s->patience_ms; waited += 10) {
        sqlite3_sleep(10);
        ok = try_wal(s, &wal, e);
    }
    if (ok && !wal)
        return fail(e, IO, "%s lies where SQLite cannot keep a write-ahead log: use a local disk",
                    s->path);
    return ok;
}

/* synchronous=FULL: an acknowledged commit survives a power cut.  No memory map: a bad sector must
** become a sentence, not a signal.  64 MiB of cache; the log is folded in every 16 MiB. */
static const char settings[] =
    "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON; PRAGMA cache_size = -65536; PRAGMA mmap_size = 0;"
    "PRAGMA secure_delete = FAST; PRAGMA temp_store = MEMORY;"
    "PRAGMA wal_autocheckpoint = 4096; PRAGMA journal_size_limit = 67108864;";

/* Is it ours?  Asked before anything is written into a file that may be somebody else's, and in one
** snapshot: another process may be making the store right now. */
static bool is_ours(store *s, const store_options *o, err *e) {
    i64 app = 0, tables = 0;
    if (!db_exec(s, "BEGIN", e)) return false;
    bool ok = db_int(s, S("PRAGMA application_id"), 0, &app, e) &&
              db_int(s, S("SELECT count(*) FROM sqlite_schema"), 0, &tables, e);
    db_undo(s, "ROLLBACK");
    if (!ok) return false;
    if (app == HEED_APPLICATION) return true;
    if (app != 0 || tables != 0)
        return fail(e, INVALID, "%s is a database of another program, not a Heed store", s->path);
    if (s->read_only || !o->create)
        return fail(e, NOT_FOUND, "%s is empty: there is no store in it yet", s->path);
    return true;
}

static bool settle(store *s, const store_options *o, err *e) {
    return is_ours(s, o, e) && (s->read_only || wal_on(s, e)) && db_exec(s, settings, e) &&
           (o->as_is || migrate(s, o, e)) && meta_get(s, S("id"), &s->id, e);
}

bool store_open(str url, const store_options *o, store **out, err *e) {
    check(o && o->w);
    str path = NO_STR;
    if (!url_path(url, &path, e)) return false;
    store *s = mem_new(1, sizeof *s);
    s->w = o->w;
    s->url = heap_text(url, S(""));
    s->path = heap_text(path, S(""));
    s->read_only = o->read_only || o->as_is;
    s->vfs = o->vfs;
    s->patience_ms = o->patience_ms ? o->patience_ms : PATIENCE_MS;
    store_actor(s, S("system"));
    if (!db_open(s, o, e) || !settle(s, o, e)) {
        store_close(s);
        return false;
    }
    *out = s;
    return true;
}

bool store_open_reader(const store *like, store **out, err *e) {
    store_options o = {
        .w = like->w, .read_only = true, .patience_ms = like->patience_ms, .vfs = like->vfs};
    return store_open(str_of(like->url), &o, out, e);
}

void store_close(store *s) {
    if (!s) return;
    store_rollback(s);
    for (size_t i = 0; i < STATEMENTS_MAX; i++) sqlite3_finalize(s->statements[i].stmt);
    sqlite3_close_v2(s->db);
    known_forget(s);
    buf_clear(&s->sql);
    buf_clear(&s->recs);
    buf_clear(&s->text);
    free(s->url);
    free(s->path);
    free(s);
}

str store_url(const store *s) {
    return str_of(s->url);
}

str store_path(const store *s) {
    return str_of(s->path);
}

i64 store_id(const store *s) {
    return s->id;
}

void store_actor(store *s, str actor) {
    check(actor.n <= LIMIT_NAME_BYTES);
    if (actor.n) memcpy(s->actor, actor.p, actor.n);
    s->actor_n = actor.n;
}
