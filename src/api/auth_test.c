/* auth_test.c - the first link, sessions, forged requests, lock-outs, keys, second factors. */
#include "api/auth_test.h"
#include "api/secret.h"
#include "api/totp.h"

/* ---- the first start ---- */

static str setup_body(arena *a, str link, const char *name) {
    return arena_fmt(a, "{\"token\":\"%.*s\",\"name\":\"%s\",\"password\":\"" PASSWORD "\"}",
                     STR_ARG(link), name);
}

static void the_first_link_works_once(void **state) {
    (void)state;
    err e;
    str link, none;
    auth_house x = auth_start();
    assert_true(says(get(x.h, "/api/v1/setup"), "\"needed\":true"));
    assert_ok(auth_setup_token(x.h->x.auth, x.h->a, &none, &e));
    assert_ok(auth_setup_token(x.h->x.auth, x.h->a, &link, &e));
    assert_false(str_eq(link, none));
    assert_status(post(x.h, "/api/v1/setup", setup_body(x.h->a, none, "eve").p),
                  403); /* replaced */
    assert_status(post(x.h, "/api/v1/setup", setup_body(x.h->a, S("short"), "eve").p), 403);
    reply r = talk(x.h, "POST", "/api/v1/setup", "Sec-Fetch-Site: cross-site\r\n",
                   setup_body(x.h->a, link, "eve"));
    assert_status(r, 403);
    r = post(x.h, "/api/v1/setup", "{\"token\":\"x\",\"name\":\"a\",\"password\":\"short\"}");
    assert_status(r, 403); /* the link comes first: nothing is told about passwords */
    r = post(x.h, "/api/v1/setup", setup_body(x.h->a, link, "Ann").p);
    assert_status(r, 201);
    assert_true(says(r, "\"role\":\"admin\"") && says(r, "users.write") &&
                says(r, "\"name\":\"ann\""));
    assert_status(post(x.h, "/api/v1/setup", setup_body(x.h->a, link, "eve").p), 403);
    assert_true(says(get(x.h, "/api/v1/setup"), "\"needed\":false"));
    assert_ok(auth_setup_token(x.h->x.auth, x.h->a, &link, &e));
    assert_null(link.p); /* no second link once somebody can sign in */
    auth_end(&x);
}

static void the_first_link_ages(void **state) {
    (void)state;
    err e;
    str link;
    auth_house x = auth_start();
    assert_ok(auth_setup_token(x.h->x.auth, x.h->a, &link, &e));
    atomic_store(&pages_shift, LIMIT_SETUP_LINK_MS + 1000);
    assert_status(post(x.h, "/api/v1/setup", setup_body(x.h->a, link, "ann").p), 403);
    atomic_store(&pages_shift, LIMIT_SETUP_LINK_MS - 60000);
    assert_status(post(x.h, "/api/v1/setup", setup_body(x.h->a, link, "ann").p), 201);
    auth_end(&x);
}

/* ---- sessions ---- */

static void a_session_is_new_at_each_sign_in(void **state) {
    (void)state;
    auth_house x = auth_start();
    user_make(&x, "ann", "analyst", NULL);
    static const char planted[] = "heed=0123456789012345678901234567890123456789012";
    seat s = sit_down(&x, "ANN", PASSWORD, "", "10.0.0.1",
                      "Cookie: heed=0123456789012345678901234567890123456789012\r\n");
    assert_status(s.r, 201);
    assert_false(str_eq(s.cookie, str_of(planted)));
    seat fixed = {.cookie = str_of(planted), .csrf = s.csrf};
    assert_status(as(&x, &fixed, "GET", "/api/v1/session", ""), 401);
    assert_status(as(&x, &s, "GET", "/api/v1/session", ""), 200);
    str again = arena_fmt(x.h->a, "Cookie: %.*s\r\n", STR_ARG(s.cookie));
    seat t = sit_down(&x, "ann", PASSWORD, "", "10.0.0.1", again.p);
    assert_status(as(&x, &s, "GET", "/api/v1/session", ""), 401); /* the old one ended */
    assert_status(as(&x, &t, "DELETE", "/api/v1/session", ""), 204);
    assert_status(as(&x, &t, "GET", "/api/v1/session", ""), 401);
    auth_end(&x);
}

