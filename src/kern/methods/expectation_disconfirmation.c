/* expectation_disconfirmation.c - experience against expectation, and who recommends. */
#include "kern/method.h"
#include "kern/moments.h"

enum { EXCEEDED, MET, MISSED, GROUPS };

static bool run(calc *c) {
    static const char *const names[GROUPS] = {"exceeded", "met", "missed"};
    vec e = in_gaps(c, NULL, "expectation"), p = in_gaps(c, NULL, "experience"),
        r = in_gaps(c, NULL, "recommend");
    double band = in_maybe(c, NULL, "band", 0, 1e9, 0), n[GROUPS] = {0}, asked[GROUPS] = {0},
           net[GROUPS] = {0}, k = 0;
    if (calc_ok(c)) in_same(c, "expectation", e.n, "experience", p.n);
    if (calc_ok(c)) in_same(c, "expectation", e.n, "recommend", r.n);
    if (!calc_ok(c)) return false;
    neat sum = {0};
    for (size_t i = 0; i < e.n; i++) {
        double d = p.v[i] - e.v[i];
        if (isnan(d)) continue;
        int g = d > band ? EXCEEDED : d < -band ? MISSED : MET;
        neat_add(&sum, d);
        n[g]++, k++;
        if (!(r.v[i] >= 0 && r.v[i] <= 10)) continue;
        asked[g]++;
        net[g] += r.v[i] >= 9 ? 1 : r.v[i] <= 6 ? -1 : 0;
    }
    for (int g = 0; g < GROUPS; g++) out_num(c, names[g], n[g]);
    out_num(c, "mean_disconfirmation", ratio(neat_sum(&sum), k));
    out_open(c, "nps_by_group");
    for (int g = 0; g < GROUPS; g++) out_num(c, names[g], 100 * ratio(net[g], asked[g]));
    out_end(c);
    return true;
}

const method method_expectation_disconfirmation = {
    .name = "expectation_disconfirmation",
    .title = {"Experience against expectation", "期望落差", "期望落差"},
    .source = "Oliver 1980, J. Marketing Research 17(4)",
    .formula = "D = experience - expectation; exceeded D > band, missed D < -band, else met",
    .input = "expectation, experience, recommend (0-10)  lists, null = no answer\nband  usually 0",
    .output = "exceeded, met, missed  counts; mean_disconfirmation; nps_by_group",
    .example = "{\"expectation\":[7,7,7],\"experience\":[9,7,4],\"recommend\":[10,8,3],\"band\":0}",
    .run = run,
};
