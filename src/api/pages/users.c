/* users.c - people and the departments they belong to. */
#include "api/ask.h"
#include "api/auth_int.h"

typedef struct {
    auth *u;
    store *s;
    const noun *n;
    void *recs;
    size_t recs_n;
    i64 id;
    void *rec; /* of id */
} reading;

static bool list_job(arena *a, void *ctx, err *e) {
    reading *r = ctx;
    return store_list(r->s, a, r->n, &(store_query){0}, &r->recs, &r->recs_n, e);
}

static bool get_job(arena *a, void *ctx, err *e) {
    reading *r = ctx;
    return store_get(r->s, a, r->n, r->id, r->rec, e);
}

static bool read_one(api *x, arena *a, asked *v, const noun *n, void *rec, err *e) {
    reading r = {.u = x->auth, .n = n, .rec = rec};
    return id_read(v, &r.id, e) && auth_locked(x->auth, a, get_job, &r, e);
}

static buf *document(arena *a, const noun *n, const void *rec) {
    buf *b = NEW(a, buf);
    b->a = a;
    json_out j = json_to(b);
    noun_print(&j, n, rec);
    return b;
}

static bool put_list(api *x, arena *a, asked *v, const noun *n, const char *key, err *e) {
    reading r = {.u = x->auth, .n = n};
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!auth_locked(x->auth, a, list_job, &r, e)) return false;
    json_object(&j);
    json_key(&j, str_of(key));
    json_array(&j);
    for (size_t i = 0; i < r.recs_n; i++) noun_print(&j, n, (char *)r.recs + i * n->size);
    json_end_array(&j);
    json_end_object(&j);
    reply_json(v, 200, &b);
    return true;
}

/* ---- users ---- */

static bool users(api *x, arena *a, asked *v, err *e) {
    return put_list(x, a, v, &noun_user, "users", e);
}

static bool one_user(api *x, arena *a, asked *v, err *e) {
    user rec;
    if (!read_one(x, a, v, &noun_user, &rec, e)) return false;
    reply_noun(a, v, 200, document(a, &noun_user, &rec));
    return true;
}

static bool save_user(api *x, arena *a, asked *v, json *body, user *rec, int status, err *e) {
    str password = json_take_text(body, S("password"));
    if (!noun_read(a, &noun_user, body, rec, e)) return false;
    if (!rec->id && !password.p)
        return fail(e, INVALID,
                    "user: \"password\" is required; they can change it after signing in");
    if (str_eq(rec->role, S("frontline")) && rec->department_id == NONE)
        return fail(
            e, INVALID,
            "user: \"department_id\" is required for frontline, who see their department only");
    if (!user_save(x->auth, a, v->who->actor, rec, password, e)) return false;
    if (password.p && !auth_note(x->auth, a, v->who, S("password"), S("user"), rec->id, NO_STR, e))
        return false;
    reply_noun(a, v, status, document(a, &noun_user, rec));
    return true;
}

static bool add_user(api *x, arena *a, asked *v, err *e) {
    json *body;
    user rec;
    noun_init(&noun_user, &rec);
    rec.enabled = 1;
    return body_json(a, v, &body, e) && save_user(x, a, v, body, &rec, 201, e);
}

/* The desk is held from reading to writing: of two who change one version one is told. */
static bool change_user(api *x, arena *a, asked *v, err *e) {
    desk *d;
    json *body;
    user rec;
    if (!body_json(a, v, &body, e) || !desk_write(x, a, v, &d, e) ||
        !read_one(x, a, v, &noun_user, &rec, e))
        return false;
    if (!match_noun(a, v, document(a, &noun_user, &rec))) return true;
    return save_user(x, a, v, body, &rec, 200, e);
}

typedef struct {
    auth *u;
    store *s;
    const who *w;
    i64 id;
} reset;

