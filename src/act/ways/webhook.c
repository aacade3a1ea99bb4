/* webhook.c - somebody's program is told, by Standard Webhooks (standardwebhooks.com, version 1). */
#include <sodium.h>
#include "act/way.h"
#include "base/time.h"

enum { SECRET_MIN = 24, SECRET_MAX = 64 };

static bool secret_bytes(arena *a, str secret, str *out) {
    size_t n = 0;
    if (str_starts(secret, S("whsec_"))) secret = str_from(secret, 6);
    u8 *raw = arena_alloc(a, secret.n + 1);
    if (sodium_base642bin(raw, secret.n, secret.p, secret.n, NULL, &n, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0)
        return false;
    *out = (str){(const char *)raw, n};
    return n >= SECRET_MIN && n <= SECRET_MAX;
}

static bool accepts(const endpoint *to, const json *settings, str secret, err *e) {
    (void)to, (void)settings;
    arena *a = arena_open(LIMIT_LETTER_BYTES);
    str raw;
    bool ok = secret_bytes(a, secret, &raw);
    arena_close(a);
    return ok ||
           fail(e, INVALID,
                "the secret of a webhook is whsec_ and base64 of 24 to 64 bytes; leave it out "
                "and one is made");
}

/* The same deed has the same id however often it is sent: that is how the receiver knows it again. */
static str message_id(arena *a, str key) {
    return arena_fmt(a, "msg_%016" PRIx64, str_hash(key));
}

static str body(arena *a, const letter *l) {
    buf b = {.a = a};
    json_out j = json_to(&b);
    const note *n = l->notes;
    str type = n->data ? json_get_text(n->data, S("type")) : NO_STR;
    json_object(&j);
    json_key(&j, S("type"));
    json_text(&j, type.n ? type : S("note"));
    json_key(&j, S("timestamp"));
    json_text(&j, time_print(a, l->now_ms));
    json_key(&j, S("data"));
    json_object(&j);
    json_key(&j, S("title"));
    json_text(&j, n->title);
    if (n->text.p) {
        json_key(&j, S("text"));
        json_text(&j, n->text);
    }
    for (const json *m = n->data ? n->data->first : NULL; m; m = m->next) {
        if (str_eq(m->key, S("type")) || str_eq(m->key, S("planned_at")) ||
            str_eq(m->key, S("title")) || str_eq(m->key, S("text")))
            continue;
        json_key(&j, m->key);
        json_value(&j, m);
    }
    json_end_object(&j);
    json_end_object(&j);
    return buf_view(&b);
}

static bool write_parcel(arena *a, const letter *l, parcel *out, err *e) {
    str raw, text = body(a, l), id = message_id(a, l->notes->key);
    str *heads = NEW_N(a, str, 4);
    i64 stamp = l->now_ms / 1000;
    if (!secret_bytes(a, l->secret, &raw))
        return fail(e, INVALID, "the secret of \"%.*s\" is none of a webhook",
                    STR_ARG(l->to->name));
    if (text.n > LIMIT_LETTER_BYTES)
        return fail(e, LIMIT, "the message has %zu bytes, the limit is %d", text.n,
                    LIMIT_LETTER_BYTES);
    str signed_text = arena_fmt(a, "%.*s.%" PRId64 ".%.*s", STR_ARG(id), stamp, STR_ARG(text));
    str mac = hmac_sha256(a, raw, signed_text), mac64 = base64_text(a, mac.p, mac.n);
    heads[0] = json_header;
    heads[1] = arena_fmt(a, "webhook-id: %.*s", STR_ARG(id));
    heads[2] = arena_fmt(a, "webhook-timestamp: %" PRId64, stamp);
    heads[3] = arena_fmt(a, "webhook-signature: v1,%.*s", STR_ARG(mac64));
    *out = (parcel){.url = l->address, .headers = heads, .headers_n = 4, .body = text};
    return true;
}

const way way_webhook = {
    .name = "webhook",
    .title = "Webhook",
    .help = "Posts JSON, signed by Standard Webhooks: webhook-id, webhook-timestamp, "
            "webhook-signature.",
    .settings = "",
    .schemes = "https http",
    .notes_max = 1,
    .ordered = true,
    .accepts = accepts,
    .write = write_parcel,
    .judge = judge_http,
};
