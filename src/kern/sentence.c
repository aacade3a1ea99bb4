/* sentence.c - sentence ends by the marks and a few exceptions.  See sentence.h. */
#include "kern/sentence.h"
#include "base/utf8.h"

static bool is_stop(u32 c) {
    return c == '!' || c == '?' || c == 0x3002 || c == 0xff01 || c == 0xff1f || c == 0x2026 ||
           c == 0xff61 || c == 0x203c || c == 0x2047 || c == 0x2048 || c == 0x2049 || c == 0x0964 ||
           c == 0x061f;
}
static bool is_closer(u32 c) {
    return c == '"' || c == '\'' || c == ')' || c == ']' || c == '}' || c == '~' || c == 0x201d ||
           c == 0x2019 || c == 0xbb || (c >= 0x300b && c <= 0x300f && c % 2 == 1) || c == 0x3011 ||
           c == 0xff09 || c == 0xff5e;
}
static bool is_blank(u32 c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0x3000 || c == 0xa0;
}
static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Is the "." at dot the end of a shortened word, or behind a single letter (J. Smith, U.S.)? */
static bool is_abbreviation(str text, size_t dot) {
    static const char *const known[] = {
        "mr",     "mrs", "ms",  "dr",  "prof", "sr",   "jr",  "st",  "vs",  "etc", "no",
        "approx", "inc", "ltd", "co",  "corp", "dept", "est", "fig", "jan", "feb", "mar",
        "apr",    "jun", "jul", "aug", "sep",  "sept", "oct", "nov", "dec", "tel"};
    size_t from = dot;
    while (from > 0 && is_letter(text.p[from - 1]) && dot - from < 8) from--;
    str word = {text.p + from, dot - from};
    bool alone = from == 0 || (u8)text.p[from - 1] <= ' ' || text.p[from - 1] == '.' ||
                 text.p[from - 1] == '(';
    if (word.n == 1 && alone) return word.p[0] != 'I' && word.p[0] != 'i';
    for (size_t i = 0; i < COUNT(known); i++)
        if (str_eq_nocase(word, str_of(known[i]))) return alone;
    return false;
}

/* "etc. The", "no. It": a capital after a word that often ends sentences ends this one. */
static bool next_is_capital(str text, size_t at) {
    while (at < text.n && is_blank((u8)text.p[at])) at++;
    return at < text.n && text.p[at] >= 'A' && text.p[at] <= 'Z';
}

static bool dot_stops(str text, size_t dot) {
    size_t next = dot + 1;
    if (next < text.n && text.p[next] == '.') return false;
    if (dot > 0 &&
        text.p[dot - 1] == '.') { /* an ellipsis ends a sentence unless it goes on small */
        while (next < text.n && text.p[next] == ' ') next++;
        return next >= text.n || !(text.p[next] >= 'a' && text.p[next] <= 'z');
    }
    u32 c = ' ';
    if (next < text.n) utf8_get(text, next, &c);
    if (!(is_blank(c) || is_closer(c) || cp_is_han(c) || next == text.n)) return false;
    if (cp_is_han(c) && dot > 0 && is_digit(text.p[dot - 1])) return false; /* "1.很好" is a list */
    if (!is_abbreviation(text, dot)) return true;
    bool ends_often = dot >= 3 && (str_ends(str_head(text, dot), S("etc")) ||
                                   str_ends(str_head(text, dot), S(" no")));
    return next == text.n || (ends_often && next_is_capital(text, next));
}

/* From behind the first stop to behind all stops, closers and blanks that follow it. */
static size_t sentence_end(str text, size_t at) {
    u32 c = 0;
    bool blank = false;
    while (at < text.n) {
        int n = utf8_next(text, at, &c);
        if (n == 0) break;
        blank |= is_blank(c);
        if (!is_blank(c) && (blank || !(is_stop(c) || is_closer(c) || c == '.'))) break;
        at += (size_t)n;
    }
    return at;
}

typedef struct {
    arena *a;
    u32 *ends;
    size_t n, cap;
} ends;

static void ends_add(ends *e, size_t end) {
    if (e->n == e->cap) {
        size_t cap = e->cap ? e->cap * 2 : 16;
        u32 *more = NEW_N(e->a, u32, cap);
        if (e->n) memcpy(more, e->ends, e->n * sizeof *more);
        e->ends = more;
        e->cap = cap;
    }
    e->ends[e->n++] = (u32)end;
}

size_t sentences_split(arena *a, str text, u32 **ends_out) {
    check(text.n < UINT32_MAX);
    ends e = {.a = a};
    bool words = false;
    for (size_t i = 0; i < text.n;) {
        u32 c = (u8)text.p[i];
        int n = c < 0x80 ? 1 : utf8_next(text, i, &c);
        bool stop = (c == '.' && dot_stops(text, i)) || c == '\n' || (n > 0 && is_stop(c));
        words |= !is_blank(c);
        i += n > 0 ? (size_t)n : 1;
        if (!stop || !words) continue;
        i = sentence_end(text, i);
        ends_add(&e, i);
        words = false;
    }
    if (words) ends_add(&e, text.n);
    if (e.n > 0) e.ends[e.n - 1] = (u32)text.n;
    *ends_out = e.ends;
    return e.n;
}
