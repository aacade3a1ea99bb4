/* tally_vec_test.c - every set of inner loops this processor has gives what the plain one gives. */
#include "base/test.h"
#include "store/tally_vec.h"

enum { ROOM = ITEMS_MAX + 64 };
static u64 state = 99;
static u32 chance(u32 n) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (u32)((state >> 33) % n);
}

typedef struct {
    u8 code[ROOM], lut[256], said[ROOM], other[ROOM], byte[ROOM];
    u16 two[ROOM], key[ROOM], row[ROOM], out[ROOM], pairs[128 * 128];
} buffers;

static u32 fill(buffers *b) {
    static const u32 lengths[] = {0, 1, 2, 31, 32, 33, 63, 64, 65, 127, 1000, 2048, ITEMS_MAX - 1};
    u32 n = lengths[chance(COUNT(lengths))], values = 1 + chance(256), row = 0;
    memset(b, 0, sizeof *b);
    for (u32 i = 0; i < 256; i++) b->lut[i] = (u8)chance(3);
    for (u32 i = 0; i < n; i++) {
        b->code[i] = (u8)chance(values);
        b->two[i] = (u16)chance(values * 250);
        b->said[i] = (u8)chance(3);
        b->other[i] = (u8)chance(3);
        b->key[i] = (u16)chance(4);
        b->row[i] = (u16)(row += chance(2));
    }
    return n;
}

static void same_keys(const vec *v, const buffers *from, u32 n) {
    static buffers x, y;
    lens l = {chance(200), chance(2), chance(2) ? chance(255) : UINT32_MAX};
    u32 mul = 1 + chance(300);
    bool first = chance(2);
    x = y = *from;
    vec_sets[0]->key8(x.key, x.code, n, l, mul, first);
    v->key8(y.key, y.code, n, l, mul, first);
    assert_memory_equal(&x, &y, sizeof x);
    vec_sets[0]->key16(x.key, x.two, n, l, mul, first);
    v->key16(y.key, y.two, n, l, mul, first);
    assert_memory_equal(&x, &y, sizeof x);
}

static void same_rest(const vec *v, const buffers *from, u32 n) {
    static buffers x, y;
    static u8 bytes[2][ROOM + 64];
    u32 most = 1 + chance(8);
    bool all = chance(2);
    x = y = *from;
    vec_sets[0]->lookup(x.byte, x.code, n, x.lut);
    v->lookup(y.byte, y.code, n, y.lut);
    assert_memory_equal(&x, &y, sizeof x);
    assert_int_equal(vec_sets[0]->both(x.said, x.other, n, all), v->both(y.said, y.other, n, all));
    assert_memory_equal(&x, &y, sizeof x);
    u32 packed = vec_sets[0]->pack8(bytes[0], x.code, x.said, n);
    assert_int_equal(v->pack8(bytes[1], y.code, y.said, n), packed);
    assert_memory_equal(bytes[0], bytes[1], packed);
    u32 k = vec_sets[0]->pack(x.out, x.key, x.said, n);
    assert_int_equal(v->pack(y.out, y.key, y.said, n), k);
    assert_memory_equal(x.out, y.out, k * sizeof *x.out);
    assert_int_equal(vec_sets[0]->twice(x.byte, x.key, x.row, n, most),
                     v->twice(y.byte, y.key, y.row, n, most));
    assert_memory_equal(x.byte, y.byte, n);
    u32 none[2], some = MIN(n, (u32)BLOCK);
    assert_int_equal(vec_sets[0]->sum(x.code, some, &none[0]), v->sum(y.code, some, &none[1]));
    assert_int_equal(none[0], none[1]);
    assert_int_equal(vec_sets[0]->unlike(x.byte, x.key, n, 2), v->unlike(y.byte, y.key, n, 2));
    assert_memory_equal(x.byte, y.byte, n);
    vec_sets[0]->turn(x.said, n);
    v->turn(y.said, n);
    assert_memory_equal(x.said, y.said, n);
    u32 start = chance(9);
    vec_sets[0]->drop(x.said, x.other, start, n / 2);
    v->drop(y.said, y.other, start, n / 2);
    assert_memory_equal(x.said, y.said, n);
    vec_sets[0]->pairs(x.pairs, 5, x.key, n & ~1u);
    v->pairs(y.pairs, 5, y.key, n & ~1u);
    assert_memory_equal(x.pairs, y.pairs, sizeof x.pairs);
}

