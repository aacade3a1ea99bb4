/* calendar_test.c - working time beside a twin that counts it minute by minute. */
#include "act/calendar.h"
#include "base/test.h"
#include "base/time.h"

static calendar_row office(const char *zone, const char *hours, const char *holidays,
                       const char *workdays) {
    calendar_row c;
    noun_init(&noun_calendar, &c);
    c.name = S("office");
    c.zone = str_of(zone);
    c.hours = str_of(hours);
    c.holidays = str_of(holidays);
    c.workdays = str_of(workdays);
    return c;
}

static i64 at(const char *text) {
    i64 ms;
    assert_true(time_parse(str_of(text), 0, &ms));
    return ms;
}

static const working *read_ok(arena *a, calendar_row c) {
    const working *w;
    err e;
    assert_ok(calendar_read(a, &c, &w, &e));
    return w;
}

static void four_hours_end_on_monday_when_it_is_friday_evening(void **state) {
    (void)state;
    arena *a = arena_open(1 << 20);
    const working *w = read_ok(a, office("+08:00", "mon-fri 09:00-12:00 13:00-18:00", NULL, NULL));
    /* 2026-03-06 is a Friday; 17:00 there is 09:00 UTC */
    assert_int_equal(working_due(w, at("2026-03-06T09:00:00Z"), 4 * HOUR_MS),
                     at("2026-03-09T04:00:00Z"));
    assert_int_equal(working_due(w, at("2026-03-09T04:30:00Z"), HOUR_MS), /* in the lunch break */
                     at("2026-03-09T06:00:00Z"));
    assert_int_equal(working_due(NULL, 1000, HOUR_MS), 1000 + HOUR_MS);
    arena_close(a);
}

static void holidays_stand_still_and_made_up_days_do_not(void **state) {
    (void)state;
    arena *a = arena_open(1 << 20);
    const working *w = read_ok(a, office("Asia/Shanghai", "mon-fri 09:00-18:00",
                                         "2026-10-01..2026-10-07", "2026-10-10"));
    /* Wednesday evening before the holidays, two hours: Thursday the 8th */
    assert_int_equal(working_due(w, at("2026-09-30T10:00:00Z"), 2 * HOUR_MS),
                     at("2026-10-08T03:00:00Z"));
    /* Saturday the 10th is worked */
    assert_int_equal(working_due(w, at("2026-10-09T10:00:00Z"), HOUR_MS),
                     at("2026-10-10T02:00:00Z"));
    assert_int_equal(
        working_between(w, at("2026-10-01T00:00:00+08:00"), at("2026-10-08T00:00:00+08:00")), 0);
    arena_close(a);
}

/* Every minute asked by the calendar's text alone. */
static i64 twin(const time_zone *z, i64 from, i64 to) {
    i64 n = 0;
    for (i64 t = from; t < to; t += MINUTE_MS) {
        i64 local = t + zone_offset(z, t, NULL), day = day_of_ms(local);
        i64 minute = (local - day * DAY_MS) / MINUTE_MS, d = day - day_week(day);
        bool works = d < 5 ? (minute >= 540 && minute < 720) || (minute >= 780 && minute < 1080)
                           : d == 5 && minute >= 60 && minute < 240;
        n += works;
    }
    return n * MINUTE_MS;
}

static void every_span_is_what_its_minutes_add_up_to(void **state) {
    (void)state;
    static const char *const zones[] = {"America/New_York", "Asia/Shanghai", "+05:30"};
    arena *a = arena_open(1 << 20);
    err e;
    u64 seed = 42;
    for (size_t z = 0; z < COUNT(zones); z++) {
        const time_zone *zone;
        const working *w = read_ok(
            a, office(zones[z], "mon-fri 09:00-12:00 13:00-18:00; sat 01:00-04:00", NULL, NULL));
        assert_ok(zone_find(a, str_of(zones[z]), NO_STR, &zone, &e));
        for (int i = 0; i < 60; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            i64 from = at("2026-03-01T00:00:00Z") + (i64)(seed >> 40) % 15000 * MINUTE_MS;
            i64 to = from + (i64)(seed >> 20) % 9000 * MINUTE_MS;
            i64 sum = working_between(w, from, to);
            assert_int_equal(sum, twin(zone, from, to));
            if (sum) assert_int_equal(working_between(w, from, working_due(w, from, sum)), sum);
        }
    }
    arena_close(a);
}

static void what_is_no_calendar_says_why(void **state) {
    (void)state;
    static const struct {
        const char *zone, *hours, *holidays, *says;
    } bad[] = {
        {"Mars/Olympus", "mon 09:00-10:00", NULL, "Mars"},
        {"Z", "", NULL, "required"},
        {"Z", ";", NULL, "nobody works"},
        {"Z", "funday 09:00-10:00", NULL, "want days and spans"},
        {"Z", "mon 10:00-09:00", NULL, "want a span"},
        {"Z", "mon 09:00-25:00", NULL, "want a span"},
        {"Z", "mon 09:00-11:00 10:00-12:00", NULL, "begins before"},
        {"Z", "mon 09:00-11:00", "tomorrow", "want 2026-10-01"},
        {"Z", "mon 09:00-11:00", "2026-10-07..2026-10-01", "want 2026-10-01"},
    };
    err e;
    for (size_t i = 0; i < COUNT(bad); i++) {
        calendar_row c = office(bad[i].zone, bad[i].hours, bad[i].holidays, NULL);
        if (calendar_check(&c, &e)) fail_msg("accepted case %zu", i);
        if (!strstr(e.msg, bad[i].says)) fail_msg("case %zu says: %s", i, e.msg);
    }
}

static void a_calendar_of_holidays_only_has_no_due_time(void **state) {
    (void)state;
    arena *a = arena_open(1 << 20);
    const working *w =
        read_ok(a, office("Z", "mon 09:00-10:00", "2026-01-01..2046-01-01", NULL));
    assert_int_equal(working_due(w, at("2026-03-01T00:00:00Z"), HOUR_MS), NONE);
    arena_close(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_hours_end_on_monday_when_it_is_friday_evening),
        cmocka_unit_test(holidays_stand_still_and_made_up_days_do_not),
        cmocka_unit_test(every_span_is_what_its_minutes_add_up_to),
        cmocka_unit_test(what_is_no_calendar_says_why),
        cmocka_unit_test(a_calendar_of_holidays_only_has_no_due_time),
    };
    return RUN_TESTS(tests);
}
