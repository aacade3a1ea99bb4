/* erasures.c - a person is erased, and the receipts of it, which do not say who it was. */
#include "api/ask.h"
#include "base/job.h"
#include "flow/person.h"

enum { ERASURES_SHOWN = 100 };

static void close_store(void *s) {
    store_close(s);
}

/* A handle of its own: wiping may take as long as copying the file, and nobody else waits for that. */
static bool erase(api *x, arena *a, asked *v, err *e) {
    json *body;
    store *s;
    erased r;
    err later;
    store_options o = {.w = x->w};
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!body_json(a, v, &body, e)) return false;
    const json *named = json_get(body, S("customer"));
    if (!named || named->kind != JSON_TEXT || !named->text.n)
        return fail(e, INVALID, "\"customer\" wants NAMESPACE:VALUE, a value or a uid");
    if (!store_open(store_url(x->s), &o, &s, e)) return false;
    arena_defer(a, close_store, s);
    store_actor(s, v->who->actor);
    if (!person_erase(s, x->t, a, named->text, NULL, 0, &r, &later, e)) return false;
    noun_print(&j, &noun_erasure, &r.receipt);
    reply_json(v, 200, &b);
    return true;
}

typedef struct {
    store *s;
    void *recs;
    size_t n;
} listing;

static bool list_job(arena *a, void *ctx, err *e) {
    listing *k = ctx;
    store_query q = {.newest_first = true, .limit = ERASURES_SHOWN};
    return store_list(k->s, a, &noun_erasure, &q, &k->recs, &k->n, e);
}

static bool list(api *x, arena *a, asked *v, err *e) {
    listing k;
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!place_take(x, &k.s, e)) return false;
    bool ok = job_run_in(a, list_job, &k, e);
    place_give(x, k.s);
    if (!ok) return false;
    json_object(&j);
    json_key(&j, S("erasures"));
    json_array(&j);
    for (size_t i = 0; i < k.n; i++) noun_print(&j, &noun_erasure, (erasure *)k.recs + i);
    json_end_array(&j);
    json_end_object(&j);
    reply_json(v, 200, &b);
    return true;
}

static const route routes[] = {
    {METHOD_POST, "/api/v1/erasures", "users.write",
     "Erases a person: every signal, word, insight, ticket and identity, and their bytes",
     .handle = erase, .takes = "erasure_wish", .gives = "erasure", .status = "200 404 409",
     .body_max = LIMIT_AUTH_BODY_BYTES},
    {METHOD_GET, "/api/v1/erasures", "audit.read",
     "Receipts of the last erasures; state wiping: `heed erase --finish` has still to go on",
     .handle = list, .gives = "erasures"},
};
const page page_erasures = {
    .name = "erasures", .title = "Erasures", .routes = routes, .routes_n = COUNT(routes)};
