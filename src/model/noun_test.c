/* noun_test.c - what a description of a noun promises: reading, printing, bounds and laws. */
#include "base/test.h"
#include "model/nouns.h"

static void whole_ticket(ticket *t) {
    noun_init(&noun_ticket, t);
    t->deed = S("rule1v1:00");
    t->signal_id = 1;
    t->title = S("late");
    t->state = S("open");
    t->priority = S("normal");
    t->opened_at = 1000;
}

static void a_ticket_closes_only_with_an_outcome(void **state) {
    (void)state;
    err e;
    ticket t;
    whole_ticket(&t);
    assert_ok(noun_check(&noun_ticket, &t, &e));
    t.state = S("closed");
    t.closed_at = 2000;
    assert_false(noun_check(&noun_ticket, &t, &e));
    assert_int_equal(e.code, CONFLICT);
    assert_non_null(strstr(e.msg, "without an outcome"));
    t.outcome = S("explained");
    assert_ok(noun_check(&noun_ticket, &t, &e));
}

static void each_wrong_field_is_named(void **state) {
    (void)state;
    static const struct {
        const char *json, *says;
    } bad[] = {{"[]", "want an object"},
               {"{\"nmae\":\"x\"}", "\"nmae\" is not a field"},
               {"{\"id\":3}", "\"id\" is not a field that can be set"},
               {"{\"name\":3}", "\"name\" wants a text"},
               {"{\"name\":\"x\",\"parent_id\":\"y\"}", "\"parent_id\" wants a whole number"},
               {"{\"title\":\"x\"}", "\"name\" is required"}};
    for (size_t i = 0; i < COUNT(bad); i++) {
        arena *a = arena_open(1 << 20);
        err e;
        json *j;
        department d;
        noun_init(&noun_department, &d);
        assert_ok(json_read(a, str_of(bad[i].json), &j, &e));
        assert_false(noun_read(a, &noun_department, j, &d, &e));
        if (!strstr(e.msg, bad[i].says)) fail_msg("%s: %s", bad[i].json, e.msg);
        arena_close(a);
    }
}

static void what_is_read_prints_equal_and_secrets_stay(void **state) {
    (void)state;
    err e;
    arena *a = arena_open(1 << 20);
    json *j;
    rule r;
    user u;
    buf b = {.a = a}, c = {.a = a};
    json_out out = json_to(&b), secret = json_to(&c);
    noun_init(&noun_rule, &r);
    assert_ok(json_read(a, S("{\"name\":\"late\",\"condition\":\"x = 1\",\"action\":\"tag\","
                             "\"params\":{\"tag\":\"a\"},\"enabled\":true}"), &j, &e));
    assert_ok(noun_read(a, &noun_rule, j, &r, &e));
    noun_print(&out, &noun_rule, &r);
    assert_str(buf_view(&b), S("{\"id\":0,\"name\":\"late\",\"condition\":\"x = 1\",\"action\":\"tag\",\"params\":"
                               "{\"tag\":\"a\"},\"enabled\":true,\"order\":null,"
                               "\"last\":false,\"version\":null,\"changed_at\":null}"));
    noun_init(&noun_user, &u);
    u.password = S("hash-of-it");
    noun_print(&secret, &noun_user, &u);
    assert_int_equal(str_find(buf_view(&c), S("hash-of-it")), -1);
    arena_close(a);
}

static void names_of_fields_are_unique_in_each_noun(void **state) {
    (void)state;
    for (size_t n = 0; n < nouns_n; n++)
        for (size_t i = 0; i < nouns[n]->fields_n; i++)
            assert_ptr_equal(noun_field(nouns[n], str_of(nouns[n]->fields[i].name)), &nouns[n]->fields[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ticket_closes_only_with_an_outcome),
        cmocka_unit_test(each_wrong_field_is_named),
        cmocka_unit_test(what_is_read_prints_equal_and_secrets_stay),
        cmocka_unit_test(names_of_fields_are_unique_in_each_noun),
    };
    return RUN_TESTS(tests);
}
