/* writer.c - a queue of what was handed in, and the thread that empties it batch by batch. */
#include <stdatomic.h>
#include "flow/writer.h"
#include "act/alerts.h"
#include "base/time.h"

enum { OUTBOX_EVERY_MS = 1000, WATCHES_EVERY_MS = 1000 }; /* what is due at a minute is done in it */

/* One call of writer_take, on its caller's stack. */
typedef struct handed handed;
struct handed {
    const signal *sigs;
    size_t n;
    intake *progress;
    flow_counts counts;
    flow_fate *fates;
    bool ok, done;
    err e;
    pthread_cond_t ready;
    handed *next;
};

struct writer {
    store *s;
    flow *f;
    writer_options o;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t work;
    handed *first, **last;
    bool closing;
    writer_totals totals; /* waiting: 0 */
    pthread_t thread;
    atomic_bool rules_changed;
    /* the thread's own */
    signal *batch; /* LIMIT_BATCH_SIGNALS */
    flow_fate *fates;
    i64 outbox_ms, watches_ms;
    i64 watched_rows; /* of the tally, when the watches looked */
    tally *t;
};

/* ---- the thread ---- */

static i64 words_bytes(const signal *sigs, size_t n) {
    i64 bytes = 0;
    for (size_t i = 0; i < n; i++) bytes += (i64)(sigs[i].row.words.n + sigs[i].row.attributes.n);
    return bytes;
}

/* The head of the queue, with as many behind it as fit into its commit.  Under the lock. */
static handed *pick(writer *w) {
    handed *first = w->first, *end = first;
    size_t n = first->n;
    i64 bytes = words_bytes(first->sigs, first->n);
    for (handed *h = first->next; h && !first->progress && !h->progress; h = h->next) {
        n += h->n;
        bytes += words_bytes(h->sigs, h->n);
        if (n > LIMIT_BATCH_SIGNALS || bytes > LIMIT_BATCH_BYTES) break;
        end = h;
    }
    w->first = end->next;
    if (!w->first) w->last = &w->first;
    end->next = NULL;
    return first;
}

static void add_counts(flow_counts *to, const flow_counts *c) {
    to->added += c->added;
    to->known += c->known;
    to->duplicates += c->duplicates;
    to->spam += c->spam;
    to->redacted += c->redacted;
    to->deeds += c->deeds;
}

/* The writer's thread writes them, anybody reads them. */
static void note_commit(writer *w, bool ok, size_t n, const flow_counts *c) {
    pthread_mutex_lock(&w->lock);
    w->totals.failed += !ok;
    w->totals.commits += ok;
    if (ok) {
        w->totals.signals += (i64)n;
        w->totals.added += c->added;
        w->totals.known += c->known;
        w->totals.deeds += c->deeds;
    }
    pthread_mutex_unlock(&w->lock);
}

void writer_count(writer *w, writer_totals *out) {
    pthread_mutex_lock(&w->lock);
    *out = w->totals;
    for (const handed *h = w->first; h; h = h->next) out->waiting++;
    pthread_mutex_unlock(&w->lock);
}

static void write_alone(writer *w, handed *h, flow_counts *since) {
    h->ok = flow_take_each(w->f, h->sigs, h->n, h->progress, &h->counts, h->fates, &h->e);
    note_commit(w, h->ok, h->n, &h->counts);
    if (h->ok) add_counts(since, &h->counts);
}

/* Whose was added is known by the fates; what else was counted is nobody's in particular. */
static void tell_fates(writer *w, handed *list) {
    const flow_fate *fate = w->fates;
    for (handed *h = list; h; h = h->next) {
        h->ok = true;
        for (size_t i = 0; i < h->n; i++, fate++) {
            h->counts.added += fate->added;
            h->counts.known += !fate->added;
            if (h->fates) h->fates[i] = *fate;
        }
    }
}

/* One commit for all; if it fails, each alone, so that nobody suffers for another. */
static void write_list(writer *w, handed *list, flow_counts *since) {
    size_t n = 0;
    err e;
    flow_counts all = {0};
    if (!list->next) {
        write_alone(w, list, since);
        return;
    }
    for (handed *h = list; h; n += h->n, h = h->next)
        memcpy(w->batch + n, h->sigs, h->n * sizeof *h->sigs);
    check(n <= LIMIT_BATCH_SIGNALS);
    bool ok = flow_take_each(w->f, w->batch, n, NULL, &all, w->fates, &e);
    note_commit(w, ok, n, &all);
    if (ok) {
        add_counts(since, &all);
        tell_fates(w, list);
        return;
    }
    for (handed *h = list; h; h = h->next) write_alone(w, h, since);
}

static void wake(writer *w, handed *list) {
    pthread_mutex_lock(&w->lock);
    for (handed *h = list, *next; h; h = next) {
        next = h->next; /* h is gone as soon as its caller sees done */
        h->done = true;
        pthread_cond_signal(&h->ready);
    }
    pthread_mutex_unlock(&w->lock);
}

/* Deeds that failed are due again later; a failure here is tried again with the next beat. */
static void run_outbox(writer *w) {
    err e;
    i64 done = 0, now = w->o.flow.w->now_ms(w->o.flow.w);
    if (now >= w->outbox_ms && now - w->outbox_ms < OUTBOX_EVERY_MS) return;
    w->outbox_ms = now;
    if (!outbox_run(w->s, w->o.flow.w, &done, &e)) w->outbox_ms = 0;
}

