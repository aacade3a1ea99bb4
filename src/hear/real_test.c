/* real_test.c - files of the wild go in whole.  They are not part of the project: they are looked
 *for
 ** in the folder $HEED_SHARED (../shared), and the test says so when they are not there. */
#include "base/test.h"
#include "hear/hear.h"
#include <unistd.h>

static const i64 NOW = 1772323200000; /* 2026-03-01 */

typedef struct {
    arena *batch;
    i64 taken, rejected, words, dated, scored;
    i64 reject_lines[8];
    char first_words[64];
    u64 ids; /* sum of hashes: equal when the identities are */
} tally_of_file;

static bool count_take(void *ctx, signal *s, i64 no, const record *r, err *e) {
    tally_of_file *t = ctx;
    (void)no, (void)r, (void)e;
    t->taken++;
    t->words += s->row.words.n > 0;
    t->dated += s->row.occurred_at != NOW;
    for (size_t i = 0; i < s->attrs_n; i++) t->scored += str_starts(s->attrs[i].key, S("score:"));
    if (t->first_words[0] == 0 && s->row.words.n)
        snprintf(t->first_words, sizeof t->first_words, "%.*s", STR_ARG(s->row.words));
    t->ids += str_hash(s->row.external_id);
    if (arena_used(t->batch) > 4 << 20) arena_reset(t->batch);
    return true;
}

static bool count_reject(void *ctx, i64 no, const rejection *r, err *e) {
    tally_of_file *t = ctx;
    (void)no, (void)e;
    if (t->rejected < (i64)COUNT(t->reject_lines)) t->reject_lines[t->rejected] = r->line;
    if (t->rejected++ < 4)
        print_message("  line %" PRId64 " %.*s: %.*s\n", r->line, STR_ARG(r->field),
                      STR_ARG(r->reason));
    return true;
}

typedef struct {
    str path;
    tally_of_file *t;
    plan p;
    bool show;
} job;

static bool go_in(arena *a, void *ctx, err *e) {
    job *j = ctx;
    hear_source *s;
    plan_wish w = {.header = -1, .now_ms = NOW};
    if (!hear_open(j->path, &s, e)) return false;
    bool ok = hear_look(a, s, &w, &j->p, e);
    if (ok && j->show) {
        buf b = {.a = a};
        plan_print(&b, &j->p);
        fprintf(stderr, "%.*s", STR_ARG(buf_view(&b)));
    }
    hear_sink sink = {arena_open(64 << 20), count_take, count_reject, j->t};
    j->t->batch = sink.batch;
    if (ok) ok = hear_follow(a, s, &j->p, 0, &sink, e);
    if (ok) check(j->p.records == j->t->taken + j->t->rejected);
    arena_close(sink.batch);
    hear_close(s);
    return ok;
}

static const char *shared(void) {
    const char *s = getenv("HEED_SHARED");
    return s ? s : "../shared";
}

static tally_of_file import(const char *name) {
    char path[400];
    err e;
    tally_of_file t = {0};
    snprintf(path, sizeof path, "%s/data/%s", shared(), name);
    job j = {.path = str_of(path), .t = &t, .show = getenv("HEED_SHOW") != NULL};
    if (!job_run((size_t)256 << 20, go_in, &j, &e)) fail_msg("%s: %s", name, e.msg);
    return t;
}

static void skip_without_files(void) {
    char path[400];
    snprintf(path, sizeof path, "%s/data/messy", shared());
    if (access(path, R_OK) == 0) return;
    print_message("skipped: no %s\n", path);
    skip();
}

static void each_file_goes_in_whole(void **state) {
    (void)state;
    static const struct {
        const char *name;
        i64 rows;
        bool words, dated, scored;
    } files[] = {
        {"zh/hotel_htl.csv.gz", 6616, true, false, false},
        {"zh/waimai.csv.gz", 10123, true, false, false},
        {"zh/shopping_8cats.csv.gz", 42785, true, false, false},
        {"zh/gov_stream.csv.gz", 4326, true, true, false},
        {"en/womens_clothing.csv.gz", 17616, true, false, true},
        {"en/twitter_airline.csv.gz", 10416, true, true, false},
        {"tables/airline_satisfaction.csv.gz", 103871, false, false, false},
        {"olist/order_reviews.csv.gz", 11042, true, true, true},
        {"messy/hotel_gb18030_crlf.csv", 400, true, false, false},
        {"messy/hotel_traditional_big5.csv", 299, true, false, false},
        {"messy/hotel_traditional_utf8_bom.csv", 300, true, false, false},
        {"messy/waimai_utf16le_bom.tsv", 400, true, false, false},
        {"messy/twitter_jsonlines_latin_mixed.txt", 300, true, true, false},
        {"messy/gov_stream_raw.xlsx", 4326, true, true, false},
    };
    skip_without_files();
    for (size_t i = 0; i < COUNT(files); i++) {
        tally_of_file t = import(files[i].name);
        if (t.taken != files[i].rows || t.rejected)
            fail_msg("%s: %d of %d rows, %d rejected", files[i].name, (int)t.taken,
                     (int)files[i].rows, (int)t.rejected);
        if (files[i].words != (t.words > 0))
            fail_msg("%s: %d rows have words", files[i].name, (int)t.words);
        if (files[i].dated != (t.dated > 0))
            fail_msg("%s: %d rows have dates", files[i].name, (int)t.dated);
        if (files[i].scored && t.scored != t.taken)
            fail_msg("%s: %d rows have scores", files[i].name, (int)t.scored);
    }
}

static void broken_bytes_reject_their_lines_and_no_others(void **state) {
    (void)state;
    skip_without_files();
    tally_of_file t = import("messy/waimai_broken_bytes.csv");
    assert_int_equal(t.rejected, 3);
    assert_int_equal(t.reject_lines[0], 6);
    assert_int_equal(t.reject_lines[1], 10);
    assert_int_equal(t.reject_lines[2], 21);
    assert_int_equal(t.taken, 117);
}

static void chinese_in_three_encodings_is_the_same_text(void **state) {
    (void)state;
    skip_without_files();
    tally_of_file big5 = import("messy/hotel_traditional_big5.csv");
    tally_of_file utf8 = import("zh/hotel_htl.csv.gz");
    tally_of_file gb = import("messy/hotel_gb18030_crlf.csv");
    assert_string_equal(gb.first_words, utf8.first_words);
    assert_true((u8)big5.first_words[0] >= 0xe4 && (u8)big5.first_words[0] <= 0xe9);
}

static void a_second_reading_names_every_row_the_same(void **state) {
    (void)state;
    skip_without_files();
    static const char *names[] = {"en/twitter_airline.csv.gz", "messy/gov_stream_raw.xlsx",
                                  "zh/waimai.csv.gz"};
    for (size_t i = 0; i < COUNT(names); i++)
        assert_true(import(names[i]).ids == import(names[i]).ids);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_file_goes_in_whole),
        cmocka_unit_test(broken_bytes_reject_their_lines_and_no_others),
        cmocka_unit_test(chinese_in_three_encodings_is_the_same_text),
        cmocka_unit_test(a_second_reading_names_every_row_the_same),
    };
    return RUN_TESTS(tests);
}
