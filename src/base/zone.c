/* zone.c - TZif files (RFC 9636), read under bounds, and the POSIX rule at their end. */
#include "base/zone.h"
#include "base/limits.h"
#include "base/time.h"

typedef struct {
    i64 from_ms, offset_ms;
} change;

/* One of the two dates of a rule: "M3.2.0/2", "J60", "59/1:30". */
typedef struct {
    enum { BY_MONTH_WEEK, BY_JULIAN, BY_ORDINAL } kind;
    i32 month, week, day; /* day: of the week, or of the year */
    i64 at_ms;            /* of the local clock before the change */
} rule_date;

struct time_zone {
    str name;
    change *changes;
    size_t n;
    i64 first_ms; /* before the first change */
    bool has_rule, summer;
    i64 standard_ms, summer_ms;
    rule_date begin, end; /* of summer time */
};

str zone_name(const time_zone *z) {
    return z->name;
}

const time_zone *zone_fixed(arena *a, i32 minutes) {
    time_zone *z = NEW(a, time_zone);
    u32 size = (u32)(minutes < 0 ? -minutes : minutes);
    check(size < 24 * 60);
    z->first_ms = minutes * MINUTE_MS;
    z->name = minutes ? arena_fmt(a, "%c%02u:%02u", minutes < 0 ? '-' : '+', size / 60, size % 60)
                      : S("Z");
    return z;
}

/* ---- the rule behind the last change: POSIX TZ as RFC 9636 extends it ---- */

typedef struct {
    const char *p;
    size_t n;
    bool bad;
} cursor;

static bool take(cursor *c, char ch) {
    if (!c->n || *c->p != ch) return false;
    c->p++;
    c->n--;
    return true;
}

static i32 digits(cursor *c, i32 max) {
    i32 v = 0;
    size_t n = 0;
    for (; c->n && *c->p >= '0' && *c->p <= '9' && n < 4; n++, c->p++, c->n--)
        v = v * 10 + (*c->p - '0');
    c->bad |= n == 0 || v > max;
    return v;
}

static void name(cursor *c) {
    size_t n = 0;
    if (take(c, '<')) {
        while (c->n && !take(c, '>')) c->p++, c->n--;
        return;
    }
    for (; c->n && ((*c->p >= 'A' && *c->p <= 'Z') || (*c->p >= 'a' && *c->p <= 'z')); n++)
        c->p++, c->n--;
    c->bad |= n < 3;
}

/* [+-]hh[:mm[:ss]] as milliseconds; hours up to a week either way. */
static i64 clock_time(cursor *c) {
    bool minus = take(c, '-');
    if (!minus) take(c, '+');
    i64 s = (i64)digits(c, 167) * 3600;
    if (take(c, ':')) s += (i64)digits(c, 59) * 60;
    if (take(c, ':')) s += digits(c, 59);
    return (minus ? -s : s) * SECOND_MS;
}

static rule_date date(cursor *c) {
    rule_date d = {.kind = BY_ORDINAL, .at_ms = 2 * HOUR_MS};
    if (take(c, 'M')) {
        d.kind = BY_MONTH_WEEK;
        d.month = digits(c, 12);
        c->bad |= !take(c, '.');
        d.week = digits(c, 5);
        c->bad |= !take(c, '.') || !d.month || !d.week;
        d.day = digits(c, 6);
    } else if (take(c, 'J')) {
        d.kind = BY_JULIAN;
        d.day = digits(c, 365);
    } else {
        d.day = digits(c, 365);
    }
    if (take(c, '/')) d.at_ms = clock_time(c);
    return d;
}

static bool read_rule(time_zone *z, str text) {
    cursor c = {text.p, text.n, false};
    if (!text.n) return true;
    name(&c);
    z->standard_ms = -clock_time(&c);
    z->has_rule = true;
    if (c.n) {
        name(&c);
        z->summer = true;
        z->summer_ms = z->standard_ms + HOUR_MS;
        if (c.n && *c.p != ',') z->summer_ms = -clock_time(&c);
        c.bad |= !take(&c, ',');
        z->begin = date(&c);
        c.bad |= !take(&c, ',');
        z->end = date(&c);
    }
    i64 most = 26 * HOUR_MS;
    return !c.bad && !c.n && z->standard_ms > -most && z->standard_ms < most &&
           z->summer_ms > -most && z->summer_ms < most;
}

static bool leap(i32 y) {
    return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
}

