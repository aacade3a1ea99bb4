/* journey_test.c - questions about journeys as people write them; worked examples; and the reference
** cases of $HEED_SHARED/golden/dev where they are there. */
#include "understand/journey.h"
#include "base/test.h"
#include "base/time.h"
#include "store/tally_fake.h"
#include "understand/measure.h"

static err e;

/* ---- a small store: lines of customer, moment, event ---- */

typedef struct {
    arena *a;
    fake f;
    tally *t;
    char dir[64];
} room;

static void room_open(room *r, size_t n) {
    *r = (room){.a = arena_open((size_t)256 << 20)};
    r->f = (fake){.a = arena_open((size_t)256 << 20), .id = 5};
    r->f.sig = NEW_N(r->f.a, signal, n);
    r->f.ins = NEW_N(r->f.a, insight, n);
}

static void put(room *r, str who, i64 when, str event) {
    size_t k = r->f.n++;
    signal_init(&r->f.sig[k]);
    noun_init(&noun_insight, &r->f.ins[k].row);
    r->f.ins[k].row.quality = S("ok");
    r->f.sig[k].row.id = (i64)k + 1;
    r->f.sig[k].row.source = S("test");
    r->f.sig[k].row.customer = who;
    r->f.sig[k].row.occurred_at = when;
    r->f.sig[k].row.event = event;
}

static void ready(room *r) {
    r->f.visible = r->f.n;
    tally_source from = fake_source(&r->f);
    fake_dir(r->dir);
    assert_ok(tally_open_from(&from, r->dir, 64, &r->t, NULL, NULL, &e));
}

static void room_close(room *r) {
    tally_close(r->t);
    fake_dir_remove(r->dir);
    arena_close(r->f.a);
    arena_close(r->a);
}

static journey told(room *r, const char *text) {
    json *tree;
    journey q;
    assert_ok(json_read(r->a, str_of(text), &tree, &e));
    assert_ok(journey_read(r->a, tree, &q, &e));
    return q;
}

/* The answer as a program gets it. */
static json *answer(room *r, const char *text) {
    json *tree;
    journey_answer x;
    journey q = told(r, text);
    buf b = {.a = r->a};
    json_out j = json_to(&b);
    assert_ok(journey_ask(r->t, r->a, &q, &x, &e));
    journey_print(&j, r->a, &q, &x);
    assert_ok(json_read(r->a, buf_view(&b), &tree, &e));
    return tree;
}

static const json *at(const json *list, u32 k) {
    const json *v = list ? list->first : NULL;
    while (v && k--) v = v->next;
    if (!v) fail_msg("a list is too short");
    return v;
}
static const json *in(const json *object, const char *key) {
    const json *v = json_get(object, str_of(key));
    if (!v) fail_msg("no key %s", key);
    return v;
}
static double num(const json *object, const char *key) {
    const json *v = in(object, key);
    return v->kind == JSON_NULL ? NAN : v->num;
}

/* ---- the reader ---- */

static void refused(const char *text, const char *why) {
    arena *a = arena_open(1 << 20);
    json *tree;
    journey q;
    assert_ok(json_read(a, str_of(text), &tree, &e));
    assert_false(journey_read(a, tree, &q, &e));
    if (str_find(str_of(e.msg), str_of(why)) < 0) fail_msg("%s: have \"%s\"", text, e.msg);
    arena_close(a);
}

