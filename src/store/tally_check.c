/* tally_check.c - proof that the mirror says what the store says, and that no byte of it has changed. */
#include "store/tally_int.h"

typedef struct {
    tally *t;     /* a view */
    tally *fresh; /* the store's signals again, one segment's worth at a time, in plain arrays */
    u32 at;       /* segment being compared */
    i64 last;     /* what the store had before the view was taken */
    i64 beyond;   /* signals of the store the mirror does not have */
    void (*report)(void *ctx, str sentence);
    void *ctx;
    i64 bad;
    segment none; /* behind the tail */
} checking;

static PRINTF(2, 3) void found(checking *k, const char *fmt, ...) {
    char line[600];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    k->bad++;
    if (k->report) k->report(k->ctx, str_of(line));
}

static const segment *compared(const checking *k) {
    return k->at < k->t->segments_n ? &k->t->segments[k->at] : &k->none;
}

/* A column of the fresh rows. */
typedef struct {
    const lane *l; /* NULL: nobody has it */
    const dict *d;
} fresh_lane;

static fresh_lane fresh_column(const checking *k, const column *c) {
    const column *f = column_find(k->fresh, column_name(c), c->kind);
    u32 number = f ? column_number(k->fresh, f) : UINT32_MAX;
    if (number >= k->fresh->tail.lanes_n) return (fresh_lane){0};
    return (fresh_lane){&k->fresh->tail.lanes[number], &f->dict};
}

static i64 fresh_num(fresh_lane f, u32 row) {
    return f.l && row < f.l->n ? f.l->nums[row] : NONE;
}

static str fresh_text(fresh_lane f, u32 row) {
    return f.l && row < f.l->n && f.l->codes[row] ? f.d->text[f.l->codes[row] - 1] : NO_STR;
}

static bool text_same(const segment *g, const part *p, const column *c, fresh_lane f, u32 row) {
    u64 code = p ? part_code(g, p, row) : 0;
    str want = fresh_text(f, row);
    if (!code) return !want.p;
    return want.p && code <= c->dict.n && str_eq(c->dict.text[code - 1], want);
}

static bool num_same(const segment *g, const part *p, const part *ms, fresh_lane f, u32 row) {
    i64 v = p ? part_value(g, p, row) : NONE;
    if (v != NONE && ms) v = v * DAY_MS + part_value(g, ms, row);
    return v == fresh_num(f, row);
}

static void compare_column(checking *k, const segment *g, const column *c) {
    u32 number = column_number(k->t, c), rows = g->head->rows[c->table], bad = 0;
    fresh_lane f = fresh_column(k, c);
    bool text = c->kind == COLUMN_TEXT || c->kind == COLUMN_SET;
    part_kind kind = text ? PART_CODE : c->kind == COLUMN_NUM ? PART_NUM : PART_DAY;
    const part *p = segment_part(g, kind, number), *ms = segment_part(g, PART_MS, number);
    for (u32 r = 0; r < rows; r++)
        bad += !(text ? text_same(g, p, c, f, r) : num_same(g, p, ms, f, r));
    if (bad)
        found(k, "tally: column «%.*s» differs from the store in %u of %u rows of segment %u",
              STR_ARG(column_name(c)), bad, rows, k->at + 1);
}

static void compare_rows(checking *k, const segment *g) {
    const part *ids = segment_part(g, PART_ID, OF_SIGNAL);
    u32 bad = 0;
    for (u32 r = 0; r < g->head->rows[OF_SIGNAL]; r++)
        bad += part_value(g, ids, r) != k->fresh->tail.ids[r];
    const loose *f = &k->fresh->tail;
    const part *tags = segment_part(g, PART_ROW, OF_TAG),
               *counts = segment_part(g, PART_COUNT, OF_MENTION);
    for (u32 r = 0; tags && r < tags->rows; r++)
        bad += part_value(g, tags, r) != f->owner[OF_TAG][r];
    for (u32 r = 0, at = 0; counts && r < counts->rows; r++) {
        u32 have = 0;
        for (; at < f->n[OF_MENTION] && f->owner[OF_MENTION][at] == r; at++) have++;
        bad += have != part_code(g, counts, r);
    }
    if (bad)
        found(k, "tally: %u rows of segment %u stand in another order than in the store", bad,
              k->at + 1);
}

static void compare(checking *k) {
    const segment *g = compared(k);
    tally *f = k->fresh;
    static const char *const of[TABLES] = {"signals", "mentions", "tags"};
    bool same = true;
    loose sorted;
    if (f->tail.n[OF_SIGNAL] && loose_ordered(f, &f->tail, 0, f->tail.n[OF_SIGNAL], &sorted)) {
        loose_free(&f->tail);
        f->tail = sorted;
    }
    for (u32 i = 0; g->head && i < TABLES; i++) {
        if (g->head->rows[i] == f->tail.n[i]) continue;
        same = false;
        found(k, "tally: segment %u has %u %s where the store has %u", k->at + 1, g->head->rows[i],
              of[i], f->tail.n[i]);
    }
    if (g->head && same) compare_rows(k, g);
    for (u32 i = 0; g->head && same && i < k->t->columns_n; i++)
        compare_column(k, g, &k->t->columns[i]);
    for (u32 i = 0; same && i < f->tail.lanes_n; i++)
        if (f->tail.lanes[i].n &&
            !column_find(k->t, column_name(&f->columns[i]), f->columns[i].kind))
            found(k, "tally: it has no column «%.*s», the store has",
                  STR_ARG(column_name(&f->columns[i])));
    loose_reset(&f->tail);
    k->at++;
}

static bool check_one(void *ctx, const signal *s, const insight *i, err *e) {
    (void)e;
    checking *k = ctx;
    if (s->row.id > k->last && k->at >= k->t->segments_n)
        return false; /* came after the question */
    while (compared(k)->head && s->row.id > compared(k)->head->last_id) compare(k);
    if (!compared(k)->head)
        k->beyond++;
    else
        tally_take(k->fresh, s, i);
    return true;
}

static bool verify_all(checking *k) {
    bool whole = true;
    for (u32 i = 0; i < k->t->segments_n; i++) {
        segment *g = &k->t->segments[i];
        for (u32 p = 0; p < g->head->parts_n; p++) {
            err why;
            __atomic_store_n(&g->checked[p], 0, __ATOMIC_RELAXED);
            if (segment_verify(g, &g->parts[p], &why)) continue;
            found(k, "tally: segment %u is damaged; `heed reindex` makes it again", i + 1);
            whole = false;
            break;
        }
    }
    return whole;
}

bool tally_check(tally *t, void (*report)(void *ctx, str sentence), void *ctx, i64 *bad_out,
                 err *e) {
    checking k = {.report = report, .ctx = ctx, .last = t->from.last_id(t->from.ctx)};
    k.t = view_take(t);
    bool ok = true, whole = verify_all(&k);
    if (!whole) tally_set_broken(t); /* nothing of it is read */
    if (whole) {
        k.fresh = mem_new(1, sizeof *k.fresh);
        columns_init(k.fresh);
        ok = t->from.scan(t->from.ctx, 0, false, check_one, &k, e);
        while (ok && compared(&k)->head) compare(&k);
        if (k.beyond) found(&k, "tally: %" PRId64 " signals of the store are not in it", k.beyond);
        tally_forget(k.fresh);
        free(k.fresh);
    }
    view_give(k.t);
    if (ok) *bad_out = k.bad;
    return ok;
}
