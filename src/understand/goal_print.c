/* goal_print.c - the tree of goals as JSON. */
#include "base/time.h"
#include "understand/goal.h"

const char *goal_status_name(goal_status s) {
    static const char *const names[] = {"none",     "unknown", "reached",
                                        "on_track", "at_risk", "off_track"};
    return names[s];
}

static void num(json_out *j, const char *key, double v) {
    json_key(j, str_of(key));
    json_num(j, isfinite(v) ? v : NAN);
}
static void text(json_out *j, const char *key, str v) {
    json_key(j, str_of(key));
    json_text(j, v.n ? v : NO_STR);
}

static void print_estimate(json_out *j, const char *key, const estimate *x) {
    json_key(j, str_of(key));
    json_object(j);
    estimate_print(j, x);
    json_end_object(j);
}

static void print_forecast(json_out *j, arena *a, const goal_question *q, const goal *g) {
    i64 at = g->row.target_at == NONE ? q->now_ms + q->days * DAY_MS : g->row.target_at;
    bool holt = str_eq(g->row.forecast, S("holt"));
    json_key(j, S("forecast"));
    if (!g->trend.ok) {
        json_null(j);
        return;
    }
    json_object(j);
    text(j, "method", S("forecast_trend"));
    text(j, "kind", holt ? S("holt") : S("linear"));
    text(j, "at", time_print(a, at));
    num(j, "value", g->ahead.value);
    num(j, "low", g->ahead.low);
    num(j, "high", g->ahead.high);
    json_key(j, S("weeks"));
    json_int(j, (i64)g->trend.n);
    json_end_object(j);
}

static void print_segments(json_out *j, const goal *g) {
    json_key(j, S("segments"));
    json_array(j);
    for (size_t i = 0; i < g->segments_n; i++) {
        const goal_segment *x = &g->segments[i];
        json_object(j);
        text(j, "value", x->value);
        num(j, "mix", x->mix);
        num(j, "rate", x->rate);
        json_key(j, S("n_before"));
        json_int(j, x->n[0]);
        json_key(j, S("n"));
        json_int(j, x->n[1]);
        json_end_object(j);
    }
    json_end_array(j);
}

static void print_goal(json_out *j, arena *a, const goal_question *q, const goal_tree *t,
                       const goal *g) {
    json_object(j);
    json_key(j, S("goal"));
    noun_print(j, &noun_goal, &g->row);
    json_key(j, S("title"));
    titles_print(j, g->title);
    text(j, "parent", g->parent == SIZE_MAX ? NO_STR : t->goals[g->parent].row.name);
    json_key(j, S("depth"));
    json_int(j, (i64)g->depth);
    json_key(j, S("unit"));
    json_text(j, str_of(g->now.metric->unit)); /* "" where it has none */
    text(j, "definition", str_of(g->now.def.id));
    measure_quality_print(j, &g->now);
    num(j, "age_days", g->now.age_days);
    print_estimate(j, "now", &g->now.cells[0].est);
    print_estimate(j, "before", &g->now.cells[0].before);
    num(j, "change", g->now.cells[0].change);
    num(j, "gap", g->gap);
    text(j, "status", str_of(goal_status_name(g->status)));
    json_key(j, S("sure"));
    json_bool(j, g->sure);
    print_forecast(j, a, q, g);
    num(j, "contribution", g->contribution);
    num(j, "rest", g->rest);
    print_segments(j, g);
    json_end_object(j);
}

void goals_print(json_out *j, arena *a, const goal_question *q, const goal_tree *t) {
    json_object(j);
    json_key(j, S("days"));
    json_int(j, q->days);
    text(j, "at", time_print(a, q->now_ms));
    json_key(j, S("goals"));
    json_array(j);
    for (size_t i = 0; i < t->n; i++) print_goal(j, a, q, t, &t->goals[i]);
    json_end_array(j);
    json_end_object(j);
}
