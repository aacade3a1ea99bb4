/* tally_local.c - one segment's local cells: tables of counters that stay in the cache, and how they go
** into the answer when the segment is done. */
#include "store/tally_asking.h"

enum {
    LOCAL_CELLS = 1 << 18,
    LOCAL_COUNTERS = 1 << 21,
    FAST_KEYS = 1 << 16, /* 16 bits */
    SPREAD_KEYS =
        1 << 11,     /* more keys seldom repeat at once, and four tables would leave the cache */
    PAIR_KEYS = 128, /* their pairs fit the L1 cache */
    PAIR_ROWS = 1 << 14, /* fewer are not worth going through all pairs at the end */
    CUT_ROWS = 1 << 12,  /* rows of a span, on average, that are worth blocks of their own */
    TWICE_MOST = 9,      /* mentions of one signal that are compared pair by pair */
};

/* ---- counters ---- */

static void pairs_flush(counter *c) {
    u32 *restrict to = c->table + c->base, few = c->few;
    for (u32 x = 0; x < few; x++) {
        u16 *restrict row = c->pairs + (size_t)x * few;
        u32 sum = 0;
        for (u32 y = 0; y < few; y++) {
            sum += row[y];
            to[y] += row[y];
        }
        to[x] += sum;
    }
    memset(c->pairs, 0, (size_t)few * few * sizeof *c->pairs);
    c->pairs_left = UINT16_MAX;
}

void counter_add(counter *c, const vec *v, const u16 *key, u32 n, u32 base) {
    if (!c->few) {
        count_keys(c->table + base, c->keys, key, n, c->spread);
        return;
    }
    if (base != c->base || n / 2 > c->pairs_left) pairs_flush(c);
    c->base = base;
    c->pairs_left -= n / 2;
    v->pairs(c->pairs, c->few, key, n & ~1u);
    if (n % 2) c->table[base + key[n - 1]]++;
}

static void counter_end(counter *c) {
    if (c->few) pairs_flush(c);
    if (!c->spread) return;
    for (u32 t = 1; t < SPREAD_TABLES; t++)
        for (u32 i = 0; i < c->keys; i++) c->table[i] += c->table[t * c->keys + i];
}

/* ---- memory of a segment's tables: counted first, then given out ---- */

typedef struct {
    char *at;
    size_t used;
} giving;

static void *give(giving *g, size_t size, size_t n) {
    size_t from = g->used;
    g->used += (size * n + 63) / 64 * 64;
    return g->at ? g->at + from : NULL;
}

static void give_counter(const asking *k, giving *g, counter *c, u32 width) {
    u32 part_n = k->cut < LIMIT_GROUP_COLUMNS ? k->stride[k->cut] : k->local_n;
    *c = (counter){.keys = width * k->local_n, .pairs_left = UINT16_MAX};
    bool few = k->fast && !k->mentions && part_n * width <= PAIR_KEYS &&
               k->g->head->rows[OF_SIGNAL] >= PAIR_ROWS;
    if (few) c->few = part_n * width;
    c->spread = k->fast && !few && c->keys <= SPREAD_KEYS;
    c->table = give(g, sizeof *c->table, (size_t)c->keys * (c->spread ? SPREAD_TABLES : 1));
    if (few) c->pairs = give(g, sizeof *c->pairs, (size_t)c->few * c->few);
}

static void give_all(asking *k, giving *g) {
    k->gid = give(g, sizeof *k->gid, k->local_n);
    k->stamp = give(g, sizeof *k->stamp, k->local_n);
    give_counter(k, g, &k->count, k->counted ? 0 : 1);
    for (size_t i = 0; i < k->q->measures_n; i++) {
        measure *m = &k->measures[i];
        bool straight = k->fast && !m->width;
        give_counter(k, g, &m->hist, m->width);
        m->sums =
            straight && m->m->kind == MEASURE_NUM ? give(g, sizeof *m->sums, k->local_n) : NULL;
        m->seen = NULL;
        if (!straight || m->m->kind != MEASURE_DISTINCT) continue;
        m->seen = give(g, sizeof(void *), k->local_n);
        m->valued = give(g, sizeof *m->valued, k->local_n);
    }
}

/* ---- which way this segment goes ---- */

static u32 hist_width(const asking *k, const measure *m) {
    u64 most = k->fast ? FAST_KEYS : LOCAL_COUNTERS;
    if (!k->dense || m->m->kind == MEASURE_DISTINCT) return 0;
    if (m->m->kind == MEASURE_SHARE) return 3;
    if (!m->a) return 1;
    u64 width = m->a->max + 2;
    return m->a->width <= 2 && width * k->local_n <= most ? (u32)width : 0;
}

