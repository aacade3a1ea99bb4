/* loader.c - the thread that reads uploaded files. */
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>
#include "flow/loader.h"
#include "base/job.h"

enum { SWEEP_EVERY_S = 3600 };

struct loader {
    store *s;
    loader_options o;
    pthread_mutex_t lock; /* of woken */
    pthread_cond_t wake;
    bool woken;
    atomic_bool closing;
    pthread_t thread;
};

bool spool_path(arena *a, str store_path, str key, const char *ending, str *out, err *e) {
    str dir = arena_fmt(a, "%.*s.spool", STR_ARG(store_path));
    for (size_t i = 0; i < key.n; i++)
        check((key.p[i] >= 'a' && key.p[i] <= 'z') || (key.p[i] >= '0' && key.p[i] <= '9') ||
              key.p[i] == ':');
    if (mkdir(dir.p, 0700) != 0 && errno != EEXIST)
        return fail(e, IO, "cannot make %s: %s", dir.p, strerror(errno));
    *out = arena_fmt(a, "%.*s/%.*s.%s", STR_ARG(dir), STR_ARG(key), ending);
    return true;
}

/* ---- one file ---- */

typedef struct {
    loader *l;
    upload u;
    intake row;
    bool interrupted;
} loading;

static bool take(void *ctx, const signal *sigs, size_t n, intake *progress, flow_counts *counts,
                 err *e) {
    const loading *k = ctx;
    return writer_take(k->l->o.writer, sigs, n, progress, counts, NULL, e);
}

static void tell(loading *k) {
    if (k->l->o.told) k->l->o.told(k->l->o.ctx, &k->u, &k->row);
}

static bool acked(void *ctx, const intake *row, const intake_result *so_far) {
    loading *k = ctx;
    (void)so_far;
    k->row = *row;
    tell(k);
    return !atomic_load(&k->l->closing);
}

static bool follow(arena *a, void *ctx, err *e) {
    loading *k = ctx;
    plan p;
    intake_result r;
    str path, rejects;
    intake_job job = {.s = k->l->s, .w = k->l->o.w, .p = &p, .path = k->u.name, .key = k->u.key};
    job.take = take;
    job.acked = acked;
    job.ctx = k;
    if (!spool_path(a, store_path(k->l->s), k->u.key, "data", &path, e) ||
        !spool_path(a, store_path(k->l->s), k->u.key, "rejected.csv", &rejects, e) ||
        !upload_look(a, &k->u, path, &job.src, &p, e))
        return false;
    job.rejects_path = rejects;
    bool ok = intake_run(a, &job, &r, e);
    k->interrupted = r.interrupted;
    return ok || r.interrupted;
}

static bool set_state(loading *k, str state, str error, err *e) {
    k->u.state = state;
    k->u.error = error;
    return store_put(k->l->s, &noun_upload, &k->u, e);
}

static bool settle(arena *a, loading *k, bool ok, const err *why, err *e) {
    str path;
    if (ok && k->interrupted) return true; /* running: the next loader goes on */
    if (!ok && why->code == BUSY) return set_state(k, S("waiting"), NO_STR, e);
    str error = ok ? NO_STR : arena_str(a, str_of(why->msg));
    if (!set_state(k, ok ? S("finished") : S("failed"), error, e) ||
        !store_find(k->l->s, a, &noun_intake, k->u.key, &k->row, e))
        return false;
    if (ok && spool_path(a, store_path(k->l->s), k->u.key, "data", &path, e)) unlink(path.p);
    tell(k);
    return true;
}

static bool load(arena *a, loading *k, err *e) {
    err why = {0};
    if (!store_find(k->l->s, a, &noun_intake, k->u.key, &k->row, e) ||
        !set_state(k, S("running"), NO_STR, e))
        return false;
    tell(k);
    bool ok = job_run(LIMIT_COMMAND_BYTES, follow, k, &why);
    return settle(a, k, ok, &why, e);
}

/* ---- the queue ---- */

static bool next_upload(loader *l, arena *a, upload *out, bool *found, err *e) {
    static const char *const states[] = {"running", "waiting"};
    *found = false;
    for (size_t i = 0; i < COUNT(states) && !*found; i++) {
        store_query q = {.field = "state", .text = str_of(states[i]), .limit = 1};
        void *recs;
        size_t n;
        if (!store_list(l->s, a, &noun_upload, &q, &recs, &n, e)) return false;
        if (n) *out = *(upload *)recs;
        *found = n > 0;
    }
    return true;
}

typedef struct {
    loader *l;
    bool more;
} turn;

static bool load_next(arena *a, void *ctx, err *e) {
    turn *t = ctx;
    loading k = {.l = t->l};
    if (!next_upload(t->l, a, &k.u, &t->more, e)) return false;
    return !t->more || load(a, &k, e);
}

/* Until there is something to read, or to sweep. */
static void wait_for_work(loader *l) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += SWEEP_EVERY_S;
    pthread_mutex_lock(&l->lock);
    while (!l->woken)
        if (pthread_cond_timedwait(&l->wake, &l->lock, &until) == ETIMEDOUT) break;
    l->woken = false;
    pthread_mutex_unlock(&l->lock);
}

static bool sweep(arena *a, void *ctx, err *e) {
    loader *l = ctx;
    return spool_sweep(l->s, l->o.w, a, e);
}

/* A store that refuses is asked again with the next upload, or the next start. */
static void *loader_main(void *arg) {
    loader *l = arg;
    err e;
    for (turn t = {l, true}; !atomic_load(&l->closing);) {
        if (!job_run(LIMIT_JOB_BYTES, load_next, &t, &e)) t.more = false;
        if (t.more) continue;
        bool swept = job_run(LIMIT_JOB_BYTES, sweep, l, &e);
        (void)swept; /* else with the next turn */
        if (!atomic_load(&l->closing)) wait_for_work(l);
    }
    return NULL;
}

static void free_loader(loader *l) {
    store_close(l->s);
    pthread_cond_destroy(&l->wake);
    pthread_mutex_destroy(&l->lock);
    free(l);
}

bool loader_open(str url, const loader_options *o, loader **out, err *e) {
    store_options so = {.w = o->w};
    loader *l = mem_new(1, sizeof *l);
    check(o->w && o->writer);
    l->o = *o;
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->wake, NULL);
    bool ok = store_open(url, &so, &l->s, e);
    if (ok && pthread_create(&l->thread, NULL, loader_main, l) != 0)
        ok = fail(e, BUSY, "the system gives no thread to read files with");
    if (!ok) return free_loader(l), false;
    *out = l;
    return true;
}

void loader_wake(loader *l) {
    pthread_mutex_lock(&l->lock);
    l->woken = true;
    pthread_cond_signal(&l->wake);
    pthread_mutex_unlock(&l->lock);
}

void loader_close(loader *l) {
    if (!l) return;
    atomic_store(&l->closing, true);
    loader_wake(l);
    pthread_join(l->thread, NULL);
    free_loader(l);
}
