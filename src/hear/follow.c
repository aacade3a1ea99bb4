/* follow.c - records to signals, as the plan says. */
#include "base/limits.h"
#include "hear/row_name.h"
#include "hear/guess.h"
#include "hear/source.h"

typedef enum { TO_NOTHING, TO_TEXT, TO_TIME, TO_AMOUNT, TO_SCORE, TO_NUMBER, TO_TEXT_ATTR } target;

/* What becomes of a column or of a --set. */
typedef struct {
    target to;
    const field *f; /* TO_TEXT */
    str key;        /* attributes: name, with score: in front */
    date_style dates;
    str name; /* of the column, for people */
} route;

typedef struct {
    arena *a;
    const plan *p;
    const hear_sink *sink;
    row_names *names;
    i64 no, skip;
    route *routes; /* by column of the file as it is now */
    size_t routes_n, routes_cap;
    route *set;      /* of p->set */
    str *own;        /* cells that make the identity: those not left out as our own notes */
    size_t id_route; /* the column that may hold external_id; SIZE_MAX = none */
} follower;

static route route_of(str field_name, str column, date_style dates, bool number) {
    route r = {.to = TO_TEXT_ATTR, .key = column, .dates = dates, .name = column};
    if (str_eq(field_name, S("-"))) {
        r.to = TO_NOTHING;
    } else if (str_eq(field_name, S("occurred_at"))) {
        r.to = TO_TIME;
    } else if (str_eq(field_name, S("amount"))) {
        r.to = TO_AMOUNT;
    } else if (str_starts(field_name, S("score:"))) {
        r.to = TO_SCORE;
        r.key = field_name;
    } else if (str_starts(field_name, S("attr:"))) {
        r.to = number ? TO_NUMBER : TO_TEXT_ATTR;
        r.key = str_from(field_name, 5);
    } else {
        r.to = TO_TEXT;
        r.f = noun_field(&noun_signal, field_name);
        check(r.f && field_is_text(r.f));
    }
    return r;
}

static bool is_note(str column) {
    return str_eq(column, S("heed_line")) || str_eq(column, S("heed_field")) ||
           str_eq(column, S("heed_reason"));
}

static bool follow_columns(void *ctx, const str *names, size_t n, err *e) {
    follower *f = ctx;
    (void)e;
    if (n > f->routes_cap) {
        route *grown = NEW_N(f->a, route, MAX(n, f->routes_cap * 2));
        if (f->routes_n) memcpy(grown, f->routes, f->routes_n * sizeof *grown);
        f->routes = grown;
        f->routes_cap = MAX(n, f->routes_cap * 2);
        f->own = NEW_N(f->a, str, f->routes_cap);
    }
    for (size_t i = f->routes_n; i < n; i++) {
        route *to = &f->routes[i];
        const plan_column *c = NULL;
        for (size_t k = 0; k < f->p->columns_n && !c; k++) {
            size_t at = (i + k) % f->p->columns_n;
            if (str_eq(f->p->columns[at].column, names[i])) c = &f->p->columns[at];
        }
        str name = arena_str(f->a, names[i]);
        if (c)
            *to = route_of(c->field, name, c->dates, c->number);
        else
            *to = route_of(is_note(name) ? S("-") : S("attr:"), name, DATE_ISO, false);
        if (!c) to->key = name; /* a column the look did not meet */
        if (to->f && str_eq(str_of(to->f->name), S("external_id"))) f->id_route = i;
    }
    f->routes_n = n;
    return true;
}

/* ---- one value ---- */

static void add_attr(signal *s, str key, str text, num6 num) {
    for (size_t i = 0; i < s->attrs_n; i++)
        if (str_eq(s->attrs[i].key, key)) return;
    s->attrs[s->attrs_n++] = (attribute){key, text, num};
}

/* Text that starts with a zero ("0755") is a code, not a number. */
static bool plain_number(str s, num6 *out) {
    if (s.n > 1 && s.p[0] == '0' && s.p[1] != '.') return false;
    return num6_parse(s, out);
}

static bool put(follower *f, const route *r, str cell, signal *s, err *e) {
    arena *a = f->sink->batch;
    str v = str_trim(cell);
    num6 num = NONE;
    if (v.n == 0 || r->to == TO_NOTHING) return true;
    switch (r->to) {
    case TO_TEXT:
        if (!noun_text(r->f, &s->row).p)
            noun_set_text(r->f, &s->row,
                          arena_str(a, str_eq(str_of(r->f->name), S("words")) ? cell : v));
        return true;
    case TO_TIME:
        if (s->row.occurred_at != NONE ||
            date_read(v, r->dates, f->p->zone_min, &s->row.occurred_at))
            return true;
        return fail(e, INVALID,
                    "\"%.*s\" is no date we read (as %s); write it like 2026-03-01 20:05",
                    (int)MIN(v.n, (size_t)60), v.p, date_style_name(r->dates));
    case TO_AMOUNT:
        if (s->row.amount != NONE || amount_read(v, &s->row.amount)) return true;
        return fail(e, INVALID, "\"%.*s\" is no amount", (int)MIN(v.n, (size_t)60), v.p);
    case TO_SCORE:
        if (!num6_parse(v, &num))
            return fail(e, INVALID, "\"%.*s\" is no number, and %.*s is a score",
                        (int)MIN(v.n, (size_t)60), v.p, STR_ARG(r->key));
        add_attr(s, r->key, NO_STR, num);
        return true;
    case TO_NUMBER:
        if (plain_number(v, &num))
            add_attr(s, r->key, NO_STR, num);
        else
            add_attr(s, r->key, arena_str(a, v), NONE);
        return true;
    case TO_TEXT_ATTR:
        add_attr(s, r->key, arena_str(a, v), NONE);
        return true;
    case TO_NOTHING:
        return true;
    }
    return true;
}

