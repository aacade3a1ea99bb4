/* address_test.c - near and far addresses. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include "base/address.h"
#include "base/test.h"

static bool near6(const char *text) {
    struct sockaddr_in6 a = {.sin6_family = AF_INET6};
    assert_int_equal(inet_pton(AF_INET6, text, &a.sin6_addr), 1);
    return address_near((const struct sockaddr *)(const void *)&a);
}

static bool near4(const char *text) {
    struct sockaddr_in a = {.sin_family = AF_INET};
    assert_int_equal(inet_pton(AF_INET, text, &a.sin_addr), 1);
    return address_near((const struct sockaddr *)(const void *)&a);
}

static void this_machine_and_private_networks_are_near(void **state) {
    (void)state;
    static const char *const near[] = {"127.0.0.1",       "127.255.0.9", "10.0.0.1",
                                       "172.16.0.1",      "172.31.9.9",  "192.168.1.1",
                                       "169.254.169.254", "0.0.0.0",     "100.64.0.1",
                                       "198.18.0.1",      "224.0.0.1",   "255.255.255.255"};
    static const char *const far[] = {"8.8.8.8",    "172.15.0.1",  "172.32.0.1",    "100.128.0.1",
                                      "198.20.0.1", "192.167.1.1", "223.255.255.1", "1.1.1.1"};
    for (size_t i = 0; i < COUNT(near); i++) assert_true(near4(near[i]));
    for (size_t i = 0; i < COUNT(far); i++) assert_false(near4(far[i]));
}

static void addresses_that_carry_another_are_judged_by_it(void **state) {
    (void)state;
    static const char *const near[] = {
        "::1",     "::",      "::ffff:127.0.0.1", "64:ff9b::10.0.0.1", "2002:7f00:1::",
        "fe80::1", "fd00::1", "ff02::1",          "2001:db8::1",       "::127.0.0.1"};
    static const char *const far[] = {"2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
                                      "2002:808:808::", "2a00:1450::1"};
    for (size_t i = 0; i < COUNT(near); i++) assert_true(near6(near[i]));
    for (size_t i = 0; i < COUNT(far); i++) assert_false(near6(far[i]));
    struct sockaddr local = {.sa_family = AF_UNIX};
    assert_true(address_near(&local));
}

static void a_host_that_says_where_it_is_needs_no_question(void **state) {
    (void)state;
    static const char *const near[] = {"localhost", "LOCALHOST.", "a.localhost",
                                       "127.1",     "2130706433", "0x7f.1",
                                       "::1",       "10.1.2.3",   ""};
    static const char *const far[] = {"example.org", "8.8.8.8", "localhost.example.org",
                                      "2606:4700::1"};
    for (size_t i = 0; i < COUNT(near); i++) assert_true(host_near(str_of(near[i])));
    for (size_t i = 0; i < COUNT(far); i++) assert_false(host_near(str_of(far[i])));
}

static void a_url_is_cut_into_its_parts(void **state) {
    (void)state;
    url_parts u;
    err e;
    assert_true(url_cut(S("https://hooks.example.org:8443/in?x=1#y"), &u, &e));
    assert_true(str_eq(u.scheme, S("https")) && str_eq(u.host, S("hooks.example.org")));
    assert_int_equal(u.port, 8443);
    assert_true(url_cut(S("smtp://[2001:db8::1]:25"), &u, &e));
    assert_true(str_eq(u.host, S("2001:db8::1")) && u.port == 25);
    assert_true(url_cut(S("https://example.org"), &u, &e));
    assert_int_equal(u.port, NONE);
}

static void what_is_no_url_is_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {"",
                                        "example.org",
                                        "https://",
                                        "https://:80",
                                        "https://a b/",
                                        "https://u:p@host/",
                                        "https://host:0/",
                                        "https://host:x/",
                                        "https://[::1",
                                        "https://[::1]x/",
                                        "https://h\\@evil/",
                                        "https://h\r\nX: y/"};
    url_parts u;
    err e;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_false(url_cut(str_of(wrong[i]), &u, &e));
        assert_int_equal(e.code, INVALID);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(this_machine_and_private_networks_are_near),
        cmocka_unit_test(addresses_that_carry_another_are_judged_by_it),
        cmocka_unit_test(a_host_that_says_where_it_is_needs_no_question),
        cmocka_unit_test(a_url_is_cut_into_its_parts),
        cmocka_unit_test(what_is_no_url_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
