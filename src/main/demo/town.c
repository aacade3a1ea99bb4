/* town.c - cities, shops, models and customers of the simulated company.  See town.h. */
#include "main/demo/town.h"

const city CITIES[] = {
    {TEXT("成都"), TEXT("西部"), TEXT("CNY"), false, 100, 200, 3},
    {TEXT("上海"), TEXT("华东"), TEXT("CNY"), false, 120, 380, 3},
    {TEXT("北京"), TEXT("华北"), TEXT("CNY"), false, 110, 300, 3},
    {TEXT("深圳"), TEXT("华南"), TEXT("CNY"), false, 95, 330, 3},
    {TEXT("广州"), TEXT("华南"), TEXT("CNY"), false, 85, 260, 3},
    {TEXT("杭州"), TEXT("华东"), TEXT("CNY"), false, 80, 240, 3},
    {TEXT("武汉"), TEXT("华中"), TEXT("CNY"), false, 60, 180, 2},
    {TEXT("西安"), TEXT("西部"), TEXT("CNY"), false, 50, 160, 2},
    {TEXT("重庆"), TEXT("西部"), TEXT("CNY"), false, 60, 170, 2},
    {TEXT("南京"), TEXT("华东"), TEXT("CNY"), false, 55, 220, 2},
    {TEXT("苏州"), TEXT("华东"), TEXT("CNY"), false, 50, 260, 2},
    {TEXT("青岛"), TEXT("华北"), TEXT("CNY"), false, 35, 220, 1},
    {TEXT("长沙"), TEXT("华中"), TEXT("CNY"), false, 40, 150, 1},
    {TEXT("台北"), TEXT("港台"), TEXT("TWD"), true, 50, 140, 2},
    {TEXT("台中"), TEXT("港台"), TEXT("TWD"), true, 28, 80, 1},
    {TEXT("香港"), TEXT("港台"), TEXT("HKD"), true, 44, 420, 2},
};
const u32 CITIES_N = COUNT(CITIES);
const model MODELS[] = {{TEXT("Alder"), 34, 119800},
                        {TEXT("Birch"), 30, 159800},
                        {TEXT("Cedar"), 24, 219800},
                        {TEXT("Linden"), 12, 299800}};
const u32 MODELS_N = COUNT(MODELS);

u32 city_draw(chance *c) {
    u32 sum = 0, i = 0;
    for (u32 k = 0; k < CITIES_N; k++) sum += CITIES[k].weight;
    for (u32 left = chance_below(c, sum); left >= CITIES[i].weight; i++) left -= CITIES[i].weight;
    check(i < CITIES_N);
    return i;
}

static u32 model_draw(chance *c) {
    u32 i = 0;
    for (u32 left = chance_below(c, 100); left >= MODELS[i].weight; i++) left -= MODELS[i].weight;
    check(i < MODELS_N);
    return i;
}

tongue tongue_of(u32 no, chance *c) {
    check(no < CITIES_N);
    if (chance_hit(c, CITIES[no].english_permille)) return TONGUE_EN;
    return CITIES[no].hant ? TONGUE_TW : TONGUE_ZH;
}

person person_of(u64 seed, u32 no) {
    chance c;
    chance_seed(&c, chance_mix(seed, no));
    person p = {.no = no, .city = city_draw(&c)};
    p.shop = chance_below(&c, CITIES[p.city].shops);
    p.model = model_draw(&c);
    p.speaks = tongue_of(p.city, &c);
    p.mood_milli = chance_bell(&c, 450);
    p.membership = chance_below(&c, 10) < 3 ? 0 : chance_below(&c, 3) + 1;
    p.early_permille = chance_below(&c, 1000);
    return p;
}

str shop_name(arena *a, u32 no, u32 shop) {
    static const str HANS[] = {TEXT("城东店"), TEXT("城西店"), TEXT("滨江店")};
    static const str HANT[] = {TEXT("東區店"), TEXT("西區店"), TEXT("中央店")};
    check(no < CITIES_N && shop < 3);
    str side = CITIES[no].hant ? HANT[shop] : HANS[shop];
    return arena_fmt(a, "%.*s%.*s", STR_ARG(CITIES[no].name), STR_ARG(side));
}

str membership_name(u32 level) {
    static const str NAMES[] = {TEXT("none"), TEXT("silver"), TEXT("gold"), TEXT("platinum")};
    check(level < COUNT(NAMES));
    return NAMES[level];
}
