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

i64 walk_day(const walk_scope *s, i64 at) {
    return day_of_ms(at + (s->zone ? zone_offset(s->zone, at, NULL) : s->zone_min * MINUTE_MS));
}

i64 walk_day_start(const walk_scope *s, i64 day) {
    return s->zone ? zone_utc(s->zone, day * DAY_MS) : day * DAY_MS - s->zone_min * MINUTE_MS;
}

calendar *calendar_new(arena *a, by_unit unit, const walk_scope *s) {
    calendar *c = NEW(a, calendar);
    c->a = a;
    c->unit = unit;
    c->zone_ms = s->zone_min * MINUTE_MS;
    c->zone = s->zone;
    c->from = c->until = INT64_MIN;
    for (u32 i = 0; i < COUNT(c->seen); i++) c->seen[i].day = NONE;
    return c;
}

/* Events of a case come in order, so the same offset holds for most of what follows. */
i64 calendar_offset(calendar *c, i64 at) {
    enum {
        BACK = 90
    }; /* days: where the same holds, cases that begin earlier are looked up at once */
    i64 until, before = at - BACK * DAY_MS;
    c->offset = zone_offset(c->zone, before, &until);
    c->from = before;
    c->until = until;
    if (at < until) return c->offset;
    c->offset = zone_offset(c->zone, at, &c->until);
    c->from = at;
    return c->offset;
}

calendar *calendar_part(arena *a, const calendar *whole) {
    calendar *c = NEW(a, calendar);
    *c = *whole;
    c->a = a;
    return c;
}

const period *calendar_look(calendar *c, i64 at) {
    i64 day = calendar_day(c, at);
    period *p = &c->seen[(u64)day % COUNT(c->seen)];
    if (p->day == day) return p;
    i64 first = unit_start(c->unit, day);
    *p = (period){day, first, unit_number(c->unit, first)};
    return p;
}

/* A table by days, where all days of the span are as long: the clock is never set, or not in this span. */
void calendar_span(calendar *c, i64 low_at, i64 high_at) {
    i64 until = INT64_MAX;
    if (c->zone) {
        i64 offset = zone_offset(c->zone, low_at, &until);
        if (until <= high_at) return;
        c->zone_ms = offset;
        c->zone = NULL;
    }
    i64 low = day_of_ms(low_at + c->zone_ms), high = day_of_ms(high_at + c->zone_ms);
    if (high - low >= CALENDAR_DAYS) return;
    c->numbers = NEW_N(c->a, i32, (size_t)(high - low + 1));
    c->low_ms = low * DAY_MS - c->zone_ms;
    for (i64 day = low; day <= high; day++)
        c->numbers[day - low] = (i32)calendar_look(c, day * DAY_MS - c->zone_ms)->number;
}
