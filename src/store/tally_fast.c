/* tally_fast.c - blocks whose local cells, times the values of what is measured, fit keys of 16 bits:
** keys are made column by column, packed to what is selected, and counted. */
#include "store/tally_asking.h"

u32 fast_to(asking *k) {
    k->base = 0;
    if (k->cut == LIMIT_GROUP_COLUMNS) return UINT32_MAX;
    const dim *d = &k->dims[k->cut];
    u32 row = k->b->from + k->b->n, lo = 0, hi = d->spans_n;
    while (hi - lo > 1) {
        u32 mid = lo + (hi - lo) / 2;
        if (d->spans[mid].row <= row)
            lo = mid;
        else
            hi = mid;
    }
    k->base = (d->spans[lo].code - d->skip) * k->stride[k->cut];
    return lo + 1 < d->spans_n ? d->spans[lo + 1].row : UINT32_MAX;
}

/* Keys of local cells times width, from the dims of the block's rows. */
static void row_keys(const asking *k, u32 width, u16 *key) {
    const block *b = k->b;
    bool first = true;
    for (size_t i = 0; i < k->q->by_n; i++) {
        if (i == k->cut || k->dims[i].of_mention) continue;
        dim_keys(&k->dims[i], k->v, k->g, b->from, b->n, k->stride[i] * width, key, first);
        first = false;
    }
    if (first) memset(key, 0, b->n * sizeof *key);
}

/* Adds the measure's value of each row. */
static void value_keys(const asking *k, const measure *m, u16 *key) {
    const block *b = k->b;
    if (!m->a || !m->a->width) return; /* all missing, or all the same: value 0 */
    const u8 *at = k->g->base + m->a->offset + (size_t)b->from * m->a->width;
    lens l = {.top = m->width - 1};
    if (m->a->width == 1)
        k->v->key8(key, at, b->n, l, 1, false);
    else
        k->v->key16(key, (const void *)at, b->n, l, 1, false);
}

/* The keys of what is selected, at `out`; how many. */
static u32 selected(const asking *k, const u16 *key, u32 n, u16 **out) {
    *out = k->key_all;
    if (k->some) return k->v->pack(k->key_all, key, k->truths, n);
    memcpy(k->key_all, key, n * sizeof *key); /* what is found is changed in place */
    return n;
}

static void count_rows(asking *k, counter *c, u32 width, const u16 *key) {
    counter_add(c, k->v, key, k->b->n, k->base * width);
}

/* Rows and local cells one by one, for what has too many values for a histogram. */
bool fast_straight(asking *k, const u16 *row, u16 *cell, u32 n) {
    for (u32 i = 0; k->base && i < n; i++) cell[i] = (u16)(cell[i] + k->base);
    for (size_t i = 0; i < k->q->measures_n; i++)
        if (!k->measures[i].width && !add_values(k, i, row, cell, n)) return false;
    return true;
}

/* Codes of a byte (two) of what is selected, packed before anything is made of them. */
static void packed_codes(const asking *k, const u8 *at, u32 width, lens l, u32 mul, u16 *key,
                         bool first) {
    u8 *one = k->keep;
    u16 *two = k->item;
    u32 n = k->b->n;
    if (width == 1) {
        n = k->v->pack8(one, at, k->truths, n);
        k->v->key8(key, one, n, l, mul, first);
    } else {
        n = k->v->pack(two, (const void *)at, k->truths, n);
        k->v->key16(key, two, n, l, mul, first);
    }
}

/* Keys of local cells times width of the selected rows, with the measure's values; how many. */
static u32 packed_keys(const asking *k, u32 width, size_t which, u16 *key) {
    const block *b = k->b;
    const measure *m = which < k->q->measures_n ? &k->measures[which] : NULL;
    u32 n = 0;
    for (u32 i = 0; i < b->n; i++) n += k->truths[i] == T_YES;
    memset(key, 0, n * sizeof *key);
    for (size_t i = 0; i < k->q->by_n; i++) {
        const dim *d = &k->dims[i];
        u32 mul = k->stride[i] * width;
        const part *p = d->codes ? d->codes : d->nums;
        if (i == k->cut || d->way == DIM_NOTHING) continue;
        if (d->way == DIM_LOOK) {
            packed_codes(k, k->g->base + p->offset + (size_t)b->from * p->width, p->width, d->look,
                         mul, key, false);
            continue;
        }
        dim_keys(d, k->v, k->g, b->from, b->n, mul, k->cell, true);
        k->v->pack(k->cell, k->cell, k->truths, b->n);
        for (u32 r = 0; r < n; r++) key[r] = (u16)(key[r] + k->cell[r]);
    }
    if (m && k->tests[which])
        packed_codes(k, k->tests[which], 1, (lens){.top = 3}, 1, key, false);
    else if (m && m->a && m->a->width)
        packed_codes(k, k->g->base + m->a->offset + (size_t)b->from * m->a->width, m->a->width,
                     (lens){.top = width - 1}, 1, key, false);
    return n;
}

/* Rows, some of them not selected. */
static bool fast_some(asking *k) {
    size_t measures_n = k->q->measures_n;
    for (size_t i = 0; i < measures_n; i++) {
        measure *m = &k->measures[i];
        if (!m->width) continue;
        u32 n = packed_keys(k, m->width, i, k->key);
        counter_add(&m->hist, k->v, k->key, n, k->base * m->width);
    }
    if (k->counted && !k->straight) return true;
    u32 n = packed_keys(k, 1, measures_n, k->key);
    if (!k->counted) counter_add(&k->count, k->v, k->key, n, k->base);
    if (!k->straight) return true;
    k->v->pack(k->row, k->ramp, k->truths, k->b->n);
    return fast_straight(k, k->row, k->key, n);
}

