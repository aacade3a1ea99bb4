/* svm_test.c - the support vector machine: what is learnt, the optimum, sameness. */
#include "kern/svm.h"
#include "base/test.h"

/* Texts of random features; those of the class hold feature 1 or 2 more often. */
typedef struct {
    u32 ids[8 * 400];
    size_t from[401];
    bool in[400];
    bags b;
} town;

static void town_make(town *t, u64 seed) {
    u64 x = seed;
    size_t n = 0;
    for (size_t i = 0; i < 400; i++) {
        t->from[i] = n;
        t->in[i] = i % 4 == 0;
        u32 held = 0;
        for (int j = 0; j < 8; j++) {
            x = x * 6364136223846793005ull + 1442695040888963407ull;
            u32 f = (u32)(x >> 40) % 60 + 3;
            if (j == 0) f = t->in[i] ? 1 : 2;
            if (j == 1 && (x >> 20) % 5 == 0) f = t->in[i] ? 2 : 1; /* noise */
            bool had = false;
            for (size_t k = t->from[i]; k < n; k++) had |= t->ids[k] == f;
            if (!had) t->ids[n++] = f, held++;
        }
        check(held > 0);
    }
    t->from[400] = n;
    t->b = (bags){.ids = t->ids, .from = t->from, .n = 400, .bits = 8};
}

static double margin(const town *t, size_t i, const float *w, float bias) {
    double sum = 0;
    size_t n = t->from[i + 1] - t->from[i];
    for (size_t j = t->from[i]; j < t->from[i + 1]; j++) sum += (double)w[t->ids[j]];
    return sum / sqrt((double)n) + (double)bias;
}

/* |w|^2 / 2 + C sum of hinge losses, in the scaled space of nb = 0 (all scales 1). */
static double objective(const town *t, const float *w, float bias, double cost) {
    double sum = (double)bias * (double)bias / 2;
    for (int f = 0; f < 256; f++) sum += (double)w[f] * (double)w[f] / 2;
    for (size_t i = 0; i < 400; i++) {
        double m = margin(t, i, w, bias) * (t->in[i] ? 1 : -1);
        sum += cost * MAX(0, 1 - m);
    }
    return sum;
}

static void the_class_is_told_from_the_rest(void **state) {
    (void)state;
    arena *a = arena_open((size_t)16 << 20);
    town *t = NEW(a, town);
    town_make(t, 7);
    float w[256], bias;
    svm_learn(svm_new(a, &t->b), t->in, NULL, &svm_usual, w, &bias);
    int right = 0;
    for (size_t i = 0; i < 400; i++) right += (margin(t, i, w, bias) > 0) == t->in[i];
    assert_true(right > 340); /* a fifth holds both marks; saying no to all would give 300 */
    assert_true(w[1] > 0 && w[2] < 0);
    arena_close(a);
}

/* The dual solution is held against slow subgradient descent on the primal. */
static void what_is_found_is_the_optimum(void **state) {
    (void)state;
    arena *a = arena_open((size_t)16 << 20);
    town *t = NEW(a, town);
    town_make(t, 8);
    svm_wish wish = {
        .cost = 0.5, .trust = {1}, .nb = 0, .balance = 0, .slack = 1e-4, .rounds = 5000};
    float w[256], bias, v[256] = {0}, c = 0;
    svm_learn(svm_new(a, &t->b), t->in, NULL, &wish, w, &bias);
    double best = HUGE_VAL, mine = objective(t, w, bias, 0.5);
    for (int k = 1; k < 4000; k++) {
        double step = 1.0 / (10 + k), g[257] = {0};
        for (size_t i = 0; i < 400; i++) {
            double y = t->in[i] ? 1 : -1, n = sqrt((double)(t->from[i + 1] - t->from[i]));
            if (y * margin(t, i, v, c) >= 1) continue;
            for (size_t j = t->from[i]; j < t->from[i + 1]; j++) g[t->ids[j]] -= 0.5 * y / n;
            g[256] -= 0.5 * y;
        }
        for (int f = 0; f < 256; f++) v[f] -= (float)(step * (g[f] + (double)v[f]));
        c -= (float)(step * (g[256] + (double)c));
        best = MIN(best, objective(t, v, c, 0.5));
    }
    assert_true(mine <= best * 1.001);
    assert_true(mine >= best * 0.98);
    arena_close(a);
}

static void the_same_texts_give_the_same_weights(void **state) {
    (void)state;
    arena *a = arena_open((size_t)16 << 20);
    town *t = NEW(a, town);
    town_make(t, 9);
    float w[256], u[256], bias, bias2;
    svm *v = svm_new(a, &t->b);
    svm_learn(v, t->in, NULL, &svm_usual, w, &bias);
    bool other[400];
    for (size_t i = 0; i < 400; i++) other[i] = i % 3 == 0;
    svm_learn(v, other, NULL, &svm_usual, u, &bias2); /* something else in between */
    svm_learn(v, t->in, NULL, &svm_usual, u, &bias2);
    assert_memory_equal(w, u, sizeof w);
    assert_true(bias == bias2);
    arena_close(a);
}

static void texts_left_out_teach_nothing(void **state) {
    (void)state;
    arena *a = arena_open((size_t)16 << 20);
    town *t = NEW(a, town);
    town_make(t, 10);
    bool take[400], none[400] = {false};
    for (size_t i = 0; i < 400; i++) take[i] = !t->in[i];
    float w[256], bias;
    svm *v = svm_new(a, &t->b);
    assert_int_equal(svm_learn(v, t->in, take, &svm_usual, w, &bias), 0);
    assert_true(bias == -1 && w[1] == 0);
    svm_learn(v, t->in, none, &svm_usual, w, &bias);
    assert_true(bias == -1 && w[2] == 0);
    arena_close(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_class_is_told_from_the_rest),
        cmocka_unit_test(what_is_found_is_the_optimum),
        cmocka_unit_test(the_same_texts_give_the_same_weights),
        cmocka_unit_test(texts_left_out_teach_nothing),
    };
    return RUN_TESTS(tests);
}
