/* security_test.c - what an attacker tries over HTTP: planted sessions, words that are scripts, paths that climb,
** bombs, foreign names, secrets in a stolen store, listeners who were sent away. */
#include <sys/stat.h>
#include <zlib.h>
#include "api/auth_test.h"

static reply raw(auth_house *x, const char *method, const char *path, const char *fields,
                 str body) {
    return talk(x->h, method, path, fields, body);
}

/* ---- sessions ---- */

static void a_planted_cookie_is_never_taken_over(void **state) {
    (void)state;
    auth_house x = auth_start();
    user_make(&x, "ann", "analyst", NULL);
    str own = sit(&x, "ann").cookie, name, rest;
    check(str_cut(own, '=', &name, &rest));
    str planted = arena_fmt(x.h->a, "Cookie: %.*s=%s\r\n", STR_ARG(name),
                            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    seat s = sit_down(&x, "ann", PASSWORD, "", "10.0.0.9", planted.p);
    assert_int_equal(s.r.status, 201);
    assert_true(str_find(s.cookie, S("AAAAAAAA")) < 0);
    assert_status(raw(&x, "GET", "/api/v1/session", planted.p, NO_STR), 401);
    /* signing in again with a cookie that is good ends that session: who knew it knows nothing */
    str old = arena_fmt(x.h->a, "Cookie: %.*s\r\n", STR_ARG(s.cookie));
    seat again = sit_down(&x, "ann", PASSWORD, "", "10.0.0.9", old.p);
    assert_false(str_eq(again.cookie, s.cookie));
    assert_status(raw(&x, "GET", "/api/v1/session", old.p, NO_STR), 401);
    auth_end(&x);
}

/* ---- words that are scripts ---- */

static void words_that_are_scripts_stay_words(void **state) {
    (void)state;
    auth_house x = auth_start();
    static const char *const scripts[] = {
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)",
        "</script><svg onload=alert(1)>", "{{constructor.constructor('alert(1)')()}}"};
    str key = key_made(&x, "signals.write signals.read metrics.read export tickets.read", NONE);
    for (size_t i = 0; i < COUNT(scripts); i++) {
        str body =
            arena_fmt(x.h->a,
                      "{\"words\":\"%s so late and rude\",\"channel\":\"%s\",\"external_id\":"
                      "\"%zu\",\"attributes\":{\"city\":\"%s\"}}",
                      scripts[i], scripts[i], i, scripts[i]);
        assert_status(raw(&x, "POST", "/api/v1/signals", key.p, body), 200);
    }
    static const char *const paths[] = {
        "/api/v1/voices",
        "/api/v1/signals/1",
        "/api/v1/values?column=channel",
        "/api/v1/tally?metric=count&by=city",
        "/api/v1/pains",
        "/api/v1/tally?metric=%3Cscript%3Ealert(1)%3C/script%3E",
        "/api/v1/voices?where=%3Cscript%3E",
        "/%3Cscript%3Ealert(1)%3C/script%3E",
        "/api/v1/export?what=voices&format=jsonl",
        "/api/v1/export?what=voices&format=csv",
    };
    for (size_t i = 0; i < COUNT(paths); i++) {
        reply r = raw(&x, "GET", paths[i], key.p, NO_STR);
        str type = field_of(r, "Content-Type");
        bool safe = str_starts(type, S("application/json")) ||
                    str_starts(type, S("application/problem+json"));
        if (!safe && !str_starts(field_of(r, "Content-Disposition"), S("attachment")))
            fail_msg("%s: %.*s could be shown as a page", paths[i], STR_ARG(type));
        assert_str(field_of(r, "X-Content-Type-Options"), S("nosniff"));
        assert_true(str_find(field_of(r, "Content-Security-Policy"), S("default-src 'none'")) == 0);
    }
    auth_end(&x);
}

/* ---- paths ---- */

static void no_path_climbs(void **state) {
    (void)state;
    auth_house x = auth_start();
    str key = key_made(&x, "signals.write signals.read", NONE);
    static const char *const paths[] = {"/../../etc/passwd",
                                        "/assets/../../../etc/passwd",
                                        "/assets/..%2f..%2fetc%2fpasswd",
                                        "/assets/%2e%2e/heed.db",
                                        "/api/v1/signals/..%2f..%2f1",
                                        "/api/v1/imports/..%2fheed.db/rejects",
                                        "/assets/....//etc/passwd",
                                        "/assets/..\\..\\etc\\passwd",
                                        "/api/v1/imports/%00/rejects",
                                        "//etc/passwd"};
    for (size_t i = 0; i < COUNT(paths); i++) {
        reply r = raw(&x, "GET", paths[i], key.p, NO_STR);
        if (r.status != 400 && r.status != 404) fail_msg("%s: %d", paths[i], r.status);
        assert_true(str_find(r.body, S("root:")) < 0 && str_find(r.body, S("SQLite")) < 0);
    }
    reply r = raw(&x, "POST", "/api/v1/imports?name=..%2F..%2F..%2Ftmp%2Fheed-evil.csv", key.p,
                  S("a,b\n1,2\n"));
    assert_status(r, 201);
    assert_str(json_get_text(r.doc, S("file")), S("heed-evil.csv"));
    assert_int_equal(access("/tmp/heed-evil.csv", F_OK), -1);
    auth_end(&x);
}

