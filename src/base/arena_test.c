/* arena_test.c - budgets, defers and injected failures. */
#include "base/test.h"

static bool three_allocations(arena *a, void *ctx, err *e) {
    (void)e;
    for (int i = 0; i < 3; i++) *(char **)ctx = arena_alloc(a, 100);
    return true;
}

static void every_failing_allocation_ends_in_one_sentence(void **state) {
    (void)state;
    err e;
    char *last;
    i64 survived = -1;
    for (i64 n = 0; survived < 0; n++) {
        arena_fail_after(n);
        if (job_run(1 << 20, three_allocations, &last, &e))
            survived = n;
        else
            assert_int_equal(e.code, LIMIT);
    }
    arena_fail_after(-1);
    assert_int_equal(survived, 3);
}

static void a_small_budget_is_kept(void **state) {
    (void)state;
    err e;
    char *last;
    assert_false(job_run(200, three_allocations, &last, &e));
    assert_string_equal(e.msg, "this job needs more than its 200 bytes");
}

static void add_digit(void *p) {
    *(int *)p = *(int *)p * 10 + 1;
}

static void double_it(void *p) {
    *(int *)p *= 2;
}

static void defers_run_newest_first(void **state) {
    (void)state;
    int v = 1;
    arena *a = arena_open(1000);
    arena_defer(a, add_digit, &v);
    arena_defer(a, double_it, &v);
    arena_close(a);
    assert_int_equal(v, 21);
}

static bool too_much(arena *a, void *ctx, err *e) {
    (void)ctx, (void)e;
    return arena_alloc(a, 100000) != NULL;
}

/* The inner job lands in the inner one, and what follows it in the outer one. */
static bool inner_then_too_much(arena *a, void *ctx, err *e) {
    err inner;
    *(bool *)ctx = !job_run_in(a, too_much, NULL, &inner) && inner.code == LIMIT;
    return too_much(a, NULL, e);
}

static void jobs_nest_in_one_arena(void **state) {
    (void)state;
    err e;
    bool landed = false;
    assert_false(job_run(5000, inner_then_too_much, &landed, &e));
    assert_int_equal(e.code, LIMIT);
    assert_true(landed);
}

static void builders_grow_the_same_in_arenas_and_on_the_heap(void **state) {
    (void)state;
    arena *a = arena_open(1 << 20);
    buf heap = {0}, inside = {.a = a};
    for (int i = 0; i < 3000; i++) {
        buf_fmt(&heap, "%d,", i);
        buf_fmt(&inside, "%d,", i);
    }
    assert_str(buf_view(&heap), buf_view(&inside));
    buf_clear(&heap);
    arena_close(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failing_allocation_ends_in_one_sentence),
        cmocka_unit_test(a_small_budget_is_kept),
        cmocka_unit_test(defers_run_newest_first),
        cmocka_unit_test(jobs_nest_in_one_arena),
        cmocka_unit_test(builders_grow_the_same_in_arenas_and_on_the_heap),
    };
    return RUN_TESTS(tests);
}
