/* tally_ask.c - a question, segment by segment: select, find the cell, add. */
#include "store/tally_dim.h"
#include "store/tally_memo.h"

typedef struct {
    const tally_measure *m;
    const column *num, *text; /* NUM; DISTINCT */
    plan_top test;            /* SHARE */
    const part *a;            /* of this segment */
    u32 width; /* counters per cell of the local histogram; 0 = straight to the cells */
    u32 *hist;
} measure;

/* Pairs to be counted: rows of the block and the cell of each. */
typedef struct {
    const u32 *row; /* own, or the asking's identity when all rows of a block count */
    u32 *own, *cell;
    u8 **share; /* per measure: the test's truth, NULL unless SHARE */
    u32 n, cap;
} pairs;

typedef struct {
    tally *t;
    arena *a;
    err *e;
    const tally_question *q;
    plan_top where;
    dim dims[LIMIT_GROUP_COLUMNS];
    measure *measures;
    cells cells;
    tally_answer *out;
    bool mentions, tags; /* items are mentions; cells are found tag by tag */
    /* One segment: */
    segment *g;
    bool filter, dense, counted; /* counted: a histogram counts the rows too */
    u32 local_n, stride[LIMIT_GROUP_COLUMNS];
    u32 *count, *gid, *stamp; /* per local cell; gid: cell + 1; stamp: last row counted there + 1 */
    u32 *identity;
    bool stamped;
    u32 *pool; /* local counters, reused */
    size_t pool_n;
    block *b;
    pairs p;
    u8 *truths, **tests; /* per item */
    u32 *codes[LIMIT_GROUP_COLUMNS], *value;
} asking;

enum { LOCAL_CELLS = 1 << 18, LOCAL_COUNTERS = 1 << 21 };

/* ---- before the first segment ---- */

static bool measure_init(asking *k, measure *m, const tally_measure *q) {
    tally *t = k->t;
    m->m = q;
    if (q->kind == MEASURE_SHARE) {
        check(q->test);
        if (!plan_make(t, k->a, q->test, &m->test, k->e)) return false;
        k->mentions |= m->test.mentions;
        return true;
    }
    if (column_is_mention(q->column))
        return fail(k->e, INVALID, "«%.*s» speaks of mentions; measure a column of the signal",
                    STR_ARG(q->column));
    m->num = column_find(t, q->column, COLUMN_NUM);
    m->text = column_find(t, q->column, COLUMN_TEXT);
    bool other = column_find(t, q->column, COLUMN_TIME) || column_find(t, q->column, COLUMN_SET);
    if (q->kind == MEASURE_NUM && !m->num && (m->text || other))
        return fail(k->e, INVALID, "«%.*s» is no number; measure a numeric column",
                    STR_ARG(q->column));
    if (q->kind == MEASURE_DISTINCT && !m->text && (m->num || other))
        return fail(k->e, INVALID,
                    "«%.*s» is no text; different values are counted of text columns",
                    STR_ARG(q->column));
    return true;
}

static void pairs_room(asking *k) {
    pairs *p = &k->p;
    if (p->n < p->cap) return;
    u32 cap = MAX((u32)ITEMS_MAX, p->cap * 2);
    pairs old = *p;
    p->own = NEW_N(k->a, u32, cap);
    p->cell = NEW_N(k->a, u32, cap);
    if (old.n) memcpy(p->own, old.own, old.n * sizeof *p->own);
    if (old.n) memcpy(p->cell, old.cell, old.n * sizeof *p->cell);
    for (size_t i = 0; i < k->q->measures_n; i++) {
        if (!k->tests[i]) continue;
        u8 *was = p->share[i];
        p->share[i] = arena_alloc(k->a, cap);
        if (old.n) memcpy(p->share[i], was, old.n);
    }
    p->row = p->own;
    p->cap = cap;
}

