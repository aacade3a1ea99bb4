/* stats_test.c - published values, and slow twins. */
#include "base/test.h"
#include "kern/stats.h"

static void the_worked_example_of_nps(void **state) {
    (void)state;
    interval r = rocks(200, 150, 500); /* 500 answers, 200 promoters, 150 detractors */
    assert_near(r.low, 2.69, 0.005);
    assert_near(r.high, 17.19, 0.005);
    assert_near(rocks(0, 0, 1).high, -rocks(0, 0, 1).low, 1e-12);
    assert_true(rocks(1, 0, 1).high <= 100 && rocks(3, 0, 3).low < 100);
}

static void wilson_as_printed_by_newcombe(void **state) {
    (void)state;
    static const struct {
        i64 yes, n;
        double low, high;
    } table[] = {/* Newcombe 1998a, table I, method 3 */
                 {81, 263, 0.2553, 0.3662},
                 {15, 148, 0.0624, 0.1605},
                 {0, 20, 0.0000, 0.1611},
                 {1, 29, 0.0061, 0.1718}};
    for (size_t i = 0; i < COUNT(table); i++) {
        assert_near(wilson(table[i].yes, table[i].n).low, table[i].low, 5e-5);
        assert_near(wilson(table[i].yes, table[i].n).high, table[i].high, 5e-5);
    }
}

static void newcombe_as_printed(void **state) {
    (void)state;
    interval r = newcombe(56, 70, 48, 80); /* Newcombe 1998b, table II (a), method 10 */
    assert_near(r.low, 0.0524, 5e-5);
    assert_near(r.high, 0.3339, 5e-5);
}

static void student_as_printed(void **state) {
    (void)state;
    assert_near(t_quantile(0.975, 1), tan(M_PI * 0.475), 1e-10); /* Cauchy: closed form */
    assert_near(t_quantile(0.975, 10), 2.2281388519649385, 1e-9);
    assert_near(t_quantile(0.025, 10), -2.2281388519649385, 1e-9);
    assert_near(t_quantile(0.975, 1e9), Z95, 1e-8);
    for (double df = 3; df < 1e5; df *= 1.7) /* it undoes the distribution */
        for (double p = 0.6; p < 0.9999; p += 0.037) {
            double t = t_quantile(p, df);
            assert_near(0.5 * beta_inc(df / 2, 0.5, df / (df + t * t)) / (1 - p), 1, 1e-10);
        }
}

static void the_beta_function_agrees_with_a_sum(void **state) {
    (void)state;
    for (int n = 1; n <= 12; n++) /* I_x(k, n-k+1) is the upper tail of a binomial */
        for (int k = 1; k <= n; k++)
            for (double x = 0.05; x < 1; x += 0.1) {
                double sum = 0, c = 1;
                for (int i = 0; i <= n; i++) {
                    if (i >= k) sum += c * pow(x, i) * pow(1 - x, n - i);
                    c = c * (n - i) / (i + 1);
                }
                assert_near(beta_inc(k, n - k + 1, x), sum, 1e-13);
            }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example_of_nps),
        cmocka_unit_test(wilson_as_printed_by_newcombe),
        cmocka_unit_test(newcombe_as_printed),
        cmocka_unit_test(student_as_printed),
        cmocka_unit_test(the_beta_function_agrees_with_a_sum),
    };
    return RUN_TESTS(tests);
}
