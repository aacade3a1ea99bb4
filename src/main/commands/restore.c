/* restore.c - a backup becomes a store again. */
#include "main/desk.h"
#include "main/process.h"
#include "store/copy.h"

static bool go_on(void *ctx, i64 done, i64 total) {
    (void)ctx, (void)done, (void)total;
    return !process_interrupted();
}

static void close_store(void *s) {
    store_close(s);
}

static void say(void *ctx, str sentence) {
    call *c = ctx;
    fprintf(c->err, "heed: %.*s\n", STR_ARG(sentence));
}

/* Whatever schema it has: it stays as it is, and its copy is brought up to date. */
static bool open_backup(call *c, str from, store **out, err *e) {
    store_options o = {.w = c->w, .as_is = true};
    if (!store_open(from, &o, out, e)) return false;
    arena_defer(c->a, close_store, *out);
    return true;
}

/* The tally is made here, so that the first question need not wait; an old one of that name, of a store
** that was moved away, is seen through and made again. */
static bool restore(call *c, str from, str url, err *e) {
    store *backup;
    desk d;
    i64 bad = 0;
    if (!open_backup(c, from, &backup, e) || !store_copy(backup, url, go_on, c, e) ||
        !desk_open(c, url, false, &d, e) || !tally_check(d.t, say, c, &bad, e) ||
        !tally_seal(d.t, e))
        return false;
    if (bad) return fail(e, CORRUPT, "its tally has %" PRId64 " findings: run `heed reindex`", bad);
    fprintf(c->out, "%.*s: %" PRId64 " signals, restored from %.*s and checked\n", STR_ARG(url),
            store_signal_count(d.s), STR_ARG(from));
    return true;
}

static int run(call *c) {
    err e;
    str url = NO_STR;
    str_list words;
    const option options[] = {{.name = "store", .text = &url}};
    if (!options_read(c, options, COUNT(options), &words, &e)) return call_failed(c, &e);
    if (words.n != 1 || !url.n) {
        fail(&e, INVALID,
             "which backup, and which new store? as in: heed restore BACKUP --store heed.db");
        return call_failed(c, &e);
    }
    process_catch_interrupts();
    if (str_starts(url, S("sqlite:"))) url = str_from(url, 7);
    return restore(c, words.items[0], url, &e) ? 0 : call_failed(c, &e);
}

const command command_restore = {
    .name = "restore",
    .title = "Makes a store of a backup",
    .help =
        "usage: heed restore BACKUP --store URL\n\n"
        "URL must be new: end the server and move the old store away first; nothing is ever "
        "replaced.\n"
        "The backup stays as it is.  What it holds is checked before the store gets its name.\n",
    .run = run,
};
