/* journey_table.c - answers about journeys as one table: for a terminal, or a sheet. */
#include "base/time.h"
#include "kern/stats.h"
#include "understand/journey.h"
#include "understand/measure.h"

static void row(journey_table *t, const str *cells) {
    if (t->rows == t->cap) {
        str *old = t->cells;
        t->cap = MAX((size_t)64, t->cap * 2);
        t->cells = NEW_N(t->a, str, t->cap * t->columns);
        if (t->rows) memcpy(t->cells, old, t->rows * t->columns * sizeof *old);
    }
    memcpy(t->cells + t->rows++ * t->columns, cells, t->columns * sizeof *cells);
}
#define ROW(t, ...) row(t, (const str[]){__VA_ARGS__})

static journey_table table(arena *a, size_t columns, u32 right) {
    return (journey_table){.a = a, .columns = columns, .right = right};
}

static str count(arena *a, i64 v) {
    return arena_fmt(a, "%" PRId64, v);
}

static str percent(arena *a, i64 yes, i64 n) {
    return n ? arena_fmt(a, "%.2f%%", 100.0 * (double)yes / (double)n) : S("n/a");
}

static str between(arena *a, i64 yes, i64 n) {
    if (!n) return S("");
    interval w = wilson(yes, n);
    return arena_fmt(a, "[%.2f, %.2f]", 100 * w.low, 100 * w.high);
}

/* 850 ms, 12.3 s, 4.2 min, 3.1 h, 17.25 d */
static str span(arena *a, double ms) {
    if (!isfinite(ms)) return S("");
    if (ms < 1000) return arena_fmt(a, "%.0f ms", ms);
    if (ms < (double)MINUTE_MS) return arena_fmt(a, "%.1f s", ms / 1000);
    if (ms < (double)HOUR_MS) return arena_fmt(a, "%.1f min", ms / (double)MINUTE_MS);
    if (ms < (double)DAY_MS) return arena_fmt(a, "%.1f h", ms / (double)HOUR_MS);
    return arena_fmt(a, "%.3f d", ms / (double)DAY_MS);
}

static journey_table funnel(arena *a, const journey *q, const funnel_answer *f) {
    bool by = q->funnel.by.column.n > 0;
    journey_table t = table(a, 8, 0xfc);
    ROW(&t, by ? measure_by_name(a, &q->funnel.by) : S(""), S("step"), S("n"), S("of entry"),
        S("95 %"), S("of previous"), S("median since entry"), S("since previous"));
    for (size_t g = 0; g < f->groups_n; g++) {
        const funnel_step *s = f->groups[g].steps;
        str key = by ? measure_key(a, &q->funnel.by, &f->groups[g].key) : S("");
        for (size_t i = 0; i < q->funnel.steps_n; i++)
            ROW(&t, key, q->funnel.steps[i].name, count(a, s[i].n), percent(a, s[i].n, s[0].n),
                between(a, s[i].n, s[0].n), i ? percent(a, s[i].n, s[i - 1].n) : S(""),
                span(a, s[i].from_entry.median), span(a, s[i].from_previous.median));
    }
    return t;
}

static journey_table follows(arena *a, const journey *q, const follows_answer *f) {
    journey_table t = table(a, 7, 0x7c);
    ROW(&t, S("from"), S("to"), S("n"), S("mean"), S("median"), S("p90"), S("dependency"));
    for (size_t i = 0; i < f->pairs_n && (i64)i < q->limit; i++) {
        const follows_pair *p = &f->pairs[i];
        ROW(&t, f->activities[p->from].name, f->activities[p->to].name, count(a, p->wait.n),
            span(a, p->wait.mean), span(a, p->wait.median), span(a, p->wait.p90),
            arena_fmt(a, "%.3f", follows_dependency(f, i)));
    }
    return t;
}

static journey_table paths(arena *a, const paths_answer *p) {
    journey_table t = table(a, 4, 0x7);
    ROW(&t, S("n"), S("share"), S("median"), S("path"));
    for (size_t i = 0; i < p->paths_n; i++) {
        const walk_path *x = &p->paths[i];
        buf b = {.a = a};
        for (size_t k = 0; k < x->names_n; k++)
            buf_fmt(&b, "%s%.*s", k ? " > " : "", STR_ARG(x->names[k]));
        if (x->goes_on) buf_str(&b, S(" > ..."));
        ROW(&t, count(a, x->n), percent(a, x->n, p->n), span(a, x->duration.median), buf_view(&b));
    }
    return t;
}

