/* methods_property_test.c - what must hold of whole families of methods, on made-up data. */
#include "base/test.h"
#include "kern/chance.h"
#include "kern/method.h"

/* ---- made-up tables: y, a, b, c are ratings, t and e yes or no, g a group ---- */

enum { ROWS = 60, COLUMNS = 7 };
static const char *const names[COLUMNS] = {"y", "a", "b", "c", "t", "e", "g"};

static void make(chance *c, double rows[ROWS][COLUMNS]) {
    for (int i = 0; i < ROWS; i++) {
        double mood = chance_normal(c);
        for (int j = 0; j < 4; j++)
            rows[i][j] = fmin(9, fmax(1, round(5 + mood + 1.5 * chance_normal(c))));
        rows[i][4] = chance_uniform(c) < 0.5;
        rows[i][5] = chance_uniform(c) < 0.4 + 0.05 * rows[i][1];
        rows[i][6] = floor(3 * chance_uniform(c));
    }
}

/* The table with its rows and columns in the orders given, as JSON fields. */
static str print(arena *a, double rows[ROWS][COLUMNS], const size_t *row, const size_t *column,
                 size_t columns) {
    buf b = {.a = a};
    buf_fmt(&b, "\"columns\":[");
    for (size_t j = 0; j < columns; j++) buf_fmt(&b, "%s\"%s\"", j ? "," : "", names[column[j]]);
    buf_fmt(&b, "],\"rows\":[");
    for (size_t i = 0; i < ROWS; i++) {
        buf_fmt(&b, "%s[", i ? "," : "");
        for (size_t j = 0; j < columns; j++)
            buf_fmt(&b, "%s%g", j ? "," : "", rows[row[i]][column[j]]);
        buf_char(&b, ']');
    }
    buf_char(&b, ']');
    return buf_view(&b);
}

static void shuffle(chance *c, size_t *order, size_t n) {
    for (size_t i = n; i > 1; i--) {
        size_t k = chance_bits(c) % i, was = order[i - 1];
        order[i - 1] = order[k], order[k] = was;
    }
}

/* ---- running and comparing ---- */

static const json *answer(arena *a, const char *name, str input) {
    err e = {0};
    json *v;
    buf b;
    const method *m = method_find(str_of(name));
    if (!m) fail_msg("there is no method %s", name);
    if (!json_read(a, input, &v, &e) || !method_run(a, m, v, &b, &e))
        fail_msg("%s: %s in %.*s", name, e.msg, STR_ARG(input));
    if (!json_read(a, buf_view(&b), &v, &e)) fail_msg("%s: %s", name, e.msg);
    return v;
}

static void alike(const char *name, const json *x, const json *y, double tol) {
    if (x->kind == JSON_OBJECT) {
        for (const json *v = x->first; v; v = v->next) {
            const json *w = json_get(y, v->key);
            if (!w) fail_msg("%s: %.*s is gone", name, STR_ARG(v->key));
            alike(name, v, w, tol);
        }
    } else if (x->kind == JSON_ARRAY) {
        assert_int_equal(x->n, y->n);
        for (const json *v = x->first, *w = y->first; v; v = v->next, w = w->next)
            alike(name, v, w, tol);
    } else if (x->kind == JSON_INT || x->kind == JSON_NUM) {
        if (!(fabs(x->num - y->num) <= tol * fmax(1, fabs(x->num))))
            fail_msg("%s: %.*s was %.15g, is %.15g", name, STR_ARG(x->key), x->num, y->num);
    } else if (x->kind == JSON_TEXT && !str_eq(x->text, y->text)) {
        fail_msg("%s: was %.*s, is %.*s", name, STR_ARG(x->text), STR_ARG(y->text));
    }
}

typedef struct {
    const char *method, *more; /* fields behind the table */
    const char *columns;       /* by letter */
    bool in_data;              /* the table is "data" */
    double tol;
} table_case;

