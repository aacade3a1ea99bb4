/* api_test.c - the pages health and metrics behind a running server. */
#include "api/http_test.h"
#include "api/api.h"

typedef struct {
    api x;
    int port;
    char answer[65536];
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

static void readiness_follows_the_house_and_liveness_does_not(void **state) {
    (void)state;
    house *h = house_open();
    assert_true(has(get(h, "/readyz", ""), "HTTP/1.1 503 "));
    assert_true(has(get(h, "/healthz", ""), "\"status\":\"not ready\""));
    assert_true(has(get(h, "/livez", ""), "HTTP/1.1 200 "));
    atomic_store(&h->x.ready, true);
    assert_true(has(get(h, "/readyz", ""), "HTTP/1.1 200 "));
    house_close(h);
}

static void failures_are_problem_documents_in_the_readers_language(void **state) {
    (void)state;
    house *h = house_open();
    str a = get(h, "/nowhere", "Accept-Language: fr, zh-Hant;q=0.9, en;q=0.5\r\n");
    assert_true(has(a, "HTTP/1.1 404 ") && has(a, "application/problem+json") && has(a, "找不到"));
    a = get(h, "/livez?ready=1", "");
    assert_true(has(a, "HTTP/1.1 400 ") && has(a, "takes no parameters"));
    a = ask(h->port,
            S("POST /api/v1/nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\nabc"),
            h->answer, sizeof h->answer, 5000);
    assert_true(has(a, "HTTP/1.1 404 ") && has(a, "Connection: close"));
    a = get(h, "/%6Civez", ""); /* one address, one spelling */
    assert_true(has(a, "HTTP/1.1 404 "));
    house_close(h);
}

static bool page_is_there(const char *name) {
    for (size_t i = 0; i < pages_n; i++)
        if (str_eq(str_of(pages[i]->name), str_of(name))) return true;
    return false;
}

static void every_page_is_well_formed(void **state) {
    (void)state;
    assert_true(page_is_there("health") && page_is_there("metrics"));
    for (size_t i = 0; i < pages_n; i++) {
        assert_true(pages[i]->name && pages[i]->title && pages[i]->routes_n);
        for (size_t k = 0; k < pages[i]->routes_n; k++)
            assert_true(pages[i]->routes[k].summary && pages[i]->routes[k].scope);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readiness_follows_the_house_and_liveness_does_not),
        cmocka_unit_test(failures_are_problem_documents_in_the_readers_language),
        cmocka_unit_test(every_page_is_well_formed),
    };
    return RUN_TESTS(tests);
}
