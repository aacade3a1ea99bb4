/* tally_table.c - counted beforehand: for each segment and each column of few texts, how many signals speak
** of each aspect, with each polarity.  Questions that ask no more than that are answered from there. */
#include "store/tally_asking.h"

/* A table's cells: aspect varies fastest, then polarity, then the column's code.  Behind the codes of
** aspect (polarity) comes one more: whatever the aspect (polarity) is, each signal once. */
typedef struct {
    u32 aspects, polarities, codes; /* with the one more; codes: 1 for none */
} shape;

static u64 shape_cells(shape s) {
    return (u64)s.aspects * s.polarities * s.codes;
}

bool table_sound(const part *p) {
    shape s = {(u32)p->min, (u32)p->max, p->most};
    return p->min >= 2 && p->min < 1 << 16 && p->max >= 2 && p->max < 1 << 16 && s.codes &&
           s.codes < 1 << 16 && p->width >= 1 && p->width <= 4 && shape_cells(s) == p->rows;
}

/* ---- counting ---- */

static u32 code_at(const lane *l, u32 row) {
    return row < l->n ? l->codes[row] : 0;
}

static u32 largest(const lane *l, u32 from, u32 to) {
    u32 most = 0;
    for (u32 i = from; i < MIN(to, l->n); i++) most = MAX(most, l->codes[i]);
    return most;
}

/* The mentions [from, to) of one signal, into the plane of its code. */
static void count_signal(u64 *plane, shape s, const lane *aspect, const lane *polarity, u32 from,
                         u32 to) {
    u32 any_a = s.aspects - 1, any_p = s.polarities - 1;
    plane[(size_t)any_p * s.aspects + any_a]++;
    if (from == to) { /* one without any is asked once, with these missing */
        plane[0]++;
        plane[any_a]++;
        plane[(size_t)any_p * s.aspects]++;
    }
    for (u32 m = from; m < to; m++) {
        u32 a = code_at(aspect, m), p = code_at(polarity, m);
        bool both = false, had_a = false, had_p = false;
        for (u32 k = from; k < m; k++) {
            bool a_too = code_at(aspect, k) == a, p_too = code_at(polarity, k) == p;
            had_a |= a_too;
            had_p |= p_too;
            both |= a_too && p_too;
        }
        plane[(size_t)p * s.aspects + a] += !both;
        plane[(size_t)any_p * s.aspects + a] += !had_a;
        plane[(size_t)p * s.aspects + any_a] += !had_p;
    }
}

u64 *table_count(const loose *r, const u32 *first, const u32 *all, u32 col, part *p) {
    const lane *aspect = &r->lanes[COL_ASPECT], *polarity = &r->lanes[COL_POLARITY];
    const lane *by = col == COL_ASPECT ? NULL : &r->lanes[col];
    u32 m = first[OF_MENTION], end = m + all[OF_MENTION], from = first[OF_SIGNAL];
    u64 room = MAX((u64)all[OF_SIGNAL] / TABLE_SHARE, (u64)TABLE_LEAST);
    shape s = {largest(aspect, m, end) + 2, largest(polarity, m, end) + 2, 1};
    if (by) s.codes = largest(by, from, from + all[OF_SIGNAL]) + 1;
    if (shape_cells(s) > room || (by && s.codes == 1)) return NULL;
    u64 *counted = mem_new(shape_cells(s), sizeof *counted);
    for (u32 row = from; row < from + all[OF_SIGNAL]; row++) {
        u32 at = m;
        while (m < end && r->owner[OF_MENTION][m] == row) m++;
        u64 code = by ? code_at(by, row) : 0;
        count_signal(counted + code * s.aspects * s.polarities, s, aspect, polarity, at, m);
    }
    check(m == end);
    *p = (part){.column = col, .part = PART_TABLE, .rows = (u32)shape_cells(s), .scale = 1};
    p->min = s.aspects;
    p->max = s.polarities;
    p->most = s.codes;
    p->missing = UINT64_MAX;
    return counted;
}

/* ---- asking ---- */

typedef struct {
    const part *p;
    shape s;
    const column *by;            /* the column beside aspect and polarity; NULL: none */
    size_t dim[3];               /* where aspect, polarity and by stand among the dims; SIZE_MAX */
    const plan *want[WANTS_MAX]; /* of one of the three each */
    u8 of[WANTS_MAX];
    size_t wants_n;
} asked_table;
enum { SIDE_ASPECT, SIDE_POLARITY, SIDE_BY, SIDES_N };

/* Which of the three a column is; false: another one beside what is there already. */
static bool side_of(const asking *k, asked_table *x, const column *c, u8 *out) {
    u32 number = column_number(k->t, c);
    if (number == COL_ASPECT) return *out = SIDE_ASPECT, true;
    if (number == COL_POLARITY) return *out = SIDE_POLARITY, true;
    if (c->table != OF_SIGNAL || (x->by && x->by != c)) return false;
    x->by = c;
    return *out = SIDE_BY, true;
}

/* The only column a condition names; NULL: several, or one whose codes do not tell all. */
static const column *only_column(const plan *p) {
    const column *one = NULL;
    for (; p->left; p = p->left) {
        const column *right = p->right ? only_column(p->right) : NULL;
        if (p->right && (!right || (one && one != right))) return NULL;
        if (right) one = right;
    }
    if (!p->text || p->num || p->words || (one && one != p->text)) return NULL;
    return p->text;
}

