/* decode.c - encodings: recognised by how Chinese and Western text is distributed, converted by
 * iconv. */
#include "hear/decode.h"
#include "base/utf8.h"
#include <iconv.h>

static const struct {
    const char *name, *iconv, *aliases;
} known[] = {
    [DECODE_UTF8] = {"UTF-8", "UTF-8", "utf8 utf-8 utf-8-sig utf8-bom"},
    [DECODE_UTF16LE] = {"UTF-16LE", "UTF-16LE", "utf16 utf-16 utf16le utf-16le unicode"},
    [DECODE_UTF16BE] = {"UTF-16BE", "UTF-16BE", "utf16be utf-16be"},
    [DECODE_GB18030] = {"GB18030", "GB18030", "gb18030 gbk gb2312 cp936 gb"},
    [DECODE_BIG5] = {"Big5", "BIG5", "big5 big-5 cp950"},
    [DECODE_LATIN1] = {"Windows-1252", "WINDOWS-1252",
                       "latin1 latin-1 iso-8859-1 windows-1252 cp1252"},
};

const char *encoding_name(encoding c) {
    check((size_t)c < COUNT(known));
    return known[c].name;
}

bool encoding_find(str name, encoding *out) {
    for (size_t i = 0; i < COUNT(known); i++) {
        str rest = str_of(known[i].aliases), one;
        while (rest.n) {
            if (!str_cut(rest, ' ', &one, &rest)) one = rest, rest = NO_STR;
            if (str_eq_nocase(one, name)) return *out = (encoding)i, true;
        }
    }
    return false;
}

/* ---- recognising ---- */

/* Good multi-byte characters and places that are not UTF-8; a character cut at the end is neither. */
static void utf8_count_kinds(str s, size_t *good, size_t *bad) {
    *good = *bad = 0;
    for (size_t i = 0; i < s.n;) {
        u32 cp;
        int n = (u8)s.p[i] < 0x80 ? 1 : utf8_get(s, i, &cp);
        if (n == 0 && s.n - i < 4) break;
        *good += n > 1;
        *bad += n == 0;
        i += n ? (size_t)n : 1;
        while (n == 0 && i < s.n && ((u8)s.p[i] & 0xc0) == 0x80) i++; /* of the same accident */
    }
}

/* UTF-16 without a mark: its ASCII characters leave zeros on one side only. */
static bool utf16_guess(str s, encoding *out) {
    size_t zero[2] = {0, 0}, line[2] = {0, 0};
    for (size_t i = 0; i + 1 < s.n; i += 2) {
        zero[0] += s.p[i] == 0;
        zero[1] += s.p[i + 1] == 0;
        line[0] += s.p[i] == 0 && (s.p[i + 1] == '\n' || s.p[i + 1] == ',' || s.p[i + 1] == '\t');
        line[1] += s.p[i + 1] == 0 && (s.p[i] == '\n' || s.p[i] == ',' || s.p[i] == '\t');
    }
    int low = zero[1] > zero[0];
    if (line[low] == 0 || zero[1 - low] * 20 > zero[low]) return false;
    *out = low ? DECODE_UTF16LE : DECODE_UTF16BE;
    return true;
}

typedef struct {
    size_t pairs, common, bad;
} census;

/* Two-byte characters: how many lie where the everyday characters of the encoding are (the first
** plane of GB2312; the frequent plane of Big5), and how many bytes fit nowhere. */
static census two_bytes(str s, bool big5) {
    census c = {0};
    for (size_t i = 0; i < s.n;) {
        u8 b = (u8)s.p[i], t = i + 1 < s.n ? (u8)s.p[i + 1] : 0xa1;
        if (b < 0x80) {
            i++;
            continue;
        }
        if (!big5 && b >= 0x81 && b <= 0xfe && t >= 0x30 && t <= 0x39 && i + 3 < s.n) {
            i += 4; /* a four-byte character */
            continue;
        }
        bool trail = big5 ? (t >= 0x40 && t <= 0x7e) || (t >= 0xa1 && t <= 0xfe)
                          : t >= 0x40 && t != 0x7f && t != 0xff;
        bool lead = big5 ? b >= 0xa1 && b <= 0xf9 : b >= 0x81 && b <= 0xfe;
        if (!lead || !trail) {
            c.bad++;
            i++;
            continue;
        }
        c.pairs++;
        if (big5)
            c.common += (b >= 0xa4 && b <= 0xc6) || (b == 0xa1);
        else
            c.common +=
                (b >= 0xb0 && b <= 0xd7 && t >= 0xa1) || ((b == 0xa1 || b == 0xa3) && t >= 0xa1);
        i += 2;
    }
    return c;
}

static double plausible(census c) {
    if (c.pairs == 0 || c.bad * 33 > c.pairs) return 0;
    return (double)c.common / (double)c.pairs;
}

encoding encoding_guess(str s) {
    encoding c;
    size_t good, bad;
    if (str_starts(s, S("\xef\xbb\xbf"))) return DECODE_UTF8;
    if (str_starts(s, S("\xff\xfe"))) return DECODE_UTF16LE;
    if (str_starts(s, S("\xfe\xff"))) return DECODE_UTF16BE;
    if (s.n && memchr(s.p, 0, s.n) && utf16_guess(s, &c)) return c;
    utf8_count_kinds(s, &good, &bad);
    if (bad == 0 || good > 4 * bad) return DECODE_UTF8;
    double gb = plausible(two_bytes(s, false)), big5 = plausible(two_bytes(s, true));
    if (MAX(gb, big5) >= 0.6) return gb >= big5 ? DECODE_GB18030 : DECODE_BIG5;
    return good > bad ? DECODE_UTF8 : DECODE_LATIN1; /* Latin-1 text is hardly ever UTF-8 by chance */
}