static const table_case table_cases[] = {
    {"reliability", "", "yabc", true, 1e-10},
    {"ols", "\"outcome\":\"y\",\"columns_used\":[\"a\",\"b\",\"c\"]", "yabc", false, 1e-9},
    {"driver_lmg", "\"outcome\":\"y\",\"drivers\":[\"a\",\"b\",\"c\"]", "yabc", false, 1e-9},
    {"driver_johnson", "\"outcome\":\"y\",\"drivers\":[\"a\",\"b\",\"c\"]", "yabc", false, 1e-9},
    {"driver_std_ols", "\"outcome\":\"y\",\"drivers\":[\"a\",\"b\",\"c\"]", "yabc", false, 1e-9},
    {"driver_dominance", "\"outcome\":\"y\",\"drivers\":[\"a\",\"b\",\"c\"]", "yabc", false, 1e-9},
    {"driver_ridge", "\"outcome\":\"y\",\"drivers\":[\"a\",\"b\",\"c\"],\"lambdas\":[0,1]", "yabc",
     false, 1e-9},
    {"binary_logit", "\"outcome\":\"e\",\"columns_used\":[\"a\",\"b\"]", "eab", false, 1e-8},
    {"rank_tests", "\"with\":\"y\"", "yabc", false, 1e-10},
    {"propensity_ipw", "\"treatment\":\"t\",\"outcome\":\"y\",\"covariates\":[\"a\",\"b\"]", "tyab",
     true, 1e-7},
    {"pls_sem", "\"blocks\":{\"P\":[\"a\",\"b\"],\"Q\":[\"y\",\"c\"]},\"paths\":[[\"P\",\"Q\"]]",
     "yabc", true, 1e-6},
    {"driver_ordered_logit", "\"formula\":\"g(0<1<2) ~ a + b\"", "gab", true, 1e-4},
};

static size_t columns_of(const char *letters, size_t *out) {
    size_t n = 0;
    for (; letters[n]; n++)
        for (size_t j = 0; j < COLUMNS; j++)
            if (names[j][0] == letters[n]) out[n] = j;
    return n;
}

static str input_of(arena *a, const table_case *k, str cells) {
    str inner = k->in_data ? arena_fmt(a, "\"data\":{%.*s}", STR_ARG(cells)) : cells;
    return arena_fmt(a, "{%.*s%s%s}", STR_ARG(inner), k->more[0] ? "," : "", k->more);
}

static void the_order_of_rows_and_columns_does_not_matter(void **state) {
    (void)state;
    chance c = chance_of(17);
    for (size_t k = 0; k < COUNT(table_cases); k++)
        for (int round = 0; round < 5; round++) {
            arena *a = arena_open((size_t)128 << 20);
            static double rows[ROWS][COLUMNS];
            size_t row[ROWS], column[COLUMNS], n = columns_of(table_cases[k].columns, column);
            make(&c, rows);
            for (size_t i = 0; i < ROWS; i++) row[i] = i;
            const json *x = answer(a, table_cases[k].method,
                                   input_of(a, &table_cases[k], print(a, rows, row, column, n)));
            shuffle(&c, row, ROWS);
            shuffle(&c, column, n);
            const json *y = answer(a, table_cases[k].method,
                                   input_of(a, &table_cases[k], print(a, rows, row, column, n)));
            alike(table_cases[k].method, x, y, table_cases[k].tol);
            arena_close(a);
        }
}

static double sum_of(const json *object) {
    double s = 0;
    for (const json *v = object->first; v; v = v->next) s += v->num;
    return s;
}

static void importances_sum_to_r_squared_and_are_never_negative(void **state) {
    (void)state;
    chance c = chance_of(23);
    for (int round = 0; round < 20; round++) {
        arena *a = arena_open((size_t)128 << 20);
        static double rows[ROWS][COLUMNS];
        size_t row[ROWS], column[COLUMNS], n = columns_of("yabc", column);
        make(&c, rows);
        for (size_t i = 0; i < ROWS; i++)
            row[i] = i, rows[i][3] = round % 2 ? rows[i][3] : rows[i][2]; /* a twin */
        str in = input_of(a, &table_cases[2], print(a, rows, row, column, n));
        const json *v = answer(a, "driver_lmg", in);
        const json *lmg = json_get(v, S("lmg"));
        assert_near(sum_of(lmg), json_get_num(v, S("R2")), 1e-9);
        for (const json *p = lmg->first; p; p = p->next) assert_true(p->num >= -1e-12);
        if (round % 2 == 0)
            assert_near(json_get_num(lmg, S("b")), json_get_num(lmg, S("c")),
                        1e-9); /* twins share */
        if (round % 2)
            assert_near(sum_of(json_get(answer(a, "driver_johnson", in), S("raw"))),
                        json_get_num(v, S("R2")), 1e-9);
        arena_close(a);
    }
}

