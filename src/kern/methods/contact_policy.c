/* contact_policy.c - may this customer be asked now? */
#include "kern/method.h"

enum { DAYS_OF_YEAR = 365, DAYS_OF_WEEK = 7 };

typedef struct {
    double now, rest;
    i64 per_year, per_week;
} rules;

static const char *decide(calc *c, const rules *r, const json *history) {
    double last = -INFINITY;
    i64 year = 0, week = 0;
    for (const json *v = history->first; v && calc_ok(c); v = v->next) {
        double t = in_value(c, in_nth(c, v, 0, "histories_t_kind"), "histories_t_kind");
        str kind = in_word(c, in_nth(c, v, 1, "histories_t_kind"), "histories_t_kind");
        if (t > r->now) continue;
        bool survey = str_eq(kind, S("survey"));
        if (survey) last = fmax(last, t);
        year += survey && r->now - t < DAYS_OF_YEAR;
        week += r->now - t < DAYS_OF_WEEK;
    }
    return r->now - last < r->rest ? "survey_rest"
           : year >= r->per_year   ? "yearly_cap"
           : week >= r->per_week   ? "contact_cap"
                                   : "ok";
}

static bool run(calc *c) {
    const json *limits = in_object(c, NULL, "rules"), *list = in_list(c, NULL, "histories_t_kind");
    rules r = {.now = in_num(c, NULL, "now"),
               .rest = in_maybe(c, limits, "survey_rest_days", 0, 1e6, 90),
               .per_year = in_maybe_int(c, limits, "max_surveys_per_year", 0, 1000, 4),
               .per_week = in_maybe_int(c, limits, "max_contacts_7d", 0, 1000, 3)};
    out_list(c, "decision");
    for (const json *v = list->first; v && calc_ok(c); v = v->next)
        out_word(c, NULL, decide(c, &r, v));
    out_end(c);
    return calc_ok(c);
}

const method method_contact_policy = {
    .name = "contact_policy",
    .title = {"May we ask now?", "触达规则", "觸達規則"},
    .source = "a rule of ours",
    .formula =
        "in this order: survey_rest when the last survey is younger than survey_rest_days (exactly "
        "so old is allowed); yearly_cap of surveys in 365 days; contact_cap of all contacts in 7 "
        "days; else ok",
    .input =
        "now  day\nrules  survey_rest_days (90), max_surveys_per_year (4), max_contacts_7d (3)\n"
        "histories_t_kind  for each customer a list of [day, kind]; kind survey or any other word",
    .output = "decision  for each customer ok, survey_rest, yearly_cap or contact_cap",
    .example = "{\"now\":400,\"rules\":{\"survey_rest_days\":90},"
               "\"histories_t_kind\":[[[10,\"survey\"]],[[390,\"survey\"]]]}",
    .run = run,
};
