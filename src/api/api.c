/* api.c - all pages behind one handler. */
#include "api/gate.h"
#include "api/status.h"

void api_init(api *x, world *w, store *s, tally *t) {
    *x = (api){.w = w,
               .s = s,
               .t = t,
               .started_ms = w->now_ms(w),
               .router = router_open(),
               .places = places_open(),
               .any_host = true};
    atomic_init(&x->ready, false);
    for (size_t i = 0; i < pages_n; i++)
        router_add(x->router, pages[i]->routes, pages[i]->routes_n);
}

void api_clear(api *x) {
    router_close(x->router);
    places_close(x->places);
    x->places = NULL;
    x->router = NULL;
}

/* ---- by which name ---- */

static bool is_address(str host) {
    bool v4 = host.n > 0, v6 = host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']';
    for (size_t i = 0; i < host.n; i++)
        v4 &= (host.p[i] >= '0' && host.p[i] <= '9') || host.p[i] == '.';
    return v4 || v6;
}

static bool is_local(str host) {
    static const char end[] = ".localhost";
    size_t n = sizeof end - 1;
    return str_eq_nocase(host, S("localhost")) ||
           (host.n > n && str_eq_nocase(str_from(host, host.n - n), str_of(end)));
}

static bool host_known(const api *x, str host) {
    size_t end = host.n;
    while (end > 0 && host.p[end - 1] >= '0' && host.p[end - 1] <= '9') end--;
    if (end > 1 && host.p[end - 1] == ':' && (host.p[0] != '[' || host.p[end - 2] == ']'))
        host = str_head(host, end - 1); /* without the port */
    if (str_ends(host, S("."))) host.n--;
    if (is_address(host) || is_local(host)) return true;
    for (size_t i = 0; i < x->hosts_n; i++)
        if (str_eq_nocase(host, x->hosts[i])) return true;
    return false;
}

/* No page of a browser reaches a unix socket by a name of its own: there the proxy decides. */
static bool right_host(const api *x, http_request *r) {
    if (x->any_host || r->local || host_known(x, r->host)) return true;
    status_problem(r, 421,
                   "this server does not answer for the name in Host; whoever runs it can add the "
                   "name: heed serve --host NAME");
    return false;
}

bool api_handle(void *ctx, arena *a, http_request *r, err *e) {
    api *x = ctx;
    gate_guards(r);
    return !right_host(x, r) || router_serve(x->router, x, a, r, e);
}

void api_terms(void *ctx, const http_request *r, http_terms *terms) {
    const api *x = ctx;
    router_terms(x->router, r, terms);
}
