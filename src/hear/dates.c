/* dates.c - a small reader of dates: numbers and what stands between them. */
#include "hear/dates.h"
#include "base/time.h"

static const char *const style_names[] = {
    [DATE_ISO] = "iso",     [DATE_YMD] = "ymd",        [DATE_DMY] = "dmy",     [DATE_MDY] = "mdy",
    [DATE_UNIX_S] = "unix", [DATE_UNIX_MS] = "unixms", [DATE_EXCEL] = "excel",
};

const char *date_style_name(date_style style) {
    check((size_t)style < COUNT(style_names));
    return style_names[style];
}

bool date_style_find(str name, date_style *out) {
    for (size_t i = 0; i < COUNT(style_names); i++)
        if (str_eq_nocase(name, str_of(style_names[i]))) return *out = (date_style)i, true;
    return false;
}

static bool eat(str *s, str word) {
    if (s->n < word.n || !str_eq_nocase(str_head(*s, word.n), word)) return false;
    *s = str_from(*s, word.n);
    return true;
}

static void blanks(str *s) {
    while (eat(s, S(" ")) || eat(s, S("\t")) || eat(s, S("\xe3\x80\x80")) || eat(s, S("\xc2\xa0")))
        continue;
}

/* One to max digits; how many there were. */
static size_t number(str *s, size_t max, i32 *out) {
    size_t n = 0;
    i32 v = 0;
    for (; n < max && n < s->n && s->p[n] >= '0' && s->p[n] <= '9'; n++)
        v = v * 10 + (s->p[n] - '0');
    *s = str_from(*s, n);
    *out = v;
    return n;
}

