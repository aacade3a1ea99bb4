/* methods_test.c - every method on its own example, and on everything its example can be bent into. */
#include "base/test.h"
#include "kern/method.h"

typedef struct {
    const char *method, *path; /* "parts.app.mix", "ci[0]" */
    double want;
} figure;
#define MISSING 1e300 /* there is no such path */

/* Figures of the methods' own examples, by hand where a hand can. */
static const figure figures[] = {
    {"abc_value", "delta", 2},
    {"abc_value", "loyalty_value", 2},
    {"absa_metrics", "category.f1", 0.5},
    {"alert_arl", "arl_h4[0]", 167.66673636550678},
    {"alert_fatigue", "sent[1][0]", 6},
    {"always_valid", "first_crossing", NAN},
    {"always_valid", "p[4]", 0.288100082031783},
    {"annotation_agreement", "nominal", 2.0 / 3},
    {"association_rules", "rules[0].confidence", 2.0 / 3},
    {"bandit", "expected_loss_choose_b[0]", 1.0 / 6},
    {"bandit", "p_b_beats_a[1]", 1.0 / 3},
    {"binary_logit", "coef.x", 1.2140275858514207},
    {"bsts_causal_impact", "bsts.actual", 9.65},
    {"bsts_causal_impact", "ols_counterfactual_effect", 2.18},
    {"burst_detection", "bursts_level_start_end[0][1][1]", 20},
    {"ces", "n", 50},
    {"change_decomposition", "delta", -14},
    {"classification_metrics", "accuracy", 0.75},
    {"clv_bgbb", "gamma", NAN},
    {"clv_bgbb", "logLik", -425.45857944071037},
    {"clv_bgnbd", "conditional[0]", 0.28997985130190707},
    {"clv_bgnbd", "p_alive[0]", 1},
    {"clv_gamma_gamma", "expected_value[0]", 22},
    {"clv_npv", "segment_npv", 20.92314569826432},
    {"cohort_retention", "cohorts.2026-01.retention.1", 0.5},
    {"complex_survey_se", "mean_y", 34.0 / 7},
    {"complex_survey_se", "total_x", 330},
    {"contact_policy", "decision[3]", MISSING},
    {"cox_ph", "efron", 0.27394781732579004},
    {"crosstab", "chisq", 50.0 / 3},
    {"csat", "top2", 70},
    {"csat_top2box_ci", "intervals[0][0]", 0.236593090512564},
    {"csat_top2box_ci", "intervals[1][0]", 0},
    {"csi_acsi", "acsi_weighted", 100 * 6.55 / 9},
    {"cuped", "theta", 15.0 / 14},
    {"cusum", "estimated_shift_start", 2},
    {"cusum", "first_signal", 6},
    {"descriptive", "autocorr_lag1", 0.25},
    {"difference_in_differences", "did", 2},
    {"driver_dominance", "average.a", 0.6366366366366367},
    {"driver_dominance", "complete[0][2]", MISSING},
    {"driver_johnson", "raw.a", 0.6366366366366367},
    {"driver_lmg", "R2", 0.975975975975976},
    {"driver_lmg", "lmg.a", 0.6366366366366367},
    {"driver_ordered_logit", "coef.wait", -1.15271015},
    {"driver_ridge", "coef[0][0]", -7.0 / 15},
    {"driver_std_ols", "condition_number_corr", 9},
    {"driver_std_ols", "vif.a", 25.0 / 9},
    {"ewma", "out_of_control[0]", 3},
    {"expectation_disconfirmation", "mean_disconfirmation", -1.0 / 3},
    {"fellegi_sunter", "agree[0]", 3},
    {"fellegi_sunter", "posterior[0]", 8.0 / 9},
    {"forecast_trend", "value[0]", 19.4},
    {"forecasting", "next3[0]", 4.104656864583333},
    {"frequency_capping", "sent[1]", 0},
    {"frequency_capping", "sent[2]", 1},
    {"funnel", "overall", 0.5},
    {"identity_graph", "clusters[1][1]", 2},
    {"implicit_als", "user_factors[0][0]", 11.0 / 11.35},
    {"incrementality", "lift", 0.5},
    {"ipa", "gap[0]", -3},
    {"item_similarity", "jaccard.A|B", 1.0 / 3},
    {"item_similarity", "slope_one[0]", 2},
    {"journey_attribution", "attributed_conversions.shop", 0.5},
    {"journey_attribution", "removal_effect.ad", 1},
    {"kano", "worse", -0.75},
    {"kaplan_meier_logrank", "se_greenwood[1]", NAN},
    {"kaplan_meier_logrank", "survival[0]", 2.0 / 3},
    {"kaplan_meier_logrank", "survival[1]", 0},
    {"keyword_log_odds", "wait.delta", 1.4558520448218},
    {"language_id", "lang[2]", MISSING},
    {"log_likelihood_ratio", "llr[0]", 2.772588722239781},
    {"multiple_testing", "bh_adjusted[1]", 0.04},
    {"naive_bayes", "joint_pos", 0.375},
    {"near_duplicate", "jaccard", 0.5},
    {"near_duplicate", "probability[0]", 0.75},
    {"net_sentiment", "nss_polar", 50},
    {"nps", "adjwald_center", 3000.0 / 103},
    {"nps", "nps", 30},
    {"nps_bias", "weighted_nps", 10},
    {"nps_difference", "diff", 20},
    {"ols", "coef[0]", 0.8},
    {"ols", "coef[1]", 2.3},
    {"outlier_test", "mad_score_hampel[4]", 11.4665},
    {"outlier_test", "outlier_index", 4},
    {"p_chart", "revised_p_bar", 0.1},
    {"peak_end", "results[0].peak_end", -1},
    {"penalty_reward", "wait.penalty", -3},
    {"pls_sem", "n", 6},
    {"pls_sem", "paths.Image.Loyalty", 0.9686442602141359},
    {"power_mde", "margin_of_error_n400_points", 7.839855938160215},
    {"price_drop_trigger", "notices_t_user_item_from_to[0][4]", 90},
    {"price_sensitivity", "opp", 4},
    {"probability_metrics", "auc", 0.875},
    {"probability_metrics", "lift_top", 2},
    {"process_discovery", "dependency.ask -> wait", 0.75},
    {"propensity_ipw", "difference", 1.75},
    {"proportion_difference_ci", "diff_lo_hi[0][0]", 0},
    {"raking", "converged", 1},
    {"rank_tests", "kendall_tau_b.x", 2.0 / 3},
    {"rank_tests", "spearman.x", 0.8},
    {"ranking_metrics", "at.2.mrr", 0.5},
    {"record_linkage", "candidate_pairs", 3},
    {"record_linkage", "true_positives", 1},
    {"reliability", "raw_alpha", 0.967032967032967},
    {"repurchase_rate", "rates_pct[0]", 25},
    {"repurchase_rate", "rates_pct[1]", NAN},
    {"response_quality", "median_seconds", 40},
    {"rfm", "R[0]", 5},
    {"rox", "rox_pct", 50},
    {"sample_ratio_mismatch", "chisq", 4},
    {"sample_size", "kish_deff", 1.125},
    {"seasonal_decomposition", "figure[1]", 2},
    {"segment_npv", "npv[0]", 750},
    {"send_time", "personal[0]", 0.293333333333333},
    {"sequence_mining", "n_patterns", 4},
    {"servqual", "weighted", -0.7},
    {"string_similarity", "jaro[0]", 0.822222222222222},
    {"string_similarity", "osa[1]", 1},
    {"synthetic_control", "mean_gap", 2.5},
    {"textrank_pagerank", "score.slow", 0.486486486486486},
    {"tfidf", "tfidf[0][0]", 1},
    {"topic_coherence", "npmi[1]", -1},
    {"touchpoint_value", "shop.destruction_share", 0.25},
    {"two_proportion", "chisq", 4.761904761904762},
    {"uplift", "qini_coefficient", 0.375},
    {"welch_t", "t", -1.224744871391589},
};

