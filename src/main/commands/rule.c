/* rule.c - when this, then that: try it on the past, add it, switch it on and off. */
#include "act/rule_past.h"
#include "base/time.h"
#include "flow/flow.h"
#include "main/desk.h"
#include "main/screen.h"
#include "main/voice.h"

typedef struct {
    asking ask;
    str when, then, version, within, kind, metric, by;
    bool off, past;
} wanted;

/* ---- list ---- */

static bool list(call *c, const wanted *w, err *e) {
    store *s;
    void *recs;
    size_t n;
    store_query all = {0};
    if (!desk_store(c, w->ask.store, false, &s, e) ||
        !store_list(s, c->a, &noun_rule, &all, &recs, &n, e))
        return false;
    const rule *r = recs;
    if (w->ask.json) {
        buf b = {.a = c->a};
        json_out j = json_to(&b);
        json_object(&j);
        json_key(&j, S("rules"));
        json_array(&j);
        for (size_t i = 0; i < n; i++) noun_print(&j, &noun_rule, &r[i]);
        json_end_array(&j);
        json_end_object(&j);
        put_json(c, &b);
        return true;
    }
    if (n == 0) fputs("No rules.  `heed help rule` shows how to write one.\n", c->out);
    for (size_t i = 0; i < n; i++)
        fprintf(c->out, "%s %.*s (version %" PRId64 ")\n    when %.*s\n    then %.*s %.*s\n",
                r[i].enabled ? "on " : "off", STR_ARG(r[i].name), r[i].version,
                STR_ARG(r[i].condition), STR_ARG(r[i].action), STR_ARG(r[i].params));
    return true;
}

/* ---- try ---- */

static bool show(void *ctx, const signal *sig, const insight *ins, err *e) {
    (void)e;
    voice_print(ctx, sig, ins, locale_of());
    return true;
}

static void trial_json(call *c, str condition, const rule_trial *t) {
    buf b = {.a = c->a};
    json_out j = json_to(&b);
    rule_trial_print(&j, c->a, condition, t);
    put_json(c, &b);
}

static bool condition_of(call *c, const wanted *w, store *s, str name, str *out, err *e) {
    rule r;
    *out = w->when;
    if (w->when.p) return true;
    if (!store_find(s, c->a, &noun_rule, name, &r, e)) return false;
    *out = r.condition;
    return true;
}

static bool try_it(call *c, const wanted *w, str name, err *e) {
    desk d;
    str condition;
    rule_trial t;
    if (!desk_open(c, w->ask.store, false, &d, e) || !condition_of(c, w, d.s, name, &condition, e))
        return false;
    if (!rule_try(d.t, c->a, condition, &t, e)) return false;
    if (w->ask.json) return trial_json(c, condition, &t), true;
    fprintf(c->out, "It would have matched %.*s of %.*s signals",
            STR_ARG(count_text(c->a, t.matches)), STR_ARG(count_text(c->a, t.signals)));
    double *v = NEW_N(c->a, double, t.months_n);
    for (size_t i = 0; i < t.months_n; i++) v[i] = (double)t.months[i].n;
    if (t.months_n > 1)
        fprintf(c->out, "  %.*s  since %.*s", STR_ARG(sparkline(c->a, v, t.months_n)),
                STR_ARG(str_head(day_print(c->a, day_of_ms(t.months[0].keys[0].num)), 7)));
    fputs(".\n", c->out);
    return store_scan_ids(d.s, t.sample, t.sample_n, show, c, e);
}

/* ---- add, on, off, delete ---- */

static bool save(call *c, store *s, rule *r, err *e) {
    return rule_save(s, c->a, r, S("command line"), c->w->now_ms(c->w), e);
}

static bool act_on_past(call *c, const wanted *w, str name, err *e) {
    desk d;
    rule r;
    i64 planned = 0, done = 0;
    if (!desk_open(c, w->ask.store, false, &d, e) ||
        !store_find(d.s, c->a, &noun_rule, name, &r, e))
        return false;
    if (!rule_catch_up(d.s, d.t, c->a, &r, c->w->now_ms(c->w), &planned, e)) return false;
    if (!outbox_run(d.s, c->w, &done, e)) return false;
    fprintf(c->out, "rule %.*s acted on %" PRId64 " signals of the past\n", STR_ARG(name), planned);
    return true;
}

static bool add(call *c, const wanted *w, str name, err *e) {
    store *s;
    rule r;
    noun_init(&noun_rule, &r);
    r.name = name;
    r.condition = w->when;
    r.enabled = !w->off;
    if (!w->when.n || !w->then.n)
        return fail(e, INVALID, "a rule needs --when EXPR and --then \"ACTION name=value ...\"");
    if (!rule_then(c->a, w->then, &r, e) || !rule_check(&r, e)) return false;
    if (!desk_store(c, w->ask.store, true, &s, e) || !flow_furnish(s, e) || !save(c, s, &r, e))
        return false;
    fprintf(c->out, "rule %.*s is %s; it acts on what is heard from now on\n", STR_ARG(name),
            r.enabled ? "on" : "off");
    return !w->past || act_on_past(c, w, name, e);
}

