/* walk_repurchase.c - of those who bought for the first time, who bought on another day. */
#include "store/walk_int.h"

/* Whole days, counted one by one. */
typedef struct {
    i64 *n; /* by days */
    i64 cap, all, sum;
} day_count;

static void day_add(arena *a, day_count *c, i64 days) {
    if (days >= c->cap) {
        i64 *old = c->n, had = c->cap;
        c->cap = MAX((i64)128, days * 2);
        c->n = NEW_N(a, i64, (size_t)c->cap);
        if (had) memcpy(c->n, old, (size_t)had * sizeof *old);
    }
    c->n[days]++;
    c->all++;
    c->sum += days;
}

static i64 day_at(const day_count *c, i64 rank) {
    i64 days = 0;
    for (i64 before = 0; before + c->n[days] <= rank; days++) before += c->n[days];
    return days;
}

static double day_quantile(const day_count *c, i64 tenths) {
    i64 at = (c->all - 1) * tenths, low = day_at(c, at / 10);
    if (at % 10 == 0) return (double)low;
    return (double)low + (double)(at % 10) / 10 * (double)(day_at(c, at / 10 + 1) - low);
}

static walk_times day_times(const day_count *c) {
    if (!c->all) return (walk_times){0, NAN, NAN, NAN};
    return (walk_times){c->all, (double)c->sum / (double)c->all, day_quantile(c, 5),
                        day_quantile(c, 9)};
}

typedef struct {
    i64 day; /* of the unit */
    i64 fresh, again, observed, observed_again, censored;
    day_count wait; /* until the second */
} tallied;

typedef struct {
    arena *a;
    walking *w;
    const repurchase_question *q;
    calendar *units;
    u32 *row_of_unit; /* by number of the unit from the first on: row + 1; units_n of them */
    i64 first_unit, units_n;
    i64 from_at, to_at; /* moments: the period is [from_at, to_at) */
    i64 until, last_day;
    key_set keys;
    tallied *rows;
    u32 cap;
    i64 buyers, repeat_buyers;
} repurchase;

/* The first order day and the next one; NONE: there is none. */
typedef struct {
    i64 first_at, first_day, next_day;
    bool in_period, twice_in_period;
} buyer;

static buyer look(repurchase *k, const walk_batch *b, u32 i, u32 end) {
    buyer x = {.first_at = b->at[i], .next_day = NONE};
    i64 seen = NONE, over = INT64_MIN, day = NONE;
    bool bounded = k->q->from_day != NONE || k->q->to_day != NONE;
    for (; i < end && b->at[i] <= k->until; i++) {
        if (b->at[i] < over) continue; /* the same day */
        day = calendar_day(k->units, b->at[i]);
        if (!k->units->zone)
            over = (day + 1) * DAY_MS - k->units->zone_ms;
        else if (seen != NONE && day <= seen)
            continue;
        if (seen == NONE)
            x.first_day = day;
        else if (x.next_day == NONE)
            x.next_day = day;
        seen = day;
        bool in = b->at[i] >= k->from_at && b->at[i] < k->to_at;
        x.twice_in_period |= in && x.in_period;
        x.in_period |= in;
        if (x.next_day != NONE && (!bounded || x.twice_in_period || b->at[i] >= k->to_at)) break;
    }
    if (seen == NONE) x.first_at = NONE;
    return x;
}

static tallied *row_new(repurchase *k, i64 at, err *e);

/* The row of a first order; the calendar's table makes it two looks. */
static tallied *row_of(repurchase *k, i64 at, err *e) {
    if (!k->row_of_unit) return row_new(k, at, e);
    u32 *known = &k->row_of_unit[calendar_number(k->units, at) - k->first_unit];
    if (*known) return &k->rows[*known - 1];
    tallied *r = row_new(k, at, e);
    if (r) *known = (u32)(r - k->rows) + 1;
    return r;
}

static tallied *row_at(repurchase *k, i64 day, err *e) {
    u32 i = key_number(&k->keys, day);
    if (i >= LIMIT_WALK_PERIODS) {
        fail(e, LIMIT, "more than %d cohorts; choose longer periods", LIMIT_WALK_PERIODS);
        return NULL;
    }
    if (i >= k->cap) {
        tallied *old = k->rows;
        u32 had = k->cap;
        k->cap = MAX(64u, had * 2);
        k->rows = NEW_N(k->a, tallied, k->cap);
        if (had) memcpy(k->rows, old, had * sizeof *old);
    }
    k->rows[i].day = day;
    return &k->rows[i];
}

static tallied *row_new(repurchase *k, i64 at, err *e) {
    return row_at(k, k->q->by == BY_VALUE ? NONE : calendar_look(k->units, at)->first, e);
}

static bool walk_case(repurchase *k, const walk_batch *b, u32 from, u32 end, err *e) {
    buyer x = look(k, b, from, end);
    if (x.first_at == NONE) return true;
    k->buyers += x.in_period;
    k->repeat_buyers += x.twice_in_period;
    if (x.first_at < k->from_at || x.first_at >= k->to_at) return true;
    tallied *r = row_of(k, x.first_at, e);
    if (!r) return false;
    i64 within = k->q->within_days;
    i64 due = within != NONE         ? x.first_day + within
              : k->q->to_day != NONE ? k->q->to_day
                                     : k->last_day;
    bool again = x.next_day != NONE && x.next_day <= due;
    bool observed = due <= k->last_day;
    r->fresh++;
    r->again += again;
    r->observed += observed;
    r->observed_again += observed && again;
    r->censored += !observed && !again;
    if (again) day_add(k->a, &r->wait, x.next_day - x.first_day);
    return true;
}

