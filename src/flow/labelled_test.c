/* labelled_test.c - labelled files: columns, conditions, near-duplicates, labels, what is refused. */
#include "flow/labelled.h"
#include "base/test.h"
#include <unistd.h>

static char path[] = "/tmp/heed-labelled-XXXXXX.csv";

static void put_file(const char *text) {
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static bool read_it(arena *a, const labelled_wish *w, labelled *l, err *e) {
    world_fake f;
    world_fake_init(&f, 1767225600000, 1);
    return labelled_read(a, &f.w, str_of(path), w, l, e);
}

static const char town[] = "id,title,text,stars,split\n"
                           "1,Good,The soup was WARM and the bread fresh today,5,train\n"
                           "2,,The soup was warm and the bread fresh today,5,test\n"
                           "3,Bad,\"Cold, slow, rude. Never again\",1,train\n"
                           "4,Hm,,3,train\n"
                           "5,Nice,\"电话13800138000找我, 味道很好\",4,train\n";

static void columns_are_joined_and_words_are_cleaned(void **state) {
    (void)state;
    arena *a = arena_open((size_t)256 << 20);
    err e;
    labelled l = {0};
    const str text[] = {S("title"), S("text")}, only[] = {S("split!=test")};
    labelled_wish w = {.text = text, .text_n = 2, .label = S("stars"), .only = only, .only_n = 1};
    put_file(town);
    assert_ok(read_it(a, &w, &l, &e));
    assert_int_equal(l.n, 4); /* row 4 has a title */
    assert_str(l.texts[0], S("good. the soup was warm and the bread fresh today"));
    assert_str(l.labels[0], S("5"));
    assert_true(str_find(l.texts[3], S("13800138000")) < 0);
    arena_close(a);
}

static void texts_nearly_alike_are_told_and_kept_out_of_the_test(void **state) {
    (void)state;
    arena *a = arena_open((size_t)256 << 20);
    err e;
    const str text[] = {S("text")}, train_[] = {S("split=train")}, test_[] = {S("split=test")};
    labelled_wish w = {.text = text, .text_n = 1, .label = S("stars")};
    labelled all = {0}, train = {0}, test = {0};
    put_file(town);
    assert_ok(read_it(a, &w, &all, &e));
    assert_int_equal(all.n, 4);
    assert_int_equal(all.skipped, 1);
    assert_true(all.near[0] == all.near[1] && all.near[0] != all.near[2]);
    w.only_n = 1;
    w.only = train_;
    assert_ok(read_it(a, &w, &train, &e));
    w.only = test_;
    assert_ok(read_it(a, &w, &test, &e));
    assert_int_equal(labelled_without(a, &train, &test), 1);
    assert_int_equal(train.n, 2);
    assert_str(train.labels[0], S("1"));
    arena_close(a);
}

static void labels_become_classes_in_order(void **state) {
    (void)state;
    arena *a = arena_open((size_t)256 << 20);
    err e;
    labelled l = {0};
    lessons one, many;
    i64 unknown;
    const str text[] = {S("t")}, known[] = {S("a")};
    labelled_wish w = {.text = text, .text_n = 1, .label = S("l"), .between = '|'};
    put_file("t,l\nfirst words here,b|a\nsecond words there,\nthird of them,a\n");
    assert_ok(read_it(a, &w, &l, &e));
    labelled_lessons(a, &l, '|', NULL, 0, &many, NULL);
    assert_true(many.many && many.classes_n == 2 && many.n == 3);
    assert_str(many.classes[0], S("a"));
    assert_int_equal(many.labels[0], 1);
    assert_int_equal(many.from[1] - many.from[0], 2);
    assert_int_equal(many.from[2] - many.from[1], 0); /* none of them is an answer */
    labelled_lessons(a, &l, 0, known, 1, &one, &unknown);
    assert_int_equal(one.n, 1);
    assert_int_equal(unknown, 2);
    arena_close(a);
}

static void what_is_not_there_is_named(void **state) {
    (void)state;
    arena *a = arena_open((size_t)256 << 20);
    err e;
    labelled l = {0};
    const str text[] = {S("words")}, bad[] = {S("nonsense")};
    labelled_wish w = {.text = text, .text_n = 1, .label = S("mood")};
    put_file(town);
    assert_false(read_it(a, &w, &l, &e));
    assert_true(strstr(e.msg, "words") != NULL);
    w = (labelled_wish){.label = S("mood")};
    assert_false(read_it(a, &w, &l, &e));
    assert_true(strstr(e.msg, "mood") != NULL);
    w = (labelled_wish){.label = S("stars"), .only = bad, .only_n = 1};
    assert_false(read_it(a, &w, &l, &e));
    assert_true(strstr(e.msg, "COLUMN=VALUE") != NULL);
    arena_close(a);
}

int main(void) {
    int fd = mkstemps(path, 4);
    check(fd >= 0);
    close(fd);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_joined_and_words_are_cleaned),
        cmocka_unit_test(texts_nearly_alike_are_told_and_kept_out_of_the_test),
        cmocka_unit_test(labels_become_classes_in_order),
        cmocka_unit_test(what_is_not_there_is_named),
    };
    int failed = RUN_TESTS(tests);
    unlink(path);
    return failed;
}