static bool turn(call *c, const wanted *w, str verb, str name, err *e) {
    store *s;
    rule r;
    if (!desk_store(c, w->ask.store, false, &s, e) || !store_find(s, c->a, &noun_rule, name, &r, e))
        return false;
    if (str_eq(verb, S("delete"))) {
        if (!store_delete(s, &noun_rule, r.id, e)) return false;
    } else {
        r.enabled = str_eq(verb, S("on"));
        if (!save(c, s, &r, e)) return false;
    }
    fprintf(c->out, "rule %.*s: %.*s\n", STR_ARG(name), STR_ARG(verb));
    return true;
}

/* ---- versions, findings, why, what if, facts ---- */

static bool versions(call *c, const wanted *w, str name, err *e) {
    store *s;
    rule r;
    rule_version *v;
    size_t n;
    if (!desk_store(c, w->ask.store, false, &s, e) ||
        !store_find(s, c->a, &noun_rule, name, &r, e) || !rule_versions(s, c->a, r.id, &v, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        fprintf(c->out, "%3" PRId64 "  %.*s  %.*s  %s\n     when %.*s\n     then %.*s %.*s\n",
                v[i].version, STR_ARG(str_head(time_print(c->a, v[i].at), 16)), STR_ARG(v[i].actor),
                v[i].enabled == 1 ? "on" : "off", STR_ARG(v[i].condition), STR_ARG(v[i].action),
                STR_ARG(v[i].params));
    return true;
}

static bool go_back(call *c, const wanted *w, str name, err *e) {
    store *s;
    rule r;
    i64 version;
    if (!str_int(w->version, &version))
        return fail(e, INVALID, "to which version? --version N, see: heed rule versions NAME");
    if (!desk_store(c, w->ask.store, false, &s, e) ||
        !store_find(s, c->a, &noun_rule, name, &r, e) ||
        !rule_roll_back(s, c->a, &r, version, S("command line"), c->w->now_ms(c->w), e))
        return false;
    fprintf(c->out, "rule %.*s is as version %" PRId64 " was; this is version %" PRId64 "\n",
            STR_ARG(name), version, r.version);
    return true;
}

static bool findings(call *c, const wanted *w, err *e) {
    store *s;
    void *recs;
    size_t n, found;
    rule_finding *f;
    if (!desk_store(c, w->ask.store, false, &s, e) ||
        !store_list(s, c->a, &noun_rule, &(store_query){0}, &recs, &n, e) ||
        !rule_findings(c->a, recs, n, &f, &found, e))
        return false;
    for (size_t i = 0; i < found; i++)
        fprintf(c->out, "%-10.*s %.*s%s%.*s\n", STR_ARG(rule_finding_name(f[i].kind)),
                STR_ARG(f[i].rule->name), f[i].other ? "  by or with  " : "",
                STR_ARG(f[i].other ? f[i].other->name : NO_STR));
    if (!found) fputs("No rule is in another's way.\n", c->out);
    return true;
}

static bool why(call *c, const wanted *w, str number, err *e) {
    desk d;
    i64 id;
    buf b = {.a = c->a};
    json_out j = json_to(&b);
    if (!str_int(number, &id))
        return fail(e, INVALID, "why: of which signal? as in: heed rule why 12");
    if (!desk_open(c, w->ask.store, false, &d, e) ||
        !rule_explain(d.s, d.t, c->a, id, c->w->now_ms(c->w), &j, e))
        return false;
    put_json(c, &b);
    return true;
}

enum { SIMULATED_DAYS = 92 };

static bool simulate(call *c, const wanted *w, str name, err *e) {
    desk d;
    rule r;
    simulation m;
    buf b = {.a = c->a};
    json_out j = json_to(&b);
    noun_init(&noun_rule, &r);
    if (!desk_open(c, w->ask.store, false, &d, e)) return false;
    if (!store_find(d.s, c->a, &noun_rule, name, &r, e)) {
        if (e->code != NOT_FOUND) return false;
        r.name = name;
    }
    if (w->when.p) r.condition = w->when;
    if (w->then.p && !rule_then(c->a, w->then, &r, e)) return false;
    i64 now = c->w->now_ms(c->w);
    if (!rule_simulate(d.s, d.t, c->a, &r, now - SIMULATED_DAYS * DAY_MS, now + DAY_MS, now, &m, e))
        return false;
    simulation_print(&j, c->a, &m);
    put_json(c, &b);
    return true;
}

/* heed rule fact complaints_7d --when "intent = 'complaint'" --within 7d */
static bool add_fact(call *c, const wanted *w, str name, err *e) {
    desk d;
    fact f;
    noun_init(&noun_fact, &f);
    f.name = name;
    f.kind = w->kind.p ? w->kind : S("count");
    f.condition = w->when;
    f.within = w->within;
    f.metric = w->metric;
    f.by = w->by;
    if (!desk_open(c, w->ask.store, true, &d, e) ||
        !fact_save(d.s, d.t, c->a, &f, c->w->now_ms(c->w), e))
        return false;
    fprintf(c->out, "fact %.*s: rules may ask fact:%.*s\n", STR_ARG(name), STR_ARG(name));
    return true;
}

static bool dispatch(call *c, const wanted *w, const str_list *words, err *e) {
    str verb = words->n ? words->items[0] : S("list"),
        name = words->n > 1 ? words->items[1] : NO_STR;
    if (words->n > 2) return fail(e, INVALID, "rule: too many words; quote the expression");
    if (str_eq(verb, S("list"))) return list(c, w, e);
    if (str_eq(verb, S("try")) && (name.p || w->when.p)) return try_it(c, w, name, e);
    if (str_eq(verb, S("check"))) return findings(c, w, e);
    if (!name.p) return fail(e, INVALID, "rule %.*s: which one? give its name", STR_ARG(verb));
    if (str_eq(verb, S("versions"))) return versions(c, w, name, e);
    if (str_eq(verb, S("back"))) return go_back(c, w, name, e);
    if (str_eq(verb, S("why"))) return why(c, w, name, e);
    if (str_eq(verb, S("simulate"))) return simulate(c, w, name, e);
    if (str_eq(verb, S("fact"))) return add_fact(c, w, name, e);
    if (str_eq(verb, S("add"))) return add(c, w, name, e);
    if (str_eq(verb, S("apply"))) return act_on_past(c, w, name, e);
    if (str_eq(verb, S("on")) || str_eq(verb, S("off")) || str_eq(verb, S("delete")))
        return turn(c, w, verb, name, e);
    return fail(e, INVALID, "rule: want list, try, add, apply, on, off, delete, check, versions, back, why, "
                "simulate or fact, not \"%.*s\"",
                STR_ARG(verb));
}

static int run(call *c) {
    err e;
    str_list words;
    wanted w = {0};
    option options[9 + ASKING_OPTIONS] = {{.name = "when", .text = &w.when},
                                          {.name = "then", .text = &w.then},
                                          {.name = "off", .flag = &w.off},
                                          {.name = "past", .flag = &w.past},
                                          {.name = "version", .text = &w.version},
                                          {.name = "within", .text = &w.within},
                                          {.name = "kind", .text = &w.kind},
                                          {.name = "metric", .text = &w.metric},
                                          {.name = "by", .text = &w.by}};
    if (!asking_read(c, &w.ask, options, 9, &words, &e)) return call_failed(c, &e);
    if (!w.when.p) w.when = w.ask.where; /* --where is what all other commands call it */
    return dispatch(c, &w, &words, &e) ? 0 : call_failed(c, &e);
}

const command command_rule = {
    .name = "rule",
    .title = "When this, then that: try it on the past, add it, switch it on and off",
    .help =
        "usage: heed rule try  [NAME | --when EXPR] [--json]\n"
        "       heed rule add  NAME --when EXPR --then \"ACTION name=value ...\" [--off] [--past]\n"
        "       heed rule list [--json]\n"
        "       heed rule apply|on|off|delete NAME\n"
        "       heed rule check                    what rules say against each other\n"
        "       heed rule versions NAME\n"
        "       heed rule back NAME --version N\n"
        "       heed rule why SIGNAL               why each rule acted, or did not\n"
        "       heed rule simulate NAME [--when EXPR] [--then ...]   the last three months with it\n"
        "       heed rule fact NAME --within 7d [--when EXPR] [--kind count|metric|control]\n"
        "                      [--metric nps] [--by COLUMN]          asked as fact:NAME\n\n"
        "ACTION ticket department=NAME [owner=NAME] [due=30m|4h|2d|1w] "
        "[priority=low|normal|high|urgent]\n"
        "              [contact=1h] [calendar=NAME] [escalate=DEPARTMENT] [playbook=NAME] [each=yes]\n"
        "              [after=48h unless=FACT] [answered=COLUMN]\n"
        "       tag tag=NAME\n"
        "--past and apply carry the rule out on what was heard before, once per signal (tickets "
        "only).\n\n"
        "examples:\n"
        "  heed rule try --when \"aspect = 'delivery.speed' and polarity = 'negative'\"\n"
        "  heed rule add late-parcel --when \"words ~ '还没到' or delay_days >= 7\" \\\n"
        "                --then \"ticket department=logistics due=4h\"\n",
    .run = run,
};