bool fast_rows(asking *k) {
    const block *b = k->b;
    if (k->some) return fast_some(k);
    for (size_t i = 0; i < k->q->measures_n; i++) {
        measure *m = &k->measures[i];
        if (!m->width) continue;
        row_keys(k, m->width, k->key);
        if (k->tests[i])
            k->v->key8(k->key, k->tests[i], b->n, (lens){.top = 3}, 1, false);
        else
            value_keys(k, m, k->key);
        count_rows(k, &m->hist, m->width, k->key);
    }
    if (k->counted && !k->straight) return true;
    row_keys(k, 1, k->key);
    if (!k->counted) count_rows(k, &k->count, 1, k->key);
    if (!k->straight) return true;
    return fast_straight(k, k->ramp, k->key, b->n);
}

/* ---- mentions ---- */

static void spread(const asking *k, const u16 *rows, u16 *items) {
    const block *b = k->b;
    const u8 *counts = k->g->base + b->counts->offset + b->from;
    u32 n = k->v->spread(items, rows, counts, b->n, b->m_n, b->counts->most);
    check(n == b->items);
}

/* Keys of the block's items: what the rows say, spread over their mentions, and what these say. */
static void item_keys(asking *k, u32 width, const measure *m, u16 *key) {
    const block *b = k->b;
    u16 *rows = b->exploded ? k->item : key;
    row_keys(k, width, rows);
    if (m && !m->test.root && m->width > 1) value_keys(k, m, rows);
    if (!b->exploded) return;
    spread(k, rows, key);
    for (size_t i = 0; i < k->q->by_n; i++)
        if (k->dims[i].of_mention)
            dim_keys(&k->dims[i], k->v, k->g, b->m_from, b->m_n, k->stride[i] * width, key, false);
}

/* What the tests say of the first mention of a signal in a cell is joined with what they say of the
** others: all of it goes to the first. */
static void join_tests(const u16 *cell, const u16 *row, const u8 *keep, u32 n, u16 *said) {
    for (u32 i = 1; i < n; i++) {
        if (keep[i] == T_YES) continue;
        u32 at = i - 1;
        while (cell[at] != cell[i] || row[at] != row[i] || keep[at] != T_YES) at--;
        said[at] = (u16)(((said[at] | said[i]) & T_YES) | (said[at] & said[i] & T_NO));
    }
}

typedef struct {
    u32 n;      /* items selected */
    bool twice; /* some of them count only once: keep */
} items;

static u32 keep_once(const asking *k, items x, u16 *key) {
    if (!x.twice) return x.n;
    return k->v->pack(key, key, k->keep, x.n);
}

static void count_items(asking *k, items x, size_t which) {
    measure *m = &k->measures[which];
    u16 *key, *said = k->item;
    item_keys(k, m->width, m, k->key);
    u32 n = selected(k, k->key, k->b->items, &key);
    check(n == x.n);
    if (k->tests[which]) {
        k->v->key8(k->key, k->tests[which], k->b->items, (lens){.top = 3}, 1, true);
        if (k->some)
            k->v->pack(said, k->key, k->truths, k->b->items);
        else
            said = k->key;
        if (x.twice) join_tests(k->cell, k->row, k->keep, n, said);
        for (u32 i = 0; i < n; i++) key[i] = (u16)(key[i] + said[i]);
    }
    n = keep_once(k, x, key);
    counter_add(&m->hist, k->v, key, n, k->base * m->width);
}

static void put_ramp(const asking *k, u16 *out) {
    const block *b = k->b;
    if (b->exploded)
        spread(k, k->ramp, out);
    else
        memcpy(out, k->ramp, b->n * sizeof *out);
}

/* Rows and cells of the selected items, and which of them are one signal twice in one cell. */
static items cells_of_items(asking *k) {
    items x = {.n = k->b->items};
    u16 *key;
    if (k->apart && !k->straight && k->counted) {
        for (u32 i = 0; k->some && i < k->b->items; i++) x.n -= k->truths[i] != T_YES;
        return x;
    }
    item_keys(k, 1, NULL, k->key);
    x.n = selected(k, k->key, x.n, &key);
    if (k->apart && !k->straight) {
        counter_add(&k->count, k->v, key, x.n, k->base);
        return x;
    }
    memcpy(k->cell, key, x.n * sizeof *key);
    put_ramp(k, k->key);
    selected(k, k->key, k->b->items, &key);
    memcpy(k->row, key, x.n * sizeof *key);
    const part *counts = k->b->counts;
    if (!k->apart) x.twice = k->v->twice(k->keep, k->cell, k->row, x.n, counts->most - 1);
    return x;
}

/* Of mentions that are of one signal and one code, the first speaks for all. */
static void drop_again(asking *k) {
    const block *b = k->b;
    if (!k->filter) memset(k->truths, T_YES, b->items);
    if (b->exploded) k->v->drop(k->truths, k->g->base + k->again->offset, b->m_from, b->m_n);
}

bool fast_mentions(asking *k) {
    if (k->again) drop_again(k);
    items x = cells_of_items(k);
    for (size_t i = 0; i < k->q->measures_n; i++)
        if (k->measures[i].width) count_items(k, x, i);
    if ((k->counted || k->apart) && !k->straight) return true;
    u32 n = keep_once(k, x, k->cell);
    if (!k->counted) counter_add(&k->count, k->v, k->cell, n, k->base);
    if (!k->straight) return true;
    return fast_straight(k, k->row, k->cell, keep_once(k, x, k->row));
}
