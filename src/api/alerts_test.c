/* alerts_test.c - watches and alerts over HTTP: made, found, acknowledged, judged; and who may. */
#include "api/auth_test.h"

#define WATCH                                                                                      \
    "{\"name\":\"calls\",\"what\":\"volume\",\"population\":\"channel = 'call'\","                 \
    "\"chart\":\"shewhart\",\"department\":\"logistics\"}"

typedef struct {
    auth_house x;
    seat manager, analyst, ours, theirs;
} office;

static office office_open(void) {
    office o = {.x = auth_start()};
    user_make(&o.x, "mia", "manager", NULL);
    user_make(&o.x, "ann", "analyst", NULL);
    user_make(&o.x, "leo", "manager", "logistics");
    user_make(&o.x, "eva", "manager", "digital");
    o.manager = sit(&o.x, "mia");
    o.analyst = sit(&o.x, "ann");
    o.ours = sit(&o.x, "leo");
    o.theirs = sit(&o.x, "eva");
    return o;
}

static void a_watch_is_made_tried_and_changed(void **state) {
    (void)state;
    office o = office_open();
    reply r = as(&o.x, &o.manager, "POST", "/api/v1/watches", WATCH);
    assert_status(r, 201);
    assert_true(says(r, "\"arl\":370") && says(r, "\"cooldown\":\"2d\""));
    assert_status(as(&o.x, &o.manager, "POST", "/api/v1/watches", WATCH), 409);
    r = as(&o.x, &o.manager, "POST", "/api/v1/watches", "{\"name\":\"x\",\"what\":\"median\"}");
    assert_true(r.status == 400 && says(r, "or volume"));
    r = as(&o.x, &o.manager, "GET", "/api/v1/watches/1/chart?days=30", "");
    assert_true(r.status == 200 && says(r, "\"points\":["));
    r = as(&o.x, &o.manager, "PATCH", "/api/v1/watches/1", "{\"arl\":1}");
    assert_true(r.status == 400 && says(r, "arl"));
    assert_status(as(&o.x, &o.manager, "PATCH", "/api/v1/watches/1", "{\"arl\":500}"), 200);
    assert_status(as(&o.x, &o.manager, "POST", "/api/v1/watches/1/relearn", ""), 200);
    r = as(&o.x, &o.manager, "GET", "/api/v1/watches", "");
    assert_true(says(r, "\"false_expected\"") && says(r, "\"alerts_false\":0"));
    auth_end(&o.x);
}

static void each_department_sees_its_own(void **state) {
    (void)state;
    office o = office_open();
    as(&o.x, &o.manager, "POST", "/api/v1/watches", WATCH);
    assert_status(as(&o.x, &o.ours, "GET", "/api/v1/watches/1", ""), 200);
    assert_status(as(&o.x, &o.theirs, "GET", "/api/v1/watches/1", ""), 404);
    assert_status(as(&o.x, &o.theirs, "GET", "/api/v1/watches/1/chart", ""), 404);
    assert_false(says(as(&o.x, &o.theirs, "GET", "/api/v1/watches", ""), "calls"));
    assert_status(as(&o.x, &o.theirs, "POST", "/api/v1/watches/try", WATCH), 200);
    assert_status(as(&o.x, &o.analyst, "POST", "/api/v1/watches", WATCH), 403);
    assert_status(as(&o.x, &o.analyst, "POST", "/api/v1/alerts/1/acknowledge", ""), 403);
    assert_status(as(&o.x, &o.manager, "POST", "/api/v1/alerts/1/acknowledge", ""), 404);
    auth_end(&o.x);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_watch_is_made_tried_and_changed),
        cmocka_unit_test(each_department_sees_its_own),
    };
    return RUN_TESTS(tests);
}