typedef struct {
    const method *m;
    const json *input;
    char *answer; /* the caller frees it */
} running;

static bool run_in(arena *a, void *ctx, err *e) {
    running *r = ctx;
    buf b;
    if (!method_run(a, r->m, r->input, &b, e)) return false;
    r->answer = mem_new(b.n + 1, 1);
    memcpy(r->answer, b.p, b.n);
    return true;
}

/* NULL when the input was refused: then with a sentence. */
static char *answer_to(const method *m, const json *input) {
    err e = {0};
    running r = {.m = m, .input = input};
    if (job_run((size_t)64 << 20, run_in, &r, &e)) return r.answer;
    if (e.msg[0] == 0) fail_msg("%s fails without a sentence", m->name);
    return NULL;
}

static json *example_of(arena *a, const method *m) {
    err e;
    json *v = NULL;
    if (!json_read(a, str_of(m->example), &v, &e)) fail_msg("%s: its example: %s", m->name, e.msg);
    return v;
}

static const json *walk(const json *v, str path) {
    while (v && path.n) {
        size_t n = 0;
        if (path.p[0] == '[') {
            i64 i = strtol(path.p + 1, NULL, 10);
            for (v = v->first; v && i > 0; v = v->next) i--;
            path = str_from(path, (size_t)str_find(path, S("]")) + 1);
        } else {
            while (n < path.n && path.p[n] != '.' && path.p[n] != '[') n++;
            v = json_get(v, str_head(path, n));
            path = str_from(path, n);
        }
        if (path.n && path.p[0] == '.') path = str_from(path, 1);
    }
    return v;
}

