/* season.c - weekly and yearly rhythm of the simulated company.  See season.h. */
#include "main/demo/season.h"
#include "base/time.h"

i64 spring_festival(i32 year) {
    static const struct {
        i32 month, day;
    } FROM_2024[] = {{2, 10}, {1, 29}, {2, 17}, {2, 6}, {1, 26}, {2, 13}, {2, 3}, {1, 23}, {2, 11}};
    i32 k = year - 2024;
    if (k < 0 || k >= (i32)COUNT(FROM_2024)) return day_of_ymd(year, 2, 5);
    return day_of_ymd(year, FROM_2024[k].month, FROM_2024[k].day);
}

static u32 week_permille(i64 day, week_shape w) {
    static const u32 SHAPES[][7] = {
        [WEEK_OFFICE] = {1220, 1100, 1060, 1040, 1080, 820, 680},
        [WEEK_LEISURE] = {760, 720, 760, 820, 1020, 1480, 1440},
        [WEEK_FLAT] = {980, 960, 960, 980, 1040, 1060, 1020},
    };
    i64 dow = day - day_week(day);
    check(dow >= 0 && dow < 7);
    return SHAPES[w][dow];
}

static u32 holiday_permille(i64 day, season_shape s) {
    civil c = civil_of(day * DAY_MS);
    i64 festival = day - spring_festival(c.year);
    bool travel = s == MOOD_TRAVEL;
    if (festival >= -2 && festival <= 6) return travel ? 1350 : s == MOOD_BUYING ? 220 : 450;
    if (festival > 6 && festival <= 12) return travel ? 1000 : 800;
    if (c.month == 10 && c.day <= 7) return travel ? 1550 : s == MOOD_BUYING ? 1150 : 800;
    if (c.month == 5 && c.day <= 3) return travel ? 1450 : 900;
    if (c.month == 11 && c.day >= 8 && c.day <= 12)
        return s == MOOD_BUYING ? 3100 : travel ? 1000 : 1450;
    if (c.month == 6 && c.day >= 16 && c.day <= 18) return s == MOOD_BUYING ? 1700 : 1100;
    if (c.month == 12 && c.day >= 20) return s == MOOD_BUYING ? 1350 : 1000;
    return 1000;
}

u32 season_permille(i64 day, u32 share, week_shape w, season_shape s) {
    check(share <= 1000);
    u64 v = week_permille(day, w);
    v = v * holiday_permille(day, s) / 1000;
    return (u32)(v * (830 + share * 34 / 100) / 1000); /* 0.83 at the start, 1.17 at the end */
}