/* Spans whose blocks are cut come last, so that the tables of one span lie together. */
static void choose_cut(asking *k) {
    k->cut = LIMIT_GROUP_COLUMNS;
    for (size_t i = 0; i < k->q->by_n && k->cut == LIMIT_GROUP_COLUMNS; i++) {
        const dim *d = &k->dims[i];
        if (d->way == DIM_SPANS && !d->of_mention &&
            (u64)d->spans_n * CUT_ROWS <= k->g->head->rows[OF_SIGNAL])
            k->cut = i;
    }
}

/* Whether two mentions of a signal can fall into one cell, and what tells it without looking at them. */
static void choose_apart(asking *k, const part *counts) {
    bool aspect = false, polarity = k->one_polarity;
    k->again = NULL;
    k->apart = !k->mentions || !counts || counts->most <= 1;
    for (size_t i = 0; i < k->q->by_n; i++) {
        const dim *d = &k->dims[i];
        if (!d->of_mention || !d->codes) continue;
        k->apart |= d->codes->apart;
        aspect |= d->codes->column == COL_ASPECT;
        polarity |= d->codes->column == COL_POLARITY;
    }
    if (k->apart) return;
    k->apart = aspect && polarity && counts->apart;
    for (size_t i = 0; i < k->q->by_n && !k->apart; i++)
        if (k->said && k->dims[i].text == k->said)
            k->again = segment_part(k->g, PART_AGAIN, column_number(k->t, k->said));
    k->apart |= k->again != NULL;
}

/* Small products of cardinalities get a table of their own, which stays in the cache and is added to
** the answer at the end of the segment.  Others find their cell row by row. */
static void choose(asking *k) {
    u64 product = 1, rows = k->g->head->rows[OF_SIGNAL];
    bool slow = k->tags;
    choose_cut(k);
    for (size_t n = 0; n < k->q->by_n && product <= LOCAL_CELLS; n++) {
        size_t i = k->cut == LIMIT_GROUP_COLUMNS ? n : (k->cut + 1 + n) % k->q->by_n;
        slow |= k->dims[i].way == DIM_SLOW;
        k->stride[i] = (u32)product;
        product *= MIN((u64)k->dims[i].card, (u64)1 << 31);
    }
    k->dense = product <= LOCAL_CELLS && product <= MAX((u64)1024, rows * 2);
    k->local_n = k->dense ? (u32)product : 0;
    const part *counts = segment_part(k->g, PART_COUNT, OF_MENTION);
    bool many = k->mentions && counts && counts->width != 1;
    k->fast = k->dense && !slow && !many && product * 3 <= FAST_KEYS;
    if (!k->fast) k->cut = LIMIT_GROUP_COLUMNS;
    choose_apart(k, counts);
    if (k->fast && !k->apart && counts->most > TWICE_MOST) k->fast = false;
    if (!k->fast) k->again = NULL;
    k->some = k->filter || k->again;
}

static void measure_open(asking *k, measure *m) {
    m->a = m->num ? segment_part(k->g, PART_NUM, column_number(k->t, m->num)) : NULL;
    if (m->m->kind == MEASURE_DISTINCT && m->text)
        m->a = segment_part(k->g, PART_CODE, column_number(k->t, m->text));
    m->width = hist_width(k, m);
    m->two = m->a && (m->a->width == 1 || m->a->width == 2) && !m->m->quantiles;
}

bool local_open(asking *k) {
    giving g = {0};
    choose(k);
    k->counted = k->straight = false;
    k->stamped = k->mentions && !k->tags && k->dense;
    for (size_t i = 0; i < k->q->measures_n; i++) {
        measure *m = &k->measures[i];
        measure_open(k, m);
        k->stamped &= m->m->kind != MEASURE_SHARE;
        k->counted |= m->width > 0;
        k->straight |= k->fast && !m->width;
    }
    give_all(k, &g);
    if (g.used > k->pool_n) {
        k->pool_n = g.used;
        k->pool = arena_raw(k->a, g.used);
    }
    if (g.used) memset(k->pool, 0, g.used);
    g = (giving){.at = k->pool};
    give_all(k, &g);
    return true;
}

/* ---- local cells and the answer's ---- */

