/* zone_test.c - time zones: made files, their rules behind the last change, and those of this machine. */
#include "base/test.h"
#include "base/time.h"
#include "base/zone.h"
#include <unistd.h>

static err e;
#define assert_error(call, want)                                                                   \
    do {                                                                                           \
        e.code = OK;                                                                               \
        assert_false(call);                                                                        \
        assert_int_equal(e.code, want);                                                            \
    } while (0)

static i64 at(i32 y, i32 mo, i32 d, i32 h, i32 mi) {
    civil c = {.year = y, .month = mo, .day = d, .hour = h, .min = mi};
    return civil_ms(&c);
}

static void put32(buf *b, u32 v) {
    for (int k = 24; k >= 0; k -= 8) buf_char(b, (char)(v >> k));
}

static void put_head(buf *b, u32 times) {
    buf_str(b, S("TZif2"));
    for (int i = 0; i < 15; i++) buf_char(b, 0);
    u32 n[6] = {0, 0, 0, times, 2, 8};
    for (int i = 0; i < 6; i++) put32(b, n[i]);
}

static void put_types(buf *b) {
    put32(b, 3600);
    buf_bytes(b, "\0\0", 2);
    put32(b, 7200);
    buf_bytes(b, "\1\4", 2);
    buf_bytes(b, "AAA\0BBB", 8);
}

/* +1 at first, +2 from second 1000 on, +1 from 2000 on, then the rule. */
static str made(arena *a, const char *rule) {
    buf b = {.a = a};
    put_head(&b, 0);
    put_types(&b);
    put_head(&b, 2);
    put32(&b, 0), put32(&b, 1000);
    put32(&b, 0), put32(&b, 2000);
    buf_bytes(&b, "\1\0", 2);
    put_types(&b);
    buf_fmt(&b, "\n%s\n", rule);
    return buf_view(&b);
}

static void changes_hold_until_the_next(void **s) {
    (void)s;
    arena *a = arena_open(1 << 20);
    const time_zone *z;
    i64 until;
    assert_ok(tzif_read(a, S("made"), made(a, ""), &z, &e));
    assert_int_equal(zone_offset(z, 0, &until), HOUR_MS);
    assert_int_equal(until, 1000 * SECOND_MS);
    assert_int_equal(zone_offset(z, 1000 * SECOND_MS, &until), 2 * HOUR_MS);
    assert_int_equal(until, 2000 * SECOND_MS);
    assert_int_equal(zone_offset(z, 2000 * SECOND_MS, &until), HOUR_MS);
    assert_true(until == INT64_MAX);
    arena_close(a);
}

static void the_rule_goes_on_behind_the_last_change(void **s) {
    (void)s;
    arena *a = arena_open(1 << 20);
    const time_zone *z;
    i64 until;
    assert_ok(tzif_read(a, S("made"), made(a, "AAA-1BBB,M3.5.0,M10.5.0/3"), &z, &e));
    i64 spring = at(2026, 3, 29, 1, 0), autumn = at(2026, 10, 25, 1, 0);
    assert_int_equal(zone_offset(z, spring - 1, &until), HOUR_MS);
    assert_true(until == spring);
    assert_int_equal(zone_offset(z, spring, &until), 2 * HOUR_MS);
    assert_true(until == autumn);
    assert_int_equal(zone_offset(z, autumn, &until), HOUR_MS);
    assert_true(until == at(2027, 3, 28, 1, 0));
    assert_ok(tzif_read(a, S("made"), made(a, "<-03>3<-02>,J60/0,300/25:30"), &z, &e));
    assert_int_equal(zone_offset(z, at(2024, 3, 1, 2, 59), &until), -3 * HOUR_MS);
    assert_int_equal(zone_offset(z, at(2024, 3, 1, 3, 0), &until), -2 * HOUR_MS);
    arena_close(a);
}

static void damaged_files_are_refused(void **s) {
    (void)s;
    arena *a = arena_open(1 << 22);
    const time_zone *z;
    str whole = made(a, "AAA-1BBB,M3.5.0,M10.5.0/3");
    for (size_t n = 0; n < whole.n; n++)
        assert_error(tzif_read(a, S("made"), (str){whole.p, n}, &z, &e), INVALID);
    static const char *const rules[] = {
        "A-1",   "AAA", "AAA-1BBB", "AAA-1BBB,M13.1.0,M1.1.0", "AAA-30x", "AAA-1BBB,M3.0.0,M1.1.0",
        "AAA-99"};
    for (size_t i = 0; i < COUNT(rules); i++)
        assert_error(tzif_read(a, S("made"), made(a, rules[i]), &z, &e), INVALID);
    arena_close(a);
}

static void names_are_no_paths(void **s) {
    (void)s;
    arena *a = arena_open(1 << 20);
    const time_zone *z;
    static const char *const bad[] = {"",  "../passwd", "/etc/passwd", "Asia//Tokyo", "Asia/",
                                      ".", "a b",       "+24:00",      "Nowhere/Land"};
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_error(zone_find(a, str_of(bad[i]), NO_STR, &z, &e), NOT_FOUND);
    assert_ok(zone_find(a, S("-05:30"), NO_STR, &z, &e));
    assert_int_equal(zone_offset(z, 0, NULL), -330 * MINUTE_MS);
    assert_str(zone_name(z), S("-05:30"));
    arena_close(a);
}

static void this_machines_zones_are_right(void **s) {
    (void)s;
    if (access("/usr/share/zoneinfo/America/New_York", R_OK) != 0) {
        print_message("# no time zones on this machine\n");
        return;
    }
    arena *a = arena_open(1 << 20);
    const time_zone *z;
    assert_ok(zone_find(a, S("America/New_York"), NO_STR, &z, &e));
    assert_int_equal(zone_offset(z, at(2026, 3, 8, 6, 59), NULL), -5 * HOUR_MS);
    assert_int_equal(zone_offset(z, at(2026, 3, 8, 7, 0), NULL), -4 * HOUR_MS);
    assert_true(zone_utc(z, at(2026, 3, 8, 0, 0)) == at(2026, 3, 8, 5, 0));
    assert_true(zone_utc(z, at(2026, 3, 8, 2, 30)) == at(2026, 3, 8, 7, 0));
    assert_true(zone_utc(z, at(2026, 11, 1, 1, 30)) == at(2026, 11, 1, 5, 30));
    assert_int_equal(zone_offset(z, at(2060, 7, 1, 0, 0), NULL), -4 * HOUR_MS);
    assert_ok(zone_find(a, S("Asia/Shanghai"), NO_STR, &z, &e));
    assert_int_equal(zone_offset(z, at(2026, 7, 1, 0, 0), NULL), 8 * HOUR_MS);
    assert_int_equal(zone_offset(z, at(1988, 7, 1, 0, 0), NULL), 9 * HOUR_MS);
    arena_close(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_hold_until_the_next),
        cmocka_unit_test(the_rule_goes_on_behind_the_last_change),
        cmocka_unit_test(damaged_files_are_refused),
        cmocka_unit_test(names_are_no_paths),
        cmocka_unit_test(this_machines_zones_are_right),
    };
    return RUN_TESTS(tests);
}
