/* evaluate.c - the effect of a measure, counted from the tally as its design says. */
#include "act/measures.h"
#include "act/outcome.h"
#include "base/job.h"
#include "base/time.h"
#include "kern/expr_make.h"

enum { SERIES_WEEKS = 8 /* a shorter window is counted in days */ };

/* One outcome being evaluated: the same question with different filters. */
typedef struct {
    tally *t;
    arena *a;
    const measure_row *m;
    outcome what;
    const expr *population;
    evaluation *out;
} asking;

static void note(evaluation *x, const char *name, bool ok, double looked_at) {
    if (x->checks_n < EFFECT_CHECKS_MAX)
        x->checks[x->checks_n++] = (effect_check){name, ok, looked_at};
}

static bool condition(arena *a, str text, const expr **out, err *e) {
    *out = NULL;
    return !text.n || expr_parse(a, text, 0, out, e);
}

static const expr *during(const asking *q, const expr *who, i64 from, i64 to) {
    const expr *x = expr_both(q->a, q->population, who);
    if (from != NONE) x = expr_both(q->a, x, expr_time_from(q->a, S("occurred_at"), from));
    return expr_both(q->a, x, expr_time_before(q->a, S("occurred_at"), to));
}

static bool cells_of(const asking *q, const expr *where, const tally_by *by, tally_answer *out,
                     err *e) {
    tally_measure what = outcome_measure(&q->what);
    tally_question ask = {
        .where = where, .by = by, .by_n = by ? 1 : 0, .measures = &what, .measures_n = 1};
    return tally_ask(q->t, q->a, &ask, out, e);
}

static arm arm_of(sample s) {
    return (arm){s.n, s.n ? s.mean : NAN, s.n};
}

/* ---- trial: every signal is one observation ---- */

static bool one_arm(const asking *q, str who, sample *out, err *e) {
    const expr *x;
    tally_answer r;
    if (!condition(q->a, who, &x, e) ||
        !cells_of(q, during(q, x, q->m->starts_at, q->m->ends_at), NULL, &r, e))
        return false;
    *out = outcome_sample(&q->what, &r.cells[0].stats[0]);
    return true;
}

/* ---- by unit: each unit's mean is one observation ---- */

typedef struct {
    const str *unit;
    const double *mean;
    size_t n;
    i64 answers;
} unit_means;

static bool means_by_unit(const asking *q, const expr *who, i64 from, i64 to, unit_means *out,
                          err *e) {
    tally_by by = {q->m->unit, BY_VALUE};
    tally_answer r;
    if (!cells_of(q, during(q, who, from, to), &by, &r, e)) return false;
    str *unit = NEW_N(q->a, str, r.cells_n);
    double *mean = NEW_N(q->a, double, r.cells_n);
    size_t n = 0;
    i64 answers = 0;
    for (size_t i = 0; i < r.cells_n; i++) {
        sample s = outcome_sample(&q->what, &r.cells[i].stats[0]);
        if (!s.n || r.cells[i].keys[0].kind != VALUE_TEXT) continue;
        unit[n] = r.cells[i].keys[0].text;
        mean[n++] = s.mean;
        answers += s.n;
    }
    *out = (unit_means){unit, mean, n, answers};
    return true;
}

static sample hashed_arm(const asking *q, const unit_means *u, bool treated) {
    double *x = NEW_N(q->a, double, u->n);
    size_t n = 0;
    for (size_t i = 0; i < u->n; i++)
        if (measure_treats(q->m, u->unit[i]) == treated) x[n++] = u->mean[i];
    return sample_of(x, n);
}

/* Who was assigned by hash: one question, split here. */
static bool hashed_trial(const asking *q, sample *treated, sample *control, err *e) {
    unit_means u;
    if (!means_by_unit(q, NULL, q->m->starts_at, q->m->ends_at, &u, e)) return false;
    *treated = hashed_arm(q, &u, true);
    *control = hashed_arm(q, &u, false);
    return true;
}

static bool unit_arm(const asking *q, str who, sample *out, err *e) {
    const expr *x;
    unit_means u;
    if (!condition(q->a, who, &x, e) || !means_by_unit(q, x, q->m->starts_at, q->m->ends_at, &u, e))
        return false;
    *out = sample_of(u.mean, u.n);
    return true;
}

