/* clv_npv.c - what customers are worth: expected orders times expected value, discounted. */
#include "kern/buying.h"
#include "kern/moments.h"

typedef struct {
    bgnbd m;
    gamma_gamma g;
    double weeks, discount;
    i64 months;
} plan;

static double worth(const plan *p, const buyer *b, double zbar) {
    neat sum = {0};
    double before = 0, value = gamma_gamma_value(&p->g, b->x, zbar);
    for (i64 i = 1; i <= p->months; i++) {
        double now = bgnbd_conditional(&p->m, b, (double)i * p->weeks);
        neat_add(&sum, value * (now - before) / pow(1 + p->discount, (double)i));
        before = now;
    }
    return neat_sum(&sum);
}

static bool run(calc *c) {
    plan p = {.m = in_bgnbd(c, NULL, "bgnbd"),
              .g = in_gamma_gamma(c, NULL, "gamma_gamma"),
              .weeks = in_maybe(c, NULL, "weeks_per_month", 1e-6, 1e6, 30.0 / 7),
              .discount = in_num_of(c, NULL, "monthly_discount", 0, 10),
              .months = in_int(c, NULL, "months", 1, 1200)};
    const json *list = in_list(c, NULL, "customers");
    neat sum = {0};
    out_list(c, "clv");
    for (const json *v = list->first; v && calc_ok(c); v = v->next) {
        buyer b = in_buyer(c, v);
        double zbar = in_num_of(c, v, "zbar", 0, 1e12);
        if (!calc_ok(c) || !calc_steps(c, (double)p.months * 400)) break;
        double w = worth(&p, &b, zbar);
        neat_add(&sum, w);
        out_num(c, NULL, w);
    }
    out_end(c);
    out_num(c, "segment_npv", list->n ? neat_sum(&sum) : undefined(NO_DATA));
    return calc_ok(c);
}

const method method_clv_npv = {
    .name = "clv_npv",
    .title = {"Customer lifetime value (NPV)", "客户终身价值(净现值)", "顧客終身價值(淨現值)"},
    .source = "Fader, Hardie & Lee 2005 (BG/NBD); Fader & Hardie 2013 (Gamma-Gamma)",
    .formula = "sum over months i of v (E[Y(i)] - E[Y(i-1)]) / (1+d)^i",
    .input = "bgnbd  r, alpha, a, b\ngamma_gamma  p, q, v\ncustomers  list of {x, t_x, T, zbar}\n"
             "weeks_per_month  in the models' unit of time (30/7)\nmonths, monthly_discount",
    .output = "clv  in the order given\nsegment_npv  their sum",
    .example = "{\"bgnbd\":{\"r\":0.5,\"alpha\":5,\"a\":2,\"b\":3},\"gamma_gamma\":{\"p\":6,\"q\":"
               "4,\"v\":15},"
               "\"customers\":[{\"x\":2,\"t_x\":20,\"T\":30,\"zbar\":20}],\"months\":12,\"monthly_"
               "discount\":0.01}",
    .run = run,
};
