/* erase.c - a person leaves: their rows go in one transaction, their bytes from every page after it. */
#include "base/job.h"
#include "store/sqlite.h"

typedef struct {
    store *s;
    i64 customer;
    erasure *r;
} erasing;

static bool run(store *s, str sql, i64 *changed, err *e) {
    sqlite3_stmt *st = NULL;
    if (!stmt_take(s, sql, &st, e)) return false;
    bool ok = stmt_done(s, st, e);
    if (ok && changed) *changed = sqlite3_changes(s->db);
    stmt_give(s, st);
    return ok;
}

/* ---- who ---- */

typedef struct {
    i64 first;
    i64 n;
} found_one;

static bool ask_who(store *s, str sql, str x, str y, found_one *out, err *e) {
    sqlite3_stmt *st = NULL;
    bool row = false;
    u8 uid[16];
    if (!stmt_take(s, sql, &st, e)) return false;
    if (!y.p && uid_pack(x, uid) && sqlite3_bind_parameter_count(st) == 1)
        sqlite3_bind_blob(st, 1, uid, sizeof uid, SQLITE_TRANSIENT);
    else
        sqlite3_bind_text64(st, 1, x.p, x.n, SQLITE_STATIC, SQLITE_UTF8);
    if (y.p) sqlite3_bind_text64(st, 2, y.p, y.n, SQLITE_STATIC, SQLITE_UTF8);
    bool ok = stmt_row(s, st, &row, e);
    *out = (found_one){0};
    if (ok && row) *out = (found_one){sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1)};
    stmt_give(s, st);
    return ok;
}

static bool find_customer(store *s, str who, i64 *out, err *e) {
    found_one f;
    str space = NO_STR, name = NO_STR;
    if (!who.n) return fail(e, INVALID, "no customer was named");
    if (str_cut(who, ':', &space, &name)) {
        if (!ask_who(s,
                     S("SELECT min(customer_id), count(DISTINCT customer_id) FROM identity WHERE "
                       "namespace = ?1 AND value = ?2"),
                     space, name, &f, e))
            return false;
        if (f.n) return *out = f.first, true;
    }
    if (!ask_who(s, S("SELECT min(id), count(*) FROM customer WHERE uid = ?1"), who, NO_STR, &f, e))
        return false;
    if (!f.n && !ask_who(s,
                         S("SELECT min(customer_id), count(DISTINCT customer_id) FROM identity "
                           "WHERE value = CAST(?1 AS TEXT)"),
                         who, NO_STR, &f, e))
        return false;
    if (f.n == 1) return *out = f.first, true;
    if (f.n > 1)
        return fail(e, CONFLICT,
                    "%" PRId64 " customers are known by \"%.*s\"; say which as NAMESPACE:VALUE",
                    f.n, (int)MIN(who.n, (size_t)100), who.p);
    return fail(e, NOT_FOUND, "no customer is known by \"%.*s\"", (int)MIN(who.n, (size_t)100),
                who.p);
}

typedef struct {
    char **all;
    size_t n;
    str *copied;
} names;

static void names_free(names *k) {
    for (size_t i = 0; i < k->n; i++) free(k->all[i]);
    free(k->all);
}

/* On the heap first: a job that runs out of memory leaves no cursor open. */
static bool names_gather(store *s, i64 who_id, names *k, err *e) {
    sqlite3_stmt *st = NULL;
    str sql =
        S("SELECT value FROM identity WHERE customer_id = ?1 UNION SELECT namespace || ':' || "
          "value FROM identity WHERE customer_id = ?1");
    if (!stmt_take(s, sql, &st, e)) return false;
    sqlite3_bind_int64(st, 1, who_id);
    bool row = false, ok = stmt_row(s, st, &row, e);
    for (; ok && row; ok = stmt_row(s, st, &row, e)) {
        size_t n = (size_t)sqlite3_column_bytes(st, 0);
        const void *p = sqlite3_column_text(st, 0);
        k->all = mem_grow(k->all, k->n + 1, sizeof *k->all);
        k->all[k->n] = mem_new(n + 1, 1);
        if (n) memcpy(k->all[k->n], p, n);
        k->n++;
    }
    stmt_give(s, st);
    return ok;
}