/* ---- one record ---- */

static bool brings_id(const follower *f, const record *r) {
    return f->id_route < r->cells_n && str_trim(r->cells[f->id_route]).n > 0;
}

/* Counts the row among its equals; also rows that are skipped or refused, so that k stays the same. */
static bool name_row(follower *f, const record *r, row_name *out, err *e) {
    size_t n = 0;
    for (size_t i = 0; i < r->cells_n; i++)
        if (!is_note(f->routes[i].name)) f->own[n++] = r->cells[i];
    return row_names_next(f->names, f->own, n, out, e);
}

static bool fill(follower *f, const record *r, signal *s, const route **culprit, err *e) {
    for (size_t i = 0; i < r->cells_n; i++)
        if (!put(f, *culprit = &f->routes[i], r->cells[i], s, e)) return false;
    for (size_t i = 0; i < f->p->set_n; i++)
        if (!put(f, *culprit = &f->set[i], f->p->set[i].value, s, e)) return false;
    *culprit = NULL;
    if (s->row.occurred_at != NONE) return true;
    for (size_t i = 0; i < f->routes_n; i++)
        if (f->routes[i].to == TO_TIME) {
            *culprit = &f->routes[i];
            return fail(
                e, INVALID,
                "the date is empty; fill it in, or give --set occurred_at=DATE for such rows");
        }
    s->row.occurred_at = f->p->now_ms;
    return true;
}

/* The column a sentence of signal_check speaks of: it names the field in quotes first. */
static str column_of_sentence(const follower *f, const char *msg) {
    str head, tail, name;
    if (!str_cut(str_of(msg), '"', &head, &tail) || !str_cut(tail, '"', &name, &tail))
        return NO_STR;
    for (size_t i = 0; i < f->routes_n; i++) {
        const route *r = &f->routes[i];
        if ((r->f && str_eq(str_of(r->f->name), name)) ||
            (r->to >= TO_SCORE && str_eq(r->key, name)) ||
            (r->to == TO_TIME && str_eq(name, S("occurred_at"))))
            return r->name;
    }
    return NO_STR;
}

static bool refuse(follower *f, const record *r, str column, err *e) {
    char why[sizeof e->msg];
    memcpy(why, e->msg, sizeof why);
    rejection x = {.line = r->line,
                   .field = column,
                   .reason = str_of(why),
                   .raw = r->raw,
                   .cells = r->cells,
                   .cells_n = r->cells_n};
    return f->sink->reject(f->sink->ctx, f->no, &x, e);
}

static bool follow_take(void *ctx, const record *r, err *e) {
    follower *f = ctx;
    const route *culprit = NULL;
    row_name name = {0};
    signal s;
    f->no++;
    check(r->cells_n <= f->routes_n);
    bool own_id = brings_id(f, r);
    if (!own_id && !name_row(f, r, &name, e)) return false;
    if (f->no <= f->skip) return true;
    signal_init(&s);
    s.attrs = NEW_N(f->sink->batch, attribute, r->cells_n + f->p->set_n);
    s.row.source = f->p->source;
    if (!own_id) s.row.external_id = row_name_text(f->sink->batch, name);
    if (!fill(f, r, &s, &culprit, e)) return refuse(f, r, culprit ? culprit->name : NO_STR, e);
    if (!signal_check(&s, f->p->now_ms, e)) return refuse(f, r, column_of_sentence(f, e->msg), e);
    signal_seal(f->sink->batch, &s);
    return f->sink->take(f->sink->ctx, &s, f->no, r, e);
}

static bool follow_reject(void *ctx, const rejection *r, err *e) {
    follower *f = ctx;
    if (++f->no <= f->skip) return true;
    return f->sink->reject(f->sink->ctx, f->no, r, e);
}

/* --set values are proved before the first row. */
static bool route_sets(follower *f, err *e) {
    signal trial;
    f->set = NEW_N(f->a, route, f->p->set_n);
    signal_init(&trial);
    trial.attrs = NEW_N(f->a, attribute, f->p->set_n);
    for (size_t i = 0; i < f->p->set_n; i++) {
        str name = f->p->set[i].field;
        num6 num;
        f->set[i] = route_of(name, name, DATE_YMD, num6_parse(f->p->set[i].value, &num));
        if (!put(f, &f->set[i], f->p->set[i].value, &trial, e)) {
            err why = *e;
            return fail(e, INVALID, "--set %.*s: %s", STR_ARG(name), why.msg);
        }
    }
    return true;
}

static void follower_close(void *arg) {
    follower *f = arg;
    row_names_close(f->names);
    f->names = NULL;
}

bool hear_follow(arena *a, hear_source *s, const plan *p, i64 skip_records, const hear_sink *sink,
                 err *e) {
    check(p->format && sink->batch && sink->take && sink->reject && skip_records >= 0);
    follower *f = NEW(a, follower);
    *f = (follower){.a = a, .p = p, .sink = sink, .skip = skip_records, .id_route = SIZE_MAX};
    arena_defer(a, follower_close, f);
    f->names = row_names_open();
    if (!route_sets(f, e)) return false;
    record_sink from = {follow_columns, follow_take, follow_reject, f};
    bool ok = source_pass(a, s, p, false, &from, e);
    follower_close(f);
    return ok;
}
