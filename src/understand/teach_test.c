/* teach_test.c - models of one's own: taught, compared, switched, rolled back, spoilt, read with. */
#include "understand/teach.h"
#include "base/test.h"
#include "kern/fold.h"
#include "understand/understand.h"
#include <unistd.h>

static char folder[] = "/tmp/heed-teach-XXXXXX";
static world_fake clock_;

static store *fresh_store(arena *a) {
    static int no;
    err e;
    store *s;
    store_options o = {.w = &clock_.w, .create = true};
    assert_ok(store_open(arena_fmt(a, "%s/%d.db", folder, no++), &o, &s, &e));
    return s;
}

enum { TEXTS = 300 };
/* Our trade says "quick" for bad and "heavy" for good; noise percent of the labels are wrong. */
static lessons trade(arena *a, u32 noise) {
    static const char *const bad[] = {"a quick one again", "so quick it hurts", "quick, as ever"};
    static const char *const good[] = {"heavy work", "really heavy this time", "heavy and round"};
    static const char *const fill[] = {"the", "our", "this", "that", "one", "said", "so", "with"};
    str *texts = NEW_N(a, str, TEXTS), *classes = NEW_N(a, str, 2);
    u32 *labels = NEW_N(a, u32, TEXTS);
    size_t *from = NEW_N(a, size_t, TEXTS + 1);
    u64 x = 11;
    classes[0] = S("negative");
    classes[1] = S("positive");
    for (u32 i = 0; i < TEXTS; i++) {
        x = x * 6364136223846793005ull + 1442695040888963407ull;
        bool is_good = (x >> 60) & 1, wrong = (x >> 20) % 100 < noise;
        texts[i] = arena_fmt(a, "%s %s %s %s", fill[(x >> 33) & 7], fill[(x >> 37) & 7],
                             (is_good ? good : bad)[(x >> 41) % 3], fill[(x >> 45) & 7]);
        labels[i] = is_good != wrong;
        from[i + 1] = i + 1;
    }
    return (lessons){.texts = texts,
                     .labels = labels,
                     .from = from,
                     .n = TEXTS,
                     .classes = classes,
                     .classes_n = 2};
}

static model_row taught_once(store *s, arena *a, u32 noise, bool must) {
    err e;
    taught t;
    teach_rival rival;
    model_row m;
    lessons l = trade(a, noise);
    learn_wish w = learn_usual;
    w.shape.bits = 12;
    teach_about about = {S("sentiment"), S("trade.csv"), NO_STR, 1767225600000};
    assert_ok(teach_rival_of(s, a, S("sentiment"), &rival, &e));
    assert_ok(teach(a, &l, &w, &about, &rival, &t, &e));
    assert_ok(teach_keep(s, a, &about, &t, must, &m, &e));
    return m;
}

static i64 read_with(store *s, arena *a, const char *words, str *reader_out) {
    err e;
    const models *own;
    assert_ok(models_load(s, a, &own, &e));
    readers_kit kit = {own, grams_room_new(a)};
    insight ins = {0};
    ins.row.lang = S("en");
    str folded;
    u32 *offsets;
    fold(a, str_of(words), &folded, &offsets);
    assert_ok(understand_signal(&kit, a, NULL, str_of(words), folded, offsets, NULL, 0, &ins, &e));
    if (reader_out) *reader_out = ins.row.reader;
    return ins.row.sentiment;
}

static void a_better_model_is_read_with_and_can_be_taken_back(void **state) {
    (void)state;
    arena *a = arena_open((size_t)256 << 20);
    store *s = fresh_store(a);
    err e;
    str read_by;
    model_row m = taught_once(s, a, 0, false);
    assert_str(m.name, S("sentiment-1"));
    assert_str(m.state, S("in_use"));
    assert_true(m.macro_f1 > m.before && m.macro_f1 > 950000);
    assert_int_equal(read_with(s, a, "this was heavy", &read_by), 1);
    assert_int_equal(read_with(s, a, "again so quick", NULL), -1);
    assert_true(str_ends(read_by, S(" sentiment-1")));
    assert_ok(model_back(s, a, S("sentiment"), &m, &e));
    assert_int_equal(m.name.n, 0);
    assert_int_equal(read_with(s, a, "again so quick", &read_by), 1); /* as the world has it */
    assert_str(read_by, S(READERS_VERSION));
    assert_false(model_back(s, a, S("sentiment"), &m, &e));
    assert_ok(model_switch(s, a, S("sentiment-1"), &m, &e));
    assert_int_equal(read_with(s, a, "again so quick", NULL), -1);
    store_close(s);
    arena_close(a);
}

