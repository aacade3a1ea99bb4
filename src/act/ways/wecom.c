/* wecom.c - a robot of a group in WeCom: 20 messages a minute, 2,048 bytes of text; its key is in the URL. */
#include "act/way.h"
#include "base/time.h"

enum { TEXT_BYTES = 2048, BUSY_CODE = 45009 };

static bool write_parcel(arena *a, const letter *l, parcel *out, err *e) {
    (void)e;
    *out = (parcel){.url = l->address,
                    .headers = &json_header,
                    .headers_n = 1,
                    .body = robot_text(a, l, TEXT_BYTES)};
    return true;
}

static void judge(arena *a, const receipt *r, verdict_out *out) {
    judge_robot(a, r, "errcode", BUSY_CODE, MINUTE_MS, out);
}

const way way_wecom = {
    .name = "wecom",
    .title = "企业微信 WeCom",
    .help = "A robot of a group.  Several deeds become one message, as it bears 20 a minute.",
    .settings = "",
    .schemes = "https http",
    .per_minute = 20,
    .notes_max = LIMIT_NOTES,
    .ordered = true,
    .write = write_parcel,
    .judge = judge,
};
