/* teams.c - a workflow of Microsoft Teams ("when a webhook request is received"): an adaptive card of at most
** 28 KB; its key is in the URL. */
#include "act/way.h"

enum { TEXT_BYTES = 12000 };

static void member(json_out *j, const char *key, const char *text) {
    json_key(j, str_of(key));
    json_text(j, str_of(text));
}

static void card(json_out *j, str text) {
    json_object(j);
    member(j, "type", "AdaptiveCard");
    member(j, "version", "1.4");
    json_key(j, S("body"));
    json_array(j);
    json_object(j);
    member(j, "type", "TextBlock");
    json_key(j, S("wrap"));
    json_bool(j, true);
    json_key(j, S("text"));
    json_text(j, text);
    json_end_object(j);
    json_end_array(j);
    json_end_object(j);
}

static bool write_parcel(arena *a, const letter *l, parcel *out, err *e) {
    (void)e;
    buf b = {.a = a};
    json_out j = json_to(&b);
    json_object(&j);
    member(&j, "type", "message");
    json_key(&j, S("attachments"));
    json_array(&j);
    json_object(&j);
    member(&j, "contentType", "application/vnd.microsoft.card.adaptive");
    json_key(&j, S("content"));
    card(&j, notes_text(a, l, TEXT_BYTES));
    json_end_object(&j);
    json_end_array(&j);
    json_end_object(&j);
    *out =
        (parcel){.url = l->address, .headers = &json_header, .headers_n = 1, .body = buf_view(&b)};
    return true;
}

const way way_teams = {
    .name = "teams",
    .title = "Microsoft Teams",
    .help = "A workflow that takes webhook requests.  Several deeds become one card.",
    .settings = "",
    .schemes = "https http",
    .per_minute = 60,
    .notes_max = LIMIT_NOTES,
    .ordered = true,
    .write = write_parcel,
    .judge = judge_http,
};
