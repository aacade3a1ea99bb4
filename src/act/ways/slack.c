/* slack.c - an incoming webhook of Slack: about one message a second; its key is in the URL. */
#include "act/way.h"

enum { TEXT_BYTES = 12000 };

/* The three characters that mean something to Slack: nobody is called by a customer's words. */
static str calm(arena *a, str s) {
    buf b = {.a = a};
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '<')
            buf_str(&b, S("&lt;"));
        else if (s.p[i] == '>')
            buf_str(&b, S("&gt;"));
        else if (s.p[i] == '&')
            buf_str(&b, S("&amp;"));
        else
            buf_char(&b, s.p[i]);
    }
    return buf_view(&b);
}

static bool write_parcel(arena *a, const letter *l, parcel *out, err *e) {
    (void)e;
    buf b = {.a = a};
    json_out j = json_to(&b);
    json_object(&j);
    json_key(&j, S("text"));
    json_text(&j, calm(a, notes_text(a, l, TEXT_BYTES)));
    json_end_object(&j);
    *out =
        (parcel){.url = l->address, .headers = &json_header, .headers_n = 1, .body = buf_view(&b)};
    return true;
}

const way way_slack = {
    .name = "slack",
    .title = "Slack",
    .help = "An incoming webhook.  Several deeds become one message.",
    .settings = "",
    .schemes = "https http",
    .per_minute = 60,
    .notes_max = LIMIT_NOTES,
    .ordered = true,
    .write = write_parcel,
    .judge = judge_http,
};