/* ---- bombs ---- */

static str gzipped(arena *a, size_t n, char fill) {
    size_t cap = n / 500 + 4096;
    char *out = arena_alloc(a, cap), *in = arena_alloc(a, 1 << 16);
    z_stream z = {.next_out = (Bytef *)out, .avail_out = (uInt)cap};
    memset(in, fill, 1 << 16);
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
    for (size_t left = n; left;) {
        size_t k = MIN(left, (size_t)1 << 16);
        z.next_in = (Bytef *)in, z.avail_in = (uInt)k;
        left -= k;
        int rc = deflate(&z, left ? Z_NO_FLUSH : Z_FINISH);
        assert_true(rc == Z_OK || rc == Z_STREAM_END);
    }
    str made = {out, z.total_out};
    deflateEnd(&z);
    return made;
}

static void packed_bodies_that_swell_are_refused(void **state) {
    (void)state;
    auth_house x = auth_start();
    str key = key_made(&x, "signals.write metrics.read", NONE);
    str head =
        arena_fmt(x.h->a, "%.*sContent-Encoding: gzip\r\nContent-Type: application/x-ndjson\r\n",
                  STR_ARG(key));
    str bomb = gzipped(x.h->a, (size_t)256 << 20, ' ');
    assert_true(bomb.n < 400000);
    reply r = raw(&x, "POST", "/api/v1/signals", head.p, bomb);
    assert_status(r, 413);
    assert_true(json_get_text(r.doc, S("detail")).n > 5);
    str junk = S("\x1f\x8b\x08\0\0\0\0\0\0\3not deflate at all");
    junk.n = 28;
    assert_status(raw(&x, "POST", "/api/v1/signals", head.p, junk), 400);
    assert_int_equal(store_signal_count(x.h->s), 0);
    /* a packed file: kept as it is, looked at within bounds; the look ends, the server goes on */
    r = raw(&x, "POST", "/api/v1/imports?name=bomb.csv.gz", key.p,
            gzipped(x.h->a, (size_t)512 << 20, 'a'));
    assert_true(r.status >= 400 && r.status < 500);
    r = raw(&x, "GET", "/api/v1/tally?metric=count", key.p, NO_STR);
    assert_true(r.status == 200 && says(r, "\"value\":0"));
    auth_end(&x);
}

/* A zip whose one part says it is small and is not: 64 MB of blanks. */
static void put16(buf *b, u32 v) {
    buf_char(b, (char)(v & 255));
    buf_char(b, (char)(v >> 8 & 255));
}

static void put32(buf *b, u32 v) {
    put16(b, v & 0xffff);
    put16(b, v >> 16);
}

static void put_part(buf *b, buf *directory, const char *name, str packed, u32 claimed) {
    u32 at = (u32)b->n, crc = 0;
    for (int central = 0; central < 2; central++) {
        buf *to = central ? directory : b;
        put32(to, central ? 0x02014b50 : 0x04034b50);
        if (central) put16(to, 20);
        put16(to, 20), put16(to, 0), put16(to, 8), put16(to, 0), put16(to, 0);
        put32(to, crc), put32(to, (u32)packed.n), put32(to, claimed);
        put16(to, (u32)strlen(name)), put16(to, 0);
        if (central) put16(to, 0), put16(to, 0), put16(to, 0), put32(to, 0), put32(to, at);
        buf_fmt(to, "%s", name);
    }
    buf_str(b, packed);
}

static void sheets_that_swell_are_refused(void **state) {
    (void)state;
    auth_house x = auth_start();
    arena *a = x.h->a;
    str key = key_made(&x, "signals.write metrics.read", NONE);
    buf zip = {.a = a}, directory = {.a = a};
    str gz = gzipped(a, (size_t)300 << 20, ' '); /* without head (10) and tail (8): plain deflate */
    str packed = str_head(str_from(gz, 10), gz.n - 18);
    static const char *const names[] = {"[Content_Types].xml", "xl/workbook.xml",
                                        "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"};
    for (size_t i = 0; i < COUNT(names); i++) put_part(&zip, &directory, names[i], packed, 1000);
    u32 start = (u32)zip.n;
    buf_str(&zip, buf_view(&directory));
    put32(&zip, 0x06054b50);
    put16(&zip, 0), put16(&zip, 0), put16(&zip, COUNT(names)), put16(&zip, COUNT(names));
    put32(&zip, (u32)directory.n), put32(&zip, start), put16(&zip, 0);
    reply r = raw(&x, "POST", "/api/v1/imports?name=bomb.xlsx", key.p, buf_view(&zip));
    if (r.status < 400 || r.status >= 500)
        fail_msg("%d: %.*s", r.status, (int)MIN(r.body.n, 600), r.body.p);
    assert_true(json_get_text(r.doc, S("detail")).n > 5);
    assert_status(raw(&x, "GET", "/api/v1/tally?metric=count", key.p, NO_STR), 200);
    auth_end(&x);
}

