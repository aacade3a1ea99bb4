/* cases_test.c - cases over HTTP (page_cases, page_casework): history, words, merging, many at once, reports,
** calendars, playbooks, views; and who may. */
#include "api/auth_test.h"

typedef struct {
    auth_house x;
    seat manager, shop, other;
    i64 one, two;
} office;

static i64 put_case(office *o, const char *dept, int k) {
    err e;
    arena *a = o->x.h->a;
    heard h = {0};
    ticket t;
    signal_init(&h.sig);
    noun_init(&noun_insight, &h.ins.row);
    h.ins.row.quality = S("ok");
    h.ins.row.reader = S("t");
    h.sig.row.source = S("t");
    h.sig.row.external_id = arena_fmt(a, "case %d", k);
    h.sig.row.occurred_at = pages_world.now_ms(&pages_world) - 1000;
    h.sig.row.words = S("late again");
    assert_ok(store_add(o->x.h->s, &h, 1, NULL, &e));
    noun_init(&noun_ticket, &t);
    t.deed = arena_fmt(a, "deed %d", k);
    t.signal_id = h.sig.row.id;
    t.title = S("late again");
    t.department = str_of(dept);
    t.state = S("open");
    t.priority = S("normal");
    t.opened_at = h.sig.row.occurred_at;
    assert_ok(store_put(o->x.h->s, &noun_ticket, &t, &e));
    return t.id;
}

static office office_open(void) {
    office o = {.x = auth_start()};
    err e;
    user_make(&o.x, "mia", "manager", NULL);
    user_make(&o.x, "sam", "frontline", "logistics");
    user_make(&o.x, "lea", "frontline", "service");
    o.manager = sit(&o.x, "mia");
    o.shop = sit(&o.x, "sam");
    o.other = sit(&o.x, "lea");
    o.one = put_case(&o, "logistics", 1);
    o.two = put_case(&o, "logistics", 2);
    assert_ok(tally_follow(o.x.h->t, &e));
    return o;
}

static reply on(office *o, seat *s, const char *method, i64 id, const char *end, const char *body) {
    return as(&o->x, s, method, arena_fmt(o->x.h->a, "/api/v1/tickets/%" PRId64 "%s", id, end).p,
              body);
}

static void a_shop_employee_works_a_case(void **state) {
    (void)state;
    office o = office_open();
    assert_status(on(&o, &o.shop, "POST", o.one, "/events", "{\"kind\":\"comment\"}"), 400);
    reply r = on(&o, &o.shop, "POST", o.one, "/events",
                 "{\"kind\":\"contact\",\"way\":\"phone\",\"text\":\"said sorry\"}");
    assert_true(r.status == 200 && says(r, "\"kind\":\"contact\"") && says(r, "user:sam"));
    assert_status(on(&o, &o.shop, "PATCH", o.one, "", "{\"state\":\"closed\"}"), 409);
    assert_status(
        on(&o, &o.shop, "PATCH", o.one, "", "{\"state\":\"closed\",\"outcome\":\"explained\"}"),
        200);
    r = on(&o, &o.shop, "PATCH", o.one, "", "{\"state\":\"working\"}");
    assert_true(r.status == 409 && says(r, "open it again first"));
    r = on(&o, &o.shop, "GET", o.one, "/history", "");
    assert_true(r.status == 200 && says(r, "\"detail\":\"explained\"") && says(r, "\"age_ms\":"));
    assert_status(on(&o, &o.other, "GET", o.one, "/history", ""), 404);
    assert_status(
        on(&o, &o.other, "POST", o.one, "/events", "{\"kind\":\"comment\",\"text\":\"x\"}"), 404);
    auth_end(&o.x);
}

static void handing_over_takes_it_out_of_sight(void **state) {
    (void)state;
    office o = office_open();
    assert_status(on(&o, &o.shop, "PATCH", o.one, "", "{\"department\":\"service\"}"), 200);
    assert_status(on(&o, &o.shop, "GET", o.one, "/history", ""), 404);
    reply r = on(&o, &o.other, "GET", o.one, "/history", "");
    assert_true(r.status == 200 && says(r, "\"kind\":\"handed\"") &&
                says(r, "\"detail\":\"logistics\""));
    auth_end(&o.x);
}

