/* score_test.c - scores are standard normal while nothing changes, whatever is measured. */
#include "base/test.h"
#include "kern/chance.h"
#include "kern/score.h"

static double poisson(chance *r, double mean) {
    double at = chance_uniform(r), term = exp(-mean), n = 0;
    for (; at > term && n < 1e4; n++) at -= term, term *= mean / (n + 1);
    return n;
}
static double binomial(chance *r, double n, double p) {
    double yes = 0;
    for (int i = 0; i < (int)n; i++) yes += chance_uniform(r) < p;
    return yes;
}

typedef sample_point made(chance *r, i64 t);
static sample_point poissons(chance *r, i64 t) {
    return (sample_point){.place = (size_t)t % 7,
                          .yes = poisson(r, 12 + 4 * (double)(t % 7)),
                          .draw = chance_uniform(r)};
}
static sample_point shares(chance *r, i64 t) {
    double n = 40 + (double)(t % 5) * 20;
    return (sample_point){.yes = binomial(r, n, 0.1), .all = n, .draw = chance_uniform(r)};
}
static sample_point means(chance *r, i64 t) {
    double n = 20 + (double)(t % 3) * 30;
    return (sample_point){
        .value = 30 + 60 / sqrt(n) * chance_normal(r), .n = n, .place = (size_t)t % 7};
}
/* Counts whose mean itself wanders: three times as spread as chance would have them. */
static sample_point spread_counts(chance *r, i64 t) {
    (void)t;
    return (sample_point){.yes = poisson(r, chance_gamma(r, 50) * 2)};
}

typedef struct {
    double mean, square, beyond, lag;
} shape;

static shape shape_of(figure_kind kind, bool exact, size_t places, made *make, u64 seed) {
    shape s = {0};
    chance r = chance_of(seed);
    enum { RUNS = 200, N = 150, LEARN = 60 };
    for (int run = 0; run < RUNS; run++) {
        scorer k = scorer_of(kind, exact, places);
        double before = 0;
        for (i64 t = 0; t < N; t++) {
            sample_point x = make(&r, t);
            double z = score_of(&k, &x);
            score_learn(&k, &x);
            if (t < LEARN) continue;
            assert_true(isfinite(z));
            s.mean += z, s.square += z * z, s.beyond += fabs(z) > 1.96, s.lag += z * before;
            before = z;
        }
    }
    double all = RUNS * (N - LEARN);
    return (shape){s.mean / all, s.square / all, s.beyond / all, s.lag / all};
}

static void assert_normal(shape s, double slack) {
    assert_near(s.mean, 0, 0.03);
    assert_near(s.square, 1, 0.03 + slack);
    assert_near(s.beyond, 0.05, 0.006 + slack / 5);
    assert_near(s.lag, 0, 0.03); /* independent of the one before */
}

static void scores_are_standard_normal_and_independent(void **state) {
    (void)state;
    assert_normal(shape_of(FIGURE_COUNT, true, 7, poissons, 1), 0);
    assert_normal(shape_of(FIGURE_SHARE, true, 1, shares, 2), 0);
    assert_normal(shape_of(FIGURE_MEAN, false, 7, means, 3), 0);
    assert_normal(shape_of(FIGURE_COUNT, false, 1, spread_counts, 4), 0.02);
}

static void a_value_and_its_score_lead_back_to_each_other(void **state) {
    (void)state;
    made *make[] = {poissons, shares, means, spread_counts};
    const figure_kind kind[] = {FIGURE_COUNT, FIGURE_SHARE, FIGURE_MEAN, FIGURE_COUNT};
    for (size_t i = 0; i < COUNT(make); i++) {
        chance r = chance_of(9);
        scorer k = scorer_of(kind[i], i < 2, i == 0 || i == 2 ? 7 : 1);
        for (i64 t = 0; t < 100; t++) score_learn(&k, &(sample_point[]){make[i](&r, t)}[0]);
        for (double z = -2.5; z <= 2.6; z += 0.5) {
            sample_point x = make[i](&r, 100);
            double v = score_value(&k, &x, z);
            if (kind[i] == FIGURE_MEAN) x.value = v;
            if (kind[i] == FIGURE_COUNT) x.yes = v;
            if (kind[i] == FIGURE_SHARE) x.yes = v * x.all;
            x.draw = 0.5;
            assert_near(score_of(&k, &x), z, i < 2 ? 0.6 : 0.02);
        }
        sample_point far = make[i](&r, 100); /* looked for without end, once */
        assert_true(isnan(score_value(&k, &far, 64.7)));
    }
}

