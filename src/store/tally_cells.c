/* tally_cells.c - the cells of an answer: found by their keys, added to exactly, sorted at the end. */
#include "store/tally_int.h"

void cells_init(cells *c, arena *a, size_t by_n, size_t measures_n) {
    *c = (cells){.a = a, .by_n = by_n, .measures_n = measures_n};
    c->seen = NEW_N(a, seen_all, measures_n);
    c->binned = NEW_N(a, bool, measures_n);
}

static u64 key_hash(const cells *c, const cell_key *k) {
    u64 h = 0x9e3779b97f4a7c15u;
    for (size_t i = 0; i < c->by_n; i++) {
        h = (h ^ (u64)k[i].v ^ ((u64)k[i].kind << 61)) * 0xff51afd7ed558ccdu;
        h ^= h >> 32;
    }
    return h;
}

static bool key_same(const cells *c, const cell_key *x, const cell_key *y) {
    for (size_t i = 0; i < c->by_n; i++)
        if (x[i].v != y[i].v || x[i].kind != y[i].kind) return false;
    return true;
}

static void *grown(arena *a, const void *p, size_t size, size_t n, size_t cap) {
    void *q = arena_array(a, size, cap);
    if (n) memcpy(q, p, size * n);
    return q;
}

static void cells_grow(cells *c) {
    c->cap = MAX(64u, c->cap * 2);
    c->keys = grown(c->a, c->keys, sizeof *c->keys * MAX(c->by_n, (size_t)1), c->cells, c->cap);
    c->n = grown(c->a, c->n, sizeof *c->n, c->cells, c->cap);
    c->stats =
        grown(c->a, c->stats, sizeof *c->stats * MAX(c->measures_n, (size_t)1), c->cells, c->cap);
    c->slots_n = c->cap * 2;
    c->slots = NEW_N(c->a, u32, c->slots_n);
    for (u32 k = 0; k < c->cells; k++) {
        u64 at = key_hash(c, c->keys + k * c->by_n);
        while (c->slots[at & (c->slots_n - 1)]) at++;
        c->slots[at & (c->slots_n - 1)] = k + 1;
    }
}

bool cells_find(cells *c, const cell_key *key, u32 *out, err *e) {
    if (c->cells == c->cap) cells_grow(c);
    u64 at = key_hash(c, key);
    for (;; at++) {
        u32 k = c->slots[at & (c->slots_n - 1)];
        if (!k) break;
        if (!key_same(c, key, c->keys + (k - 1) * c->by_n)) continue;
        *out = k - 1;
        return true;
    }
    if (c->cells == LIMIT_CELLS)
        return fail(e, LIMIT,
                    "the answer has more than %d cells; group by fewer columns or filter first",
                    LIMIT_CELLS);
    c->slots[at & (c->slots_n - 1)] = ++c->cells;
    memcpy(c->keys + (c->cells - 1) * c->by_n, key, c->by_n * sizeof *key);
    for (size_t m = 0; m < c->measures_n; m++) {
        tally_stat *s = &c->stats[(c->cells - 1) * c->measures_n + m].s;
        s->min = s->max = NONE;
        c->stats[(c->cells - 1) * c->measures_n + m].binned = c->binned[m];
    }
    *out = c->cells - 1;
    return true;
}

/* ---- statistics, exact ---- */

static void square_add(u64 sq[3], u128 v2, u64 count) {
    u128 low = (u128)(u64)v2 * count, high = (v2 >> 64) * count;
    u128 sum = (u128)sq[0] + (u64)low;
    sq[0] = (u64)sum;
    sum = (sum >> 64) + sq[1] + (u64)(low >> 64) + (u64)high;
    sq[1] = (u64)sum;
    sq[2] += (u64)(sum >> 64) + (u64)(high >> 64);
}

static void bar_add(arena *a, cell_stat *s, num6 v, i64 count) {
    size_t lo = 0, hi = s->s.bars_n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (s->s.bars[mid].value < v)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo < s->s.bars_n && s->s.bars[lo].value == v) {
        s->s.bars[lo].count += count;
        return;
    }
    if (s->s.bars_n == TALLY_HIST_MAX) {
        s->many = true;
        s->s.bars = NULL;
        s->s.bars_n = 0;
        return;
    }
    if (s->s.bars_n == s->bars_cap) {
        s->bars_cap = MAX(12u, MIN(s->bars_cap * 4, (u32)TALLY_HIST_MAX));
        s->s.bars = grown(a, s->s.bars, sizeof *s->s.bars, s->s.bars_n, s->bars_cap);
    }
    memmove(s->s.bars + lo + 1, s->s.bars + lo, (s->s.bars_n - lo) * sizeof *s->s.bars);
    s->s.bars[lo] = (tally_bar){v, count};
    s->s.bars_n++;
}