static void cookies_are_bound_to_how_they_came(void **state) {
    (void)state;
    auth_house x = auth_start();
    user_make(&x, "ann", "analyst", NULL);
    seat s = sit_down(&x, "ann", PASSWORD, "", "10.0.0.1", "X-Forwarded-Proto: https\r\n");
    str set = field_of(s.r, "Set-Cookie");
    assert_true(str_starts(set, S("__Host-heed=")) && str_find(set, S("; Secure")) > 0 &&
                str_find(set, S("; HttpOnly")) > 0 && str_find(set, S("; SameSite=Lax")) > 0 &&
                str_find(set, S("; Path=/")) > 0 && str_find(set, S("Domain")) < 0);
    assert_true(field_of(s.r, "Strict-Transport-Security").n > 0);
    assert_status(as(&x, &s, "GET", "/api/v1/session", ""), 401); /* not over http */
    auth_end(&x);
}

static void a_session_ends_idle_and_in_any_case(void **state) {
    (void)state;
    auth_house x = auth_start();
    user_make(&x, "ann", "analyst", NULL);
    seat s = sit(&x, "ann");
    atomic_store(&pages_shift, LIMIT_SESSION_IDLE_MS - 60000);
    assert_status(as(&x, &s, "GET", "/api/v1/session", ""), 200);
    atomic_store(&pages_shift, 2 * (i64)LIMIT_SESSION_IDLE_MS - 120000);
    assert_status(as(&x, &s, "GET", "/api/v1/session", ""), 200); /* used in between */
    atomic_store(&pages_shift, 3 * (i64)LIMIT_SESSION_IDLE_MS);
    assert_status(as(&x, &s, "GET", "/api/v1/session", ""), 401);
    atomic_store(&pages_shift, 0);
    assert_status(as(&x, &s, "GET", "/api/v1/session", ""), 401); /* gone, not asleep */
    s = sit(&x, "ann");
    for (i64 t = 0; t < LIMIT_SESSION_MS - HOUR_MS; t += 7 * HOUR_MS) {
        atomic_store(&pages_shift, t);
        assert_status(as(&x, &s, "GET", "/api/v1/session", ""), 200);
    }
    atomic_store(&pages_shift, LIMIT_SESSION_MS + 1000);
    assert_status(as(&x, &s, "GET", "/api/v1/session", ""), 401);
    auth_end(&x);
}

static void rights_follow_the_user_at_once(void **state) {
    (void)state;
    err e;
    user rec;
    auth_house x = auth_start();
    user_make(&x, "root", "admin", NULL);
    i64 id = user_make(&x, "ann", "analyst", NULL);
    seat boss = sit(&x, "root"), s = sit(&x, "ann"), other = sit(&x, "ann");
    const char *path = arena_fmt(x.h->a, "/api/v1/users/%" PRId64, id).p;
    assert_status(as(&x, &s, "GET", "/api/v1/users", ""), 403);
    assert_status(as(&x, &boss, "PATCH", path, "{\"role\":\"admin\"}"), 200);
    assert_status(as(&x, &s, "GET", "/api/v1/users", ""), 200);
    assert_status(as(&x, &boss, "PATCH", path, "{\"role\":\"king\"}"), 400);
    assert_status(as(&x, &boss, "PATCH", path, "{\"role\":\"frontline\"}"), 400); /* of what? */
    assert_status(as(&x, &s, "POST", "/api/v1/session/password",
                     "{\"old\":\"" PASSWORD "\",\"new\":\"ten black horses\"}"),
                  204);
    assert_status(as(&x, &s, "GET", "/api/v1/session", ""), 200);
    assert_status(as(&x, &other, "GET", "/api/v1/session", ""), 401);
    assert_status(as(&x, &boss, "PATCH", path, "{\"enabled\":false}"), 200);
    assert_status(as(&x, &s, "GET", "/api/v1/session", ""), 401);
    assert_status(sit_down(&x, "ann", "ten black horses", "", "10.0.0.2", "").r, 401);
    assert_ok(store_find(x.h->s, x.h->a, &noun_user, S("root"), &rec, &e));
    path = arena_fmt(x.h->a, "/api/v1/users/%" PRId64, rec.id).p;
    assert_status(as(&x, &boss, "PATCH", path, "{\"enabled\":false}"), 409); /* the last admin */
    assert_status(as(&x, &boss, "PATCH", path, "{\"role\":\"analyst\"}"), 409);
    assert_status(as(&x, &boss, "PATCH", path, "{\"department_id\":1}"),
                  400); /* an admin sees all */
    assert_status(as(&x, &boss, "PATCH", path, "{\"password\":\"short\"}"), 400);
    auth_end(&x);
}

