/* assets_test.c - the web page inside the binary, whether or not this binary has one: assets.c, pages/ui.c. */
#include "api/http_test.h"
#include "api/api.h"
#include "api/assets.h"

typedef struct {
    api x;
    int port;
    char answer[1 << 20];
} house;

static house *house_open(void) {
    err e;
    house *h = mem_new(1, sizeof *h);
    str at = S("127.0.0.1:0");
    api_init(&h->x, &test_world, NULL, NULL);
    http_options o = {.listen = &at,
                      .listen_n = 1,
                      .handler = api_handle,
                      .terms = api_terms,
                      .ctx = &h->x,
                      .w = &test_world,
                      .workers = 2};
    assert_ok(http_server_open(&o, &h->x.http, &e));
    h->port = http_server_port(h->x.http);
    return h;
}

static void house_close(house *h) {
    http_server_close(h->x.http);
    api_clear(&h->x);
    free(h);
}

static str get(house *h, const char *path, const char *fields) {
    char out[2048];
    int n = snprintf(out, sizeof out, "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n",
                     path, fields);
    return ask(h->port, (str){out, (size_t)n}, h->answer, sizeof h->answer, 5000);
}

static bool has(str answer, const char *text) {
    return str_find(answer, str_of(text)) >= 0;
}

static void a_binary_without_its_page_says_how_to_build_it(void **state) {
    (void)state;
    if (assets_present()) skip();
    house *h = house_open();
    str a = get(h, "/", "");
    assert_true(has(a, "HTTP/1.1 503 ") && has(a, "make ui"));
    house_close(h);
}

static void the_page_is_the_same_at_each_of_its_addresses_and_carries_its_nonce(void **state) {
    (void)state;
    if (!assets_present()) skip();
    house *h = house_open();
    str a = get(h, "/?where=channel%20%3D%20%27app%27", "");
    assert_true(has(a, "HTTP/1.1 200 ") && has(a, "Cache-Control: no-cache"));
    assert_true(has(a, "'nonce-000000000000002a000000000000002a'"));
    assert_true(has(a, "nonce=\"000000000000002a000000000000002a\""));
    assert_false(has(a, "HEED_NONCE"));
    assert_true(has(get(h, "/voices?where=x", ""), "<div id=\"root\">"));
    house_close(h);
}

static void addresses_nobody_knows_stay_not_found(void **state) {
    (void)state;
    house *h = house_open();
    const char *const wrong[] = {"/nowhere",        "/pages.txt",      "/index.html",
                                 "/assets/none.js", "/api/v1/nowhere", "/assets/..%2fx.js"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        str a = get(h, wrong[i], "");
        assert_true(has(a, "HTTP/1.1 404 ") || has(a, "HTTP/1.1 400 "));
        assert_true(has(a, "application/problem+json"));
    }
    house_close(h);
}

static void files_travel_packed_and_are_kept_by_the_browser(void **state) {
    (void)state;
    if (!assets_present()) skip();
    house *h = house_open();
    char path[256], tag[300];
    str name, rest = get(h, "/", "");
    ptrdiff_t at = str_find(rest, S("src=\"/assets/"));
    assert_true(at > 0);
    rest = str_from(rest, (size_t)at + strlen("src=\"/assets/"));
    assert_true(str_cut(rest, '"', &name, &rest));
    snprintf(path, sizeof path, "/assets/%.*s", STR_ARG(name));
    snprintf(tag, sizeof tag, "If-None-Match: \"%s-%.*s\"\r\n", HEED_VERSION, STR_ARG(name));
    assert_true(has(get(h, path, tag), "HTTP/1.1 304 "));
    str a = get(h, path, "Accept-Encoding: gzip\r\n");
    assert_true(has(a, "HTTP/1.1 200 ") && has(a, "Content-Encoding: gzip"));
    assert_true(has(a, "immutable") && has(a, "Vary: Accept-Encoding"));
    a = get(h, path, "");
    assert_true(has(a, "HTTP/1.1 200 ") && !has(a, "Content-Encoding"));
    house_close(h);
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
