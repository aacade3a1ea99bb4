/* clv_bgnbd.c - how often customers will buy again (BG/NBD): fitted, or predicted by parameters. */
#include "kern/buying.h"
#include "kern/moments.h"
#include "kern/optimise.h"
#include "kern/orders.h"

typedef struct {
    calc *c;
    buyer *b;
    double *times; /* how many customers are just so */
    size_t n;
} sample;

static double loss(const double *x, void *ctx) {
    const sample *s = ctx;
    bgnbd m = {exp(x[0]), exp(x[1]), exp(x[2]), exp(x[3])};
    neat sum = {0};
    for (int i = 0; i < 4; i++)
        if (fabs(x[i]) > 20) return INFINITY;
    if (!calc_steps(s->c, 200.0 * (double)s->n)) return INFINITY;
    for (size_t i = 0; i < s->n; i++) neat_add(&sum, s->times[i] * bgnbd_loglik(&m, &s->b[i]));
    return -neat_sum(&sum);
}

static int by_buyer(const void *a, const void *b) {
    return memcmp(a, b, sizeof(buyer));
}

/* Equal customers once, with their number. */
static void gather(sample *s) {
    if (s->n) qsort(s->b, s->n, sizeof *s->b, by_buyer);
    size_t k = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (k && by_buyer(&s->b[k - 1], &s->b[i]) == 0) {
            s->times[k - 1]++;
            continue;
        }
        s->b[k] = s->b[i], s->times[k++] = 1;
    }
    s->n = k;
}

static void fit(calc *c, sample *s) {
    static const double starts[3][4] = {{-1, 1, 0, 0.7}, {0, 2, -0.5, 0}, {-2, 0, 0.7, 1.2}};
    double best = INFINITY, at[4] = {0}, mean_T = 0;
    for (size_t i = 0; i < s->n; i++) mean_T += s->b[i].T / (double)s->n;
    for (size_t k = 0; k < COUNT(starts) && calc_ok(c); k++) {
        double x[4] = {starts[k][0], starts[k][1] + log(fmax(mean_T, 1e-6) / 30), starts[k][2],
                       starts[k][3]};
        double v = minimise(c->a, loss, s, x, 4);
        if (v < best) best = v, memcpy(at, x, sizeof at);
    }
    bool found = isfinite(best);
    for (int i = 0; i < 4; i++) found &= fabs(at[i]) < 15;
    static const char *const names[] = {"r", "alpha", "a", "b"};
    for (int i = 0; i < 4; i++)
        out_num(c, names[i], found ? exp(at[i]) : undefined(NO_CONVERGENCE));
    out_num(c, "logLik", found ? -best : undefined(NO_CONVERGENCE));
}

static void count(const orders *o, i32 end, sample *s) {
    for (size_t i = 0; i < o->n; i++) {
        size_t first = o->begin[i], last = o->begin[i + 1];
        while (last > first && o->days[last - 1] > end) last--; /* not yet seen at the end */
        if (last == first) continue;
        s->b[s->n++] = (buyer){(double)(last - first - 1), o->days[last - 1] - o->days[first],
                               end - o->days[first]};
    }
}

/* A table that is counted already: x, t_x, T. */
static bool counted(calc *c, sample *s) {
    table t = in_table(c, "data");
    vec x = column_nums(c, &t, in_column(c, &t, S("x"))),
        t_x = column_nums(c, &t, in_column(c, &t, S("t_x")));
    vec T = column_nums(c, &t, in_column(c, &t, S("T")));
    if (!calc_ok(c)) return false;
    s->b = NEW_N(c->a, buyer, t.rows + 1), s->times = NEW_N(c->a, double, t.rows + 1);
    for (size_t i = 0; i < t.rows; i++) {
        if (!(x.v[i] >= 0 && t_x.v[i] >= 0 && t_x.v[i] <= T.v[i]))
            return calc_bad(c, "row %zu: x and t_x must not be below 0, nor t_x above T", i + 1);
        s->b[s->n++] = (buyer){x.v[i], t_x.v[i], T.v[i]};
    }
    return true;
}

