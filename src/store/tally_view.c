/* tally_view.c - views: many questions at once, each of one state, while one thread goes on writing.
** A view is numbered and counted; what a writer replaces is buried with the number of the newest view
** that can know it, and freed when no view up to that number is held. */
#include "base/job.h"
#include "store/tally_words.h"

struct grave {
    pthread_mutex_t lock;
    tally *oldest, *newest; /* views in order; the newest is what the next question gets */
    u64 seq;
    buried *dead;
    size_t dead_n, dead_cap;
};

grave *grave_open(void) {
    grave *g = mem_new(1, sizeof *g);
    check(pthread_mutex_init(&g->lock, NULL) == 0);
    return g;
}

static void view_free(tally *v) {
    free(v->columns);
    free(v->segments);
    free(v->words.runs);
    free(v);
}

/* Takes out views that nobody holds, and what no remaining view knows, to be freed without the lock. */
static tally *collect(grave *g, buried **dead_out, size_t *n_out) {
    tally *gone = NULL, **at = &g->oldest;
    while (*at != g->newest) {
        tally *v = *at;
        if (v->holders) {
            at = &v->newer;
            continue;
        }
        *at = v->newer;
        v->newer = gone;
        gone = v;
    }
    u64 held = g->oldest ? g->oldest->seq : UINT64_MAX;
    size_t n = 0;
    while (n < g->dead_n && g->dead[n].seq < held) n++; /* buried in order of their numbers */
    *dead_out = NULL;
    *n_out = n;
    if (!n) return gone;
    *dead_out = mem_new(n, sizeof **dead_out);
    memcpy(*dead_out, g->dead, n * sizeof *g->dead);
    g->dead_n -= n;
    memmove(g->dead, g->dead + n, g->dead_n * sizeof *g->dead);
    return gone;
}

static void drop_all(tally *gone, buried *dead, size_t n) {
    for (tally *v = gone, *next; v; v = next) {
        next = v->newer;
        view_free(v);
    }
    for (size_t i = 0; i < n; i++) dead[i].drop(dead[i].p);
    free(dead);
}

void grave_put(grave *g, void *p, void (*drop)(void *)) {
    if (!p) return;
    if (!g) {
        drop(p);
        return;
    }
    pthread_mutex_lock(&g->lock);
    bool known = g->newest != NULL;
    if (known) {
        if (g->dead_n == g->dead_cap) {
            g->dead_cap = MAX((size_t)64, g->dead_cap * 2);
            g->dead = mem_grow(g->dead, g->dead_cap, sizeof *g->dead);
        }
        g->dead[g->dead_n++] = (buried){p, drop, g->newest->seq};
    }
    pthread_mutex_unlock(&g->lock);
    if (!known) drop(p);
}

void grave_close(grave *g) {
    size_t n;
    buried *dead;
    if (g->newest) check(g->newest->holders == 0);
    g->newest = NULL;
    tally *gone = collect(g, &dead, &n);
    check(!g->oldest && !g->dead_n); /* a question outlived its mirror */
    drop_all(gone, dead, n);
    free(g->dead);
    pthread_mutex_destroy(&g->lock);
    free(g);
}

/* ---- holding ---- */

tally *view_take(const tally *t) {
    check(!t->live);
    pthread_mutex_lock(&t->grave->lock);
    tally *v = t->grave->newest;
    v->holders++;
    pthread_mutex_unlock(&t->grave->lock);
    return v;
}

void view_give(tally *v) {
    grave *g = v->live->grave;
    size_t n;
    buried *dead;
    pthread_mutex_lock(&g->lock);
    check(v->holders > 0);
    v->holders--;
    tally *gone = collect(g, &dead, &n);
    pthread_mutex_unlock(&g->lock);
    drop_all(gone, dead, n);
}

/* ---- making one ---- */

static void *copied(const void *p, size_t n, size_t size) {
    void *q = mem_new(n, size);
    if (n) memcpy(q, p, n * size);
    return q;
}

void view_publish(tally *t) {
    tally *v = mem_new(1, sizeof *v);
    grave *g = t->grave;
    size_t n;
    buried *dead;
    pieces_grow(t);
    v->from = t->from;
    v->last_id = t->last_id;
    v->live = t;
    v->era = t->era;
    v->words = t->words;
    v->words.runs = copied(t->words.runs, t->words.runs_n, sizeof *t->words.runs);
    v->columns_n = t->columns_n;
    v->columns = copied(t->columns, t->columns_n, sizeof *t->columns);
    v->names = t->names;
    v->names_n = t->names_n;
    t->names_shared = t->columns_n;
    v->segments_n = t->segments_n + t->pieces_n;
    v->segments = mem_new(v->segments_n, sizeof *v->segments);
    if (t->segments_n) memcpy(v->segments, t->segments, t->segments_n * sizeof *t->segments);
    if (t->pieces_n)
        memcpy(v->segments + t->segments_n, t->pieces, t->pieces_n * sizeof *t->pieces);
    pthread_mutex_lock(&g->lock);
    v->seq = ++g->seq;
    if (g->newest)
        g->newest->newer = v;
    else
        g->oldest = v;
    g->newest = v;
    tally *gone = collect(g, &dead, &n);
    pthread_mutex_unlock(&g->lock);
    drop_all(gone, dead, n);
}

static void segment_end(void *p) {
    segment_drop(p);
    free(p);
}

void segment_bury(tally *t, segment *g) {
    if (!g->head) return;
    grave_put(t->grave, copied(g, 1, sizeof *g), segment_end);
    *g = (segment){0};
}

/* ---- asking ---- */

typedef struct {
    tally *v;
    view_job *job;
    void *ctx;
} viewing;

static bool run(arena *a, void *ctx, err *e) {
    viewing *k = ctx;
    return k->job(k->v, a, k->ctx, e);
}

static bool ask_once(tally *t, arena *a, view_job *job, void *ctx, err *e) {
    viewing k = {view_take(t), job, ctx};
    bool ok = job_run_in(a, run, &k, e);
    view_give(k.v);
    return ok;
}

bool view_ask(tally *t, arena *a, view_job *job, void *ctx, err *e) {
    err why = {.code = CORRUPT, .msg = "a segment was damaged"};
    if (!__atomic_load_n(&t->broken, __ATOMIC_RELAXED)) {
        if (ask_once(t, a, job, ctx, e)) return true;
        if (e->code != CORRUPT) return false;
        why = *e;
    }
    return tally_mend(t, &why, e) && ask_once(t, a, job, ctx, e);
}
