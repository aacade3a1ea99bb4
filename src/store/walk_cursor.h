/* walk_cursor.h - a question's way through the walk, between what prepares it (walk.c) and what moves
** it on (walk_cursor.c). */
#ifndef STORE_WALK_CURSOR_H
#define STORE_WALK_CURSOR_H
#include "store/walk_int.h"

enum { BATCH_EVENTS = 2048, PLANES = WALK_EXPRS_MAX / 8, KEEP_SPARE = 128, SPARE = 8, AHEAD = 32 };

/* One condition: looked up by the code of `event` where it speaks of nothing else, else a bit per row. */
typedef struct {
    const expr *x; /* NULL: true */
    plan_top plan;
    bool by_event;
} test;

/* One run, a window of whole cases of it decoded: the events that are selected. */
typedef struct {
    const run *r;
    u32 first;         /* its first segment */
    u32 begin, end;    /* the window's cases in the run, all of them */
    u32 stop;          /* the case of the run to stop before */
    u32 from, n, cap;  /* the window's events in the run, all of them */
    u32 cases, at;     /* of the window, those that have selected events; the next one */
    u32 *code, *start; /* of each, and one more: its code, its first event in w */
    u32 start_cap;
    u8 *keep;  /* of each event, 0 or 1; KEEP_SPARE more of 0 */
    u32 *rank; /* how many are kept before each eight of them */
    u32 *pick; /* the selected events' places in the window */
    walk_batch w;
} source;

struct walking {
    tally *t;
    arena *a;
    const walk_scope *s;
    run_list runs;
    u32 case_column;
    test tests[WALK_EXPRS_MAX];
    u32 tests_n;
    u32 *lut;            /* bits of the conditions by event code */
    u32 kept[4], kept_n; /* the codes of keep, where they are few and small */
    u8 *keep;            /* by event code: may it be selected? NULL: any */
    bool need_bits, need_lut, need_rows, need_what, need_ref, ready;
    u8 **planes[PLANES]; /* per segment: a byte of bits per row; NULL where none is true */
    const column *names; /* activity; NULL: classes */
    bool names_are_events;
    walk_text *texts; /* per segment, of names */
    u32 class_from;   /* the classes' first bit */
    u32 where_bit;    /* UINT32_MAX: none */
    source *sources;
    u64 *heads;           /* per source: code << 32 | source of its next case */
    walk_batch out, room; /* room: to merge late events */
    u32 out_cap, room_cap, cases_cap;
    walk_cost cost;
    i64 until_ms;
    const bool *failed; /* another thread has: stop; NULL: this is the thread that asks */
};

bool walk_goes_on(const walking *w, err *e) MUST_USE;
bool walk_prepare(walking *w, err *e) MUST_USE;
void walk_sources(walking *w); /* the cursor's own memory, in w->a */
/* Visits the cases with codes in [from, to), UINT32_MAX: no end; adds to w's cost. */
bool walk_range(walking *w, u32 from, u32 to, walk_visit *visit, void *ctx, err *e) MUST_USE;
#endif
