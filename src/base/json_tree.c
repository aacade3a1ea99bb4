/* json_tree.c - JSON in: simdjson's events become a tree in the arena. */
#include "base/json.h"
#include "base/json_in.h"
#include "base/limits.h"
#include "base/utf8.h"

static json *node_of(arena *a, const json_event *ev) {
    json *v = NEW(a, json);
    v->i = ev->i;
    v->num = ev->num;
    switch (ev->kind) {
    case EVENT_NULL:
        v->kind = JSON_NULL;
        break;
    case EVENT_BOOL:
        v->kind = JSON_BOOL;
        break;
    case EVENT_INT:
        v->kind = JSON_INT;
        break;
    case EVENT_NUM:
        v->kind = JSON_NUM;
        break;
    case EVENT_TEXT:
        v->kind = JSON_TEXT;
        v->text = arena_str(a, (str){ev->text, ev->size});
        break;
    case EVENT_ARRAY:
        v->kind = JSON_ARRAY;
        break;
    case EVENT_OBJECT:
        v->kind = JSON_OBJECT;
        break;
    case EVENT_KEY:
    case EVENT_END:
        check(false); /* no value begins with these */
    }
    return v;
}

/* The parents of the value being read, innermost last, each with its newest child. */
typedef struct {
    json *parent[LIMIT_JSON_DEPTH];
    json *last[LIMIT_JSON_DEPTH];
    size_t depth;
} parents;

static void hang(parents *up, json *v) {
    if (up->depth == 0) return;
    json *parent = up->parent[up->depth - 1], *last = up->last[up->depth - 1];
    if (last)
        last->next = v;
    else
        parent->first = v;
    up->last[up->depth - 1] = v;
    parent->n++;
}

static json *tree(arena *a, const json_event *events, size_t n) {
    parents up = {.depth = 0};
    json *root = NULL;
    str key = NO_STR;
    for (size_t i = 0; i < n; i++) {
        if (events[i].kind == EVENT_KEY) {
            key = arena_str(a, (str){events[i].text, events[i].size});
        } else if (events[i].kind == EVENT_END) {
            check(up.depth > 0);
            up.depth--;
        } else {
            json *v = node_of(a, &events[i]);
            v->key = key;
            key = NO_STR;
            hang(&up, v);
            if (!root) root = v;
            if (v->kind != JSON_ARRAY && v->kind != JSON_OBJECT) continue;
            check(up.depth < LIMIT_JSON_DEPTH);
            up.parent[up.depth] = v;
            up.last[up.depth++] = NULL;
        }
    }
    check(root && up.depth == 0);
    return root;
}

bool json_read(arena *a, str text, json **out, err *e) {
    json_events_result r = json_events(text.p ? text.p : "", text.n, LIMIT_JSON_DEPTH);
    if (r.too_deep)
        return fail(e, LIMIT, "this JSON is nested more than %d levels deep", LIMIT_JSON_DEPTH);
    if (r.no_memory) return fail(e, LIMIT, "the machine has no memory left to read this JSON");
    if (r.wrong) {
        ptrdiff_t bad = utf8_bad(text);
        if (bad >= 0) return fail(e, INVALID, "not valid JSON: byte %td is not UTF-8", bad + 1);
        return fail(e, INVALID, "not valid JSON: %s", r.wrong);
    }
    *out = tree(a, r.events, r.n);
    return true;
}

const json *json_get(const json *object, str key) {
    const json *found = NULL;
    if (!object || object->kind != JSON_OBJECT) return NULL;
    for (const json *v = object->first; v; v = v->next)
        if (str_eq(v->key, key)) found = v;
    return found;
}

str json_get_text(const json *object, str key) {
    const json *v = json_get(object, key);
    return v && v->kind == JSON_TEXT ? v->text : NO_STR;
}

i64 json_get_int(const json *object, str key) {
    const json *v = json_get(object, key);
    return v && v->kind == JSON_INT ? v->i : NONE;
}

double json_get_num(const json *object, str key) {
    const json *v = json_get(object, key);
    return v && (v->kind == JSON_INT || v->kind == JSON_NUM) ? v->num : NAN;
}
