/* slices_test.c - the search against one that tries everything, planted slices, and noise. */
#include "base/test.h"
#include "kern/chance.h"
#include "kern/change.h"
#include "kern/slices.h"
#include "kern/special.h"

enum { COLUMNS = 4, ROWS = 6000 };

typedef struct {
    arena *a;
    slices_question q;
    double *y;
    u8 *side, *code[COLUMNS];
    slice_column columns[COLUMNS];
} town;

/* Columns of few values, the last one ordered; one in twenty is missing. */
static town town_of(u64 seed, bool two_sides) {
    town t = {.a = arena_open((size_t)256 << 20)};
    chance c = chance_of(seed);
    t.y = NEW_N(t.a, double, ROWS);
    t.side = NEW_N(t.a, u8, ROWS);
    for (size_t k = 0; k < COLUMNS; k++) t.code[k] = NEW_N(t.a, u8, ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        t.y[i] = 50 + 20 * chance_normal(&c);
        t.side[i] = chance_uniform(&c) < 0.5;
        for (size_t k = 0; k < COLUMNS; k++)
            t.code[k][i] = chance_uniform(&c) < 0.05 ? 0 : (u8)(1 + 4 * chance_uniform(&c));
    }
    for (size_t k = 0; k < COLUMNS; k++)
        t.columns[k] = (slice_column){t.code[k], 5, k == COLUMNS - 1, false};
    t.q = (slices_question){.n = ROWS,
                            .y = t.y,
                            .side = two_sides ? t.side : NULL,
                            .columns_n = COLUMNS,
                            .conditions = 3,
                            .most = 4,
                            .alpha = 0.05};
    return t;
}

static slices_answer ask(town *t) {
    slices_answer r;
    t->q.columns = t->columns;
    slices_find(t->a, &t->q, &r);
    return r;
}

static void planted_slices_are_found(void **state) {
    (void)state;
    for (u64 seed = 1; seed <= 9; seed++) {
        town t = town_of(seed, true);
        size_t conditions = (size_t)(seed - 1) % 3 + 1;
        for (size_t i = 0; i < ROWS; i++) {
            bool in = t.side[i];
            for (size_t k = 0; k < conditions; k++) in &= t.code[k][i] == 2;
            if (in) t.y[i] -= 10 * (double)conditions;
            if (t.side[i]) t.y[i] += 7; /* everybody is happier */
            t.y[i] -= 5 * t.code[2][i]; /* and some always were */
        }
        slices_answer r = ask(&t);
        assert_true(r.slices_n >= 1);
        assert_int_equal(r.slices[0].conditions_n, conditions);
        for (size_t k = 0; k < conditions; k++) {
            assert_int_equal(r.slices[0].conditions[k].column, k);
            assert_int_equal(r.slices[0].conditions[k].low, 2);
            assert_int_equal(r.slices[0].conditions[k].high, 2);
        }
        double wide = r.slices[0].high - r.slices[0].low; /* nine of them: twice the half is wide enough */
        assert_near(r.slices[0].effect, -10.0 * (double)conditions, wide);
        assert_true(r.slices[0].p_adjusted < 0.05);
        arena_close(t.a);
    }
}

static void noise_gives_none(void **state) {
    (void)state;
    size_t found = 0;
    for (u64 seed = 100; seed < 140; seed++) {
        town t = town_of(seed, seed % 2);
        found += ask(&t).slices_n > 0;
        arena_close(t.a);
    }
    assert_true(found <=
                5); /* of 40, each at 5 %: 6 or more comes once in 100,000 years of tests */
}

/* ---- the twin: every slice of one side, by plain loops ---- */

typedef struct {
    double n, sum;
} heap;

static double z_plain(const town *t, const slice *s) {
    heap in = {0}, out = {0};
    double sum = 0, squares = 0;
    for (size_t i = 0; i < ROWS; i++) {
        truth said = slice_holds(s, t->columns, i);
        heap *h = said == YES ? &in : &out;
        sum += t->y[i], squares += t->y[i] * t->y[i];
        if (said != UNKNOWN) h->n++, h->sum += t->y[i];
    }
    double v = (squares - sum * sum / ROWS) / (ROWS - 1);
    if (in.n < SLICE_LEAST_N || out.n < SLICE_LEAST_N || in.n > out.n) return NAN;
    return (in.sum / in.n - out.sum / out.n) / sqrt(v * (1 / in.n + 1 / out.n));
}

