/* hans_convert.c - traditional characters to simplified ones, in one pass.  See hans.h. */
#include "kern/hans.h"

enum { FIRST = 0x3000, LAST = 0x9fff }; /* lead bytes E3..E9 */

static u16 table[LAST + 1 - FIRST];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_table(void) {
    for (u32 c = FIRST; c <= LAST; c++) table[c - FIRST] = (u16)c;
    for (size_t i = 0; i < hans_pairs_n; i++) {
        check(hans_pairs[i][0] >= FIRST && hans_pairs[i][0] <= LAST);
        table[hans_pairs[i][0] - FIRST] = hans_pairs[i][1];
    }
}

enum { AHEAD = 7 }; /* bytes behind the last start that are read and written */

/* Characters that begin before byte n; returns where the next one begins.  Eight bytes of ASCII at
** once; everything else is told by its lead byte. */
static size_t simplify(const u8 *t, u8 *o, size_t n, u32 *changed) {
    size_t at = 0;
    while (at < n) {
        u64 eight;
        memcpy(&eight, t + at, 8);
        memcpy(o + at, &eight, 8); /* what is no Han stays */
        u32 lead = t[at];
        if (lead < 0x80) {
            at += eight & 0x8080808080808080ull ? 1 : 8;
            continue;
        }
        bool whole = (t[at + 1] & 0xc0) == 0x80 && (t[at + 2] & 0xc0) == 0x80;
        if (lead < 0xe3 || lead > 0xe9 || !whole) {
            at++;
            continue;
        }
        u32 c = (lead & 0x0f) << 12 | (t[at + 1] & 0x3fu) << 6 | (t[at + 2] & 0x3fu);
        u32 to = table[c - FIRST];
        *changed |= to ^ c;
        o[at] = (u8)(0xe0 | to >> 12);
        o[at + 1] = (u8)(0x80 | (to >> 6 & 0x3f));
        o[at + 2] = (u8)(0x80 | (to & 0x3f));
        at += 3;
    }
    return at;
}

bool hans_simplify(str text, char *out) {
    pthread_once(&once, make_table);
    u32 changed = 0;
    size_t at = 0;
    if (text.n > AHEAD) at = simplify((const u8 *)text.p, (u8 *)out, text.n - AHEAD, &changed);
    if (at < text.n) { /* the last bytes, with room behind them */
        u8 last[3 * AHEAD] = {0}, done[3 * AHEAD];
        memcpy(last, text.p + at, text.n - at);
        simplify(last, done, text.n - at, &changed);
        memcpy(out + at, done, text.n - at);
    }
    return changed;
}

str hans_simplified(arena *a, str text) {
    if (text.n == 0) return text;
    char *out = arena_raw(a, text.n);
    return hans_simplify(text, out) ? (str){out, text.n} : text;
}
