/* chart_test.c - charts signal when they should, and their run lengths are the published ones. */
#include "base/test.h"
#include "kern/chance.h"
#include "kern/chart.h"

static arena *room;
static int setup(void **state) {
    (void)state;
    room = arena_open((size_t)256 << 20);
    return 0;
}
static int teardown(void **state) {
    (void)state;
    arena_close(room);
    return 0;
}

static void cusum_run_lengths_are_those_of_montgomery(void **state) {
    (void)state;
    static const double shifts[] = {0, 0.25, 0.5, 0.75, 1, 1.5, 2};
    static const double h4[] = {168, 74.2, 26.6, 13.3, 8.38, 4.75, 3.34};
    static const double h5[] = {465, 139, 38.0, 17.0, 10.4, 5.75, 4.01};
    for (size_t i = 0; i < COUNT(shifts); i++) {
        chart c = {CHART_CUSUM, CHART_BOTH, 0.5, 4, 0}, d = {CHART_CUSUM, CHART_BOTH, 0.5, 5, 0};
        assert_near(chart_run_length(room, &c, shifts[i]) / h4[i], 1, 0.006);
        assert_near(chart_run_length(room, &d, shifts[i]) / h5[i], 1, 0.006);
    }
}

/* Lucas & Saccucci 1990, table 3 has steady limits; with a start at the settled limits of lambda = 1 an EWMA
** is a Shewhart chart: 370.4, 43.9, 6.30 at 0, 1, 2 sigmas (Montgomery, table 9.1's neighbours). */
static void an_ewma_of_weight_one_is_a_shewhart_chart(void **state) {
    (void)state;
    chart w = {CHART_EWMA, CHART_BOTH, 1, 3, 0}, s = {CHART_SHEWHART, CHART_BOTH, NAN, 3, 0};
    static const double expected[] = {370.4, 43.89, 6.30};
    for (int i = 0; i < 3; i++) {
        assert_near(chart_run_length(room, &s, i) / expected[i], 1, 0.001);
        assert_near(chart_run_length(room, &w, i) / expected[i], 1, 0.001);
    }
}

static double simulated(const chart *c, double shift, i64 settle, u64 seed, i64 runs) {
    chance r = chance_of(seed);
    double sum = 0;
    for (i64 i = 0; i < runs; i++) {
        chart_state s = {0};
        for (i64 k = 0; k < settle; k++)
            if (chart_step(c, &s, chance_normal(&r))) s = (chart_state){0}, k = -1;
        i64 n = 1;
        while (!chart_step(c, &s, chance_normal(&r) + shift)) n++;
        sum += (double)n;
    }
    return sum / (double)runs;
}

static void designed_charts_run_as_long_as_they_say(void **state) {
    (void)state;
    err e;
    for (int kind = CHART_SHEWHART; kind <= CHART_CUSUM; kind++)
        for (int side = CHART_BOTH; side <= CHART_DOWN; side++) {
            chart c;
            assert_ok(chart_design(room, (chart_kind)kind, (chart_side)side, NAN, 100, &c, &e));
            assert_near(chart_run_length(room, &c, 0), 100, 0.01);
            assert_near(simulated(&c, 0, 0, 7, 4000) / 100, 1, 0.06);
        }
}

static void delays_are_those_after_a_long_time_without_a_signal(void **state) {
    (void)state;
    err e;
    for (int kind = CHART_SHEWHART; kind <= CHART_CUSUM; kind++)
        for (int i = 2; i <= 6; i += 2) {
            chart c;
            double shift = 0.5 * i;
            assert_ok(chart_design(room, (chart_kind)kind, CHART_BOTH, NAN, 370, &c, &e));
            double stated = chart_delay(room, &c, shift);
            assert_near(simulated(&c, shift, 60, 11, 3000) / stated, 1, 0.06);
        }
}

static void limits_say_what_would_signal_next(void **state) {
    (void)state;
    err e;
    chance r = chance_of(3);
    for (int kind = CHART_SHEWHART; kind <= CHART_CUSUM; kind++) {
        chart c;
        chart_state s = {0};
        assert_ok(chart_design(room, (chart_kind)kind, CHART_BOTH, NAN, 50, &c, &e));
        for (int i = 0; i < 2000; i++) {
            double low, high, z = chance_normal(&r);
            chart_limits(&c, &s, &low, &high);
            int expected = z > high ? 1 : z < low ? -1 : 0;
            assert_int_equal(chart_step(&c, &s, z), expected);
            if (expected) s = (chart_state){0};
        }
    }
}

static void the_start_of_a_change_is_told(void **state) {
    (void)state;
    err e;
    chart c;
    chart_state s = {0};
    int signal = 0;
    assert_ok(chart_design(room, CHART_CUSUM, CHART_BOTH, NAN, 370, &c, &e));
    for (int i = 0; i < 30; i++) assert_int_equal(chart_step(&c, &s, i % 2 ? 0.3 : -0.3), 0);
    for (int i = 0; i < 3 && !signal; i++) signal = chart_step(&c, &s, 2.5);
    assert_int_equal(signal, 1);
    assert_int_equal(chart_since(&c, &s, signal), 3);
    chart_hold(&c, &s);
    assert_near(chart_reach(&c, &s, 0), 1, 1e-12);
}

static void what_cannot_be_designed_is_said(void **state) {
    (void)state;
    err e;
    chart c;
    assert_false(chart_design(room, CHART_CUSUM, CHART_BOTH, NAN, 2, &c, &e));
    assert_false(chart_design(room, CHART_EWMA, CHART_BOTH, 7, 370, &c, &e));
    assert_non_null(strstr(e.msg, "lambda"));
    assert_false(chart_design(room, CHART_CUSUM, CHART_BOTH, 7, 370, &c, &e));
    assert_false(chart_design(room, CHART_CUSUM, CHART_UP, 4, 50, &c, &e));
    assert_non_null(strstr(e.msg, "too large"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cusum_run_lengths_are_those_of_montgomery),
        cmocka_unit_test(an_ewma_of_weight_one_is_a_shewhart_chart),
        cmocka_unit_test(designed_charts_run_as_long_as_they_say),
        cmocka_unit_test(delays_are_those_after_a_long_time_without_a_signal),
        cmocka_unit_test(limits_say_what_would_signal_next),
        cmocka_unit_test(the_start_of_a_change_is_told),
        cmocka_unit_test(what_cannot_be_designed_is_said),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