/* ---- lists ---- */

static str list_of(arena *a, const double *v, const size_t *order, size_t n) {
    buf b = {.a = a};
    for (size_t i = 0; i < n; i++) buf_fmt(&b, "%s%.17g", i ? "," : "", v[order ? order[i] : i]);
    return buf_view(&b);
}

static void equal_weights_are_no_weights_and_only_their_ratio_counts(void **state) {
    (void)state;
    chance c = chance_of(29);
    for (int round = 0; round < 20; round++) {
        arena *a = arena_open((size_t)16 << 20);
        double x[40], w[40], w3[40], one[40];
        for (int i = 0; i < 40; i++) {
            x[i] = floor(11 * chance_uniform(&c)), one[i] = 0.7;
            w[i] = 0.2 + chance_uniform(&c), w3[i] = 3 * w[i];
        }
        str list = list_of(a, x, NULL, 40);
        const json *plain = answer(a, "nps", arena_fmt(a, "{\"answers\":[%.*s]}", STR_ARG(list)));
        const json *equal = answer(a, "nps",
                                   arena_fmt(a, "{\"answers\":[%.*s],\"weights\":[%.*s]}",
                                             STR_ARG(list), STR_ARG(list_of(a, one, NULL, 40))));
        const json *some = answer(a, "nps",
                                  arena_fmt(a, "{\"answers\":[%.*s],\"weights\":[%.*s]}",
                                            STR_ARG(list), STR_ARG(list_of(a, w, NULL, 40))));
        const json *more = answer(a, "nps",
                                  arena_fmt(a, "{\"answers\":[%.*s],\"weights\":[%.*s]}",
                                            STR_ARG(list), STR_ARG(list_of(a, w3, NULL, 40))));
        assert_near(json_get_num(plain, S("nps")), json_get_num(equal, S("nps")), 1e-9);
        assert_near(json_get_num(equal, S("kish_deff")), 1, 1e-9);
        alike("nps", some, more, 1e-9);
        arena_close(a);
    }
}

static void counts_of_two_halves_are_the_counts_of_the_whole(void **state) {
    (void)state;
    chance c = chance_of(31);
    for (int round = 0; round < 20; round++) {
        arena *a = arena_open((size_t)16 << 20);
        double x[60], n[3] = {0};
        for (int i = 0; i < 60; i++) {
            x[i] = floor(11 * chance_uniform(&c));
            n[x[i] >= 9 ? 2 : x[i] <= 6 ? 0 : 1]++;
        }
        const json *answers = answer(
            a, "nps", arena_fmt(a, "{\"answers\":[%.*s]}", STR_ARG(list_of(a, x, NULL, 60))));
        const json *counts = answer(
            a, "nps",
            arena_fmt(a, "{\"promoters\":%g,\"passives\":%g,\"detractors\":%g}", n[2], n[1], n[0]));
        const char *same[] = {"nps", "variance", "se", "adjwald_lo", "adjwald_hi"};
        for (size_t i = 0; i < COUNT(same); i++)
            assert_near(json_get_num(answers, str_of(same[i])),
                        json_get_num(counts, str_of(same[i])), 1e-9);
        arena_close(a);
    }
}

