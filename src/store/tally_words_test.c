/* tally_words_test.c - words looked for in runs of folded text, against a look at each signal. */
#include "kern/fold.h"
#include "store/tally_fake.h"
#include "store/tally_words.h"

static err e;

static const char *const bits[] = {"a",    "late",   "parcel", " ",   "退款", "退", "款",
                                   "快递", "太慢",   "的",     "好",  "!",    "7",  "é",
                                   "😀",    "refund", "is",     "the", "貨",   "，"};

static str sentence(arena *a, size_t most) {
    buf b = {.a = a};
    for (size_t n = chance(most); n > 0; n--) {
        buf_str(&b, PICK(bits));
        if (chance(3) == 0) buf_char(&b, ' ');
        if (chance(50) == 0) buf_str(&b, arena_fmt(a, "r%u", (u32)chance(100000)));
    }
    return buf_view(&b);
}

/* ---- the search itself ---- */

static size_t find_slowly(const u8 *text, size_t from, size_t to, size_t n, str needle) {
    for (size_t i = from; i < to && i + needle.n <= n; i++)
        if (memcmp(text + i, needle.p, needle.n) == 0) return i;
    return SIZE_MAX;
}

static void a_needle_is_found_where_a_slow_search_finds_it(void **s) {
    (void)s;
    seed_state = 5;
    for (int round = 0; round < 4000; round++) {
        u8 text[300];
        size_t n = chance(sizeof text), from = chance(n + 1), to = from + chance(n - from + 1);
        for (size_t i = 0; i < n; i++)
            text[i] = (u8)(chance(3) ? 'a' + chance(3) : 0xe4 + chance(3));
        u8 *exact = mem_new(n, 1); /* of just this size: reading beyond it is seen by asan */
        memcpy(exact, text, n);
        char z[20];
        size_t len = 1 + chance(sizeof z);
        for (size_t i = 0; i < len; i++)
            z[i] = (char)(chance(3) ? 'a' + chance(3) : 0xe4 + chance(3));
        if (n > len && chance(2)) memcpy(z, text + chance(n - len), len);
        str needle = {z, len};
        words_needle rare = words_needle_of(needle);
        assert_int_equal(words_find(exact, from, to, n, &rare),
                         find_slowly(exact, from, to, n, needle));
        free(exact);
    }
}

typedef struct {
    i64 ids[4000];
    size_t n;
} hits;

static void note(void *ctx, i64 id) {
    hits *h = ctx;
    check(h->n < COUNT(h->ids) && (h->n == 0 || id > h->ids[h->n - 1]));
    h->ids[h->n++] = id;
}

/* ---- through the tally ---- */

typedef struct {
    fake f;
    tally *t;
    char dir[64];
    bool changes;
    i64 change, first, last;
} shelf;

static i64 last_change(void *ctx) {
    return ((shelf *)ctx)->change;
}

static bool changes(void *ctx, i64 after, store_run *out, size_t max, size_t *n, err *er) {
    (void)er;
    const shelf *k = ctx;
    check(max > 0);
    *n = after < k->change;
    if (*n) out[0] = (store_run){k->change, k->first, k->last};
    return true;
}

static bool shelf_scan(void *ctx, i64 after, bool words, store_visit *visit, void *vctx, err *er) {
    return fake_scan(&((shelf *)ctx)->f, after, words, visit, vctx, er);
}
static i64 shelf_last(void *ctx) {
    return fake_last(&((shelf *)ctx)->f);
}
static i64 shelf_count(void *ctx) {
    return fake_count(&((shelf *)ctx)->f);
}

static void shelf_open(shelf *k) {
    tally_source from = {.scan = shelf_scan,
                         .last_id = shelf_last,
                         .count = shelf_count,
                         .id = 9,
                         .ctx = k,
                         .last_change = last_change,
                         .changes = changes};
    assert_ok(tally_open_from(&from, k->dir, 300, &k->t, NULL, NULL, &e));
}

