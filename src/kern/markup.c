/* markup.c - a stack machine: characters are pushed on what is kept so far, and whatever they
** complete (an entity, a tag, a comment, a reading in brackets) is taken off again.  So nothing is
** looked at twice, however deep somebody nests it.  See markup.h. */
#include "kern/markup.h"
#include "base/utf8.h"
#include "kern/entities.h"
#include "kern/hans.h"

enum {
    TAG_MAX = 4096,  /* bytes of one tag: inline pictures make long ones */
    ENTITY_MAX = 12, /* bytes between & and ; */
    OPEN_MAX = 64,   /* how many open '<' a comment may hold: bounds the walk back */
    READING_MAX = 6, /* letters of a Chinese syllable */
};

typedef struct {
    buf out;
    u32 *opens; /* where in out a '<' stands */
    size_t opens_n, opens_cap;
    ptrdiff_t script; /* out.n when <script> or <style> began; -1 = not inside */
    arena *a;
} stripper;

static void push_blank(stripper *s, char c);

/* ---- tags ---- */

typedef enum { TAG_NONE, TAG_INLINE, TAG_CELL, TAG_BLOCK, TAG_SCRIPT } tag_kind;

/* Sorted names; a tag of another name must show more than a bare <name> to be taken for one. */
static const struct {
    char name[12];
    tag_kind kind;
} tags[] = {
    {"a", TAG_INLINE},      {"abbr", TAG_INLINE},      {"article", TAG_BLOCK},
    {"aside", TAG_BLOCK},   {"audio", TAG_INLINE},     {"b", TAG_INLINE},
    {"big", TAG_INLINE},    {"blockquote", TAG_BLOCK}, {"body", TAG_BLOCK},
    {"br", TAG_BLOCK},      {"button", TAG_INLINE},    {"center", TAG_BLOCK},
    {"cite", TAG_INLINE},   {"code", TAG_INLINE},      {"dd", TAG_BLOCK},
    {"del", TAG_INLINE},    {"div", TAG_BLOCK},        {"dl", TAG_BLOCK},
    {"dt", TAG_BLOCK},      {"em", TAG_INLINE},        {"embed", TAG_INLINE},
    {"figure", TAG_BLOCK},  {"font", TAG_INLINE},      {"footer", TAG_BLOCK},
    {"form", TAG_BLOCK},    {"h1", TAG_BLOCK},         {"h2", TAG_BLOCK},
    {"h3", TAG_BLOCK},      {"h4", TAG_BLOCK},         {"h5", TAG_BLOCK},
    {"h6", TAG_BLOCK},      {"head", TAG_BLOCK},       {"header", TAG_BLOCK},
    {"hr", TAG_BLOCK},      {"html", TAG_BLOCK},       {"i", TAG_INLINE},
    {"iframe", TAG_BLOCK},  {"img", TAG_INLINE},       {"input", TAG_INLINE},
    {"ins", TAG_INLINE},    {"label", TAG_INLINE},     {"li", TAG_BLOCK},
    {"link", TAG_INLINE},   {"main", TAG_BLOCK},       {"mark", TAG_INLINE},
    {"meta", TAG_INLINE},   {"nav", TAG_BLOCK},        {"object", TAG_INLINE},
    {"ol", TAG_BLOCK},      {"option", TAG_BLOCK},     {"p", TAG_BLOCK},
    {"pre", TAG_BLOCK},     {"q", TAG_INLINE},         {"rp", TAG_INLINE},
    {"rt", TAG_INLINE},     {"ruby", TAG_INLINE},      {"s", TAG_INLINE},
    {"script", TAG_SCRIPT}, {"section", TAG_BLOCK},    {"select", TAG_INLINE},
    {"small", TAG_INLINE},  {"span", TAG_INLINE},      {"strike", TAG_INLINE},
    {"strong", TAG_INLINE}, {"style", TAG_SCRIPT},     {"sub", TAG_INLINE},
    {"sup", TAG_INLINE},    {"svg", TAG_INLINE},       {"table", TAG_BLOCK},
    {"tbody", TAG_BLOCK},   {"td", TAG_CELL},          {"textarea", TAG_BLOCK},
    {"tfoot", TAG_BLOCK},   {"th", TAG_CELL},          {"thead", TAG_BLOCK},
    {"title", TAG_BLOCK},   {"tr", TAG_BLOCK},         {"tt", TAG_INLINE},
    {"u", TAG_INLINE},      {"ul", TAG_BLOCK},         {"video", TAG_INLINE},
    {"wbr", TAG_INLINE},
};

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static bool is_name(char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == ':' || c == '_';
}

