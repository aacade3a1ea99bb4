/* reread.c - new insights for what was heard long ago, with the readers of this version. */
#include "flow/flow.h"
#include "main/desk.h"
#include "main/process.h"
#include "main/screen.h"

static int ascending(const void *x, const void *y) {
    const i64 *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

static bool step(void *ctx, i64 done, i64 total) {
    call *c = ctx;
    if (c->tty && total > 0)
        fprintf(c->err, "\r%d %%\033[K%s", (int)(100 * done / total), done >= total ? "\n" : "");
    return !process_interrupted();
}

static bool matching(call *c, desk *d, const expr *where, i64 **ids, size_t *n, err *e) {
    *ids = NULL;
    *n = 0;
    if (!where) return true;
    if (!tally_rows(d->t, c->a, where, 0, (size_t)MAX(tally_rows_total(d->t), 1), ids, n, e))
        return false;
    if (*n) qsort(*ids, *n, sizeof **ids, ascending);
    if (!*n) *ids = NEW(c->a, i64); /* none is not all */
    return true;
}

static int run(call *c) {
    err e;
    desk d;
    asking ask;
    flow *f = NULL;
    i64 *ids, done = 0;
    size_t n;
    str_list words;
    option options[ASKING_OPTIONS];
    if (!asking_read(c, &ask, options, 0, &words, &e) || !desk_open(c, ask.store, false, &d, &e) ||
        !matching(c, &d, ask.filter, &ids, &n, &e))
        return call_failed(c, &e);
    process_catch_interrupts();
    flow_options o = {.w = c->w, .threads = process_cores()};
    bool ok = flow_open(d.s, d.t, &o, &f, &e) && flow_reread(f, ids, n, step, c, &done, &e) &&
              tally_seal(d.t, &e);
    flow_close(f);
    if (!ok) return call_failed(c, &e);
    fprintf(c->out, "read again: %.*s signals\n", STR_ARG(count_text(c->a, done)));
    return 0;
}

const command command_reread = {
    .name = "reread",
    .title = "Reads what was heard again, as this version of Heed reads",
    .help =
        "usage: heed reread [--where EXPR] [--store URL]\n\n"
        "New insights (language, cleaning, sentiment, aspects, intent) for all signals, or for "
        "those that match.\nTags that rules set stay, and rules are not asked again.  It may run "
        "while `heed serve` does: questions\nsee the old reading until the new one is there.  "
        "Interrupted, what was read stays.\n\n"
        "example: heed reread --where \"lang = 'zh-Hant'\"\n",
    .run = run,
};
