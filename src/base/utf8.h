/* utf8.h - code points in and out of bytes; strict as RFC 3629 wants it. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H
#include "base/base.h"

/* Reads one code point at s[at]; returns its length in bytes (1-4), or 0 where the bytes are not
** valid UTF-8 (overlong, surrogate, above U+10FFFF, cut).  at must be < s.n. */
int utf8_get(str s, size_t at, u32 *cp_out);
/* The same, done in place for ASCII and for the lead bytes most Chinese text has (E4-E9: no overlong
** form or surrogate starts with them). */
static inline int utf8_next(str s, size_t at, u32 *cp_out) {
    const u8 *p = (const u8 *)s.p + at;
    if (p[0] < 0x80) {
        *cp_out = p[0];
        return 1;
    }
    if (p[0] >= 0xe4 && p[0] <= 0xe9 && s.n - at >= 3 && (p[1] & 0xc0) == 0x80 &&
        (p[2] & 0xc0) == 0x80) {
        *cp_out = (u32)(p[0] & 0x0f) << 12 | (u32)(p[1] & 0x3f) << 6 | (p[2] & 0x3f);
        return 3;
    }
    return utf8_get(s, at, cp_out);
}
int utf8_put(u32 cp, char out[4]);               /* length; cp must be a Unicode scalar value */
void buf_utf8(buf *b, u32 cp);
ptrdiff_t utf8_bad(str s);                       /* byte offset of the first bad byte, or -1 */
size_t utf8_count(str s);                        /* code points; bad bytes count one each */
str utf8_clip(str s, size_t bytes_max);          /* longest head of whole code points */
static inline bool cp_is_han(u32 c) {
    return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf) || (c >= 0xf900 && c <= 0xfaff) ||
           (c >= 0x20000 && c <= 0x323af) || c == 0x3007;
}
#endif
