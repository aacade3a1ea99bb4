/* cases_flow_test.c - from a signal to its case, and on: action_ticket, action_case and action_escalate
** through the outbox, by a clock the test moves. */
#include <unistd.h>
#include "act/cases.h"
#include "act/rule_past.h"
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
    attribute score = {S("score:nps"), NO_STR, nps == NONE ? NONE : nps * NUM6_ONE};
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

/* ---- facts: windows, and promises that were not kept ---- */

static void fact_on(room *r, const char *name, const char *when, const char *within) {
    fact f;
    err e;
    noun_init(&noun_fact, &f);
    f.name = str_of(name);
    f.kind = S("count");
    f.condition = str_of(when);
    f.within = str_of(within);
    assert_ok(tally_open(r->s, &r->t, NULL, NULL, &e));
    assert_ok(fact_save(r->s, r->t, r->a, &f, T0, &e));
    tally_close(r->t);
    r->t = NULL;
}

static i64 cases_n(room *r) {
    i64 n;
    err e;
    assert_ok(store_count(r->s, &noun_ticket, NULL, &n, &e));
    return n;
}

static void restart(room *r) {
    flow_close(r->f);
    tally_close(r->t);
    flow_on(r);
}

static void the_third_in_seven_days_is_the_third_after_a_restart_too(void **state) {
    room *r = *state;
    fact_on(r, "calls_7d", "channel = 'call'", "7d");
    rule_on(r, "third", "channel = 'call' and fact:calls_7d >= 3", "ticket department=service");
    flow_on(r);
    say(r, "call", "member:1", "first", NONE);
    r->w.clock_ms += DAY_MS;
    say(r, "call", "member:1", "second", NONE);
    say(r, "chat", "member:1", "not a call", NONE);
    say(r, "call", "member:2", "somebody else", NONE);
    restart(r);
    r->w.clock_ms += 7 * DAY_MS - HOUR_MS; /* the first is older than seven days, not the second */
    say(r, "call", "member:1", "third in all, second in seven days", NONE);
    assert_int_equal(cases_n(r), 0);
    r->w.clock_ms += MINUTE_MS;
    say(r, "call", "member:1", "now there are three", NONE);
    assert_int_equal(cases_n(r), 1);
    r->heard -= 2; /* heard again: decided as it was */
    r->w.clock_ms -= MINUTE_MS;
    say(r, "call", "member:1", "third in all, second in seven days", NONE);
    assert_int_equal(cases_n(r), 1);
}

static void a_fact_knows_what_was_heard_before_it_was_made(void **state) {
    room *r = *state;
    flow_on(r);
    say(r, "call", "member:1", "first", NONE);
    say(r, "call", "member:1", "second", NONE);
    flow_close(r->f);
    tally_close(r->t);
    r->f = NULL;
    r->t = NULL;
    fact_on(r, "calls_7d", "channel = 'call'", "7d");
    rule_on(r, "third", "fact:calls_7d >= 3", "ticket department=service");
    flow_on(r);
    say(r, "call", "member:1", "third", NONE);
    assert_int_equal(cases_n(r), 1);
}

static void what_was_promised_and_not_delivered_becomes_a_case(void **state) {
    room *r = *state;
    fact_on(r, "delivered", "channel = 'delivery'", "30d");
    rule_on(r, "promise", "words ~ 'promised'",
            "ticket department=logistics after=2d unless=delivered");
    flow_on(r);
    say(r, "call", "member:1", "we promised it", NONE);
    say(r, "call", "member:2", "we promised it", NONE);
    run_at(r, DAY_MS);
    say(r, "delivery", "member:1", "here it is", NONE);
    run_at(r, 2 * DAY_MS - MINUTE_MS);
    assert_int_equal(cases_n(r), 0);
    run_at(r, 2 * DAY_MS);
    ticket t = only_case(r);
    case_time *times;
    case_event *ev;
    size_t n, times_n;
    i64 age;
    err e;
    assert_ok(case_history(r->s, r->a, t.id, &ev, &n, &e));
    case_times(r->a, ev, n, r->w.clock_ms + HOUR_MS, &times, &times_n, &age);
    assert_int_equal(age, HOUR_MS);
    assert_str(t.department, S("logistics"));
}

/* ---- rules: order, last, versions, why and what if ---- */

static rule saved(room *r, const char *name, const char *when, const char *then, i64 order,
                  bool last) {
    rule x;
    err e;
    noun_init(&noun_rule, &x);
    x.name = str_of(name);
    x.condition = str_of(when);
    x.enabled = 1;
    x.order = order;
    x.last = last;
    assert_ok(rule_then(r->a, str_of(then), &x, &e));
    assert_ok(rule_save(r->s, r->a, &x, S("user:ann"), T0, &e));
    return x;
}

