/* walk_int.h - what the files of the walk share: sorted runs, the index made of them, the cursor over
** it.  Nobody outside walk*.c includes it, except their tests and benchmark, and tally.c for the
** index's life. */
#ifndef STORE_WALK_INT_H
#define STORE_WALK_INT_H
#include "store/tally_int.h"
#include "store/walk.h"

enum {
    WALK_ROW_BITS =
        18, /* of a row's place: the row in its segment; above it the segment of the run */
    WALK_RUN_ROWS = 1 << 25,  /* a run grows no further: 128 full segments, 1 GB while it is made */
    WALK_STRETCH_ROWS = 4096, /* below so many events a stretch is not worth a thread */
    WALK_TIER = 4, /* a run is joined to the one before it when that is not so many times larger */
};

/* ---- a run: the events of consecutive segments by (case, moment, id), one image like a segment ----
** Lanes are arrays of little-endian integers, each at a multiple of 64 bytes. */
typedef enum { LANE_CASE, LANE_START, LANE_TIME, LANE_EVENT, LANE_ROW, LANES } lane_kind;
typedef struct {
    u64 offset, bytes, sum; /* XXH3-64 of the bytes */
    u32 width, reserved;    /* bytes of an item */
} run_lane;
typedef struct {
    char magic[8];
    u64 sum; /* XXH3-64 of the rest of the head and of the keys */
    i64 store_id;
    u64 bytes;              /* of the image */
    u32 column, segments_n; /* the case column */
    u32 cases, events;
    u64 without_case, without_at;
    i64 base, scale; /* moment = base + item * scale, UTC ms */
    i64 last;        /* the newest moment; NONE when there is no event */
    run_lane
        lanes[LANES]; /* CASE: codes, ascending; START: first event of each, and one more at the
                       ** end; EVENT: codes of the column `event`; ROW: segment << 18 | row */
} run_head;           /* u64 per segment follows: the checksum of its head */

typedef struct {
    const run_head *head;
    const u64 *keys;
    const u8 *base;
    bool mapped, kept; /* kept: has a file */
    bool checked;
    u32 first; /* number of its first segment in the tally, at the last sync */
    int refs;
} run;

/* All runs of one case column.  Guarded by the mutex; runs never change, and live while used. */
typedef struct {
    u32 column;
    bool loaded; /* files were looked for */
    run **runs;
    u32 n;
} walk_column;
typedef struct walk_index {
    pthread_mutex_t lock;
    walk_column *columns;
    u32 columns_n;
    u32 run_rows;     /* WALK_RUN_ROWS, less in tests */
    u32 stretch_rows; /* WALK_STRETCH_ROWS, less in tests */
} walk_index;
walk_index *walk_index_new(void);
void walk_index_clear(walk_index *x); /* the mirror is made again: codes change their meaning */
void walk_index_free(walk_index *x);  /* NULL is fine */

/* The runs that make up all segments of the view t, in their order; made, joined and written as needed.
** Each is borrowed until runs_give. */
typedef struct {
    run *r;
    u32 first; /* its first segment in this tally */
} run_used;
typedef struct {
    run_used *runs;
    u32 n;
    i64 indexed;
} run_list;
bool runs_take(tally *t, u32 case_column, run_list *out, err *e) MUST_USE;
void runs_give(walk_index *x, run_list *l);

bool run_fits(const tally *t, const char *name); /* a file of t's folder: are its segments t's? */
run *run_build(tally *t, u32 case_column, u32 first, u32 n, err *e); /* NULL: CORRUPT */
run *run_join(const run *a, const run *b);
void run_drop(run *r);                 /* one reference less */
bool run_seal(const tally *t, run *r); /* into its file; false: it stays in memory */
void runs_sweep(const tally *t, const walk_column *c); /* removes files of runs that are no more */
bool run_adopt(run *r, const u8 *image, u64 bytes, i64 store_id, err *e) MUST_USE;
bool run_verify(run *r, err *e) MUST_USE; /* the lanes' checksums, once */
void runs_find(const tally *t, u32 case_column,
               walk_column *into); /* files of an earlier process */
/* A new image: the head as far as known; lanes are laid out and zero. */
run *run_new(const run_head *like, const u64 *keys);
void run_close(run *r); /* fills in the checksums */
static inline const u32 *run_cases(const run *r) {
    return (const void *)(r->base + r->head->lanes[LANE_CASE].offset);
}
static inline const u32 *run_starts(const run *r) {
    return (const void *)(r->base + r->head->lanes[LANE_START].offset);
}
static inline const u32 *run_rows(const run *r) {
    return (const void *)(r->base + r->head->lanes[LANE_ROW].offset);
}
void run_times(const run *r, u32 from, u32 n, i64 *out);
void run_events(const run *r, u32 from, u32 n, u32 *out);

/* ---- the cursor: whole cases, a few thousand events at a time ---- */
enum { WALK_EXPRS_MAX = 24 }; /* conditions of one question, one bit each */
typedef struct {
    u32 cases, events;
    u32 *code, *start; /* of the case in its column's dictionary; its first event; one more start */
    i64 *at;           /* ascending within a case */
    u32 *what;         /* activity: a code of walk.names; 0 = none */
    u32 *bits;         /* truth of the conditions, by their numbers */
    u64 *ref;          /* segment << 32 | row */
} walk_batch;
typedef struct walking walking;
typedef bool walk_visit(void *ctx, const walk_batch *b, err *e);

u32 walk_test(walking *w,
              const expr *x); /* a condition's bit, before the first round; NULL: true */
bool walk_names(walking *w,
                err *e) MUST_USE; /* fills `what`; events without an activity drop out */