static void what_was_unlearned_leaves_no_trace(void **state) {
    (void)state;
    chance r = chance_of(5);
    scorer k = scorer_of(FIGURE_MEAN, false, 7);
    for (i64 t = 0; t < 60; t++) score_learn(&k, &(sample_point[]){means(&r, t)}[0]);
    sample_point x = means(&r, 60), wild = {.value = 1e4, .n = 50, .place = 3};
    double before = score_of(&k, &x);
    score_learn(&k, &wild);
    assert_true(fabs(score_of(&k, &x) - before) > 0.1);
    score_unlearn(&k, &wild);
    assert_near(score_of(&k, &x), before, 1e-6);
}

static void profiles_and_spreads_are_seen(void **state) {
    (void)state;
    arena *a = arena_open((size_t)16 << 20);
    chance r = chance_of(60);
    enum { N = 140 };
    sample_point x[N], flat[N], wide[N];
    size_t day[N];
    for (i64 t = 0; t < N; t++) {
        day[t] = (size_t)t % 7;
        x[t] = poissons(&r, t), flat[t] = poissons(&r, 0), wide[t] = spread_counts(&r, t);
        flat[t].place = wide[t].place = 0;
    }
    static const size_t offered[] = {1, 7};
    assert_int_equal(profile_of(a, FIGURE_COUNT, x, day, N, offered, 2), 7);
    assert_int_equal(profile_of(a, FIGURE_COUNT, flat, day, N, offered, 2), 1);
    assert_int_equal(profile_of(a, FIGURE_COUNT, x, day, 10, offered, 2),
                     1); /* too short to tell */
    assert_false(spreads(FIGURE_COUNT, 7, x, N));
    assert_false(spreads(FIGURE_COUNT, 1, flat, N));
    assert_true(spreads(FIGURE_COUNT, 1, wide, N));
    arena_close(a);
}

static void what_says_nothing_has_no_score(void **state) {
    (void)state;
    scorer k = scorer_of(FIGURE_SHARE, true, 1), m = scorer_of(FIGURE_MEAN, false, 1);
    sample_point none = {0}, x = {.yes = 3, .all = 10, .draw = 0.5}, same = {.value = 5, .n = 9};
    assert_true(isnan(score_of(&k, &none)));
    assert_true(isnan(score_of(&k, &x))); /* nothing learned */
    for (int i = 0; i < 40; i++) score_learn(&k, &none), score_learn(&m, &same);
    assert_true(isnan(score_of(&k, &x)));
    assert_true(isnan(score_of(&m, &same))); /* all alike: no spread to compare with */
    assert_true(isnan(score_value(&m, &same, 3)));
    scorer quiet = scorer_of(FIGURE_COUNT, true, 1);
    for (int i = 0; i < 40; i++) score_learn(&quiet, &none);
    assert_true(isnan(score_of(&quiet, &none)));
    sample_point one = {.yes = 1, .draw = 0.5};
    assert_true(score_of(&quiet, &one) > 1.5); /* the first ever is news */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_are_standard_normal_and_independent),
        cmocka_unit_test(a_value_and_its_score_lead_back_to_each_other),
        cmocka_unit_test(what_was_unlearned_leaves_no_trace),
        cmocka_unit_test(profiles_and_spreads_are_seen),
        cmocka_unit_test(what_says_nothing_has_no_score),
    };
    return RUN_TESTS(tests);
}
