/* events.c - what happens, as it happens (server-sent events). */
#include "api/feed.h"

static bool listen_in(api *x, arena *a, asked *v, err *e) {
    (void)a;
    if (!x->feed) return fail(e, BUSY, "this server tells no events");
    return feed_listen(x->feed, v->http, v->who, e);
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/events", "signals.read",
     "New signals, tickets and the progress of imports, as server-sent events", .handle = listen_in,
     .gives = "events", .gives_as = "text/event-stream"},
};
const page page_events = {
    .name = "events", .title = "Events", .routes = routes, .routes_n = COUNT(routes)};