/* ---- heads and names ---- */

static void nothing_sent_ends_a_line_of_the_head(void **state) {
    (void)state;
    auth_house x = auth_start();
    str key = key_made(&x, "signals.write signals.read", NONE);
    reply r =
        raw(&x, "POST", "/api/v1/imports?name=a%0d%0aX-Evil:%201.csv", key.p, S("a,b\n1,2\n"));
    assert_true(str_find(r.head, S("\nX-Evil")) < 0);
    r = raw(&x, "GET", "/api/v1/voices?lang=%0d%0aX-Evil:1", key.p, NO_STR);
    assert_true(r.status == 400 && str_find(r.head, S("\nX-Evil")) < 0);
    str evil = arena_fmt(x.h->a, "%.*sIdempotency-Key: a\tb\r\n", STR_ARG(key));
    assert_status(raw(&x, "POST", "/api/v1/signals", evil.p, S("{\"words\":\"x\"}")), 400);
    auth_end(&x);
}

static int asked_as(auth_house *x, const char *host) {
    char in[4096];
    str q =
        arena_fmt(x->h->a, "GET /livez HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", host);
    str got = ask(x->h->port, q, in, sizeof in, PATIENT_MS);
    return got.n > 12 ? (int)strtol(got.p + 9, NULL, 10) : 0;
}

static void a_foreign_name_for_this_machine_is_refused(void **state) {
    (void)state;
    auth_house x = auth_start();
    const str names[] = {S("heed.example.org")};
    x.h->x.hosts = names;
    x.h->x.hosts_n = 1;
    x.h->x.any_host = false;
    static const char *const good[] = {"localhost",
                                       "LOCALHOST:8080",
                                       "a.localhost",
                                       "127.0.0.1",
                                       "[::1]:8080",
                                       "192.168.1.7:80",
                                       "[::1]",
                                       "Heed.Example.org",
                                       "heed.example.org:443",
                                       "heed.example.org.",
                                       "localhost."};
    static const char *const bad[] = {"evil.example",
                                      "heed.example.org.evil.example",
                                      "localhost.evil.example",
                                      "127.0.0.1.nip.io",
                                      "x",
                                      "notlocalhost",
                                      "1.2.3.4.evil:80",
                                      "heed"};
    for (size_t i = 0; i < COUNT(good); i++)
        if (asked_as(&x, good[i]) != 200) fail_msg("%s is refused", good[i]);
    for (size_t i = 0; i < COUNT(bad); i++)
        if (asked_as(&x, bad[i]) != 421) fail_msg("%s is served", bad[i]);
    auth_end(&x);
}

/* Heed calls nobody: an address inside a rule is no deed that could be saved. */
static void no_rule_makes_the_server_call_an_address(void **state) {
    (void)state;
    auth_house x = auth_start();
    str key = key_made(&x, "rules.write", NONE);
    static const char *const urls[] = {
        "http://127.0.0.1/",         "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:10.0.0.1]/", "http://localhost:8080/api/v1/users",
        "gopher://10.0.0.1/",        "http://192.168.0.1@example.org/"};
    for (size_t i = 0; i < COUNT(urls); i++)
        for (int k = 0; k < 2; k++) {
            str body = arena_fmt(x.h->a,
                                 "{\"name\":\"r%zu%d\",\"condition\":\"true\",\"action\":\"%s\","
                                 "\"params\":{\"url\":\"%s\"}}",
                                 i, k, k ? "webhook" : "ticket", urls[i]);
            assert_status(raw(&x, "POST", "/api/v1/rules", key.p, body), 400);
        }
    auth_end(&x);
}

/* ---- secrets in a stolen store ---- */

