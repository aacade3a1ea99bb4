/* rates_test.c - buckets that empty and fill. */
#include "api/rates.h"
#include "base/limits.h"
#include "base/test.h"

static const rate_class ten = {"ten", 10, 10000}; /* ten at once, one a second */

static void a_bucket_empties_and_fills(void **state) {
    (void)state;
    rates *r = rates_open(1);
    rate_left left;
    for (i64 i = 9; i >= 0; i--) {
        assert_true(rates_take(r, &ten, S("ann"), 5000, &left));
        assert_int_equal(left.left, i);
    }
    assert_false(rates_take(r, &ten, S("ann"), 5000, &left));
    assert_in_range(left.wait_ms, 999, 1001);
    assert_true(rates_take(r, &ten, S("bob"), 5000, &left)); /* another client, another bucket */
    assert_false(rates_take(r, &ten, S("ann"), 5900, &left));
    assert_true(rates_take(r, &ten, S("ann"), 6001, &left));
    assert_false(rates_take(r, &ten, S("ann"), 1000, &left)); /* a clock set back fills nothing */
    assert_true(rates_take(r, &ten, S("ann"), 1000000, &left));
    assert_int_equal(left.left, 9);
    rates_close(r);
}

static void what_is_given_back_may_be_taken_again(void **state) {
    (void)state;
    rates *r = rates_open(1);
    rate_left left;
    for (int i = 0; i < 100; i++) {
        assert_true(rates_take(r, &ten, S("ann"), 5000, &left));
        assert_int_equal(left.left, 9);
        rates_give(r, &ten, S("ann"), 5000);
    }
    rates_give(r, &ten, S("ann"), 5000); /* never more than the burst */
    assert_true(rates_take(r, &ten, S("ann"), 5000, &left));
    assert_int_equal(left.left, 9);
    rates_close(r);
}

/* Against the obvious count: over any time no more than the burst and what flowed in get through. */
static void no_more_passes_than_flows_in(void **state) {
    (void)state;
    rates *r = rates_open(2);
    rate_left left;
    i64 passed = 0, now = 0;
    u64 seed = 7;
    for (int i = 0; i < 5000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        now += (i64)(seed >> 33) % 700;
        passed += rates_take(r, &ten, S("ann"), now, &left);
        assert_true(passed <= 10 + now / 1000 + 1);
    }
    assert_true(passed >= now / 1000 - 1);
    rates_close(r);
}

static void a_flood_of_clients_needs_no_more_memory(void **state) {
    (void)state;
    rates *r = rates_open(3);
    rate_left left;
    char name[20];
    for (int i = 0; i < 4 * LIMIT_RATE_CLIENTS; i++) {
        snprintf(name, sizeof name, "c%d", i);
        assert_true(rates_take(r, &ten, str_of(name), i, &left));
    }
    rates_close(r);
}

static void no_window_is_no_limit(void **state) {
    (void)state;
    rates *r = rates_open(4);
    rate_left left;
    for (int i = 0; i < 100; i++)
        assert_true(rates_take(r, &(rate_class){"free", 1, 0}, S("ann"), 0, &left));
    rates_close(r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bucket_empties_and_fills),
        cmocka_unit_test(what_is_given_back_may_be_taken_again),
        cmocka_unit_test(no_more_passes_than_flows_in),
        cmocka_unit_test(a_flood_of_clients_needs_no_more_memory),
        cmocka_unit_test(no_window_is_no_limit),
    };
    return RUN_TESTS(tests);
}
