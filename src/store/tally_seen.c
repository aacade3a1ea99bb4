/* tally_seen.c - how many different texts a cell has: exactly while that costs little, else by a
** HyperLogLog sketch (Flajolet et al. 2007; small counts by Heule et al. 2013's linear counting).
** Which of the two depends on the data alone: never on threads, segments or the order of arrival. */
#include "store/tally_int.h"

enum { SKETCH_RANKS = 1 << SKETCH_BITS };

static size_t words_of(const seen_all *all) {
    return all->d->n / 64 + 1;
}

static u64 code_hash(arena *a, seen_all *all, u32 code) {
    if (!all->hashes) {
        all->hashes = arena_raw(a, (all->d->n + 1) * sizeof *all->hashes);
        for (u32 c = 1; c <= all->d->n; c++) {
            u64 h = str_hash(
                all->d->text[c - 1]); /* of the text: codes depend on the order they came */
            h = (h ^ h >> 31) * 0x9e3779b97f4a7c15u;
            all->hashes[c] = (h ^ h >> 29) * 0xbf58476d1ce4e5b9u;
        }
    }
    u64 h = all->hashes[code];
    return h ^ h >> 32;
}

static void rank_put(arena *a, seen_all *all, cell_seen *s, u32 code) {
    u64 h = code_hash(a, all, code), rest = h << SKETCH_BITS;
    u8 rank = rest ? (u8)(__builtin_clzll(rest) + 1) : (u8)(64 - SKETCH_BITS + 1);
    u8 *at = &s->ranks[h >> (64 - SKETCH_BITS)];
    *at = MAX(*at, rank);
}

static void slot_put(u32 *slots, u32 cap, u32 code) {
    u32 at = code * 0x9e3779b1u;
    while (slots[(at >> 8) & (cap - 1)]) at += 256;
    slots[(at >> 8) & (cap - 1)] = code;
}

static void slots_grow(arena *a, cell_seen *s) {
    u32 *old = s->slots, n = s->cap;
    s->cap = MAX(8u, n * 2);
    s->slots = NEW_N(a, u32, s->cap);
    for (u32 i = 0; i < n; i++)
        if (old[i]) slot_put(s->slots, s->cap, old[i]);
}

/* Few no more: bits, or ranks when this measure has gone over to sketches. */
static void enlarge(arena *a, seen_all *all, cell_seen *s) {
    if (all->sketched) {
        s->ranks = arena_alloc(a, SKETCH_RANKS);
        for (u32 i = 0; i < s->cap; i++)
            if (s->slots[i]) rank_put(a, all, s, s->slots[i]);
    } else {
        s->bits = NEW_N(a, u64, words_of(all));
        all->bytes += (i64)(words_of(all) * sizeof *s->bits);
        for (u32 i = 0; i < s->cap; i++)
            s->bits[s->slots[i] / 64] |= (u64)(s->slots[i] != 0) << s->slots[i] % 64;
    }
    s->slots = NULL;
    s->cap = 0;
}

static void few_add(arena *a, seen_all *all, cell_seen *s, u32 code) {
    if (s->n * 2 >= s->cap) slots_grow(a, s);
    for (u32 at = code * 0x9e3779b1u;; at += 256) {
        u32 have = s->slots[(at >> 8) & (s->cap - 1)];
        if (have == code) return;
        if (!have) break;
    }
    slot_put(s->slots, s->cap, code);
    if (++s->n > SEEN_FEW) enlarge(a, all, s);
}

void seen_add(arena *a, seen_all *all, cell_seen *s, u32 code) {
    check(code && code <= all->d->n);
    if (s->bits)
        s->bits[code / 64] |= (u64)1 << code % 64;
    else if (s->ranks)
        rank_put(a, all, s, code);
    else
        few_add(a, all, s, code);
}

bool seen_over(const seen_all *all) {
    return all->bytes > LIMIT_DISTINCT_BYTES || (all->sketched && all->bytes);
}

void seen_sketch(arena *a, seen_all *all, cell_seen *s) {
    all->sketched = true;
    if (!s->bits) return;
    s->ranks = arena_alloc(a, SKETCH_RANKS);
    for (size_t w = 0; w < words_of(all); w++)
        for (u64 left = s->bits[w]; left; left &= left - 1)
            rank_put(a, all, s, (u32)(w * 64) + (u32)__builtin_ctzll(left));
    s->bits = NULL;
    all->bytes -= (i64)(words_of(all) * sizeof *s->bits);
}

void seen_merge(arena *a, seen_all *all, cell_seen *to, const cell_seen *from) {
    if (from->ranks) {
        check(all->sketched && !to->bits);
        if (!to->ranks) enlarge(a, all, to);
        for (u32 i = 0; i < SKETCH_RANKS; i++) to->ranks[i] = MAX(to->ranks[i], from->ranks[i]);
    } else if (from->bits && to->bits) {
        for (size_t w = 0; w < words_of(all); w++) to->bits[w] |= from->bits[w];
    } else if (from->bits) {
        if (!to->ranks) enlarge(a, all, to);
        for (size_t w = 0; w < words_of(all); w++)
            for (u64 left = from->bits[w]; left; left &= left - 1)
                seen_add(a, all, to, (u32)(w * 64) + (u32)__builtin_ctzll(left));
    } else {
        for (u32 i = 0; i < from->cap; i++)
            if (from->slots[i]) seen_add(a, all, to, from->slots[i]);
    }
}

static i64 sketch_count(const u8 *ranks) {
    double sum = 0, m = SKETCH_RANKS;
    u32 zeros = 0, of[66] = {0};
    for (u32 i = 0; i < SKETCH_RANKS; i++) of[ranks[i]]++;
    zeros = of[0];
    for (int r = 65; r >= 0; r--) sum += ldexp((double)of[r], -r); /* one order: one result */
    double raw = 0.7213 / (1 + 1.079 / m) * m * m / sum;
    return llround(zeros && raw <= 2.5 * m ? m * log(m / zeros) : raw);
}

i64 seen_count(const seen_all *all, const cell_seen *s) {
    i64 n = 0;
    if (s->ranks) return sketch_count(s->ranks);
    if (!s->bits) return s->n;
    for (size_t w = 0; w < words_of(all); w++) n += __builtin_popcountll(s->bits[w]);
    return n;
}
