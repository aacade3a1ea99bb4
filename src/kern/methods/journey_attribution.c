/* journey_attribution.c - which contacts brought the purchase: removal effects of a Markov chain. */
#include "kern/method.h"

enum { CHANNELS_MAX = 400 };

typedef struct {
    strs steps;
    double conversions, nulls;
} journey;

typedef struct {
    calc *c;
    journey *j;
    size_t n;
    strs names;
    mat moves; /* from start, channels; to channels, conversion, null */
    vec first, last, linear;
    double conversions;
} journeys;

static strs split(calc *c, str path, str separator) {
    strs r = {NULL, 1};
    ptrdiff_t at;
    for (str rest = path; (at = str_find(rest, separator)) >= 0; r.n++)
        rest = str_from(rest, (size_t)at + separator.n);
    r.v = NEW_N(c->a, str, r.n);
    for (size_t i = 0; i < r.n; i++) {
        at = str_find(path, separator);
        r.v[i] = str_trim(at < 0 ? path : str_head(path, (size_t)at));
        path = at < 0 ? S("") : str_from(path, (size_t)at + separator.n);
    }
    return r;
}

static void read_table(calc *c, journeys *s) {
    table t = in_table(c, "data");
    str separator = in_maybe_text(c, NULL, "separator", S(" > "));
    if (calc_ok(c) && separator.n == 0) calc_bad(c, "\"separator\" must not be empty");
    strs path = column_texts(c, &t, in_column(c, &t, S("path")));
    vec yes = column_nums(c, &t, in_column(c, &t, S("total_conversions")));
    vec no = column_nums(c, &t, in_column(c, &t, S("total_null")));
    s->j = NEW_N(c->a, journey, t.rows + 1);
    for (size_t i = 0; i < t.rows && calc_ok(c); i++) {
        if (!path.v[i].p) calc_bad(c, "row %zu has no path", i + 1);
        s->j[s->n++] = (journey){split(c, path.v[i], separator), yes.v[i], no.v[i]};
    }
}

static void read_list(calc *c, journeys *s) {
    const json *list = in_list(c, NULL, "paths");
    s->j = NEW_N(c->a, journey, list->n + 1);
    for (const json *v = list->first; v && calc_ok(c); v = v->next)
        s->j[s->n++] = (journey){in_texts(c, v, "path"), in_maybe(c, v, "conversions", 0, 1e15, 0),
                                 in_maybe(c, v, "nulls", 0, 1e15, 0)};
}

static bool read(calc *c, journeys *s) {
    if (in_maybe_int(c, NULL, "order", 1, 10, 1) != 1) calc_bad(c, "\"order\" must be 1");
    if (in_has(c, NULL, "paths"))
        read_list(c, s);
    else
        read_table(c, s);
    size_t room = 0;
    for (size_t i = 0; i < s->n && calc_ok(c); i++) {
        room += s->j[i].steps.n;
        if (s->j[i].steps.n == 0) calc_bad(c, "path %zu is empty", i + 1);
        if (!(s->j[i].conversions >= 0 && s->j[i].nulls >= 0))
            calc_bad(c, "path %zu: counts must not be below 0", i + 1);
    }
    strs all = {NEW_N(c->a, str, room + 1), 0};
    for (size_t i = 0; i < s->n && calc_ok(c); i++)
        for (size_t k = 0; k < s->j[i].steps.n; k++) all.v[all.n++] = s->j[i].steps.v[k];
    s->names = strs_distinct(c->a, all);
    if (s->names.n > CHANNELS_MAX)
        calc_bad(c, "at most %d channels, not %zu", CHANNELS_MAX, s->names.n);
    return calc_ok(c);
}

static void count(journeys *s) {
    size_t m = s->names.n;
    s->moves = mat_new(s->c->a, m + 1, m + 2);
    s->first = vec_new(s->c->a, m), s->last = vec_new(s->c->a, m), s->linear = vec_new(s->c->a, m);
    for (size_t i = 0; i < s->n; i++) {
        const journey *j = &s->j[i];
        double yes = j->conversions, all = yes + j->nulls, k = (double)j->steps.n;
        size_t from = m; /* the start is the last row */
        for (size_t p = 0; p < j->steps.n; p++) {
            size_t to = strs_find(s->names, j->steps.v[p]);
            *mat_at(s->moves, from, to) += all;
            s->linear.v[to] += yes / k;
            if (p == 0) s->first.v[to] += yes;
            if (p + 1 == j->steps.n) s->last.v[to] += yes;
            from = to;
        }
        *mat_at(s->moves, from, m) += yes;
        *mat_at(s->moves, from, m + 1) += j->nulls;
        s->conversions += yes;
    }
    for (size_t i = 0; i <= m; i++) {
        double sum = 0;
        for (size_t k = 0; k < m + 2; k++) sum += *mat_at(s->moves, i, k);
        for (size_t k = 0; k < m + 2 && sum > 0; k++) *mat_at(s->moves, i, k) /= sum;
    }
}