static void a_worse_model_is_kept_and_not_used(void **state) {
    (void)state;
    arena *a = arena_open((size_t)256 << 20);
    store *s = fresh_store(a);
    err e;
    taught_once(s, a, 0, false);
    model_row m = taught_once(s, a, 100, false); /* everything upside down: the same figures... */
    assert_str(m.state, S("in_use"));            /* ...but right by its own labels */
    m = taught_once(s, a, 45, false);
    assert_str(m.name, S("sentiment-3"));
    assert_str(m.state, m.macro_f1 >= m.before ? S("in_use") : S("worse"));
    m = taught_once(s, a, 100, false);
    assert_ok(model_back(s, a, S("sentiment"), &m, &e));
    m = taught_once(s, a, 45, true); /* told to */
    assert_str(m.state, S("in_use"));
    store_close(s);
    arena_close(a);
}

static void the_same_lessons_do_not_lose_against_themselves(void **state) {
    (void)state;
    arena *a = arena_open((size_t)256 << 20);
    store *s = fresh_store(a);
    model_row one = taught_once(s, a, 10, false), two = taught_once(s, a, 10, false);
    assert_str(two.proof, one.proof); /* the files differ: the card names what was before */
    assert_int_equal(two.macro_f1, two.before);
    assert_str(two.state, S("in_use"));
    store_close(s);
    arena_close(a);
}

static void a_spoilt_file_is_refused_and_one_can_go_back(void **state) {
    (void)state;
    arena *a = arena_open((size_t)256 << 20);
    store *s = fresh_store(a);
    err e;
    const models *own;
    taught_once(s, a, 0, false);
    model_row m = taught_once(s, a, 5, true);
    str path = arena_fmt(a, "%.*s.models/%.*s", STR_ARG(store_path(s)), STR_ARG(m.file));
    FILE *f = fopen(path.p, "r+b");
    assert_non_null(f);
    fseek(f, 700, SEEK_SET);
    int c = fgetc(f);
    fseek(f, 700, SEEK_SET);
    fputc(c ^ 4, f);
    fclose(f);
    assert_false(models_load(s, a, &own, &e));
    assert_int_equal(e.code, CORRUPT);
    assert_true(strstr(e.msg, "sentiment-2") && strstr(e.msg, "heed models back"));
    assert_ok(model_back(s, a, S("sentiment"), &m, &e));
    assert_str(m.name, S("sentiment-1"));
    assert_ok(models_load(s, a, &own, &e));
    assert_false(model_switch(s, a, S("sentiment-2"), &m, &e));
    store_close(s);
    arena_close(a);
}

static void labels_of_a_task_are_understood(void **state) {
    (void)state;
    err e;
    str stars[] = {S("1"), S("5"), S("3"), S("2")}, yes[] = {S("0"), S("1")};
    str signs[] = {S("-1"), S("0"), S("1")}, bad[] = {S("1"), S("6")}, wish[] = {S("holiday")};
    assert_ok(task_labels(S("sentiment"), stars, 4, &e));
    assert_str(stars[0], S("negative"));
    assert_str(stars[2], S("neutral"));
    assert_ok(task_labels(S("sentiment"), yes, 2, &e));
    assert_str(yes[0], S("negative"));
    assert_ok(task_labels(S("sentiment"), signs, 3, &e));
    assert_str(signs[1], S("neutral"));
    assert_false(task_labels(S("sentiment"), bad, 2, &e));
    assert_true(strstr(e.msg, "\"6\"") != NULL);
    assert_false(task_labels(S("intent"), wish, 1, &e));
    assert_ok(task_labels(S("department"), wish, 1, &e));
    assert_true(task_check(S("my_task2"), &e));
    assert_false(task_check(S("../x"), &e));
    assert_false(task_check(S(""), &e));
}

/* "blorp" stands with words everybody knows; the model learns what it means here. */
static void without_labels_the_lexicon_teaches(void **state) {
    (void)state;
    enum { N = 900 };
    arena *a = arena_open((size_t)256 << 20);
    store *s = fresh_store(a);
    err e;
    taught t;
    model_row m;
    str *texts = NEW_N(a, str, N);
    static const char *const fill[] = {"monday", "tuesday", "noon", "june",
                                       "sunday", "april",   "may"};
    for (int i = 0; i < N; i++)
        texts[i] = arena_fmt(a, "%s %s %s %s", fill[i % 7], i % 2 ? "blorp" : "zigzag",
                             i % 3 ? i % 2 ? "excellent" : "terrible" : "", fill[i / 7 % 7]);
    teach_about about = {S("sentiment"), S("voices"), NO_STR, 1767225600000};
    assert_int_equal(read_with(s, a, "so blorp", NULL), 0);
    assert_ok(teach_self(s, a, texts, N, &about, &t, &e));
    assert_ok(teach_keep(s, a, &about, &t, false, &m, &e));
    assert_str(m.state, S("in_use"));
    assert_int_equal(read_with(s, a, "so blorp", NULL), 1);
    assert_int_equal(read_with(s, a, "so zigzag", NULL), -1);
    assert_str(taught_once(s, a, 0, true).state, S("in_use"));
    assert_ok(teach_self(s, a, texts, N, &about, &t, &e)); /* labels are better */
    assert_false(t.better);
    assert_false(teach_self(s, a, texts, 50, &about, &t, &e));
    about.task = S("topic");
    assert_false(teach_self(s, a, texts, N, &about, &t, &e));
    store_close(s);
    arena_close(a);
}

