/* metrics_test.c - each metric against a slow twin that walks the answers one by one. */
#include "base/test.h"
#include "kern/stats.h"
#include "understand/metric.h"

static const metric *find(const char *name) {
    for (size_t i = 0; i < metrics_n; i++)
        if (strcmp(metrics[i]->name, name) == 0) return metrics[i];
    fail_msg("no metric %s", name);
    return NULL;
}

/* A cell's statistics from answers, as the tally would give them: bars ascending. */
static tally_stat stat_of(const double *answers, size_t n, tally_bar *bars, i64 missing) {
    tally_stat s = {.n = (i64)n, .missing = missing, .min = NONE, .max = NONE, .bars = bars};
    for (size_t i = 0; i < n; i++) {
        num6 v = llround(answers[i] * 1e6);
        size_t at = 0;
        while (at < s.bars_n && bars[at].value < v) at++;
        if (at == s.bars_n || bars[at].value != v) {
            memmove(bars + at + 1, bars + at, (s.bars_n - at) * sizeof *bars);
            bars[at] = (tally_bar){v, 0};
            s.bars_n++;
        }
        bars[at].count++;
        s.sum += v;
        u128 square = (u128)((i128)v * v) + s.square[0];
        s.square[0] = (u64)square;
        s.square[1] += (u64)(square >> 64);
        s.min = s.min == NONE ? v : MIN(s.min, v);
        s.max = s.max == NONE ? v : MAX(s.max, v);
    }
    return s;
}

static u64 seed = 42;
static u64 chance(u64 below) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (seed >> 33) % below;
}

static void the_worked_example(void **state) {
    (void)state;
    double answers[500];
    tally_bar bars[12];
    for (size_t i = 0; i < 500; i++)
        answers[i] = i < 200   ? 9 + (double)(i % 2)
                     : i < 350 ? (double)(i % 7)
                               : 7 + (double)(i % 2);
    tally_stat s = stat_of(answers, 500, bars, 3);
    metric_params p = {.k = NONE};
    estimate x = find("nps")->value(&p, 503, &s);
    assert_near(x.value, 10, 1e-12);
    assert_near(x.low, 2.69, 0.005);
    assert_near(x.high, 17.19, 0.005);
    assert_true(x.n == 500 && x.missing == 3 && x.invalid == 0 && !x.reason);
}

static void nobody_asked_is_not_zero(void **state) {
    (void)state;
    static const char *names[] = {"nps", "csat", "ces", "mean", "topbox", "share", "nss", "quantile"};
    tally_stat none[2] = {{.missing = 7, .min = NONE, .max = NONE}, {.missing = 7}};
    for (size_t i = 0; i < COUNT(names); i++) {
        metric_params p = {.k = 2, .scale_top = 5 * NUM6_ONE};
        estimate x = find(names[i])->value(&p, 7, none);
        assert_true(isnan(x.value) && x.n == 0);
        assert_string_equal(x.reason, "no_data");
    }
}

static void all_eleven_answers_are_classed_right(void **state) {
    (void)state;
    for (int a = -1; a <= 11; a++) {
        double answer = a;
        tally_bar bars[2];
        tally_stat s = stat_of(&answer, 1, bars, 0);
        metric_params p = {.k = NONE};
        estimate x = find("nps")->value(&p, 1, &s);
        if (a < 0 || a > 10) {
            assert_true(isnan(x.value) && x.invalid == 1);
        } else {
            assert_near(x.value, a >= 9 ? 100 : a <= 6 ? -100 : 0, 1e-12);
        }
    }
}

static void fast_answers_equal_slow_ones(void **state) {
    (void)state;
    for (int round = 0; round < 200; round++) {
        double answers[300];
        tally_bar bars[40];
        size_t n = 2 + chance(298);
        i64 up = 0, down = 0, on = 0, box = 0, satisfied = 0, on5 = 0;
        for (size_t i = 0; i < n; i++) {
            double a = answers[i] = (double)chance(14) - 1 + (chance(20) == 0 ? 0.5 : 0);
            bool scale = a >= 0 && a <= 10 && a == floor(a);
            on += scale, up += scale && a >= 9, down += scale && a <= 6;
            bool five = a >= 1 && a <= 5 && a == floor(a);
            on5 += five, satisfied += five && a >= 4, box += a == floor(a) && a <= 12 && a >= 10;
        }
        tally_stat s = stat_of(answers, n, bars, 1);
        metric_params p = {.k = NONE};
        estimate nps = find("nps")->value(&p, (i64)n, &s),
                 csat = find("csat")->value(&p, (i64)n, &s);
        assert_int_equal(nps.n, on);
        assert_int_equal(nps.n + nps.invalid, n);
        if (on) assert_near(nps.value, 100.0 * (double)(up - down) / (double)on, 1e-9);
        assert_int_equal(csat.n, on5);
        if (on5) assert_near(csat.value, 100.0 * (double)satisfied / (double)on5, 1e-9);
        p = (metric_params){.k = 10, .at_least = true};
        estimate top = find("topbox")->value(&p, (i64)n, &s);
        if (top.n) assert_near(top.value, 100.0 * (double)box / (double)top.n, 1e-9);
    }
}

static void effort_is_a_mean_with_students_interval(void **state) {
    (void)state;
    double answers[] = {7, 6, 5, 7, 2, 8};
    tally_bar bars[8];
    tally_stat s = stat_of(answers, 6, bars, 0);
    metric_params p = {.k = NONE};
    estimate x = find("ces")->value(&p, 6, &s);
    assert_int_equal(x.n, 5);
    assert_int_equal(x.invalid, 1);
    assert_near(x.value, 5.4, 1e-12);
    assert_near(x.high - x.value, t_quantile(0.975, 4) * sqrt(4.3 / 5), 1e-9);
}

static void what_is_not_on_a_scale_scores_nothing(void **state) {
    (void)state;
    static const char *names[] = {"csi", "gap", "emotion", "nps", "csat", "ces", "nss", "topbox", "mean"};
    tally_key odd[2] = {{.kind = VALUE_NUM, .num = 99 * NUM6_ONE + 5}, {.kind = VALUE_MISSING}};
    metric_params p = {.k = 1, .scale_top = 5 * NUM6_ONE, .items_n = 2, .weights = {1, 1}};
    for (size_t i = 0; i + 1 < COUNT(names); i++) assert_true(isnan(find(names[i])->score(&p, odd)));
    assert_near(find("mean")->score(&p, odd), 99.000005, 1e-9);
    /* Counts are no means of answers: they take no weights. */
    assert_true(!find("ratio")->score && !find("rate")->score && !find("repurchase")->score);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example),
        cmocka_unit_test(nobody_asked_is_not_zero),
        cmocka_unit_test(all_eleven_answers_are_classed_right),
        cmocka_unit_test(fast_answers_equal_slow_ones),
        cmocka_unit_test(what_is_not_on_a_scale_scores_nothing),
        cmocka_unit_test(effort_is_a_mean_with_students_interval),
    };
    return RUN_TESTS(tests);
}
