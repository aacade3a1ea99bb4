/* assets.c - the files of the web page that the build put into the binary. */
#include "api/assets.h"
#include "base/embed.h"

extern const embedded ui_files[]; /* made from build/ui; the last one is empty */
extern const size_t ui_files_n;

/* vite.config.ts writes this wherever the page needs the nonce of its answer. */
static const char nonce_place[] = "HEED_NONCE_16_BYTES_IN_HEXADECIM";
_Static_assert(sizeof nonce_place - 1 == ASSET_NONCE_BYTES, "a nonce fits its place");

static const struct {
    const char *tail, *type;
} types[] = {
    {".js", "text/javascript; charset=utf-8"}, {".css", "text/css; charset=utf-8"},
    {".html", "text/html; charset=utf-8"},     {".svg", "image/svg+xml"},
    {".txt", "text/plain; charset=utf-8"},
};

static str file(str name) {
    for (size_t i = 0; i < ui_files_n; i++)
        if (str_eq(str_of(ui_files[i].name), name)) return embedded_text(&ui_files[i]);
    return NO_STR;
}

bool assets_present(void) {
    return file(S("index.html")).p != NULL;
}

/* name with ".gz" behind it. */
static str packed_file(str name) {
    for (size_t i = 0; i < ui_files_n; i++) {
        str s = str_of(ui_files[i].name);
        if (s.n == name.n + 3 && str_starts(s, name) && str_ends(s, S(".gz")))
            return embedded_text(&ui_files[i]);
    }
    return NO_STR;
}

bool asset_find(str name, asset *out) {
    for (size_t i = 0; i < COUNT(types); i++) {
        if (!str_ends(name, str_of(types[i].tail))) continue;
        str plain = file(name);
        if (!plain.p) return false;
        *out = (asset){str_of(types[i].type), plain, packed_file(name)};
        return true;
    }
    return false;
}

bool asset_is_page(str path) {
    str rest = file(S("pages.txt")), line;
    while (rest.n) {
        if (!str_cut(rest, '\n', &line, &rest)) line = rest, rest = NO_STR;
        if (str_eq(line, path)) return true;
    }
    return false;
}

str asset_index(arena *a, str nonce) {
    buf b = {.a = a};
    str rest = file(S("index.html")), place = {nonce_place, ASSET_NONCE_BYTES};
    check(rest.p && nonce.n == ASSET_NONCE_BYTES);
    for (ptrdiff_t at; (at = str_find(rest, place)) >= 0;) {
        buf_str(&b, str_head(rest, (size_t)at));
        buf_str(&b, nonce);
        rest = str_from(rest, (size_t)at + place.n);
    }
    buf_str(&b, rest);
    return buf_view(&b);
}