static void a_question_that_is_wrong_is_told_by_its_key(void **state) {
    (void)state;
    refused("[]", "JSON object");
    refused("{}", "\"kind\" is one of");
    refused("{\"kind\":7}", "\"kind\" wants a text");
    refused("{\"kind\":\"funnel\"}", "one step or more");
    refused("{\"kind\":\"funnel\",\"steps\":\"view\"}", "\"steps\" wants a list");
    refused("{\"kind\":\"funnel\",\"steps\":[7]}", "an item is");
    refused("{\"kind\":\"funnel\",\"steps\":[\"\"]}", "an item is");
    refused("{\"kind\":\"funnel\",\"steps\":[\"event = \"]}", "\"steps\": at ");
    refused("{\"kind\":\"funnel\",\"steps\":[\"a\"],\"window\":\"soon\"}", "want a span");
    refused("{\"kind\":\"funnel\",\"steps\":[\"a\"],\"entry\":\"last\"}", "any, first or each");
    refused("{\"kind\":\"funnel\",\"steps\":[\"a\"],\"by\":\"a,b\"}", "one column");
    refused("{\"kind\":\"funnel\",\"steps\":[\"a\"],\"where\":\"x >\"}", "\"where\": at ");
    refused("{\"kind\":\"follows\",\"steps\":[\"a\"]}", "knows no \"steps\"");
    refused("{\"kind\":\"follows\",\"zone\":\"noon\"}", "\"zone\" is");
    refused("{\"kind\":\"follows\",\"limit\":0}", "\"limit\" wants");
    refused("{\"kind\":\"cohort\",\"unit\":\"moon\"}", "\"unit\" is");
    refused("{\"kind\":\"cohort\",\"until\":\"later\"}", "want a moment");
    refused("{\"kind\":\"repurchase\",\"within\":\"36h\"}", "whole days");
    refused("{\"kind\":\"repurchase\",\"new_from\":\"2026-3-1\"}", "want a day");
    refused("{\"kind\":\"stages\"}", "one stage or more");
    refused("{\"kind\":\"paths\",\"length\":\"3\"}", "\"length\" wants");
    refused("{\"kind\":\"paths\",\"collapse\":1}", "true or false");
}

static void a_step_is_a_name_or_an_expression(void **state) {
    (void)state;
    room r;
    room_open(&r, 1);
    journey q = told(&r, "{\"kind\":\"funnel\",\"zone\":\"-03:30\",\"window\":\"2w\",\"steps\":["
                         "\"Resolve ticket\",\"event = 'b'\",\"paid := amount > 3\","
                         "{\"name\":\"看\",\"where\":\"浏览\"}]}");
    assert_int_equal(q.scope.zone_min, -210);
    assert_int_equal(q.funnel.window_ms, 14 * DAY_MS);
    static const char *const want[][2] = {{"Resolve ticket", "event = 'Resolve ticket'"},
                                          {"event = 'b'", "event = 'b'"},
                                          {"paid", "amount > 3"},
                                          {"看", "event = '浏览'"}};
    for (size_t i = 0; i < COUNT(want); i++) {
        buf b = {.a = r.a};
        expr_print(&b, q.funnel.steps[i].is);
        assert_str(q.funnel.steps[i].name, str_of(want[i][0]));
        assert_str(buf_view(&b), str_of(want[i][1]));
    }
    arena_close(r.f.a);
    arena_close(r.a);
}

/* ---- worked examples ---- */

static void conversion_has_its_interval_and_an_empty_walk_has_none(void **state) {
    (void)state;
    room r;
    room_open(&r, 64);
    for (int i = 0; i < 10; i++) {
        str who = arena_fmt(r.a, "c%d", i);
        put(&r, who, i * DAY_MS, S("view"));
        if (i < 4) put(&r, who, i * DAY_MS + (i + 1) * HOUR_MS, S("pay"));
    }
    ready(&r);
    const char *ask = "{\"kind\":\"funnel\",\"steps\":[\"view\",\"pay\"]}";
    const json *pay = at(in(at(in(answer(&r, ask), "groups"), 0), "steps"), 1);
    assert_near(num(pay, "conversion"), 0.4, 0);
    assert_near(num(pay, "conversion_low"), 0.16818033, 1e-8); /* Wilson, 4 of 10 */
    assert_near(num(pay, "conversion_high"), 0.68732623, 1e-8);
    assert_near(num(in(pay, "since_entry"), "median_ms"), 2.5 * HOUR_MS, 0);
    const char *none = "{\"kind\":\"funnel\",\"steps\":[\"fly\",\"pay\"]}";
    pay = at(in(at(in(answer(&r, none), "groups"), 0), "steps"), 1);
    assert_true(isnan(num(pay, "conversion")) && isnan(num(pay, "conversion_low")));
    room_close(&r);
}

static void an_attempt_ends_by_arriving_or_with_its_window(void **state) {
    (void)state;
    room r;
    room_open(&r, 16);
    static const struct {
        i64 hour;
        const char *event;
    } log[] = {{0, "view"}, {1, "view"}, {2, "pay"}, {3, "view"}, {30, "view"}, {31, "pay"}};
    for (size_t i = 0; i < COUNT(log); i++)
        put(&r, S("c"), log[i].hour * HOUR_MS, str_of(log[i].event));
    ready(&r);
    static const struct {
        const char *entry;
        double entered, paid;
    } want[] = {{"any", 1, 1}, {"first", 1, 1}, {"each", 3, 2}};
    for (size_t i = 0; i < COUNT(want); i++) {
        str ask = arena_fmt(r.a,
                            "{\"kind\":\"funnel\",\"steps\":[\"view\",\"pay\"],\"window\":\"5h\","
                            "\"entry\":\"%s\"}",
                            want[i].entry);
        const json *steps = in(at(in(answer(&r, ask.p), "groups"), 0), "steps");
        assert_near(num(at(steps, 0), "n"), want[i].entered, 0);
        assert_near(num(at(steps, 1), "n"), want[i].paid, 0);
    }
    room_close(&r);
}

