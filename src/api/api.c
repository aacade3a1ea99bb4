/* api.c - all pages behind one handler. */
#include "api/gate.h"

void api_init(api *x, world *w, store *s, tally *t) {
    *x = (api){.w = w,
               .s = s,
               .t = t,
               .started_ms = w->now_ms(w),
               .router = router_open(),
               .places = places_open()};
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

bool api_handle(void *ctx, arena *a, http_request *r, err *e) {
    api *x = ctx;
    gate_guards(r);
    return router_serve(x->router, x, a, r, e);
}

void api_terms(void *ctx, const http_request *r, http_terms *terms) {
    const api *x = ctx;
    router_terms(x->router, r, terms);
}
