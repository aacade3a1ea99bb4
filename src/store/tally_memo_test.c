/* tally_memo_test.c - a question asked again and again while signals come in, is sealed and made anew, gets
** the answer of a tally that never heard it before. */
#include "kern/expr.h"
#include "store/tally_fake.h"

enum { SIGNALS = 1500, ROWS = 64 }; /* ROWS: of a segment, so that there are many */

static void assert_stat(const tally_stat *x, const tally_stat *y) {
    assert_int_equal(x->n, y->n);
    assert_int_equal(x->missing, y->missing);
    assert_int_equal(x->yes, y->yes);
    assert_true(x->sum == y->sum && memcmp(x->square, y->square, sizeof x->square) == 0);
    assert_true(x->min == y->min && x->max == y->max);
    assert_int_equal(x->bars_n, y->bars_n);
    assert_true(!x->bars_n || memcmp(x->bars, y->bars, x->bars_n * sizeof *x->bars) == 0);
    assert_true(!x->n || (x->bars == NULL) == (y->bars == NULL));
}

static void assert_same(const tally_question *q, const tally_answer *x, const tally_answer *y) {
    assert_int_equal(x->cells_n, y->cells_n);
    for (size_t i = 0; i < x->cells_n; i++) {
        assert_int_equal(x->cells[i].n, y->cells[i].n);
        for (size_t b = 0; b < q->by_n; b++) {
            const tally_key *k = &x->cells[i].keys[b], *m = &y->cells[i].keys[b];
            assert_true(k->kind == m->kind && k->num == m->num && str_eq(k->text, m->text));
        }
        for (size_t m = 0; m < q->measures_n; m++)
            assert_stat(&x->cells[i].stats[m], &y->cells[i].stats[m]);
    }
}

/* ---- questions ---- */

static const char *const conditions[] = {"",
                                         "channel = 'call'",
                                         "score:nps <= 6 and not city is missing",
                                         "aspect = 'quality' and polarity = 'negative'",
                                         "polarity = 'positive' or tag = 'vip'",
                                         "occurred_at >= 2026-01-01",
                                         "occurred_at >= 2026-01-01T00:00Z",
                                         "product in ('latte', 'mocha')",
                                         "words ~ 'late'",
                                         "words is missing or not words ~ 'a'",
                                         "channel = 'nobody says so'"};
static const struct {
    const char *name;
    by_unit unit;
} groups[] = {{"channel", BY_VALUE}, {"occurred_at", BY_WEEK}, {"aspect", BY_VALUE},
              {"混合 x", BY_VALUE},  {"occurred_at", BY_DAY},  {"tag", BY_VALUE},
              {"rare", BY_VALUE},    {"occurred_at", BY_MONTH}};
static const char *const numbers[] = {"score:nps", "big", "score:none", "amount"};

static void draw(arena *a, tally_question *q) {
    err e;
    tally_by *by = NEW_N(a, tally_by, 2);
    tally_measure *m = NEW_N(a, tally_measure, 3);
    *q = (tally_question){.by = by, .measures = m, .zone_min = chance(2) ? 0 : 480};
    assert_ok(expr_parse(a, PICK(conditions), 0, &q->where, &e));
    q->by_n = chance(3);
    for (size_t i = 0; i < q->by_n; i++) {
        size_t g = chance(COUNT(groups));
        by[i] = (tally_by){str_of(groups[g].name), groups[g].unit};
    }
    q->measures_n = chance(4);
    for (size_t i = 0; i < q->measures_n; i++) {
        m[i].kind = (measure_kind)chance(3);
        m[i].column = m[i].kind == MEASURE_NUM ? PICK(numbers) : S("product");
        if (m[i].kind == MEASURE_SHARE)
            assert_ok(expr_parse(a, PICK(conditions), 0, &m[i].test, &e));
        if (m[i].kind == MEASURE_SHARE && !m[i].test) m[i].kind = MEASURE_DISTINCT;
    }
}

/* ---- the twins ---- */

typedef struct {
    fake f;
    tally *t;
    char dir[64];
    tally_question asked[24];
} pair;

static void compare_rows(pair *p, tally *fresh, const expr *where, size_t limit) {
    err e;
    arena *a = arena_open((size_t)64 << 20);
    tally_mark *have, *want;
    size_t have_n, want_n;
    assert_ok(tally_rows_after(p->t, a, where, NULL, limit, &have, &have_n, &e));
    assert_ok(tally_rows_after(fresh, a, where, NULL, limit, &want, &want_n, &e));
    assert_int_equal(have_n, want_n);
    for (size_t i = 0; i < have_n; i++)
        assert_true(have[i].at == want[i].at && have[i].id == want[i].id);
    arena_close(a);
}

