/* open_test.c - what may be opened, what is refused with which sentence, and what the check finds. */
#define signal signal_of_libc /* our noun has the name */
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#undef signal
#include "store/room_test.h"
#include "store/sqlite.h"

static void refused(room *r, const char *path, const store_options *o, err_code code,
                    const char *part) {
    err e = {0};
    store *s = NULL;
    (void)r;
    assert_false(store_open(str_of(path), o, &s, &e));
    assert_null(s);
    if (e.code != code || !strstr(e.msg, part))
        fail_msg("have %d \"%s\", want \"%s\"", e.code, e.msg, part);
}

static void write_file(const char *path, const char *text) {
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void what_is_no_store_is_refused(void **state) {
    (void)state;
    room r;
    sqlite3 *db;
    room_folder(&r);
    store_options make = room_options(&r), open = make, look = make;
    open.create = false;
    look.read_only = true;
    refused(&r, r.path, &open, NOT_FOUND, "there is no store");
    refused(&r, r.path, &look, NOT_FOUND, "/heed.db");
    refused(&r, "/nowhere/at/all/heed.db", &make, NOT_FOUND, "folder is not there");
    refused(&r, r.dir, &make, INVALID, "is a folder");
    refused(&r, r.dir, &look, INVALID, "is a folder");
    refused(&r, "", &make, INVALID, "give a path");
    refused(&r, "sqlite:", &make, INVALID, "give a path");
    refused(&r, "postgresql://localhost/heed", &make, INVALID, "SQLite file");
    write_file(r.path, "");
    refused(&r, r.path, &open, NOT_FOUND, "is empty");
    write_file(
        r.path,
        "customer,score\nann,9\n and so on, long enough for a header of one hundred bytes or more: "
        "...........................................................................");
    refused(&r, r.path, &make, INVALID, "is not a Heed store");
    room_remove_files(&r);
    assert_int_equal(sqlite3_open(r.path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE photo (id)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    refused(&r, r.path, &make, INVALID, "database of another program");
    room_end(&r);
}

static void a_store_keeps_its_name_and_id(void **state) {
    (void)state;
    room r;
    err e;
    store *again;
    room_start(&r);
    i64 id = store_id(r.s);
    assert_true(id > 0);
    assert_str(store_url(r.s), str_of(r.path));
    assert_int_equal(store_signal_count(r.s), 0);
    assert_int_equal(store_last_id(r.s), 0);
    str url = arena_fmt(r.a, "sqlite:%s", r.path);
    store_options o = room_options(&r);
    o.create = false;
    assert_ok(store_open(url, &o, &again, &e));
    assert_int_equal(store_id(again), id);
    assert_str(store_url(again), url);
    assert_str(store_path(again), str_of(r.path));
    store_close(again);
    store_close(NULL);
    room_end(&r);
}

static void change_file(room *r, const char *sql) {
    sqlite3 *db;
    store_close(r->s);
    r->s = NULL;
    assert_int_equal(sqlite3_open(r->path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) fail_msg("%s", sqlite3_errmsg(db));
    sqlite3_close(db);
}

static void a_newer_schema_is_refused_by_name(void **state) {
    (void)state;
    room r;
    room_start(&r);
    store_options o = room_options(&r);
    change_file(&r, "INSERT INTO schema_migrations VALUES (99, '0099_wings.sql', 'x', 0, '7.0.0');"
                    "PRAGMA user_version = 99");
    refused(&r, r.path, &o, INVALID, "schema 99 (0099_wings.sql), made by Heed 7.0.0");
    room_end(&r);
}

static void a_drifted_migration_is_refused(void **state) {
    (void)state;
    static const char *drifts[] = {
        "UPDATE schema_migrations SET hash = '0123456789abcdef'",
        "UPDATE schema_migrations SET name = '0001_other.sql'",
        "DELETE FROM schema_migrations",
        "INSERT INTO schema_migrations VALUES (999, 'x', 'x', 0, 'x')",
        "PRAGMA user_version = -3",
    };
    for (size_t i = 0; i < COUNT(drifts); i++) {
        room r;
        room_start(&r);
        store_options o = room_options(&r);
        change_file(&r, drifts[i]);
        refused(&r, r.path, &o, CORRUPT, r.path);
        room_end(&r);
    }
}

static void a_reader_reads_and_does_not_write(void **state) {
    (void)state;
    room r;
    err e;
    heard h;
    store *reader;
    room_start(&r);
    store_options o = room_options(&r);
    o.read_only = true;
    assert_ok(store_open(str_of(r.path), &o, &reader, &e));
    heard_full(r.a, &h, "a", "x");
    assert_false(store_add(reader, &h, 1, NULL, &e));
    assert_int_equal(e.code, DENIED);
    assert_ok(store_add(r.s, &h, 1, NULL, &e));
    assert_int_equal(store_signal_count(reader), 1); /* sees what was committed */
    store_close(reader);
    room_end(&r);
}

static void two_writers_take_turns(void **state) {
    (void)state;
    room r;
    err e;
    heard h, g;
    store *other;
    room_start(&r);
    store_options o = room_options(&r);
    assert_ok(store_open(str_of(r.path), &o, &other, &e));
    heard_full(r.a, &h, "a", "x");
    heard_full(r.a, &g, "b", "x");
    assert_ok(store_begin(other, &e));
    assert_false(store_add(r.s, &h, 1, NULL, &e));
    assert_int_equal(e.code, BUSY);
    assert_non_null(strstr(e.msg, "waited 50 ms for another writer"));
    store_rollback(other);
    assert_ok(store_add(r.s, &h, 1, NULL, &e));
    assert_ok(store_add(other, &g, 1, NULL, &e));
    assert_int_equal(g.sig.row.id, 2);
    store_close(other);
    assert_clean(r.s);
    room_end(&r);
}

/* Makes or opens the store in a process of its own and adds 20 signals one by one; 0 when all went in. */
static int neighbour(const room *r, int no) {
    err e;
    store *s;
    room own = *r;
    world_fake_init(&own.w, T0, (u64)no);
    store_options o = room_options(&own);
    o.patience_ms = 300000; /* a slow disk is no failure */
    o.vfs = NULL;           /* the real disk */
    if (!store_open(str_of(own.path), &o, &s, &e)) return fputs(e.msg, stderr), 1;
    for (int i = 0; i < 20; i++) {
        heard h;
        heard_full(own.a, &h, arena_fmt(own.a, "%d-%d", i % 10 ? no : 0, i).p, "x");
        if (!store_add(s, &h, 1, NULL, &e)) return fputs(e.msg, stderr), 2;
    }
    store_close(s);
    return 0;
}

/* Waits for a child to end with 0, however long it takes. */
static void assert_went_well(pid_t child) {
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (status != 0)
        fail_msg("a child ended with %d, signal %d", WEXITSTATUS(status), WTERMSIG(status));
}

static void many_processes_make_and_share_one_store(void **state) {
    (void)state;
    enum { N = 4 };
    room r;
    pid_t pid[N];
    room_folder(&r);
    for (int i = 0; i < N; i++)
        if ((pid[i] = fork()) == 0) _exit(neighbour(&r, i + 1));
    for (int i = 0; i < N; i++) assert_went_well(pid[i]);
    room_open(&r);
    assert_int_equal(store_signal_count(r.s), N * 18 + 2); /* two were heard by all */
    assert_int_equal(store_last_id(r.s), N * 18 + 2);
    assert_clean(r.s);
    room_end(&r);
}

/* Adds batches of five until it is killed, and tells each acknowledged one by a byte. */
static int tireless(const room *r, int out, i64 round) {
    err e;
    room own = *r;
    store_options o = room_options(&own);
    o.vfs = NULL;
    if (!store_open(str_of(own.path), &o, &own.s, &e)) return 1;
    for (i64 n = 0;; n++) {
        heard h[5];
        for (int i = 0; i < 5; i++)
            heard_full(own.a, &h[i], arena_fmt(own.a, "%" PRId64 "-%" PRId64 "-%d", round, n, i).p,
                       "x");
        if (!store_add(own.s, h, 5, NULL, &e) || write(out, "+", 1) != 1) return 2;
    }
}

static i64 read_all(int in) {
    char bytes[512];
    i64 n = 0;
    for (ssize_t got; (got = read(in, bytes, sizeof bytes)) > 0;) n += got;
    close(in);
    return n;
}

static void a_killed_writer_loses_nothing_acknowledged(void **state) {
    (void)state;
    room r;
    i64 acknowledged = 0, there = 0;
    room_start(&r);
    for (i64 round = 0; round < 25; round++) {
        int pipes[2];
        store_close(r.s);
        r.s = NULL;
        assert_int_equal(pipe(pipes), 0);
        pid_t pid = fork();
        if (pid == 0) _exit(tireless(&r, pipes[1], round));
        close(pipes[1]);
        struct pollfd first = {.fd = pipes[0], .events = POLLIN};
        if (round % 2) assert_int_equal(poll(&first, 1, -1), 1); /* else anywhere, opening too */
        usleep((useconds_t)(1000 + r.w.w.random(&r.w.w) % 30000));
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        acknowledged = there + read_all(pipes[0]) * 5;
        room_open(&r);
        there = store_signal_count(r.s);
        assert_true(there == acknowledged || there == acknowledged + 5); /* done, not yet told */
        assert_clean(r.s);
    }
    assert_true(there > 0);
    room_end(&r);
}

/* ---- the check ---- */

typedef struct {
    char text[4000];
} findings;

static void note(void *ctx, str sentence) {
    findings *f = ctx;
    size_t n = strlen(f->text);
    snprintf(f->text + n, sizeof f->text - n, "%.*s\n", STR_ARG(sentence));
}

static void the_check_names_what_is_wrong(void **state) {
    (void)state;
    static const struct {
        const char *sql, *says;
    } harms[] = {
        {"DELETE FROM insight WHERE id = 1", "signal 1 has no insight"},
        {"DELETE FROM signal WHERE id = 2", "insight 2 has no signal"},
        {"DELETE FROM signal WHERE id = 2",
         "mention 128: signal_id is 2, and there is no such signal"},
        {"DELETE FROM signal WHERE id = 2", "the store counts 2 signals, and 1 are there"},
        {"DELETE FROM identity WHERE id = 1", "signal 1: its customer is not known"},
        {"UPDATE mention SET id = 999 WHERE id = 64",
         "mention 999 lies among those of another signal"},
        {"UPDATE insight SET duplicate_of = 77 WHERE id = 1", "insight 1: duplicate_of is 77"},
        {"UPDATE deed SET rule_id = 5 WHERE id = 1",
         "deed 1: rule_id is 5, and there is no such rule"},
        {"UPDATE deed SET rule_id = 5 WHERE id = 1", "names a rule that is not there"},
        {"UPDATE deed SET state = 'dreamt' WHERE id = 2",
         "deed 2 is not whole: deed: \"state\" is \"dreamt\""},
        {"UPDATE meta SET value = 1 WHERE name = 'last_id'",
         "signal 2 is newer than the newest id given"},
        {"DELETE FROM customer WHERE id = 1", "identity 1: customer_id is 1"},
    };
    for (size_t i = 0; i < COUNT(harms); i++) {
        room r;
        err e;
        heard h[2];
        findings f = {""};
        i64 bad = 0;
        room_start(&r);
        heard_full(r.a, &h[0], "a", "x");
        heard_full(r.a, &h[1], "b", "x");
        assert_ok(store_add(r.s, h, 2, NULL, &e));
        assert_clean(r.s);
        change_file(&r, harms[i].sql);
        room_open(&r);
        assert_ok(store_check(r.s, note, &f, &bad, &e));
        if (bad < 1 || !strstr(f.text, harms[i].says))
            fail_msg("want \"%s\" in:\n%s", harms[i].says, f.text);
        room_end(&r);
    }
}

static bool any_row(void *ctx, const signal *sig, const insight *ins, err *e) {
    (void)ctx;
    (void)ins;
    (void)e;
    return sig->row.id > 0;
}

static void a_row_that_cannot_be_read_is_told(void **state) {
    (void)state;
    static const char *harms[] = {
        "DELETE FROM insight WHERE id = 1",
        "UPDATE signal SET attributes = '{\"a\":' WHERE id = 1",
        ("UPDATE signal SET id = 9223372036854775807 WHERE id = 1;"
         "UPDATE insight SET id = 9223372036854775807 WHERE id = 1"),
    };
    for (size_t i = 0; i < COUNT(harms); i++) {
        room r;
        err e;
        heard h;
        room_start(&r);
        heard_full(r.a, &h, "a", "x");
        assert_ok(store_add(r.s, &h, 1, NULL, &e));
        change_file(&r, harms[i]);
        room_open(&r);
        assert_false(store_scan(r.s, 0, 0, true, any_row, NULL, &e));
        assert_int_equal(e.code, CORRUPT);
        assert_non_null(strstr(e.msg, "signal "));
        room_end(&r);
    }
}

/* Bytes of the file are overwritten anywhere: the store may refuse, never fall. */
static void a_damaged_file_gets_a_sentence(void **state) {
    (void)state;
    i64 told = 0;
    for (u64 seed = 1; seed <= 120; seed++) {
        room r;
        err e = {0};
        heard h[20];
        room_start(&r);
        for (int i = 0; i < 20; i++) heard_full(r.a, &h[i], arena_fmt(r.a, "n%d", i).p, "words");
        assert_ok(store_add(r.s, h, 20, NULL, &e));
        store_close(r.s);
        r.s = NULL;
        FILE *f = fopen(r.path, "r+b");
        assert_non_null(f);
        fseek(f, 0, SEEK_END);
        u64 size = (u64)ftell(f);
        r.w.seed = seed;
        for (int i = 0; i < 30; i++) {
            fseek(f, (long)(r.w.w.random(&r.w.w) % size), SEEK_SET);
            fputc((int)(r.w.w.random(&r.w.w) & 0xff), f);
        }
        fclose(f);
        store_options o = room_options(&r);
        i64 bad = 0;
        bool ok = store_open(str_of(r.path), &o, &r.s, &e);
        if (ok) (void)!store_scan(r.s, 0, 0, true, any_row, NULL, &e);
        if (ok && (!store_check(r.s, NULL, NULL, &bad, &e) || bad)) told++;
        if (!ok) {
            r.s = NULL;
            assert_true(strlen(e.msg) > 10);
            told++;
        }
        room_end(&r);
    }
    assert_true(told > 60);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_store_is_refused),
        cmocka_unit_test(a_store_keeps_its_name_and_id),
        cmocka_unit_test(a_newer_schema_is_refused_by_name),
        cmocka_unit_test(a_drifted_migration_is_refused),
        cmocka_unit_test(a_reader_reads_and_does_not_write),
        cmocka_unit_test(two_writers_take_turns),
        cmocka_unit_test(many_processes_make_and_share_one_store),
        cmocka_unit_test(a_killed_writer_loses_nothing_acknowledged),
        cmocka_unit_test(the_check_names_what_is_wrong),
        cmocka_unit_test(a_row_that_cannot_be_read_is_told),
        cmocka_unit_test(a_damaged_file_gets_a_sentence),
    };
    return RUN_TESTS(tests);
}
