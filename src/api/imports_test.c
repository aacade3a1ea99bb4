/* imports_test.c - files nobody wants any more: dropped by hand, swept by time; answers kept in bounds. */
#include <dirent.h>
#include <utime.h>
#include "api/pages_test.h"
#include "flow/loader.h"

static size_t spooled(pages_house *h) {
    size_t n = 0;
    DIR *d = opendir(arena_fmt(h->a, "%s.spool", h->path).p);
    if (!d) return 0;
    for (struct dirent *f; (f = readdir(d));) n += f->d_name[0] != '.';
    closedir(d);
    return n;
}

static i64 handed_in(pages_house *h) {
    reply r = talk(h, "POST", "/api/v1/imports?name=a.csv", "", S("words,when\nfine,2026-01-01\n"));
    assert_status(r, 201);
    return json_get_int(r.doc, S("id"));
}

static str address(pages_house *h, i64 id, const char *more) {
    return arena_fmt(h->a, "/api/v1/imports/%" PRId64 "%s", id, more);
}

static void wait_until_finished(pages_house *h, i64 id) {
    for (int i = 0; i < PATIENT_MS / 50; i++) {
        reply r = get(h, address(h, id, "").p);
        if (str_eq(json_get_text(r.doc, S("state")), S("finished"))) return;
        usleep(50000);
    }
    fail_msg("the import did not end");
}

static void a_file_that_is_not_wanted_goes(void **state) {
    (void)state;
    pages_house *h = pages_open();
    i64 id = handed_in(h);
    assert_int_equal(spooled(h), 1);
    assert_status(talk(h, "DELETE", address(h, id, "").p, "", NO_STR), 204);
    assert_int_equal(spooled(h), 0);
    assert_status(get(h, address(h, id, "").p), 404);
    assert_status(talk(h, "DELETE", address(h, id, "").p, "", NO_STR), 404);
    pages_close(h);
}

static void what_was_taken_of_a_file_stays(void **state) {
    (void)state;
    pages_house *h = pages_open();
    i64 id = handed_in(h);
    assert_status(post(h, address(h, id, "/start").p, "{}"), 202);
    wait_until_finished(h, id);
    assert_status(talk(h, "DELETE", address(h, id, "").p, "", NO_STR), 204);
    assert_int_equal(spooled(h), 0);
    assert_true(says(get(h, "/api/v1/imports"), "\"added\":1"));
    assert_true(says(get(h, "/api/v1/tally?metric=count"), "\"value\":1"));
    pages_close(h);
}

static void what_is_being_read_cannot_go(void **state) {
    (void)state;
    pages_house *h = pages_open();
    err e;
    upload u;
    i64 id = handed_in(h);
    intake row;
    assert_ok(store_get(h->s, h->a, &noun_intake, id, &row, &e));
    assert_ok(store_find(h->s, h->a, &noun_upload, row.key, &u, &e));
    u.state = S("running");
    assert_false(upload_drop(h->s, h->a, &u, &e));
    assert_int_equal(e.code, CONFLICT);
    assert_int_equal(spooled(h), 1);
    pages_close(h);
}

static void files_nobody_comes_back_for_are_swept(void **state) {
    (void)state;
    pages_house *h = pages_open();
    err e;
    i64 old = handed_in(h);
    atomic_store(&pages_shift, LIMIT_UPLOAD_KEPT_MS - 1000);
    assert_ok(spool_sweep(h->s, &pages_world, h->a, &e));
    assert_int_equal(spooled(h), 1);
    atomic_store(&pages_shift, LIMIT_UPLOAD_KEPT_MS + 60000);
    i64 young = handed_in(h);
    assert_ok(spool_sweep(h->s, &pages_world, h->a, &e));
    assert_int_equal(spooled(h), 1);
    assert_status(get(h, address(h, old, "").p), 404);
    assert_status(get(h, address(h, young, "").p), 200);
    /* a crash left a file that no row names; the sweep leaves others' files alone */
    str orphan = arena_fmt(h->a, "%s.spool/upload:00000000deadbeef.data", h->path),
        other = arena_fmt(h->a, "%s.spool/notes.txt", h->path);
    fclose(fopen(orphan.p, "w"));
    fclose(fopen(other.p, "w"));
    assert_ok(spool_sweep(h->s, &pages_world, h->a, &e));
    assert_int_equal(spooled(h), 2);
    assert_int_equal(access(other.p, F_OK), 0);
    atomic_store(&pages_shift, 0);
    pages_close(h);
}

static void a_kept_answer_is_bounded(void **state) {
    (void)state;
    pages_house *h = pages_open();
    err e;
    buf b = {.a = h->a};
    for (int i = 0; i < 3000; i++) buf_fmt(&b, "{\"words\":\"w %d\"}\n", i);
    const char *head = "Content-Type: application/x-ndjson\r\nIdempotency-Key: many\r\n";
    reply first = talk(h, "POST", "/api/v1/signals", head, buf_view(&b));
    assert_status(first, 200);
    assert_true(first.body.n > LIMIT_REPLAY_BYTES);
    reply second = talk(h, "POST", "/api/v1/signals", head, buf_view(&b));
    assert_status(second, 200);
    assert_str(field_of(second, "Idempotent-Replayed"), S("true"));
    assert_int_equal(json_get_int(second.doc, S("added")), 3000);
    assert_int_equal(store_signal_count(h->s), 3000);
    void *recs;
    size_t n;
    assert_ok(store_list(h->s, h->a, &noun_replay, &(store_query){0}, &recs, &n, &e));
    assert_true(n == 1 && ((replay *)recs)->answer.n < 200);
    pages_close(h);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_that_is_not_wanted_goes),
        cmocka_unit_test(what_was_taken_of_a_file_stays),
        cmocka_unit_test(what_is_being_read_cannot_go),
        cmocka_unit_test(files_nobody_comes_back_for_are_swept),
        cmocka_unit_test(a_kept_answer_is_bounded),
    };
    return RUN_TESTS(tests);
}
