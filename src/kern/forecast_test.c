/* forecast_test.c - forecasts against formulas written out, and their intervals against what came. */
#include "kern/forecast.h"
#include "base/test.h"
#include "kern/stats.h"

static u64 seed = 3;
static double uniform(void) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return ((double)(seed >> 11) + 0.5) / 9007199254740992.0;
}
static double normal(void) {
    return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform());
}

static void a_line_is_continued(void **state) {
    (void)state;
    arena *a = arena_open(1 << 20);
    double y[] = {10, 12, NAN, 16, 18};
    forecast_point p[3];
    for (int kind = 0; kind < 2; kind++) {
        forecast f = forecast_of(a, (forecast_kind)kind, (vec){y, 5}, p, 3);
        assert_true(f.ok && f.n == 4);
        assert_near(p[0].value, 20, 1e-6);
        assert_near(p[2].value, 24, 1e-6);
    }
    arena_close(a);
}

static void the_interval_of_a_line_is_the_textbooks(void **state) {
    (void)state;
    arena *a = arena_open(1 << 20);
    double y[] = {1, 3, 2, 5, 4};
    forecast_point p[1];
    forecast f = forecast_of(a, FORECAST_LINEAR, (vec){y, 5}, p, 1);
    double s2 = 3.6 / 3; /* y = 1.4 + 0.8 t; SSE = 10 - 6.4 */
    assert_near(f.slope, 0.8, 1e-12);
    assert_near(p[0].value, 5.4, 1e-12);
    assert_near(p[0].high - 5.4, t_quantile(0.975, 3) * sqrt(s2 * (1 + 0.2 + 9.0 / 10)), 1e-9);
    arena_close(a);
}

static void too_few_values_say_nothing(void **state) {
    (void)state;
    arena *a = arena_open(1 << 20);
    double y[] = {1, NAN, 2, NAN, 3};
    forecast_point p[2];
    for (int kind = 0; kind < 2; kind++) {
        assert_false(forecast_of(a, (forecast_kind)kind, (vec){y, 5}, p, 2).ok);
        assert_true(isnan(p[0].value) && isnan(p[1].high));
    }
    arena_close(a);
}

/* Nineteen of twenty values that come lie inside, as they should: within four errors of 400 rounds. */
static void intervals_hold_what_comes(void **state) {
    (void)state;
    int in[2] = {0, 0};
    for (int round = 0; round < 400; round++) {
        arena *a = arena_open(1 << 20);
        double y[40], next = 0;
        for (int i = 0; i <= 40; i++) {
            double v = 5 + 0.3 * i + 2 * normal();
            if (i < 40)
                y[i] = v;
            else
                next = v;
        }
        for (int kind = 0; kind < 2; kind++) {
            forecast_point p[1];
            forecast_of(a, (forecast_kind)kind, (vec){y, 40}, p, 1);
            in[kind] += next >= p[0].low && next <= p[0].high;
        }
        arena_close(a);
    }
    assert_in_range(in[FORECAST_LINEAR], 362, 397);
    assert_in_range(in[FORECAST_HOLT], 350, 399);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_continued),
        cmocka_unit_test(the_interval_of_a_line_is_the_textbooks),
        cmocka_unit_test(too_few_values_say_nothing),
        cmocka_unit_test(intervals_hold_what_comes),
    };
    return RUN_TESTS(tests);
}
