/* abc_value.c - change in value per customer, split into loyalty, growth and premium. */
#include "kern/method.h"

enum { PARTS = 3 };

/* The mean, over all orders in which the parts may change, of what each adds (Shapley). */
static void split(const double before[PARTS], const double after[PARTS], double part[PARTS]) {
    static const int orders[6][PARTS] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                         {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (size_t k = 0; k < COUNT(orders); k++) {
        double at[PARTS] = {before[0], before[1], before[2]};
        for (int i = 0; i < PARTS; i++) {
            double was = at[0] * at[1] * at[2];
            at[orders[k][i]] = after[orders[k][i]];
            part[orders[k][i]] += (at[0] * at[1] * at[2] - was) / (double)COUNT(orders);
        }
    }
}

static void read(calc *c, const char *when, double to[PARTS]) {
    static const char *const names[PARTS] = {"retained_share", "quantity", "unit_margin"};
    const json *at = in_object(c, NULL, when);
    for (int i = 0; i < PARTS && calc_ok(c); i++)
        to[i] = i ? in_num(c, at, names[i]) : in_num_of(c, at, names[i], 0, 1);
}

static bool run(calc *c) {
    double before[PARTS] = {0}, after[PARTS] = {0}, part[PARTS] = {0};
    read(c, "before", before);
    read(c, "after", after);
    if (!calc_ok(c)) return false;
    split(before, after, part);
    out_num(c, "delta", after[0] * after[1] * after[2] - before[0] * before[1] * before[2]);
    out_num(c, "loyalty_value", part[0]);
    out_num(c, "growth_value", part[1]);
    out_num(c, "premium_value", part[2]);
    return true;
}

const method method_abc_value = {
    .name = "abc_value",
    .title = {"Loyalty, growth and premium value", "忠诚、增长与溢价价值", "忠誠、增長與溢價價值"},
    .source = "Shapley decomposition: Shorrocks 2013, J. Economic Inequality 11",
    .formula =
        "V = retained_share x quantity x unit_margin; each part is its mean effect over the 6 "
        "orders of change; the parts sum to delta",
    .input = "before, after  objects: retained_share (0-1), quantity, unit_margin",
    .output = "delta, loyalty_value, growth_value, premium_value",
    .example = "{\"before\":{\"retained_share\":0.5,\"quantity\":2,\"unit_margin\":10},"
               "\"after\":{\"retained_share\":0.6,\"quantity\":2,\"unit_margin\":10}}",
    .run = run,
};
