/* registry_test.c - metrics by name: one definition one id, versions, weights, quality, degenerate input. */
#include "understand/registry.h"
#include "base/time.h"
#include "kern/expr_make.h"
#include "kern/stats.h"
#include "store/room_test.h"
#include "understand/measure.h"
#include "understand/refresh.h"
#include "understand/trend.h"

typedef struct {
    room r;
    tally *t;
    heard *items;
    size_t n;
    u64 seed;
} house;

enum { ITEMS = 4000 };
static err e;

static void house_open(house *h) {
    *h = (house){.seed = 9};
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

static u64 chance(house *h, u64 below) {
    h->seed = h->seed * 6364136223846793005u + 1442695040888963407u;
    return (h->seed >> 33) % below;
}

typedef struct {
    double nps, weight, seen, wished; /* NAN = missing */
    const char *channel;
    i64 at;
} said;

static void put(house *h, const said *x) {
    check(h->n < ITEMS);
    heard *y = heard_bare(h->r.a, &h->items[h->n], "", "w");
    const double v[] = {x->nps, x->weight, x->seen, x->wished};
    static const char *const k[] = {"score:nps", "weight", "score:seen", "score:wished"};
    y->sig.row.external_id = arena_fmt(h->r.a, "e%zu", h->n++);
    y->sig.row.occurred_at = x->at;
    y->sig.row.channel = str_of(x->channel);
    y->sig.attrs = NEW_N(h->r.a, attribute, COUNT(v));
    for (size_t i = 0; i < COUNT(v); i++)
        if (!isnan(v[i]))
            y->sig.attrs[y->sig.attrs_n++] =
                (attribute){str_of(k[i]), NO_STR, (num6)llround(v[i] * 1e6)};
    signal_seal(h->r.a, &y->sig);
}

static void hear(house *h) {
    assert_ok(store_add(h->r.s, h->items, h->n, NULL, &e));
    assert_ok(tally_follow(h->t, &e));
}

static void add(house *h, const char *document) {
    json *o;
    metric_row m;
    noun_init(&noun_metric, &m);
    assert_ok(json_read(h->r.a, str_of(document), &o, &e));
    assert_ok(registry_read(h->r.a, o, &m, &e));
    assert_ok(registry_put(h->r.s, h->r.a, &m, T0, &e));
}

static measure_answer ask(house *h, const char *name, i64 now) {
    measure_question q = {
        .metric = str_of(name), .minimum_n = NONE, .now_ms = now, .current = now != 0};
    measure_answer m;
    assert_ok(measure(h->t, h->r.s, h->r.a, &q, &m, &e));
    return m;
}

static str id_of(house *h, const char *name) {
    definition d;
    assert_ok(registry_find(h->r.s, h->r.a, str_of(name), &d, &e));
    return arena_str(h->r.a, str_of(d.id));
}

static void one_definition_has_one_id(void **state) {
    house h;
    (void)state;
    house_open(&h);
    add(&h,
        "{\"name\":\"a\",\"formula\":\"csat\",\"population\":\"channel = 'x' and lang = 'en'\"}");
    add(&h,
        "{\"name\":\"b\",\"formula\":\"csat:score:csat:5\",\"population\":\"lang in ('en') and not "
        "channel != 'x'\",\"owner\":\"ann\",\"quality\":[\"n >= 100\"]}");
    add(&h, "{\"name\":\"c\",\"formula\":\"csat\",\"population\":\"channel = 'y'\"}");
    assert_true(str_eq(id_of(&h, "a"), id_of(&h, "b")));
    assert_false(str_eq(id_of(&h, "a"), id_of(&h, "c")));
    assert_true(str_eq(id_of(&h, "csat"), id_of(&h, "csat:score:csat")));
    measure_question q = {.metric = S("csat"), .minimum_n = NONE};
    assert_ok(expr_parse(h.r.a, S("lang = 'en' and channel = 'x'"), 0, &q.where, &e));
    measure_answer m;
    assert_ok(measure(h.t, h.r.s, h.r.a, &q, &m, &e));
    assert_string_equal(m.definition, id_of(&h, "a").p); /* asked without a name: the same */
    assert_string_equal(ask(&h, id_of(&h, "c").p, 0).def.name.p, "c");
    house_close(&h);
}

static void every_version_is_kept(void **state) {
    house h;
    metric_row m;
    definition *d;
    size_t n;
    (void)state;
    house_open(&h);
    add(&h, "{\"name\":\"a\",\"formula\":\"nps\"}");
    assert_ok(store_find(h.r.s, h.r.a, &noun_metric, S("a"), &m, &e));
    m.population = S("channel = 'x'");
    m.since = T0 + 30 * DAY_MS;
    assert_ok(registry_put(h.r.s, h.r.a, &m, T0, &e));
    assert_ok(registry_put(h.r.s, h.r.a, &m, T0, &e)); /* nothing changed: no version */
    assert_ok(registry_history(h.r.s, h.r.a, S("a"), &d, &n, &e));
    assert_int_equal(n, 2);
    assert_true(d[0].version == 1 && d[1].version == 2);
    assert_null(d[0].population);
    assert_non_null(d[1].population);
    assert_true(d[0].since == T0 && d[1].since == T0 + 30 * DAY_MS);
    assert_string_not_equal(d[0].id, d[1].id);
    assert_clean(h.r.s);
    house_close(&h);
}

static void what_is_no_definition_is_refused(void **state) {
    static const char *const bad[][2] = {
        {"{\"name\":\"a\",\"formula\":\"npss\"}", "no metric \"npss\""},
        {"{\"name\":\"nps\",\"formula\":\"csat\"}", "formula of its own"},
        {"{\"name\":\"a b\",\"formula\":\"nps\"}", "name: want letters"},
        {"{\"name\":\"a\",\"formula\":\"nps\",\"population\":\"channel =\"}", "population: at"},
        {"{\"name\":\"a\",\"formula\":\"nps\",\"quality\":[\"missing < 3\"]}", "quality rule"},
        {"{\"name\":\"a\",\"formula\":\"quantile:x\",\"weight\":\"w\"}", "takes no weights"},
        {"{\"name\":\"a\",\"formula\":\"ratio:true\"}", "two expressions"},
        {"{\"name\":\"a\",\"formula\":\"csi:x=0\"}", "above 0"},
        {"{\"name\":\"a\",\"formula\":\"gap:x\"}", "2 columns"},
        {"{\"name\":\"a\",\"formula\":\"nps\",\"window_days\":0}", "window_days"},
    };
    house h;
    (void)state;
    house_open(&h);
    for (size_t i = 0; i < COUNT(bad); i++) {
        json *o;
        metric_row m;
        noun_init(&noun_metric, &m);
        assert_ok(json_read(h.r.a, str_of(bad[i][0]), &o, &e));
        assert_ok(registry_read(h.r.a, o, &m, &e));
        assert_false(registry_put(h.r.s, h.r.a, &m, T0, &e));
        if (!strstr(e.msg, bad[i][1])) fail_msg("%s: %s", bad[i][0], e.msg);
    }
    house_close(&h);
}

/* The metrics that are more than a scale, each against a count by hand. */
static void counts_indices_and_returns(void **state) {
    static const char *const feelings[] = {"joy", "joy", "anger", "surprise", "boredom"};
    house h;
    (void)state;
    house_open(&h);
    for (int i = 0; i < 60; i++) {
        put(&h, &(said){NAN, NAN, 1 + i % 10, 10 - i % 10, i % 4 ? "x" : "y", T0 + i * DAY_MS});
        heard *x = &h.items[h.n - 1];
        x->sig.row.event = i % 4 ? S("order_placed") : S("complained");
        x->sig.row.customer = arena_fmt(h.r.a, "c%d", i % 30);
        x->ins.row.emotion = i < 5 ? str_of(feelings[i]) : NO_STR;
    }
    hear(&h);
    estimate x = ask(&h, "ratio:event = 'complained' / event = 'order_placed'", 0).cells[0].est;
    assert_near(x.value, 100.0 * 15 / 45, 1e-9);
    assert_true(x.n == 45 && x.low < x.value && x.high > x.value);
    x = ask(&h, "ratio:event = 'complained' / true", 0).cells[0].est; /* a share: Wilson */
    assert_near(x.high, 100 * wilson(15, 60).high, 1e-9);
    x = ask(&h, "rate:event = 'complained'", 0).cells[0].est;
    assert_near(x.low, 100 * wilson(15, 60).low, 1e-9);
    x = ask(&h, "csi:score:seen=3,score:wished", 0).cells[0].est; /* 1-10 and 10-1 */
    assert_near(x.value, 100 * (3 * 4.5 + 4.5) / (9 * 4), 1e-9);
    x = ask(&h, "emotion", 0).cells[0].est;
    assert_true(x.n == 4 && x.invalid == 1 && x.missing == 55);
    measure_question all = {.metric = S("emotion"), .minimum_n = 0};
    measure_answer m;
    assert_ok(measure(h.t, h.r.s, h.r.a, &all, &m, &e));
    assert_near(m.cells[0].est.value, 100 * (1 + 1 - 1 + 0.2) / 4, 1e-9);
    x = ask(&h, "repurchase:30", 0).cells[0].est; /* every second order comes 30 days later */
    assert_true(x.n > 0 && x.value >= 0 && x.value <= 100 && x.low <= x.value);
    house_close(&h);
}

/* Weighted NPS against sums written out, and 1 as weight against none. */
static void weights_count_as_in_a_survey(void **state) {
    house h;
    double w = 0, wx = 0, se = 0, x[600], weight[600];
    (void)state;
    house_open(&h);
    for (int i = 0; i < 600; i++) {
        double a = (double)chance(&h, 11);
        weight[i] = 0.5 + (double)chance(&h, 40) / 10;
        x[i] = a >= 9 ? 100 : a <= 6 ? -100 : 0;
        w += weight[i], wx += weight[i] * x[i];
        put(&h, &(said){a, weight[i], NAN, NAN, "x", T0});
    }
    for (int i = 0; i < 600; i++) se += pow(weight[i] * (x[i] - wx / w), 2);
    se = sqrt(600.0 / 599 * se) / w;
    put(&h, &(said){5, NAN, NAN, NAN, "x", T0}); /* no weight: missing, not weight 0 */
    hear(&h);
    add(&h, "{\"name\":\"a\",\"formula\":\"nps\",\"weight\":\"weight\"}");
    measure_answer m = ask(&h, "a", 0);
    assert_int_equal(m.cells[0].est.n, 600);
    assert_int_equal(m.cells[0].est.missing, 1);
    assert_near(m.cells[0].est.value, wx / w, 1e-9);
    assert_near(m.cells[0].est.high - m.cells[0].est.value, Z95 * se, 1e-9);
    double ww = 0;
    for (int i = 0; i < 600; i++) ww += weight[i] * weight[i];
    assert_near(m.cells[0].effective, w * w / ww, 1e-6); /* Kish */
    measure_question q = {.metric = S("nps"), .weight = S("weight"), .minimum_n = 0};
    measure_answer asked;
    assert_ok(measure(h.t, h.r.s, h.r.a, &q, &asked, &e));
    assert_near(asked.cells[0].est.value, wx / w, 1e-9);
    assert_near(asked.cells[0].effective, w * w / ww, 1e-6);
    q.metric = S("count");
    assert_false(measure(h.t, h.r.s, h.r.a, &q, &asked, &e));
    assert_true(str_find(str_of(e.msg), S("takes no weights")) >= 0);
    q = (measure_question){.metric = S("nps"), .minimum_n = 0};
    assert_ok(measure(h.t, h.r.s, h.r.a, &q, &asked, &e));
    assert_true(isnan(asked.cells[0].effective));
    house_close(&h);
}

static void different_values_are_counted(void **state) {
    house h;
    (void)state;
    house_open(&h);
    for (int i = 0; i < 60; i++)
        put(&h, &(said){5, NAN, NAN, NAN, i % 3 ? "x" : i % 2 ? "y" : "z", T0});
    hear(&h);
    measure_question q = {.metric = S("distinct:channel"), .minimum_n = 0};
    measure_answer m;
    assert_ok(measure(h.t, h.r.s, h.r.a, &q, &m, &e));
    assert_near(m.cells[0].est.value, 3, 0);
    assert_false(m.cells[0].sketched);
    house_close(&h);
}

static void a_gap_is_that_of_each_customer(void **state) {
    house h;
    double d[200], sum = 0, square = 0;
    (void)state;
    house_open(&h);
    for (int i = 0; i < 200; i++) {
        double seen = 1 + (double)chance(&h, 7), wished = fmax(1, seen - (double)chance(&h, 3));
        d[i] = seen - wished;
        sum += d[i];
        put(&h, &(said){NAN, NAN, seen, wished, "x", T0});
    }
    put(&h, &(said){NAN, NAN, 3, NAN, "x", T0});
    put(&h, &(said){NAN, NAN, NAN, 3, "x", T0});
    hear(&h);
    for (int i = 0; i < 200; i++) square += pow(d[i] - sum / 200, 2);
    measure_answer m = ask(&h, "gap:score:seen,score:wished", 0);
    const estimate *x = &m.cells[0].est;
    assert_int_equal(x->n, 200);
    assert_int_equal(x->missing, 2);
    assert_near(x->value, sum / 200, 1e-9);
    assert_near(x->high - x->value, t_quantile(0.975, 199) * sqrt(square / 199 / 200), 1e-9);
    house_close(&h);
}

static void a_broken_rule_is_named(void **state) {
    house h;
    (void)state;
    house_open(&h);
    for (int i = 0; i < 60; i++)
        put(&h, &(said){i % 3 ? 9 : NAN, NAN, NAN, NAN, "x", T0 + i * HOUR_MS});
    hear(&h);
    add(&h,
        "{\"name\":\"a\",\"formula\":\"nps\",\"quality\":[\"missing <= 20%\",\"n >= 30\",\"age <= "
        "7d\",\"invalid <= 1%\",\"duplicates <= 90%\",\"silent channel=y <= 2d\"]}");
    measure_answer m = ask(&h, "a", T0 + 5 * DAY_MS);
    static const bool broken[] = {true, false, false, false, false, true};
    assert_true(m.degraded && m.findings_n == COUNT(broken));
    for (size_t i = 0; i < COUNT(broken); i++)
        if (m.findings[i].broken != broken[i]) fail_msg("rule %zu", i + 1);
    assert_near(m.findings[0].found, 100.0 / 3, 1e-9);
    assert_true(ask(&h, "a", T0 + 20 * DAY_MS).findings[2].broken);
    house_close(&h);
}

static void a_window_ends_now(void **state) {
    house h;
    (void)state;
    house_open(&h);
    for (int i = 0; i < 40; i++)
        put(&h, &(said){i < 20 ? 0 : 10, NAN, NAN, NAN, "x", T0 + i * DAY_MS});
    hear(&h);
    add(&h, "{\"name\":\"a\",\"formula\":\"nps\",\"window_days\":10,\"minimum_n\":1}");
    assert_near(ask(&h, "a", T0 + 40 * DAY_MS).cells[0].est.value, 100, 0);
    assert_near(ask(&h, "a", T0 + 12 * DAY_MS).cells[0].est.value, -100, 0);
    assert_near(ask(&h, "a", 0).cells[0].est.value, 0, 0); /* over all when no day is named */
    house_close(&h);
}

/* No metric ever says nan: what is not there is null, with a reason, of 0, 1 and equal answers. */
static void nothing_is_undefined_without_a_reason(void **state) {
    house h;
    (void)state;
    house_open(&h);
    for (int rows = 0; rows < 3; rows++) {
        definition *d;
        size_t n;
        if (rows) put(&h, &(said){7, 1, 7, 7, "x", T0}), hear(&h);
        assert_ok(registry_list(h.r.s, h.r.a, &d, &n, &e));
        for (size_t i = 0; i < n; i++) {
            measure_question q = {.metric = d[i].name, .minimum_n = 0};
            measure_answer m;
            buf b = {.a = h.r.a};
            json_out j = json_to(&b);
            assert_ok(measure(h.t, h.r.s, h.r.a, &q, &m, &e));
            assert_int_equal(m.cells_n, 1);
            const estimate *x = &m.cells[0].est;
            if (isfinite(x->value) == (x->reason != NULL)) fail_msg("%s", d[i].name.p);
            measure_print(&j, h.r.a, &q, &m);
            assert_null(memmem(b.p, b.n, "nan", 3));
        }
    }
    house_close(&h);
}

/* Every metric of one pass is what it is when asked by itself. */
static void one_pass_says_what_each_says(void **state) {
    static const char *const formulas[] = {"nps",
                                           "mean:score:seen",
                                           "csi:score:seen",
                                           "count",
                                           "topbox:score:nps:>=8",
                                           "share:channel=x",
                                           "quantile:score:seen",
                                           "rate:score:nps >= 9",
                                           "ratio:channel = 'x' / true",
                                           "csat:score:seen:7",
                                           "ces:score:seen"};
    static const char *const people[] = {NULL, "channel = 'x'",
                                         "channel in ('x','z') or channel is missing",
                                         "not channel = 'y'", "score:wished > 3"};
    house h;
    definition d[COUNT(formulas) * COUNT(people)];
    size_t n = 0;
    refresh_answer all;
    (void)state;
    house_open(&h);
    for (int i = 0; i < 1500; i++)
        put(&h, &(said){chance(&h, 3) ? (double)chance(&h, 11) : NAN, NAN, (double)chance(&h, 9),
                        (double)chance(&h, 7), i % 7 ? i % 3 ? "x" : "y" : "z", T0 + i * HOUR_MS});
    hear(&h);
    for (size_t i = 0; i < COUNT(people); i++)
        for (size_t k = 0; k < COUNT(formulas); k++) {
            assert_ok(registry_find(h.r.s, h.r.a, str_of(formulas[k]), &d[n], &e));
            if (people[i]) assert_ok(expr_parse(h.r.a, str_of(people[i]), 0, &d[n].population, &e));
            n++;
        }
    assert_ok(refresh(h.t, h.r.s, h.r.a, d, n, &(refresh_question){.threads = 1}, &all, &e));
    assert_int_equal(all.passes, 1);
    for (size_t i = 0; i < n; i++) {
        measure_question q = {.def = &d[i], .minimum_n = NONE};
        measure_answer m;
        assert_ok(measure(h.t, h.r.s, h.r.a, &q, &m, &e));
        const estimate *x = &all.values[i].est, *y = &m.cells[0].est;
        bool equal = x->n == y->n && x->missing == y->missing && x->invalid == y->invalid &&
                     !memcmp(&x->value, &y->value, sizeof x->value) &&
                     !memcmp(&x->low, &y->low, sizeof x->low) &&
                     !memcmp(&x->high, &y->high, sizeof x->high);
        if (!equal) fail_msg("metric %zu: %s, %s", i, d[i].formula.p, people[i / COUNT(formulas)]);
    }
    house_close(&h);
}

/* The line breaks where the definition changed; the bridge is the difference of both ways of counting. */
static void a_change_breaks_the_line(void **state) {
    house h;
    metric_row m;
    trend x;
    (void)state;
    house_open(&h);
    for (int w = 0; w < 20; w++)
        for (int i = 0; i < 40; i++) {
            bool shop = i % 2;
            put(&h,
                &(said){shop    ? 10
                        : i % 4 ? 9
                                : 3,
                        NAN, NAN, NAN, shop ? "shop" : "web", T0 + w * 7 * DAY_MS + i * HOUR_MS});
        }
    hear(&h);
    add(&h, "{\"name\":\"a\",\"formula\":\"nps\",\"since\":\"2025-01-01\"}");
    assert_ok(store_find(h.r.s, h.r.a, &noun_metric, S("a"), &m, &e));
    m.population = S("channel = 'web'");
    m.since = T0 + 9 * 7 * DAY_MS + 4 * DAY_MS; /* within a week: it is still counted as before */
    assert_ok(registry_put(h.r.s, h.r.a, &m, T0, &e));
    trend_question q = {.metric = S("a"), .unit = BY_WEEK};
    assert_ok(trend_ask(h.t, h.r.s, h.r.a, &q, &x, &e));
    assert_true(x.parts_n == 2 && x.bridges_n == 1 && x.points_n >= 20);
    for (size_t i = 0; i < x.points_n; i++)
        assert_int_equal(x.points[i].part, x.points[i].key.num >= m.since);
    assert_near(x.points[0].est.value, 50, 1e-9);
    assert_near(x.points[x.points_n - 1].est.value, 0, 1e-9);
    assert_int_equal(x.bridges[0].periods, 2 * TREND_OVERLAP);
    assert_near(x.bridges[0].difference, -50, 1e-9);
    assert_near(x.parts[0].center, 50, 1e-9);
    house_close(&h);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_definition_has_one_id),
        cmocka_unit_test(every_version_is_kept),
        cmocka_unit_test(what_is_no_definition_is_refused),
        cmocka_unit_test(counts_indices_and_returns),
        cmocka_unit_test(weights_count_as_in_a_survey),
        cmocka_unit_test(different_values_are_counted),
        cmocka_unit_test(a_gap_is_that_of_each_customer),
        cmocka_unit_test(a_broken_rule_is_named),
        cmocka_unit_test(a_window_ends_now),
        cmocka_unit_test(one_pass_says_what_each_says),
        cmocka_unit_test(a_change_breaks_the_line),
        cmocka_unit_test(nothing_is_undefined_without_a_reason),
    };
    return RUN_TESTS(tests);
}
