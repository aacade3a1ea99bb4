/* linalg_test.c - solvers against their definitions, on random and on hard matrices. */
#include "kern/linalg.h"
#include "base/test.h"
#include "kern/chance.h"
#include "kern/moments.h"
#include "kern/optimise.h"

static arena *a;
static int setup(void **state) {
    (void)state;
    a = arena_open((size_t)64 << 20);
    return 0;
}
static int teardown(void **state) {
    (void)state;
    arena_close(a);
    return 0;
}

static mat random_mat(chance *c, size_t rows, size_t cols) {
    mat m = mat_new(a, rows, cols);
    for (size_t i = 0; i < rows * cols; i++) m.v[i] = chance_normal(c);
    return m;
}

static void same(mat x, mat y, double tol) {
    assert_true(x.rows == y.rows && x.cols == y.cols);
    for (size_t i = 0; i < x.rows * x.cols; i++) assert_near(x.v[i], y.v[i], tol);
}

static mat identity(size_t n) {
    mat m = mat_new(a, n, n);
    for (size_t i = 0; i < n; i++) *mat_at(m, i, i) = 1;
    return m;
}

static void solvers_undo_multiplication(void **state) {
    (void)state;
    chance c = chance_of(3);
    for (size_t n = 1; n <= 24; n++) {
        mat m = random_mat(&c, n, n), b = random_mat(&c, n, 3), x = mat_copy(a, b);
        assert_true(lu_solve(a, m, x));
        same(mat_mul(a, m, x), b, 1e-8);
        mat s = mat_mul(a, m, mat_transpose(a, m)), inverse;
        for (size_t i = 0; i < n; i++) *mat_at(s, i, i) += 0.1;
        assert_true(spd_inverse(a, s, &inverse));
        same(mat_mul(a, s, inverse), identity(n), 1e-8);
    }
}

static void singular_matrices_are_refused(void **state) {
    (void)state;
    double v[] = {1, 2, 2, 4};
    mat m = {v, 2, 2}, b = mat_new(a, 2, 1), inverse;
    vec x;
    assert_false(lu_solve(a, m, b));
    assert_false(spd_inverse(a, m, &inverse));
    assert_false(least_squares(a, m, (vec){b.v, 2}, &x, NULL));
    assert_false(least_squares(a, mat_new(a, 1, 2), (vec){b.v, 1}, &x, NULL)); /* too few rows */
}

static void eigenvectors_take_a_matrix_apart(void **state) {
    (void)state;
    chance c = chance_of(5);
    for (size_t n = 1; n <= 30; n += 7) {
        mat r = random_mat(&c, n, n), s = mat_mul(a, r, mat_transpose(a, r)), q,
            back = mat_new(a, n, n);
        vec d;
        sym_eigen(a, s, &d, &q);
        for (size_t k = 0; k < n; k++) {
            if (k) assert_true(d.v[k - 1] >= d.v[k]);
            for (size_t i = 0; i < n; i++)
                for (size_t j = 0; j < n; j++)
                    *mat_at(back, i, j) += d.v[k] * *mat_at(q, i, k) * *mat_at(q, j, k);
        }
        same(back, s, 1e-9 * (double)n);
        same(mat_mul(a, mat_transpose(a, q), q), identity(n), 1e-11);
    }
}

/* Polynomials of degree 5 with coefficients 1: the normal equations lose most digits here. */
static void least_squares_keeps_digits_where_columns_are_nearly_alike(void **state) {
    (void)state;
    mat m = mat_new(a, 21, 6), cov;
    vec y = {NEW_N(a, double, 21), 21}, x;
    for (size_t i = 0; i < 21; i++)
        for (size_t j = 0; j < 6; j++) y.v[i] += *mat_at(m, i, j) = pow((double)i, (double)j);
    assert_true(least_squares(a, m, y, &x, &cov));
    for (size_t j = 0; j < 6; j++) assert_near(x.v[j], 1, 1e-8);
    assert_true(*mat_at(cov, 0, 0) > 0);
}

/* ---- moments ---- */

static void parts_merged_are_the_whole(void **state) {
    (void)state;
    chance c = chance_of(11);
    for (int round = 0; round < 50; round++) {
        moments whole = {0}, part[3] = {{0}}, merged = {0};
        for (int i = 0; i < 200; i++) {
            double x = 1e6 + chance_normal(&c);
            moments_add(&whole, x);
            moments_add(&part[chance_bits(&c) % 3], x);
        }
        for (int k = 0; k < 3; k++) moments_merge(&merged, &part[k]);
        assert_int_equal(merged.n, whole.n);
        assert_near(merged.mean, whole.mean, 1e-7);
        assert_near(moments_variance(&merged) / moments_variance(&whole), 1, 1e-8);
    }
}

static void compensated_sums_lose_nothing(void **state) {
    (void)state;
    double v[] = {1, 1e100, 1, -1e100}; /* Neumaier's own */
    assert_true(vec_sum((vec){v, 4}) == 2);
    neat s = {0};
    for (int i = 0; i < 1000000; i++) neat_add(&s, 0.1);
    assert_near(neat_sum(&s), 100000, 1e-9);
}

static void two_thousand_million_rows_do_not_overflow(void **state) {
    (void)state;
    moments half = {.n = (i64)1 << 31, .mean = 3, .m2 = 4e9}, whole = half;
    moments_merge(&whole, &half);
    assert_int_equal(whole.n, (i64)1 << 32);
    assert_near(whole.mean, 3, 1e-12);
    assert_near(whole.m2, 8e9, 1);
}

/* ---- minima ---- */

static double valley(const double *x, void *ctx) { /* Rosenbrock 1960 */
    ++*(int *)ctx;
    return 100 * pow(x[1] - x[0] * x[0], 2) + pow(1 - x[0], 2);
}

static void both_searches_find_the_end_of_the_valley(void **state) {
    (void)state;
    int calls = 0;
    double x[2] = {-1.2, 1}, y[2] = {-1.2, 1};
    assert_near(nelder_mead(a, valley, &calls, x, 2, 0.5, 1000), 0, 1e-9);
    assert_near(lbfgs(a, valley, &calls, y, 2, 500), 0, 1e-8);
    assert_near(x[0], 1, 1e-4);
    assert_near(y[1], 1, 1e-3);
}

static double cut(const double *x, void *ctx) { /* undefined below nought */
    (void)ctx;
    return *x > 0 ? *x - log(*x) : NAN;
}

static double line(const double *x, void *ctx) {
    (void)ctx;
    return *x - 0.3;
}

static void searches_walk_round_what_is_undefined(void **state) {
    (void)state;
    double x = 0.01;
    assert_near(minimise(a, cut, NULL, &x, 1), 1, 1e-9);
    assert_near(x, 1, 1e-4);
    assert_near(root(line, NULL, 0, 1), 0.3, 1e-12);
    assert_true(isnan(root(line, NULL, 1, 2)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(solvers_undo_multiplication),
        cmocka_unit_test(singular_matrices_are_refused),
        cmocka_unit_test(eigenvectors_take_a_matrix_apart),
        cmocka_unit_test(least_squares_keeps_digits_where_columns_are_nearly_alike),
        cmocka_unit_test(parts_merged_are_the_whole),
        cmocka_unit_test(compensated_sums_lose_nothing),
        cmocka_unit_test(two_thousand_million_rows_do_not_overflow),
        cmocka_unit_test(both_searches_find_the_end_of_the_valley),
        cmocka_unit_test(searches_walk_round_what_is_undefined),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
