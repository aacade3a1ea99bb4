/* measure.c - what is done about a pain, and whether it helped: plan, sign, start, evaluate. */
#include "act/measures.h"
#include "base/time.h"
#include "main/desk.h"
#include "main/screen.h"

/* ---- list and one ---- */

static bool all_of(call *c, store *s, measure_row **out, size_t *n, err *e) {
    void *recs;
    if (!store_list(s, c->a, &noun_measure, &(store_query){.newest_first = true}, &recs, n, e))
        return false;
    *out = recs;
    return true;
}

static void print_list(call *c, const measure_row *m, size_t n) {
    text_table t = table_of(c->a, c->out, 6, 1);
    table_row(&t, (str[]){S("no."), S("state"), S("verdict"), S("design"), S("until"), S("name")});
    for (size_t i = 0; i < n; i++)
        table_row(&t, (str[]){arena_fmt(c->a, "%" PRId64, m[i].id), m[i].state,
                              m[i].verdict.n ? m[i].verdict : S("-"), m[i].design,
                              str_head(time_print(c->a, m[i].ends_at), 10), m[i].name});
    table_print(&t);
}

static bool list(call *c, const asking *ask_for, err *e) {
    store *s;
    measure_row *m;
    size_t n;
    if (!desk_store(c, ask_for->store, false, &s, e) || !all_of(c, s, &m, &n, e)) return false;
    if (ask_for->json) {
        buf b = {.a = c->a};
        json_out j = json_to(&b);
        json_object(&j);
        json_key(&j, S("measures"));
        json_array(&j);
        for (size_t i = 0; i < n; i++) noun_print(&j, &noun_measure, &m[i]);
        json_end_array(&j);
        json_end_object(&j);
        put_json(c, &b);
    } else if (n) {
        print_list(c, m, n);
    } else {
        fputs("No measures.  `heed pains` shows what to do something about, `heed help measure` "
              "how to plan it.\n",
              c->out);
    }
    return true;
}

/* ---- add: NAME field=value ... ---- */

/* Numbers stand bare in JSON, all else as text: noun_read judges both. */
static bool put_member(json_out *j, str word, err *e) {
    str name, text;
    num6 number;
    if (!str_cut(word, '=', &name, &text))
        return fail(e, INVALID, "\"%.*s\": want field=value, as in lever=service",
                    (int)MIN(word.n, 80), word.p);
    const field *f = noun_field(&noun_measure, name);
    json_key(j, name);
    if (f && f->kind == FIELD_NUM6 && num6_parse(text, &number))
        json_num(j, num6_double(number));
    else
        json_text(j, text);
    return true;
}

static bool read_fields(call *c, const str_list *words, size_t from, measure_row *m, err *e) {
    buf b = {.a = c->a};
    json_out j = json_to(&b);
    json *object;
    json_object(&j);
    for (size_t i = from; i < words->n; i++)
        if (!put_member(&j, words->items[i], e)) return false;
    json_end_object(&j);
    return json_read(c->a, buf_view(&b), &object, e) &&
           noun_read(c->a, &noun_measure, object, m, e);
}

static bool add(call *c, const asking *ask_for, const str_list *words, err *e) {
    store *s;
    measure_row m;
    noun_init(&noun_measure, &m);
    m.state = S("draft");
    m.better = S("up");
    m.name = words->items[1];
    if (!read_fields(c, words, 2, &m, e) || !measure_check(&m, e) ||
        !desk_store(c, ask_for->store, false, &s, e) || !store_put(s, &noun_measure, &m, e))
        return false;
    fprintf(c->out, "measure %.*s is planned; it starts with `heed measure start`\n",
            STR_ARG(m.name));
    return true;
}

static bool set(call *c, const asking *ask_for, const str_list *words, err *e) {
    store *s;
    measure_row m, to;
    if (!desk_store(c, ask_for->store, false, &s, e) ||
        !store_find(s, c->a, &noun_measure, words->items[1], &m, e))
        return false;
    to = m;
    if (!read_fields(c, words, 2, &to, e) || !measure_may_change(&m, &to, e) ||
        !measure_check(&to, e) || !store_put(s, &noun_measure, &to, e))
        return false;
    fprintf(c->out, "measure %.*s is changed\n", STR_ARG(m.name));
    return true;
}

/* ---- sign, start ---- */

