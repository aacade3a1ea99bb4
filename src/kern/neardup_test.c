/* neardup_test.c - fingerprints behave, and the index agrees with looking at everything. */
#include "base/test.h"
#include "base/utf8.h"
#include "kern/neardup.h"
#include "kern/simhash.h"

static u64 next(u64 *seed) {
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 16;
}

static i64 slow_simhash(str s) {
    u32 cps[400];
    i64 votes[64] = {0};
    size_t n = 0;
    for (size_t i = 0; i < s.n; n++) i += (size_t)utf8_get(s, i, &cps[n]);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (cps[i] >= '0' && cps[i] <= '9') cps[i] = '0';
        if (cps[i] != '0' || kept == 0 || cps[kept - 1] != '0') cps[kept++] = cps[i];
    }
    n = kept;
    if (n < SIMHASH_MIN_CHARS) return NONE;
    for (size_t i = 0; i + 2 < n; i++) {
        u64 h = 0xcbf29ce484222325;
        for (size_t k = i; k < i + 3; k++) {
            h = (h ^ cps[k]) * 0x100000001b3;
        }
        h ^= h >> 32;
        h *= 0x9e3779b97f4a7c15;
        h ^= h >> 29;
        for (int b = 0; b < 64; b++) votes[b] += h >> b & 1 ? 1 : -1;
    }
    u64 out = 0;
    for (int b = 0; b < 64; b++)
        if (votes[b] > 0) out |= (u64)1 << b;
    return (i64)out;
}

static void simhash_equals_its_slow_twin(void **state) {
    (void)state;
    u64 seed = 1;
    for (int round = 0; round < 300; round++) {
        arena *a = arena_open(1 << 20);
        buf b = {.a = a};
        for (u64 k = 16 + next(&seed) % 350; k > 0; k--)
            buf_utf8(&b, next(&seed) % 3 ? 0x4e00 + (u32)(next(&seed) % 200)
                                         : 'a' + (u32)(next(&seed) % 20));
        assert_int_equal(simhash64(buf_view(&b)), slow_simhash(buf_view(&b)));
        arena_close(a);
    }
}

static void near_texts_are_near_and_others_are_far(void **state) {
    (void)state;
    str one = S("the parcel came two weeks late, the box was crushed, the courier only left it at "
                "the gate and "
                "nobody at the service desk could tell me why it took so long or what i should do "
                "about it now, 2024");
    str two = S("the parcel came two weeks late, the box was crushed, the courier only left it at "
                "the gate and "
                "nobody at the service desk could tell me why it took so long or what i should do "
                "about it now, 2025");
    str far = S("breakfast was wonderful, the room had a view over the lake and the staff "
                "remembered our names");
    assert_true(simhash_distance(simhash64(one), simhash64(two)) <= NEAR_BITS);
    assert_true(simhash_distance(simhash64(one), simhash64(far)) > 12);
    str long_number =
        S("very very good, strongly recommended 6666666666666666666666666666666666666666");
    str with_numbers =
        S("invoice 02840189 says 4491950 for 8591.00, not 4491951 of 2009-05-22, call 4001234");
    assert_true(simhash_distance(simhash64(long_number), simhash64(with_numbers)) > 12);
    assert_int_equal(simhash64(S("很好")), NONE);
    assert_int_equal(words_hash(S(" ")), NONE);
    assert_int_equal(words_hash(S(" 很好")), words_hash(S("很好 ")));
    assert_int_not_equal(words_hash(S("很好")), words_hash(S("很 好")));
}

static void finds_exactly_what_a_full_look_finds(void **state) {
    (void)state;
    enum { N = 4000, KEEP = 700 };
    static i64 values[N];
    u64 seed = 77;
    neardup *n = neardup_open(KEEP);
    for (i64 i = 0; i < N; i++) {
        u64 v = next(&seed) << 32 ^ next(&seed);
        if (i > 10 && next(&seed) % 2) { /* a relative of a former one */
            v = (u64)values[(u64)i - 1 - next(&seed) % (u64)MIN(i - 1, 900)];
            for (u64 flips = next(&seed) % 6; flips > 0; flips--) v ^= (u64)1 << next(&seed) % 64;
        }
        i64 want = -1, have = -1;
        for (i64 k = i - 1; k >= 0 && k >= i - KEEP && want < 0; k--)
            if (simhash_distance(values[k], (i64)v) <= NEAR_BITS) want = k;
        neardup_find(n, (i64)v, &have);
        assert_int_equal(have, want);
        values[i] = (i64)v;
        neardup_add(n, (i64)v, i);
    }
    neardup_close(n);
    neardup_close(NULL);
}

static void texts_without_a_print_are_never_found(void **state) {
    (void)state;
    neardup *n = neardup_open(1);
    i64 id = 5;
    neardup_add(n, NONE, 1);
    assert_false(neardup_find(n, NONE, &id));
    neardup_add(n, 0, 2);
    assert_true(neardup_find(n, 7, &id));
    assert_int_equal(id, 2);
    neardup_add(n, 0, 3);
    assert_true(neardup_find(n, 0, &id));
    assert_int_equal(id, 3);
    neardup_close(n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(simhash_equals_its_slow_twin),
        cmocka_unit_test(near_texts_are_near_and_others_are_far),
        cmocka_unit_test(finds_exactly_what_a_full_look_finds),
        cmocka_unit_test(texts_without_a_print_are_never_found),
    };
    return RUN_TESTS(tests);
}
