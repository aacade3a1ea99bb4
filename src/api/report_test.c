/* report_test.c - the month on paper: counted right, the same twice, in three languages. */
#include "api/report.h"
#include "api/report_words.h"
#include "api/pages_test.h"

/* Two months of answers: NPS 0 in the first, 50 in the second. */
static void fill(pages_house *h) {
    buf b = {.a = h->a};
    buf_str(&b, S("["));
    for (int month = 1; month <= 2; month++)
        for (int i = 0; i < 120; i++) {
            bool up = month == 1 ? i % 2 == 0 : i % 4 != 0;
            buf_fmt(&b,
                    "%s{\"source\":\"s\",\"external_id\":\"%d-%d\",\"occurred_at\":\"2026-0%d-%"
                    "02dT10:00:00Z\","
                    "\"channel\":\"call\",\"score:nps\":%d,\"customer\":\"c%d\",\"words\":\"%s\"}",
                    b.n > 1 ? "," : "", month, i, month, 1 + i % 28, up ? 10 : 2, i,
                    up           ? "配送很快，非常满意"
                    : month == 1 ? "配送太慢，等了两周，很失望"
                                 : "送货一拖再拖，物流太慢，说好的日子没有一天准时");
        }
    buf_str(&b, S("]"));
    reply r = post(h, "/api/v1/signals", arena_str(h->a, buf_view(&b)).p);
    assert_status(r, 200);
}

static report made(pages_house *h, const char *month, const char *lang) {
    err e;
    report r;
    report_wish w = {.month = str_of(month), .lang = str_of(lang)};
    assert_ok(report_make(h->s, h->t, h->a, &w, &r, &e));
    return r;
}

static void the_month_is_counted(void **state) {
    (void)state;
    pages_house *h = pages_open();
    fill(h);
    report r = made(h, "2026-02", "zh-CN");
    assert_int_equal(r.voices, 120);
    assert_int_equal(r.voices_before, 120);
    assert_str(r.scores[0].metric, S("nps"));
    assert_near(r.scores[0].now.value, 50, 1e-9);
    assert_near(r.scores[0].before.value, 0, 1e-9);
    assert_near(r.scores[0].change, 50, 1e-9);
    assert_true(r.scores[0].low > 0 && r.scores[0].high > 50);
    assert_near(r.trend[REPORT_MONTHS - 1].value, 50, 1e-9);
    assert_near(r.trend[REPORT_MONTHS - 2].value, 0, 1e-9);
    assert_true(isnan(r.trend[0].value));
    assert_int_equal(r.trend_month[REPORT_MONTHS - 1], 2);
    assert_int_equal(r.trend_month[0], 3);
    assert_int_equal(r.trend_year[0], 2025);
    assert_true(r.pains_n >= 1);
    assert_true(str_starts(r.pains[0].quote, S("送货一拖再拖")));
    pages_close(h);
}

/* Without cairo or without a font of Chinese there is a sentence, and nothing to compare. */
static bool drawn(pages_house *h, const char *lang, str *out) {
    err e;
    report r = made(h, "2026-02", lang);
    if (report_pdf(h->a, &r, out, &e)) return true;
    if (e.code != NOT_FOUND) fail_msg("%s", e.msg);
    assert_true(strstr(e.msg, "fonts-noto-cjk") || strstr(e.msg, "cairo"));
    return false;
}

static void the_same_month_gives_the_same_bytes(void **state) {
    (void)state;
    static const char *const langs[] = {"en", "zh-CN", "zh-TW"};
    pages_house *h = pages_open();
    fill(h);
    for (size_t i = 0; i < COUNT(langs); i++) {
        str one, two;
        if (!drawn(h, langs[i], &one) || !drawn(h, langs[i], &two)) continue;
        assert_true(str_starts(one, S("%PDF-1.")));
        assert_true(str_eq(one, two));
        reply r =
            get(h, arena_fmt(h->a, "/api/v1/reports/month?month=2026-02&lang=%s", langs[i]).p);
        assert_status(r, 200);
        assert_true(str_eq(r.body, one));
        assert_true(str_find(r.head, S("application/pdf")) > 0);
    }
    pages_close(h);
}

static void what_cannot_be_reported_is_said(void **state) {
    (void)state;
    pages_house *h = pages_open();
    reply r = get(h, "/api/v1/reports/month");
    assert_status(r, 400);
    r = get(h, "/api/v1/reports/month?month=2026-13");
    assert_status(r, 400);
    r = get(h, "/api/v1/reports/month?month=2026-02");
    assert_status(r, 404);
    assert_true(says(r, "nothing was heard"));
    pages_close(h);
}

static void every_word_is_said_in_three_languages(void **state) {
    (void)state;
    for (size_t i = 0; i < W_COUNT; i++)
        for (size_t lang = 0; lang < 3; lang++) {
            const char *s = report_words[i][lang];
            if (!s || !*s) fail_msg("word %zu lacks language %zu", i, lang);
            size_t fills = 0, first = 0;
            for (const char *p = s; (p = strstr(p, "%s")) != NULL; p += 2) fills++;
            for (const char *p = report_words[i][0]; (p = strstr(p, "%s")) != NULL; p += 2) first++;
            assert_int_equal(fills, first);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_month_is_counted),
        cmocka_unit_test(the_same_month_gives_the_same_bytes),
        cmocka_unit_test(what_cannot_be_reported_is_said),
        cmocka_unit_test(every_word_is_said_in_three_languages),
    };
    return RUN_TESTS(tests);
}
