/* walk_run.c - sorted runs: made from segments by counting, joined in one pass. */
#define XXH_INLINE_ALL
#include "store/walk_int.h"
#include <xxhash.h>

static const char MAGIC[8] = "HEEDWLK2";
enum { LANE_ALIGN = 64, CHUNK = 4096 };

/* ---- images ---- */

static u64 lane_items(const run_head *h, u32 k) {
    return k == LANE_CASE ? h->cases : k == LANE_START ? (u64)h->cases + 1 : h->events;
}

static u64 lanes_from(u32 segments_n) {
    u64 head = sizeof(run_head) + segments_n * sizeof(u64);
    return (head + LANE_ALIGN - 1) / LANE_ALIGN * LANE_ALIGN;
}

run *run_new(const run_head *like, const u64 *keys) {
    run_head h = *like;
    u64 at = lanes_from(h.segments_n);
    memcpy(h.magic, MAGIC, sizeof h.magic);
    for (u32 k = 0; k < LANES; k++) {
        h.lanes[k].offset = at;
        h.lanes[k].bytes = lane_items(&h, k) * h.lanes[k].width;
        at += (h.lanes[k].bytes + LANE_ALIGN - 1) / LANE_ALIGN * LANE_ALIGN;
    }
    h.bytes = at;
    u8 *image = mem_new(at, 1);
    memcpy(image, &h, sizeof h);
    memcpy(image + sizeof h, keys, h.segments_n * sizeof *keys);
    run *r = mem_new(1, sizeof *r);
    *r = (run){.head = (const void *)image,
               .keys = (const void *)(image + sizeof h),
               .base = image,
               .refs = 1};
    return r;
}

/* The bytes of a run that is still being made. */
static u8 *own(const run *r) {
    union {
        const u8 *from;
        u8 *to;
    } u = {r->base};
    check(!r->mapped);
    return u.to;
}

static void *lane_own(const run *r, lane_kind k) {
    return own(r) + r->head->lanes[k].offset;
}

static u64 head_sum(const run_head *h) {
    size_t from = offsetof(run_head, store_id);
    return XXH3_64bits((const u8 *)h + from, sizeof *h - from + h->segments_n * sizeof(u64));
}

void run_close(run *r) {
    run_head *h = (void *)own(r);
    for (u32 k = 0; k < LANES; k++)
        h->lanes[k].sum = XXH3_64bits(r->base + h->lanes[k].offset, h->lanes[k].bytes);
    h->sum = head_sum(h);
    r->checked = true;
}

static bool head_sound(const run_head *h, u64 bytes) {
    static const u32 widths[LANES] = {4, 4, 0, 0, 4};
    bool ok = h->bytes == bytes && h->scale > 0;
    for (u32 k = 0; ok && k < LANES; k++) {
        const run_lane *l = &h->lanes[k];
        bool width = widths[k] ? l->width == widths[k]
                               : l->width == 1 || l->width == 2 || l->width == 4 || l->width == 8;
        ok = width && l->bytes == lane_items(h, k) * l->width && l->offset % LANE_ALIGN == 0 &&
             l->offset <= bytes && l->bytes <= bytes - l->offset;
    }
    return ok;
}

bool run_adopt(run *r, const u8 *image, u64 bytes, i64 store_id, err *e) {
    const run_head *h = (const void *)image;
    bool ok = bytes >= sizeof *h && memcmp(h->magic, MAGIC, sizeof h->magic) == 0 &&
              h->segments_n <= (bytes - sizeof *h) / sizeof(u64) && h->segments_n > 0 &&
              h->sum == head_sum(h) && head_sound(h, bytes) && h->store_id == store_id;
    if (!ok) return fail(e, CORRUPT, "a run of the walk is damaged");
    *r = (run){.head = h, .keys = (const void *)(image + sizeof *h), .base = image, .refs = 1};
    return true;
}

/* What the lanes say is also held against each other: nothing is read outside them. */
static bool lanes_fit(const run *r) {
    const u32 *start = run_starts(r), *code = run_cases(r), *row = run_rows(r);
    bool ok = start[0] == 0 && start[r->head->cases] == r->head->events;
    for (u32 i = 0; ok && i < r->head->cases; i++)
        ok = start[i] < start[i + 1] && code[i] && (!i || code[i - 1] < code[i]);
    for (u32 i = 0; ok && i < r->head->events; i++)
        ok = row[i] >> WALK_ROW_BITS < r->head->segments_n;
    return ok;
}

bool run_verify(run *r, err *e) {
    if (r->checked) return true;
    for (u32 k = 0; k < LANES; k++)
        if (XXH3_64bits(r->base + r->head->lanes[k].offset, r->head->lanes[k].bytes) !=
            r->head->lanes[k].sum)
            return fail(e, CORRUPT, "a run of the walk is damaged");
    if (!lanes_fit(r)) return fail(e, CORRUPT, "a run of the walk is damaged");
    r->checked = true;
    return true;
}