static bool prepare(asking *k) {
    const tally_question *q = k->q;
    if (q->by_n > LIMIT_GROUP_COLUMNS)
        return fail(k->e, LIMIT, "grouped by %zu columns; at most %d are taken", q->by_n,
                    LIMIT_GROUP_COLUMNS);
    if (!plan_make(k->t, k->a, q->where, &k->where, k->e)) return false;
    k->mentions = k->where.mentions;
    for (size_t i = 0; i < q->by_n; i++) {
        if (!dim_init(&k->dims[i], k->t, &q->by[i], q->zone_min, k->e)) return false;
        k->mentions |= k->dims[i].of_mention;
        k->tags |= k->dims[i].set != NULL;
    }
    k->measures = NEW_N(k->a, measure, q->measures_n);
    for (size_t i = 0; i < q->measures_n; i++)
        if (!measure_init(k, &k->measures[i], &q->measures[i])) return false;
    cells_init(&k->cells, k->a, q->by_n, q->measures_n);
    k->b = NEW(k->a, block);
    k->truths = arena_alloc(k->a, ITEMS_MAX);
    k->tests = NEW_N(k->a, u8 *, q->measures_n);
    k->p.share = NEW_N(k->a, u8 *, q->measures_n);
    for (size_t i = 0; i < q->measures_n; i++)
        if (q->measures[i].kind == MEASURE_SHARE) k->tests[i] = arena_alloc(k->a, ITEMS_MAX);
    for (size_t i = 0; i < q->by_n; i++) k->codes[i] = NEW_N(k->a, u32, ITEMS_MAX);
    k->value = NEW_N(k->a, u32, ITEMS_MAX);
    k->identity = NEW_N(k->a, u32, BLOCK);
    for (u32 i = 0; i < BLOCK; i++) k->identity[i] = i;
    pairs_room(k);
    return true;
}

/* ---- before each segment ---- */

/* Small products of cardinalities get a table of their own, which stays in the cache and is added to
** the answer at the end of the segment.  Others find their cell row by row. */
static void choose(asking *k) {
    u64 product = 1, rows = k->g->head->rows[OF_SIGNAL];
    for (size_t i = 0; i < k->q->by_n; i++) {
        k->stride[i] = (u32)product;
        product *= MIN((u64)k->dims[i].card, (u64)1 << 31);
        if (product > LOCAL_CELLS) break;
    }
    k->dense = product <= LOCAL_CELLS && product <= MAX((u64)1024, rows * 2);
    k->local_n = k->dense ? (u32)product : 0;
}

static u32 *counters(asking *k, size_t *used, size_t n) {
    u32 *at = k->pool + *used;
    *used += n;
    check(*used <= k->pool_n);
    return at;
}

static u32 hist_width(const asking *k, const measure *m) {
    if (!k->dense || m->m->kind == MEASURE_DISTINCT) return 0;
    if (m->m->kind == MEASURE_SHARE) return 3;
    if (!m->a) return 1;
    u64 width = m->a->max + 2;
    return m->a->width <= 2 && width * k->local_n <= LOCAL_COUNTERS ? (u32)width : 0;
}

static void local_tables(asking *k) {
    size_t need = (size_t)k->local_n * 3, used = 0;
    k->counted = false;
    k->stamped = k->mentions && !k->tags && k->dense;
    for (size_t i = 0; i < k->q->measures_n; i++) {
        measure *m = &k->measures[i];
        m->a = m->num ? segment_part(k->g, PART_NUM, column_number(k->t, m->num)) : NULL;
        if (m->m->kind == MEASURE_DISTINCT && m->text)
            m->a = segment_part(k->g, PART_CODE, column_number(k->t, m->text));
        m->width = hist_width(k, m);
        k->stamped &= m->m->kind != MEASURE_SHARE;
        need += (size_t)m->width * k->local_n;
        k->counted |= m->width > 0;
    }
    if (need > k->pool_n) {
        k->pool_n = need;
        k->pool = NEW_N(k->a, u32, need);
    } else if (need) {
        memset(k->pool, 0, need * sizeof *k->pool);
    }
    k->count = counters(k, &used, k->local_n);
    k->gid = counters(k, &used, k->local_n);
    k->stamp = counters(k, &used, k->local_n);
    for (size_t i = 0; i < k->q->measures_n; i++)
        k->measures[i].hist = counters(k, &used, (size_t)k->measures[i].width * k->local_n);
}

static bool touch(asking *k) {
    i64 *bytes = &k->out->bytes_read;
    if (k->where.root && !plan_touch(k->where.root, k->g, k->t, bytes, k->e)) return false;
    if (k->mentions && !part_touch(k->g, PART_ROW, OF_MENTION, bytes, k->e)) return false;
    if (k->tags && !part_touch(k->g, PART_ROW, OF_TAG, bytes, k->e)) return false;
    for (size_t i = 0; i < k->q->measures_n; i++) {
        measure *m = &k->measures[i];
        if (m->test.root && !plan_touch(m->test.root, k->g, k->t, bytes, k->e)) return false;
        const column *c = m->m->kind == MEASURE_DISTINCT ? m->text : m->num;
        part_kind kind = m->m->kind == MEASURE_DISTINCT ? PART_CODE : PART_NUM;
        if (c && !part_touch(k->g, kind, column_number(k->t, c), bytes, k->e)) return false;
    }
    for (size_t i = 0; i < k->q->by_n; i++)
        if (!dim_open(&k->dims[i], k->t, k->g, k->a, bytes, k->e)) return false;
    return true;
}