/* Visits n_sj before the end, chances h of a conversion from each: removal effect (n_sj / n_jj) h_j / h_s. */
static bool effects(journeys *s, vec *effect, double *chance) {
    size_t m = s->names.n;
    mat q = mat_new(s->c->a, m + 1, m + 1), b = mat_new(s->c->a, m + 1, m + 2);
    for (size_t i = 0; i <= m; i++) {
        for (size_t k = 0; k < m; k++) *mat_at(q, i, k) = -*mat_at(s->moves, i, k);
        *mat_at(q, i, i) += 1;
        *mat_at(b, i, i) = 1;
        *mat_at(b, i, m + 1) = *mat_at(s->moves, i, m);
    }
    *effect = vec_new(s->c->a, m);
    if (!lu_solve(s->c->a, q, b)) return false;
    *chance = *mat_at(b, m, m + 1);
    for (size_t i = 0; i < m; i++)
        effect->v[i] = *chance > 0
                           ? *mat_at(b, m, i) / *mat_at(b, i, i) * *mat_at(b, i, m + 1) / *chance
                           : undefined(NO_DATA);
    return true;
}

static void write_named(calc *c, const char *key, const journeys *s, vec v) {
    out_open(c, key);
    for (size_t i = 0; i < v.n; i++) out_num(c, calc_cstr(c, s->names.v[i]), v.v[i]);
    out_end(c);
}

static void write_moves(calc *c, const journeys *s) {
    size_t m = s->names.n;
    out_open(c, "transition");
    for (size_t r = 0; r <= m; r++) {
        size_t i = r ? r - 1 : m;
        for (size_t k = 0; k < m + 2; k++) {
            if (*mat_at(s->moves, i, k) == 0) continue;
            str from = i == m ? S("(start)") : s->names.v[i];
            str to = k == m ? S("(conv)") : k == m + 1 ? S("(null)") : s->names.v[k];
            out_num(c, calc_cstr(c, arena_fmt(c->a, "%.*s -> %.*s", STR_ARG(from), STR_ARG(to))),
                    *mat_at(s->moves, i, k));
        }
    }
    out_end(c);
}

static bool run(calc *c) {
    journeys s = {.c = c};
    if (!read(c, &s)) return false;
    double m = (double)s.names.n, chance = 0, sum = 0;
    if (!calc_steps(c, 4 * (m + 2) * (m + 2) * (m + 2))) return false;
    count(&s);
    vec effect;
    bool ok = effects(&s, &effect, &chance);
    vec share = vec_new(c->a, effect.n);
    for (size_t i = 0; i < effect.n; i++) {
        if (!ok) effect.v[i] = undefined(SINGULAR);
        sum += effect.v[i];
    }
    for (size_t i = 0; i < effect.n; i++)
        share.v[i] = s.conversions * (sum != 0 ? effect.v[i] / sum : undefined(NO_DATA));
    out_num(c, "total_conversions", s.conversions);
    out_num(c, "conversion_probability",
            !ok   ? undefined(SINGULAR)
            : s.n ? chance
                  : undefined(NO_DATA));
    write_named(c, "removal_effect", &s, effect);
    write_named(c, "attributed_conversions", &s, share);
    write_moves(c, &s);
    write_named(c, "first_touch", &s, s.first);
    write_named(c, "last_touch", &s, s.last);
    write_named(c, "linear_touch", &s, s.linear);
    return true;
}

const method method_journey_attribution = {
    .name = "journey_attribution",
    .title = {"What brought the purchase", "旅程归因(Markov)", "旅程歸因(Markov)"},
    .source = "Anderl, Becker, von Wangenheim & Schumann 2016, Int. J. Research in Marketing 33",
    .formula = "absorbing chain, solved exactly: N = (I-Q)^-1, h = N r; removal effect (N_sj/N_jj) "
               "h_j/h_s; "
               "conversions shared by removal effects",
    .input = "paths  list of {path: [channel, ...], conversions, nulls}; or\n"
             "data  table: path, total_conversions, total_null, with separator (\" > \")",
    .output = "total_conversions, conversion_probability; removal_effect, attributed_conversions, "
              "first_touch, "
              "last_touch, linear_touch  by channel; transition  {\"a -> b\": chance}",
    .example = "{\"paths\":[{\"path\":[\"ad\",\"shop\"],\"conversions\":1},{\"path\":[\"ad\"],"
               "\"nulls\":1}]}",
    .run = run,
};
