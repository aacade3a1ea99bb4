/* pii_number.c - telephone, identity, card and network numbers.  A run of digit groups is read
** once; then shapes are tried from each group on.  See pii.h for the law and the order. */
#include "base/time.h"
#include "kern/pii_parts.h"

enum { GROUPS_MAX = 12, DIGITS_MAX = 64, ID_DIGITS = 18 };

typedef struct {
    str text;
    size_t from, to;             /* bytes of the run, without + and brackets */
    char digits[DIGITS_MAX + 8]; /* zeros behind, so that looking ahead is safe */
    u32 groups;
    struct {
        u32 first, n;    /* digits[first .. first + n) */
        size_t from, to; /* bytes */
        char sep;        /* what stands before it: 0 for the first, ) for a closing bracket */
    } g[GROUPS_MAX];
    bool plus, bracket, labelled; /* +86...; (0571)...; "order no." stands before it */
} number;

typedef struct {
    pii_kind kind;
    u32 groups; /* taken; 0 = no match */
    bool keep;  /* not personal: step over it */
    bool x;     /* the X behind the digits belongs to it */
} match;

static const match NO_MATCH = {.groups = 0};

/* ---- reading ---- */

static bool read_sep(str t, size_t at, bool bracket, char *sep, size_t *next) {
    if (at >= t.n) return false;
    char c = t.p[at];
    size_t n = at + 1;
    if (bracket && c == ')') {
        if (n < t.n && (t.p[n] == ' ' || t.p[n] == '-')) n++;
    } else if (c != ' ' && c != '-' && c != '.') {
        return false;
    } else if (c == ' ' && n + 1 < t.n && t.p[n] == '(' && pii_is_digit(t.p[n + 1])) {
        n++;
    }
    if (n >= t.n || !pii_is_digit(t.p[n])) return false;
    *sep = c;
    *next = n;
    return true;
}

static void read_number(number *m, str t, size_t at) {
    m->text = t;
    m->from = at;
    m->plus = at > 0 && t.p[at - 1] == '+' && !(at > 1 && pii_is_alnum(t.p[at - 2]));
    m->bracket = at > 0 && t.p[at - 1] == '(';
    u32 digits = 0;
    char sep = 0;
    for (m->groups = 0; m->groups < GROUPS_MAX; m->groups++) {
        u32 first = digits, k = m->groups;
        size_t from = at;
        while (at < t.n && pii_is_digit(t.p[at]) && digits < DIGITS_MAX)
            m->digits[digits++] = t.p[at++];
        m->g[k].first = first;
        m->g[k].n = digits - first;
        m->g[k].from = from;
        m->g[k].to = at;
        m->g[k].sep = sep;
        m->to = at;
        size_t next;
        bool bracket = m->bracket || (k > 0 && t.p[from - 1] == '(');
        if (digits == DIGITS_MAX || !read_sep(t, at, bracket, &sep, &next)) {
            m->groups++;
            break;
        }
        at = next;
    }
    while (m->to < t.n && pii_is_digit(t.p[m->to])) m->to++; /* more digits than any number has */
}

/* ---- what stands around ---- */

static bool ends_with_any(str s, const char *const *words, size_t n) {
    for (size_t i = 0; i < n; i++) {
        str w = str_of(words[i]);
        if (s.n >= w.n && str_eq_nocase(str_from(s, s.n - w.n), w)) return true;
    }
    return false;
}

/* The words before a number, without colons, blanks and the like. */
static str words_before(str text, size_t at) {
    static const char *const fillers[] = {" ",  ":",   "：", "#", "是", "为",
                                          "為", "no.", "+",  "(", "（"};
    str s = str_head(text, at);
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < COUNT(fillers); i++) {
            if (!str_ends(s, str_of(fillers[i]))) continue;
            s.n -= strlen(fillers[i]);
            more = true;
        }
    }
    return s;
}