bool cell_of_codes(asking *k, const u32 *codes, u32 *out) {
    cell_key key[LIMIT_GROUP_COLUMNS];
    for (size_t i = 0; i < k->q->by_n; i++) key[i] = dim_key(&k->dims[i], codes[i]);
    return cells_find(&k->cells, key, out, k->e);
}

bool local_cell(asking *k, u32 local, u32 *out) {
    u32 codes[LIMIT_GROUP_COLUMNS];
    if (k->gid[local]) return *out = k->gid[local] - 1, true;
    for (size_t i = 0; i < k->q->by_n; i++) codes[i] = local / k->stride[i] % k->dims[i].card;
    if (!cell_of_codes(k, codes, out)) return false;
    k->gid[local] = *out + 1;
    return true;
}

/* The answer's cell of a pair: local cells are looked up once. */
static bool pair_cell(asking *k, u32 cell, u32 *out) {
    if (k->dense) return local_cell(k, cell, out);
    *out = cell;
    return true;
}

bool add_straight(asking *k, size_t which) {
    const measure *m = &k->measures[which];
    u32 cell = 0;
    for (u32 i = 0; i < k->p.n; i++) {
        if (!pair_cell(k, k->p.cell[i], &cell)) return false;
        cell_stat *s = &k->cells.stats[cell * k->q->measures_n + which];
        if (m->m->kind == MEASURE_SHARE) {
            u8 v = k->p.share[which][i];
            s->s.yes += v == T_YES;
            s->s.n += v != T_UNKNOWN;
            s->s.missing += v == T_UNKNOWN;
        } else if (m->m->kind == MEASURE_NUM) {
            num6 v = m->a ? part_value(k->g, m->a, k->b->from + k->p.row[i]) : NONE;
            if (v == NONE)
                s->s.missing++;
            else
                stat_add(k->a, s, v, 1);
        } else {
            u32 code = m->a ? (u32)part_code(k->g, m->a, k->b->from + k->p.row[i]) : 0;
            s->s.n += code != 0;
            s->s.missing += code == 0;
            if (code) cells_see(&k->cells, cell, which, code);
        }
    }
    return true;
}

/* ---- fast, but with too many values for a histogram ---- */

/* A value goes to the answer's cell by itself until that cell has too many different ones for bars. */
static bool add_alone(asking *k, size_t which, u32 local, u32 code) {
    measure *m = &k->measures[which];
    sums *s = &m->sums[local];
    u32 cell;
    if (!local_cell(k, local, &cell)) return false;
    cell_stat *to = &k->cells.stats[cell * k->q->measures_n + which];
    if (!to->many || to->binned)
        stat_add(k->a, to, (i64)((u64)m->a->base + code * (u64)m->a->scale), 1);
    else
        stat_codes(k->a, to, m->a->base, (u64)m->a->scale, 1, code, (u64)code * code, code, code);
    s->state = to->many && m->two ? 2 : 1;
    return true;
}

static void add_up(sums *restrict to, const u16 *restrict code, const u16 *restrict cell, u32 n) {
    for (u32 i = 0; i < n; i++) {
        u32 c = code[i];
        sums *s = &to[cell[i]];
        s->not_min = MAX(s->not_min, ~c);
        s->max = MAX(s->max, c);
        s->n++;
        s->sum += c;
        s->square += (u64)c * c;
    }
}

/* Codes of two bytes: those that are missing are packed away first. */
static bool add_nums(asking *k, size_t which, const u32 *code, const u16 *row, const u16 *cell,
                     u32 n) {
    measure *m = &k->measures[which];
    u16 *two = k->key_all, *kept = k->item;
    u32 open = 0;
    for (u32 i = 0; i < n; i++) two[i] = (u16)code[row[i]];
    u16 missing = (u16)m->a->missing;
    if (m->a->present < m->a->rows) {
        k->v->unlike(k->keep, two, n, missing);
        k->v->pack(kept, cell, k->keep, n);
        n = k->v->pack(two, two, k->keep, n);
        cell = kept;
    }
    for (u32 i = 0; i < n; i++) open |= m->sums[cell[i]].state ^ 2;
    if (!open) {
        add_up(m->sums, two, cell, n);
        return true;
    }
    for (u32 i = 0; i < n; i++) {
        if (m->sums[cell[i]].state == 2)
            add_up(m->sums, two + i, cell + i, 1);
        else if (!add_alone(k, which, cell[i], two[i]))
            return false;
    }
    return true;
}

