/* auth_proof.c - is it really them: name, password, code; who fails too often is locked out. */
#include <arpa/inet.h>
#include "api/auth_int.h"
#include "api/secret.h"
#include "api/status.h"
#include "api/totp.h"

str client_network(arena *a, str client) {
    u8 bytes[16];
    str text = arena_str(a, client);
    if (!text.p || inet_pton(AF_INET6, text.p, bytes) != 1) return text;
    buf b = {.a = a};
    for (size_t i = 0; i < 8; i++) buf_fmt(&b, "%02x", bytes[i]);
    return buf_view(&b);
}

/* ---- counting failures ---- */

enum { COUNTED = 2, SWEPT = 16 }; /* by name, by address */
typedef struct {
    auth *u;
    store *s;
    str hashes[COUNTED];
    i64 until; /* out: locked until then; NONE = not */
} counting;

static str counted_hash(auth *u, arena *a, const char *kind, str what) {
    return secret_hash(
        a, arena_fmt(a, "%016" PRIx64 " %s %.*s", (u64)store_id(u->read.s), kind, STR_ARG(what)));
}

/* Rows nobody needs any more go a few at a time, so that strangers cannot fill the store. */
static bool sweep(store *s, arena *a, i64 now, err *e) {
    store_query q = {.limit = SWEPT};
    void *recs;
    size_t n;
    if (!store_list(s, a, &noun_attempt, &q, &recs, &n, e)) return false;
    for (size_t i = 0; i < n; i++) {
        const attempt *old = &((attempt *)recs)[i];
        if (now - old->last_at > HOUR_MS && !store_delete(s, &noun_attempt, old->id, e))
            return false;
    }
    return true;
}

static bool count_one(store *s, arena *a, str hash, i64 now, i64 *until, err *e) {
    attempt rec;
    bool found;
    noun_init(&noun_attempt, &rec);
    rec.last_at = NONE;
    if (!find_maybe(s, a, &noun_attempt, hash, &rec, &found, e)) return false;
    if (found && rec.until != NONE && rec.until > now) {
        *until = MAX(*until, rec.until);
        return true;
    }
    bool fresh = !found || rec.until != NONE || now - rec.last_at > LIMIT_LOCK_OUT_MS;
    rec.hash = hash;
    rec.failures = fresh ? 1 : rec.failures + 1;
    rec.last_at = now;
    rec.until = rec.failures >= LIMIT_SIGN_IN_FAILURES ? now + LIMIT_LOCK_OUT_MS : NONE;
    return store_put(s, &noun_attempt, &rec, e);
}

static bool look_one(store *s, arena *a, str hash, i64 now, i64 *until, err *e) {
    attempt rec;
    bool found;
    if (!find_maybe(s, a, &noun_attempt, hash, &rec, &found, e)) return false;
    if (found && rec.until != NONE && rec.until > now) *until = MAX(*until, rec.until);
    return true;
}

/* A failure is counted before the password is looked at, and taken back when it was right: guesses
** sent side by side cannot slip through between looking and counting. */
static bool count_job(arena *a, void *ctx, err *e) {
    counting *c = ctx;
    i64 now = c->u->w->now_ms(c->u->w), none = NONE;
    if (!sweep(c->s, a, now, e)) return false;
    for (size_t i = 0; i < COUNTED; i++)
        if (!look_one(c->s, a, c->hashes[i], now, &c->until, e)) return false;
    for (size_t i = 0; i < COUNTED && c->until == NONE; i++)
        if (!count_one(c->s, a, c->hashes[i], now, &none, e)) return false;
    return true;
}

static bool forgive_job(arena *a, void *ctx, err *e) {
    counting *c = ctx;
    attempt rec;
    bool found;
    for (size_t i = 0; i < COUNTED; i++) {
        if (!find_maybe(c->s, a, &noun_attempt, c->hashes[i], &rec, &found, e)) return false;
        if (found && !store_delete(c->s, &noun_attempt, rec.id, e)) return false;
    }
    return true;
}

static void refuse_locked(http_request *r, arena *a, i64 wait_ms) {
    i64 minutes = (wait_ms + MINUTE_MS - 1) / MINUTE_MS;
    status_later(
        r, 429,
        arena_fmt(a, "too many failures to sign in; please wait %" PRId64 " minutes", minutes).p,
        (wait_ms + SECOND_MS - 1) / SECOND_MS);
}

/* ---- the second factor ---- */

typedef struct {
    auth *u;
    store *s;
    const user *rec;
    str code;
    bool needed, right; /* out */
} second;

