/* works.c - opens and closes what works behind the pages. */
#include "api/works.h"
#include "api/feed.h"
#include "flow/writer.h"

bool api_works_open(api *x, int threads, err *e) {
    writer_options o = {
        .flow = {.w = x->w, .threads = threads, .lock = &x->lock}, .beat = feed_beat, .ctx = x};
    check(x->s && x->t && !x->writer);
    x->feed = feed_open();
    return flow_furnish(x->s, e) && writer_open(store_url(x->s), x->t, &o, &x->writer, e);
}

void api_works_hush(api *x) {
    feed_hush(x->feed);
}

void api_works_close(api *x) {
    writer_close(x->writer);
    feed_close(x->feed);
    x->writer = NULL;
    x->feed = NULL;
}