static bool add_alone_all(asking *k, size_t which, const u32 *code, const u16 *row, const u16 *cell,
                          u32 n) {
    const part *a = k->measures[which].a;
    u32 missing = a->width ? (u32)a->missing : UINT32_MAX;
    for (u32 i = 0; i < n; i++)
        if (code[row[i]] != missing && !add_alone(k, which, cell[i], code[row[i]])) return false;
    return true;
}

static bool add_seen(asking *k, size_t which, const u32 *code, const u16 *row, const u16 *cell,
                     u32 n) {
    measure *m = &k->measures[which];
    for (u32 i = 0; i < n; i++) {
        u32 c = code[row[i]], local = cell[i], to;
        cell_seen *s = m->seen[local];
        if (!c) continue;
        m->valued[local]++;
        if (!s) {
            if (!local_cell(k, local, &to)) return false;
            s = m->seen[local] = cells_seen(&k->cells, to, which);
        }
        if (s->bits)
            s->bits[c / 64] |= (u64)1 << c % 64;
        else {
            seen_add(k->a, &k->cells.seen[which], s, c);
            cells_bound(&k->cells, which);
        }
    }
    return true;
}

/* Codes too wide for 32 bits: value by value. */
static bool add_wide(asking *k, size_t which, const u16 *row, const u16 *cell, u32 n) {
    const measure *m = &k->measures[which];
    u32 to;
    for (u32 i = 0; i < n; i++) {
        i64 v = part_value(k->g, m->a, k->b->from + row[i]);
        if (v == NONE) continue;
        if (!local_cell(k, cell[i], &to)) return false;
        stat_add(k->a, &k->cells.stats[to * k->q->measures_n + which], v, 1);
    }
    return true;
}

bool add_values(asking *k, size_t which, const u16 *row, const u16 *cell, u32 n) {
    const measure *m = &k->measures[which];
    u32 code[BLOCK];
    if (!m->a) return true;
    if (m->a->width == 8) return add_wide(k, which, row, cell, n);
    part_codes(k->g, m->a, k->b->from, k->b->n, code);
    if (!m->sums) return add_seen(k, which, code, row, cell, n);
    return m->two ? add_nums(k, which, code, row, cell, n)
                  : add_alone_all(k, which, code, row, cell, n);
}

/* ---- after each segment: local tables into the answer ---- */

static i64 local_count(const asking *k, u32 local) {
    if (!k->counted) return k->count.table[local];
    for (size_t i = 0; i < k->q->measures_n; i++) {
        const measure *m = &k->measures[i];
        i64 n = 0;
        if (!m->width) continue;
        for (u32 c = 0; c < m->width; c++) n += m->hist.table[local * m->width + c];
        return n;
    }
    return 0;
}

/* What a straight measure has of a cell of n signals; values counted alone are in the answer already. */
static void merge_straight(asking *k, measure *m, u32 local, i64 n, i64 had, cell_stat *s) {
    if (m->seen) {
        s->s.n += m->valued[local];
        s->s.missing += n - m->valued[local];
        return;
    }
    const sums *x = &m->sums[local];
    if (x->n)
        stat_codes(k->a, s, m->a->base, (u64)m->a->scale, x->n, x->sum, x->square, ~x->not_min,
                   x->max);
    s->s.missing = had + n - s->s.n;
}

static void merge_measure(asking *k, const measure *m, const u32 *hist, cell_stat *s) {
    if (m->m->kind == MEASURE_SHARE) {
        s->s.yes += hist[T_YES];
        s->s.n += hist[T_YES] + hist[T_NO];
        s->s.missing += hist[T_UNKNOWN];
        return;
    }
    s->s.missing += hist[m->width - 1];
    if (m->a) stat_counts(k->a, s, m->a->base, (u64)m->a->scale, hist, m->width - 1);
}

bool local_merge(asking *k) {
    u32 cell = 0;
    counter_end(&k->count);
    for (size_t i = 0; i < k->q->measures_n; i++) counter_end(&k->measures[i].hist);
    for (u32 local = 0; local < k->local_n; local++) {
        i64 n = local_count(k, local);
        if (!n) continue;
        if (!local_cell(k, local, &cell)) return false;
        i64 had = k->cells.n[cell];
        k->cells.n[cell] += n;
        for (size_t i = 0; i < k->q->measures_n; i++) {
            measure *m = &k->measures[i];
            cell_stat *s = &k->cells.stats[cell * k->q->measures_n + i];
            if (m->width)
                merge_measure(k, m, m->hist.table + (size_t)local * m->width, s);
            else if (k->fast)
                merge_straight(k, m, local, n, had, s);
        }
    }
    return true;
}
