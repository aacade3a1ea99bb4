/* watch_test.c - watches find what changes, once, and keep still when nothing does. */
#include "act/alerts.h"
#include "base/time.h"
#include "kern/chance.h"
#include "store/room_test.h"

enum { PAST = 200 /* days */ };

typedef struct {
    room r;
    tally *t;
    chance c;
    i64 n;
    i64 now;
} house;

static void house_open(house *h, u64 seed) {
    err e;
    *h = (house){.c = chance_of(seed), .now = T0};
    room_start(&h->r);
    assert_ok(tally_open(h->r.s, &h->t, NULL, NULL, &e));
}

static void house_close(house *h) {
    char cmd[300];
    tally_close(h->t);
    snprintf(cmd, sizeof cmd, "rm -rf '%s.tally'", h->r.path);
    assert_int_equal(system(cmd), 0);
    room_end(&h->r);
}

static i64 poisson(house *h, double mean) {
    double at = chance_uniform(&h->c), term = exp(-mean);
    i64 n = 0;
    for (; at > term && n < 10000; n++) at -= term, term *= mean / (double)(n + 1);
    return n;
}

/* n voices in the day that begins at day_ms, bad of them bad. */
static void say(house *h, i64 day_ms, i64 n, i64 bad, const char *channel) {
    err e;
    arena *a = arena_open((size_t)64 << 20);
    heard *items = NEW_N(a, heard, (size_t)n + 1);
    for (i64 i = 0; i < n; i++) {
        heard *x = heard_bare(a, &items[i], "", "w");
        x->sig.row.external_id = arena_fmt(a, "e%" PRId64, h->n++);
        x->sig.row.occurred_at = day_ms + (i + 1) * (DAY_MS / (n + 1));
        x->sig.row.channel = str_of(channel);
        x->sig.attrs = NEW(a, attribute);
        x->sig.attrs_n = 1;
        x->sig.attrs[0] = (attribute){S("bad"), NO_STR, i < bad ? NUM6_ONE : 0};
        signal_seal(a, &x->sig);
    }
    if (n) {
        assert_ok(store_add(h->r.s, items, (size_t)n, NULL, &e));
        assert_ok(tally_follow(h->t, &e));
    }
    arena_close(a);
}

/* Days of a company with a weekly rhythm; from the day `change` on the mean is multiplied. */
static void live(house *h, i64 days, double mean, double bad, double factor) {
    for (i64 i = 0; i < days; i++, h->now += DAY_MS) {
        i64 n = poisson(h, mean * (day_of_ms(h->now) % 7 < 2 ? 0.5 : 1) * factor), b = 0;
        for (i64 k = 0; k < n; k++) b += chance_uniform(&h->c) < bad;
        say(h, h->now, n, b, "call");
    }
}

static watch watch_named(const char *name, const char *what, const char *kind, i64 since) {
    watch w;
    watch_blank(&w);
    w.name = str_of(name);
    w.what = str_of(what);
    w.chart = str_of(kind);
    w.since = since;
    watch_usual(&w, since);
    return w;
}

static void put(house *h, watch *w) {
    err e;
    assert_ok(watch_check(w, &e));
    assert_ok(store_put(h->r.s, &noun_watch, w, &e));
}

static watch_round run_at(house *h, i64 now) {
    err e;
    watch_round r = {0};
    assert_ok(watches_run(h->r.s, h->t, now, true, &r, &e));
    return r;
}

static alert newest(house *h) {
    err e;
    void *recs;
    size_t n;
    assert_ok(store_list(h->r.s, h->r.a, &noun_alert, &(store_query){.newest_first = true}, &recs,
                         &n, &e));
    assert_true(n > 0);
    return *(alert *)recs;
}

static i64 alerts_n(house *h) {
    err e;
    i64 n;
    assert_ok(store_count(h->r.s, &noun_alert, &(store_query){0}, &n, &e));
    return n;
}

static void one_incident_is_one_alert_and_ends(void **state) {
    (void)state;
    house h;
    house_open(&h, 1);
    live(&h, PAST, 30, 0.2, 1);
    watch w = watch_named("calls", "volume", "cusum", h.now);
    put(&h, &w);
    i64 began = h.now;
    assert_int_equal(run_at(&h, h.now).found, 0);
    for (int day = 0; day < 6; day++) {
        live(&h, 1, 30, 0.2, 3); /* six days of three times as many, looked at each day */
        run_at(&h, h.now);
    }
    assert_int_equal(alerts_n(&h), 1);
    alert x = newest(&h);
    assert_str(x.state, S("open"));
    assert_str(x.side, S("up"));
    assert_true(llabs(x.began_at - began) <= 2 * DAY_MS);
    assert_true(x.value > x.high && x.high > x.expected);
    for (int day = 0; day < 20; day++) live(&h, 1, 30, 0.2, 1), run_at(&h, h.now);
    assert_int_equal(alerts_n(&h), 1);
    x = newest(&h);
    assert_str(x.state, S("resolved"));
    assert_true(x.resolved_at > x.last_at);
    house_close(&h);
}