static void fill(shelf *k, size_t n, size_t most) {
    fake_fill(&k->f, n, 51);
    for (size_t i = 0; i < n; i++) {
        k->f.sig[i].row.words = chance(5) ? sentence(k->f.a, most) : NO_STR;
        k->f.ins[i].row.clean = chance(4) ? NO_STR : sentence(k->f.a, most);
    }
}

static i64 asked(shelf *k, str needle, const char *fmt) {
    arena *a = arena_open((size_t)64 << 20);
    const expr *x;
    tally_answer out;
    buf b = {.a = a};
    buf_str(&b, str_of(fmt));
    if (needle.p) {
        buf_char(&b, '\'');
        buf_str(&b, needle);
        buf_char(&b, '\'');
    }
    assert_ok(expr_parse(a, buf_view(&b), 0, &x, &e));
    tally_question q = {.where = x};
    assert_ok(tally_ask(k->t, a, &q, &out, &e));
    i64 n = out.cells[0].n;
    arena_close(a);
    return n;
}

static i64 counted(shelf *k, str needle) {
    arena *a = arena_open((size_t)1 << 20);
    str folded;
    i64 n = 0;
    fold(a, needle, &folded, NULL);
    for (size_t i = 0; i < k->f.visible; i++) {
        str clean = k->f.ins[i].row.clean, words = clean.p ? clean : k->f.sig[i].row.words;
        n += words.p && fold_has(words, folded);
    }
    arena_close(a);
    return n;
}

static i64 without(const shelf *k) {
    i64 n = 0;
    for (size_t i = 0; i < k->f.visible; i++)
        n += !k->f.ins[i].row.clean.p && !k->f.sig[i].row.words.p;
    return n;
}

static void agrees(shelf *k, int rounds) {
    arena *a = arena_open((size_t)1 << 20);
    assert_int_equal(asked(k, NO_STR, "words is missing"), without(k));
    assert_int_equal(asked(k, NO_STR, "words is not missing"), (i64)k->f.visible - without(k));
    for (int i = 0; i < rounds; i++) {
        str needle = i < (int)COUNT(bits) ? str_of(bits[i]) : sentence(a, 4);
        if (i % 7 == 3) needle = arena_fmt(a, "r%u", (u32)chance(300));
        i64 want = counted(k, needle);
        i64 have = asked(k, needle, "words ~ ");
        if (have != want)
            fail_msg("words ~ '%.*s': %d, want %d", STR_ARG(needle), (int)have, (int)want);
        assert_int_equal(asked(k, needle, "not words ~ "), (i64)k->f.visible - without(k) - want);
    }
    assert_int_equal(asked(k, S(""), "words ~ "), (i64)k->f.visible - without(k));
    arena_close(a);
}

static void shelf_close(shelf *k) {
    tally_close(k->t);
    fake_dir_remove(k->dir);
    arena_close(k->f.a);
}

static void what_is_found_is_what_each_signal_says(void **s) {
    (void)s;
    shelf k = {0};
    fill(&k, 1500, 120);
    k.f.visible = 700;
    fake_dir(k.dir);
    shelf_open(&k);
    agrees(&k, 60);
    for (size_t to = 710; to < 1500; to += 1 + chance(60)) {
        for (size_t i = k.f.visible; i < to && chance(2); i++) { /* as the writer hands them in */
            heard h = {.sig = k.f.sig[i], .ins = k.f.ins[i], .added = true};
            k.f.visible = i + 1;
            assert_ok(tally_append(k.t, &h, 1, &e));
        }
        k.f.visible = to;
        assert_ok(tally_follow(k.t, &e)); /* the rest as another process does */
        if (chance(4) == 0) assert_ok(tally_seal(k.t, &e));
        agrees(&k, 5);
        if (chance(4) == 0) {
            tally_close(k.t);
            shelf_open(&k);
            assert_str(tally_notice(k.t), S(""));
        }
    }
    agrees(&k, 60);
    shelf_close(&k);
}

