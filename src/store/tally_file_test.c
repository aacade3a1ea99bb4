/* tally_file_test.c - the mirror on disk: sealing, reopening, and every kind of damage, which must end
** in one sentence and the right numbers. */
#include "store/tally_fake.h"
#include <dirent.h>
#include <sys/stat.h>

static err e;
enum { SIGNALS = 240 };

static const fake *world_of(fake *f, u64 seed) {
    fake_fill(f, SIGNALS, seed);
    return f;
}

static tally *opened(fake *f, const char *dir, u32 rows) {
    tally *t;
    tally_source from = fake_source(f);
    assert_ok(tally_open_from(&from, dir, rows, &t, NULL, NULL, &e));
    return t;
}

/* One number that every row, mention and attribute takes part in. */
static i64 digest(tally *t, fake *f) {
    arena *a = arena_open((size_t)64 << 20);
    const tally_by by[2] = {{S("channel"), BY_VALUE}, {S("aspect"), BY_VALUE}};
    tally_measure m[3] = {{.kind = MEASURE_NUM, .column = S("big"), .test = NULL},
                          {.kind = MEASURE_NUM, .column = S("score:nps"), .test = NULL},
                          {.kind = MEASURE_DISTINCT, .column = S("customer"), .test = NULL}};
    tally_question q = {.by = by, .by_n = 2, .measures = m, .measures_n = 3};
    tally_answer out;
    assert_ok(tally_ask(t, a, &q, &out, &e));
    u64 h = 17;
    for (size_t i = 0; i < out.cells_n; i++) {
        const tally_cell *c = &out.cells[i];
        h = h * 31 + str_hash(c->keys[0].text) + str_hash(c->keys[1].text) * 7 + (u64)c->n;
        for (int k = 0; k < 3; k++)
            h = h * 31 + (u64)c->stats[k].n + (u64)c->stats[k].sum + c->stats[k].square[0] +
                (u64)c->stats[k].yes;
    }
    assert_int_equal(tally_rows_total(t), f->visible);
    arena_close(a);
    return (i64)(h >> 1);
}

static i64 right_digest(fake *f) {
    tally *t = opened(f, NULL, 1 << 20);
    i64 d = digest(t, f);
    tally_close(t);
    return d;
}

static void a_sealed_mirror_opens_without_the_store(void **s) {
    (void)s;
    fake f;
    char dir[64];
    world_of(&f, 3);
    i64 want = right_digest(&f);
    tally *t = opened(&f, fake_dir(dir), 50);
    assert_int_equal(digest(t, &f), want);
    assert_int_equal(t->segments_n, 5);
    tally_close(t);
    t = opened(&f, dir, 50);
    assert_str(tally_notice(t), S(""));
    assert_int_equal(t->segments_n, 5);
    assert_int_equal(t->tail.n[OF_SIGNAL], 0);
    assert_int_equal(digest(t, &f), want);
    tally_close(t);
    fake_dir_remove(dir);
    arena_close(f.a);
}

static void small_seals_grow_into_full_segments(void **s) {
    (void)s;
    fake f;
    char dir[64];
    world_of(&f, 4);
    f.visible = 0;
    tally *t = opened(&f, fake_dir(dir), 100);
    for (; f.visible < SIGNALS; f.visible += 10) {
        assert_ok(tally_follow(t, &e));
        assert_ok(tally_seal(t, &e));
    }
    assert_ok(tally_follow(t, &e));
    assert_int_equal(digest(t, &f), right_digest(&f));
    assert_true(t->segments_n <= 3);
    tally_close(t);
    t = opened(&f, dir, 100);
    assert_str(tally_notice(t), S(""));
    assert_int_equal(digest(t, &f), right_digest(&f));
    tally_close(t);
    fake_dir_remove(dir);
    arena_close(f.a);
}

static void appended_items_are_in_the_next_answer(void **s) {
    (void)s;
    fake f;
    world_of(&f, 5);
    f.visible = 0;
    tally *t = opened(&f, NULL, 64);
    for (size_t i = 0; i < SIGNALS; i++) {
        heard h = {.sig = f.sig[i], .ins = f.ins[i], .added = true};
        heard known = {.sig = f.sig[i / 2], .ins = f.ins[i / 2], .added = false};
        heard batch[2] = {known, h};
        f.visible = i + 1;
        assert_ok(tally_append(t, batch, 2, &e));
        assert_int_equal(tally_rows_total(t), f.visible);
    }
    assert_int_equal(digest(t, &f), right_digest(&f));
    tally_close(t);
    arena_close(f.a);
}

