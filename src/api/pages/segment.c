/* segment.c - the doors Segment's and RudderStack's libraries knock at. */
#include "api/ask.h"
#include "flow/writer.h"
#include "hear/item.h"

typedef struct {
    api *x;
    arena *a;
    item_usual usual;
    u64 nonce;
    signal *sigs;
    size_t n, at; /* taken; looked at */
    json_out rejected;
} calls;

static void take(calls *c, const json *call, str type) {
    err why;
    c->usual.name = arena_fmt(c->a, "call:%016" PRIx64 "#%zu", c->nonce, c->at);
    if (segment_read(c->a, call, type, &c->usual, &c->sigs[c->n], &why)) {
        c->n++;
    } else {
        json_object(&c->rejected);
        put_int(&c->rejected, "index", (i64)c->at);
        put_text(&c->rejected, "reason", str_of(why.msg));
        json_end_object(&c->rejected);
    }
    c->at++;
}

/* Their libraries try again after 5xx and give up after 400, so that one bad call among good ones is
** told in the answer, and only a request without any good call is refused. */
static bool reply_calls(calls *c, asked *v, const buf *rejected, const flow_counts *counts,
                        err *e) {
    buf b = {.a = c->a};
    json_out j = json_to(&b);
    if (c->n == 0 && c->at)
        return fail(e, INVALID, "no call could be taken: %.*s", (int)MIN(rejected->n, 300),
                    rejected->p);
    json_object(&j);
    json_key(&j, S("success"));
    json_bool(&j, true);
    put_int(&j, "added", counts->added);
    put_int(&j, "known", counts->known);
    json_key(&j, S("rejected"));
    json_raw(&j, buf_view(rejected));
    json_end_object(&j);
    reply_json(v, 200, &b);
    return true;
}

static bool take_all(calls *c, const json *body, str type, err *e) {
    const json *batch = json_get(body, S("batch"));
    if (type.p) {
        c->sigs = NEW(c->a, signal);
        take(c, body, type);
        return true;
    }
    if (!batch || batch->kind != JSON_ARRAY)
        return fail(e, INVALID, "a batch is {\"batch\": [calls]}");
    if (batch->n > LIMIT_POST_ITEMS)
        return fail(e, LIMIT, "more than %d calls in one batch", LIMIT_POST_ITEMS);
    c->sigs = NEW_N(c->a, signal, batch->n);
    for (const json *call = batch->first; call; call = call->next) take(c, call, NO_STR);
    return true;
}

static bool receive(api *x, arena *a, asked *v, str type, err *e) {
    str body;
    json *doc;
    flow_counts counts = {0};
    buf rejected = {.a = a};
    calls c = {.x = x, .a = a, .nonce = x->w->random(x->w), .rejected = json_to(&rejected)};
    c.usual.source = v->who->name.n ? v->who->name : S("events");
    c.usual.now_ms = x->w->now_ms(x->w);
    if (!x->writer) return fail(e, BUSY, "this server takes no signals");
    if (v->body.p)
        body = v->body;
    else if (!http_body_all(v->http, a, (size_t)LIMIT_POST_BYTES, &body, e))
        return false;
    if (!json_read(a, body, &doc, e)) return false;
    json_array(&c.rejected);
    if (!take_all(&c, doc, type, e)) return false;
    json_end_array(&c.rejected);
    if (c.n && !writer_take(x->writer, c.sigs, c.n, NULL, &counts, NULL, e)) return false;
    return reply_calls(&c, v, &rejected, &counts, e);
}

/* The type is the last part of the path. */
static bool single(api *x, arena *a, asked *v, err *e) {
    return receive(x, a, v, str_from(v->http->path, sizeof "/v1/" - 1), e);
}

static bool batched(api *x, arena *a, asked *v, err *e) {
    return receive(x, a, v, NO_STR, e);
}

#define DOOR(name, what)                                                                           \
    {                                                                                              \
        METHOD_POST, "/v1/" name, "signals.write", what,                                           \
            .handle = single, .takes = "segment_call", .gives = "segment_taken",                   \
            .key_in_body = true                                                                    \
    }

static const route routes[] = {
    DOOR("identify", "Who a customer is (Segment)"),
    DOOR("track", "What a customer did (Segment)"),
    DOOR("page", "A page was seen (Segment)"),
    DOOR("screen", "A screen was seen (Segment)"),
    DOOR("group", "A customer belongs to a group (Segment)"),
    DOOR("alias", "Two identities are one (Segment)"),
    {METHOD_POST, "/v1/batch", "signals.write", "Many calls at once (Segment)", .handle = batched,
     .takes = "segment_batch", .gives = "segment_taken", .body_max = LIMIT_POST_BYTES,
     .key_in_body = true},
};
const page page_segment = {
    .name = "segment", .title = "Segment-compatible", .routes = routes, .routes_n = COUNT(routes)};