static bool names_job(arena *a, void *ctx, err *e) {
    (void)e;
    names *k = ctx;
    str *out = NEW_N(a, str, k->n);
    for (size_t i = 0; i < k->n; i++) out[i] = arena_str(a, str_of(k->all[i]));
    k->copied = out;
    return true;
}

bool store_identities(store *s, arena *a, str who, str **out, size_t *n_out, err *e) {
    i64 who_id = 0;
    names k = {0};
    bool ok = find_customer(s, who, &who_id, e) && names_gather(s, who_id, &k, e) &&
              job_run_in(a, names_job, &k, e);
    if (ok) {
        *out = k.copied;
        *n_out = k.n;
    }
    names_free(&k);
    return ok;
}

/* ---- which signals ---- */

/* Both ways to write an identity; which of the signals found are really theirs is decided by
** customer_identity, as when they were added. */
static bool list_names(erasing *k, err *e) {
    char sql[700];
    snprintf(sql, sizeof sql,
             "CREATE TEMP TABLE IF NOT EXISTS gone_name (t TEXT PRIMARY KEY) WITHOUT ROWID;"
             "CREATE TEMP TABLE IF NOT EXISTS gone (id INTEGER PRIMARY KEY);"
             "CREATE TEMP TABLE IF NOT EXISTS gone_of (id INTEGER PRIMARY KEY);"
             "DELETE FROM temp.gone_name; DELETE FROM temp.gone; DELETE FROM temp.gone_of;"
             "INSERT OR IGNORE INTO temp.gone_name SELECT value FROM identity WHERE customer_id = "
             "%" PRId64 " UNION SELECT namespace || ':' || value FROM identity WHERE customer_id = "
             "%" PRId64,
             k->customer, k->customer);
    return db_exec(k->s, sql, e);
}

static bool is_theirs(erasing *k, sqlite3_stmt *who, const signal_row *r, bool *out, err *e) {
    str space, name;
    bool row = false;
    customer_identity(r, &space, &name);
    sqlite3_bind_text64(who, 1, space.p, space.n, SQLITE_STATIC, SQLITE_UTF8);
    sqlite3_bind_text64(who, 2, name.p, name.n, SQLITE_STATIC, SQLITE_UTF8);
    sqlite3_bind_int64(who, 3, k->customer);
    bool ok = stmt_row(k->s, who, &row, e);
    sqlite3_reset(who);
    *out = row;
    return ok;
}

static str column_str(sqlite3_stmt *st, int i) {
    const char *p = (const char *)sqlite3_column_text(st, i);
    return (str){p, (size_t)sqlite3_column_bytes(st, i)};
}

static bool note_gone(erasing *k, sqlite3_stmt *rows, sqlite3_stmt *who, sqlite3_stmt *put,
                      err *e) {
    bool row = false, theirs = false;
    for (;;) {
        if (!stmt_row(k->s, rows, &row, e)) return false;
        if (!row) return true;
        signal_row r = {.source = column_str(rows, 1), .customer = column_str(rows, 2)};
        if (!is_theirs(k, who, &r, &theirs, e)) return false;
        if (!theirs) continue;
        sqlite3_bind_int64(put, 1, sqlite3_column_int64(rows, 0));
        if (!stmt_done(k->s, put, e)) return false;
    }
}

/* Looks at all signals: there is no index by customer, which would cost every import. */
static bool list_signals(erasing *k, i64 after, err *e) {
    store *s = k->s;
    sqlite3_stmt *rows = NULL, *who = NULL, *put = NULL;
    bool ok = stmt_take(s,
                        S("SELECT id, source, customer FROM signal WHERE id > ?1 AND customer IN "
                          "(SELECT t FROM temp.gone_name)"),
                        &rows, e) &&
              stmt_take(s,
                        S("SELECT 1 FROM identity WHERE namespace = ?1 AND value = ?2 AND "
                          "customer_id = ?3"),
                        &who, e) &&
              stmt_take(s, S("INSERT OR IGNORE INTO temp.gone VALUES (?1)"), &put, e);
    if (ok) {
        sqlite3_bind_int64(rows, 1, after);
        ok = note_gone(k, rows, who, put, e);
    }
    stmt_give(s, rows);
    stmt_give(s, who);
    stmt_give(s, put);
    return ok;
}

