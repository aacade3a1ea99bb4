/* demo_story_test.c - the whole walk on the simulated company: what was planted is found, with its
** place and time, and a rule's tickets are exactly the signals that match it. */
#include <sys/stat.h>
#include <unistd.h>
#include "base/test.h"
#include "base/time.h"
#include "flow/flow.h"
#include "kern/expr_make.h"
#include "kern/fold.h"
#include "main/demo/demo.h"
#include "understand/measure.h"
#include "understand/pains.h"

enum { BATCH = 2000 };

typedef struct {
    char dir[200], path[240];
    world_fake w;
    demo_options o;
    arena *a, *text;
    store *s;
    tally *t;
    flow *f;
    signal batch[BATCH];
    size_t n;
    flow_counts counts;
} town;
static town T;

static bool flush(err *e) {
    bool ok = flow_take(T.f, T.batch, T.n, NULL, &T.counts, e);
    T.n = 0;
    arena_reset(T.text);
    return ok;
}

static bool take(void *ctx, const signal *s, err *e) {
    (void)ctx;
    signal *copy = &T.batch[T.n++];
    *copy = *s;
    for (size_t i = 0; i < noun_signal.fields_n; i++) {
        const field *f = &noun_signal.fields[i];
        if (field_is_text(f))
            noun_set_text(f, &copy->row, arena_str(T.text, noun_text(f, &s->row)));
    }
    return signal_unseal(T.text, copy, e) && (T.n < BATCH || flush(e));
}

static void put_rules(void) {
    err e;
    for (size_t i = 0; i < demo_rules_n; i++) {
        rule r;
        noun_init(&noun_rule, &r);
        r.name = str_of(demo_rules[i].name);
        r.condition = str_of(demo_rules[i].condition);
        r.action = str_of(demo_rules[i].action);
        r.params = str_of(demo_rules[i].params);
        r.enabled = r.version = 1;
        assert_ok(store_put(T.s, &noun_rule, &r, &e));
    }
}

