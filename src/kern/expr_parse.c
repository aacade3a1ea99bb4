/* expr_parse.c - text to expression tree: a token at a time, by recursive descent. */
#include "kern/expr.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/utf8.h"
#include <utf8proc.h>

typedef enum {
    T_END,
    T_WORD,   /* bare name or keyword */
    T_NAME,   /* name in backquotes */
    T_TEXT,   /* quoted text */
    T_FIGURE, /* number, date or moment */
    T_SIGN,   /* operator or punctuation */
} token_kind;

typedef struct {
    token_kind kind;
    str raw;   /* as written */
    str text;  /* T_TEXT, T_NAME: without quotes, doubled ones made single */
    size_t at; /* byte offset */
} token;

typedef struct {
    arena *a;
    str text;
    size_t at;    /* where the next token starts looking */
    token t;      /* the token in hand */
    token before; /* the one taken before it */
    i32 zone_min;
    const time_zone *zone; /* NULL: zone_min */
    err *e;
} parser;

/* ---- failures ---- */

/* People count characters from 1; the tree keeps bytes from 0. */
static int place(const parser *p, size_t at) {
    return (int)utf8_count(str_head(p->text, at)) + 1;
}

static bool wanted(parser *p, const char *what) {
    str was = utf8_clip(p->t.raw, 40), after = utf8_clip(p->before.raw, 40);
    char behind[64] = "", seen[64] = "but the text ends";
    if (p->before.kind != T_END) snprintf(behind, sizeof behind, " after \"%.*s\"", STR_ARG(after));
    if (p->t.kind != T_END) snprintf(seen, sizeof seen, "found \"%.*s\"", STR_ARG(was));
    return fail(p->e, INVALID, "at %d: want %s%s, %s", place(p, p->t.at), what, behind, seen);
}

/* ---- tokens ---- */

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_letter(u32 cp) {
    utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);
    return (c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_NO); /* letters, marks, numbers */
}

/* Bytes of the name character at s[at], 0 if it is none.  The first one is no digit, : . or -. */
static size_t name_char(str s, size_t at, bool first) {
    if (at >= s.n) return 0;
    char c = s.p[at];
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_') return 1;
    if (!first && (is_digit(c) || c == ':' || c == '.' || c == '-')) return 1;
    u32 cp;
    int n = utf8_get(s, at, &cp);
    return n > 1 && is_letter(cp) ? (size_t)n : 0;
}

static size_t word_end(str s, size_t at) {
    for (size_t n, from = at;; at += n)
        if ((n = name_char(s, at, at == from)) == 0) return at;
}

/* "2026-01-01 08:00" is one figure although a blank stands in it. */
static size_t figure_end(str s, size_t at) {
    size_t from = at++;
    while (at < s.n && (name_char(s, at, false) == 1 || s.p[at] == '+')) at++;
    bool clock_follows = at - from == 10 && s.p[from + 4] == '-' && at + 3 < s.n &&
                         s.p[at] == ' ' && is_digit(s.p[at + 1]) && is_digit(s.p[at + 2]) &&
                         s.p[at + 3] == ':';
    return clock_follows ? figure_end(s, at) : at;
}

static bool figure_starts(str s) {
    return is_digit(s.p[0]) || ((s.p[0] == '-' || s.p[0] == '+' || s.p[0] == '.') && s.n > 1 &&
                                (is_digit(s.p[1]) || s.p[1] == '.'));
}

/* Quoted text; a doubled quote is one. */
static bool quoted(parser *p, token *t) {
    str rest = str_from(p->text, t->at);
    char q = rest.p[0];
    size_t end = 1, doubled = 0;
    for (;; end++) {
        if (end >= rest.n)
            return fail(p->e, INVALID, "at %d: the quote %c is not closed", place(p, t->at), q);
        if (rest.p[end] != q) continue;
        if (end + 1 >= rest.n || rest.p[end + 1] != q) break;
        end++;
        doubled++;
    }
    char *out = arena_alloc(p->a, end);
    size_t n = 0;
    for (size_t i = 1; i < end; i++) {
        out[n++] = rest.p[i];
        i += rest.p[i] == q;
    }
    check(n == end - 1 - doubled);
    t->text = (str){out, n};
    t->raw = str_head(rest, end + 1);
    return true;
}