static void parts_of_a_change_sum_to_the_change(void **state) {
    (void)state;
    chance c = chance_of(37);
    for (int round = 0; round < 100; round++) {
        arena *a = arena_open((size_t)16 << 20);
        double v[6];
        for (int i = 0; i < 6; i++) v[i] = chance_uniform(&c) * (i % 3 ? 10 : 1);
        const json *abc = answer(
            a, "abc_value",
            arena_fmt(
                a,
                "{\"before\":{\"retained_share\":%.17g,\"quantity\":%.17g,\"unit_margin\":%.17g},"
                "\"after\":{\"retained_share\":%.17g,\"quantity\":%.17g,\"unit_margin\":%.17g}}",
                v[0], v[1], v[2], v[3], v[4], v[5]));
        double parts = json_get_num(abc, S("loyalty_value")) +
                       json_get_num(abc, S("growth_value")) + json_get_num(abc, S("premium_value"));
        assert_near(parts, json_get_num(abc, S("delta")), 1e-10);
        buf b = {.a = a};
        for (int i = 0; i < 4; i++) /* segments come and go */
            buf_fmt(&b, "%s\"s%d\":{\"n0\":%.0f,\"m0\":%.17g,\"n1\":%.0f,\"m1\":%.17g}",
                    i ? "," : "", i, floor(chance_uniform(&c) * 3) * 50 + (i == 0),
                    chance_normal(&c) * 20, floor(chance_uniform(&c) * 3) * 40 + (i == 0),
                    chance_normal(&c) * 20);
        const json *mix = answer(a, "change_decomposition",
                                 arena_fmt(a, "{\"segments\":{%.*s}}", STR_ARG(buf_view(&b))));
        assert_near(json_get_num(mix, S("mix")) + json_get_num(mix, S("rate")),
                    json_get_num(mix, S("delta")), 1e-9);
        arena_close(a);
    }
}

static void twice_the_journeys_change_no_share(void **state) {
    (void)state;
    chance c = chance_of(41);
    for (int round = 0; round < 20; round++) {
        arena *a = arena_open((size_t)16 << 20);
        buf once = {.a = a}, twice = {.a = a};
        for (int i = 0; i < 12; i++) {
            buf path = {.a = a};
            int n = 1 + (int)(chance_bits(&c) % 5), yes = (int)(chance_bits(&c) % 4),
                no = 1 + (int)(chance_bits(&c) % 4);
            for (int k = 0; k < n; k++)
                buf_fmt(&path, "%s\"c%d\"", k ? "," : "", (int)(chance_bits(&c) % 4));
            buf_fmt(&once, "%s{\"path\":[%.*s],\"conversions\":%d,\"nulls\":%d}", i ? "," : "",
                    STR_ARG(buf_view(&path)), yes + 1, no);
            buf_fmt(&twice, "%s{\"path\":[%.*s],\"conversions\":%d,\"nulls\":%d}", i ? "," : "",
                    STR_ARG(buf_view(&path)), 2 * yes + 2, 2 * no);
        }
        const json *x = answer(a, "journey_attribution",
                               arena_fmt(a, "{\"paths\":[%.*s]}", STR_ARG(buf_view(&once))));
        const json *y = answer(a, "journey_attribution",
                               arena_fmt(a, "{\"paths\":[%.*s]}", STR_ARG(buf_view(&twice))));
        alike("journey_attribution", json_get(x, S("removal_effect")),
              json_get(y, S("removal_effect")), 1e-9);
        assert_near(sum_of(json_get(x, S("attributed_conversions"))),
                    json_get_num(x, S("total_conversions")), 1e-9);
        assert_near(sum_of(json_get(x, S("linear_touch"))), json_get_num(x, S("total_conversions")),
                    1e-9);
        arena_close(a);
    }
}