static void every_method_gives_the_figures_of_its_example(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(figures); i++) {
        const figure *f = &figures[i];
        const method *m = method_find(str_of(f->method));
        if (!m) fail_msg("there is no method %s", f->method);
        arena *a = arena_open((size_t)64 << 20);
        char *text = answer_to(m, example_of(a, m));
        if (!text) fail_msg("%s refuses its own example", f->method);
        err e;
        json *v;
        assert_ok(json_read(a, str_of(text), &v, &e));
        const json *at = walk(v, str_of(f->path));
        double have = at ? at->kind == JSON_BOOL ? (double)at->i : at->num : NAN;
        if (at && at->kind == JSON_NULL) have = NAN;
        bool ok = f->want == MISSING ? !at
                  : isnan(f->want)   ? at && at->kind == JSON_NULL
                                     : fabs(have - f->want) <= 1e-7 * fmax(1, fabs(f->want));
        if (!ok)
            fail_msg("%s: %s is %.12g, not %.12g in %s", f->method, f->path, have, f->want, text);
        free(text);
        arena_close(a);
    }
}

static void every_method_is_explained_in_three_languages_and_has_a_figure_here(void **state) {
    (void)state;
    for (size_t i = 0; i < methods_n; i++) {
        const method *m = methods[i];
        bool figured = false;
        for (size_t k = 0; k < COUNT(figures); k++)
            figured |= strcmp(figures[k].method, m->name) == 0;
        if (!figured) fail_msg("no figure of %s above", m->name);
        for (int k = 0; k < 3; k++) assert_true(m->title[k] && m->title[k][0]);
        assert_true(m->source && m->formula && m->input && m->output && m->example && m->run);
        assert_true(method_find(str_of(m->name)) == m);
    }
}

/* ---- bent examples ---- */

static void hold(const method *m, const json *input) {
    char *one = answer_to(m, input);
    if (!one) return;
    arena *a = arena_open((size_t)64 << 20);
    err e;
    json *v;
    if (!json_read(a, str_of(one), &v, &e)) fail_msg("%s writes %s: %s", m->name, one, e.msg);
    if (strstr(one, "nan") || strstr(one, "inf,")) fail_msg("%s writes %s", m->name, one);
    char *two = answer_to(m, input);
    assert_string_equal(one, two);
    free(one), free(two);
    arena_close(a);
}

static void bend(const method *m, const json *whole, json *v) {
    static const double numbers[] = {0, -1, 1, 0.5, 7, 1e9, 1e100, -1e100, 1e-300};
    json was = *v;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        bool is_int = floor(numbers[i]) == numbers[i] && fabs(numbers[i]) < 1e15;
        *v = (json){.kind = is_int ? JSON_INT : JSON_NUM,
                    .num = numbers[i],
                    .key = was.key,
                    .next = was.next};
        if (is_int) v->i = (i64)numbers[i];
        hold(m, whole);
    }
    static const json_kind kinds[] = {JSON_NULL, JSON_BOOL, JSON_TEXT, JSON_ARRAY, JSON_OBJECT};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        *v = (json){.kind = kinds[i], .text = S(""), .key = was.key, .next = was.next, .num = NAN};
        hold(m, whole);
    }
    *v = was;
    if (was.first) { /* without its first, and only its first */
        v->first = was.first->next, v->n--;
        hold(m, whole);
        json *second = was.first->next;
        *v = was, v->n = 1, was.first->next = NULL;
        hold(m, whole);
        *v = was, was.first->next = second;
    }
    u32 kept = 0;
    for (json *k = v->first; k && kept < 12; k = k->next, kept++) bend(m, whole, k);
}

