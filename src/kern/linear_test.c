/* linear_test.c - model files: there and back, every flipped bit refused, why a decision was made. */
#include "kern/linear.h"
#include "base/test.h"
#include "kern/learn.h"

enum { TEXTS = 240 };
typedef struct {
    str texts[TEXTS];
    u32 labels[TEXTS];
    size_t from[TEXTS + 1];
    lessons l;
} school;

static void school_make(school *s, arena *a, size_t classes, bool many) {
    static const char *const marks[] = {"快递很慢", "味道好吃", "cold room", "friendly staff",
                                        "价格贵"};
    static const char *const fill[] = {"今天来的", "the place", "第二次", "as always", "我们"};
    str *names = NEW_N(a, str, classes);
    for (size_t i = 0; i < classes; i++) names[i] = arena_fmt(a, "class%zu", i);
    for (size_t i = 0; i < TEXTS; i++) {
        s->labels[i] = (u32)(i % classes);
        s->from[i + 1] = i + 1;
        s->texts[i] = arena_fmt(a, "%s %s %zu", fill[(i / 7) % 5], marks[i % classes], i % 11);
    }
    s->l = (lessons){.texts = s->texts,
                     .labels = s->labels,
                     .from = s->from,
                     .n = TEXTS,
                     .classes = names,
                     .classes_n = classes,
                     .many = many};
}

static str taught(arena *a, size_t classes, bool many, learnt *out) {
    school *s = NEW(a, school);
    err e;
    school_make(s, a, classes, many);
    learn_wish w = learn_usual;
    w.shape.bits = 12;
    assert_ok(learn(a, &s->l, &w, out, &e));
    return linear_write(a, out->draft, S("{\"task\":\"test\"}"));
}

static void what_is_written_is_read(void **state) {
    (void)state;
    for (size_t classes = 2; classes <= 5; classes += 3) {
        for (int many = 0; many < 2; many++) {
            arena *a = arena_open((size_t)64 << 20);
            learnt l;
            linear m;
            err e;
            float margins[5];
            str file = taught(a, classes, many, &l);
            assert_ok(linear_open(a, S("test"), file, &m, &e));
            assert_int_equal(m.classes_n, classes);
            assert_int_equal(m.rows_n, classes == 2 && !many ? 1 : classes);
            assert_str(m.card, S("{\"task\":\"test\"}"));
            assert_true(l.figures.accuracy > 0.99 && l.figures.macro_f1 > 0.99);
            linear_margins(&m, grams_room_new(a), S("味道好吃"), margins);
            assert_int_equal(linear_best(&m, margins), 1);
            double sure[5];
            linear_sure(&m, margins, sure);
            assert_true(sure[1] > 0.6);
            arena_close(a);
        }
    }
}

static void the_same_texts_give_the_same_file(void **state) {
    (void)state;
    arena *a = arena_open((size_t)64 << 20);
    learnt l;
    str one = taught(a, 5, false, &l), two = taught(a, 5, false, &l);
    assert_true(str_eq(one, two));
    arena_close(a);
}

static void one_flipped_bit_is_refused(void **state) {
    (void)state;
    arena *a = arena_open((size_t)64 << 20);
    learnt l;
    linear m;
    err e;
    str file = taught(a, 5, false, &l);
    char *copy = arena_raw(a, file.n);
    for (size_t i = 0; i < file.n * 8; i += i < 4000 ? 1 : 997) {
        arena *b = arena_open((size_t)4 << 20);
        memcpy(copy, file.p, file.n);
        copy[i / 8] ^= (char)(1 << (i % 8));
        assert_false(linear_open(b, S("test"), (str){copy, file.n}, &m, &e));
        assert_int_equal(e.code, CORRUPT);
        arena_close(b);
    }
    for (size_t n = 0; n < file.n; n += 501)
        assert_false(linear_open(a, S("test"), str_head(file, n), &m, &e));
    arena_close(a);
}

