/* buying.c - models of repeated buying. */
#include "kern/buying.h"
#include "kern/special.h"

double bgnbd_loglik(const bgnbd *m, const buyer *b) {
    double x = b->x, first = log_gamma(m->r + x) - log_gamma(m->r) + m->r * log(m->alpha);
    double second =
        log_gamma(m->a + m->b) + log_gamma(m->b + x) - log_gamma(m->b) - log_gamma(m->a + m->b + x);
    double alive = -(m->r + x) * log(m->alpha + b->T);
    if (x <= 0) return first + second + alive;
    double dead = log(m->a) - log(m->b + x - 1) - (m->r + x) * log(m->alpha + b->t_x);
    return first + second + log_sum(alive, dead);
}

double bgnbd_alive(const bgnbd *m, const buyer *b) {
    if (b->x <= 0) return 1; /* by construction: one dies only after a purchase */
    double log_odds = log(m->a / (m->b + b->x - 1)) +
                      (m->r + b->x) * log((m->alpha + b->T) / (m->alpha + b->t_x));
    return 1 / (1 + exp(log_odds));
}

/* (c)/(a-1) (1 - (from/(from+t))^r 2F1(r, b; c; t/(from+t))); a = 1 by its limit. */
static double expectation(double r, double a, double b, double c, double from, double t) {
    double z = t / (from + t);
    if (!(c > 0)) return undefined(NO_CONVERGENCE);
    return c / (a - 1) * (1 - pow(1 - z, r) * hyp2f1(r, b, c, z));
}

static double expectation_near(double r, double a, double b, double x, double from, double t) {
    double c = a + b + x - 1, h = 1e-5;
    if (fabs(a - 1) > h) return expectation(r, a, b + x, c, from, t);
    return (expectation(r, 1 - h, b + x, c - (a - 1) - h, from, t) +
            expectation(r, 1 + h, b + x, c - (a - 1) + h, from, t)) /
           2;
}

double bgnbd_expected(const bgnbd *m, double t) {
    return expectation_near(m->r, m->a, m->b, 0, m->alpha, t);
}

double bgnbd_conditional(const bgnbd *m, const buyer *b, double t) {
    return expectation_near(m->r + b->x, m->a, m->b, b->x, m->alpha + b->T, t) * bgnbd_alive(m, b);
}

bgnbd in_bgnbd(calc *c, const json *at, const char *key) {
    const json *v = in_object(c, at, key);
    return (bgnbd){in_num_of(c, v, "r", 1e-9, 1e9), in_num_of(c, v, "alpha", 1e-9, 1e12),
                   in_num_of(c, v, "a", 1e-9, 1e9), in_num_of(c, v, "b", 1e-9, 1e9)};
}

buyer in_buyer(calc *c, const json *v) {
    buyer b = {in_num_of(c, v, "x", 0, 1e9), in_num_of(c, v, "t_x", 0, 1e12),
               in_num_of(c, v, "T", 0, 1e12)};
    if (calc_ok(c) && b.t_x > b.T) calc_bad(c, "\"t_x\" must not be after \"T\"");
    return b;
}

double gamma_gamma_loglik(const gamma_gamma *m, double x, double z) {
    double px = m->p * x;
    return log_gamma(px + m->q) - log_gamma(px) - log_gamma(m->q) + m->q * log(m->v) +
           (px - 1) * log(z) + px * log(x) - (px + m->q) * log(m->v + x * z);
}

double gamma_gamma_value(const gamma_gamma *m, double x, double zbar) {
    double below = m->p * x + m->q - 1;
    return below > 0 ? m->p * (m->v + x * zbar) / below : undefined(INFINITE);
}

gamma_gamma in_gamma_gamma(calc *c, const json *at, const char *key) {
    const json *v = in_object(c, at, key);
    return (gamma_gamma){in_num_of(c, v, "p", 1e-9, 1e9), in_num_of(c, v, "q", 1e-9, 1e9),
                         in_num_of(c, v, "v", 1e-9, 1e12)};
}
