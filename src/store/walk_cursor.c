/* walk_cursor.c - the way through the walk: whole cases in the order of their codes, merged from the
** runs, a few thousand events at a time. */
#include "store/walk_cursor.h"

/* ---- windows of a run ---- */

static void batch_room(arena *a, walk_batch *b, u32 *cap, u32 n) {
    if (n <= *cap) return;
    *cap = MAX((u32)BATCH_EVENTS, n + n / 4);
    size_t room = *cap + (size_t)SPARE;
    b->at = arena_raw(a, room * sizeof *b->at);
    b->what = arena_raw(a, room * sizeof *b->what);
    b->bits = arena_raw(a, room * sizeof *b->bits);
    b->ref = arena_raw(a, room * sizeof *b->ref);
}

static void window_room(walking *w, source *s) {
    u32 cases = s->end - s->begin + 1;
    if (s->n > s->cap) {
        batch_room(w->a, &s->w, &s->cap, s->n);
        size_t room = s->cap + (size_t)KEEP_SPARE;
        s->keep = arena_raw(w->a, room);
        s->rank = arena_raw(w->a, (room / 8 + 1) * sizeof *s->rank);
        s->pick = arena_raw(w->a, room * sizeof *s->pick);
    }
    if (cases <= s->start_cap) return;
    s->start_cap = MAX((u32)BATCH_EVENTS + 1, cases);
    s->start = arena_raw(w->a, s->start_cap * sizeof *s->start);
    s->code = arena_raw(w->a, (s->start_cap + (size_t)1) * sizeof *s->code);
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

/* ---- what is kept, without a branch that would be guessed wrong ---- */

static u64 eight_of(const u8 *keep, u32 group) {
    u64 eight;
    memcpy(&eight, keep + (size_t)group * 8, sizeof eight);
    return eight;
}

/* The sum of eight bytes of 0 or 1. */
static u32 sum_of(u64 eight) {
    return (u32)(eight * 0x0101010101010101u >> 56);
}

/* Places of up to sixteen bits of one word; what is written behind n counts for nothing. */
static u32 pick_word(u64 word, u32 n, u32 at, u32 *restrict pick) {
    u64 rest = word;
    for (u32 k = 0; k < 8; k++, rest &= rest - 1)
        pick[k] = at + (u32)__builtin_ctzll(rest | (u64)1 << 63);
    for (u32 k = 8; k < n; k++, rest &= rest - 1) pick[k] = at + (u32)__builtin_ctzll(rest);
    return n;
}

/* The places of what is kept, and how many are kept before each eight events; how many in all. */
static u32 pick_kept(source *s) {
    u32 n = 0, groups = (s->n + 7) / 8;
    memset(s->keep + s->n, 0, (size_t)groups * 8 + 64 - s->n);
    for (u32 g = 0; g <= groups; g += 8) {
        u64 word = 0;
        u32 had = n;
        for (u32 k = 0; k < 8; k++) {
            u64 eight = eight_of(s->keep, g + k);
            s->rank[g + k] = n;
            n += sum_of(eight);
            word |= (eight * 0x0102040810204080u >> 56) << 8 * k;
        }
        pick_word(word, n - had, g * 8, s->pick + had);
    }
    return n;
}

/* How many are kept before place i. */
static u32 rank_at(const source *s, u32 i) {
    u64 below = ((u64)1 << 8 * (i % 8)) - 1;
    return s->rank[i / 8] + sum_of(eight_of(s->keep, i / 8) & below);
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
        u32 end = rank_at(s, start[c + 1] - s->from);
        s->code[s->cases] = code[c];
        s->start[s->cases] = i;
        s->cases += end > i;
        i = end;
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

/* Most are far apart: they are called for before their turn comes. */
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
        for (u32 i = 0; i < n; i++) {
            __builtin_prefetch(four + pick[MIN(i + AHEAD, n - 1)]);
            out[i] = base + (i64)four[pick[i]] * scale;
        }
    else
        for (u32 i = 0; i < n; i++) {
            __builtin_prefetch(eight + pick[MIN(i + AHEAD, n - 1)]);
            out[i] = base + eight[pick[i]] * scale;
        }
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
    u32 all = s->stop;
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
        if (s->end >= s->stop) return UINT32_MAX;
        window_next(w, s);
    }
    return s->code[s->at];
}

