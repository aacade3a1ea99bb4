/* walk.c - the cursor over the walk: whole cases in the order of their codes, merged from the runs,
** with the truth of each condition and the name of each event. */
#include "store/walk_int.h"

enum { BATCH_EVENTS = 8192, PLANES = WALK_EXPRS_MAX / 8 };

/* One condition: looked up by the code of `event` where it speaks of nothing else, else a bit per row. */
typedef struct {
    const expr *x; /* NULL: true */
    plan_top plan;
    bool by_event;
} test;

/* One run, a window of it decoded. */
typedef struct {
    const run *r;
    u32 first;        /* its first segment */
    u32 at;           /* case */
    u32 from, n, cap; /* events in the window */
    walk_batch w;     /* the window's lanes; it ends before case w.cases */
} source;

struct walking {
    tally *t;
    arena *a;
    const walk_scope *s;
    walk_index *index;
    run_list runs;
    u32 case_column;
    test tests[WALK_EXPRS_MAX];
    u32 tests_n;
    u32 *lut; /* bits of the conditions by event code */
    bool need_lut, need_rows, need_what, need_ref, ready;
    u8 **planes[PLANES]; /* per segment: a byte of bits per row; NULL where none is true */
    const column *names; /* activity; NULL: classes */
    bool names_are_events;
    walk_text *texts; /* per segment, of names */
    u32 class_from;   /* the classes' first bit */
    u32 where_bit;    /* UINT32_MAX: none */
    source *sources;
    walk_batch out, room; /* room: to merge late events */
    u32 out_cap, room_cap;
    walk_cost cost;
    i64 until_ms;
};

static i64 clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (i64)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- preparing ---- */

static void give(void *arg) {
    walking *w = arg;
    runs_give(w->index, &w->runs);
}

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