static void a_second_process_reads_while_the_first_writes(void **s) {
    (void)s;
    fake f;
    char dir[64];
    world_of(&f, 6);
    f.visible = 100;
    tally *one = opened(&f, fake_dir(dir), 30), *two = opened(&f, dir, 30);
    assert_int_equal(two->lock_fd, -1);
    f.visible = SIGNALS;
    assert_ok(tally_follow(two, &e));
    assert_ok(tally_seal(two, &e));
    assert_ok(tally_follow(one, &e));
    assert_ok(tally_seal(one, &e));
    assert_int_equal(digest(one, &f), right_digest(&f));
    assert_int_equal(digest(two, &f), right_digest(&f));
    tally_close(one);
    tally_close(two);
    fake_dir_remove(dir);
    arena_close(f.a);
}

static void a_foreign_or_missing_mirror_is_made_again(void **s) {
    (void)s;
    fake f, other;
    char dir[64];
    world_of(&f, 7);
    world_of(&other, 8);
    tally_close(opened(&other, fake_dir(dir), 50));
    tally *t = opened(&f, dir, 50);
    assert_str(tally_notice(t),
               S("the tally was made again from 240 signals: it belongs to another store"));
    assert_int_equal(digest(t, &f), right_digest(&f));
    tally_close(t);
    f.visible = 100; /* the store was put back to an older copy of itself */
    t = opened(&f, dir, 50);
    assert_str(
        tally_notice(t),
        S("the tally was made again from 100 signals: it has signals the store does not have"));
    assert_int_equal(digest(t, &f), right_digest(&f));
    tally_close(t);
    fake_dir_remove(dir);
    t = opened(&f, dir, 50);
    assert_str(tally_notice(t), S("the tally was made again from 100 signals: it was not there"));
    tally_close(t);
    fake_dir_remove(dir);
    arena_close(f.a);
    arena_close(other.a);
}

/* ---- damage ---- */

typedef struct {
    char names[64][300];
    size_t n;
} listing;

static bool note_file(void *ctx, const char *name) {
    listing *l = ctx;
    if (strcmp(name, "lock") != 0 && l->n < COUNT(l->names))
        snprintf(l->names[l->n++], sizeof l->names[0], "%s", name);
    return true;
}

typedef struct {
    u8 *p;
    size_t n;
    char path[400];
} kept;

static kept keep(const char *dir, const char *name) {
    kept k = {0};
    snprintf(k.path, sizeof k.path, "%s/%s", dir, name);
    assert_ok(file_read(k.path, &k.p, &k.n, &e));
    return k;
}

/* Opens, asks everything, and checks: right numbers whatever was done to the files. */
static void still_right(fake *f, const char *dir, i64 want, const char *what, bool must_notice) {
    tally *t = opened(f, dir, 60);
    if (digest(t, f) != want) fail_msg("wrong numbers after %s", what);
    if (must_notice && tally_notice(t).n == 0) fail_msg("nothing was said of %s", what);
    assert_true(t->segments_n == 4);
    i64 bad = 0;
    assert_ok(tally_check(t, NULL, NULL, &bad, &e));
    if (bad &&
        tally_notice(t).n == 0) { /* damage in a column nobody asked for: found here, then mended */
        assert_int_equal(digest(t, f), want);
        assert_true(tally_notice(t).n > 0);
    } else if (bad) {
        fail_msg("check after %s", what);
    } else if (must_notice && tally_notice(t).n == 0) {
        fail_msg("%s went unseen", what);
    }
    tally_close(t);
}

