/* measures_test.c - measures over HTTP: planned, signed, started, judged; and who may. */
#include "api/auth_test.h"

#define PLAN                                                                                       \
    "{\"name\":\"letter\",\"lever\":\"service\",\"design\":\"trial\",\"outcome\":\"share:channel " \
    "= 'call'\","                                                                                  \
    "\"unit\":\"customer\",\"starts_at\":\"2020-01-01\",\"ends_at\":\"2020-02-01\",\"cost\":100,"  \
    "\"margin\":2,\"signs_needed\":\"finance\"}"
#define AT "/api/v1/measures/1"

typedef struct {
    auth_house x;
    seat manager, analyst, shop, scoped;
} office;

static office office_open(void) {
    office o = {.x = auth_start()};
    user_make(&o.x, "mia", "manager", NULL);
    user_make(&o.x, "ann", "analyst", NULL);
    user_make(&o.x, "sam", "frontline", "logistics");
    user_make(&o.x, "leo", "manager", "logistics");
    o.manager = sit(&o.x, "mia");
    o.analyst = sit(&o.x, "ann");
    o.shop = sit(&o.x, "sam");
    o.scoped = sit(&o.x, "leo");
    return o;
}

static void a_measure_goes_its_way(void **state) {
    (void)state;
    office o = office_open();
    reply r = as(&o.x, &o.manager, "POST", "/api/v1/measures", PLAN);
    assert_status(r, 201);
    assert_true(says(r, "\"state\":\"draft\"") && says(r, "\"better\":\"up\""));
    assert_status(as(&o.x, &o.manager, "POST", "/api/v1/measures", PLAN), 409);
    assert_status(as(&o.x, &o.manager, "POST", AT "/evaluate", ""), 409);
    r = as(&o.x, &o.manager, "POST", AT "/start", "");
    assert_true(r.status == 409 && says(r, "before finance has signed"));
    assert_status(as(&o.x, &o.manager, "POST", AT "/sign", "{\"as\":\"legal\"}"), 400);
    r = as(&o.x, &o.manager, "POST", AT "/sign", "{\"as\":\"finance\"}");
    assert_true(r.status == 200 && says(r, "\"by\":\"user:mia\""));
    assert_status(as(&o.x, &o.manager, "POST", AT "/start", ""), 200);
    assert_status(as(&o.x, &o.manager, "PATCH", AT, "{\"outcome\":\"nps\"}"), 409);
    assert_status(as(&o.x, &o.manager, "PATCH", AT, "{\"owner\":\"mia\"}"), 200);
    r = as(&o.x, &o.manager, "POST", AT "/evaluate", "");
    assert_true(r.status == 200 && says(r, "\"state\":\"ended\"") &&
                says(r, "\"verdict\":\"inconclusive\"") && says(r, "\"reason\":\"too_few\""));
    r = as(&o.x, &o.analyst, "GET", "/api/v1/rox", "");
    assert_true(r.status == 200 && says(r, "\"unevaluated\":1") && says(r, "\"value\":0"));
    auth_end(&o.x);
}

static void nobody_writes_a_verdict(void **state) {
    (void)state;
    office o = office_open();
    as(&o.x, &o.manager, "POST", "/api/v1/measures", PLAN);
    reply r = as(&o.x, &o.manager, "PATCH", AT, "{\"verdict\":\"effective\"}");
    assert_true(r.status == 409 && says(r, "without an evaluation"));
    assert_status(as(&o.x, &o.manager, "PATCH", AT, "{\"evaluation\":{}}"), 400);
    assert_status(as(&o.x, &o.manager, "PATCH", AT, "{\"state\":\"ended\"}"), 400);
    auth_end(&o.x);
}

static void each_role_does_its_part(void **state) {
    (void)state;
    office o = office_open();
    as(&o.x, &o.manager, "POST", "/api/v1/measures", PLAN);
    assert_status(as(&o.x, &o.analyst, "GET", AT "/effect", ""), 200);
    assert_status(as(&o.x, &o.analyst, "POST", AT "/sign", "{\"as\":\"finance\"}"), 403);
    assert_status(as(&o.x, &o.shop, "GET", "/api/v1/measures", ""), 403);
    assert_status(as(&o.x, &o.scoped, "GET", AT "/effect", ""), 200);
    assert_status(as(&o.x, &o.scoped, "POST", AT "/evaluate", ""), 409);
    auth_end(&o.x);
}

static void an_arm_is_told_the_same_each_time(void **state) {
    (void)state;
    office o = office_open();
    as(&o.x, &o.manager, "POST", "/api/v1/measures", PLAN);
    str first = as(&o.x, &o.analyst, "GET", AT "/arm?unit=c-17", "").body;
    assert_true(str_find(first, S("\"arm\":\"treated\"")) >= 0 ||
                str_find(first, S("\"arm\":\"control\"")) >= 0);
    assert_str(as(&o.x, &o.analyst, "GET", AT "/arm?unit=c-17", "").body, first);
    assert_status(as(&o.x, &o.analyst, "GET", AT "/arm", ""), 400);
    auth_end(&o.x);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_measure_goes_its_way),
        cmocka_unit_test(nobody_writes_a_verdict),
        cmocka_unit_test(each_role_does_its_part),
        cmocka_unit_test(an_arm_is_told_the_same_each_time),
    };
    return RUN_TESTS(tests);
}
