/* health.c - is the process there, and may it be asked: for people, load balancers and systemd. */
#include "api/api.h"
#include "base/json.h"

static void put(arena *a, asked *v, int status, const char *state) {
    buf b = {.a = a};
    json_out j = json_to(&b);
    json_object(&j);
    json_key(&j, S("status"));
    json_text(&j, str_of(state));
    json_key(&j, S("version"));
    json_text(&j, S(HEED_VERSION));
    json_end_object(&j);
    http_add(v->http, "Cache-Control", S("no-store"));
    http_reply(v->http, status, S("application/json"), buf_view(&b));
}

/* The process turns; a restart would not help more. */
static bool live(api *x, arena *a, asked *v, err *e) {
    (void)x, (void)e;
    put(a, v, 200, "live");
    return true;
}

/* Questions can be answered: the store is open, the tally has caught up, no shutdown has begun. */
static bool ready(api *x, arena *a, asked *v, err *e) {
    (void)e;
    bool ok = atomic_load(&x->ready);
    put(a, v, ok ? 200 : 503, ok ? "ready" : "not ready");
    return true;
}

#define GIVES                                                                                      \
    "{\"type\":\"object\",\"required\":[\"status\",\"version\"],\"properties\":{"                  \
    "\"status\":{\"type\":\"string\"},\"version\":{\"type\":\"string\"}}}"

static const route routes[] = {
    {METHOD_GET, "/healthz", "public", "Ready to answer questions", .handle = ready, .gives = GIVES,
     .quick = true},
    {METHOD_GET, "/readyz", "public", "Ready to answer questions", .handle = ready, .gives = GIVES,
     .quick = true},
    {METHOD_GET, "/livez", "public", "The process is alive", .handle = live, .gives = GIVES,
     .quick = true},
};
const page page_health = {
    .name = "health", .title = "Health", .routes = routes, .routes_n = COUNT(routes)};
