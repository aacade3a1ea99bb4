/* nouns.c - puts, gets, finds, lists and deletes any small noun by its description; keeps the
 * audit. */
#include "base/job.h"
#include "base/utf8.h"
#include "kern/num6.h"
#include "store/sqlite.h"

enum { AUDIT_TEXT_BYTES = 200 }; /* of each old and new text kept in an audit row */

static bool is_stream(const noun *n) {
    return n == &noun_signal || n == &noun_insight || n == &noun_mention;
}

static bool is_own_record(const noun *n) {
    return n == &noun_deed || n == &noun_intake || n == &noun_audit || n == &noun_session ||
           n == &noun_token || n == &noun_totp || n == &noun_attempt || n == &noun_replay ||
           n == &noun_change || n == &noun_metric_version || n == &noun_watching ||
           n == &noun_case_event || n == &noun_rule_version || n == &noun_pace ||
           n == &noun_contact;
}

static const field *key_field(const noun *n) {
    for (size_t i = 0; i < n->fields_n; i++)
        if (n->fields[i].flags & KEY && field_is_text(&n->fields[i])) return &n->fields[i];
    return NULL;
}

static i64 rec_id(const noun *n, const void *rec) {
    check(n->fields[0].kind == FIELD_ID);
    return noun_int(&n->fields[0], rec);
}

const char *ref_noun(const noun *n, const field *f) {
    static const struct {
        const char *field, *noun;
    } targets[] = {{"signal_id", "signal"},
                   {"duplicate_of", "signal"},
                   {"rule_id", "rule"},
                   {"watch_id", "watch"},
                   {"customer_id", "customer"},
                   {"department_id", "department"},
                   {"ticket_id", "ticket"},
                   {"merged_into", "ticket"},
                   {"asked_signal", "signal"},
                   {"user_id", "user"},
                   {"metric_id", "metric"},
                   {"owner_id", "user"}};
    if (f->kind != FIELD_REF) return NULL;
    if (str_eq(str_of(f->name), S("parent_id"))) return n->name;
    for (size_t i = 0; i < COUNT(targets); i++)
        if (str_eq(str_of(f->name), str_of(targets[i].field))) return targets[i].noun;
    return NULL; /* audit.noun_id: what it names may be gone */
}

/* ---- reading ---- */

static str sql_select(store *s, const noun *n, const char *ending) {
    s->sql.n = 0;
    buf_str(&s->sql, S("SELECT "));
    sql_columns(&s->sql, n, "");
    buf_fmt(&s->sql, " FROM \"%s\"%s", n->name, ending);
    return buf_view(&s->sql);
}

/* Binds one value to ?at as the field keeps it; a uid that is none matches nothing. */
static void bind_value(sqlite3_stmt *st, int at, const field *f, str text, i64 num) {
    if (!field_is_text(f)) {
        if (num == NONE)
            sqlite3_bind_null(st, at);
        else
            sqlite3_bind_int64(st, at, num);
    } else if (!text.p) {
        sqlite3_bind_null(st, at);
    } else if (!field_is_uid(f)) {
        sqlite3_bind_text64(st, at, text.p, text.n, SQLITE_STATIC, SQLITE_UTF8);
    } else {
        u8 room[16];
        if (uid_pack(text, room))
            sqlite3_bind_blob(st, at, room, 16, SQLITE_TRANSIENT);
        else
            sqlite3_bind_zeroblob(st, at, 0);
    }
}

/* Rows where field IS value, gathered in the store's scratch. */
static bool gather_where(store *s, const noun *n, const field *f, str text, i64 num, size_t *rows,
                         err *e) {
    char where[120];
    sqlite3_stmt *st = NULL;
    snprintf(where, sizeof where, " WHERE \"%s\" IS ?1 LIMIT 1", f->name);
    if (!stmt_take(s, sql_select(s, n, where), &st, e)) return false;
    bind_value(st, 1, f, text, num);
    bool ok = rows_gather(s, st, n, rows, e);
    stmt_give(s, st);
    return ok;
}