/* The day of a rule in a year. */
static i64 rule_day(const rule_date *d, i32 year) {
    i64 first = day_of_ymd(year, 1, 1);
    switch (d->kind) {
    case BY_JULIAN: /* 1-365, 29 February never counted */
        return first + d->day - 1 + (leap(year) && d->day > 59);
    case BY_ORDINAL:
        return first + d->day;
    case BY_MONTH_WEEK: {
        i64 month = day_of_ymd(year, d->month, 1);
        i64 next = d->month == 12 ? day_of_ymd(year + 1, 1, 1) : day_of_ymd(year, d->month + 1, 1);
        i64 weekday = ((month + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday; 0 = Sunday */
        i64 day = month + (d->day - weekday + 7) % 7 + 7 * (d->week - 1);
        while (day >= next) day -= 7;
        return day;
    }
    }
    return first;
}

/* The rule's next change after ms, and the offset that holds until then. */
static i64 by_rule(const time_zone *z, i64 ms, i64 *until) {
    *until = INT64_MAX;
    if (!z->summer) return z->standard_ms;
    i32 year = civil_of(ms + z->standard_ms).year;
    i64 offset = z->standard_ms, last = INT64_MIN;
    for (i32 y = year - 1; y <= year + 1; y++) {
        i64 on = rule_day(&z->begin, y) * DAY_MS + z->begin.at_ms - z->standard_ms;
        i64 off = rule_day(&z->end, y) * DAY_MS + z->end.at_ms - z->summer_ms;
        if (on <= ms && on >= last) {
            last = on;
            offset = z->summer_ms;
        }
        if (off <= ms && off >= last) {
            last = off;
            offset = z->standard_ms;
        }
        if (on > ms) *until = MIN(*until, on);
        if (off > ms) *until = MIN(*until, off);
    }
    return offset;
}

i64 zone_offset(const time_zone *z, i64 ms, i64 *until_out) {
    size_t lo = 0, hi = z->n;
    i64 until = INT64_MAX, offset;
    const i64 far = (i64)9000 * 366 * DAY_MS; /* where the calendar ends */
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (z->changes[mid].from_ms <= ms)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == z->n && z->has_rule && ms > -far && ms < far) {
        offset = by_rule(z, ms, &until);
    } else {
        offset = lo ? z->changes[lo - 1].offset_ms : z->first_ms;
        if (lo < z->n) until = z->changes[lo].from_ms;
    }
    if (until_out) *until_out = until;
    return offset;
}

i64 zone_utc(const time_zone *z, i64 local_ms) {
    i64 until, at = local_ms - 26 * HOUR_MS; /* no offset is larger: the clock shows less here */
    for (;;) {
        i64 offset = zone_offset(z, at, &until), utc = local_ms - offset;
        if (utc < until) return MAX(utc, at);
        at = until;
    }
}

/* ---- the file ---- */

enum { HEAD = 44 };

typedef struct {
    u32 utc, wall, leaps, times, types, chars;
} counts;

static u32 big32(const char *p) {
    const u8 *b = (const u8 *)p;
    return (u32)b[0] << 24 | (u32)b[1] << 16 | (u32)b[2] << 8 | b[3];
}

static i64 big64(const char *p) {
    return (i64)((u64)big32(p) << 32 | big32(p + 4));
}

static bool read_head(str b, counts *c) {
    if (b.n < HEAD || memcmp(b.p, "TZif", 4) != 0) return false;
    *c = (counts){big32(b.p + 20), big32(b.p + 24), big32(b.p + 28),
                  big32(b.p + 32), big32(b.p + 36), big32(b.p + 40)};
    return c->times <= LIMIT_ZONE_CHANGES && c->types > 0 && c->types <= 256 && c->chars <= 4096 &&
           c->leaps <= LIMIT_ZONE_CHANGES && c->utc <= c->types && c->wall <= c->types;
}

static size_t block_size(const counts *c, size_t time) {
    return c->times * (time + 1) + c->types * 6 + c->chars + c->leaps * (time + 4) + c->wall +
           c->utc;
}

static bool read_changes(arena *a, time_zone *z, str b, const counts *c, size_t time) {
    const char *index = b.p + c->times * time, *types = index + c->times;
    i64 last = INT64_MIN;
    z->changes = NEW_N(a, change, c->times);
    for (u32 i = 0; i < c->types; i++) {
        i32 seconds = (i32)big32(types + i * 6);
        if (seconds <= -26 * 3600 || seconds >= 26 * 3600) return false;
    }
    z->first_ms = (i32)big32(types) * SECOND_MS;
    for (u32 i = 0; i < c->times; i++) {
        i64 at = time == 8 ? big64(b.p + i * 8) : (i32)big32(b.p + i * 4);
        u8 type = (u8)index[i];
        if (type >= c->types || at <= last || at > INT64_MAX / SECOND_MS) return false;
        last = at;
        i64 ms = at < INT64_MIN / 2 / SECOND_MS ? INT64_MIN / 2 : at * SECOND_MS;
        z->changes[z->n++] = (change){ms, (i32)big32(types + type * 6) * SECOND_MS};
    }
    return true;
}

/* Version 1 counts seconds in 32 bits; later ones repeat everything in 64 and end with the rule. */
static bool read_all(arena *a, time_zone *z, str b) {
    counts c;
    size_t time = 4;
    if (!read_head(b, &c)) return false;
    if (b.p[4] >= '2') {
        if (b.n - HEAD < block_size(&c, 4)) return false;
        b = str_from(b, HEAD + block_size(&c, 4));
        time = 8;
        if (!read_head(b, &c)) return false;
    }
    b = str_from(b, HEAD);
    if (b.n < block_size(&c, time) || !read_changes(a, z, b, &c, time)) return false;
    str rest = str_from(b, block_size(&c, time)), line, more;
    if (time == 4) return true;
    return str_starts(rest, S("\n")) && str_cut(str_from(rest, 1), '\n', &line, &more) &&
           read_rule(z, line);
}

bool tzif_read(arena *a, str name_, str bytes, const time_zone **out, err *e) {
    time_zone *z = NEW(a, time_zone);
    z->name = arena_str(a, name_);
    if (!read_all(a, z, bytes))
        return fail(e, INVALID, "the file of the time zone «%.*s» is damaged", STR_ARG(name_));
    *out = z;
    return true;
}

static bool fixed(str s, i32 *minutes) {
    i64 h = 0, m = 0;
    if (str_eq(s, S("Z")) || str_eq(s, S("UTC"))) return *minutes = 0, true;
    if (s.n < 3 || s.n > 6 || (s.p[0] != '+' && s.p[0] != '-')) return false;
    str hour = {s.p + 1, 2}, rest = str_from(s, 3);
    if (rest.n && rest.p[0] == ':') rest = str_from(rest, 1);
    if (!str_int(hour, &h) || h < 0 || (rest.n && (rest.n != 2 || !str_int(rest, &m))) || m < 0 ||
        h > 23 || m > 59)
        return false;
    *minutes = (i32)(h * 60 + m) * (s.p[0] == '-' ? -1 : 1);
    return true;
}

/* Names are paths below the folder: letters, digits, + - _ and slashes between. */
static bool sound_name(str s) {
    bool start = true;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i], low = (char)(c | 0x20);
        bool letter = low >= 'a' && low <= 'z';
        if (c == '/' ? start : !letter && (start || !memchr("+-_0123456789", c, 13))) return false;
        start = c == '/';
    }
    return s.n > 0 && s.n <= LIMIT_NAME_BYTES && !start;
}

