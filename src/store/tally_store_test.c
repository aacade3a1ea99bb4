/* tally_store_test.c - the tally over the real store: follows its commits, finds its words, and is
** proved against it. */
#include "store/room_test.h"
#include "store/tally_fake.h"

static err e;

static void mirror_remove(const room *r) {
    char dir[260];
    snprintf(dir, sizeof dir, "%s.tally", r->path);
    fake_dir_remove(dir);
}

static heard *items_of(arena *a, const fake *f, size_t from, size_t n) {
    heard *h = NEW_N(a, heard, n);
    for (size_t k = 0; k < n; k++) {
        h[k].sig = f->sig[from + k];
        h[k].ins = f->ins[from + k];
        h[k].sig.row.external_id = arena_fmt(a, "x%zu", from + k);
        h[k].ins.row.reader = S("test/1");
        for (size_t m = 0; m < h[k].ins.mentions_n; m++)
            h[k].ins.mentions[m].start = h[k].ins.mentions[m].end = 0;
        signal_seal(a, &h[k].sig);
    }
    return h;
}

static i64 matching(tally *t, arena *a, const char *where) {
    const expr *x;
    tally_answer out;
    assert_ok(expr_parse(a, str_of(where), 480, &x, &e));
    tally_question q = {.where = x, .zone_min = 480};
    assert_ok(tally_ask(t, a, &q, &out, &e));
    assert_int_equal(out.cells_n, 1);
    return out.cells[0].n;
}

static i64 findings(tally *t) {
    i64 bad = -1;
    assert_ok(tally_check(t, print_finding, NULL, &bad, &e));
    return bad;
}

static void what_the_store_acknowledged_is_in_the_next_answer(void **st) {
    (void)st;
    room r;
    fake f;
    tally *t;
    i64 late = 0;
    fake_fill(&f, 300, 21);
    room_start(&r);
    assert_ok(tally_open(r.s, &t, NULL, NULL, &e));
    assert_str(tally_notice(t), S(""));
    for (size_t at = 0; at < f.n; at += 50) {
        heard *h = items_of(r.a, &f, at, 50);
        assert_ok(store_add(r.s, h, 50, NULL, &e));
        if (at % 100)
            assert_ok(tally_append(t, h, 50, &e));
        else
            assert_ok(tally_follow(t, &e));
        for (size_t k = at; k < at + 50; k++)
            late += f.sig[k].row.words.p && str_find(f.sig[k].row.words, S("late")) >= 0;
        assert_int_equal(matching(t, r.a, "words ~ 'LATE'"), late);
        assert_int_equal(matching(t, r.a, ""), at + 50);
        if (at == 150) assert_ok(tally_seal(t, &e));
    }
    assert_int_equal(findings(t), 0);
    assert_ok(tally_seal(t, &e));
    tally_close(t);
    assert_ok(tally_open(r.s, &t, NULL, NULL, &e));
    assert_str(tally_notice(t), S(""));
    assert_int_equal(matching(t, r.a, "words ~ 'late'"), late);
    assert_int_equal(findings(t), 0);
    assert_ok(tally_rebuild(t, NULL, NULL, &e));
    assert_int_equal(matching(t, r.a, "words ~ 'late'"), late);
    assert_int_equal(findings(t), 0);
    tally_close(t);
    mirror_remove(&r);
    room_end(&r);
    arena_close(f.a);
}

static void a_batch_heard_again_changes_nothing(void **st) {
    (void)st;
    room r;
    fake f;
    tally *t;
    fake_fill(&f, 60, 22);
    room_start(&r);
    assert_ok(tally_open(r.s, &t, NULL, NULL, &e));
    for (int round = 0; round < 2; round++) {
        heard *h = items_of(r.a, &f, 0, f.n);
        assert_ok(store_add(r.s, h, f.n, NULL, &e));
        assert_ok(tally_append(t, h, f.n, &e));
        assert_int_equal(tally_rows_total(t), f.n);
    }
    assert_int_equal(findings(t), 0);
    tally_close(t);
    mirror_remove(&r);
    room_end(&r);
    arena_close(f.a);
}

static void check_tells_a_mirror_that_differs(void **st) {
    (void)st;
    room r;
    fake f;
    tally *t;
    fake_fill(&f, 60, 23);
    room_start(&r);
    heard *h = items_of(r.a, &f, 0, f.n);
    assert_ok(store_add(r.s, h, f.n, NULL, &e));
    assert_ok(tally_open(r.s, &t, NULL, NULL, &e));
    h[7].sig.row.channel = S("another"); /* mirrors that are whole, but not of these signals */
    for (size_t without = f.n; without > 0; without -= f.n / 2) {
        tally_wipe(t);
        for (size_t k = 0; k < f.n; k++)
            if (k != without) tally_take(t, &h[k].sig, &h[k].ins);
        view_publish(t);
        assert_true(findings(t) > 0);
    }
    tally_close(t);
    mirror_remove(&r);
    room_end(&r);
    arena_close(f.a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_store_acknowledged_is_in_the_next_answer),
        cmocka_unit_test(a_batch_heard_again_changes_nothing),
        cmocka_unit_test(check_tells_a_mirror_that_differs),
    };
    return RUN_TESTS(tests);
}
