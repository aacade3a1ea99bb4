/* dingtalk.c - a robot of a group in DingTalk: 20 messages a minute, then it is deaf for ten; signed. */
#include "act/way.h"
#include "base/time.h"

enum { TEXT_BYTES = 16000, BUSY_CODE = 130101 };

/* The signature is of the moment and the secret, with the secret as key, into the query. */
static str signed_url(arena *a, str url, str secret, i64 now_ms) {
    if (!secret.n) return url;
    str text = arena_fmt(a, "%" PRId64 "\n%.*s", now_ms, STR_ARG(secret));
    str mac = hmac_sha256(a, secret, text);
    str sign = url_escape(a, base64_text(a, mac.p, mac.n));
    return arena_fmt(a, "%.*s%ctimestamp=%" PRId64 "&sign=%.*s", STR_ARG(url),
                     str_find(url, S("?")) >= 0 ? '&' : '?', now_ms, STR_ARG(sign));
}

static bool write_parcel(arena *a, const letter *l, parcel *out, err *e) {
    (void)e;
    *out = (parcel){.url = signed_url(a, l->address, l->secret, l->now_ms),
                    .headers = &json_header,
                    .headers_n = 1,
                    .body = robot_text(a, l, TEXT_BYTES)};
    return true;
}

static void judge(arena *a, const receipt *r, verdict_out *out) {
    judge_robot(a, r, "errcode", BUSY_CODE, 10 * MINUTE_MS, out);
}

const way way_dingtalk = {
    .name = "dingtalk",
    .title = "钉钉 DingTalk",
    .help = "A robot of a group; the secret signs.  Several deeds become one message, as it bears "
            "20 a minute.",
    .settings = "",
    .schemes = "https http",
    .per_minute = 20,
    .notes_max = LIMIT_NOTES,
    .ordered = true,
    .write = write_parcel,
    .judge = judge,
};