static void compare_all(pair *p) {
    err e, other;
    tally *fresh;
    tally_source from = fake_source(&p->f);
    tally_answer have, want;
    assert_ok(tally_open_from(&from, NULL, TALLY_SEGMENT_ROWS, &fresh, NULL, NULL, &e));
    for (size_t i = 0; i < COUNT(p->asked); i++) {
        arena *a = arena_open((size_t)64 << 20);
        bool ok = tally_ask(p->t, a, &p->asked[i], &have, &e);
        assert_true(ok == tally_ask(fresh, a, &p->asked[i], &want, &other));
        if (ok)
            assert_same(&p->asked[i], &have, &want);
        else
            assert_int_equal(e.code, other.code);
        arena_close(a);
    }
    compare_rows(p, fresh, NULL, 1);
    compare_rows(p, fresh, p->asked[0].where, 7);
    compare_rows(p, fresh, p->asked[1].where, 200);
    tally_close(fresh);
}

static void an_answer_kept_and_added_to_equals_one_made_anew(void **state) {
    (void)state;
    for (u64 seed = 1; seed <= 4; seed++) {
        err e;
        pair p;
        fake_fill(&p.f, SIGNALS, seed);
        p.f.visible = 0;
        tally_source from = fake_source(&p.f);
        assert_ok(tally_open_from(&from, fake_dir(p.dir), ROWS, &p.t, NULL, NULL, &e));
        for (size_t i = 0; i < COUNT(p.asked); i++) draw(p.f.a, &p.asked[i]);
        for (int step = 0; p.f.visible < SIGNALS; step++) {
            size_t more = 1 + chance(60);
            p.f.visible = MIN((size_t)SIGNALS, p.f.visible + more);
            assert_ok(tally_follow(p.t, &e));
            if (step % 23 == 11) assert_ok(tally_seal(p.t, &e));
            if (step % 41 == 30) assert_ok(tally_rebuild(p.t, NULL, NULL, &e));
            if (step % 3 == 0 || p.f.visible == SIGNALS) compare_all(&p);
        }
        tally_close(p.t);
        arena_close(p.f.a);
        fake_dir_remove(p.dir);
    }
}

/* A mirror made again from other signals (an old copy of the store put back) forgets what it answered. */
static void a_mirror_made_again_forgets(void **state) {
    (void)state;
    err e;
    fake f;
    tally *t;
    arena *a = arena_open((size_t)64 << 20);
    tally_answer r;
    tally_question q = {0};
    fake_fill(&f, 400, 9);
    tally_source from = fake_source(&f);
    assert_ok(tally_open_from(&from, NULL, ROWS, &t, NULL, NULL, &e));
    assert_ok(expr_parse(a, S("channel = 'call'"), 0, &q.where, &e));
    assert_ok(tally_ask(t, a, &q, &r, &e));
    i64 before = r.cells[0].n;
    assert_true(before > 0);
    for (size_t i = 0; i < f.n; i++) f.sig[i].row.channel = S("chat");
    assert_ok(tally_ask(t, a, &q, &r, &e));
    assert_int_equal(r.cells[0].n, before);
    assert_int_equal(r.rows_read, 0); /* and it was not read again */
    assert_ok(tally_rebuild(t, NULL, NULL, &e));
    assert_ok(tally_ask(t, a, &q, &r, &e));
    assert_int_equal(r.cells[0].n, 0);
    tally_close(t);
    arena_close(a);
    arena_close(f.a);
}

static void running_out_of_memory_gives_back_what_was_held(void **state) {
    (void)state;
    err e;
    fake f;
    tally *t;
    tally_answer r;
    tally_by by[] = {{S("channel"), BY_VALUE}, {S("occurred_at"), BY_DAY}};
    tally_question q = {.by = by, .by_n = 2};
    fake_fill(&f, 800, 4);
    tally_source from = fake_source(&f);
    f.visible = 700;
    assert_ok(tally_open_from(&from, NULL, ROWS, &t, NULL, NULL, &e));
    i64 survived = -1;
    for (i64 n = 0; survived < 0; n++) {
        arena *a = arena_open((size_t)64 << 20);
        if (n % 10 == 0 && f.visible < f.n) f.visible++;
        assert_ok(tally_follow(t, &e));
        arena_fail_after(n);
        bool ok = tally_ask(t, a, &q, &r, &e);
        arena_fail_after(-1);
        if (ok)
            survived = n;
        else
            assert_int_equal(e.code, LIMIT);
        arena_close(a);
    }
    assert_true(survived > 5);
    tally_close(t); /* asan counts what is left */
    arena_close(f.a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_kept_and_added_to_equals_one_made_anew),
        cmocka_unit_test(a_mirror_made_again_forgets),
        cmocka_unit_test(running_out_of_memory_gives_back_what_was_held),
    };
    return RUN_TESTS(tests);
}
