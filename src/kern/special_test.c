/* special_test.c - special functions against printed values and against themselves. */
#include "kern/special.h"
#include "base/test.h"
#include "kern/chance.h"

static void normal_quantiles_are_those_of_the_tables(void **state) {
    (void)state;
    assert_near(normal_quantile(0.975), 1.959963984540054, 1e-14);
    assert_near(normal_quantile(0.5), 0, 1e-15);
    assert_near(normal_quantile(1e-10), -6.361340902404056, 1e-12); /* Wichura 1988 */
    for (double p = 1e-12; p < 1; p = p < 0.1 ? p * 7 : p + 0.083)
        assert_near(normal_cdf(normal_quantile(p)), p, 1e-14);
}

static void tails_of_the_tests_are_those_of_the_tables(void **state) {
    (void)state;
    assert_near(chi2_upper(3.841458820694124, 1), 0.05, 1e-13);
    assert_near(chi2_upper(18.307038053275146, 10), 0.05, 1e-13);
    assert_near(t_two_sided(2.2281388519862744, 10), 0.05, 1e-12);
    assert_near(f_upper(4.964602743730711, 1, 10), 0.05, 1e-12);
    assert_near(chi2_quantile(0.95, 10), 18.307038053275146, 1e-9);
    assert_near(f_quantile(0.95, 1, 10), 4.964602743730711, 1e-8);
    assert_near(beta_quantile(0.5, 3, 3), 0.5, 1e-14);
}

static void a_chi_square_with_one_degree_is_a_squared_normal(void **state) {
    (void)state;
    for (double z = 0.01; z < 8; z += 0.37) {
        double a = chi2_upper(z * z, 1), b = normal_two_sided(z);
        assert_near(a / b, 1, 1e-11);
    }
}

static void the_two_halves_of_gamma_and_beta_make_one(void **state) {
    (void)state;
    for (double a = 0.1; a < 200; a *= 2.3)
        for (double x = 0.05; x < 300; x *= 1.9) {
            assert_near(gamma_inc(a, x) + gamma_inc_upper(a, x), 1, 1e-13);
            double z = x / (1 + x);
            assert_near(beta_inc(a, 1.7, z) + beta_inc(1.7, a, 1 - z), 1, 1e-12);
        }
}

static void logarithms_of_small_tails_do_not_underflow(void **state) {
    (void)state;
    assert_near(log_normal_cdf(-5), log(normal_cdf(-5)), 1e-10);
    assert_near(log_normal_cdf(-29.999), log_normal_cdf(-30.001), 0.1);
    assert_near(log_normal_cdf(-100), -5005.524208694205, 1e-6);
    assert_near(log_sum(-1000, -1000), -1000 + log(2), 1e-12);
    assert_true(log_sum(-INFINITY, -INFINITY) == -INFINITY);
}

static void hypergeometric_functions_agree_with_closed_forms(void **state) {
    (void)state;
    for (double z = -3; z < 0.99; z += 0.13) {
        if (fabs(z) < 1e-9) continue;
        assert_near(hyp2f1(1, 1, 2, z) / (-log1p(-z) / z), 1, 1e-12);
        assert_near(hyp2f1(0.7, 2, 2, z) / pow(1 - z, -0.7), 1, 1e-12); /* 2F1(a, b; b; z) */
    }
}

static void noncentral_t_without_a_centre_is_students(void **state) {
    (void)state;
    for (double t = -3; t < 3; t += 0.7) {
        double central = t < 0 ? t_two_sided(t, 7) / 2 : 1 - t_two_sided(t, 7) / 2;
        assert_near(noncentral_t_cdf(t, 7, 0), central, 1e-12);
    }
    assert_near(noncentral_t_cdf(1.959963984540054, 1e6, 1), normal_cdf(0.959963984540054), 1e-5);
}

static void wilson_and_rocks_at_z_are_those_of_the_pages(void **state) {
    (void)state;
    interval a = wilson(15, 148), b = wilson_at(15, 148, Z95), c = rocks(40, 10, 90),
             d = rocks_at(40, 10, 90, Z95);
    assert_true(a.low == b.low && a.high == b.high && c.low == d.low && c.high == d.high);
}

static void chance_is_the_same_everywhere(void **state) {
    (void)state;
    chance a = chance_of(1), b = chance_of(1), c = chance_of(2);
    u64 first = chance_bits(&a);
    assert_true(first == chance_bits(&b) && first != chance_bits(&c));
    /* splitmix64(0) begins with the state e220a8397b1dcdaf, 6e789e6aa1b965f4, ... (Vigna) */
    chance z = chance_of(0);
    assert_true(z.s[0] == 0xe220a8397b1dcdafu && z.s[1] == 0x6e789e6aa1b965f4u);
}

static void draws_have_the_moments_they_should(void **state) {
    (void)state;
    chance c = chance_of(7);
    enum { N = 40000 };
    double normal = 0, square = 0, gamma = 0, small = 0, uniform = 0;
    for (int i = 0; i < N; i++) {
        double z = chance_normal(&c), u = chance_uniform(&c);
        assert_true(u > 0 && u < 1);
        normal += z / N, square += z * z / N, uniform += u / N;
        gamma += chance_gamma(&c, 3.5) / N, small += chance_gamma(&c, 0.4) / N;
    }
    assert_near(normal, 0, 0.02); /* four standard errors */
    assert_near(square, 1, 0.03);
    assert_near(uniform, 0.5, 0.006);
    assert_near(gamma, 3.5, 0.04);
    assert_near(small, 0.4, 0.014);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal_quantiles_are_those_of_the_tables),
        cmocka_unit_test(tails_of_the_tests_are_those_of_the_tables),
        cmocka_unit_test(a_chi_square_with_one_degree_is_a_squared_normal),
        cmocka_unit_test(the_two_halves_of_gamma_and_beta_make_one),
        cmocka_unit_test(logarithms_of_small_tails_do_not_underflow),
        cmocka_unit_test(hypergeometric_functions_agree_with_closed_forms),
        cmocka_unit_test(noncentral_t_without_a_centre_is_students),
        cmocka_unit_test(wilson_and_rocks_at_z_are_those_of_the_pages),
        cmocka_unit_test(chance_is_the_same_everywhere),
        cmocka_unit_test(draws_have_the_moments_they_should),
    };
    return RUN_TESTS(tests);
}
