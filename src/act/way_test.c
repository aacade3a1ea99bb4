/* way_test.c - signatures by their published values, and letters as the other side wants them. */
#include "act/way.h"
#include "base/test.h"

static parcel written(arena *a, const char *by, const char *address, const char *secret,
                      const char *settings, i64 now_ms, const note *n) {
    err e;
    endpoint to;
    parcel p = {0};
    json *doc;
    noun_init(&noun_endpoint, &to);
    to.name = S("x");
    assert_ok(json_read(a, str_of(settings), &doc, &e));
    letter l = {.to = &to,
                .address = str_of(address),
                .secret = str_of(secret),
                .settings = doc,
                .now_ms = now_ms,
                .notes = n,
                .n = 1};
    const way *w = way_find(str_of(by));
    assert_non_null(w);
    assert_ok(w->write(a, &l, &p, &e));
    return p;
}

static const note late = {
    .key = {"k", 1}, .title = {"late", 4}, .text = {"<at id=all> & so on", 19}};

/* standardwebhooks.com's own example, of its specification. */
static void hmac_and_base64_agree_with_standard_webhooks(void **state) {
    (void)state;
    arena *a = arena_open(1 << 20);
    str key = S("\x31\xf2\x90\xf6\xbf\x06\x29\x8a\xab\x4f\x08\xd4\x3c\x3f\x08\x2c\xf6\x48\xa3\x62"
                "\xda\x2d\xa4\xb0");
    str mac =
        hmac_sha256(a, key, S("msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}"));
    assert_str(base64_text(a, mac.p, mac.n), S("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    arena_close(a);
}

static void a_webhook_is_signed_over_id_moment_and_body(void **state) {
    (void)state;
    arena *a = arena_open(1 << 20);
    parcel p = written(a, "webhook", "https://example.org/in",
                       "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "{}", 1614265330000, &late);
    str key = S("\x31\xf2\x90\xf6\xbf\x06\x29\x8a\xab\x4f\x08\xd4\x3c\x3f\x08\x2c\xf6\x48\xa3\x62"
                "\xda\x2d\xa4\xb0");
    str id = str_from(p.headers[1], 12), stamp = str_from(p.headers[2], 19);
    str all = arena_fmt(a, "%.*s.%.*s.%.*s", STR_ARG(id), STR_ARG(stamp), STR_ARG(p.body));
    str mac = hmac_sha256(a, key, all), text = base64_text(a, mac.p, mac.n);
    assert_str(stamp, S("1614265330"));
    assert_str(p.headers[3], arena_fmt(a, "webhook-signature: v1,%.*s", STR_ARG(text)));
    arena_close(a);
}

static void dingtalk_signs_its_address(void **state) {
    (void)state;
    arena *a = arena_open(1 << 20);
    parcel p = written(a, "dingtalk", "https://oapi.example.org/robot/send?access_token=t",
                       "this is secret", "{}", 1577262236757, &late);
    assert_str(p.url, S("https://oapi.example.org/robot/send?access_token=t&timestamp=1577262236757"
                        "&sign=hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D"));
    arena_close(a);
}

static void feishu_signs_its_body_and_calls_nobody(void **state) {
    (void)state;
    arena *a = arena_open(1 << 20);
    json *doc;
    err e;
    parcel p = written(a, "feishu", "https://open.example.org/bot/v2/hook/k", "demo", "{}",
                       1599360473000, &late);
    assert_ok(json_read(a, p.body, &doc, &e));
    assert_str(json_get_text(doc, S("sign")), S("l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="));
    assert_str(json_get_text(doc, S("timestamp")), S("1599360473"));
    str text = json_get_text(json_get(doc, S("content")), S("text"));
    assert_int_equal(str_find(text, S("<at")), -1);
    arena_close(a);
}

static void slack_gets_its_three_characters_escaped(void **state) {
    (void)state;
    arena *a = arena_open(1 << 20);
    json *doc;
    err e;
    parcel p = written(a, "slack", "https://hooks.example.org/services/x", "", "{}", 0, &late);
    assert_ok(json_read(a, p.body, &doc, &e));
    assert_str(json_get_text(doc, S("text")), S("late\n&lt;at id=all&gt; &amp; so on"));
    arena_close(a);
}

static void teams_gets_a_card(void **state) {
    (void)state;
    arena *a = arena_open(1 << 20);
    json *doc;
    err e;
    parcel p = written(a, "teams", "https://flow.example.org/x", "", "{}", 0, &late);
    assert_ok(json_read(a, p.body, &doc, &e));
    const json *first = json_get(doc, S("attachments"))->first;
    assert_str(json_get_text(json_get(first, S("content")), S("type")), S("AdaptiveCard"));
    arena_close(a);
}

static void a_mail_keeps_its_lines_and_names_nobody_by_trick(void **state) {
    (void)state;
    arena *a = arena_open(1 << 20);
    note n = {
        .key = S("k"),
        .title = S("迟到\r\nBcc: everybody@example.org"),
        .text = S("等了两周,还没有到。等了两周,还没有到。等了两周,还没有到。等了两周,还没有到。")};
    parcel p =
        written(a, "email", "smtp://mail.example.org:587", "",
                "{\"from\":\"care@example.org\",\"to\":\"ops@example.org\"}", 1772193600000, &n);
    assert_str(p.to, S("<ops@example.org>"));
    assert_int_equal(str_find(p.body, S("Bcc:")), -1);
    assert_true(str_find(p.body, S("Date: Fri, 27 Feb 2026 12:00:00 +0000\r\n")) > 0);
    for (str rest = p.body, line; rest.n;) {
        str_line(&rest, &line);
        assert_true(line.n <= 200 && line.p[line.n - 1] == '\r');
    }
    arena_close(a);
}

static void what_no_way_takes_is_refused_when_it_is_saved(void **state) {
    (void)state;
    static const struct {
        const char *by, *address, *secret, *settings;
    } wrong[] = {
        {"pigeon", "https://example.org", "", "{}"},
        {"webhook", "ftp://example.org", "", "{}"},
        {"webhook", "https://example.org", "whsec_c2hvcnQ=", "{}"},
        {"webhook", "https://example.org", "", "{\"colour\":\"red\"}"},
        {"email", "smtps://example.org", "", "{}"},
        {"email", "smtps://example.org", "", "{\"from\":\"not an address\"}"},
        {"email", "smtps://example.org", "",
         "{\"from\":\"a@example.org\\r\\nBcc: b@example.org\"}"},
        {"email", "smtps://example.org", "pass", "{\"from\":\"a@example.org\"}"},
        {"email", "https://example.org", "", "{\"from\":\"a@example.org\"}"},
    };
    world_fake w;
    err e;
    arena *a = arena_open(1 << 20);
    world_fake_init(&w, 0, 1);
    for (size_t i = 0; i < COUNT(wrong); i++) {
        endpoint p;
        noun_init(&noun_endpoint, &p);
        p.name = S("x");
        p.way = str_of(wrong[i].by);
        p.address = str_of(wrong[i].address);
        p.secret = str_of(wrong[i].secret);
        p.settings = str_of(wrong[i].settings);
        assert_false(endpoint_check(a, &w.w, &p, &e));
        assert_int_equal(e.code, INVALID);
    }
    arena_close(a);
}

static void answers_are_judged(void **state) {
    (void)state;
    static const struct {
        const char *by;
        int status;
        const char *body;
        way_fate want;
    } cases[] = {
        {"webhook", 204, "", WAY_SENT},
        {"webhook", 301, "", WAY_AGAIN},
        {"webhook", 400, "", WAY_AGAIN},
        {"webhook", 410, "", WAY_GONE},
        {"wecom", 200, "{\"errcode\":0}", WAY_SENT},
        {"wecom", 200, "{\"errcode\":45009}", WAY_AGAIN},
        {"wecom", 200, "<html>", WAY_AGAIN},
        {"dingtalk", 200, "{\"errcode\":130101}", WAY_AGAIN},
        {"feishu", 200, "{\"code\":0}", WAY_SENT},
        {"feishu", 200, "{\"code\":19021}", WAY_AGAIN},
        {"slack", 200, "ok", WAY_SENT},
        {"teams", 202, "", WAY_SENT},
        {"email", 250, "250 ok", WAY_SENT},
        {"email", 451, "451 later", WAY_AGAIN},
        {"email", 550, "550 5.1.1 nobody", WAY_NEVER},
        {"email", 554, "554 5.7.1 spam", WAY_NEVER},
    };
    arena *a = arena_open(1 << 20);
    for (size_t i = 0; i < COUNT(cases); i++) {
        verdict_out v;
        receipt r = {.status = cases[i].status, .wait_ms = NONE, .body = str_of(cases[i].body)};
        way_find(str_of(cases[i].by))->judge(a, &r, &v);
        assert_int_equal(v.fate, cases[i].want);
        assert_int_equal(v.why.n > 0, v.fate != WAY_SENT);
        assert_int_equal(v.bounced, cases[i].status == 550);
    }
    arena_close(a);
}

/* Every way is on the table, under its own name. */
static void every_way_is_found(void **state) {
    (void)state;
    static const char *const names[] = {"dingtalk", "email",   "feishu", "slack",
                                        "teams",    "webhook", "wecom"};
    assert_int_equal(ways_n, COUNT(names));
    for (size_t i = 0; i < COUNT(names); i++)
        assert_string_equal(way_find(str_of(names[i]))->name, names[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hmac_and_base64_agree_with_standard_webhooks),
        cmocka_unit_test(a_webhook_is_signed_over_id_moment_and_body),
        cmocka_unit_test(dingtalk_signs_its_address),
        cmocka_unit_test(feishu_signs_its_body_and_calls_nobody),
        cmocka_unit_test(slack_gets_its_three_characters_escaped),
        cmocka_unit_test(teams_gets_a_card),
        cmocka_unit_test(a_mail_keeps_its_lines_and_names_nobody_by_trick),
        cmocka_unit_test(what_no_way_takes_is_refused_when_it_is_saved),
        cmocka_unit_test(answers_are_judged),
        cmocka_unit_test(every_way_is_found),
    };
    return RUN_TESTS(tests);
}
