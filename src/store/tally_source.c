/* tally_source.c - the tally over the real store, through reading handles of its own: one for each thread
** that reads at the moment, kept for the next. */
#include "store/sqlite.h"
#include "store/tally_int.h"

enum { IDLE_MAX = 8 };

typedef struct {
    pthread_mutex_t lock;
    store *idle[IDLE_MAX];
    size_t idle_n;
    store *like; /* what they are opened as; its texts are ours */
} readers;

static bool borrow(readers *r, store **out, err *e) {
    *out = NULL;
    pthread_mutex_lock(&r->lock);
    if (r->idle_n) *out = r->idle[--r->idle_n];
    pthread_mutex_unlock(&r->lock);
    return *out || store_open_reader(r->like, out, e);
}

static void give_back(readers *r, store *s) {
    pthread_mutex_lock(&r->lock);
    bool keep = r->idle_n < IDLE_MAX;
    if (keep) r->idle[r->idle_n++] = s;
    pthread_mutex_unlock(&r->lock);
    if (!keep) store_close(s);
}

static bool scan(void *ctx, i64 after, bool words, store_visit *visit, void *vctx, err *e) {
    store *s;
    if (!borrow(ctx, &s, e)) return false;
    bool ok = store_scan(s, after, 0, words, visit, vctx, e);
    give_back(ctx, s);
    return ok;
}

static i64 last_id(void *ctx) {
    store *s;
    err e;
    if (!borrow(ctx, &s, &e)) return -1;
    i64 id = store_last_id(s);
    give_back(ctx, s);
    return id;
}

static i64 count(void *ctx) {
    store *s;
    err e;
    if (!borrow(ctx, &s, &e)) return -1;
    i64 n = store_signal_count(s);
    give_back(ctx, s);
    return n;
}

static i64 last_change(void *ctx) {
    store *s;
    err e;
    if (!borrow(ctx, &s, &e)) return -1;
    i64 id = store_last_change(s);
    give_back(ctx, s);
    return id;
}

static bool changes(void *ctx, i64 after, store_run *out, size_t max, size_t *n_out, err *e) {
    store *s;
    if (!borrow(ctx, &s, e)) return false;
    bool ok = store_changes(s, after, out, max, n_out, e);
    give_back(ctx, s);
    return ok;
}

static void close_readers(void *ctx) {
    readers *r = ctx;
    for (size_t i = 0; i < r->idle_n; i++) store_close(r->idle[i]);
    store_close(r->like);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

static bool open_readers(store *s, readers **out, err *e) {
    readers *r = mem_new(1, sizeof *r);
    check(pthread_mutex_init(&r->lock, NULL) == 0);
    if (!store_open_reader(s, &r->like, e)) {
        pthread_mutex_destroy(&r->lock);
        free(r);
        return false;
    }
    *out = r;
    return true;
}

static bool open_sized(store *s, u32 rows, tally **out, tally_progress *progress, void *ctx,
                       err *e) {
    char dir[4000];
    check(s && out);
    str path = store_url(s);
    if (str_starts(path, S("sqlite:"))) path = str_from(path, 7);
    if (path.n > sizeof dir - 16)
        return fail(e, LIMIT, "the path of the store has %zu bytes, too long for its tally",
                    path.n);
    snprintf(dir, sizeof dir, "%.*s.tally", STR_ARG(path));
    readers *r;
    if (!open_readers(s, &r, e)) return false;
    tally_source from = {.scan = scan,
                         .last_id = last_id,
                         .count = count,
                         .id = store_id(s),
                         .ctx = r,
                         .close = close_readers,
                         .last_change = last_change,
                         .changes = changes};
    return tally_open_from(&from, dir, rows, out, progress, ctx, e);
}

bool tally_open_sized(store *s, u32 segment_rows, tally **out, err *e) {
    return open_sized(s, segment_rows, out, NULL, NULL, e);
}

bool tally_open(store *s, tally **out, tally_progress *progress, void *ctx, err *e) {
    return open_sized(s, TALLY_SEGMENT_ROWS, out, progress, ctx, e);
}
