/* walk_keys.c - units of the calendar as consecutive numbers. */
#include "store/walk_int.h"

static i64 unit_number(by_unit unit, i64 first_day) {
    civil c = civil_of(first_day * DAY_MS);
    switch (unit) {
    case BY_VALUE:
    case BY_DAY:
        return first_day;
    case BY_WEEK:
        return (first_day + 3) / 7; /* 1970-01-01 was a Thursday */
    case BY_MONTH:
        return c.year * (i64)12 + c.month - 1;
    case BY_QUARTER:
        return c.year * (i64)4 + (c.month - 1) / 3;
    case BY_YEAR:
        return c.year;
    }
    return first_day;
}

calendar *calendar_new(arena *a, by_unit unit, i32 zone_min) {
    calendar *c = NEW(a, calendar);
    c->a = a;
    c->unit = unit;
    c->zone_ms = zone_min * MINUTE_MS;
    for (u32 i = 0; i < COUNT(c->seen); i++) c->seen[i].day = NONE;
    return c;
}

calendar *calendar_part(arena *a, const calendar *whole) {
    calendar *c = NEW(a, calendar);
    *c = *whole;
    c->a = a;
    return c;
}

const period *calendar_look(calendar *c, i64 at) {
    static const i64 longest[] = {[BY_VALUE] = 1,  [BY_DAY] = 1,      [BY_WEEK] = 7,
                                  [BY_MONTH] = 31, [BY_QUARTER] = 92, [BY_YEAR] = 366};
    i64 day = day_of_ms(at + c->zone_ms);
    period *p = &c->seen[(u64)day % COUNT(c->seen)];
    if (p->day == day) return p;
    i64 first = unit_start(c->unit, day), next = unit_start(c->unit, first + longest[c->unit]);
    *p = (period){day, first, unit_number(c->unit, first), next * DAY_MS - c->zone_ms};
    return p;
}

void calendar_span(calendar *c, i64 low_at, i64 high_at) {
    i64 low = day_of_ms(low_at + c->zone_ms), high = day_of_ms(high_at + c->zone_ms);
    if (high - low >= CALENDAR_DAYS) return;
    c->numbers = NEW_N(c->a, i32, (size_t)(high - low + 1));
    c->low_ms = low * DAY_MS - c->zone_ms;
    for (i64 day = low; day <= high; day++)
        c->numbers[day - low] = (i32)calendar_look(c, day * DAY_MS - c->zone_ms)->number;
}
