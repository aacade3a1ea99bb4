/* walk_cohorts.c - who came in which period, and who was there again how many periods later. */
#include "store/walk_int.h"

typedef struct {
    i64 size, number;
    i64 *active, *back; /* [k]; back: whose first return was in the k'th period after */
    u32 cap;
} cohort;

typedef struct {
    arena *a;
    walking *w;
    const walk_scope *s;
    const cohort_question *q;
    u32 first_bit, again_bit; /* UINT32_MAX: every event */
    calendar *units;
    key_set keys; /* first day of a cohort's period */
    cohort *cohorts;
    u32 cap;
    i64 until;
    bool few; /* periods, and every event counts */
} cohorts;

static bool cohort_of(cohorts *k, i64 day, i64 number, cohort **out, err *e) {
    u32 i = key_number(&k->keys, day);
    if (i >= LIMIT_WALK_PERIODS)
        return fail(e, LIMIT, "more than %d cohorts; choose longer periods", LIMIT_WALK_PERIODS);
    if (i >= k->cap) {
        cohort *old = k->cohorts;
        u32 had = k->cap;
        k->cap = MAX(64u, had * 2);
        k->cohorts = NEW_N(k->a, cohort, k->cap);
        if (had) memcpy(k->cohorts, old, had * sizeof *old);
    }
    k->cohorts[i].number = number;
    *out = &k->cohorts[i];
    return true;
}

static bool cohort_room(cohorts *k, cohort *c, i64 offset, err *e) {
    if (offset < c->cap) return true;
    if (offset >= LIMIT_WALK_PERIODS)
        return fail(e, LIMIT, "more than %d periods after the first; choose longer periods",
                    LIMIT_WALK_PERIODS);
    u32 had = c->cap;
    i64 *active = c->active, *back = c->back;
    c->cap = MAX(16u, (u32)offset * 2);
    c->active = NEW_N(k->a, i64, c->cap);
    c->back = NEW_N(k->a, i64, c->cap);
    if (had) memcpy(c->active, active, had * sizeof *active);
    if (had) memcpy(c->back, back, had * sizeof *back);
    return true;
}

static bool is(const walk_batch *b, u32 i, u32 bit) {
    return bit == UINT32_MAX || b->bits[i] >> bit & 1;
}

/* So few periods that a bit stands for each: no branch to guess wrong. */
static bool count_bits(cohorts *k, cohort *c, const walk_batch *b, u32 i, u32 end, i64 first,
                       err *e) {
    u64 seen = 0;
    const calendar *u = k->units;
    bool any = k->again_bit == UINT32_MAX;
    for (; i < end; i++) {
        u64 in = any || b->bits[i] >> k->again_bit & 1;
        i64 offset = u->numbers[(u64)(b->at[i] - u->low_ms) / (u64)DAY_MS] - first;
        seen |= in << offset;
    }
    if (!seen) return true;
    if (!cohort_room(k, c, 63 - __builtin_clzll(seen), e)) return false;
    if (seen > 1) c->back[__builtin_ctzll(seen & ~(u64)1)]++;
    for (; seen; seen &= seen - 1) c->active[__builtin_ctzll(seen)]++;
    return true;
}

static bool walk_case(cohorts *k, const walk_batch *b, u32 i, u32 end, err *e) {
    cohort *c = NULL;
    while (i < end && !is(b, i, k->first_bit)) i++;
    if (i == end || b->at[i] > k->until) return true;
    const period *p = calendar_look(k->units, b->at[i]);
    i64 first = p->number, counted = -1;
    bool back = false;
    if (!cohort_of(k, p->first, first, &c, e)) return false;
    c->size++;
    if (k->few) return count_bits(k, c, b, i, end, first, e);
    for (; i < end && b->at[i] <= k->until; i++) {
        i64 offset = calendar_number(k->units, b->at[i]) - first;
        if (offset == counted || !is(b, i, k->again_bit)) continue;
        counted = offset;
        if (!cohort_room(k, c, offset, e)) return false;
        c->active[offset]++;
        c->back[offset] += offset > 0 && !back;
        back |= offset > 0;
    }
    return true;
}

static bool visit(void *ctx, const walk_batch *b, err *e) {
    cohorts *k = ctx;
    for (u32 c = 0; c < b->cases; c++)
        if (!walk_case(k, b, b->start[c], b->start[c + 1], e)) return false;
    return true;
}

