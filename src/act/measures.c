/* measures.c - the life of a measure: whole, signed, started, judged; and the ledger of what came back. */
#include "act/measures.h"
#include "act/outcome.h"
#include "base/job.h"
#include "base/time.h"

enum { SIGNS_MAX = 16 };

/* ---- is it whole ---- */

static bool parses(arena *a, const char *name, str text, err *e) {
    const expr *x;
    err inner;
    if (!text.n || expr_parse(a, text, 0, &x, &inner)) return true;
    return fail(e, inner.code, "%s: %s", name, inner.msg);
}

static bool outcome_ok(arena *a, const char *name, str text, err *e) {
    outcome o;
    err inner;
    if (!text.n || outcome_parse(a, text, &o, &inner)) return true;
    return fail(e, inner.code, "%s: %s", name, inner.msg);
}

static bool design_ok(const measure_row *m, err *e) {
    bool trial = str_eq(m->design, S("trial")), panel = str_eq(m->design, S("panel"));
    bool both = m->treated.n && m->control.n, none = !m->treated.n && !m->control.n;
    if (trial && !both && !(none && m->unit.n))
        return fail(e, INVALID,
                    "a trial wants treated and control (expressions), or a unit that is assigned "
                    "by its hash, such as customer");
    if (panel && (!both || !m->unit.n))
        return fail(e, INVALID,
                    "a panel wants treated, control and the unit that is seen before and after, "
                    "such as shop");
    if (!trial && !panel && !none)
        return fail(e, INVALID, "a series has no control; a trial or a panel has");
    if (m->share_planned != NONE && (m->share_planned <= 0 || m->share_planned >= NUM6_ONE))
        return fail(e, INVALID, "share_planned: want a share between 0 and 1");
    return true;
}

static bool check_job(arena *a, void *ctx, err *e) {
    const measure_row *m = ctx;
    if (m->ends_at <= m->starts_at) return fail(e, INVALID, "ends_at is not after starts_at");
    return parses(a, "pain", m->pain, e) && parses(a, "population", m->population, e) &&
           parses(a, "treated", m->treated, e) && parses(a, "control", m->control, e) &&
           outcome_ok(a, "outcome", m->outcome, e) && outcome_ok(a, "feedback", m->feedback, e) &&
           design_ok(m, e);
}

bool measure_check(const measure_row *m, err *e) {
    measure_row copy = *m;
    return noun_check(&noun_measure, m, e) && job_run(LIMIT_JOB_BYTES, check_job, &copy, e);
}

bool measure_may_change(const measure_row *from, const measure_row *to, err *e) {
    static const char *const fixed[] = {"design",     "outcome",       "better",    "feedback",
                                        "population", "treated",       "control",   "unit",
                                        "worth",      "share_planned", "starts_at", "ends_at"};
    if (str_eq(from->state, S("draft"))) return true;
    for (size_t i = 0; i < COUNT(fixed); i++) {
        const field *f = noun_field(&noun_measure, str_of(fixed[i]));
        check(f);
        bool same = field_is_text(f) ? str_eq(noun_text(f, from), noun_text(f, to))
                                     : noun_int(f, from) == noun_int(f, to);
        if (!same)
            return fail(e, CONFLICT,
                        "%s was fixed when the measure started; what was looked for is not changed "
                        "after looking",
                        fixed[i]);
    }
    if (!str_eq(from->verdict, to->verdict))
        return fail(e, CONFLICT, "a verdict comes from the evaluation, nobody writes it");
    return true;
}

/* ---- signatures ---- */

static bool signed_as(const json *signs, str as) {
    for (const json *s = signs ? signs->first : NULL; s; s = s->next)
        if (str_eq(json_get_text(s, S("as")), as)) return true;
    return false;
}

static bool signs_read(arena *a, const measure_row *m, json **out, err *e) {
    return json_read(a, m->signs.n ? m->signs : S("[]"), out, e);
}

static bool next_word(str *rest, str *word) {
    *rest = str_trim(*rest);
    if (!rest->n) return false;
    if (!str_cut(*rest, ' ', word, rest)) *word = *rest, *rest = S("");
    return true;
}

bool measure_sign(arena *a, measure_row *m, str as, str by, i64 now_ms, err *e) {
    json *signs;
    str rest = m->signs_needed, one;
    bool wanted = false;
    while (next_word(&rest, &one)) wanted |= str_eq(one, as);
    if (!wanted)
        return fail(e, INVALID, "nobody is to sign as \"%.*s\"; wanted: %.*s", STR_ARG(as),
                    STR_ARG(m->signs_needed.n ? m->signs_needed : S("no signatures")));
    if (!signs_read(a, m, &signs, e)) return false;
    if (signed_as(signs, as)) return true;
    if (signs->n >= SIGNS_MAX) return fail(e, LIMIT, "more than %d signatures", SIGNS_MAX);
    buf b = {.a = a};
    json_out j = json_to(&b);
    json_array(&j);
    for (const json *s = signs->first; s; s = s->next) json_value(&j, s);
    json_object(&j);
    json_key(&j, S("as"));
    json_text(&j, as);
    json_key(&j, S("by"));
    json_text(&j, by);
    json_key(&j, S("at"));
    json_text(&j, time_print(a, now_ms));
    json_end_object(&j);
    json_end_array(&j);
    m->signs = buf_view(&b);
    return true;
}