static bool is_labelled(str text, size_t at) {
    static const char *const labels[] = {
        "订单",      "单号",          "訂單",     "單號",
        "编号",      "編號",          "流水号",   "序列号",
        "货号",      "条码",          "order",    "order number",
        "order id",  "invoice",       "tracking", "tracking number",
        "serial",    "serial number", "sku",      "ref",
        "reference", "ticket",        "case",     "订单号",
        "model",     "型号",          "批号",     "版本",
        "时间戳",    "timestamp"};
    return ends_with_any(words_before(text, at), labels, COUNT(labels));
}

static bool after_phone_word(str text, size_t at) {
    static const char *const words[] = {"call",   "phone", "tel",  "tel.", "text",  "mobile",
                                        "number", "cell",  "fax",  "at",   "me on", "whatsapp",
                                        "电话",   "電話",  "手机", "手機", "联系",  "致电"};
    return ends_with_any(words_before(text, at), words, COUNT(words));
}

static bool is_price(str text, size_t at) {
    str s = str_head(text, at);
    return str_ends(s, S("$")) || str_ends(s, S("¥")) || str_ends(s, S("￥")) ||
           str_ends(s, S("€")) || str_ends(s, S("£"));
}

/* May a number start at group k? */
static bool starts_free(const number *m, u32 k) {
    size_t at = m->g[k].from;
    if (m->g[k].sep == '.') return false;
    if (k > 0 || at == 0) return true;
    char before = m->text.p[at - 1];
    if (before == '.' || before == '_' || before == '/' || is_price(m->text, at)) return false;
    if (!pii_is_alnum(before)) return true;
    return after_phone_word(m->text, at);
}

static bool ends_free(const number *m, u32 last, bool x) {
    size_t at = m->g[last].to + (x ? 1 : 0);
    if (last + 1 < m->groups && m->g[last + 1].sep == '.') return false;
    return at >= m->text.n || !(pii_is_alnum(m->text.p[at]) || m->text.p[at] == '_');
}

/* Do the groups from k on have these lengths (ended by 0), with blanks, dashes or brackets between? */
static u32 shape(const number *m, u32 k, const u8 *lengths) {
    u32 i = 0;
    for (; lengths[i]; i++) {
        if (k + i >= m->groups || m->g[k + i].n != lengths[i]) return 0;
        if (i > 0 && m->g[k + i].sep == '.') return 0;
    }
    return i;
}
#define SHAPE(m, k, ...) shape((m), (k), (const u8[]){__VA_ARGS__, 0})

static const char *digits_at(const number *m, u32 k) {
    return m->digits + m->g[k].first;
}
static int int_of(const char *d, int n) {
    int v = 0;
    while (n-- > 0) v = v * 10 + (*d++ - '0');
    return v;
}

/* ---- the kinds ---- */

static match hotline(const number *m, u32 k) {
    const char *d = digits_at(m, k);
    u32 n = 0;
    if (m->plus) return NO_MATCH;
    if (m->g[k].n == 1 && d[0] == '1' && k + 1 < m->groups) {
        if (memcmp(d + 1, "800", 3) == 0 && (n = SHAPE(m, k, 1, 3, 3, 4)))
            return (match){.groups = n, .keep = true};
        return NO_MATCH;
    }
    if (memcmp(d, "400", 3) != 0 && memcmp(d, "800", 3) != 0) return NO_MATCH;
    if (!(n = SHAPE(m, k, 10)) && !(n = SHAPE(m, k, 3, 7)) && !(n = SHAPE(m, k, 3, 3, 4)) &&
        !(n = SHAPE(m, k, 6, 4)))
        n = SHAPE(m, k, 3, 4, 3);
    return (match){.groups = n, .keep = true};
}

