/* segment.c - the calls of Segment's libraries (identify, track, page, screen, group, alias) as signals.
** What context holds of devices and addresses is not kept. */
#include "base/time.h"
#include "hear/item.h"

static const char *const types[] = {"identify", "track", "page", "screen", "group", "alias"};

static bool type_ok(str type, err *e) {
    for (size_t i = 0; i < COUNT(types); i++)
        if (str_eq(type, str_of(types[i]))) return true;
    return fail(e, INVALID, "type is \"%.*s\", want identify, track, page, screen, group or alias",
                (int)MIN(type.n, 60), type.p);
}

/* ---- values ---- */

static str text_of(arena *a, const json *v) {
    buf b = {.a = a};
    json_out j = json_to(&b);
    json bare = *v;
    if (v->kind == JSON_TEXT) return arena_str(a, v->text);
    if (v->kind == JSON_NULL) return NO_STR;
    bare.key = NO_STR;
    json_value(&j, &bare);
    return buf_view(&b);
}

static bool number_of(const json *v, num6 *out) {
    if (v->kind == JSON_INT || v->kind == JSON_NUM) return num6_of_double(v->num, out);
    return v->kind == JSON_TEXT && num6_parse(v->text, out);
}

/* The field of a signal that a property of this name fills, if it is free. */
static str *field_of(signal *s, str name, const json *v) {
    static const char *const words[] = {"words",    "text",    "comment",
                                        "feedback", "message", "review"};
    const struct {
        const char *name;
        str *to;
    } plain[] = {{"channel", &s->row.channel},
                 {"touchpoint", &s->row.touchpoint},
                 {"product", &s->row.product},
                 {"currency", &s->row.currency}};
    if (v->kind != JSON_TEXT) return NULL;
    for (size_t i = 0; i < COUNT(words); i++)
        if (str_eq(name, str_of(words[i])) && !s->row.words.p) return &s->row.words;
    for (size_t i = 0; i < COUNT(plain); i++)
        if (str_eq(name, str_of(plain[i].name)) && !plain[i].to->p) return plain[i].to;
    return NULL;
}

/* nps is score:nps; other names are their own. */
static str score_name(arena *a, str name) {
    static const char *const known[] = {"nps", "csat", "ces", "rating5"};
    for (size_t i = 0; i < COUNT(known); i++)
        if (str_eq(name, str_of(known[i]))) return arena_fmt(a, "score:%s", known[i]);
    return str_starts(name, S("score:")) ? arena_str(a, name) : NO_STR;
}

static bool attr_add(arena *a, signal *s, str name, const json *v, err *e) {
    attribute at = {.key = arena_str(a, name), .num = NONE};
    str score = score_name(a, name);
    if (v->kind == JSON_NULL || signal_attr(s, at.key)) return true;
    if (s->attrs_n == LIMIT_ATTRS)
        return fail(e, LIMIT, "signal: more than %d attributes", LIMIT_ATTRS);
    if (score.p && number_of(v, &at.num) && !signal_attr(s, score))
        at.key = score;
    else if (v->kind == JSON_TEXT || !number_of(v, &at.num))
        at.num = NONE, at.text = text_of(a, v);
    s->attrs[s->attrs_n++] = at;
    return true;
}

static bool take_property(arena *a, signal *s, str name, const json *v, err *e) {
    str *own = field_of(s, name, v);
    bool money = str_eq(name, S("revenue")) || str_eq(name, S("amount"));
    if (own) return *own = arena_str(a, v->text), true;
    if (money && s->row.amount == NONE && number_of(v, &s->row.amount)) return true;
    return attr_add(a, s, name, v, e);
}

static bool take_properties(arena *a, signal *s, str prefix, const json *object, err *e) {
    for (const json *v = object->first; v; v = v->next) {
        str name = prefix.n ? arena_fmt(a, "%.*s.%.*s", STR_ARG(prefix), STR_ARG(v->key)) : v->key;
        if (v->kind == JSON_OBJECT ? !take_properties(a, s, name, v, e)
                                   : !take_property(a, s, name, v, e))
            return false;
    }
    return true;
}

/* ---- one call ---- */

static str who_of(arena *a, const json *call) {
    const json *known = json_get(call, S("userId")), *anonymous = json_get(call, S("anonymousId"));
    str id = known ? text_of(a, known) : NO_STR;
    if (id.n) return arena_fmt(a, "user:%.*s", STR_ARG(id));
    id = anonymous ? text_of(a, anonymous) : NO_STR;
    return id.n ? arena_fmt(a, "anonymous:%.*s", STR_ARG(id)) : NO_STR;
}

static bool when_of(const json *call, i64 *out, err *e) {
    static const char *const names[] = {"timestamp", "originalTimestamp"};
    for (size_t i = 0; i < COUNT(names); i++) {
        str text = json_get_text(call, str_of(names[i]));
        if (!text.n) continue;
        if (time_parse(text, 0, out)) return true;
        return fail(e, INVALID, "%s is \"%.*s\", want a time such as 2026-03-01T10:00:00Z",
                    names[i], (int)MIN(text.n, 60), text.p);
    }
    return true;
}

static bool take_extra(arena *a, signal *s, const json *call, err *e) {
    static const char *const names[] = {"name", "category", "groupId", "previousId"};
    static const char *const objects[] = {"properties", "traits"};
    for (size_t i = 0; i < COUNT(names); i++) {
        const json *v = json_get(call, str_of(names[i]));
        if (v && !attr_add(a, s, str_of(names[i]), v, e)) return false;
    }
    for (size_t i = 0; i < COUNT(objects); i++) {
        const json *v = json_get(call, str_of(objects[i]));
        if (v && v->kind == JSON_OBJECT && !take_properties(a, s, NO_STR, v, e)) return false;
    }
    return true;
}

bool segment_read(arena *a, const json *call, str type, const item_usual *usual, signal *out,
                  err *e) {
    if (call->kind != JSON_OBJECT) return fail(e, INVALID, "a call is an object in { }");
    str told = json_get_text(call, S("type")), id = json_get_text(call, S("messageId"));
    str event = json_get_text(call, S("event"));
    if (told.n) type = told;
    if (!type_ok(type, e)) return false;
    bool track = str_eq(type, S("track"));
    if (track && !event.n)
        return fail(e, INVALID, "track wants \"event\", the name of what was done");
    signal_init(out);
    out->attrs = NEW_N(a, attribute, LIMIT_ATTRS);
    out->row.source = usual->source;
    out->row.external_id = arena_str(a, id.n ? id : usual->name);
    out->row.occurred_at = usual->now_ms;
    out->row.customer = who_of(a, call);
    out->row.event = arena_str(a, track ? event : type);
    if (!when_of(call, &out->row.occurred_at, e) || !take_extra(a, out, call, e) ||
        !signal_check(out, usual->now_ms, e))
        return false;
    signal_seal(a, out);
    return true;
}