bool store_get(store *s, arena *a, const noun *n, i64 id, void *rec_out, err *e) {
    size_t rows = 0;
    if (!gather_where(s, n, &n->fields[0], NO_STR, id, &rows, e)) return false;
    if (rows == 0) return fail(e, NOT_FOUND, "there is no %s %" PRId64, n->name, id);
    memcpy(rec_out, rows_take(s, a, n, rows), n->size);
    return true;
}

bool store_find(store *s, arena *a, const noun *n, str key, void *rec_out, err *e) {
    const field *f = key_field(n);
    size_t rows = 0;
    check(f);
    if (!gather_where(s, n, f, key, NONE, &rows, e)) return false;
    if (rows == 0)
        return fail(e, NOT_FOUND, "there is no %s with %s \"%.*s\"", n->name, f->name,
                    (int)MIN(key.n, (size_t)100), key.p ? key.p : "");
    memcpy(rec_out, rows_take(s, a, n, rows), n->size);
    return true;
}

static bool query_field(const noun *n, const store_query *q, const field **out, err *e) {
    *out = q && q->field ? noun_field(n, str_of(q->field)) : NULL;
    if (q && q->field && !*out)
        return fail(e, INVALID, "%s has no field \"%s\"", n->name, q->field);
    return true;
}

bool store_list(store *s, arena *a, const noun *n, const store_query *q, void **recs_out,
                size_t *n_out, err *e) {
    static const store_query all = {0};
    const field *f, *by;
    char ending[200];
    sqlite3_stmt *st = NULL;
    size_t rows = 0;
    if (!q) q = &all;
    if (!query_field(n, q, &f, e)) return false;
    by = q->until_field ? noun_field(n, str_of(q->until_field)) : NULL;
    check(!q->until_field || (by && !field_is_text(by)));
    snprintf(ending, sizeof ending, " WHERE %s%s%s%s%s%s AND id %c ?2 ORDER BY id%s LIMIT ?3",
             f ? "\"" : "1", f ? f->name : "", f ? "\" IS ?1" : "", by ? " AND \"" : "",
             by ? by->name : "", by ? "\" <= ?4" : "", q->newest_first ? '<' : '>',
             q->newest_first ? " DESC" : "");
    if (!stmt_take(s, sql_select(s, n, ending), &st, e)) return false;
    if (f) bind_value(st, 1, f, q->text, q->num);
    sqlite3_bind_int64(st, 2, q->after_id ? q->after_id : q->newest_first ? INT64_MAX : 0);
    sqlite3_bind_int64(st, 3, (i64)(q->limit && q->limit < LIMIT_PAGE ? q->limit : LIMIT_PAGE));
    if (by) sqlite3_bind_int64(st, 4, q->until);
    bool ok = rows_gather(s, st, n, &rows, e);
    stmt_give(s, st);
    if (!ok) return false;
    *recs_out = rows_take(s, a, n, rows);
    *n_out = rows;
    return true;
}

bool store_deeds_waiting(store *s, arena *a, str place, i64 after_id, i64 due_by, size_t limit,
                         deed **out, size_t *n_out, err *e) {
    sqlite3_stmt *st = NULL;
    size_t rows = 0;
    str sql = sql_select(s, &noun_deed,
                         " WHERE state = 'pending' AND endpoint IS ?1 AND id > ?2 AND due_at <= ?3 "
                         "ORDER BY id LIMIT ?4");
    if (!stmt_take(s, sql, &st, e)) return false;
    if (place.p) sqlite3_bind_text64(st, 1, place.p, place.n, SQLITE_STATIC, SQLITE_UTF8);
    sqlite3_bind_int64(st, 2, after_id);
    sqlite3_bind_int64(st, 3, due_by);
    sqlite3_bind_int64(st, 4, (i64)limit);
    bool ok = rows_gather(s, st, &noun_deed, &rows, e);
    stmt_give(s, st);
    if (!ok) return false;
    *out = rows_take(s, a, &noun_deed, rows);
    *n_out = rows;
    return true;
}

bool store_deeds_next(store *s, str place, i64 *due_out, err *e) {
    sqlite3_stmt *st = NULL;
    bool row = false;
    str sql = S("SELECT min(due_at) FROM deed WHERE state = 'pending' AND endpoint = ?1");
    if (!stmt_take(s, sql, &st, e)) return false;
    sqlite3_bind_text64(st, 1, place.p, place.n, SQLITE_STATIC, SQLITE_UTF8);
    bool ok = stmt_row(s, st, &row, e);
    bool any = ok && row && sqlite3_column_type(st, 0) == SQLITE_INTEGER;
    if (ok) *due_out = any ? sqlite3_column_int64(st, 0) : INT64_MAX;
    stmt_give(s, st);
    return ok;
}

