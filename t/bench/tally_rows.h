/* tally_rows.h - seeded rows of the demo schema for the tally's benchmark: two years of signals in about
** the order they happened, with scores, amounts, sentiment, and no to four mentions each. */
#ifndef BENCH_TALLY_ROWS_H
#define BENCH_TALLY_ROWS_H
#include "store/tally_int.h"

enum { CHANNELS = 8, TOUCHPOINTS = 12, PRODUCTS = 20, CITIES = 30, ASPECTS = 25, MENTIONS = 4 };
enum { FIRST_DAY = 19723, DAYS = 730 }; /* 2024-01-01 and two years */
static const char *const channels[CHANNELS] = {"app",   "call",  "chat",   "电商评论",
                                               "email", "order", "social", "survey"};
static const char *const moods[3] = {"negative", "neutral", "positive"};

typedef struct {
    i64 id, at; /* UTC ms, whole seconds */
    i32 nps;    /* -1 = no answer */
    i32 cents;  /* -1 = none */
    i32 mood;   /* 0-2; -1 = not told */
    u32 channel, touchpoint, product, city, customer;
    u32 mentions, aspect[MENTIONS], polarity[MENTIONS]; /* no two alike in both */
} made;

static inline u64 mix(u64 x) {
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static inline u32 below(u64 bits, u32 n) {
    return (u32)((bits & 0xffff) * n >> 16);
}

static inline void make_mentions(made *m, u64 k) {
    static const u8 counts[16] = {0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4};
    m->mentions = counts[k & 15];
    for (u32 i = 0; i < m->mentions; i++) {
        u64 h = k >> (4 + i * 14);
        m->aspect[i] =
            i ? (m->aspect[i - 1] + 1 + (u32)(h & 7)) % ASPECTS : (u32)(h & 1023) % ASPECTS;
        m->polarity[i] = (u32)(h >> 10 & 7) % 3;
        if (i && (h >> 8 & 15) == 3) { /* said twice, with another mood */
            m->aspect[i] = m->aspect[i - 1];
            m->polarity[i] = (m->polarity[i - 1] + 1) % 3;
        }
        for (u32 j = 0; j < i; j++)
            if (m->aspect[j] == m->aspect[i] && m->polarity[j] == m->polarity[i]) {
                m->mentions = i;
                return;
            }
    }
}

/* Row i of rows: one in eight comes up to six hours late. */
static inline made make(i64 i, i64 rows) {
    u64 h = mix((u64)i), g = mix(h), k = mix(g);
    made m = {.id = i + 1, .nps = -1, .cents = -1, .mood = (i32)(h & 3) - 1};
    i64 late = (h >> 2 & 7) ? 0 : (i64)(h >> 5) % (6 * 3600);
    i64 second = (i64)((double)i / (double)rows * (double)(DAYS * 86400)) - late;
    m.at = FIRST_DAY * DAY_MS + MAX(second, 0) * SECOND_MS;
    m.channel = below(h >> 20, CHANNELS);
    m.touchpoint = below(h >> 28, TOUCHPOINTS);
    m.product = below(h >> 40, PRODUCTS);
    m.city = below(h >> 48, CITIES);
    m.customer = (u32)(g % (u64)(rows / 10 + 1));
    if (g >> 40 & 1) m.nps = (i32)below(g >> 44, 11);
    if ((g >> 60) < 6) m.cents = 100 + (i32)below(k >> 3, 50000);
    make_mentions(&m, k);
    return m;
}
#endif
