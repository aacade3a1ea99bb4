/* trickle.c - hands the simulated company's signals to the writer, as time passes. */
#include "main/trickle.h"
#include "base/job.h"
#include "flow/writer.h"
#include "main/demo/live.h"

enum { SEED = 1, YEAR_DAYS = 365, JOB_BYTES = 128 << 20 };

struct trickle {
    api *x;
    live *l;
};

/* ---- is it the company's store? ---- */

static bool is_ours(void *ctx, const signal *s, const insight *i, err *e) {
    bool *ours = ctx;
    (void)i, (void)e;
    *ours = str_starts(s->row.external_id, S("ym-"));
    return true;
}

static bool store_of_demo(store *s, err *e) {
    bool ours = false;
    i64 first = 1;
    if (!store_scan_ids(s, &first, 1, is_ours, &ours, e)) return false;
    return ours || fail(e, INVALID,
                        "--demo adds invented signals, and this store holds none of the simulated "
                        "company: run `heed demo --store URL` first, and take that");
}

/* ---- while nobody listened ---- */

typedef struct {
    trickle *t;
    arena *a;
    signal *batch;
    size_t n;
    i64 newest_ms;
} catching;

static bool hand_in(catching *c, err *e) {
    flow_counts counts = {0};
    bool ok = !c->n || writer_take(c->t->x->writer, c->batch, c->n, NULL, &counts, NULL, e);
    c->n = 0;
    return ok;
}

static bool gather(void *ctx, const signal *s, err *e) {
    catching *c = ctx;
    demo_copy(c->a, s, &c->batch[c->n]);
    return signal_unseal(c->a, &c->batch[c->n], e) &&
           (++c->n < LIMIT_BATCH_SIGNALS || hand_in(c, e));
}

static bool catch_up(arena *a, void *ctx, err *e) {
    catching *c = ctx;
    api *x = c->t->x;
    tally_mark *newest;
    size_t n;
    c->a = a;
    c->batch = NEW_N(a, signal, LIMIT_BATCH_SIGNALS);
    if (!tally_rows_after(x->t, a, NULL, NULL, 1, &newest, &n, e)) return false;
    return n == 0 || (live_catch_up(c->t->l, newest->at, x->w->now_ms(x->w),
                                    store_signal_count(x->s) / YEAR_DAYS, gather, c, e) &&
                      hand_in(c, e));
}

bool trickle_open(api *x, i64 per_minute, trickle **out, err *e) {
    if (!store_of_demo(x->s, e)) return false;
    trickle *t = mem_new(1, sizeof *t);
    t->x = x;
    t->l = live_open(SEED, per_minute, x->w->now_ms(x->w));
    if (!job_run(JOB_BYTES, catch_up, &(catching){.t = t}, e)) {
        trickle_close(t);
        return false;
    }
    *out = t;
    return true;
}

void trickle_close(trickle *t) {
    if (!t) return;
    live_close(t->l);
    free(t);
}

bool trickle_turn(trickle *t, err *e) {
    const signal *due;
    size_t n;
    flow_counts counts = {0};
    return live_due(t->l, t->x->w->now_ms(t->x->w), &due, &n, e) &&
           (!n || writer_take(t->x->writer, due, n, NULL, &counts, NULL, e));
}
