/* alert_arl.c - how long a two-sided CUSUM runs until it signals: false alarms and delay. */
#include "kern/method.h"
#include "kern/stats.h"

enum { STATES = 160 };

/* One side: expected samples until C > h when the mean is shifted by d, by a Markov chain on a grid
** (Brook & Evans 1972). */
static double one_side(calc *c, double k, double h, double d) {
    double width = 2 * h / (2 * STATES - 1);
    mat m = mat_new(c->a, STATES, STATES), b = mat_new(c->a, STATES, 1);
    for (size_t i = 0; i < STATES; i++) {
        double at = (double)i * width;
        for (size_t j = 0; j < STATES; j++) {
            double mid = (double)j * width - at + k - d;
            double p = normal_cdf(mid + width / 2) - (j ? normal_cdf(mid - width / 2) : 0);
            *mat_at(m, i, j) = (i == j) - p;
        }
        b.v[i] = 1;
    }
    return lu_solve(c->a, m, b) && b.v[0] > 0 ? b.v[0] : undefined(INFINITE);
}

static bool run(calc *c) {
    double k = in_maybe(c, NULL, "k", 0, 10, 0.5);
    vec h = in_nums(c, NULL, "h"), shift = in_nums(c, NULL, "shift_sigma");
    for (size_t i = 0; i < h.n && calc_ok(c); i++)
        if (h.v[i] <= 0 || h.v[i] > 50) calc_bad(c, "\"h\" must lie above 0 and up to 50");
    for (size_t i = 0; i < shift.n && calc_ok(c); i++)
        if (fabs(shift.v[i]) > 20) calc_bad(c, "\"shift_sigma\" must lie between -20 and 20");
    if (!calc_steps(c, (double)(h.n * shift.n) * 2 * STATES * STATES * (STATES + 100.0)))
        return false;
    for (size_t i = 0; i < h.n; i++) {
        char key[40];
        snprintf(key, sizeof key, "arl_h%g", h.v[i]);
        out_list(c, calc_cstr(c, str_of(key)));
        for (size_t j = 0; j < shift.n; j++)
            out_num(c, NULL,
                    1 / (1 / one_side(c, k, h.v[i], shift.v[j]) +
                         1 / one_side(c, k, h.v[i], -shift.v[j])));
        out_end(c);
    }
    return true;
}

const method method_alert_arl = {
    .name = "alert_arl",
    .title = {"Average run length of a CUSUM", "CUSUM 平均运行长度", "CUSUM 平均連串長度"},
    .source = "Brook & Evans 1972, Biometrika 59; Montgomery, Table 9.3",
    .formula = "1/ARL = 1/ARL+ + 1/ARL-; each side by a Markov chain of 160 states",
    .input =
        "k  usually 0.5\nh  list of limits\nshift_sigma  list of shifts of the mean, in sigmas",
    .output = "arl_hH  for each h a list by shift; at shift 0: samples between false alarms",
    .example = "{\"k\":0.5,\"h\":[4],\"shift_sigma\":[0,1]}",
    .run = run,
};
