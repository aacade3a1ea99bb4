/* check.c - store_check: the file's pages, every reference, and the laws between the tables. */
#include "base/job.h"
#include "store/sqlite.h"

typedef struct {
    store *s;
    void (*report)(void *ctx, str sentence);
    void *ctx;
    i64 bad;
} finder;

static void found(finder *f, const char *fmt, ...) PRINTF(2, 3);
static void found(finder *f, const char *fmt, ...) {
    char line[600];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    check(n >= 0);
    f->bad++;
    if (f->report) f->report(f->ctx, (str){line, MIN((size_t)n, sizeof line - 1)});
}

/* Runs sql; row says what each row means.  A damaged table is a finding, not the end of the check. */
static bool each(finder *f, str sql, void (*row)(finder *f, sqlite3_stmt *st, const void *what),
                 const void *what, err *e) {
    sqlite3_stmt *st = NULL;
    bool more = false;
    bool ok = stmt_take(f->s, sql, &st, e) && stmt_row(f->s, st, &more, e);
    while (ok && more) {
        row(f, st, what);
        ok = stmt_row(f->s, st, &more, e);
    }
    stmt_give(f->s, st);
    if (ok || e->code != CORRUPT) return ok;
    found(f, "%s", e->msg);
    return true;
}

static i64 int_of(sqlite3_stmt *st, int at) {
    return sqlite3_column_int64(st, at);
}

static const char *text_of(sqlite3_stmt *st, int at) {
    const char *p = (const char *)sqlite3_column_text(st, at);
    return p ? p : "";
}

/* ---- pages and constraints, by SQLite itself ---- */

static void page_row(finder *f, sqlite3_stmt *st, const void *what) {
    (void)what;
    str all = str_of(text_of(st, 0)), line;
    if (str_eq(all, S("ok"))) return;
    while (all.n) {
        str_line(&all, &line);
        if (line.n && !str_starts(line, S("***"))) found(f, "%s: %.*s", f->s->path, STR_ARG(line));
    }
}

static void foreign_row(finder *f, sqlite3_stmt *st, const void *what) {
    (void)what;
    found(f, "%s %" PRId64 " names a %s that is not there", text_of(st, 0), int_of(st, 1),
          text_of(st, 2));
}

/* ---- references and laws ---- */

typedef struct {
    const char *noun, *field, *target;
} reference;

static void reference_row(finder *f, sqlite3_stmt *st, const void *what) {
    const reference *r = what;
    found(f, "%s %" PRId64 ": %s is %" PRId64 ", and there is no such %s", r->noun, int_of(st, 0),
          r->field, int_of(st, 1), r->target);
}

static bool check_references(finder *f, const noun *n, err *e) {
    for (size_t i = 0; i < n->fields_n; i++) {
        reference r = {n->name, n->fields[i].name, ref_noun(n, &n->fields[i])};
        if (!r.target) continue;
        char sql[400];
        snprintf(sql, sizeof sql,
                 "SELECT id, \"%s\" FROM \"%s\" t WHERE \"%s\" IS NOT NULL AND NOT EXISTS"
                 " (SELECT 1 FROM \"%s\" o WHERE o.id = t.\"%s\")",
                 r.field, r.noun, r.field, r.target, r.field);
        if (!each(f, str_of(sql), reference_row, &r, e)) return false;
    }
    return true;
}

static void law_row(finder *f, sqlite3_stmt *st, const void *what) {
    found(f, "%s %" PRId64 " %s", text_of(st, 0), int_of(st, 1), (const char *)what);
}

/* Each asks for the rows that break it: (noun, id). */
static const struct {
    const char *sql, *says;
} laws[] = {
    {"SELECT 'signal', s.id FROM signal s LEFT JOIN insight i ON i.id = s.id WHERE i.id IS NULL",
     "has no insight"},
    {"SELECT 'insight', i.id FROM insight i LEFT JOIN signal s ON s.id = i.id WHERE s.id IS NULL",
     "has no signal"},
    {"SELECT 'mention', id FROM mention WHERE id / 64 <> signal_id",
     "lies among those of another signal"},
    {"SELECT 'mention', id FROM mention WHERE start < 0 OR \"end\" < start",
     "has a span that ends before it starts"},
    {"SELECT 'signal', id FROM signal WHERE id > (SELECT value FROM meta WHERE name = 'last_id')",
     "is newer than the newest id given"},
    {"SELECT 'insight', id FROM insight WHERE duplicate_of >= id",
     "is a duplicate of itself or of something later"},
    {"SELECT 'customer', c.id FROM customer c WHERE uid IS NULL OR length(uid) <> 16",
     "has no proper uid"},
    {"SELECT 'ticket', id FROM ticket WHERE state = 'closed' AND (outcome IS NULL OR closed_at IS "
     "NULL)",
     "is closed without an outcome or a time"},
    {"SELECT 'erasure', id FROM erasure WHERE state = 'wiping'",
     "is not finished, the files may still hold bytes of it: run `heed erase --finish`"},
};

