/* records.c - between C structs and rows, by the descriptions of the nouns; never by hand. */
#include "store/sqlite.h"

static const i64 *int_at(const field *f, const void *rec) {
    return (const i64 *)(const void *)((const char *)rec + f->offset);
}

static const str *text_at(const field *f, const void *rec) {
    return (const str *)(const void *)((const char *)rec + f->offset);
}

/* ---- uid: 36 characters outside, 16 bytes inside ---- */

bool field_is_uid(const field *f) {
    return f->kind == FIELD_TEXT && f->flags & KEY && str_eq(str_of(f->name), S("uid"));
}

static u8 hex_digit(char c) {
    if (c >= '0' && c <= '9') return (u8)(c - '0');
    if (c >= 'a' && c <= 'f') return (u8)(c - 'a' + 10);
    return 0xff;
}

bool uid_pack(str text, u8 out[16]) {
    if (text.n != 36) return false;
    for (size_t i = 0, at = 0; i < 16; i++, at += 2) {
        if ((i == 4 || i == 6 || i == 8 || i == 10) && text.p[at++] != '-') return false;
        u8 high = hex_digit(text.p[at]), low = hex_digit(text.p[at + 1]);
        if (high > 15 || low > 15) return false;
        out[i] = (u8)(high << 4 | low);
    }
    return true;
}

void uid_unpack(const u8 in[16], char out[37]) {
    static const char hex[] = "0123456789abcdef";
    char *p = out;
    for (size_t i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) *p++ = '-';
        *p++ = hex[in[i] >> 4];
        *p++ = hex[in[i] & 15];
    }
    *p = 0;
}

/* ---- into a row ---- */

static int bind_text(sqlite3_stmt *st, int at, const field *f, str v, u8 uid_room[16]) {
    if (!v.p) return sqlite3_bind_null(st, at);
    if (!field_is_uid(f)) return sqlite3_bind_text64(st, at, v.p, v.n, SQLITE_STATIC, SQLITE_UTF8);
    check(uid_pack(v, uid_room));
    return sqlite3_bind_blob(st, at, uid_room, 16, SQLITE_STATIC);
}

bool bind_rec(store *s, sqlite3_stmt *st, const noun *n, const void *rec, u8 uid_room[16], err *e) {
    for (size_t i = 0; i < n->fields_n; i++) {
        const field *f = &n->fields[i];
        int at = (int)i + 1, rc;
        if (field_is_text(f)) {
            rc = bind_text(st, at, f, *text_at(f, rec), uid_room);
        } else {
            i64 v = *int_at(f, rec);
            bool missing = f->kind == FIELD_ID ? v == 0 : v == NONE;
            rc = missing ? sqlite3_bind_null(st, at) : sqlite3_bind_int64(st, at, v);
        }
        if (rc != SQLITE_OK) return db_fail(s, rc, e);
    }
    return true;
}

/* ---- out of a row ---- */

/* Text stays SQLite's, until its next step; only a uid needs room. */
static str column_text(arena *a, sqlite3_stmt *st, int at, const field *f) {
    if (sqlite3_column_type(st, at) == SQLITE_NULL) return NO_STR;
    if (field_is_uid(f)) {
        if (sqlite3_column_bytes(st, at) != 16)
            return NO_STR; /* a damaged file: heed check tells */
        char *room = arena_alloc(a, 37);
        uid_unpack(sqlite3_column_blob(st, at), room);
        return (str){room, 36};
    }
    const char *p = (const char *)sqlite3_column_text(st, at);
    return (str){p ? p : "", (size_t)sqlite3_column_bytes(st, at)};
}

static i64 column_int(sqlite3_stmt *st, int at, const field *f) {
    if (sqlite3_column_type(st, at) != SQLITE_NULL) return sqlite3_column_int64(st, at);
    return f->kind == FIELD_ID || f->kind == FIELD_BOOL ? 0 : NONE;
}

