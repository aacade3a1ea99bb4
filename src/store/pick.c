/* pick.c - small nouns by a condition: an expression over their own fields becomes SQL with bound values.
**
** SQL's logic is the three-valued one of expr.h, its texts compare byte by byte, so both say the same; a
** test holds them together.  What SQL would say otherwise, or what is too large for it, is not picked. */
#include "base/time.h"
#include "store/sqlite.h"

enum {
    VALUES_MAX = 200,
    CONDITION_AT = 3, /* ?1 and ?2 are the page's */
    MANY = 1000,      /* so many rows fit that the newest of them are found sooner one by one */
};

typedef struct {
    const noun *n;
    buf *sql;
    const value *values[VALUES_MAX];
    i64 nums[VALUES_MAX]; /* of those that are not text */
    int values_n;
    bool fits;
} picking;

static void place(picking *p, const value *v, i64 num) {
    if (p->values_n == VALUES_MAX) {
        p->fits = false;
        return;
    }
    buf_fmt(p->sql, "?%d", CONDITION_AT + p->values_n);
    p->nums[p->values_n] = num;
    p->values[p->values_n++] = v;
}

static void compare(picking *p, const field *f, const char *op, const value *v, i64 num) {
    bool small = !field_is_text(f) && f->kind != FIELD_TIME && f->kind != FIELD_NUM6;
    buf_fmt(p->sql, "\"%s\"%s %s ", f->name, small ? " * 1000000" : "", op); /* as num6 has it */
    place(p, v, num);
}

static const char *op_of(expr_cmp cmp) {
    switch (cmp) {
    case CMP_EQ:
        return "=";
    case CMP_NE:
        return "<>";
    case CMP_LT:
        return "<";
    case CMP_LE:
        return "<=";
    case CMP_GT:
        return ">";
    case CMP_GE:
        return ">=";
    }
    return "";
}

/* A moment against a whole day: within it is equal, see value_compare. */
static void against_day(picking *p, const field *f, expr_cmp cmp, const value *v) {
    i64 end = v->ms + DAY_MS + v->shift_ms;
    buf_char(p->sql, '(');
    switch (cmp) {
    case CMP_EQ:
        compare(p, f, ">=", v, v->ms);
        buf_str(p->sql, S(" AND "));
        compare(p, f, "<", v, end);
        break;
    case CMP_NE:
        compare(p, f, "<", v, v->ms);
        buf_str(p->sql, S(" OR "));
        compare(p, f, ">=", v, end);
        break;
    case CMP_LT:
    case CMP_GE:
        compare(p, f, op_of(cmp), v, v->ms);
        break;
    case CMP_LE:
        compare(p, f, "<", v, end);
        break;
    case CMP_GT:
        compare(p, f, ">=", v, end);
        break;
    }
    buf_char(p->sql, ')');
}

static value_kind kind_of(const field *f) {
    if (field_is_text(f)) return VALUE_TEXT;
    return f->kind == FIELD_TIME ? VALUE_TIME : VALUE_NUM;
}

static void one_value(picking *p, const field *f, expr_cmp cmp, const value *v) {
    if (v->kind != kind_of(f))
        buf_str(p->sql, S("NULL")); /* kinds differ: unknown */
    else if (v->kind == VALUE_TIME && v->whole_day)
        against_day(p, f, cmp, v);
    else
        compare(p, f, op_of(cmp), v, v->kind == VALUE_TIME ? v->ms : v->num);
}

static void leaf(picking *p, const expr *x) {
    const field *f = noun_field(p->n, x->column);
    if (!f || f->flags & SECRET || field_is_uid(f)) {
        p->fits = false;
    } else if (x->op == EXPR_MISSING) {
        buf_fmt(p->sql, "\"%s\" IS NULL", f->name);
    } else if (x->op == EXPR_HAS) {
        if (!field_is_text(f)) {
            buf_str(p->sql, S("NULL"));
            return;
        }
        buf_fmt(p->sql, "instr(\"%s\", ", f->name);
        place(p, &x->values[0], 0);
        buf_str(p->sql, S(") > 0"));
    } else {
        if (!x->values_n) buf_char(p->sql, '0');
        for (size_t i = 0; i < x->values_n && p->fits; i++) {
            if (i) buf_str(p->sql, S(" OR "));
            one_value(p, f, x->op == EXPR_CMP ? x->cmp : CMP_EQ, &x->values[i]);
        }
    }
}

