/* time_test.c - calendar arithmetic against a day-by-day walk, and the texts we accept. */
#include "base/test.h"
#include "base/time.h"

static void each_day_follows_the_one_before(void **state) {
    (void)state;
    i32 y = 1899, m = 12, d = 31;
    for (i64 day = day_of_ymd(1899, 12, 31); y < 2101; day++) {
        assert_int_equal(day_of_ymd(y, m, d), day);
        civil c = civil_of(day * DAY_MS + 1);
        assert_true(c.year == y && c.month == m && c.day == d && c.ms == 1);
        if (!ymd_valid(y, m, ++d)) {
            d = 1;
            if (++m > 12) m = 1, y++;
        }
    }
}

static void weeks_begin_on_monday(void **state) {
    (void)state;
    assert_int_equal(day_week(day_of_ymd(2026, 3, 1)), day_of_ymd(2026, 2, 23));
    assert_int_equal(day_week(day_of_ymd(1969, 12, 31)), day_of_ymd(1969, 12, 29));
    assert_int_equal(day_month(day_of_ymd(2026, 3, 31)), day_of_ymd(2026, 3, 1));
    assert_int_equal(day_quarter(day_of_ymd(2026, 12, 31)), day_of_ymd(2026, 10, 1));
}

static void texts_are_read_or_refused(void **state) {
    (void)state;
    static const struct {
        const char *text;
        i64 ms;
    } good[] = {
        {"1970-01-01", 0},
        {"1970-01-01T00:00:01.5Z", 1500},
        {"1970-01-01 08:00:00+08:00", 0},
        {"1969-12-31T23:59:59Z", -1000},
        {"2016-12-31T23:59:60Z", 1483228799000},
    };
    static const char *bad[] = {"",
                                "2026-02-29",
                                "2026-1-1",
                                "2026-01-01T",
                                "2026-01-01T25:00",
                                "2026-01-01x",
                                "2026-01-01T10:00+15:00",
                                "2026-13-01",
                                "99999-01-01"};
    i64 ms;
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(time_parse(str_of(good[i].text), 0, &ms));
        assert_int_equal(ms, good[i].ms);
    }
    for (size_t i = 0; i < COUNT(bad); i++) assert_false(time_parse(str_of(bad[i]), 0, &ms));
    assert_true(time_parse(S("1970-01-01"), 480, &ms));
    assert_int_equal(ms, -8 * HOUR_MS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_day_follows_the_one_before),
        cmocka_unit_test(weeks_begin_on_monday),
        cmocka_unit_test(texts_are_read_or_refused),
    };
    return RUN_TESTS(tests);
}
