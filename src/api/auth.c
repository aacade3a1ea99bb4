/* auth.c - opening; passwords; users, keys and the first link. */
#include <sodium.h>
#include "api/auth_int.h"
#include "api/secret.h"
#include "base/utf8.h"

/* OWASP's second choice for Argon2id: 19 MiB, two passes, one lane. */
enum { HASH_PASSES = 2, HASH_BYTES = 19 * 1024 * 1024 };
enum { KEY_RATE = 500, KEY_BURST_S = 4, USER_BURST_S = 30, USER_SHARE = 10 };

static void set_rates(auth *u, i64 rate) {
    if (rate < 0) rate = KEY_RATE;
    i64 user_rate = MAX(rate / USER_SHARE, 1);
    u->per_key =
        (rate_class){"key", MAX(rate * KEY_BURST_S, 1), rate ? KEY_BURST_S * SECOND_MS : 0};
    u->per_user =
        (rate_class){"user", user_rate * USER_BURST_S, rate ? USER_BURST_S * SECOND_MS : 0};
    u->per_address = (rate_class){"address", 300, rate ? 30 * SECOND_MS : 0};
    u->per_sign_in = (rate_class){"sign-in", 60, MINUTE_MS};
}

static bool open_shared(str url, const auth_options *o, i64 patience_ms, shared_store *out,
                        err *e) {
    store_options so = {.w = o->w, .vfs = o->vfs, .patience_ms = patience_ms};
    if (!store_open(url, &so, &out->s, e)) return false;
    check(pthread_mutex_init(&out->lock, NULL) == 0);
    return true;
}

static void close_shared(shared_store *h) {
    if (!h->s) return;
    store_close(h->s);
    pthread_mutex_destroy(&h->lock);
}

bool auth_open(str url, const auth_options *o, auth **out, err *e) {
    if (sodium_init() < 0) return fail(e, IO, "libsodium finds no source of chance");
    auth *u = mem_new(1, sizeof *u);
    u->w = o->w;
    u->plain_http = o->plain_http;
    u64 seed;
    randombytes_buf(&seed, sizeof seed);
    u->rates = rates_open(seed);
    set_rates(u, o->rate);
    check(pthread_mutex_init(&u->hash_lock, NULL) == 0 &&
          pthread_cond_init(&u->hash_free, NULL) == 0);
    if (!open_shared(url, o, 0, &u->read, e) || !open_shared(url, o, 0, &u->change, e) ||
        !open_shared(url, o, 1, &u->touch, e)) {
        auth_close(u);
        return false;
    }
    *out = u;
    return true;
}

void auth_close(auth *u) {
    if (!u) return;
    check(u->hashing == 0);
    close_shared(&u->read);
    close_shared(&u->change);
    close_shared(&u->touch);
    rates_close(u->rates);
    pthread_mutex_destroy(&u->hash_lock);
    pthread_cond_destroy(&u->hash_free);
    free(u);
}

bool auth_locked(auth *u, arena *a, job_fn *fn, void *ctx, err *e) {
    pthread_mutex_lock(&u->read.lock);
    ((auth_ctx *)ctx)->s = u->read.s;
    bool ok = job_run_in(a, fn, ctx, e);
    pthread_mutex_unlock(&u->read.lock);
    return ok;
}

bool auth_change(auth *u, arena *a, str actor, job_fn *fn, void *ctx, err *e) {
    store *s = u->change.s;
    pthread_mutex_lock(&u->change.lock);
    ((auth_ctx *)ctx)->s = s;
    store_actor(s, actor);
    bool ok = store_begin(s, e);
    if (ok) {
        ok = job_run_in(a, fn, ctx, e);
        if (ok)
            ok = store_commit(s, e);
        else
            store_rollback(s);
        if (ok) atomic_fetch_add(&u->changes, 1);
    }
    store_actor(s, S("system"));
    pthread_mutex_unlock(&u->change.lock);
    return ok;
}

void auth_touch(auth *u, const noun *n, void *rec) {
    err busy;
    if (pthread_mutex_trylock(&u->touch.lock)) return;
    bool kept = store_put(u->touch.s, n, rec, &busy);
    pthread_mutex_unlock(&u->touch.lock);
    (void)kept; /* the next request tries again */
}

bool find_maybe(store *s, arena *a, const noun *n, str key, void *rec, bool *found_out, err *e) {
    err inner;
    bool ok = store_find(s, a, n, key, rec, &inner);
    *found_out = ok;
    if (ok || inner.code == NOT_FOUND) return true;
    *e = inner;
    return false;
}

/* ---- passwords ---- */

static bool hash_enter(auth *u, err *e) {
    pthread_mutex_lock(&u->hash_lock);
    if (u->hash_waiting >= LIMIT_HASHING_QUEUE) {
        pthread_mutex_unlock(&u->hash_lock);
        return fail(e, BUSY, "many people sign in at this moment; please try again in a second");
    }
    u->hash_waiting++;
    while (u->hashing >= LIMIT_HASHING) pthread_cond_wait(&u->hash_free, &u->hash_lock);
    u->hash_waiting--;
    u->hashing++;
    pthread_mutex_unlock(&u->hash_lock);
    return true;
}

