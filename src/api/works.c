/* works.c - opens and closes what works behind the pages. */
#include "api/works.h"
#include "api/feed.h"
#include "api/import_json.h"
#include "flow/loader.h"
#include "flow/sender.h"

static void tell_import(void *ctx, const upload *u, const intake *row) {
    buf b = {0};
    json_out j = json_to(&b);
    json_object(&j);
    import_members(&j, u, row);
    json_end_object(&j);
    feed_import(ctx, buf_view(&b));
    buf_clear(&b);
}

/* A batch planned deeds: some may leave the house. */
static void beat(void *ctx, const flow_counts *since) {
    api *x = ctx;
    if (since->deeds && x->sender) sender_wake(x->sender);
    feed_beat(x, since);
}

bool api_works_open(api *x, int threads, err *e) {
    writer_options o = {.flow = {.w = x->w, .threads = threads},
                        .beat = beat,
                        .alerts = feed_alerts,
                        .ctx = x};
    check(x->s && x->t && !x->writer);
    x->feed = feed_open();
    if (!flow_furnish(x->s, e) ||
        (x->w->send && !sender_open(store_url(x->s), x->w, &x->sender, e)) ||
        !writer_open(store_url(x->s), x->t, &o, &x->writer, e))
        return false;
    loader_options files = {.w = x->w, .writer = x->writer, .told = tell_import, .ctx = x};
    return loader_open(store_url(x->s), &files, &x->loader, e);
}

void api_works_hush(api *x) {
    feed_hush(x->feed);
}

void api_works_close(api *x) {
    loader_close(x->loader);
    writer_close(x->writer);
    sender_close(x->sender);
    x->loader = NULL;
    x->sender = NULL;
    feed_close(x->feed);
    x->writer = NULL;
    x->feed = NULL;
}
