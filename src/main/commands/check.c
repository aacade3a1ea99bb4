/* check.c - proof that everything that should be there is there, and agrees. */
#include "main/desk.h"

static void report(void *ctx, str sentence) {
    call *c = ctx;
    fprintf(c->out, "%.*s\n", STR_ARG(sentence));
}

static bool check_all(call *c, str url, i64 *bad, i64 *signals, err *e) {
    desk d;
    i64 in_tally = 0;
    if (!desk_open(c, url, false, &d, e) || !store_check(d.s, report, c, bad, e)) return false;
    if (!tally_check(d.t, report, c, &in_tally, e)) return false;
    *bad += in_tally;
    *signals = store_signal_count(d.s);
    return true;
}

static int run(call *c) {
    err e;
    asking ask;
    str_list words;
    i64 bad = 0, signals = 0;
    option options[ASKING_OPTIONS];
    if (!asking_read(c, &ask, options, 0, &words, &e) ||
        !check_all(c, ask.store, &bad, &signals, &e))
        return call_failed(c, &e);
    fprintf(c->out, "%" PRId64 " signals, %" PRId64 " findings\n", signals, bad);
    return bad ? 1 : 0;
}

const command command_check = {
    .name = "check",
    .title = "Verifies the store, the tally and every reference between them",
    .help =
        "usage: heed check [--store URL]\n\n"
        "Prints one sentence per finding; exit 0 when there is none.  What the tally has wrong,\n"
        "`heed reindex` mends; for the store, restore a copy.\n",
    .run = run,
};
