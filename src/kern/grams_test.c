/* grams_test.c - features: against slow and obvious twins, and on hostile texts. */
#include "kern/grams.h"
#include "base/limits.h"
#include "base/test.h"

static const grams_shape usual = {18, 3, 2, 3, 5};

typedef struct {
    str text;
    char said[20000]; /* "|run|run|..." */
    size_t n;
    u32 ids[4096];
    size_t ids_n;
} seen;

static void see(void *ctx, u32 feature, u32 start, u32 end) {
    seen *s = ctx;
    assert_true(start < end && end <= s->text.n && feature < 1u << 18);
    s->said[s->n++] = '|';
    memcpy(s->said + s->n, s->text.p + start, end - start);
    s->n += end - start;
    s->ids[s->ids_n++] = feature;
}

static str runs_of(seen *s, const char *text) {
    memset(s, 0, sizeof *s);
    s->text = str_of(text);
    grams_each(&usual, s->text, see, s);
    return (str){s->said, s->n};
}

static void signs_make_runs_of_up_to_three(void **state) {
    (void)state;
    static seen s;
    assert_str(runs_of(&s, "很好吃"), S("|很|好|很好|吃|好吃|很好吃"));
    assert_str(runs_of(&s, "a 好!"), S("|a|a|好|!|好!")); /* a alone is a word and "<a>" */
}

static void words_make_pairs_and_pieces(void **state) {
    (void)state;
    static seen s;
    str have = runs_of(&s, "very good");
    assert_true(str_find(have, S("|very|")) >= 0);
    assert_true(str_find(have, S("|very good|")) >= 0);
    assert_true(str_find(have, S("|goo")) >= 0);
    have = runs_of(&s, "good, very");
    assert_true(str_find(have, S("good, very")) < 0); /* a sign stands between */
}

static void each_counts_once(void **state) {
    (void)state;
    arena *a = arena_open((size_t)64 << 20);
    grams_room *room = grams_room_new(a);
    static seen s;
    static const char *const texts[] = {
        "",  " ",           "好好好好", "to be or not to be to be or", "好吃good好吃 good 123 456",
        "a", "\xff\xfe\xff"};
    for (size_t t = 0; t < COUNT(texts); t++) {
        const u32 *ids;
        runs_of(&s, texts[t]);
        size_t n = grams_of(room, &usual, str_of(texts[t]), &ids), twin = 0;
        for (size_t i = 0; i < s.ids_n; i++) { /* the slow twin: look back at all before */
            bool had = false;
            for (size_t j = 0; j < i; j++) had |= s.ids[j] == s.ids[i];
            if (had) continue;
            assert_true(twin < n && ids[twin] == s.ids[i]);
            twin++;
        }
        assert_int_equal(n, twin);
    }
    arena_close(a);
}

static void digits_count_as_one(void **state) {
    (void)state;
    arena *a = arena_open((size_t)16 << 20);
    grams_room *room = grams_room_new(a);
    const u32 *ids;
    size_t n = grams_of(room, &usual, S("room 123"), &ids);
    u32 kept[64];
    assert_true(n < COUNT(kept));
    memcpy(kept, ids, n * sizeof *kept);
    assert_int_equal(grams_of(room, &usual, S("room 987"), &ids), n);
    assert_memory_equal(kept, ids, n * sizeof *kept);
    arena_close(a);
}

static void long_and_broken_texts_are_bounded(void **state) {
    (void)state;
    arena *a = arena_open((size_t)64 << 20);
    grams_room *room = grams_room_new(a);
    size_t n = (size_t)10 << 20;
    char *text = malloc(n);
    const u32 *ids;
    u64 x = 1;
    for (size_t i = 0; i < n; i++) {
        x = x * 6364136223846793005ull + 1442695040888963407ull;
        text[i] = (char)(x >> 56);
    }
    assert_true(grams_of(room, &usual, (str){text, n}, &ids) <= LIMIT_TEXT_GRAMS);
    for (size_t i = 0; i + 1 < n; i += 2) memcpy(text + i, "\xcc\x81", 2); /* combining marks */
    assert_true(grams_of(room, &usual, (str){text, n}, &ids) <= LIMIT_TEXT_GRAMS);
    memset(text, 'a', n);
    size_t all_a = grams_of(room, &usual, (str){text, n}, &ids);
    assert_true(all_a > 5 && all_a < 40);
    assert_true(arena_used(a) < (size_t)12 << 20);
    free(text);
    arena_close(a);
}

static void shapes_are_checked(void **state) {
    (void)state;
    assert_true(grams_shape_is_fine(&usual));
    assert_false(grams_shape_is_fine(&(grams_shape){23, 3, 2, 3, 5}));
    assert_false(grams_shape_is_fine(&(grams_shape){18, 0, 2, 3, 5}));
    assert_false(grams_shape_is_fine(&(grams_shape){18, 3, 2, 5, 3}));
    assert_true(grams_shape_is_fine(&(grams_shape){18, 3, 1, 0, 0}));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_make_runs_of_up_to_three),
        cmocka_unit_test(words_make_pairs_and_pieces),
        cmocka_unit_test(each_counts_once),
        cmocka_unit_test(digits_count_as_one),
        cmocka_unit_test(long_and_broken_texts_are_bounded),
        cmocka_unit_test(shapes_are_checked),
    };
    return RUN_TESTS(tests);
}
