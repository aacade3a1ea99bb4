/* cusum.c - tabular CUSUM: small lasting shifts of a mean. */
#include "kern/method.h"

static bool run(calc *c) {
    vec x = in_nums(c, NULL, "x");
    double target = in_num(c, NULL, "target"), sigma = in_num_of(c, NULL, "sigma", 1e-300, 1e100);
    double k = in_maybe(c, NULL, "k", 0, 100, 0.5), h = in_maybe(c, NULL, "h", 0, 1e6, 5);
    if (!calc_ok(c)) return false;
    vec up = vec_new(c->a, x.n), down = vec_new(c->a, x.n);
    double p = 0, m = 0;
    i64 run_up = 0, run_down = 0, signal = 0, length = 0;
    for (size_t i = 0; i < x.n; i++) {
        double z = (x.v[i] - target) / sigma;
        p = up.v[i] = fmax(0, p + z - k);
        m = down.v[i] = fmax(0, m - z - k);
        run_up = p > 0 ? run_up + 1 : 0;
        run_down = m > 0 ? run_down + 1 : 0;
        if (signal || (p <= h && m <= h)) continue;
        signal = (i64)i + 1;
        length = p > h ? run_up : run_down;
    }
    out_nums(c, "c_plus", up);
    out_nums(c, "c_minus", down);
    out_int(c, "first_signal", signal ? signal : NONE);
    out_int(c, "run_length_counter_at_signal", signal ? length : NONE);
    out_int(c, "estimated_shift_start", signal ? signal - length : NONE);
    return true;
}

const method method_cusum = {
    .name = "cusum",
    .title = {"CUSUM control chart", "累积和控制图(CUSUM)", "累積和管制圖(CUSUM)"},
    .source = "Page 1954; Montgomery, Introduction to Statistical Quality Control, ch. 9",
    .formula = "C+ = max(0, C+ + z - k), C- = max(0, C- - z - k), z = (x - target)/sigma; a signal "
               "when one "
               "exceeds h; the shift began behind sample signal - run length",
    .input = "x, target, sigma\nk  usually 0.5\nh  usually 5",
    .output = "c_plus, c_minus  in sigmas; first_signal, run_length_counter_at_signal, "
              "estimated_shift_start "
              " from 1, null: none",
    .example = "{\"x\":[10,9,11,12,13,13,14],\"target\":10,\"sigma\":1,\"k\":0.5,\"h\":5}",
    .run = run,
};
