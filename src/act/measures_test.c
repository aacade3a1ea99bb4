/* measures_test.c - a measure is whole, signed, fixed at its start, and judged by what was counted. */
#include "act/measures.h"
#include "act/outcome.h"
#include "base/time.h"
#include "store/room_test.h"

/* A store with signals of shops and customers, built as a test says. */
typedef struct {
    room r;
    tally *t;
    heard *items;
    size_t n;
    u64 seed;
} house;

enum { ITEMS = 6000 };

static void house_open(house *h) {
    err e;
    *h = (house){.seed = 5};
    room_start(&h->r);
    h->items = mem_new(ITEMS, sizeof *h->items);
    assert_ok(tally_open(h->r.s, &h->t, NULL, NULL, &e));
}

static void house_close(house *h) {
    char cmd[300];
    tally_close(h->t);
    free(h->items);
    snprintf(cmd, sizeof cmd, "rm -rf '%s.tally'", h->r.path);
    assert_int_equal(system(cmd), 0);
    room_end(&h->r);
}

static double chance(house *h) {
    h->seed = h->seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(h->seed >> 11) / 9007199254740992.0;
}

static void put(house *h, i64 at, const char *arm_name, str unit, double spend, bool visit) {
    check(h->n < ITEMS);
    heard *x = heard_bare(h->r.a, &h->items[h->n], "", "w");
    x->sig.row.external_id = arena_fmt(h->r.a, "e%zu", h->n++);
    x->sig.row.occurred_at = at;
    x->sig.row.customer = unit;
    x->sig.attrs = NEW_N(h->r.a, attribute, 3);
    x->sig.attrs_n = 3;
    x->sig.attrs[0] = (attribute){S("arm"), str_of(arm_name), NONE};
    x->sig.attrs[1] = (attribute){S("spend"), NO_STR, (num6)llround(spend * 1e6)};
    x->sig.attrs[2] = (attribute){S("visit"), NO_STR, visit ? NUM6_ONE : 0};
    signal_seal(h->r.a, &x->sig);
}

static void hear(house *h) {
    err e;
    assert_ok(store_add(h->r.s, h->items, h->n, NULL, &e));
    assert_ok(tally_follow(h->t, &e));
}

static measure_row measure_of(const char *design, const char *outcome_text) {
    measure_row m;
    noun_init(&noun_measure, &m);
    m.name = S("two parcels a day");
    m.lever = S("service");
    m.state = S("draft");
    m.design = str_of(design);
    m.outcome = str_of(outcome_text);
    m.better = S("up");
    m.starts_at = T0;
    m.ends_at = T0 + 28 * DAY_MS;
    if (strcmp(design, "series") != 0) {
        m.treated = S("arm = 'new'");
        m.control = S("arm = 'old'");
    }
    if (!strcmp(design, "panel")) m.unit = S("customer");
    return m;
}

static void each_lack_has_its_sentence(void **state) {
    (void)state;
    err e;
    measure_row good = measure_of("trial", "mean:spend"), m;
    assert_ok(measure_check(&good, &e));
    m = good, m.outcome = S("median:spend");
    assert_false(measure_check(&m, &e));
    assert_non_null(strstr(e.msg, "outcome: \"median:spend\": want mean:COLUMN"));
    m = good, m.control = NO_STR;
    assert_false(measure_check(&m, &e));
    m = good;
    m.treated = S("arm =");
    assert_false(measure_check(&m, &e));
    assert_non_null(strstr(e.msg, "treated: at "));
    m = good;
    m.ends_at = m.starts_at;
    assert_false(measure_check(&m, &e));
    m = good;
    m.design = S("panel");
    assert_false(measure_check(&m, &e));
    m = good;
    m.design = S("series");
    assert_false(measure_check(&m, &e));
    m = good;
    m.share_planned = NUM6_ONE;
    assert_false(measure_check(&m, &e));
}

