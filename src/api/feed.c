/* feed.c - listeners and what they are told; counts are gathered, so that a flood is a few events. */
#include "api/feed.h"
#include <stdatomic.h>
#include "base/json.h"

enum { FEED_EVERY_MS = 200, LOOK_EVERY_MS = 15000 };

typedef struct {
    http_events *stream;
    bool scoped;
    who_then then;
    u64 number; /* of the listener */
} listener;

struct feed {
    pthread_mutex_t lock;
    listener all[LIMIT_LISTENERS];
    size_t n;
    bool hushed;
    u64 listened;
    i64 added, told_ms;     /* since told_ms; the writer's thread only */
    i64 changes, looked_ms; /* of the rights, when they were last looked at; the same thread */
    atomic_bool tickets_changed, alerts_changed;
};

feed *feed_open(void) {
    feed *f = mem_new(1, sizeof *f);
    check(pthread_mutex_init(&f->lock, NULL) == 0);
    return f;
}

void feed_hush(feed *f) {
    pthread_mutex_lock(&f->lock);
    for (size_t i = 0; i < f->n; i++) http_events_close(f->all[i].stream);
    f->n = 0;
    f->hushed = true;
    pthread_mutex_unlock(&f->lock);
}

void feed_close(feed *f) {
    if (!f) return;
    feed_hush(f);
    pthread_mutex_destroy(&f->lock);
    free(f);
}

/* Those who left make room. */
static void sweep(feed *f) {
    size_t kept = 0;
    for (size_t i = 0; i < f->n; i++) {
        if (http_events_alive(f->all[i].stream))
            f->all[kept++] = f->all[i];
        else
            http_events_close(f->all[i].stream);
    }
    f->n = kept;
}

bool feed_listen(feed *f, http_request *r, const who *w, err *e) {
    pthread_mutex_lock(&f->lock);
    sweep(f);
    bool room = f->n < LIMIT_LISTENERS && !f->hushed;
    if (room)
        f->all[f->n++] = (listener){http_events_open(r), w->scoped, auth_then(w), ++f->listened};
    pthread_mutex_unlock(&f->lock);
    if (room) return true;
    return fail(e, BUSY, "%d browsers listen already, or the server is stopping", LIMIT_LISTENERS);
}

static void push(feed *f, const char *event, str all, str scoped) {
    pthread_mutex_lock(&f->lock);
    bool left = false;
    for (size_t i = 0; i < f->n; i++) {
        str data = f->all[i].scoped ? scoped : all;
        left |= data.p && !http_events_push(f->all[i].stream, str_of(event), NO_STR, data);
    }
    if (left) sweep(f);
    pthread_mutex_unlock(&f->lock);
}

/* Who listens goes on only as long as they may: asked of a copy, so that the store is not waited for
** under the lock. */
static void send_away(feed *f, u64 number) {
    pthread_mutex_lock(&f->lock);
    for (size_t i = 0; i < f->n; i++) {
        if (f->all[i].number != number) continue;
        http_events_close(f->all[i].stream);
        f->all[i] = f->all[--f->n];
        break;
    }
    pthread_mutex_unlock(&f->lock);
}

static bool nth(feed *f, u64 above, listener *out) {
    const listener *best = NULL;
    pthread_mutex_lock(&f->lock);
    for (size_t i = 0; i < f->n; i++)
        if (f->all[i].number > above && (!best || f->all[i].number < best->number))
            best = &f->all[i];
    if (best) *out = *best;
    pthread_mutex_unlock(&f->lock);
    return best != NULL;
}

static void look_at_rights(api *x, feed *f, i64 now) {
    listener l;
    i64 changes = x->auth ? auth_changes(x->auth) : 0;
    bool due = changes != f->changes || now - f->looked_ms >= LOOK_EVERY_MS || now < f->looked_ms;
    if (!x->auth || !due) return;
    f->changes = changes;
    f->looked_ms = now;
    for (u64 at = 0; nth(f, at, &l); at = l.number) {
        err e;
        bool still = true;
        if (auth_still(x->auth, &l.then, S("signals.read"), &still, &e) && !still)
            send_away(f, l.number);
    }
}

static bool anybody(feed *f) {
    pthread_mutex_lock(&f->lock);
    bool yes = f->n > 0;
    pthread_mutex_unlock(&f->lock);
    return yes;
}

static void tell_signals(api *x, feed *f) {
    char z[100];
    i64 total = tally_rows_total(x->t);
    snprintf(z, sizeof z, "{\"added\":%" PRId64 ",\"total\":%" PRId64 "}", f->added, total);
    push(f, "signals", str_of(z), S("{\"added\":null,\"total\":null}"));
}

static void tell_tickets(api *x, feed *f) {
    char z[60];
    err e;
    i64 open = 0;
    store_query q = {.field = "state", .text = S("open")};
    store *s;
    if (!place_take(x, &s, &e)) return;
    bool ok = store_count(s, &noun_ticket, &q, &open, &e);
    place_give(x, s);
    if (!ok) return; /* the next question will tell why */
    snprintf(z, sizeof z, "{\"open\":%" PRId64 "}", open);
    push(f, "tickets", str_of(z), S("{\"open\":null}"));
}

static void tell_alerts(api *x, feed *f) {
    char z[60];
    err e;
    i64 open = 0;
    store_query q = {.field = "state", .text = S("open")};
    store *s;
    if (!place_take(x, &s, &e)) return;
    bool ok = store_count(s, &noun_alert, &q, &open, &e);
    place_give(x, s);
    if (!ok) return; /* the next question will tell why */
    snprintf(z, sizeof z, "{\"open\":%" PRId64 "}", open);
    push(f, "alerts", str_of(z), S("{\"open\":null}"));
}

void feed_beat(void *ctx, const flow_counts *since) {
    api *x = ctx;
    feed *f = x->feed;
    i64 now = x->w->now_ms(x->w);
    look_at_rights(x, f, now);
    f->added += since->added;
    if (since->deeds) atomic_store(&f->tickets_changed, true);
    if (now - f->told_ms < FEED_EVERY_MS && now >= f->told_ms) return;
    bool tickets = atomic_exchange(&f->tickets_changed, false), listened = anybody(f);
    bool alerts = atomic_exchange(&f->alerts_changed, false);
    if (f->added && listened) tell_signals(x, f);
    if (tickets && listened) tell_tickets(x, f);
    if (alerts && listened) tell_alerts(x, f);
    if (f->added || tickets || alerts) f->told_ms = now;
    f->added = 0;
}

void feed_tickets(api *x) {
    if (x->feed) atomic_store(&x->feed->tickets_changed, true);
}

void feed_alerts(void *ctx) {
    api *x = ctx;
    if (x->feed) atomic_store(&x->feed->alerts_changed, true);
}

void feed_import(api *x, str document) {
    push(x->feed, "import", document, NO_STR);
}
