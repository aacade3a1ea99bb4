/* segment_npv.c - what a segment's loyalty is worth today. */
#include "kern/method.h"
#include "kern/moments.h"

static bool by_multiple(calc *c) {
    vec r = in_nums(c, NULL, "retention"), d = in_nums(c, NULL, "discount");
    for (size_t i = 0; i < r.n && calc_ok(c); i++)
        if (r.v[i] < 0 || r.v[i] > 1) calc_bad(c, "\"retention\" must lie between 0 and 1");
    for (size_t i = 0; i < d.n && calc_ok(c); i++)
        if (d.v[i] < 0 || d.v[i] > 100) calc_bad(c, "\"discount\" must lie between 0 and 100");
    if (!calc_ok(c)) return false;
    mat m = mat_new(c->a, r.n, d.n);
    for (size_t i = 0; i < r.n; i++)
        for (size_t j = 0; j < d.n; j++) {
            double below = 1 + d.v[j] - r.v[i];
            *mat_at(m, i, j) = below > 0 ? r.v[i] / below : undefined(INFINITE);
        }
    out_mat(c, "multiple", m);
    return true;
}

static bool run(calc *c) {
    if (in_has(c, NULL, "retention")) return by_multiple(c);
    const json *list = in_list(c, NULL, "segments");
    double d = in_num_of(c, NULL, "annual_discount", 0, 100);
    i64 years = in_int(c, NULL, "years", 1, 1000);
    out_list(c, "npv");
    for (const json *v = list->first; v && calc_ok(c); v = v->next) {
        double n = in_num_of(c, v, "n", 0, 1e15), margin = in_num(c, v, "margin");
        double r = in_num_of(c, v, "retention", 0, 1),
               cost = in_maybe(c, v, "acquisition_cost", 0, 1e18, 0);
        neat s = {0};
        for (i64 t = 1; t <= years; t++) neat_add(&s, n * margin * pow(r / (1 + d), (double)t));
        out_num(c, NULL, neat_sum(&s) - cost);
    }
    out_end(c);
    return calc_ok(c);
}

const method method_segment_npv = {
    .name = "segment_npv",
    .title = {"Net present value of a segment", "客群净现值", "客群淨現值"},
    .source = "Berger & Nasr 1998, J. Interactive Marketing 12(1); Gupta & Lehmann 2003, 17(1)",
    .formula = "sum over t = 1..years of n margin (retention/(1+d))^t, less the cost of "
               "acquisition; margin "
               "multiple r/(1+i-r)",
    .input =
        "segments  list of {n, margin, retention, acquisition_cost}, annual_discount, years; or\n"
        "retention, discount  lists",
    .output = "npv  by segment; or multiple  retention x discount",
    .example = "{\"segments\":[{\"n\":100,\"margin\":10,\"retention\":0.5}],\"annual_discount\":0,"
               "\"years\":2}",
    .run = run,
};