static truth truth_of(const plan *p, u32 code) {
    if (p->op == EXPR_NOT) return truth_not(truth_of(p->left, code));
    if (p->op == EXPR_AND) return truth_and(truth_of(p->left, code), truth_of(p->right, code));
    if (p->op == EXPR_OR) return truth_or(truth_of(p->left, code), truth_of(p->right, code));
    u8 v = p->by_code[code];
    return v == T_YES ? YES : v == T_NO ? NO : UNKNOWN;
}

static bool dims_fit(asking *k, asked_table *x) {
    u8 side;
    for (size_t i = 0; i < SIDES_N; i++) x->dim[i] = SIZE_MAX;
    for (size_t i = 0; i < k->q->by_n; i++) {
        const dim *d = &k->dims[i];
        if (!d->text || d->num || d->by->unit != BY_VALUE || !side_of(k, x, d->text, &side) ||
            x->dim[side] != SIZE_MAX)
            return false;
        x->dim[side] = i;
    }
    return true;
}

static bool wants_fit(asking *k, asked_table *x) {
    for (size_t i = 0; i < k->wants_n; i++) {
        const plan *p = k->wants[i].p;
        if (plan_can(p, k->g, k->t) == CAN_YES) continue;
        const column *c = only_column(p);
        if (!c || !side_of(k, x, c, &x->of[x->wants_n])) return false;
        x->want[x->wants_n++] = p;
    }
    return true;
}

static bool wanted(const asked_table *x, u8 side, u32 code) {
    for (size_t i = 0; i < x->wants_n; i++)
        if (x->of[i] == side && truth_of(x->want[i], code) != YES) return false;
    return true;
}

/* The planes of a side that make up the answer: those wanted of a dim; else the one for all, when all are
** wanted, or the only one wanted.  false: neither. */
static bool planes(const asked_table *x, u8 side, u32 n, u32 *from, u32 *to) {
    u32 all = 0, one = 0, codes = n - 1;
    *from = 0;
    *to = codes;
    if (x->dim[side] != SIZE_MAX) return true;
    for (u32 c = 0; c < codes; c++)
        if (wanted(x, side, c)) {
            all++;
            one = c;
        }
    if (all > 1 && all < codes) return false;
    *from = all == 1 && codes > 1 ? one : codes;
    *to = all ? *from + 1 : *from;
    return true;
}

static bool put_cell(asking *k, const asked_table *x, const u32 *code, i64 n) {
    cell_key key[LIMIT_GROUP_COLUMNS];
    u32 cell;
    for (u8 side = 0; side < SIDES_N; side++)
        if (x->dim[side] != SIZE_MAX)
            key[x->dim[side]] = (cell_key){code[side], code[side] ? VALUE_TEXT : VALUE_MISSING};
    if (!cells_find(&k->cells, key, &cell, k->e)) return false;
    k->cells.n[cell] += n;
    return true;
}

static bool take_table(asking *k, const asked_table *x, const u32 *from, const u32 *to) {
    u32 code[SIDES_N];
    for (code[SIDE_BY] = 0; code[SIDE_BY] < x->s.codes; code[SIDE_BY]++) {
        if (x->by && !wanted(x, SIDE_BY, code[SIDE_BY])) continue;
        for (code[SIDE_POLARITY] = from[1]; code[SIDE_POLARITY] < to[1]; code[SIDE_POLARITY]++) {
            bool fixed = x->dim[SIDE_POLARITY] == SIZE_MAX;
            if (!fixed && !wanted(x, SIDE_POLARITY, code[SIDE_POLARITY])) continue;
            for (code[SIDE_ASPECT] = from[0]; code[SIDE_ASPECT] < to[0]; code[SIDE_ASPECT]++) {
                fixed = x->dim[SIDE_ASPECT] == SIZE_MAX;
                if (!fixed && !wanted(x, SIDE_ASPECT, code[SIDE_ASPECT])) continue;
                u32 at = (code[SIDE_BY] * x->s.polarities + code[SIDE_POLARITY]) * x->s.aspects +
                         code[SIDE_ASPECT];
                u64 n = part_code(k->g, x->p, at);
                if (n && !put_cell(k, x, code, (i64)n)) return false;
            }
        }
    }
    return true;
}

bool table_answers(asking *k, bool *failed) {
    asked_table x = {0};
    u32 from[2], to[2];
    *failed = false;
    if (k->q->scan || !k->mentions || k->tags || k->q->measures_n || !dims_fit(k, &x) ||
        !wants_fit(k, &x))
        return false;
    x.p = segment_part(k->g, PART_TABLE, x.by ? column_number(k->t, x.by) : COL_ASPECT);
    if (!x.p) return false;
    x.s = (shape){(u32)x.p->min, (u32)x.p->max, x.p->most};
    if (!planes(&x, SIDE_ASPECT, x.s.aspects, &from[0], &to[0]) ||
        !planes(&x, SIDE_POLARITY, x.s.polarities, &from[1], &to[1]))
        return false;
    k->cost.bytes_read += (i64)x.p->bytes;
    *failed = !segment_verify(k->g, x.p, k->e) || !take_table(k, &x, from, to);
    return true;
}
