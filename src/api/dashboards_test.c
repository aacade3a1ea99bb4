/* dashboards_test.c - saved questions: whose they are, who sees them, two people changing one. */
#include "api/auth_test.h"

#define TILE "{\"title\":\"NPS \xe5\x91\xa8\",\"question\":\"metric=nps&by=week(occurred_at)\"}"

typedef struct {
    auth_house x;
    seat ann, bob, boss;
} office;

static office office_open(void) {
    office o = {.x = auth_start()};
    user_make(&o.x, "ann", "analyst", NULL);
    user_make(&o.x, "bob", "manager", "logistics");
    user_make(&o.x, "boss", "admin", NULL);
    o.ann = sit(&o.x, "ann");
    o.bob = sit(&o.x, "bob");
    o.boss = sit(&o.x, "boss");
    return o;
}

static reply made(office *o, const seat *who_makes, const char *body) {
    reply r = as(&o->x, who_makes, "POST", "/api/v1/dashboards", body);
    assert_status(r, 201);
    return r;
}

static reply patch(office *o, const seat *s, const char *tag, const char *body) {
    str head = arena_fmt(o->x.h->a, "Cookie: %.*s\r\nX-Heed-CSRF: %.*s\r\n%s", STR_ARG(s->cookie),
                         STR_ARG(s->csrf), tag);
    return talk(o->x.h, "PATCH", "/api/v1/dashboards/1", head.p, str_of(body));
}

static void a_dashboard_keeps_its_tiles_in_order(void **state) {
    (void)state;
    office o = office_open();
    reply r = made(&o, &o.ann,
                   "{\"name\":\"Monday\",\"tiles\":[" TILE
                   ",{\"title\":\"b\",\"question\":\"metric=count\"}]}");
    assert_str(field_of(r, "Location"), S("/api/v1/dashboards/1"));
    assert_true(says(r, "\"mine\":true") && says(r, "\"shared\":false") &&
                says(r, "\"version\":1"));
    r = as(&o.x, &o.ann, "GET", "/api/v1/dashboards/1", "");
    assert_true(says(r, "\"tiles\":[" TILE ",{\"title\":\"b\",\"question\":\"metric=count\"}]"));
    r = patch(&o, &o.ann, "", "{\"name\":\"Tuesday\",\"tiles\":[]}");
    assert_true(r.status == 200 && says(r, "\"name\":\"Tuesday\"") && says(r, "\"tiles\":[]") &&
                says(r, "\"version\":2"));
    assert_status(as(&o.x, &o.ann, "DELETE", "/api/v1/dashboards/1", ""), 204);
    assert_status(as(&o.x, &o.ann, "GET", "/api/v1/dashboards/1", ""), 404);
    auth_end(&o.x);
}

static void what_is_not_shared_is_not_there_for_others(void **state) {
    (void)state;
    office o = office_open();
    made(&o, &o.ann, "{\"name\":\"mine alone\"}");
    assert_true(
        says(as(&o.x, &o.bob, "GET", "/api/v1/dashboards", ""), "{\"dashboards\":[],\"next"));
    assert_status(as(&o.x, &o.bob, "GET", "/api/v1/dashboards/1", ""), 404);
    assert_status(patch(&o, &o.bob, "", "{\"shared\":true}"), 404);
    assert_status(as(&o.x, &o.boss, "DELETE", "/api/v1/dashboards/1", ""), 404);
    assert_status(patch(&o, &o.ann, "", "{\"shared\":true}"), 200);
    reply r = as(&o.x, &o.bob, "GET", "/api/v1/dashboards", "");
    assert_true(says(r, "mine alone") && says(r, "\"mine\":false"));
    assert_status(patch(&o, &o.bob, "", "{\"name\":\"bob's\"}"), 403);
    assert_status(as(&o.x, &o.bob, "DELETE", "/api/v1/dashboards/1", ""), 403);
    assert_status(as(&o.x, &o.boss, "DELETE", "/api/v1/dashboards/1", ""), 204);
    auth_end(&o.x);
}

static void keys_read_what_is_shared_and_make_nothing(void **state) {
    (void)state;
    office o = office_open();
    made(&o, &o.ann, "{\"name\":\"open\",\"shared\":true}");
    made(&o, &o.ann, "{\"name\":\"closed\"}");
    str head = key_made(&o.x, "metrics.read metrics.write users.write", NONE);
    reply r = talk(o.x.h, "GET", "/api/v1/dashboards", head.p, NO_STR);
    assert_true(r.status == 200 && says(r, "open") && str_find(r.body, S("closed")) < 0);
    assert_status(talk(o.x.h, "POST", "/api/v1/dashboards", head.p, S("{\"name\":\"x\"}")), 403);
    assert_status(talk(o.x.h, "DELETE", "/api/v1/dashboards/1", head.p, NO_STR), 403);
    auth_end(&o.x);
}

