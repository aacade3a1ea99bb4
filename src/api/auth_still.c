/* auth_still.c - is who asked a while ago still there, and may they still? */
#include "api/auth_int.h"

i64 auth_changes(auth *u) {
    return atomic_load(&u->changes);
}

static u64 seen_of(const who *w) {
    u64 h = w->scoped;
    for (size_t i = 0; i < w->departments_n; i++) h = h * 31 + str_hash(w->departments[i]);
    return h;
}

who_then auth_then(const who *w) {
    return (who_then){w->kind, w->id, w->session_id, seen_of(w)};
}

typedef struct {
    auth *u;
    store *s;
    const who_then *then;
    str right;
    bool still;
} asking;

static bool get_maybe(store *s, arena *a, const noun *n, i64 id, void *rec, bool *found, err *e) {
    *found = store_get(s, a, n, id, rec, e);
    return *found || e->code == NOT_FOUND;
}

static bool user_still(asking *k, arena *a, err *e) {
    session rec;
    user owner;
    who now;
    bool found;
    i64 ms = k->u->w->now_ms(k->u->w);
    if (!get_maybe(k->s, a, &noun_session, k->then->session_id, &rec, &found, e)) return false;
    if (!found || rec.user_id != k->then->id || rec.expires_at <= ms ||
        ms - rec.used_at > LIMIT_SESSION_IDLE_MS)
        return true;
    if (!get_maybe(k->s, a, &noun_user, rec.user_id, &owner, &found, e)) return false;
    if (!found || !owner.enabled) return true;
    if (!who_of_user(k->s, a, &owner, &now, e)) return false;
    k->still = who_may(&now, k->right) && seen_of(&now) == k->then->seen;
    return true;
}

static bool key_still(asking *k, arena *a, err *e) {
    api_key rec;
    who now;
    bool found;
    i64 ms = k->u->w->now_ms(k->u->w);
    if (!get_maybe(k->s, a, &noun_key, k->then->id, &rec, &found, e)) return false;
    if (!found || (rec.expires_at != NONE && rec.expires_at <= ms)) return true;
    who_of_key(a, &rec, &now);
    k->still = who_may(&now, k->right);
    return true;
}

static bool ask(arena *a, void *ctx, err *e) {
    asking *k = ctx;
    switch (k->then->kind) {
    case WHO_NOBODY:
        return true;
    case WHO_USER:
        return user_still(k, a, e);
    case WHO_KEY:
        return key_still(k, a, e);
    }
    return true;
}

bool auth_still(auth *u, const who_then *w, str right, bool *still_out, err *e) {
    asking k = {.u = u, .then = w, .right = right};
    arena *a = arena_open(LIMIT_JOB_BYTES);
    bool ok = auth_locked(u, a, ask, &k, e);
    arena_close(a);
    if (ok) *still_out = k.still;
    return ok;
}
