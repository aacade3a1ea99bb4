/* rule_test.c - rules are checked at save, match as they say, and plan each deed once. */
#include "act/rule.h"
#include "base/test.h"
#include "base/time.h"

static rule rule_of(const char *condition, const char *does, const char *params) {
    rule r;
    noun_init(&noun_rule, &r);
    r.id = 1;
    r.name = S("r");
    r.condition = str_of(condition);
    r.action = str_of(does);
    r.params = str_of(params);
    r.version = 1;
    return r;
}

static void each_lack_has_its_sentence(void **state) {
    (void)state;
    static const struct {
        const char *condition, *action, *params, *says;
    } bad[] = {
        {"channel = ", "tag", "{\"tag\":\"x\"}", "want"},
        {"", "tag", "{\"tag\":\"x\"}", "required"},
        {"channel = 'a'", "fly", "{}", "there are: send, tag, ticket"},
        {"channel = 'a'", "tag", "{}", "tag: which one?"},
        {"channel = 'a'", "tag", "{\"tag\":\"x\",\"color\":\"red\"}", "no parameter \"color\""},
        {"channel = 'a'", "ticket", "{}", "which department?"},
        {"channel = 'a'", "ticket", "{\"department\":\"d\",\"due\":\"soon\"}",
         "want 30m, 4h, 2d or 1w"},
        {"channel = 'a'", "ticket", "{\"department\":\"d\",\"priority\":\"huge\"}",
         "low, normal, high or urgent"},
        {"channel = 'a'", "ticket", "[", ""},
    };
    err e;
    for (size_t i = 0; i < COUNT(bad); i++) {
        rule r = rule_of(bad[i].condition, bad[i].action, bad[i].params);
        if (rule_check(&r, &e)) fail_msg("accepted case %zu", i);
        if (!strstr(e.msg, bad[i].says)) fail_msg("case %zu says: %s", i, e.msg);
    }
    rule good = rule_of("channel = 'a'", "ticket",
                        "{\"department\":\"d\",\"due\":\"4h\",\"priority\":\"high\"}");
    assert_ok(rule_check(&good, &e));
}

static void then_is_read_as_people_write_it(void **state) {
    (void)state;
    err e;
    rule r = {0};
    arena *a = arena_open(1 << 20);
    assert_ok(rule_then(a, S("  ticket  department=logistics due=4h "), &r, &e));
    assert_str(r.action, S("ticket"));
    assert_str(r.params, S("{\"department\":\"logistics\",\"due\":\"4h\"}"));
    assert_false(rule_then(a, S("ticket logistics"), &r, &e));
    assert_non_null(strstr(e.msg, "want name=value"));
    arena_close(a);
}

static void durations(void **state) {
    (void)state;
    i64 ms;
    assert_true(duration_parse(S("30m"), &ms) && ms == 30 * MINUTE_MS);
    assert_true(duration_parse(S("1w"), &ms) && ms == 7 * DAY_MS);
    static const char *bad[] = {"", "m", "4", "4x", "-4h", "4 h", "99999999h"};
    for (size_t i = 0; i < COUNT(bad); i++) assert_false(duration_parse(str_of(bad[i]), &ms));
}

static void tags_stay_a_sorted_set(void **state) {
    (void)state;
    static const char *order[] = {"m", "a", "z", "m", "b"};
    arena *a = arena_open(1 << 20);
    insight ins = {0};
    err e;
    json *params;
    for (size_t i = 0; i < COUNT(order); i++) {
        rule r = rule_of("channel = 'a'", "tag", "");
        deed d;
        assert_ok(json_read(a, arena_fmt(a, "{\"tag\":\"%s\"}", order[i]), &params, &e));
        noun_init(&noun_deed, &d);
        action_find(S("tag"))->plan(a, &r, params, NULL, 0, &d);
        action_find(S("tag"))->apply(a, &d, &ins);
    }
    assert_str(ins.row.tags, S("a\x1f"
                               "b\x1fm\x1fz"));
    arena_close(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_lack_has_its_sentence),
        cmocka_unit_test(then_is_read_as_people_write_it),
        cmocka_unit_test(durations),
        cmocka_unit_test(tags_stay_a_sorted_set),
    };
    return RUN_TESTS(tests);
}
