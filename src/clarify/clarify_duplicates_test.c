/* clarify_duplicates_test.c - the law of duplicates, by cases and against a slow twin. */
#include "base/test.h"
#include "clarify/clarify.h"
#include "clarify/clarify_duplicates.h"
#include "kern/simhash.h"

typedef struct {
    signal sig;
    insight ins;
    clarified out;
} one;

static arena *a;
static int set_up(void **state) {
    (void)state;
    a = arena_open((size_t)256 << 20);
    return 0;
}
static int tear_down(void **state) {
    (void)state;
    arena_close(a);
    return 0;
}

static clarify_item item_of(one *o, str who, str words) {
    err e;
    signal_init(&o->sig);
    o->sig.row.customer = who;
    o->sig.row.words = words;
    assert_ok(clarify_signal(a, &o->sig, NULL, &o->ins, &o->out, &e));
    return (clarify_item){&o->sig, &o->ins, o->out.folded_chars};
}

static const str LONG = {"快递太慢了，等了两个星期才到，包装也破了", 60};
#define TALE                                                                                       \
    "the parcel came two weeks late, the box was crushed and nobody at the service desk could "    \
    "tell me why it took so long"

static void many_people_may_say_the_same_short_thing(void **state) {
    (void)state;
    one o[8];
    clarify_item it[8] = {
        item_of(&o[0], S("ann"), S("很好")),   item_of(&o[1], S("bob"), S("很好")),
        item_of(&o[2], S("ann"), S("很好！")), item_of(&o[3], S("ann"), S("很 好")),
        item_of(&o[4], S("ann"), S(" 很好 ")), item_of(&o[5], NO_STR, S("很好")),
        item_of(&o[6], NO_STR, S("很好")),     item_of(&o[7], S("bob"), NO_STR),
    };
    clarify_memory none = {0};
    err e;
    assert_ok(clarify_duplicates(a, it, 8, &none, &e));
    static const char *const want[8] = {"ok", "ok", "ok", "ok", "duplicate", "ok", "ok", "empty"};
    for (int i = 0; i < 8; i++) assert_str(it[i].ins->row.quality, str_of(want[i]));
    assert_int_equal(o[4].ins.row.duplicate_of, -1);
}

static void long_words_count_once_whoever_says_them(void **state) {
    (void)state;
    one o[5];
    clarify_item it[5] = {
        item_of(&o[0], S("ann"), LONG),           item_of(&o[1], S("bob"), LONG),
        item_of(&o[2], NO_STR, S(TALE ", 2024")), item_of(&o[3], NO_STR, S(TALE ", 2025")),
        item_of(&o[4], NO_STR, S(TALE ", 2024")),
    };
    clarify_memory none = {0};
    err e;
    assert_ok(clarify_duplicates(a, it, 5, &none, &e));
    static const char *const want[5] = {"ok", "duplicate", "ok", "near_duplicate", "duplicate"};
    static const i64 of[5] = {NONE, -1, NONE, -3, -3};
    for (int i = 0; i < 5; i++) {
        assert_str(it[i].ins->row.quality, str_of(want[i]));
        assert_int_equal(it[i].ins->row.duplicate_of, of[i]);
    }
}

typedef struct {
    i64 hash, id;
    int calls;
    bool broken;
} fake_store;
static bool fake_known(void *ctx, i64 words_hash, str who, i64 *id_out, err *e) {
    fake_store *f = ctx;
    f->calls++;
    if (f->broken) return fail(e, IO, "the disk is gone");
    if (words_hash == f->hash && !who.p) *id_out = f->id;
    return true;
}

static void what_is_stored_comes_first(void **state) {
    (void)state;
    one o[4];
    clarify_item it[4] = {
        item_of(&o[0], NO_STR, LONG), item_of(&o[1], NO_STR, LONG),
        item_of(&o[2], NO_STR, S(TALE "!")),
        item_of(&o[3], NO_STR, S("加微信abc12345免费领优惠券群，日赚500 http://x.io/a"))};
    fake_store f = {.hash = o[0].ins.row.words_hash, .id = 41};
    clarify_memory m = {.known = fake_known, .ctx = &f, .near = neardup_open(100)};
    err e;
    neardup_add(m.near, o[2].ins.row.simhash ^ 5, 17);
    f.broken = true;
    assert_false(clarify_duplicates(a, it, 4, &m, &e));
    assert_int_equal(e.code, IO);
    assert_str(o[0].ins.row.quality, S("ok"));
    f.broken = false;
    assert_ok(clarify_duplicates(a, it, 4, &m, &e));
    assert_int_equal(o[0].ins.row.duplicate_of, 41);
    assert_int_equal(o[1].ins.row.duplicate_of, 41);
    assert_int_equal(o[2].ins.row.duplicate_of, 17);
    assert_str(o[2].ins.row.quality, S("near_duplicate"));
    assert_str(o[3].ins.row.quality, S("spam"));
    for (int i = 0; i < 4; i++) o[i].sig.row.id = 100 + i;
    clarify_remember(it, 4, &m);
    i64 id = 0;
    assert_true(neardup_find(m.near, o[2].ins.row.simhash, &id));
    assert_int_equal(id, 102);
    neardup_close(m.near);
}

/* The law once more, slowly: every earlier item is looked at. */
static void a_slow_twin_agrees_on_random_batches(void **state) {
    (void)state;
    enum { N = 300 };
    static one o[N];
    static clarify_item it[N];
    static const char *const who[] = {NULL, "ann", "bob", "cho"};
    u64 seed = 3;
    for (int round = 0; round < 10; round++) {
        for (size_t i = 0; i < N; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            u32 r = (u32)(seed >> 33);
            const char *tails[] = {"", ".", "!", "?", " 1", " 2"};
            str words = r % 3 ? arena_fmt(a, "%s%u%s", TALE, r / 8 % 5 * 111, tails[r / 64 % 6])
                              : arena_fmt(a, "好%u", r / 8 % 30);
            it[i] = item_of(&o[i], str_of(who[r / 1024 % 4]), words);
        }
        clarify_memory none = {0};
        err e;
        assert_ok(clarify_duplicates(a, it, N, &none, &e));
        for (size_t i = 0; i < N; i++) {
            bool same = false, near = false;
            for (size_t k = 0; k < i; k++) {
                str x = o[i].sig.row.customer, y = o[k].sig.row.customer;
                bool words = o[i].ins.row.words_hash == o[k].ins.row.words_hash;
                same |= words && (o[i].out.folded_chars >= 12 || (x.n && str_eq(x, y)));
                near |= o[i].ins.row.simhash != NONE && o[k].ins.row.simhash != NONE &&
                        simhash_distance(o[i].ins.row.simhash, o[k].ins.row.simhash) <= NEAR_BITS;
            }
            assert_str(o[i].ins.row.quality, same   ? S("duplicate")
                                             : near ? S("near_duplicate")
                                                    : S("ok"));
        }
        arena_reset(a);
    }
}

int main(void) {
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(many_people_may_say_the_same_short_thing),
        T(long_words_count_once_whoever_says_them),
        T(what_is_stored_comes_first),
        T(a_slow_twin_agrees_on_random_batches),
    };
    return RUN_TESTS(tests);
}