static int settle_town(void **state) {
    (void)state;
    err e;
    const char *tmp = getenv("TMPDIR");
    snprintf(T.dir, sizeof T.dir, "%s/heed-town-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(T.dir));
    snprintf(T.path, sizeof T.path, "%s/heed.db", T.dir);
    world_fake_init(&T.w, day_of_ymd(2026, 8, 1) * DAY_MS, 7);
    T.o = (demo_options){.seed = 1, .start_day = NONE};
    T.a = arena_open((size_t)2 << 30);
    T.text = arena_open((size_t)1 << 30);
    store_options so = {.w = &T.w.w, .create = true};
    flow_options fo = {.w = &T.w.w, .threads = 2};
    assert_ok(store_open(str_of(T.path), &so, &T.s, &e));
    assert_ok(tally_open(T.s, &T.t, NULL, NULL, &e));
    put_rules();
    assert_ok(flow_open(T.s, T.t, &fo, &T.f, &e));
    assert_ok(demo_run(T.a, &T.o, take, NULL, &e));
    assert_ok(flush(&e));
    assert_ok(tally_seal(T.t, &e));
    return 0;
}

static int leave_town(void **state) {
    (void)state;
    char command[300];
    flow_close(T.f);
    tally_close(T.t);
    store_close(T.s);
    arena_close(T.text);
    arena_close(T.a);
    snprintf(command, sizeof command, "rm -rf '%s'", T.dir);
    return system(command);
}

static void a_year_in_many_channels(void **state) {
    (void)state;
    err e;
    measure_answer m;
    tally_by by = {S("channel"), BY_VALUE}, month = {S("occurred_at"), BY_MONTH};
    measure_question q = {.metric = S("count"), .by = &by, .by_n = 1, .minimum_n = NONE};
    assert_true(T.counts.added >= 20000);
    assert_int_equal(T.counts.known, 0);
    assert_ok(measure(T.t, T.s, T.a, &q, &m, &e));
    assert_true(m.cells_n >= 8);
    q.by = &month;
    assert_ok(measure(T.t, T.s, T.a, &q, &m, &e));
    assert_true(m.cells_n >= 12);
}

static void heard_again_nothing_changes(void **state) {
    (void)state;
    err e;
    i64 tickets, again, added = T.counts.added;
    assert_ok(store_count(T.s, &noun_ticket, &(store_query){0}, &tickets, &e));
    assert_ok(demo_run(T.a, &T.o, take, NULL, &e));
    assert_ok(flush(&e));
    assert_int_equal(T.counts.added, added);
    assert_int_equal(T.counts.known, added);
    assert_ok(store_count(T.s, &noun_ticket, &(store_query){0}, &again, &e));
    assert_int_equal(again, tickets);
    assert_int_equal(tally_rows_total(T.t), added);
}

/* ---- stories ---- */

static const expr *during(const demo_story *s, const expr *where) {
    i64 from, to;
    demo_story_days(&T.o, s, &from, &to);
    where = expr_both(T.a, where, expr_time_from(T.a, S("occurred_at"), from * DAY_MS));
    return expr_both(T.a, where, expr_time_before(T.a, S("occurred_at"), (to + 1) * DAY_MS));
}

static bool speaks_of(const demo_story *s, str aspect) {
    str rest = str_of(s->aspects), one;
    for (bool more = true; more;) {
        more = str_cut(rest, ' ', &one, &rest);
        if (str_eq(aspect, more ? one : rest)) return true;
    }
    return false;
}

static void the_place_of_each_story_shows_it_on_top(void **state) {
    (void)state;
    err e;
    for (size_t i = 0; i < demo_stories_n; i++) {
        const demo_story *s = &demo_stories[i];
        const expr *place = expr_text_is(T.a, str_of(s->column), str_of(s->value));
        pains_question q = {
            .polarity = s->polarity, .where = during(s, place), .limit = 3, .minimum_n = 5};
        pains_answer p;
        assert_ok(pains(T.t, T.s, T.a, &q, &p, &e));
        if (p.n == 0 || !speaks_of(s, p.items[0].aspect))
            fail_msg("%s: on top is %.*s", s->name, p.n ? (int)p.items[0].aspect.n : 4,
                     p.n ? p.items[0].aspect.p : "none");
        assert_true(p.items[0].quotes_n > 0);
    }
}

/* The spot is the story's place; a wave there is in the story's time, give or take ten days. */
static bool is_spot(const hot_spot *h, const demo_story *s) {
    i64 from, to;
    demo_story_days(&T.o, s, &from, &to);
    if (!str_eq(h->column, str_of(s->column)) || !str_eq(h->value, str_of(s->value))) return false;
    if (h->from_day == NONE) return true;
    return llabs(h->from_day - from) <= 10 && h->to_day >= from && h->from_day <= to;
}

static bool is_named(const pains_answer *p, const demo_story *s) {
    bool named = false;
    for (size_t k = 0; k < p->n; k++)
        for (size_t i = 0; i < p->items[k].spots_n; i++)
            named |= speaks_of(s, p->items[k].aspect) && is_spot(&p->items[k].spots[i], s);
    return named;
}

/* Asked of the whole company, nobody having said where to look. */
static void the_year_names_the_place_and_time_of_each_story(void **state) {
    (void)state;
    err e;
    for (size_t i = 0; i < demo_stories_n; i++) {
        pains_question q = {.polarity = demo_stories[i].polarity, .limit = 10, .minimum_n = 5};
        pains_answer p;
        assert_ok(pains(T.t, T.s, T.a, &q, &p, &e));
        if (!is_named(&p, &demo_stories[i])) fail_msg("%s is not named", demo_stories[i].name);
    }
}

/* ---- rules ---- */

typedef struct {
    const expr *when;
    arena *a;
    i64 *ids;
    size_t n;
    str folded;
} matching;

static truth has_words(void *ctx, str text) {
    matching *m = ctx;
    str needle;
    fold(m->a, text, &needle, NULL);
    return str_find(m->folded, needle) >= 0 ? YES : NO;
}

static bool match(void *ctx, const signal *sig, const insight *ins, err *e) {
    (void)e;
    matching *m = ctx;
    m->a = arena_open(1 << 22);
    fold(m->a, ins->row.clean.p ? ins->row.clean : sig->row.words, &m->folded, NULL);
    if (signal_test(m->when, sig, ins, has_words, m) == YES) m->ids[m->n++] = sig->row.id;
    arena_close(m->a);
    return true;
}

static int by_number(const void *x, const void *y) {
    i64 a = *(const i64 *)x, b = *(const i64 *)y;
    return (a > b) - (a < b);
}

/* What a customer with an open case says is a message of that case. */
static bool is_in_a_case(i64 signal_id) {
    void *recs;
    size_t n;
    err e;
    store_query q = {.field = "signal_id", .num = signal_id, .limit = 2};
    assert_ok(store_list(T.s, T.a, &noun_case_event, &q, &recs, &n, &e));
    return n > 0;
}

static void a_rules_cases_hold_exactly_the_signals_that_match_it(void **state) {
    (void)state;
    err e;
    for (size_t i = 0; i < demo_rules_n; i++) {
        rule r;
        void *recs;
        size_t n;
        matching m = {.ids = NEW_N(T.a, i64, (size_t)T.counts.added)};
        if (strcmp(demo_rules[i].action, "ticket") != 0) continue;
        assert_ok(store_find(T.s, T.a, &noun_rule, str_of(demo_rules[i].name), &r, &e));
        assert_ok(expr_parse(T.a, r.condition, 0, &m.when, &e));
        assert_ok(store_scan(T.s, 0, 0, true, match, &m, &e));
        store_query q = {.field = "rule_id", .num = r.id};
        assert_ok(store_list(T.s, T.a, &noun_ticket, &q, &recs, &n, &e));
        assert_true(n > 0 && n <= m.n);
        for (size_t k = 0; k < n; k++) /* none was opened for a signal that does not match */
            assert_non_null(bsearch(&((ticket *)recs)[k].signal_id, m.ids, m.n, sizeof *m.ids,
                                    by_number));
        for (size_t k = 0; k < m.n; k++) assert_true(is_in_a_case(m.ids[k]));
    }
}

static void a_tag_can_be_asked_for(void **state) {
    (void)state;
    err e;
    measure_answer tagged, promoters;
    const expr *tag, *score;
    assert_ok(expr_parse(T.a, S("tag = 'promoter'"), 0, &tag, &e));
    assert_ok(expr_parse(T.a, S("score:nps >= 9"), 0, &score, &e));
    measure_question q = {.metric = S("count"), .where = tag, .minimum_n = NONE};
    assert_ok(measure(T.t, T.s, T.a, &q, &tagged, &e));
    q.where = score;
    assert_ok(measure(T.t, T.s, T.a, &q, &promoters, &e));
    assert_int_equal(tagged.cells[0].signals, promoters.cells[0].signals);
    assert_true(tagged.cells[0].signals > 100);
}

static void finding(void *ctx, str sentence) {
    (void)ctx;
    print_message("# %.*s\n", STR_ARG(sentence));
}

static void store_and_tally_agree(void **state) {
    (void)state;
    err e;
    i64 bad = 0, worse = 0;
    assert_ok(store_check(T.s, finding, NULL, &bad, &e));
    assert_ok(tally_check(T.t, finding, NULL, &worse, &e));
    assert_int_equal(bad + worse, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_year_in_many_channels),
        cmocka_unit_test(the_place_of_each_story_shows_it_on_top),
        cmocka_unit_test(the_year_names_the_place_and_time_of_each_story),
        cmocka_unit_test(a_rules_cases_hold_exactly_the_signals_that_match_it),
        cmocka_unit_test(a_tag_can_be_asked_for),
        cmocka_unit_test(heard_again_nothing_changes),
        cmocka_unit_test(store_and_tally_agree),
    };
    return cmocka_run_group_tests_name(__FILE__, tests, settle_town, leave_town);
}