/* ---- forged requests ---- */

static void forged_requests_are_refused(void **state) {
    (void)state;
    auth_house x = auth_start();
    user_make(&x, "root", "admin", NULL);
    seat s = sit(&x, "root");
    static const struct {
        const char *fields;
        bool with_token;
        int want;
    } rows[] = {
        {"", true, 201},
        {"", false, 403},
        {"Sec-Fetch-Site: same-origin\r\n", true, 201},
        {"Sec-Fetch-Site: same-origin\r\n", false, 403},
        {"Sec-Fetch-Site: none\r\n", true, 201},
        {"Sec-Fetch-Site: cross-site\r\n", true, 403},
        {"Sec-Fetch-Site: same-site\r\n", true, 403},
        {"Origin: http://x\r\n", true, 201},
        {"Origin: http://evil.example\r\n", true, 403},
        {"Origin: http://x.evil.example\r\n", true, 403},
        {"Origin: null\r\n", true, 403},
        {"Sec-Fetch-Site: cross-site\r\nOrigin: http://x\r\n", true, 403},
        {"X-Heed-CSRF: 00\r\n", false, 403},
        {"X-Heed-CSRF:\r\n", false, 403},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        str head = arena_fmt(x.h->a, "Cookie: %.*s\r\n%s%s%.*s%s", STR_ARG(s.cookie),
                             rows[i].fields, rows[i].with_token ? "X-Heed-CSRF: " : "",
                             rows[i].with_token ? (int)s.csrf.n : 0, s.csrf.p,
                             rows[i].with_token ? "\r\n" : "");
        str body = arena_fmt(x.h->a, "{\"name\":\"d%zu\"}", i);
        reply r = talk(x.h, "POST", "/api/v1/departments", head.p, body);
        if (r.status != rows[i].want) fail_msg("row %zu: %d: %.*s", i, r.status, STR_ARG(r.body));
    }
    /* Another's token is not mine; a key needs none; reading needs none. */
    seat t = sit(&x, "root");
    t.csrf = s.csrf;
    assert_status(as(&x, &t, "POST", "/api/v1/departments", "{\"name\":\"y\"}"), 403);
    assert_status(as(&x, &t, "GET", "/api/v1/users", ""), 200);
    str key = key_made(&x, "users.write", NONE);
    str both = arena_fmt(x.h->a, "%.*sSec-Fetch-Site: cross-site\r\nCookie: %.*s\r\n", STR_ARG(key),
                         STR_ARG(s.cookie));
    assert_status(talk(x.h, "POST", "/api/v1/departments", both.p, S("{\"name\":\"z\"}")), 201);
    auth_end(&x);
}

/* ---- lock-outs ---- */

static void five_failures_lock_a_name_known_or_not(void **state) {
    (void)state;
    auth_house x = auth_start();
    user_make(&x, "ann", "analyst", NULL);
    str told[2][6] = {0};
    static const char *const names[] = {"ann", "nobody-we-know"};
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < 6; i++) { /* from six addresses: only the name is counted */
            const char *from = arena_fmt(x.h->a, "192.0.2.%d", 10 * k + i).p;
            reply r = sit_down(&x, names[k], "wrong wrong wrong", "", from, "").r;
            assert_status(r, i < 5 ? 401 : 429);
            told[k][i] = json_get_text(r.doc, S("detail"));
            assert_true(i < 5 || field_of(r, "Retry-After").n > 0);
        }
    for (int i = 0; i < 6; i++) assert_str(told[0][i], told[1][i]);
    assert_status(sit_down(&x, "ann", PASSWORD, "", "192.0.2.99", "").r, 429);
    atomic_store(&pages_shift, LIMIT_LOCK_OUT_MS - 30000);
    assert_status(sit_down(&x, "ann", PASSWORD, "", "192.0.2.99", "").r, 429);
    atomic_store(&pages_shift, LIMIT_LOCK_OUT_MS + 30000);
    assert_status(sit_down(&x, "ann", PASSWORD, "", "192.0.2.99", "").r, 201);
    auth_end(&x);
}

