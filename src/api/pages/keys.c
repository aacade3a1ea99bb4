/* keys.c - keys for programs: what they may, until when, used when. */
#include "api/ask.h"
#include "api/auth_int.h"

typedef struct {
    auth *u;
    store *s;
    void *recs;
    size_t recs_n;
    i64 id;
} keys_job;

static bool list_job(arena *a, void *ctx, err *e) {
    keys_job *k = ctx;
    return store_list(k->s, a, &noun_key, &(store_query){0}, &k->recs, &k->recs_n, e);
}

static bool delete_job(arena *a, void *ctx, err *e) {
    const keys_job *k = ctx;
    (void)a;
    return store_delete(k->s, &noun_key, k->id, e);
}

static bool list(api *x, arena *a, asked *v, err *e) {
    keys_job k = {.u = x->auth};
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!auth_locked(x->auth, a, list_job, &k, e)) return false;
    json_object(&j);
    json_key(&j, S("keys"));
    json_array(&j);
    for (size_t i = 0; i < k.recs_n; i++) noun_print(&j, &noun_key, (api_key *)k.recs + i);
    json_end_array(&j);
    json_end_object(&j);
    reply_json(v, 200, &b);
    return true;
}

/* Nobody hands out what they do not have themselves.  signals.write alone is free: a key that only
** sends is what most keys are. */
static bool own_rights(const who *w, str scopes, err *e) {
    str one;
    if (w->scoped)
        return fail(e, DENIED, "keys see every department: who sees one cannot make them");
    while (scopes.n) {
        if (!str_cut(scopes, ' ', &one, &scopes)) one = scopes, scopes = NO_STR;
        if (!one.n || !right_known(one) || who_may(w, one) || str_eq(one, S("signals.write")))
            continue;
        return fail(e, DENIED, "a key cannot have the right %.*s, which you do not have",
                    STR_ARG(one));
    }
    return true;
}

static bool add(api *x, arena *a, asked *v, err *e) {
    json *body;
    api_key rec;
    str made;
    buf b = {.a = a};
    json_out j = json_to(&b);
    noun_init(&noun_key, &rec);
    rec.hash = S("not made yet");
    if (!body_json(a, v, &body, e) || !noun_read(a, &noun_key, body, &rec, e) ||
        !own_rights(v->who, rec.scopes, e) || !key_save(x->auth, a, v->who->actor, &rec, &made, e))
        return false;
    json_object(&j);
    json_key(&j, S("key"));
    noun_print(&j, &noun_key, &rec);
    put_text(&j, "token", made);
    json_end_object(&j);
    reply_json(v, 201, &b);
    return true;
}

static bool drop(api *x, arena *a, asked *v, err *e) {
    keys_job k = {.u = x->auth};
    if (!id_read(v, &k.id, e) || !auth_change(x->auth, a, v->who->actor, delete_job, &k, e))
        return false;
    http_reply(v->http, 204, NO_STR, S(""));
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/keys", "keys.write", "Keys for programs", .handle = list,
     .gives = "keys"},
    {METHOD_POST, "/api/v1/keys", "keys.write", "Makes a key; its token is shown this once",
     .handle = add, .takes = "key_wish", .gives = "key_made", .status = "201",
     .body_max = LIMIT_AUTH_BODY_BYTES},
    {METHOD_DELETE, "/api/v1/keys/{id}", "keys.write", "Ends a key", .handle = drop},
};
const page page_keys = {
    .name = "keys", .title = "Keys", .routes = routes, .routes_n = COUNT(routes)};
