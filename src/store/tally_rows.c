/* tally_rows.c - the rows behind a figure: ids of matching signals, newest occurrence first. */
#include "store/tally_memo.h"

int newest_first(const void *x, const void *y) {
    const tally_mark *a = x, *b = y;
    if (a->at != b->at) return a->at > b->at ? -1 : 1;
    return a->id > b->id ? -1 : a->id < b->id;
}

typedef struct {
    tally_mark *all;
    size_t n, cap, limit;
    const tally_mark *after; /* NULL = from the newest on */
} newest;

/* Twice the limit is kept and then halved, so that sorting costs little per row. */
static bool keep(newest *k, i64 at, i64 id) {
    tally_mark this = {at, id};
    if (k->after && newest_first(&this, k->after) <= 0) return false;
    if (k->n == k->cap) {
        qsort(k->all, k->n, sizeof *k->all, newest_first);
        k->n = k->limit;
    }
    check(k->n < k->cap);
    k->all[k->n++] = this;
    return true;
}

static i64 moment(const segment *g, const part *day, const part *ms, u32 row) {
    i64 d = day ? part_value(g, day, row) : NONE;
    return d == NONE ? d : d * DAY_MS + part_value(g, ms, row);
}

static bool touch(tally *t, segment *g, const plan_top *where, err *e) {
    i64 bytes = 0;
    if (where->root && !plan_touch(where->root, g, t, &bytes, e)) return false;
    if (where->mentions && !part_touch(g, PART_COUNT, OF_MENTION, &bytes, e)) return false;
    return part_touch(g, PART_ID, OF_SIGNAL, &bytes, e) &&
           part_touch(g, PART_DAY, COL_OCCURRED, &bytes, e) &&
           part_touch(g, PART_MS, COL_OCCURRED, &bytes, e);
}

/* The rows that may lie behind the mark. */
static u32 rows_behind(const segment *g, const tally_mark *after) {
    u32 all = g->head->rows[OF_SIGNAL];
    const part *day = segment_part(g, PART_DAY, COL_OCCURRED);
    if (!after || !day) return all;
    if (after->at != NONE) return rows_since(g, after->at + 1);
    return run_code(g, day, 0) == UINT32_MAX ? run_row(g, day, 1) : 0;
}

/* A block's matching rows; how many lie behind the mark. */
static size_t rows_of_block(const plan_top *where, block *b, u8 *found_true, newest *k) {
    const segment *g = b->g;
    const part *ids = segment_part(g, PART_ID, OF_SIGNAL),
               *day = segment_part(g, PART_DAY, COL_OCCURRED),
               *ms = segment_part(g, PART_MS, COL_OCCURRED);
    u32 last = UINT32_MAX;
    size_t n = 0;
    if (where->root) plan_truth(where->root, b, found_true);
    for (u32 i = 0; i < b->items; i++) {
        u32 row = b->exploded ? block_rows(b)[i] : i;
        if (row == last || (where->root && found_true[i] != T_YES)) continue;
        last = row;
        n += keep(k, moment(g, day, ms, b->from + row), part_value(g, ids, b->from + row));
    }
    return n;
}

/* Rows stand in the order of their moments: the newest are looked at first, and no more than needed. */
static bool rows_of(tally *t, segment *g, const plan_top *where, block *b, u8 *found_true,
                    newest *k, err *e) {
    u8 can = where->root ? plan_can(where->root, g, t) : CAN_YES;
    u32 from = 0, to = g->head->rows[OF_SIGNAL];
    if (!(can & CAN_YES)) return true;
    if (!touch(t, g, where, e)) return false;
    if (where->root) plan_rows(where->root, g, &from, &to);
    to = MIN(to, rows_behind(g, k->after));
    for (size_t found = 0; from < to && found < k->limit;) {
        u32 start = to - from > BLOCK ? to - BLOCK : from;
        block_open(b, t, g);
        block_span(b, start, to);
        while (block_next(b, where->mentions)) found += rows_of_block(where, b, found_true, k);
        to = start;
    }
    return true;
}

