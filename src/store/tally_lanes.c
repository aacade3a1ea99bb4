/* tally_lanes.c - selected signals with columns side by side. */
#include "store/lanes.h"
#include "store/tally_int.h"

typedef struct {
    lane_kind kind;
    const column *c; /* NULL: missing everywhere */
    plan_top test;
    double *num;
    u32 *code;
} strand;

typedef struct {
    tally *t;
    arena *a;
    const lanes_question *q;
    const lanes_visit *v;
    plan_top where;
    bool mentions; /* of a condition or a test */
    strand *strands;
    const double **nums;
    const u32 **codes;
    const str **texts;
    block *b;
    u8 *said, *joined;
    u16 *kept; /* rows of the block that are selected */
    i64 *ids;
    u32 *raw;
    i64 until_ms;
} weaving;

/* ---- before the first segment ---- */

static bool strand_init(weaving *w, size_t i, err *e) {
    const lane_wish *q = &w->q->lanes[i];
    strand *s = &w->strands[i];
    s->kind = q->kind;
    if (q->kind == LANE_TEST) {
        check(q->test);
        if (!plan_make(w->t, w->a, q->test, &s->test, e)) return false;
        w->mentions |= s->test.mentions;
    } else if (column_is_mention(q->column)) {
        return fail(e, INVALID, "«%.*s» speaks of mentions; ask for a column of the signal",
                    STR_ARG(q->column));
    } else {
        s->c = column_find(w->t, q->column, q->kind == LANE_NUM ? COLUMN_NUM : COLUMN_TEXT);
    }
    if (q->kind == LANE_TEXT)
        w->codes[i] = s->code = NEW_N(w->a, u32, LANES_BLOCK);
    else
        w->nums[i] = s->num = NEW_N(w->a, double, LANES_BLOCK);
    w->texts[i] = q->kind == LANE_TEXT && s->c ? s->c->dict.text : NULL;
    return true;
}

static i64 clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (i64)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool prepare(weaving *w, err *e) {
    const lanes_question *q = w->q;
    check((int)LANES_BLOCK == (int)BLOCK);
    if (q->lanes_n > LANES_MAX)
        return fail(e, LIMIT, "%zu columns side by side; at most %d are taken", q->lanes_n,
                    LANES_MAX);
    if (!plan_make(w->t, w->a, q->where, &w->where, e)) return false;
    w->mentions = w->where.mentions;
    w->strands = NEW_N(w->a, strand, q->lanes_n);
    w->nums = NEW_N(w->a, const double *, q->lanes_n);
    w->codes = NEW_N(w->a, const u32 *, q->lanes_n);
    w->texts = NEW_N(w->a, const str *, q->lanes_n);
    for (size_t i = 0; i < q->lanes_n; i++)
        if (!strand_init(w, i, e)) return false;
    w->b = NEW(w->a, block);
    w->said = arena_alloc(w->a, ITEMS_MAX);
    w->joined = arena_alloc(w->a, LANES_BLOCK);
    w->kept = NEW_N(w->a, u16, LANES_BLOCK);
    w->ids = NEW_N(w->a, i64, LANES_BLOCK);
    w->raw = NEW_N(w->a, u32, LANES_BLOCK);
    w->until_ms = q->most_ms ? clock_ms() + q->most_ms : INT64_MAX;
    return true;
}

static bool touch(weaving *w, segment *g, err *e) {
    i64 bytes = 0;
    if (w->where.root && !plan_touch(w->where.root, g, w->t, &bytes, e)) return false;
    if (w->mentions && !part_touch(g, PART_COUNT, OF_MENTION, &bytes, e)) return false;
    if (!part_touch(g, PART_ID, OF_SIGNAL, &bytes, e)) return false;
    for (size_t i = 0; i < w->q->lanes_n; i++) {
        strand *s = &w->strands[i];
        if (s->test.root && !plan_touch(s->test.root, g, w->t, &bytes, e)) return false;
        if (s->c && !part_touch(g, s->kind == LANE_NUM ? PART_NUM : PART_CODE,
                                column_number(w->t, s->c), &bytes, e))
            return false;
    }
    return true;
}

/* ---- a block ---- */

/* The truth of each signal; where mentions are looked at one by one, what they say of it is joined. */
static const u8 *truths(weaving *w, const plan *p) {
    plan_truth(p, w->b, w->said);
    if (!w->b->exploded) return w->said;
    memset(w->joined, T_NO, w->b->n);
    const u16 *row = block_rows(w->b);
    for (u32 i = 0; i < w->b->items; i++) {
        u8 was = w->joined[row[i]], one = w->said[i];
        w->joined[row[i]] = (u8)(((was | one) & T_YES) | (was & one & T_NO));
    }
    return w->joined;
}

