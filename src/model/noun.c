/* noun.c - what the description of a noun is good for: reading, printing and checking any of them. */
#include "model/noun.h"
#include "base/time.h"
#include "base/utf8.h"
#include "kern/num6.h"

const field *noun_field(const noun *n, str name) {
    for (size_t i = 0; i < n->fields_n; i++)
        if (str_eq(str_of(n->fields[i].name), name)) return &n->fields[i];
    return NULL;
}

bool field_is_text(const field *f) {
    return f->kind == FIELD_TEXT || f->kind == FIELD_CHOICE || f->kind == FIELD_JSON;
}

i64 noun_int(const field *f, const void *rec) {
    check(!field_is_text(f));
    return *(const i64 *)((const char *)rec + f->offset);
}

str noun_text(const field *f, const void *rec) {
    check(field_is_text(f));
    return *(const str *)((const char *)rec + f->offset);
}

void noun_set_int(const field *f, void *rec, i64 v) {
    check(!field_is_text(f));
    *(i64 *)((char *)rec + f->offset) = v;
}

void noun_set_text(const field *f, void *rec, str v) {
    check(field_is_text(f));
    *(str *)((char *)rec + f->offset) = v;
}

void noun_init(const noun *n, void *rec) {
    for (size_t i = 0; i < n->fields_n; i++) {
        const field *f = &n->fields[i];
        if (field_is_text(f))
            noun_set_text(f, rec, NO_STR);
        else
            noun_set_int(f, rec, f->kind == FIELD_ID || f->kind == FIELD_BOOL ? 0 : NONE);
    }
}

static void print_number(json_out *j, const field *f, i64 v) {
    char z[80];
    buf b = {0};
    if (v == NONE) {
        json_null(j);
    } else if (f->kind == FIELD_BOOL) {
        json_bool(j, v != 0);
    } else if (f->kind == FIELD_NUM6) {
        buf_num6(&b, v);
        json_raw(j, buf_view(&b));
        buf_clear(&b);
    } else if (f->kind == FIELD_TIME) {
        civil c = civil_of(v);
        snprintf(z, sizeof z,
                 c.ms ? "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ" : "%04d-%02d-%02dT%02d:%02d:%02dZ",
                 c.year, c.month, c.day, c.hour, c.min, c.sec, c.ms);
        json_text(j, str_of(z));
    } else {
        json_int(j, v);
    }
}

void noun_print(json_out *j, const noun *n, const void *rec) {
    json_object(j);
    for (size_t i = 0; i < n->fields_n; i++) {
        const field *f = &n->fields[i];
        if (f->flags & SECRET) continue;
        json_key(j, str_of(f->name));
        if (!field_is_text(f))
            print_number(j, f, noun_int(f, rec));
        else if (f->kind == FIELD_JSON && noun_text(f, rec).p)
            json_raw(j, noun_text(f, rec));
        else
            json_text(j, noun_text(f, rec));
    }
    json_end_object(j);
}

static bool is_choice(const char *choices, str v) {
    str rest = str_of(choices), one;
    while (str_cut(rest, '|', &one, &rest))
        if (str_eq(one, v)) return true;
    return str_eq(rest, v);
}

static bool check_text(const noun *n, const field *f, str v, err *e) {
    if (!v.p || (v.n == 0 && f->flags & REQUIRED)) {
        if (f->flags & REQUIRED)
            return fail(e, INVALID, "%s: \"%s\" is required", n->name, f->name);
        return true;
    }
    if (f->max && v.n > (size_t)f->max)
        return fail(e, LIMIT, "%s: \"%s\" has %zu bytes, the limit is %" PRId64, n->name, f->name,
                    v.n, f->max);
    if (f->kind == FIELD_CHOICE && !is_choice(f->choices, v))
        return fail(e, INVALID, "%s: \"%s\" is \"%.*s\", want one of %s", n->name, f->name,
                    (int)MIN(v.n, (size_t)60), v.p, f->choices);
    ptrdiff_t bad = utf8_bad(v);
    if (bad >= 0)
        return fail(e, INVALID, "%s: \"%s\" is not UTF-8 at byte %td", n->name, f->name, bad);
    return true;
}

static bool check_number(const noun *n, const field *f, i64 v, err *e) {
    if (v == NONE) {
        bool needed = f->flags & REQUIRED && !(f->flags & SET_BY_US);
        return needed ? fail(e, INVALID, "%s: \"%s\" is required", n->name, f->name) : true;
    }
    if (f->max && (v > f->max || v < -f->max))
        return fail(e, INVALID, "%s: \"%s\" is %" PRId64 ", the largest is %" PRId64, n->name,
                    f->name, v, f->max);
    return true;
}

bool noun_check(const noun *n, const void *rec, err *e) {
    for (size_t i = 0; i < n->fields_n; i++) {
        const field *f = &n->fields[i];
        bool ok = field_is_text(f) ? check_text(n, f, noun_text(f, rec), e)
                                   : check_number(n, f, noun_int(f, rec), e);
        if (!ok) return false;
    }
    return !n->law || n->law(rec, e);
}

static bool wrong(const noun *n, const field *f, const char *want, err *e) {
    return fail(e, INVALID, "%s: \"%s\" wants %s", n->name, f->name, want);
}

static bool read_number(const noun *n, const field *f, const json *v, void *rec, err *e) {
    i64 out = v->i;
    bool whole = v->kind == JSON_INT;
    if (f->kind == FIELD_BOOL) {
        if (v->kind != JSON_BOOL) return wrong(n, f, "true or false", e);
    } else if (f->kind == FIELD_TIME) {
        if (v->kind != JSON_TEXT || !time_parse(v->text, 0, &out))
            return wrong(n, f, "a time such as 2026-03-01T10:00:00Z", e);
    } else if (f->kind == FIELD_NUM6) {
        if ((!whole && v->kind != JSON_NUM) || !num6_of_double(v->num, &out))
            return wrong(n, f, "a number", e);
    } else if (!whole) {
        return wrong(n, f, "a whole number", e);
    }
    noun_set_int(f, rec, out);
    return true;
}

static str json_again(arena *a, const json *v) {
    buf b = {.a = a};
    json_out j = json_to(&b);
    json_value(&j, v);
    return buf_view(&b);
}

static bool read_field(arena *a, const noun *n, const field *f, const json *v, void *rec, err *e) {
    if (v->kind == JSON_NULL) {
        if (field_is_text(f))
            noun_set_text(f, rec, NO_STR);
        else
            noun_set_int(f, rec, f->kind == FIELD_BOOL ? 0 : NONE);
        return true;
    }
    if (!field_is_text(f)) return read_number(n, f, v, rec, e);
    if (f->kind == FIELD_JSON) {
        noun_set_text(f, rec, json_again(a, v));
        return true;
    }
    if (v->kind != JSON_TEXT) return wrong(n, f, "a text", e);
    noun_set_text(f, rec, arena_str(a, v->text));
    return true;
}

bool noun_read(arena *a, const noun *n, const json *object, void *rec, err *e) {
    if (object->kind != JSON_OBJECT) return fail(e, INVALID, "%s: want an object", n->name);
    for (const json *v = object->first; v; v = v->next) {
        const field *f = noun_field(n, v->key);
        if (!f || f->flags & SET_BY_US)
            return fail(e, INVALID, "%s: \"%.*s\" is not a field that can be set", n->name,
                        (int)MIN(v->key.n, (size_t)80), v->key.p);
        if (!read_field(a, n, f, v, rec, e)) return false;
    }
    return noun_check(n, rec, e);
}