/* More than one run of text, more than one block. */
static void long_words_fill_several_runs(void **s) {
    (void)s;
    shelf k = {0};
    fill(&k, 1000, 6000);
    fake_dir(k.dir);
    shelf_open(&k);
    agrees(&k, 30);
    assert_true(k.t->words.runs_n >= 2);
    tally_close(k.t);
    shelf_open(&k);
    assert_true(k.t->words.runs_n >= 2);
    agrees(&k, 30);
    shelf_close(&k);
}

static void words_that_changed_are_found_as_they_are_now(void **s) {
    (void)s;
    shelf k = {0};
    fill(&k, 900, 80);
    fake_dir(k.dir);
    shelf_open(&k);
    agrees(&k, 10);
    for (int round = 0; round < 12; round++) {
        size_t from = chance(800), n = 1 + chance(90);
        for (size_t i = from; i < from + n; i++) {
            k.f.sig[i].row.words = chance(3) ? sentence(k.f.a, 80) : NO_STR;
            k.f.ins[i].row.clean = NO_STR;
        }
        k.first = k.f.sig[from].row.id;
        k.last = k.f.sig[from + n - 1].row.id;
        k.change++;
        assert_ok(tally_follow(k.t, &e));
        agrees(&k, 25);
        if (round % 4 == 3) {
            tally_close(k.t);
            shelf_open(&k);
        }
    }
    shelf_close(&k);
}

static bool harm(void *ctx, const char *name) {
    char path[400];
    u8 *p;
    size_t n;
    if (!str_ends(str_of(name), S(".words"))) return true;
    snprintf(path, sizeof path, "%s/%s", (const char *)ctx, name);
    assert_ok(file_read(path, &p, &n, &e));
    u64 how = chance(4);
    if (how == 0) return free(p), false; /* gone */
    p[chance(n)] ^= (u8)(1 << chance(8));
    assert_ok(file_append(path, 0, p, how == 1 ? chance(n) : n, &e));
    free(p);
    return true;
}

static void damaged_words_are_read_again_and_never_wrong(void **s) {
    (void)s;
    shelf k = {0};
    fill(&k, 500, 60);
    fake_dir(k.dir);
    seed_state = 77;
    for (int round = 0; round < 40; round++) {
        shelf_open(&k);
        u64 state = seed_state;
        agrees(&k, 8);
        assert_ok(tally_seal(k.t, &e));
        assert_true(k.t->words.runs_n > 0);
        tally_close(k.t);
        seed_state = state + 1;
        dir_clean(k.dir, harm, k.dir);
        shelf_open(&k);
        agrees(&k, 8);
        assert_true(tally_notice(k.t).n > 0);
        tally_close(k.t);
    }
    shelf_open(&k);
    shelf_close(&k);
}

static void every_changed_byte_of_a_run_is_seen(void **s) {
    (void)s;
    shelf k = {0};
    fill(&k, 60, 20);
    fake_dir(k.dir);
    shelf_open(&k);
    agrees(&k, 3);
    words_seal(k.t);
    const words_run *r = &k.t->words.runs[0];
    size_t n = r->head->bytes;
    u8 *copy = mem_new(n, 1);
    for (size_t at = 0; at < n; at++) {
        words_run broken;
        memcpy(copy, r->head, n);
        copy[at] ^= (u8)(1u << at % 8);
        bool ok = words_adopt(&broken, copy, n, 9, &e);
        if (ok) {
            ok = words_verify(&broken, &e);
            free(broken.checked);
        }
        assert_false(ok);
    }
    free(copy);
    hits h = {.n = 0};
    words_search(r, S("late"), note, &h);
    assert_true(h.n > 0);
    shelf_close(&k);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_needle_is_found_where_a_slow_search_finds_it),
        cmocka_unit_test(what_is_found_is_what_each_signal_says),
        cmocka_unit_test(long_words_fill_several_runs),
        cmocka_unit_test(words_that_changed_are_found_as_they_are_now),
        cmocka_unit_test(damaged_words_are_read_again_and_never_wrong),
        cmocka_unit_test(every_changed_byte_of_a_run_is_seen),
    };
    return RUN_TESTS(tests);
}