static str period(arena *a, by_unit unit, i64 day) {
    tally_by by = {S("occurred_at"), unit};
    tally_key key = {.kind = VALUE_TIME, .num = day * DAY_MS};
    return measure_key(a, &by, &key);
}

static journey_table cohorts(arena *a, const journey *q, const cohort_answer *c) {
    size_t most = 0;
    for (size_t i = 0; i < c->rows_n; i++) most = MAX(most, c->rows[i].periods_n);
    journey_table t = table(a, 2 + most, UINT32_MAX - 1);
    str *cells = NEW_N(a, str, t.columns);
    cells[0] = S("cohort"), cells[1] = S("size");
    for (size_t k = 0; k < most; k++) cells[2 + k] = count(a, (i64)k);
    row(&t, cells);
    for (size_t i = 0; i < c->rows_n; i++) {
        const cohort_row *r = &c->rows[i];
        cells[0] = period(a, q->cohort.unit, r->day), cells[1] = count(a, r->size);
        for (size_t k = 0; k < most; k++)
            cells[2 + k] = k < r->periods_n ? count(a, r->active[k]) : S("");
        row(&t, cells);
    }
    return t;
}

static journey_table repurchase(arena *a, const journey *q, const repurchase_answer *p) {
    journey_table t = table(a, 8, 0xfe);
    ROW(&t, S("new in"), S("new"), S("again"), S("rate"), S("95 %"), S("watched in full"),
        S("of them again"), S("median days"));
    for (size_t i = 0; i < p->rows_n; i++) {
        const repurchase_row *r = &p->rows[i];
        ROW(&t, r->day == NONE ? S("") : period(a, q->repurchase.by, r->day), count(a, r->fresh),
            count(a, r->again), percent(a, r->again, r->fresh), between(a, r->again, r->fresh),
            count(a, r->observed), percent(a, r->observed_again, r->observed),
            isfinite(r->until_second.median) ? arena_fmt(a, "%.1f", r->until_second.median)
                                             : S(""));
    }
    return t;
}

static journey_table sessions(arena *a, const session_answer *s) {
    journey_table t = table(a, 4, 0xe);
    const walk_times *e = &s->events, *c = &s->per_case;
    ROW(&t, S(""), S("mean"), S("median"), S("p90"));
    ROW(&t, S("duration"), span(a, s->duration.mean), span(a, s->duration.median),
        span(a, s->duration.p90));
    ROW(&t, S("events"), arena_fmt(a, "%.2f", e->mean), arena_fmt(a, "%.1f", e->median),
        arena_fmt(a, "%.1f", e->p90));
    ROW(&t, S("sessions of a case"), arena_fmt(a, "%.2f", c->mean), arena_fmt(a, "%.1f", c->median),
        arena_fmt(a, "%.1f", c->p90));
    return t;
}

static journey_table stages(arena *a, const journey *q, const stage_answer *s) {
    journey_table t = table(a, 7, 0x7e);
    i64 all = s->none;
    for (size_t i = 0; i < q->stages.stages_n; i++) all += s->rows[i].now;
    ROW(&t, S("stage"), S("now"), S("share"), S("dropped off"), S("stays"), S("median stay"),
        S("median there now"));
    for (size_t i = 0; i < q->stages.stages_n; i++) {
        const stage_row *r = &s->rows[i];
        ROW(&t, q->stages.stages[i].name, count(a, r->now), percent(a, r->now, all),
            count(a, r->dropped), count(a, r->entries), span(a, r->dwell.median),
            span(a, r->dwell_now.median));
    }
    return t;
}

journey_table journey_tabled(arena *a, const journey *q, const journey_answer *x) {
    switch (q->kind) {
    case JOURNEY_FUNNEL:
        return funnel(a, q, &x->funnel);
    case JOURNEY_FOLLOWS:
        return follows(a, q, &x->follows);
    case JOURNEY_PATHS:
    case JOURNEY_VARIANTS:
        return paths(a, &x->paths);
    case JOURNEY_COHORT:
        return cohorts(a, q, &x->cohort);
    case JOURNEY_REPURCHASE:
        return repurchase(a, q, &x->repurchase);
    case JOURNEY_SESSIONS:
        return sessions(a, &x->sessions);
    case JOURNEY_STAGES:
        return stages(a, q, &x->stages);
    case JOURNEY_KINDS:
        break;
    }
    return table(a, 1, 0);
}