static void five_failures_lock_an_address_and_its_network(void **state) {
    (void)state;
    auth_house x = auth_start();
    user_make(&x, "ann", "analyst", NULL);
    for (int i = 0; i < 5; i++) {
        const char *name = arena_fmt(x.h->a, "guess%d", i).p;
        const char *from = arena_fmt(x.h->a, "2001:db8:1:2::%d", i + 1).p;
        assert_status(sit_down(&x, name, "wrong wrong wrong", "", from, "").r, 401);
    }
    assert_status(sit_down(&x, "ann", PASSWORD, "", "2001:db8:1:2::77", "").r, 429);
    assert_status(sit_down(&x, "ann", PASSWORD, "", "2001:db8:1:3::77", "").r, 201);
    auth_end(&x);
}

static void a_success_forgives(void **state) {
    (void)state;
    auth_house x = auth_start();
    user_make(&x, "ann", "analyst", NULL);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 4; i++)
            assert_status(sit_down(&x, "ann", "wrong wrong wrong", "", "192.0.2.1", "").r, 401);
        assert_status(sit_down(&x, "ann", PASSWORD, "", "192.0.2.1", "").r, 201);
    }
    auth_end(&x);
}

/* ---- keys ---- */

static void keys_may_what_they_say(void **state) {
    (void)state;
    auth_house x = auth_start();
    pages_house *h = x.h;
    i64 now = pages_world.now_ms(&pages_world);
    str send = key_made(&x, "signals.write", NONE),
        look = key_made(&x, "signals.read", now + HOUR_MS);
    static const char one[] = "{\"external_id\":\"a\",\"score:nps\":1}";
    assert_status(talk(h, "POST", "/api/v1/signals", send.p, str_of(one)), 200);
    assert_status(talk(h, "GET", "/api/v1/voices", send.p, NO_STR), 403); /* writes, reads not */
    assert_status(talk(h, "GET", "/api/v1/voices", look.p, NO_STR), 200);
    assert_status(talk(h, "POST", "/api/v1/signals", look.p, str_of(one)), 403);
    assert_status(talk(h, "GET", "/api/v1/session", look.p, NO_STR), 403);
    atomic_store(&pages_shift, 2 * HOUR_MS);
    assert_status(talk(h, "GET", "/api/v1/voices", look.p, NO_STR), 401); /* over */
    assert_status(talk(h, "POST", "/api/v1/signals", send.p, str_of(one)), 200);
    send = str_head(send, send.n - 2);
    char *bad = (char *)(uintptr_t)arena_fmt(h->a, "%.*s\r\n", STR_ARG(send)).p;
    bad[send.n - 1] ^= 1;
    assert_status(talk(h, "POST", "/api/v1/signals", bad, str_of(one)), 401);
    assert_status(talk(h, "POST", "/api/v1/signals", "Authorization: Bearer\r\n", str_of(one)),
                  401);
    assert_status(talk(h, "POST", "/api/v1/signals", "Authorization: Basic ???\r\n", str_of(one)),
                  401);
    auth_end(&x);
}

static void nobody_gives_a_right_they_lack(void **state) {
    (void)state;
    auth_house x = auth_start();
    err e;
    role keeper = {.name = S("keeper"), .rights = S("keys.write signals.write")};
    assert_ok(store_put(x.h->s, &noun_role, &keeper, &e));
    user_make(&x, "root", "keeper", NULL);
    seat s = sit(&x, "root");
    reply r = as(&x, &s, "POST", "/api/v1/keys", "{\"name\":\"k\",\"scopes\":\"measures.write\"}");
    assert_status(r, 403);
    assert_status(as(&x, &s, "POST", "/api/v1/keys", "{\"name\":\"k\",\"scopes\":\"moon.walk\"}"),
                  400);
    assert_status(as(&x, &s, "POST", "/api/v1/keys", "{\"name\":\"k\",\"scopes\":\" \"}"), 400);
    r = as(&x, &s, "POST", "/api/v1/keys", "{\"name\":\"k\",\"scopes\":\"signals.write\"}");
    assert_true(r.status == 201 && says(r, "\"token\":\"heed_key_") &&
                !strstr(r.body.p, "\"hash\""));
    r = as(&x, &s, "GET", "/api/v1/keys", "");
    assert_true(says(r, "\"name\":\"k\"") && str_find(r.body, S("heed_key_")) < 0);
    str id = arena_fmt(x.h->a, "/api/v1/keys/%" PRId64,
                       json_get_int(json_get(r.doc, S("keys"))->first->next, S("id")));
    assert_status(as(&x, &s, "DELETE", id.p, ""), 204);
    assert_status(as(&x, &s, "DELETE", id.p, ""), 404);
    auth_end(&x);
}

