/* tally_threads_test.c - questions of several threads while another writes: each sees whole batches, and
** never fewer than the last.  Meant for MODE=tsan too. */
#include <stdatomic.h>
#include "store/tally_fake.h"

enum { SIGNALS = 6000, BATCH = 37, ASKERS = 3 };

typedef struct {
    tally *t;
    fake *f;
    heard *items;
    atomic_bool done;
    atomic_int wrong;
    atomic_size_t acked, asked;
} shared;

static void *writer(void *arg) {
    shared *s = arg;
    err e;
    for (size_t i = 0; i < SIGNALS; i += BATCH) {
        size_t n = MIN((size_t)BATCH, SIGNALS - i);
        if (!tally_append(s->t, s->items + i, n, &e)) s->wrong++;
        atomic_store(&s->acked, i + n);
        if (i / BATCH % 50 == 20 && !tally_seal(s->t, &e)) s->wrong++;
        if (i / BATCH % 100 == 70 && !tally_rebuild(s->t, NULL, NULL, &e)) s->wrong++;
    }
    atomic_store(&s->done, true);
    return NULL;
}

/* n signals, all with their dense number as "seq": n of them are the first n when the sum is right. */
static void ask(shared *s, arena *a, size_t *last) {
    err e;
    tally_answer out;
    size_t before = atomic_load(&s->acked);
    tally_by by[2] = {{S("customer"), BY_VALUE}, {S("channel"), BY_VALUE}};
    tally_measure m = {.kind = MEASURE_NUM, .column = S("seq")};
    tally_question q = {.by = by, .by_n = 2, .measures = &m, .measures_n = 1};
    if (atomic_load(&s->asked) % 3 == 0 && /* everybody, told by their words */
        !expr_parse(a, S("words ~ 'late' or not words ~ 'late' or words is missing"), 0, &q.where,
                    &e))
        s->wrong++;
    if (!tally_ask(s->t, a, &q, &out, &e)) {
        s->wrong++;
        return;
    }
    i64 n = 0;
    i128 sum = 0;
    for (size_t i = 0; i < out.cells_n; i++) {
        n += out.cells[i].n;
        sum += out.cells[i].stats[0].sum;
    }
    bool whole = n % BATCH == 0 || n == SIGNALS;
    if (!whole || (size_t)n < before || (size_t)n < *last || sum != (i128)n * (n - 1) / 2)
        s->wrong++;
    *last = (size_t)n;
    s->asked++;
}

static void *asker(void *arg) {
    shared *s = arg;
    arena *a = arena_open((size_t)64 << 20);
    size_t last = 0;
    while (!atomic_load(&s->done) || last < SIGNALS) {
        arena_reset(a);
        ask(s, a, &last);
        if (s->wrong) break;
    }
    arena_close(a);
    return NULL;
}

/* What the store "has" is what was acknowledged: rebuilding takes just that. */
static i64 acked_count(void *ctx) {
    return (i64)atomic_load(&((shared *)ctx)->acked);
}

static i64 acked_last(void *ctx) {
    shared *s = ctx;
    size_t n = atomic_load(&s->acked);
    return n ? s->items[n - 1].sig.row.id : 0;
}

static bool acked_scan(void *ctx, i64 after, bool words, store_visit *visit, void *vctx, err *e) {
    (void)words;
    shared *s = ctx;
    size_t n = atomic_load(&s->acked);
    for (size_t i = 0; i < n; i++)
        if (s->items[i].sig.row.id > after && !visit(vctx, &s->items[i].sig, &s->items[i].ins, e))
            break;
    return true;
}

static void prepare(shared *s, fake *f) {
    fake_fill(f, SIGNALS, 31);
    s->f = f;
    s->items = NEW_N(f->a, heard, SIGNALS);
    for (size_t i = 0; i < SIGNALS; i++) {
        signal *g = &f->sig[i];
        attribute *at = NEW_N(f->a, attribute, g->attrs_n + 1);
        memcpy(at, g->attrs, g->attrs_n * sizeof *at);
        at[g->attrs_n++] = (attribute){S("seq"), NO_STR, (i64)i};
        g->attrs = at;
        g->row.id = (i64)i + 1;
        s->items[i] = (heard){.sig = *g, .ins = f->ins[i], .added = true};
    }
}