static void *part_open(arena *a, const void *ctx) {
    const cohorts *whole = ctx;
    cohorts *k = NEW(a, cohorts);
    *k = *whole;
    k->a = a;
    k->units = calendar_part(a, whole->units);
    k->keys = (key_set){.a = a};
    k->cohorts = NULL;
    k->cap = 0;
    return k;
}

static bool part_join(void *ctx, const void *found, err *e) {
    cohorts *k = ctx;
    const cohorts *p = found;
    for (u32 i = 0; i < p->keys.n; i++) {
        const cohort *from = &p->cohorts[i];
        cohort *to = NULL;
        if (!cohort_of(k, p->keys.keys[i], from->number, &to, e)) return false;
        to->size += from->size;
        u32 n = from->cap;
        while (n && !from->active[n - 1]) n--;
        if (!n) continue;
        if (!cohort_room(k, to, n - 1, e)) return false;
        for (u32 j = 0; j < n; j++) to->active[j] += from->active[j];
        for (u32 j = 0; j < n; j++) to->back[j] += from->back[j];
    }
    return true;
}

static const walk_work counting = {visit, part_open, part_join};

static int by_day(const void *x, const void *y) {
    const cohort_row *a = x, *b = y;
    return a->day < b->day ? -1 : a->day > b->day;
}

static void tell_row(const cohorts *k, const cohort *c, cohort_row *r, i64 last) {
    i64 n = MAX(last - c->number + 1, (i64)1), sum = 0;
    if (k->q->periods) n = MIN(n, (i64)k->q->periods + 1);
    r->size = c->size;
    r->periods_n = (size_t)n;
    r->active = NEW_N(k->a, i64, (size_t)n);
    r->returned = NEW_N(k->a, i64, (size_t)n);
    for (i64 i = 0; i < n && i < c->cap; i++) r->active[i] = c->active[i];
    for (i64 i = 0; i < n; i++) r->returned[i] = sum += i < c->cap ? c->back[i] : 0;
}

static bool tell(cohorts *k, cohort_answer *out, err *e) {
    out->cost = walk_paid(k->w);
    out->until = k->until;
    if (!k->keys.n) return true;
    i64 last = calendar_look(calendar_new(k->a, k->q->unit, k->s), out->until)->number;
    for (u32 i = 0; i < k->keys.n; i++)
        if (last - k->cohorts[i].number >= LIMIT_WALK_PERIODS && !k->q->periods)
            return fail(e, LIMIT, "more than %d periods after the first; choose longer periods",
                        LIMIT_WALK_PERIODS);
    out->rows_n = k->keys.n;
    out->rows = NEW_N(k->a, cohort_row, out->rows_n);
    for (u32 i = 0; i < k->keys.n; i++) {
        out->rows[i].day = k->keys.keys[i];
        tell_row(k, &k->cohorts[i], &out->rows[i], last);
    }
    qsort(out->rows, out->rows_n, sizeof *out->rows, by_day);
    return true;
}

typedef struct {
    const walk_scope *s;
    const cohort_question *q;
    cohort_answer *out;
} asked;

static bool ask(walking *w, arena *a, void *ctx, err *e) {
    const asked *x = ctx;
    cohorts *k = NEW(a, cohorts);
    *k = (cohorts){.a = a, .w = w, .s = x->s, .q = x->q, .keys = {.a = a}};
    k->until = x->q->until != NONE ? x->q->until : walk_newest(w);
    k->units = calendar_new(a, x->q->unit, x->s);
    if (walk_newest(w) != NONE) calendar_span(k->units, walk_oldest(w), walk_newest(w));
    k->few =
        k->units->numbers && k->until >= walk_newest(w) &&
        calendar_number(k->units, walk_newest(w)) - calendar_number(k->units, walk_oldest(w)) < 64;
    k->first_bit = x->q->first ? walk_test(w, x->q->first) : UINT32_MAX;
    k->again_bit = x->q->again ? walk_test(w, x->q->again) : UINT32_MAX;
    return walk_round(w, &counting, k, e) && tell(k, x->out, e);
}

bool walk_cohorts(tally *t, arena *a, const walk_scope *s, const cohort_question *q,
                  cohort_answer *out, err *e) {
    check(t && s && q && out);
    cohort_answer found = {0};
    asked k = {s, q, &found};
    if (q->unit == BY_VALUE)
        return fail(e, INVALID, "a cohort is a day, week, month, quarter or year");
    if (q->periods > LIMIT_WALK_PERIODS)
        return fail(e, LIMIT, "at most %d periods are shown", LIMIT_WALK_PERIODS);
    if (!walk_run(t, a, s, ask, &k, e)) return false;
    *out = found;
    return true;
}