/* What the text between < and > is.  closing tells </x>. */
static tag_kind tag_of(str in, bool *closing) {
    *closing = in.n > 0 && in.p[0] == '/';
    if (*closing) in = str_from(in, 1);
    if (in.n > 0 && (in.p[0] == '!' || in.p[0] == '?'))
        return in.n > 3 && is_letter(in.p[1]) ? TAG_INLINE : TAG_NONE;
    if (in.n == 0 || !is_letter(in.p[0])) return TAG_NONE;
    size_t n = 1;
    while (n < in.n && is_name(in.p[n])) n++;
    str name = str_head(in, n), rest = str_trim(str_from(in, n));
    bool broken = n < in.n && in.p[n] != '/' && in.p[n] != ' ' && in.p[n] != '\n';
    if (broken) return TAG_NONE; /* <手机> never comes here, <b.c@d.org> does */
    if (rest.n > 0 && !*closing && !str_eq(rest, S("/")) && !memchr(rest.p, '=', rest.n) &&
        !memchr(rest.p, '/', rest.n) && str_find(rest, S(" ")) >= 0)
        return TAG_NONE; /* <I love this thing> is somebody's words */
    for (size_t i = 0; i < COUNT(tags); i++)
        if (str_eq_nocase(name, str_of(tags[i].name))) return tags[i].kind;
    bool foreign = *closing || memchr(name.p, ':', n) || memchr(name.p, '-', n) ||
                   (rest.n > 0 && memchr(rest.p, '=', rest.n)) || str_ends(rest, S("/"));
    return foreign ? TAG_INLINE : TAG_NONE;
}

static void cut(stripper *s, size_t n) {
    check(n <= s->out.n);
    s->out.n = n;
    while (s->opens_n > 0 && s->opens[s->opens_n - 1] >= n) s->opens_n--;
}

static str tail(const stripper *s, size_t from) {
    return str_from(buf_view(&s->out), from);
}

static bool close_comment(stripper *s) {
    if (!str_ends(buf_view(&s->out), S("-->"))) return false;
    for (size_t i = s->opens_n; i > 0 && s->opens_n - i < OPEN_MAX; i--) {
        u32 at = s->opens[i - 1];
        if (!str_starts(tail(s, at), S("<!--")) || s->out.n < at + 7) continue;
        cut(s, at);
        return true;
    }
    return false;
}

static void close_tag(stripper *s) {
    if (close_comment(s) || s->opens_n == 0) return;
    size_t at = s->opens[s->opens_n - 1];
    if (s->out.n - at > TAG_MAX) return;
    bool closing;
    tag_kind kind = tag_of((str){s->out.p + at + 1, s->out.n - at - 2}, &closing);
    if (kind == TAG_NONE) return;
    cut(s, at);
    if (kind == TAG_SCRIPT && !closing) s->script = (ptrdiff_t)at;
    if (kind == TAG_SCRIPT && closing && s->script >= 0) {
        cut(s, MIN((size_t)s->script, s->out.n));
        s->script = -1;
    }
    if (kind == TAG_CELL) push_blank(s, ' ');
    if (kind == TAG_BLOCK) push_blank(s, '\n');
}

/* ---- entities ---- */