static void many_at_once_and_merged(void **state) {
    (void)state;
    office o = office_open();
    reply r = as(&o.x, &o.manager, "POST", "/api/v1/tickets/bulk",
                 arena_fmt(o.x.h->a,
                           "{\"ids\":[%" PRId64 ",%" PRId64 ",9999],\"change\":{\"priority\":"
                           "\"high\"}}",
                           o.one, o.two)
                     .p);
    assert_true(r.status == 200 && says(r, "\"ok\":true") && says(r, "there is no ticket 9999"));
    r = as(
        &o.x, &o.other, "POST", "/api/v1/tickets/bulk",
        arena_fmt(o.x.h->a, "{\"ids\":[%" PRId64 "],\"change\":{\"priority\":\"low\"}}", o.one).p);
    assert_true(r.status == 200 && says(r, "\"ok\":false") && says(r, "there is no ticket"));
    str from = arena_fmt(o.x.h->a, "{\"from\":[%" PRId64 "]}", o.two);
    r = on(&o, &o.manager, "POST", o.one, "/merge", from.p);
    assert_true(r.status == 200 && says(r, "\"kind\":\"absorbed\""));
    assert_status(on(&o, &o.manager, "POST", o.one, "/merge", from.p), 409);
    r = as(&o.x, &o.manager, "GET", "/api/v1/cases/report?by=department", "");
    assert_true(r.status == 200 && says(r, "\"cases\":1")); /* the merged one is part of it */
    r = as(&o.x, &o.manager, "GET", "/api/v1/cases/scorecard", "");
    assert_true(r.status == 200 && says(r, "\"department\":\"logistics\""));
    assert_status(as(&o.x, &o.manager, "GET", "/api/v1/cases/report?by=weather", ""), 400);
    auth_end(&o.x);
}

static void what_cases_are_worked_with(void **state) {
    (void)state;
    office o = office_open();
    static const char office_hours[] =
        "{\"name\":\"office\",\"zone\":\"+08:00\",\"hours\":\"mon-fri 09:00-18:00\"}";
    assert_status(as(&o.x, &o.shop, "POST", "/api/v1/calendars", office_hours), 403);
    assert_status(as(&o.x, &o.manager, "POST", "/api/v1/calendars", office_hours), 201);
    assert_status(as(&o.x, &o.manager, "POST", "/api/v1/calendars", office_hours), 409);
    reply r = as(&o.x, &o.manager, "PATCH", "/api/v1/calendars/1", "{\"hours\":\"never\"}");
    assert_true(r.status == 400 && says(r, "want days and spans"));
    assert_status(as(&o.x, &o.manager, "POST", "/api/v1/playbooks",
                     "{\"name\":\"late\",\"steps\":\"Find it\\nCall\"}"),
                  201);
    r = as(&o.x, &o.shop, "GET", "/api/v1/playbooks", "");
    assert_true(r.status == 200 && says(r, "Find it"));
    auth_end(&o.x);
}

static void a_view_is_its_owners_until_it_is_shared(void **state) {
    (void)state;
    office o = office_open();
    assert_status(
        as(&o.x, &o.shop, "POST", "/api/v1/views", "{\"name\":\"x\",\"condition\":\"state =\"}"),
        400);
    assert_status(as(&o.x, &o.shop, "POST", "/api/v1/views",
                     "{\"name\":\"Urgent\",\"condition\":\"priority = 'urgent'\"}"),
                  201);
    reply r = as(&o.x, &o.manager, "GET", "/api/v1/views", "");
    assert_true(r.status == 200 && !says(r, "Urgent"));
    assert_status(as(&o.x, &o.manager, "DELETE", "/api/v1/views/1", ""), 404);
    assert_status(as(&o.x, &o.shop, "PATCH", "/api/v1/views/1", "{\"shared\":true}"), 200);
    r = as(&o.x, &o.manager, "GET", "/api/v1/views", "");
    assert_true(says(r, "Urgent"));
    assert_status(as(&o.x, &o.manager, "DELETE", "/api/v1/views/1", ""), 409);
    assert_status(as(&o.x, &o.shop, "DELETE", "/api/v1/views/1", ""), 204);
    auth_end(&o.x);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shop_employee_works_a_case),
        cmocka_unit_test(handing_over_takes_it_out_of_sight),
        cmocka_unit_test(many_at_once_and_merged),
        cmocka_unit_test(what_cases_are_worked_with),
        cmocka_unit_test(a_view_is_its_owners_until_it_is_shared),
    };
    return RUN_TESTS(tests);
}
