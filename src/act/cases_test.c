/* cases_test.c - a case's life: every step checked, its history only added to, its times adding up. */
#include "act/cases.h"
#include "act/calendar.h"
#include "base/test.h"
#include "base/time.h"
#include <sys/stat.h>
#include <unistd.h>

#define T0 ((i64)1767225600000) /* 2026-01-01T00:00Z, a Thursday */

typedef struct {
    char dir[200], path[240];
    world_fake w;
    store *s;
    arena *a;
    case_desk d;
    i64 heard;
} room;

static int start(void **state) {
    room *r = mem_new(1, sizeof *r);
    const char *tmp = getenv("TMPDIR");
    err e;
    snprintf(r->dir, sizeof r->dir, "%s/heed-cases-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(r->dir));
    snprintf(r->path, sizeof r->path, "%s/heed.db", r->dir);
    world_fake_init(&r->w, T0, 7);
    store_options o = {.w = &r->w.w, .create = true};
    assert_ok(store_open(str_of(r->path), &o, &r->s, &e));
    r->a = arena_open((size_t)64 << 20);
    r->d = (case_desk){r->s, r->a, S("user:ann"), T0};
    *state = r;
    return 0;
}

static int stop(void **state) {
    room *r = *state;
    static const char *const ends[] = {"", "-wal", "-shm"};
    char path[300];
    store_close(r->s);
    for (size_t i = 0; i < COUNT(ends); i++) {
        snprintf(path, sizeof path, "%s%s", r->path, ends[i]);
        unlink(path);
    }
    rmdir(r->dir);
    arena_close(r->a);
    free(r);
    return 0;
}

static void at(room *r, i64 ms) {
    r->w.clock_ms = r->d.now_ms = T0 + ms;
}

/* One signal of a customer; nps NONE = none. */
static i64 hear(room *r, const char *channel, const char *who, const char *words, i64 nps) {
    heard h = {0};
    err e;
    attribute score = {S("score:nps"), NO_STR, nps == NONE ? NONE : nps * NUM6_ONE};
    signal_init(&h.sig);
    noun_init(&noun_insight, &h.ins.row);
    h.ins.row.quality = S("ok");
    h.ins.row.reader = S("t");
    h.sig.row.source = S("t");
    h.sig.row.external_id = arena_fmt(r->a, "%" PRId64, ++r->heard);
    h.sig.row.occurred_at = r->d.now_ms;
    h.sig.row.channel = str_of(channel);
    h.sig.row.customer = str_of(who);
    h.sig.row.words = str_of(words);
    if (nps != NONE) h.sig.attrs = &score, h.sig.attrs_n = 1;
    signal_seal(r->a, &h.sig);
    assert_ok(store_add(r->s, &h, 1, NULL, &e));
    return h.sig.row.id;
}

static ticket opened(room *r, i64 signal_id, const char *dept, i64 due_ms) {
    ticket t;
    err e;
    case_terms terms = {due_ms, HOUR_MS, false, NONE, NONE};
    noun_init(&noun_ticket, &t);
    t.deed = arena_fmt(r->a, "deed %" PRId64, signal_id);
    t.signal_id = signal_id;
    t.title = S("late");
    t.department = str_of(dept);
    t.priority = S("normal");
    assert_ok(store_begin(r->s, &e));
    assert_ok(case_open(&r->d, &t, &terms, &e));
    assert_ok(store_commit(r->s, &e));
    return t;
}

static bool change(room *r, ticket *t, const char *state, const char *dept, const char *outcome,
                   err *why) {
    err e;
    ticket from = *t;
    t->state = str_of(state);
    t->department = str_of(dept);
    if (outcome) t->outcome = str_of(outcome);
    assert_ok(store_begin(r->s, &e));
    bool ok = case_change(&r->d, &from, t, why);
    if (!ok) {
        store_rollback(r->s);
        *t = from;
        return false;
    }
    assert_ok(store_commit(r->s, &e));
    return true;
}

static void legal(room *r, i64 id) {
    ticket t;
    case_event *ev;
    size_t n;
    err e;
    assert_ok(store_get(r->s, r->a, &noun_ticket, id, &t, &e));
    assert_ok(case_history(r->s, r->a, id, &ev, &n, &e));
    assert_ok(case_history_check(&t, ev, n, &e));
}

static void departments_times_add_up_to_the_age(void **state) {
    room *r = *state;
    err e;
    case_event *ev;
    case_time *times;
    size_t n, times_n;
    i64 age;
    ticket t = opened(r, hear(r, "call", "c1", "where is it", 2), "service", DAY_MS);
    at(r, HOUR_MS);
    assert_true(change(r, &t, "working", "service", NULL, &e));
    at(r, 3 * HOUR_MS);
    assert_true(change(r, &t, "open", "logistics", NULL, &e));
    at(r, 10 * HOUR_MS);
    assert_true(change(r, &t, "closed", "logistics", "explained", &e));
    at(r, 20 * HOUR_MS);
    assert_true(change(r, &t, "open", "logistics", NULL, &e));
    assert_int_equal(t.reopened, 1);
    assert_null(t.outcome.p);
    assert_int_equal(t.due_at, T0 + 20 * HOUR_MS + DAY_MS); /* the clock begins anew */
    at(r, 26 * HOUR_MS);
    assert_ok(case_history(r->s, r->a, t.id, &ev, &n, &e));
    case_times(r->a, ev, n, r->d.now_ms, &times, &times_n, &age);
    assert_int_equal(age, 16 * HOUR_MS);
    assert_int_equal(times_n, 2);
    assert_str(times[0].department, S("service"));
    assert_int_equal(times[0].ms, 3 * HOUR_MS);
    assert_int_equal(times[1].ms, 13 * HOUR_MS);
    legal(r, t.id);
}

static void random_lives_are_legal_and_add_up(void **state) {
    room *r = *state;
    static const char *const states[] = {"open", "working", "closed"};
    static const char *const departments[] = {"service", "logistics", "store"};
    err e;
    u64 seed = 99;
    for (int c = 0; c < 12; c++) {
        ticket t = opened(r, hear(r, "call", NULL, "x", NONE), "service", HOUR_MS);
        for (int k = 0; k < 25; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            at(r, r->d.now_ms - T0 + (i64)(seed >> 50));
            const char *to = states[(seed >> 33) % 3];
            bool refused = str_eq(t.state, S("closed")) && strcmp(to, "working") == 0;
            bool went = change(r, &t, to, departments[(seed >> 40) % 3],
                               strcmp(to, "closed") == 0 ? "explained" : NULL, &e);
            assert_true(went == !refused);
        }
        case_event *ev;
        case_time *times;
        size_t n, times_n;
        i64 age, sum = 0;
        assert_ok(case_history(r->s, r->a, t.id, &ev, &n, &e));
        case_times(r->a, ev, n, r->d.now_ms, &times, &times_n, &age);
        for (size_t i = 0; i < times_n; i++) sum += times[i].ms;
        assert_int_equal(sum, age);
        legal(r, t.id);
    }
}

static void several_channels_of_one_customer_are_one_case(void **state) {
    room *r = *state;
    err e;
    ticket a = opened(r, hear(r, "call", "member:7", "late", 1), "logistics", DAY_MS);
    ticket b = opened(r, hear(r, "chat", "member:7", "still late", NONE), "service", HOUR_MS);
    ticket c = opened(r, hear(r, "chat", "member:8", "late", NONE), "service", HOUR_MS);
    assert_int_equal(a.id, b.id);
    assert_int_equal(b.messages, 2);
    assert_int_equal(b.due_at, T0 + HOUR_MS); /* the nearer of both */
    assert_int_not_equal(c.id, a.id);
    i64 said = hear(r, "mail", "member:7", "any news?", NONE);
    assert_ok(store_begin(r->s, &e));
    for (int twice = 0; twice < 2; twice++) assert_ok(case_heard(&r->d, said, &e));
    assert_ok(store_commit(r->s, &e));
    assert_ok(store_get(r->s, r->a, &noun_ticket, a.id, &a, &e));
    assert_int_equal(a.messages, 3);
    legal(r, a.id);
}

static void asked_again_the_customer_is_recovered_or_not(void **state) {
    room *r = *state;
    err e;
    static const struct {
        i64 again;
        i64 recovered;
    } cases[] = {{9, 1}, {7, 1}, {6, 0}, {0, 0}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char who[20];
        snprintf(who, sizeof who, "member:%zu", 100 + i);
        ticket t = opened(r, hear(r, "survey", who, "bad", 2), "service", DAY_MS);
        at(r, r->d.now_ms - T0 + HOUR_MS);
        assert_true(change(r, &t, "closed", "service", "refunded", &e));
        at(r, r->d.now_ms - T0 + DAY_MS);
        i64 answer = hear(r, "survey", who, NULL, cases[i].again);
        assert_ok(store_begin(r->s, &e));
        assert_ok(case_heard(&r->d, answer, &e));
        assert_ok(store_commit(r->s, &e));
        assert_ok(store_get(r->s, r->a, &noun_ticket, t.id, &t, &e));
        assert_int_equal(t.score_before, 2 * NUM6_ONE);
        assert_int_equal(t.score_after, cases[i].again * NUM6_ONE);
        assert_int_equal(t.asked_signal, answer);
        assert_int_equal(t.recovered, cases[i].recovered);
        legal(r, t.id);
    }
}

static void what_is_not_legal_is_refused(void **state) {
    room *r = *state;
    err e;
    ticket t = opened(r, hear(r, "call", NULL, "x", NONE), "service", NONE);
    assert_false(change(r, &t, "closed", "service", NULL, &e));
    assert_non_null(strstr(e.msg, "without an outcome"));
    assert_false(change(r, &t, "closed", "service", "merged", &e));
    assert_true(change(r, &t, "closed", "service", "explained", &e));
    assert_false(change(r, &t, "working", "service", NULL, &e));
    assert_non_null(strstr(e.msg, "open it again first"));
    assert_int_equal(e.code, CONFLICT);
    assert_ok(store_begin(r->s, &e));
    assert_false(case_comment(&r->d, &t, S("  "), &e));
    assert_false(case_contact(&r->d, &t, S(""), S("x"), &e));
    assert_false(case_step(&r->d, &t, 0, true, &e));
    assert_false(case_merge(&r->d, &t, &t, &e));
    store_rollback(r->s);
    legal(r, t.id);
}

static void merged_cases_are_one_and_stay_so(void **state) {
    room *r = *state;
    err e;
    ticket a = opened(r, hear(r, "call", NULL, "x", NONE), "service", DAY_MS);
    ticket b = opened(r, hear(r, "call", NULL, "y", NONE), "store", HOUR_MS);
    assert_ok(store_begin(r->s, &e));
    assert_ok(case_merge(&r->d, &a, &b, &e));
    assert_ok(store_commit(r->s, &e));
    assert_int_equal(a.messages, 2);
    assert_int_equal(a.due_at, b.due_at);
    assert_int_equal(b.merged_into, a.id);
    assert_false(change(r, &b, "open", "store", NULL, &e));
    assert_non_null(strstr(e.msg, "merged into"));
    legal(r, a.id);
    legal(r, b.id);
}

static void steps_of_a_playbook_are_ticked_by_name(void **state) {
    room *r = *state;
    err e;
    playbook p;
    ticket t;
    case_terms terms = {NONE, NONE, false, NONE, NONE};
    noun_init(&noun_playbook, &p);
    p.name = S("late");
    p.steps = S("Call the customer\n\n Say sorry \n");
    assert_ok(store_put(r->s, &noun_playbook, &p, &e));
    noun_init(&noun_ticket, &t);
    t.deed = S("d");
    t.signal_id = hear(r, "call", NULL, "x", NONE);
    t.title = S("late");
    t.priority = S("normal");
    t.playbook = S("late");
    assert_ok(store_begin(r->s, &e));
    assert_ok(case_open(&r->d, &t, &terms, &e));
    assert_ok(case_step(&r->d, &t, 1, true, &e));
    assert_false(case_step(&r->d, &t, 2, true, &e));
    assert_ok(case_contact(&r->d, &t, S("phone"), S("sorry"), &e));
    assert_ok(store_commit(r->s, &e));
    assert_str(t.steps, S("[{\"title\":\"Call the customer\"},{\"title\":\"Say sorry\",\"done_at\":"
                          "\"2026-01-01T00:00:00Z\",\"by\":\"user:ann\"}]"));
    assert_int_equal(t.contacted_at, T0);
    legal(r, t.id);
}

static void what_was_answered_before_is_over_with_its_own_times(void **state) {
    room *r = *state;
    err e;
    ticket t;
    case_event *ev;
    case_time *times;
    size_t n, times_n;
    i64 age;
    case_terms terms = {NONE, NONE, false, T0 - 20 * DAY_MS, T0 - 8 * DAY_MS};
    noun_init(&noun_ticket, &t);
    t.deed = S("old");
    t.signal_id = hear(r, "mail", "member:1", "why", NONE);
    t.title = S("why");
    t.priority = S("normal");
    t.department = S("service");
    assert_ok(store_begin(r->s, &e));
    assert_ok(case_open(&r->d, &t, &terms, &e));
    assert_ok(store_commit(r->s, &e));
    assert_ok(case_history(r->s, r->a, t.id, &ev, &n, &e));
    case_times(r->a, ev, n, r->d.now_ms, &times, &times_n, &age);
    assert_int_equal(age, 12 * DAY_MS);
    assert_int_equal(t.contacted_at - t.opened_at, 12 * DAY_MS);
    legal(r, t.id);
}

static void a_history_that_is_not_legal_is_found(void **state) {
    room *r = *state;
    err e;
    case_event *ev;
    size_t n;
    ticket t = opened(r, hear(r, "call", NULL, "x", NONE), "service", NONE);
    at(r, HOUR_MS);
    assert_true(change(r, &t, "closed", "service", "explained", &e));
    assert_ok(case_history(r->s, r->a, t.id, &ev, &n, &e));
    assert_ok(case_history_check(&t, ev, n, &e));
    assert_false(case_history_check(&t, ev, 0, &e));
    assert_false(case_history_check(&t, ev, 1, &e));
    assert_false(case_history_check(&t, ev + 1, 1, &e));
    ev[1].kind = S("comment");
    assert_false(case_history_check(&t, ev, n, &e));
    ev[1].kind = S("closed");
    ev[1].at = T0 - 1;
    assert_false(case_history_check(&t, ev, n, &e));
    ev[1].at = T0;
    ev[1].text = S("changed afterwards");
    assert_false(store_put(r->s, &noun_case_event, &ev[1], &e));
    assert_non_null(strstr(e.msg, "only added to"));
    assert_false(store_delete(r->s, &noun_case_event, ev[1].id, &e));
}

int main(void) {
#define ONE(f) cmocka_unit_test_setup_teardown(f, start, stop)
    const struct CMUnitTest tests[] = {
        ONE(departments_times_add_up_to_the_age),
        ONE(random_lives_are_legal_and_add_up),
        ONE(several_channels_of_one_customer_are_one_case),
        ONE(asked_again_the_customer_is_recovered_or_not),
        ONE(what_is_not_legal_is_refused),
        ONE(merged_cases_are_one_and_stay_so),
        ONE(steps_of_a_playbook_are_ticked_by_name),
        ONE(what_was_answered_before_is_over_with_its_own_times),
        ONE(a_history_that_is_not_legal_is_found),
    };
    return RUN_TESTS(tests);
}