static bool trial_arms(const asking *q, sample *treated, sample *control, err *e) {
    if (!q->m->treated.n) return hashed_trial(q, treated, control, e);
    if (q->m->unit.n)
        return unit_arm(q, q->m->treated, treated, e) && unit_arm(q, q->m->control, control, e);
    return one_arm(q, q->m->treated, treated, e) && one_arm(q, q->m->control, control, e);
}

static double planned_share(const measure_row *m) {
    return m->share_planned == NONE ? 0.5 : num6_double(m->share_planned);
}

static effect trial_effect(const asking *q, sample t, sample c, bool watched) {
    if (watched) return effect_watched(t, c, 2 * MAX(t.n, c.n));
    if (q->what.kind == OUTCOME_SHARE && !q->m->unit.n && t.n && c.n)
        return effect_shares((i64)llround(t.mean * (double)t.n), t.n,
                             (i64)llround(c.mean * (double)c.n), c.n);
    return effect_means(t, c);
}

static void trial_checks(const asking *q, sample t, sample c) {
    if (t.n + c.n == 0) return;
    double p = sample_ratio_p(t.n, c.n, planned_share(q->m));
    note(q->out, "sample_ratio", p >= SAMPLE_RATIO_ALARM, p);
    if (q->m->worth == NONE || t.n < 2 || c.n < 2) return;
    double least = smallest_found((t.variance + c.variance) / 2, t.n, c.n);
    note(q->out, "power", least <= fabs(num6_double(q->m->worth)), least);
}

static bool trial(const asking *q, finding *f, err *e) {
    sample t, c;
    if (!trial_arms(q, &t, &c, e)) return false;
    f->treated = arm_of(t);
    f->control = arm_of(c);
    f->effect = trial_effect(q, t, c, q->out->watched);
    if (f == &q->out->outcome) trial_checks(q, t, c);
    return true;
}

/* ---- panel: units before and after, difference in differences ---- */

/* Both lists are sorted by unit, as the tally sorts its cells. */
static size_t changes(const unit_means *before, const unit_means *after, double *out) {
    size_t n = 0;
    for (size_t i = 0, k = 0; i < before->n && k < after->n;) {
        int order = str_cmp(before->unit[i], after->unit[k]);
        if (order == 0) out[n++] = after->mean[k] - before->mean[i];
        i += order <= 0;
        k += order >= 0;
    }
    return n;
}

static bool arm_changes(const asking *q, str who, i64 from, i64 middle, i64 to, double **out,
                        size_t *n_out, size_t *lost, i64 *answers, err *e) {
    const expr *x;
    unit_means before, after;
    if (!condition(q->a, who, &x, e) || !means_by_unit(q, x, from, middle, &before, e) ||
        !means_by_unit(q, x, middle, to, &after, e))
        return false;
    *out = NEW_N(q->a, double, MIN(before.n, after.n));
    *n_out = changes(&before, &after, *out);
    *lost += MAX(before.n, after.n) - *n_out;
    *answers = after.answers;
    return true;
}

typedef struct {
    sample treated, control;
    effect effect;
    size_t lost;
    i64 reached[2]; /* answers after: control, treated */
} did;

static bool difference(const asking *q, i64 from, i64 middle, i64 to, did *out, err *e) {
    double *t, *c;
    size_t t_n, c_n;
    *out = (did){0};
    if (!arm_changes(q, q->m->treated, from, middle, to, &t, &t_n, &out->lost, &out->reached[1],
                     e) ||
        !arm_changes(q, q->m->control, from, middle, to, &c, &c_n, &out->lost, &out->reached[0], e))
        return false;
    out->treated = sample_of(t, t_n);
    out->control = sample_of(c, c_n);
    out->effect = effect_panel(t, t_n, c, c_n);
    return true;
}

