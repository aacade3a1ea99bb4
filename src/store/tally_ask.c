/* tally_ask.c - a question, segment by segment: select, find the cell, add. */
#include "base/job.h"
#include "store/tally_asking.h"
#include "store/tally_memo.h"

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

static u16 *keys_room(asking *k) {
    return NEW_N(k->a, u16, ITEMS_MAX + 64);
}

static void buffers(asking *k) {
    const tally_question *q = k->q;
    k->b = NEW(k->a, block);
    k->truths = arena_alloc(k->a, ITEMS_MAX);
    k->keep = arena_alloc(k->a, ITEMS_MAX + 64);
    k->tests = NEW_N(k->a, u8 *, q->measures_n);
    k->p.share = NEW_N(k->a, u8 *, q->measures_n);
    for (size_t i = 0; i < q->measures_n; i++)
        if (q->measures[i].kind == MEASURE_SHARE) k->tests[i] = arena_alloc(k->a, ITEMS_MAX);
    for (size_t i = 0; i < q->by_n; i++) k->codes[i] = NEW_N(k->a, u32, ITEMS_MAX);
    k->value = NEW_N(k->a, u32, ITEMS_MAX);
    k->identity = NEW_N(k->a, u32, BLOCK);
    k->key = keys_room(k);
    k->key_all = keys_room(k);
    k->row = keys_room(k);
    k->cell = keys_room(k);
    k->item = keys_room(k);
    k->ramp = keys_room(k);
    k->said_item = keys_room(k);
    for (u32 i = 0; i < BLOCK; i++) {
        k->identity[i] = i;
        k->ramp[i] = (u16)i;
    }
    pairs_room(k);
}

typedef struct {
    const tally *t;
    const column *one;
    bool several;
} naming;

static void name_column(void *ctx, str name) {
    naming *n = ctx;
    if (!column_is_mention(name)) return;
    const column *c = column_find(n->t, name, COLUMN_TEXT);
    n->several |= !c || (n->one && n->one != c);
    n->one = c;
}

/* Mentions of one signal that are alike in the only column named are alike in all that is asked. */
static const column *only_said(const asking *k) {
    naming n = {.t = k->t};
    const tally_question *q = k->q;
    if (q->where) expr_columns(q->where, name_column, &n);
    for (size_t i = 0; i < q->by_n; i++) name_column(&n, q->by[i].column);
    for (size_t i = 0; i < q->measures_n; i++)
        if (q->measures[i].test) expr_columns(q->measures[i].test, name_column, &n);
    return n.several ? NULL : n.one;
}

static bool one_polarity(const plan *p) {
    u32 n = 0;
    for (; p->op == EXPR_AND; p = p->left)
        if (one_polarity(p->right)) return true;
    if (!p->text || !p->of_mention || !str_eq(column_name(p->text), S("polarity"))) return false;
    for (u32 c = 0; c <= p->text->dict.n; c++) n += p->by_code[c] == T_YES;
    return n == 1 && p->by_code[0] != T_YES;
}

static bool prepare(asking *k) {
    const tally_question *q = k->q;
    if (q->by_n > LIMIT_GROUP_COLUMNS)
        return fail(k->e, LIMIT, "grouped by %zu columns; at most %d are taken", q->by_n,
                    LIMIT_GROUP_COLUMNS);
    if (!plan_make(k->t, k->a, q->where, &k->where, k->e)) return false;
    k->mentions = k->where.mentions;
    for (size_t i = 0; i < q->by_n; i++) {
        if (!dim_init(&k->dims[i], k->t, &q->by[i], q, k->e)) return false;
        k->mentions |= k->dims[i].of_mention;
        k->tags |= k->dims[i].set != NULL;
    }
    k->measures = NEW_N(k->a, measure, q->measures_n);
    for (size_t i = 0; i < q->measures_n; i++)
        if (!measure_init(k, &k->measures[i], &q->measures[i])) return false;
    cells_init(&k->cells, k->a, q->by_n, q->measures_n);
    for (size_t i = 0; i < q->measures_n; i++) k->cells.binned[i] = q->measures[i].quantiles;
    for (size_t i = 0; i < q->measures_n; i++)
        if (k->measures[i].text) k->cells.seen[i].d = &k->measures[i].text->dict;
    k->said = only_said(k);
    k->one_polarity = k->where.root && one_polarity(k->where.root);
    buffers(k);
    select_init(k);
    return true;
}

/* ---- before each segment ---- */