/* What the watches find is news to those who listen. */
static void run_watches(writer *w) {
    err e;
    watch_round r = {0};
    i64 now = w->o.flow.w->now_ms(w->o.flow.w), since = now - w->watches_ms;
    if (since >= 0 && since < WATCHES_EVERY_MS) return;
    w->watches_ms = now;
    i64 rows = tally_rows_total(w->t);
    bool ok = watches_run(w->s, w->t, now, rows != w->watched_rows, &r, &e);
    if (ok) w->watched_rows = rows; /* else the store is busy: with the next beat */
    if (ok && w->o.alerts && r.found + r.joined + r.back + r.over + r.told + r.escalated > 0)
        w->o.alerts(w->o.ctx);
}

/* Another process may write into the store too; what cannot be read now is tried with the next beat. */
static void follow(writer *w) {
    err e;
    bool ok = flow_follow(w->f, &e);
    (void)ok;
}

static void beat(writer *w, const flow_counts *since) {
    if (w->o.beat) w->o.beat(w->o.ctx, since);
}

static void work_off(writer *w, handed *list) {
    flow_counts since = {0};
    err e;
    if (atomic_exchange(&w->rules_changed, false) && !flow_reload(w->f, &e))
        atomic_store(&w->rules_changed,
                     true); /* a store that cannot be read: the batch will say so */
    write_list(w, list, &since);
    wake(w, list);
    beat(w, &since);
}

static bool wait_for_work(writer *w) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += WRITER_BEAT_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    while (!w->first && !w->closing)
        if (pthread_cond_timedwait(&w->work, &w->lock, &until) == ETIMEDOUT) break;
    return w->first != NULL;
}

static void *writer_main(void *arg) {
    writer *w = arg;
    static const flow_counts nothing;
    pthread_mutex_lock(&w->lock);
    while (w->first || !w->closing) {
        handed *list = wait_for_work(w) ? pick(w) : NULL;
        pthread_mutex_unlock(&w->lock);
        if (list) {
            work_off(w, list);
        } else {
            follow(w);
            beat(w, &nothing);
        }
        run_outbox(w);
        run_watches(w);
        pthread_mutex_lock(&w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* ---- its door ---- */

static void free_writer(writer *w) {
    flow_close(w->f);
    store_close(w->s);
    pthread_cond_destroy(&w->work);
    pthread_mutex_destroy(&w->lock);
    free(w->batch);
    free(w->fates);
    free(w);
}

bool writer_open(str url, tally *t, const writer_options *o, writer **out, err *e) {
    store_options so = {.w = o->flow.w};
    pthread_condattr_t steady;
    writer *w = mem_new(1, sizeof *w);
    check(o->flow.w && t);
    w->o = *o;
    w->t = t;
    w->watched_rows = -1;
    w->last = &w->first;
    w->batch = mem_new(LIMIT_BATCH_SIGNALS, sizeof *w->batch);
    w->fates = mem_new(LIMIT_BATCH_SIGNALS, sizeof *w->fates);
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&w->work, &steady);
    pthread_condattr_destroy(&steady);
    bool ok = store_open(url, &so, &w->s, e) && flow_open(w->s, t, &o->flow, &w->f, e);
    if (ok && pthread_create(&w->thread, NULL, writer_main, w) != 0)
        ok = fail(e, BUSY, "the system gives no thread to write with");
    if (!ok) return free_writer(w), false;
    *out = w;
    return true;
}

void writer_close(writer *w) {
    if (!w) return;
    pthread_mutex_lock(&w->lock);
    w->closing = true;
    pthread_cond_signal(&w->work);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    free_writer(w);
}

static bool hand_in(writer *w, handed *h, err *e) {
    pthread_mutex_lock(&w->lock);
    if (w->closing) {
        pthread_mutex_unlock(&w->lock);
        return fail(e, BUSY, "the server is stopping; send it again in a moment");
    }
    pthread_cond_init(&h->ready, NULL);
    *w->last = h;
    w->last = &h->next;
    pthread_cond_signal(&w->work);
    while (!h->done) pthread_cond_wait(&h->ready, &w->lock);
    pthread_mutex_unlock(&w->lock);
    pthread_cond_destroy(&h->ready);
    if (!h->ok) *e = h->e;
    return h->ok;
}

/* As many of sigs as one commit may hold, at least one. */
static size_t portion(const signal *sigs, size_t n) {
    size_t k = 0;
    for (i64 bytes = 0; k < MIN(n, (size_t)LIMIT_BATCH_SIGNALS); k++) {
        bytes += words_bytes(sigs + k, 1);
        if (k && bytes > LIMIT_BATCH_BYTES) break;
    }
    return k;
}

bool writer_take(writer *w, const signal *sigs, size_t n, intake *progress, flow_counts *counts,
                 flow_fate *fates, err *e) {
    check(!progress || n <= LIMIT_BATCH_SIGNALS);
    size_t at = 0;
    do { /* a file's progress is stored even when it brings no signal */
        size_t k = progress ? n : portion(sigs + at, n - at);
        handed h = {.sigs = sigs + at, .n = k, .progress = progress};
        h.fates = fates ? fates + at : NULL;
        if ((n || progress) && !hand_in(w, &h, e)) return false;
        add_counts(counts, &h.counts);
        at += k;
    } while (at < n);
    return true;
}

void writer_rules_changed(writer *w) {
    atomic_store(&w->rules_changed, true);
}
