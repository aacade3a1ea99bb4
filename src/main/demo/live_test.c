/* live_test.c - the simulated company goes on: at its pace, with news, never in a flood. */
#include "main/demo/live.h"
#include "base/test.h"
#include "base/time.h"

static const i64 NOON = 1795564800000; /* 2026-11-24T20:00 by UTC+8 */

static size_t due(live *l, i64 now, const signal **out) {
    err e;
    size_t n;
    assert_ok(live_due(l, now, out, &n, &e));
    return n;
}

static void it_speaks_at_its_pace(void **state) {
    (void)state;
    const signal *out;
    err e;
    size_t n = 0;
    live *l = live_open(1, 4, NOON);
    assert_int_equal(due(l, NOON, &out), 0);
    for (i64 s = 1; s <= 3600; s++) {
        i64 now = NOON + s * SECOND_MS;
        size_t some = due(l, now, &out);
        for (size_t i = 0; i < some; i++) {
            assert_ok(signal_check(&out[i], now, &e));
            assert_true(now - out[i].row.occurred_at < 2 * SECOND_MS);
        }
        n += some;
    }
    assert_in_range(n, 220, 260); /* 4 a minute for an hour */
    live_close(l);
}

static void a_machine_that_slept_is_not_flooded(void **state) {
    (void)state;
    const signal *out;
    live *l = live_open(1, 60, NOON);
    assert_in_range(due(l, NOON + 8 * HOUR_MS, &out), 1, 2);
    live_close(l);
}

/* Days on end: ids are its own, words go on being said. */
static void it_does_not_run_dry(void **state) {
    (void)state;
    const signal *out;
    size_t n = 0, worded = 0;
    live *l = live_open(1, 6000, NOON);
    str last = NO_STR;
    arena *a = arena_open(1 << 20);
    for (i64 t = 0; n < 5000; t += 300) {
        size_t some = due(l, NOON + t, &out);
        for (size_t i = 0; i < some; i++) {
            assert_false(str_eq(out[i].row.external_id, last));
            worded += out[i].row.words.n > 0;
            arena_reset(a);
            last = arena_str(a, out[i].row.external_id);
        }
        n += some;
    }
    assert_true(worded > n / 5);
    arena_close(a);
    live_close(l);
}

typedef struct {
    size_t n;
    i64 last;
} caught;

static bool note(void *ctx, const signal *s, err *e) {
    caught *c = ctx;
    (void)e;
    assert_true(s->row.occurred_at >= c->last);
    c->last = s->row.occurred_at;
    c->n++;
    return true;
}

static void what_was_slept_through_is_told_as_thinly_as_usual(void **state) {
    (void)state;
    err e;
    caught c = {.last = NOON - 5 * DAY_MS};
    live *l = live_open(1, 4, NOON);
    assert_ok(live_catch_up(l, c.last, NOON, 70, note, &c, &e));
    assert_in_range(c.n, 250, 480); /* five days of about seventy */
    assert_true(c.last < NOON && c.last > NOON - DAY_MS);
    live_close(l);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_speaks_at_its_pace),
        cmocka_unit_test(a_machine_that_slept_is_not_flooded),
        cmocka_unit_test(it_does_not_run_dry),
        cmocka_unit_test(what_was_slept_through_is_told_as_thinly_as_usual),
    };
    return RUN_TESTS(tests);
}