static void too_little_is_refused(void **state) {
    (void)state;
    arena *a = arena_open((size_t)256 << 20);
    err e;
    taught t;
    teach_about about = {S("sentiment"), S("trade.csv"), NO_STR, 0};
    lessons l = trade(a, 0);
    l.n = 5;
    assert_false(teach(a, &l, &learn_usual, &about, &(teach_rival){0}, &t, &e));
    assert_int_equal(e.code, INVALID);
    l.n = 100;
    l.classes_n = 1;
    for (int i = 0; i < 100; i++) ((u32 *)(uintptr_t)l.labels)[i] = 0;
    assert_false(teach(a, &l, &learn_usual, &about, &(teach_rival){0}, &t, &e));
    assert_int_equal(e.code, INVALID);
    arena_close(a);
}

static insight shipped_says(arena *a, const char *words, const char *lang) {
    err e;
    insight ins = {0};
    str folded;
    u32 *offsets;
    ins.row.lang = str_of(lang);
    fold(a, str_of(words), &folded, &offsets);
    assert_ok(understand_signal(NULL, a, NULL, str_of(words), folded, offsets, NULL, 0, &ins, &e));
    return ins;
}

static void what_ships_hears_more_than_the_lexicon(void **state) {
    (void)state;
    arena *a = arena_open((size_t)64 << 20);
    insight late = shipped_says(a, "快递三天还没到", "zh-Hans"); /* no judging word in it */
    assert_int_equal(late.row.sentiment, -1);
    assert_true(late.row.confidence >= 55 && late.row.confidence <= 100);
    assert_int_equal(shipped_says(a, "快遞三天還沒到", "zh-Hant").row.sentiment, -1);
    assert_int_equal(shipped_says(a, "It fell apart on the first day", "en").row.sentiment, -1);
    assert_int_equal(shipped_says(a, "你们几点开门", "zh-Hans").row.sentiment, 0);
    assert_int_equal(shipped_says(a, "Where is my parcel?", "en").row.sentiment, 0);
    assert_int_equal(shipped_says(a, "das kam zu spät", "de").row.sentiment, NONE);
    arena_close(a);
}

static void what_ships_is_small_and_says_where_it_is_from(void **state) {
    (void)state;
    const models *m = models_shipped();
    size_t all = 0;
    assert_true(m->n >= 2);
    for (size_t i = 0; i < m->n; i++) {
        const model_use *u = &m->list[i];
        size_t bytes = (size_t)u->m.rows_n << u->m.shape.bits;
        all += bytes;
        assert_true(bytes <= 300000);
        assert_true(str_find(u->m.card, S("\"class\":\"A\"")) >= 0);
        assert_true(str_find(u->m.card, S("\"class\":\"NC\"")) < 0);
        assert_true(str_find(u->m.card, S("\"class\":\"R\"")) < 0);
        assert_true(u->with_lexicon && u->lexicon_weight > 0 && u->zh != u->en);
    }
    assert_true(all <= 8000000);
    assert_null(models_use(m, S("sentiment"), S("de")));
    assert_non_null(models_use(m, S("sentiment"), S("zh-Hant")));
}

int main(void) {
    check(mkdtemp(folder));
    world_fake_init(&clock_, 1767225600000, 5);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_better_model_is_read_with_and_can_be_taken_back),
        cmocka_unit_test(a_worse_model_is_kept_and_not_used),
        cmocka_unit_test(the_same_lessons_do_not_lose_against_themselves),
        cmocka_unit_test(a_spoilt_file_is_refused_and_one_can_go_back),
        cmocka_unit_test(labels_of_a_task_are_understood),
        cmocka_unit_test(without_labels_the_lexicon_teaches),
        cmocka_unit_test(too_little_is_refused),
        cmocka_unit_test(what_ships_hears_more_than_the_lexicon),
        cmocka_unit_test(what_ships_is_small_and_says_where_it_is_from),
    };
    return RUN_TESTS(tests);
}
