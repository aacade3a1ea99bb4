/* servqual.c - perceived less expected quality, by dimension. */
#include "kern/method.h"
#include "kern/moments.h"

/* Mean of the differences of one item where both are there. */
static double gap_of(mat e, mat p, size_t item) {
    neat s = {0};
    double n = 0;
    for (size_t i = 0; i < e.rows; i++) {
        double d = *mat_at(p, i, item) - *mat_at(e, i, item);
        if (!isnan(d)) neat_add(&s, d), n++;
    }
    return ratio(neat_sum(&s), n);
}

static bool run(calc *c) {
    mat e = in_mat(c, NULL, "expectation", true), p = in_mat(c, NULL, "perception", true);
    const json *dims = in_object(c, NULL, "items_of_dimension");
    const json *weights = in_has(c, NULL, "weights") ? in_object(c, NULL, "weights") : NULL;
    if (calc_ok(c)) in_same(c, "expectation", e.rows, "perception", p.rows);
    if (calc_ok(c) && e.cols != p.cols)
        calc_bad(c, "\"expectation\" and \"perception\" must have the same items");
    double sum = 0, k = 0, weighted = 0, all = 0;
    out_open(c, "gap");
    for (const json *d = dims->first; d && calc_ok(c); d = d->next) {
        const char *name = calc_cstr(c, d->key);
        vec items = in_counts(c, dims, name, 0);
        double gap = 0, w = weights ? in_num_of(c, weights, name, 0, 1e9) : 1;
        for (size_t i = 0; i < items.n && calc_ok(c); i++) {
            if (items.v[i] >= (double)e.cols)
                calc_bad(c, "\"%s\": there is no item %.0f", name, items.v[i]);
            if (calc_ok(c)) gap += gap_of(e, p, (size_t)items.v[i]);
        }
        gap = ratio(gap, (double)items.n);
        out_num(c, name, gap);
        sum += gap, k++, weighted += w * gap, all += w;
    }
    out_end(c);
    out_num(c, "unweighted", ratio(sum, k));
    out_num(c, "weighted", ratio(weighted, all));
    return calc_ok(c);
}

const method method_servqual = {
    .name = "servqual",
    .title = {"Service quality gaps (SERVQUAL)", "服务质量差距(SERVQUAL)",
              "服務品質差距(SERVQUAL)"},
    .source = "Parasuraman, Zeithaml & Berry 1988, J. Retailing 64(1)",
    .formula = "perception - expectation by item, where both are there; mean of its items by "
               "dimension; weighted by "
               "points",
    .input = "expectation, perception  rows of ratings, null = no answer\n"
             "items_of_dimension  {\"name\": [places, from 0]}\nweights  {\"name\": points}",
    .output = "gap  by dimension; unweighted, weighted",
    .example = "{\"expectation\":[[6,6],[5,7]],\"perception\":[[5,6],[5,5]],"
               "\"items_of_dimension\":{\"staff\":[0],\"place\":[1]},\"weights\":{\"staff\":60,"
               "\"place\":40}}",
    .run = run,
};