static bool from_orders(calc *c, sample *s) {
    orders o = in_orders(c);
    i32 end = in_day(c, NULL, "observation_end");
    if (!calc_ok(c)) return false;
    s->b = NEW_N(c->a, buyer, o.n + 1), s->times = NEW_N(c->a, double, o.n + 1);
    count(&o, end, s);
    return true;
}

static bool run_fit(calc *c) {
    sample s = {.c = c};
    buyer sum = {0};
    if (!(in_has(c, NULL, "observation_end") ? from_orders(c, &s) : counted(c, &s))) return false;
    for (size_t i = 0; i < s.n; i++) sum.x += s.b[i].x, sum.t_x += s.b[i].t_x, sum.T += s.b[i].T;
    out_int(c, "n_customers", (i64)s.n);
    out_num(c, "sum_x", sum.x);
    out_num(c, "sum_t_x", sum.t_x);
    out_num(c, "sum_T", sum.T);
    gather(&s);
    fit(c, &s);
    return calc_ok(c);
}

static double work(const bgnbd *m, const buyer *b, double t) { /* terms of the series */
    return 100 + 40 * (1 + t / (m->alpha + b->T));
}

static void predict(calc *c, const bgnbd *m, const json *list, bool alive) {
    out_list(c, alive ? "p_alive" : "conditional");
    for (const json *v = list->first; v && calc_ok(c); v = v->next) {
        buyer b = in_buyer(c, v);
        double t = alive ? 0 : in_num_of(c, v, "t", 0, 1e9);
        if (!calc_ok(c) || !calc_steps(c, work(m, &b, t))) break;
        out_num(c, NULL, alive ? bgnbd_alive(m, &b) : bgnbd_conditional(m, &b, t));
    }
    out_end(c);
}

static bool run(calc *c) {
    if (!in_has(c, NULL, "params")) return run_fit(c);
    bgnbd m = in_bgnbd(c, NULL, "params");
    vec at = in_has(c, NULL, "expected_at_t") ? in_nums(c, NULL, "expected_at_t") : (vec){0};
    if (!calc_ok(c)) return false;
    out_list(c, "expected");
    for (size_t i = 0; i < at.n && calc_ok(c); i++) {
        if (at.v[i] < 0 || at.v[i] > 1e9)
            calc_bad(c, "\"expected_at_t\" must lie between 0 and 1e9");
        if (calc_steps(c, work(&m, &(buyer){0}, at.v[i])))
            out_num(c, NULL, bgnbd_expected(&m, at.v[i]));
    }
    out_end(c);
    if (in_has(c, NULL, "conditional")) predict(c, &m, in_list(c, NULL, "conditional"), false);
    if (in_has(c, NULL, "p_alive")) predict(c, &m, in_list(c, NULL, "p_alive"), true);
    return calc_ok(c);
}

const method method_clv_bgnbd = {
    .name = "clv_bgnbd",
    .title = {"Repeat purchases (BG/NBD)", "复购预测(BG/NBD)", "回購預測(BG/NBD)"},
    .source = "Fader, Hardie & Lee 2005, Marketing Science 24(2)",
    .formula =
        "orders Poisson with gamma rates (r, alpha), death after an order geometric with beta (a, "
        "b); "
        "maximum likelihood over logarithms from three starts; expectations by 2F1; a customer "
        "without a repeat is alive by construction",
    .input =
        "data  table: customer, date (YYYY-MM-DD; one day counts once), with observation_end; or "
        "x, t_x, T; or\n"
        "params  r, alpha, a, b, with\n"
        "expected_at_t  times; conditional  list of {t, x, t_x, T}; p_alive  list of {x, t_x, T}",
    .output = "n_customers, sum_x, sum_t_x, sum_T, r, alpha, a, b, logLik; or\n"
              "expected, conditional, p_alive  in the order given",
    .example = "{\"params\":{\"r\":0.5,\"alpha\":5,\"a\":2,\"b\":3},\"expected_at_t\":[10],"
               "\"conditional\":[{\"t\":10,\"x\":2,\"t_x\":20,\"T\":30}],"
               "\"p_alive\":[{\"x\":0,\"t_x\":0,\"T\":30},{\"x\":2,\"t_x\":20,\"T\":30}]}",
    .run = run,
};
