/* pii.c - the one pass over the text, e-mails, IBAN, NINO and MAC, and the replacing.  See pii.h. */
#include "kern/pii.h"
#include "base/utf8.h"
#include "kern/pii_parts.h"

enum { LOCAL_MAX = 64, ROUNDS_MAX = 8 };

void pii_add(pii_scan *s, pii_kind kind, size_t from, size_t to) {
    check(from < to && to <= s->text.n);
    while (s->n > 0 && s->hits[s->n - 1].from >= from) s->n--;
    if (s->n > 0 && s->hits[s->n - 1].to > from) from = s->hits[s->n - 1].to;
    if (from >= to) return;
    if (s->n == s->cap) {
        size_t cap = s->cap ? s->cap * 2 : 8;
        pii_hit *more = NEW_N(s->a, pii_hit, cap);
        if (s->n) memcpy(more, s->hits, s->n * sizeof *more);
        s->hits = more;
        s->cap = cap;
    }
    s->hits[s->n++] = (pii_hit){.kind = kind, .from = (u32)from, .to = (u32)to};
}

/* ---- forms that need no words around them ---- */

static bool is_local(char c) {
    return pii_is_alnum(c) || c == '.' || c == '_' || c == '%' || c == '+' || c == '-';
}

static size_t email(pii_scan *s, size_t at) {
    str t = s->text;
    size_t from = at, to = at + 1, label = to, dots = 0;
    while (from > 0 && at - from < LOCAL_MAX && is_local(t.p[from - 1])) from--;
    while (from < at && (t.p[from] == '.' || t.p[from] == '-' || t.p[from] == '+')) from++;
    for (; to < t.n && (pii_is_alnum(t.p[to]) || t.p[to] == '-' || t.p[to] == '.'); to++)
        if (t.p[to] == '.') {
            if (to == label) break;
            if (to + 1 >= t.n || !pii_is_alnum(t.p[to + 1])) break;
            dots++;
            label = to + 1;
        }
    if (from == at || dots == 0 || to - label < 2) return at;
    for (size_t i = label; i < to; i++)
        if (!pii_is_letter(t.p[i])) return at;
    pii_add(s, PII_EMAIL, from, to);
    return to;
}

static bool is_hex(char c) {
    return pii_is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f');
}

/* at is the sign behind the first pair. */
static size_t mac(pii_scan *s, size_t at) {
    str t = s->text;
    char sign = t.p[at];
    size_t from = at - 2;
    bool letter = sign == ':';
    if (at < 2 || t.n - from < 17 ||
        (from > 0 && (pii_is_alnum(t.p[from - 1]) || t.p[from - 1] == sign)))
        return at;
    for (size_t i = 0; i < 17; i++) {
        char c = t.p[from + i];
        if (i % 3 == 2 ? c != sign : !is_hex(c)) return at;
        letter |= i % 3 != 2 && pii_is_letter(c);
    }
    size_t to = from + 17;
    if (!letter || (to < t.n && (pii_is_alnum(t.p[to]) || t.p[to] == sign))) return at;
    pii_add(s, PII_MAC, from, to);
    return to;
}

/* ISO 13616: four signs to the back, letters as 10..35, remainder 1 by 97. */
static bool iban_valid(const char *d, size_t n) {
    u32 rest = 0;
    for (size_t i = 0; i < n; i++) {
        char c = d[(i + 4) % n];
        rest = pii_is_digit(c) ? rest * 10 + (u32)(c - '0') : rest * 100 + (u32)(c - 'A') + 10;
        rest %= 97;
    }
    return rest == 1;
}

