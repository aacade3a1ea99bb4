/* assets_test.c - the web page inside the binary, whether or not this binary has one: assets.c, pages/ui.c. */
#include "api/pages_test.h"
#include "api/assets.h"

static void a_binary_without_its_page_says_how_to_build_it(void **state) {
    (void)state;
    if (assets_present()) skip();
    bare_house *h = bare_open();
    str a = bare_get(h, "/", "");
    assert_true(has(a, "HTTP/1.1 503 ") && has(a, "make ui"));
    bare_close(h);
}

static void the_page_is_the_same_at_each_of_its_addresses_and_carries_its_nonce(void **state) {
    (void)state;
    if (!assets_present()) skip();
    bare_house *h = bare_open();
    str a = bare_get(h, "/?where=channel%20%3D%20%27app%27", "");
    assert_true(has(a, "HTTP/1.1 200 ") && has(a, "Cache-Control: no-cache"));
    assert_true(has(a, "'nonce-000000000000002a000000000000002a'"));
    assert_true(has(a, "nonce=\"000000000000002a000000000000002a\""));
    assert_false(has(a, "HEED_NONCE"));
    assert_true(has(bare_get(h, "/voices?where=x", ""), "<div id=\"root\">"));
    bare_close(h);
}

static void addresses_nobody_knows_stay_not_found(void **state) {
    (void)state;
    bare_house *h = bare_open();
    const char *const wrong[] = {"/nowhere",        "/pages.txt",      "/index.html",
                                 "/assets/none.js", "/api/v1/nowhere", "/assets/..%2fx.js"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        str a = bare_get(h, wrong[i], "");
        assert_true(has(a, "HTTP/1.1 404 ") || has(a, "HTTP/1.1 400 "));
        assert_true(has(a, "application/problem+json"));
    }
    bare_close(h);
}

static void files_travel_packed_and_are_kept_by_the_browser(void **state) {
    (void)state;
    if (!assets_present()) skip();
    bare_house *h = bare_open();
    char path[256], tag[300];
    str name, rest = bare_get(h, "/", "");
    ptrdiff_t at = str_find(rest, S("src=\"/assets/"));
    assert_true(at > 0);
    rest = str_from(rest, (size_t)at + strlen("src=\"/assets/"));
    assert_true(str_cut(rest, '"', &name, &rest));
    snprintf(path, sizeof path, "/assets/%.*s", STR_ARG(name));
    snprintf(tag, sizeof tag, "If-None-Match: \"%s-%.*s\"\r\n", HEED_VERSION, STR_ARG(name));
    assert_true(has(bare_get(h, path, tag), "HTTP/1.1 304 "));
    str a = bare_get(h, path, "Accept-Encoding: gzip\r\n");
    assert_true(has(a, "HTTP/1.1 200 ") && has(a, "Content-Encoding: gzip"));
    assert_true(has(a, "immutable") && has(a, "Vary: Accept-Encoding"));
    a = bare_get(h, path, "");
    assert_true(has(a, "HTTP/1.1 200 ") && !has(a, "Content-Encoding"));
    bare_close(h);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_binary_without_its_page_says_how_to_build_it),
        cmocka_unit_test(the_page_is_the_same_at_each_of_its_addresses_and_carries_its_nonce),
        cmocka_unit_test(addresses_nobody_knows_stay_not_found),
        cmocka_unit_test(files_travel_packed_and_are_kept_by_the_browser),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
