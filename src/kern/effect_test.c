/* effect_test.c - published trials, an exact twin of the series, and trials where nothing happened. */
#include "base/test.h"
#include "kern/effect.h"

static sample of(const double *x, size_t n) {
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) sum += x[i];
    for (size_t i = 0; i < n; i++) squares += pow(x[i] - sum / (double)n, 2);
    return (sample){(i64)n, sum / (double)n, squares / (double)(n - 1)};
}

static void students_sleep_as_printed(void **state) {
    (void)state;
    static const double one[] = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2};
    static const double two[] = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
    effect e = effect_means(of(one, 10), of(two, 10)); /* Student 1908; R's t.test */
    assert_near(e.effect, -1.58, 1e-12);
    assert_near(e.df, 17.77647, 5e-6);
    assert_near(e.p, 0.07939414, 5e-9);
    assert_near(e.low, -3.3654832, 5e-8);
    assert_near(e.high, 0.2054832, 5e-8);
}

static void shares_as_printed(void **state) {
    (void)state;
    effect e = effect_shares(15, 50, 25, 50); /* R's prop.test without correction */
    assert_near(e.effect, -0.2, 1e-12);
    assert_near(e.p, 0.041226833337163676, 1e-12);
    effect n = effect_shares(56, 70, 48, 80); /* Newcombe 1998b, table II (a), method 10 */
    assert_near(n.low, 0.0524, 5e-5);
    assert_near(n.high, 0.3339, 5e-5);
}

static void a_series_equals_exact_arithmetic(void **state) {
    (void)state;
    static const double y[] = {52, 49, 55, 51, 50, 54, 53, 50, 56, 52, 58,
                               61, 57, 60, 63, 59, 62, 60, 64, 61, 65, 62};
    effect e = effect_series(y, COUNT(y), 10, 2); /* both from rational arithmetic */
    assert_near(e.effect, 6.533333333333333, 1e-9);
    assert_near(e.se, 1.3432213796866057, 1e-9);
    assert_near(e.df, 18, 0);
}

static void a_straight_line_has_its_slope(void **state) {
    (void)state;
    static const double y[] = {1, 3.5, 4.5, 7, 9, 11.25};
    effect e = effect_trend(y, COUNT(y));
    assert_near(e.effect, 2.007142857142857, 1e-12);
    assert_string_equal(effect_trend(y, 2).reason, "too_few");
}

static void nothing_to_compare_is_said(void **state) {
    (void)state;
    assert_string_equal(effect_means((sample){1, 5, 0}, (sample){9, 5, 1}).reason, "too_few");
    assert_string_equal(effect_means((sample){9, 5, 0}, (sample){9, 5, 0}).reason, "no_variance");
    assert_string_equal(effect_shares(0, 0, 1, 2).reason, "too_few");
    assert_string_equal(effect_series((double[7]){0}, 7, 4, 0).reason, "too_few");
    assert_string_equal(effect_series((double[9]){0}, 9, 4, 0).reason, "no_variance");
    assert_string_equal(effect_return(5, 1, 0).reason, "no_cost");
    assert_true(isnan(effect_means((sample){1, 5, 0}, (sample){9, 5, 1}).effect));
}

static void a_broken_split_is_an_alarm(void **state) {
    (void)state;
    assert_near(sample_ratio_p(50912, 49088, 0.5) / 8.02204461373431e-09, 1, 1e-9);
    assert_true(sample_ratio_p(5060, 4940, 0.5) > SAMPLE_RATIO_ALARM);
    assert_true(sample_ratio_p(100, 900, 0.1) > 0.99);
}

static void what_a_trial_needs(void **state) {
    (void)state;
    assert_near(units_needed(1, 0.1), 1570, 0); /* 2 (1.96 + 0.8416)^2 / 0.01 = 1569.8 */
    assert_near(smallest_found(1, 1570, 1570), 0.1, 1e-4);
    assert_true(isnan(units_needed(1, 0)));
}

static void what_came_back_for_the_money(void **state) {
    (void)state;
    effect e = effect_return(60000, 13376.098085764772, 40000);
    assert_near(e.effect, 0.5, 1e-12);
    assert_near(e.low, -0.15541676254435279, 1e-9);
    assert_near(e.high, 1.155416762544353, 1e-9);
    assert_near(1 - e.p, 0.9325694402635648, 1e-9);
}

/* ---- trials where nothing happened ---- */

static double normal(u64 *seed) {
    double sum = -6; /* twelve uniforms: good enough for means */
    for (int i = 0; i < 12; i++) {
        *seed = *seed * 6364136223846793005u + 1442695040888963407u;
        sum += (double)(*seed >> 11) / 9007199254740992.0;
    }
    return sum;
}

static void one_trial_in_twenty_without_effect_says_there_is_one(void **state) {
    (void)state;
    u64 seed = 7;
    int found = 0, covered = 0;
    enum { TRIALS = 2000, N = 60 };
    for (int t = 0; t < TRIALS; t++) {
        double a[N], b[N], c[N];
        for (int i = 0; i < N; i++) {
            a[i] = normal(&seed) * 3;
            b[i] = normal(&seed);
            c[i] = a[i] + 1.5;
        }
        effect aa = effect_means(of(a, N), of(b, N)), moved = effect_means(of(c, N), of(b, N));
        found += aa.low > 0 || aa.high < 0;
        covered += moved.low <= 1.5 && moved.high >= 1.5;
    }
    assert_in_range(found, TRIALS * 4 / 100, TRIALS * 6 / 100);
    assert_in_range(covered, TRIALS * 93 / 100, TRIALS * 97 / 100);
}

static void watching_a_trial_does_not_make_an_effect(void **state) {
    (void)state;
    u64 seed = 11;
    int watched = 0, naive = 0;
    enum { TRIALS = 300, N = 400 };
    for (int t = 0; t < TRIALS; t++) {
        double a[N], b[N];
        bool w = false, f = false;
        for (size_t i = 0; i < N; i++) {
            a[i] = normal(&seed), b[i] = normal(&seed);
            if (i < 20 || i % 5) continue;
            effect x = effect_watched(of(a, i + 1), of(b, i + 1), N);
            effect y = effect_means(of(a, i + 1), of(b, i + 1));
            w |= x.low > 0 || x.high < 0;
            f |= y.low > 0 || y.high < 0;
        }
        watched += w, naive += f;
    }
    assert_true(watched <= TRIALS * 5 / 100);
    assert_true(naive >= TRIALS * 15 / 100); /* what happens to people who look every day */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(students_sleep_as_printed),
        cmocka_unit_test(shares_as_printed),
        cmocka_unit_test(a_series_equals_exact_arithmetic),
        cmocka_unit_test(a_straight_line_has_its_slope),
        cmocka_unit_test(nothing_to_compare_is_said),
        cmocka_unit_test(a_broken_split_is_an_alarm),
        cmocka_unit_test(what_a_trial_needs),
        cmocka_unit_test(what_came_back_for_the_money),
        cmocka_unit_test(one_trial_in_twenty_without_effect_says_there_is_one),
        cmocka_unit_test(watching_a_trial_does_not_make_an_effect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