static void a_flood_is_found_before_the_day_ends(void **state) {
    (void)state;
    house h;
    house_open(&h, 2);
    live(&h, PAST, 30, 0.2, 1);
    watch w = watch_named("calls", "volume", "shewhart", h.now);
    put(&h, &w);
    run_at(&h, h.now);
    say(&h, h.now, 200, 0, "call");
    assert_int_equal(run_at(&h, h.now + HOUR_MS).found, 1); /* the day has 23 hours to go */
    assert_int_equal(run_at(&h, h.now + 2 * HOUR_MS).found, 0);
    h.now += DAY_MS;
    run_at(&h, h.now);
    assert_int_equal(alerts_n(&h), 1);
    house_close(&h);
}

static void shares_and_silence_are_watched(void **state) {
    (void)state;
    house h;
    house_open(&h, 3);
    live(&h, PAST, 30, 0.1, 1);
    watch bad = watch_named("bad", "share:bad = 1", "shewhart", h.now);
    watch silent = watch_named("silent", "volume", "silence", h.now);
    put(&h, &bad);
    put(&h, &silent);
    say(&h, h.now, 30, 15, "call");
    h.now += DAY_MS;
    assert_int_equal(run_at(&h, h.now).found, 1);
    alert x = newest(&h);
    assert_int_equal(x.watch_id, bad.id);
    assert_near((double)x.value, 0.5e6, 1);
    assert_int_equal(run_at(&h, h.now + 2 * HOUR_MS).found, 0);
    assert_int_equal(run_at(&h, h.now + 18 * HOUR_MS).found, 1);
    x = newest(&h);
    assert_int_equal(x.watch_id, silent.id);
    say(&h, h.now + 18 * HOUR_MS, 3, 0, "call");
    assert_int_equal(run_at(&h, h.now + 21 * HOUR_MS).over, 1);
    house_close(&h);
}

static void watches_of_a_topic_share_an_alert(void **state) {
    (void)state;
    house h;
    house_open(&h, 4);
    live(&h, PAST, 30, 0.1, 1);
    watch a = watch_named("a", "volume", "shewhart", h.now),
          b = watch_named("b", "share:bad = 1", "shewhart", h.now);
    a.topic = b.topic = S("outage");
    put(&h, &a);
    put(&h, &b);
    say(&h, h.now, 300, 200, "call");
    h.now += DAY_MS;
    watch_round r = run_at(&h, h.now);
    assert_int_equal(r.found, 1);
    assert_int_equal(r.joined, 1);
    assert_str(newest(&h).also, arena_fmt(h.r.a, "%" PRId64, b.id));
    for (int day = 0; day < 3; day++) live(&h, 1, 30, 0.1, 1), run_at(&h, h.now);
    assert_str(newest(&h).state, S("resolved"));
    say(&h, h.now, 300, 20, "call"); /* within the cool-down: the same incident */
    h.now += DAY_MS;
    r = run_at(&h, h.now);
    assert_int_equal(r.back, 1);
    assert_int_equal(alerts_n(&h), 1);
    assert_int_equal(newest(&h).returns, 1);
    house_close(&h);
}

static void nobody_is_told_in_quiet_hours_and_what_waits_is_escalated(void **state) {
    (void)state;
    house h;
    err e;
    alert x;
    house_open(&h, 5);
    live(&h, PAST, 30, 0.1, 1);
    watch w = watch_named("calls", "volume", "shewhart", h.now);
    w.quiet = S("22:00-08:00");
    w.escalate = S("12h");
    put(&h, &w);
    run_at(&h, h.now);
    say(&h, h.now, 300, 0, "call");
    run_at(&h, h.now + 3 * HOUR_MS); /* at three in the night */
    assert_int_equal(newest(&h).told_at, NONE);
    assert_int_equal(run_at(&h, h.now + 8 * HOUR_MS - 1).told, 0);
    assert_int_equal(run_at(&h, h.now + 8 * HOUR_MS).told, 1);
    x = newest(&h);
    assert_int_equal(x.told_at, h.now + 8 * HOUR_MS);
    assert_int_equal(run_at(&h, x.found_at + 12 * HOUR_MS - 1).escalated, 0);
    assert_ok(alert_snooze(h.r.s, h.r.a, x.id, x.found_at + 14 * HOUR_MS, &x, &e));
    assert_int_equal(run_at(&h, x.found_at + 13 * HOUR_MS).escalated, 0); /* asleep */
    assert_int_equal(run_at(&h, x.found_at + 14 * HOUR_MS).escalated, 1);
    assert_str(newest(&h).severity, S("critical"));
    assert_int_equal(run_at(&h, x.found_at + 15 * HOUR_MS).escalated, 0); /* once */
    assert_ok(alert_acknowledge(h.r.s, h.r.a, x.id, S("user:li"), h.now, &x, &e));
    assert_str(x.state, S("acknowledged"));
    assert_ok(alert_judge(h.r.s, h.r.a, x.id, false, S("a test"), &x, &e));
    watch_record rec;
    assert_ok(watch_record_of(h.r.s, h.r.a, &w, &rec, &e));
    assert_int_equal(rec.wrong, 1);
    assert_true(rec.delay >= 1);
    house_close(&h);
}