static bool id_valid(const char *d, char last) {
    static const u8 weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    static const char provinces[] =
        "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 "
        "61 62 63 64 65 71 81 82 83";
    char two[3] = {d[0], d[1], 0};
    if (!strstr(provinces, two)) return false;
    int year = int_of(d + 6, 4);
    if (year < 1900 || year > 2099 || !ymd_valid(year, int_of(d + 10, 2), int_of(d + 12, 2)))
        return false;
    int sum = 0;
    for (int i = 0; i < 17; i++) sum += (d[i] - '0') * weights[i];
    return "10X98765432"[sum % 11] == (last == 'x' ? 'X' : last);
}

static match resident_id(const number *m, u32 k) {
    u32 n = 0;
    const char *d = digits_at(m, k);
    if ((n = SHAPE(m, k, 18)) || (n = SHAPE(m, k, 6, 8, 4)) || (n = SHAPE(m, k, 6, 4, 4, 4)))
        return id_valid(d, d[17]) ? (match){.kind = PII_ID, .groups = n} : NO_MATCH;
    if (!(n = SHAPE(m, k, 17)) && !(n = SHAPE(m, k, 6, 8, 3)) && !(n = SHAPE(m, k, 6, 4, 4, 3)))
        return NO_MATCH;
    size_t at = m->g[k + n - 1].to;
    bool x = at < m->text.n && (m->text.p[at] | 32) == 'x';
    return x && id_valid(d, 'X') ? (match){.kind = PII_ID, .groups = n, .x = true} : NO_MATCH;
}

static bool luhn_valid(const char *d, u32 n) {
    int sum = 0;
    for (u32 i = 0; i < n; i++) {
        int v = d[n - 1 - i] - '0';
        if (i % 2) v = v * 2 > 9 ? v * 2 - 9 : v * 2;
        sum += v;
    }
    return sum % 10 == 0;
}

static bool issuer_has_length(const char *d, u32 n) {
    switch (d[0]) {
    case '3':
        return (n == 15 && (d[1] == '4' || d[1] == '7')) || (n == 16 && d[1] == '5') ||
               (n == 14 && (d[1] == '0' || d[1] == '6' || d[1] == '8'));
    case '4':
        return n == 13 || n == 16 || n == 19;
    case '5':
        return n == 16 || n == 19;
    case '6':
        return n >= 16;
    default:
        return false;
    }
}

static match card(const number *m, u32 k) {
    u32 groups = 0, n = 0;
    if (SHAPE(m, k, 4, 6, 5)) {
        groups = 3, n = 15;
    } else if (SHAPE(m, k, 4, 6, 4)) {
        groups = 3, n = 14;
    } else if (SHAPE(m, k, 6, 13)) {
        groups = 2, n = 19;
    } else if (SHAPE(m, k, 4, 4, 4, 4)) {
        groups = 4, n = 16;
        if (k + 4 < m->groups && m->g[k + 4].n <= 3 && m->g[k + 4].sep == m->g[k + 3].sep) {
            n += m->g[k + 4].n;
            groups++;
        }
    } else if (m->g[k].n >= 13 && m->g[k].n <= 19) {
        groups = 1, n = m->g[k].n;
    }
    const char *d = digits_at(m, k);
    if (groups == 5 && !(issuer_has_length(d, n) && luhn_valid(d, n))) groups = 4, n = 16;
    if (groups == 0 || m->labelled || !issuer_has_length(d, n) || !luhn_valid(d, n))
        return NO_MATCH;
    return (match){.kind = PII_CARD, .groups = groups};
}

/* A leading 86, +86 or 0086: how many groups it takes (0 or 1); *skip = digits inside the group. */
static u32 country_86(const number *m, u32 k, u32 *skip) {
    const char *d = digits_at(m, k);
    u32 n = m->g[k].n;
    *skip = 0;
    if ((n == 2 && memcmp(d, "86", 2) == 0) || (n == 4 && memcmp(d, "0086", 4) == 0))
        return k + 1 < m->groups;
    if (n >= 5 && memcmp(d, "0086", 4) == 0) *skip = 4;
    if (n >= 13 && memcmp(d, "861", 3) == 0) *skip = 2;
    if (m->plus && k == 0 && n > 2 && memcmp(d, "86", 2) == 0) *skip = 2;
    return 0;
}