static void it_starts_when_all_have_signed(void **state) {
    (void)state;
    err e;
    arena *a = arena_open(1 << 20);
    measure_row m = measure_of("trial", "mean:spend");
    m.signs_needed = S("finance operations");
    assert_false(measure_start(NULL, a, &m, T0, &e));
    assert_int_equal(e.code, CONFLICT);
    assert_false(measure_sign(a, &m, S("marketing"), S("user:a"), T0, &e));
    assert_ok(measure_sign(a, &m, S("finance"), S("user:a"), T0, &e));
    assert_false(measure_start(NULL, a, &m, T0, &e));
    assert_non_null(strstr(e.msg, "before operations has signed"));
    str once = m.signs;
    assert_ok(measure_sign(a, &m, S("finance"), S("user:b"), T0, &e));
    assert_str(m.signs, once);
    assert_ok(measure_sign(a, &m, S("operations"), S("user:b"), T0, &e));
    assert_ok(measure_start(NULL, a, &m, T0, &e));
    assert_str(m.state, S("running"));
    assert_false(measure_start(NULL, a, &m, T0, &e));
    arena_close(a);
}

static void what_was_looked_for_stands(void **state) {
    (void)state;
    err e;
    measure_row from = measure_of("trial", "mean:spend"), to = from;
    to.outcome = S("mean:visit");
    assert_ok(measure_may_change(&from, &to, &e));
    from.state = to.state = S("running");
    assert_false(measure_may_change(&from, &to, &e));
    assert_int_equal(e.code, CONFLICT);
    to = from;
    to.ends_at += DAY_MS;
    assert_false(measure_may_change(&from, &to, &e));
    to = from;
    to.verdict = S("effective");
    assert_false(measure_may_change(&from, &to, &e));
    to = from;
    to.owner = S("ann");
    assert_ok(measure_may_change(&from, &to, &e));
}

static void nobody_calls_it_effective_without_an_evaluation(void **state) {
    (void)state;
    err e;
    house h;
    house_open(&h);
    measure_row m = measure_of("trial", "mean:spend");
    m.verdict = S("effective");
    assert_false(store_put(h.r.s, &noun_measure, &m, &e));
    assert_int_equal(e.code, CONFLICT);
    house_close(&h);
}

static void a_trial_is_counted_and_judged(void **state) {
    (void)state;
    err e;
    house h;
    evaluation x;
    house_open(&h);
    double sum[2] = {0}, squares[2] = {0};
    i64 yes[2] = {0};
    enum { N = 600 };
    for (int i = 0; i < 2 * N; i++) {
        bool new = i % 2;
        double spend = floor(chance(&h) * 100) / 4 + (new ? 3 : 0);
        bool visit = chance(&h) < (new ? 0.3 : 0.2);
        put(&h, T0 + (i64)i * MINUTE_MS, new ? "new" : "old", S("c"), spend, visit);
        sum[new] += spend, squares[new] += spend * spend, yes[new] += visit;
    }
    for (int i = 0; i < 50; i++) /* before the window: does not count */
        put(&h, T0 - DAY_MS, "new", S("c"), 1000, true);
    hear(&h);
    measure_row m = measure_of("trial", "mean:spend");
    m.feedback = S("share:visit = 1");
    m.state = S("running");
    assert_ok(measure_judge(h.t, h.r.a, &m, m.ends_at - 1, &x, &e));
    assert_true(x.watched && !x.over && !m.verdict.p);
    double live = x.outcome.effect.high - x.outcome.effect.low;
    assert_ok(measure_judge(h.t, h.r.a, &m, m.ends_at, &x, &e));
    sample s[2];
    for (int k = 0; k < 2; k++)
        s[k] = (sample){N, sum[k] / N, (squares[k] - sum[k] * sum[k] / N) / (N - 1)};
    effect want = effect_means(s[1], s[0]), seen = effect_shares(yes[1], N, yes[0], N);
    assert_near(x.outcome.effect.effect, want.effect, 1e-9);
    assert_near(x.outcome.effect.low, want.low, 1e-9);
    assert_near(x.feedback.effect.high, seen.high, 1e-9);
    assert_true(live > want.high - want.low); /* looking early costs width */
    assert_str(m.verdict, S("effective"));
    assert_str(m.state, S("ended"));
    assert_ok(store_put(h.r.s, &noun_measure, &m, &e)); /* now the verdict may be said */
    house_close(&h);
}

static void a_slip_of_the_pen_is_found_before_the_start(void **state) {
    (void)state;
    err e;
    house h;
    house_open(&h);
    put(&h, T0, "new", S("c"), 1, true);
    hear(&h);
    measure_row m = measure_of("trial", "mean:spent");
    assert_false(measure_start(h.t, h.r.a, &m, T0, &e));
    assert_non_null(strstr(e.msg, "no signal has a number \"spent\""));
    assert_str(m.state, S("draft"));
    m = measure_of("trial", "share:vist = 1");
    assert_false(measure_start(h.t, h.r.a, &m, T0, &e));
    m = measure_of("trial", "mean:spend");
    m.treated = S("ram = 'new'");
    assert_false(measure_start(h.t, h.r.a, &m, T0, &e));
    house_close(&h);
}

