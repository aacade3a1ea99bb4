/* walk_stages.c - where each case stands, how long it stayed in each stage, and where it went. */
#include "store/walk_int.h"

typedef struct {
    i64 now, dropped, entries;
    spread dwell, dwell_now;
    i64 to[LIMIT_WALK_CLASSES];
} tallied;

typedef struct {
    arena *a;
    spread_pool pool;
    const stage_question *q;
    u32 shift, mask, stages_n;
    i64 at, none;
    tallied stages[LIMIT_WALK_CLASSES];
    bool second;
} stages;

static void put(stages *k, spread *s, i64 v) {
    if (k->second)
        spread_catch(k->a, s, v);
    else
        spread_add(&k->pool, s, v);
}

static void stand(stages *k, u32 stage, i64 since, i64 last) {
    tallied *s = &k->stages[stage];
    put(k, &s->dwell_now, k->at - since);
    if (k->second) return;
    s->now++;
    s->dropped += k->q->gap_ms != NONE && k->at - last > k->q->gap_ms;
}

static void walk_case(stages *k, const walk_batch *b, u32 i, u32 end) {
    u32 stage = UINT32_MAX;
    i64 since = 0, last = 0;
    bool any = false;
    for (; i < end && b->at[i] <= k->at; i++) {
        u32 set = b->bits[i] >> k->shift & k->mask;
        last = b->at[i];
        any = true;
        if (!set) continue;
        u32 next = (u32)__builtin_ctz(set);
        if (next == stage) continue;
        if (!k->second) k->stages[next].entries++;
        if (stage != UINT32_MAX) {
            put(k, &k->stages[stage].dwell, b->at[i] - since);
            if (!k->second) k->stages[stage].to[next]++;
        }
        stage = next;
        since = b->at[i];
    }
    if (stage != UINT32_MAX)
        stand(k, stage, since, last);
    else if (any && !k->second)
        k->none++;
}

static bool visit(void *ctx, const walk_batch *b, err *e) {
    stages *k = ctx;
    (void)e;
    for (u32 c = 0; c < b->cases; c++) walk_case(k, b, b->start[c], b->start[c + 1]);
    return true;
}

static void *part_open(arena *a, const void *ctx) {
    const stages *whole = ctx;
    stages *k = NEW(a, stages);
    *k = (stages){.a = a,
                  .pool = spread_pool_part(a, &whole->pool),
                  .q = whole->q,
                  .shift = whole->shift,
                  .mask = whole->mask,
                  .stages_n = whole->stages_n,
                  .at = whole->at,
                  .second = whole->second};
    for (u32 i = 0; i < k->stages_n; i++) {
        k->stages[i].dwell = spread_part(&whole->stages[i].dwell);
        k->stages[i].dwell_now = spread_part(&whole->stages[i].dwell_now);
    }
    return k;
}

static bool part_join(void *ctx, const void *found, err *e) {
    stages *k = ctx;
    const stages *p = found;
    (void)e;
    k->none += p->none;
    for (u32 i = 0; i < k->stages_n; i++) {
        tallied *to = &k->stages[i];
        const tallied *from = &p->stages[i];
        to->now += from->now;
        to->dropped += from->dropped;
        to->entries += from->entries;
        for (u32 j = 0; j < k->stages_n; j++) to->to[j] += from->to[j];
        spread_join(&k->pool, &to->dwell, &from->dwell);
        spread_join(&k->pool, &to->dwell_now, &from->dwell_now);
    }
    return true;
}

static const walk_work counting = {visit, part_open, part_join};

static void tell(stages *k, stage_answer *out) {
    out->rows = NEW_N(k->a, stage_row, k->stages_n);
    for (u32 i = 0; i < k->stages_n; i++) {
        tallied *s = &k->stages[i];
        stage_row *r = &out->rows[i];
        *r = (stage_row){.now = s->now,
                         .dropped = s->dropped,
                         .entries = s->entries,
                         .dwell = spread_times(&s->dwell),
                         .dwell_now = spread_times(&s->dwell_now),
                         .to = NEW_N(k->a, i64, k->stages_n)};
        memcpy(r->to, s->to, k->stages_n * sizeof *r->to);
    }
    out->none = k->none;
    out->at = k->at;
}

typedef struct {
    const stage_question *q;
    stage_answer *out;
} asked;

static bool ask(walking *w, arena *a, void *ctx, err *e) {
    const asked *x = ctx;
    stages *k = NEW(a, stages);
    *k = (stages){.a = a,
                  .pool = {a, SPREAD_POOL},
                  .q = x->q,
                  .at = x->q->at,
                  .stages_n = (u32)x->q->stages_n};
    k->mask = (1u << k->stages_n) - 1;
    for (u32 i = 0; i < k->stages_n; i++) {
        u32 bit = walk_test(w, x->q->stages[i].is);
        if (!i) k->shift = bit;
    }
    if (k->at == NONE) k->at = walk_newest(w);
    if (!walk_round(w, &counting, k, e)) return false;
    for (u32 i = 0; i < k->stages_n; i++) {
        k->second |= spread_aim(a, &k->stages[i].dwell);
        k->second |= spread_aim(a, &k->stages[i].dwell_now);
    }
    if (k->second && !walk_round(w, &counting, k, e)) return false;
    tell(k, x->out);
    x->out->cost = walk_paid(w);
    return true;
}

bool walk_stages(tally *t, arena *a, const walk_scope *s, const stage_question *q,
                 stage_answer *out, err *e) {
    check(t && s && q && out);
    stage_answer found = {0};
    asked k = {q, &found};
    if (q->stages_n < 1 || q->stages_n > LIMIT_WALK_CLASSES)
        return fail(e, INVALID, "1 to %d stages, here are %zu", LIMIT_WALK_CLASSES, q->stages_n);
    if (!walk_run(t, a, s, ask, &k, e)) return false;
    *out = found;
    return true;
}
