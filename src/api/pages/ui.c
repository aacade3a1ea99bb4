/* ui.c - the web page and its files: what a browser gets at every address that is not the API's. */
#include "api/api.h"
#include "api/assets.h"

/* Scripts only of ours; styles of ours and those the page makes with this answer's nonce (a component
** library writes its rules as it needs them); no frames, no plug-ins, nothing from elsewhere. */
#define POLICY                                                                                     \
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data: blob:; "      \
    "font-src 'self'; style-src-elem 'self' 'nonce-%.*s'; style-src-attr 'unsafe-inline'; "        \
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

static void add_guards(arena *a, http_request *r, str nonce) {
    http_add_replace(r, "Content-Security-Policy", arena_fmt(a, POLICY, STR_ARG(nonce)));
    http_add_replace(r, "Referrer-Policy", S("same-origin"));
    http_add_replace(r, "Cross-Origin-Opener-Policy", S("same-origin"));
}

static void put_index(api *x, arena *a, http_request *r) {
    u64 high = x->w->random(x->w), low = x->w->random(x->w);
    str nonce = arena_fmt(a, "%016" PRIx64 "%016" PRIx64, high, low);
    add_guards(a, r, nonce);
    http_add_replace(r, "Cache-Control", S("no-cache"));
    http_reply(r, 200, S("text/html; charset=utf-8"), asset_index(a, nonce));
}

/* A hashed name never changes what it means: the browser may keep it for a year. */
static void put_asset(arena *a, http_request *r, str name, const asset *f, bool hashed) {
    bool packed = f->packed.p && http_accepts(r, "gzip");
    str tag = arena_fmt(a, "\"%s-%.*s%s\"", HEED_VERSION, STR_ARG(name), packed ? "-gz" : "");
    http_add_replace(r, "Cache-Control",
                     hashed ? S("public, max-age=31536000, immutable") : S("no-cache"));
    http_add_replace(r, "ETag", tag);
    http_add_replace(r, "Vary", S("Accept-Encoding"));
    if (hashed && str_eq(http_get(r, "If-None-Match"), tag)) {
        http_reply(r, 304, f->type, S(""));
        return;
    }
    if (packed) http_add_replace(r, "Content-Encoding", S("gzip"));
    http_reply_static(r, 200, f->type, packed ? f->packed : f->plain);
}

static bool first(api *x, arena *a, asked *v, err *e) {
    (void)e;
    if (assets_present()) {
        put_index(x, a, v->http);
        return true;
    }
    http_reply(v->http, 503, S("text/plain; charset=utf-8"),
               S("This binary was built without its web page: run `make ui`, then `make`.\n"));
    return true;
}

/* "/voices", and the few files that lie beside index.html. */
static bool one(api *x, arena *a, asked *v, err *e) {
    asset f;
    str name = params_get(&v->path, "page");
    if (asset_is_page(v->http->path)) return first(x, a, v, e);
    if (!str_ends(name, S(".html")) && !str_ends(name, S(".txt")) && asset_find(name, &f)) {
        put_asset(a, v->http, name, &f, false);
        return true;
    }
    return fail(e, NOT_FOUND, "there is no page /%.*s", STR_ARG(name));
}

static bool file(api *x, arena *a, asked *v, err *e) {
    (void)x;
    asset f;
    str name = params_get(&v->path, "file");
    if (!asset_find(name, &f)) return fail(e, NOT_FOUND, "there is no file %.*s", STR_ARG(name));
    put_asset(a, v->http, name, &f, true);
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/", "public", "The web page", .handle = first, .query = "*", .quick = true},
    {METHOD_GET, "/{page}", "public", "A page of the web page", .handle = one, .query = "*",
     .quick = true},
    {METHOD_GET, "/assets/{file}", "public", "A file of the web page", .handle = file,
     .quick = true},
};
const page page_ui = {
    .name = "ui", .title = "The web page", .routes = routes, .routes_n = COUNT(routes)};
