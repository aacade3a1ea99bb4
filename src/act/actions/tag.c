/* tag.c - marks the signal with a word, in the same commit that stores it. */
#include "act/action.h"

enum { SEPARATOR = 0x1f, TAG_BYTES = 60 };

static bool accepts(const json *params, err *e) {
    str tag = json_get_text(params, S("tag"));
    if (tag.n == 0) return fail(e, INVALID, "tag: which one? write: tag tag=NAME");
    if (tag.n > TAG_BYTES)
        return fail(e, LIMIT, "tag: the name has %zu bytes, the limit is %d", tag.n, TAG_BYTES);
    if (memchr(tag.p, SEPARATOR, tag.n))
        return fail(e, INVALID, "tag: the name holds a control character");
    for (const json *p = params->first; p; p = p->next)
        if (!str_eq(p->key, S("tag")))
            return fail(e, INVALID, "tag: no parameter \"%.*s\"", STR_ARG(p->key));
    return true;
}

static void plan(arena *a, const rule *r, const json *params, const heard *h, i64 now_ms,
                 deed *out) {
    (void)r, (void)h, (void)now_ms;
    buf b = {.a = a};
    json_out j = json_to(&b);
    json_object(&j);
    json_key(&j, S("tag"));
    json_text(&j, json_get_text(params, S("tag")));
    json_end_object(&j);
    out->payload = buf_view(&b);
}

/* Tags are a sorted set, so that equal sets are equal texts. */
static str with_tag(arena *a, str tags, str tag) {
    buf b = {.a = a};
    str rest = tags, one;
    bool placed = false;
    for (bool more = tags.n > 0; more;) {
        more = str_cut(rest, SEPARATOR, &one, &rest);
        if (!more) one = rest;
        int order = str_cmp(tag, one);
        if (order == 0) return tags;
        if (order < 0 && !placed) {
            if (b.n) buf_char(&b, SEPARATOR);
            buf_str(&b, tag);
            placed = true;
        }
        if (b.n) buf_char(&b, SEPARATOR);
        buf_str(&b, one);
    }
    if (!placed) {
        if (b.n) buf_char(&b, SEPARATOR);
        buf_str(&b, tag);
    }
    return buf_view(&b);
}

static void apply(arena *a, const deed *d, insight *ins) {
    json *payload;
    err e;
    bool ours = json_read(a, d->payload, &payload, &e);
    check(ours);
    ins->row.tags = with_tag(a, ins->row.tags, json_get_text(payload, S("tag")));
}

static bool perform(store *s, arena *a, const deed *d, i64 now_ms, err *e) {
    (void)s, (void)a, (void)now_ms;
    return fail(e, INVALID, "deed %" PRId64 ": a tag is set when the signal is stored, not later",
                d->id);
}

const action action_tag = {
    .name = "tag",
    .title = "Tag the signal",
    .help = "Adds a word that filters, rules and breakdowns can use: tag = 'NAME'.",
    .params = "tag text required The word",
    .accepts = accepts,
    .plan = plan,
    .apply = apply,
    .perform = perform,
};