/* Copies by eights, the last ones beyond n: what they overwrite comes later or counts for nothing. */
static void copy_moments(i64 *restrict to, const i64 *restrict from, u32 n) {
    for (u32 i = 0; i < n; i += SPARE)
        for (u32 k = 0; k < SPARE; k++) to[i + k] = from[i + k];
}

static void copy_codes(u32 *restrict to, const u32 *restrict from, u32 n) {
    for (u32 i = 0; i < n; i += SPARE)
        for (u32 k = 0; k < SPARE; k++) to[i + k] = from[i + k];
}

static void append(walking *w, const source *s, u32 from, u32 n) {
    walk_batch *o = &w->out;
    u32 to = o->events;
    copy_moments(o->at + to, s->w.at + from, n);
    if (w->need_what) copy_codes(o->what + to, s->w.what + from, n);
    if (w->need_bits) copy_codes(o->bits + to, s->w.bits + from, n);
    if (w->need_ref)
        for (u32 i = 0; i < n; i++) o->ref[to + i] = s->w.ref[from + i];
    o->events += n;
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

/* What a source has next, ordered by case and then by run. */
static u64 head_of(const source *s, u32 i) {
    return (u64)s->code[s->at] << 32 | i;
}

/* Room for all that is decoded; the last code that every source has decoded. */
static u32 stretch_open(walking *w) {
    u32 bound = UINT32_MAX - 1, total = 0, cases = 0;
    for (u32 i = 0; i < w->runs.n; i++) {
        source *s = &w->sources[i];
        w->heads[i] = UINT64_MAX;
        if (source_code(w, s) == UINT32_MAX) continue;
        bound = MIN(bound, s->code[s->cases - 1]);
        s->code[s->cases] = UINT32_MAX;
        w->heads[i] = head_of(s, i);
        total += s->start[s->cases] - s->start[s->at];
        cases += s->cases - s->at;
    }
    batch_room(w->a, &w->out, &w->out_cap, total);
    if (cases <= w->cases_cap) return bound;
    w->cases_cap = cases + cases / 4;
    w->out.code = arena_raw(w->a, w->cases_cap * sizeof *w->out.code);
    w->out.start = arena_raw(w->a, (w->cases_cap + (size_t)1) * sizeof *w->out.start);
    return bound;
}

/* Cases as far as every source has decoded them, in order; of a case, the runs one after the other. */
static void next_stretch(walking *w) {
    walk_batch *o = &w->out;
    u32 runs = w->runs.n, bound = stretch_open(w), last = 0;
    u64 *heads = w->heads;
    for (;;) {
        u64 head = heads[0];
        for (u32 i = 1; i < runs; i++) head = MIN(head, heads[i]);
        u32 code = (u32)(head >> 32), run_no = (u32)head, to = o->events;
        if (code > bound) return;
        source *s = &w->sources[run_no];
        u32 from = s->start[s->at], n = s->start[s->at + 1] - from;
        append(w, s, from, n);
        s->at++;
        heads[run_no] = head_of(s, run_no);
        bool same = code == last;
        o->cases += !same;
        u32 *start = &o->start[o->cases - 1];
        *start = same ? *start : to;
        o->code[o->cases - 1] = last = code;
        if (same && o->at[to] < o->at[to - 1]) merge_late(w, *start, to, to + n);
    }
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
    else if (w->runs.n > 1)
        next_stretch(w);
    o->start[o->cases] = o->events;
    return o->cases > 0;
}

/* The first case of a run whose code is not below. */
static u32 case_from(const run *r, u32 code) {
    const u32 *codes = run_cases(r);
    u32 lo = 0, hi = r->head->cases;
    while (lo < hi) {
        u32 mid = lo + (hi - lo) / 2;
        if (codes[mid] < code)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

bool walk_range(walking *w, u32 from, u32 to, walk_visit *visit, void *ctx, err *e) {
    for (u32 i = 0; i < w->runs.n; i++) {
        source *s = &w->sources[i];
        s->end = from ? case_from(s->r, from) : 0;
        s->stop = to == UINT32_MAX ? s->r->head->cases : case_from(s->r, to);
        s->at = s->cases = 0;
    }
    while (next_batch(w)) {
        w->cost.cases += w->out.cases;
        w->cost.events += w->out.events;
        if (!visit(ctx, &w->out, e) || !walk_goes_on(w, e)) return false;
    }
    return true;
}