/* ---- reading lanes ---- */

void run_times(const run *r, u32 from, u32 n, i64 *restrict out) {
    const run_head *h = r->head;
    const u8 *at = r->base + h->lanes[LANE_TIME].offset;
    i64 base = h->base, scale = h->scale;
    if (h->lanes[LANE_TIME].width == 4) {
        const u32 *four = (const u32 *)(const void *)at + from;
        for (u32 i = 0; i < n; i++) out[i] = base + (i64)four[i] * scale;
    } else {
        const i64 *eight = (const i64 *)(const void *)at + from;
        for (u32 i = 0; i < n; i++) out[i] = base + eight[i] * scale;
    }
}

void run_events(const run *r, u32 from, u32 n, u32 *restrict out) {
    const u8 *at = r->base + r->head->lanes[LANE_EVENT].offset;
    const u16 *two = (const u16 *)(const void *)at + from;
    switch (r->head->lanes[LANE_EVENT].width) {
    case 1:
        for (u32 i = 0; i < n; i++) out[i] = at[from + i];
        return;
    case 2:
        for (u32 i = 0; i < n; i++) out[i] = two[i];
        return;
    default:
        memcpy(out, at + (size_t)from * 4, n * sizeof *out);
    }
}

/* ---- writing lanes ---- */

typedef struct {
    i64 at;
    u32 row, event;
} event;

/* A run being filled, case by case. */
typedef struct {
    run *r;
    u32 *cases, *starts, *rows, cases_n, events_n;
    void *times, *events;
} filling;

static filling fill_open(run *r) {
    return (filling){.r = r,
                     .cases = lane_own(r, LANE_CASE),
                     .starts = lane_own(r, LANE_START),
                     .rows = lane_own(r, LANE_ROW),
                     .times = lane_own(r, LANE_TIME),
                     .events = lane_own(r, LANE_EVENT)};
}

static void fill_event(filling *f, const event *x) {
    const run_head *h = f->r->head;
    u32 at = f->events_n++;
    i64 item = (x->at - h->base) / h->scale;
    if (h->lanes[LANE_TIME].width == 4)
        ((u32 *)f->times)[at] = (u32)item;
    else
        ((i64 *)f->times)[at] = item;
    if (h->lanes[LANE_EVENT].width == 1)
        ((u8 *)f->events)[at] = (u8)x->event;
    else if (h->lanes[LANE_EVENT].width == 2)
        ((u16 *)f->events)[at] = (u16)x->event;
    else
        ((u32 *)f->events)[at] = x->event;
    f->rows[at] = x->row;
}

static void fill_case(filling *f, u32 code, const event *x, u32 n) {
    f->cases[f->cases_n] = code;
    f->starts[f->cases_n++] = f->events_n;
    for (u32 i = 0; i < n; i++) fill_event(f, &x[i]);
}

static run *fill_close(filling *f) {
    check(f->cases_n == f->r->head->cases && f->events_n == f->r->head->events);
    f->starts[f->cases_n] = f->events_n;
    run_close(f->r);
    return f->r;
}

/* ---- from segments ---- */

/* What orders the rows of some segments. */
typedef struct {
    tally *t;
    u32 column, first, n;
    u32 *next; /* per case code: where its next event goes; counts before */
    u32 codes_n;
    event *events;
    run_head head;
    i64 min, max;
    u32 event_max;
} sorting;

typedef struct {
    u32 code[CHUNK], event[CHUNK];
    i64 at[CHUNK];
} columns_read;

static void read_codes(const segment *g, const part *p, u32 from, u32 n, u32 *out) {
    if (p)
        part_codes(g, p, from, n, out);
    else
        memset(out, 0, n * sizeof *out);
}

/* part_value of n rows; NONE where missing. */
static void read_values(const segment *g, const part *p, u32 from, u32 n, i64 *restrict out) {
    u32 code[CHUNK];
    if (!p || p->width == 0 || p->width == 8) {
        for (u32 i = 0; i < n; i++) out[i] = p ? part_value(g, p, from + i) : NONE;
        return;
    }
    i64 base = p->base, scale = p->scale;
    u32 missing = (u32)p->missing;
    part_codes(g, p, from, n, code);
    for (u32 i = 0; i < n; i++) out[i] = code[i] == missing ? NONE : base + (i64)code[i] * scale;
}

