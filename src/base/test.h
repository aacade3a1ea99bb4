/* test.h - what every unit test includes: cmocka, and a few words of our own. */
#ifndef BASE_TEST_H
#define BASE_TEST_H
#include "base/base.h"
#include "base/job.h"
#include <cmocka.h>

/* In tests too, fail() is the house's; a test gives up with fail_msg(). */
#undef fail
#undef fail_msg
#define fail(e, code, ...) err_set((e), (code), __FILE__, __LINE__, __VA_ARGS__)
#define fail_msg(...)                                                                              \
    do {                                                                                           \
        print_error("ERROR: " __VA_ARGS__);                                                        \
        print_error("\n");                                                                         \
        _fail(__FILE__, __LINE__);                                                                 \
    } while (0)

#define assert_str(have, want)                                                                     \
    do {                                                                                           \
        str have_ = (have), want_ = (want);                                                        \
        if (!str_eq(have_, want_))                                                                 \
            fail_msg("have \"%.*s\", want \"%.*s\"", STR_ARG(have_), STR_ARG(want_));              \
    } while (0)
#define assert_near(have, want, tol)                                                               \
    do {                                                                                           \
        double have_ = (have), want_ = (want);                                                     \
        if (!(fabs(have_ - want_) <= (tol))) fail_msg("have %.12g, want %.12g", have_, want_);     \
    } while (0)
#define assert_ok(call)                                                                            \
    do {                                                                                           \
        if (!(call)) fail_msg("%s: %s", #call, e.msg);                                             \
    } while (0)
#define RUN_TESTS(tests) cmocka_run_group_tests_name(__FILE__, tests, NULL, NULL)
#endif
