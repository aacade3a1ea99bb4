/* walk_cursor.c - the way through the walk: whole cases in the order of their codes, merged from the
** runs, a few thousand events at a time. */
#include "store/walk_cursor.h"

/* ---- windows of a run ---- */

static void batch_room(arena *a, walk_batch *b, u32 *cap, u32 n) {
    if (n <= *cap) return;
    *cap = MAX((u32)BATCH_EVENTS, n + n / 4);
    b->at = arena_raw(a, *cap * sizeof *b->at);
    b->what = arena_raw(a, *cap * sizeof *b->what);
    b->bits = arena_raw(a, *cap * sizeof *b->bits);
    b->ref = arena_raw(a, *cap * sizeof *b->ref);
}

static void window_room(walking *w, source *s) {
    u32 cases = s->end - s->begin + 1;
    if (s->n > s->cap) {
        batch_room(w->a, &s->w, &s->cap, s->n);
        s->keep = arena_raw(w->a, s->cap);
        s->pick = arena_raw(w->a, s->cap * sizeof *s->pick);
    }
    if (cases <= s->start_cap) return;
    s->start_cap = MAX((u32)BATCH_EVENTS + 1, cases);
    s->start = arena_raw(w->a, s->start_cap * sizeof *s->start);
    s->code = arena_raw(w->a, s->start_cap * sizeof *s->code);
}

/* Few codes: compared, many at a time. */
static void keep_few(const walking *w, source *s, const u8 *restrict one) {
    u8 *restrict keep = s->keep, code = (u8)w->kept[0];
    u32 n = s->n;
    for (u32 i = 0; i < n; i++) keep[i] = one[i] == code;
    for (u32 k = 1; k < w->kept_n; k++) {
        code = (u8)w->kept[k];
        for (u32 i = 0; i < n; i++) keep[i] |= one[i] == code;
    }
}

static void keep_by_event(const walking *w, source *s) {
    const run_lane *l = &s->r->head->lanes[LANE_EVENT];
    const u8 *restrict one = s->r->base + l->offset + (size_t)s->from * l->width;
    const u16 *restrict two = (const void *)one;
    const u32 *restrict four = (const void *)one;
    const u8 *restrict lut = w->keep;
    u8 *restrict keep = s->keep;
    if (l->width == 1 && w->kept_n)
        keep_few(w, s, one);
    else if (l->width == 1)
        for (u32 i = 0; i < s->n; i++) keep[i] = lut[one[i]];
    else if (l->width == 2)
        for (u32 i = 0; i < s->n; i++) keep[i] = lut[two[i]];
    else
        for (u32 i = 0; i < s->n; i++) keep[i] = lut[four[i]];
}

/* The places of what is kept: eight at a look, since most often nothing is. */
static u32 pick_kept(source *s) {
    u32 n = 0, i = 0, *restrict pick = s->pick;
    for (; i + 8 <= s->n; i += 8) {
        u64 eight;
        memcpy(&eight, s->keep + i, sizeof eight);
        for (; eight; eight &= eight - 1) pick[n++] = i + (u32)__builtin_ctzll(eight) / 8;
    }
    for (; i < s->n; i++) {
        pick[n] = i;
        n += s->keep[i];
    }
    return n;
}

static void keep_by_row(const walking *w, source *s) {
    const u32 *row = run_rows(s->r) + s->from;
    u8 *const *planes = w->planes[w->where_bit / 8] + s->first;
    u32 shift = w->where_bit % 8, mask = (1u << WALK_ROW_BITS) - 1;
    for (u32 i = 0; i < s->n; i++) {
        const u8 *at = planes[row[i] >> WALK_ROW_BITS];
        u32 in = at ? (u32)at[row[i] & mask] >> shift & 1 : 0;
        s->keep[i] = (u8)(s->keep[i] & in);
    }
}

/* Which events are selected, and where each case begins among them; how many there are. */
static u32 select_events(const walking *w, source *s) {
    const u32 *start = run_starts(s->r) + s->begin, *code = run_cases(s->r) + s->begin;
    bool by_row = w->where_bit != UINT32_MAX && !w->tests[w->where_bit].by_event;
    u32 cases = s->end - s->begin, n, *restrict pick = s->pick;
    if (!w->keep && !by_row) {
        for (u32 c = 0; c < cases; c++) {
            s->code[c] = code[c];
            s->start[c] = start[c] - s->from;
        }
        for (u32 i = 0; i < s->n; i++) pick[i] = i;
        s->cases = cases;
        s->start[cases] = s->n;
        return s->n;
    }
    if (w->keep)
        keep_by_event(w, s);
    else
        memset(s->keep, 1, s->n);
    if (by_row) keep_by_row(w, s);
    n = pick_kept(s);
    s->cases = 0;
    for (u32 c = 0, i = 0; c < cases; c++) {
        s->code[s->cases] = code[c];
        s->start[s->cases] = i;
        for (u32 end = start[c + 1] - s->from; i < n && pick[i] < end;) i++;
        s->cases += i > s->start[s->cases];
    }
    s->start[s->cases] = n;
    return n;
}