static bool step(call *c, const asking *ask_for, str verb, str name, str as, err *e) {
    desk d;
    measure_row m;
    i64 now = c->w->now_ms(c->w);
    if (!desk_open(c, ask_for->store, false, &d, e) ||
        !store_find(d.s, c->a, &noun_measure, name, &m, e))
        return false;
    bool starts = str_eq(verb, S("start"));
    if (!(starts ? measure_start(d.t, c->a, &m, now, e)
                 : measure_sign(c->a, &m, as, S("system"), now, e)) ||
        !store_put(d.s, &noun_measure, &m, e))
        return false;
    if (starts)
        fprintf(c->out, "measure %.*s runs; its design stands from now on\n", STR_ARG(name));
    else
        fprintf(c->out, "measure %.*s is signed as %.*s\n", STR_ARG(name), STR_ARG(as));
    return true;
}

/* ---- evaluate ---- */

static void print_finding(call *c, const char *label, const finding *f) {
    const effect *x = &f->effect;
    fprintf(c->out, "%-9s treated %.6g (n %" PRId64 "), control %.6g (n %" PRId64 ")\n", label,
            f->treated.value, f->treated.n, f->control.value, f->control.n);
    if (x->reason)
        fprintf(c->out, "          no effect can be counted: %s\n", x->reason);
    else
        fprintf(c->out, "          effect %+.6g [%.6g, %.6g]\n", x->effect, x->low, x->high);
}

static const char *meaning(const effect_check *k) {
    static const struct {
        const char *name, *good, *bad;
    } words[] = {
        {"sample_ratio", "the split is as planned", "the split is not as planned: no verdict"},
        {"parallel_trends", "before, both arms moved alike",
         "before, the arms moved apart already: no verdict"},
        {"power", "enough to find what is worth having",
         "too few to be sure of finding what is worth having"},
        {"units_lost", "every unit was seen before and after",
         "some units were seen on one side only and are left out"},
        {"gaps", "no gap in the series", "the series has gaps"},
    };
    for (size_t i = 0; i < COUNT(words); i++)
        if (!strcmp(words[i].name, k->name)) return k->ok ? words[i].good : words[i].bad;
    return k->name;
}

static void print_evaluation(call *c, const measure_row *m, const evaluation *x) {
    str v = verdict_name(x->verdict);
    print_finding(c, "outcome", &x->outcome);
    if (x->has_feedback) print_finding(c, "feedback", &x->feedback);
    for (size_t i = 0; i < x->checks_n; i++)
        fprintf(c->out, "%s %s (%.4g)\n", x->checks[i].ok ? "ok       " : "DOUBT    ",
                meaning(&x->checks[i]), x->checks[i].value);
    if (x->over)
        fprintf(c->out, "verdict   %.*s is %.*s\n", STR_ARG(m->name), STR_ARG(v));
    else
        fprintf(c->out, "It runs until %.*s; so far it looks %.*s.\n",
                STR_ARG(str_head(time_print(c->a, m->ends_at), 10)), STR_ARG(v));
}

static bool evaluate(call *c, const asking *ask_for, str name, err *e) {
    desk d;
    measure_row m;
    evaluation x;
    if (!desk_open(c, ask_for->store, false, &d, e) ||
        !store_find(d.s, c->a, &noun_measure, name, &m, e) ||
        !measure_judge(d.t, c->a, &m, c->w->now_ms(c->w), &x, e) ||
        (x.over && !store_put(d.s, &noun_measure, &m, e)))
        return false;
    if (ask_for->json) {
        buf b = {.a = c->a};
        json_out j = json_to(&b);
        evaluation_print(&j, c->a, &x);
        put_json(c, &b);
    } else {
        print_evaluation(c, &m, &x);
    }
    return true;
}

/* ---- what came back ---- */

static void print_ledger(call *c, const ledger *l) {
    text_table t = table_of(c->a, c->out, 4, 6);
    table_row(&t, (str[]){S("verdict"), S("cost"), S("came back"), S("measure")});
    for (size_t i = 0; i < l->n; i++) {
        const ledger_line *x = &l->lines[i];
        table_row(&t,
                  (str[]){x->m->verdict.n ? x->m->verdict : S("-"), number_text(c->a, x->cost, 2),
                          x->priced      ? number_text(c->a, x->value, 2)
                          : x->evaluated ? S("no margin told")
                                         : S("not evaluated"),
                          x->m->name});
    }
    table_print(&t);
    if (l->rox.reason)
        fprintf(c->out, "ROX n/a: %s\n", l->rox.reason);
    else
        fprintf(
            c->out,
            "ROX %.1f %% [%.1f, %.1f]; of %zu, %zu not evaluated and %zu without a margin count "
            "as nothing\n",
            100 * l->rox.effect, 100 * l->rox.low, 100 * l->rox.high, l->n, l->unevaluated,
            l->unpriced);
}