static void looking_often_and_looking_once_say_the_same(void **state) {
    (void)state;
    i64 found[2], periods[2];
    str states[2];
    arena *keep = arena_open((size_t)1 << 20);
    for (int often = 0; often < 2; often++) {
        house h;
        err e;
        house_open(&h, 6);
        live(&h, PAST, 12, 0.2, 1);
        watch w = watch_named("x", "share:bad = 1", "ewma", h.now);
        put(&h, &w);
        for (int day = 0; day < 60; day++) {
            live(&h, 1, 12, day > 40 ? 0.5 : 0.2, 1);
            if (often) run_at(&h, h.now);
        }
        run_at(&h, h.now);
        void *recs;
        size_t n;
        assert_ok(store_list(h.r.s, h.r.a, &noun_watching, &(store_query){0}, &recs, &n, &e));
        assert_int_equal(n, 1);
        found[often] = newest(&h).period_at;
        periods[often] = ((watching *)recs)->periods;
        states[often] = arena_str(keep, ((watching *)recs)->state);
        house_close(&h);
    }
    assert_int_equal(found[0], found[1]);
    assert_int_equal(periods[0], periods[1]);
    assert_str(states[0], states[1]);
    arena_close(keep);
}

static void a_watch_that_cannot_look_says_why_and_stops_no_other(void **state) {
    (void)state;
    house h;
    err e;
    house_open(&h, 7);
    live(&h, 40, 30, 0.1, 1);
    watch a = watch_named("a", "volume", "cusum", h.now),
          b = watch_named("b", "volume", "cusum", h.now);
    a.population = S("no_such_column = 3");
    put(&h, &a);
    put(&h, &b);
    live(&h, 5, 30, 0.1, 1);
    watch_round r = run_at(&h, h.now);
    assert_int_equal(r.periods, 5); /* of b */
    watch_record rec;
    assert_ok(watch_record_of(h.r.s, h.r.a, &a, &rec, &e));
    assert_true(rec.state.trouble.n > 0);
    house_close(&h);
}

static void what_is_not_whole_is_said(void **state) {
    (void)state;
    err e;
    watch w = watch_named("x", "volume", "cusum", T0);
    assert_ok(watch_check(&w, &e));
    struct {
        str *field;
        str bad;
        const char *says;
    } wrong[] = {
        {&w.what, S("median:x"), "what"},      {&w.population, S("x ="), "population"},
        {&w.quiet, S("late"), "quiet"},        {&w.cooldown, S("soon"), "cooldown"},
        {&w.zone, S("Mars/Olympus"), "zone"},  {&w.chart, S("guess"), "chart"},
        {&w.period, S("fortnight"), "period"},
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        str was = *wrong[i].field;
        *wrong[i].field = wrong[i].bad;
        assert_false(watch_check(&w, &e));
        assert_non_null(strstr(e.msg, wrong[i].says));
        *wrong[i].field = was;
    }
    w.arl = 2;
    assert_false(watch_check(&w, &e));
    w = watch_named("x", "nps", "silence", T0);
    assert_false(watch_check(&w, &e));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_incident_is_one_alert_and_ends),
        cmocka_unit_test(a_flood_is_found_before_the_day_ends),
        cmocka_unit_test(shares_and_silence_are_watched),
        cmocka_unit_test(watches_of_a_topic_share_an_alert),
        cmocka_unit_test(nobody_is_told_in_quiet_hours_and_what_waits_is_escalated),
        cmocka_unit_test(looking_often_and_looking_once_say_the_same),
        cmocka_unit_test(a_watch_that_cannot_look_says_why_and_stops_no_other),
        cmocka_unit_test(what_is_not_whole_is_said),
    };
    return RUN_TESTS(tests);
}