static void a_curve_of_survival_only_falls_and_groups_alike_do_not_differ(void **state) {
    (void)state;
    chance c = chance_of(43);
    for (int round = 0; round < 20; round++) {
        arena *a = arena_open((size_t)16 << 20);
        buf b = {.a = a};
        for (int i = 0; i < 40; i++) { /* each person is in both groups */
            double t = ceil(20 * chance_uniform(&c));
            int event = chance_uniform(&c) < 0.7;
            buf_fmt(&b, "%s[%g,%d,\"a\"],[%g,%d,\"b\"]", i ? "," : "", t, event, t, event);
        }
        const json *v = answer(
            a, "kaplan_meier_logrank",
            arena_fmt(a, "{\"data\":{\"columns\":[\"time\",\"event\",\"group\"],\"rows\":[%.*s]}}",
                      STR_ARG(buf_view(&b))));
        assert_near(json_get_num(v, S("logrank_chisq")), 0, 1e-9);
        const json *s = json_get(v, S("survival")), *g = json_get(v, S("strata"));
        for (const json *p = s->first, *q = g->first; p->next; p = p->next, q = q->next)
            if (str_eq(q->text, q->next->text)) assert_true(p->next->num <= p->num);
        arena_close(a);
    }
}

/* A year of months with a season and noise, three times. */
static str months(arena *a, chance *c, double noise) {
    double x[48];
    for (int i = 0; i < 48; i++)
        x[i] = 50 + 0.3 * i + 8 * sin(2 * M_PI * i / 12) + noise * chance_normal(c);
    return list_of(a, x, NULL, 48);
}

static void a_forecast_that_fits_itself_is_no_worse_than_any_other(void **state) {
    (void)state;
    chance c = chance_of(47);
    for (int round = 0; round < 5; round++) {
        arena *a = arena_open((size_t)64 << 20);
        str x = months(a, &c, 1);
        const json *own =
            answer(a, "forecasting", arena_fmt(a, "{\"x\":[%.*s],\"period\":12}", STR_ARG(x)));
        for (int k = 0; k < 10; k++) {
            const json *any = answer(
                a, "forecasting",
                arena_fmt(a, "{\"x\":[%.*s],\"period\":12,\"alpha\":%g,\"beta\":%g,\"gamma\":%g}",
                          STR_ARG(x), chance_uniform(&c), chance_uniform(&c), chance_uniform(&c)));
            assert_true(json_get_num(own, S("SSE")) <= json_get_num(any, S("SSE")) * (1 + 1e-6));
        }
        arena_close(a);
    }
}

static void trend_season_and_rest_make_the_series(void **state) {
    (void)state;
    static const char *const how[] = {"", ",\"s_window\":\"periodic\"", ",\"s_window\":7",
                                      ",\"s_window\":\"periodic\",\"robust\":true"};
    chance c = chance_of(53);
    for (size_t k = 0; k < COUNT(how); k++) {
        arena *a = arena_open((size_t)64 << 20);
        str x = months(a, &c, 0.5);
        err e;
        json *list;
        assert_ok(json_read(a, arena_fmt(a, "[%.*s]", STR_ARG(x)), &list, &e));
        const json *v = answer(a, "seasonal_decomposition",
                               arena_fmt(a, "{\"x\":[%.*s],\"period\":12%s}", STR_ARG(x), how[k]));
        const json *t = json_get(v, S("trend"))->first, *s = json_get(v, S("seasonal"))->first,
                   *r = json_get(v, S("remainder"))->first;
        double season = 0;
        for (const json *y = list->first; y; y = y->next, t = t->next, s = s->next, r = r->next) {
            season = fmax(season, s->num);
            if (t->kind != JSON_NULL) assert_near(t->num + s->num + r->num, y->num, 1e-9);
        }
        assert_near(season, 8, 1.5);
        arena_close(a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_rows_and_columns_does_not_matter),
        cmocka_unit_test(importances_sum_to_r_squared_and_are_never_negative),
        cmocka_unit_test(equal_weights_are_no_weights_and_only_their_ratio_counts),
        cmocka_unit_test(counts_of_two_halves_are_the_counts_of_the_whole),
        cmocka_unit_test(parts_of_a_change_sum_to_the_change),
        cmocka_unit_test(twice_the_journeys_change_no_share),
        cmocka_unit_test(a_forecast_that_fits_itself_is_no_worse_than_any_other),
        cmocka_unit_test(trend_season_and_rest_make_the_series),
        cmocka_unit_test(a_curve_of_survival_only_falls_and_groups_alike_do_not_differ),
    };
    return RUN_TESTS(tests);
}