static bool sign(parser *p, token *t) {
    static const char *const signs[] = {"<=", ">=", "!=", "<", ">", "=", "~", "(", ")", ","};
    static const struct {
        const char *wrong, *right;
    } near[] = {{"==", "="}, {"<>", "!="}, {"&&", "and"}, {"||", "or"}, {"!", "not"},
                {"（", "("}, {"）", ")"},  {"，", ","},   {"＝", "="},  {"“", "\""},
                {"”", "\""}, {"‘", "'"},   {"’", "'"}};
    str rest = str_from(p->text, t->at);
    for (size_t i = 0; i < COUNT(near); i++)
        if (str_starts(rest, str_of(near[i].wrong)) && !str_starts(rest, S("!=")))
            return fail(p->e, INVALID, "at %d: write %s instead of %s", place(p, t->at),
                        near[i].right, near[i].wrong);
    for (size_t i = 0; i < COUNT(signs); i++)
        if (str_starts(rest, str_of(signs[i]))) {
            t->raw = str_head(rest, strlen(signs[i]));
            return true;
        }
    u32 cp;
    int n = utf8_get(rest, 0, &cp);
    if (cp < ' ')
        return fail(p->e, INVALID, "at %d: a control character has no place here", place(p, t->at));
    return fail(
        p->e, INVALID,
        "at %d: \"%.*s\" has no meaning here; a name with such characters stands in `backquotes`",
        place(p, t->at), n, rest.p);
}

static bool blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Moves to the next token. */
static bool take(parser *p) {
    while (p->at < p->text.n && blank(p->text.p[p->at])) p->at++;
    token t = {.kind = T_END, .at = p->at};
    str rest = str_from(p->text, p->at);
    if (rest.n == 0) {
        t.raw = rest;
    } else if (rest.p[0] == '\'' || rest.p[0] == '"' || rest.p[0] == '`') {
        t.kind = rest.p[0] == '`' ? T_NAME : T_TEXT;
        if (!quoted(p, &t)) return false;
    } else if (figure_starts(rest)) {
        t.kind = T_FIGURE;
        t.raw = str_head(rest, figure_end(rest, 0));
    } else if (name_char(rest, 0, true)) {
        t.kind = T_WORD;
        t.raw = t.text = str_head(rest, word_end(rest, 0));
    } else {
        t.kind = T_SIGN;
        if (!sign(p, &t)) return false;
    }
    p->before = p->t;
    p->t = t;
    p->at += t.raw.n;
    return true;
}

static bool is_sign(const parser *p, const char *s) {
    return p->t.kind == T_SIGN && str_eq(p->t.raw, str_of(s));
}

static bool is_word(const parser *p, const char *s) {
    return p->t.kind == T_WORD && str_eq_nocase(p->t.raw, str_of(s));
}

/* ---- values ---- */

static bool is_date(str s) {
    for (size_t i = 0; i < 10; i++)
        if (i >= s.n || (i == 4 || i == 7 ? s.p[i] != '-' : !is_digit(s.p[i]))) return false;
    return true;
}

/* A moment with a zone of its own is the same whatever zone is meant without one. */
static bool moment_value(const parser *p, str s, i64 *out) {
    i64 other;
    if (!p->zone) return time_parse(s, p->zone_min, out);
    if (!time_parse(s, 0, out) || !time_parse(s, 60, &other)) return false;
    if (*out != other) *out = zone_utc(p->zone, *out);
    return true;
}

/* A date, alone or with its zone (2026-01-01Z, 2026-01-01+08:00): the whole day is meant. */
static bool day_value(const parser *p, str s, value *v) {
    if (s.n > 10 && s.p[10] != 'Z' && s.p[10] != '+' && s.p[10] != '-') return false;
    char moment[32];
    int n = snprintf(moment, sizeof moment, "%.10sT00:00%.*s", s.p, (int)MIN(s.n - 10, (size_t)9),
                     s.p + 10);
    if (s.n > 16 || !moment_value(p, (str){moment, (size_t)n}, &v->ms)) return false;
    v->whole_day = true;
    if (p->zone && s.n == 10) {
        i64 local = v->ms + zone_offset(p->zone, v->ms, NULL);
        v->shift_ms = zone_utc(p->zone, local + DAY_MS) - v->ms - DAY_MS;
    }
    return true;
}