static void who_came_late_is_censored_not_lost(void **state) {
    (void)state;
    room r;
    room_open(&r, 16);
    put(&r, S("early"), 0, S("order"));
    put(&r, S("early"), 40 * DAY_MS, S("order"));
    put(&r, S("once"), DAY_MS, S("order"));
    put(&r, S("once"), DAY_MS + HOUR_MS, S("order")); /* the same day: one order */
    put(&r, S("late"), 90 * DAY_MS, S("order"));
    put(&r, S("quick"), 95 * DAY_MS, S("order"));
    put(&r, S("quick"), 97 * DAY_MS, S("order"));
    put(&r, S("end"), 100 * DAY_MS, S("order"));
    ready(&r);
    const json *row = at(in(answer(&r, "{\"kind\":\"repurchase\",\"within\":\"50d\"}"), "rows"), 0);
    assert_near(num(row, "new"), 5, 0);
    assert_near(num(row, "again"), 2, 0);
    assert_near(num(row, "observed"), 2, 0);
    assert_near(num(row, "observed_rate"), 0.5, 0);
    assert_near(num(row, "censored"), 2, 0);
    assert_near(num(row, "median_days"), 21, 0);
    room_close(&r);
}

static void tables_have_a_cell_for_each_column(void **state) {
    static const char *const asks[] = {
        "{\"kind\":\"funnel\",\"steps\":[\"a\",\"b\"],\"by\":\"month(occurred_at)\"}",
        "{\"kind\":\"follows\",\"activities\":[\"x := event = 'a'\",\"y := true\"]}",
        "{\"kind\":\"paths\",\"length\":2}",
        "{\"kind\":\"variants\",\"collapse\":true}",
        "{\"kind\":\"cohort\",\"unit\":\"week\"}",
        "{\"kind\":\"repurchase\",\"unit\":\"month\"}",
        "{\"kind\":\"sessions\"}",
        "{\"kind\":\"stages\",\"stages\":[\"a\",\"b\"]}",
    };
    (void)state;
    room r;
    room_open(&r, 64);
    for (int i = 0; i < 60; i++)
        put(&r, i % 2 ? S("one") : S("two"), i * DAY_MS, i % 3 ? S("a") : S("b"));
    ready(&r);
    for (size_t i = 0; i < COUNT(asks); i++) {
        journey q = told(&r, asks[i]);
        journey_answer x;
        assert_ok(journey_ask(r.t, r.a, &q, &x, &e));
        journey_table t = journey_tabled(r.a, &q, &x);
        assert_true(t.rows > 1 && t.columns > 1);
        for (size_t k = 0; k < t.rows * t.columns; k++) assert_non_null(t.cells[k].p);
    }
    room_close(&r);
}

static void every_failing_allocation_ends_in_one_sentence(void **state) {
    (void)state;
    room r;
    room_open(&r, 64);
    for (int i = 0; i < 60; i++)
        put(&r, i % 2 ? S("one") : S("two"), i * DAY_MS, i % 3 ? S("a") : S("b"));
    ready(&r);
    journey q = told(&r, "{\"kind\":\"variants\",\"where\":\"amount is missing\"}");
    bool done = false;
    for (i64 n = 0; !done && n < 400; n++) {
        journey_answer x;
        arena *a = arena_open(64 << 20);
        arena_fail_after(n);
        done = journey_ask(r.t, a, &q, &x, &e);
        arena_fail_after(-1);
        if (!done) assert_int_equal(e.code, LIMIT);
        arena_close(a);
    }
    assert_true(done);
    room_close(&r);
}

static bool stop_at_once(void *ctx) {
    ++*(int *)ctx;
    return false;
}