static match mobile(const number *m, u32 k) {
    u32 skip, pre = country_86(m, k, &skip), g = k + pre, n;
    if (m->labelled) return NO_MATCH;
    const char *d = digits_at(m, g) + skip;
    if (d[0] != '1' || d[1] < '3') return NO_MATCH;
    u32 len = m->g[g].n - skip;
    u8 first[5] = {(u8)m->g[g].n, 0, 0, 0, 0};
    if (len == 3) {
        first[1] = first[2] = 4;
        n = shape(m, g, first);
        if (n == 0) first[1] = 8, first[2] = 0, n = shape(m, g, first);
    } else if (len == 7) {
        first[1] = 4;
        n = shape(m, g, first);
    } else {
        n = len == 11;
    }
    return n ? (match){.kind = PII_MOBILE, .groups = pre + n} : NO_MATCH;
}

static match landline(const number *m, u32 k) {
    u32 skip, pre = country_86(m, k, &skip), g = k + pre, n = 0;
    bool abroad = pre || skip; /* +86 21 ...: the 0 is left out */
    const char *d = digits_at(m, g) + skip;
    u32 len = m->g[g].n - skip;
    if (m->labelled || len < 2) return NO_MATCH;
    if (!abroad && d[0] != '0') return NO_MATCH;
    if (d[0] == '0') d++, len--;
    bool short_area = (d[0] == '1' && d[1] == '0') || d[0] == '2';
    u32 area = short_area ? 2 : 3;
    if (d[0] < '1' || (d[0] == '1' && !short_area)) return NO_MATCH;
    if (len == area + 8 || len == area + 7) {
        n = short_area && len == area + 7 ? 0 : 1;
    } else if (len == area && g + 1 < m->groups && m->g[g + 1].sep != '.') {
        u32 rest = m->g[g + 1].n;
        n = rest == 8 || (rest == 7 && !short_area) ? 2 : 0;
        if (rest == 4 && g + 2 < m->groups && m->g[g + 2].n == 4 && m->g[g + 2].sep != '.') n = 3;
        if (rest == 3 && g + 2 < m->groups && m->g[g + 2].n == 4 && !short_area) n = 3;
    }
    return n ? (match){.kind = PII_LANDLINE, .groups = pre + n} : NO_MATCH;
}

static match ssn(const number *m, u32 k) {
    const char *d = digits_at(m, k);
    if (!SHAPE(m, k, 3, 2, 4) || m->g[k + 1].sep != '-' || m->g[k + 2].sep != '-') return NO_MATCH;
    bool bad = d[0] == '9' || memcmp(d, "000", 3) == 0 || memcmp(d, "666", 3) == 0 ||
               memcmp(d + 3, "00", 2) == 0 || memcmp(d + 5, "0000", 4) == 0;
    return bad ? NO_MATCH : (match){.kind = PII_SSN, .groups = 3};
}

static match e164(const number *m, u32 k) {
    if (!m->plus || k != 0 || m->digits[0] == '0') return NO_MATCH;
    u32 digits = 0, best = 0;
    for (u32 i = 0; i < m->groups && (i == 0 || m->g[i].sep != '.'); i++) {
        digits += m->g[i].n;
        if (digits > 15) break;
        if (digits >= 9) best = i + 1;
    }
    return best ? (match){.kind = PII_PHONE, .groups = best} : NO_MATCH;
}