void stat_add(arena *a, cell_stat *s, num6 v, i64 count) {
    u64 size = v < 0 ? 0 - (u64)v : (u64)v;
    s->s.n += count;
    s->s.sum += (i128)v * count;
    square_add(s->s.square, (u128)size * size, (u64)count);
    if (s->s.min == NONE || v < s->s.min) s->s.min = v;
    if (s->s.max == NONE || v > s->s.max) s->s.max = v;
    if (!s->many) bar_add(a, s, v, count);
    if (s->binned) stat_bin(a, s, v, count);
}

/* The same, the other way. */
static void square_take(u64 sq[3], u128 v2, u64 count) {
    u64 less[3] = {0}, borrow = 0;
    square_add(less, v2, count);
    for (int i = 0; i < 3; i++) {
        u128 take = (u128)less[i] + borrow;
        borrow = sq[i] < take;
        sq[i] = (u64)(sq[i] - take);
    }
}

static void square_join(u64 sq[3], const u64 other[3]) {
    u128 sum = 0;
    for (int i = 0; i < 3; i++) {
        sum += (u128)sq[i] + other[i];
        sq[i] = (u64)sum;
        sum >>= 64;
    }
}

void stat_moments(arena *a, cell_stat *s, const tally_stat *m) {
    (void)a;
    s->s.n += m->n;
    s->s.missing += m->missing;
    s->s.yes += m->yes;
    s->s.sum += m->sum;
    square_join(s->s.square, m->square);
    if (m->min != NONE && (s->s.min == NONE || m->min < s->s.min)) s->s.min = m->min;
    if (m->max != NONE && (s->s.max == NONE || m->max > s->s.max)) s->s.max = m->max;
}

/* Squares of base + scale * code are base^2 n + 2 base scale sum + scale^2 square, modulo 2^192 on the
** way and exact in the end. */
void stat_codes(arena *a, cell_stat *s, i64 base, u64 scale, u64 n, u64 sum, u64 square, u64 min,
                u64 max) {
    u64 size = base < 0 ? 0 - (u64)base : (u64)base;
    tally_stat m = {
        .n = (i64)n, .min = base + (i64)(min * scale), .max = base + (i64)(max * scale)};
    m.sum = (i128)base * (i128)n + (i128)scale * (i128)sum;
    square_add(m.square, (u128)size * size, n);
    square_add(m.square, (u128)scale * scale, square);
    if (base < 0)
        square_take(m.square, (u128)size * scale, 2 * sum);
    else
        square_add(m.square, (u128)size * scale, 2 * sum);
    stat_moments(a, s, &m);
}

void stat_counts(arena *a, cell_stat *s, i64 base, u64 scale, const u32 *count, u32 n) {
    u64 all = 0, sum = 0, square = 0, min = UINT64_MAX, max = 0;
    size_t at = 0;
    for (u64 c = 0; c < n; c++) {
        if (!count[c]) continue;
        all += count[c];
        sum += c * count[c];
        square += c * c * count[c];
        min = MIN(min, c);
        max = c;
        i64 v = (i64)((u64)base + c * scale);
        if (s->binned) stat_bin(a, s, v, count[c]);
        if (s->many) continue;
        while (at < s->s.bars_n && s->s.bars[at].value < v) at++;
        if (at < s->s.bars_n && s->s.bars[at].value == v)
            s->s.bars[at].count += count[c];
        else
            bar_add(a, s, v, count[c]);
    }
    if (all) stat_codes(a, s, base, scale, all, sum, square, min, max);
}

/* ---- different texts of a cell ---- */

cell_seen *cells_seen(cells *c, u32 cell, size_t measure) {
    cell_stat *s = &c->stats[cell * c->measures_n + measure];
    if (!s->seen) s->seen = NEW(c->a, cell_seen);
    return s->seen;
}

void cells_bound(cells *c, size_t measure) {
    seen_all *all = &c->seen[measure];
    if (!seen_over(all)) return;
    for (u32 k = 0; k < c->cells; k++) {
        cell_seen *s = c->stats[k * c->measures_n + measure].seen;
        if (s) seen_sketch(c->a, all, s);
    }
}

void cells_see(cells *c, u32 cell, size_t measure, u32 code) {
    seen_add(c->a, &c->seen[measure], cells_seen(c, cell, measure), code);
    cells_bound(c, measure);
}

/* ---- two into one ---- */

static void stat_join(cells *c, size_t measure, u32 cell, const cell_stat *from) {
    cell_stat *to = &c->stats[cell * c->measures_n + measure];
    stat_moments(c->a, to, &from->s);
    to->many |= from->many;
    if (to->many) {
        to->s.bars = NULL;
        to->s.bars_n = 0;
    }
    for (size_t i = 0; i < from->s.bars_n && !to->many; i++)
        bar_add(c->a, to, from->s.bars[i].value, from->s.bars[i].count);
    if (from->binned) stat_bins_join(c->a, to, from);
    if (!from->seen) return;
    seen_merge(c->a, &c->seen[measure], cells_seen(c, cell, measure), from->seen);
    cells_bound(c, measure);
}

