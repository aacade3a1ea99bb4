/* phrase.h - the sentences of the simulated customers: clause templates with choices and slots.
**
** src/main/phrases/LANG.tsv holds one template a line: topic, polarity (- 0 +), clause.  "[a|b|]"
** is a choice, "{slot}" a value.  Written for this project; a line is added without touching code. */
#ifndef MAIN_DEMO_PHRASE_H
#define MAIN_DEMO_PHRASE_H
#include "base/base.h"
#include "main/demo/chance.h"

#define TEXT(lit)                                                                                  \
    { "" lit, sizeof(lit) - 1 } /* a slice in a constant table, where S() is not constant */

#define TOPICS(T)                                                                                  \
    T(delivery)                                                                                    \
    T(delay_talk)                                                                                  \
    T(handover)                                                                                    \
    T(shop)                                                                                        \
    T(star)                                                                                        \
    T(shop_place)                                                                                  \
    T(drive)                                                                                       \
    T(call)                                                                                        \
    T(call_wait)                                                                                   \
    T(call_fix)                                                                                    \
    T(script)                                                                                      \
    T(chat)                                                                                        \
    T(app) T(app_crash) T(nav) T(update) T(update_old) T(charge_find) T(charge_speed)              \
        T(charge_price) T(charge_place) T(outage) T(range) T(comfort) T(noise) T(build) T(design)  \
            T(power) T(voice) T(workshop_speed) T(workshop_price) T(workshop_staff)                \
                T(workshop_fix) T(price) T(order) T(brand) T(safety) T(open) T(ask) T(end)         \
                    T(short) T(spam) T(pii)
#define TOPIC_ENUM(name) TOPIC_##name,
typedef enum { TOPICS(TOPIC_ENUM) TOPIC_COUNT } topic;
typedef enum { TONGUE_ZH, TONGUE_TW, TONGUE_EN, TONGUE_COUNT } tongue;

typedef struct book book;
/* Reads every template; a line that is wrong is INVALID and named. */
bool phrasebook_open(arena *a, book **out, err *e) MUST_USE;
size_t book_size(const book *b); /* templates in all */
size_t book_count(const book *b, tongue t, topic what, int polarity);
/* One template of the kind, missing if there is none. */
str book_pick(const book *b, tongue t, topic what, int polarity, chance *c);

/* What slots are filled with; numbers that are not here are drawn. */
typedef struct {
    str city, model, order;
    i32 late_days;
} slots;
/* Writes the clause with choices made and slots filled; false if template has an unknown slot or an
** open bracket (out then holds the part before it). */
bool phrase_expand(buf *out, str clause, const slots *s, tongue t, chance *c) MUST_USE;
#endif
