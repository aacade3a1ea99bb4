/* casework.c - what cases are worked with: calendars of working hours, playbooks, saved views. */
#include "act/calendar.h"
#include "api/ask.h"
#include "api/auth.h"

typedef struct {
    const noun *n;
    const char *list; /* the member of the answer */
    bool (*whole)(const void *rec, err *e);
} shelf;

typedef union {
    calendar_row c;
    playbook p;
    saved_view v;
} any_row;

static bool calendar_whole(const void *rec, err *e) {
    return calendar_check(rec, e);
}

static bool playbook_whole(const void *rec, err *e) {
    const playbook *p = rec;
    return noun_check(&noun_playbook, p, e) &&
           (str_trim(p->steps).n || fail(e, INVALID, "steps: there is none"));
}

static bool view_whole(const void *rec, err *e) {
    const saved_view *v = rec;
    const expr *x;
    err inner;
    if (!noun_check(&noun_saved_view, v, e)) return false;
    arena *a = arena_open(LIMIT_JOB_BYTES);
    bool ok = expr_parse(a, v->condition, 0, &x, &inner);
    arena_close(a);
    return ok || fail(e, INVALID, "condition: %s", inner.msg);
}

static const shelf calendars = {&noun_calendar, "calendars", calendar_whole};
static const shelf playbooks = {&noun_playbook, "playbooks", playbook_whole};
static const shelf views = {&noun_saved_view, "views", view_whole};

/* A view is its owner's, and everybody's when it is shared. */
static bool sees(const who *w, const shelf *k, const void *rec) {
    const saved_view *v = rec;
    return k->n != &noun_saved_view || v->shared || (w->kind == WHO_USER && v->owner_id == w->id);
}

static bool owns(const who *w, const shelf *k, const void *rec, err *e) {
    const saved_view *v = rec;
    if (k->n != &noun_saved_view || (w->kind == WHO_USER && v->owner_id == w->id)) return true;
    return fail(e, CONFLICT, "view %" PRId64 " is somebody else's; save one of your own", v->id);
}

static bool list(api *x, arena *a, asked *v, const shelf *k, err *e) {
    desk *d;
    void *recs;
    size_t n;
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!desk_sit(x, a, v, &d, e) || !store_list(d->s, a, k->n, &(store_query){0}, &recs, &n, e))
        return false;
    desk_leave(d);
    json_object(&j);
    json_key(&j, str_of(k->list));
    json_array(&j);
    for (size_t i = 0; i < n; i++) {
        const void *rec = (const char *)recs + i * k->n->size;
        if (sees(v->who, k, rec)) noun_print(&j, k->n, rec);
    }
    json_end_array(&j);
    json_end_object(&j);
    reply_json(v, 200, &b);
    return true;
}

static bool put(asked *v, arena *a, desk *d, const shelf *k, any_row *r, int status, err *e) {
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!k->whole(r, e) || !store_put(d->s, k->n, r, e)) return false;
    desk_leave(d);
    noun_print(&j, k->n, r);
    reply_noun(a, v, status, &b);
    return true;
}

static bool add(api *x, arena *a, asked *v, const shelf *k, err *e) {
    desk *d;
    json *body;
    any_row r;
    noun_init(k->n, &r);
    if (!body_json(a, v, &body, e) || !noun_read(a, k->n, body, &r, e)) return false;
    if (k->n == &noun_saved_view) {
        if (v->who->kind != WHO_USER)
            return fail(e, CONFLICT, "a view belongs to a person; a key has none");
        r.v.owner_id = v->who->id;
    }
    return desk_write(x, a, v, &d, e) && put(v, a, d, k, &r, 201, e);
}

static bool find(desk *d, arena *a, asked *v, const shelf *k, any_row *r, err *e) {
    i64 id;
    if (!id_read(v, &id, e) || !store_get(d->s, a, k->n, id, r, e)) return false;
    if (!sees(v->who, k, r)) return fail(e, NOT_FOUND, "there is no view %" PRId64, id);
    return owns(v->who, k, r, e);
}