bool walk_open(tally *t, arena *a, const walk_scope *s, walking **out, err *e) {
    check(t && s && out && (s->activities || !s->activities_n));
    walking *w = NEW(a, walking);
    *w = (walking){.t = t,
                   .index = t->live->walks,
                   .a = a,
                   .s = s,
                   .where_bit = UINT32_MAX,
                   .until_ms = clock_ms() + s->most_ms};
    arena_defer(a, give, w);
    *out = w;
    if (!case_column(w, e) || !runs_take(t, w->case_column, &w->runs, e)) return false;
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

static bool keeps_going(const walking *w, err *e) {
    if (w->s->go_on && !w->s->go_on(w->s->ctx)) return fail(e, BUSY, "the question was given up");
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
        if (!keeps_going(w, e)) return false;
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

/* ---- windows ---- */

static void batch_room(arena *a, walk_batch *b, u32 *cap, u32 n) {
    if (n <= *cap) return;
    *cap = MAX((u32)BATCH_EVENTS, n + n / 4);
    b->at = arena_raw(a, *cap * sizeof *b->at);
    b->what = arena_raw(a, *cap * sizeof *b->what);
    b->bits = arena_raw(a, *cap * sizeof *b->bits);
    b->ref = arena_raw(a, *cap * sizeof *b->ref);
}

static void decode_refs(const source *s) {
    const u32 *row = run_rows(s->r) + s->from;
    for (u32 i = 0; i < s->n; i++)
        s->w.ref[i] = (u64)(s->first + (row[i] >> WALK_ROW_BITS)) << 32 |
                      (row[i] & ((1u << WALK_ROW_BITS) - 1));
}

static void decode_planes(const walking *w, const source *s) {
    const u32 *restrict row = run_rows(s->r) + s->from;
    u32 mask = (1u << WALK_ROW_BITS) - 1, *restrict bits = s->w.bits;
    for (u32 p = 0; p * 8 < w->tests_n; p++) {
        u8 *const *restrict planes = w->planes[p] + s->first;
        for (u32 i = 0; i < s->n; i++) {
            const u8 *at = planes[row[i] >> WALK_ROW_BITS];
            if (at) bits[i] |= (u32)at[row[i] & mask] << 8 * p;
        }
    }
}

static void decode_texts(const walking *w, const source *s) {
    const u32 *row = run_rows(s->r) + s->from;
    for (u32 i = 0; i < s->n; i++) {
        const walk_text *x = &w->texts[s->first + (row[i] >> WALK_ROW_BITS)];
        s->w.what[i] = walk_code(x, row[i] & ((1u << WALK_ROW_BITS) - 1));
    }
}

/* The first class that is true. */
static void decode_classes(const walking *w, const source *s) {
    u32 all = (u32)w->s->activities_n;
    for (u32 i = 0; i < s->n; i++) {
        u32 set = s->w.bits[i] >> w->class_from & (u32)(((u64)1 << all) - 1);
        s->w.what[i] = set ? 1 + (u32)__builtin_ctz(set) : 0;
    }
}

static void decode_bits(const walking *w, source *s) {
    u32 *restrict bits = s->w.bits;
    const u32 *restrict lut = w->lut, *restrict code = s->w.what;
    if (!w->tests_n) return;
    if (w->need_lut) {
        run_events(s->r, s->from, s->n, s->w.what);
        for (u32 i = 0; i < s->n; i++) bits[i] = lut[code[i]];
    } else {
        memset(bits, 0, s->n * sizeof *bits);
    }
    if (w->need_rows) decode_planes(w, s);
}

/* Decodes the next whole cases: as many as fit, one at least. */
static void window_next(walking *w, source *s) {
    const u32 *start = run_starts(s->r);
    u32 last = s->at + 1, all = s->r->head->cases;
    while (last < all && start[last + 1] - start[s->at] <= BATCH_EVENTS) last++;
    s->from = start[s->at];
    s->n = start[last] - s->from;
    batch_room(w->a, &s->w, &s->cap, s->n);
    run_times(s->r, s->from, s->n, s->w.at);
    decode_bits(w, s);
    if (w->need_what && w->names_are_events && !w->need_lut)
        run_events(s->r, s->from, s->n, s->w.what);
    else if (w->need_what && w->names && !w->names_are_events)
        decode_texts(w, s);
    else if (w->need_what && !w->names)
        decode_classes(w, s);
    if (w->need_ref) decode_refs(s);
    s->w.cases = last;
}

static u32 source_code(const source *s) {
    return s->at < s->r->head->cases ? run_cases(s->r)[s->at] : UINT32_MAX;
}

/* ---- batches ---- */

static void append(walking *w, source *s) {
    walk_batch *o = &w->out;
    const u32 *start = run_starts(s->r);
    if (s->at >= s->w.cases) window_next(w, s);
    u32 from = start[s->at] - s->from, n = start[s->at + 1] - start[s->at], to = o->events;
    memcpy(o->at + to, s->w.at + from, n * sizeof *o->at);
    if (w->need_what) memcpy(o->what + to, s->w.what + from, n * sizeof *o->what);
    if (w->tests_n) memcpy(o->bits + to, s->w.bits + from, n * sizeof *o->bits);
    if (w->need_ref) memcpy(o->ref + to, s->w.ref + from, n * sizeof *o->ref);
    o->events += n;
    s->at++;
}

static void copy_event(const walk_batch *from, u32 i, walk_batch *to, u32 j) {
    to->at[j] = from->at[i];
    to->what[j] = from->what[i];
    to->bits[j] = from->bits[i];
    to->ref[j] = from->ref[i];
}

/* Events [mid, end) came later but are not all younger: merged into [from, mid); of one moment, those
** of the earlier run first. */
static void merge_late(walking *w, u32 from, u32 mid, u32 end) {
    walk_batch *o = &w->out, *r = &w->room;
    u32 n = mid - from, i = 0, j = mid, k = from;
    batch_room(w->a, r, &w->room_cap, n);
    for (; i < n; i++) copy_event(o, from + i, r, i);
    for (i = 0; i < n;) {
        if (j < end && o->at[j] < r->at[i])
            copy_event(o, j++, o, k++);
        else
            copy_event(r, i++, o, k++);
    }
}

/* The next case of all runs; false: there is no more, or no more room in this batch. */
static bool next_case(walking *w) {
    walk_batch *o = &w->out;
    u32 code = UINT32_MAX, total = 0;
    for (u32 i = 0; i < w->runs.n; i++) code = MIN(code, source_code(&w->sources[i]));
    if (code == UINT32_MAX) return false;
    for (u32 i = 0; i < w->runs.n; i++) {
        const source *s = &w->sources[i];
        if (source_code(s) == code) total += run_starts(s->r)[s->at + 1] - run_starts(s->r)[s->at];
    }
    if (o->cases && o->events + total > BATCH_EVENTS) return false;
    batch_room(w->a, o, &w->out_cap, o->events + total);
    u32 from = o->events;
    for (u32 i = 0; i < w->runs.n; i++) {
        u32 mid = o->events;
        if (source_code(&w->sources[i]) != code) continue;
        append(w, &w->sources[i]);
        if (mid > from && o->at[mid] < o->at[mid - 1]) merge_late(w, from, mid, o->events);
    }
    o->code[o->cases] = code;
    o->start[o->cases++] = from;
    return true;
}

/* A single run needs no merging: its window is the batch. */
static bool next_window(walking *w) {
    walk_batch *o = &w->out;
    source *s = &w->sources[0];
    if (source_code(s) == UINT32_MAX) return false;
    window_next(w, s);
    o->at = s->w.at, o->what = s->w.what, o->bits = s->w.bits, o->ref = s->w.ref;
    o->events = s->n;
    for (; s->at < s->w.cases; s->at++) {
        o->code[o->cases] = run_cases(s->r)[s->at];
        o->start[o->cases++] = run_starts(s->r)[s->at] - s->from;
    }
    return true;
}

/* Drops what `where` does not select and what has no name; cases without events go. */
static void select_events(const walking *w, walk_batch *o) {
    u32 to = 0, cases = 0;
    u32 want = w->where_bit == UINT32_MAX ? 0 : 1u << w->where_bit;
    o->start[o->cases] = o->events;
    if (!want && !w->need_what) return;
    for (u32 c = 0; c < o->cases; c++) {
        u32 from = to, end = o->start[c + 1];
        for (u32 i = o->start[c]; i < end; i++) {
            bool in = (!want || o->bits[i] & want) && (!w->need_what || o->what[i]);
            o->at[to] = o->at[i];
            if (w->need_what) o->what[to] = o->what[i];
            if (w->tests_n) o->bits[to] = o->bits[i];
            if (w->need_ref) o->ref[to] = o->ref[i];
            to += in;
        }
        o->code[cases] = o->code[c];
        o->start[cases] = from;
        cases += to > from;
    }
    o->cases = cases;
    o->events = to;
    o->start[cases] = to;
}

static bool prepare(walking *w, err *e) {
    if (w->ready) return true;
    w->lut = NEW_N(w->a, u32, w->t->columns[COL_EVENT].dict.n + (size_t)1);
    for (u32 k = 0; k < w->tests_n; k++) {
        if (!plan_make(w->t, w->a, w->tests[k].x, &w->tests[k].plan, e)) return false;
        fill_lut(w, k);
    }
    if (w->need_rows && !fill_planes(w, e)) return false;
    if (w->need_what && w->names && !w->names_are_events && !walk_texts(w, w->names, &w->texts, e))
        return false;
    w->sources = NEW_N(w->a, source, w->runs.n);
    w->out.code = NEW_N(w->a, u32, BATCH_EVENTS + 1);
    w->out.start = NEW_N(w->a, u32, BATCH_EVENTS + 2);
    for (u32 i = 0; i < w->runs.n; i++)
        w->sources[i] = (source){.r = w->runs.runs[i].r, .first = w->runs.runs[i].first};
    w->ready = true;
    return true;
}

bool walk_round(walking *w, walk_visit *visit, void *ctx, err *e) {
    if (!prepare(w, e)) return false;
    i64 cases = 0, events = 0;
    for (u32 i = 0; i < w->runs.n; i++) w->sources[i].at = w->sources[i].w.cases = 0;
    for (;;) {
        walk_batch *o = &w->out;
        o->cases = o->events = 0;
        if (w->runs.n == 1)
            next_window(w);
        else
            while (next_case(w)) continue;
        if (!o->cases) break;
        select_events(w, o);
        cases += o->cases;
        events += o->events;
        if (o->cases && !visit(ctx, o, e)) return false;
        if (!keeps_going(w, e)) return false;
    }
    w->cost.cases = cases;
    w->cost.events = events;
    return true;
}

tally *walk_tally(const walking *w) {
    return w->t;
}

walk_cost walk_paid(const walking *w) {
    return w->cost;
}

typedef struct {
    const walk_scope *s;
    walk_ask *ask;
    void *ctx;
} asking;

static bool on_view(tally *view, arena *a, void *ctx, err *e) {
    const asking *k = ctx;
    walking *w = NULL;
    bool ok = walk_open(view, a, k->s, &w, e) && k->ask(w, a, k->ctx, e);
    give(w);
    return ok;
}

bool walk_run(tally *t, arena *a, const walk_scope *s, walk_ask *ask, void *ctx, err *e) {
    asking k = {s, ask, ctx};
    return view_ask(t, a, on_view, &k, e);
}
