/* calendar.c - working hours read, and moments told by them. */
#include "act/calendar.h"
#include "base/job.h"
#include "base/time.h"

enum { SPANS_MAX = 8, DAYS_MAX = 400, YEARS_MAX = 10 };

typedef struct {
    i32 from, to; /* minutes of the day */
} hours;
typedef struct {
    i64 from, to; /* days, both inclusive */
} days;
struct working {
    const time_zone *zone;
    hours week[7][SPANS_MAX]; /* Monday first */
    size_t week_n[7];
    days *off, *on;
    size_t off_n, on_n;
};

/* ---- reading ---- */

static bool clock_read(str s, i32 *out) {
    i64 h, m;
    str hh, mm;
    if (!str_cut(s, ':', &hh, &mm) || !hh.n || hh.n > 2 || mm.n != 2) return false;
    if (!str_int(hh, &h) || !str_int(mm, &m) || h < 0 || m < 0 || m > 59) return false;
    if (h > 24 || (h == 24 && m)) return false;
    *out = (i32)(h * 60 + m);
    return true;
}

static bool weekday_read(str s, int *out) {
    static const char names[] = "montuewedthufrisatsun";
    for (int i = 0; i < 7; i++)
        if (str_eq_nocase(s, (str){names + 3 * i, 3})) return *out = i, true;
    return false;
}

static bool weekdays_read(str s, bool on[7]) {
    str first = s, last = s;
    int a, b;
    bool span = str_cut(s, '-', &first, &last);
    if (!weekday_read(first, &a)) return false;
    b = a;
    if (span && !weekday_read(last, &b)) return false;
    for (int i = a;; i = (i + 1) % 7) { /* sat-mon goes round */
        on[i] = true;
        if (i == b) return true;
    }
}

static bool span_add(working *w, const bool on[7], str word, err *e) {
    str from, to;
    hours h;
    if (!str_cut(word, '-', &from, &to) || !clock_read(from, &h.from) || !clock_read(to, &h.to) ||
        h.from >= h.to)
        return fail(e, INVALID, "hours: \"%.*s\", want a span such as 09:00-18:00",
                    (int)MIN(word.n, 40), word.p);
    for (int d = 0; d < 7; d++) {
        size_t n = w->week_n[d];
        if (!on[d]) continue;
        if (n == SPANS_MAX)
            return fail(e, LIMIT, "hours: more than %d spans on one day", SPANS_MAX);
        if (n && w->week[d][n - 1].to > h.from)
            return fail(e, INVALID, "hours: \"%.*s\" begins before the span before it ends",
                        (int)MIN(word.n, 40), word.p);
        w->week[d][n] = h;
        w->week_n[d] = n + 1;
    }
    return true;
}

/* mon-fri 09:00-12:00 13:00-18:00 */
static bool line_read(working *w, str line, err *e) {
    bool on[7] = {false};
    str word, rest = str_trim(line);
    bool more = str_cut(rest, ' ', &word, &rest);
    if (!more || !weekdays_read(word, on))
        return fail(e, INVALID,
                    "hours: \"%.*s\", want days and spans, as in: mon-fri 09:00-18:00; sat "
                    "10:00-14:00",
                    (int)MIN(line.n, 60), line.p);
    while (more) {
        rest = str_trim(rest);
        more = str_cut(rest, ' ', &word, &rest);
        if (!more) word = rest;
        if (word.n && !span_add(w, on, word, e)) return false;
    }
    return true;
}

static bool day_read(str s, i64 *out) {
    i64 ms;
    if (s.n != 10 || !time_parse(s, 0, &ms)) return false;
    *out = day_of_ms(ms);
    return true;
}

static bool days_read(arena *a, const char *what, str text, days **out, size_t *n_out, err *e) {
    str rest = str_trim(text), word;
    days *all = NEW_N(a, days, DAYS_MAX);
    size_t n = 0;
    for (bool more = rest.n > 0; more;) {
        more = str_cut(rest, ' ', &word, &rest);
        if (!more) word = rest;
        if (!word.n) continue;
        if (n == DAYS_MAX) return fail(e, LIMIT, "%s: more than %d days and spans", what, DAYS_MAX);
        ptrdiff_t dots = str_find(word, S(".."));
        str first = dots < 0 ? word : str_head(word, (size_t)dots),
            last = dots < 0 ? word : str_from(word, (size_t)dots + 2);
        if (!day_read(first, &all[n].from) || !day_read(last, &all[n].to) ||
            all[n].to < all[n].from)
            return fail(e, INVALID, "%s: \"%.*s\", want 2026-10-01 or 2026-10-01..2026-10-07", what,
                        (int)MIN(word.n, 40), word.p);
        n++;
    }
    *out = all;
    *n_out = n;
    return true;
}