static void read_chunk(const sorting *s, const segment *g, u32 from, u32 n, columns_read *out) {
    i64 ms[CHUNK];
    read_codes(g, segment_part(g, PART_CODE, s->column), from, n, out->code);
    read_codes(g, segment_part(g, PART_CODE, COL_EVENT), from, n, out->event);
    read_values(g, segment_part(g, PART_DAY, COL_OCCURRED), from, n, out->at);
    read_values(g, segment_part(g, PART_MS, COL_OCCURRED), from, n, ms);
    for (u32 i = 0; i < n; i++)
        if (out->at[i] != NONE) out->at[i] = out->at[i] * DAY_MS + ms[i];
}

static void count_chunk(sorting *s, const columns_read *c, u32 n) {
    for (u32 i = 0; i < n; i++) {
        if (!c->code[i]) {
            s->head.without_case++;
        } else if (c->at[i] == NONE) {
            s->head.without_at++;
        } else {
            s->next[c->code[i]]++;
            s->head.events++;
            s->min = MIN(s->min, c->at[i]);
            s->max = MAX(s->max, c->at[i]);
            while (c->at[i] % s->head.scale) s->head.scale /= 10;
            s->event_max = MAX(s->event_max, c->event[i]);
        }
    }
}

static void place_chunk(sorting *s, const columns_read *c, u32 n, u32 segment_no, u32 from) {
    for (u32 i = 0; i < n; i++)
        if (c->code[i] && c->at[i] != NONE)
            s->events[s->next[c->code[i]]++] =
                (event){c->at[i], segment_no << WALK_ROW_BITS | (from + i), c->event[i]};
}

static bool touch(sorting *s, err *e) {
    i64 bytes = 0;
    for (u32 i = 0; i < s->n; i++) {
        segment *g = &s->t->segments[s->first + i];
        if (!part_touch(g, PART_CODE, s->column, &bytes, e) ||
            !part_touch(g, PART_CODE, COL_EVENT, &bytes, e) ||
            !part_touch(g, PART_DAY, COL_OCCURRED, &bytes, e) ||
            !part_touch(g, PART_MS, COL_OCCURRED, &bytes, e))
            return false;
    }
    return true;
}

static void all_rows(sorting *s, columns_read *c, bool place) {
    for (u32 k = 0; k < s->n; k++) {
        const segment *g = &s->t->segments[s->first + k];
        u32 rows = g->head->rows[OF_SIGNAL];
        check(rows <= 1u << WALK_ROW_BITS);
        for (u32 from = 0; from < rows; from += CHUNK) {
            u32 n = MIN((u32)CHUNK, rows - from);
            read_chunk(s, g, from, n, c);
            if (place)
                place_chunk(s, c, n, k, from);
            else
                count_chunk(s, c, n);
        }
    }
}

/* Late events: a stable merge sort; most cases are in order already. */
static void order(event *x, u32 n, event *room) {
    bool sorted = true;
    for (u32 i = 1; sorted && i < n; i++) sorted = x[i - 1].at <= x[i].at;
    if (sorted) return;
    u32 half = n / 2, i = 0, j = half, k = 0;
    order(x, half, room);
    order(x + half, n - half, room);
    memcpy(room, x, half * sizeof *x);
    while (i < half && j < n) x[k++] = x[j].at < room[i].at ? x[j++] : room[i++];
    while (i < half) x[k++] = room[i++];
}

/* Counts to places; the most events of one case. */
static u32 counts_to_places(sorting *s) {
    u32 sum = 0, most = 0;
    for (u32 c = 0; c < s->codes_n; c++) {
        u32 n = s->next[c];
        s->next[c] = sum;
        sum += n;
        most = MAX(most, n);
        s->head.cases += n > 0;
    }
    return most;
}

static void head_widths(run_head *h, i64 min, i64 max, u32 event_max) {
    static const u32 width[LANES] = {4, 4, 8, 4, 4};
    for (u32 k = 0; k < LANES; k++) h->lanes[k].width = width[k];
    h->last = h->events ? max : NONE;
    if (!h->events) min = max = 0;
    h->base = min;
    if (((u64)max - (u64)min) / (u64)h->scale <= UINT32_MAX) h->lanes[LANE_TIME].width = 4;
    h->lanes[LANE_EVENT].width = event_max <= UINT8_MAX ? 1 : event_max <= UINT16_MAX ? 2 : 4;
}

static run *sort_into(sorting *s, const u64 *keys, columns_read *c) {
    u32 most = counts_to_places(s), from = 0;
    s->events = mem_new(s->head.events + (size_t)1, sizeof *s->events);
    event *room = mem_new(most / 2 + (size_t)1, sizeof *room);
    all_rows(s, c, true);
    head_widths(&s->head, s->min, s->max, s->event_max);
    filling f = fill_open(run_new(&s->head, keys));
    for (u32 code = 0; code < s->codes_n; code++) { /* next[] is now where each case ends */
        u32 n = s->next[code] - from;
        if (!n) continue;
        order(s->events + from, n, room);
        fill_case(&f, code, s->events + from, n);
        from += n;
    }
    free(room);
    free(s->events);
    return fill_close(&f);
}

