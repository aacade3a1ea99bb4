/* tally_scan.c - conditions over blocks of rows: one truth byte per row or mention. */
#include "store/tally_int.h"

/* ---- blocks ---- */

static const u32 *owners(const segment *g, table_kind k) {
    const part *p = segment_part(g, PART_ROW, k);
    return p ? (const u32 *)(const void *)(g->base + p->offset) : NULL;
}

void block_open(block *b, const tally *t, segment *g) {
    b->t = t;
    b->g = g;
    b->from = b->n = b->m_from = b->m_n = b->g_from = b->g_n = b->items = 0;
    b->m_row = owners(g, OF_MENTION);
    b->g_row = owners(g, OF_TAG);
}

/* How many of rows[from..all) belong to signals below end; they ascend. */
static u32 run(const u32 *rows, u32 from, u32 all, u32 end) {
    u32 lo = from, hi = all;
    while (lo < hi) {
        u32 mid = lo + (hi - lo) / 2;
        if (rows[mid] < end)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo - from;
}

/* The mentions first, then the rows that have none: each row's items lie together. */
static void explode(block *b) {
    u8 has[BLOCK] = {0};
    const u32 *restrict row = b->m_row + b->m_from;
    u32 *restrict item = b->item_row, from = b->from, n = b->m_n;
    for (u32 k = 0; k < n; k++) item[k] = row[k] - from;
    for (u32 k = 0; k < b->m_n; k++) has[item[k]] = 1;
    for (u32 r = 0; r < b->n; r++) {
        item[n] = r;
        n += !has[r];
    }
    b->items = n;
}

bool block_next(block *b, bool mentions) {
    const segment_head *h = b->g->head;
    b->from += b->n;
    b->m_from += b->m_n;
    b->g_from += b->g_n;
    b->n = MIN((u32)BLOCK, h->rows[OF_SIGNAL] - b->from);
    if (!b->n) return false;
    b->exploded = mentions && b->m_row;
    b->m_n = 0;
    b->items = b->n;
    if (b->exploded) {
        b->m_n = run(b->m_row, b->m_from, h->rows[OF_MENTION], b->from + b->n);
        while (b->n + b->m_n > ITEMS_MAX - 1) {
            check(b->n > 1); /* LIMIT_MENTIONS is far below ITEMS_MAX */
            b->n /= 2;
            b->m_n = run(b->m_row, b->m_from, h->rows[OF_MENTION], b->from + b->n);
        }
        explode(b);
    }
    b->g_n = b->g_row ? run(b->g_row, b->g_from, h->rows[OF_TAG], b->from + b->n) : 0;
    return true;
}

/* ---- leaves, on rows of one table ---- */

static void truth_codes(const plan *p, const segment *g, const part *a, u32 from, u32 n,
                        u8 *restrict out) {
    const u8 *restrict lut = p->by_code;
    const u8 *at = g->base + a->offset + (size_t)from * a->width;
    if (a->width == 0) {
        memset(out, lut[a->base], n);
    } else if (a->width == 1) {
        for (u32 i = 0; i < n; i++) out[i] = lut[at[i]];
    } else if (a->width == 2) {
        const u16 *two = (const void *)at;
        for (u32 i = 0; i < n; i++) out[i] = lut[two[i]];
    } else {
        const u32 *four = (const void *)at;
        for (u32 i = 0; i < n; i++) out[i] = lut[four[i]];
    }
}

/* The codes of values in [lo, hi]: an interval of codes, empty when lo > hi. */
static bool code_range(const part *a, range r, u64 *lo, u64 *hi) {
    u64 scale = (u64)a->scale;
    if (r.hi < a->base || r.lo > r.hi) return false;
    u64 above = r.lo <= a->base ? 0 : (u64)r.lo - (u64)a->base;
    *lo = above / scale + (above % scale != 0);
    *hi = MIN(((u64)r.hi - (u64)a->base) / scale, a->max);
    return *lo <= *hi;
}

static void range_codes(const plan *p, const segment *g, const part *a, const range *ranges,
                        u32 from, u32 n, u8 *restrict out) {
    u32 code[ITEMS_MAX];
    u8 yes = p->negate ? T_NO : T_YES, no = p->half ? T_UNKNOWN : p->negate ? T_YES : T_NO;
    u32 missing = (u32)a->missing;
    u8 absent = p->missing;
    part_codes(g, a, from, n, code);
    for (u32 i = 0; i < n; i++) out[i] = code[i] == missing ? absent : no;
    for (size_t k = 0; k < p->ranges_n; k++) {
        u64 lo, hi;
        if (!code_range(a, ranges[k], &lo, &hi)) continue;
        u32 low = (u32)lo, span = (u32)(hi - lo);
        for (u32 i = 0; i < n; i++) out[i] = code[i] - low <= span ? yes : out[i];
    }
}

static u8 truth_value(const plan *p, i64 v) {
    if (v == NONE) return p->missing;
    if (p->x->op == EXPR_MISSING) return T_NO;
    if (p->all_unknown) return T_UNKNOWN;
    bool in = false;
    for (size_t k = 0; k < p->ranges_n; k++) in |= v >= p->ranges[k].lo && v <= p->ranges[k].hi;
    if (in) return p->negate ? T_NO : T_YES;
    return p->half ? T_UNKNOWN : p->negate ? T_YES : T_NO;
}

static void truth_slow(const plan *p, const segment *g, const part *a, const part *ms, u32 from,
                       u32 n, u8 *out) {
    for (u32 i = 0; i < n; i++) {
        i64 v = part_value(g, a, from + i);
        if (v != NONE && ms) v = v * DAY_MS + part_value(g, ms, from + i);
        out[i] = truth_value(p, v);
    }
}

static bool whole_days(const plan *p, range *days) {
    for (size_t k = 0; k < p->ranges_n; k++) {
        range r = p->ranges[k];
        bool first = r.lo == INT64_MIN + 1, last = r.hi == INT64_MAX;
        days[k].lo = first ? r.lo : day_of_ms(r.lo);
        days[k].hi = last ? r.hi : day_of_ms(r.hi);
        if (r.lo > r.hi)
            days[k] = (range){0, -1};
        else if ((!first && days[k].lo * DAY_MS != r.lo) ||
                 (!last && days[k].hi * DAY_MS + DAY_MS - 1 != r.hi))
            return false;
    }
    return true;
}

static void truth_nums(const plan *p, const segment *g, const part *a, const part *ms, u32 from,
                       u32 n, u8 *out) {
    range days[4];
    if (a->width == 0) {
        if (!ms) {
            memset(out, truth_value(p, a->base), n);
            return;
        }
    } else if (a->width <= 4 && p->x->op != EXPR_MISSING && !p->all_unknown) {
        if (!ms) {
            range_codes(p, g, a, p->ranges, from, n, out);
            return;
        }
        if (p->ranges_n <= COUNT(days) && whole_days(p, days)) {
            range_codes(p, g, a, days, from, n, out);
            return;
        }
    }
    truth_slow(p, g, a, ms, from, n, out);
}

/* tag: true when true for one of the signal's tags. */
static void truth_tags(const plan *p, const block *b, const part *a, u8 *out) {
    for (u32 k = 0; k < b->g_n; k++) {
        u32 r = b->g_row[b->g_from + k] - b->from;
        u8 one = p->by_code[part_code(b->g, a, b->g_from + k)];
        bool first = k == 0 || b->g_row[b->g_from + k - 1] != b->g_row[b->g_from + k];
        u8 was = first ? T_NO : out[r];
        out[r] = (u8)(((was | one) & T_YES) | (was & one & T_NO));
    }
}

static void truth_words(const plan *p, const block *b, u8 *out) {
    const part *ids = segment_part(b->g, PART_ID, OF_SIGNAL);
    for (u32 i = 0; i < b->n; i++) {
        u64 id = (u64)part_value(b->g, ids, b->from + i);
        bool yes = p->ids_yes[id / 64] >> id % 64 & 1, no = p->ids_no[id / 64] >> id % 64 & 1;
        out[i] = yes ? T_YES : no ? T_NO : T_UNKNOWN;
    }
}

static void truth_column(const plan *p, const block *b, u32 from, u32 n, u8 *out) {
    const segment *g = b->g;
    const part *text = p->text ? segment_part(g, PART_CODE, column_number(b->t, p->text)) : NULL;
    const part *num = p->num ? segment_part(g, PART_NUM, column_number(b->t, p->num)) : NULL;
    const part *day = p->time ? segment_part(g, PART_DAY, column_number(b->t, p->time)) : NULL;
    if (day) {
        truth_nums(p, g, day, segment_part(g, PART_MS, column_number(b->t, p->time)), from, n, out);
    } else if (text && num) { /* an attribute that was text here and number there */
        truth_nums(p, g, num, NULL, from, n, out);
        for (u32 i = 0; i < n; i++) {
            u64 code = part_code(g, text, from + i);
            if (code) out[i] = p->by_code[code];
        }
    } else if (text) {
        truth_codes(p, g, text, from, n, out);
    } else if (num) {
        truth_nums(p, g, num, NULL, from, n, out);
    } else {
        memset(out, p->missing, n);
    }
}

static void spread_rows(const block *b, const u8 *rows, u8 *restrict out) {
    if (b->exploded)
        for (u32 i = 0; i < b->items; i++) out[i] = rows[b->item_row[i]];
    else
        memcpy(out, rows, b->items);
}

static void truth_leaf(const plan *p, const block *b, u8 *out) {
    u8 found[ITEMS_MAX];
    if (p->of_mention) {
        if (b->m_n) truth_column(p, b, b->m_from, b->m_n, out);
        memset(out + b->m_n, p->missing, b->items - b->m_n);
        return;
    }
    if (p->words) {
        truth_words(p, b, found);
    } else if (p->set) {
        const part *a = segment_part(b->g, PART_CODE, column_number(b->t, p->set));
        memset(found, p->missing, b->n);
        if (a) truth_tags(p, b, a, found);
    } else {
        truth_column(p, b, b->from, b->n, found);
    }
    spread_rows(b, found, out);
}

/* Long chains lean to the left: only the right side is called, the stack stays as deep as the
** nesting. */
static void truth_chain(const plan *p, const block *b, u8 *restrict out) {
    u8 one[ITEMS_MAX];
    expr_op op = p->op;
    bool all = op == EXPR_AND, first = true;
    for (bool last = false; !last; p = last ? p : p->left) {
        last = p->op != op;
        plan_truth(last ? p : p->right, b, first ? out : one);
        if (!first && all)
            for (u32 i = 0; i < b->items; i++)
                out[i] = (u8)((out[i] & one[i] & T_YES) | ((out[i] | one[i]) & T_NO));
        else if (!first)
            for (u32 i = 0; i < b->items; i++)
                out[i] = (u8)(((out[i] | one[i]) & T_YES) | (out[i] & one[i] & T_NO));
        first = false;
        if (all && !memchr(out, T_YES, b->items) && !memchr(out, T_UNKNOWN, b->items)) return;
    }
}

void plan_truth(const plan *p, const block *b, u8 *out) {
    switch (p->op) {
    case EXPR_AND:
    case EXPR_OR:
        truth_chain(p, b, out);
        return;
    case EXPR_NOT:
        plan_truth(p->left, b, out);
        for (u32 i = 0; i < b->items; i++)
            out[i] = (u8)((out[i] & T_YES) << 1 | (out[i] & T_NO) >> 1);
        return;
    case EXPR_CONST:
        memset(out, p->x->constant ? T_YES : T_NO, b->items);
        return;
    case EXPR_CMP:
    case EXPR_IN:
    case EXPR_HAS:
    case EXPR_MISSING:
        truth_leaf(p, b, out);
        return;
    }
}

/* ---- what is read ---- */

bool part_touch(segment *g, part_kind k, u32 number, i64 *bytes, err *e) {
    const part *p = segment_part(g, k, number);
    if (!p) return true;
    *bytes += (i64)p->bytes;
    return segment_verify(g, p, e);
}

bool plan_touch(const plan *p, segment *g, const tally *t, i64 *bytes, err *e) {
    for (; p->right; p = p->left)
        if (!plan_touch(p->right, g, t, bytes, e)) return false;
    if (p->left) return plan_touch(p->left, g, t, bytes, e);
    if (p->words) return part_touch(g, PART_ID, OF_SIGNAL, bytes, e);
    if (p->of_mention && !part_touch(g, PART_ROW, OF_MENTION, bytes, e)) return false;
    if (p->set && (!part_touch(g, PART_ROW, OF_TAG, bytes, e) ||
                   !part_touch(g, PART_CODE, column_number(t, p->set), bytes, e)))
        return false;
    if (p->text && !part_touch(g, PART_CODE, column_number(t, p->text), bytes, e)) return false;
    if (p->num && !part_touch(g, PART_NUM, column_number(t, p->num), bytes, e)) return false;
    if (!p->time) return true;
    return part_touch(g, PART_DAY, column_number(t, p->time), bytes, e) &&
           part_touch(g, PART_MS, column_number(t, p->time), bytes, e);
}