static bool visit(void *ctx, const walk_batch *b, err *e) {
    repurchase *k = ctx;
    for (u32 c = 0; c < b->cases; c++)
        if (!walk_case(k, b, b->start[c], b->start[c + 1], e)) return false;
    return true;
}

static void day_join(arena *a, day_count *to, const day_count *from) {
    for (i64 d = 0; d < from->cap; d++) {
        if (!from->n[d]) continue;
        day_add(a, to, d);
        to->n[d] += from->n[d] - 1;
        to->all += from->n[d] - 1;
        to->sum += (from->n[d] - 1) * d;
    }
}

static void *part_open(arena *a, const void *ctx) {
    const repurchase *whole = ctx;
    repurchase *k = NEW(a, repurchase);
    *k = *whole;
    k->a = a;
    k->units = calendar_part(a, whole->units);
    k->keys = (key_set){.a = a};
    k->rows = NULL;
    k->cap = 0;
    if (k->units_n) k->row_of_unit = NEW_N(a, u32, (size_t)k->units_n);
    return k;
}

static bool part_join(void *ctx, const void *found, err *e) {
    repurchase *k = ctx;
    const repurchase *p = found;
    k->buyers += p->buyers;
    k->repeat_buyers += p->repeat_buyers;
    for (u32 i = 0; i < p->keys.n; i++) {
        const tallied *from = &p->rows[i];
        tallied *to = row_at(k, p->keys.keys[i], e);
        if (!to) return false;
        to->fresh += from->fresh;
        to->again += from->again;
        to->observed += from->observed;
        to->observed_again += from->observed_again;
        to->censored += from->censored;
        day_join(k->a, &to->wait, &from->wait);
    }
    return true;
}

static const walk_work counting = {visit, part_open, part_join};

static int by_day(const void *x, const void *y) {
    const repurchase_row *a = x, *b = y;
    return a->day < b->day ? -1 : a->day > b->day;
}

static void tell(repurchase *k, repurchase_answer *out) {
    tallied none = {.day = NONE};
    bool empty = !k->keys.n && k->q->by == BY_VALUE;
    out->rows_n = empty ? 1 : k->keys.n;
    out->rows = NEW_N(k->a, repurchase_row, out->rows_n);
    for (u32 i = 0; i < out->rows_n; i++) {
        const tallied *r = empty ? &none : &k->rows[i];
        out->rows[i] = (repurchase_row){
            r->day,      r->fresh,           r->again, r->observed, r->observed_again,
            r->censored, day_times(&r->wait)};
    }
    if (out->rows_n) qsort(out->rows, out->rows_n, sizeof *out->rows, by_day);
    out->buyers = k->buyers;
    out->repeat_buyers = k->repeat_buyers;
    out->until = k->until;
    out->cost = walk_paid(k->w);
}

typedef struct {
    const walk_scope *s;
    const repurchase_question *q;
    repurchase_answer *out;
} asked;

static bool ask(walking *w, arena *a, void *ctx, err *e) {
    const asked *x = ctx;
    const repurchase_question *q = x->q;
    repurchase *k = NEW(a, repurchase);
    *k = (repurchase){.a = a, .w = w, .q = q, .keys = {.a = a}, .until = q->until};
    k->units = calendar_new(a, q->by, x->s);
    k->from_at = q->from_day == NONE ? INT64_MIN : walk_day_start(x->s, q->from_day);
    k->to_at = q->to_day == NONE ? INT64_MAX : walk_day_start(x->s, q->to_day + 1);
    if (q->until == NONE) k->until = walk_newest(w);
    if (walk_newest(w) != NONE) calendar_span(k->units, walk_oldest(w), walk_newest(w));
    if (k->units->numbers) {
        k->first_unit = calendar_number(k->units, walk_oldest(w));
        i64 last = calendar_number(k->units, walk_newest(w));
        k->units_n = last - k->first_unit + 1;
        k->row_of_unit = NEW_N(a, u32, (size_t)k->units_n);
    }
    k->last_day = k->until == NONE ? 0 : walk_day(x->s, k->until);
    if (!walk_round(w, &counting, k, e)) return false;
    tell(k, x->out);
    return true;
}

bool walk_repurchase(tally *t, arena *a, const walk_scope *s, const repurchase_question *q,
                     repurchase_answer *out, err *e) {
    check(t && s && q && out);
    repurchase_answer found = {0};
    asked k = {s, q, &found};
    if (q->within_days != NONE && q->within_days < 1)
        return fail(e, INVALID, "a repurchase is within 1 day or more");
    if (q->from_day != NONE && q->to_day != NONE && q->from_day > q->to_day)
        return fail(e, INVALID, "the period of new customers ends before it begins");
    if (!walk_run(t, a, s, ask, &k, e)) return false;
    *out = found;
    return true;
}
