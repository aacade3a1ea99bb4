/* watch.c - is a watch whole, and its figure period by period from the tally. */
#include "act/watch.h"
#include "act/rule.h"
#include "base/job.h"
#include "base/time.h"
#include "kern/expr_make.h"

/* ---- is it whole ---- */

static bool is(str s, const char *word) {
    return str_eq(s, str_of(word));
}

static bool span_ok(const char *name, str text, i64 *out, err *e) {
    *out = 0;
    if (!text.n || duration_parse(text, out)) return true;
    return fail(e, INVALID, "%s: \"%.*s\" is no duration; want 30m, 4h, 2d or 1w", name,
                STR_ARG(text));
}

static bool minute_of_day(str s, i64 *out) {
    str h, m;
    i64 hours, minutes;
    if (!str_cut(str_trim(s), ':', &h, &m) || !str_int(h, &hours) || !str_int(m, &minutes) ||
        hours < 0 || hours > 24 || minutes < 0 || minutes > 59)
        return false;
    return *out = hours * 60 + minutes, *out <= 24 * 60;
}

static bool quiet_ok(str text, watch_plan *p, err *e) {
    str from, to;
    p->quiet_from = p->quiet_to = NONE;
    if (!text.n) return true;
    if (str_cut(text, '-', &from, &to) && minute_of_day(from, &p->quiet_from) &&
        minute_of_day(to, &p->quiet_to) && p->quiet_from != p->quiet_to)
        return true;
    return fail(e, INVALID, "quiet: \"%.*s\": want hours of the day, such as 22:00-08:00",
                STR_ARG(text));
}

static bool what_ok(arena *a, const watch *w, watch_plan *p, err *e) {
    err inner;
    p->kind = FIGURE_COUNT;
    if (is(w->what, "volume")) return true;
    if (is(w->chart, "burst") || is(w->chart, "silence"))
        return fail(e, INVALID, "chart %.*s counts signals: what must be volume",
                    STR_ARG(w->chart));
    if (!outcome_parse(a, w->what, &p->what, &inner))
        return fail(e, INVALID, "what: %s; or volume", inner.msg);
    p->kind = p->what.kind == OUTCOME_SHARE ? FIGURE_SHARE : FIGURE_MEAN;
    return true;
}

static bool chart_ok(const watch *w, err *e) {
    bool takes = is(w->chart, "ewma") || is(w->chart, "cusum");
    double weight = w->weight == NONE ? NAN : num6_double(w->weight);
    bool ewma = is(w->chart, "ewma");
    if (w->arl < CHART_ARL_MIN || w->arl > CHART_ARL_MAX)
        return fail(e, INVALID, "arl: want %d to %d periods between false alarms", CHART_ARL_MIN,
                    CHART_ARL_MAX);
    if (w->weight != NONE && !takes)
        return fail(e, INVALID, "weight: only ewma (lambda) and cusum (k) take one");
    if (takes && w->weight != NONE && !(weight >= (ewma ? 0.02 : 0.05) && weight <= (ewma ? 1 : 5)))
        return fail(e, INVALID, "weight: want %s",
                    ewma ? "a lambda of 0.02 to 1" : "a k of 0.05 to 5");
    if (w->learn != NONE && w->learn < SCORE_LEARN_MIN)
        return fail(e, INVALID, "learn: want at least %d periods", SCORE_LEARN_MIN);
    return true;
}

static i64 learns(const watch *w) {
    if (w->learn != NONE) return w->learn;
    return is(w->period, "hour") ? 8 * 168 : is(w->period, "day") ? 182 : 104;
}

