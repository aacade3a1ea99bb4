/* journey_json.c - answers about journeys, for programs. */
#include "base/time.h"
#include "kern/stats.h"
#include "understand/journey.h"
#include "understand/measure.h"

static void put_int(json_out *j, const char *key, i64 v) {
    json_key(j, str_of(key));
    json_int(j, v);
}

static void put_num(json_out *j, const char *key, double v) {
    json_key(j, str_of(key));
    json_num(j, v);
}

static void put_text(json_out *j, const char *key, str v) {
    json_key(j, str_of(key));
    json_text(j, v);
}

static void put_moment(json_out *j, arena *a, const char *key, i64 ms) {
    put_text(j, key, ms == NONE ? NO_STR : time_print(a, ms));
}

/* yes of n with Wilson's interval, under NAME, NAME_low, NAME_high; null where there is no n. */
static void put_share(json_out *j, arena *a, const char *key, i64 yes, i64 n) {
    interval w = n ? wilson(yes, n) : (interval){NAN, NAN};
    put_num(j, key, n ? (double)yes / (double)n : NAN);
    json_key(j, arena_fmt(a, "%s_low", key));
    json_num(j, w.low);
    json_key(j, arena_fmt(a, "%s_high", key));
    json_num(j, w.high);
}

static void put_times(json_out *j, const char *key, const walk_times *t) {
    json_key(j, str_of(key));
    json_object(j);
    put_int(j, "n", t->n);
    put_num(j, "mean_ms", t->mean);
    put_num(j, "median_ms", t->median);
    put_num(j, "p90_ms", t->p90);
    json_end_object(j);
}

static void put_classes(json_out *j, const char *key, const walk_class *c, size_t n) {
    json_key(j, str_of(key));
    json_array(j);
    for (size_t i = 0; i < n; i++) {
        buf text = {0};
        expr_print(&text, c[i].is);
        json_object(j);
        put_text(j, "name", c[i].name);
        put_text(j, "where", buf_view(&text));
        json_end_object(j);
        buf_clear(&text);
    }
    json_end_array(j);
}

/* ---- kinds ---- */

static void put_step(json_out *j, arena *a, const funnel_step *s, i64 entered, i64 before) {
    json_object(j);
    put_int(j, "n", s->n);
    put_share(j, a, "share", s->n, entered);
    put_share(j, a, "conversion", s->n, before);
    put_int(j, "lost", before - s->n);
    put_times(j, "since_entry", &s->from_entry);
    put_times(j, "since_previous", &s->from_previous);
    json_end_object(j);
}

static void put_funnel(json_out *j, arena *a, const journey *q, const funnel_answer *f) {
    put_classes(j, "steps", q->funnel.steps, q->funnel.steps_n);
    put_int(j, "window_ms", q->funnel.window_ms);
    put_text(j, "by", q->funnel.by.column.n ? measure_by_name(a, &q->funnel.by) : NO_STR);
    json_key(j, S("groups"));
    json_array(j);
    for (size_t g = 0; g < f->groups_n; g++) {
        const funnel_step *s = f->groups[g].steps;
        bool missing = f->groups[g].key.kind == VALUE_MISSING;
        json_object(j);
        put_text(j, "key", missing ? NO_STR : measure_key(a, &q->funnel.by, &f->groups[g].key));
        json_key(j, S("steps"));
        json_array(j);
        for (size_t i = 0; i < q->funnel.steps_n; i++)
            put_step(j, a, &s[i], s[0].n, i ? s[i - 1].n : s[0].n);
        json_end_array(j);
        json_end_object(j);
    }
    json_end_array(j);
    if (!q->funnel.lost_at) return;
    json_key(j, S("lost"));
    json_array(j);
    for (size_t i = 0; i < f->lost_n; i++) json_text(j, f->lost[i]);
    json_end_array(j);
}

double follows_dependency(const follows_answer *f, size_t pair) {
    const follows_pair *p = &f->pairs[pair];
    double there = (double)p->wait.n, back = 0;
    if (p->from == p->to) return there / (there + 1);
    for (size_t i = 0; i < f->pairs_n; i++)
        if (f->pairs[i].from == p->to && f->pairs[i].to == p->from)
            back = (double)f->pairs[i].wait.n;
    return (there - back) / (there + back + 1);
}