bool store_customer_of(store *s, str space, str name, i64 *out, err *e) {
    sqlite3_stmt *st = NULL;
    bool row = false;
    str sql = S("SELECT customer_id FROM identity WHERE namespace = ?1 AND value = ?2");
    if (!stmt_take(s, sql, &st, e)) return false;
    sqlite3_bind_text64(st, 1, space.p, space.n, SQLITE_STATIC, SQLITE_UTF8);
    sqlite3_bind_text64(st, 2, name.p, name.n, SQLITE_STATIC, SQLITE_UTF8);
    bool ok = stmt_row(s, st, &row, e);
    if (ok) *out = row ? sqlite3_column_int64(st, 0) : 0;
    stmt_give(s, st);
    return ok;
}

bool store_case_open(store *s, i64 customer_id, bool *out, err *e) {
    i64 found;
    str sql = S("SELECT 1 FROM ticket WHERE customer_id = ?1 AND state <> 'closed' LIMIT 1");
    if (!db_int(s, sql, customer_id, &found, e)) return false;
    *out = found != NONE;
    return true;
}

bool store_count(store *s, const noun *n, const store_query *q, i64 *out, err *e) {
    const field *f;
    sqlite3_stmt *st = NULL;
    bool row = false;
    if (!query_field(n, q, &f, e)) return false;
    s->sql.n = 0;
    buf_fmt(&s->sql, "SELECT count(*) FROM \"%s\"", n->name);
    if (f) buf_fmt(&s->sql, " WHERE \"%s\" IS ?1", f->name);
    if (!stmt_take(s, buf_view(&s->sql), &st, e)) return false;
    if (f) bind_value(st, 1, f, q->text, q->num);
    bool ok = stmt_row(s, st, &row, e);
    if (ok) *out = sqlite3_column_int64(st, 0);
    stmt_give(s, st);
    return ok;
}

/* ---- writing: what is refused ---- */

static bool refs_there(store *s, const noun *n, const void *rec, err *e) {
    for (size_t i = 0; i < n->fields_n; i++) {
        const field *f = &n->fields[i];
        const char *target = ref_noun(n, f);
        if (!target || noun_int(f, rec) == NONE) continue;
        i64 there = NONE;
        s->sql.n = 0;
        buf_fmt(&s->sql, "SELECT 1 FROM \"%s\" WHERE id = ?1", target);
        if (!db_int(s, buf_view(&s->sql), noun_int(f, rec), &there, e)) return false;
        if (there == NONE)
            return fail(e, NOT_FOUND, "%s: \"%s\" is %" PRId64 ", and there is no such %s", n->name,
                        f->name, noun_int(f, rec), target);
    }
    return true;
}

static bool key_free(store *s, const noun *n, const void *rec, err *e) {
    const field *f = key_field(n);
    size_t rows = 0;
    if (!f || !gather_where(s, n, f, noun_text(f, rec), NONE, &rows, e)) return !f;
    if (rows == 0 || rec_id(n, s->recs.p) == rec_id(n, rec)) return true;
    if (f->flags & SECRET) return fail(e, CONFLICT, "%s: this \"%s\" is taken", n->name, f->name);
    return fail(e, CONFLICT, "there is already a %s with %s \"%.*s\"", n->name, f->name,
                (int)MIN(noun_text(f, rec).n, (size_t)100), noun_text(f, rec).p);
}

/* ---- writing: the audit ---- */

static bool same_value(const field *f, const void *x, const void *y) {
    if (!field_is_text(f)) return noun_int(f, x) == noun_int(f, y);
    str a = noun_text(f, x), b = noun_text(f, y);
    return (a.p == NULL) == (b.p == NULL) && str_eq(a, b);
}