/* ---- the transaction ---- */

/* Runs of ids, so that the mirror does not follow one by one what lies together. */
static const char change_sql[] =
    "INSERT INTO change (first_id, last_id, at) SELECT min(id), max(id), ?1 FROM (SELECT id, id - "
    "row_number() OVER (ORDER BY id) AS run FROM temp.gone) GROUP BY run ORDER BY 1";

static bool note_changes(store *s, err *e) {
    sqlite3_stmt *st = NULL;
    if (!stmt_take(s, str_of(change_sql), &st, e)) return false;
    sqlite3_bind_int64(st, 1, s->w->now_ms(s->w));
    bool ok = stmt_done(s, st, e);
    stmt_give(s, st);
    return ok;
}

/* The history of a case is only added to, but for this. */
static bool delete_cases(store *s, erasure *r, err *e) {
    i64 none;
    return run(s, S("INSERT OR REPLACE INTO meta (name, value) VALUES ('erasing', 1)"), &none, e) &&
           run(s,
               S("DELETE FROM case_event WHERE ticket_id IN (SELECT id FROM ticket WHERE "
                 "signal_id IN (SELECT id FROM temp.gone))"),
               &none, e) &&
           run(s,
               S("UPDATE case_event SET signal_id = NULL, text = NULL, detail = NULL WHERE "
                 "signal_id IN (SELECT id FROM temp.gone)"),
               &none, e) &&
           run(s, S("DELETE FROM meta WHERE name = 'erasing'"), &none, e) &&
           run(s,
               S("UPDATE ticket SET merged_into = NULL WHERE merged_into IN (SELECT id FROM ticket "
                 "WHERE signal_id IN (SELECT id FROM temp.gone))"),
               &none, e) &&
           run(s,
               S("UPDATE ticket SET asked_signal = NULL WHERE asked_signal IN (SELECT id FROM "
                 "temp.gone)"),
               &none, e) &&
           run(s, S("DELETE FROM ticket WHERE signal_id IN (SELECT id FROM temp.gone)"),
               &r->tickets, e) &&
           run(s,
               S("UPDATE ticket SET customer_id = NULL WHERE customer_id IN (SELECT id FROM "
                 "temp.gone_of)"),
               &none, e) &&
           run(s, S("DELETE FROM fact_event WHERE signal_id IN (SELECT id FROM temp.gone)"), &none,
               e);
}

static bool delete_rows(erasing *k, err *e) {
    store *s = k->s;
    erasure *r = k->r;
    i64 none;
    return run(s,
               S("UPDATE insight SET duplicate_of = NULL WHERE duplicate_of IN (SELECT id FROM "
                 "temp.gone)"),
               &none, e) &&
           run(s,
               S("UPDATE audit SET detail = NULL WHERE detail IS NOT NULL AND ((noun = 'ticket' "
                 "AND noun_id IN (SELECT id FROM ticket WHERE signal_id IN (SELECT id FROM "
                 "temp.gone))) OR (noun = 'signal' AND noun_id IN (SELECT id FROM temp.gone)) OR "
                 "(noun = 'deed' AND noun_id IN (SELECT id FROM deed WHERE signal_id IN (SELECT "
                 "id FROM temp.gone))) OR (noun = 'customer' AND noun_id IN (SELECT id FROM "
                 "temp.gone_of)) OR (noun = 'identity' AND noun_id IN (SELECT id FROM identity "
                 "WHERE customer_id IN (SELECT id FROM temp.gone_of))))"),
               &none, e) &&
           delete_cases(s, r, e) &&
           run(s, S("DELETE FROM deed WHERE signal_id IN (SELECT id FROM temp.gone)"), &r->deeds,
               e) &&
           run(s,
               S("DELETE FROM mention WHERE id IN (SELECT m.id FROM temp.gone g JOIN mention m ON "
                 "m.id >= g.id * 64 AND m.id < g.id * 64 + 64)"),
               &r->mentions, e) &&
           run(s, S("DELETE FROM insight WHERE id IN (SELECT id FROM temp.gone)"), &none, e) &&
           run(s, S("DELETE FROM signal WHERE id IN (SELECT id FROM temp.gone)"), &r->signals, e) &&
           run(s, S("DELETE FROM identity WHERE customer_id IN (SELECT id FROM temp.gone_of)"),
               &r->identities, e) &&
           run(s, S("DELETE FROM customer WHERE id IN (SELECT id FROM temp.gone_of)"), &none, e);
}