static size_t conditions_of(size_t column, slice_condition *out) {
    size_t n = 0;
    if (column < COLUMNS - 1) {
        for (u8 k = 0; k < 5; k++) out[n++] = (slice_condition){(u8)column, k, k};
        return n;
    }
    out[n++] = (slice_condition){(u8)column, 0, 0};
    for (u8 k = 2; k < 5; k++) {
        out[n++] = (slice_condition){(u8)column, 1, (u8)(k - 1)};
        out[n++] = (slice_condition){(u8)column, k, 4};
    }
    return n;
}

static void try_plain(const town *t, const slice *s, double tried, double *best, slice *found) {
    double z = z_plain(t, s), score = z * z / 2 - log(tried);
    if (isnan(z) || score <= *best) return;
    *best = score;
    *found = *s;
    found->z = z;
}

/* 5 + 5 + 5 + 7 conditions; products for two columns. */
static void the_best_of_one_and_two_is_the_best_there_is(void **state) {
    (void)state;
    for (u64 seed = 7; seed < 10; seed++) {
        town t = town_of(seed, false);
        double best = -INFINITY;
        slice found = {0};
        slice_condition x[7], y[7];
        t.q.conditions = 2;
        for (size_t i = 0; i < ROWS; i++)
            if (t.code[1][i] == 3 && t.code[3][i] >= 3) t.y[i] += 6;
        for (size_t c = 0; c < COLUMNS; c++)
            for (size_t i = 0, n = conditions_of(c, x); i < n; i++) {
                slice one = {.conditions = {x[i]}, .conditions_n = 1};
                try_plain(&t, &one, 22, &best, &found);
                for (size_t d = c + 1; d < COLUMNS; d++)
                    for (size_t k = 0, m = conditions_of(d, y); k < m; k++) {
                        slice two = {.conditions = {x[i], y[k]}, .conditions_n = 2};
                        try_plain(&t, &two, 3 * 25 + 3 * 35, &best, &found);
                    }
            }
        slices_answer r = ask(&t);
        assert_true(r.slices_n >= 1);
        assert_int_equal(r.slices[0].conditions_n, found.conditions_n);
        assert_memory_equal(r.slices[0].conditions, found.conditions,
                            found.conditions_n * sizeof *found.conditions);
        assert_near(r.slices[0].z, found.z, 1e-9);
        assert_near(r.slices[0].p_adjusted, fmin(1, normal_two_sided(found.z) * 180 * 2), 1e-12);
        arena_close(t.a);
    }
}

static void what_cannot_be_told_apart_is_no_slice(void **state) {
    (void)state;
    town t = town_of(1, true);
    memset(t.side, 1, ROWS); /* nobody before */
    assert_int_equal(ask(&t).slices_n, 0);
    for (size_t i = 0; i < ROWS; i++) t.y[i] = 3, t.side[i] = i % 2; /* nothing differs */
    assert_int_equal(ask(&t).slices_n, 0);
    t.q.n = 0;
    assert_int_equal(ask(&t).slices_n, 0);
    t.q.n = ROWS, t.q.columns_n = 0;
    assert_int_equal(ask(&t).slices_n, 0);
    arena_close(t.a);
}

static void mix_and_rate_sum_to_the_change(void **state) {
    (void)state;
    chance c = chance_of(3);
    for (int round = 0; round < 200; round++) {
        change_part p[6];
        double n[2] = {0}, sum[2] = {0};
        for (size_t i = 0; i < COUNT(p); i++)
            for (int k = 0; k < 2; k++) {
                p[i].n[k] = floor(5 * chance_uniform(&c));
                p[i].mean[k] = 100 * chance_uniform(&c);
                n[k] += p[i].n[k], sum[k] += p[i].n[k] * p[i].mean[k];
            }
        change_whole w = change_split(p, COUNT(p));
        if (n[0] > 0 && n[1] > 0) assert_near(w.mix + w.rate, sum[1] / n[1] - sum[0] / n[0], 1e-9);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planted_slices_are_found),
        cmocka_unit_test(noise_gives_none),
        cmocka_unit_test(the_best_of_one_and_two_is_the_best_there_is),
        cmocka_unit_test(what_cannot_be_told_apart_is_no_slice),
        cmocka_unit_test(mix_and_rate_sum_to_the_change),
    };
    return RUN_TESTS(tests);
}
