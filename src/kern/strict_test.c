/* strict_test.c - the fixed series beside the library. */
#include "kern/strict.h"
#include "base/test.h"

static void the_strict_logarithm_is_the_logarithm(void **state) {
    (void)state;
    for (double x = 1e-9; x < 1e12; x *= 1.37)
        assert_near(strict_log(x), log(x), 4e-15 * MAX(1, fabs(log(x))));
    assert_true(strict_log(1) == 0);
}

static void the_strict_exponential_is_the_exponential(void **state) {
    (void)state;
    for (double x = -690; x < 690; x += 0.373) assert_near(strict_exp(x) / exp(x), 1, 1e-13);
    assert_true(strict_exp(0) == 1);
    assert_true(isfinite(strict_exp(HUGE_VAL)) && strict_exp(-HUGE_VAL) > 0);
    assert_near(strict_logistic(0), 0.5, 0);
    assert_near(strict_logistic(3) + strict_logistic(-3), 1, 1e-15);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_strict_logarithm_is_the_logarithm),
        cmocka_unit_test(the_strict_exponential_is_the_exponential),
    };
    return RUN_TESTS(tests);
}