/* Numbers 128-159 mean the characters of Windows-1252, as every browser reads them. */
static u32 numeric_char(u32 c) {
    static const u16 windows[32] = {0x20ac, 0xfffd, 0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021,
                                    0x2c6,  0x2030, 0x160,  0x2039, 0x152,  0xfffd, 0x17d,  0xfffd,
                                    0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                    0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0xfffd, 0x17e,  0x178};
    if (c >= 128 && c < 160) return windows[c - 128];
    return c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) ? 0xfffd : c;
}

static int digit_of(char c, u32 base) {
    int d = c >= '0' && c <= '9'                 ? c - '0'
            : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                 : 99;
    return d < (int)base ? d : -1;
}

static u32 entity_char(str name) {
    if (name.n == 0 || name.p[0] != '#') return entity_find(name);
    u32 base = name.n > 1 && (name.p[1] | 32) == 'x' ? 16 : 10, c = 0;
    str digits = str_from(name, base == 16 ? 2 : 1);
    if (digits.n == 0) return 0;
    for (size_t i = 0; i < digits.n; i++) {
        int d = digit_of(digits.p[i], base);
        if (d < 0) return 0;
        c = MIN(c * base + (u32)d, 0x110000);
    }
    return numeric_char(c);
}

/* Takes the entity that the last ';' completes off; returns its character, 0 if there is none. */
static u32 close_entity(stripper *s) {
    size_t end = s->out.n - 1, start = end;
    while (start > 0 && end - start < ENTITY_MAX && s->out.p[start - 1] != '&') start--;
    if (start == 0 || s->out.p[start - 1] != '&') return 0;
    u32 c = entity_char((str){s->out.p + start, end - start});
    if (c) cut(s, start - 1);
    return c;
}

/* ---- readings: 業(yè) ---- */

static bool is_toned(u32 c) {
    static const u16 toned[] = {0xe0,  0xe1,  0xe8,  0xe9,  0xea,  0xec,  0xed,  0xf2,  0xf3,
                                0xf9,  0xfa,  0x101, 0x113, 0x11b, 0x12b, 0x14d, 0x16b, 0x1ce,
                                0x1d0, 0x1d2, 0x1d4, 0x1d6, 0x1d8, 0x1da, 0x1dc};
    for (size_t i = 0; i < COUNT(toned); i++)
        if (toned[i] == c) return true;
    return false;
}

static bool is_traditional(u32 c) {
    size_t lo = 0, hi = hans_pairs_n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (hans_pairs[mid][0] == c) return true;
        if (hans_pairs[mid][0] > c)
            hi = mid;
        else
            lo = mid + 1;
    }
    return false;
}

static size_t before(const stripper *s, size_t at, u32 *c) {
    *c = 0;
    if (at == 0) return 0;
    do at--;
    while (at > 0 && ((u8)s->out.p[at] & 0xc0) == 0x80);
    return utf8_get(buf_view(&s->out), at, c) ? at : 0;
}

/* Without a tone mark only a traditional character and something that ends as syllables do is
** believed: 買(ok) stays. */
static void close_reading(stripper *s, size_t bracket) {
    size_t at = bracket, letters = 0;
    bool toned = false, vowel = false;
    u32 c, last = 0;
    for (;; letters++) {
        at = before(s, at, &c);
        bool plain = (c >= 'a' && c <= 'z') || c == 0xfc, tone = is_toned(c);
        if ((!plain && !tone) || letters == READING_MAX) break;
        if (letters == 0) last = c;
        toned |= tone;
        vowel |= tone || c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 0xfc;
    }
    if (letters == 0 || !vowel || (c != '(' && c != 0xff08)) return;
    size_t open = at;
    before(s, at, &c);
    bool syllable = is_toned(last) || strchr("aeioungr", (int)(last & 0x7f)) != NULL;
    if (cp_is_han(c) && syllable && (toned || is_traditional(c))) cut(s, open);
}

/* ---- pushing ---- */

