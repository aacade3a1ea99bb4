/* time.c - dates and moments.  The day arithmetic counts eras of 400 years from 0000-03-01, so
** that the leap day is the last of its year and no table is needed. */
#include "base/time.h"

static i64 floor_div(i64 a, i64 b) {
    return a / b - (a % b < 0);
}

i64 day_of_ymd(i32 y, i32 m, i32 d) {
    i64 year = y - (m <= 2);
    i64 era = floor_div(year, 400);
    i64 yoe = year - era * 400;
    i64 doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

bool ymd_valid(i32 y, i32 m, i32 d) {
    static const i8 days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (y < -9999 || y > 9999 || m < 1 || m > 12 || d < 1) return false;
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    return d <= days[m - 1] + (m == 2 && leap);
}

static void ymd_of_day(i64 day, civil *c) {
    i64 z = day + 719468;
    i64 era = floor_div(z, 146097);
    i64 doe = z - era * 146097;
    i64 yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    i64 doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    i64 mp = (5 * doy + 2) / 153;
    c->day = (i32)(doy - (153 * mp + 2) / 5 + 1);
    c->month = (i32)(mp < 10 ? mp + 3 : mp - 9);
    c->year = (i32)(yoe + era * 400 + (c->month <= 2));
}

i64 day_of_ms(i64 ms) {
    return floor_div(ms, DAY_MS);
}

civil civil_of(i64 ms) {
    civil c = {0};
    i64 day = day_of_ms(ms);
    i64 rest = ms - day * DAY_MS;
    ymd_of_day(day, &c);
    c.hour = (i32)(rest / HOUR_MS);
    c.min = (i32)(rest / MINUTE_MS % 60);
    c.sec = (i32)(rest / SECOND_MS % 60);
    c.ms = (i32)(rest % SECOND_MS);
    return c;
}

i64 civil_ms(const civil *c) {
    return day_of_ymd(c->year, c->month, c->day) * DAY_MS + c->hour * HOUR_MS + c->min * MINUTE_MS +
           c->sec * SECOND_MS + c->ms;
}

i64 day_week(i64 day) { /* 1970-01-01 was a Thursday */
    return floor_div(day + 3, 7) * 7 - 3;
}

static i64 first_of(i64 day, int months) {
    civil c = {0};
    ymd_of_day(day, &c);
    return day_of_ymd(c.year, (c.month - 1) / months * months + 1, 1);
}

i64 day_month(i64 day) {
    return first_of(day, 1);
}

i64 day_quarter(i64 day) {
    return first_of(day, 3);
}

i64 day_year(i64 day) {
    return first_of(day, 12);
}

/* Takes exactly n digits off the front. */
static bool digits(str *s, size_t n, i32 *out) {
    if (s->n < n) return false;
    i32 v = 0;
    for (size_t i = 0; i < n; i++) {
        if (s->p[i] < '0' || s->p[i] > '9') return false;
        v = v * 10 + (s->p[i] - '0');
    }
    *s = str_from(*s, n);
    *out = v;
    return true;
}

static bool skip(str *s, char c) {
    if (s->n == 0 || s->p[0] != c) return false;
    *s = str_from(*s, 1);
    return true;
}

static bool fraction(str *s, civil *c) {
    i32 scale = 100;
    size_t n = 0;
    for (; s->n && s->p[0] >= '0' && s->p[0] <= '9'; n++, scale /= 10) {
        c->ms += (s->p[0] - '0') * scale;
        *s = str_from(*s, 1);
    }
    return n > 0;
}

static bool clock_time(str *s, civil *c) {
    if (!digits(s, 2, &c->hour) || !skip(s, ':') || !digits(s, 2, &c->min)) return false;
    if (skip(s, ':')) {
        if (!digits(s, 2, &c->sec)) return false;
        if ((skip(s, '.') || skip(s, ',')) && !fraction(s, c)) return false;
    }
    if (c->sec == 60) c->sec = 59; /* a leap second is the second before it: order is kept */
    return c->hour < 24 && c->min < 60 && c->sec < 60;
}

static bool zone(str *s, i32 *min) {
    skip(s, ' ');
    if (s->n == 0) return true;
    if (skip(s, 'Z') || skip(s, 'z')) return *min = 0, s->n == 0;
    i32 sign = skip(s, '+') ? 1 : skip(s, '-') ? -1 : 0, h = 0, m = 0;
    if (!sign || !digits(s, 2, &h)) return false;
    skip(s, ':');
    if (s->n && !digits(s, 2, &m)) return false;
    *min = sign * (h * 60 + m);
    return s->n == 0 && h <= 14 && m < 60;
}

bool time_parse(str s, i32 zone_min, i64 *out) {
    civil c = {0};
    s = str_trim(s);
    if (!digits(&s, 4, &c.year) || !skip(&s, '-') || !digits(&s, 2, &c.month) || !skip(&s, '-') ||
        !digits(&s, 2, &c.day) || !ymd_valid(c.year, c.month, c.day))
        return false;
    if (s.n) {
        if (!skip(&s, 'T') && !skip(&s, 't') && !skip(&s, ' ')) return false;
        if (!clock_time(&s, &c) || !zone(&s, &zone_min)) return false;
    }
    *out = civil_ms(&c) - zone_min * MINUTE_MS;
    return true;
}

str time_print(arena *a, i64 ms) {
    civil c = civil_of(ms);
    if (c.ms)
        return arena_fmt(a, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", c.year, c.month, c.day, c.hour,
                         c.min, c.sec, c.ms);
    return arena_fmt(a, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year, c.month, c.day, c.hour, c.min,
                     c.sec);
}

str day_print(arena *a, i64 day) {
    civil c = {0};
    ymd_of_day(day, &c);
    return arena_fmt(a, "%04d-%02d-%02d", c.year, c.month, c.day);
}