/* ---- adding pairs ---- */

static bool cell_of_codes(asking *k, const u32 *codes, u32 *out) {
    cell_key key[LIMIT_GROUP_COLUMNS];
    for (size_t i = 0; i < k->q->by_n; i++) key[i] = dim_key(&k->dims[i], codes[i]);
    return cells_find(&k->cells, key, out, k->e);
}

static bool cell_of_local(asking *k, u32 local, u32 *out) {
    u32 codes[LIMIT_GROUP_COLUMNS];
    if (k->gid[local]) return *out = k->gid[local] - 1, true;
    for (size_t i = k->q->by_n; i-- > 0;) {
        codes[i] = local / k->stride[i];
        local %= k->stride[i];
    }
    return cell_of_codes(k, codes, out);
}

/* The answer's cell of a pair: local cells are looked up once. */
static bool pair_cell(asking *k, u32 cell, u32 *out) {
    if (!k->dense) return *out = cell, true;
    if (!cell_of_local(k, cell, out)) return false;
    k->gid[cell] = *out + 1;
    return true;
}

static bool add_straight(asking *k, size_t which) {
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

static void add_hist(asking *k, measure *m, const u8 *share) {
    const u32 *restrict cell = k->p.cell, *restrict row = k->p.row;
    u32 *restrict hist = m->hist, *restrict code = k->value;
    u32 n = k->p.n, width = m->width, last = width - 1;
    if (m->m->kind == MEASURE_SHARE) {
        for (u32 i = 0; i < n; i++) hist[cell[i] * 3 + share[i]]++;
    } else if (!m->a) {
        for (u32 i = 0; i < n; i++) hist[cell[i]]++;
    } else {
        part_codes(k->g, m->a, k->b->from, k->b->n, code);
        for (u32 i = 0; i < k->b->n; i++) code[i] = MIN(code[i], last);
        if (n == k->b->n && !k->mentions && !k->tags && !k->filter) {
            for (u32 i = 0; i < n; i++) code[i] += cell[i] * width;
            for (u32 i = 0; i < n; i++) hist[code[i]]++;
        } else {
            for (u32 i = 0; i < n; i++) hist[cell[i] * width + code[row[i]]]++;
        }
    }
}

static bool add_pairs(asking *k) {
    if (!k->p.n) return true;
    for (size_t i = 0; i < k->q->measures_n; i++) {
        if (k->measures[i].width)
            add_hist(k, &k->measures[i], k->p.share[i]);
        else if (!add_straight(k, i))
            return false;
    }
    if (!k->dense)
        for (u32 i = 0; i < k->p.n; i++) k->cells.n[k->p.cell[i]]++;
    else if (!k->counted)
        for (u32 i = 0; i < k->p.n; i++) k->count[k->p.cell[i]]++;
    k->p.n = 0;
    return true;
}

/* ---- after each segment: local tables into the answer ---- */

static i64 local_count(const asking *k, u32 local) {
    if (!k->counted) return k->count[local];
    for (size_t i = 0; i < k->q->measures_n; i++) {
        const measure *m = &k->measures[i];
        i64 n = 0;
        if (!m->width) continue;
        for (u32 c = 0; c < m->width; c++) n += m->hist[local * m->width + c];
        return n;
    }
    return 0;
}

static void merge_measure(asking *k, const measure *m, const u32 *hist, cell_stat *s) {
    if (m->m->kind == MEASURE_SHARE) {
        s->s.yes += hist[T_YES];
        s->s.n += hist[T_YES] + hist[T_NO];
        s->s.missing += hist[T_UNKNOWN];
        return;
    }
    s->s.missing += hist[m->width - 1];
    for (u32 c = 0; c + 1 < m->width; c++)
        if (hist[c]) stat_add(k->a, s, (i64)((u64)m->a->base + c * (u64)m->a->scale), hist[c]);
}

static bool merge(asking *k) {
    u32 cell = 0;
    for (u32 local = 0; local < k->local_n; local++) {
        i64 n = local_count(k, local);
        if (!n) continue;
        if (!cell_of_local(k, local, &cell)) return false;
        k->cells.n[cell] += n;
        for (size_t i = 0; i < k->q->measures_n; i++) {
            const measure *m = &k->measures[i];
            if (m->width)
                merge_measure(k, m, m->hist + (size_t)local * m->width,
                              &k->cells.stats[cell * k->q->measures_n + i]);
        }
    }
    return true;
}

/* ---- a block ---- */

static bool codes_to_cell(asking *k, u32 item, u32 *out) {
    u32 codes[LIMIT_GROUP_COLUMNS];
    for (size_t i = 0; i < k->q->by_n; i++) codes[i] = k->codes[i][item];
    return cell_of_codes(k, codes, out);
}

/* Local cells of all items. */
static void local_cells(const asking *k, u32 *restrict out) {
    u32 n = k->b->items;
    if (k->q->by_n == 0) memset(out, 0, n * sizeof *out);
    for (size_t d = 0; d < k->q->by_n; d++) {
        const u32 *restrict code = k->codes[d];
        u32 stride = k->stride[d];
        if (d == 0)
            memcpy(out, code, n * sizeof *out);
        else
            for (u32 i = 0; i < n; i++) out[i] += code[i] * stride;
    }
}

/* One row, one cell: rows that the filter left. */
static bool plain_block(asking *k) {
    const block *b = k->b;
    pairs *p = &k->p;
    u32 n = 0, *restrict own = p->own, *restrict all = k->value;
    const u8 *restrict selected = k->truths;
    p->row = k->filter ? own : k->identity;
    if (k->filter)
        for (u32 i = 0; i < b->n; i++) {
            own[n] = i;
            n += selected[i] == T_YES;
        }
    else
        n = b->n;
    if (k->dense && !k->filter) {
        local_cells(k, p->cell);
    } else if (k->dense) {
        local_cells(k, all);
        for (u32 i = 0; i < n; i++) p->cell[i] = all[own[i]];
    } else {
        for (u32 i = 0; i < n; i++)
            if (!codes_to_cell(k, p->row[i], &p->cell[i])) return false;
    }
    for (size_t m = 0; m < k->q->measures_n; m++)
        if (k->tests[m])
            for (u32 i = 0; i < n; i++) p->share[m][i] = k->tests[m][p->row[i]];
    p->n = n;
    return add_pairs(k);
}

/* The common case of mentions: local cells and no tests to join.  A stamp per cell says which signal
** was counted there last. */
static bool stamped_block(asking *k) {
    const block *b = k->b;
    pairs *p = &k->p;
    u32 n = 0, *restrict all = k->value, *restrict stamp = k->stamp, *restrict own = p->own,
        *restrict cell = p->cell;
    local_cells(k, all);
    for (u32 i = 0; i < b->items; i++) {
        u32 row = b->exploded ? b->item_row[i] : i, c = all[i], mark = b->from + row + 1,
            was = stamp[c];
        u32 counts = (!k->filter || k->truths[i] == T_YES) & (was != mark);
        own[n] = row;
        cell[n] = c;
        stamp[c] = counts ? mark : was;
        n += counts;
    }
    p->row = own;
    p->n = n;
    return add_pairs(k);
}

/* A signal counts once per cell: what its items say of one cell is joined. */
static void pair_put(asking *k, u32 start, u32 row, u32 cell, u32 item) {
    pairs *p = &k->p;
    u32 at = start;
    while (at < p->n && p->cell[at] != cell) at++;
    bool fresh = at == p->n;
    if (fresh) {
        pairs_room(k);
        p->own[p->n] = row;
        p->cell[p->n++] = cell;
    }
    for (size_t m = 0; m < k->q->measures_n; m++) {
        if (!k->tests[m]) continue;
        u8 was = fresh ? T_NO : p->share[m][at], one = k->tests[m][item];
        p->share[m][at] = (u8)(((was | one) & T_YES) | (was & one & T_NO));
    }
}

typedef struct {
    u32 start, row, item, tag_from, tag_n;
    u32 codes[LIMIT_GROUP_COLUMNS];
} spot;

/* Every combination of the row's tags where tags are grouped by. */
static bool spread(asking *k, spot *s, size_t d) {
    if (d == k->q->by_n) {
        u32 cell = 0;
        if (k->dense)
            for (size_t i = 0; i < k->q->by_n; i++) cell += s->codes[i] * k->stride[i];
        else if (!cell_of_codes(k, s->codes, &cell))
            return false;
        pair_put(k, s->start, s->row, cell, s->item);
        return true;
    }
    const dim *by = &k->dims[d];
    if (!by->set || !s->tag_n) {
        s->codes[d] = by->set ? 0 : k->codes[d][s->item];
        return spread(k, s, d + 1);
    }
    for (u32 i = 0; i < s->tag_n; i++) {
        s->codes[d] = dim_code(by, k->g, s->tag_from + i);
        if (!spread(k, s, d + 1)) return false;
    }
    return true;
}

/* The row's tags: rows ascend, twice where mentions come first and rows without any after them. */
static void find_tags(spot *s, const block *b, u32 row) {
    u32 end = b->g_from + b->g_n;
    if (row < s->row) s->tag_from = b->g_from;
    while (s->tag_from < end && b->g_row[s->tag_from] < b->from + row) s->tag_from++;
    s->tag_n = 0;
    while (s->tag_from + s->tag_n < end && b->g_row[s->tag_from + s->tag_n] == b->from + row)
        s->tag_n++;
    s->row = row;
}

static bool spread_block(asking *k) {
    const block *b = k->b;
    spot s = {.row = UINT32_MAX, .tag_from = b->g_from};
    k->p.row = k->p.own;
    for (u32 i = 0; i < b->items; i++) {
        u32 row = b->exploded ? b->item_row[i] : i;
        if (row != s.row) {
            if (k->p.n >= ITEMS_MAX / 2 && !add_pairs(k)) return false;
            s.start = k->p.n;
            find_tags(&s, b, row);
        }
        s.item = i;
        if ((!k->filter || k->truths[i] == T_YES) && !spread(k, &s, 0)) return false;
    }
    return add_pairs(k);
}

static bool ask_segment(asking *k) {
    u8 can = k->where.root ? plan_can(k->where.root, k->g, k->t) : CAN_YES;
    k->out->rows += k->g->head->rows[OF_SIGNAL];
    k->out->segments++;
    if (!(can & CAN_YES)) {
        k->out->segments_skipped++;
        return true;
    }
    k->filter = can != CAN_YES;
    k->out->rows_read += k->g->head->rows[OF_SIGNAL];
    if (!touch(k)) return false;
    choose(k);
    local_tables(k);
    block_open(k->b, k->t, k->g);
    while (block_next(k->b, k->mentions)) {
        if (k->filter) {
            plan_truth(k->where.root, k->b, k->truths);
            if (!memchr(k->truths, T_YES, k->b->items)) continue;
        }
        for (size_t i = 0; i < k->q->by_n; i++) dim_codes(&k->dims[i], k->b, k->codes[i]);
        for (size_t i = 0; i < k->q->measures_n; i++)
            if (k->tests[i]) plan_truth(k->measures[i].test.root, k->b, k->tests[i]);
        bool many = k->mentions || k->tags;
        if (!(k->stamped ? stamped_block(k) : many ? spread_block(k) : plain_block(k)))
            return false;
    }
    return merge(k);
}

static bool ask_once(tally *t, arena *a, const tally_question *q, tally_answer *out, err *e) {
    asking *k = NEW(a, asking);
    *k = (asking){.t = t, .a = a, .q = q, .out = out, .e = e};
    if (!prepare(k)) return false;
    for (u32 i = 0; i < t->segments_n; i++) {
        k->g = &t->segments[i];
        if (!ask_segment(k)) return false;
    }
    u32 all;
    cell_key none = {0};
    if (q->by_n == 0 && !cells_find(&k->cells, &none, &all, e)) return false;
    cells_answer(&k->cells, t, q, out);
    return true;
}

typedef struct {
    const tally_question *q;
    memo_answer answer;
    memo_hold hold;
} asked;

static bool ask_cells(tally *view, arena *a, const memo_question *q, memo_answer *out, err *e) {
    return ask_once(view, a, q->q, &out->cells, e);
}

static bool ask_view(tally *view, arena *a, void *ctx, err *e) {
    asked *k = ctx;
    memo_question q = {.q = k->q, .kernel = ask_cells};
    k->answer = (memo_answer){0};
    return memo_ask(view, &k->hold, a, &q, &k->answer, e);
}

bool tally_ask(tally *t, arena *a, const tally_question *q, tally_answer *out, err *e) {
    check(t && q && out && (q->by || !q->by_n) && (q->measures || !q->measures_n));
    asked k = {.q = q};
    bool ok = view_ask(t, a, ask_view, &k, e);
    memo_give(&k.hold);
    if (ok) *out = k.answer.cells;
    return ok;
}
