/* watch_state.c - a keeper as JSON and back: numbers come back to the last bit. */
#include "act/watch.h"

static void put_num(json_out *j, const char *key, double v) {
    json_key(j, str_of(key));
    json_num(j, v);
}
static void put_int(json_out *j, const char *key, i64 v) {
    json_key(j, str_of(key));
    json_int(j, v);
}

static void print_places(json_out *j, const scorer *s) {
    json_key(j, S("place"));
    json_array(j);
    for (size_t i = 0; i < s->places; i++) {
        const score_place *p = &s->place[i];
        const double v[] = {p->n, p->w, p->wy, p->wyy, p->yes, p->all};
        json_array(j);
        for (size_t k = 0; k < COUNT(v); k++) json_num(j, v[k]);
        json_end_array(j);
    }
    json_end_array(j);
}

static void print_recent(json_out *j, const keeper *k) {
    json_key(j, S("recent"));
    json_array(j);
    for (size_t i = 0; i < k->recent_n + k->held_n; i++) {
        const sample_point *x = &k->recent[i];
        const double v[] = {(double)x->place, x->yes, x->all, x->value, x->n, x->draw, x->score};
        json_array(j);
        for (size_t c = 0; c < COUNT(v); c++) json_num(j, v[c]);
        json_end_array(j);
    }
    json_end_array(j);
}

void keeper_print(json_out *j, const keeper *k) {
    json_object(j);
    put_int(j, "exact", k->score.exact);
    put_int(j, "places", (i64)k->score.places);
    put_num(j, "shift", k->score.shift);
    put_int(j, "learned", k->score.learned);
    put_num(j, "weight", k->chart.weight);
    put_num(j, "limit", k->chart.limit);
    put_num(j, "silence", k->silence);
    put_num(j, "up", k->memory.up);
    put_num(j, "down", k->memory.down);
    put_int(j, "n_up", k->memory.n_up);
    put_int(j, "n_down", k->memory.n_down);
    put_int(j, "n", k->memory.n);
    put_int(j, "alert", k->alert);
    put_int(j, "calm", k->calm);
    put_int(j, "ready", k->ready);
    put_int(j, "held", (i64)k->held_n);
    print_places(j, &k->score);
    print_recent(j, k);
    json_end_object(j);
}

/* A list of exactly n numbers (null: not a number). */
static bool numbers(const json *v, size_t want, double *out) {
    size_t n = 0;
    if (!v || v->kind != JSON_ARRAY || v->n != want) return false;
    for (const json *x = v->first; x; x = x->next) out[n++] = x->kind == JSON_NULL ? NAN : x->num;
    return true;
}

static bool parse_places(const json *v, scorer *s) {
    size_t n = 0;
    double d[6];
    const json *list = json_get(v, S("place"));
    if (!list || list->kind != JSON_ARRAY || list->n != s->places) return false;
    for (const json *x = list->first; x; x = x->next, n++) {
        if (!numbers(x, COUNT(d), d)) return false;
        s->place[n] = (score_place){d[0], d[1], d[2], d[3], d[4], d[5]};
    }
    return true;
}

static bool parse_recent(const json *v, keeper *k) {
    double d[7];
    const json *list = json_get(v, S("recent"));
    if (!list || list->kind != JSON_ARRAY || list->n > WATCH_RECENT) return false;
    for (const json *x = list->first; x; x = x->next) {
        if (!numbers(x, COUNT(d), d) || !(d[0] >= 0 && d[0] < (double)k->score.places))
            return false;
        k->recent[k->recent_n++] = (sample_point){.place = (size_t)d[0],
                                                  .yes = d[1],
                                                  .all = d[2],
                                                  .value = d[3],
                                                  .n = d[4],
                                                  .draw = d[5],
                                                  .score = d[6]};
    }
    return true;
}

static bool whole(const json *v) {
    static const char *const ints[] = {"exact", "learned", "n_up",  "n_down", "n",
                                       "alert", "calm",    "ready", "held"};
    for (size_t i = 0; i < COUNT(ints); i++)
        if (json_get_int(v, str_of(ints[i])) == NONE) return false;
    i64 places = json_get_int(v, S("places"));
    return places >= 1 && places <= SCORE_PLACES_MAX;
}

static chart chart_of(const watch *w, const json *v) {
    chart_kind kind = str_eq(w->chart, S("shewhart")) ? CHART_SHEWHART
                      : str_eq(w->chart, S("ewma"))   ? CHART_EWMA
                                                      : CHART_CUSUM;
    chart_side side = str_eq(w->side, S("up"))     ? CHART_UP
                      : str_eq(w->side, S("down")) ? CHART_DOWN
                                                   : CHART_BOTH;
    return (chart){kind, side, json_get_num(v, S("weight")), json_get_num(v, S("limit")),
                   (double)w->arl};
}

bool keeper_parse(const watch_plan *p, const json *v, keeper *k) {
    if (!whole(v)) return false;
    bool exact = json_get_int(v, S("exact")) && p->kind != FIGURE_MEAN;
    k->score = scorer_of(p->kind, exact, (size_t)json_get_int(v, S("places")));
    k->score.shift = json_get_num(v, S("shift"));
    k->score.learned = json_get_int(v, S("learned"));
    k->chart = chart_of(p->w, v);
    k->silence = json_get_num(v, S("silence"));
    k->memory = (chart_state){json_get_num(v, S("up")), json_get_num(v, S("down")),
                              json_get_int(v, S("n_up")), json_get_int(v, S("n_down")),
                              json_get_int(v, S("n"))};
    k->alert = json_get_int(v, S("alert"));
    k->calm = json_get_int(v, S("calm"));
    k->ready = json_get_int(v, S("ready"));
    k->recent_n = 0;
    if (!parse_places(v, &k->score) || !parse_recent(v, k) || !isfinite(k->memory.up)) return false;
    i64 held = json_get_int(v, S("held"));
    if (held < 0 || (size_t)held > k->recent_n) return false;
    k->held_n = (size_t)held;
    k->recent_n -= k->held_n;
    return true;
}
