/* tally_long_test.c - segments so long that rows are counted in pairs, spans cut the blocks, and many
** values are added up as codes: they give what short segments and several threads do. */
#include "store/tally_fake.h"

static err e;
enum { SIGNALS = 40000 };
#define LIT(text)                                                                                  \
    { text, sizeof text - 1 }

static const char *const wheres[] = {
    "",
    "channel = 'call'",
    "occurred_at >= 2026-01-10 and occurred_at < 2026-02-20T07:00Z",
    "aspect = 'quality' and polarity = 'negative'",
    "polarity = 'positive' and not (product = 'latte')",
    "aspect is not missing",
    "amount >= 1000 or score:nps in (9, 10)",
    "tag = 'vip' and occurred_at > 2026-01-01",
};
static const tally_by columns[] = {
    {LIT("channel"), BY_VALUE},       {LIT("product"), BY_VALUE},   {LIT("occurred_at"), BY_MONTH},
    {LIT("occurred_at"), BY_QUARTER}, {LIT("occurred_at"), BY_DAY}, {LIT("aspect"), BY_VALUE},
    {LIT("polarity"), BY_VALUE},      {LIT("score:nps"), BY_VALUE}, {LIT("received_at"), BY_WEEK},
    {LIT("sentiment"), BY_VALUE},     {LIT("tag"), BY_VALUE},
};

static tally_measure measure_of(arena *a, u64 k) {
    static const char *const names[] = {"score:nps",  "amount",   "big",
                                        "confidence", "customer", "city"};
    tally_measure m = {.kind = k < 4 ? MEASURE_NUM : MEASURE_DISTINCT};
    if (k < COUNT(names)) {
        m.column = str_of(names[k]);
    } else {
        m.kind = MEASURE_SHARE;
        assert_ok(expr_parse(a, k % 2 ? S("polarity = 'negative'") : S("channel != 'app'"), 0,
                             &m.test, &e));
    }
    return m;
}

