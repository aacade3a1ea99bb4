/* copy_test.c - copies of a store: of one moment, whole or not at all; and the one before an upgrade. */
#define signal signal_of_libc /* our noun has the name */
#include <sys/wait.h>
#undef signal
#include "store/copy.h"
#include "base/embed.h"
#include "store/room_test.h"
#include "store/sqlite.h"

extern const embedded migrations[];
extern const size_t migrations_n;

static void add(room *r, store *s, int from, int n) {
    err e;
    heard *h = NEW_N(r->a, heard, (size_t)n);
    for (int i = 0; i < n; i++)
        heard_bare(r->a, &h[i], arena_fmt(r->a, "%d", from + i).p,
                   arena_fmt(r->a, "%d %0500d", from + i, i).p);
    assert_ok(store_add(s, h, (size_t)n, NULL, &e));
}

static str beside(room *r, const char *name) {
    return arena_fmt(r->a, "%s/%s", r->dir, name);
}

static void remove_all(const room *r) {
    char z[300];
    snprintf(z, sizeof z, "rm -rf '%s'/*", r->dir);
    assert_int_equal(system(z), 0);
}

/* Nothing but the store itself. */
static void assert_alone(const room *r) {
    char z[400];
    snprintf(z, sizeof z, "test -z \"$(ls '%s' | grep -v '^heed.db')\"", r->dir);
    assert_int_equal(system(z), 0);
}

static i64 signals_in(room *r, str path) {
    err e;
    store *s;
    store_options o = {.w = &r->w.w};
    assert_ok(store_open(path, &o, &s, &e));
    assert_clean(s);
    i64 n = store_signal_count(s);
    store_close(s);
    return n;
}

#define assert_refused(call, want)                                                                 \
    do {                                                                                           \
        assert_false(call);                                                                        \
        assert_int_equal(e.code, want);                                                            \
    } while (0)

typedef struct {
    room *r;
    store *other;
    int steps, stop_at;
} writing;

static bool write_meanwhile(void *ctx, i64 done, i64 total) {
    writing *w = ctx;
    assert_true(done <= total && total > 0);
    add(w->r, w->other, 100000 + 10 * w->steps++, 10);
    return true;
}

static void a_copy_is_of_the_moment_it_began(void **state) {
    (void)state;
    room r;
    err e;
    room_start(&r);
    store_options o = room_options(&r);
    writing w = {.r = &r};
    for (int i = 0; i < 10; i++) add(&r, r.s, i * 1000, 1000);
    assert_ok(store_open(str_of(r.path), &o, &w.other, &e));
    assert_ok(store_copy(r.s, beside(&r, "copy.db"), write_meanwhile, &w, &e));
    assert_true(w.steps >= 2);
    assert_int_equal(signals_in(&r, beside(&r, "copy.db")), 10000);
    assert_int_equal(store_signal_count(r.s), 10000 + 10 * w.steps);
    store_close(w.other);
    remove_all(&r);
    room_end(&r);
}

static bool stop(void *ctx, i64 done, i64 total) {
    (void)done, (void)total;
    writing *w = ctx;
    return ++w->steps <= w->stop_at;
}

static void what_goes_wrong_leaves_nothing(void **state) {
    (void)state;
    room r;
    err e;
    room_start(&r);
    for (int i = 0; i < 10; i++) add(&r, r.s, i * 1000, 1000);
    for (int i = 0; i < 2; i++)
        assert_refused(store_copy(r.s, beside(&r, "c"), stop, &(writing){.stop_at = i}, &e), BUSY);
    assert_alone(&r);
    assert_refused(store_copy(r.s, S(""), NULL, NULL, &e), INVALID);
    assert_refused(store_copy(r.s, str_of(r.path), NULL, NULL, &e), CONFLICT);
    for (i64 n = 0; n < 3000; n = n * 3 + 1) {
        vfs_fault_after(FAULT_WRITE, n, FAULT_FULL, true);
        bool ok = store_copy(r.s, beside(&r, "c"), NULL, NULL, &e);
        vfs_fault_off();
        if (ok) fail_msg("copied with a full disk after %d writes", (int)n);
        assert_int_equal(e.code, IO);
        assert_alone(&r);
    }
    assert_clean(r.s);
    remove_all(&r);
    room_end(&r);
}

