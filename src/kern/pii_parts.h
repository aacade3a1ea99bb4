/* pii_parts.h - shared by the pii*.c files only: the hits so far, and what each part looks for. */
#ifndef KERN_PII_PARTS_H
#define KERN_PII_PARTS_H
#include "kern/pii.h"

typedef struct {
    arena *a;
    str text;
    pii_hit *hits;
    size_t n, cap;
    size_t url_end; /* inside a URL up to here */
} pii_scan;

void pii_add(pii_scan *s, pii_kind kind, size_t from, size_t to);

/* What a character of the BMP means to the finders; bits. */
enum {
    CH_TRIGGER = 1,  /* a word worth looking at may start here */
    CH_SURNAME = 2,  /* a frequent surname that is rarely another word's end */
    CH_WEAK = 4,     /* a surname that is also a common word: believed at borders only */
    CH_PROVINCE = 8, /* first character of a plate */
    CH_STREET = 16,  /* last character of a street's name */
    CH_BORDER = 32,  /* function words a name or address does not contain */
};
const u8 *pii_chars(void);

/* Each looks at text[at] and returns where to go on reading, > at; or at when there is nothing. */
size_t pii_number(pii_scan *s, size_t at);     /* at is a digit that no digit precedes */
size_t pii_han(pii_scan *s, size_t at, u32 c); /* c has CH_TRIGGER or CH_PROVINCE */
size_t pii_latin(pii_scan *s, size_t at);      /* a letter that no letter or digit precedes */
bool pii_street_number(pii_scan *s, size_t from, size_t to); /* digits [from, to) before 号 */
bool pii_english_address(pii_scan *s, size_t from, size_t to);

static inline bool pii_is_digit(char c) {
    return c >= '0' && c <= '9';
}
static inline bool pii_is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
static inline bool pii_is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static inline bool pii_is_alnum(char c) {
    return pii_is_digit(c) || pii_is_letter(c);
}
#endif