static void damaged_files_never_give_wrong_numbers(void **s) {
    (void)s;
    fake f;
    char dir[64], what[500];
    world_of(&f, 9);
    i64 want = right_digest(&f);
    seed_state = 99;
    tally_close(opened(&f, fake_dir(dir), 60));
    listing l = {.n = 0};
    dir_clean(dir, note_file, &l);
    assert_true(l.n > 10);
    for (size_t i = 0; i < l.n; i++) {
        kept k = keep(dir, l.names[i]);
        for (int flip = 0; flip < 12; flip++) {
            u8 *copy = mem_new(k.n, 1);
            memcpy(copy, k.p, k.n);
            size_t at = (size_t)chance(k.n);
            copy[at] ^= (u8)(1u << chance(8));
            assert_ok(file_append(k.path, 0, copy, k.n, &e));
            free(copy);
            snprintf(what, sizeof what, "byte %zu of %s changed", at, l.names[i]);
            still_right(&f, dir, want, what, false);
            dir_clean(dir, fake_drop, NULL);
            tally_close(opened(&f, dir, 60));
        }
        size_t cuts[] = {0, 1, k.n / 2, k.n - 1};
        for (size_t c = 0; c < COUNT(cuts); c++) {
            assert_ok(file_append(k.path, 0, k.p, cuts[c], &e));
            snprintf(what, sizeof what, "%s cut at %zu", l.names[i], cuts[c]);
            still_right(&f, dir, want, what, true);
            dir_clean(dir, fake_drop, NULL); /* what was made again has another name */
            tally_close(opened(&f, dir, 60));
        }
        file_remove(k.path);
        snprintf(what, sizeof what, "%s removed", l.names[i]);
        still_right(&f, dir, want, what, true);
        dir_clean(dir, fake_drop, NULL);
        tally_close(opened(&f, dir, 60));
        free(k.p);
    }
    fake_dir_remove(dir);
    arena_close(f.a);
}

static void every_changed_byte_of_a_segment_is_seen(void **s) {
    (void)s;
    fake f;
    world_of(&f, 10);
    tally *t = opened(&f, NULL, 40);
    const segment *g = &t->segments[0];
    size_t n = g->head->bytes, padding = 0, seen = 0;
    u8 *copy = mem_new(n, 1);
    for (size_t at = 0; at < n; at++) {
        memcpy(copy, g->base, n);
        copy[at] ^= (u8)(1u << at % 8);
        segment broken = {0};
        bool ok = segment_adopt(&broken, copy, n, f.id, &e);
        for (u32 p = 0; ok && p < broken.head->parts_n; p++)
            ok = segment_verify(&broken, &broken.parts[p], &e);
        seen += !ok;
        padding += ok;
        free(broken.checked);
    }
    for (u32 p = 0; p < g->head->parts_n; p++) /* only bytes between the arrays may differ */
        n -= g->parts[p].bytes;
    n -= sizeof *g->head + g->head->parts_n * sizeof(part);
    assert_int_equal(padding, n);
    assert_true(seen > 1000);
    free(copy);
    tally_close(t);
    arena_close(f.a);
}

static void put_text_file(const char *dir, const char *name, const char *text) {
    char path[200];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    assert_ok(file_save(path, text, strlen(text), &e));
}

static void leftovers_of_a_crash_are_swept(void **s) {
    (void)s;
    fake f;
    char dir[64];
    world_of(&f, 11);
    tally_close(opened(&f, fake_dir(dir), 60));
    put_text_file(dir, "000099.seg", "half a segment");
    put_text_file(dir, "manifest.new", "half a manifest");
    tally *t = opened(&f, dir, 60);
    assert_str(tally_notice(t), S(""));
    listing l = {.n = 0};
    dir_clean(dir, note_file, &l);
    for (size_t i = 0; i < l.n; i++)
        assert_true(strcmp(l.names[i], "000099.seg") && strcmp(l.names[i], "manifest.new"));
    tally_close(t);
    fake_dir_remove(dir);
    arena_close(f.a);
}

static void a_folder_that_cannot_be_made_leaves_it_in_memory(void **s) {
    (void)s;
    fake f;
    world_of(&f, 12);
    tally *t = opened(&f, "/nonexistent/folder.tally", 60);
    assert_int_equal(digest(t, &f), right_digest(&f));
    assert_ok(tally_seal(t, &e));
    tally_close(t);
    arena_close(f.a);
}

