/* fold.c - folding for matching.  One flat table answers for nearly every character; utf8proc is
** asked only for what becomes several code points, for marks and beyond the BMP.  See fold.h. */
#include "kern/fold.h"
#include "base/utf8.h"
#include "kern/hans.h"
#include <utf8proc.h>

enum {
    RUN_MAX = 3,                 /* equal characters in a row that are kept */
    EXPAND_MAX = 32,             /* code points one code point can become; Unicode's worst is 18 */
    ROOM = EXPAND_MAX * 4 + 16,  /* bytes that must be free before one more character is read */
    OVERLAP = (RUN_MAX + 1) * 4, /* bytes behind us that a joining mark may have to look at */
    WINDOW = 2048,               /* bytes of folded text fold_has looks at in one go */
};

/* Entries of the table that are not a code point to write. */
enum {
    DROP = 0,
    SEVERAL = 0xffff, /* becomes several code points: ask utf8proc */
    JOINS = 0xfffe,   /* a mark or a jamo: may compose with the character before it */
};

static u16 table[0x10000];
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

/* Not NFKC, but the same to a reader. */
static u32 punctuation(u32 c) {
    switch (c) {
    case 0x2018:
    case 0x2019:
    case 0x201a:
    case 0x201b:
    case 0x02bc:
    case 0x2032:
        return '\'';
    case 0x201c:
    case 0x201d:
    case 0x201e:
    case 0x201f:
    case 0x2033:
        return '"';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2212:
        return '-';
    default:
        return c;
    }
}