static void condition(picking *p, const expr *x) {
    if (!p->fits) return;
    buf_char(p->sql, '(');
    if (x->op == EXPR_CONST) {
        buf_char(p->sql, x->constant ? '1' : '0');
    } else if (x->op == EXPR_NOT) {
        buf_str(p->sql, S("NOT "));
        condition(p, x->left);
    } else if (x->op == EXPR_AND || x->op == EXPR_OR) {
        condition(p, x->left);
        buf_str(p->sql, x->op == EXPR_AND ? S(" AND ") : S(" OR "));
        condition(p, x->right);
    } else {
        leaf(p, x);
    }
    buf_char(p->sql, ')');
}

static void bind_values(const picking *p, sqlite3_stmt *st) {
    for (int i = 0; i < p->values_n; i++) {
        const value *v = p->values[i];
        if (v->kind == VALUE_TEXT)
            sqlite3_bind_text64(st, CONDITION_AT + i, v->text.p ? v->text.p : "", v->text.n,
                                SQLITE_STATIC, SQLITE_UTF8);
        else
            sqlite3_bind_int64(st, CONDITION_AT + i, p->nums[i]);
    }
}

static bool count_picked(store *s, picking *p, const expr *where, i64 *out, err *e) {
    sqlite3_stmt *st = NULL;
    bool row = false;
    p->values_n = 0;
    s->sql.n = 0;
    buf_fmt(&s->sql, "SELECT count(*) FROM \"%s\" WHERE ", p->n->name);
    condition(p, where);
    if (!p->fits) return true;
    if (!stmt_take(s, buf_view(&s->sql), &st, e)) return false;
    bind_values(p, st);
    bool ok = stmt_row(s, st, &row, e);
    if (ok) *out = sqlite3_column_int64(st, 0);
    stmt_give(s, st);
    return ok;
}

static bool page_picked(store *s, picking *p, const expr *where, i64 before, size_t limit,
                        bool many, size_t *rows, err *e) {
    sqlite3_stmt *st = NULL;
    p->values_n = 0;
    s->sql.n = 0;
    buf_str(&s->sql, S("SELECT "));
    sql_columns(&s->sql, p->n, "");
    buf_fmt(&s->sql, " FROM \"%s\"%s WHERE id < ?1 AND ", p->n->name, many ? " NOT INDEXED" : "");
    condition(p, where);
    buf_str(&s->sql, S(" ORDER BY id DESC LIMIT ?2"));
    if (!stmt_take(s, buf_view(&s->sql), &st, e)) return false;
    sqlite3_bind_int64(st, 1, before ? before : INT64_MAX);
    sqlite3_bind_int64(st, 2, (i64)MIN(limit, (size_t)LIMIT_PAGE));
    bind_values(p, st);
    bool ok = rows_gather(s, st, p->n, rows, e);
    stmt_give(s, st);
    return ok;
}

bool store_pick(store *s, arena *a, const noun *n, const expr *where, i64 before, size_t limit,
                store_picked *out, err *e) {
    static const expr everything = {.op = EXPR_CONST, .constant = true};
    size_t rows = 0;
    i64 total = 0;
    picking *p = NEW(a, picking);
    *p = (picking){.n = n, .sql = &s->sql, .fits = true};
    if (!where) where = &everything;
    *out = (store_picked){0};
    if (!count_picked(s, p, where, &total, e)) return false;
    if (!p->fits) return true;
    if (!page_picked(s, p, where, before, limit, total >= MANY, &rows, e)) return false;
    *out = (store_picked){true, rows_take(s, a, n, rows), rows, total};
    return true;
}
