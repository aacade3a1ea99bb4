/* send_time.c - when a customer is likely to open a message. */
#include "kern/method.h"

/* Sent and opened by slot; opened is at most sent. */
static mat read(calc *c, const char *key) {
    mat m = in_mat(c, NULL, key, false);
    if (calc_ok(c) && m.rows && m.cols != 2) calc_bad(c, "\"%s\" must hold [sent, opened]", key);
    for (size_t i = 0; i < m.rows && calc_ok(c); i++)
        if (*mat_at(m, i, 1) < 0 || *mat_at(m, i, 1) > *mat_at(m, i, 0))
            calc_bad(c, "\"%s\": opened must lie between 0 and sent", key);
    return c->bad ? (mat){0} : m;
}

static bool run(calc *c) {
    mat all = read(c, "population_sent_opened"), own = read(c, "customer_sent_opened");
    double a = in_maybe(c, NULL, "prior_strength", 1e-9, 1e9, 20), sent = 0, opened = 0;
    if (calc_ok(c))
        in_same(c, "population_sent_opened", all.rows, "customer_sent_opened", own.rows);
    if (!calc_ok(c)) return false;
    for (size_t i = 0; i < all.rows; i++) sent += *mat_at(all, i, 0), opened += *mat_at(all, i, 1);
    vec p = vec_new(c->a, all.rows), q = vec_new(c->a, all.rows);
    i64 best = NONE;
    for (size_t i = 0; i < all.rows; i++) {
        p.v[i] = (a * ratio(opened, sent) + *mat_at(all, i, 1)) / (a + *mat_at(all, i, 0));
        q.v[i] = (a * p.v[i] + *mat_at(own, i, 1)) / (a + *mat_at(own, i, 0));
        if (best == NONE || q.v[i] > q.v[best]) best = (i64)i;
    }
    out_nums(c, "population", p);
    out_nums(c, "personal", q);
    out_int(c, "best_slot", sent > 0 ? best : NONE);
    return true;
}

const method method_send_time = {
    .name = "send_time",
    .title = {"When to send", "发送时机", "發送時機"},
    .source = "Efron & Morris 1975 (empirical Bayes, beta-binomial)",
    .formula = "population (a r + o)/(a + s) with the overall rate r; personal (a population + "
               "o)/(a + s); the "
               "best slot, the earliest of equal ones",
    .input = "population_sent_opened, customer_sent_opened  [sent, opened] by slot\nprior_strength "
             " a, usually 20",
    .output = "population, personal  rates by slot; best_slot, from 0",
    .example = "{\"population_sent_opened\":[[100,10],[100,30]],\"customer_sent_opened\":[[5,5],[5,"
               "0]],\"prior_strength\":20}",
    .run = run,
};