static void put_follows(json_out *j, const journey *q, const follows_answer *f) {
    json_key(j, S("activities"));
    json_array(j);
    for (size_t i = 0; i < f->activities_n; i++) {
        const walk_activity *x = &f->activities[i];
        json_object(j);
        put_text(j, "name", x->name);
        put_int(j, "n", x->n);
        put_int(j, "cases", x->cases);
        put_int(j, "starts", x->starts);
        put_int(j, "ends", x->ends);
        put_int(j, "repeats", x->n - x->cases);
        json_end_object(j);
    }
    json_end_array(j);
    put_int(j, "pairs_total", (i64)f->pairs_n);
    json_key(j, S("pairs"));
    json_array(j);
    for (size_t i = 0; i < f->pairs_n && (i64)i < q->limit; i++) {
        const follows_pair *p = &f->pairs[i];
        json_object(j);
        put_text(j, "from", f->activities[p->from].name);
        put_text(j, "to", f->activities[p->to].name);
        put_int(j, "n", p->wait.n);
        put_num(j, "mean_ms", p->wait.mean);
        put_num(j, "median_ms", p->wait.median);
        put_num(j, "p90_ms", p->wait.p90);
        put_num(j, "dependency", follows_dependency(f, i));
        json_end_object(j);
    }
    json_end_array(j);
    put_times(j, "duration", &f->duration);
}