static void same_ranges(const vec *v, const buffers *from, u32 n) {
    static buffers x, y;
    reach r = {.low = chance(60), .missing = chance(256), .first = chance(2)};
    r.span = chance(60), r.yes = (u8)chance(3), r.no = (u8)chance(3), r.absent = (u8)chance(3);
    x = y = *from;
    vec_sets[0]->range8(x.said, x.code, n, &r);
    v->range8(y.said, y.code, n, &r);
    assert_memory_equal(&x, &y, sizeof x);
    r.low *= 200, r.span *= 200, r.missing *= 200;
    vec_sets[0]->range16(x.said, x.two, n, &r);
    v->range16(y.said, y.two, n, &r);
    assert_memory_equal(&x, &y, sizeof x);
    for (u32 i = 0; r.first && i < n; i++) {
        bool in = x.two[i] >= r.low && x.two[i] <= r.low + r.span;
        assert_int_equal(x.said[i], in ? r.yes : x.two[i] == r.missing ? r.absent : r.no);
    }
}

static void chosen_rows_know_the_mentions_before_them(void **s) {
    static buffers b;
    static u16 before[ROOM];
    (void)s;
    for (int round = 0; round < 300; round++) {
        u32 n = MIN(fill(&b), (u32)BLOCK), most = round % 2 ? 7 : 12;
        for (u32 i = 0; i < n; i++) b.code[i] = (u8)chance(most + 1);
        for (size_t k = 0; vec_sets[k]; k++) {
            u32 sum = 0, found = 0;
            if (!vec_runs(vec_sets[k])) continue;
            u32 all = vec_sets[k]->chosen(b.out, before, b.said, b.code, n, most);
            for (u32 i = 0; i < n; i++) {
                if (b.said[i] == T_YES) {
                    assert_int_equal(b.out[found], i);
                    assert_int_equal(before[found++], sum);
                }
                sum += b.code[i];
            }
            assert_int_equal(found, all);
        }
    }
}

static void each_set_equals_the_plain_one(void **s) {
    static buffers from;
    (void)s;
    for (size_t k = 1; vec_sets[k]; k++) {
        if (!vec_runs(vec_sets[k])) {
            print_message("# this processor has no %s\n", vec_sets[k]->name);
            continue;
        }
        for (int round = 0; round < 400; round++) {
            u32 n = fill(&from);
            same_keys(vec_sets[k], &from, n);
            same_rest(vec_sets[k], &from, n);
            same_ranges(vec_sets[k], &from, n);
        }
    }
    assert_true(vec_runs(vec_best()));
}

static void the_plain_one_is_right(void **s) {
    static buffers b;
    (void)s;
    for (int round = 0; round < 100; round++) {
        u32 n = fill(&b), at = 0;
        lens l = {3, 1, 9};
        vec_sets[0]->key8(b.out, b.code, n, l, 7, true);
        for (u32 i = 0; i < n; i++) {
            u32 v = (b.code[i] < 3 ? 0 : b.code[i] - 3u) + 1;
            assert_int_equal(b.out[i], MIN(v & 255, 9u) * 7);
        }
        at = vec_sets[0]->pack(b.out, b.key, b.said, n);
        for (u32 i = n; i-- > 0;)
            if (b.said[i] == T_YES) assert_int_equal(b.out[--at], b.key[i]);
        assert_int_equal(at, 0);
        vec_sets[0]->twice(b.byte, b.key, b.row, n, 2);
        for (u32 i = 0; i < n; i++) {
            bool twice = false;
            for (u32 k = 1; k <= 2 && k <= i; k++)
                twice |= b.key[i] == b.key[i - k] && b.row[i] == b.row[i - k];
            assert_int_equal(b.byte[i], twice ? T_NO : T_YES);
        }
    }
}

static void counts_spread_rows_over_their_mentions(void **s) {
    static u16 in[BLOCK + 64], out[ROOM], want[ROOM];
    static u8 counts[BLOCK];
    (void)s;
    for (int round = 0; round < 200; round++) {
        u32 rows = chance(300), mentions = 0, n = 0, most = round % 2 ? 4 : 12;
        for (u32 r = 0; r < rows; r++) {
            in[r] = (u16)chance(60000);
            counts[r] = (u8)(chance(20) ? chance(4) : chance(most + 1));
            for (u32 k = 0; k < counts[r]; k++) want[n++] = in[r];
            mentions += counts[r];
        }
        for (u32 r = 0; r < rows; r++)
            if (!counts[r]) want[n++] = in[r];
        for (size_t k = 0; vec_sets[k]; k++) {
            if (!vec_runs(vec_sets[k])) continue;
            memset(out, 0xee, sizeof out);
            assert_int_equal(vec_sets[k]->spread(out, in, counts, rows, mentions, most), n);
            assert_memory_equal(out, want, n * sizeof *out);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_set_equals_the_plain_one),
        cmocka_unit_test(the_plain_one_is_right),
        cmocka_unit_test(chosen_rows_know_the_mentions_before_them),
        cmocka_unit_test(counts_spread_rows_over_their_mentions),
    };
    return RUN_TESTS(tests);
}
