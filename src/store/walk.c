/* walk.c - what a question about journeys needs before it begins: the runs, the truth of its conditions
** by event or by row, the names of events. */
#include "store/walk_cursor.h"

static i64 clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (i64)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- preparing ---- */

static bool case_column(walking *w, err *e) {
    str name = w->s->case_by.n ? w->s->case_by : S("customer");
    const column *c = column_find(w->t, name, COLUMN_TEXT);
    if (c && c->table == OF_SIGNAL) return w->case_column = column_number(w->t, c), true;
    if (!plan_known(w->t, name, e)) return false;
    if (tally_rows_total(w->t) == 0) return w->case_column = COL_CUSTOMER, true;
    return fail(e, INVALID,
                "«%.*s» is no text column of signals; a walk follows customers, orders, "
                "cases: texts",
                STR_ARG(name));
}

static bool walk_open(tally *t, arena *a, const walk_scope *s, run_list *held, walking **out,
                      err *e) {
    check(t && s && out && (s->activities || !s->activities_n));
    walking *w = NEW(a, walking);
    *w = (walking){
        .t = t, .a = a, .s = s, .where_bit = UINT32_MAX, .until_ms = clock_ms() + s->most_ms};
    *out = w;
    if (!case_column(w, e) || !runs_take(t, w->case_column, held, e)) return false;
    w->runs = *held;
    if (s->where) w->where_bit = walk_test(w, s->where);
    for (u32 i = 0; i < w->runs.n; i++) {
        const run_head *h = w->runs.runs[i].r->head;
        w->cost.without_case += (i64)h->without_case;
        w->cost.without_at += (i64)h->without_at;
        w->cost.bytes += (i64)h->bytes;
    }
    w->cost.runs = w->runs.n;
    w->cost.indexed = w->runs.indexed;
    return true;
}

u32 walk_test(walking *w, const expr *x) {
    check(w->tests_n < WALK_EXPRS_MAX && !w->ready);
    w->tests[w->tests_n].x = x;
    return w->tests_n++;
}

void walk_refs(walking *w) {
    w->need_ref = true;
}

bool walk_names(walking *w, err *e) {
    const walk_scope *s = w->s;
    str name = s->activity.n ? s->activity : S("event");
    w->need_what = true;
    if (s->activities_n) {
        if (s->activities_n > LIMIT_WALK_CLASSES)
            return fail(e, LIMIT, "%zu activities; at most %d are taken", s->activities_n,
                        LIMIT_WALK_CLASSES);
        w->class_from = w->tests_n;
        for (size_t i = 0; i < s->activities_n; i++) walk_test(w, s->activities[i].is);
        return true;
    }
    w->names = column_find(w->t, name, COLUMN_TEXT);
    if (!w->names || w->names->table != OF_SIGNAL) {
        if (!plan_known(w->t, name, e)) return false;
        if (tally_rows_total(w->t))
            return fail(e, INVALID,
                        "«%.*s» is no text column of signals; events are named by texts",
                        STR_ARG(name));
        w->names = &w->t->columns[COL_EVENT];
    }
    w->names_are_events = column_number(w->t, w->names) == COL_EVENT;
    return true;
}

str walk_case_name(const walking *w, u32 code) {
    const dict *d = &w->t->columns[w->case_column].dict;
    check(code && code <= d->n);
    return d->text[code - 1];
}

u32 walk_names_n(const walking *w) {
    return w->names ? w->names->dict.n : (u32)w->s->activities_n;
}

str walk_name(const walking *w, u32 code) {
    check(code && code <= walk_names_n(w));
    return w->names ? w->names->dict.text[code - 1] : w->s->activities[code - 1].name;
}

