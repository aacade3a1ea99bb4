/* dates_test.c - the same moments in many hands, and texts that are no moment. */
#include "base/test.h"
#include "base/time.h"
#include "hear/dates.h"

static void many_ways_to_write_a_moment_are_one(void **state) {
    (void)state;
    static const struct {
        const char *text;
        date_style style;
        const char *want;
    } all[] = {
        {"2026-03-01", DATE_ISO, "2026-03-01T00:00:00Z"},
        {"2026-03-01T20:05:30.25+08:00", DATE_ISO, "2026-03-01T12:05:30.250Z"},
        {"2026/3/1 8:05", DATE_YMD, "2026-03-01T08:05:00Z"},
        {"3/1/2026 8:05 PM", DATE_MDY, "2026-03-01T20:05:00Z"},
        {"1/3/2026 8:05", DATE_DMY, "2026-03-01T08:05:00Z"},
        {"01.03.2026", DATE_DMY, "2026-03-01T00:00:00Z"},
        {"1/3/26", DATE_DMY, "2026-03-01T00:00:00Z"},
        {"2026年3月1日", DATE_ISO, "2026-03-01T00:00:00Z"},
        {"2026年3月1日 下午8时5分", DATE_ISO, "2026-03-01T20:05:00Z"},
        {"2026年3月1日 20:05:30", DATE_YMD, "2026-03-01T20:05:30Z"},
        {"20260301", DATE_ISO, "2026-03-01T00:00:00Z"},
        {"20260301200530", DATE_ISO, "2026-03-01T20:05:30Z"},
        {"1 Mar 2026 12:00 am", DATE_ISO, "2026-03-01T00:00:00Z"},
        {"March 1, 2026", DATE_ISO, "2026-03-01T00:00:00Z"},
        {"1-Mar-26", DATE_ISO, "2026-03-01T00:00:00Z"},
        {"46082", DATE_EXCEL, "2026-03-01T00:00:00Z"},
        {"46082.5", DATE_EXCEL, "2026-03-01T12:00:00Z"},
        {"1772323200", DATE_UNIX_S, "2026-03-01T00:00:00Z"},
        {"1772323200000", DATE_UNIX_MS, "2026-03-01T00:00:00Z"},
        {"2026-03-01 08:05 UTC", DATE_ISO, "2026-03-01T08:05:00Z"},
        {"2026-03-01 08:05 -0500", DATE_ISO, "2026-03-01T13:05:00Z"},
        {"2015-02-24T11:35", DATE_ISO, "2015-02-24T11:35:00Z"},
        {"1772323200.5", DATE_UNIX_S, "2026-03-01T00:00:00.500Z"},
        {"2019/1/8 13:58:02", DATE_ISO, "2019-01-08T13:58:02Z"},
    };
    arena *a = arena_open(1 << 20);
    for (size_t i = 0; i < COUNT(all); i++) {
        i64 ms = 0;
        if (!date_read(str_of(all[i].text), all[i].style, 0, &ms))
            fail_msg("refused %s", all[i].text);
        assert_str(time_print(a, ms), str_of(all[i].want));
    }
    arena_close(a);
}

static void what_is_no_moment_is_refused(void **state) {
    (void)state;
    static const char *bad[] = {
        "",          "today",    "12",         "2026-02-29",       "2026-13-01",
        "31/2/2026", "2026-3/1", "1.5",        "2026-03-01x",      "8:05",
        "2026",      "2026-03",  "13/13/2026", "2026-03-01 25:00", "2026-03-01 8",
        "20261301",  "1e9",      "May",        "0000-01-01",       "2026-03-01T10:00+15:00"};
    i64 untouched = 7;
    assert_false(date_read(S("88888888888888"), DATE_EXCEL, 0, &untouched));
    for (size_t i = 0; i < COUNT(bad); i++) {
        i64 ms = 7;
        if (date_read(str_of(bad[i]), DATE_DMY, 0, &ms)) fail_msg("read \"%s\"", bad[i]);
        assert_int_equal(ms, 7);
    }
}

static void a_zone_is_meant_where_none_is_written(void **state) {
    (void)state;
    i64 ms;
    assert_true(date_read(S("1970-01-01 08:00"), DATE_ISO, 480, &ms));
    assert_int_equal(ms, 0);
    assert_true(date_read(S("1970-01-01 08:00Z"), DATE_ISO, 480, &ms));
    assert_int_equal(ms, 8 * HOUR_MS);
    assert_true(date_read(S("25569.5"), DATE_EXCEL, 720, &ms));
    assert_int_equal(ms, 0);
}

static void what_we_print_we_read(void **state) {
    (void)state;
    arena *a = arena_open(1 << 22);
    for (i64 ms = -2208988800000; ms < 4102444800000; ms += (i64)86399987 * 97) {
        i64 back;
        assert_true(date_read(time_print(a, ms), DATE_MDY, 0, &back));
        assert_int_equal(back, ms);
    }
    arena_close(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_ways_to_write_a_moment_are_one),
        cmocka_unit_test(what_is_no_moment_is_refused),
        cmocka_unit_test(a_zone_is_meant_where_none_is_written),
        cmocka_unit_test(what_we_print_we_read),
    };
    return RUN_TESTS(tests);
}
