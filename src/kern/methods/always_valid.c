/* always_valid.c - experiments that may be looked at all the time. */
#include "kern/method.h"

/* ---- boundary of a two-sided normal mixture ---- */

static bool by_mixture(calc *c) {
    double s = in_num(c, NULL, "s"), v = in_num_of(c, NULL, "v", 0, 1e100);
    double best = in_num_of(c, NULL, "v_opt", 1e-300, 1e100);
    double opt = in_maybe(c, NULL, "alpha_opt", 1e-12, 0.999, 0.05),
           alpha = in_maybe(c, NULL, "alpha", 1e-12, 0.999, 0.05);
    if (!calc_ok(c)) return false;
    double rho = best / (2 * log(1 / opt) + log(1 + 2 * log(1 / opt)));
    out_num(c, "rho", rho);
    out_num(c, "log_mixture", 0.5 * log(rho / (v + rho)) + s * s / (2 * (v + rho)));
    out_num(c, "bound", sqrt((v + rho) * (log((v + rho) / rho) + 2 * log(1 / alpha))));
    return true;
}

/* ---- mixture sequential probability ratio test of two shares ---- */

static void write_at(calc *c, vec p) {
    out_open(c, "p_at");
    for (size_t ten = 1; ten <= p.n; ten *= 10)
        for (size_t k = 1; k <= 5; k += k == 1 ? 1 : 3) /* 1, 2, 5, 10, 20, 50, ... */
            if (ten * k <= p.n) out_num(c, arena_fmt(c->a, "%zu", ten * k).p, p.v[ten * k - 1]);
    bool shown = false;
    for (size_t ten = 1; ten <= p.n; ten *= 10)
        shown |= p.n == ten || p.n == 2 * ten || p.n == 5 * ten;
    if (!shown && p.n) out_num(c, arena_fmt(c->a, "%zu", p.n).p, p.v[p.n - 1]);
    out_end(c);
}

static bool by_pairs(calc *c) {
    vec x = in_nums(c, NULL, "x"), y = in_nums(c, NULL, "y");
    double tau2 = in_num_of(c, NULL, "tau2", 1e-300, 1e10),
           alpha = in_maybe(c, NULL, "alpha", 1e-12, 0.999, 0.05);
    if (calc_ok(c)) in_same(c, "x", x.n, "y", y.n);
    for (size_t i = 0; i < x.n && calc_ok(c); i++)
        if ((x.v[i] != 0 && x.v[i] != 1) || (y.v[i] != 0 && y.v[i] != 1))
            calc_bad(c, "\"x\" and \"y\" must hold 0 and 1");
    if (!calc_ok(c)) return false;
    vec p = vec_new(c->a, x.n);
    double at = 1, sx = 0, sy = 0;
    i64 crossed = NONE;
    for (size_t i = 0; i < x.n; i++) {
        double n = (double)i + 1, px = (sx += x.v[i]) / n, py = (sy += y.v[i]) / n;
        double v = px * (1 - px) + py * (1 - py), d = px - py;
        if (v > 0) {
            double log_ratio =
                0.5 * log(v / (v + n * tau2)) + n * n * tau2 * d * d / (2 * v * (v + n * tau2));
            at = fmin(at, exp(-log_ratio));
        }
        p.v[i] = at;
        if (crossed == NONE && at <= alpha) crossed = (i64)i + 1;
    }
    write_at(c, p);
    out_int(c, "first_crossing", crossed);
    out_nums(c, "p", p);
    return true;
}

static bool run(calc *c) {
    return in_has(c, NULL, "x") ? by_pairs(c) : by_mixture(c);
}

const method method_always_valid = {
    .name = "always_valid",
    .title = {"Always-valid inference", "随时有效的推断", "隨時有效的推論"},
    .source =
        "Johari, Koomen, Pekelis & Walsh 2022 (mSPRT); Howard, Ramdas, McAuliffe & Sekhon 2021 "
        "(confidence sequences)",
    .formula =
        "L_n = sqrt(V/(V+n tau2)) exp(n^2 tau2 d^2/(2V(V+n tau2))), V = px(1-px)+py(1-py), p_n = "
        "min(p_(n-1), 1/L_n), skipped while V = 0; boundary sqrt((v+rho)(ln((v+rho)/rho)+2 "
        "ln(1/alpha)))",
    .input = "x, y  0 and 1 of both arms in order, with tau2 and alpha; or\ns, v, v_opt, "
             "alpha_opt, alpha",
    .output = "p_at {\"n\": p}, first_crossing (null: none), p; or\nrho, log_mixture, bound",
    .example = "{\"x\":[1,0,1,1,1],\"y\":[0,0,1,0,0],\"tau2\":0.1,\"alpha\":0.05}",
    .run = run,
};