static bool panel(const asking *q, finding *f, err *e) {
    i64 from = q->m->starts_at, to = q->m->ends_at, span = to - from;
    did now, before;
    if (!difference(q, from - span, from, to, &now, e)) return false;
    f->treated = arm_of(now.treated);
    f->control = arm_of(now.control);
    f->treated.reached = now.reached[1];
    f->control.reached = now.reached[0];
    f->effect = now.effect;
    if (f != &q->out->outcome) return true;
    /* The same comparison one window earlier must find nothing. */
    if (!difference(q, from - 2 * span, from - span, from, &before, e)) return false;
    if (!before.effect.reason)
        note(q->out, "parallel_trends", before.effect.p >= 0.05, before.effect.p);
    note(q->out, "units_lost", now.lost == 0, (double)now.lost);
    return true;
}

/* ---- series: the same people before and after, against their own trend ---- */

static bool series(const asking *q, finding *f, err *e) {
    const measure_row *m = q->m;
    bool weeks = m->ends_at - m->starts_at >= SERIES_WEEKS * 7 * DAY_MS;
    i64 step = weeks ? 7 * DAY_MS : DAY_MS, next = NONE;
    tally_by by = {S("occurred_at"), weeks ? BY_WEEK : BY_DAY};
    tally_answer r;
    if (!cells_of(q, during(q, NULL, NONE, m->ends_at), &by, &r, e)) return false;
    double *y = NEW_N(q->a, double, r.cells_n), sum[2] = {0};
    size_t n = 0, before = 0, gaps = 0;
    i64 reached[2] = {0};
    for (size_t i = 0; i < r.cells_n; i++) {
        sample s = outcome_sample(&q->what, &r.cells[i].stats[0]);
        i64 at = r.cells[i].keys[0].num;
        /* the week in which it starts belongs to neither side */
        if (!s.n || (at < m->starts_at && at + step > m->starts_at)) continue;
        gaps += next != NONE && at > next + step;
        next = at;
        before += at < m->starts_at;
        sum[at >= m->starts_at] += s.mean;
        reached[at >= m->starts_at] += s.n;
        y[n++] = s.mean;
    }
    f->control = (arm){(i64)before, before ? sum[0] / (double)before : NAN, reached[0]};
    f->treated =
        (arm){(i64)(n - before), n > before ? sum[1] / (double)(n - before) : NAN, reached[1]};
    f->effect = effect_series(y, n, before, 0);
    if (f == &q->out->outcome) note(q->out, "gaps", gaps == 0, (double)gaps);
    return true;
}

/* ---- verdict ---- */

static bool find(const asking *q, finding *f, err *e) {
    if (str_eq(q->m->design, S("trial"))) return trial(q, f, e);
    return str_eq(q->m->design, S("panel")) ? panel(q, f, e) : series(q, f, e);
}

static verdict decide(const effect *x, bool up_is_good, double worth) {
    double low = up_is_good ? x->low : -x->high, high = up_is_good ? x->high : -x->low;
    if (x->reason) return VERDICT_INCONCLUSIVE;
    if (low > 0) return VERDICT_EFFECTIVE;
    if (high < 0) return VERDICT_HARMFUL;
    /* nothing worth having is left inside the interval */
    return worth > 0 && high < worth && low > -worth ? VERDICT_NO_EFFECT : VERDICT_INCONCLUSIVE;
}

/* The figure set beforehand and the voices of those it touched: when they contradict each other the
** verdict says so, it never averages them (J5). */
static verdict combined(verdict kpi, verdict voice) {
    bool apart = (kpi == VERDICT_EFFECTIVE && voice == VERDICT_HARMFUL) ||
                 (kpi == VERDICT_HARMFUL && voice == VERDICT_EFFECTIVE) ||
                 (kpi == VERDICT_NO_EFFECT && voice == VERDICT_HARMFUL);
    return apart ? VERDICT_MIXED : kpi;
}

static bool sound(const evaluation *x) {
    for (size_t i = 0; i < x->checks_n; i++) {
        const char *name = x->checks[i].name;
        bool fatal = !strcmp(name, "sample_ratio") || !strcmp(name, "parallel_trends");
        if (fatal && !x->checks[i].ok) return false;
    }
    return true;
}

static verdict judge(const measure_row *m, const evaluation *x) {
    double worth = m->worth == NONE ? 0 : fabs(num6_double(m->worth));
    verdict kpi = decide(&x->outcome.effect, str_eq(m->better, S("up")), worth);
    if (!sound(x)) return VERDICT_INCONCLUSIVE;
    return x->has_feedback ? combined(kpi, decide(&x->feedback.effect, true, 0)) : kpi;
}

