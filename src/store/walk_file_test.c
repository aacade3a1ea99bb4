/* walk_file_test.c - the walk's runs on disk: kept for the next process, never believed when damaged, gone
** with the segments they speak of; and quantiles against sorting. */
#include "store/walk_twin.h"
#include <sys/stat.h>

static err e;

typedef struct {
    arena *a;
    fake f;
    tally *t;
    char dir[64];
} room;

static room room_open(size_t n, u64 seed) {
    room r = {.a = arena_open((size_t)256 << 20)};
    twin_fill(&r.f, n, seed);
    fake_dir(r.dir);
    return r;
}

static void room_start(room *r) {
    tally_source from = fake_source(&r->f);
    assert_ok(tally_open_from(&from, r->dir, 32, &r->t, NULL, NULL, &e));
}

static void room_close(room *r) {
    if (r->t) tally_close(r->t);
    fake_dir_remove(r->dir);
    arena_close(r->f.a);
    arena_close(r->a);
}

/* Asks, holds the answer against the twin, yields how many rows were put in order for it. */
static i64 asked(room *r) {
    walk_scope s = {0};
    follows_answer got;
    assert_ok(walk_follows(r->t, r->a, &s, &got, &e));
    assert_str(print_follows(r->a, &got), twin_follows(r->a, &r->f, &s));
    return got.cost.indexed;
}

static bool note(void *ctx, const char *name) {
    str *found = ctx;
    if (str_ends(str_of(name), S(".walk"))) {
        char *at = mem_new(strlen(name) + 1, 1);
        memcpy(at, name, strlen(name));
        *found = str_of(at);
    }
    return true;
}

/* A run's file, by its whole path. */
static str a_run(room *r) {
    str found = NO_STR;
    dir_clean(r->dir, note, &found);
    if (!found.p) return found;
    str path = arena_fmt(r->a, "%s/%.*s", r->dir, STR_ARG(found));
    union {
        const char *from;
        void *to;
    } was = {found.p};
    free(was.to);
    return path;
}

static void what_was_put_in_order_is_kept_for_the_next_process(void **state) {
    (void)state;
    room r = room_open(320, 7);
    room_start(&r);
    assert_ok(tally_seal(r.t, &e));
    assert_int_equal(asked(&r), 320);
    assert_int_equal(asked(&r), 0);
    tally_close(r.t);
    room_start(&r);
    assert_int_equal(asked(&r), 0);
    assert_ok(tally_rebuild(r.t, NULL, NULL, &e));
    assert_null(a_run(&r).p);
    assert_int_equal(asked(&r), 320);
    room_close(&r);
}

static void damage(const char *path, u64 at, bool cut) {
    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    if (cut) {
        assert_int_equal(ftruncate(fileno(f), (off_t)at), 0);
    } else {
        u8 byte;
        assert_int_equal(fseek(f, (long)at, SEEK_SET), 0);
        assert_int_equal(fread(&byte, 1, 1, f), 1);
        byte ^= (u8)(1u << at % 8);
        assert_int_equal(fseek(f, (long)at, SEEK_SET), 0);
        assert_int_equal(fwrite(&byte, 1, 1, f), 1);
    }
    fclose(f);
}

static void a_damaged_run_is_made_again(void **state) {
    (void)state;
    room r = room_open(320, 8);
    room_start(&r);
    assert_ok(tally_seal(r.t, &e));
    (void)asked(&r);
    struct stat st;
    str path = a_run(&r);
    assert_int_equal(stat(path.p, &st), 0);
    u64 bytes = (u64)st.st_size;
    for (u64 at = 0; at < bytes; at += 97) {
        tally_close(r.t);
        damage(path.p, at, at % 3 == 0);
        room_start(&r);
        i64 again = asked(&r); /* 0: the byte was one of the blanks between two lanes */
        assert_true(again == 0 || again == 320);
    }
    room_close(&r);
}

static void a_kill_at_any_write_leaves_nothing_wrong(void **state) {
    (void)state;
    bool done = false;
    for (i64 n = 0; !done; n++) {
        room r = room_open(160, 9);
        room_start(&r);
        assert_ok(tally_seal(r.t, &e));
        file_fail_after(n);
        (void)asked(&r);
        done = file_fail_after(-1) < n;
        (void)asked(&r);
        tally_close(r.t);
        room_start(&r);
        (void)asked(&r);
        room_close(&r);
        assert_true(n < 100);
    }
}