static void decode_events(source *s, u32 n) {
    const run_lane *l = &s->r->head->lanes[LANE_EVENT];
    const u8 *restrict one = s->r->base + l->offset + (size_t)s->from * l->width;
    const u16 *restrict two = (const void *)one;
    const u32 *restrict four = (const void *)one, *restrict pick = s->pick;
    u32 *restrict out = s->w.what;
    if (l->width == 1)
        for (u32 i = 0; i < n; i++) out[i] = one[pick[i]];
    else if (l->width == 2)
        for (u32 i = 0; i < n; i++) out[i] = two[pick[i]];
    else
        for (u32 i = 0; i < n; i++) out[i] = four[pick[i]];
}

static void decode_times(source *s, u32 n) {
    const run_head *h = s->r->head;
    const u8 *lane_at = s->r->base + h->lanes[LANE_TIME].offset;
    const u32 *restrict four = (const u32 *)(const void *)lane_at + s->from, *restrict pick =
                                                                                 s->pick;
    const i64 *restrict eight = (const i64 *)(const void *)lane_at + s->from;
    i64 base = h->base, scale = h->scale, *restrict out = s->w.at;
    if (n == s->n)
        run_times(s->r, s->from, n, out);
    else if (h->lanes[LANE_TIME].width == 4)
        for (u32 i = 0; i < n; i++) out[i] = base + (i64)four[pick[i]] * scale;
    else
        for (u32 i = 0; i < n; i++) out[i] = base + eight[pick[i]] * scale;
}

static void decode_refs(source *s, u32 n) {
    const u32 *row = run_rows(s->r) + s->from;
    for (u32 i = 0; i < n; i++)
        s->w.ref[i] = (u64)(s->first + (row[s->pick[i]] >> WALK_ROW_BITS)) << 32 |
                      (row[s->pick[i]] & ((1u << WALK_ROW_BITS) - 1));
}

static void decode_planes(const walking *w, source *s, u32 n) {
    const u32 *restrict row = run_rows(s->r) + s->from, *restrict pick = s->pick;
    u32 mask = (1u << WALK_ROW_BITS) - 1, *restrict bits = s->w.bits;
    for (u32 p = 0; p * 8 < w->tests_n; p++) {
        u8 *const *restrict planes = w->planes[p] + s->first;
        for (u32 i = 0; i < n; i++) {
            const u8 *at = planes[row[pick[i]] >> WALK_ROW_BITS];
            if (at) bits[i] |= (u32)at[row[pick[i]] & mask] << 8 * p;
        }
    }
}

static void decode_texts(const walking *w, source *s, u32 n) {
    const u32 *row = run_rows(s->r) + s->from;
    for (u32 i = 0; i < n; i++) {
        u32 at = row[s->pick[i]];
        s->w.what[i] = walk_code(&w->texts[s->first + (at >> WALK_ROW_BITS)],
                                 at & ((1u << WALK_ROW_BITS) - 1));
    }
}

/* The first class that is true. */
static void decode_classes(const walking *w, source *s, u32 n) {
    u32 all = (u32)w->s->activities_n;
    for (u32 i = 0; i < n; i++) {
        u32 set = s->w.bits[i] >> w->class_from & (u32)(((u64)1 << all) - 1);
        s->w.what[i] = set ? 1 + (u32)__builtin_ctz(set) : 0;
    }
}

static void decode_bits(const walking *w, source *s, u32 n) {
    u32 *restrict bits = s->w.bits;
    const u32 *restrict lut = w->lut, *restrict code = s->w.what;
    if (w->need_lut) {
        decode_events(s, n);
        for (u32 i = 0; i < n; i++) bits[i] = lut[code[i]];
    } else {
        memset(bits, 0, n * sizeof *bits);
    }
    if (w->need_rows) decode_planes(w, s, n);
}