static void a_question_can_be_called_off(void **state) {
    (void)state;
    room r;
    room_open(&r, 4);
    put(&r, S("one"), 0, S("a"));
    ready(&r);
    journey q = told(&r, "{\"kind\":\"follows\"}");
    journey_answer x;
    int asked = 0;
    q.scope.go_on = stop_at_once;
    q.scope.ctx = &asked;
    assert_false(journey_ask(r.t, r.a, &q, &x, &e));
    assert_int_equal(e.code, BUSY);
    assert_int_equal(asked, 1);
    room_close(&r);
}

/* ---- reference cases ---- */

static json *golden(arena *a, const char *name) {
    const char *shared = getenv("HEED_SHARED");
    char path[4096];
    buf b = {.a = a};
    json *tree;
    snprintf(path, sizeof path, "%s/golden/dev/%s", shared ? shared : "", name);
    FILE *f = shared ? fopen(path, "rb") : NULL;
    if (!f) return NULL;
    char chunk[4096];
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, f)) > 0;) buf_bytes(&b, chunk, n);
    fclose(f);
    assert_ok(json_read(a, buf_view(&b), &tree, &e));
    return tree;
}

static void golden_funnel(void **state) {
    (void)state;
    room r;
    room_open(&r, 1000);
    json *g = golden(r.a, "funnel.json");
    if (!g) {
        room_close(&r);
        skip();
    }
    for (const json *u = in(in(g, "inputs"), "events")->first; u; u = u->next)
        for (const json *x = u->first; x; x = x->next)
            put(&r, u->key, at(x, 0)->i * DAY_MS, at(x, 1)->text);
    ready(&r);
    const json *a = answer(&r, "{\"kind\":\"funnel\",\"steps\":[\"view\",\"cart\",\"pay\"],"
                               "\"window\":\"20d\"}");
    const json *steps = in(at(in(a, "groups"), 0), "steps"), *want = in(g, "expected");
    for (u32 i = 0; i < 3; i++) {
        assert_int_equal(in(at(steps, i), "n")->i, at(in(want, "counts"), i)->i);
        assert_near(num(at(steps, i), "conversion"), at(in(want, "step_conversion"), i)->num,
                    1e-12);
    }
    assert_near(num(at(steps, 2), "share"), num(want, "overall"), 1e-12);
    room_close(&r);
}

static void golden_directly_follows(void **state) {
    (void)state;
    room r;
    room_open(&r, 1000);
    json *g = golden(r.a, "dfg-heuristics-vda.json");
    if (!g) {
        room_close(&r);
        skip();
    }
    int serial = 0;
    for (const json *t = in(in(g, "inputs"), "traces")->first; t; t = t->next)
        for (i64 k = 0; k < in(t, "count")->i; k++, serial++) {
            i64 when = 0;
            str who = arena_fmt(r.a, "case %d", serial);
            for (const json *x = in(t, "trace")->first; x; x = x->next)
                put(&r, who, when++, x->text);
        }
    ready(&r);
    const json *a = answer(&r, "{\"kind\":\"follows\"}"), *want = in(g, "expected");
    u32 n = 0;
    for (const json *p = in(a, "pairs")->first; p; p = p->next, n++) {
        str key = arena_fmt(r.a, "%.*s -> %.*s", STR_ARG(in(p, "from")->text),
                            STR_ARG(in(p, "to")->text));
        assert_int_equal(in(p, "n")->i, in(in(want, "directly_follows"), key.p)->i);
        assert_near(num(p, "dependency"), num(in(want, "dependency"), key.p), 1e-9);
    }
    assert_int_equal(n, in(want, "directly_follows")->n);
    for (const json *x = in(a, "activities")->first; x; x = x->next) {
        const json *starts = json_get(in(want, "start"), in(x, "name")->text);
        const json *ends = json_get(in(want, "end"), in(x, "name")->text);
        assert_int_equal(in(x, "starts")->i, starts ? starts->i : 0);
        assert_int_equal(in(x, "ends")->i, ends ? ends->i : 0);
    }
    room_close(&r);
}

/* The orders of data/transactions.csv: customer,YYYYMMDD. */
static bool transactions(room *r) {
    char path[4096], line[200];
    const char *shared = getenv("HEED_SHARED");
    snprintf(path, sizeof path, "%s/golden/dev/data/transactions.csv", shared ? shared : "");
    FILE *f = shared ? fopen(path, "rb") : NULL;
    if (!f) return false;
    room_open(r, 20000);
    while (fgets(line, sizeof line, f)) {
        int who, day;
        if (sscanf(line, "%d,%d", &who, &day) != 2) continue;
        put(r, arena_fmt(r->f.a, "%d", who),
            day_of_ymd(day / 10000, day / 100 % 100, day % 100) * DAY_MS, S("order"));
    }
    fclose(f);
    ready(r);
    return true;
}

