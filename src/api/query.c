/* query.c - percent-encoding, parts of paths, parameters of queries and forms. */
#include "api/route.h"
#include "base/utf8.h"

static int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

static bool unescape(str s, size_t *i, char *out, err *e) {
    int high = *i + 2 < s.n ? hex(s.p[*i + 1]) : -1, low = *i + 2 < s.n ? hex(s.p[*i + 2]) : -1;
    if (high < 0 || low < 0)
        return fail(e, INVALID, "\"%%\" is not followed by two hexadecimal digits");
    *out = (char)(high * 16 + low);
    *i += 2;
    return true;
}

bool percent_decode(arena *a, str s, bool plus, str *out, err *e) {
    char *to = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++, n++) {
        to[n] = plus && s.p[i] == '+' ? ' ' : s.p[i];
        if (s.p[i] == '%' && !unescape(s, &i, &to[n], e)) return false;
        bool blank = to[n] == '\t' || to[n] == '\n' || to[n] == '\r';
        if (((u8)to[n] < 0x20 && !(plus && blank)) || to[n] == 0x7f)
            return fail(e, INVALID, "a control character (0x%02x) hides in the address", (u8)to[n]);
    }
    if (utf8_bad((str){to, n}) >= 0) return fail(e, INVALID, "the address is not UTF-8");
    *out = (str){to, n};
    return true;
}

bool path_part(arena *a, str s, str *out, err *e) {
    str clean;
    if (!percent_decode(a, s, false, &clean, e)) return false;
    bool dots = str_eq(clean, S(".")) || str_eq(clean, S(".."));
    if (dots || clean.n == 0 || memchr(clean.p, '/', clean.n) || memchr(clean.p, '\\', clean.n))
        return fail(e, INVALID, "a part of the address is empty, \".\", \"..\" or holds a slash");
    *out = clean;
    return true;
}

bool query_parse(arena *a, str s, params *out, err *e) {
    param *items = NULL;
    size_t n = 0, cap = 1;
    for (size_t i = 0; i < s.n; i++) cap += s.p[i] == '&';
    if (s.n && cap > LIMIT_QUERY_PARAMS)
        return fail(e, LIMIT, "more than %d parameters", LIMIT_QUERY_PARAMS);
    items = NEW_N(a, param, s.n ? cap : 1);
    while (s.n) {
        str pair = s, rest = NO_STR, name, value = S("");
        str_cut(s, '&', &pair, &rest);
        s = rest;
        if (!pair.n) continue;
        name = pair;
        str_cut(pair, '=', &name, &value);
        if (!percent_decode(a, name, true, &items[n].name, e)) return false;
        if (!percent_decode(a, value, true, &items[n].value, e)) return false;
        n++;
    }
    *out = (params){items, n};
    return true;
}

str params_get(const params *p, const char *name) {
    for (size_t i = 0; i < p->n; i++)
        if (str_eq(p->items[i].name, str_of(name))) return p->items[i].value;
    return NO_STR;
}

bool params_int(const params *p, const char *name, i64 min, i64 max, i64 usual, i64 *out, err *e) {
    str s = params_get(p, name);
    i64 v = usual;
    if (s.n && (!str_int(s, &v) || v < min || v > max))
        return fail(e, INVALID, "%s is \"%.*s\", want a whole number from %" PRId64 " to %" PRId64,
                    name, (int)MIN(s.n, 40), s.p, min, max);
    *out = v;
    return true;
}

bool params_word(const params *p, const char *name, const char *words, size_t *which_out, err *e) {
    str s = params_get(p, name), list = str_of(words), one;
    size_t k = 0;
    if (!s.n) return *which_out = 0, true;
    for (; list.n; k++) {
        if (!str_cut(list, ' ', &one, &list)) one = list, list = S("");
        if (str_eq(one, s)) return *which_out = k, true;
    }
    return fail(e, INVALID, "%s is \"%.*s\", want one of: %s", name, (int)MIN(s.n, 40), s.p, words);
}
