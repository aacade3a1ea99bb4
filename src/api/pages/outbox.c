/* outbox.c - what left the house, what waits, and why; and once more. */
#include "api/ask.h"
#include "api/auth.h"
#include "api/cursor.h"
#include "api/works.h"
#include "flow/sender.h"

enum { OUTBOX_SHOWN = 50, SCAN = 1000 };

typedef struct {
    str state, place;
    i64 before;
    size_t limit, n;
    deed *page; /* limit + 1: the last one only tells that there is more */
} listing;

static bool wanted(const listing *l, const deed *d) {
    return d->endpoint.n && (!l->state.n || str_eq(d->state, l->state));
}

/* Newest first; a state may be far back, so it goes on until the page is full. */
static bool gather(store *s, arena *a, listing *l, err *e) {
    bool at_one = l->place.n > 0;
    store_query q = {.field = at_one ? "endpoint" : "action",
                     .text = at_one ? l->place : S("send"),
                     .newest_first = true,
                     .after_id = l->before,
                     .limit = SCAN};
    size_t n;
    void *recs;
    l->page = NEW_N(a, deed, l->limit + 1);
    do {
        if (!store_list(s, a, &noun_deed, &q, &recs, &n, e)) return false;
        const deed *d = recs;
        for (size_t i = 0; i < n && l->n <= l->limit; i++)
            if (wanted(l, &d[i])) l->page[l->n++] = d[i];
        if (n) q.after_id = d[n - 1].id;
    } while (n == SCAN && l->n <= l->limit);
    return true;
}

/* Messages speak of every department: whoever sees one only is shown none. */
static bool list(api *x, arena *a, asked *v, err *e) {
    desk *d;
    question ask;
    i64 unused;
    str cursor = params_get(&v->query, "cursor");
    listing l = {.state = params_get(&v->query, "state"),
                 .place = params_get(&v->query, "endpoint")};
    buf *b = reply_buf(a);
    json_out j = json_to(b);
    if (!question_read(a, v, OUTBOX_SHOWN, &ask, e) ||
        (cursor.n && !cursor_read(cursor, 'o', &unused, &l.before, e)) || !desk_sit(x, a, v, &d, e))
        return false;
    l.limit = (size_t)ask.limit;
    if (!v->who->scoped && !gather(d->s, a, &l, e)) return false;
    desk_leave(d);
    bool more = l.n > l.limit;
    l.n = MIN(l.n, l.limit);
    json_object(&j);
    json_key(&j, S("deeds"));
    json_array(&j);
    for (size_t i = 0; i < l.n; i++) noun_print(&j, &noun_deed, &l.page[i]);
    json_end_array(&j);
    put_text(&j, "next_cursor", more ? cursor_print(a, 'o', 0, l.page[l.n - 1].id) : NO_STR);
    json_end_object(&j);
    if (!reply_room(b, e)) return false;
    reply_json(v, 200, b);
    return true;
}

static bool again(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    deed rec;
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (v->who->scoped)
        return fail(e, DENIED, "the outbox holds every department's messages; you see one");
    if (!id_read(v, &id, e) || !desk_write(x, a, v, &d, e) ||
        !send_again(d->s, a, id, x->w->now_ms(x->w), e) ||
        !store_get(d->s, a, &noun_deed, id, &rec, e))
        return false;
    desk_leave(d);
    if (x->sender) sender_wake(x->sender);
    noun_print(&j, &noun_deed, &rec);
    reply_json(v, 200, &b);
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/outbox", "audit.read", "What left, what waits, and why", .handle = list,
     .query = "state endpoint cursor limit", .gives = "outbox"},
    {METHOD_POST, "/api/v1/outbox/{id}/again", "keys.write", "Sends it once more, with the same id",
     .handle = again, .gives = "deed", .status = "409"},
};
const page page_outbox = {
    .name = "outbox", .title = "Outbox", .routes = routes, .routes_n = COUNT(routes)};
