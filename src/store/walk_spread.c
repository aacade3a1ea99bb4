/* walk_spread.c - exact quantiles of many whole numbers in bounded memory: few are kept; of many the first
** round counts them by size, sixteen buckets to a power of two, and the second catches those of the one
** or two buckets a quantile falls into. */
#include "store/walk_int.h"

static i64 bucket_low(u32 b, i64 *width) {
    if (b < 32) return *width = 1, (i64)b;
    u32 shift = b / 16 - 1;
    *width = (i64)1 << shift;
    return (i64)(16 + b % 16) << shift;
}

/* Where the quantile p/10 of n values lies: between ranks lo and lo + 1, by tenths. */
static i64 rank_low(i64 n, i64 p, double *between) {
    i64 at = (n - 1) * p;
    *between = (double)(at % 10) / 10;
    return at / 10;
}

static void aim(arena *a, spread *s, i64 rank) {
    i64 before = 0, width;
    u32 b = 0;
    for (; before + s->hist[b] <= rank; b++) before += s->hist[b];
    bucket_low(b, &width);
    if (width == 1) return;
    for (u32 i = 0; i < s->aims_n; i++)
        if (s->aims[i].bucket == b) return;
    check(s->aims_n < SPREAD_AIMS);
    s->aims[s->aims_n].bucket = b;
    s->aims[s->aims_n].before = before;
    s->aims[s->aims_n].cap = s->hist[b];
    s->aims[s->aims_n++].caught = arena_raw(a, s->hist[b] * sizeof(i64));
}

/* Counted by size from now on. */
static void count_by_size(arena *a, spread *s) {
    i64 *old = s->raw;
    s->hist = NEW_N(a, u32, SPREAD_BUCKETS);
    for (i64 i = 0; i < s->n; i++) s->hist[spread_bucket(old[i])]++;
    s->raw = NULL;
}

void spread_room(spread_pool *p, spread *s) {
    u32 cap = MAX(16u, s->raw_cap * 2);
    i64 *old = s->raw;
    if (p->left >= cap) {
        p->left -= cap;
        s->raw = arena_raw(p->a, cap * sizeof *old);
        if (s->n) memcpy(s->raw, old, (size_t)s->n * sizeof *old);
        s->raw_cap = cap;
        return;
    }
    count_by_size(p->a, s);
}

bool spread_aim(arena *a, spread *s) {
    static const i64 tenths[] = {5, 9};
    double between;
    if (!s->n || !s->hist) return false;
    for (size_t i = 0; i < COUNT(tenths); i++) {
        i64 lo = rank_low(s->n, tenths[i], &between);
        aim(a, s, lo);
        if (between > 0) aim(a, s, lo + 1);
    }
    return s->aims_n > 0;
}

/* Of the whole the room is known; a part's grows. */
static void caught_room(arena *a, spread_aimed *m) {
    i64 *old = m->caught;
    m->cap = MAX(64u, m->cap * 2);
    m->caught = arena_raw(a, m->cap * sizeof *old);
    if (m->n) memcpy(m->caught, old, m->n * sizeof *old);
}

void spread_catch(arena *a, spread *s, i64 v) {
    u32 b = spread_bucket(v);
    for (u32 i = 0; i < s->aims_n; i++) {
        spread_aimed *m = &s->aims[i];
        if (m->bucket != b) continue;
        if (m->n == m->cap) caught_room(a, m);
        m->caught[m->n++] = v;
        return;
    }
}

/* ---- parts ---- */

spread_pool spread_pool_part(arena *a, const spread_pool *whole) {
    return (spread_pool){a, whole->left / LIMIT_TALLY_THREADS};
}

spread spread_part(const spread *whole) {
    spread mine = {.aims_n = whole->aims_n};
    for (u32 i = 0; i < mine.aims_n; i++) mine.aims[i].bucket = whole->aims[i].bucket;
    return mine;
}

static void join_caught(spread *whole, const spread *found) {
    for (u32 i = 0; i < whole->aims_n; i++) {
        spread_aimed *to = &whole->aims[i];
        const spread_aimed *from = &found->aims[i];
        check(to->bucket == from->bucket && to->cap - to->n >= from->n);
        if (from->n) memcpy(to->caught + to->n, from->caught, from->n * sizeof(i64));
        to->n += from->n;
    }
}

void spread_join(spread_pool *p, spread *whole, const spread *found) {
    if (whole->aims_n) {
        join_caught(whole, found);
        return;
    }
    if (!found->hist) {
        for (i64 i = 0; i < found->n; i++) spread_add(p, whole, found->raw[i]);
        return;
    }
    if (!whole->hist) count_by_size(p->a, whole);
    for (u32 b = 0; b < SPREAD_BUCKETS; b++) whole->hist[b] += found->hist[b];
    whole->n += found->n;
    whole->sum += found->sum;
}

static void swap(i64 *x, i64 *y) {
    i64 was = *x;
    *x = *y;
    *y = was;
}

/* Hoare's selection with the median of three; equal values do not slow it. */
i64 rank_of(i64 *v, u32 n, u32 rank) {
    u32 lo = 0, hi = n - 1;
    check(rank < n);
    while (lo < hi) {
        u32 mid = lo + (hi - lo) / 2;
        if (v[mid] < v[lo]) swap(&v[mid], &v[lo]);
        if (v[hi] < v[lo]) swap(&v[hi], &v[lo]);
        if (v[hi] < v[mid]) swap(&v[hi], &v[mid]);
        i64 pivot = v[mid];
        i64 i = lo, j = hi;
        while (i <= j) {
            while (v[i] < pivot) i++;
            while (v[j] > pivot) j--;
            if (i <= j) swap(&v[i++], &v[j--]);
        }
        if ((i64)rank <= j)
            hi = (u32)j;
        else if ((i64)rank >= i)
            lo = (u32)i;
        else
            break;
    }
    return v[rank];
}

static i64 value_at(spread *s, i64 rank) {
    i64 before = 0, width;
    u32 b = 0;
    if (!s->hist) return rank_of(s->raw, (u32)s->n, (u32)rank);
    for (; before + s->hist[b] <= rank; b++) before += s->hist[b];
    i64 low = bucket_low(b, &width);
    if (width == 1) return low;
    for (u32 i = 0; i < s->aims_n; i++)
        if (s->aims[i].bucket == b) {
            check(s->aims[i].n == s->aims[i].cap);
            return rank_of(s->aims[i].caught, s->aims[i].n, (u32)(rank - before));
        }
    check(false);
    return 0;
}

static double quantile(spread *s, i64 tenths) {
    double between;
    i64 rank = rank_low(s->n, tenths, &between), lo = value_at(s, rank);
    return between > 0 ? (double)lo + between * (double)(value_at(s, rank + 1) - lo) : (double)lo;
}

walk_times spread_times(spread *s) {
    if (!s->n) return (walk_times){0, NAN, NAN, NAN};
    return (walk_times){s->n, (double)s->sum / (double)s->n, quantile(s, 5), quantile(s, 9)};
}