static void questions_see_whole_batches_while_one_thread_writes(void **state) {
    (void)state;
    err e;
    fake f;
    shared s = {0};
    pthread_t w, k[ASKERS];
    char dir[64];
    prepare(&s, &f);
    tally_source from = {
        .scan = acked_scan, .last_id = acked_last, .count = acked_count, .id = 7, .ctx = &s};
    assert_ok(tally_open_from(&from, fake_dir(dir), 1000, &s.t, NULL, NULL, &e));
    for (int i = 0; i < ASKERS; i++) assert_int_equal(pthread_create(&k[i], NULL, asker, &s), 0);
    assert_int_equal(pthread_create(&w, NULL, writer, &s), 0);
    pthread_join(w, NULL);
    for (int i = 0; i < ASKERS; i++) pthread_join(k[i], NULL);
    assert_int_equal(atomic_load(&s.wrong), 0);
    assert_true(atomic_load(&s.asked) >= ASKERS);
    tally_close(s.t);
    fake_dir_remove(dir);
    arena_close(f.a);
}

/* A view that is held keeps what it shows, whatever is sealed, made again or added meanwhile. */
static void a_question_that_takes_long_sees_its_own_state_to_the_end(void **state) {
    (void)state;
    err e;
    fake f;
    fake_fill(&f, 400, 32);
    f.visible = 100;
    tally_source from = fake_source(&f);
    tally *t;
    assert_ok(tally_open_from(&from, NULL, 60, &t, NULL, NULL, &e));
    tally *v = view_take(t);
    u32 columns = v->columns_n, texts = v->columns[COL_CUSTOMER].dict.n;
    assert_int_equal(tally_rows_total(v), 100);
    for (f.visible = 110; f.visible <= 400; f.visible += 10) assert_ok(tally_follow(t, &e));
    f.visible = 400;
    assert_ok(tally_seal(t, &e));
    assert_ok(tally_rebuild(t, NULL, NULL, &e));
    assert_int_equal(tally_rows_total(v), 100);
    assert_int_equal(tally_rows_total(t), 400);
    assert_int_equal(v->columns_n, columns);
    for (u32 c = 1; c <= texts; c++) {
        const dict *d = &v->columns[COL_CUSTOMER].dict;
        assert_int_equal(dict_find(d, d->text[c - 1]), c);
    }
    for (u32 i = 0; i < v->segments_n; i++)
        for (u32 p = 0; p < v->segments[i].head->parts_n; p++)
            assert_ok(segment_verify(&v->segments[i], &v->segments[i].parts[p], &e));
    view_give(v);
    tally_close(t);
    arena_close(f.a);
}

/* The tail's images: few, and each row encoded few times, however small the batches. */
static void the_tails_images_stay_few(void **state) {
    (void)state;
    err e;
    fake f;
    fake_fill(&f, 2000, 33);
    f.visible = 0;
    tally_source from = fake_source(&f);
    tally *t;
    assert_ok(tally_open_from(&from, NULL, 4000, &t, NULL, NULL, &e));
    u64 encoded = 0;
    for (f.visible = 1; f.visible <= 2000; f.visible++) {
        const segment *before = t->pieces_n ? &t->pieces[t->pieces_n - 1] : NULL;
        u32 had = before ? before->head->rows[OF_SIGNAL] : 0, pieces = t->pieces_n;
        assert_ok(tally_follow(t, &e));
        u32 last = t->pieces[t->pieces_n - 1].head->rows[OF_SIGNAL];
        if (t->pieces_n != pieces || last != had) encoded += last;
        assert_true(t->pieces_n <= 4 * 7);
    }
    assert_true(encoded <= 2000 * 5);
    tally_close(t);
    arena_close(f.a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(questions_see_whole_batches_while_one_thread_writes),
        cmocka_unit_test(a_question_that_takes_long_sees_its_own_state_to_the_end),
        cmocka_unit_test(the_tails_images_stay_few),
    };
    return RUN_TESTS(tests);
}
