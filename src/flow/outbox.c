/* outbox.c - deeds that stay in the house are done at least once, and take effect once by their key; what
** leaves it is sender.c's. */
#include "act/rule.h"
#include "base/job.h"
#include "base/time.h"
#include "flow/flow.h"

enum { OUTBOX_PAGE = 500 };

static i64 wait_ms(i64 attempts) {
    static const i64 waits[] = {MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS,
                                12 * HOUR_MS};
    return waits[MIN(attempts, (i64)COUNT(waits)) - 1];
}

static bool perform(store *s, arena *a, deed *d, i64 now_ms, err *e) {
    const action *x = action_find(d->action);
    if (!x) return fail(e, NOT_FOUND, "this program has no action \"%.*s\"", STR_ARG(d->action));
    return x->perform(s, a, d, now_ms, e);
}

static void settle(arena *a, deed *d, bool ok, const err *why, i64 now_ms) {
    d->attempts++;
    if (ok) {
        d->state = S("done");
        d->done_at = now_ms;
        d->error = NO_STR;
        return;
    }
    d->state = d->attempts >= DEED_ATTEMPTS_MAX ? S("failed") : S("pending");
    d->due_at = now_ms + wait_ms(d->attempts);
    d->error = arena_str(a, str_of(why->msg));
}

typedef struct {
    store *s;
    i64 now_ms, after_id, done;
    bool more;
} outbox;

static bool run_page(arena *a, void *ctx, err *e) {
    outbox *o = ctx;
    deed *waiting;
    size_t n;
    if (!store_deeds_waiting(o->s, a, NO_STR, o->after_id, o->now_ms, OUTBOX_PAGE, &waiting, &n, e))
        return false;
    o->more = n == OUTBOX_PAGE;
    for (size_t i = 0; i < n; i++) {
        deed *d = &waiting[i];
        err why = {0};
        o->after_id = d->id;
        if (!store_part(o->s, e)) return false;
        bool ok = store_part_end(o->s, perform(o->s, a, d, o->now_ms, &why), &why);
        settle(a, d, ok, &why, o->now_ms);
        if (!store_put(o->s, &noun_deed, d, e)) return false;
        o->done += ok;
    }
    return true;
}

/* A look without a lock: nobody waits for an outbox that has nothing to do. */
static bool look(arena *a, void *ctx, err *e) {
    outbox *o = ctx;
    void *recs;
    size_t n;
    store_query q = {.field = "state",
                     .text = S("pending"),
                     .until_field = "due_at",
                     .until = o->now_ms,
                     .limit = 1};
    if (!store_list(o->s, a, &noun_deed, &q, &recs, &n, e)) return false;
    o->more = n > 0;
    return true;
}

bool outbox_run(store *s, world *w, i64 *done, err *e) {
    outbox o = {.s = s, .now_ms = w->now_ms(w)};
    if (!job_run(LIMIT_JOB_BYTES, look, &o, e)) return false;
    while (
        o.more) { /* a page of deeds and their effects is one transaction: done and marked, or neither */
        if (!store_begin(s, e)) return false;
        if (!job_run(LIMIT_JOB_BYTES, run_page, &o, e)) return store_rollback(s), false;
        if (!store_commit(s, e)) return false;
    }
    *done += o.done;
    return true;
}