void walk_refs(walking *w);       /* fills `ref` */
/* The texts of a column of signals, segment by segment. */
typedef struct {
    const segment *g;
    const part *p; /* NULL: missing everywhere */
} walk_text;
bool walk_texts(walking *w, const column *c, walk_text **out, err *e) MUST_USE;
static inline u32 walk_code(const walk_text *x, u32 row) {
    return x->p ? (u32)part_code(x->g, x->p, row) : 0;
}
str walk_case_name(const walking *w, u32 code);
u32 walk_names_n(const walking *w); /* codes are 1..n */
str walk_name(const walking *w, u32 code);
/* All cases, once; may be called again for another round over the same ones.  With several threads each
** visits whole cases into a part of its own; what the parts found is joined into ctx when all are done.
** `open` and `join` are called by the asking thread alone, all parts being opened before the first visit:
** a part may read from ctx only what no visit of ctx itself changes. */
typedef struct {
    walk_visit *visit;
    void *(*open)(arena *a, const void *ctx); /* a part that has counted nothing, in a */
    bool (*join)(void *ctx, const void *found, err *e);
} walk_work;
bool walk_round(walking *w, const walk_work *work, void *ctx, err *e) MUST_USE;
tally *walk_tally(const walking *w);
walk_cost walk_paid(const walking *w);
i64 walk_events(const walking *w); /* of all journeys, selected or not */
i64 walk_oldest(const walking *w);
i64 walk_newest(const walking *w); /* the newest moment of any journey, selected or not; NONE */
/* Runs a question on a view; what is damaged is made again once, and asked again. */
typedef bool walk_ask(walking *w, arena *a, void *ctx, err *e);
bool walk_run(tally *t, arena *a, const walk_scope *s, walk_ask *ask, void *ctx, err *e) MUST_USE;

/* The calendar's units in a zone, with a memory: looking up costs a few instructions. */
typedef struct {
    i64 day, first,
        number; /* a day; the unit's first day; units are numbered one after the other */
} period;
enum { CALENDAR_DAYS = 1 << 15 }; /* 90 years */
typedef struct {
    arena *a;
    by_unit unit;
    i64 zone_ms;             /* where the clock is never set */
    const time_zone *zone;   /* else; NULL */
    i64 from, until, offset; /* of the moment looked at last: the offset holds in [from, until) */
    i32 *numbers;            /* by day from low_ms on, where a span was told */
    i64 low_ms;
    period seen[4096];
} calendar;
calendar *calendar_new(arena *a, by_unit unit, const walk_scope *s);
calendar *calendar_part(arena *a, const calendar *whole); /* another thread's */
const period *calendar_look(calendar *c, i64 at);         /* until the next call */
void calendar_span(calendar *c, i64 low_at,
                   i64 high_at); /* all moments asked from now on lie in it */
static inline i64 calendar_number(calendar *c, i64 at) {
    if (c->numbers) return c->numbers[(u64)(at - c->low_ms) / (u64)DAY_MS];
    return calendar_look(c, at)->number;
}
i64 calendar_offset(calendar *c, i64 at); /* of a zone whose clock is set */
static inline i64 calendar_day(calendar *c, i64 at) {
    if (!c->zone) return day_of_ms(at + c->zone_ms);
    return day_of_ms(at + (at >= c->from && at < c->until ? c->offset : calendar_offset(c, at)));
}
i64 walk_day(const walk_scope *s, i64 at);        /* the day of a moment */
i64 walk_day_start(const walk_scope *s, i64 day); /* and the moment a day begins */

/* ---- exact quantiles: of few values from the values; of many in two rounds: counted by size, then only
** what lies near a quantile is caught ---- */
enum { SPREAD_BUCKETS = 976, SPREAD_AIMS = 4, SPREAD_POOL = 4 << 20 };
typedef struct {
    arena *a;
    i64 left; /* values that may still be kept as they are, by all spreads of a question */
} spread_pool;
typedef struct {
    u32 bucket;
    u32 n, cap;
    i64 *caught;
    i64 before; /* values in lower buckets */
} spread_aimed;
typedef struct {
    i64 n;
    i128 sum;
    i64 *raw; /* all values; NULL when counted by size */
    u32 raw_cap;
    u32 aims_n;
    u32 *hist; /* SPREAD_BUCKETS */
    spread_aimed aims[SPREAD_AIMS];
} spread;
static inline u32 spread_bucket(i64 v) { /* sixteen to each power of two; below 32 exact */
    u64 u = (u64)v;
    if (u < 32) return (u32)u;
    u32 e = 63 - (u32)__builtin_clzll(u);
    return (e - 3) * 16 + (u32)(u >> (e - 4) & 15);
}
void spread_room(spread_pool *p, spread *s); /* raw grows, or is counted by size from now on */
static inline void spread_add(spread_pool *p, spread *s, i64 v) { /* first round; v >= 0 */
    if (!s->hist && s->n == s->raw_cap) spread_room(p, s);
    if (s->hist)
        s->hist[spread_bucket(v)]++;
    else
        s->raw[s->n] = v;
    s->n++;
    s->sum += v;
}
bool spread_aim(arena *a, spread *s); /* between the rounds; false: the second is not needed */
void spread_catch(arena *a, spread *s, i64 v); /* second round: the same values */
/* Another thread's part of whole, of the round whole is in: empty, and added to whole afterwards. */
spread_pool spread_pool_part(arena *a, const spread_pool *whole);
spread spread_part(const spread *whole);
void spread_join(spread_pool *p, spread *whole, const spread *found);
walk_times spread_times(spread *s);
i64 rank_of(i64 *v, u32 n, u32 rank); /* v is put in another order */
#endif