bool watch_read(arena *a, const watch *w, watch_plan *out, err *e) {
    watch_plan p = {.w = w, .learn = learns(w)};
    err inner;
    if (!what_ok(a, w, &p, e) || !chart_ok(w, e) || !quiet_ok(w->quiet, &p, e) ||
        !span_ok("cooldown", w->cooldown, &p.cooldown_ms, e) ||
        !span_ok("escalate", w->escalate, &p.escalate_ms, e) ||
        !span_ok("grace", w->grace, &p.grace_ms, e))
        return false;
    if (w->population.n && !expr_parse(a, w->population, 0, &p.population, &inner))
        return fail(e, INVALID, "population: %s", inner.msg);
    p.zone = zone_fixed(a, 0);
    if (w->zone.n && !zone_find(a, w->zone, NO_STR, &p.zone, &inner))
        return fail(e, INVALID, "zone: %s", inner.msg);
    *out = p;
    return true;
}

static bool check_job(arena *a, void *ctx, err *e) {
    watch_plan p;
    return watch_read(a, ctx, &p, e);
}

bool watch_check(const watch *w, err *e) {
    watch copy = *w;
    return noun_check(&noun_watch, w, e) && job_run(LIMIT_JOB_BYTES, check_job, &copy, e);
}

void watch_blank(watch *w) {
    noun_init(&noun_watch, w);
    w->chart = S("cusum");
    w->side = S("both");
    w->period = S("day");
    w->severity = S("warning");
    w->enabled = 1;
}

void watch_usual(watch *w, i64 now_ms) {
    bool hour = is(w->period, "hour");
    if (!w->cooldown.p) w->cooldown = hour ? S("4h") : S("2d");
    if (w->arl == NONE) w->arl = hour ? 2000 : 370;
    if (w->since == NONE) w->since = now_ms;
    if (is(w->chart, "burst")) w->side = S("up");
    if (is(w->chart, "silence")) w->side = S("down");
}

/* ---- periods ---- */

static i64 local_of(const watch_plan *p, i64 ms) {
    return ms + zone_offset(p->zone, ms, NULL);
}

static i64 local_start(const watch_plan *p, i64 ms) {
    i64 day = day_of_ms(local_of(p, ms));
    if (is(p->w->period, "week")) day = day_week(day);
    return day * DAY_MS;
}

static i64 hour_start(i64 ms) {
    i64 rest = ms % HOUR_MS;
    return ms - (rest < 0 ? rest + HOUR_MS : rest);
}

i64 watch_period(const watch_plan *p, i64 ms) {
    if (is(p->w->period, "hour")) return hour_start(ms);
    return zone_utc(p->zone, local_start(p, ms));
}

i64 watch_after(const watch_plan *p, i64 start, i64 periods) {
    if (is(p->w->period, "hour")) return start + periods * HOUR_MS;
    i64 step = is(p->w->period, "week") ? 7 * DAY_MS : DAY_MS;
    return zone_utc(p->zone, local_start(p, start) + periods * step);
}

bool watch_quiet(const watch_plan *p, i64 ms) {
    if (p->quiet_from == NONE) return false;
    i64 local = local_of(p, ms), minute = (local - day_of_ms(local) * DAY_MS) / MINUTE_MS;
    if (p->quiet_from < p->quiet_to) return minute >= p->quiet_from && minute < p->quiet_to;
    return minute >= p->quiet_from || minute < p->quiet_to;
}

/* Of the finest profile: the day of the week, or the hour of the week. */
static size_t place_of(const watch_plan *p, i64 start) {
    i64 local = local_of(p, start), day = day_of_ms(local);
    size_t weekday = (size_t)(day - day_week(day));
    if (is(p->w->period, "week")) return 0;
    if (is(p->w->period, "day")) return weekday;
    return weekday * 24 + (size_t)((local - day * DAY_MS) / HOUR_MS);
}

const expr *watch_where(arena *a, const watch_plan *p, i64 from, i64 to) {
    const expr *x = expr_both(a, p->population, expr_time_from(a, S("occurred_at"), from));
    return expr_both(a, x, expr_time_before(a, S("occurred_at"), to));
}

/* ---- points ---- */

