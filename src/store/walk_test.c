/* walk_test.c - random journeys: every question of the walk in many shapes of the mirror, each equal to
** the slow and obvious twin; and cases worked out by hand. */
#include "store/walk_twin.h"

static err e;

typedef struct {
    arena *a;
    fake f;
    tally *t;
    char dir[64];
    bool on_disk;
} room;

static tally *opened(room *r, u32 segment_rows, u32 run_rows) {
    tally_source from = fake_source(&r->f);
    tally *t;
    assert_ok(tally_open_from(&from, r->on_disk ? r->dir : NULL, segment_rows, &t, NULL, NULL, &e));
    t->walks->run_rows = run_rows;
    t->walks->stretch_rows = 1 + (u32)chance(40);
    return t;
}

static const expr *parsed(arena *a, const char *text) {
    const expr *x;
    assert_ok(expr_parse(a, str_of(text), 0, &x, &e));
    return x;
}

static const char *const conditions[] = {
    "event = 'view'",
    "event = 'cart'",
    "event in ('pay','return')",
    "not event = 'view'",
    "event is missing",
    "channel = 'app' and event != 'pay'",
    "amount > 10",
    "polarity = 'negative'",
    "event = 'pay' or product = 'latte'",
    "words ~ 'late'",
    "event ~ 'a' and not (event = 'cart' or event = 'call')",
    "occurred_at >= 2026-01-05",
    "true",
    "tag = 'vip'",
};
static const expr *any_condition(arena *a) {
    return parsed(a, conditions[chance(COUNT(conditions))]);
}

static walk_scope any_scope(arena *a) {
    static const i32 zones[] = {0, 480, -210, 840};
    walk_scope s = {.zone_min = zones[chance(COUNT(zones))], .threads = (int)chance(4)};
    static const char *const names[] = {"America/New_York", "Asia/Shanghai", "Asia/Kathmandu",
                                        "America/Sao_Paulo"};
    err none;
    if (chance(4) == 0 &&
        !zone_find(a, str_of(names[chance(COUNT(names))]), NO_STR, &s.zone, &none))
        s.zone = NULL; /* a machine without the database */
    if (chance(2)) s.where = any_condition(a);
    if (chance(4) == 0) s.case_by = chance(2) ? S("order") : S("channel");
    if (chance(4) == 0) s.activity = chance(2) ? S("channel") : S("order");
    if (chance(4) == 0) {
        walk_class *c = NEW_N(a, walk_class, 3);
        c[0] = (walk_class){S("one"), any_condition(a)};
        c[1] = (walk_class){S("two"), any_condition(a)};
        c[2] = (walk_class){S("其他"), NULL};
        s.activities = c;
        s.activities_n = 1 + chance(3);
    }
    return s;
}

static walk_class *any_classes(arena *a, size_t n) {
    walk_class *c = NEW_N(a, walk_class, n);
    for (size_t i = 0; i < n; i++) c[i] = (walk_class){arena_fmt(a, "s%zu", i), any_condition(a)};
    return c;
}

static i64 any_window(void) {
    static const i64 hours[] = {0, 1, 24, 100, 2000};
    return chance(4) ? hours[chance(COUNT(hours))] * HOUR_MS : NONE;
}

static i64 any_until(void) {
    return chance(3) ? NONE : day_of_ymd(2026, 1, 3) * DAY_MS + (i64)chance(40) * 7 * HOUR_MS;
}

static void ask_funnel(room *r, const walk_scope *s) {
    funnel_question q = {.steps_n = 1 + chance(5), .window_ms = any_window()};
    funnel_answer got;
    q.entry = (funnel_entry)chance(3);
    q.steps = any_classes(r->a, q.steps_n);
    if (chance(3) == 0) q.by = (tally_by){S("channel"), BY_VALUE};
    if (chance(4) == 0) q.by = (tally_by){S("occurred_at"), BY_WEEK};
    q.lost_at = chance(q.steps_n + 1);
    q.lost_limit = chance(30);
    assert_ok(walk_funnel(r->t, r->a, s, &q, &got, &e));
    assert_str(print_funnel(r->a, &q, &got), twin_funnel(r->a, &r->f, s, &q));
    if (q.lost_at && q.entry != ENTRY_EACH)
        assert_str(print_lost(r->a, &got), twin_lost(r->a, &r->f, s, &q));
}

static void ask_follows(room *r, const walk_scope *s) {
    follows_answer got;
    assert_ok(walk_follows(r->t, r->a, s, &got, &e));
    assert_str(print_follows(r->a, &got), twin_follows(r->a, &r->f, s));
}

