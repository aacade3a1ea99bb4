/* drivers_json.c - drivers, for programs. */
#include "understand/drivers.h"

static void num(json_out *j, const char *key, double v) {
    json_key(j, str_of(key));
    json_num(j, v);
}

static void whole(json_out *j, const char *key, i64 v) {
    json_key(j, str_of(key));
    json_int(j, v);
}

static void text(json_out *j, const char *key, str v) {
    json_key(j, str_of(key));
    json_text(j, v);
}

static void flag(json_out *j, const char *key, bool v) {
    json_key(j, str_of(key));
    json_bool(j, v);
}

str drivers_quadrant_name(drivers_quadrant q) {
    switch (q) {
    case MAP_FIX:
        return S("fix");
    case MAP_KEEP:
        return S("keep");
    case MAP_LOW:
        return S("low");
    case MAP_OVERKILL:
        break;
    }
    return S("overkill");
}

static void figures_json(json_out *j, const driver *d) {
    num(j, "importance", d->importance);
    num(j, "low", d->low);
    num(j, "high", d->high);
    num(j, "raw", d->raw);
    flag(j, "significant", d->significant);
    num(j, "p_adjusted", d->p);
    whole(j, "rank", d->rank);
    whole(j, "rank_low", d->rank_low);
    whole(j, "rank_high", d->rank_high);
    num(j, "rank_held", d->rank_held);
    num(j, "first", d->first);
    num(j, "correlation", d->correlation);
    num(j, "beta", d->beta);
    num(j, "slope", d->slope);
    num(j, "slope_low", d->slope_low);
    num(j, "slope_high", d->slope_high);
    num(j, "vif", d->vif);
}

static void map_json(json_out *j, const driver *d) {
    num(j, "mean", d->mean);
    num(j, "bottom", d->bottom);
    num(j, "top", d->top);
    num(j, "performance", d->performance);
    num(j, "performance_low", d->performance_low);
    num(j, "performance_high", d->performance_high);
    text(j, "quadrant", drivers_quadrant_name(d->quadrant));
    flag(j, "borderline", d->borderline);
}

static void asymmetry_json(json_out *j, const driver *d) {
    num(j, "penalty", d->penalty);
    num(j, "penalty_low", d->penalty_low);
    num(j, "penalty_high", d->penalty_high);
    num(j, "reward", d->reward);
    num(j, "reward_low", d->reward_low);
    num(j, "reward_high", d->reward_high);
    num(j, "low_at_most", d->low_at_most);
    num(j, "high_at_least", d->high_at_least);
    text(j, "kind", str_of(d->kind));
    num(j, "odds", d->odds);
    num(j, "odds_low", d->odds_low);
    num(j, "odds_high", d->odds_high);
}

static void driver_json(json_out *j, const driver *d) {
    json_object(j);
    text(j, "name", d->name);
    whole(j, "missing", d->missing);
    whole(j, "not_applicable", d->na);
    figures_json(j, d);
    map_json(j, d);
    asymmetry_json(j, d);
    json_end_object(j);
}

void drivers_print(json_out *j, const drivers_answer *d) {
    json_object(j);
    text(j, "outcome", d->outcome);
    whole(j, "answers", d->answers);
    whole(j, "n", d->n);
    whole(j, "incomplete", d->incomplete);
    num(j, "mean", d->mean);
    num(j, "r2", d->r2);
    num(j, "r2_low", d->r2_low);
    num(j, "r2_high", d->r2_high);
    num(j, "given_r2", d->given_r2);
    text(j, "method", d->exact ? S("lmg") : S("johnson"));
    num(j, "condition", d->condition);
    flag(j, "singular", d->singular);
    whole(j, "rounds", d->rounds);
    num(j, "importance_cut", d->importance_cut);
    num(j, "performance_cut", d->performance_cut);
    text(j, "logit", d->logit);
    whole(j, "logit_n", d->logit.p ? d->logit_n : NONE);
    json_key(j, S("drivers"));
    json_array(j);
    for (size_t i = 0; i < d->n_list; i++) driver_json(j, &d->list[i]);
    json_end_array(j);
    json_key(j, S("notices"));
    json_array(j);
    for (size_t i = 0; i < d->notices_n; i++) {
        json_object(j);
        text(j, "code", str_of(d->notices[i].code));
        text(j, "text", d->notices[i].text);
        json_end_object(j);
    }
    json_end_array(j);
    json_end_object(j);
}