/* ---- segments, newest first ---- */

typedef struct {
    i64 newest; /* no row of it is newer */
    u32 number;
} aged;

static int aged_order(const void *x, const void *y) {
    const aged *a = x, *b = y;
    if (a->newest != b->newest) return a->newest > b->newest ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

static aged *by_age(const tally *t, arena *a) {
    aged *all = NEW_N(a, aged, t->segments_n);
    for (u32 i = 0; i < t->segments_n; i++) {
        const part *p = segment_part(&t->segments[i], PART_DAY, COL_OCCURRED);
        all[i] = (aged){p ? (p->base + (i64)p->max + 1) * DAY_MS - 1 : NONE, i};
    }
    qsort(all, t->segments_n, sizeof *all, aged_order);
    return all;
}

static void cut_to_limit(newest *k) {
    qsort(k->all, k->n, sizeof *k->all, newest_first);
    k->n = MIN(k->n, k->limit);
}

static bool rows_once(tally *t, arena *a, const expr *where, size_t limit, newest *k, err *e) {
    plan_top p;
    k->limit = (size_t)MIN((i64)limit, tally_rows_total(t));
    k->cap = MAX(k->limit * 2, k->limit + 1024);
    k->all = NEW_N(a, tally_mark, k->cap);
    k->n = 0;
    if (!plan_make(t, a, where, &p, e)) return false;
    block *b = NEW(a, block);
    u8 *found_true = arena_alloc(a, ITEMS_MAX);
    const aged *all = by_age(t, a);
    for (u32 i = 0; i < t->segments_n && k->limit; i++) {
        cut_to_limit(k);
        if (k->n == k->limit && all[i].newest < k->all[k->n - 1].at) break;
        if (!rows_of(t, &t->segments[all[i].number], &p, b, found_true, k, e)) return false;
    }
    cut_to_limit(k);
    return true;
}

typedef struct {
    memo_question q;
    const tally_mark *after;
    memo_answer answer;
    memo_hold hold;
} rows_asked;

static bool first_rows(tally *view, arena *a, const memo_question *q, memo_answer *out, err *e) {
    newest k = {0};
    if (!rows_once(view, a, q->where, q->limit, &k, e)) return false;
    *out = (memo_answer){.marks = k.all, .marks_n = k.n};
    return true;
}

static bool rows_view(tally *t, arena *a, void *ctx, err *e) {
    rows_asked *r = ctx;
    newest k = {.after = r->after};
    if (!r->after) return memo_ask(t, &r->hold, a, &r->q, &r->answer, e);
    if (!rows_once(t, a, r->q.where, r->q.limit, &k, e)) return false;
    r->answer = (memo_answer){.marks = k.all, .marks_n = k.n};
    return true;
}

bool tally_rows_after(tally *t, arena *a, const expr *where, const tally_mark *after, size_t limit,
                      tally_mark **out, size_t *n_out, err *e) {
    check(t && out && n_out);
    rows_asked r = {.q = {.where = where, .limit = limit, .kernel = first_rows}, .after = after};
    bool ok = view_ask(t, a, rows_view, &r, e);
    memo_give(&r.hold);
    if (!ok) return false;
    *out = r.answer.marks;
    *n_out = r.answer.marks_n;
    return true;
}

bool tally_rows(tally *t, arena *a, const expr *where, i32 zone_min, size_t limit, i64 **ids_out,
                size_t *n_out, err *e) {
    (void)zone_min; /* the moments of an expression carry their zone already */
    tally_mark *marks;
    size_t n;
    if (!tally_rows_after(t, a, where, NULL, limit, &marks, &n, e)) return false;
    i64 *ids = NEW_N(a, i64, n);
    for (size_t i = 0; i < n; i++) ids[i] = marks[i].id;
    *ids_out = ids;
    *n_out = n;
    return true;
}
