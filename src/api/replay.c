/* replay.c - answers kept by Idempotency-Key. */
#include "api/replay.h"
#include "api/auth.h"

enum { KEY_BYTES = 200, SWEPT = 2 }; /* two go for one that comes */

static bool key_ok(str key, err *e) {
    bool ok = key.n > 0 && key.n <= KEY_BYTES;
    for (size_t i = 0; i < key.n && ok; i++) ok = key.p[i] > 0x20 && key.p[i] < 0x7f;
    return ok ||
           fail(e, INVALID, "Idempotency-Key wants 1 to %d visible ASCII characters", KEY_BYTES);
}

bool replay_begin(api *x, arena *a, asked *v, str body, replaying *out, err *e) {
    desk *d;
    replay row;
    str key = http_get(v->http, "idempotency-key");
    *out = (replaying){.key = NO_STR};
    if (!key.p) return true;
    if (!key_ok(key, e) || !desk_sit(x, a, v, &d, e)) return false;
    out->key = arena_fmt(a, "%016" PRIx64 " %.*s", str_hash(v->who->actor), STR_ARG(key));
    out->request = (i64)str_hash(body);
    if (out->request == NONE) out->request = 0;
    bool known = store_find(d->s, a, &noun_replay, out->key, &row, e);
    desk_leave(d);
    if (!known) return e->code == NOT_FOUND;
    if (row.request != out->request)
        return fail(e, CONFLICT,
                    "this Idempotency-Key came with another body before; make a new "
                    "key for a new request");
    buf b = {.a = a};
    buf_str(&b, row.answer);
    http_add(v->http, "Idempotent-Replayed", S("true"));
    reply_json(v, (int)row.status, &b);
    out->answered = true;
    return true;
}

/* The oldest answers go when their time is over, a few with each new one. */
static bool sweep(store *s, arena *a, i64 now_ms, err *e) {
    void *recs;
    size_t n;
    store_query oldest = {.limit = SWEPT};
    if (!store_list(s, a, &noun_replay, &oldest, &recs, &n, e)) return false;
    for (size_t i = 0; i < n; i++) {
        const replay *r = (replay *)recs + i;
        if (r->created_at != NONE && now_ms - r->created_at > LIMIT_REPLAY_MS &&
            !store_delete(s, &noun_replay, r->id, e))
            return false;
    }
    return true;
}

/* Two at once with one key: the signals are the same, so whichever answer is kept is true. */
static bool keep(api *x, arena *a, asked *v, const replaying *r, int status, const buf *b, err *e) {
    desk *d;
    replay row;
    noun_init(&noun_replay, &row);
    row.key = r->key;
    row.request = r->request;
    row.status = status;
    row.answer = buf_view(b);
    if (!desk_write(x, a, v, &d, e)) return false;
    bool ok = store_put(d->s, &noun_replay, &row, e) || e->code == CONFLICT;
    ok = ok && sweep(d->s, a, x->w->now_ms(x->w), e);
    desk_leave(d);
    return ok;
}

bool replay_end(api *x, arena *a, asked *v, const replaying *r, int status, const buf *b,
                const buf *brief, err *e) {
    check(brief->n <= LIMIT_REPLAY_BYTES);
    const buf *kept = b->n <= LIMIT_REPLAY_BYTES ? b : brief;
    if (r->key.n && !keep(x, a, v, r, status, kept, e)) return false;
    reply_json(v, status, b);
    return true;
}
