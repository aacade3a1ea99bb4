/* api.h - what every page may use, and the handler that ties routes to the server. */
#ifndef API_API_H
#define API_API_H
#include <stdatomic.h>
#include "api/auth.h"
#include "api/page.h"
#include "store/tally.h"

/* Made by main, shared by all requests.  Handlers come to the data by a desk (ask.h). */
struct api {
    world *w;
    store
        *s; /* the tally follows it: nobody else reads or writes by it once the server runs; NULL in
              ** tests of pages that do not need one */
    tally *t;
    struct places *places; /* handles of the store, lent to requests */
    auth *auth;            /* who may; set by its opener; NULL: only public routes are served */
    http_server *http;     /* set once it is open */
    i64 started_ms;
    atomic_bool ready; /* the store is open, the tally has caught up; false again while draining */
    router *router;    /* of all pages[] */
    struct writer *writer; /* takes signals; these four are made by api_works_open */
    struct loader *loader; /* reads uploaded files */
    struct sender *sender; /* sends what leaves the house; NULL: nobody does */
    struct feed *feed;     /* tells what happens */
    /* Names people ask by, beside localhost and bare addresses: any other name in Host is refused, so that
    ** no page of another site reaches us by a name of its own (DNS rebinding). */
    const str *hosts;
    size_t hosts_n;
    bool any_host; /* ... unless this is set */
};

void api_init(api *x, world *w, store *s, tally *t);
void api_clear(api *x); /* after http_server_close */

/* Handles of the store that only read, for one thread at a time.  Requests take theirs by desk_sit. */
typedef struct places places;
places *places_open(void);
void places_close(places *p); /* all are back */
bool place_take(api *x, store **out, err *e) MUST_USE;
void place_give(api *x, store *s);

/* For http_options, with ctx = the api. */
bool api_handle(void *ctx, arena *a, http_request *r, err *e);
void api_terms(void *ctx, const http_request *r, http_terms *terms);
#endif
