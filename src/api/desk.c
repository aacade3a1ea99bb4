/* desk.c - places at the data: reading handles that are lent and given back, and one that writes. */
#include "api/ask.h"
#include "api/auth.h"

enum { PLACES_MAX = 256 }; /* no more workers than that */

struct places {
    pthread_mutex_t lock; /* of idle and n */
    store *idle[PLACES_MAX];
    size_t n;
    pthread_mutex_t pen; /* of writer */
    store *writer;
};

places *places_open(void) {
    places *p = mem_new(1, sizeof *p);
    check(pthread_mutex_init(&p->lock, NULL) == 0 && pthread_mutex_init(&p->pen, NULL) == 0);
    return p;
}

void places_close(places *p) {
    if (!p) return;
    for (size_t i = 0; i < p->n; i++) store_close(p->idle[i]);
    store_close(p->writer);
    pthread_mutex_destroy(&p->lock);
    pthread_mutex_destroy(&p->pen);
    free(p);
}

bool place_take(api *x, store **out, err *e) {
    places *p = x->places;
    store_options o = {.w = x->w, .read_only = true};
    store *s = NULL;
    pthread_mutex_lock(&p->lock);
    if (p->n) s = p->idle[--p->n];
    pthread_mutex_unlock(&p->lock);
    if (!s && !store_open(store_url(x->s), &o, &s, e)) return false;
    *out = s;
    return true;
}

void place_give(api *x, store *s) {
    places *p = x->places;
    pthread_mutex_lock(&p->lock);
    bool room = p->n < PLACES_MAX;
    if (room) p->idle[p->n++] = s;
    pthread_mutex_unlock(&p->lock);
    if (!room) store_close(s);
}

static void leave(void *arg) {
    desk_leave(arg);
}

static desk *new_desk(api *x, arena *a, const asked *v) {
    desk *d = NEW(a, desk);
    check(x->s && x->t && v->who);
    *d = (desk){.x = x, .t = x->t};
    arena_defer(a, leave, d);
    return d;
}

bool desk_sit(api *x, arena *a, const asked *v, desk **out, err *e) {
    desk *d = new_desk(x, a, v);
    if (!place_take(x, &d->s, e)) return false;
    d->sits = true;
    *out = d;
    return true;
}

bool desk_write(api *x, arena *a, const asked *v, desk **out, err *e) {
    places *p = x->places;
    store_options o = {.w = x->w};
    desk *d = new_desk(x, a, v);
    check(pthread_mutex_lock(&p->pen) == 0);
    if (!p->writer && !store_open(store_url(x->s), &o, &p->writer, e)) {
        pthread_mutex_unlock(&p->pen);
        return false;
    }
    d->s = p->writer;
    d->sits = d->writes = true;
    store_actor(d->s, v->who->actor);
    *out = d;
    return true;
}

/* A transaction that a handler left open goes with it. */
void desk_leave(desk *d) {
    if (!d->sits) return;
    d->sits = false;
    if (!d->writes) {
        place_give(d->x, d->s);
        return;
    }
    store_rollback(d->s);
    check(pthread_mutex_unlock(&d->x->places->pen) == 0);
}