static void who_asks_too_often_waits(void **state) {
    (void)state;
    auth_house x = auth_start();
    auth_again(&x, &(auth_options){.w = &pages_world, .rate = 5});
    str key = key_made(&x, "signals.read", NONE), other = key_made(&x, "signals.read", NONE);
    int ok = 0, refused = 0;
    pages_clock_stands(true);
    for (int i = 0; i < 60; i++) {
        reply r = talk(x.h, "GET", "/api/v1/voices?limit=1", key.p, NO_STR);
        ok += r.status == 200;
        refused += r.status == 429;
        if (r.status == 429) assert_true(field_of(r, "Retry-After").n > 0);
        assert_true(str_starts(field_of(r, "RateLimit"), S("\"key\";r=")));
    }
    assert_int_equal(ok, 20);
    assert_int_equal(refused, 40);
    assert_status(talk(x.h, "GET", "/api/v1/voices?limit=1", other.p, NO_STR), 200);
    atomic_store(&pages_shift, 10000);
    assert_status(talk(x.h, "GET", "/api/v1/voices?limit=1", key.p, NO_STR), 200);
    pages_clock_stands(false);
    auth_end(&x);
}

/* Segment's libraries send their key in the body, and all their batches at once. */
static void a_key_in_the_body_has_the_pace_of_a_key(void **state) {
    (void)state;
    auth_house x = auth_start();
    auth_again(&x, &(auth_options){.w = &pages_world, .rate = -1});
    arena *kept = x.h->a, *each = arena_open(1 << 26);
    str key = str_trim(str_from(key_made(&x, "signals.write", NONE), 22));
    int refused = 0;
    x.h->a = each; /* answers are many */
    pages_clock_stands(true);
    for (int i = 0; i < 800; i++, arena_reset(each)) {
        str body = arena_fmt(each,
                             "{\"batch\":[{\"type\":\"track\",\"event\":\"a\",\"messageId\":"
                             "\"m%d\"}],\"writeKey\":\"%.*s\"}",
                             i % 3, (int)(i < 400 ? key.n : 5), key.p);
        reply r = talk(x.h, "POST", "/v1/batch", "", body);
        if (i < 400 || r.status != 429)
            assert_status(r, i < 400 ? 200 : 401);
        else
            refused++, assert_int_equal(field_of(r, "X-RateLimit-Reset").n, 13);
    }
    assert_int_equal(refused, 250); /* of 300 in hand, each wrong key takes two */
    pages_clock_stands(false);
    x.h->a = kept;
    arena_close(each);
    auth_end(&x);
}

/* ---- the second factor ---- */

static str code_now(arena *a, str secret32) {
    str secret;
    check(base32_read(a, secret32, &secret));
    return arena_fmt(a, "%06u", totp_at(secret, pages_world.now_ms(&pages_world) / 30000, 1000000));
}