/* A store as the Heed of some schema would have left it. */
static void make_old(room *r, i64 version, i64 signals) {
    sqlite3 *db;
    char sql[400];
    assert_int_equal(sqlite3_open(r->path, &db), SQLITE_OK);
    for (i64 v = 1; v <= version; v++) {
        const embedded *m = &migrations[v - 1];
        assert_int_equal(sqlite3_exec(db, m->from, NULL, NULL, NULL), SQLITE_OK);
        snprintf(sql, sizeof sql,
                 "INSERT INTO schema_migrations (version, name, hash, applied_at, heed_version) "
                 "VALUES (%d, '%s', '%016" PRIx64 "', 0, '0.0.1')",
                 (int)v, m->name, str_hash(embedded_text(m)));
        assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    }
    snprintf(sql, sizeof sql,
             "INSERT INTO meta VALUES ('id', 7), ('last_id', %d), ('signals', %d); "
             "PRAGMA application_id = %d; PRAGMA user_version = %d",
             (int)signals, (int)signals, HEED_APPLICATION, (int)version);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static i64 schema_of(str path) {
    sqlite3 *db;
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_open(path.p, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    i64 v = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    sqlite3_close(db);
    return v;
}

static void keep_sentence(void *ctx, str sentence) {
    snprintf(ctx, 400, "%.*s", STR_ARG(sentence));
}

static void before_an_upgrade_the_store_is_kept(void **state) {
    (void)state;
    i64 ours = (i64)migrations_n;
    for (i64 v = 1; v < ours; v++) {
        room r;
        err e;
        char told[400] = "";
        room_folder(&r);
        make_old(&r, v, 3);
        store_options o = {.w = &r.w.w, .told = keep_sentence, .told_ctx = told};
        assert_ok(store_open(str_of(r.path), &o, &r.s, &e));
        str kept = arena_fmt(r.a, "%s.before-schema-%04d", r.path, (int)ours);
        assert_int_equal(schema_of(kept), v);
        assert_int_equal(schema_of(str_of(r.path)), ours);
        assert_non_null(strstr(told, kept.p));
        store_close(r.s);
        told[0] = 0;
        assert_ok(store_open(str_of(r.path), &o, &r.s, &e)); /* once only */
        assert_int_equal(told[0], 0);
        store_close(r.s);
        r.s = NULL;
        remove_all(&r);
        room_end(&r);
    }
}

/* Opens the store in a process of its own: 10 = it was the one that upgraded, 0 = another was. */
static int upgrade(const room *r, int start) {
    err e;
    store *s;
    char told[400] = "", go;
    room own = *r;
    store_options o = {
        .w = &own.w.w, .told = keep_sentence, .told_ctx = told, .patience_ms = 300000};
    if (read(start, &go, 1) != 0) return 2;
    if (!store_open(str_of(own.path), &o, &s, &e)) return fputs(e.msg, stderr), 1;
    store_close(s);
    return told[0] ? 10 : 0;
}

/* They are let go at once: one upgrades, the others wait for it, and the copy is of the old store. */
static void of_many_processes_one_upgrades(void **state) {
    (void)state;
    enum { N = 4 };
    for (int round = 0; round < 3; round++) {
        room r;
        pid_t pid[N];
        int pipes[2], upgraded = 0;
        room_folder(&r);
        make_old(&r, 1, 3);
        assert_int_equal(pipe(pipes), 0);
        for (int i = 0; i < N; i++)
            if ((pid[i] = fork()) == 0) {
                close(pipes[1]);
                _exit(upgrade(&r, pipes[0]));
            }
        close(pipes[0]);
        close(pipes[1]);
        for (int i = 0; i < N; i++) {
            int status = -1;
            assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
            assert_true(WIFEXITED(status));
            assert_int_equal(WEXITSTATUS(status) % 10, 0);
            upgraded += WEXITSTATUS(status) == 10;
        }
        assert_int_equal(upgraded, 1);
        str kept = arena_fmt(r.a, "%s.before-schema-%04d", r.path, (int)(i64)migrations_n);
        assert_int_equal(schema_of(kept), 1);
        assert_int_equal(schema_of(str_of(r.path)), (i64)migrations_n);
        remove_all(&r);
        room_end(&r);
    }
}

static void an_empty_store_is_upgraded_without_a_copy(void **state) {
    (void)state;
    room r;
    room_folder(&r);
    make_old(&r, 1, 0);
    room_open(&r);
    assert_alone(&r);
    char z[400];
    snprintf(z, sizeof z, "test -z \"$(ls '%s' | grep before)\"", r.dir);
    assert_int_equal(system(z), 0);
    room_end(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_is_of_the_moment_it_began),
        cmocka_unit_test(what_goes_wrong_leaves_nothing),
        cmocka_unit_test(before_an_upgrade_the_store_is_kept),
        cmocka_unit_test(of_many_processes_one_upgrades),
        cmocka_unit_test(an_empty_store_is_upgraded_without_a_copy),
    };
    return RUN_TESTS(tests);
}