static u32 keep(weaving *w) {
    u32 n = 0;
    const u8 *said = w->where.root ? truths(w, w->where.root) : NULL;
    for (u32 i = 0; i < w->b->n; i++) {
        w->kept[n] = (u16)i;
        n += !said || said[i] == T_YES;
    }
    return n;
}

/* Codes of up to four bytes; base and scale whole: then the sum is exact in a double. */
static void numbers_of_codes(weaving *w, const part *p, strand *s, u32 n) {
    part_codes(w->b->g, p, w->b->from, w->b->n, w->raw);
    bool whole = p->base % NUM6_ONE == 0 && p->scale % NUM6_ONE == 0;
    double base = (double)(p->base / NUM6_ONE), scale = (double)(p->scale / NUM6_ONE);
    u32 missing = (u32)p->missing;
    for (u32 i = 0; i < n && whole; i++) {
        u32 code = w->raw[w->kept[i]];
        s->num[i] = code == missing ? NAN : base + scale * (double)code;
    }
    for (u32 i = 0; i < n && !whole; i++) {
        u32 code = w->raw[w->kept[i]];
        s->num[i] =
            code == missing ? NAN : (double)(p->base + (i64)code * p->scale) / (double)NUM6_ONE;
    }
}

static void numbers(weaving *w, strand *s, u32 n) {
    const segment *g = w->b->g;
    const part *p = s->c ? segment_part(g, PART_NUM, column_number(w->t, s->c)) : NULL;
    if (p && p->width && p->width <= 4 && !p->step) {
        numbers_of_codes(w, p, s, n);
        return;
    }
    for (u32 i = 0; i < n; i++) {
        i64 v = p ? part_value(g, p, w->b->from + w->kept[i]) : NONE;
        s->num[i] = v == NONE ? NAN : (double)v / (double)NUM6_ONE;
    }
}

static void texts(weaving *w, strand *s, u32 n) {
    const segment *g = w->b->g;
    const part *p = s->c ? segment_part(g, PART_CODE, column_number(w->t, s->c)) : NULL;
    if (!p) {
        memset(s->code, 0, n * sizeof *s->code);
        return;
    }
    part_codes(g, p, w->b->from, w->b->n, w->raw);
    for (u32 i = 0; i < n; i++) s->code[i] = w->raw[w->kept[i]];
}

static void tests(weaving *w, strand *s, u32 n) {
    const u8 *said = truths(w, s->test.root);
    for (u32 i = 0; i < n; i++) {
        u8 one = said[w->kept[i]];
        s->num[i] = one == T_YES ? 1 : one == T_NO ? 0 : NAN;
    }
}

static bool tell(weaving *w, err *e) {
    u32 n = keep(w);
    const part *ids = segment_part(w->b->g, PART_ID, OF_SIGNAL);
    if (!n) return true;
    for (u32 i = 0; i < n; i++) w->ids[i] = part_value(w->b->g, ids, w->b->from + w->kept[i]);
    for (size_t i = 0; i < w->q->lanes_n; i++) {
        strand *s = &w->strands[i];
        if (s->kind == LANE_NUM)
            numbers(w, s, n);
        else if (s->kind == LANE_TEXT)
            texts(w, s, n);
        else if (s->test.root)
            tests(w, s, n);
    }
    lanes_block b = {n, w->ids, w->nums, w->codes, w->texts};
    return w->v->block(w->v->ctx, &b, e);
}

static bool segment_told(weaving *w, segment *g, err *e) {
    u8 can = w->where.root ? plan_can(w->where.root, g, w->t) : CAN_YES;
    u32 from = 0, to = g->head->rows[OF_SIGNAL];
    if (!(can & CAN_YES)) return true;
    if (!touch(w, g, e)) return false;
    if (w->where.root) plan_rows(w->where.root, g, &from, &to);
    if (from >= to) return true;
    block_open(w->b, w->t, g);
    block_span(w->b, from, to);
    while (block_next(w->b, w->mentions))
        if (!tell(w, e)) return false;
    return clock_ms() < w->until_ms ||
           fail(e, LIMIT, "the question takes longer than %" PRId64 " s; narrow it with where",
                w->q->most_ms / 1000);
}

static bool on_view(tally *view, arena *a, void *ctx, err *e) {
    weaving *w = ctx;
    w->t = view, w->a = a;
    if (!prepare(w, e)) return false;
    w->v->begin(w->v->ctx);
    for (u32 i = 0; i < view->segments_n; i++)
        if (!segment_told(w, &view->segments[i], e)) return false;
    return true;
}

bool tally_lanes(tally *t, arena *a, const lanes_question *q, const lanes_visit *v, err *e) {
    check(t && q && v && v->begin && v->block && (q->lanes || !q->lanes_n));
    weaving w = {.q = q, .v = v};
    return view_ask(t, a, on_view, &w, e);
}
