/* tally_select.c - which items of a block count: conditions joined by "and" are asked one by one, those
** on signals of the rows themselves; where they leave few rows, only the mentions of these are looked
** at. */
#include "store/tally_asking.h"

enum {
    NAMES_ROWS = 1,
    NAMES_SAID = 2,
    SPARSE = 4, /* at most one row in so many: rows are taken one by one */
    NO_MENTION = UINT16_MAX,
};

/* ---- the condition, taken apart ---- */

static u32 names(const plan *p) {
    u32 all = 0;
    for (; p->left; p = p->left)
        if (p->right) all |= names(p->right);
    return all | (p->of_mention ? NAMES_SAID : NAMES_ROWS);
}

static void take_apart(asking *k, const plan *p) {
    for (; p->op == EXPR_AND; p = p->left) take_apart(k, p->right);
    if (k->wants_n < COUNT(k->wants)) k->wants[k->wants_n] = (want){.p = p, .names = names(p)};
    k->wants_n++;
}

void select_init(asking *k) {
    k->row_truths = arena_alloc(k->a, ITEMS_MAX);
    k->wants_n = 0;
    if (!k->where.root) return;
    take_apart(k, k->where.root);
    if (k->wants_n <= COUNT(k->wants)) return;
    k->wants[0] = (want){.p = k->where.root, .names = names(k->where.root)};
    k->wants_n = 1;
}

/* Conditions that are true for all of this segment are not asked. */
void select_open(asking *k) {
    bool said = false;
    const part *counts = segment_part(k->g, PART_COUNT, OF_MENTION);
    k->by_rows = k->sparse = false;
    for (size_t i = 0; i < k->wants_n; i++) {
        want *w = &k->wants[i];
        w->on = plan_can(w->p, k->g, k->t) != CAN_YES;
        k->by_rows |= w->on && w->names == NAMES_ROWS;
        said |= w->on && w->names == (NAMES_ROWS | NAMES_SAID);
    }
    for (size_t i = 0; i < k->q->measures_n; i++) said |= k->measures[i].test.mentions;
    k->sparse = k->by_rows && !said && k->fast && k->mentions && counts && counts->width == 1;
}

/* ---- what is read next ---- */

static void ahead_part(asking *k, const part *p) {
    bool plain = p && p->width && !p->runs;
    if (plain && k->ahead_n < COUNT(k->ahead)) k->ahead[k->ahead_n++] = p;
}

static void ahead_plan(asking *k, const plan *p) {
    for (; p->left; p = p->left)
        if (p->right) ahead_plan(k, p->right);
    if (p->text) ahead_part(k, segment_part(k->g, PART_CODE, column_number(k->t, p->text)));
    if (p->num) ahead_part(k, segment_part(k->g, PART_NUM, column_number(k->t, p->num)));
}

void ahead_open(asking *k) {
    k->ahead_n = 0;
    for (size_t i = 0; k->filter && i < k->wants_n; i++)
        if (k->wants[i].on) ahead_plan(k, k->wants[i].p);
    for (size_t i = 0; i < k->q->by_n; i++) {
        ahead_part(k, k->dims[i].codes);
        ahead_part(k, k->dims[i].nums);
    }
    for (size_t i = 0; i < k->q->measures_n; i++) {
        ahead_part(k, k->measures[i].a);
        if (k->measures[i].test.root) ahead_plan(k, k->measures[i].test.root);
    }
    if (k->mentions) ahead_part(k, segment_part(k->g, PART_COUNT, OF_MENTION));
}

void ahead_fetch(const asking *k) {
    enum { LINE = 64 };
    const block *b = k->b;
    for (size_t i = 0; i < k->ahead_n; i++) {
        const part *p = k->ahead[i];
        bool said = p->rows != b->g->head->rows[OF_SIGNAL];
        u64 from = said ? b->m_from + b->m_n : b->from + b->n, n = said ? b->m_n : b->n;
        u64 at = from * p->width, end = MIN(p->bytes, (from + n) * p->width);
        const u8 *base = k->g->base + p->offset;
        for (; at < end; at += LINE) __builtin_prefetch(base + at, 0, 2);
    }
}

/* ---- truths ---- */

/* Joins what the conditions of that kind say, true where there is none; false: nothing is true. */
static bool truths_of(asking *k, bool rows, u8 *out) {
    block *b = k->b;
    u8 *one = k->keep;
    bool first = true;
    for (size_t i = 0; i < k->wants_n; i++) {
        const want *w = &k->wants[i];
        if (!w->on || (w->names == NAMES_ROWS) != rows) continue;
        plan_truth(w->p, b, first ? out : one);
        if (!first && !k->v->both(out, one, b->items, true)) return false;
        first = false;
    }
    if (first) memset(out, T_YES, b->items);
    return first || memchr(out, T_YES, b->items);
}

/* The block's rows as its items. */
typedef struct {
    bool exploded;
    u32 items;
} flat;

static flat flatten(block *b) {
    flat was = {b->exploded, b->items};
    b->exploded = false;
    b->items = b->n;
    return was;
}

static void unflatten(block *b, flat was) {
    b->exploded = was.exploded;
    b->items = was.items;
}