/* All numbers of a list equal: nothing differs. */
static void level(const method *m, const json *whole, json *v) {
    for (json *k = v->first; k; k = k->next) level(m, whole, k);
    if (v->kind != JSON_ARRAY || !v->first) return;
    json *was = mem_new(v->n, sizeof *was);
    size_t i = 0;
    for (json *k = v->first; k; k = k->next) was[i++] = *k;
    for (json *k = v->first; k; k = k->next) {
        json *next = k->next;
        *k = *v->first;
        k->next = next;
    }
    hold(m, whole);
    i = 0;
    for (json *k = v->first; k; k = k->next) *k = was[i++];
    free(was);
}

static void no_bent_input_crashes_a_method_or_makes_it_print_nan(void **state) {
    (void)state;
    for (size_t i = 0; i < methods_n; i++) {
        arena *a = arena_open((size_t)64 << 20);
        json *v = example_of(a, methods[i]);
        bend(methods[i], v, v);
        level(methods[i], v, v);
        arena_close(a);
    }
}

static void running_out_of_memory_is_a_sentence(void **state) {
    (void)state;
    for (size_t i = 0; i < methods_n; i++) {
        arena *a = arena_open((size_t)64 << 20);
        json *v = example_of(a, methods[i]);
        for (i64 k = 0; k < 40; k++) {
            arena_fail_after(k);
            free(answer_to(methods[i], v));
        }
        arena_fail_after(-1);
        arena_close(a);
    }
}

static void a_name_may_be_written_with_dashes(void **state) {
    (void)state;
    assert_true(method_find(S("abc-value")) == method_find(S("abc_value")));
    assert_true(method_find(S("abc-value")) != NULL);
    extern const method method_outlier; /* its file cannot be called as it is: it would be a test */
    assert_true(method_find(S("outlier-test")) == &method_outlier);
    assert_null(method_find(S("abc")));
    assert_null(method_find(S("")));
}

static void what_is_undefined_names_its_reason_by_path(void **state) {
    (void)state;
    arena *a = arena_open((size_t)8 << 20);
    err e;
    json *in;
    buf b;
    assert_ok(json_read(a, S("{\"counts_1_to_5\":[0,0,0,0,0]}"), &in, &e));
    assert_ok(method_run(a, method_find(S("csat")), in, &b, &e));
    assert_true(str_find(buf_view(&b), S("\"mean\":null")) >= 0);
    assert_true(str_find(buf_view(&b), S("\"undefined\":{\"top2\":\"no_data\"")) >= 0);
    assert_true(str_find(buf_view(&b), S("\"top2_wilson[1]\":\"no_data\"")) >= 0);
    arena_close(a);
}

static void a_bad_field_is_named(void **state) {
    (void)state;
    arena *a = arena_open((size_t)8 << 20);
    err e;
    json *in;
    buf b;
    assert_ok(json_read(a, S("{\"counts_1_to_5\":[1,2,3]}"), &in, &e));
    assert_false(method_run(a, method_find(S("csat")), in, &b, &e));
    assert_string_equal(e.msg, "\"counts_1_to_5\" must hold 5 numbers, not 3");
    assert_int_equal(e.code, INVALID);
    arena_close(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_method_gives_the_figures_of_its_example),
        cmocka_unit_test(every_method_is_explained_in_three_languages_and_has_a_figure_here),
        cmocka_unit_test(no_bent_input_crashes_a_method_or_makes_it_print_nan),
        cmocka_unit_test(running_out_of_memory_is_a_sentence),
        cmocka_unit_test(a_name_may_be_written_with_dashes),
        cmocka_unit_test(what_is_undefined_names_its_reason_by_path),
        cmocka_unit_test(a_bad_field_is_named),
    };
    return RUN_TESTS(tests);
}
