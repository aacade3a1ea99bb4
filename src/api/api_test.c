/* api_test.c - the pages health and metrics behind a running server. */
#include "api/pages_test.h"

static void readiness_follows_the_house_and_liveness_does_not(void **state) {
    (void)state;
    bare_house *h = bare_open();
    assert_true(has(bare_get(h, "/readyz", ""), "HTTP/1.1 503 "));
    assert_true(has(bare_get(h, "/healthz", ""), "\"status\":\"not ready\""));
    assert_true(has(bare_get(h, "/livez", ""), "HTTP/1.1 200 "));
    atomic_store(&h->x.ready, true);
    assert_true(has(bare_get(h, "/readyz", ""), "HTTP/1.1 200 "));
    bare_close(h);
}

static void failures_are_problem_documents_in_the_readers_language(void **state) {
    (void)state;
    bare_house *h = bare_open();
    str a = bare_get(h, "/nowhere", "Accept-Language: fr, zh-Hant;q=0.9, en;q=0.5\r\n");
    assert_true(has(a, "HTTP/1.1 404 ") && has(a, "application/problem+json") && has(a, "找不到"));
    a = bare_get(h, "/livez?ready=1", "");
    assert_true(has(a, "HTTP/1.1 400 ") && has(a, "takes no parameters"));
    a = ask(h->port,
            S("POST /api/v1/nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\nabc"),
            h->answer, sizeof h->answer, PATIENT_MS);
    assert_true(has(a, "HTTP/1.1 404 ") && has(a, "Connection: close"));
    a = bare_get(h, "/%6Civez", ""); /* one address, one spelling */
    assert_true(has(a, "HTTP/1.1 404 "));
    bare_close(h);
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
