/* tally_scan.c - conditions over blocks of rows: one truth byte per row or mention. */
#include "store/tally_vec.h"

/* ---- moments, in segments whose rows stand in their order ---- */

/* The first run of a later day than `day`, and the first of at least it. */
static u32 run_since(const segment *g, const part *p, i64 day) {
    u32 lo = p->runs > 0 && run_code(g, p, 0) == UINT32_MAX, hi = p->runs;
    while (lo < hi) {
        u32 mid = lo + (hi - lo) / 2;
        if (p->base + (i64)run_code(g, p, mid) < day)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

u32 rows_since(const segment *g, i64 ms) {
    const part *p = segment_part(g, PART_DAY, COL_OCCURRED);
    const part *clock = segment_part(g, PART_MS, COL_OCCURRED);
    if (!p) return g->head->rows[OF_SIGNAL];
    i64 day = day_of_ms(ms), rest = ms - day * DAY_MS;
    check(p->runs && clock);
    u32 run = run_since(g, p, day), lo = run_row(g, p, run), hi = run_row(g, p, run + 1);
    if (run == p->runs || rest == 0 || p->base + (i64)run_code(g, p, run) != day) return lo;
    while (lo < hi) {
        u32 mid = lo + (hi - lo) / 2;
        if (part_value(g, clock, mid) < rest)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static bool on_days(i64 ms) {
    return ms == INT64_MIN + 1 || ms == INT64_MAX || ms % DAY_MS == 0;
}

/* True when the ends of all ranges are midnights of UTC: then no clock is read. */
static bool whole_days(const plan *p) {
    for (size_t k = 0; k < p->ranges_n; k++)
        if (p->ranges[k].lo <= p->ranges[k].hi &&
            (!on_days(p->ranges[k].lo) ||
             (p->ranges[k].hi != INT64_MAX && !on_days(p->ranges[k].hi + 1))))
            return false;
    return true;
}

static void range_rows(const segment *g, range r, u32 *from, u32 *to) {
    *from = r.lo == INT64_MIN + 1 ? rows_since(g, INT64_MIN / 2) : rows_since(g, r.lo);
    *to = r.hi == INT64_MAX ? g->head->rows[OF_SIGNAL] : rows_since(g, r.hi + 1);
}

void plan_rows(const plan *p, segment *g, u32 *from, u32 *to) {
    for (; p->op == EXPR_AND; p = p->left) plan_rows(p->right, g, from, to);
    bool occurred = p->time && str_eq(p->x->column, S("occurred_at"));
    const part *day = occurred ? segment_part(g, PART_DAY, COL_OCCURRED) : NULL;
    u32 lo, hi;
    if (!day || !day->runs || p->op != EXPR_CMP || p->negate || p->ranges_n != 1 ||
        p->ranges[0].lo > p->ranges[0].hi)
        return;
    range_rows(g, p->ranges[0], &lo, &hi);
    *from = MAX(*from, lo);
    *to = MIN(*to, hi);
}

/* ---- blocks ---- */

void block_open(block *b, const tally *t, segment *g) {
    const part *tags = segment_part(g, PART_ROW, OF_TAG);
    b->t = t;
    b->g = g;
    b->from = b->n = b->m_from = b->m_n = b->g_from = b->g_n = b->items = 0;
    b->end = g->head->rows[OF_SIGNAL];
    b->counts = segment_part(g, PART_COUNT, OF_MENTION);
    b->g_row = tags ? (const u32 *)(const void *)(g->base + tags->offset) : NULL;
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

void block_span(block *b, u32 from, u32 end) {
    check(b->n == 0 && end <= b->g->head->rows[OF_SIGNAL]);
    b->from = MIN(from, end);
    b->end = end;
    b->m_from = b->counts ? part_sum(b->g, b->counts, 0, b->from) : 0;
    b->g_from = b->g_row ? run(b->g_row, 0, b->g->head->rows[OF_TAG], b->from) : 0;
}

/* Mentions of the block's rows, and its rows without any. */
static u32 count_mentions(const block *b, u32 *without) {
    u32 codes[BLOCK], sum = 0, none = 0;
    if (b->counts->width == 1)
        return vec_best()->sum(b->g->base + b->counts->offset + b->from, b->n, without);
    part_codes(b->g, b->counts, b->from, b->n, codes);
    for (u32 i = 0; i < b->n; i++) {
        sum += codes[i];
        none += codes[i] == 0;
    }
    *without = none;
    return sum;
}

const u16 *block_rows(block *b) {
    u32 counts[BLOCK], at = 0, n = b->m_n;
    check(b->exploded);
    if (b->rows_known) return b->item_row;
    part_codes(b->g, b->counts, b->from, b->n, counts);
    for (u32 r = 0; r < b->n; r++) {
        for (u32 k = 0; k < counts[r]; k++) b->item_row[at++] = (u16)r;
        b->item_row[n] = (u16)r;
        n += !counts[r];
    }
    check(at == b->m_n && n == b->items);
    b->rows_known = true;
    return b->item_row;
}

bool block_next_to(block *b, bool mentions, u32 to) {
    const segment_head *h = b->g->head;
    b->from += b->n;
    b->m_from += b->m_n;
    b->g_from += b->g_n;
    u32 end = MIN(to, b->end);
    b->n = b->from < end ? MIN((u32)BLOCK, end - b->from) : 0;
    b->m_n = b->g_n = 0;
    if (!b->n) return false;
    b->exploded = mentions && b->counts;
    b->items = b->n;
    b->rows_known = false;
    if (b->exploded) {
        u32 without;
        b->m_n = count_mentions(b, &without);
        while (b->n + b->m_n > ITEMS_MAX - 1) {
            check(b->n > 1); /* LIMIT_MENTIONS is far below ITEMS_MAX */
            b->n /= 2;
            b->m_n = count_mentions(b, &without);
        }
        check(b->m_from + b->m_n <= h->rows[OF_MENTION]);
        b->items = b->m_n + without;
    }
    b->g_n = b->g_row ? run(b->g_row, b->g_from, h->rows[OF_TAG], b->from + b->n) : 0;
    return true;
}

bool block_next(block *b, bool mentions) {
    return block_next_to(b, mentions, UINT32_MAX);
}

/* ---- leaves, on rows of one table ---- */

static void truth_codes(const plan *p, const segment *g, const part *a, u32 from, u32 n,
                        u8 *restrict out) {
    const u8 *restrict lut = p->by_code;
    const u8 *at = g->base + a->offset + (size_t)from * a->width;
    u32 code[ITEMS_MAX];
    if (a->width == 0) {
        memset(out, lut[a->base], n);
    } else if (a->width == 1) {
        u8 all[256];
        memcpy(all, lut, a->max + 1); /* the dictionary may be shorter than the table */
        vec_best()->lookup(out, at, n, all);
    } else if (a->width == 2) {
        const u16 *two = (const void *)at;
        for (u32 i = 0; i < n; i++) out[i] = lut[two[i]];
    } else {
        part_codes(g, a, from, n, code);
        for (u32 i = 0; i < n; i++) out[i] = lut[code[i]];
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

/* Codes of one byte or two are compared as they are. */
static bool narrow_codes(const plan *p, const segment *g, const part *a, const range *ranges,
                         u32 from, u32 n, u8 *out) {
    const u8 *at = g->base + a->offset + (size_t)from * a->width;
    const vec *v = vec_best();
    reach r = {.missing = (u32)a->missing, .absent = p->missing, .first = true};
    r.yes = p->negate ? T_NO : T_YES;
    r.no = p->half ? T_UNKNOWN : p->negate ? T_YES : T_NO;
    if ((a->width != 1 && a->width != 2) || a->runs) return false;
    for (size_t k = 0; k <= p->ranges_n; k++) {
        u64 lo, hi;
        if (k == p->ranges_n) {
            if (!r.first) return true;
            lo = hi = r.missing; /* no range: the missing one alone differs */
            r.yes = r.absent;
        } else if (!code_range(a, ranges[k], &lo, &hi)) {
            continue;
        }
        r.low = (u32)lo;
        r.span = (u32)(hi - lo);
        if (a->width == 1)
            v->range8(out, at, n, &r);
        else
            v->range16(out, (const void *)at, n, &r);
        r.first = false;
    }
    return true;
}

static void range_codes(const plan *p, const segment *g, const part *a, const range *ranges,
                        u32 from, u32 n, u8 *restrict out) {
    u32 code[ITEMS_MAX];
    u8 yes = p->negate ? T_NO : T_YES, no = p->half ? T_UNKNOWN : p->negate ? T_YES : T_NO;
    u32 missing = (u32)a->missing;
    u8 absent = p->missing;
    if (narrow_codes(p, g, a, ranges, from, n, out)) return;
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

static bool day_ranges(const plan *p, range *days) {
    for (size_t k = 0; k < p->ranges_n; k++) {
        range r = p->ranges[k];
        if (r.lo > r.hi) {
            days[k] = (range){0, -1};
            continue;
        }
        days[k].lo = r.lo == INT64_MIN + 1 ? r.lo : day_of_ms(r.lo);
        days[k].hi = r.hi == INT64_MAX ? r.hi : day_of_ms(r.hi);
    }
    return whole_days(p);
}

/* Rows in order: each range is one stretch of them. */
static void truth_ordered(const plan *p, const segment *g, const part *day, u32 from, u32 n,
                          u8 *out) {
    u8 yes = p->negate ? T_NO : T_YES, no = p->half ? T_UNKNOWN : p->negate ? T_YES : T_NO;
    u32 known = run_code(g, day, 0) == UINT32_MAX ? run_row(g, day, 1) : 0, lo, hi;
    u8 other = p->x->op == EXPR_MISSING ? T_NO : p->all_unknown ? T_UNKNOWN : no;
    memset(out, other, n);
    for (size_t k = 0; k < p->ranges_n && other == no; k++) {
        if (p->ranges[k].lo > p->ranges[k].hi) continue;
        range_rows(g, p->ranges[k], &lo, &hi);
        lo = MAX(lo, from);
        hi = MIN(hi, from + n);
        if (lo < hi) memset(out + (lo - from), yes, hi - lo);
    }
    if (known > from) memset(out, p->missing, MIN(known - from, n));
}

static void truth_nums(const plan *p, const segment *g, const part *a, const part *ms, u32 from,
                       u32 n, u8 *out) {
    range days[4];
    if (a->runs) {
        truth_ordered(p, g, a, from, n, out);
        return;
    }
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
        if (p->ranges_n <= COUNT(days) && day_ranges(p, days)) {
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

void block_spread(block *b, const u8 *restrict rows, u8 *restrict out) {
    if (!b->exploded) {
        memcpy(out, rows, b->items);
        return;
    }
    const vec *v = vec_best();
    u16 by_row[BLOCK + 64], by_item[ITEMS_MAX + 64];
    if (b->counts->width != 1) {
        const u16 *restrict row = block_rows(b);
        for (u32 i = 0; i < b->items; i++) out[i] = rows[row[i]];
        return;
    }
    v->key8(by_row, rows, b->n, (lens){.top = 3}, 1, true);
    u32 n = v->spread(by_item, by_row, b->g->base + b->counts->offset + b->from, b->n, b->m_n,
                      b->counts->most);
    check(n == b->items);
    for (u32 i = 0; i < n; i++) out[i] = (u8)by_item[i];
}

static void truth_leaf(const plan *p, block *b, u8 *out) {
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
    block_spread(b, found, out);
}

/* Long chains lean to the left: only the right side is called, the stack stays as deep as the
** nesting. */
static void truth_chain(const plan *p, block *b, u8 *restrict out) {
    u8 one[ITEMS_MAX];
    expr_op op = p->op;
    bool all = op == EXPR_AND, first = true;
    for (bool last = false; !last; p = last ? p : p->left) {
        last = p->op != op;
        plan_truth(last ? p : p->right, b, first ? out : one);
        if (!first && !vec_best()->both(out, one, b->items, all) && all) return;
        first = false;
    }
}

void plan_truth(const plan *p, block *b, u8 *out) {
    switch (p->op) {
    case EXPR_AND:
    case EXPR_OR:
        truth_chain(p, b, out);
        return;
    case EXPR_NOT:
        plan_truth(p->left, b, out);
        vec_best()->turn(out, b->items);
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
    if (p->of_mention && !part_touch(g, PART_COUNT, OF_MENTION, bytes, e)) return false;
    if (p->set && (!part_touch(g, PART_ROW, OF_TAG, bytes, e) ||
                   !part_touch(g, PART_CODE, column_number(t, p->set), bytes, e)))
        return false;
    if (p->text && !part_touch(g, PART_CODE, column_number(t, p->text), bytes, e)) return false;
    if (p->num && !part_touch(g, PART_NUM, column_number(t, p->num), bytes, e)) return false;
    if (!p->time) return true;
    u32 k = column_number(t, p->time);
    return part_touch(g, PART_DAY, k, bytes, e) &&
           (whole_days(p) || part_touch(g, PART_MS, k, bytes, e));
}