bool cells_join(cells *c, const cells *other, err *e) {
    u32 cell;
    check(c->by_n == other->by_n && c->measures_n == other->measures_n);
    for (size_t m = 0; m < c->measures_n; m++)
        if (other->seen[m].sketched) {
            c->seen[m].sketched = true;
            cells_bound(c, m);
        }
    for (u32 k = 0; k < other->cells; k++) {
        if (!cells_find(c, other->keys + k * c->by_n, &cell, e)) return false;
        c->n[cell] += other->n[k];
        for (size_t m = 0; m < c->measures_n; m++)
            stat_join(c, m, cell, &other->stats[k * c->measures_n + m]);
    }
    return true;
}

/* ---- the answer ---- */

static const column *text_column(const tally *t, str name) {
    const column *c = column_find(t, name, COLUMN_TEXT);
    return c ? c : column_find(t, name, COLUMN_SET);
}

static tally_key answer_key(const cell_key *k, const column *text) {
    tally_key out = {.kind = (value_kind)k->kind};
    if (out.kind == VALUE_TEXT) out.text = text->dict.text[k->v - 1];
    if (out.kind == VALUE_NUM) out.num = k->v;
    if (out.kind == VALUE_TIME) out.num = k->v * DAY_MS;
    return out;
}

static int key_order(const tally_key *x, const tally_key *y) {
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    if (x->kind == VALUE_TEXT) return str_cmp(x->text, y->text);
    return (x->num > y->num) - (x->num < y->num);
}

static int cell_order(const void *x, const void *y, void *by_n) {
    const tally_cell *c = x, *d = y;
    for (size_t i = 0; i < *(const size_t *)by_n; i++) {
        int o = key_order(&c->keys[i], &d->keys[i]);
        if (o) return o;
    }
    return 0;
}

void cells_answer(cells *c, const tally *t, const tally_question *q, tally_answer *out) {
    tally_cell *all = NEW_N(c->a, tally_cell, c->cells);
    tally_key *keys = NEW_N(c->a, tally_key, c->cells * c->by_n);
    tally_stat *stats = NEW_N(c->a, tally_stat, c->cells * c->measures_n);
    check(c->by_n == q->by_n && c->by_n <= LIMIT_GROUP_COLUMNS);
    const column *text[LIMIT_GROUP_COLUMNS] = {NULL};
    for (size_t i = 0; i < c->by_n; i++) text[i] = text_column(t, q->by[i].column);
    for (u32 k = 0; k < c->cells; k++) {
        all[k] = (tally_cell){keys + k * c->by_n, c->n[k], stats + k * c->measures_n};
        for (size_t i = 0; i < c->by_n; i++) {
            all[k].keys[i] = answer_key(&c->keys[k * c->by_n + i], text[i]);
            all[k].keys[i].text = arena_str(c->a, all[k].keys[i].text);
        }
        for (size_t m = 0; m < c->measures_n; m++) {
            const cell_stat *st = &c->stats[k * c->measures_n + m];
            tally_stat *told = &stats[k * c->measures_n + m];
            *told = st->s;
            if (st->binned && st->many) told->bins = stat_bins(c->a, st, &told->bins_n);
            if (!st->seen) continue;
            stats[k * c->measures_n + m].yes = seen_count(&c->seen[m], st->seen);
            stats[k * c->measures_n + m].sketched = st->seen->ranks != NULL;
        }
    }
    size_t by_n = c->by_n;
    qsort_r(all, c->cells, sizeof *all, cell_order, &by_n);
    out->cells = all;
    out->cells_n = c->cells;
}

double tally_mean(const tally_stat *s) {
    return s->n ? (double)((long double)s->sum / (long double)s->n / 1e6L) : NAN;
}

/* n * square - sum^2 over n (n - 1): the difference is taken exactly, so that nothing cancels. */
double tally_variance(const tally_stat *s) {
    if (s->n < 2) return NAN;
    u64 n = (u64)s->n, left[4], right[4] = {0};
    u128 carry = 0;
    for (int i = 0; i < 3; i++) {
        carry += (u128)s->square[i] * n;
        left[i] = (u64)carry;
        carry >>= 64;
    }
    left[3] = (u64)carry;
    u128 size = s->sum < 0 ? 0 - (u128)s->sum : (u128)s->sum;
    u64 lo = (u64)size, hi = (u64)(size >> 64);
    u128 cross = (u128)lo * hi, sum = (u128)lo * lo;
    right[0] = (u64)sum;
    sum = (sum >> 64) + (u64)cross + (u64)cross;
    right[1] = (u64)sum;
    sum = (sum >> 64) + (cross >> 64) + (cross >> 64) + (u64)((u128)hi * hi);
    right[2] = (u64)sum;
    right[3] = (u64)(sum >> 64) + (u64)((u128)hi * hi >> 64);
    long double d = 0;
    u64 borrow = 0, diff[4];
    for (int i = 0; i < 4; i++) {
        u128 take = (u128)right[i] + borrow;
        borrow = left[i] < take;
        diff[i] = (u64)(left[i] - take);
    }
    check(!borrow);
    for (int i = 3; i >= 0; i--) d = d * 18446744073709551616.0L + (long double)diff[i];
    return (double)(d / ((long double)n * (long double)(n - 1)) / 1e12L);
}