/* A column that no signal has is a slip of the pen, not an effect of nothing. */
static bool column_there(const asking *q, const char *name, err *e) {
    tally_column *c;
    size_t n;
    if (q->what.kind == OUTCOME_SHARE || tally_rows_total(q->t) == 0) return true;
    if (!tally_columns(q->t, q->a, &c, &n, e)) return false;
    for (size_t i = 0; i < n; i++)
        if (c[i].kind == COLUMN_NUM && c[i].present && str_eq(c[i].name, q->what.column))
            return true;
    return fail(e, INVALID,
                "%s: no signal has a number \"%.*s\"; it may have gone into a field of ours, such "
                "as amount",
                name, (int)MIN(q->what.column.n, 80), q->what.column.p);
}

static bool counted(asking *q, const char *name, str text, finding *f, err *e) {
    return outcome_parse(q->a, text, &q->what, e) && column_there(q, name, e) && find(q, f, e);
}

bool measure_evaluate(tally *t, arena *a, const measure_row *m, const expr *sees, i64 now_ms,
                      evaluation *out, err *e) {
    evaluation x = {.over = now_ms >= m->ends_at, .at = now_ms, .has_feedback = m->feedback.n > 0};
    asking q = {.t = t, .a = a, .m = m, .out = &x};
    x.watched = !x.over && str_eq(m->design, S("trial"));
    if (!condition(a, m->population, &q.population, e)) return false;
    q.population = expr_both(a, sees, q.population);
    if (!counted(&q, "outcome", m->outcome, &x.outcome, e) ||
        (x.has_feedback && !counted(&q, "feedback", m->feedback, &x.feedback, e)))
        return false;
    x.verdict = judge(m, &x);
    *out = x;
    return true;
}

/* ---- out ---- */

str verdict_name(verdict v) {
    switch (v) {
    case VERDICT_EFFECTIVE:
        return S("effective");
    case VERDICT_HARMFUL:
        return S("harmful");
    case VERDICT_NO_EFFECT:
        return S("no_effect");
    case VERDICT_MIXED:
        return S("mixed");
    case VERDICT_INCONCLUSIVE:
        break;
    }
    return S("inconclusive");
}

static void number(json_out *j, const char *key, double v) {
    json_key(j, str_of(key));
    json_num(j, v);
}

static void print_arm(json_out *j, const char *key, const arm *x) {
    json_key(j, str_of(key));
    json_object(j);
    json_key(j, S("n"));
    json_int(j, x->n);
    number(j, "value", x->value);
    json_key(j, S("reached"));
    json_int(j, x->reached);
    json_end_object(j);
}

static void print_finding(json_out *j, const char *key, const finding *f) {
    const effect *x = &f->effect;
    json_key(j, str_of(key));
    json_object(j);
    print_arm(j, "treated", &f->treated);
    print_arm(j, "control", &f->control);
    number(j, "effect", x->effect);
    number(j, "low", x->low);
    number(j, "high", x->high);
    number(j, "se", x->se);
    number(j, "p", x->p);
    json_key(j, S("reason"));
    json_text(j, x->reason ? str_of(x->reason) : NO_STR);
    json_end_object(j);
}

void evaluation_print(json_out *j, arena *a, const evaluation *x) {
    json_object(j);
    json_key(j, S("at"));
    json_text(j, time_print(a, x->at));
    json_key(j, S("over"));
    json_bool(j, x->over);
    json_key(j, S("watched"));
    json_bool(j, x->watched);
    json_key(j, S("verdict"));
    json_text(j, verdict_name(x->verdict));
    print_finding(j, "outcome", &x->outcome);
    if (x->has_feedback) print_finding(j, "feedback", &x->feedback);
    json_key(j, S("checks"));
    json_array(j);
    for (size_t i = 0; i < x->checks_n; i++) {
        json_object(j);
        json_key(j, S("name"));
        json_text(j, str_of(x->checks[i].name));
        json_key(j, S("ok"));
        json_bool(j, x->checks[i].ok);
        number(j, "value", x->checks[i].value);
        json_end_object(j);
    }
    json_end_array(j);
    json_end_object(j);
}