static bool change(api *x, arena *a, asked *v, const shelf *k, err *e) {
    desk *d;
    json *body;
    any_row r;
    buf before = {.a = a};
    json_out j = json_to(&before);
    if (!body_json(a, v, &body, e) || !desk_write(x, a, v, &d, e) || !find(d, a, v, k, &r, e))
        return false;
    noun_print(&j, k->n, &r);
    if (!match_noun(a, v, &before)) return true;
    return noun_read(a, k->n, body, &r, e) && put(v, a, d, k, &r, 200, e);
}

static bool drop(api *x, arena *a, asked *v, const shelf *k, err *e) {
    desk *d;
    any_row r;
    i64 id = 0;
    if (!desk_write(x, a, v, &d, e) || !find(d, a, v, k, &r, e) || !id_read(v, &id, e) ||
        !store_delete(d->s, k->n, id, e))
        return false;
    desk_leave(d);
    http_reply(v->http, 204, NO_STR, S(""));
    return true;
}

#define SHELF(which)                                                                               \
    static bool list_##which(api *x, arena *a, asked *v, err *e) {                                 \
        return list(x, a, v, &which, e);                                                           \
    }                                                                                              \
    static bool add_##which(api *x, arena *a, asked *v, err *e) {                                  \
        return add(x, a, v, &which, e);                                                            \
    }                                                                                              \
    static bool change_##which(api *x, arena *a, asked *v, err *e) {                               \
        return change(x, a, v, &which, e);                                                         \
    }                                                                                              \
    static bool drop_##which(api *x, arena *a, asked *v, err *e) {                                 \
        return drop(x, a, v, &which, e);                                                           \
    }
SHELF(calendars)
SHELF(playbooks)
SHELF(views)

static const route routes[] = {
    {METHOD_GET, "/api/v1/calendars", "tickets.read", "Calendars of working hours",
     .handle = list_calendars, .gives = "calendars"},
    {METHOD_POST, "/api/v1/calendars", "rules.write", "Adds a calendar", .handle = add_calendars,
     .takes = "calendar_wish", .gives = "calendar", .status = "201 409"},
    {METHOD_PATCH, "/api/v1/calendars/{id}", "rules.write", "Changes a calendar",
     .handle = change_calendars, .takes = "calendar_change", .gives = "calendar",
     .status = "200 409 412"},
    {METHOD_DELETE, "/api/v1/calendars/{id}", "rules.write", "Deletes a calendar",
     .handle = drop_calendars},
    {METHOD_GET, "/api/v1/playbooks", "tickets.read", "Playbooks: the steps of cases",
     .handle = list_playbooks, .gives = "playbooks"},
    {METHOD_POST, "/api/v1/playbooks", "rules.write", "Adds a playbook", .handle = add_playbooks,
     .takes = "playbook_wish", .gives = "playbook", .status = "201 409"},
    {METHOD_PATCH, "/api/v1/playbooks/{id}", "rules.write",
     "Changes a playbook; cases that have its steps keep them", .handle = change_playbooks,
     .takes = "playbook_change", .gives = "playbook", .status = "200 409 412"},
    {METHOD_DELETE, "/api/v1/playbooks/{id}", "rules.write", "Deletes a playbook",
     .handle = drop_playbooks},
    {METHOD_GET, "/api/v1/views", "tickets.read", "Saved views of tickets: one's own and shared",
     .handle = list_views, .gives = "views"},
    {METHOD_POST, "/api/v1/views", "tickets.read", "Saves a view", .handle = add_views,
     .takes = "view_wish", .gives = "view", .status = "201 409"},
    {METHOD_PATCH, "/api/v1/views/{id}", "tickets.read", "Changes one's view",
     .handle = change_views, .takes = "view_change", .gives = "view", .status = "200 409 412"},
    {METHOD_DELETE, "/api/v1/views/{id}", "tickets.read", "Deletes one's view",
     .handle = drop_views},
};
const page page_casework = {
    .name = "casework", .title = "Working on cases", .routes = routes, .routes_n = COUNT(routes)};