static void a_broken_split_gives_no_verdict(void **state) {
    (void)state;
    err e;
    house h;
    evaluation x;
    house_open(&h);
    for (int i = 0; i < 1000; i++)
        put(&h, T0 + i, i < 600 ? "new" : "old", S("c"), i < 600 ? 50 + i % 3 : i % 3, true);
    hear(&h);
    measure_row m = measure_of("trial", "mean:spend");
    assert_ok(measure_evaluate(h.t, h.r.a, &m, NULL, m.ends_at, &x, &e));
    assert_true(x.outcome.effect.low > 0);
    assert_string_equal(x.checks[0].name, "sample_ratio");
    assert_false(x.checks[0].ok);
    assert_int_equal(x.verdict, VERDICT_INCONCLUSIVE);
    house_close(&h);
}

static void figures_and_voices_that_disagree_are_mixed(void **state) {
    (void)state;
    err e;
    house h;
    evaluation x;
    house_open(&h);
    for (int i = 0; i < 1000; i++)
        put(&h, T0 + i, i % 2 ? "new" : "old", S("c"), (i % 2 ? 50 : 40) + i % 3,
            i % (i % 2 ? 10 : 3) == 0);
    hear(&h);
    measure_row m = measure_of("trial", "mean:spend");
    m.feedback = S("share:visit = 1");
    assert_ok(measure_evaluate(h.t, h.r.a, &m, NULL, m.ends_at, &x, &e));
    assert_int_equal(x.verdict, VERDICT_MIXED);
    m.better = S("down"); /* both bad */
    assert_ok(measure_evaluate(h.t, h.r.a, &m, NULL, m.ends_at, &x, &e));
    assert_int_equal(x.verdict, VERDICT_HARMFUL);
    house_close(&h);
}

static void hashed_units_stay_in_their_arm(void **state) {
    (void)state;
    measure_row m = measure_of("trial", "mean:spend");
    char unit[20];
    int treated = 0;
    m.share_planned = NUM6_ONE / 10;
    for (int i = 0; i < 20000; i++) {
        snprintf(unit, sizeof unit, "c%d", i);
        bool in = measure_treats(&m, str_of(unit));
        assert_int_equal(in, measure_treats(&m, str_of(unit)));
        treated += in;
    }
    assert_in_range(treated, 1850, 2150);
    measure_row other = m;
    int both = 0;
    other.name = S("another");
    for (int i = 0; i < 20000; i++) {
        snprintf(unit, sizeof unit, "c%d", i);
        both += measure_treats(&m, str_of(unit)) && measure_treats(&other, str_of(unit));
    }
    assert_in_range(both, 140, 260); /* arms of two measures are independent */
}

static void a_trial_by_hash_counts_each_unit_once(void **state) {
    (void)state;
    err e;
    house h;
    evaluation x;
    house_open(&h);
    measure_row m = measure_of("trial", "mean:spend");
    m.treated = m.control = NO_STR;
    m.unit = S("customer");
    i64 n[2] = {0};
    for (int i = 0; i < 400; i++) {
        str unit = arena_fmt(h.r.a, "c%d", i);
        bool in = measure_treats(&m, unit);
        n[in]++;
        for (int k = 0; k <= i % 3; k++)
            put(&h, T0 + i * 10 + k, "", unit, (in ? 12 : 10) + i % 5 + k, true);
    }
    hear(&h);
    assert_ok(measure_check(&m, &e));
    assert_ok(measure_evaluate(h.t, h.r.a, &m, NULL, m.ends_at, &x, &e));
    assert_int_equal(x.outcome.treated.n, n[1]);
    assert_int_equal(x.outcome.control.n, n[0]);
    assert_int_equal(x.verdict, VERDICT_EFFECTIVE);
    house_close(&h);
}