static void who_changes_an_old_one_is_told(void **state) {
    (void)state;
    office o = office_open();
    made(&o, &o.ann, "{\"name\":\"shared\",\"shared\":true}");
    str tag = field_of(as(&o.x, &o.ann, "GET", "/api/v1/dashboards/1", ""), "ETag");
    str match = arena_fmt(o.x.h->a, "If-Match: %.*s\r\n", STR_ARG(tag));
    assert_status(patch(&o, &o.ann, match.p, "{\"name\":\"first\"}"), 200);
    assert_status(patch(&o, &o.ann, match.p, "{\"name\":\"second\"}"), 412);
    assert_true(says(as(&o.x, &o.ann, "GET", "/api/v1/dashboards/1", ""), "\"name\":\"first\""));
    auth_end(&o.x);
}

static void wrong_dashboards_get_a_sentence(void **state) {
    (void)state;
    office o = office_open();
    static const char *const wrong[] = {
        "{}",
        "{\"name\":\"  \"}",
        "{\"name\":\"x\",\"owner_id\":2}",
        "{\"name\":\"x\",\"tiles\":{}}",
        "{\"name\":\"x\",\"tiles\":null}",
        "{\"name\":\"x\",\"tiles\":[1]}",
        "{\"name\":\"x\",\"tiles\":[{\"title\":\"t\"}]}",
        "{\"name\":\"x\",\"tiles\":[{\"title\":\"t\",\"question\":7}]}",
        "{\"name\":\"x\",\"tiles\":[{\"title\":\"t\",\"question\":\"q\",\"more\":1}]}",
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        reply r = as(&o.x, &o.ann, "POST", "/api/v1/dashboards", wrong[i]);
        if (r.status != 400) fail_msg("%s: %d", wrong[i], r.status);
        assert_true(json_get_text(r.doc, S("detail")).n > 5);
    }
    buf b = {.a = o.x.h->a};
    buf_str(&b, S("{\"name\":\"x\",\"tiles\":["));
    for (int i = 0; i <= LIMIT_DASHBOARD_TILES; i++) buf_fmt(&b, "%s" TILE, i ? "," : "");
    buf_bytes(&b, "]}", 3);
    assert_status(as(&o.x, &o.ann, "POST", "/api/v1/dashboards", b.p), 413);
    auth_end(&o.x);
}

static void a_long_list_is_walked_page_by_page(void **state) {
    (void)state;
    office o = office_open();
    err e;
    for (int i = 0; i < LIMIT_DASHBOARDS; i++) {
        dashboard d;
        noun_init(&noun_dashboard, &d);
        d.name = arena_fmt(o.x.h->a, "d%d", i);
        d.tiles = S("[]");
        d.owner_id = 1;
        d.shared = i % 3 == 0;
        assert_ok(store_put(o.x.h->s, &noun_dashboard, &d, &e));
    }
    assert_status(as(&o.x, &o.ann, "POST", "/api/v1/dashboards", "{\"name\":\"one more\"}"), 413);
    str cursor = S("");
    u32 n = 0;
    do {
        str path = arena_fmt(o.x.h->a, "/api/v1/dashboards?limit=10&cursor=%.*s", STR_ARG(cursor));
        reply r = as(&o.x, &o.bob, "GET", path.p, "");
        assert_status(r, 200);
        n += json_get(r.doc, S("dashboards"))->n;
        cursor = json_get_text(r.doc, S("next_cursor"));
    } while (cursor.n);
    assert_int_equal(n, (LIMIT_DASHBOARDS + 2) / 3);
    auth_end(&o.x);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dashboard_keeps_its_tiles_in_order),
        cmocka_unit_test(what_is_not_shared_is_not_there_for_others),
        cmocka_unit_test(keys_read_what_is_shared_and_make_nothing),
        cmocka_unit_test(who_changes_an_old_one_is_told),
        cmocka_unit_test(wrong_dashboards_get_a_sentence),
        cmocka_unit_test(a_long_list_is_walked_page_by_page),
    };
    return RUN_TESTS(tests);
}