void row_view(arena *a, sqlite3_stmt *st, int from, const noun *n, void *rec) {
    for (size_t i = 0; i < n->fields_n; i++) {
        const field *f = &n->fields[i];
        int at = from + (int)i;
        if (field_is_text(f))
            noun_set_text(f, rec, column_text(a, st, at, f));
        else
            noun_set_int(f, rec, column_int(st, at, f));
    }
}

static void gather_text(store *s, sqlite3_stmt *st, int at, const field *f, char *rec) {
    str v = NO_STR;
    char room[37];
    if (sqlite3_column_type(st, at) == SQLITE_NULL) {
        v = NO_STR;
    } else if (!field_is_uid(f)) {
        const char *p = (const char *)sqlite3_column_text(st, at);
        v = (str){p ? p : "", (size_t)sqlite3_column_bytes(st, at)};
    } else if (sqlite3_column_bytes(st, at) == 16) {
        uid_unpack(sqlite3_column_blob(st, at), room);
        v = (str){room, 36};
    }
    if (v.p) {
        buf_str(&s->text, v);
        buf_char(&s->text, 0);
        v.p = ""; /* there; rows_take finds the bytes by counting */
    }
    noun_set_text(f, rec, v);
}

static void gather(store *s, sqlite3_stmt *st, const noun *n, char *rec) {
    for (size_t i = 0; i < n->fields_n; i++) {
        const field *f = &n->fields[i];
        if (field_is_text(f))
            gather_text(s, st, (int)i, f, rec);
        else
            noun_set_int(f, rec, column_int(st, (int)i, f));
    }
}

enum { REC_BYTES_MAX = 2048 }; /* of any noun's C struct */

bool rows_gather(store *s, sqlite3_stmt *st, const noun *n, size_t *n_out, err *e) {
    static const char none[REC_BYTES_MAX];
    size_t rows = 0;
    check(n->size <= sizeof none);
    s->recs.n = s->text.n = 0;
    for (bool row = true;; rows++) {
        if (!stmt_row(s, st, &row, e)) return false;
        if (!row) break;
        buf_bytes(&s->recs, none, n->size);
        gather(s, st, n, s->recs.p + s->recs.n - n->size);
    }
    *n_out = rows;
    return true;
}

void *rows_take(store *s, arena *a, const noun *n, size_t rows) {
    char *recs = arena_array(a, n->size, rows), *text = arena_alloc(a, s->text.n + 1);
    check(s->recs.n == rows * n->size);
    if (s->recs.n) memcpy(recs, s->recs.p, s->recs.n);
    if (s->text.n) memcpy(text, s->text.p, s->text.n);
    char *at = text;
    for (size_t r = 0; r < rows; r++)
        for (size_t i = 0; i < n->fields_n; i++) {
            const field *f = &n->fields[i];
            if (!field_is_text(f)) continue;
            str v = noun_text(f, recs + r * n->size);
            if (!v.p) continue;
            noun_set_text(f, recs + r * n->size, (str){at, v.n});
            at += v.n + 1;
        }
    check(at == text + s->text.n);
    return recs;
}

/* ---- SQL from our own names ---- */

void sql_columns(buf *b, const noun *n, const char *prefix) {
    for (size_t i = 0; i < n->fields_n; i++)
        buf_fmt(b, "%s%s\"%s\"", i ? ", " : "", prefix, n->fields[i].name);
}

str sql_insert(store *s, const noun *n, const char *ending) {
    s->sql.n = 0;
    buf_fmt(&s->sql, "INSERT INTO \"%s\" (", n->name);
    sql_columns(&s->sql, n, "");
    buf_str(&s->sql, S(") VALUES ("));
    for (size_t i = 1; i <= n->fields_n; i++) buf_fmt(&s->sql, i > 1 ? ", ?%zu" : "?%zu", i);
    buf_fmt(&s->sql, ")%s", ending);
    return buf_view(&s->sql);
}
