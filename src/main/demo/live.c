/* live.c - a day of the simulated company, told as time passes.  See live.h. */
#include "main/demo/live.h"
#include "base/job.h"
#include "base/time.h"
#include "main/demo/chance.h"

enum { DAYS = 30, A_DAY = 2000, RUN_BYTES = 256 << 20, KEPT_BYTES = 64 << 20, LATE_MS = 60000 };

struct live {
    u64 seed;
    i64 per_minute, next_ms;
    u64 opened; /* part of the ids: what is said again after a restart is said anew */
    u64 told_n;
    u32 round; /* days told */
    chance c;
    arena *a;     /* the signals of the day */
    arena *out_a; /* those handed out */
    signal *day;
    size_t n, cap, at;
    signal out[LIVE_MOST];
};

static i64 wait_of(live *l) {
    i64 mean = MINUTE_MS / l->per_minute;
    return mean / 2 + (mean > 1 ? (i64)chance_below(&l->c, (u32)mean) : 0);
}

live *live_open(u64 seed, i64 per_minute, i64 now_ms) {
    check(per_minute >= 1 && per_minute <= 6000);
    live *l = mem_new(1, sizeof *l);
    l->seed = seed;
    l->per_minute = per_minute;
    l->opened = (u64)now_ms;
    chance_seed(&l->c, chance_mix(seed, (u64)now_ms));
    l->next_ms = now_ms + wait_of(l);
    l->a = arena_open(KEPT_BYTES);
    l->out_a = arena_open(KEPT_BYTES);
    return l;
}

void live_close(live *l) {
    if (!l) return;
    arena_close(l->a);
    arena_close(l->out_a);
    free(l);
}

/* Thirty days that end with the day of now: the year's stories stand on the thirtieth as on its last. */
static demo_options days_until(const live *l, i64 now_ms) {
    return (demo_options){.seed = l->seed + l->round,
                          .start_day = day_of_ms(now_ms) - DAYS + 1,
                          .days = DAYS,
                          .scale = (i64)A_DAY * DAYS};
}

/* ---- a run, cut and thinned ---- */

typedef struct {
    demo_options o;
    i64 from_ms, to_ms, nth, seen; /* every nth of what lies between */
    demo_take *take;
    void *ctx;
} running;

static bool take_some(void *ctx, const signal *s, err *e) {
    running *r = ctx;
    bool between = s->row.occurred_at > r->from_ms && s->row.occurred_at < r->to_ms;
    if (!between || r->seen++ % r->nth) return true;
    return r->take(r->ctx, s, e);
}

static bool run_job(arena *a, void *ctx, err *e) {
    running *r = ctx;
    return demo_run(a, &r->o, take_some, r, e);
}

bool live_catch_up(live *l, i64 newest_ms, i64 now_ms, i64 a_day, demo_take *take, void *ctx,
                   err *e) {
    running r = {.o = days_until(l, now_ms),
                 .from_ms = newest_ms,
                 .to_ms = now_ms,
                 .nth = MAX(A_DAY / MAX(a_day, 1), 1),
                 .take = take,
                 .ctx = ctx};
    return job_run(RUN_BYTES, run_job, &r, e);
}

/* ---- the day that is told ---- */

static bool keep(void *ctx, const signal *s, err *e) {
    live *l = ctx;
    (void)e;
    if (l->n == l->cap) {
        signal *more = NEW_N(l->a, signal, l->cap ? l->cap * 2 : A_DAY);
        if (l->n) memcpy(more, l->day, l->n * sizeof *more);
        l->cap = l->cap ? l->cap * 2 : A_DAY;
        l->day = more;
    }
    demo_copy(l->a, s, &l->day[l->n++]);
    return true;
}

static bool next_day(live *l, i64 now_ms, err *e) {
    i64 day_ms = day_of_ms(now_ms) * DAY_MS;
    arena_reset(l->a);
    l->n = l->cap = l->at = 0;
    running r = {.o = days_until(l, now_ms),
                 .from_ms = day_ms - DAY_MS / 2,
                 .to_ms = INT64_MAX,
                 .nth = 1,
                 .take = keep,
                 .ctx = l};
    l->round++;
    if (!job_run(RUN_BYTES, run_job, &r, e)) return false;
    check(l->n > A_DAY / 4);
    return true;
}

static bool tell(live *l, i64 at_ms, signal *out, err *e) {
    arena *a = l->out_a;
    demo_copy(a, &l->day[l->at++], out);
    out->row.external_id = arena_fmt(a, "ym-%llx-%llu", (unsigned long long)l->opened,
                                     (unsigned long long)++l->told_n);
    out->row.occurred_at = at_ms;
    return signal_unseal(a, out, e);
}

bool live_due(live *l, i64 now_ms, const signal **out, size_t *n_out, err *e) {
    size_t n = 0;
    arena_reset(l->out_a);
    if (now_ms - l->next_ms > LATE_MS) l->next_ms = now_ms; /* the machine slept: no flood */
    for (; n < LIVE_MOST && l->next_ms <= now_ms; l->next_ms += wait_of(l)) {
        if (l->at == l->n && !next_day(l, now_ms, e)) return false;
        if (!tell(l, l->next_ms, &l->out[n++], e)) return false;
    }
    *out = l->out;
    *n_out = n;
    return true;
}
