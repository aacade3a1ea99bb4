/* copy.c - SQLite's backup, of one snapshot, into a file that has its name only when it is whole. */
#include "store/copy.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "store/sqlite.h"

enum { PAGES_A_STEP = 256, FAILED_MAX = 400 };

static char *text_of(arena *a, str s) {
    return (char *)(uintptr_t)arena_fmt(a, "%.*s", STR_ARG(s)).p;
}

static bool io(const char *what, const char *file, err *e) {
    int os = errno;
    if (os == ENOSPC)
        return fail(e, IO, "%.300s cannot be %s: the disk is full; make room and try again", file,
                    what);
    return fail(e, IO, "%.300s cannot be %s: %s", file, what, strerror(os));
}

/* As private as the store itself; never over a file that is there. */
static bool reserve(const store *s, const char *part, err *e) {
    struct stat of;
    if (stat(s->path, &of) != 0) return io("read", s->path, e);
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, of.st_mode & 0666);
    if (fd < 0) return io("made", part, e);
    close(fd);
    return true;
}

static bool flush_to_disk(const char *path, err *e) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (!ok) io("flushed to disk", path, e);
    if (fd >= 0) close(fd);
    return ok;
}

/* ---- the pages ---- */

typedef struct {
    sqlite3 *to;
    sqlite3_backup *b;
    copy_step *step;
    void *ctx;
} copying;

static bool copy_failed(const copying *c, int rc, err *e) {
    bool full = (rc & 0xff) == SQLITE_FULL || sqlite3_system_errno(c->to) == ENOSPC;
    return fail(e, IO, "the copy cannot be written: %s",
                full ? "the disk is full; make room and try again" : sqlite3_errstr(rc));
}

static bool copy_pages(copying *c, err *e) {
    for (;;) {
        int rc = sqlite3_backup_step(c->b, PAGES_A_STEP);
        i64 total = sqlite3_backup_pagecount(c->b), left = sqlite3_backup_remaining(c->b);
        if (rc != SQLITE_OK && rc != SQLITE_DONE) return copy_failed(c, rc, e);
        if (c->step && !c->step(c->ctx, total - left, total))
            return fail(e, BUSY, "the copy was broken off; nothing of it is left");
        if (rc == SQLITE_DONE) return true;
    }
}

static bool is_sound(sqlite3 *db, err *e) {
    sqlite3_stmt *st = NULL;
    char said[FAILED_MAX] = "";
    if (sqlite3_prepare_v2(db, "PRAGMA integrity_check(1)", -1, &st, NULL) == SQLITE_OK &&
        sqlite3_step(st) == SQLITE_ROW)
        snprintf(said, sizeof said, "%s", (const char *)sqlite3_column_text(st, 0));
    sqlite3_finalize(st);
    if (strcmp(said, "ok") == 0) return true;
    return fail(e, CORRUPT, "the copy is not sound (%s): the store is damaged, see `heed check`",
                said);
}

static bool copy_into(store *s, copying *c, err *e) {
    c->b = sqlite3_backup_init(c->to, "main", s->db, "main");
    if (!c->b) return copy_failed(c, sqlite3_errcode(c->to), e);
    bool ok = copy_pages(c, e);
    int rc = sqlite3_backup_finish(c->b);
    if (ok && rc != SQLITE_OK) ok = copy_failed(c, rc, e);
    return ok && is_sound(c->to, e);
}

/* The open read holds the snapshot: writers go on, and the copy never begins anew. */
static bool copy_snapshot(store *s, const char *part, copy_step *step, void *ctx, err *e) {
    i64 unused;
    copying c = {.step = step, .ctx = ctx};
    check(!s->in_tx);
    if (!db_exec(s, "BEGIN", e)) return false;
    bool ok = db_int(s, S("SELECT count(*) FROM sqlite_schema"), 0, &unused, e);
    int rc = sqlite3_open_v2(part, &c.to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, s->vfs);
    if (ok && rc != SQLITE_OK) ok = copy_failed(&c, rc, e);
    ok = ok && copy_into(s, &c, e);
    sqlite3_close_v2(c.to);
    sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    return ok;
}

/* ---- the file ---- */

static void remove_part(const char *part) {
    static const char *const tails[] = {"", "-wal", "-shm", "-journal"};
    char side[2100];
    for (size_t i = 0; i < COUNT(tails); i++) {
        snprintf(side, sizeof side, "%s%s", part, tails[i]);
        unlink(side);
    }
}

static bool settle(arena *a, const char *part, const char *to, err *e) {
    if (!flush_to_disk(part, e)) return false;
    if (rename(part, to) != 0) return io("named", to, e);
    char *folder = text_of(a, str_of(to)), *slash = strrchr(folder, '/');
    if (slash) slash[slash == folder] = 0;
    return flush_to_disk(slash ? folder : ".", e);
}

static void take_finding(void *ctx, str sentence) {
    char *first = ctx;
    if (!*first) snprintf(first, FAILED_MAX, "%.*s", STR_ARG(sentence));
}

/* The copy opens as a store, and all that should be in it is. */
static bool opens_whole(const store *s, const char *part, err *e) {
    char first[FAILED_MAX] = "";
    store *copy;
    i64 bad = 0;
    store_options o = {.w = s->w, .vfs = s->vfs, .unkept = true};
    if (!store_open(str_of(part), &o, &copy, e)) return false;
    bool ok = store_check(copy, take_finding, first, &bad, e);
    if (ok && bad)
        ok = fail(e, CORRUPT, "the copy has %" PRId64 " findings, the first: %.300s", bad, first);
    store_close(copy);
    return ok;
}

static bool copy_whole(store *s, arena *a, str to, bool as_store, copy_step *step, void *ctx,
                       err *e) {
    const char *name = text_of(a, to), *part = arena_fmt(a, "%s.part-%d", name, (int)getpid()).p;
    if (!reserve(s, part, e)) return false;
    bool ok = copy_snapshot(s, part, step, ctx, e) && (!as_store || opens_whole(s, part, e)) &&
              settle(a, part, name, e);
    if (!ok) remove_part(part);
    return ok;
}

bool store_copy(store *s, str to, copy_step *step, void *ctx, err *e) {
    struct stat there;
    if (!to.n || to.n > 1000) return fail(e, INVALID, "a copy wants the name of a new file");
    arena *a = arena_open(1 << 16);
    bool ok =
        lstat(text_of(a, to), &there) == 0
            ? fail(e, CONFLICT, "%.*s is there already: a copy never replaces a file; name another",
                   (int)MIN(to.n, 150), to.p)
            : copy_whole(s, a, to, true, step, ctx, e);
    arena_close(a);
    return ok;
}

bool copy_before(store *s, str to, err *e) {
    arena *a = arena_open(1 << 16);
    bool ok = copy_whole(s, a, to, false, NULL, NULL, e);
    arena_close(a);
    return ok;
}