/* Root asks at the terminal, the server runs as another: what root makes is that one's. */
static void files_belong_to_the_owner_of_their_folder(void **s) {
    (void)s;
    fake f;
    char dir[64], inner[80];
    struct stat st;
    if (geteuid() != 0) return;
    world_of(&f, 16);
    assert_int_equal(chown(fake_dir(dir), 12345, 12346), 0);
    snprintf(inner, sizeof inner, "%s/in", dir);
    tally *t = opened(&f, inner, 60);
    assert_ok(tally_seal(t, &e));
    tally_close(t);
    DIR *d = opendir(inner);
    assert_non_null(d);
    int files = 0;
    for (struct dirent *x; (x = readdir(d));) {
        if (strcmp(x->d_name, "..") == 0) continue;
        assert_int_equal(fstatat(dirfd(d), x->d_name, &st, 0), 0);
        assert_true(st.st_uid == 12345 && st.st_gid == 12346);
        files++;
    }
    closedir(d);
    assert_true(files > 3);
    fake_dir_remove(inner);
    fake_dir_remove(dir);
    arena_close(f.a);
}

static void a_disk_that_refuses_loses_nothing(void **s) {
    (void)s;
    fake f;
    char dir[64], parked[80];
    world_of(&f, 15);
    f.visible = 100;
    tally *t = opened(&f, fake_dir(dir), 60);
    snprintf(parked, sizeof parked, "%s.parked", dir);
    assert_int_equal(rename(dir, parked), 0);
    f.visible = 110;
    assert_ok(tally_follow(t, &e));
    assert_false(tally_seal(t, &e));
    assert_int_equal(e.code, NOT_FOUND);
    assert_int_equal(digest(t, &f), right_digest(&f));
    f.visible = SIGNALS; /* goes on in memory, full segments too */
    assert_ok(tally_follow(t, &e));
    assert_ok(tally_seal(t, &e));
    assert_int_equal(digest(t, &f), right_digest(&f));
    tally_close(t);
    assert_int_equal(rename(parked, dir), 0);
    t = opened(&f, dir, 60); /* the next process finds what was sealed, and catches up */
    assert_str(tally_notice(t), S(""));
    assert_int_equal(digest(t, &f), right_digest(&f));
    tally_close(t);
    fake_dir_remove(dir);
    arena_close(f.a);
}

/* ---- sentences and bounds ---- */

static void refuse(tally *t, const char *where, const char *by, by_unit unit, const char *measure,
                   measure_kind kind, const char *want) {
    arena *a = arena_open((size_t)8 << 20);
    const expr *x;
    tally_answer out;
    tally_by b = {str_of(by), unit};
    tally_measure m = {.kind = kind, .column = str_of(measure)};
    assert_ok(expr_parse(a, str_of(where), 0, &x, &e));
    tally_question q = {
        .where = x, .by = &b, .by_n = by ? 1 : 0, .measures = &m, .measures_n = measure ? 1 : 0};
    assert_false(tally_ask(t, a, &q, &out, &e));
    assert_str(str_of(e.msg), str_of(want));
    arena_close(a);
}

static void questions_that_make_no_sense_get_a_sentence(void **s) {
    (void)s;
    fake f;
    world_of(&f, 13);
    tally *t = opened(&f, NULL, 60);
    refuse(t, "chanel = 'call'", NULL, BY_VALUE, NULL, MEASURE_NUM,
           "no column «chanel»; did you mean «channel»?");
    refuse(t, "", "touchpiont", BY_VALUE, NULL, MEASURE_NUM,
           "no column «touchpiont»; did you mean «touchpoint»?");
    refuse(t, "zzzzzzzzzzzz = 1", NULL, BY_VALUE, NULL, MEASURE_NUM,
           "no column «zzzzzzzzzzzz» in any signal");
    refuse(t, "", "occurred_at", BY_VALUE, NULL, MEASURE_NUM,
           "group by day(occurred_at), week(), month(), quarter() or year()");
    refuse(t, "", "channel", BY_WEEK, NULL, MEASURE_NUM,
           "«channel» is no time; days and weeks are those of occurred_at or received_at");
    refuse(t, "", "words", BY_VALUE, NULL, MEASURE_NUM, "words cannot be grouped by");
    refuse(t, "", NULL, BY_VALUE, "channel", MEASURE_NUM,
           "«channel» is no number; measure a numeric column");
    refuse(t, "", NULL, BY_VALUE, "strength", MEASURE_NUM,
           "«strength» speaks of mentions; measure a column of the signal");
    refuse(t, "", NULL, BY_VALUE, "amount", MEASURE_DISTINCT,
           "«amount» is no text; different values are counted of text columns");
    tally_close(t);
    f.visible = 0;
    t = opened(&f, NULL, 60); /* nothing heard yet: nothing is unknown */
    arena *a = arena_open((size_t)8 << 20);
    const expr *x;
    tally_answer out;
    assert_ok(expr_parse(a, S("chanel = 'call'"), 0, &x, &e));
    tally_question q = {.where = x};
    assert_ok(tally_ask(t, a, &q, &out, &e));
    assert_int_equal(out.cells_n, 1);
    assert_int_equal(out.cells[0].n, 0);
    arena_close(a);
    tally_close(t);
    arena_close(f.a);
}

