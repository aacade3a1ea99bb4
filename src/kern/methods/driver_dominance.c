/* driver_dominance.c - which driver beats which: in every model, at every size, or on the whole. */
#include "kern/drivers.h"

typedef struct {
    const double *r2, *gains;
    size_t k;
    vec average;
} view;

enum { COMPLETE, CONDITIONAL, GENERAL };

static bool beats(const view *v, size_t i, size_t j, int level) {
    if (level == GENERAL) return v->average.v[i] > v->average.v[j];
    if (level == CONDITIONAL) {
        for (size_t s = 0; s < v->k; s++)
            if (!(v->gains[i * v->k + s] > v->gains[j * v->k + s])) return false;
        return true;
    }
    for (u32 set = 0; set < 1u << v->k; set++)
        if (!(set >> i & 1) && !(set >> j & 1) && !(v->r2[set | 1u << i] > v->r2[set | 1u << j]))
            return false;
    return true;
}

static void write(calc *c, const char *key, const drivers *d, const view *v, int level) {
    out_list(c, key);
    for (size_t i = 0; i < d->k; i++)
        for (size_t j = 0; j < d->k; j++) {
            if (i == j || d->flat || !beats(v, i, j, level)) continue;
            out_list(c, NULL);
            out_text(c, NULL, d->names.v[i]);
            out_text(c, NULL, d->names.v[j]);
            out_end(c);
        }
    out_end(c);
}

static bool run(calc *c) {
    drivers d = in_drivers(c, 15);
    if (!calc_ok(c) || !calc_steps(c, ldexp((double)((d.k + 1) * (d.k + 1) * 3), (int)d.k)))
        return false;
    view v = {.r2 = subsets_r2(c->a, d.r, d.k), .k = d.k};
    v.gains = gains_by_size(c->a, v.r2, d.k);
    v.average = lmg_of(c->a, v.gains, d.k);
    out_open(c, "conditional_by_level");
    for (size_t i = 0; i < d.k; i++) {
        vec row = vec_new(c->a, d.k);
        for (size_t s = 0; s < d.k; s++)
            row.v[s] = d.flat ? undefined(ZERO_VARIANCE) : v.gains[i * d.k + s];
        out_nums(c, calc_cstr(c, d.names.v[i]), row);
    }
    out_end(c);
    write(c, "complete", &d, &v, COMPLETE);
    write(c, "conditional", &d, &v, CONDITIONAL);
    write(c, "general", &d, &v, GENERAL);
    for (size_t i = 0; i < d.k && d.flat; i++) v.average.v[i] = undefined(ZERO_VARIANCE);
    out_named(c, "average", d.names, v.average);
    return true;
}

const method method_driver_dominance = {
    .name = "driver_dominance",
    .title = {"Drivers: dominance analysis", "驱动因素:优势分析", "驅動因素:優勢分析"},
    .source = "Azen & Budescu 2003, Psychological Methods 8(2)",
    .formula = "A beats B completely: A adds more in every model without both; conditionally: on "
               "the mean of "
               "every size; generally: on the whole (= LMG)",
    .input = "data  table\noutcome  a column\ndrivers  columns, at most 15",
    .output = "conditional_by_level  {\"driver\": mean gain by size}; complete, conditional, "
              "general  lists of "
              "[winner, loser]; average  by driver",
    .example =
        "{\"columns\":[\"y\",\"a\",\"b\"],\"rows\":[[1,1,2],[2,2,1],[3,3,4],[4,4,3],[6,5,5]],"
        "\"outcome\":\"y\",\"drivers\":[\"a\",\"b\"]}",
    .run = run,
};
