/* tally_source.c - the tally over the real store. */
#include "store/tally_int.h"

static bool scan(void *ctx, i64 after, bool words, store_visit *visit, void *vctx, err *e) {
    return store_scan(ctx, after, 0, words, visit, vctx, e);
}

static i64 last_id(void *ctx) {
    return store_last_id(ctx);
}

static i64 count(void *ctx) {
    return store_signal_count(ctx);
}

bool tally_open(store *s, tally **out, tally_progress *progress, void *ctx, err *e) {
    char dir[4000];
    check(s && out);
    str path = store_url(s);
    if (str_starts(path, S("sqlite:"))) path = str_from(path, 7);
    if (path.n > sizeof dir - 16)
        return fail(e, LIMIT, "the path of the store has %zu bytes, too long for its tally",
                    path.n);
    snprintf(dir, sizeof dir, "%.*s.tally", STR_ARG(path));
    tally_source from = {scan, last_id, count, store_id(s), s};
    return tally_open_from(&from, dir, TALLY_SEGMENT_ROWS, out, progress, ctx, e);
}