/* ---- converting ---- */

enum { RAW_BYTES = 64 * 1024 };

struct decoder {
    byte_source b;
    byte_source *from;
    encoding c;
    iconv_t cd;
    bool begun, end;
    size_t at, n;
    char raw[RAW_BYTES];
};

static bool fill(decoder *d, err *e) {
    size_t more = 0;
    memmove(d->raw, d->raw + d->at, d->n - d->at);
    d->n -= d->at;
    d->at = 0;
    if (d->n == RAW_BYTES || d->end) return true;
    if (!d->from->read(d->from, d->raw + d->n, RAW_BYTES - d->n, &more, e)) return false;
    d->n += more;
    d->end = more == 0;
    return true;
}

/* Reads enough to see the mark, and steps over it. */
static bool begin(decoder *d, err *e) {
    while (d->n < 3 && !d->end)
        if (!fill(d, e)) return false;
    str s = {d->raw, d->n};
    str mark = d->c == DECODE_UTF8      ? S("\xef\xbb\xbf")
               : d->c == DECODE_UTF16LE ? S("\xff\xfe")
                                        : S("\xfe\xff");
    bool may = d->c == DECODE_UTF8 || d->c == DECODE_UTF16LE || d->c == DECODE_UTF16BE;
    if (may && str_starts(s, mark)) d->at = mark.n;
    d->begun = true;
    return true;
}

static void skip_bad(decoder *d, char **to, size_t *room) {
    size_t width = d->c == DECODE_UTF16LE || d->c == DECODE_UTF16BE ? 2 : 1;
    d->at += MIN(width, d->n - d->at);
    *(*to)++ = (char)0xff;
    (*room)--;
}

/* One call of iconv, and what its answer asks for. */
static void convert(decoder *d, char **to, size_t *room) {
    char *in = d->raw + d->at;
    size_t left = d->n - d->at;
    size_t got = iconv(d->cd, &in, &left, to, room);
    int why = errno;
    d->at = d->n - left;
    if (got != (size_t)-1 || *room < 8) return;
    if (why == EILSEQ || (why == EINVAL && d->end)) skip_bad(d, to, room);
}

static bool read_converted(byte_source *b, char *into, size_t max, size_t *n_out, err *e) {
    decoder *d = (decoder *)b;
    char *to = into;
    size_t room = max;
    check(max >= 64);
    if (!d->begun && !begin(d, e)) return false;
    while (to == into) {
        if (d->n - d->at < 16 && !d->end) {
            if (!fill(d, e)) return false;
            continue;
        }
        if (d->at == d->n) break;
        convert(d, &to, &room);
        if (to == into && !d->end && d->n - d->at >= 16) skip_bad(d, &to, &room);
    }
    *n_out = (size_t)(to - into);
    return true;
}

/* UTF-8 needs no conversion: after the mark, bytes go straight through. */
static bool read_plain(byte_source *b, char *into, size_t max, size_t *n_out, err *e) {
    decoder *d = (decoder *)b;
    if (!d->begun && !begin(d, e)) return false;
    if (d->at == d->n) return d->from->read(d->from, into, max, n_out, e);
    *n_out = MIN(max, d->n - d->at);
    memcpy(into, d->raw + d->at, *n_out);
    d->at += *n_out;
    return true;
}

bool decoder_open(byte_source *from, encoding c, decoder **out, err *e) {
    check((size_t)c < COUNT(known));
    iconv_t cd = (iconv_t)-1;
    if (c != DECODE_UTF8) {
        cd = iconv_open("UTF-8", known[c].iconv);
        if (cd == (iconv_t)-1)
            return fail(e, IO,
                        "this system cannot convert %s (glibc's gconv modules are missing); "
                        "convert the file to UTF-8",
                        known[c].name);
    }
    decoder *d = mem_new(1, sizeof *d);
    d->b.read = c == DECODE_UTF8 ? read_plain : read_converted;
    d->from = from;
    d->c = c;
    d->cd = cd;
    *out = d;
    return true;
}

byte_source *decoder_source(decoder *d) {
    return &d->b;
}

void decoder_close(decoder *d) {
    if (!d) return;
    if (d->cd != (iconv_t)-1) iconv_close(d->cd);
    free(d);
}

typedef struct {
    byte_source b;
    str rest;
} memory_source;

static bool read_memory(byte_source *b, char *into, size_t max, size_t *n_out, err *e) {
    memory_source *m = (memory_source *)b;
    (void)e;
    *n_out = MIN(max, m->rest.n);
    if (*n_out) memcpy(into, m->rest.p, *n_out);
    m->rest = str_from(m->rest, *n_out);
    return true;
}

str decode_head(arena *a, str head, encoding c) {
    memory_source m = {{read_memory}, head};
    decoder *d;
    err e;
    size_t n = 0, cap = head.n * 3 + 64;
    char *p = arena_alloc(a, cap); /* before the decoder: it may jump */
    if (!decoder_open(&m.b, c, &d, &e)) return head;
    for (size_t more = 1; more && cap - n >= 64; n += more)
        if (!d->b.read(&d->b, p + n, cap - n, &more, &e)) break;
    decoder_close(d);
    while (n > 0 && p[n - 1] == (char)0xff) n--; /* what the end cut in two */
    return (str){p, n};
}