static void push_open(stripper *s) {
    if (s->opens_n == s->opens_cap) {
        u32 *more = NEW_N(s->a, u32, s->opens_cap ? s->opens_cap * 2 : 64);
        if (s->opens_n) memcpy(more, s->opens, s->opens_n * sizeof *more);
        s->opens = more;
        s->opens_cap = s->opens_cap ? s->opens_cap * 2 : 64;
    }
    s->opens[s->opens_n++] = (u32)s->out.n;
}

static void push_blank(stripper *s, char c) {
    buf *o = &s->out;
    if (o->n == 0) return;
    if (c == '\n') {
        if (o->p[o->n - 1] == ' ') cut(s, o->n - 1);
        if (o->n == 0 || (o->n >= 2 && o->p[o->n - 1] == '\n' && o->p[o->n - 2] == '\n')) return;
    } else if (o->p[o->n - 1] == ' ' || o->p[o->n - 1] == '\n') {
        return;
    }
    buf_char(o, c);
}

static bool is_space(u32 c) {
    return c == ' ' || c == '\t' || c == 0xa0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200a) ||
           c == 0x202f;
}
static bool is_dropped(u32 c) {
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x200b || c == 0xfeff || c == 0x2060 ||
           c == 0xad;
}
static u32 narrow(u32 c) {
    bool wide = (c >= 0xff10 && c <= 0xff19) || (c >= 0xff20 && c <= 0xff3a) ||
                (c >= 0xff41 && c <= 0xff5a);
    return wide ? c - 0xfee0 : c;
}

static void push(stripper *s, u32 c) {
    u32 completes = 0;
    do { /* a loop, not a recursion: &semi can stand ten thousand times in a row */
        completes = 0;
        if (c == '\n' || c == 0x2028 || c == 0x2029) {
            push_blank(s, '\n');
        } else if (is_space(c)) {
            push_blank(s, ' ');
        } else if (!is_dropped(c)) {
            size_t at = s->out.n;
            if (c == '<') push_open(s);
            buf_utf8(&s->out, narrow(c));
            if (c == ';') completes = close_entity(s);
            if (c == '>') close_tag(s);
            if (c == ')' || c == 0xff09) close_reading(s, at);
        }
    } while ((c = completes) != 0);
}

/* Is this character, standing after prev, kept as it is, whatever stands before? */
static bool is_plain(u32 c, u32 prev) {
    if (c == ' ') return prev > ' ';
    if (c < 0x7f) return c > ' ' && c != ';' && c != '<' && c != '>' && c != ')';
    if (c >= 0x3001 && c < 0xfeff) return true;
    return !is_space(c) && !is_dropped(c) && c != 0x2028 && c != 0x2029 && c != 0xff09 &&
           narrow(c) == c;
}

/* How many bytes from the start need no machine at all. */
static size_t plain_head(str text) {
    u32 prev = 0, c = 0;
    size_t i = 0;
    while (i < text.n) {
        int n = utf8_next(text, i, &c);
        if (n == 0 || !is_plain(c, prev)) break;
        i += (size_t)n;
        prev = c;
    }
    return prev == ' ' ? i - 1 : i;
}

str markup_strip(arena *a, str text) {
    check(text.n < UINT32_MAX);
    size_t head = text.p ? plain_head(text) : text.n;
    if (head == text.n) return text;
    stripper s = {.a = a, .script = -1, .out = {.a = a}};
    buf_str(&s.out, str_head(text, head));
    u32 c = 0, prev = 0;
    for (size_t i = head; i < text.n; prev = c) {
        int n = utf8_next(text, i, &c);
        i += n ? (size_t)n : 1;
        if (n == 0) c = 0xfffd;
        if (c == '\n' && prev == '\r') continue;
        push(&s, c == '\r' ? '\n' : c);
    }
    while (s.out.n > 0 && (s.out.p[s.out.n - 1] == ' ' || s.out.p[s.out.n - 1] == '\n')) s.out.n--;
    str out = buf_view(&s.out);
    return str_eq(out, text) ? text : out;
}