run *run_build(tally *t, u32 case_column, u32 first, u32 n, err *e) {
    sorting s = {.t = t,
                 .column = case_column,
                 .first = first,
                 .n = n,
                 .codes_n = t->columns[case_column].dict.n + 1,
                 .min = INT64_MAX,
                 .max = INT64_MIN,
                 .head = {.store_id = t->from.id,
                          .column = case_column,
                          .segments_n = n,
                          .scale = 1000 * 1000 * 1000}};
    if (!touch(&s, e)) return NULL;
    s.next = mem_new(s.codes_n, sizeof *s.next);
    columns_read *c = mem_new(1, sizeof *c);
    u64 *keys = mem_new(n, sizeof *keys);
    for (u32 i = 0; i < n; i++) keys[i] = t->segments[first + i].head->sum;
    all_rows(&s, c, false);
    run *r = sort_into(&s, keys, c);
    r->first = first;
    free(keys);
    free(c);
    free(s.next);
    return r;
}

/* ---- two neighbours into one ---- */

typedef struct {
    const run *r;
    u32 at; /* case */
    u32 row_shift;
} side;

static u32 side_code(const side *s) {
    return s->at < s->r->head->cases ? run_cases(s->r)[s->at] : UINT32_MAX;
}

static u32 side_take(side *s, event *out) {
    i64 at[CHUNK];
    u32 events[CHUNK], from = run_starts(s->r)[s->at], n = run_starts(s->r)[s->at + 1] - from;
    for (u32 k = 0; k < n; k += CHUNK) {
        u32 m = MIN((u32)CHUNK, n - k);
        run_times(s->r, from + k, m, at);
        run_events(s->r, from + k, m, events);
        for (u32 i = 0; i < m; i++)
            out[k + i] = (event){at[i], run_rows(s->r)[from + k + i] + s->row_shift, events[i]};
    }
    s->at++;
    return n;
}

static u32 most_of(const run *r) {
    u32 most = 0;
    for (u32 i = 0; i < r->head->cases; i++)
        most = MAX(most, run_starts(r)[i + 1] - run_starts(r)[i]);
    return most;
}

static u32 cases_of_both(const run *a, const run *b) {
    side x = {a, 0, 0}, y = {b, 0, 0};
    u32 n = 0;
    for (; side_code(&x) != UINT32_MAX || side_code(&y) != UINT32_MAX; n++) {
        u32 code = MIN(side_code(&x), side_code(&y));
        x.at += side_code(&x) == code;
        y.at += side_code(&y) == code;
    }
    return n;
}

static run_head head_of_both(const run *a, const run *b) {
    const run_head *x = a->head, *y = b->head;
    run_head h = {.store_id = x->store_id,
                  .column = x->column,
                  .segments_n = x->segments_n + y->segments_n,
                  .cases = cases_of_both(a, b),
                  .events = x->events + y->events,
                  .without_case = x->without_case + y->without_case,
                  .without_at = x->without_at + y->without_at,
                  .scale = MIN(x->scale, y->scale)};
    i64 low = !x->events ? y->base : !y->events ? x->base : MIN(x->base, y->base);
    head_widths(&h, low, MAX(x->last, y->last), 0);
    h.lanes[LANE_EVENT].width = MAX(x->lanes[LANE_EVENT].width, y->lanes[LANE_EVENT].width);
    return h;
}

run *run_join(const run *a, const run *b) {
    check(a->first + a->head->segments_n == b->first);
    run_head h = head_of_both(a, b);
    u64 *keys = mem_new(h.segments_n, sizeof *keys);
    memcpy(keys, a->keys, a->head->segments_n * sizeof *keys);
    memcpy(keys + a->head->segments_n, b->keys, b->head->segments_n * sizeof *keys);
    filling f = fill_open(run_new(&h, keys));
    free(keys);
    side x = {a, 0, 0}, y = {b, 0, a->head->segments_n << WALK_ROW_BITS};
    u32 most = most_of(a) + most_of(b);
    event *both = mem_new(most + (size_t)1, sizeof *both),
          *room = mem_new(most + (size_t)1, sizeof *room);
    while (f.cases_n < h.cases) {
        u32 code = MIN(side_code(&x), side_code(&y)), n = 0;
        if (side_code(&x) == code) n = side_take(&x, both);
        if (side_code(&y) == code) n += side_take(&y, both + n);
        order(both, n, room);
        fill_case(&f, code, both, n);
    }
    free(both);
    free(room);
    f.r->first = a->first;
    return fill_close(&f);
}

void run_drop(run *r) {
    if (!r || --r->refs) return;
    if (r->mapped)
        file_unmap(r->base, r->head->bytes);
    else
        free(own(r));
    free(r);
}