/* The longest valid one from 15 to 34 signs; groups of four may stand apart. */
static size_t iban(pii_scan *s, size_t at) {
    str t = s->text;
    char d[34];
    size_t n = 0, to = at;
    for (size_t i = at; i < t.n && n < 34; i++) {
        if (t.p[i] == ' ' && n % 4 == 0) continue;
        if (!pii_is_digit(t.p[i]) && !pii_is_upper(t.p[i])) break;
        d[n++] = t.p[i];
        bool ends = i + 1 >= t.n || !pii_is_alnum(t.p[i + 1]);
        if (ends && n >= 15 && iban_valid(d, n)) to = i + 1;
    }
    if (to > at) pii_add(s, PII_IBAN, at, to);
    return to;
}

/* AB123456C or AB 12 34 56 C: blanks in all places or in none. */
static size_t nino(pii_scan *s, size_t at) {
    str t = s->text;
    char d[9];
    size_t n = 0, i = at, blanks = 0;
    for (; i < t.n && n < 9; i++) {
        if (t.p[i] == ' ' && n % 2 == 0 && n > 0) {
            blanks++;
            continue;
        }
        if (n < 2 || n == 8 ? !pii_is_upper(t.p[i]) : !pii_is_digit(t.p[i])) return at;
        d[n++] = t.p[i];
    }
    if (n < 9 || (blanks != 0 && blanks != 4)) return at;
    char two[3] = {d[0], d[1], 0};
    if (d[8] > 'D' || strchr("DFIQUV", d[0]) || strchr("DFIOQUV", d[1])) return at;
    if (strstr("BG GB KN NK NT TN ZZ", two) || (i < t.n && pii_is_alnum(t.p[i]))) return at;
    pii_add(s, PII_NINO, at, i);
    return i;
}

/* ---- the pass ---- */

/* Whatever may follow :// without a blank; Chinese text ends it. */
static size_t url_end(str t, size_t at) {
    while (at < t.n && t.p[at] > ' ' && t.p[at] < 0x7f && !strchr("<>\"'", t.p[at])) at++;
    return at;
}

static size_t latin_word(pii_scan *s, size_t at) {
    str t = s->text;
    bool inside = at > 0 && (pii_is_alnum(t.p[at - 1]) || t.p[at - 1] == '/' || t.p[at - 1] == '_');
    if (inside || at < s->url_end) return at;
    size_t to = pii_latin(s, at);
    if (to == at && pii_is_upper(t.p[at]) && at + 8 < t.n && pii_is_upper(t.p[at + 1])) {
        if (pii_is_digit(t.p[at + 2]) && pii_is_digit(t.p[at + 3])) to = iban(s, at);
        if (to == at) to = nino(s, at);
    }
    if (to == at && t.n - at > 4 && str_eq_nocase(str_head(str_from(t, at), 4), S("www."))) {
        s->url_end = url_end(t, at);
        return at + 4;
    }
    return to;
}

/* What starts or is completed at an ASCII sign; returns where to go on, at when nothing. */
static size_t ascii_sign(pii_scan *s, size_t at) {
    str t = s->text;
    char c = t.p[at];
    if (pii_is_digit(c)) {
        bool pair = at + 2 < t.n && (t.p[at + 2] == '-' || t.p[at + 2] == ':');
        size_t to = pair ? mac(s, at + 2) : 0;
        return to > at + 2 ? to : pii_number(s, at);
    }
    if (c == '@') return email(s, at);
    if (c == '-') return at >= 2 ? mac(s, at) : at;
    if (c == ':') {
        if (str_starts(str_from(t, at), S("://"))) s->url_end = url_end(t, at + 3);
        return at >= 2 && at >= s->url_end ? mac(s, at) : at;
    }
    return latin_word(s, at);
}