/* A forged checksum must not help: whatever the bytes, opening ends and asking stays inside. */
static void a_forged_file_cannot_lead_outside(void **state) {
    (void)state;
    arena *a = arena_open((size_t)64 << 20);
    learnt l;
    err e;
    str file = taught(a, 5, false, &l);
    char *copy = arena_raw(a, file.n);
    u64 x = 5;
    int opened = 0;
    for (int round = 0; round < 3000; round++) {
        memcpy(copy, file.p, file.n);
        x = x * 6364136223846793005ull + 1442695040888963407ull;
        size_t at = 24 + (size_t)(x >> 33) % (round % 2 ? 60 : file.n - 24);
        copy[at] = (char)(x >> 20);
        u64 hash = str_hash((str){copy + 24, file.n - 24});
        memcpy(copy + 16, &hash, 8);
        arena *b = arena_open((size_t)16 << 20);
        linear m;
        if (linear_open(b, S("test"), (str){copy, file.n}, &m, &e)) {
            float *margins = NEW_N(b, float, m.rows_n);
            linear_margins(&m, grams_room_new(b), S("very good 好吃"), margins);
            opened++;
        } else {
            assert_true(e.code == CORRUPT || e.code == LIMIT);
        }
        arena_close(b);
    }
    assert_true(opened > 10);
    arena_close(a);
}

static void reasons_are_the_words_that_made_it(void **state) {
    (void)state;
    arena *a = arena_open((size_t)64 << 20);
    learnt l;
    linear m;
    err e;
    linear_reason why[5];
    assert_ok(linear_open(a, S("test"), taught(a, 5, false, &l), &m, &e));
    str text = S("我们 cold room 3");
    size_t n = linear_reasons(&m, a, text, 2, 5, why);
    assert_true(n >= 1 && why[0].share > 0);
    str said = str_head(str_from(text, why[0].start), why[0].end - why[0].start);
    assert_true(str_find(S("cold room"), said) >= 0);
    for (size_t i = 1; i < n; i++) assert_true(fabsf(why[i].share) <= fabsf(why[i - 1].share));
    assert_int_equal(linear_reasons(&m, a, S(""), 2, 5, why), 0);
    arena_close(a);
}

static void too_little_memory_is_one_sentence(void **state) {
    (void)state;
    arena *a = arena_open((size_t)64 << 20);
    school *s = NEW(a, school);
    school_make(s, a, 2, false);
    s->l.classes_n = 1;
    learnt l;
    err e;
    assert_false(learn(a, &s->l, &learn_usual, &l, &e));
    assert_int_equal(e.code, INVALID);
    arena_close(a);
}

static void groups_are_not_torn_apart(void **state) {
    (void)state;
    arena *a = arena_open((size_t)64 << 20);
    school *s = NEW(a, school);
    school_make(s, a, 2, false);
    /* Words say nothing, and each text stands twice: only who tears them apart can be right. */
    u32 *groups = NEW_N(a, u32, TEXTS);
    for (size_t i = 0; i < TEXTS; i++) {
        u64 x = (i / 2 + 77) * 0x9e3779b97f4a7c15ull;
        s->texts[i] = arena_fmt(a, "%016" PRIx64 "zz", x * (x >> 17 | 1));
        for (size_t k = 0; k < s->texts[i].n; k++) {
            char *c = (char *)(uintptr_t)(s->texts[i].p + k);
            if (*c <= '9') *c = (char)(*c + 'a' - '0');
        }
        s->labels[i] = (u32)(x >> 63);
        groups[i] = (u32)(i / 2) + 1;
    }
    learnt l;
    err e;
    learn_wish w = learn_usual;
    w.shape.bits = 14;
    assert_ok(learn(a, &s->l, &w, &l, &e));
    assert_true(l.figures.accuracy > 0.9); /* torn apart, known by heart */
    s->l.groups = groups;
    assert_ok(learn(a, &s->l, &w, &l, &e));
    assert_true(l.figures.accuracy < 0.7);
    arena_close(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(the_same_texts_give_the_same_file),
        cmocka_unit_test(one_flipped_bit_is_refused),
        cmocka_unit_test(a_forged_file_cannot_lead_outside),
        cmocka_unit_test(reasons_are_the_words_that_made_it),
        cmocka_unit_test(too_little_memory_is_one_sentence),
        cmocka_unit_test(groups_are_not_torn_apart),
    };
    return RUN_TESTS(tests);
}