static void audit_value(json_out *j, const field *f, const void *rec) {
    if (!field_is_text(f)) {
        i64 v = noun_int(f, rec);
        if (f->kind == FIELD_NUM6 && v != NONE)
            json_num(j, num6_double(v));
        else
            json_int(j, v);
        return;
    }
    str v = noun_text(f, rec);
    json_text(j, v.n > AUDIT_TEXT_BYTES ? utf8_clip(v, AUDIT_TEXT_BYTES) : v);
}

/* {"state":["open","closed"]}: old and new of each field that differs; secrets only by their name's
** absence.  Texts are clipped; should it still be too long, only the names are kept. */
static str audit_detail(arena *a, const noun *n, const void *old, const void *new, bool values) {
    buf b = {.a = a};
    json_out j = json_to(&b);
    json_object(&j);
    for (size_t i = 0; i < n->fields_n; i++) {
        const field *f = &n->fields[i];
        if (f->kind == FIELD_ID || f->flags & SECRET || same_value(f, old, new)) continue;
        json_key(&j, str_of(f->name));
        json_array(&j);
        if (values) {
            audit_value(&j, f, old);
            audit_value(&j, f, new);
        }
        json_end_array(&j);
    }
    json_end_object(&j);
    return b.n <= 8000 || !values ? buf_view(&b) : audit_detail(a, n, old, new, false);
}

static bool insert_rec(store *s, const noun *n, const void *rec, err *e) {
    sqlite3_stmt *st = NULL;
    u8 room[16];
    if (!stmt_take(s, sql_insert(s, n, ""), &st, e)) return false;
    bool ok = bind_rec(s, st, n, rec, room, e) && stmt_done(s, st, e);
    stmt_give(s, st);
    return ok;
}

static bool write_audit(store *s, arena *a, const noun *n, i64 id, const char *deed_name,
                        const void *old, const void *new, err *e) {
    if (is_own_record(n)) return true;
    audit row;
    noun_init(&noun_audit, &row);
    row.at = s->w->now_ms(s->w);
    row.actor = (str){s->actor, s->actor_n};
    row.deed = str_of(deed_name);
    row.noun = str_of(n->name);
    row.noun_id = id;
    row.detail = audit_detail(a, n, old, new, true);
    return noun_check(&noun_audit, &row, e) && insert_rec(s, &noun_audit, &row, e);
}

/* ---- writing: put and delete ---- */

static const field *ours(const noun *n, const char *name) {
    const field *f = noun_field(n, str_of(name));
    return f && f->flags & SET_BY_US ? f : NULL;
}

/* That a key was used is kept, but is no change that anybody made. */
static bool only_used(const noun *n, const void *old, const void *new) {
    for (size_t i = 0; i < n->fields_n; i++)
        if (!str_eq(str_of(n->fields[i].name), S("used_at")) &&
            !same_value(&n->fields[i], old, new))
            return false;
    return true;
}

static bool anything_changed(const noun *n, const void *old, const void *new) {
    for (size_t i = 0; i < n->fields_n; i++)
        if (!same_value(&n->fields[i], old, new)) return true;
    return false;
}

/* The fields the store keeps by itself.  old is all missing for a new row. */
static void keep_fields(store *s, arena *a, const noun *n, const void *old, void *new) {
    const field *uid = ours(n, "uid"), *created = ours(n, "created_at"),
                *changed = ours(n, "changed_at"), *version = ours(n, "version");
    i64 now = s->w->now_ms(s->w);
    if (uid && !noun_text(uid, new).p) {
        char *room = arena_alloc(a, 37);
        uuid7(now, s->w->random(s->w), s->w->random(s->w), room);
        noun_set_text(uid, new, noun_text(uid, old).p ? noun_text(uid, old) : str_of(room));
    }
    if (created && noun_int(created, new) == NONE)
        noun_set_int(created, new, rec_id(n, old) ? noun_int(created, old) : now);
    i64 was = version ? noun_int(version, old) : NONE;
    if (version && noun_int(version, new) == NONE)
        noun_set_int(version, new, was == NONE ? 1 : was);
    if (rec_id(n, old) && !anything_changed(n, old, new)) return;
    if (version && was != NONE && noun_int(version, new) == was)
        noun_set_int(version, new, was + 1);
    if (changed) noun_set_int(changed, new, now);
}