static bool time_value(parser *p, value *v) {
    v->kind = VALUE_TIME;
    if (!day_value(p, p->t.raw, v) && !moment_value(p, p->t.raw, &v->ms))
        return fail(p->e, INVALID,
                    "at %d: \"%.*s\" is no moment; write 2026-01-31 or 2026-01-31T08:00Z",
                    place(p, p->t.at), STR_ARG(utf8_clip(p->t.raw, 40)));
    i32 year = civil_of(v->ms).year;
    if (year < 1 || year > 9998)
        return fail(p->e, INVALID, "at %d: \"%.*s\" is outside the years 1 to 9998",
                    place(p, p->t.at), STR_ARG(p->t.raw));
    return true;
}

static bool figure_value(parser *p, value *v) {
    if (is_date(p->t.raw)) return time_value(p, v);
    v->kind = VALUE_NUM;
    if (num6_parse(p->t.raw, &v->num)) return true;
    return fail(p->e, INVALID, "at %d: \"%.*s\" is no number with at most six decimals below 9e12",
                place(p, p->t.at), STR_ARG(utf8_clip(p->t.raw, 40)));
}

static bool value_of(parser *p, value *out) {
    value v = {0};
    if (p->t.kind == T_TEXT) {
        v.kind = VALUE_TEXT;
        v.text = p->t.text;
    } else if (p->t.kind == T_FIGURE) {
        if (!figure_value(p, &v)) return false;
    } else if (is_word(p, "true") || is_word(p, "false")) {
        v.kind = VALUE_NUM;
        v.num = is_word(p, "true") ? NUM6_ONE : 0;
    } else {
        return wanted(p, p->t.kind == T_WORD ? "a value ('text' in quotes, a number or a date)"
                                             : "a value");
    }
    *out = v;
    return take(p);
}

/* ---- grammar ---- */

static bool any_of(parser *p, int depth, const expr **out);

static expr *node(parser *p, expr_op op, size_t at) {
    expr *x = NEW(p->a, expr);
    x->op = op;
    x->at = (u32)at;
    return x;
}

static const expr *negation(parser *p, const expr *of, bool yes) {
    if (!yes) return of;
    expr *x = node(p, EXPR_NOT, of->at);
    x->left = of;
    return x;
}

static bool list(parser *p, expr *x) {
    buf values = {.a = p->a};
    if (!is_sign(p, "(")) return wanted(p, "a list like ('a', 'b')");
    do {
        value v;
        if (x->values_n++ == LIMIT_EXPR_LIST)
            return fail(p->e, LIMIT, "at %d: more than %d values in one list", place(p, p->t.at),
                        LIMIT_EXPR_LIST);
        if (!take(p) || !value_of(p, &v)) return false;
        buf_bytes(&values, &v, sizeof v);
    } while (is_sign(p, ","));
    if (!is_sign(p, ")")) return wanted(p, "\",\" or \")\"");
    x->values = (value *)(void *)values.p;
    return take(p);
}

static bool has(parser *p, expr *x) {
    if (p->t.kind != T_TEXT) return wanted(p, "'text' in quotes");
    x->values = NEW(p->a, value);
    x->values_n = 1;
    return value_of(p, x->values);
}

static bool compare(parser *p, expr *x) {
    static const char *const signs[] = {"=", "!=", "<", "<=", ">", ">="};
    for (size_t i = 0; i < COUNT(signs); i++)
        if (is_sign(p, signs[i])) {
            x->cmp = (expr_cmp)i;
            x->values = NEW(p->a, value);
            x->values_n = 1;
            return take(p) && value_of(p, x->values);
        }
    return wanted(p, "a comparison (= != < <= > >= in ~ is)");
}

static bool missing(parser *p, bool *not_out) {
    if (!take(p)) return false;
    *not_out = is_word(p, "not");
    if (*not_out && !take(p)) return false;
    if (!is_word(p, "missing")) return wanted(p, "\"missing\"");
    return take(p);
}