static void ask_paths(room *r, const walk_scope *s) {
    paths_question q = {.steps = chance(5), .collapse = chance(2), .limit = 1000};
    paths_answer got;
    if (chance(3) == 0) q.from = any_condition(r->a);
    if (chance(3) == 0) q.to = any_condition(r->a);
    assert_ok(walk_paths(r->t, r->a, s, &q, &got, &e));
    assert_str(print_paths(r->a, &got), twin_paths(r->a, &r->f, s, &q));
}

static void ask_cohorts(room *r, const walk_scope *s) {
    cohort_question q = {.unit = (by_unit)(1 + chance(5)), .until = any_until()};
    cohort_answer got;
    if (chance(3) == 0) q.first = any_condition(r->a);
    if (chance(3) == 0) q.again = any_condition(r->a);
    if (chance(2)) q.periods = 1 + chance(4);
    assert_ok(walk_cohorts(r->t, r->a, s, &q, &got, &e));
    assert_str(print_cohorts(r->a, &got), twin_cohorts(r->a, &r->f, s, &q));
}

static void ask_repurchase(room *r, const walk_scope *s) {
    repurchase_question q = {NONE, NONE, chance(3) ? 1 + (i64)chance(30) : NONE, (by_unit)chance(6),
                             any_until()};
    repurchase_answer got;
    if (chance(2)) q.from_day = day_of_ymd(2025, 12, 20) + (i64)chance(20);
    if (chance(2)) q.to_day = day_of_ymd(2026, 1, 10) + (i64)chance(20);
    assert_ok(walk_repurchase(r->t, r->a, s, &q, &got, &e));
    assert_str(print_repurchase(r->a, &got), twin_repurchase(r->a, &r->f, s, &q));
}

static void ask_rest(room *r, const walk_scope *s) {
    session_question q = {(i64)chance(60) * HOUR_MS};
    session_answer got;
    assert_ok(walk_sessions(r->t, r->a, s, &q, &got, &e));
    assert_str(print_sessions(r->a, &got), twin_sessions(r->a, &r->f, s, q.gap_ms));
    stage_question st = {.stages_n = 1 + chance(4), .at = any_until(), .gap_ms = any_window()};
    stage_answer stood;
    st.stages = any_classes(r->a, st.stages_n);
    assert_ok(walk_stages(r->t, r->a, s, &st, &stood, &e));
    assert_str(print_stages(r->a, st.stages_n, &stood), twin_stages(r->a, &r->f, s, &st));
}

static void ask_all(room *r) {
    walk_scope s = any_scope(r->a);
    ask_funnel(r, &s);
    ask_follows(r, &s);
    ask_paths(r, &s);
    ask_cohorts(r, &s);
    ask_repurchase(r, &s);
    ask_rest(r, &s);
    arena_reset(r->a);
}

static void every_question_equals_the_slow_twin_in_every_shape(void **state) {
    static const u32 rows[] = {1, 3, 16, 100, 1000}, run_rows[] = {1, 20, 64, 1 << 20};
    (void)state;
    for (u64 seed = 1; seed <= 60; seed++) {
        room r = {.a = arena_open((size_t)512 << 20), .on_disk = seed % 2};
        twin_fill(&r.f, (seed - 1) * 3, seed);
        fake_dir(r.dir);
        r.t = opened(&r, rows[chance(COUNT(rows))], run_rows[chance(COUNT(run_rows))]);
        for (int k = 0; k < 4; k++) ask_all(&r);
        tally_close(r.t);
        fake_dir_remove(r.dir);
        arena_close(r.f.a);
        arena_close(r.a);
    }
}

static void signals_that_arrive_while_asking_are_in_the_next_answer(void **state) {
    (void)state;
    for (u64 seed = 100; seed < 115; seed++) {
        room r = {.a = arena_open((size_t)512 << 20), .on_disk = true};
        twin_fill(&r.f, 200, seed);
        r.f.visible = 0;
        fake_dir(r.dir);
        u32 rows = 1 + (u32)chance(30), run_rows = 1 + (u32)chance(100);
        r.t = opened(&r, rows, run_rows);
        while (r.f.visible < r.f.n) {
            size_t more = chance(40);
            r.f.visible = MIN(r.f.n, r.f.visible + more);
            assert_ok(tally_follow(r.t, &e));
            if (chance(3) == 0) assert_ok(tally_seal(r.t, &e));
            if (chance(3) == 0) {
                tally_close(r.t);
                r.t = opened(&r, rows, run_rows);
            }
            ask_all(&r);
        }
        assert_true(r.t->walks->columns_n > 0);
        tally_close(r.t);
        fake_dir_remove(r.dir);
        arena_close(r.f.a);
        arena_close(r.a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_question_equals_the_slow_twin_in_every_shape),
        cmocka_unit_test(signals_that_arrive_while_asking_are_in_the_next_answer),
    };
    return RUN_TESTS(tests);
}