static bool rows_truths(asking *k, u8 *out) {
    block *b = k->b;
    flat was = flatten(b);
    bool some = truths_of(k, true, out);
    unflatten(b, was);
    return some;
}

void row_truth(const plan *p, block *b, u8 *out) {
    flat was = flatten(b);
    plan_truth(p, b, out);
    unflatten(b, was);
}

static bool is_few(const u8 *truths, u32 n) {
    u32 yes = 0;
    for (u32 i = 0; i < n; i++) yes += truths[i] == T_YES;
    return yes * SPARSE <= n;
}

bool select_items(asking *k, bool *few) {
    block *b = k->b;
    *few = false;
    if (!b->exploded) {
        if (!rows_truths(k, k->truths)) return false;
        if (!k->mentions) return true;
        return truths_of(k, false, k->row_truths) &&
               k->v->both(k->truths, k->row_truths, b->items, true) &&
               memchr(k->truths, T_YES, b->items);
    }
    if (!k->by_rows) return truths_of(k, false, k->truths);
    if (!rows_truths(k, k->row_truths)) return false;
    *few = k->sparse && is_few(k->row_truths, b->n);
    if (!truths_of(k, false, k->truths)) return false;
    if (*few) return true;
    u8 *rows = k->keep;
    block_spread(b, k->row_truths, rows);
    return k->v->both(k->truths, rows, b->items, true) && memchr(k->truths, T_YES, b->items);
}

/* ---- few rows ---- */

/* Of mentions that are of one signal and one code, the first speaks for all. */
static u32 said_first(const asking *k, u16 *row, u16 *said, u32 n) {
    const u8 *bits = k->g->base + k->again->offset;
    u32 kept = 0;
    for (u32 i = 0; i < n; i++) {
        u32 at = k->b->m_from + said[i];
        row[kept] = row[i];
        said[kept] = said[i];
        kept += said[i] == NO_MENTION || !(bits[at / 8] >> at % 8 & 1);
    }
    return kept;
}

/* Rows and mentions (of the block, or NO_MENTION) of what is selected. */
static u32 few_items(asking *k, u16 *row, u16 *said) {
    const block *b = k->b;
    const u8 *counts = k->g->base + b->counts->offset + b->from;
    bool without = b->items > b->m_n && k->truths[b->m_n] == T_YES;
    u16 *chosen = k->item, *before = k->key;
    u32 n = 0, most = b->counts->most,
        rows = k->v->chosen(chosen, before, k->row_truths, counts, b->n, b->counts->most);
    for (u32 i = 0; i < rows; i++) {
        u32 r = chosen[i], m = before[i], end = m + counts[r];
        for (u32 j = 0; j < most; j++) { /* no branch that a processor could guess wrong */
            row[n] = (u16)r;
            said[n] = (u16)(m + j);
            n += (m + j < end) & (k->truths[m + j] == T_YES);
        }
        row[n] = (u16)r;
        said[n] = NO_MENTION;
        n += (m == end) & without;
    }
    return k->again ? said_first(k, row, said, n) : n;
}

/* Adds each item's code in that dim. */
static void few_keys(const asking *k, size_t which, const u16 *row, const u16 *said, u32 n,
                     u16 *cell) {
    const dim *d = &k->dims[which];
    const block *b = k->b;
    u32 mul = k->stride[which];
    if (!d->of_mention)
        dim_add(d, k->g, b->from, row, n, mul, cell);
    else
        for (u32 i = 0; i < n; i++) {
            if (said[i] != NO_MENTION) dim_add(d, k->g, b->m_from, &said[i], 1, mul, &cell[i]);
        }
}

static void few_counted(asking *k, size_t which, const u16 *row, const u16 *cell, u32 n) {
    measure *m = &k->measures[which];
    u16 *key = k->key_all;
    const part *a = m->test.root || !m->a || !m->a->width ? NULL : m->a;
    const u8 *at = a ? k->g->base + a->offset + (size_t)k->b->from * a->width : NULL;
    const u16 *two = (const void *)at;
    for (u32 i = 0; i < n; i++) {
        u32 v = m->test.root   ? k->tests[which][row[i]]
                : !a           ? 0
                : a->width > 1 ? two[row[i]]
                               : at[row[i]];
        key[i] = (u16)(cell[i] * m->width + MIN(v, m->width - 1));
    }
    counter_add(&m->hist, k->v, key, n, k->base * m->width);
}

bool few_count(asking *k) {
    block *b = k->b;
    u16 *row = k->row, *said = k->said_item, *cell = k->cell;
    u32 n = few_items(k, row, said);
    if (!n) return true;
    memset(cell, 0, n * sizeof *cell);
    for (size_t i = 0; i < k->q->by_n; i++)
        if (i != k->cut) few_keys(k, i, row, said, n, cell);
    if (!k->apart && b->counts->most > 1) {
        if (k->v->twice(k->keep, cell, row, n, b->counts->most - 1)) {
            k->v->pack(row, row, k->keep, n);
            n = k->v->pack(cell, cell, k->keep, n);
        }
    }
    for (size_t i = 0; i < k->q->measures_n; i++)
        if (k->measures[i].width) few_counted(k, i, row, cell, n);
    if (!k->counted) counter_add(&k->count, k->v, cell, n, k->base);
    return !k->straight || fast_straight(k, row, cell, n);
}