static str what;
#define SAME(x, y)                                                                                 \
    do {                                                                                           \
        if ((x) != (y))                                                                            \
            fail_msg("%.*s: %s: %lld, %lld", STR_ARG(what), #x, (long long)(x), (long long)(y));   \
    } while (0)

static void same_stat(const tally_stat *x, const tally_stat *y) {
    SAME(x->n, y->n);
    SAME(x->missing, y->missing);
    SAME(x->yes, y->yes);
    assert_int_equal(x->min, y->min);
    assert_int_equal(x->max, y->max);
    assert_true(x->sum == y->sum);
    assert_memory_equal(x->square, y->square, sizeof x->square);
    SAME(x->bars_n, y->bars_n);
    for (size_t i = 0; i < x->bars_n; i++) {
        assert_int_equal(x->bars[i].value, y->bars[i].value);
        assert_int_equal(x->bars[i].count, y->bars[i].count);
    }
}

static void same_answer(const tally_question *q, const tally_answer *x, const tally_answer *y) {
    SAME(x->cells_n, y->cells_n);
    for (size_t i = 0; i < x->cells_n; i++) {
        SAME(x->cells[i].n, y->cells[i].n);
        for (size_t k = 0; k < q->by_n; k++) {
            assert_int_equal(x->cells[i].keys[k].kind, y->cells[i].keys[k].kind);
            assert_int_equal(x->cells[i].keys[k].num, y->cells[i].keys[k].num);
            assert_str(x->cells[i].keys[k].text, y->cells[i].keys[k].text);
        }
        for (size_t m = 0; m < q->measures_n; m++)
            same_stat(&x->cells[i].stats[m], &y->cells[i].stats[m]);
    }
}

static void long_segments_count_as_short_ones(void **s) {
    (void)s;
    fake f;
    tally *t[2];
    fake_fill(&f, SIGNALS, 77);
    i64 base = day_of_ymd(2025, 12, 20) * DAY_MS;
    for (size_t i = 0; i < f.n; i++)
        f.sig[i].row.occurred_at = base + (i64)(i / 7 % 100) * DAY_MS + (i64)chance((u64)DAY_MS);
    tally_source from = fake_source(&f);
    assert_ok(tally_open_from(&from, NULL, 1 << 18, &t[0], NULL, NULL, &e));
    assert_ok(tally_open_from(&from, NULL, 1500, &t[1], NULL, NULL, &e));
    arena *a = arena_open((size_t)1 << 30);
    const time_zone *zones[3] = {NULL, zone_fixed(a, 345), NULL};
    if (!zone_find(a, S("America/New_York"), NO_STR, &zones[2], &e)) zones[2] = NULL;
    arena *b = arena_open((size_t)1 << 30);
    for (int i = 0; i < 120; i++) {
        arena_reset(b);
        tally_by by[3];
        tally_measure m[2] = {measure_of(b, chance(8)), measure_of(b, chance(8))};
        tally_question q = {.by = by,
                            .by_n = chance(4),
                            .measures = m,
                            .measures_n = chance(3),
                            .zone = zones[chance(3)],
                            .afresh = true};
        for (size_t k = 0; k < q.by_n; k++) by[k] = columns[chance(COUNT(columns))];
        assert_ok(expr_parse(b, str_of(wheres[chance(COUNT(wheres))]), 0, &q.where, &e));
        tally_answer got[2];
        for (int k = 0; k < 2; k++) {
            q.threads = 1 + 2 * k;
            assert_ok(tally_ask(t[k], b, &q, &got[k], &e));
        }
        buf text = {.a = b};
        if (q.where) expr_print(&text, q.where);
        for (size_t k = 0; k < q.by_n; k++)
            buf_fmt(&text, " by %.*s/%d", STR_ARG(by[k].column), (int)by[k].unit);
        for (size_t k = 0; k < q.measures_n; k++)
            buf_fmt(&text, " of %d %.*s", (int)m[k].kind, STR_ARG(m[k].column));
        what = buf_view(&text);
        same_answer(&q, &got[0], &got[1]);
    }
    tally_close(t[0]);
    tally_close(t[1]);
    arena_close(a);
    arena_close(b);
    arena_close(f.a);
}

static void two_conditions_are_counted_in_one_pass(void **s) {
    (void)s;
    fake f;
    tally *t;
    fake_fill(&f, 3000, 9);
    tally_source from = fake_source(&f);
    assert_ok(tally_open_from(&from, NULL, 400, &t, NULL, NULL, &e));
    arena *a = arena_open(1 << 28);
    for (size_t i = 0; i < COUNT(wheres); i++)
        for (size_t k = 0; k < COUNT(wheres); k++) {
            tally_by by = columns[(i + k) % COUNT(columns)];
            tally_measure m = measure_of(a, k % 4);
            tally_question q = {.by = &by, .by_n = 1, .measures = &m, .measures_n = 1};
            tally_answer both[2], one;
            const expr *side[2];
            assert_ok(expr_parse(a, str_of(wheres[i]), 0, &side[0], &e));
            assert_ok(expr_parse(a, str_of(wheres[k]), 0, &side[1], &e));
            q.where = side[0];
            q.threads = 2;
            assert_ok(tally_compare(t, a, &q, side[1], both, &e));
            for (int n = 0; n < 2; n++) {
                q.where = side[n];
                assert_ok(tally_ask(t, a, &q, &one, &e));
                same_answer(&q, &both[n], &one);
            }
        }
    tally_close(t);
    arena_close(a);
    arena_close(f.a);
}

/* Sketches: more different customers than the bound of exact counts allows in all cells together. */
static void different_texts_beyond_the_bound_are_sketched_alike(void **s) {
    (void)s;
    enum { TEXTS = 300000 };
    arena *a = arena_open((size_t)1 << 30);
    dict d = {0};
    seen_all all[2] = {{.d = &d}, {.d = &d}};
    cell_seen one = {0}, half[2] = {{0}, {0}};
    for (int i = 0; i < TEXTS; i++) {
        char text[24];
        snprintf(text, sizeof text, "customer-%d", i);
        dict_code(&d, str_of(text));
    }
    for (u32 c = 1; c <= TEXTS; c++) {
        seen_add(a, &all[0], &one, c);
        seen_add(a, &all[0], &half[0], c);
        if (c % 3) seen_add(a, &all[1], &half[1], c);
    }
    assert_int_equal(seen_count(&all[0], &one), TEXTS);
    seen_sketch(a, &all[0], &one);
    i64 told = seen_count(&all[0], &one);
    assert_in_range(told, TEXTS * 97 / 100, TEXTS * 103 / 100);
    seen_sketch(a, &all[0], &half[0]);
    seen_merge(a, &all[0], &half[0], &half[1]);
    assert_int_equal(seen_count(&all[0], &half[0]), told);
    dict_clear(&d);
    arena_close(a);
}

static int num_order(const void *x, const void *y) {
    const i64 *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

/* Beside the sorted values: exact where there are few, within 0.4 % where there are many. */
static void quantiles_stay_within_their_bound(void **s) {
    (void)s;
    fake f;
    tally *t;
    fake_fill(&f, 6000, 21);
    tally_source from = fake_source(&f);
    assert_ok(tally_open_from(&from, NULL, 700, &t, NULL, NULL, &e));
    arena *a = arena_open(1 << 28);
    static const char *const names[] = {"amount", "score:nps"};
    for (size_t k = 0; k < COUNT(names); k++) {
        i64 *all = NEW_N(a, i64, f.n);
        size_t n = 0;
        for (size_t i = 0; i < f.n; i++) {
            if (k == 0 && f.sig[i].row.amount != NONE) all[n++] = f.sig[i].row.amount;
            for (size_t m = 0; k == 1 && m < f.sig[i].attrs_n; m++)
                if (str_eq(f.sig[i].attrs[m].key, S("score:nps"))) all[n++] = f.sig[i].attrs[m].num;
        }
        qsort(all, n, sizeof *all, num_order);
        tally_measure m = {.kind = MEASURE_NUM, .column = str_of(names[k]), .quantiles = true};
        tally_question q = {.measures = &m, .measures_n = 1, .threads = 3};
        tally_answer out;
        assert_ok(tally_ask(t, a, &q, &out, &e));
        const tally_stat *x = out.cells[0].stats;
        assert_int_equal(x->n, n);
        assert_int_equal(x->bins_n > 0, k == 0);
        for (int p = 1; p < 100; p++) {
            double want = (double)all[((size_t)p * n + 99) / 100 - 1] / 1e6;
            assert_near(tally_quantile(x, p / 100.0), want, k ? 0 : fabs(want) * 0.004);
        }
    }
    tally_close(t);
    arena_close(a);
    arena_close(f.a);
}

static void a_question_can_be_given_up(void **s) {
    (void)s;
    fake f;
    tally *t;
    bool stop = true;
    tally_answer out;
    fake_fill(&f, 500, 3);
    tally_source from = fake_source(&f);
    assert_ok(tally_open_from(&from, NULL, 100, &t, NULL, NULL, &e));
    arena *a = arena_open(1 << 26);
    tally_question q = {.stop = &stop, .threads = 2, .afresh = true};
    assert_false(tally_ask(t, a, &q, &out, &e));
    assert_int_equal(e.code, BUSY);
    q.stop_ms = 3600000; /* not yet */
    assert_ok(tally_ask(t, a, &q, &out, &e));
    stop = false;
    assert_ok(tally_ask(t, a, &q, &out, &e));
    assert_int_equal(out.cells[0].n, 500);
    tally_close(t);
    arena_close(a);
    arena_close(f.a);
}

static void heat_maps_are_told_by_tables_and_equal_what_rows_say(void **s) {
    (void)s;
    fake f;
    tally *t;
    tally_answer told, read;
    fake_fill(&f, 3000, 5);
    tally_source from = fake_source(&f);
    assert_ok(tally_open_from(&from, NULL, 1000, &t, NULL, NULL, &e));
    assert_ok(tally_seal(t, &e));
    arena *a = arena_open(1 << 26);
    tally_by by[] = {{S("aspect"), BY_VALUE}, {S("polarity"), BY_VALUE}, {S("channel"), BY_VALUE}};
    for (u32 which = 0; which < 8; which++) {
        tally_by some[3];
        size_t n = 0;
        const expr *where;
        for (u32 i = 0; i < 3; i++)
            if (which >> i & 1) some[n++] = by[i];
        str text = which % 2 ? S("aspect is not missing and polarity = 'negative'")
                             : S("polarity in ('negative') and channel != 'app'");
        assert_ok(expr_parse(a, text, 0, &where, &e));
        tally_question q = {.where = where, .by = some, .by_n = n, .afresh = true};
        assert_ok(tally_ask(t, a, &q, &told, &e));
        q.scan = true;
        assert_ok(tally_ask(t, a, &q, &read, &e));
        assert_int_equal(told.cells_n, read.cells_n);
        assert_true(read.rows_read == 3000 && (told.rows_read == 0 || !(which & 1)));
        for (size_t i = 0; i < told.cells_n; i++) {
            assert_int_equal(told.cells[i].n, read.cells[i].n);
            for (size_t k = 0; k < n; k++)
                assert_str(told.cells[i].keys[k].text, read.cells[i].keys[k].text);
        }
    }
    tally_close(t);
    arena_close(a);
    arena_close(f.a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_segments_count_as_short_ones),
        cmocka_unit_test(two_conditions_are_counted_in_one_pass),
        cmocka_unit_test(different_texts_beyond_the_bound_are_sketched_alike),
        cmocka_unit_test(quantiles_stay_within_their_bound),
        cmocka_unit_test(a_question_can_be_given_up),
        cmocka_unit_test(heat_maps_are_told_by_tables_and_equal_what_rows_say),
    };
    return RUN_TESTS(tests);
}