static void a_run_of_a_segment_that_is_no_more_is_removed(void **state) {
    (void)state;
    room r = room_open(320, 10);
    room_start(&r);
    assert_ok(tally_seal(r.t, &e));
    (void)asked(&r);
    str path = a_run(&r), name = str_from(path, strlen(r.dir) + 1);
    assert_true(run_fits(r.t, name.p));
    segment was = r.t->segments[0];
    segment_head other = *was.head;
    other.sum ^= 1;
    r.t->segments[0].head = &other;
    assert_false(run_fits(r.t, name.p));
    manifest_sweep(r.t);
    assert_null(a_run(&r).p);
    r.t->segments[0] = was;
    room_close(&r);
}

/* ---- several at once ---- */

static void *ask_thread(void *ctx) {
    room *r = ctx;
    walk_scope s = {0};
    follows_answer got;
    err mine;
    arena *a = arena_open((size_t)64 << 20);
    bool ok = walk_follows(r->t, a, &s, &got, &mine);
    i64 events = ok ? got.cost.events : -1;
    arena_close(a);
    return (void *)(intptr_t)events;
}

static void many_first_questions_agree(void **state) {
    (void)state;
    room r = room_open(600, 11);
    room_start(&r);
    pthread_t thread[8];
    void *found[8];
    for (size_t i = 0; i < COUNT(thread); i++)
        assert_int_equal(pthread_create(&thread[i], NULL, ask_thread, &r), 0);
    for (size_t i = 0; i < COUNT(thread); i++)
        assert_int_equal(pthread_join(thread[i], &found[i]), 0);
    for (size_t i = 0; i < COUNT(thread); i++) {
        assert_true((intptr_t)found[i] > 0);
        assert_ptr_equal(found[i], found[0]);
    }
    (void)asked(&r);
    room_close(&r);
}

/* ---- quantiles ---- */

static void quantiles_of_many_are_those_of_sorting(void **state) {
    (void)state;
    arena *a = arena_open((size_t)256 << 20);
    seed_state = 5;
    for (int round = 0; round < 300; round++, arena_reset(a)) {
        i64 n = 1 + (i64)chance(round < 250 ? 40 : 3000), pool = chance(2) ? 0 : (i64)chance(200);
        u64 top = (u64)1 << chance(50);
        i64 *v = NEW_N(a, i64, (size_t)n);
        spread s = {0};
        spread_pool p = {a, pool};
        twin_list all = {v, (size_t)n};
        for (i64 i = 0; i < n; i++) v[i] = (i64)(chance(top) * (chance(3) ? 1 : chance(top)));
        i64 others = chance(2) ? (i64)chance((u64)n + 1) : 0; /* counted by another thread */
        spread part_of = spread_part(&s);
        spread_pool q = {a, chance(2) ? pool : 0};
        for (i64 i = 0; i < n; i++)
            if (i < others)
                spread_add(&q, &part_of, v[i]);
            else
                spread_add(&p, &s, v[i]);
        spread_join(&p, &s, &part_of);
        if (spread_aim(a, &s)) {
            part_of = spread_part(&s);
            for (i64 i = 0; i < n; i++) spread_catch(a, i < others ? &part_of : &s, v[i]);
            spread_join(&p, &s, &part_of);
        }
        walk_times got = spread_times(&s), want = twin_times(all);
        assert_int_equal(got.n, want.n);
        assert_true(got.mean == want.mean && got.median == want.median && got.p90 == want.p90);
    }
    arena_close(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_in_order_is_kept_for_the_next_process),
        cmocka_unit_test(a_damaged_run_is_made_again),
        cmocka_unit_test(a_kill_at_any_write_leaves_nothing_wrong),
        cmocka_unit_test(a_run_of_a_segment_that_is_no_more_is_removed),
        cmocka_unit_test(many_first_questions_agree),
        cmocka_unit_test(quantiles_of_many_are_those_of_sorting),
    };
    return RUN_TESTS(tests);
}