static void golden_cohorts(void **state) {
    (void)state;
    room r;
    if (!transactions(&r)) skip();
    const json *want = in(in(golden(r.a, "cohort-transactions.json"), "expected"), "cohorts");
    const json *got = in(answer(&r, "{\"kind\":\"cohort\"}"), "cohorts");
    assert_int_equal(got->n, want->n);
    for (const json *c = got->first; c; c = c->next) {
        const json *w = json_get(want, in(c, "period")->text);
        assert_non_null(w);
        assert_int_equal(in(c, "size")->i, in(w, "size")->i);
        u32 k = 0;
        for (const json *x = in(c, "active")->first; x; x = x->next, k++) {
            const json *active = json_get(in(w, "active"), arena_fmt(r.a, "%u", k));
            assert_int_equal(x->i, active ? active->i : 0);
        }
        assert_true(k >= in(w, "active")->n);
    }
    room_close(&r);
}

static void golden_repurchase(void **state) {
    (void)state;
    room r;
    if (!transactions(&r)) skip();
    const json *want = in(golden(r.a, "repurchase-window.json"), "expected");
    const json *month = at(in(answer(&r, "{\"kind\":\"repurchase\",\"new_from\":\"2014-03-01\","
                                         "\"new_to\":\"2014-03-31\"}"),
                              "rows"),
                           0);
    const json *days = at(in(answer(&r, "{\"kind\":\"repurchase\",\"new_from\":\"2014-03-01\","
                                        "\"new_to\":\"2014-03-31\",\"within\":\"90d\"}"),
                             "rows"),
                          0);
    assert_int_equal(in(month, "new")->i, in(want, "new_customers")->i);
    assert_int_equal(in(month, "again")->i, in(want, "repurchasers_same_month")->i);
    assert_int_equal(in(days, "again")->i, in(want, "repurchasers_90d")->i);
    assert_near(num(month, "rate") * 100, num(want, "rate_same_month_pct"), 1e-9);
    assert_near(num(days, "rate") * 100, num(want, "rate_90d_pct"), 1e-9);
    room_close(&r);
}

static void golden_repurchase_of_nobody(void **state) {
    (void)state;
    arena *a = arena_open(1 << 20);
    json *g = golden(a, "repurchase-seed.json");
    if (!g) {
        arena_close(a);
        skip();
    }
    u32 k = 0;
    for (const json *c = in(in(g, "inputs"), "cases")->first; c; c = c->next, k++) {
        room r;
        i64 fresh = in(c, "new")->i, again = in(c, "repeat")->i;
        room_open(&r, 1000);
        for (i64 i = 0; i < fresh; i++) put(&r, arena_fmt(r.a, "%d", (int)i), 0, S("order"));
        for (i64 i = 0; i < again; i++) put(&r, arena_fmt(r.a, "%d", (int)i), DAY_MS, S("order"));
        ready(&r);
        const json *row = at(in(answer(&r, "{\"kind\":\"repurchase\"}"), "rows"), 0);
        const json *want = at(in(in(g, "expected"), "rates_pct"), k);
        if (want->kind == JSON_NULL)
            assert_true(isnan(num(row, "rate")));
        else
            assert_near(num(row, "rate") * 100, want->num, 1e-12);
        room_close(&r);
    }
    arena_close(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_that_is_wrong_is_told_by_its_key),
        cmocka_unit_test(a_step_is_a_name_or_an_expression),
        cmocka_unit_test(conversion_has_its_interval_and_an_empty_walk_has_none),
        cmocka_unit_test(an_attempt_ends_by_arriving_or_with_its_window),
        cmocka_unit_test(who_came_late_is_censored_not_lost),
        cmocka_unit_test(tables_have_a_cell_for_each_column),
        cmocka_unit_test(every_failing_allocation_ends_in_one_sentence),
        cmocka_unit_test(a_question_can_be_called_off),
        cmocka_unit_test(golden_funnel),
        cmocka_unit_test(golden_directly_follows),
        cmocka_unit_test(golden_cohorts),
        cmocka_unit_test(golden_repurchase),
        cmocka_unit_test(golden_repurchase_of_nobody),
    };
    return RUN_TESTS(tests);
}
