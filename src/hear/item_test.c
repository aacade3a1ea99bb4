/* item_test.c - one JSON object to one signal, our own and Segment's. */
#include "base/test.h"
#include "hear/item.h"

#define NOW ((i64)1772000000000)

static const item_usual usual = {{"shop", 4}, NOW, {"name-1", 6}};

static bool read_as(arena *a, const char *text, bool segment, signal *s, err *e) {
    json *v;
    return json_read(a, str_of(text), &v, e) &&
           (segment ? segment_read(a, v, S("track"), &usual, s, e) : item_read(a, v, &usual, s, e));
}

static void what_is_not_said_is_the_usual(void **state) {
    (void)state;
    arena *a = arena_open(1 << 20);
    signal s;
    err e;
    assert_ok(read_as(a, "{\"words\":\"good\"}", false, &s, &e));
    assert_str(s.row.source, S("shop"));
    assert_str(s.row.external_id, S("name-1"));
    assert_int_equal(s.row.occurred_at, NOW);
    assert_true(s.row.attributes.p == NULL);
    arena_close(a);
}

static void scores_and_attributes_are_sorted_and_sealed(void **state) {
    (void)state;
    arena *a = arena_open(1 << 20);
    signal s;
    err e;
    assert_ok(read_as(a,
                      "{\"score:nps\":7,\"attributes\":{\"vip\":true,\"age\":41.5,\"none\":null,"
                      "\"city\":\"\xe5\x8f\xb0\xe5\x8c\x97\"},\"amount\":3}",
                      false, &s, &e));
    assert_str(s.row.attributes, S("{\"age\":41.5,\"city\":\"\xe5\x8f\xb0\xe5\x8c\x97\","
                                   "\"score:nps\":7,\"vip\":\"true\"}"));
    arena_close(a);
}

static void bad_items_get_a_sentence_that_names_the_field(void **state) {
    (void)state;
    static const struct {
        const char *text, *says;
    } bad[] = {{"[]", "object"},
               {"{}", "words"},
               {"{\"words\":7}", "words"},
               {"{\"words\":\"x\",\"colour\":\"red\"}", "colour"},
               {"{\"words\":\"x\",\"uid\":\"y\"}", "uid"},
               {"{\"score:nps\":\"9\"}", "score:nps"},
               {"{\"words\":\"x\",\"attributes\":[]}", "attributes"},
               {"{\"words\":\"x\",\"attributes\":{\"a\":{}}}", "\"a\""},
               {"{\"words\":\"x\",\"attributes\":{\"a\":1,\"a\":2}}", "twice"},
               {"{\"words\":\"x\",\"occurred_at\":\"tomorrow\"}", "occurred_at"},
               {"{\"words\":\"x\",\"occurred_at\":\"2199-01-01\"}", "occurred_at"}};
    for (size_t i = 0; i < COUNT(bad); i++) {
        arena *a = arena_open(1 << 20);
        signal s;
        err e = {0};
        assert_false(read_as(a, bad[i].text, false, &s, &e));
        if (str_find(str_of(e.msg), str_of(bad[i].says)) < 0)
            fail_msg("%s: %s", bad[i].text, e.msg);
        arena_close(a);
    }
}

static void a_call_is_named_by_its_message_and_its_person(void **state) {
    (void)state;
    arena *a = arena_open(1 << 20);
    signal s;
    err e;
    assert_ok(read_as(a,
                      "{\"event\":\"paid\",\"messageId\":\"m\",\"userId\":7,\"timestamp\":"
                      "\"2026-01-02T03:04:05Z\",\"properties\":{\"revenue\":\"12.50\",\"ces\":6,"
                      "\"deep\":{\"er\":{\"x\":1}},\"currency\":\"EUR\",\"text\":\"ok\"}}",
                      true, &s, &e));
    assert_str(s.row.external_id, S("m"));
    assert_str(s.row.customer, S("user:7"));
    assert_str(s.row.words, S("ok"));
    assert_str(s.row.currency, S("EUR"));
    assert_int_equal(s.row.amount, 12500000);
    assert_str(s.row.attributes, S("{\"deep.er.x\":1,\"score:ces\":6}"));
    assert_ok(read_as(a, "{\"type\":\"screen\",\"name\":\"cart\"}", true, &s, &e));
    assert_str(s.row.event, S("screen"));
    assert_str(s.row.external_id, S("name-1"));
    assert_false(read_as(a, "{\"type\":\"track\"}", true, &s, &e));
    assert_false(read_as(a, "{\"type\":\"jump\"}", true, &s, &e));
    assert_false(read_as(a, "{\"event\":\"x\",\"timestamp\":\"noon\"}", true, &s, &e));
    arena_close(a);
}

static void more_attributes_than_the_limit_are_refused(void **state) {
    (void)state;
    for (int segment = 0; segment < 2; segment++) {
        arena *a = arena_open(4 << 20);
        signal s;
        err e;
        buf b = {.a = a};
        buf_fmt(&b, "{\"event\":\"x\",\"%s\":{", segment ? "properties" : "attributes");
        for (int i = 0; i <= LIMIT_ATTRS; i++) buf_fmt(&b, "%s\"a%d\":1", i ? "," : "", i);
        buf_str(&b, S("}}"));
        buf_char(&b, 0);
        assert_false(read_as(a, b.p, segment, &s, &e));
        assert_int_equal(e.code, LIMIT);
        arena_close(a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_said_is_the_usual),
        cmocka_unit_test(scores_and_attributes_are_sorted_and_sealed),
        cmocka_unit_test(bad_items_get_a_sentence_that_names_the_field),
        cmocka_unit_test(a_call_is_named_by_its_message_and_its_person),
        cmocka_unit_test(more_attributes_than_the_limit_are_refused),
    };
    return RUN_TESTS(tests);
}