static match us_phone(const number *m, u32 k) {
    u32 pre = m->g[k].n == 1 && m->digits[m->g[k].first] == '1' ? 1 : 0, g = k + pre;
    if (g >= m->groups || m->labelled) return NO_MATCH;
    const char *d = digits_at(m, g);
    if (m->g[g].n == 10 && !pre)
        return d[0] > '1' && d[3] > '1' && after_phone_word(m->text, m->from)
                   ? (match){.kind = PII_PHONE, .groups = 1}
                   : NO_MATCH;
    if (g + 2 >= m->groups || m->g[g].n != 3 || m->g[g + 1].n != 3 || m->g[g + 2].n != 4)
        return NO_MATCH;
    if (d[0] < '2' || d[3] < '2') return NO_MATCH;
    bool blanks = m->g[g + 1].sep == ' ' && m->g[g + 2].sep == ' ';
    if (blanks && !pre && !after_phone_word(m->text, m->g[g].from)) return NO_MATCH;
    return (match){.kind = PII_PHONE, .groups = pre + 3};
}

static match uk_phone(const number *m, u32 k) {
    const char *d = digits_at(m, k);
    u32 n = 0;
    if (d[0] != '0') return NO_MATCH;
    if (d[1] == '7' && ((n = SHAPE(m, k, 5, 6)) || (n = SHAPE(m, k, 5, 3, 3))))
        return (match){PII_PHONE, n, false, false};
    if (d[1] == '2' && (n = SHAPE(m, k, 3, 4, 4))) return (match){PII_PHONE, n, false, false};
    if (d[1] == '1' && ((n = SHAPE(m, k, 4, 3, 4)) || (n = SHAPE(m, k, 5, 6))))
        return (match){PII_PHONE, n, false, false};
    return NO_MATCH;
}

static match ipv4(const number *m, u32 k) {
    static const char *const versions[] = {"v",    "version",  "版本",  "ver",
                                           "固件", "firmware", "build", "版本号"};
    if (k + 4 > m->groups || (k > 0 && m->g[k].sep == '.')) return NO_MATCH;
    bool large = false;
    for (u32 i = k; i < k + 4; i++) {
        const char *d = digits_at(m, i);
        if (m->g[i].n > 3 || int_of(d, (int)m->g[i].n) > 255 || (m->g[i].n > 1 && d[0] == '0'))
            return NO_MATCH;
        if (i > k && m->g[i].sep != '.') return NO_MATCH;
        large |= m->g[i].n > 1;
    }
    str before = words_before(m->text, m->g[k].from);
    bool named = before.n >= 2 && str_eq_nocase(str_from(before, before.n - 2), S("ip"));
    if ((!large && !named) || ends_with_any(before, versions, COUNT(versions))) return NO_MATCH;
    return (match){.kind = PII_IP, .groups = 4};
}

static match match_at(const number *m, u32 k) {
    static match (*const kinds[])(const number *, u32) = {
        resident_id, hotline, card, mobile, landline, ssn, e164, us_phone, uk_phone, ipv4};
    if (!starts_free(m, k)) return NO_MATCH;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        match r = kinds[i](m, k);
        if (r.groups && ends_free(m, k + r.groups - 1, r.x)) return r;
    }
    return NO_MATCH;
}

size_t pii_number(pii_scan *s, size_t at) {
    number m = {.groups = 0};
    read_number(&m, s->text, at);
    bool in_url = at < s->url_end && !(at > 0 && s->text.p[at - 1] == '=');
    if (in_url) return m.to;
    m.labelled = is_labelled(s->text, at);
    for (u32 k = 0; k < m.groups;) {
        match r = match_at(&m, k);
        if (r.groups == 0) {
            size_t from = m.g[k].from, to = m.g[k].to;
            if (pii_street_number(s, from, to) || pii_english_address(s, from, to))
                return MAX(m.to, s->hits[s->n - 1].to);
            k++;
            continue;
        }
        size_t from = m.g[k].from, to = m.g[k + r.groups - 1].to + (r.x ? 1 : 0);
        if (from > 0 && s->text.p[from - 1] == '(') from--;
        if (from > 0 && s->text.p[from - 1] == '+') from--;
        if (!r.keep) pii_add(s, r.kind, from, to);
        k += r.groups;
    }
    return MAX(m.to, s->n ? s->hits[s->n - 1].to : 0);
}
