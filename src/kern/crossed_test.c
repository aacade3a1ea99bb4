/* crossed_test.c - sums by group against plain loops; LMG by folding against the definition; the ordered
** logit against the binary one. */
#include "base/test.h"
#include "kern/crossed.h"
#include "kern/drivers.h"
#include "kern/moments.h"
#include "kern/ordered.h"

enum { ROWS = 3000, K = 5 };

static mat rows_of(arena *a, u64 seed) {
    chance c = chance_of(seed);
    mat m = mat_new(a, ROWS, K);
    for (size_t i = 0; i < ROWS; i++) {
        double shared = chance_normal(&c);
        for (size_t j = 0; j < K; j++)
            *mat_at(m, i, j) = 1000 * (double)j + shared + (double)(j + 1) * chance_normal(&c);
    }
    return m;
}

static void one_pass_gives_the_correlations(void **state) {
    (void)state;
    arena *a = arena_open((size_t)64 << 20);
    mat m = rows_of(a, 1), want = correlation(a, m);
    const double origin[K] = {0, 1000, 2000, 3001, 3999};
    crossed c = crossed_of(a, K, origin);
    double *sum = NEW_N(a, double, c.stride);
    for (size_t i = 0; i < ROWS; i++) crossed_add(&c, i, mat_at(m, i, 0));
    crossed_sum(&c, NULL, sum);
    crossed_moments x = crossed_moments_of(a, K, c.origin, sum);
    assert_near(x.n, ROWS, 0);
    for (size_t i = 0; i < K; i++) {
        vec column = vec_new(a, ROWS);
        for (size_t r = 0; r < ROWS; r++) column.v[r] = *mat_at(m, r, i);
        assert_near(x.mean.v[i], vec_mean(column), 1e-9);
        assert_near(x.variance.v[i], vec_variance(column), 1e-9);
        for (size_t j = 0; j < K; j++) assert_near(*mat_at(x.r, i, j), *mat_at(want, i, j), 1e-12);
    }
    arena_close(a);
}

/* The standard error of a mean, known beforehand. */
static void rounds_spread_as_means_do(void **state) {
    (void)state;
    arena *a = arena_open((size_t)64 << 20);
    const double origin[1] = {0};
    crossed c = crossed_of(a, 1, origin);
    chance by = chance_of(5);
    double *sum = NEW_N(a, double, c.stride), times[CROSSED_GROUPS];
    for (u64 i = 0; i < 40000; i++) crossed_add(&c, i, (double[]){3 + 2 * chance_normal(&by)});
    moments m = {0};
    for (int b = 0; b < 2000; b++) {
        crossed_draw(&c, &by, times);
        crossed_sum(&c, times, sum);
        moments_add(&m, sum[1] / sum[0]);
    }
    assert_near(sqrt(moments_variance(&m)), 2 / sqrt(40000), 0.15 * 2 / sqrt(40000));
    arena_close(a);
}

static void folding_is_the_mean_over_all_orders(void **state) {
    (void)state;
    arena *a = arena_open((size_t)64 << 20);
    mat r = correlation(a, rows_of(a, 2));
    size_t k = K - 1;
    double out[K];
    lmg_room room = lmg_room_of(a, k);
    vec want = lmg_of(a, gains_by_size(a, subsets_r2(a, r, k), k), k);
    for (int again = 0; again < 2; again++) {
        double r2 = lmg_into(&room, r, out), sum = 0;
        for (size_t j = 0; j < k; j++) {
            assert_near(out[j], want.v[j], 1e-13);
            sum += out[j];
        }
        assert_near(r2, sum, 1e-13);
    }
    arena_close(a);
}

static void two_levels_are_the_binary_logit(void **state) {
    (void)state;
    arena *a = arena_open((size_t)64 << 20);
    chance c = chance_of(9);
    mat m = rows_of(a, 3);
    vec y = vec_new(a, ROWS);
    u8 levels[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        double eta = *mat_at(m, i, 0) - 0.2 * (*mat_at(m, i, 1) - 1000) + 0.3;
        y.v[i] = levels[i] = chance_uniform(&c) < 1 / (1 + exp(-eta));
    }
    logit_fit want = logit(a, m, y);
    ordered_fit f = ordered_logit(a, m, levels, 2);
    assert_true(want.found && f.found);
    assert_near(f.loglik, want.loglik, 1e-7);
    assert_near(f.cuts.v[0], -want.coef.v[0], 1e-5 * fabs(want.coef.v[0]));
    for (size_t j = 0; j < K; j++) {
        assert_near(f.coef.v[j], want.coef.v[j + 1], 1e-7);
        assert_near(f.se.v[j], want.se.v[j + 1], 1e-7);
    }
    arena_close(a);
}

static void an_ordered_answer_gives_back_what_made_it(void **state) {
    (void)state;
    arena *a = arena_open((size_t)64 << 20);
    chance c = chance_of(10);
    mat m = mat_new(a, ROWS, 2);
    u8 levels[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        double u = chance_uniform(&c), x = chance_normal(&c), z = chance_normal(&c);
        *mat_at(m, i, 0) = x, *mat_at(m, i, 1) = z;
        double v = 0.8 * x - 0.4 * z + log(u / (1 - u)); /* logistic noise */
        levels[i] = v < -1 ? 0 : v < 0.5 ? 1 : v < 2 ? 2 : 3;
    }
    ordered_fit f = ordered_logit(a, m, levels, 4);
    assert_true(f.found);
    assert_near(f.coef.v[0], 0.8, 5 * f.se.v[0]);
    assert_near(f.coef.v[1], -0.4, 5 * f.se.v[1]);
    assert_true(f.se.v[0] > 0.02 && f.se.v[0] < 0.06);
    assert_near(f.cuts.v[0], -1, 0.25);
    assert_near(f.cuts.v[2], 2, 0.3);
    memset(levels, 0, sizeof levels);
    assert_false(ordered_logit(a, m, levels, 2).found); /* all say the same */
    for (size_t i = 0; i < ROWS; i++) levels[i] = *mat_at(m, i, 0) > 0;
    f = ordered_logit(a, m, levels, 2);
    assert_false(f.found); /* told apart perfectly */
    assert_int_equal(f.why, SEPARATION);
    arena_close(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_pass_gives_the_correlations),
        cmocka_unit_test(rounds_spread_as_means_do),
        cmocka_unit_test(folding_is_the_mean_over_all_orders),
        cmocka_unit_test(two_levels_are_the_binary_logit),
        cmocka_unit_test(an_ordered_answer_gives_back_what_made_it),
    };
    return RUN_TESTS(tests);
}