/* Which ASCII signs are worth a call: digits, @, :, -, capitals, and first letters of triggers. */
static const u8 worth[128] = {
    ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1,
    ['8'] = 1, ['9'] = 1, ['@'] = 1, [':'] = 1, ['-'] = 1, ['q'] = 1, ['v'] = 1, ['w'] = 1,
    ['p'] = 1, ['m'] = 1, ['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1, ['F'] = 1,
    ['G'] = 1, ['H'] = 1, ['I'] = 1, ['J'] = 1, ['K'] = 1, ['L'] = 1, ['M'] = 1, ['N'] = 1,
    ['O'] = 1, ['P'] = 1, ['Q'] = 1, ['R'] = 1, ['S'] = 1, ['T'] = 1, ['U'] = 1, ['V'] = 1,
    ['W'] = 1, ['X'] = 1, ['Y'] = 1, ['Z'] = 1};

size_t pii_find(arena *a, str text, pii_hit **out) {
    check(text.n < UINT32_MAX);
    const u8 *chars = pii_chars();
    pii_scan s = {.a = a, .text = text};
    const u8 *t = (const u8 *)text.p;
    for (size_t i = 0; i < text.n;) {
        u8 c = t[i];
        size_t to = i;
        if (c < 0x80) {
            if (worth[c] && (to = ascii_sign(&s, i)) == i) to = i + 1;
            i = MAX(to, i + 1);
        } else if (c >= 0xe4 && c <= 0xe9 && text.n - i >= 3) {
            u32 cp = (u32)(c & 0xf) << 12 | (u32)(t[i + 1] & 0x3f) << 6 | (t[i + 2] & 0x3f);
            if (chars[cp] & (CH_TRIGGER | CH_PROVINCE)) to = pii_han(&s, i, cp);
            i = MAX(to, i + 3);
        } else {
            i++;
        }
    }
    *out = s.hits;
    return s.n;
}

str pii_token(pii_kind kind, pii_lang lang) {
    static const char *const tokens[PII_KINDS][PII_LANGS] = {
        [PII_MOBILE] = {"<phone>", "<手机>", "<手機>"},
        [PII_LANDLINE] = {"<phone>", "<电话>", "<電話>"},
        [PII_PHONE] = {"<phone>", "<电话>", "<電話>"},
        [PII_ID] = {"<id>", "<身份证>", "<身份證>"},
        [PII_CARD] = {"<card>", "<银行卡>", "<銀行卡>"},
        [PII_EMAIL] = {"<email>", "<邮箱>", "<郵箱>"},
        [PII_IP] = {"<ip>", "<ip>", "<ip>"},
        [PII_MAC] = {"<mac>", "<mac>", "<mac>"},
        [PII_PLATE] = {"<plate>", "<车牌>", "<車牌>"},
        [PII_QQ] = {"<qq>", "<qq>", "<qq>"},
        [PII_WECHAT] = {"<wechat>", "<微信>", "<微信>"},
        [PII_ADDRESS] = {"<street>", "<地址>", "<地址>"},
        [PII_NAME] = {"<name>", "<姓名>", "<姓名>"},
        [PII_SSN] = {"<ssn>", "<证件>", "<證件>"},
        [PII_NINO] = {"<nino>", "<证件>", "<證件>"},
        [PII_IBAN] = {"<iban>", "<银行卡>", "<銀行卡>"},
        [PII_PASSPORT] = {"<passport>", "<护照>", "<護照>"},
    };
    check(kind < PII_KINDS && lang < PII_LANGS);
    return str_of(tokens[kind][lang]);
}

static str replace(arena *a, str text, pii_lang lang, const pii_hit *hits, size_t n) {
    buf b = {.a = a};
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        buf_str(&b, (str){text.p + at, hits[i].from - at});
        buf_str(&b, pii_token(hits[i].kind, lang));
        at = hits[i].to;
    }
    buf_str(&b, str_from(text, at));
    return buf_view(&b);
}

str pii_redact(arena *a, str text, pii_lang lang, u32 *count) {
    *count = 0;
    for (int round = 0; round < ROUNDS_MAX; round++) { /* what a hit hid may be one itself now */
        pii_hit *hits;
        size_t n = text.p ? pii_find(a, text, &hits) : 0;
        if (n == 0) break;
        text = replace(a, text, lang, hits, n);
        *count += (u32)n;
    }
    return text;
}
