/* feishu.c - a robot of a group in Feishu or Lark: 100 messages a minute, 20 KB; signed. */
#include "act/way.h"
#include "base/time.h"

enum { TEXT_BYTES = 16000, BUSY_CODE = 11232 };

/* "<at ..." would call people: customers' words must not. */
static str calm(arena *a, str s) {
    buf b = {.a = a};
    for (size_t i = 0; i < s.n; i++) {
        buf_char(&b, s.p[i]);
        if (s.p[i] == '<') buf_char(&b, ' ');
    }
    return buf_view(&b);
}

/* The key is the moment and the secret, the text nothing. */
static void sign(arena *a, json_out *j, str secret, i64 now_ms) {
    str key = arena_fmt(a, "%" PRId64 "\n%.*s", now_ms / 1000, STR_ARG(secret));
    str mac = hmac_sha256(a, key, S(""));
    json_key(j, S("timestamp"));
    json_text(j, arena_fmt(a, "%" PRId64, now_ms / 1000));
    json_key(j, S("sign"));
    json_text(j, base64_text(a, mac.p, mac.n));
}

static bool write_parcel(arena *a, const letter *l, parcel *out, err *e) {
    (void)e;
    buf b = {.a = a};
    json_out j = json_to(&b);
    json_object(&j);
    if (l->secret.n) sign(a, &j, l->secret, l->now_ms);
    json_key(&j, S("msg_type"));
    json_text(&j, S("text"));
    json_key(&j, S("content"));
    json_object(&j);
    json_key(&j, S("text"));
    json_text(&j, calm(a, notes_text(a, l, TEXT_BYTES)));
    json_end_object(&j);
    json_end_object(&j);
    *out =
        (parcel){.url = l->address, .headers = &json_header, .headers_n = 1, .body = buf_view(&b)};
    return true;
}

static void judge(arena *a, const receipt *r, verdict_out *out) {
    judge_robot(a, r, "code", BUSY_CODE, MINUTE_MS, out);
}

const way way_feishu = {
    .name = "feishu",
    .title = "飞书 Feishu",
    .help = "A robot of a group; the secret signs.  It bears 100 messages a minute.",
    .settings = "",
    .schemes = "https http",
    .per_minute = 100,
    .notes_max = LIMIT_NOTES,
    .ordered = true,
    .write = write_parcel,
    .judge = judge,
};
