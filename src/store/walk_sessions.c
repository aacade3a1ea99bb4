/* walk_sessions.c - walks cut where a case is silent for longer than a gap. */
#include "store/walk_int.h"

typedef struct {
    spread_pool pool;
    i64 gap, sessions, single;
    spread duration, events, per_case;
    bool second;
} sessions;

static void put(sessions *k, spread *s, i64 v) {
    if (k->second)
        spread_catch(k->pool.a, s, v);
    else
        spread_add(&k->pool, s, v);
}

static void walk_case(sessions *k, const walk_batch *b, u32 from, u32 end) {
    i64 n = 0;
    for (u32 i = from; i < end; n++) {
        u32 first = i++;
        while (i < end && b->at[i] - b->at[i - 1] <= k->gap) i++;
        put(k, &k->duration, b->at[i - 1] - b->at[first]);
        put(k, &k->events, i - first);
        k->single += !k->second && i - first == 1;
    }
    put(k, &k->per_case, n);
    k->sessions += k->second ? 0 : n;
}

static bool visit(void *ctx, const walk_batch *b, err *e) {
    sessions *k = ctx;
    (void)e;
    for (u32 c = 0; c < b->cases; c++) walk_case(k, b, b->start[c], b->start[c + 1]);
    return true;
}

static void *part_open(arena *a, const void *ctx) {
    const sessions *whole = ctx;
    sessions *k = NEW(a, sessions);
    *k = (sessions){.pool = spread_pool_part(a, &whole->pool),
                    .gap = whole->gap,
                    .second = whole->second,
                    .duration = spread_part(&whole->duration),
                    .events = spread_part(&whole->events),
                    .per_case = spread_part(&whole->per_case)};
    return k;
}

static bool part_join(void *ctx, const void *found, err *e) {
    sessions *k = ctx;
    const sessions *p = found;
    (void)e;
    k->sessions += p->sessions;
    k->single += p->single;
    spread_join(&k->pool, &k->duration, &p->duration);
    spread_join(&k->pool, &k->events, &p->events);
    spread_join(&k->pool, &k->per_case, &p->per_case);
    return true;
}

static const walk_work counting = {visit, part_open, part_join};

typedef struct {
    const session_question *q;
    session_answer *out;
} asked;

static bool ask(walking *w, arena *a, void *ctx, err *e) {
    const asked *x = ctx;
    sessions k = {.pool = {a, SPREAD_POOL}, .gap = x->q->gap_ms};
    if (!walk_round(w, &counting, &k, e)) return false;
    k.second |= spread_aim(a, &k.duration);
    k.second |= spread_aim(a, &k.events);
    k.second |= spread_aim(a, &k.per_case);
    if (k.second && !walk_round(w, &counting, &k, e)) return false;
    *x->out = (session_answer){k.sessions,
                               k.single,
                               spread_times(&k.duration),
                               spread_times(&k.events),
                               spread_times(&k.per_case),
                               walk_paid(w)};
    return true;
}

bool walk_sessions(tally *t, arena *a, const walk_scope *s, const session_question *q,
                   session_answer *out, err *e) {
    check(t && s && q && out);
    session_answer found = {0};
    asked k = {q, &found};
    if (q->gap_ms < 0) return fail(e, INVALID, "the gap that ends a session is not negative");
    if (!walk_run(t, a, s, ask, &k, e)) return false;
    *out = found;
    return true;
}