static void a_second_factor_is_asked_and_recovered(void **state) {
    (void)state;
    auth_house x = auth_start();
    arena *a = x.h->a;
    user_make(&x, "ann", "analyst", NULL);
    seat s = sit(&x, "ann");
    assert_status(as(&x, &s, "POST", "/api/v1/session/totp", "{\"password\":\"wrong\"}"), 401);
    reply r = as(&x, &s, "POST", "/api/v1/session/totp", "{\"password\":\"" PASSWORD "\"}");
    assert_true(r.status == 200 && says(r, "\"uri\":\"otpauth://totp/Heed:ann?secret="));
    str secret = json_get_text(r.doc, S("secret"));
    assert_status(sit_down(&x, "ann", PASSWORD, "", "10.0.0.2", "").r, 201); /* not confirmed yet */
    assert_status(as(&x, &s, "POST", "/api/v1/session/totp/confirm", "{\"code\":\"000\"}"), 403);
    str body = arena_fmt(a, "{\"code\":\"%.*s\"}", STR_ARG(code_now(a, secret)));
    r = as(&x, &s, "POST", "/api/v1/session/totp/confirm", body.p);
    assert_status(r, 200);
    const json *codes = json_get(r.doc, S("recovery"));
    assert_int_equal(codes->n, 10);
    assert_true(says(as(&x, &s, "GET", "/api/v1/session", ""), "\"totp\":true"));
    r = sit_down(&x, "ann", PASSWORD, "", "10.0.0.2", "").r;
    assert_true(r.status == 401 && says(r, "\"code\":\"totp\""));
    r = sit_down(&x, "ann", PASSWORD, code_now(a, secret).p, "10.0.0.2", "").r;
    assert_status(r, 401); /* that step's code was taken by the confirmation */
    atomic_store(&pages_shift, 60000);
    assert_status(sit_down(&x, "ann", PASSWORD, code_now(a, secret).p, "10.0.0.2", "").r, 201);
    assert_status(sit_down(&x, "ann", PASSWORD, code_now(a, secret).p, "10.0.0.2", "").r, 401);
    const char *spare = codes->first->text.p;
    assert_status(sit_down(&x, "ann", PASSWORD, spare, "10.0.0.2", "").r, 201);
    assert_status(sit_down(&x, "ann", PASSWORD, spare, "10.0.0.2", "").r, 401);
    assert_status(sit_down(&x, "ann", PASSWORD, codes->first->next->text.p, "10.0.0.2", "").r, 201);
    auth_end(&x);
}

/* Who knows the password cannot guess the code for ever by asking without one in between. */
static void asking_without_a_code_forgives_nothing(void **state) {
    (void)state;
    auth_house x = auth_start();
    arena *a = x.h->a;
    user_make(&x, "ann", "analyst", NULL);
    seat s = sit(&x, "ann");
    reply r = as(&x, &s, "POST", "/api/v1/session/totp", "{\"password\":\"" PASSWORD "\"}");
    str body = arena_fmt(a, "{\"code\":\"%.*s\"}",
                         STR_ARG(code_now(a, json_get_text(r.doc, S("secret")))));
    assert_status(as(&x, &s, "POST", "/api/v1/session/totp/confirm", body.p), 200);
    int tries = 0;
    for (int i = 0; i < 10; i++)
        tries +=
            sit_down(&x, "ann", PASSWORD, i % 2 ? "" : "000000", "10.0.0.9", "").r.status == 401;
    assert_int_equal(tries, 5);
    auth_end(&x);
}

/* ---- what is said and written ---- */

static void the_audit_tells_who_and_no_secret(void **state) {
    (void)state;
    auth_house x = auth_start();
    user_make(&x, "root", "admin", NULL);
    sit_down(&x, "root", "wrong wrong wrong", "", "10.0.0.3", "");
    sit_down(&x, "hunter2-in-the-wrong-field", "wrong wrong wrong", "", "10.0.0.3", "");
    seat s = sit(&x, "root");
    as(&x, &s, "POST", "/api/v1/keys", "{\"name\":\"k\",\"scopes\":\"signals.write\"}");
    reply r = as(&x, &s, "GET", "/api/v1/audit?limit=4", "");
    assert_true(says(r, "\"actor\":\"user:root\",\"deed\":\"create\",\"noun\":\"key\"") &&
                says(r, "\"deed\":\"sign-in\"") && says(r, "\"deed\":\"refused\""));
    str next = json_get_text(r.doc, S("next_cursor"));
    assert_true(next.n > 0);
    r = as(&x, &s, "GET", arena_fmt(x.h->a, "/api/v1/audit?cursor=%.*s", STR_ARG(next)).p, "");
    assert_status(r, 200);
    r = as(&x, &s, "GET", "/api/v1/audit?limit=100", "");
    static const char *const never[] = {"argon2", "hunter2", "heed_key_", "wrong wrong"};
    for (size_t i = 0; i < COUNT(never); i++) assert_true(str_find(r.body, str_of(never[i])) < 0);
    auth_end(&x);
}