static bool is_blank(u32 c) {
    return c <= 0x20 || (c >= 0x7f && c <= 0xa0) || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
           c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

static bool joins(u32 c) {
    if (c < 0x300) return false;
    if (c >= 0x1160 && c <= 0x11ff) return true; /* jamo vowels and finals */
    utf8proc_category_t cat = utf8proc_category((utf8proc_int32_t)c);
    return cat == UTF8PROC_CATEGORY_MN || cat == UTF8PROC_CATEGORY_MC;
}

/* Writes the folded code points of c to out; by the library, slowly.  Returns how many. */
static size_t fold_slowly(u32 c, u32 out[EXPAND_MAX]) {
    utf8proc_int32_t d[EXPAND_MAX];
    int last_class = 0;
    if (is_blank(c)) return out[0] = ' ', 1;
    c = punctuation(c);
    utf8proc_ssize_t n = utf8proc_decompose_char(
        (utf8proc_int32_t)c, d, EXPAND_MAX,
        UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE, &last_class);
    check(n >= 0 && n <= EXPAND_MAX);
    n = utf8proc_normalize_utf32(d, n, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
    check(n >= 0);
    for (utf8proc_ssize_t i = 0; i < n; i++)
        out[i] = is_blank((u32)d[i]) ? ' ' : punctuation((u32)d[i]);
    return (size_t)n;
}

static void table_hans(void) {
    u16 *simple = mem_new(0x10000, sizeof *simple);
    for (size_t i = 0; i < hans_pairs_n; i++) simple[hans_pairs[i][0]] = hans_pairs[i][1];
    for (u32 c = 0x2e80; c < 0xfb00; c++) {
        /* A chain (a -> b -> c) is walked to its end; the bound only breaks a circle. */
        for (int hops = 0; hops < 4 && table[c] < JOINS && simple[table[c]]; hops++)
            table[c] = simple[table[c]];
    }
    free(simple);
}

static void table_build(void) {
    for (u32 c = 0; c < 0x10000; c++) {
        u32 out[EXPAND_MAX];
        if ((c >= 0x4e00 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7a3)) {
            table[c] = (u16)c;
            continue;
        }
        if ((c >= 0xd800 && c < 0xe000) ||
            c >= JOINS) { /* never comes out of utf8_get, or never a text */
            table[c] = DROP;
            continue;
        }
        size_t n = fold_slowly(c, out);
        if (n == 0)
            table[c] = DROP;
        else if (n > 1 || out[0] >= JOINS)
            table[c] = SEVERAL;
        else
            table[c] = joins(out[0]) ? JOINS : (u16)out[0];
    }
    table_hans();
}

/* ---- the walk: bytes in, bytes and offsets out ---- */

typedef struct {
    str text;
    size_t at; /* next byte to read */
    char *p;   /* what has been written */
    size_t n;
    u32 *offsets; /* one per written byte, or NULL */
    u32 last;     /* last code point written; 0 = none yet */
    u32 run;      /* how often in a row; blanks stay at 1 */
} folding;

static void write_char(folding *f, u32 c, u32 from) {
    int n = utf8_put(c, f->p + f->n);
    if (f->offsets)
        for (int i = 0; i < n; i++) f->offsets[f->n + (size_t)i] = from;
    f->n += (size_t)n;
}

static void push(folding *f, u32 c, u32 from) {
    if (c == f->last) {
        if (c == ' ') return;
        if (f->run >= RUN_MAX && !(c >= '0' && c <= '9')) return;
        f->run++;
    } else {
        f->run = 1;
    }
    f->last = c;
    write_char(f, c, from);
}

/* Takes the last character off and finds out again what stands before it. */
static u32 pop(folding *f) {
    u32 from = 0, c = 0;
    do f->n--;
    while (((u8)f->p[f->n] & 0xc0) == 0x80);
    if (f->offsets) from = f->offsets[f->n];
    f->last = f->run = 0;
    for (size_t end = f->n; end > 0 && f->run < RUN_MAX;) {
        size_t start = end - 1;
        while (((u8)f->p[start] & 0xc0) == 0x80) start--;
        utf8_get((str){f->p, end}, start, &c);
        if (f->run && c != f->last) break;
        f->last = c;
        f->run++;
        end = start;
    }
    return from;
}

/* A mark composes with the character before it where Unicode has the pair. */
static void push_joining(folding *f, u32 mark, u32 from) {
    utf8proc_int32_t d[EXPAND_MAX] = {(utf8proc_int32_t)f->last, (utf8proc_int32_t)mark};
    if (f->n > 0 && f->last > ' ' &&
        utf8proc_normalize_utf32(d, 2, UTF8PROC_COMPOSE | UTF8PROC_STABLE) == 1 && d[0] > 0) {
        u32 start = pop(f);
        push(f, (u32)d[0], start);
    } else {
        push(f, mark, from);
    }
}

static void push_slowly(folding *f, u32 c, u32 from) {
    u32 out[EXPAND_MAX];
    size_t n = fold_slowly(c, out);
    for (size_t i = 0; i < n; i++) {
        u32 o = out[i];
        if (o >= 0x3000 && o < 0xfb00 && table[o] < JOINS) o = table[o]; /* to simplified */
        if (joins(o))
            push_joining(f, o, from);
        else
            push(f, o, from);
    }
}

static bool beyond_needs_library(u32 c) {
    if (c >= 0x1f300 && c <= 0x1faff) return false; /* emoji */
    return !(c >= 0x20000 && c <= 0x323af) || (c >= 0x2f800 && c <= 0x2fa1f);
}

static void step_slowly(folding *f, u32 c, u32 from) {
    if (c >= 0x10000) {
        if (c >= 0x1f3fb && c <= 0x1f3ff) return; /* skin tones */
        if (beyond_needs_library(c))
            push_slowly(f, c, from);
        else
            push(f, c, from);
    } else if (table[c] == DROP) {
        return;
    } else if (table[c] >= JOINS) {
        push_slowly(f, c, from);
    } else {
        push(f, table[c], from);
    }
}

/* Folds while there is text and room.  The two loops inside take ASCII and three-byte characters
** (Han), which differ from the character before them, without a call. */
static inline void walk(folding *f, size_t room, const bool with_offsets) {
    const u8 *t = (const u8 *)f->text.p;
    while (f->at < f->text.n && f->n + ROOM <= room) {
        u32 from = (u32)f->at, c = t[f->at];
        if (c < 0x80) {
            f->at++;
            c = table[c];
            if (c == f->last) {
                push(f, c, from);
                continue;
            }
            if (with_offsets) f->offsets[f->n] = from;
            f->p[f->n++] = (char)c;
            f->last = c;
            f->run = 1;
            continue;
        }
        int len = utf8_next(f->text, f->at, &c);
        f->at += len ? (size_t)len : 1;
        if (len == 0) c = 0xfffd;
        u32 to = c < 0x10000 ? table[c] : 0;
        if (to < 0x800 || to >= JOINS || to == f->last) {
            step_slowly(f, c, from);
            continue;
        }
        char *p = f->p + f->n;
        p[0] = (char)(0xe0 | to >> 12);
        p[1] = (char)(0x80 | (to >> 6 & 0x3f));
        p[2] = (char)(0x80 | (to & 0x3f));
        if (with_offsets) f->offsets[f->n] = f->offsets[f->n + 1] = f->offsets[f->n + 2] = from;
        f->n += 3;
        f->last = to;
        f->run = 1;
    }
}

void fold(arena *a, str text, str *folded_out, u32 **offsets_out) {
    pthread_once(&table_once, table_build);
    check(text.n < UINT32_MAX);
    folding f = {.text = text};
    size_t room = text.n + text.n / 8 + 2 * ROOM;
    f.p = arena_alloc(a, room + 1);
    if (offsets_out) f.offsets = NEW_N(a, u32, room + 1);
    for (;;) {
        if (offsets_out)
            walk(&f, room, true);
        else
            walk(&f, room, false);
        if (f.at >= text.n) break;
        size_t more = room * 2;
        char *p = arena_alloc(a, more + 1);
        f.p = memcpy(p, f.p, f.n);
        if (offsets_out) {
            u32 *o = NEW_N(a, u32, more + 1);
            f.offsets = memcpy(o, f.offsets, f.n * sizeof *o);
        }
        room = more;
    }
    check(f.n <= room);
    f.p[f.n] = 0;
    *folded_out = text.p ? (str){f.p, f.n} : NO_STR;
    if (offsets_out) {
        f.offsets[f.n] = (u32)text.n;
        *offsets_out = f.offsets;
    }
}

/* The last character is held back from the search while text follows: a mark may still change it. */
static bool window_has(folding *f, str needle, size_t room) {
    size_t keep = needle.n + OVERLAP; /* the needle's overlap, and enough to find runs again */
    for (;;) {
        walk(f, room, false);
        bool end = f->at >= f->text.n;
        size_t seen = f->n;
        while (!end && seen > 0 && ((u8)f->p[--seen] & 0xc0) == 0x80) {
        }
        if (seen >= needle.n && memmem(f->p, seen, needle.p, needle.n)) return true;
        if (end) return false;
        if (f->n > keep) {
            size_t from = f->n - keep;
            while (from > 0 && ((u8)f->p[from] & 0xc0) == 0x80) from--;
            memmove(f->p, f->p + from, f->n - from);
            f->n -= from;
        }
    }
}

bool fold_has(str text, str needle) {
    if (!text.p || needle.n == 0) return text.p != NULL;
    pthread_once(&table_once, table_build);
    check(text.n < UINT32_MAX);
    folding f = {.text = text};
    char small[WINDOW];
    size_t room = needle.n + OVERLAP + ROOM + 256;
    if (room <= WINDOW) {
        f.p = small;
        return window_has(&f, needle, WINDOW);
    }
    f.p = mem_new(room, 2);
    bool has = window_has(&f, needle, room * 2);
    free(f.p);
    return has;
}

u32 fold_char(u32 c) {
    pthread_once(&table_once, table_build);
    if (c < 0x10000) return table[c] >= JOINS ? c : table[c];
    if (c >= 0x1f3fb && c <= 0x1f3ff) return 0;
    u32 out[EXPAND_MAX];
    size_t n = beyond_needs_library(c) ? fold_slowly(c, out) : 0;
    return n == 1 ? out[0] : c;
}