static void hash_leave(auth *u) {
    pthread_mutex_lock(&u->hash_lock);
    check(u->hashing > 0);
    u->hashing--;
    pthread_cond_signal(&u->hash_free);
    pthread_mutex_unlock(&u->hash_lock);
}

bool password_hash(auth *u, arena *a, str password, str *out, err *e) {
    char *text = arena_alloc(a, crypto_pwhash_STRBYTES);
    if (!hash_enter(u, e)) return false;
    int bad = crypto_pwhash_str_alg(text, password.p, password.n, HASH_PASSES, HASH_BYTES,
                                    crypto_pwhash_ALG_ARGON2ID13);
    hash_leave(u);
    if (bad) return fail(e, BUSY, "there is no memory to hash a password; please try again");
    *out = str_of(text);
    return true;
}

/* Of a password nobody has: asked when there is no user, so that the answer takes as long. */
static const char nobodys[] = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
                              "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

bool password_right(auth *u, arena *a, str hash, str password, bool *right_out, err *e) {
    const char *text = hash.n ? arena_str(a, hash).p : nobodys;
    if (!hash_enter(u, e)) return false;
    bool same = crypto_pwhash_str_verify(text, password.p ? password.p : "", password.n) == 0;
    hash_leave(u);
    *right_out = same && hash.n;
    return true;
}

bool password_fits(str name, str password, err *e) {
    size_t letters = 0;
    if (password.n > LIMIT_PASSWORD_BYTES)
        return fail(e, LIMIT, "the password has more than %d bytes", LIMIT_PASSWORD_BYTES);
    if (utf8_bad(password) >= 0) return fail(e, INVALID, "the password is not UTF-8");
    for (size_t i = 0; i < password.n; i++) letters += ((u8)password.p[i] & 0xc0) != 0x80;
    if (letters < LIMIT_PASSWORD_CHARS)
        return fail(e, INVALID, "the password needs at least %d characters", LIMIT_PASSWORD_CHARS);
    if (str_eq_nocase(name, password)) return fail(e, INVALID, "the password must not be the name");
    size_t same = 0;
    while (same < password.n && password.p[same] == password.p[0]) same++;
    if (same == password.n)
        return fail(e, INVALID, "the password is one character again and again");
    return true;
}

/* ---- users ---- */

/* ASCII letters small, so that Ann and ann are one; no blanks or control characters. */
static bool name_fold(arena *a, str name, str *out, err *e) {
    str copy = arena_str(a, str_trim(name));
    char *p = arena_alloc(a, copy.n + 1);
    if (!copy.n) return fail(e, INVALID, "user: \"name\" is required");
    for (size_t i = 0; i < copy.n; i++) {
        if ((u8)copy.p[i] <= ' ' || copy.p[i] == 0x7f)
            return fail(e, INVALID, "user: the name must have no blanks or control characters");
        p[i] = copy.p[i] >= 'A' && copy.p[i] <= 'Z' ? (char)(copy.p[i] | 0x20) : copy.p[i];
    }
    *out = (str){p, copy.n};
    return true;
}

static bool may_write_users(store *s, arena *a, const user *rec, bool *out, err *e) {
    who w;
    *out = false;
    if (!rec->enabled) return true;
    if (!who_of_user(s, a, rec, &w, e)) return false;
    *out = who_may(&w, S("users.write"));
    return true;
}

/* Somebody other than rec, switched on, may write users. */
static bool another_admin(store *s, arena *a, const user *rec, bool *out, err *e) {
    store_query q = {0};
    void *recs;
    size_t n;
    *out = false;
    if (!store_list(s, a, &noun_user, &q, &recs, &n, e)) return false;
    for (size_t i = 0; i < n && !*out; i++) {
        const user *other = &((user *)recs)[i];
        if (other->id != rec->id && !may_write_users(s, a, other, out, e)) return false;
    }
    return true;
}

static bool keep_an_admin(store *s, arena *a, const user *rec, err *e) {
    user old;
    bool was, is, other;
    if (!rec->id) return true;
    if (!store_get(s, a, &noun_user, rec->id, &old, e) || !may_write_users(s, a, &old, &was, e) ||
        !may_write_users(s, a, rec, &is, e) || !another_admin(s, a, rec, &other, e))
        return false;
    if (was && !is && !other)
        return fail(e, CONFLICT,
                    "%.*s is the last who may change users: give another that role first",
                    STR_ARG(old.name));
    return true;
}

/* Who may change users could take their own department away: so they have none from the start. */
static bool admin_sees_all(store *s, arena *a, const user *rec, err *e) {
    bool admin;
    if (rec->department_id == NONE) return true;
    if (!may_write_users(s, a, rec, &admin, e)) return false;
    if (!admin) return true;
    return fail(e, INVALID,
                "user: who may change users sees everything: leave \"department_id\" out");
}