/* The truth of a plan by the code of `event`; false when it speaks of anything else. */
static bool truth_by_event(const walking *w, const plan *p, u32 code, u8 *out) {
    u8 l, r;
    switch (p->op) {
    case EXPR_AND:
    case EXPR_OR:
        if (!truth_by_event(w, p->left, code, &l) || !truth_by_event(w, p->right, code, &r))
            return false;
        *out = p->op == EXPR_AND ? (u8)((l & r & T_YES) | ((l | r) & T_NO))
                                 : (u8)(((l | r) & T_YES) | (l & r & T_NO));
        return true;
    case EXPR_NOT:
        if (!truth_by_event(w, p->left, code, &l)) return false;
        *out = (u8)((l & T_YES) << 1 | (l & T_NO) >> 1);
        return true;
    case EXPR_CONST:
        *out = p->x->constant ? T_YES : T_NO;
        return true;
    case EXPR_CMP:
    case EXPR_IN:
    case EXPR_HAS:
    case EXPR_MISSING:
        if (p->words || p->text != &w->t->columns[COL_EVENT] || p->num || p->time || p->set)
            return false;
        *out = p->by_code[code];
        return true;
    }
    return false;
}

static void fill_lut(walking *w, u32 k) {
    u32 codes = w->t->columns[COL_EVENT].dict.n + 1;
    test *x = &w->tests[k];
    u8 found = T_YES;
    x->by_event = true;
    for (u32 c = 0; c < codes && x->by_event; c++) {
        if (x->plan.root) x->by_event = truth_by_event(w, x->plan.root, c, &found);
        if (x->by_event && found == T_YES) w->lut[c] |= 1u << k;
    }
    w->need_lut |= x->by_event;
    w->need_rows |= !x->by_event;
}

/* ---- bits per row ---- */

static u8 *plane(walking *w, u32 bit, u32 segment_no, u32 rows) {
    u8 **all = w->planes[bit / 8];
    if (!all[segment_no]) all[segment_no] = arena_alloc(w->a, rows);
    return all[segment_no];
}

static bool test_segment(walking *w, u32 k, u32 segment_no, block *b, u8 *truths, err *e) {
    const plan_top *p = &w->tests[k].plan;
    segment *g = &w->t->segments[segment_no];
    u8 can = plan_can(p->root, g, w->t), bit = (u8)(1u << k % 8);
    if (!(can & CAN_YES)) return true;
    u8 *bits = plane(w, k, segment_no, g->head->rows[OF_SIGNAL]);
    if (can == CAN_YES) {
        for (u32 i = 0; i < g->head->rows[OF_SIGNAL]; i++) bits[i] |= bit;
        return true;
    }
    if (!plan_touch(p->root, g, w->t, &w->cost.bytes, e) ||
        (p->mentions && !part_touch(g, PART_COUNT, OF_MENTION, &w->cost.bytes, e)))
        return false;
    block_open(b, w->t, g);
    while (block_next(b, p->mentions)) {
        plan_truth(p->root, b, truths);
        const u16 *rows = b->exploded ? block_rows(b) : NULL;
        if (rows)
            for (u32 i = 0; i < b->items; i++)
                bits[b->from + rows[i]] |= truths[i] == T_YES ? bit : 0;
        else
            for (u32 i = 0; i < b->n; i++) bits[b->from + i] |= truths[i] == T_YES ? bit : 0;
    }
    return true;
}

bool walk_goes_on(const walking *w, err *e) {
    if (w->failed && __atomic_load_n(w->failed, __ATOMIC_RELAXED))
        return fail(e, BUSY, "the question was given up");
    if (!w->failed && w->s->go_on && !w->s->go_on(w->s->ctx))
        return fail(e, BUSY, "the question was given up");
    if (w->s->most_ms && clock_ms() > w->until_ms)
        return fail(e, LIMIT,
                    "the question took longer than its %" PRId64
                    " ms; filter first, or ask for fewer steps",
                    w->s->most_ms);
    return true;
}

static bool fill_planes(walking *w, err *e) {
    u32 segments = w->t->segments_n;
    block *b = NEW(w->a, block);
    u8 *truths = arena_alloc(w->a, ITEMS_MAX);
    for (u32 p = 0; p < PLANES; p++) w->planes[p] = NEW_N(w->a, u8 *, segments);
    for (u32 s = 0; s < segments; s++) {
        if (!walk_goes_on(w, e)) return false;
        for (u32 k = 0; k < w->tests_n; k++)
            if (!w->tests[k].by_event && !test_segment(w, k, s, b, truths, e)) return false;
    }
    return true;
}

