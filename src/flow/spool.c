/* spool.c - files handed in and left lying: dropped by whoever asks, swept when nobody comes back. */
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>
#include "flow/loader.h"

enum { DAY = 24 * 3600 };

static bool is_busy(const upload *u) {
    return str_eq(u->state, S("waiting")) || str_eq(u->state, S("running"));
}

static bool drop_rows(store *s, arena *a, const upload *u, err *e) {
    intake row;
    err why;
    bool found = store_find(s, a, &noun_intake, u->key, &row, &why);
    if (!found && why.code != NOT_FOUND) return *e = why, false;
    if (!store_begin(s, e)) return false;
    bool nothing = found && row.records == 0 && !row.finished;
    if (!store_delete(s, &noun_upload, u->id, e) ||
        (nothing && !store_delete(s, &noun_intake, row.id, e)))
        return store_rollback(s), false;
    return store_commit(s, e);
}

bool upload_drop(store *s, arena *a, const upload *u, err *e) {
    str data, rejects;
    if (is_busy(u))
        return fail(e, CONFLICT, "\"%.*s\" is being read; it can go when that has ended",
                    (int)MIN(u->name.n, 100), u->name.p);
    if (!spool_path(a, store_path(s), u->key, "data", &data, e) ||
        !spool_path(a, store_path(s), u->key, "rejected.csv", &rejects, e) ||
        !drop_rows(s, a, u, e))
        return false;
    unlink(
        data.p); /* rows first: a file without rows is swept, rows without a file could not be read */
    unlink(rejects.p);
    return true;
}

static bool sweep_state(store *s, arena *a, const char *state, i64 before_ms, err *e) {
    store_query q = {.field = "state", .text = str_of(state)};
    void *recs;
    size_t n;
    if (!store_list(s, a, &noun_upload, &q, &recs, &n, e)) return false;
    for (size_t i = 0; i < n; i++) {
        const upload *u = (upload *)recs + i;
        if (u->created_at < before_ms && !upload_drop(s, a, u, e)) return false;
    }
    return true;
}

/* KEY.data or KEY.rejected.csv of an upload that is not in the store: a crash left it. */
static bool is_orphan(store *s, arena *a, str name) {
    str key, ending;
    upload u;
    err e;
    return str_cut(name, '.', &key, &ending) && str_starts(key, S("upload:")) &&
           !store_find(s, a, &noun_upload, key, &u, &e) && e.code == NOT_FOUND;
}

static void sweep_folder(store *s, world *w, arena *a) {
    str dir = arena_fmt(a, "%.*s.spool", STR_ARG(store_path(s)));
    DIR *d = opendir(dir.p);
    if (!d) return; /* nothing was ever handed in */
    for (struct dirent *f; (f = readdir(d));) {
        struct stat st;
        str path = arena_fmt(a, "%.*s/%s", STR_ARG(dir), f->d_name);
        if (stat(path.p, &st) == 0 && w->now_ms(w) / 1000 - st.st_mtime > DAY &&
            is_orphan(s, a, str_of(f->d_name)))
            unlink(path.p);
    }
    closedir(d);
}

bool spool_sweep(store *s, world *w, arena *a, err *e) {
    i64 before = w->now_ms(w) - LIMIT_UPLOAD_KEPT_MS;
    if (!sweep_state(s, a, "planned", before, e) || !sweep_state(s, a, "failed", before, e))
        return false;
    sweep_folder(s, w, a);
    return true;
}