static void the_audit_is_asked_by_who_what_and_when(void **state) {
    (void)state;
    auth_house x = auth_start();
    user_make(&x, "root", "admin", NULL);
    seat root = sit(&x, "root");
    as(&x, &root, "POST", "/api/v1/keys", "{\"name\":\"k\",\"scopes\":\"signals.write\"}");
    reply r = as(&x, &root, "GET",
                 "/api/v1/audit?where=actor+%3D+%27user:root%27+and+noun+%3D+%27key%27", "");
    assert_true(r.status == 200 && says(r, "{\"total\":1,") && says(r, "\"deed\":\"create\""));
    r = as(&x, &root, "GET", "/api/v1/audit?where=at+%3C+2020-01-01", "");
    assert_true(r.status == 200 && says(r, "\"total\":0,\"audit\":[]"));
    r = as(
        &x, &root, "GET",
        "/api/v1/audit?where=deed+%3D+%27create%27+and+noun+%3D+%27key%27+and+detail+~+%27tests%27",
        "");
    assert_true(r.status == 200 && says(r, "\"total\":1,"));
    assert_status(as(&x, &root, "GET", "/api/v1/audit?where=channel+%3D+%27call%27", ""), 400);
    as(&x, &root, "POST", "/api/v1/departments", "{\"name\":\"care\"}");
    user_make(&x, "sue", "steward", "care"); /* sees that, not what: nor finds it out by asking */
    seat sue = sit(&x, "sue");
    assert_status(as(&x, &sue, "GET", "/api/v1/audit?where=deed+%3D+%27create%27", ""), 200);
    assert_status(as(&x, &sue, "GET", "/api/v1/audit?where=not+detail+~+%27signals%27", ""), 403);
    auth_end(&x);
}

static void a_look_at_an_original_is_written_down(void **state) {
    (void)state;
    auth_house x = auth_start();
    user_make(&x, "ann", "analyst", NULL);
    user_make(&x, "sue", "steward", NULL);
    str send = key_made(&x, "signals.write", NONE);
    static const char said[] =
        "{\"external_id\":\"a\",\"words\":\"call me at 13812345678, please\"}";
    assert_status(talk(x.h, "POST", "/api/v1/signals", send.p, str_of(said)), 200);
    seat ann = sit(&x, "ann"), sue = sit(&x, "sue");
    reply r = as(&x, &ann, "GET", "/api/v1/signals/1", "");
    assert_true(r.status == 200 && str_find(r.body, S("13812345678")) < 0);
    assert_status(as(&x, &ann, "GET", "/api/v1/signals/1?original=1", ""), 403);
    r = as(&x, &sue, "GET", "/api/v1/signals/1", "");
    assert_true(r.status == 200 && str_find(r.body, S("13812345678")) < 0);
    r = as(&x, &sue, "GET", "/api/v1/signals/1?original=1", "");
    assert_true(r.status == 200 && says(r, "\"original\":\"call me at 13812345678, please\"}"));
    assert_str(field_of(r, "Cache-Control"), S("no-store"));
    r = as(&x, &sue, "GET", "/api/v1/audit?limit=1", "");
    assert_true(
        says(r, "\"actor\":\"user:sue\",\"deed\":\"look\",\"noun\":\"signal\",\"noun_id\":1"));
    auth_end(&x);
}

static void what_is_sent_cannot_write_the_head(void **state) {
    (void)state;
    auth_house x = auth_start();
    static const char *const bodies[] = {
        "{\"name\":\"a\\r\\nSet-Cookie: evil=1\",\"password\":\"" PASSWORD "\"}",
        "{\"name\":\"ann\",\"password\":\"a\\r\\n\\r\\nevil=1\",\"totp\":\"\\r\\nevil=1\"}",
        "{\"token\":\"0123456789012345678901234567890123456789\\r\\n0\",\"name\":\"evil=1\"}"};
    for (size_t i = 0; i < COUNT(bodies); i++) {
        reply r = post(x.h, i < 2 ? "/api/v1/session" : "/api/v1/setup", bodies[i]);
        assert_true(r.status == 401 || r.status == 403);
        assert_true(str_find(r.head, S("evil")) < 0);
    }
    auth_end(&x);
}