static bool update_rec(store *s, const noun *n, const void *rec, err *e) {
    sqlite3_stmt *st = NULL;
    u8 room[16];
    s->sql.n = 0;
    buf_fmt(&s->sql, "UPDATE \"%s\" SET ", n->name);
    for (size_t i = 1; i < n->fields_n; i++)
        buf_fmt(&s->sql, "%s\"%s\" = ?%zu", i > 1 ? ", " : "", n->fields[i].name, i + 1);
    buf_str(&s->sql, S(" WHERE id = ?1"));
    if (!stmt_take(s, buf_view(&s->sql), &st, e)) return false;
    bool ok = bind_rec(s, st, n, rec, room, e) && stmt_done(s, st, e);
    stmt_give(s, st);
    return ok;
}

typedef struct {
    store *s;
    const noun *n;
    void *rec; /* put: the caller's, written when all went well */
    i64 id;
    i64 out[64]; /* numbers for rec, by field */
} change;

static bool put_job(arena *a, void *ctx, err *e) {
    change *c = ctx;
    const noun *n = c->n;
    char *new = arena_alloc(a, n->size), *old = arena_alloc(a, n->size);
    memcpy(new, c->rec, n->size);
    noun_init(n, old);
    if (c->id && !store_get(c->s, a, n, c->id, old, e)) return false;
    keep_fields(c->s, a, n, old, new);
    if (!noun_check(n, new, e)) return false;
    if (!c->id || anything_changed(n, old, new)) {
        if (!key_free(c->s, n, new, e) || !refs_there(c->s, n, new, e)) return false;
        if (!(c->id ? update_rec(c->s, n, new, e) : insert_rec(c->s, n, new, e))) return false;
        if (!c->id) c->id = sqlite3_last_insert_rowid(c->s->db);
        bool fresh = rec_id(n, new) == 0;
        if (!only_used(n, old, new) &&
            !write_audit(c->s, a, n, c->id, fresh ? "create" : "update", old, new, e)) return false;
    }
    check(n->fields_n <= COUNT(c->out));
    for (size_t i = 0; i < n->fields_n; i++)
        if (!field_is_text(&n->fields[i])) c->out[i] = noun_int(&n->fields[i], new);
    c->out[0] = c->id;
    return true;
}

bool store_put(store *s, const noun *n, void *rec, err *e) {
    check(!is_stream(n));
    change c = {.s = s, .n = n, .rec = rec, .id = rec_id(n, rec)};
    if (n == &noun_identity) known_forget(s);
    if (!tx_enter(s, e)) return false;
    bool ok = job_run(LIMIT_JOB_BYTES, put_job, &c, e);
    if (!tx_leave(s, ok, e)) return false;
    for (size_t i = 0; i < n->fields_n; i++)
        if (!field_is_text(&n->fields[i])) noun_set_int(&n->fields[i], rec, c.out[i]);
    return true;
}

static bool delete_job(arena *a, void *ctx, err *e) {
    change *c = ctx;
    sqlite3_stmt *st = NULL;
    char *old = arena_alloc(a, c->n->size), *none = arena_alloc(a, c->n->size);
    noun_init(c->n, none);
    if (!store_get(c->s, a, c->n, c->id, old, e)) return false;
    if (!write_audit(c->s, a, c->n, c->id, "delete", old, none, e)) return false;
    c->s->sql.n = 0;
    buf_fmt(&c->s->sql, "DELETE FROM \"%s\" WHERE id = ?1", c->n->name);
    if (!stmt_take(c->s, buf_view(&c->s->sql), &st, e)) return false;
    sqlite3_bind_int64(st, 1, c->id);
    bool ok = stmt_done(c->s, st, e);
    stmt_give(c->s, st);
    if (!ok && e->code == CONFLICT)
        return fail(e, CONFLICT, "%s %" PRId64 " is still referred to: change what names it first",
                    c->n->name, c->id);
    return ok;
}

bool store_delete(store *s, const noun *n, i64 id, err *e) {
    check(!is_stream(n));
    known_forget(s);
    change c = {.s = s, .n = n, .id = id};
    if (!tx_enter(s, e)) return false;
    return tx_leave(s, job_run(LIMIT_JOB_BYTES, delete_job, &c, e), e);
}