static bool check_laws(finder *f, err *e) {
    for (size_t i = 0; i < COUNT(laws); i++)
        if (!each(f, str_of(laws[i].sql), law_row, laws[i].says, e)) return false;
    i64 said = 0, there = 0;
    if (!db_int(f->s, S("SELECT count(*) FROM signal"), 0, &there, e)) return e->code == CORRUPT;
    if (!meta_get(f->s, S("signals"), &said, e)) return e->code == CORRUPT;
    if (said != there)
        found(f, "the store counts %" PRId64 " signals, and %" PRId64 " are there", said, there);
    return true;
}

/* The signals of customers nobody knows: their identity must be there since the signal was added. */
static void customer_row(finder *f, sqlite3_stmt *st, const void *what) {
    sqlite3_stmt *who = *(sqlite3_stmt *const *)what;
    signal_row r = {.source = str_of(text_of(st, 1))};
    str space, name;
    r.customer = (str){text_of(st, 2), (size_t)sqlite3_column_bytes(st, 2)};
    customer_identity(&r, &space, &name);
    sqlite3_bind_text64(who, 1, space.p, space.n, SQLITE_STATIC, SQLITE_UTF8);
    sqlite3_bind_text64(who, 2, name.p, name.n, SQLITE_STATIC, SQLITE_UTF8);
    if (sqlite3_step(who) == SQLITE_DONE)
        found(f, "signal %" PRId64 ": its customer is not known by any identity", int_of(st, 0));
    sqlite3_reset(who);
}

static bool check_customers(finder *f, err *e) {
    sqlite3_stmt *who = NULL;
    if (!stmt_take(f->s, S("SELECT id FROM identity WHERE namespace = ?1 AND value = ?2"), &who, e))
        return false;
    str sql = S("SELECT id, source, customer FROM signal WHERE customer <> ''");
    bool ok = each(f, sql, customer_row, &who, e);
    stmt_give(f->s, who);
    return ok;
}

/* ---- each row of the small nouns by noun_check ---- */

typedef struct {
    finder *f;
    const noun *n;
    i64 after_id;
    bool more;
} page;

static bool page_job(arena *a, void *ctx, err *e) {
    page *p = ctx;
    void *recs = NULL;
    size_t n = 0;
    err why;
    store_query q = {.after_id = p->after_id};
    if (!store_list(p->f->s, a, p->n, &q, &recs, &n, e)) return false;
    for (size_t i = 0; i < n; i++) {
        const char *rec = (const char *)recs + i * p->n->size;
        p->after_id = noun_int(&p->n->fields[0], rec);
        if (!noun_check(p->n, rec, &why))
            found(p->f, "%s %" PRId64 " is not whole: %s", p->n->name, p->after_id, why.msg);
    }
    p->more = n == LIMIT_PAGE;
    return true;
}

static bool check_rows(finder *f, const noun *n, err *e) {
    page p = {.f = f, .n = n, .more = true};
    while (p.more)
        if (!job_run(LIMIT_JOB_BYTES, page_job, &p, e)) {
            if (e->code != CORRUPT) return false;
            found(f, "%s", e->msg);
            return true;
        }
    return true;
}

bool store_check(store *s, void (*report)(void *, str), void *ctx, i64 *bad_out, err *e) {
    finder f = {.s = s, .report = report, .ctx = ctx};
    if (!each(&f, S("PRAGMA integrity_check(1000)"), page_row, NULL, e)) return false;
    if (!each(&f, S("PRAGMA foreign_key_check"), foreign_row, NULL, e)) return false;
    for (size_t i = 0; i < nouns_n; i++)
        if (!check_references(&f, nouns[i], e)) return false;
    if (!check_laws(&f, e) || !check_customers(&f, e)) return false;
    for (size_t i = 0; i < nouns_n; i++) {
        const noun *n = nouns[i];
        bool large = n == &noun_signal || n == &noun_insight || n == &noun_mention;
        if (!large && !check_rows(&f, n, e)) return false;
    }
    *bad_out = f.bad;
    return true;
}