static void the_last_rule_ends_it_and_why_is_told(void **state) {
    room *r = *state;
    err e;
    buf b = {.a = r->a};
    json_out j = json_to(&b);
    saved(r, "all", "channel = 'call'", "tag tag=all", NONE, false);
    saved(r, "first", "words ~ 'late'", "tag tag=late", 1, true);
    flow_on(r);
    i64 id = say(r, "call", "member:1", "it is late", NONE);
    assert_ok(rule_explain(r->s, r->t, r->a, id, T0, &j, &e));
    str told = buf_view(&b);
    assert_true(str_find(told, S("\"rule\":\"first\"")) < str_find(told, S("\"rule\":\"all\"")));
    assert_true(str_find(told, S("\"acts\":false,\"behind\":\"first\"")) >= 0);
    assert_true(str_find(told, S("\"demand\":\"channel = 'call'\",\"have\":\"call\",\"truth\":"
                                 "\"yes\"")) >= 0);
}

static void an_old_version_comes_back_as_the_next(void **state) {
    room *r = *state;
    err e;
    rule_version *v;
    size_t n;
    rule x = saved(r, "x", "channel = 'call'", "tag tag=a", NONE, false);
    x.condition = S("channel = 'chat'");
    assert_ok(rule_save(r->s, r->a, &x, S("user:ann"), T0, &e));
    assert_ok(rule_roll_back(r->s, r->a, &x, 1, S("user:bob"), T0, &e));
    assert_str(x.condition, S("channel = 'call'"));
    assert_int_equal(x.version, 3);
    assert_ok(rule_versions(r->s, r->a, x.id, &v, &n, &e));
    assert_int_equal(n, 3);
    assert_str(v[0].actor, S("user:bob"));
    assert_str(v[1].condition, S("channel = 'chat'"));
    assert_false(rule_roll_back(r->s, r->a, &x, 9, S("user:bob"), T0, &e));
    assert_int_equal(e.code, NOT_FOUND);
}

static void what_a_change_would_change_is_what_it_changes(void **state) {
    room *r = *state;
    err e;
    simulation m;
    rule x = saved(r, "x", "channel = 'call'", "ticket department=a", NONE, false);
    saved(r, "y", "words ~ 'late'", "ticket department=b", NONE, false);
    flow_on(r);
    for (int i = 0; i < 10; i++)
        say(r, i % 2 ? "call" : "chat", NULL, i < 4 ? "late" : "fine", NONE);
    x.condition = S("words ~ 'late'");
    x.last = 1;
    assert_ok(rule_simulate(r->s, r->t, r->a, &x, T0 - DAY_MS, T0 + DAY_MS, T0, &m, &e));
    assert_int_equal(m.signals, 10);
    assert_int_equal(m.before, 5);
    assert_int_equal(m.after, 4);
    assert_int_equal(m.gained, 2);
    assert_int_equal(m.lost, 3);
    assert_int_equal(m.others_lost, 4); /* y, on the four late ones */
    x.condition = S("fact:nothing > 1");
    assert_false(rule_simulate(r->s, r->t, r->a, &x, T0 - DAY_MS, T0 + DAY_MS, T0, &m, &e));
    assert_non_null(strstr(e.msg, "no fact \"nothing\""));
}

static void rules_that_get_in_each_others_way_are_found(void **state) {
    room *r = *state;
    err e;
    rule_finding *f;
    size_t n;
    rule all[6];
    all[0] = saved(r, "a", "score:nps <= 6", "ticket department=service", NONE, false);
    all[1] = saved(r, "b", "score:nps <= 2", "ticket department=quality", NONE, false);
    all[2] = saved(r, "c", "score:nps > 8 and score:nps < 3", "tag tag=x", NONE, false);
    all[3] = saved(r, "d", "channel = 'call'", "tag tag=call", 1, true);
    all[4] = saved(r, "e", "channel = 'call' and product = 'p'", "tag tag=y", NONE, false);
    all[5] = saved(r, "f", "score:nps <= 6", "ticket department=service", NONE, false);
    assert_ok(rule_findings(r->a, all, 6, &f, &n, &e));
    static const char *const want[] = {"conflict b a", "never c", "shadowed e d", "duplicate f a",
                                       "conflict f b"};
    assert_int_equal(n, COUNT(want));
    for (size_t i = 0; i < n; i++) {
        str name = rule_finding_name(f[i].kind);
        str got = arena_fmt(r->a, "%.*s %.*s%s%.*s", STR_ARG(name), STR_ARG(f[i].rule->name),
                            f[i].other ? " " : "", STR_ARG(f[i].other ? f[i].other->name : NO_STR));
        assert_str(got, str_of(want[i]));
    }
}

int main(void) {
#define ONE(f) cmocka_unit_test_setup_teardown(f, start, stop)
    const struct CMUnitTest tests[] = {
        ONE(late_cases_escalate_at_the_minute),
        ONE(what_a_customer_says_next_comes_to_the_case),
        ONE(in_one_batch_too_all_of_a_customer_is_one_case),
        ONE(the_third_in_seven_days_is_the_third_after_a_restart_too),
        ONE(a_fact_knows_what_was_heard_before_it_was_made),
        ONE(what_was_promised_and_not_delivered_becomes_a_case),
        ONE(the_last_rule_ends_it_and_why_is_told),
        ONE(an_old_version_comes_back_as_the_next),
        ONE(what_a_change_would_change_is_what_it_changes),
        ONE(rules_that_get_in_each_others_way_are_found),
    };
    return RUN_TESTS(tests);
}