bool walk_texts(walking *w, const column *c, walk_text **out, err *e) {
    u32 segments = w->t->segments_n, number = column_number(w->t, c);
    walk_text *all = NEW_N(w->a, walk_text, segments);
    for (u32 s = 0; s < segments; s++) {
        segment *g = &w->t->segments[s];
        if (!part_touch(g, PART_CODE, number, &w->cost.bytes, e)) return false;
        all[s] = (walk_text){g, segment_part(g, PART_CODE, number)};
    }
    *out = all;
    return true;
}

/* By event code: what no row of it can be selected for is told without looking at the row. */
static void fill_keep(walking *w) {
    u32 codes = w->t->columns[COL_EVENT].dict.n + 1;
    bool where = w->where_bit != UINT32_MAX && w->tests[w->where_bit].by_event;
    bool named = w->need_what && w->names && w->names_are_events;
    if (!where && !named) return;
    w->keep = arena_alloc(w->a, codes);
    u32 n = 0;
    for (u32 c = 0; c < codes; c++) {
        w->keep[c] = (!where || w->lut[c] >> w->where_bit & 1) && (!named || c);
        if (w->keep[c] && n++ < COUNT(w->kept)) w->kept[n - 1] = c;
    }
    w->kept_n = n <= COUNT(w->kept) && n && w->kept[n - 1] <= UINT8_MAX ? n : 0;
}

void walk_sources(walking *w) {
    w->heads = NEW_N(w->a, u64, w->runs.n);
    w->sources = NEW_N(w->a, source, w->runs.n);
    w->out = w->room = (walk_batch){0};
    w->out_cap = w->room_cap = 0;
    w->cases_cap = BATCH_EVENTS;
    w->out.code = NEW_N(w->a, u32, w->cases_cap);
    w->out.start = NEW_N(w->a, u32, w->cases_cap + 1);
    for (u32 i = 0; i < w->runs.n; i++)
        w->sources[i] = (source){.r = w->runs.runs[i].r, .first = w->runs.runs[i].first};
}

bool walk_prepare(walking *w, err *e) {
    if (w->ready) return true;
    w->lut = NEW_N(w->a, u32, w->t->columns[COL_EVENT].dict.n + (size_t)1);
    for (u32 k = 0; k < w->tests_n; k++) {
        if (!plan_make(w->t, w->a, w->tests[k].x, &w->tests[k].plan, e)) return false;
        fill_lut(w, k);
    }
    if (w->need_rows && !fill_planes(w, e)) return false;
    if (w->need_what && w->names && !w->names_are_events && !walk_texts(w, w->names, &w->texts, e))
        return false;
    fill_keep(w);
    w->need_bits = w->tests_n > (w->where_bit != UINT32_MAX);
    walk_sources(w);
    w->ready = true;
    return true;
}

tally *walk_tally(const walking *w) {
    return w->t;
}

i64 walk_events(const walking *w) {
    i64 n = 0;
    for (u32 i = 0; i < w->runs.n; i++) n += w->runs.runs[i].r->head->events;
    return n;
}

i64 walk_oldest(const walking *w) {
    i64 first = INT64_MAX;
    for (u32 i = 0; i < w->runs.n; i++)
        if (w->runs.runs[i].r->head->events) first = MIN(first, w->runs.runs[i].r->head->base);
    return first == INT64_MAX ? NONE : first;
}

i64 walk_newest(const walking *w) {
    i64 last = NONE;
    for (u32 i = 0; i < w->runs.n; i++) last = MAX(last, w->runs.runs[i].r->head->last);
    return last;
}

walk_cost walk_paid(const walking *w) {
    return w->cost;
}

typedef struct {
    const walk_scope *s;
    walk_ask *ask;
    void *ctx;
    walk_index *index;
    run_list held; /* given back when the job is over, however it ended */
} asking;

static bool on_view(tally *view, arena *a, void *ctx, err *e) {
    asking *k = ctx;
    walking *w;
    runs_give(k->index, &k->held); /* of a first try, when something was damaged */
    return walk_open(view, a, k->s, &k->held, &w, e) && k->ask(w, a, k->ctx, e);
}

bool walk_run(tally *t, arena *a, const walk_scope *s, walk_ask *ask, void *ctx, err *e) {
    asking k = {.s = s, .ask = ask, .ctx = ctx, .index = t->walks};
    bool ok = view_ask(t, a, on_view, &k, e);
    runs_give(k.index, &k.held);
    return ok;
}
