/* pii.h - personal data in free text: found by form, check digits and the words beside it.
**
** One pass; only digits, '@', ':' and a few trigger characters are looked at closely.
**   MOBILE    mainland China 1[3-9]x, 3-4-4 or in one, +86 / 0086 / 86 before it
**   LANDLINE  mainland China: area code from 0, 7-8 digits, brackets or +86 too
**   PHONE     +E.164 with 9-15 digits; US (xxx) xxx-xxxx and 1-xxx-...; UK 07xxx, 020, 01xx groups
**   ID        18-digit resident identity number: province, birth date and check digit (GB 11643)
**   CARD      13-19 digits as the issuers group them, Luhn (ISO/IEC 7812)
**   EMAIL, IP (v4; four one-digit parts and what follows "version" are versions), MAC
**   PLATE     mainland plates, new energy and police, Hong Kong, learner forms too
**   QQ, WECHAT   number or name behind the word
**   ADDRESS   street + number (+ building, room) in Chinese; number + Name Street in English
**   NAME      surname (and given name) before 先生 女士 小姐 太太 经理 师傅 老师, behind 收件人 联系人 ...;
**             behind Mr Mrs Ms Dr and "my name is" in English.  The title itself stays.
**   SSN, NINO (GOV.UK prefixes), IBAN (ISO 13616, mod 97), PASSPORT (behind 护照 / passport)
** Kept on purpose: 400/800 hotlines (they belong to companies), order and tracking numbers named as
** such, prices, dates, times, and whatever stands inside a URL except e-mail and parameter values.
**
** Order: text is read from left to right, the kinds are tried in the order ID, hotline, CARD, MOBILE,
** LANDLINE, SSN, PHONE, IP, addresses.  Hits never overlap: an e-mail, name or address that reaches
** back swallows the hits inside it, and starts behind a hit it would cut. */
#ifndef KERN_PII_H
#define KERN_PII_H
#include "base/base.h"

typedef enum {
    PII_MOBILE,
    PII_LANDLINE,
    PII_PHONE,
    PII_ID,
    PII_CARD,
    PII_EMAIL,
    PII_IP,
    PII_MAC,
    PII_PLATE,
    PII_QQ,
    PII_WECHAT,
    PII_ADDRESS,
    PII_NAME,
    PII_SSN,
    PII_NINO,
    PII_IBAN,
    PII_PASSPORT,
    PII_KINDS
} pii_kind;
typedef enum { PII_EN, PII_ZH_HANS, PII_ZH_HANT, PII_LANGS } pii_lang;

typedef struct {
    pii_kind kind;
    u32 from, to; /* bytes [from, to) of the text */
} pii_hit;

/* All hits, rising and disjoint, in the arena.  Returns how many. */
size_t pii_find(arena *a, str text, pii_hit **hits_out);

/* The typed token that stands for a kind: <手机>, <手機>, <phone>.  No token is HTML, and folding
** keeps it recognisable. */
str pii_token(pii_kind kind, pii_lang lang);

/* The text with each hit replaced by its token; the text itself when there is none.  *count_out gets
** the number of replacements.  Redacting twice changes nothing. */
str pii_redact(arena *a, str text, pii_lang lang, u32 *count_out);
#endif