/* A recovery code works once: its hash is cut out. */
static bool spend_recovery(arena *a, str code, totp *t) {
    str hash = str_head(secret_hash(a, code), 32), list = t->recovery, one;
    buf left = {.a = a};
    bool spent = false;
    while (list.n) {
        if (!str_cut(list, ' ', &one, &list)) one = list, list = NO_STR;
        if (!spent && secret_same(one, hash)) {
            spent = true;
            continue;
        }
        if (left.n) buf_char(&left, ' ');
        buf_str(&left, one);
    }
    if (spent) t->recovery = left.n ? buf_view(&left) : NO_STR;
    return spent;
}

static bool second_job(arena *a, void *ctx, err *e) {
    second *c = ctx;
    store_query q = {.field = "user_id", .num = c->rec->id};
    void *recs;
    size_t n;
    i64 step, now = c->u->w->now_ms(c->u->w);
    if (!store_list(c->s, a, &noun_totp, &q, &recs, &n, e)) return false;
    totp *t = recs;
    c->needed = n && t->confirmed_at != NONE;
    c->right = !c->needed;
    if (!c->needed || !c->code.n) return true;
    str secret;
    if (!store_unseal(c->s, a, t->secret, c->rec->id, &secret, e)) return false;
    if (totp_right(a, secret, c->code, now, t->last_step, &step))
        t->last_step = step;
    else if (!spend_recovery(a, c->code, t))
        return true;
    c->right = true;
    return store_put(c->s, &noun_totp, t, e);
}

/* ---- all together ---- */

typedef struct {
    auth *u;
    store *s;
    str name;
    user rec;
    bool found;
} finding;

static bool find_job(arena *a, void *ctx, err *e) {
    finding *f = ctx;
    return find_maybe(f->s, a, &noun_user, f->name, &f->rec, &f->found, e);
}

static str fold_name(arena *a, str name) {
    str trimmed = str_trim(name);
    char *p = arena_alloc(a, trimmed.n + 1);
    for (size_t i = 0; i < trimmed.n; i++)
        p[i] =
            trimmed.p[i] >= 'A' && trimmed.p[i] <= 'Z' ? (char)(trimmed.p[i] | 0x20) : trimmed.p[i];
    return (str){p, trimmed.n};
}

/* Only names we know are written down: people type passwords into the wrong field. */
static bool refuse(auth *u, arena *a, http_request *r, const finding *f, const char *code,
                   const char *sentence, err *e) {
    if (f->found && !auth_note(u, a, &who_nobody, S("refused"), S("user"), f->rec.id,
                               arena_fmt(a, "{\"why\":\"%s\"}", code), e))
        return false;
    status_named(r, 401, code, sentence);
    return true;
}

bool proof_check(auth *u, arena *a, http_request *r, const proof *p, user *who_out, bool *done_out,
                 err *e) {
    finding f = {.u = u, .name = fold_name(a, p->name)};
    counting c = {.u = u, .until = NONE};
    bool right = false;
    *done_out = false;
    c.hashes[0] = counted_hash(u, a, "name", f.name);
    c.hashes[1] = counted_hash(u, a, "address", client_network(a, r->client));
    if (!connection_safe(u, r)) return true;
    if (p->password.n > LIMIT_PASSWORD_BYTES || p->name.n > LIMIT_NAME_BYTES)
        return fail(e, LIMIT, "the name or the password is too long");
    if (!auth_change(u, a, S("system"), count_job, &c, e)) return false;
    if (c.until != NONE) return refuse_locked(r, a, c.until - u->w->now_ms(u->w)), true;
    if (!auth_locked(u, a, find_job, &f, e)) return false;
    bool may = f.found && f.rec.enabled && f.rec.password.n;
    if (!password_right(u, a, may ? f.rec.password : NO_STR, p->password, &right, e)) return false;
    if (!right) return refuse(u, a, r, &f, "sign-in", "the name or the password is wrong", e);
    second two = {.u = u, .rec = &f.rec, .code = p->code};
    if (!auth_change(u, a, S("system"), second_job, &two, e)) return false;
    if (!two.right && p->code.n)
        return refuse(u, a, r, &f, "totp", "the code is wrong or was used before", e);
    if (!two.right) { /* still counted: else the code could be guessed between two of these */
        status_named(r, 401, "totp", "please give the code of your authenticator too");
        return true;
    }
    if (!auth_change(u, a, S("system"), forgive_job, &c, e)) return false;
    *who_out = f.rec;
    return *done_out = true;
}
