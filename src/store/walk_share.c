/* walk_share.c - one question by several threads: each takes the next stretch of cases that nobody has
** and counts it into a part of its own; the parts are joined when all are done. */
#include "base/job.h"
#include "store/walk_cursor.h"

enum {
    STRETCHES = 16, /* per thread: who is slow leaves more to the others */
};

typedef struct {
    const walk_work *work;
    u32 *bounds; /* codes of cases; stretch i is [bounds[i], bounds[i + 1]) */
    u32 stretches, next;
    bool failed; /* the others stop */
} shared;

typedef struct {
    shared *all;
    walking *w;
    void *part;
    arena *a;
    pthread_t thread;
    bool started, ok;
    err e;
} hand;

static bool work_on(arena *a, void *ctx, err *e) {
    hand *h = ctx;
    shared *x = h->all;
    (void)a;
    while (!__atomic_load_n(&x->failed, __ATOMIC_RELAXED)) {
        u32 i = __atomic_fetch_add(&x->next, 1, __ATOMIC_RELAXED);
        if (i >= x->stretches) break;
        if (!walk_range(h->w, x->bounds[i], x->bounds[i + 1], x->work->visit, h->part, e))
            return false;
    }
    return true;
}

static void *hand_main(void *ctx) {
    hand *h = ctx;
    h->ok = job_run_in(h->a, work_on, h, &h->e);
    if (!h->ok) __atomic_store_n(&h->all->failed, true, __ATOMIC_RELAXED);
    return NULL;
}

typedef struct {
    walking *w;
    shared all;
    void *ctx;
    hand h[LIMIT_TALLY_THREADS];
    u32 n;
} round_of;

/* A cursor and a part of its own. */
static bool hand_open(arena *a, void *ctx, err *e) {
    round_of *r = ctx;
    hand *h = &r->h[r->n];
    (void)e;
    h->w = NEW(a, walking);
    *h->w = *r->w;
    h->w->a = a;
    h->w->cost = (walk_cost){0};
    h->w->failed = &r->all.failed;
    walk_sources(h->w);
    h->part = r->all.work->open(a, r->ctx);
    return true;
}

static bool hands_open(round_of *r, u32 want, err *e) {
    for (r->n = 1; r->n < want; r->n++) {
        hand *h = &r->h[r->n];
        *h = (hand){.all = &r->all, .a = arena_open(LIMIT_JOB_BYTES)};
        if (!job_run_in(h->a, hand_open, r, e)) {
            arena_close(h->a);
            return false;
        }
    }
    return true;
}

/* What a thread failed with is told, unless it only stopped because another had failed. */
static bool hands_wait(round_of *r, bool ok, err *e) {
    if (!ok) __atomic_store_n(&r->all.failed, true, __ATOMIC_RELAXED);
    for (u32 i = 1; i < r->n; i++)
        if (r->h[i].started) check(pthread_join(r->h[i].thread, NULL) == 0);
    for (u32 i = 1; i < r->n; i++) {
        hand *h = &r->h[i];
        if (!h->started || h->ok) continue;
        if (ok || (e->code == BUSY && h->e.code != BUSY)) *e = h->e;
        ok = false;
    }
    return ok;
}

static bool hands_join(arena *a, void *ctx, err *e) {
    round_of *r = ctx;
    (void)a;
    for (u32 i = 1; i < r->n; i++) {
        hand *h = &r->h[i];
        if (!h->started) continue;
        if (!r->all.work->join(r->ctx, h->part, e)) return false;
        r->w->cost.cases += h->w->cost.cases;
        r->w->cost.events += h->w->cost.events;
    }
    return true;
}

static bool run_hands(round_of *r, u32 want, err *e) {
    bool ok = hands_open(r, want, e);
    if (ok) {
        for (u32 i = 1; i < r->n; i++)
            r->h[i].started = pthread_create(&r->h[i].thread, NULL, hand_main, &r->h[i]) == 0;
        r->h[0] = (hand){.all = &r->all, .w = r->w, .part = r->ctx};
        ok = hands_wait(r, job_run_in(r->w->a, work_on, &r->h[0], e), e) &&
             job_run_in(r->w->a, hands_join, r, e);
    }
    for (u32 i = 1; i < r->n; i++) arena_close(r->h[i].a);
    return ok;
}

/* Bounds where the largest run has as many events in each stretch. */
static void cut(round_of *r, u32 want) {
    const run *most = r->w->runs.runs[0].r;
    for (u32 i = 1; i < r->w->runs.n; i++)
        if (r->w->runs.runs[i].r->head->events > most->head->events) most = r->w->runs.runs[i].r;
    const u32 *start = run_starts(most), *code = run_cases(most), events = most->head->events;
    r->all.bounds = NEW_N(r->w->a, u32, want + (size_t)1);
    u32 n = 1, at = 0;
    for (u32 i = 1; i < want; i++) {
        u32 had = at;
        while (at < most->head->cases && start[at] < (u64)events * i / want) at++;
        if (at > had && at < most->head->cases) r->all.bounds[n++] = code[at];
    }
    r->all.stretches = n;
    r->all.bounds[n] = UINT32_MAX;
}

bool walk_round(walking *w, const walk_work *work, void *ctx, err *e) {
    if (!walk_prepare(w, e)) return false;
    w->cost.cases = w->cost.events = 0;
    u32 threads = (u32)MAX(1, MIN(w->s->threads, LIMIT_TALLY_THREADS));
    u64 stretches =
        MIN((u64)walk_events(w) / w->t->live->walks->stretch_rows, (u64)threads * STRETCHES);
    threads = (u32)MIN(threads, stretches);
    if (threads < 2) return walk_range(w, 0, UINT32_MAX, work->visit, ctx, e);
    round_of *r = NEW(w->a, round_of);
    *r = (round_of){.w = w, .ctx = ctx, .all = {.work = work}};
    cut(r, (u32)stretches);
    return run_hands(r, threads, e);
}
