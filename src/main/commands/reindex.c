/* reindex.c - rebuilds the tally from the store. */
#include "main/desk.h"
#include "main/screen.h"

static void progress(void *ctx, i64 done, i64 total) {
    call *c = ctx;
    if (c->tty && total > 0)
        fprintf(c->err, "\r%d %%\033[K%s", (int)(100 * done / total), done >= total ? "\n" : "");
}

static int run(call *c) {
    err e;
    desk d;
    asking ask;
    str_list words;
    option options[ASKING_OPTIONS];
    if (!asking_read(c, &ask, options, 0, &words, &e) || !desk_open(c, ask.store, false, &d, &e) ||
        !tally_rebuild(d.t, progress, c, &e))
        return call_failed(c, &e);
    fprintf(c->out, "rebuilt: %.*s signals\n", STR_ARG(count_text(c->a, tally_rows_total(d.t))));
    return 0;
}

const command command_reindex = {
    .name = "reindex",
    .title = "Rebuilds the tally from the store",
    .help = "usage: heed reindex [--store URL]\n\nThe tally (STORE.tally/) holds nothing of its "
            "own; it can also be "
            "deleted at any time.\n",
    .run = run,
};
