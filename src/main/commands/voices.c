/* voices.c - what customers said, newest first. */
#include "main/voice.h"

enum { VOICES_SHOWN = 20 };

typedef struct {
    call *c;
    json_out *j;
    str locale;
} showing;

static bool show(void *ctx, const signal *sig, const insight *ins, err *e) {
    (void)e;
    showing *s = ctx;
    if (s->j)
        voice_json(s->j, sig, ins);
    else
        voice_print(s->c, sig, ins, s->locale);
    return true;
}

static bool put_voices(call *c, const asking *ask, desk *d, const i64 *ids, size_t n, err *e) {
    buf b = {.a = c->a};
    json_out j = json_to(&b);
    showing s = {c, ask->json ? &j : NULL, locale_of()};
    if (ask->json) {
        json_object(&j);
        json_key(&j, S("voices"));
        json_array(&j);
    }
    if (!store_scan_ids(d->s, ids, n, show, &s, e)) return false;
    if (ask->json) {
        json_end_array(&j);
        json_end_object(&j);
        put_json(c, &b);
    }
    return true;
}

static int run(call *c) {
    err e;
    desk d;
    asking ask;
    str_list words;
    option options[ASKING_OPTIONS];
    i64 *ids;
    size_t n;
    if (!asking_read(c, &ask, options, 0, &words, &e)) return call_failed(c, &e);
    size_t limit = ask.limit == NONE ? VOICES_SHOWN : (size_t)ask.limit;
    if (!desk_open(c, ask.store, false, &d, &e) ||
        !tally_rows(d.t, c->a, ask.filter, ask.zone_min, limit, &ids, &n, &e) ||
        !put_voices(c, &ask, &d, ids, n, &e))
        return call_failed(c, &e);
    if (n == 0 && !ask.json)
        fputs("No voices match.  Try a wider --where, or `heed import FILE`.\n", c->out);
    return 0;
}

const command command_voices = {
    .name = "voices",
    .title = "What customers said, newest first, with what was understood",
    .help =
        "usage: heed voices [--where EXPR] [--limit N] [--zone +08:00] [--store URL] [--json]\n\n"
        "Shows the redacted words; the originals stay in the store.\n\n"
        "example: heed voices --where \"aspect = 'delivery.speed' and polarity = 'negative'\" "
        "--limit 5\n",
    .run = run,
};