bool measure_start(tally *t, arena *a, measure_row *m, i64 now_ms, err *e) {
    json *signs;
    evaluation counted;
    str rest = m->signs_needed, one;
    if (!str_eq(m->state, S("draft")))
        return fail(e, CONFLICT, "the measure is %.*s already", STR_ARG(m->state));
    if (!measure_check(m, e) || !signs_read(a, m, &signs, e)) return false;
    while (next_word(&rest, &one))
        if (!signed_as(signs, one))
            return fail(e, CONFLICT, "it cannot start before %.*s has signed", STR_ARG(one));
    if (t && !measure_evaluate(t, a, m, NULL, now_ms, &counted, e)) return false;
    m->state = S("running");
    m->started_at = now_ms;
    return true;
}

/* ---- assignment ---- */

bool measure_treats(const measure_row *m, str unit) {
    char salted[LIMIT_NAME_BYTES + LIMIT_KEY_BYTES + 1];
    size_t n = MIN(m->name.n, (size_t)LIMIT_NAME_BYTES), k = MIN(unit.n, (size_t)LIMIT_KEY_BYTES);
    memcpy(salted, m->name.p, n);
    salted[n] = '\x1f';
    if (k) memcpy(salted + n + 1, unit.p, k);
    i64 share = m->share_planned == NONE ? NUM6_ONE / 2 : m->share_planned;
    return (i64)(str_hash((str){salted, n + 1 + k}) % (u64)NUM6_ONE) < share;
}

/* ---- judging ---- */

bool measure_judge(tally *t, arena *a, measure_row *m, i64 now_ms, evaluation *out, err *e) {
    if (str_eq(m->state, S("draft")))
        return fail(e, CONFLICT, "the measure has not started: sign and start it first");
    if (!measure_evaluate(t, a, m, NULL, now_ms, out, e)) return false;
    if (!out->over) return true;
    buf b = {.a = a};
    json_out j = json_to(&b);
    evaluation_print(&j, a, out);
    m->evaluation = buf_view(&b);
    m->evaluated_at = now_ms;
    m->verdict = verdict_name(out->verdict);
    m->state = S("ended");
    return true;
}

/* ---- the ledger ---- */

static double money(i64 v) {
    return v == NONE ? 0 : num6_double(v);
}

static bool read_value(arena *a, const measure_row *m, ledger_line *l, err *e) {
    json *x;
    if (!m->evaluation.n) return true;
    if (!json_read(a, m->evaluation, &x, e)) return false;
    const json *f = json_get(x, S("outcome"));
    double d = json_get_num(f, S("effect")), se = json_get_num(f, S("se"));
    double reached = json_get_num(json_get(f, S("treated")), S("reached"));
    double good = str_eq(m->better, S("up")) ? 1 : -1;
    if (isnan(d) || isnan(se) || isnan(reached)) return true;
    l->evaluated = true;
    l->priced = m->margin != NONE;
    l->value = good * d * reached * money(m->margin);
    l->value_se = se * reached * money(m->margin);
    return true;
}

bool ledger_make(arena *a, const measure_row *m, size_t n, ledger *out, err *e) {
    ledger l = {.lines = NEW_N(a, ledger_line, n)};
    double variance = 0;
    for (size_t i = 0; i < n; i++) {
        if (str_eq(m[i].state, S("draft"))) continue; /* nothing was spent yet */
        ledger_line *line = &l.lines[l.n];
        *line = (ledger_line){.m = &m[i], .cost = money(m[i].cost)};
        if (!read_value(a, &m[i], line, e)) return false;
        l.n++;
        l.unevaluated += !line->evaluated;
        l.unpriced += line->evaluated && !line->priced;
        l.cost += line->cost;
        l.value += line->value;
        variance += line->value_se * line->value_se;
    }
    l.rox = effect_return(l.value, sqrt(variance), l.cost);
    *out = l;
    return true;
}

static void member(json_out *j, const char *key, double v) {
    json_key(j, str_of(key));
    json_num(j, v);
}

static void print_line(json_out *j, const ledger_line *l) {
    json_object(j);
    json_key(j, S("id"));
    json_int(j, l->m->id);
    json_key(j, S("name"));
    json_text(j, l->m->name);
    json_key(j, S("verdict"));
    json_text(j, l->m->verdict);
    json_key(j, S("evaluated"));
    json_bool(j, l->evaluated);
    json_key(j, S("priced"));
    json_bool(j, l->priced);
    member(j, "cost", l->cost);
    member(j, "value", l->value);
    member(j, "value_se", l->priced ? l->value_se : NAN);
    json_end_object(j);
}

void ledger_print(json_out *j, const ledger *l) {
    json_object(j);
    member(j, "cost", l->cost);
    member(j, "value", l->value);
    member(j, "rox", l->rox.effect);
    member(j, "low", l->rox.low);
    member(j, "high", l->rox.high);
    json_key(j, S("n"));
    json_int(j, (i64)l->n);
    json_key(j, S("unevaluated"));
    json_int(j, (i64)l->unevaluated);
    json_key(j, S("unpriced"));
    json_int(j, (i64)l->unpriced);
    json_key(j, S("reason"));
    json_text(j, l->rox.reason ? str_of(l->rox.reason) : NO_STR);
    json_key(j, S("measures"));
    json_array(j);
    for (size_t i = 0; i < l->n; i++) print_line(j, &l->lines[i]);
    json_end_array(j);
    json_end_object(j);
}
