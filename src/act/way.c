/* way.c - what all ways out share: endpoints checked and sealed, texts, signatures, judgements. */
#include <sodium.h>
#include "act/way.h"
#include "base/address.h"
#include "base/utf8.h"

const str json_header = {"Content-Type: application/json", 30};

const way *way_find(str name) {
    for (size_t i = 0; i < ways_n; i++)
        if (str_eq(str_of(ways[i]->name), name)) return ways[i];
    return NULL;
}

static bool unknown_way(arena *a, str name, err *e) {
    buf b = {.a = a};
    for (size_t i = 0; i < ways_n; i++) buf_fmt(&b, "%s%s", i ? ", " : "", ways[i]->name);
    str known = buf_view(&b);
    return fail(e, INVALID, "no way \"%.*s\"; there are: %.*s", STR_ARG(name), STR_ARG(known));
}

/* ---- settings ---- */

static bool setting_known(const way *x, str key, bool *required) {
    str rest = str_of(x->settings), line, name;
    while (rest.n) {
        str_line(&rest, &line);
        if (!str_cut(line, ' ', &name, &line) || !str_eq(name, key)) continue;
        *required = str_find(line, S(" required ")) >= 0;
        return true;
    }
    return false;
}

/* A line break in a setting could become a header of its own. */
static bool setting_plain(str name, str v, err *e) {
    for (size_t i = 0; i < v.n; i++)
        if ((u8)v.p[i] < ' ' || v.p[i] == 0x7f)
            return fail(e, INVALID, "\"%.*s\" holds a control character", STR_ARG(name));
    return true;
}

static bool settings_check(const way *x, const json *given, err *e) {
    bool required;
    for (const json *m = given->first; m; m = m->next) {
        if (!setting_known(x, m->key, &required))
            return fail(e, INVALID, "%s has no setting \"%.*s\"", x->name, STR_ARG(m->key));
        if (m->kind != JSON_TEXT)
            return fail(e, INVALID, "the setting \"%.*s\" wants a text", STR_ARG(m->key));
        if (!setting_plain(m->key, m->text, e)) return false;
    }
    for (str rest = str_of(x->settings), line, name; rest.n;) {
        str_line(&rest, &line);
        if (!str_cut(line, ' ', &name, &line) || str_find(line, S("required ")) < 0) continue;
        if (json_get_text(given, name).n == 0)
            return fail(e, INVALID, "%s wants the setting \"%.*s\": %.*s", x->name, STR_ARG(name),
                        STR_ARG(line));
    }
    return true;
}

/* ---- endpoints ---- */

static bool scheme_fits(const way *x, str scheme) {
    str rest = str_of(x->schemes), one;
    while (rest.n) {
        if (!str_cut(rest, ' ', &one, &rest)) one = rest, rest = NO_STR;
        if (str_eq(one, scheme)) return true;
    }
    return false;
}

bool endpoint_check(arena *a, world *w, endpoint *p, err *e) {
    url_parts u;
    json *settings;
    const way *x = way_find(p->way);
    if (!x) return unknown_way(a, p->way, e);
    if (!url_cut(p->address, &u, e)) return false;
    if (!scheme_fits(x, u.scheme))
        return fail(e, INVALID, "an address of %s begins with one of: %s", x->name, x->schemes);
    if (!p->near && host_near(u.host))
        return fail(e, DENIED,
                    "%.*s is this machine or a private network: who runs this machine may allow "
                    "that, with heed endpoint add --near",
                    STR_ARG(u.host));
    if (!json_read(a, p->settings.n ? p->settings : S("{}"), &settings, e)) return false;
    if (settings->kind != JSON_OBJECT) return fail(e, INVALID, "settings want an object");
    if (str_eq(p->way, S("webhook")) && !p->secret.n) {
        u64 chance[4];
        for (size_t i = 0; i < COUNT(chance); i++) chance[i] = w->random(w);
        str text = base64_text(a, chance, sizeof chance);
        p->secret = arena_fmt(a, "whsec_%.*s", STR_ARG(text));
    }
    p->host = u.host;
    return settings_check(x, settings, e) && setting_plain(S("secret"), p->secret, e) &&
           (!x->accepts || x->accepts(p, settings, p->secret, e)) &&
           noun_check(&noun_endpoint, p, e);
}

/* Bound to the name, which does not change: a sealed address put into another row does not open. */
static i64 bound(const endpoint *p) {
    return (i64)(str_hash(p->name) >> 1);
}

bool endpoint_open(store *s, arena *a, const endpoint *p, str *address, str *secret, err *e) {
    *secret = NO_STR;
    return store_unseal(s, a, p->address, bound(p), address, e) &&
           (!p->secret.n || store_unseal(s, a, p->secret, bound(p), secret, e));
}

bool endpoint_put(store *s, arena *a, endpoint *p, err *e) {
    endpoint sealed = *p;
    if (!store_seal(s, a, p->address, bound(p), &sealed.address, e)) return false;
    if (p->secret.n && !store_seal(s, a, p->secret, bound(p), &sealed.secret, e)) return false;
    if (!store_put(s, &noun_endpoint, &sealed, e)) return false;
    p->id = sealed.id;
    p->version = sealed.version;
    p->created_at = sealed.created_at;
    p->changed_at = sealed.changed_at;
    return true;
}