/* Events without a name drop out, and cases without events. */
static void drop_nameless(const walking *w, source *s) {
    u32 to = 0, cases = 0;
    walk_batch *b = &s->w;
    for (u32 c = 0; c < s->cases; c++) {
        u32 i = s->start[c], end = s->start[c + 1], from = to;
        for (; i < end; i++) {
            b->at[to] = b->at[i];
            b->what[to] = b->what[i];
            if (w->need_bits) b->bits[to] = b->bits[i];
            if (w->need_ref) b->ref[to] = b->ref[i];
            to += b->what[to] != 0;
        }
        s->code[cases] = s->code[c];
        s->start[cases] = from;
        cases += to > from;
    }
    s->cases = cases;
    s->start[cases] = to;
}

/* Decodes the next whole cases of the run: as many as fit, one at least. */
static void window_next(walking *w, source *s) {
    const u32 *start = run_starts(s->r);
    u32 all = s->r->head->cases;
    s->begin = s->end;
    s->end = s->begin + 1;
    s->at = 0;
    while (s->end < all && start[s->end + 1] - start[s->begin] <= BATCH_EVENTS) s->end++;
    s->from = start[s->begin];
    s->n = start[s->end] - s->from;
    window_room(w, s);
    u32 n = select_events(w, s);
    decode_times(s, n);
    if (w->need_bits) decode_bits(w, s, n);
    if (w->need_what && w->names_are_events && !(w->need_bits && w->need_lut))
        decode_events(s, n);
    else if (w->need_what && w->names && !w->names_are_events)
        decode_texts(w, s, n);
    else if (w->need_what && !w->names)
        decode_classes(w, s, n);
    if (w->need_ref) decode_refs(s, n);
    if (w->need_what && !w->names_are_events) drop_nameless(w, s);
}

/* ---- batches ---- */

/* The code of the next case that has events; its window is decoded. */
static u32 source_code(walking *w, source *s) {
    while (s->at >= s->cases) {
        if (s->end >= s->r->head->cases) return UINT32_MAX;
        window_next(w, s);
    }
    return s->code[s->at];
}

static void append(walking *w, source *s) {
    walk_batch *o = &w->out;
    u32 from = s->start[s->at], n = s->start[s->at + 1] - from, to = o->events;
    for (u32 i = 0; i < n; i++) o->at[to + i] = s->w.at[from + i];
    if (w->need_what)
        for (u32 i = 0; i < n; i++) o->what[to + i] = s->w.what[from + i];
    if (w->need_bits)
        for (u32 i = 0; i < n; i++) o->bits[to + i] = s->w.bits[from + i];
    if (w->need_ref)
        for (u32 i = 0; i < n; i++) o->ref[to + i] = s->w.ref[from + i];
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
    u32 code = UINT32_MAX, total = 0, *codes = w->codes, runs = w->runs.n;
    for (u32 i = 0; i < runs; i++) {
        codes[i] = source_code(w, &w->sources[i]);
        code = MIN(code, codes[i]);
    }
    if (code == UINT32_MAX) return false;
    for (u32 i = 0; i < runs; i++) {
        const source *s = &w->sources[i];
        if (codes[i] == code) total += s->start[s->at + 1] - s->start[s->at];
    }
    if (o->cases == BATCH_EVENTS || (o->cases && o->events + total > BATCH_EVENTS)) return false;
    batch_room(w->a, o, &w->out_cap, o->events + total);
    u32 from = o->events;
    for (u32 i = 0; i < runs; i++) {
        u32 mid = o->events;
        if (codes[i] != code) continue;
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
    if (source_code(w, s) == UINT32_MAX) return false;
    o->at = s->w.at, o->what = s->w.what, o->bits = s->w.bits, o->ref = s->w.ref;
    memcpy(o->code, s->code, s->cases * sizeof *o->code);
    memcpy(o->start, s->start, s->cases * sizeof *o->start);
    o->cases = s->cases;
    o->events = s->start[s->cases];
    s->at = s->cases;
    return true;
}

static bool next_batch(walking *w) {
    walk_batch *o = &w->out;
    o->cases = o->events = 0;
    if (w->runs.n == 1)
        next_window(w);
    else
        while (next_case(w)) continue;
    o->start[o->cases] = o->events;
    return o->cases > 0;
}

bool walk_round(walking *w, walk_visit *visit, void *ctx, err *e) {
    if (!walk_prepare(w, e)) return false;
    i64 cases = 0, events = 0;
    for (u32 i = 0; i < w->runs.n; i++)
        w->sources[i].at = w->sources[i].end = w->sources[i].cases = 0;
    while (next_batch(w)) {
        cases += w->out.cases;
        events += w->out.events;
        if (!visit(ctx, &w->out, e) || !walk_goes_on(w, e)) return false;
    }
    w->cost.cases = cases;
    w->cost.events = events;
    return true;
}
