/* scan.c - visits stored signals, whole, in id order or by id; counts and fingerprints. */
#include "base/job.h"
#include "store/sqlite.h"

enum {
    CHUNK_BYTES = 4 << 20
}; /* rows are read in jobs of about this size, their memory then reused */

i64 store_signal_count(store *s) {
    i64 n = -1;
    err e;
    return meta_get(s, S("signals"), &n, &e) ? n : -1;
}

i64 store_last_id(store *s) {
    i64 id = -1;
    err e;
    return meta_get(s, S("last_id"), &id, &e) ? id : -1;
}

typedef struct {
    store *s;
    sqlite3_stmt *rows, *mentions;
    bool mention_waits;  /* mentions stands on a row not yet handed out */
    bool mentions_ended; /* one more step would start it again */
    const i64 *ids;      /* NULL: a run of ids, ascending */
    size_t ids_n;
    i64 left; /* rows still wanted, when limited */
    bool limited, ended;
    store_visit *visit;
    void *ctx;
} scan;

/* ---- statements ---- */

static void some_columns(buf *b, const noun *n, const char *prefix, bool words) {
    for (size_t i = 0; i < n->fields_n; i++) {
        const char *name = n->fields[i].name;
        bool skip =
            !words && (str_eq(str_of(name), S("words")) || str_eq(str_of(name), S("clean")));
        if (i) buf_str(b, S(", "));
        if (skip)
            buf_str(b, S("NULL"));
        else
            buf_fmt(b, "%s\"%s\"", prefix, name);
    }
}

static str sql_rows(store *s, bool words, const char *where) {
    s->sql.n = 0;
    buf_str(&s->sql, S("SELECT "));
    some_columns(&s->sql, &noun_signal, "s.", words);
    buf_str(&s->sql, S(", "));
    some_columns(&s->sql, &noun_insight, "i.", words);
    buf_fmt(&s->sql, " FROM signal s LEFT JOIN insight i ON i.id = s.id WHERE %s", where);
    return buf_view(&s->sql);
}

static str sql_mentions(store *s, const char *where) {
    s->sql.n = 0;
    buf_str(&s->sql, S("SELECT "));
    sql_columns(&s->sql, &noun_mention, "");
    buf_fmt(&s->sql, " FROM mention WHERE %s ORDER BY id", where);
    return buf_view(&s->sql);
}

/* ---- one row ---- */

/* The mentions of signal id: those with ids in [id * 64, id * 64 + 64), next in the cursor. */
static bool take_mentions(scan *c, arena *a, i64 id, insight *ins, err *e) {
    mention found[LIMIT_MENTIONS];
    size_t n = 0;
    for (bool row = c->mention_waits; !c->mentions_ended; row = false) {
        if (!row && !stmt_row(c->s, c->mentions, &row, e)) return false;
        c->mention_waits = row;
        c->mentions_ended = !row;
        if (!row) break;
        i64 mid = sqlite3_column_int64(c->mentions, 0);
        if (mid >= (id + 1) * MENTION_STRIDE) break;
        if (mid < id * MENTION_STRIDE) continue; /* of a signal that is gone: heed check tells */
        check(n < LIMIT_MENTIONS);
        row_view(a, c->mentions, 0, &noun_mention, &found[n]);
        found[n].aspect = arena_str(a, found[n].aspect);
        found[n].opinion = arena_str(a, found[n].opinion);
        n++;
    }
    ins->mentions_n = n;
    ins->mentions = n ? NEW_N(a, mention, n) : NULL;
    if (n) memcpy(ins->mentions, found, n * sizeof *found);
    return true;
}

static bool read_row(scan *c, arena *a, signal *sig, insight *ins, err *e) {
    int insight_from = (int)noun_signal.fields_n;
    row_view(a, c->rows, 0, &noun_signal, &sig->row);
    if (sqlite3_column_type(c->rows, insight_from) == SQLITE_NULL)
        return fail(e, CORRUPT, "signal %" PRId64 " has no insight: run heed check", sig->row.id);
    if (sig->row.id > ID_MAX || sig->row.id < 1)
        return fail(e, CORRUPT, "signal %" PRId64 " has an id that no Heed gave: restore a backup",
                    sig->row.id);
    row_view(a, c->rows, insight_from, &noun_insight, &ins->row);
    return signal_unseal(a, sig, e) && take_mentions(c, a, sig->row.id, ins, e);
}

static bool visit_row(scan *c, arena *a, err *e) {
    signal sig;
    insight ins;
    if (!read_row(c, a, &sig, &ins, e)) return false;
    e->code = OK;
    if (c->limited && --c->left == 0) c->ended = true;
    if (c->visit(c->ctx, &sig, &ins, e)) return true;
    c->ended = true;
    return e->code == OK;
}

