/* str.c - slices: compare, cut and read numbers without copying. */
#include "base/base.h"
#define XXH_INLINE_ALL
#include <xxhash.h>

str str_of(const char *z) {
    return z ? (str){z, strlen(z)} : NO_STR;
}

bool str_eq(str a, str b) {
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

int str_cmp(str a, str b) {
    size_t n = MIN(a.n, b.n);
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(str s, str prefix) {
    return s.n >= prefix.n && str_eq(str_head(s, prefix.n), prefix);
}

bool str_ends(str s, str suffix) {
    return s.n >= suffix.n && str_eq(str_from(s, s.n - suffix.n), suffix);
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

bool str_eq_nocase(str a, str b) {
    if (a.n != b.n) return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i])) return false;
    return true;
}

str str_from(str s, size_t from) {
    return from >= s.n ? (str){s.p ? s.p + s.n : NULL, 0} : (str){s.p + from, s.n - from};
}

str str_head(str s, size_t n) {
    return (str){s.p, MIN(n, s.n)};
}

static bool blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

str str_trim(str s) {
    while (s.n && blank(s.p[0])) s = str_from(s, 1);
    while (s.n && blank(s.p[s.n - 1])) s.n--;
    return s;
}

ptrdiff_t str_find(str s, str needle) {
    if (needle.n == 0) return 0;
    const char *hit = s.n ? memmem(s.p, s.n, needle.p, needle.n) : NULL;
    return hit ? hit - s.p : -1;
}

bool str_cut(str s, char at, str *head_out, str *tail_out) {
    const char *hit = s.n ? memchr(s.p, at, s.n) : NULL;
    if (!hit) return false;
    size_t n = (size_t)(hit - s.p);
    *head_out = (str){s.p, n};
    *tail_out = (str){hit + 1, s.n - n - 1};
    return true;
}

void str_line(str *rest, str *line_out) {
    if (str_cut(*rest, '\n', line_out, rest)) return;
    *line_out = *rest;
    *rest = str_from(*rest, rest->n);
}

bool str_int(str s, i64 *out) {
    bool minus = s.n && s.p[0] == '-';
    size_t i = minus || (s.n && s.p[0] == '+') ? 1 : 0;
    if (i == s.n) return false;
    i64 v = 0;
    for (; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') return false;
        int d = s.p[i] - '0';
        if (__builtin_mul_overflow(v, 10, &v)) return false;
        if (__builtin_add_overflow(v, minus ? -d : d, &v)) return false;
    }
    *out = v;
    return true;
}

bool str_num(str s, double *out) {
    char z[64];
    if (s.n == 0 || s.n >= sizeof z) return false;
    for (size_t i = 0; i < s.n; i++) /* strtod also reads hex, inf, nan and blanks: not here */
        if (!memchr("0123456789+-.eE", s.p[i], 15)) return false;
    memcpy(z, s.p, s.n);
    z[s.n] = 0;
    char *end;
    double v = strtod(z, &end);
    if (end != z + s.n || !isfinite(v)) return false;
    *out = v;
    return true;
}

u64 str_hash(str s) {
    return XXH3_64bits(s.p ? s.p : "", s.n);
}
