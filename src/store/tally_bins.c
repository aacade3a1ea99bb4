/* tally_bins.c - counts of values in ranges that grow with them, for quantiles of columns with too many
** different values for bars: seven bits behind the leading one, as in HdrHistogram (Tene 2012).  Whole
** numbers only, so that threads and segments make no difference. */
#include "store/tally_int.h"

enum { FINE = 7, STEPS = 1 << FINE };

static i32 bin_of(num6 v) {
    u64 size = v < 0 ? 0 - (u64)v : (u64)v;
    i32 k = (i32)size;
    if (size >= STEPS) {
        i32 top = 63 - __builtin_clzll(size);
        k = STEPS + (top - FINE) * STEPS + (i32)(size >> (top - FINE) & (STEPS - 1));
    }
    return v < 0 ? -k : k;
}

static num6 middle_of(i32 bin) {
    i32 k = bin < 0 ? -bin : bin;
    i64 size = k;
    if (k >= STEPS) {
        i32 shift = (k - STEPS) / STEPS;
        size = (i64)(((u64)STEPS + (u64)((k - STEPS) % STEPS)) << shift);
        size += ((i64)1 << shift) / 2;
    }
    return bin < 0 ? -size : size;
}

static void bins_room(arena *a, cell_stat *s, i32 bin) {
    i32 low = s->bins_n ? MIN(s->bin_low, bin) : bin;
    i32 end = s->bins_n ? MAX(s->bin_low + (i32)s->bins_n, bin + 1) : bin + 1;
    if (s->bins_n && low == s->bin_low && end == s->bin_low + (i32)s->bins_n) return;
    if (low < s->bin_low || !s->bins_n)
        low -= STEPS / 2; /* a little more, so that it seldom grows */
    if (end > s->bin_low + (i32)s->bins_n) end += STEPS / 2;
    i64 *bins = NEW_N(a, i64, (size_t)(end - low));
    if (s->bins_n) memcpy(bins + (s->bin_low - low), s->bins, s->bins_n * sizeof *bins);
    s->bins = bins;
    s->bin_low = low;
    s->bins_n = (u32)(end - low);
}

void stat_bin(arena *a, cell_stat *s, num6 v, i64 count) {
    i32 bin = bin_of(v);
    bins_room(a, s, bin);
    s->bins[bin - s->bin_low] += count;
}

void stat_bins_join(arena *a, cell_stat *to, const cell_stat *from) {
    for (u32 i = 0; i < from->bins_n; i++) {
        if (!from->bins[i]) continue;
        bins_room(a, to, from->bin_low + (i32)i);
        to->bins[from->bin_low + (i32)i - to->bin_low] += from->bins[i];
    }
}

tally_bar *stat_bins(arena *a, const cell_stat *s, size_t *n_out) {
    size_t n = 0;
    for (u32 i = 0; i < s->bins_n; i++) n += s->bins[i] != 0;
    tally_bar *all = NEW_N(a, tally_bar, n);
    *n_out = 0;
    for (u32 i = 0; i < s->bins_n; i++) {
        if (!s->bins[i]) continue;
        num6 v = middle_of(s->bin_low + (i32)i);
        all[(*n_out)++] = (tally_bar){MIN(MAX(v, s->s.min), s->s.max), s->bins[i]};
    }
    return all;
}

double tally_quantile(const tally_stat *s, double p) {
    const tally_bar *all = s->bars ? s->bars : s->bins;
    size_t n = s->bars ? s->bars_n : s->bins_n;
    if (!s->n || !n) return NAN;
    double want = ceil(p * (double)s->n - 1e-9);
    i64 sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += all[i].count;
        if ((double)sum >= want) return (double)all[i].value / 1e6;
    }
    return (double)all[n - 1].value / 1e6;
}
