/* memory_test.c - every allocation of a request fails once: it is refused in one sentence, nothing it held is
** lost, and the next request is served. */
#include "api/auth_test.h"

static atomic_llong fail_at = -1;

/* On the worker's thread; who jumps out of here is set right by the next request. */
static bool handle_until(void *ctx, arena *a, http_request *r, err *e) {
    arena_fail_after(atomic_load(&fail_at));
    bool ok = api_handle(ctx, a, r, e);
    arena_fail_after(-1);
    return ok;
}

typedef struct {
    const char *method, *path, *body;
    int status;
} call;

static const call calls[] = {
    {"GET", "/api/v1/tally?metric=nps&by=channel", NULL, 200},
    {"GET", "/api/v1/voices?limit=3", NULL, 200},
    {"GET", "/api/v1/signals/1", NULL, 200},
    {"GET", "/api/v1/values?column=channel", NULL, 200},
    {"GET", "/api/v1/columns", NULL, 200},
    {"GET", "/api/v1/sources", NULL, 200},
    {"GET", "/api/v1/tickets?where=state+%3D+%27open%27", NULL, 200},
    {"GET", "/api/v1/dashboards", NULL, 200},
    {"GET", "/api/v1/export?what=tally&metric=count&by=channel", NULL, 200},
    {"POST", "/api/v1/rules/try", "{\"condition\":\"score:nps <= 3\"}", 200},
    {"POST", "/api/v1/signals", "[{\"words\":\"late again\",\"external_id\":\"z\"}]", 200},
    {"PATCH", "/api/v1/rules/1", "{\"enabled\":false}", 200},
};

static void every_allocation_may_fail(void **state) {
    (void)state;
    err e;
    auth_house x = auth_start();
    str at = S("127.0.0.1:0");
    http_server *door;
    http_options o = {.listen = &at,
                      .listen_n = 1,
                      .handler = handle_until,
                      .terms = api_terms,
                      .ctx = &x.h->x,
                      .w = &pages_world,
                      .workers = 1};
    str key = key_made(
        &x, "signals.write signals.read metrics.read tickets.read rules.write export", NONE);
    buf many = {.a = x.h->a};
    for (int i = 0; i < 20; i++)
        buf_fmt(&many, "{\"words\":\"so late %d\",\"channel\":\"c%d\",\"score:nps\":%d}\n", i,
                i % 3, i % 11);
    str lines = arena_fmt(x.h->a, "%.*sContent-Type: application/x-ndjson\r\n", STR_ARG(key));
    assert_status(talk(x.h, "POST", "/api/v1/signals", lines.p, buf_view(&many)), 200);
    assert_ok(http_server_open(&o, &door, &e));
    int port = http_server_port(door);
    i64 failed = 0;
    for (size_t i = 0; i < COUNT(calls); i++)
        for (i64 n = 0;; n++) {
            arena *a = arena_open((size_t)32 << 20);
            atomic_store(&fail_at, n);
            str body = calls[i].body ? str_of(calls[i].body) : NO_STR;
            reply r = talk_in(a, port, calls[i].method, calls[i].path, key.p, body);
            int status = r.status;
            if (status != calls[i].status && status != 413)
                fail_msg("%s, allocation %" PRId64 ": %d %.*s", calls[i].path, n, status,
                         (int)MIN(r.body.n, 300), r.body.p);
            arena_close(a);
            failed += status == 413;
            if (status == calls[i].status) break;
        }
    atomic_store(&fail_at, -1);
    print_message("# %" PRId64 " failed allocations in %zu requests\n", failed, COUNT(calls));
    assert_true(failed > 100);
    http_server_close(door);
    assert_status(talk(x.h, "GET", "/api/v1/tally?metric=count", key.p, NO_STR), 200);
    auth_end(&x);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail)};
    return RUN_TESTS(tests);
}
