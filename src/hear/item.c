/* item.c - one signal as our own API takes it. */
#include "hear/item.h"

static bool attr_add(arena *a, const json *v, str key, signal *s, err *e) {
    attribute at = {.key = arena_str(a, key), .num = NONE};
    if (v->kind == JSON_NULL) return true;
    if (s->attrs_n == LIMIT_ATTRS)
        return fail(e, LIMIT, "signal: more than %d attributes", LIMIT_ATTRS);
    if (signal_attr(s, key))
        return fail(e, INVALID, "signal: \"%.*s\" is there twice", (int)MIN(key.n, 80), key.p);
    if (v->kind == JSON_TEXT)
        at.text = arena_str(a, v->text);
    else if (v->kind == JSON_BOOL)
        at.text = v->i ? S("true") : S("false");
    else if ((v->kind != JSON_INT && v->kind != JSON_NUM) || !num6_of_double(v->num, &at.num))
        return fail(e, INVALID, "signal: attribute \"%.*s\" wants a text or a number",
                    (int)MIN(key.n, 80), key.p);
    s->attrs[s->attrs_n++] = at;
    return true;
}

static bool score_add(arena *a, const json *v, signal *s, err *e) {
    if (v->kind != JSON_INT && v->kind != JSON_NUM && v->kind != JSON_NULL)
        return fail(e, INVALID, "signal: \"%.*s\" is a score and wants a number",
                    (int)MIN(v->key.n, 80), v->key.p);
    return attr_add(a, v, v->key, s, e);
}

/* Attributes and scores go to s; what remains for the noun is a list of its own in *rest. */
static bool split(arena *a, const json *object, signal *s, json *rest, err *e) {
    json **end = &rest->first;
    for (const json *m = object->first; m; m = m->next) {
        if (str_starts(m->key, S("score:"))) {
            if (!score_add(a, m, s, e)) return false;
        } else if (str_eq(m->key, S("attributes"))) {
            if (m->kind != JSON_OBJECT && m->kind != JSON_NULL)
                return fail(e, INVALID, "signal: \"attributes\" wants an object");
            for (const json *v = m->first; v; v = v->next)
                if (!attr_add(a, v, v->key, s, e)) return false;
        } else {
            json *copy = NEW(a, json);
            *copy = *m;
            copy->next = NULL;
            *end = copy;
            end = &copy->next;
        }
    }
    return true;
}

static size_t attrs_most(const json *object) {
    size_t n = object->n;
    for (const json *m = object->first; m; m = m->next)
        if (str_eq(m->key, S("attributes"))) n += m->n;
    return MIN(n, (size_t)LIMIT_ATTRS);
}

bool item_read(arena *a, const json *object, const item_usual *usual, signal *out, err *e) {
    json rest = {.kind = JSON_OBJECT};
    check(usual->source.n && usual->name.n);
    if (object->kind != JSON_OBJECT)
        return fail(e, INVALID, "signal: want an object in { }, as in {\"words\": \"...\"}");
    signal_init(out);
    out->attrs = NEW_N(a, attribute, attrs_most(object));
    out->row.source = usual->source;
    out->row.external_id = usual->name;
    out->row.occurred_at = usual->now_ms;
    if (!split(a, object, out, &rest, e) || !noun_read(a, &noun_signal, &rest, &out->row, e) ||
        !signal_check(out, usual->now_ms, e))
        return false;
    signal_seal(a, out);
    return true;
}
