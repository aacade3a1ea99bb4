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
    s->hist = NEW_N(p->a, u32, SPREAD_BUCKETS);
    for (i64 i = 0; i < s->n; i++) s->hist[spread_bucket(old[i])]++;
    s->raw = NULL;
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

void spread_catch(spread *s, i64 v) {
    u32 b = spread_bucket(v);
    for (u32 i = 0; i < s->aims_n; i++)
        if (s->aims[i].bucket == b) {
            check(s->aims[i].n < s->aims[i].cap);
            s->aims[i].caught[s->aims[i].n++] = v;
            return;
        }
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
