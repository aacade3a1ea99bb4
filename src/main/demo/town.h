/* town.h - the simulated company's fixed facts: cities, shops, models, people by code. */
#ifndef MAIN_DEMO_TOWN_H
#define MAIN_DEMO_TOWN_H
#include "main/demo/phrase.h"

typedef struct {
    str name, region, currency;
    bool hant;            /* writes traditional Chinese */
    u32 weight;           /* share of customers */
    u32 english_permille; /* of what is written here */
    u32 shops;            /* 1-3 */
} city;
typedef struct {
    str name;
    u32 weight;
    i64 price_cny; /* whole yuan */
} model;
extern const city CITIES[];
extern const u32 CITIES_N;
extern const model MODELS[];
extern const u32 MODELS_N;
#define CITY_NONE  UINT32_MAX
#define CITY_LATE  0U        /* where the late-delivery wave hits */
#define CITY_STAR  5U        /* where the outstanding shop is */
#define SHOP_STAR  1U        /* its second shop */
#define REGION_OUT S("华南") /* where the chargers fail */

/* Everything about a customer follows from the seed and a number: nothing is kept. */
typedef struct {
    u32 no;
    u32 city, shop, model;
    tongue speaks;
    i32 mood_milli;     /* generous or strict by nature, thousandths of a step */
    u32 membership;     /* 0-3 */
    u32 early_permille; /* 0 = updates the app at once, 999 = late */
} person;
person person_of(u64 seed, u32 no);
u32 city_draw(chance *c);
tongue tongue_of(u32 city_no, chance *c);
str shop_name(arena *a, u32 city_no, u32 shop);
str membership_name(u32 level);
#endif