static bool reset_job(arena *a, void *ctx, err *e) {
    const reset *r = ctx;
    store *s = r->s;
    store_query q = {.field = "user_id", .num = r->id};
    void *recs;
    size_t n;
    if (!store_list(s, a, &noun_totp, &q, &recs, &n, e)) return false;
    if (!n) return fail(e, NOT_FOUND, "this user has no second factor");
    return store_delete(s, &noun_totp, ((totp *)recs)->id, e) &&
           audit_put(s, a, r->u->w->now_ms(r->u->w), r->w->actor, S("second factor off"), S("user"),
                     r->id, NO_STR, e);
}

static bool reset_factor(api *x, arena *a, asked *v, err *e) {
    reset r = {.u = x->auth, .w = v->who};
    if (!id_read(v, &r.id, e) || !auth_change(x->auth, a, v->who->actor, reset_job, &r, e))
        return false;
    http_reply(v->http, 204, NO_STR, S(""));
    return true;
}

static bool roles(api *x, arena *a, asked *v, err *e) {
    return put_list(x, a, v, &noun_role, "roles", e);
}

/* ---- departments ---- */

typedef struct {
    auth *u;
    store *s;
    department *rec;
} saving;

static bool save_job(arena *a, void *ctx, err *e) {
    const saving *s = ctx;
    (void)a;
    if (s->rec->id && s->rec->parent_id == s->rec->id)
        return fail(e, INVALID, "department: it cannot stand under itself");
    return store_put(s->s, &noun_department, s->rec, e);
}

static bool save_department(api *x, arena *a, asked *v, json *body, department *rec, int status,
                            err *e) {
    saving s = {x->auth, NULL, rec};
    if (!noun_read(a, &noun_department, body, rec, e) ||
        !auth_change(x->auth, a, v->who->actor, save_job, &s, e))
        return false;
    reply_noun(a, v, status, document(a, &noun_department, rec));
    return true;
}

static bool add_department(api *x, arena *a, asked *v, err *e) {
    json *body;
    department rec;
    noun_init(&noun_department, &rec);
    return body_json(a, v, &body, e) && save_department(x, a, v, body, &rec, 201, e);
}

static bool change_department(api *x, arena *a, asked *v, err *e) {
    desk *d;
    json *body;
    department rec;
    if (!body_json(a, v, &body, e) || !desk_write(x, a, v, &d, e) ||
        !read_one(x, a, v, &noun_department, &rec, e))
        return false;
    if (!match_noun(a, v, document(a, &noun_department, &rec))) return true;
    return save_department(x, a, v, body, &rec, 200, e);
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/users", "users.write", "People who may sign in", .handle = users,
     .gives = "users"},
    {METHOD_POST, "/api/v1/users", "users.write", "Adds a user", .handle = add_user,
     .takes = "user_wish", .gives = "user", .status = "201 409", .body_max = LIMIT_AUTH_BODY_BYTES},
    {METHOD_GET, "/api/v1/users/{id}", "users.write", "One user", .handle = one_user,
     .gives = "user", .status = "200 304"},
    {METHOD_PATCH, "/api/v1/users/{id}", "users.write",
     "Changes a user; a new password or enabled false ends their sessions", .handle = change_user,
     .takes = "user_change", .gives = "user", .status = "200 409 412",
     .body_max = LIMIT_AUTH_BODY_BYTES},
    {METHOD_DELETE, "/api/v1/users/{id}/totp", "users.write",
     "Switches a user's second factor off: the telephone is lost", .handle = reset_factor},
    {METHOD_GET, "/api/v1/roles", "users.write", "Roles and their rights", .handle = roles,
     .gives = "roles"},
    {METHOD_POST, "/api/v1/departments", "users.write", "Adds a department",
     .handle = add_department, .takes = "department_wish", .gives = "department",
     .status = "201 409", .body_max = LIMIT_AUTH_BODY_BYTES},
    {METHOD_PATCH, "/api/v1/departments/{id}", "users.write", "Changes a department",
     .handle = change_department, .takes = "department_change", .gives = "department",
     .status = "200 409 412", .body_max = LIMIT_AUTH_BODY_BYTES},
};
const page page_users = {
    .name = "users", .title = "People", .routes = routes, .routes_n = COUNT(routes)};
