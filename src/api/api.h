/* api.h - what every page may use, and the handler that ties routes to the server. */
#ifndef API_API_H
#define API_API_H
#include <stdatomic.h>
#include "api/auth.h"
#include "api/page.h"
#include "store/tally.h"

/* Made by main, shared by all requests.  The store's and the tally's handles are not for many threads:
** hold lock while using them, and never while waiting for a client. */
struct api {
    world *w;
    store *s; /* NULL in tests of pages that do not need one */
    tally *t;
    pthread_mutex_t lock;
    auth *auth;        /* who may; set by its opener; NULL: only public routes are served */
    http_server *http; /* set once it is open */
    i64 started_ms;
    atomic_bool ready; /* the store is open, the tally has caught up; false again while draining */
    router *router;    /* of all pages[] */
    struct writer *writer; /* takes signals; these three are made by api_works_open */
    struct loader *loader; /* reads uploaded files */
    struct feed *feed;     /* tells what happens */
};

void api_init(api *x, world *w, store *s, tally *t);
void api_clear(api *x); /* after http_server_close */

/* For http_options, with ctx = the api. */
bool api_handle(void *ctx, arena *a, http_request *r, err *e);
void api_terms(void *ctx, const http_request *r, http_terms *terms);
#endif
