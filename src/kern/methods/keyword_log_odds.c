/* keyword_log_odds.c - words that tell two groups of texts apart. */
#include "kern/method.h"

static double sum_of(calc *c, const char *key, const json *list) {
    double s = 0;
    for (const json *v = list->first; v && calc_ok(c); v = v->next) {
        double n = in_value(c, v, key);
        if (n < 0) calc_bad(c, "\"%s\" must hold counts, none below 0", key);
        s += n;
    }
    return s;
}

static double count_of(const json *list, str word) {
    double n = json_get_num(list, word);
    return isnan(n) ? 0 : n;
}

static bool run(calc *c) {
    const json *a = in_object(c, NULL, "a"), *b = in_object(c, NULL, "b"),
               *prior = in_object(c, NULL, "prior");
    double na = sum_of(c, "a", a), nb = sum_of(c, "b", b), n0 = sum_of(c, "prior", prior);
    if (!calc_ok(c) || !calc_steps(c, (double)prior->n * (double)(a->n + b->n))) return false;
    const json *lists[] = {a, b};
    for (int k = 0; k < 2; k++)
        for (const json *v = lists[k]->first; v; v = v->next)
            if (!(count_of(prior, v->key) > 0))
                return calc_bad(c, "\"prior\" must have a value above 0 for \"%.*s\"",
                                STR_ARG(v->key));
    for (const json *v = prior->first; v; v = v->next) {
        double p = v->num, ya = count_of(a, v->key) + p, yb = count_of(b, v->key) + p;
        bool ok = p > 0 && na + n0 - ya > 0 && nb + n0 - yb > 0;
        double d = ok ? log(ya / (na + n0 - ya)) - log(yb / (nb + n0 - yb)) : undefined(NO_DATA);
        out_open(c, calc_cstr(c, v->key));
        out_num(c, "delta", d);
        out_num(c, "z", d / sqrt(1 / ya + 1 / yb));
        out_end(c);
    }
    return true;
}

const method method_keyword_log_odds = {
    .name = "keyword_log_odds",
    .title = {"Words that tell groups apart", "差异关键词", "差異關鍵詞"},
    .source = "Monroe, Colaresi & Quinn 2008, Political Analysis 16(4), eqs 15-22",
    .formula = "delta = log((ya+p)/(na+p0-ya-p)) - log((yb+p)/(nb+p0-yb-p)); z = delta / "
               "sqrt(1/(ya+p)+1/(yb+p))",
    .input = "a, b  {\"word\": count}\nprior  {\"word\": weight above 0} of every word",
    .output = "for each word delta, z",
    .example = "{\"a\":{\"wait\":10,\"the\":50},\"b\":{\"wait\":2,\"the\":60},\"prior\":{\"wait\":"
               "1,\"the\":9}}",
    .run = run,
};
