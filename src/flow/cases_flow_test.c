/* cases_flow_test.c - from a signal to its case, and on: action_ticket, action_case and action_escalate
** through the outbox, by a clock the test moves. */
#include <unistd.h>
#include "act/cases.h"
#include "act/rule.h"
#include "base/test.h"
#include "base/time.h"
#include "flow/flow.h"

#define T0 ((i64)1767225600000) /* 2026-01-01T00:00Z, a Thursday */

typedef struct {
    char dir[200], path[240];
    world_fake w;
    store *s;
    tally *t;
    flow *f;
    arena *a;
    int heard;
} room;

static void flow_on(room *r) {
    err e;
    flow_options o = {.w = &r->w.w};
    assert_ok(tally_open(r->s, &r->t, NULL, NULL, &e));
    assert_ok(flow_open(r->s, r->t, &o, &r->f, &e));
}

static int start(void **state) {
    err e;
    room *r = mem_new(1, sizeof *r);
    const char *tmp = getenv("TMPDIR");
    snprintf(r->dir, sizeof r->dir, "%s/heed-case-flow-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(r->dir));
    snprintf(r->path, sizeof r->path, "%s/heed.db", r->dir);
    world_fake_init(&r->w, T0, 7);
    store_options so = {.w = &r->w.w, .create = true};
    r->a = arena_open((size_t)64 << 20);
    assert_ok(store_open(str_of(r->path), &so, &r->s, &e));
    *state = r;
    return 0;
}

static int stop(void **state) {
    char z[260];
    room *r = *state;
    flow_close(r->f);
    tally_close(r->t);
    store_close(r->s);
    arena_close(r->a);
    snprintf(z, sizeof z, "rm -rf '%s'", r->dir);
    assert_int_equal(system(z), 0);
    free(r);
    return 0;
}

static void rule_on(room *r, const char *name, const char *when, const char *then) {
    rule x;
    err e;
    noun_init(&noun_rule, &x);
    x.name = str_of(name);
    x.condition = str_of(when);
    x.enabled = 1;
    assert_ok(rule_then(r->a, str_of(then), &x, &e));
    assert_ok(rule_check(&x, &e));
    assert_ok(store_put(r->s, &noun_rule, &x, &e));
}

static i64 say(room *r, const char *channel, const char *who, const char *words, i64 nps) {
    signal s;
    err e;
    flow_counts c = {0};
    flow_fate fate;
    attribute score = {S("score:nps"), NO_STR, nps * NUM6_ONE};
    signal_init(&s);
    s.row.source = S("t");
    s.row.external_id = arena_fmt(r->a, "%d", ++r->heard);
    s.row.occurred_at = r->w.clock_ms;
    s.row.channel = str_of(channel);
    s.row.customer = str_of(who);
    s.row.words = str_of(words);
    if (nps != NONE) s.attrs = &score, s.attrs_n = 1;
    signal_seal(r->a, &s);
    assert_ok(flow_take_each(r->f, &s, 1, NULL, &c, &fate, &e));
    return fate.id;
}

static ticket only_case(room *r) {
    void *recs;
    size_t n;
    err e;
    assert_ok(store_list(r->s, r->a, &noun_ticket, NULL, &recs, &n, &e));
    assert_int_equal(n, 1);
    return *(ticket *)recs;
}

static void run_at(room *r, i64 ms) {
    err e;
    i64 done = 0;
    r->w.clock_ms = T0 + ms;
    assert_ok(outbox_run(r->s, &r->w.w, &done, &e));
}

static void late_cases_escalate_at_the_minute(void **state) {
    room *r = *state;
    calendar_row c;
    err e;
    noun_init(&noun_calendar, &c);
    c.name = S("office");
    c.zone = S("Z");
    c.hours = S("mon-fri 09:00-17:00");
    assert_ok(store_put(r->s, &noun_calendar, &c, &e));
    rule_on(r, "low", "score:nps <= 2",
            "ticket department=service due=10h contact=1h calendar=office escalate=quality "
            "priority=normal");
    flow_on(r);
    say(r, "call", "member:1", "bad", 1);
    ticket t = only_case(r);
    /* Thursday 09:00-17:00 are eight hours, two more on Friday */
    assert_int_equal(t.due_at, T0 + DAY_MS + 11 * HOUR_MS);
    assert_int_equal(t.contact_due_at, T0 + 10 * HOUR_MS);
    run_at(r, DAY_MS + 11 * HOUR_MS - MINUTE_MS);
    t = only_case(r);
    assert_int_equal(t.escalated_at, NONE);
    run_at(r, DAY_MS + 11 * HOUR_MS);
    t = only_case(r);
    assert_int_equal(t.escalated_at, T0 + DAY_MS + 11 * HOUR_MS);
    assert_str(t.priority, S("high"));
    assert_str(t.department, S("quality"));
    run_at(r, 30 * DAY_MS); /* once */
    t = only_case(r);
    assert_str(t.priority, S("high"));
}

static void what_a_customer_says_next_comes_to_the_case(void **state) {
    room *r = *state;
    case_event *ev;
    size_t n;
    err e;
    rule_on(r, "low", "score:nps <= 2", "ticket department=service due=1d");
    flow_on(r);
    say(r, "survey", "member:1", "bad", 1);
    say(r, "chat", "member:1", "still waiting for an answer", NONE);
    say(r, "chat", "member:2", "somebody else", NONE);
    r->w.clock_ms += HOUR_MS;
    say(r, "call", "member:1", "I am calling about it", NONE);
    ticket t = only_case(r), to;
    assert_int_equal(t.messages, 3);
    to = t;
    to.state = S("closed");
    to.outcome = S("refunded");
    case_desk d = {r->s, r->a, S("user:ann"), r->w.clock_ms};
    assert_ok(store_begin(r->s, &e));
    assert_ok(case_change(&d, &t, &to, &e));
    assert_ok(store_commit(r->s, &e));
    r->w.clock_ms += DAY_MS;
    i64 answer = say(r, "survey", "member:1", NULL, 9);
    t = only_case(r);
    assert_int_equal(t.recovered, 1);
    assert_int_equal(t.asked_signal, answer);
    assert_ok(case_history(r->s, r->a, t.id, &ev, &n, &e));
    assert_ok(case_history_check(&t, ev, n, &e));
}

static void in_one_batch_too_all_of_a_customer_is_one_case(void **state) {
    room *r = *state;
    signal s[3];
    flow_counts c = {0};
    err e;
    static const char *const who[] = {"member:1", "member:1", "member:1"};
    static const char *const said[] = {"refund me please", "hello again", "and another thing"};
    rule_on(r, "refund", "words ~ 'refund me'", "ticket department=service");
    flow_on(r);
    for (int i = 0; i < 3; i++) {
        signal_init(&s[i]);
        s[i].row.source = S("t");
        s[i].row.external_id = arena_fmt(r->a, "b%d", i);
        s[i].row.occurred_at = T0;
        s[i].row.customer = str_of(who[i]);
        s[i].row.words = str_of(said[i]);
        signal_seal(r->a, &s[i]);
    }
    assert_ok(flow_take(r->f, s, 3, NULL, &c, &e));
    ticket t = only_case(r);
    assert_int_equal(t.messages, 3);
    assert_ok(flow_take(r->f, s, 3, NULL, &c, &e)); /* heard again: nothing changes */
    t = only_case(r);
    assert_int_equal(t.messages, 3);
}

int main(void) {
#define ONE(f) cmocka_unit_test_setup_teardown(f, start, stop)
    const struct CMUnitTest tests[] = {
        ONE(late_cases_escalate_at_the_minute),
        ONE(what_a_customer_says_next_comes_to_the_case),
        ONE(in_one_batch_too_all_of_a_customer_is_one_case),
    };
    return RUN_TESTS(tests);
}