/* ---- many rows ---- */

static bool next_by_id(scan *c, bool *row_out, err *e) {
    for (*row_out = false; !*row_out && c->ids_n; c->ids++, c->ids_n--) {
        sqlite3_reset(c->rows);
        sqlite3_reset(c->mentions);
        c->mention_waits = c->mentions_ended = false;
        sqlite3_bind_int64(c->rows, 1, c->ids[0]);
        sqlite3_bind_int64(c->mentions, 1, MIN(c->ids[0], ID_MAX) * MENTION_STRIDE);
        if (!stmt_row(c->s, c->rows, row_out, e)) return false;
    }
    return true;
}

static bool chunk_job(arena *a, void *ctx, err *e) {
    scan *c = ctx;
    while (!c->ended && arena_used(a) < CHUNK_BYTES) {
        bool row = false;
        bool ok = c->ids ? next_by_id(c, &row, e) : stmt_row(c->s, c->rows, &row, e);
        if (!ok) return false;
        if (!row) c->ended = true;
        if (row && !visit_row(c, a, e)) return false;
    }
    return true;
}

static bool run(scan *c, err *e) {
    bool ok = true;
    while (ok && !c->ended) ok = job_run(LIMIT_JOB_BYTES, chunk_job, c, e);
    stmt_give(c->s, c->rows);
    stmt_give(c->s, c->mentions);
    return ok;
}

bool store_scan(store *s, i64 after_id, i64 limit, bool words, store_visit *visit, void *ctx,
                err *e) {
    check(limit >= 0 && after_id >= 0 && after_id < ID_MAX);
    scan c = {.s = s, .left = limit, .limited = limit > 0, .visit = visit, .ctx = ctx};
    if (!stmt_take(s, sql_rows(s, words, "s.id > ?1 ORDER BY s.id"), &c.rows, e)) return false;
    if (!stmt_take(s, sql_mentions(s, "id >= ?1"), &c.mentions, e)) {
        stmt_give(s, c.rows);
        return false;
    }
    sqlite3_bind_int64(c.rows, 1, after_id);
    sqlite3_bind_int64(c.mentions, 1, (after_id + 1) * MENTION_STRIDE);
    return run(&c, e); /* rows is stepped first and holds the snapshot that mentions reads too */
}

bool store_scan_ids(store *s, const i64 *ids, size_t n, store_visit *visit, void *ctx, err *e) {
    scan c = {.s = s, .ids = ids, .ids_n = n, .visit = visit, .ctx = ctx};
    if (n == 0) return true;
    check(ids);
    if (!stmt_take(s, sql_rows(s, true, "s.id = ?1"), &c.rows, e)) return false;
    if (!stmt_take(s, sql_mentions(s, "id >= ?1 AND id < ?1 + 64"), &c.mentions, e)) {
        stmt_give(s, c.rows);
        return false;
    }
    bool one_look = s->read_only && n > 1 && sqlite3_get_autocommit(s->db);
    if (one_look &&
        !db_exec(s, "BEGIN", e)) { /* one lock of the file for all rows, not two for each */
        stmt_give(s, c.rows);
        stmt_give(s, c.mentions);
        return false;
    }
    bool ok = run(&c, e);
    if (one_look) sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    return ok;
}

/* ---- fingerprints ---- */

bool store_find_words(store *s, i64 words_hash, i64 *id_out, err *e) {
    i64 id = NONE;
    if (!db_int(s, S("SELECT min(id) FROM insight WHERE words_hash = ?1"), words_hash, &id, e))
        return false;
    *id_out = id == NONE ? 0 : id;
    return true;
}

bool store_recent_prints(store *s, i64 max, void (*visit)(void *, i64, i64, i64), void *ctx,
                         err *e) {
    sqlite3_stmt *st = NULL;
    str sql = S("SELECT id, words_hash, simhash FROM insight WHERE words_hash IS NOT NULL ORDER BY "
                "id DESC LIMIT ?1");
    check(max >= 0);
    if (!stmt_take(s, sql, &st, e)) return false;
    sqlite3_bind_int64(st, 1, max);
    bool row = false, ok = stmt_row(s, st, &row, e);
    while (ok && row) {
        i64 simhash =
            sqlite3_column_type(st, 2) == SQLITE_NULL ? NONE : sqlite3_column_int64(st, 2);
        visit(ctx, sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1), simhash);
        ok = stmt_row(s, st, &row, e);
    }
    stmt_give(s, st);
    return ok;
}
