/* utf8.c - strict UTF-8, with a fast path over ASCII. */
#include "base/utf8.h"

static bool tail(u8 b) {
    return (b & 0xc0) == 0x80;
}

int utf8_get(str s, size_t at, u32 *cp) {
    const u8 *p = (const u8 *)s.p + at;
    size_t left = s.n - at;
    if (p[0] < 0x80) return *cp = p[0], 1;
    if (p[0] < 0xc2) return 0;
    if (p[0] < 0xe0) {
        if (left < 2 || !tail(p[1])) return 0;
        return *cp = (u32)(p[0] & 0x1f) << 6 | (p[1] & 0x3f), 2;
    }
    if (p[0] < 0xf0) {
        if (left < 3 || !tail(p[1]) || !tail(p[2])) return 0;
        u32 c = (u32)(p[0] & 0x0f) << 12 | (u32)(p[1] & 0x3f) << 6 | (p[2] & 0x3f);
        if (c < 0x800 || (c >= 0xd800 && c < 0xe000)) return 0;
        return *cp = c, 3;
    }
    if (p[0] > 0xf4 || left < 4 || !tail(p[1]) || !tail(p[2]) || !tail(p[3])) return 0;
    u32 c = (u32)(p[0] & 0x07) << 18 | (u32)(p[1] & 0x3f) << 12 | (u32)(p[2] & 0x3f) << 6 |
            (p[3] & 0x3f);
    if (c < 0x10000 || c > 0x10ffff) return 0;
    return *cp = c, 4;
}

int utf8_put(u32 c, char out[4]) {
    check(c <= 0x10ffff && (c < 0xd800 || c >= 0xe000));
    if (c < 0x80) return out[0] = (char)c, 1;
    if (c < 0x800) return out[0] = (char)(0xc0 | c >> 6), out[1] = (char)(0x80 | (c & 0x3f)), 2;
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        return out[2] = (char)(0x80 | (c & 0x3f)), 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    return out[3] = (char)(0x80 | (c & 0x3f)), 4;
}

void buf_utf8(buf *b, u32 cp) {
    char out[4];
    buf_bytes(b, out, (size_t)utf8_put(cp, out));
}

ptrdiff_t utf8_bad(str s) {
    size_t i = 0;
    while (i < s.n) {
        u64 eight;
        if (i + 8 <= s.n && (memcpy(&eight, s.p + i, 8), (eight & 0x8080808080808080) == 0)) {
            i += 8;
            continue;
        }
        u32 cp;
        int n = utf8_next(s, i, &cp);
        if (n == 0) return (ptrdiff_t)i;
        i += (size_t)n;
        while (n == 3 && i < s.n && (n = utf8_next(s, i, &cp)) == 3) i += 3; /* a run of Han */
    }
    return -1;
}

size_t utf8_count(str s) {
    size_t count = 0;
    for (size_t i = 0; i < s.n; count++) {
        u32 cp;
        int n = utf8_next(s, i, &cp);
        i += n ? (size_t)n : 1;
    }
    return count;
}

str utf8_clip(str s, size_t max) {
    if (s.n <= max) return s;
    while (max > 0 && tail((u8)s.p[max])) max--;
    return str_head(s, max);
}
