/* backup.c - the whole store as one new file, while it is in use. */
#include "main/desk.h"
#include "main/process.h"
#include "store/copy.h"

static bool show(void *ctx, i64 done, i64 total) {
    call *c = ctx;
    if (c->tty && total > 0)
        fprintf(c->err, "\rcopying  %d %%%s", (int)(100 * done / total),
                done >= total ? "\r\033[K" : "");
    return !process_interrupted();
}

static bool copy(call *c, str url, str to, err *e) {
    store *s, *made;
    i64 n;
    if (!desk_store(c, url, false, &s, e) || !store_copy(s, to, show, c, e) ||
        !desk_store(c, to, false, &made, e))
        return false;
    n = store_signal_count(made);
    fprintf(c->out, "%.*s: %" PRId64 " signals, copied and checked\n", STR_ARG(to), n);
    return n >= 0 || fail(e, CORRUPT, "the copy cannot be read");
}

static int run(call *c) {
    err e;
    str url = NO_STR;
    str_list words;
    const option options[] = {{.name = "store", .text = &url}};
    if (!options_read(c, options, COUNT(options), &words, &e)) return call_failed(c, &e);
    if (words.n != 1) {
        fail(&e, INVALID, "which file? as in: heed backup /backup/heed-2026-03-01.db");
        return call_failed(c, &e);
    }
    process_catch_interrupts();
    return copy(c, url, words.items[0], &e) ? 0 : call_failed(c, &e);
}

const command command_backup = {
    .name = "backup",
    .title = "Copies the store to a new file, while it is in use",
    .help =
        "usage: heed backup FILE [--store URL]\n\n"
        "FILE holds all that was acknowledged when the copy began; a server may go on working.  It "
        "is\n"
        "read through and checked before it gets its name, and never replaces a file.  It holds "
        "all that\n"
        "the store holds, personal data too: keep it as safe.  `heed restore` brings it back.\n",
    .run = run,
};