bool endpoint_delete(store *s, arena *a, const endpoint *p, err *e) {
    deed *waiting;
    size_t n;
    endpoint_pace at;
    if (!store_deeds_waiting(s, a, p->name, 0, INT64_MAX, 1, &waiting, &n, e)) return false;
    if (n)
        return fail(e, CONFLICT,
                    "messages wait for \"%.*s\": let them leave, or switch it off instead",
                    STR_ARG(p->name));
    if (store_find(s, a, &noun_pace, p->name, &at, e)) {
        if (!store_delete(s, &noun_pace, at.id, e)) return false;
    } else if (e->code != NOT_FOUND) {
        return false;
    }
    return store_delete(s, &noun_endpoint, p->id, e);
}

/* ---- texts ---- */

str notes_text(arena *a, const letter *l, size_t max) {
    enum { ROOM = 40 }; /* for the line that says how many are left out */
    buf b = {.a = a};
    check(max > ROOM);
    for (size_t i = 0; i < l->n; i++) {
        const note *n = &l->notes[i];
        str one =
            n->text.n ? arena_fmt(a, "%.*s\n%.*s", STR_ARG(n->title), STR_ARG(n->text)) : n->title;
        size_t need = one.n + (i ? 2 : 0);
        if (b.n + need > max - ROOM) {
            if (b.n)
                buf_fmt(&b, "\n\n+%zu", l->n - i);
            else
                buf_str(&b, utf8_clip(one, max - ROOM));
            break;
        }
        if (i) buf_str(&b, S("\n\n"));
        buf_str(&b, one);
    }
    return buf_view(&b);
}

str robot_text(arena *a, const letter *l, size_t max) {
    buf b = {.a = a};
    json_out j = json_to(&b);
    json_object(&j);
    json_key(&j, S("msgtype"));
    json_text(&j, S("text"));
    json_key(&j, S("text"));
    json_object(&j);
    json_key(&j, S("content"));
    json_text(&j, notes_text(a, l, max));
    json_end_object(&j);
    json_end_object(&j);
    return buf_view(&b);
}

str base64_text(arena *a, const void *p, size_t n) {
    size_t room = sodium_base64_encoded_len(n, sodium_base64_VARIANT_ORIGINAL);
    char *out = arena_alloc(a, room);
    sodium_bin2base64(out, room, p, n, sodium_base64_VARIANT_ORIGINAL);
    return str_of(out);
}

str hmac_sha256(arena *a, str key, str text) {
    crypto_auth_hmacsha256_state s;
    u8 *out = arena_alloc(a, crypto_auth_hmacsha256_BYTES);
    crypto_auth_hmacsha256_init(&s, (const u8 *)key.p, key.n);
    crypto_auth_hmacsha256_update(&s, (const u8 *)text.p, text.n);
    crypto_auth_hmacsha256_final(&s, out);
    return (str){(const char *)out, crypto_auth_hmacsha256_BYTES};
}

str url_escape(arena *a, str s) {
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
    buf b = {.a = a};
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] && strchr(plain, s.p[i]))
            buf_char(&b, s.p[i]);
        else
            buf_fmt(&b, "%%%02X", (u8)s.p[i]);
    return buf_view(&b);
}

/* ---- judgements ---- */

/* What they said, on one line and short: people read it in a table. */
static str said(arena *a, str body) {
    char *out = arena_alloc(a, 121);
    size_t n = 0;
    str clip = utf8_clip(str_trim(body), 120);
    for (size_t i = 0; i < clip.n; i++) out[n++] = (u8)clip.p[i] < ' ' ? ' ' : clip.p[i];
    return (str){out, n};
}

void judge_http(arena *a, const receipt *r, verdict_out *out) {
    *out = (verdict_out){.fate = WAY_SENT, .wait_ms = NONE};
    if (r->status >= 200 && r->status < 300) return;
    str words = said(a, r->body);
    out->fate = r->status == 410 ? WAY_GONE : WAY_AGAIN;
    out->wait_ms = r->status == 429 || r->status == 503 ? r->wait_ms : NONE;
    if (r->status >= 300 && r->status < 400)
        out->why = arena_fmt(a,
                             "it answered %d, a redirection, which is not followed: give the "
                             "address it leads to",
                             r->status);
    else
        out->why =
            arena_fmt(a, "it answered %d%s%.*s", r->status, words.n ? ": " : "", STR_ARG(words));
}

void judge_robot(arena *a, const receipt *r, const char *code, i64 busy, i64 busy_wait_ms,
                 verdict_out *out) {
    json *doc;
    err e;
    judge_http(a, r, out);
    if (out->fate != WAY_SENT) return;
    i64 n = json_read(a, r->body, &doc, &e) ? json_get_int(doc, str_of(code)) : NONE;
    if (n == 0) return;
    str words = said(a, r->body);
    out->fate = WAY_AGAIN;
    out->wait_ms = n == busy ? busy_wait_ms : NONE;
    out->why = n == NONE
                   ? arena_fmt(a, "it answered no %s: %.*s", code, STR_ARG(words))
                   : arena_fmt(a, "it answered %s %" PRId64 ": %.*s", code, n, STR_ARG(words));
}