/* What follows a column name. */
static bool condition(parser *p, const expr **out) {
    expr *x = node(p, EXPR_CMP, p->t.at);
    x->column = p->t.text;
    if (x->column.n == 0 || x->column.n > LIMIT_NAME_BYTES)
        return fail(p->e, INVALID, "at %d: a column name has 1 to %d bytes", place(p, p->t.at),
                    LIMIT_NAME_BYTES);
    bool no = false, ok;
    if (!take(p)) return false;
    if (is_word(p, "is")) {
        x->op = EXPR_MISSING;
        ok = missing(p, &no);
    } else {
        no = is_word(p, "not");
        if (no && !take(p)) return false;
        bool in = is_word(p, "in"), like = is_sign(p, "~");
        if (no && !in && !like) return wanted(p, "\"in\" or \"~\"");
        x->op = in ? EXPR_IN : like ? EXPR_HAS : EXPR_CMP;
        ok = in ? take(p) && list(p, x) : like ? take(p) && has(p, x) : compare(p, x);
    }
    if (ok) *out = negation(p, x, no);
    return ok;
}

static bool reserved(const parser *p) {
    static const char *const words[] = {"and", "or", "not", "in", "is", "missing"};
    for (size_t i = 0; i < COUNT(words); i++)
        if (is_word(p, words[i])) return true;
    return false;
}

static bool single(parser *p, int depth, const expr **out) {
    size_t at = p->t.at;
    if (depth > LIMIT_EXPR_DEPTH)
        return fail(p->e, LIMIT, "at %d: more than %d levels of \"(\" and \"not\"", place(p, at),
                    LIMIT_EXPR_DEPTH);
    if (is_word(p, "not")) {
        const expr *of;
        if (!take(p) || !single(p, depth + 1, &of)) return false;
        expr *x = node(p, EXPR_NOT, at);
        x->left = of;
        *out = x;
        return true;
    }
    if (is_sign(p, "(")) {
        if (!take(p) || !any_of(p, depth + 1, out)) return false;
        return is_sign(p, ")") ? take(p) : wanted(p, "\"and\", \"or\" or \")\"");
    }
    if (is_word(p, "true") || is_word(p, "false")) {
        expr *x = node(p, EXPR_CONST, at);
        x->constant = is_word(p, "true");
        *out = x;
        return take(p);
    }
    if ((p->t.kind == T_WORD && !reserved(p)) || p->t.kind == T_NAME) return condition(p, out);
    return wanted(p, "a column name, \"not\" or \"(\"");
}

static bool chain(parser *p, int depth, expr_op op, const expr **out) {
    const expr *left, *right;
    if (op == EXPR_AND ? !single(p, depth, &left) : !chain(p, depth, EXPR_AND, &left)) return false;
    while (is_word(p, op == EXPR_AND ? "and" : "or")) {
        expr *x = node(p, op, p->t.at);
        if (!take(p)) return false;
        if (op == EXPR_AND ? !single(p, depth, &right) : !chain(p, depth, EXPR_AND, &right))
            return false;
        x->left = left;
        x->right = right;
        left = x;
    }
    *out = left;
    return true;
}

static bool any_of(parser *p, int depth, const expr **out) {
    return chain(p, depth, EXPR_OR, out);
}

bool expr_parse(arena *a, str text, i32 zone_min, const expr **out, err *e) {
    return expr_parse_zone(a, text, zone_min, NULL, out, e);
}

bool expr_parse_zone(arena *a, str text, i32 zone_min, const time_zone *zone, const expr **out,
                     err *e) {
    check(zone_min > -24 * 60 && zone_min < 24 * 60);
    if (text.n > LIMIT_EXPR_BYTES)
        return fail(e, LIMIT, "the expression has %zu bytes; at most %d are taken", text.n,
                    LIMIT_EXPR_BYTES);
    ptrdiff_t bad = utf8_bad(text);
    if (bad >= 0) return fail(e, INVALID, "the expression is not UTF-8 at byte %td", bad + 1);
    parser p = {.a = a, .text = arena_str(a, text), .zone_min = zone_min, .zone = zone, .e = e};
    if (!take(&p)) return false;
    const expr *x;
    if (p.t.kind == T_END) {
        expr *all = node(&p, EXPR_CONST, 0);
        all->constant = true;
        x = all;
    } else if (!any_of(&p, 1, &x)) {
        return false;
    }
    if (p.t.kind != T_END) return wanted(&p, "\"and\" or \"or\"");
    *out = x;
    return true;
}