bool user_put(store *s, arena *a, user *rec, bool ends_sessions, err *e) {
    role r;
    bool found;
    if (!name_fold(a, rec->name, &rec->name, e) ||
        !find_maybe(s, a, &noun_role, rec->role, &r, &found, e))
        return false;
    if (!found)
        return fail(e, INVALID, "user: there is no role \"%.*s\"",
                    (int)MIN(rec->role.n, (size_t)60), rec->role.p ? rec->role.p : "");
    if (!admin_sees_all(s, a, rec, e) || !keep_an_admin(s, a, rec, e) ||
        !store_put(s, &noun_user, rec, e))
        return false;
    return !(ends_sessions || !rec->enabled) || sessions_end(s, a, rec->id, 0, e);
}

typedef struct {
    auth *u;
    store *s;
    user *rec;
    bool new_password;
} user_change;

static bool user_job(arena *a, void *ctx, err *e) {
    user_change *c = ctx;
    return user_put(c->s, a, c->rec, c->new_password, e);
}

bool user_save(auth *u, arena *a, str actor, user *rec, str password, err *e) {
    if (password.p && (!password_fits(rec->name, password, e) ||
                       !password_hash(u, a, password, &rec->password, e)))
        return false;
    user_change c = {u, NULL, rec, password.p != NULL};
    return auth_change(u, a, actor, user_job, &c, e);
}

/* ---- keys ---- */

static bool scopes_known(str scopes, err *e) {
    str one;
    size_t n = 0;
    while (scopes.n) {
        if (!str_cut(scopes, ' ', &one, &scopes)) one = scopes, scopes = NO_STR;
        if (!one.n) continue;
        n++;
        if (!right_known(one))
            return fail(e, INVALID,
                        "key: there is no right \"%.*s\"; signals.write lets it send signals",
                        (int)MIN(one.n, (size_t)60), one.p);
    }
    return n ? true : fail(e, INVALID, "key: \"scopes\" is required, such as \"signals.write\"");
}

typedef struct {
    auth *u;
    store *s;
    api_key *rec;
} key_change;

static bool key_job(arena *a, void *ctx, err *e) {
    key_change *c = ctx;
    (void)a;
    return store_put(c->s, &noun_key, c->rec, e);
}

bool key_save(auth *u, arena *a, str actor, api_key *rec, str *token_out, err *e) {
    if (!scopes_known(rec->scopes, e)) return false;
    if (rec->expires_at != NONE && rec->expires_at <= u->w->now_ms(u->w))
        return fail(e, INVALID, "key: \"expires_at\" has passed");
    str made = key_make(a);
    rec->hash = secret_hash(a, made);
    key_change c = {u, NULL, rec};
    if (!auth_change(u, a, actor, key_job, &c, e)) return false;
    *token_out = made;
    return true;
}

/* ---- the first link ---- */

typedef struct {
    auth *u;
    store *s;
    str made; /* out */
} link_job;

static bool tokens_end(store *s, arena *a, err *e) {
    store_query q = {.field = "purpose", .text = S("setup")};
    void *recs;
    size_t n;
    if (!store_list(s, a, &noun_token, &q, &recs, &n, e)) return false;
    for (size_t i = 0; i < n; i++)
        if (!store_delete(s, &noun_token, ((token *)recs)[i].id, e)) return false;
    return true;
}

static bool make_link(arena *a, void *ctx, err *e) {
    link_job *l = ctx;
    store *s = l->s;
    i64 users = 0;
    token t;
    l->made = NO_STR;
    if (!store_count(s, &noun_user, NULL, &users, e) || !tokens_end(s, a, e)) return false;
    if (users) return true;
    l->made = secret_make(a);
    noun_init(&noun_token, &t);
    t.hash = secret_hash(a, l->made);
    t.purpose = S("setup");
    t.expires_at = l->u->w->now_ms(l->u->w) + LIMIT_SETUP_LINK_MS;
    return store_put(s, &noun_token, &t, e);
}

bool auth_setup_token(auth *u, arena *a, str *token_out, err *e) {
    link_job l = {.u = u};
    if (!auth_change(u, a, S("system"), make_link, &l, e)) return false;
    *token_out = l.made;
    return true;
}

/* ---- the audit ---- */

bool audit_put(store *s, arena *a, i64 now_ms, str actor, str deed_name, str noun_name, i64 noun_id,
               str detail, err *e) {
    audit row;
    noun_init(&noun_audit, &row);
    row.at = now_ms;
    row.actor = utf8_clip(actor, LIMIT_NAME_BYTES);
    row.deed = deed_name;
    row.noun = noun_name;
    row.noun_id = noun_id;
    row.detail = detail;
    (void)a;
    return store_put(s, &noun_audit, &row, e);
}

typedef struct {
    auth *u;
    store *s;
    const who *w;
    str deed, noun, detail;
    i64 id;
} note;

static bool note_job(arena *a, void *ctx, err *e) {
    const note *n = ctx;
    return audit_put(n->s, a, n->u->w->now_ms(n->u->w), n->w->actor, n->deed, n->noun, n->id,
                     n->detail, e);
}

bool auth_note(auth *u, arena *a, const who *w, str deed_name, str noun_name, i64 noun_id,
               str detail, err *e) {
    note n = {u, NULL, w, deed_name, noun_name, detail, noun_id};
    return auth_change(u, a, w->actor, note_job, &n, e);
}