static void second_factors_lie_sealed(void **state) {
    (void)state;
    auth_house x = auth_start();
    err e;
    user_make(&x, "ann", "admin", NULL);
    seat ann = sit(&x, "ann");
    reply r = as(&x, &ann, "POST", "/api/v1/session/totp", "{\"password\":\"" PASSWORD "\"}");
    assert_status(r, 200);
    str secret = json_get_text(r.doc, S("secret")), out;
    totp *rows;
    size_t n;
    void *recs;
    assert_ok(store_list(x.h->s, x.h->a, &noun_totp, &(store_query){0}, &recs, &n, &e));
    rows = recs;
    assert_int_equal(n, 1);
    assert_true(str_starts(rows[0].secret, S("sealed:")) && str_find(rows[0].secret, secret) < 0);
    store *s = x.h->s;
    assert_ok(store_unseal(s, x.h->a, rows[0].secret, rows[0].user_id, &out, &e));
    assert_str(out, secret);
    assert_false(
        store_unseal(s, x.h->a, rows[0].secret, rows[0].user_id + 1, &out, &e)); /* of another */
    char path[300];
    struct stat st;
    snprintf(path, sizeof path, "%s.key", x.h->path);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(st.st_size, 32);
    auth_again(&x, &(auth_options){.w = &pages_world, .plain_http = true});
    assert_ok(store_unseal(s, x.h->a, rows[0].secret, rows[0].user_id, &out, &e));
    assert_int_equal(unlink(path), 0);
    auth_again(&x, &(auth_options){.w = &pages_world, .plain_http = true});
    assert_false(store_unseal(s, x.h->a, rows[0].secret, rows[0].user_id, &out, &e));
    assert_true(str_find(str_of(e.msg), S("backup")) >= 0);
    assert_ok(store_unseal(s, x.h->a, S("JBSWY3DPEHPK3PXP"), 1, &out, &e)); /* of old */
    assert_str(out, S("JBSWY3DPEHPK3PXP"));
    auth_end(&x);
}

/* ---- listeners ---- */

static int listen_as(auth_house *x, const char *head) {
    char in[4000];
    int fd = dial(x->h->port);
    str q = arena_fmt(x->h->a, "GET /api/v1/events HTTP/1.1\r\nHost: x\r\n%s\r\n", head);
    assert_true(say(fd, q));
    str got = hear_until(fd, in, sizeof in, "text/event-stream", PATIENT_MS);
    assert_true(str_find(got, S("text/event-stream")) >= 0);
    return fd;
}

/* The stream is at its end: its last chunk is empty. */
static bool ends(int fd, int ms) {
    char in[8000];
    return str_find(hear_until(fd, in, sizeof in, "0\r\n\r\n", ms), S("0\r\n\r\n")) >= 0;
}

static void listeners_go_when_they_may_no_longer_listen(void **state) {
    (void)state;
    auth_house x = auth_start();
    user_make(&x, "ann", "analyst", NULL);
    i64 bob_id = user_make(&x, "bob", "manager", NULL);
    user_make(&x, "boss", "admin", NULL);
    seat ann = sit(&x, "ann"), bob = sit(&x, "bob"), boss = sit(&x, "boss");
    str key = key_made(&x, "signals.read", NONE);
    int of_ann = listen_as(&x, arena_fmt(x.h->a, "Cookie: %.*s\r\n", STR_ARG(ann.cookie)).p),
        of_bob = listen_as(&x, arena_fmt(x.h->a, "Cookie: %.*s\r\n", STR_ARG(bob.cookie)).p),
        of_boss = listen_as(&x, arena_fmt(x.h->a, "Cookie: %.*s\r\n", STR_ARG(boss.cookie)).p),
        of_key = listen_as(&x, key.p);
    assert_status(as(&x, &ann, "DELETE", "/api/v1/session", ""), 204);
    assert_true(ends(of_ann, PATIENT_MS));
    str path = arena_fmt(x.h->a, "/api/v1/users/%" PRId64, bob_id);
    assert_status(as(&x, &boss, "PATCH", path.p, "{\"enabled\":false}"), 200);
    assert_true(ends(of_bob, PATIENT_MS));
    assert_status(as(&x, &boss, "DELETE", "/api/v1/keys/2", ""), 204);
    assert_true(ends(of_key, PATIENT_MS));
    assert_false(ends(of_boss, 300));
    close(of_ann), close(of_bob), close(of_boss), close(of_key);
    auth_end(&x);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_planted_cookie_is_never_taken_over),
        cmocka_unit_test(words_that_are_scripts_stay_words),
        cmocka_unit_test(no_path_climbs),
        cmocka_unit_test(packed_bodies_that_swell_are_refused),
        cmocka_unit_test(sheets_that_swell_are_refused),
        cmocka_unit_test(nothing_sent_ends_a_line_of_the_head),
        cmocka_unit_test(a_foreign_name_for_this_machine_is_refused),
        cmocka_unit_test(no_rule_makes_the_server_call_an_address),
        cmocka_unit_test(second_factors_lie_sealed),
        cmocka_unit_test(listeners_go_when_they_may_no_longer_listen),
    };
    return RUN_TESTS(tests);
}