static void put_links(json_out *j, const paths_answer *p) {
    json_key(j, S("links"));
    json_array(j);
    for (size_t i = 0; i < p->links_n; i++) {
        json_object(j);
        put_int(j, "step", p->links[i].step);
        put_text(j, "from", p->links[i].from);
        put_text(j, "to", p->links[i].to);
        put_int(j, "n", p->links[i].n);
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_paths(json_out *j, arena *a, const journey *q, const paths_answer *p) {
    put_int(j, "paths_total", p->n);
    put_int(j, "variants", p->variants);
    put_times(j, "duration", &p->duration);
    json_key(j, S("paths"));
    json_array(j);
    for (size_t i = 0; i < p->paths_n; i++) {
        const walk_path *x = &p->paths[i];
        json_object(j);
        json_key(j, S("events"));
        json_array(j);
        for (size_t k = 0; k < x->names_n; k++) json_text(j, x->names[k]);
        json_end_array(j);
        json_key(j, S("goes_on"));
        json_bool(j, x->goes_on);
        put_int(j, "n", x->n);
        put_share(j, a, "share", x->n, p->n);
        put_times(j, "duration", &x->duration);
        json_end_object(j);
    }
    json_end_array(j);
    if (q->kind == JOURNEY_PATHS) put_links(j, p);
}

static str period_name(arena *a, by_unit unit, i64 day) {
    tally_by by = {S("occurred_at"), unit};
    tally_key key = {.kind = VALUE_TIME, .num = day * DAY_MS};
    return measure_key(a, &by, &key);
}

static void put_cohorts(json_out *j, arena *a, const journey *q, const cohort_answer *c) {
    put_moment(j, a, "until", c->until);
    json_key(j, S("cohorts"));
    json_array(j);
    for (size_t i = 0; i < c->rows_n; i++) {
        const cohort_row *r = &c->rows[i];
        json_object(j);
        put_text(j, "period", period_name(a, q->cohort.unit, r->day));
        put_text(j, "from", day_print(a, r->day));
        put_int(j, "size", r->size);
        json_key(j, S("active"));
        json_array(j);
        for (size_t k = 0; k < r->periods_n; k++) json_int(j, r->active[k]);
        json_end_array(j);
        json_key(j, S("returned"));
        json_array(j);
        for (size_t k = 0; k < r->periods_n; k++) json_int(j, r->returned[k]);
        json_end_array(j);
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_repurchase(json_out *j, arena *a, const journey *q, const repurchase_answer *p) {
    put_moment(j, a, "until", p->until);
    put_int(j, "buyers", p->buyers);
    put_int(j, "repeat_buyers", p->repeat_buyers);
    put_share(j, a, "repeat_share", p->repeat_buyers, p->buyers);
    json_key(j, S("rows"));
    json_array(j);
    for (size_t i = 0; i < p->rows_n; i++) {
        const repurchase_row *r = &p->rows[i];
        json_object(j);
        put_text(j, "period", r->day == NONE ? NO_STR : period_name(a, q->repurchase.by, r->day));
        put_int(j, "new", r->fresh);
        put_int(j, "again", r->again);
        put_share(j, a, "rate", r->again, r->fresh);
        put_int(j, "observed", r->observed);
        put_int(j, "observed_again", r->observed_again);
        put_share(j, a, "observed_rate", r->observed_again, r->observed);
        put_int(j, "censored", r->censored);
        put_num(j, "mean_days", r->until_second.mean);
        put_num(j, "median_days", r->until_second.median);
        put_num(j, "p90_days", r->until_second.p90);
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_numbers(json_out *j, const char *key, const walk_times *t) {
    json_key(j, str_of(key));
    json_object(j);
    put_num(j, "mean", t->mean);
    put_num(j, "median", t->median);
    put_num(j, "p90", t->p90);
    json_end_object(j);
}

static void put_sessions(json_out *j, const journey *q, const session_answer *s) {
    put_int(j, "gap_ms", q->sessions.gap_ms);
    put_int(j, "sessions", s->sessions);
    put_int(j, "single", s->single);
    put_times(j, "duration", &s->duration);
    put_numbers(j, "events_per_session", &s->events);
    put_numbers(j, "sessions_per_case", &s->per_case);
}

static void put_stages(json_out *j, arena *a, const journey *q, const stage_answer *s) {
    i64 all = s->none;
    for (size_t i = 0; i < q->stages.stages_n; i++) all += s->rows[i].now;
    put_moment(j, a, "at", s->at);
    put_int(j, "none", s->none);
    json_key(j, S("rows"));
    json_array(j);
    for (size_t i = 0; i < q->stages.stages_n; i++) {
        const stage_row *r = &s->rows[i];
        json_object(j);
        put_text(j, "name", q->stages.stages[i].name);
        put_int(j, "now", r->now);
        put_share(j, a, "share", r->now, all);
        put_int(j, "dropped", r->dropped);
        put_int(j, "entries", r->entries);
        put_times(j, "dwell", &r->dwell);
        put_times(j, "dwell_now", &r->dwell_now);
        json_key(j, S("to"));
        json_array(j);
        for (size_t k = 0; k < q->stages.stages_n; k++) json_int(j, r->to[k]);
        json_end_array(j);
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_cost(json_out *j, const walk_cost *c) {
    json_key(j, S("cost"));
    json_object(j);
    put_int(j, "runs", c->runs);
    put_int(j, "bytes", c->bytes);
    put_int(j, "indexed", c->indexed);
    json_end_object(j);
}

static void put_kind(json_out *j, arena *a, const journey *q, const journey_answer *x) {
    switch (q->kind) {
    case JOURNEY_FUNNEL:
        put_funnel(j, a, q, &x->funnel);
        break;
    case JOURNEY_FOLLOWS:
        put_follows(j, q, &x->follows);
        break;
    case JOURNEY_PATHS:
    case JOURNEY_VARIANTS:
        put_paths(j, a, q, &x->paths);
        break;
    case JOURNEY_COHORT:
        put_cohorts(j, a, q, &x->cohort);
        break;
    case JOURNEY_REPURCHASE:
        put_repurchase(j, a, q, &x->repurchase);
        break;
    case JOURNEY_SESSIONS:
        put_sessions(j, q, &x->sessions);
        break;
    case JOURNEY_STAGES:
        put_stages(j, a, q, &x->stages);
        break;
    case JOURNEY_KINDS:
        break;
    }
}

void journey_print(json_out *j, arena *a, const journey *q, const journey_answer *x) {
    json_object(j);
    put_text(j, "kind", str_of(journey_kinds[q->kind].name));
    put_text(j, "where", q->where.n ? q->where : NO_STR);
    put_text(j, "case", q->scope.case_by.n ? q->scope.case_by : S("customer"));
    put_int(j, "cases", x->cost.cases);
    put_int(j, "events", x->cost.events);
    put_int(j, "without_case", x->cost.without_case);
    put_int(j, "without_moment", x->cost.without_at);
    put_kind(j, a, q, x);
    put_cost(j, &x->cost);
    json_end_object(j);
}