static void every_answer_carries_the_guards(void **state) {
    (void)state;
    auth_house x = auth_start();
    static const char *const paths[] = {"/livez",     "/api/v1/nowhere", "/api/v1/users",
                                        "/livez?x=1", "/api/v1/setup",   "/%zz"};
    for (size_t i = 0; i < COUNT(paths); i++) {
        reply r = get(x.h, paths[i]);
        str policy = field_of(r, "Content-Security-Policy");
        if (!policy.n) fail_msg("no policy on %s", paths[i]);
        assert_true(str_find(policy, S("frame-ancestors 'none'")) > 0 &&
                    str_find(policy, S("unsafe-eval")) < 0);
        assert_str(field_of(r, "X-Content-Type-Options"), S("nosniff"));
        assert_true(field_of(r, "Referrer-Policy").n && field_of(r, "Permissions-Policy").n &&
                    field_of(r, "Cross-Origin-Opener-Policy").n);
    }
    auth_end(&x);
}

static void an_open_network_wants_https(void **state) {
    (void)state;
    auth_house x = auth_start();
    user_make(&x, "ann", "analyst", NULL);
    auth_again(&x, &(auth_options){.w = &pages_world});
    char raw[800], in[4096];
    static const struct {
        const char *host, *fields;
        int want;
    } rows[] = {{"heed.example", "X-Forwarded-For: 192.0.2.1\r\n", 403},
                {"heed.example", "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\n", 201},
                {"localhost:8080", "X-Forwarded-For: 172.17.0.1\r\n", 201},
                {"localhost.evil.example", "X-Forwarded-For: 192.0.2.1\r\n", 403},
                {"127.0.0.1:8080", "", 201}};
    static const char body[] = "{\"name\":\"ann\",\"password\":\"" PASSWORD "\"}";
    for (size_t i = 0; i < COUNT(rows); i++) {
        snprintf(raw, sizeof raw,
                 "POST /api/v1/session HTTP/1.1\r\nHost: %s\r\n%sConnection: close\r\n"
                 "Content-Length: %zu\r\n\r\n%s",
                 rows[i].host, rows[i].fields, sizeof body - 1, body);
        str got = ask(x.h->port, str_of(raw), in, sizeof in, PATIENT_MS);
        int status = (int)strtol(got.p + 9, NULL, 10);
        if (status != rows[i].want) fail_msg("row %zu: %.*s", i, STR_ARG(got));
    }
    auth_end(&x);
}

static void the_pages_are_there(void **state) {
    (void)state;
    static const char *const names[] = {"setup", "session", "users", "keys", "audit"};
    for (size_t i = 0; i < COUNT(names); i++) {
        bool found = false;
        for (size_t k = 0; k < pages_n; k++) found = found || strcmp(pages[k]->name, names[i]) == 0;
        assert_true(found);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_link_works_once),
        cmocka_unit_test(the_first_link_ages),
        cmocka_unit_test(a_session_is_new_at_each_sign_in),
        cmocka_unit_test(cookies_are_bound_to_how_they_came),
        cmocka_unit_test(a_session_ends_idle_and_in_any_case),
        cmocka_unit_test(rights_follow_the_user_at_once),
        cmocka_unit_test(forged_requests_are_refused),
        cmocka_unit_test(five_failures_lock_a_name_known_or_not),
        cmocka_unit_test(five_failures_lock_an_address_and_its_network),
        cmocka_unit_test(a_success_forgives),
        cmocka_unit_test(keys_may_what_they_say),
        cmocka_unit_test(nobody_gives_a_right_they_lack),
        cmocka_unit_test(who_asks_too_often_waits),
        cmocka_unit_test(a_key_in_the_body_has_the_pace_of_a_key),
        cmocka_unit_test(a_second_factor_is_asked_and_recovered),
        cmocka_unit_test(asking_without_a_code_forgives_nothing),
        cmocka_unit_test(the_audit_tells_who_and_no_secret),
        cmocka_unit_test(the_audit_is_asked_by_who_what_and_when),
        cmocka_unit_test(a_look_at_an_original_is_written_down),
        cmocka_unit_test(what_is_sent_cannot_write_the_head),
        cmocka_unit_test(every_answer_carries_the_guards),
        cmocka_unit_test(an_open_network_wants_https),
        cmocka_unit_test(the_pages_are_there),
    };
    return RUN_TESTS(tests);
}
