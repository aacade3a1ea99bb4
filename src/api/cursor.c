/* cursor.c - 33 characters: the kind of list, two numbers in hexadecimal. */
#include "api/cursor.h"

enum { DIGITS = 16, CURSOR_BYTES = 1 + 2 * DIGITS };

str cursor_print(arena *a, char kind, i64 at, i64 id) {
    return arena_fmt(a, "%c%016" PRIx64 "%016" PRIx64, kind, (u64)at, (u64)id);
}

static bool hex_read(str s, i64 *out) {
    u64 v = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool digit = c >= '0' && c <= '9', letter = c >= 'a' && c <= 'f';
        if (!digit && !letter) return false;
        v = v << 4 | (u64)(digit ? c - '0' : c - 'a' + 10);
    }
    *out = (i64)v;
    return true;
}

bool cursor_read(str s, char kind, i64 *at_out, i64 *id_out, err *e) {
    if (s.n == CURSOR_BYTES && s.p[0] == kind &&
        hex_read(str_head(str_from(s, 1), DIGITS), at_out) &&
        hex_read(str_from(s, 1 + DIGITS), id_out))
        return true;
    return fail(e, INVALID, "cursor is not one this list gave; begin again without it");
}