static bool month_name(str *s, i32 *out) {
    static const char *const names[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
    for (size_t i = 0; i < COUNT(names); i++) {
        str whole = str_of(names[i]);
        if (!eat(s, whole) && !eat(s, str_head(whole, 3))) continue;
        *out = (i32)i + 1;
        if (i == 8) eat(s, S("t")); /* Sept */
        eat(s, S("."));
        return true;
    }
    return false;
}

static bool separator(str *s, char *which) {
    if (s->n == 0 || !memchr("-/. ", s->p[0], 4)) return false;
    *which = s->p[0];
    *s = str_from(*s, 1);
    if (*which != ' ') blanks(s);
    return true;
}

/* 20260301 or 20260301080500, nothing else in the text. */
static bool compact(str s, civil *c) {
    if (s.n != 8 && s.n != 14) return false;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9') return false;
    number(&s, 4, &c->year);
    number(&s, 2, &c->month);
    number(&s, 2, &c->day);
    if (s.n == 0) return true;
    number(&s, 2, &c->hour);
    number(&s, 2, &c->min);
    number(&s, 2, &c->sec);
    return true;
}

/* Behind a four-digit year. */
static bool year_first(str *s, civil *c) {
    char a, b;
    if (eat(s, S("年"))) {
        blanks(s);
        if (!number(s, 2, &c->month) || !eat(s, S("月"))) return false;
        blanks(s);
        return number(s, 2, &c->day) && (eat(s, S("日")) || eat(s, S("號")) || eat(s, S("号")));
    }
    if (!separator(s, &a) || !number(s, 2, &c->month)) return false;
    return separator(s, &b) && a == b && number(s, 2, &c->day);
}

static bool year_last(str *s, civil *c) {
    blanks(s);
    eat(s, S(","));
    blanks(s);
    size_t n = number(s, 4, &c->year);
    if (n == 2) c->year += c->year < 70 ? 2000 : 1900;
    return n == 4 || n == 2;
}

/* 1 Mar 2026, 1-Mar-26, and Mar 1, 2026. */
static bool named_month(str *s, i32 first, bool day_first, civil *c) {
    char sep;
    c->day = first;
    if (day_first) {
        if (!separator(s, &sep) || !month_name(s, &c->month)) return false;
        if (!separator(s, &sep)) return false;
    } else {
        blanks(s);
        if (!number(s, 2, &c->day)) return false;
    }
    return year_last(s, c);
}

static bool day_or_month_first(str *s, i32 first, date_style style, civil *c) {
    str at = *s;
    char a, b;
    i32 second;
    if (!separator(s, &a)) return false;
    if (!number(s, 2, &second)) return *s = at, named_month(s, first, true, c);
    if (a == ' ' || !separator(s, &b) || a != b || !year_last(s, c)) return false;
    c->day = style == DATE_MDY ? second : first;
    c->month = style == DATE_MDY ? first : second;
    return true;
}

static bool calendar(str *s, date_style style, civil *c) {
    i32 first = 0;
    if (month_name(s, &c->month)) return named_month(s, 0, false, c);
    size_t n = number(s, 4, &first);
    if (n == 4) return c->year = first, year_first(s, c);
    return n > 0 && n <= 2 && day_or_month_first(s, first, style, c);
}

/* AM and PM, in front of the hour or behind the time: 0 none, 1 morning, 2 afternoon. */
static int half_day(str *s) {
    blanks(s);
    if (eat(s, S("上午")) || eat(s, S("早上")) || eat(s, S("凌晨")) || eat(s, S("a.m.")) ||
        eat(s, S("am")))
        return 1;
    if (eat(s, S("下午")) || eat(s, S("晚上")) || eat(s, S("中午")) || eat(s, S("p.m.")) ||
        eat(s, S("pm")))
        return 2;
    return 0;
}

static bool seconds(str *s, civil *c) {
    if (!number(s, 2, &c->sec)) return false;
    eat(s, S("秒"));
    if (!eat(s, S(".")) && !eat(s, S(","))) return true;
    i32 digit, scale = 100;
    if (s->n == 0) return false;
    for (; number(s, 1, &digit); scale /= 10) c->ms += digit * scale;
    return true;
}

static bool time_of_day(str *s, civil *c) {
    int half = half_day(s);
    blanks(s);
    if (!number(s, 2, &c->hour)) return false;
    bool words = eat(s, S("时")) || eat(s, S("時")) || eat(s, S("点")) || eat(s, S("點"));
    if (!words && !eat(s, S(":")) && !eat(s, S("："))) return false;
    bool minutes = number(s, 2, &c->min) > 0;
    if (!minutes && !words) return false;
    bool more = eat(s, S("分")) || eat(s, S(":")) || eat(s, S("："));
    if (more && s->n && s->p[0] >= '0' && s->p[0] <= '9' && !seconds(s, c)) return false;
    if (!half) half = half_day(s);
    if (half && c->hour > 12 && half == 1) return false;
    if (half == 2 && c->hour < 12) c->hour += 12;
    if (half == 1 && c->hour == 12) c->hour = 0;
    if (c->sec == 60) c->sec = 59;
    return c->hour < 24 && c->min < 60 && c->sec < 60;
}

static bool offset(str *s, i32 *zone_min) {
    i32 h, m = 0;
    blanks(s);
    if (s->n == 0) return true;
    if (eat(s, S("Z"))) return *zone_min = 0, s->n == 0;
    bool utc = eat(s, S("UTC")) || eat(s, S("GMT"));
    if (utc && s->n == 0) return *zone_min = 0, true;
    i32 sign = eat(s, S("+")) ? 1 : eat(s, S("-")) ? -1 : 0;
    if (!sign || number(s, 2, &h) == 0) return false;
    eat(s, S(":"));
    if (s->n && number(s, 2, &m) != 2) return false;
    *zone_min = sign * (h * 60 + m);
    return s->n == 0 && h <= 14 && m < 60;
}

static bool sensible(i64 ms) {
    return ms >= -2208988800000 && ms < 7258118400000; /* 1900-01-01 to 2200-01-01 */
}

/* Excel counts days from 1899-12-30 (its 1900 was a leap year); fractions are the time of day. */
static bool counted(str s, date_style style, i32 zone_min, i64 *out) {
    double v;
    if (!str_num(s, &v) || fabs(v) > (style == DATE_EXCEL ? 1e6 : 1e14)) return false;
    i64 ms = style == DATE_UNIX_S ? (i64)llround(v * 1000)
             : style == DATE_UNIX_MS
                 ? (i64)llround(v)
                 : (i64)llround((v - 25569) * 86400) * 1000 - zone_min * MINUTE_MS;
    if (!sensible(ms)) return false;
    *out = ms;
    return true;
}

bool date_read(str s, date_style style, i32 zone_min, i64 *out) {
    civil c = {0};
    s = str_trim(s);
    if (s.n == 0 || s.n > 60) return false;
    if (style == DATE_UNIX_S || style == DATE_UNIX_MS || style == DATE_EXCEL)
        if (counted(s, style, zone_min, out)) return true;
    bool whole = compact(s, &c);
    if (!whole) {
        if (!calendar(&s, style, &c)) return false;
        if (!eat(&s, S("T"))) blanks(&s);
        eat(&s, S(","));
        if (s.n && (!time_of_day(&s, &c) || !offset(&s, &zone_min))) return false;
    }
    if (!ymd_valid(c.year, c.month, c.day) || c.hour > 23 || c.min > 59 || c.sec > 59) return false;
    i64 ms = civil_ms(&c) - zone_min * MINUTE_MS;
    if (!sensible(ms)) return false;
    *out = ms;
    return true;
}
