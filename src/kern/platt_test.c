/* platt_test.c - margins become honest probabilities. */
#include "kern/platt.h"
#include "base/test.h"

static double chance(u64 *x) {
    *x = *x * 6364136223846793005ull + 1442695040888963407ull;
    return (double)(*x >> 11) / 9007199254740992.0;
}

static void the_curve_that_made_the_labels_is_found(void **state) {
    (void)state;
    enum { N = 20000 };
    static float m[N];
    static bool is[N];
    static double said[N];
    u64 x = 3;
    for (int i = 0; i < N; i++) {
        m[i] = (float)(chance(&x) * 6 - 3);
        is[i] = chance(&x) < 1 / (1 + exp(-1.7 * (double)m[i] + 0.4));
    }
    platt p = platt_fit(m, is, N);
    assert_near((double)p.a, -1.7, 0.06);
    assert_near((double)p.b, 0.4, 0.06);
    for (int i = 0; i < N; i++) said[i] = platt_sure(p, (double)m[i]);
    assert_true(calibration_error(said, is, N) < 0.012);
    for (int i = 0; i < N; i++) said[i] = 0.99;
    assert_true(calibration_error(said, is, N) > 0.4);
}

static void margins_without_a_second_side_do_not_break_it(void **state) {
    (void)state;
    float m[3] = {1, 2, 3};
    bool yes[3] = {true, true, true}, no[3] = {false, false, false}, part[3] = {false, true, true};
    assert_true(platt_sure(platt_fit(m, yes, 3), 1) > 0.5);
    assert_true(platt_sure(platt_fit(m, no, 3), 0) < 0.5);
    double p = platt_sure(platt_fit(m, part, 3), 2); /* told apart without an error */
    assert_true(p > 0 && p < 1 && isfinite((double)platt_fit(m, part, 3).a));
    assert_true(platt_sure(platt_fit(m, yes, 0), 0) == 0.5);
    assert_true(isnan(calibration_error(NULL, NULL, 0)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_curve_that_made_the_labels_is_found),
        cmocka_unit_test(margins_without_a_second_side_do_not_break_it),
    };
    return RUN_TESTS(tests);
}