bool calendar_read(arena *a, const calendar_row *c, const working **out, err *e) {
    working *w = NEW(a, working);
    str rest = c->hours, line;
    bool any = false;
    if (!zone_find(a, c->zone, NO_STR, &w->zone, e)) return false;
    for (bool more = true; more;) {
        more = str_cut(rest, ';', &line, &rest);
        if (!more) line = rest;
        if (str_trim(line).n && !line_read(w, line, e)) return false;
    }
    if (!days_read(a, "holidays", c->holidays, &w->off, &w->off_n, e) ||
        !days_read(a, "workdays", c->workdays, &w->on, &w->on_n, e))
        return false;
    for (int d = 0; d < 7; d++) any |= w->week_n[d] > 0;
    if (!any) return fail(e, INVALID, "hours: nobody works at any time");
    *out = w;
    return true;
}

static bool check_job(arena *a, void *ctx, err *e) {
    const working *w;
    return calendar_read(a, ctx, &w, e);
}

bool calendar_check(const calendar_row *c, err *e) {
    calendar_row copy = *c;
    return noun_check(&noun_calendar, c, e) && job_run(LIMIT_JOB_BYTES, check_job, &copy, e);
}

bool calendar_find(store *s, arena *a, str name, const working **out, err *e) {
    calendar_row c;
    if (!name.n) return *out = NULL, true;
    return store_find(s, a, &noun_calendar, name, &c, e) && calendar_read(a, &c, out, e);
}

/* ---- time ---- */

static bool among(const days *all, size_t n, i64 day) {
    for (size_t i = 0; i < n; i++)
        if (day >= all[i].from && day <= all[i].to) return true;
    return false;
}

/* The spans of one civil day; the number of them. */
static size_t spans_of(const working *w, i64 day, const hours **out) {
    int d = (int)(day - day_week(day));
    bool on = among(w->on, w->on_n, day);
    if (!on && among(w->off, w->off_n, day)) return 0;
    if (on && !w->week_n[d])
        while (!w->week_n[d]) d = (d + 1) % 7; /* Monday's when it has some: from Sat and Sun on */
    *out = w->week[d];
    return w->week_n[d];
}

static i64 moment(const working *w, i64 day, i32 minute) {
    return zone_utc(w->zone, day * DAY_MS + minute * MINUTE_MS);
}

static i64 local_day(const working *w, i64 ms) {
    return day_of_ms(ms + zone_offset(w->zone, ms, NULL));
}

i64 working_due(const working *w, i64 from_ms, i64 ms) {
    if (!w) return from_ms + ms;
    i64 first = local_day(w, from_ms);
    for (i64 day = first; day <= first + YEARS_MAX * 366; day++) {
        const hours *h = NULL;
        size_t n = spans_of(w, day, &h);
        for (size_t i = 0; i < n; i++) {
            i64 a = MAX(moment(w, day, h[i].from), from_ms), b = moment(w, day, h[i].to);
            if (b <= a) continue;
            if (ms <= b - a) return a + ms;
            ms -= b - a;
        }
    }
    return NONE;
}

i64 working_between(const working *w, i64 from_ms, i64 to_ms) {
    i64 sum = 0;
    if (to_ms <= from_ms) return 0;
    if (!w) return to_ms - from_ms;
    i64 last = local_day(w, to_ms);
    for (i64 day = local_day(w, from_ms); day <= last; day++) {
        const hours *h = NULL;
        size_t n = spans_of(w, day, &h);
        for (size_t i = 0; i < n; i++) {
            i64 a = MAX(moment(w, day, h[i].from), from_ms),
                b = MIN(moment(w, day, h[i].to), to_ms);
            if (b > a) sum += b - a;
        }
    }
    return sum;
}