typedef struct {
    tally *t;
    const expr *where;
} job;

static bool ask_job(arena *a, void *ctx, err *er) {
    job *j = ctx;
    tally_by by[2] = {{S("customer"), BY_VALUE}, {S("aspect"), BY_VALUE}};
    tally_measure m[2] = {{.kind = MEASURE_NUM, .column = S("big")},
                          {.kind = MEASURE_DISTINCT, .column = S("product")}};
    tally_question q = {.where = j->where, .by = by, .by_n = 2, .measures = m, .measures_n = 2};
    tally_answer out;
    return tally_ask(j->t, a, &q, &out, er);
}

static void a_failed_allocation_leaves_the_tally_whole(void **s) {
    (void)s;
    fake f;
    world_of(&f, 14);
    f.visible = 200;
    tally *t = opened(&f, NULL, 50);
    f.visible = SIGNALS;
    assert_ok(tally_follow(t, &e));
    arena *a = arena_open(1 << 20);
    job j = {.t = t};
    assert_ok(expr_parse(a, S("words ~ 'late' or channel in ('call', 'app')"), 0, &j.where, &e));
    bool done = false;
    for (i64 n = 0; !done; n++) {
        arena_fail_after(n);
        done = job_run((size_t)64 << 20, ask_job, &j, &e);
        arena_fail_after(-1);
        if (!done) assert_int_equal(e.code, LIMIT);
        assert_true(n < 10000);
    }
    assert_int_equal(digest(t, &f), right_digest(&f));
    tally_close(t);
    arena_close(a);
    arena_close(f.a);
}

static void means_and_variances_are_exact_until_the_last_rounding(void **s) {
    (void)s;
    cell_stat c = {0};
    arena *a = arena_open(1 << 20);
    c.s.min = c.s.max = NONE;
    assert_true(isnan(tally_mean(&c.s)) && isnan(tally_variance(&c.s)));
    for (int i = 0; i < 3; i++) stat_add(a, &c, 1000000000 * NUM6_ONE + i * NUM6_ONE, 1);
    assert_near(tally_mean(&c.s), 1000000001.0, 0);
    assert_near(tally_variance(&c.s), 1.0, 1e-15);
    cell_stat d = {0};
    stat_add(a, &d, INT64_MAX, 4000000000);
    stat_add(a, &d, -INT64_MAX, 4000000000);
    assert_near(tally_variance(&d.s) / (9223372036854.775807 * 9223372036854.775807), 1.0, 1e-9);
    assert_near(tally_mean(&d.s), 0, 0);
    arena_close(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sealed_mirror_opens_without_the_store),
        cmocka_unit_test(small_seals_grow_into_full_segments),
        cmocka_unit_test(appended_items_are_in_the_next_answer),
        cmocka_unit_test(a_second_process_reads_while_the_first_writes),
        cmocka_unit_test(a_foreign_or_missing_mirror_is_made_again),
        cmocka_unit_test(damaged_files_never_give_wrong_numbers),
        cmocka_unit_test(every_changed_byte_of_a_segment_is_seen),
        cmocka_unit_test(leftovers_of_a_crash_are_swept),
        cmocka_unit_test(a_folder_that_cannot_be_made_leaves_it_in_memory),
        cmocka_unit_test(files_belong_to_the_owner_of_their_folder),
        cmocka_unit_test(a_disk_that_refuses_loses_nothing),
        cmocka_unit_test(questions_that_make_no_sense_get_a_sentence),
        cmocka_unit_test(a_failed_allocation_leaves_the_tally_whole),
        cmocka_unit_test(means_and_variances_are_exact_until_the_last_rounding),
    };
    return RUN_TESTS(tests);
}
