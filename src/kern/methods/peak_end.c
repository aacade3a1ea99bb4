/* peak_end.c - what is remembered of a journey: its most intense moment, and its last. */
#include "kern/method.h"
#include "kern/moments.h"

static bool run(calc *c) {
    const json *list = in_list(c, NULL, "journeys");
    out_list(c, "results");
    for (const json *v = list->first; v && calc_ok(c); v = v->next) {
        double peak = undefined(NO_DATA), end = peak, n = 0;
        neat sum = {0};
        if (v->kind != JSON_ARRAY) calc_bad(c, "\"journeys\" must hold lists of ratings");
        for (const json *k = v->first; k && calc_ok(c); k = k->next, n++) {
            end = in_value(c, k, "journeys");
            if (isnan(peak) || fabs(end) > fabs(peak)) peak = end; /* of equal ones the earlier */
            neat_add(&sum, end);
        }
        out_open(c, NULL);
        out_num(c, "peak", peak);
        out_num(c, "end", end);
        out_num(c, "peak_end", (peak + end) / 2);
        out_num(c, "mean", ratio(neat_sum(&sum), n));
        out_end(c);
    }
    out_end(c);
    return calc_ok(c);
}

const method method_peak_end = {
    .name = "peak_end",
    .title = {"Peak and end of a journey", "峰终定律", "峰終定律"},
    .source = "Kahneman, Fredrickson, Schreiber & Redelmeier 1993, Psychological Science 4(6)",
    .formula = "(the most intense moment + the last) / 2; of equally intense ones the earlier",
    .input = "journeys  lists of signed ratings, in order",
    .output = "results  peak, end, peak_end, mean of each",
    .example = "{\"journeys\":[[1,-4,2],[3]]}",
    .run = run,
};
