/* migrate.c - brings a store of any older Heed to this one, and refuses what it cannot know. */
#include "base/embed.h"
#include "store/sqlite.h"

extern const embedded migrations[];
extern const size_t migrations_n;

static void hash_text(const embedded *m, char out[17]) {
    snprintf(out, 17, "%016" PRIx64, str_hash(embedded_text(m)));
}

/* The file's newest migration has a number we lack: say its name and who made it. */
static bool refuse_newer(store *s, i64 version, err *e) {
    sqlite3_stmt *st = NULL;
    str sql = S("SELECT name, heed_version FROM schema_migrations WHERE version = ?1");
    if (!stmt_take(s, sql, &st, e)) return false;
    sqlite3_bind_int64(st, 1, version);
    bool row = false;
    if (stmt_row(s, st, &row, e)) {
        const char *name = row ? (const char *)sqlite3_column_text(st, 0) : "unnamed";
        const char *by = row ? (const char *)sqlite3_column_text(st, 1) : "unknown";
        fail(e, INVALID,
             "%s has schema %" PRId64
             " (%s), made by Heed %s; this Heed knows schemas up to %zu: use a newer one",
             s->path, version, name, by, migrations_n);
    }
    stmt_give(s, st);
    return false;
}

static bool same(store *s, const embedded *m, sqlite3_stmt *st, err *e) {
    char ours[17];
    hash_text(m, ours);
    const char *name = (const char *)sqlite3_column_text(st, 0),
               *hash = (const char *)sqlite3_column_text(st, 1);
    if (str_eq(str_of(name), str_of(m->name)) && str_eq(str_of(hash), str_of(ours))) return true;
    return fail(
        e, CORRUPT,
        "%s was made with migration %s (%s); this Heed has %s (%s): it is from another build",
        s->path, name, hash, m->name, ours);
}

/* Every migration the file went through must be, to the letter, the one we have. */
static bool refuse_drift(store *s, i64 version, err *e) {
    sqlite3_stmt *st = NULL;
    str sql = S("SELECT name, hash, version FROM schema_migrations ORDER BY version");
    if (!stmt_take(s, sql, &st, e)) return false;
    i64 n = 0;
    bool row = false, ok = stmt_row(s, st, &row, e);
    while (ok && row) {
        if (n >= version || sqlite3_column_int64(st, 2) != n + 1)
            ok = fail(e, CORRUPT, "%s: its list of migrations does not match its schema %" PRId64,
                      s->path, version);
        ok = ok && same(s, &migrations[n], st, e) && stmt_row(s, st, &row, e);
        n++;
    }
    stmt_give(s, st);
    if (ok && n != version)
        return fail(e, CORRUPT, "%s: its list of migrations does not match its schema %" PRId64,
                    s->path, version);
    return ok;
}

static bool record(store *s, i64 version, const embedded *m, err *e) {
    sqlite3_stmt *st = NULL;
    str sql = S("INSERT INTO schema_migrations (version, name, hash, applied_at, heed_version)"
                " VALUES (?1, ?2, ?3, ?4, ?5)");
    if (!stmt_take(s, sql, &st, e)) return false;
    char hash[17], pragma[80];
    hash_text(m, hash);
    sqlite3_bind_int64(st, 1, version);
    sqlite3_bind_text(st, 2, m->name, -1, SQLITE_STATIC);
    sqlite3_bind_text(st, 3, hash, -1, SQLITE_STATIC);
    sqlite3_bind_int64(st, 4, s->w->now_ms(s->w));
    sqlite3_bind_text(st, 5, HEED_VERSION, -1, SQLITE_STATIC);
    bool ok = stmt_done(s, st, e);
    stmt_give(s, st);
    snprintf(pragma, sizeof pragma, "PRAGMA application_id = %d; PRAGMA user_version = %" PRId64,
             HEED_APPLICATION, version);
    return ok && db_exec(s, pragma, e);
}

static bool first_facts(store *s, err *e) {
    i64 id = (i64)(s->w->random(s->w) >> 1 | 1);
    return meta_set(s, S("id"), id, e) && meta_set(s, S("last_id"), 0, e) &&
           meta_set(s, S("signals"), 0, e);
}

static bool step(store *s, i64 version, err *e) {
    const embedded *m = &migrations[version - 1];
    i64 number = 0;
    check(str_int(str_head(str_of(m->name), 4), &number) && number == version);
    return db_exec(s, m->from, e) && (version > 1 || first_facts(s, e)) && record(s, version, m, e);
}

/* What a migration did wrong can be undone: the store as the older Heed left it.  The handle that is
** about to migrate holds the file, so another one reads it. */
static bool keep_old(store *s, const store_options *o, i64 version, err *e) {
    i64 signals = 0;
    char to[1100], told[1300];
    store *old = NULL;
    store_options look = {.w = s->w, .as_is = true, .patience_ms = s->patience_ms, .vfs = s->vfs};
    if (!meta_get(s, S("signals"), &signals, e)) return false;
    if (signals == 0) return true;
    snprintf(to, sizeof to, "%s.before-schema-%04d", s->path, (int)(i64)migrations_n);
    if (!store_open(str_of(s->url), &look, &old, e)) return false;
    bool ok = copy_before(old, str_of(to), e);
    store_close(old);
    if (!ok) return false;
    snprintf(
        told, sizeof told,
        "the store had schema %d, this Heed has %d: it is brought up to date; as it was, it is "
        "kept in %s",
        (int)version, (int)(i64)migrations_n, to);
    if (o->told) o->told(o->told_ctx, str_of(told));
    return true;
}

/* Which schema the file has, if it is one this Heed can work with. */
static bool schema_of(store *s, const store_options *o, i64 *version_out, err *e) {
    i64 version = 0, ours = (i64)migrations_n;
    if (!db_int(s, S("PRAGMA user_version"), 0, &version, e)) return false;
    if (version < 0 || (version == 0 && !o->create))
        return fail(e, CORRUPT,
                    "%s says it is a Heed store of schema %" PRId64 ": restore a backup", s->path,
                    version);
    if (version > ours) return refuse_newer(s, version, e);
    if (version > 0 && !refuse_drift(s, version, e)) return false;
    if (version < ours && s->read_only)
        return fail(e, INVALID,
                    "%s has schema %" PRId64 ", this Heed wants %" PRId64
                    ": open it once for writing",
                    s->path, version, ours);
    *version_out = version;
    return true;
}

/* All that is missing, in one transaction: others see the old schema or the new one.  Another process
** may have been quicker, so the schema is asked again once the file is ours. */
static bool catch_up(store *s, const store_options *o, err *e) {
    i64 version = 0, ours = (i64)migrations_n;
    if (!store_begin(s, e)) return false;
    bool ok = schema_of(s, o, &version, e);
    if (ok && version > 0 && version < ours && !o->unkept) ok = keep_old(s, o, version, e);
    for (i64 v = version + 1; ok && v <= ours; v++) ok = step(s, v, e);
    if (ok) return store_commit(s, e);
    store_rollback(s);
    return false;
}

bool migrate(store *s, const store_options *o, err *e) {
    i64 version = 0, ours = (i64)migrations_n;
    check(ours >= 1);
    if (!db_exec(s, "BEGIN", e)) return false; /* one snapshot: the file may be changing now */
    bool ok = schema_of(s, o, &version, e);
    db_undo(s, "ROLLBACK");
    return ok && (version == ours || catch_up(s, o, e));
}