/* Where on its step a count is put: chance to the chart, the same for whoever asks again. */
static double draw_of(const watch_plan *p, i64 at) {
    u64 h = str_hash((str){(const char *)&at, sizeof at}) ^ str_hash(p->w->name);
    h = str_hash((str){(const char *)&h, sizeof h});
    return ((double)(h >> 12) + 0.5) / 4503599627370496.0;
}

static sample_point point_of(const watch_plan *p, i64 at, const tally_cell *c) {
    sample_point x = {.place = place_of(p, at), .value = NAN, .draw = draw_of(p, at)};
    if (p->kind == FIGURE_COUNT) {
        x.yes = x.all = c ? (double)c->n : 0;
    } else if (p->kind == FIGURE_SHARE) {
        x.yes = c ? (double)c->stats[0].yes : 0;
        x.all = c ? (double)c->stats[0].n : 0;
    } else if (c) {
        sample s = outcome_sample(&p->what, &c->stats[0]);
        x.value = s.n ? s.mean : NAN;
        x.n = (double)s.n;
    }
    return x;
}

sample_point watch_place(const watch_plan *p, i64 start) {
    return point_of(p, start, NULL);
}

static bool cells_of(tally *t, arena *a, const watch_plan *p, const tally_by *by, i64 from, i64 to,
                     tally_answer *out, err *e) {
    tally_measure what = {0};
    tally_question q = {
        .where = watch_where(a, p, from, to), .by = by, .by_n = by != NULL, .zone = p->zone};
    if (p->kind != FIGURE_COUNT) {
        what = outcome_measure(&p->what);
        q.measures = &what;
        q.measures_n = 1;
    }
    return tally_ask(t, a, &q, out, e);
}

/* The tally groups by days and weeks; an hour is a question of its own. */
static bool hours(tally *t, arena *a, const watch_plan *p, i64 from, size_t n, sample_point *x,
                  err *e) {
    for (size_t i = 0; i < n; i++) {
        tally_answer r;
        i64 at = from + (i64)i * HOUR_MS;
        if (!cells_of(t, a, p, NULL, at, at + HOUR_MS, &r, e)) return false;
        x[i] = point_of(p, at, r.cells_n ? &r.cells[0] : NULL);
    }
    return true;
}

static bool days(tally *t, arena *a, const watch_plan *p, i64 from, i64 to, size_t n,
                 sample_point *x, err *e) {
    tally_by by = {S("occurred_at"), is(p->w->period, "week") ? BY_WEEK : BY_DAY};
    tally_answer r;
    if (!cells_of(t, a, p, &by, from, to, &r, e)) return false;
    size_t c = 0;
    for (size_t i = 0; i < n; i++) {
        i64 at = watch_after(p, from, (i64)i), local = local_start(p, at);
        while (c < r.cells_n &&
               (r.cells[c].keys[0].kind == VALUE_MISSING || r.cells[c].keys[0].num < local))
            c++;
        bool there = c < r.cells_n && r.cells[c].keys[0].num == local;
        x[i] = point_of(p, at, there ? &r.cells[c] : NULL);
    }
    return true;
}

bool watch_series(tally *t, arena *a, const watch_plan *p, i64 from, i64 to, sample_point **out,
                  size_t *n_out, err *e) {
    size_t n = 0;
    check(from == watch_period(p, from));
    for (i64 at = from; at < to; at = watch_after(p, from, (i64)n))
        if (++n > LIMIT_WATCH_PERIODS)
            return fail(e, LIMIT, "watch %.*s: more than %d periods at once; let it begin later",
                        STR_ARG(p->w->name), LIMIT_WATCH_PERIODS);
    sample_point *x = NEW_N(a, sample_point, n + 1);
    bool ok =
        is(p->w->period, "hour") ? hours(t, a, p, from, n, x, e) : days(t, a, p, from, to, n, x, e);
    if (!ok) return false;
    *out = x;
    *n_out = n;
    return true;
}
