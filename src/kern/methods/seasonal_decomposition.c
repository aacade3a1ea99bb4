/* seasonal_decomposition.c - trend, season and rest of a series: classical, or STL. */
#include "kern/series.h"

static void write_at(calc *c, const char *what, vec v, vec places) {
    buf key = {.a = c->a};
    vec r = vec_new(c->a, places.n);
    buf_fmt(&key, "%s_at", what);
    for (size_t i = 0; i < places.n; i++) {
        buf_fmt(&key, "_%.0f", places.v[i]);
        bool inside = places.v[i] >= 1 && places.v[i] <= (double)v.n;
        r.v[i] = inside ? v.v[(size_t)places.v[i] - 1] : undefined(NO_DATA);
    }
    out_nums(c, calc_cstr(c, buf_view(&key)), r);
}

static vec places_of(calc *c, bool by_stl, size_t period) {
    static double for_stl[] = {1, 50, 120, 240};
    vec usual = vec_new(c->a, 3);
    usual.v[0] = 1, usual.v[1] = (double)(period / 2 + 1), usual.v[2] = 100;
    if (in_has(c, NULL, "at")) return in_counts(c, NULL, "at", 0);
    return by_stl ? vec_copy(c->a, (vec){for_stl, COUNT(for_stl)}) : usual;
}

static bool run(calc *c) {
    vec x = in_nums(c, NULL, "x");
    size_t period = (size_t)in_int(c, NULL, "period", 2, 100000);
    bool by_stl = in_has(c, NULL, "s_window"), robust = in_flag(c, NULL, "robust", false);
    const json *wide = by_stl ? in_get(c, NULL, "s_window") : NULL;
    bool periodic = wide && wide->kind == JSON_TEXT && str_eq(wide->text, S("periodic"));
    size_t window = by_stl && !periodic ? (size_t)in_int(c, NULL, "s_window", 7, 100001) | 1 : 0;
    vec at = places_of(c, by_stl, period);
    if (calc_ok(c) && x.n < 2 * period)
        calc_bad(c, "\"x\" must hold at least two periods (%zu values), not %zu", 2 * period, x.n);
    if (!calc_ok(c) || !calc_steps(c, 60.0 * (double)x.n * (double)x.n)) return false;
    parts p = by_stl ? stl_of(c->a, x, period, window, robust) : decompose(c->a, x, period);
    if (by_stl) {
        char key[60];
        snprintf(key, sizeof key, "seasonal_month1_%zu", period);
        out_nums(c, calc_cstr(c, str_of(key)), p.figure);
    }
    out_nums(c, "figure", p.figure);
    write_at(c, "trend", p.trend, at);
    write_at(c, "remainder", p.rest, at);
    out_nums(c, "trend", p.trend);
    out_nums(c, "seasonal", p.season);
    out_nums(c, "remainder", p.rest);
    return true;
}

const method method_seasonal_decomposition = {
    .name = "seasonal_decomposition",
    .title = {"Trend and season", "趋势与季节分解", "趨勢與季節分解"},
    .source = "Cleveland, Cleveland, McRae & Terpenning 1990, J. Official Statistics 6(1) (STL); "
              "Kendall & "
              "Stuart 1983 (centred moving average)",
    .formula = "x = trend + season + remainder; classical: moving average of one period, the "
               "season its mean "
               "by place, summing to 0; STL: loess in turns, the season averaged by place",
    .input = "x  the series\nperiod  values of one period\ns_window  \"periodic\": STL; absent: "
             "classical\n"
             "robust  STL with bisquare weights\nat  places, from 1, whose values are shown apart",
    .output = "figure  the season by place; trend, seasonal, remainder (null at the ends of the "
              "classical one);\n"
              "trend_at_..., remainder_at_...",
    .example = "{\"x\":[1,5,3,2,6,4,3,7,5],\"period\":3,\"at\":[1,2]}",
    .run = run,
};