static bool put_receipt(erasing *k, err *e) {
    store *s = k->s;
    i64 signals = 0;
    k->r->state = S("wiping");
    k->r->at = s->w->now_ms(s->w);
    return meta_get(s, S("signals"), &signals, e) &&
           meta_set(s, S("signals"), signals - k->r->signals, e) &&
           store_put(s, &noun_erasure, k->r, e);
}

/* The long look comes before the transaction, so that others may write; only what came since is looked
** at within. */
static bool erase(erasing *k, str who, err *e) {
    store *s = k->s;
    i64 seen = 0;
    char sql[100];
    if (!find_customer(s, who, &k->customer, e) || !list_names(k, e)) return false;
    seen = store_last_id(s);
    if (!list_signals(k, 0, e) || !store_begin(s, e)) return false;
    snprintf(sql, sizeof sql, "INSERT INTO temp.gone_of VALUES (%" PRId64 ")", k->customer);
    bool ok = list_signals(k, MAX(seen, 0), e) && db_exec(s, sql, e) && note_changes(s, e) &&
              delete_rows(k, e) && put_receipt(k, e);
    if (ok) return store_commit(s, e);
    store_rollback(s);
    return false;
}

static bool secure(store *s, bool on, err *e) {
    return db_exec(s, on ? "PRAGMA secure_delete = ON" : "PRAGMA secure_delete = FAST", e);
}

bool store_erase(store *s, str who, erasure *out, char uid_out[37], err *e) {
    check(!s->in_tx && !s->read_only);
    err ignored;
    erasing k = {.s = s, .r = out};
    noun_init(&noun_erasure, out);
    uuid7(s->w->now_ms(s->w), s->w->random(s->w), s->w->random(s->w), uid_out);
    out->uid = str_of(uid_out);
    out->signals = out->mentions = out->tickets = out->deeds = out->identities = 0;
    known_forget(s);
    bool ok = secure(s, true, e) && erase(&k, who, e);
    if (!secure(s, false, ok ? e : &ignored)) ok = false;
    return ok;
}

/* ---- the files ---- */

/* The log folded in and cut to nothing; those who read an older state are waited for. */
static bool cut_log(store *s, err *e) {
    bool row = false;
    i64 busy = 1;
    for (i64 waited = 0; waited <= s->patience_ms; waited += 20) {
        sqlite3_stmt *st = NULL;
        if (!stmt_take(s, S("PRAGMA wal_checkpoint(TRUNCATE)"), &st, e)) return false;
        bool ok = stmt_row(s, st, &row, e);
        if (ok) busy = sqlite3_column_int64(st, 0);
        stmt_give(s, st);
        if (!ok && e->code != BUSY) return false;
        if (ok && !busy) return true;
        sqlite3_sleep(20);
    }
    return fail(
        e, BUSY,
        "%s is being read in its older state; what was erased leaves its log when that ends: "
        "try again",
        s->path);
}

static bool all_done(store *s, i64 now_ms, err *e) {
    sqlite3_stmt *st = NULL;
    str sql = S("UPDATE erasure SET state = 'done', done_at = ?1 WHERE state = 'wiping'");
    if (!tx_enter(s, e)) return false;
    bool ok = stmt_take(s, sql, &st, e);
    if (ok) sqlite3_bind_int64(st, 1, now_ms);
    ok = ok && stmt_done(s, st, e);
    stmt_give(s, st);
    return tx_leave(s, ok, e);
}

/* Deleting leaves bytes behind in pages that were split or sorted before, secure_delete or not; written
** anew, the file holds what is there and nothing else. */
bool store_wipe(store *s, erasure *r, err *e) {
    check(!s->in_tx && !s->read_only);
    statements_drop(s);
    bool ok = db_exec(s, "PRAGMA temp_store = FILE; VACUUM; PRAGMA temp_store = MEMORY", e) &&
              cut_log(s, e);
    if (!ok) return false;
    r->state = S("done");
    r->done_at = s->w->now_ms(s->w);
    return all_done(s, r->done_at, e);
}