static bool touch(asking *k) {
    i64 *bytes = &k->cost.bytes_read;
    if (k->where.root && !plan_touch(k->where.root, k->g, k->t, bytes, k->e)) return false;
    if (k->mentions && !part_touch(k->g, PART_COUNT, OF_MENTION, bytes, k->e)) return false;
    if (k->tags && !part_touch(k->g, PART_ROW, OF_TAG, bytes, k->e)) return false;
    if (k->said && !part_touch(k->g, PART_AGAIN, column_number(k->t, k->said), bytes, k->e))
        return false;
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

static void add_hist(asking *k, measure *m, const u8 *share) {
    const u32 *restrict cell = k->p.cell, *restrict row = k->p.row;
    u32 *restrict hist = m->hist.table, *restrict code = k->value;
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
        for (u32 i = 0; i < k->p.n; i++) k->count.table[k->p.cell[i]]++;
    k->p.n = 0;
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
        for (u32 i = 0; i < n; i++) out[i] = (d ? out[i] : 0) + code[i] * stride;
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
        u32 row = b->exploded ? block_rows(k->b)[i] : i, c = all[i], mark = b->from + row + 1,
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
        u32 row = b->exploded ? block_rows(k->b)[i] : i;
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

static bool any_block(asking *k) {
    for (size_t i = 0; i < k->q->by_n; i++) dim_codes(&k->dims[i], k->b, k->codes[i]);
    if (k->stamped) return stamped_block(k);
    return k->mentions || k->tags ? spread_block(k) : plain_block(k);
}

static bool block_count(asking *k) {
    if (!k->fast) return any_block(k);
    return k->mentions ? fast_mentions(k) : fast_rows(k);
}

static bool blocks(asking *k) {
    u32 from = 0, to = k->g->head->rows[OF_SIGNAL];
    if (k->filter) plan_rows(k->where.root, k->g, &from, &to);
    if (from >= to) return true;
    if (k->filter) select_open(k);
    ahead_open(k);
    block_open(k->b, k->t, k->g);
    block_span(k->b, from, to);
    k->cost.rows_read += to - from;
    while (block_next_to(k->b, k->mentions, k->fast ? fast_to(k) : UINT32_MAX)) {
        bool few = false;
        ahead_fetch(k);
        if (k->filter && !select_items(k, &few)) continue;
        for (size_t i = 0; i < k->q->measures_n; i++)
            if (k->tests[i])
                (few ? row_truth : plan_truth)(k->measures[i].test.root, k->b, k->tests[i]);
        if (!(few ? few_count(k) : block_count(k))) return false;
    }
    return true;
}

bool asking_segment(asking *k, segment *g) {
    bool failed;
    k->g = g;
    u8 can = k->where.root ? plan_can(k->where.root, g, k->t) : CAN_YES;
    k->cost.rows += g->head->rows[OF_SIGNAL];
    k->cost.segments++;
    if (!(can & CAN_YES)) {
        k->cost.segments_skipped++;
        return true;
    }
    k->filter = can != CAN_YES;
    if (table_answers(k, &failed)) return !failed;
    return touch(k) && local_open(k) && blocks(k) && local_merge(k);
}

/* ---- threads: each takes the next segment that nobody has; what they found is joined ---- */

enum { SIDES = 2 }; /* questions asked together */

typedef struct {
    tally *t;
    const tally_question *q[SIDES];
    size_t sides;
    u32 next;     /* segment */
    bool failed;  /* the others stop */
    i64 until_ms; /* INT64_MAX = no bound */
    i64 stop_ms;  /* on the same clock: before it, stop is not looked at; 0 = always */
} work;

typedef struct {
    work *w;
    asking *k[SIDES];
    arena *a;
    pthread_t thread;
    bool started, ok;
    err e;
} hand;

static i64 clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (i64)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool may_go_on(const work *w, err *e) {
    const bool *stop = w->q[0]->stop;
    if (stop && __atomic_load_n(stop, __ATOMIC_RELAXED) &&
        (!w->stop_ms || clock_ms() >= w->stop_ms))
        return fail(e, BUSY, "the question was given up");
    if (w->until_ms != INT64_MAX && clock_ms() > w->until_ms)
        return fail(e, LIMIT,
                    "the question took longer than its %" PRId64
                    " ms; filter first, or group by fewer columns",
                    w->q[0]->most_ms);
    return true;
}

/* Both sides look at a segment one after the other: what the first read is near for the second. */
static bool work_on(arena *a, void *ctx, err *e) {
    hand *h = ctx;
    work *w = h->w;
    for (size_t s = 0; s < w->sides; s++) {
        asking *k = h->k[s] = NEW(a, asking);
        *k = (asking){.t = w->t, .a = a, .q = w->q[s], .e = e, .v = vec_best()};
        if (!prepare(k)) return false;
    }
    while (!__atomic_load_n(&w->failed, __ATOMIC_RELAXED)) {
        u32 at = __atomic_fetch_add(&w->next, 1, __ATOMIC_RELAXED);
        if (at >= w->t->segments_n) break;
        if (!may_go_on(w, e)) return false;
        for (size_t s = 0; s < w->sides; s++)
            if (!asking_segment(h->k[s], &w->t->segments[at])) return false;
    }
    return true;
}

static void *hand_main(void *ctx) {
    hand *h = ctx;
    h->ok = job_run_in(h->a, work_on, h, &h->e);
    if (!h->ok) __atomic_store_n(&h->w->failed, true, __ATOMIC_RELAXED);
    return NULL;
}

static bool join_cost(asking *k, const asking *other, err *e) {
    k->cost.rows += other->cost.rows;
    k->cost.rows_read += other->cost.rows_read;
    k->cost.segments += other->cost.segments;
    k->cost.segments_skipped += other->cost.segments_skipped;
    k->cost.bytes_read += other->cost.bytes_read;
    return cells_join(&k->cells, &other->cells, e);
}

static void hands_start(hand *h, u32 n, work *w) {
    for (u32 i = 1; i < n; i++) {
        h[i] = (hand){.w = w, .a = arena_open(LIMIT_JOB_BYTES)};
        h[i].started = pthread_create(&h[i].thread, NULL, hand_main, &h[i]) == 0;
    }
}

typedef struct {
    work w;
    hand h[LIMIT_TALLY_THREADS];
    u32 n;
    tally_answer *out; /* per side */
} hands;

static bool join_side(hands *all, size_t side, err *e) {
    const tally_question *q = all->w.q[side];
    asking *k = all->h[0].k[side];
    u32 cell;
    cell_key none = {0};
    for (u32 i = 1; i < all->n; i++)
        if (all->h[i].started && !join_cost(k, all->h[i].k[side], e)) return false;
    if (q->by_n == 0 && !cells_find(&k->cells, &none, &cell, e)) return false;
    all->out[side] = k->cost;
    cells_answer(&k->cells, all->w.t, q, &all->out[side]);
    return true;
}

static bool join_all(arena *a, void *ctx, err *e) {
    hands *all = ctx;
    (void)a;
    for (size_t s = 0; s < all->w.sides; s++)
        if (!join_side(all, s, e)) return false;
    return true;
}

/* What a thread has in an arena of its own is closed whatever happens. */
static bool ask_sides(tally *t, arena *a, const tally_question *const q[], size_t sides,
                      tally_answer *out, err *e) {
    hands all = {.out = out, .w = {.t = t, .sides = sides, .until_ms = INT64_MAX}};
    for (size_t s = 0; s < sides; s++) all.w.q[s] = q[s];
    if (q[0]->stop_ms) all.w.stop_ms = clock_ms() + q[0]->stop_ms;
    if (q[0]->most_ms) all.w.until_ms = clock_ms() + q[0]->most_ms;
    all.h[0].w = &all.w;
    all.h[0].a = a;
    all.n = (u32)MAX(1, MIN(q[0]->threads, LIMIT_TALLY_THREADS));
    all.n = MIN(all.n, MAX(t->segments_n, 1u));
    hands_start(all.h, all.n, &all.w);
    bool ok = job_run_in(a, work_on, &all.h[0], e);
    if (!ok) __atomic_store_n(&all.w.failed, true, __ATOMIC_RELAXED);
    for (u32 i = 1; i < all.n; i++) {
        hand *h = &all.h[i];
        if (h->started) check(pthread_join(h->thread, NULL) == 0);
        if (ok && h->started && !h->ok) *e = h->e;
        ok = ok && (!h->started || h->ok);
    }
    ok = ok && job_run_in(a, join_all, &all, e);
    for (u32 i = 1; i < all.n; i++) arena_close(all.h[i].a);
    return ok;
}

static bool ask_cells(tally *t, arena *a, const memo_question *m, memo_answer *out, err *e) {
    const tally_question *q = m->q;
    return ask_sides(t, a, &q, 1, &out->cells, e);
}

typedef struct {
    const tally_question *q;
    memo_answer answer;
    memo_hold hold;
} asked;

static bool ask_view(tally *view, arena *a, void *ctx, err *e) {
    asked *k = ctx;
    memo_question q = {.q = k->q, .kernel = ask_cells};
    k->answer = (memo_answer){0};
    if (k->q->afresh) return ask_cells(view, a, &q, &k->answer, e);
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

typedef struct {
    const tally_question *q[SIDES];
    tally_answer out[SIDES];
} compared;

static bool compare_view(tally *view, arena *a, void *ctx, err *e) {
    compared *k = ctx;
    return ask_sides(view, a, k->q, SIDES, k->out, e);
}

bool tally_compare(tally *t, arena *a, const tally_question *q, const expr *versus,
                   tally_answer out[2], err *e) {
    check(t && q && out && (q->by || !q->by_n) && (q->measures || !q->measures_n));
    tally_question other = *q;
    other.where = versus;
    compared k = {.q = {q, &other}};
    if (!view_ask(t, a, compare_view, &k, e)) return false;
    for (size_t s = 0; s < SIDES; s++) out[s] = k.out[s];
    return true;
}
