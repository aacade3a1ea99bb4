/* rates.h - how often one may ask: a bucket for each client of each class, in bounded memory. */
#ifndef API_RATES_H
#define API_RATES_H
#include "base/base.h"

typedef struct {
    const char *name; /* "user": also in the answer's RateLimit field */
    i64 burst;        /* requests at once */
    i64 window_ms;    /* in which a bucket of that size fills again; 0 = no limit */
} rate_class;
typedef struct {
    i64 left;    /* requests that would still be let through now */
    i64 wait_ms; /* until the next would be */
} rate_left;

typedef struct rates rates;
rates *rates_open(u64 seed); /* seed: so that nobody can aim at the bucket of another */
void rates_close(rates *r);  /* NULL is fine */
/* Takes one; false when there is none.  Any thread.  When more clients ask than there is room for, the
** longest silent of a few is forgotten: at worst it begins with a full bucket. */
bool rates_take(rates *r, const rate_class *c, str client, i64 now_ms, rate_left *out);
/* Gives back what rates_take took from who turned out to be of another class. */
void rates_give(rates *r, const rate_class *c, str client, i64 now_ms);
#endif