static void a_panel_takes_the_common_trend_out(void **state) {
    (void)state;
    err e;
    house h;
    evaluation x;
    house_open(&h);
    measure_row m = measure_of("panel", "mean:spend");
    i64 span = m.ends_at - m.starts_at;
    for (int shop = 0; shop < 40; shop++)
        for (int period = -2; period < 1; period++)
            for (int k = 0; k < 10; k++) {
                bool new = shop % 2;
                double spend = 20 + shop + 5 * period + 3 * chance(&h);
                if (new &&period == 0) spend += 2;
                put(&h, T0 + period * span + k * DAY_MS, new ? "new" : "old",
                    arena_fmt(h.r.a, "s%d", shop), floor(spend * 100) / 100, true);
            }
    hear(&h);
    assert_ok(measure_evaluate(h.t, h.r.a, &m, NULL, m.ends_at, &x, &e));
    assert_int_equal(x.outcome.treated.n, 20);
    assert_int_equal(x.outcome.treated.reached, 200);
    assert_near(x.outcome.effect.effect, 2, 0.6);
    assert_near(x.outcome.control.value, 5, 0.6); /* all shops rose; that is not the measure's */
    assert_true(x.checks[0].ok && !strcmp(x.checks[0].name, "parallel_trends"));
    assert_int_equal(x.verdict, VERDICT_EFFECTIVE);
    house_close(&h);
}

static void a_series_is_told_from_its_trend(void **state) {
    (void)state;
    err e;
    house h;
    evaluation x;
    house_open(&h);
    measure_row m = measure_of("series", "mean:spend");
    for (int day = -60; day < 28; day++)
        for (int k = 0; k < 5; k++)
            put(&h, T0 + day * DAY_MS + k * HOUR_MS, "", S("c"),
                floor(100 * (30 + 0.1 * day + chance(&h))) / 100, true);
    hear(&h);
    assert_ok(measure_evaluate(h.t, h.r.a, &m, NULL, m.ends_at, &x, &e));
    assert_true(x.outcome.treated.value > x.outcome.control.value + 2); /* it rose all the time */
    assert_near(x.outcome.effect.effect, 0, 0.5);
    assert_int_equal(x.verdict, VERDICT_INCONCLUSIVE);
    m.worth = 2 * NUM6_ONE;
    assert_ok(measure_evaluate(h.t, h.r.a, &m, NULL, m.ends_at, &x, &e));
    assert_int_equal(x.verdict, VERDICT_NO_EFFECT);
    house_close(&h);
}

static void what_was_not_evaluated_counts_no_benefit(void **state) {
    (void)state;
    err e;
    ledger l;
    arena *a = arena_open(1 << 20);
    measure_row m[3];
    for (int i = 0; i < 3; i++) {
        m[i] = measure_of("trial", "mean:spend");
        m[i].state = S("ended");
        m[i].cost = 1000 * NUM6_ONE;
        m[i].margin = NUM6_ONE / 2;
    }
    m[0].evaluation =
        S("{\"outcome\":{\"treated\":{\"n\":20,\"reached\":2000},\"effect\":3,\"se\":0.5}}");
    m[2].state = S("draft"); /* not started: no cost */
    assert_ok(ledger_make(a, m, 3, &l, &e));
    assert_int_equal(l.n, 2);
    assert_int_equal(l.unevaluated, 1);
    assert_near(l.cost, 2000, 0);
    assert_near(l.value, 3000, 1e-9);
    assert_near(l.rox.effect, 0.5, 1e-12);
    assert_near(l.rox.se, 0.25, 1e-12);
    m[0].better = S("down"); /* three more of what should fall */
    assert_ok(ledger_make(a, m, 3, &l, &e));
    assert_near(l.value, -3000, 1e-9);
    assert_ok(ledger_make(a, m, 0, &l, &e));
    assert_string_equal(l.rox.reason, "no_cost");
    arena_close(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_lack_has_its_sentence),
        cmocka_unit_test(it_starts_when_all_have_signed),
        cmocka_unit_test(what_was_looked_for_stands),
        cmocka_unit_test(nobody_calls_it_effective_without_an_evaluation),
        cmocka_unit_test(a_trial_is_counted_and_judged),
        cmocka_unit_test(a_slip_of_the_pen_is_found_before_the_start),
        cmocka_unit_test(a_broken_split_gives_no_verdict),
        cmocka_unit_test(figures_and_voices_that_disagree_are_mixed),
        cmocka_unit_test(hashed_units_stay_in_their_arm),
        cmocka_unit_test(a_trial_by_hash_counts_each_unit_once),
        cmocka_unit_test(a_panel_takes_the_common_trend_out),
        cmocka_unit_test(a_series_is_told_from_its_trend),
        cmocka_unit_test(what_was_not_evaluated_counts_no_benefit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