bool zone_find(arena *a, str name_, str folder, const time_zone **out, err *e) {
    char path[LIMIT_NAME_BYTES + 1100], *bytes;
    i32 minutes;
    if (fixed(name_, &minutes)) return *out = zone_fixed(a, minutes), true;
    if (!folder.n) folder = S("/usr/share/zoneinfo");
    bool sound = sound_name(name_) && folder.n < 1000;
    if (sound) snprintf(path, sizeof path, "%.*s/%.*s", STR_ARG(folder), STR_ARG(name_));
    FILE *f = sound ? fopen(path, "rb") : NULL;
    if (!f)
        return fail(e, NOT_FOUND, "no time zone «%.*s»; as in: Asia/Shanghai, +08:00",
                    (int)MIN(name_.n, (size_t)60), name_.p);
    bytes = arena_alloc(a, LIMIT_ZONE_BYTES + 1);
    size_t n = fread(bytes, 1, LIMIT_ZONE_BYTES + 1, f);
    fclose(f);
    if (n > LIMIT_ZONE_BYTES)
        return fail(e, LIMIT, "the file of the time zone «%.*s» has more than %d bytes",
                    STR_ARG(name_), LIMIT_ZONE_BYTES);
    return tzif_read(a, name_, (str){bytes, n}, out, e);
}
