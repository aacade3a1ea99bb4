/* registry_test.c - the pages "registry" and "goals", and who may; the command "goal" is asked in t/cli.sh. */
#include "api/auth_test.h"

#define METRIC                                                                                     \
    "{\"name\":\"calls\",\"formula\":\"nps\",\"population\":\"channel = "                          \
    "'call'\",\"quality\":[\"n >= 100\"]}"
#define GOAL "{\"name\":\"love\",\"kind\":\"kgi\",\"metric\":\"calls\",\"target\":40}"

static void analysts_define_and_others_read(void **state) {
    (void)state;
    auth_house x = auth_start();
    user_make(&x, "ann", "analyst", NULL);
    user_make(&x, "eva", "executive", NULL);
    seat ann = sit(&x, "ann"), eva = sit(&x, "eva");
    assert_status(as(&x, &eva, "POST", "/api/v1/metrics", METRIC), 403);
    reply r = as(&x, &ann, "POST", "/api/v1/metrics", METRIC);
    assert_true(r.status == 201 && says(r, "\"version\":1") && says(r, "\"built_in\":false"));
    assert_status(as(&x, &ann, "POST", "/api/v1/metrics", METRIC), 409);
    r = as(&x, &ann, "PATCH", "/api/v1/metrics/calls", "{\"minimum_n\":10}");
    assert_true(r.status == 200 && says(r, "\"version\":2"));
    assert_status(as(&x, &ann, "PATCH", "/api/v1/metrics/nps", "{\"minimum_n\":10}"), 404);
    r = as(&x, &eva, "GET", "/api/v1/metrics/calls/history", "");
    assert_true(r.status == 200 && says(r, "\"version\":1") && says(r, "\"version\":2"));
    r = as(&x, &eva, "GET", "/api/v1/metrics/calls/value", "");
    assert_true(r.status == 200 && says(r, "\"degraded\":true") &&
                says(r, "\"reason\":\"no_data\""));
    assert_status(as(&x, &eva, "GET", "/api/v1/metrics/calls/trend?unit=week", ""), 200);
    assert_status(as(&x, &eva, "GET", "/api/v1/metrics/calls/trend?unit=channel", ""), 400);
    auth_end(&x);
}

static void a_goal_is_set_changed_and_removed(void **state) {
    (void)state;
    auth_house x = auth_start();
    user_make(&x, "ann", "analyst", NULL);
    seat ann = sit(&x, "ann");
    assert_status(as(&x, &ann, "POST", "/api/v1/goals", GOAL), 400); /* no such metric yet */
    assert_status(as(&x, &ann, "POST", "/api/v1/metrics", METRIC), 201);
    assert_status(as(&x, &ann, "POST", "/api/v1/goals", GOAL), 201);
    assert_status(as(&x, &ann, "PATCH", "/api/v1/goals/1", "{\"parent_id\":1}"), 400);
    assert_status(as(&x, &ann, "PATCH", "/api/v1/goals/1", "{\"relation\":\"x * 2\"}"), 400);
    reply r = as(&x, &ann, "GET", "/api/v1/goals", "");
    assert_true(r.status == 200 && says(r, "\"status\":\"unknown\"") && !says(r, "nan"));
    assert_status(as(&x, &ann, "DELETE", "/api/v1/goals/1", ""), 204);
    assert_status(as(&x, &ann, "GET", "/api/v1/goals/1", ""), 404);
    auth_end(&x);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(analysts_define_and_others_read),
        cmocka_unit_test(a_goal_is_set_changed_and_removed),
    };
    return RUN_TESTS(tests);
}