static bool rox(call *c, const asking *ask_for, err *e) {
    store *s;
    measure_row *m;
    size_t n;
    ledger l;
    if (!desk_store(c, ask_for->store, false, &s, e) || !all_of(c, s, &m, &n, e) ||
        !ledger_make(c->a, m, n, &l, e))
        return false;
    if (ask_for->json) {
        buf b = {.a = c->a};
        json_out j = json_to(&b);
        ledger_print(&j, &l);
        put_json(c, &b);
    } else if (l.n) {
        print_ledger(c, &l);
    } else {
        fputs("Nothing was started, so nothing was spent.\n", c->out);
    }
    return true;
}

static bool dispatch(call *c, const asking *ask_for, const str_list *words, str as, err *e) {
    str verb = words->n ? words->items[0] : S("list");
    if (str_eq(verb, S("list"))) return list(c, ask_for, e);
    if (str_eq(verb, S("rox"))) return rox(c, ask_for, e);
    if (words->n < 2)
        return fail(e, INVALID, "measure %.*s: which one? give its name", STR_ARG(verb));
    if (str_eq(verb, S("add"))) return add(c, ask_for, words, e);
    if (str_eq(verb, S("set"))) return set(c, ask_for, words, e);
    if (words->n > 2) return fail(e, INVALID, "measure: too many words; quote the name");
    if (str_eq(verb, S("evaluate"))) return evaluate(c, ask_for, words->items[1], e);
    if (str_eq(verb, S("start")) || (str_eq(verb, S("sign")) && as.n))
        return step(c, ask_for, verb, words->items[1], as, e);
    return fail(e, INVALID,
                "measure: want list, add, set, sign NAME --as WHO, start, evaluate or rox, not "
                "\"%.*s\"",
                STR_ARG(verb));
}

static int run(call *c) {
    err e;
    str_list words;
    asking ask_for;
    str as = NO_STR;
    option options[1 + ASKING_OPTIONS] = {{.name = "as", .text = &as}};
    if (!asking_read(c, &ask_for, options, 1, &words, &e)) return call_failed(c, &e);
    return dispatch(c, &ask_for, &words, as, &e) ? 0 : call_failed(c, &e);
}

const command command_measure = {
    .name = "measure",
    .title = "What is done about a pain, and whether it helped",
    .help =
        "usage: heed measure add NAME field=value ...     plan it\n"
        "       heed measure set NAME field=value ...     change the plan\n"
        "       heed measure sign NAME --as WHO           a signature it needs\n"
        "       heed measure start NAME                   from now on the design stands\n"
        "       heed measure evaluate NAME [--json]       count the effect; the verdict when it is "
        "over\n"
        "       heed measure [list] [--json]\n"
        "       heed measure rox [--json]                 what all of them cost and brought "
        "back\n\n"
        "fields: lever=design|portfolio|channel|price|advertising|service\n"
        "        design=trial|panel|series   how the effect is told from chance\n"
        "        outcome=\"mean:COLUMN\" | \"share:EXPR\" | nps     better=up|down\n"
        "        feedback=...                what customers say of it, like outcome\n"
        "        treated=EXPR control=EXPR   or unit=COLUMN alone: assigned by its hash\n"
        "        unit=COLUMN                 panel: what is seen before and after (a shop)\n"
        "        population=EXPR worth=NUMBER starts_at=DATE ends_at=DATE\n"
        "        cost=NUMBER margin=NUMBER   money; margin is what one unit of outcome is worth\n"
        "        pain=EXPR hypothesis=TEXT department=NAME owner=NAME signs_needed=\"finance "
        "...\"\n\n"
        "example: heed measure add \"men's letter\" lever=advertising design=trial \\\n"
        "             outcome=mean:spend treated=\"arm = 'letter'\" control=\"arm = 'none'\" \\\n"
        "             starts_at=2026-01-01 ends_at=2026-02-01 cost=900 margin=0.4\n",
    .run = run,
};
