/* case_report.c - cases counted: by what people ask for, and department beside department. */
#include "act/case_report.h"
#include "base/time.h"

enum { ROWS_MAX = 2000 };

bool cases_gather(store *s, arena *a, const expr *filter, bool (*sees)(void *, const ticket *),
                  void *ctx, ticket **out, size_t *n_out, err *e) {
    ticket *all = NULL;
    size_t n = 0, room = 0, got, kept;
    void *recs;
    store_query q = {0};
    do {
        if (!store_list(s, a, &noun_ticket, &q, &recs, &got, e)) return false;
        kept = got;
        if (got) q.after_id = ((ticket *)recs)[got - 1].id;
        if (!tickets_sift(s, a, filter, recs, &kept, e)) return false;
        if (n + kept > room) {
            ticket *more = NEW_N(a, ticket, room = (n + kept) * 2);
            if (n) memcpy(more, all, n * sizeof *all);
            all = more;
        }
        for (size_t i = 0; i < kept; i++)
            if (!sees || sees(ctx, (ticket *)recs + i)) all[n++] = ((ticket *)recs)[i];
    } while (got == LIMIT_PAGE);
    *out = all;
    *n_out = n;
    return true;
}

/* ---- spans of time ---- */

static int by_ms(const void *x, const void *y) {
    i64 a = *(const i64 *)x, b = *(const i64 *)y;
    return (a > b) - (a < b);
}

/* Hyndman & Fan's type 7: linear between neighbours. */
static double quantile(const i64 *v, size_t n, double p) {
    double at = p * (double)(n - 1);
    size_t k = (size_t)at;
    double low = (double)v[k], high = (double)v[MIN(k + 1, n - 1)];
    return (low + (high - low) * (at - (double)k)) / (double)DAY_MS;
}

static case_span span_of(i64 *v, size_t n) {
    if (n == 0) return (case_span){0, NAN, NAN};
    qsort(v, n, sizeof *v, by_ms);
    return (case_span){(i64)n, quantile(v, n, 0.5), quantile(v, n, 0.9)};
}

/* ---- the report ---- */

static bool is_closed(const ticket *t) {
    return str_eq(t->state, S("closed"));
}

static str key_of(arena *a, const ticket *t, str by) {
    if (str_eq(by, S("month"))) return str_head(day_print(a, day_of_ms(t->opened_at)), 7);
    if (str_eq(by, S("rule_id")))
        return t->rule_id == NONE ? NO_STR : arena_fmt(a, "%" PRId64, t->rule_id);
    return noun_text(noun_field(&noun_ticket, by), t);
}

static bool by_known(str by, err *e) {
    static const char *const known[] = {"",        "department", "owner", "priority",
                                        "outcome", "rule_id",    "month"};
    for (size_t i = 0; i < COUNT(known); i++)
        if (str_eq(by, str_of(known[i]))) return true;
    return fail(e, INVALID,
                "by: \"%.*s\", want department, owner, priority, outcome, rule_id or month",
                (int)MIN(by.n, 60), by.p);
}

static void count(case_row *r, const ticket *t, i64 now_ms) {
    bool closed = is_closed(t);
    r->cases++;
    r->open += !closed;
    r->closed += closed;
    r->overdue += !closed && t->due_at != NONE && t->due_at < now_ms;
    r->reopened += t->reopened != NONE && t->reopened > 0;
    r->escalated += t->escalated_at != NONE;
    r->messages += t->messages == NONE ? 1 : t->messages;
    bool timed = closed && t->due_at != NONE;
    r->timed += timed;
    r->in_time += timed && t->closed_at <= t->due_at;
    r->asked += closed && t->score_after != NONE;
    r->recovered += closed && t->recovered == 1;
}

static void spans(arena *a, case_row *r, const ticket *t, const u32 *of, size_t n, u32 row) {
    i64 *contact = NEW_N(a, i64, n + 1), *close = NEW_N(a, i64, n + 1);
    size_t contact_n = 0, close_n = 0;
    for (size_t i = 0; i < n; i++) {
        if (of[i] == UINT32_MAX || (row != UINT32_MAX && of[i] != row)) continue;
        if (t[i].contacted_at != NONE) contact[contact_n++] = t[i].contacted_at - t[i].opened_at;
        if (is_closed(&t[i])) close[close_n++] = t[i].closed_at - t[i].opened_at;
    }
    r->contact = span_of(contact, contact_n);
    r->close = span_of(close, close_n);
    r->recovery = r->closed ? (double)r->recovered / (double)r->closed : NAN;
}

static bool row_of(case_report *o, str key, u32 *out, err *e) {
    for (size_t i = 0; i < o->rows_n; i++)
        if (str_eq(o->rows[i].key, key) && !o->rows[i].key.p == !key.p) return *out = (u32)i, true;
    if (o->rows_n == ROWS_MAX)
        return fail(e, LIMIT, "by: more than %d rows; ask for fewer cases", ROWS_MAX);
    o->rows[o->rows_n] = (case_row){.key = key};
    *out = (u32)o->rows_n++;
    return true;
}

static int by_key(const void *x, const void *y) {
    return str_cmp(((const case_row *)x)->key, ((const case_row *)y)->key);
}

bool case_report_make(arena *a, const ticket *t, size_t n, str by, i64 now_ms, case_report *out,
                      err *e) {
    case_report o = {.rows = NEW_N(a, case_row, ROWS_MAX)};
    u32 *of = NEW_N(a, u32, n + 1);
    if (!by_known(by, e)) return false;
    for (size_t i = 0; i < n; i++) {
        of[i] = UINT32_MAX;
        if (t[i].merged_into != NONE) continue;
        count(&o.all, &t[i], now_ms);
        of[i] = 0;
        if (!by.n) continue;
        if (!row_of(&o, key_of(a, &t[i], by), &of[i], e)) return false;
        count(&o.rows[of[i]], &t[i], now_ms);
    }
    spans(a, &o.all, t, of, n, UINT32_MAX);
    for (u32 i = 0; i < o.rows_n; i++) spans(a, &o.rows[i], t, of, n, i);
    if (o.rows_n) qsort(o.rows, o.rows_n, sizeof *o.rows, by_key);
    *out = o;
    return true;
}

/* ---- departments beside each other ---- */

typedef struct {
    u64 key;
    i64 timed, in_time, asked, recovered;
} mix; /* cases of one priority and rule */

static mix *mix_of(mix *all, size_t *n, const ticket *t) {
    u64 key =
        str_hash(t->priority) ^ (u64)(t->rule_id == NONE ? 0 : t->rule_id) * 0x9e3779b97f4a7c15u;
    for (size_t i = 0; i < *n; i++)
        if (all[i].key == key) return &all[i];
    if (*n == ROWS_MAX) return &all[ROWS_MAX - 1]; /* the rest are one kind */
    all[*n].key = key;
    return &all[(*n)++];
}

typedef struct {
    const ticket *t;
    u32 *mix; /* of each case */
    mix *mixes;
    size_t n;
} field_of_cases;

static void figure_add(score_figure *f, bool yes, i64 mix_yes, i64 mix_n) {
    double p = (double)mix_yes / (double)mix_n;
    f->n++;
    f->observed += yes;
    f->expected += p;
    f->low += p * (1 - p); /* the variance of the sum, until it is finished */
}

/* DerSimonian & Laird's moment estimator of the variance between departments. */
static double between(const score_row *rows, size_t n, size_t at) {
    double w = 0, w2 = 0, wd = 0, q = 0;
    size_t k = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < n; i++) {
            const score_figure *f = (const score_figure *)((const char *)&rows[i] + at);
            double m = (double)f->n, v = f->n ? f->low / (m * m) : 0;
            if (v <= 0) continue;
            double d = ((double)f->observed - f->expected) / m;
            if (pass == 0)
                w += 1 / v, w2 += 1 / (v * v), wd += d / v, k++;
            else
                q += (d - wd / w) * (d - wd / w) / v;
        }
    double c = k > 1 ? w - w2 / w : 0;
    return c > 0 ? MAX(0, (q - (double)(k - 1)) / c) : 0;
}

static void figure_end(score_figure *f, double overall, double tau2) {
    double m = (double)f->n, v = f->n ? f->low / (m * m) : NAN;
    if (!f->n) {
        f->raw = f->shrunken = f->low = f->high = NAN;
        return;
    }
    double d = ((double)f->observed - f->expected) / m, b = tau2 + v > 0 ? tau2 / (tau2 + v) : 0;
    double se = sqrt(b * v);
    f->raw = (double)f->observed / m;
    f->shrunken = MIN(MAX(overall + b * d, 0), 1);
    f->low = MAX(f->shrunken - 1.959963984540054 * se, 0);
    f->high = MIN(f->shrunken + 1.959963984540054 * se, 1);
}

static void mix_count(field_of_cases *k) {
    size_t mixes_n = 0;
    for (size_t i = 0; i < k->n; i++) {
        const ticket *t = &k->t[i];
        if (t->merged_into != NONE) continue;
        mix *m = mix_of(k->mixes, &mixes_n, t);
        k->mix[i] = (u32)(m - k->mixes);
        bool timed = is_closed(t) && t->due_at != NONE,
             asked = is_closed(t) && t->recovered != NONE;
        m->timed += timed;
        m->in_time += timed && t->closed_at <= t->due_at;
        m->asked += asked;
        m->recovered += asked && t->recovered == 1;
    }
}

static void score_add(score_row *r, const ticket *t, const mix *m) {
    if (is_closed(t) && t->due_at != NONE)
        figure_add(&r->in_time, t->closed_at <= t->due_at, m->in_time, m->timed);
    if (is_closed(t) && t->recovered != NONE)
        figure_add(&r->recovered, t->recovered == 1, m->recovered, m->asked);
}

static double overall(const score_row *rows, size_t n, size_t at) {
    i64 yes = 0, all = 0;
    for (size_t i = 0; i < n; i++) {
        const score_figure *f = (const score_figure *)((const char *)&rows[i] + at);
        yes += f->observed;
        all += f->n;
    }
    return all ? (double)yes / (double)all : NAN;
}

static void score_end(scorecard *o) {
    const size_t time_at = offsetof(score_row, in_time), back_at = offsetof(score_row, recovered);
    o->in_time = overall(o->rows, o->rows_n, time_at);
    o->recovered = overall(o->rows, o->rows_n, back_at);
    double t2 = between(o->rows, o->rows_n, time_at), r2 = between(o->rows, o->rows_n, back_at);
    for (size_t i = 0; i < o->rows_n; i++) {
        figure_end(&o->rows[i].in_time, o->in_time, t2);
        figure_end(&o->rows[i].recovered, o->recovered, r2);
    }
}

bool scorecard_make(arena *a, const ticket *t, size_t n, i64 now_ms, scorecard *out, err *e) {
    case_report r;
    if (!case_report_make(a, t, n, S("department"), now_ms, &r, e)) return false;
    field_of_cases k = {t, NEW_N(a, u32, n + 1), NEW_N(a, mix, ROWS_MAX), n};
    scorecard o = {.rows = NEW_N(a, score_row, r.rows_n + 1), .rows_n = r.rows_n};
    mix_count(&k);
    for (size_t i = 0; i < r.rows_n; i++) {
        o.rows[i].department = r.rows[i].key;
        o.rows[i].cases = r.rows[i].cases;
        o.rows[i].open = r.rows[i].open;
        o.rows[i].close = r.rows[i].close;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t d = 0; d < o.rows_n && t[i].merged_into == NONE; d++)
            if (str_eq(o.rows[d].department, t[i].department) &&
                !o.rows[d].department.p == !t[i].department.p)
                score_add(&o.rows[d], &t[i], &k.mixes[k.mix[i]]);
    score_end(&o);
    *out = o;
    return true;
}

/* ---- out ---- */

static void put_int(json_out *j, const char *name, i64 v) {
    json_key(j, str_of(name));
    json_int(j, v);
}

static void put_num(json_out *j, const char *name, double v) {
    json_key(j, str_of(name));
    json_num(j, v);
}

static void put_span(json_out *j, const char *name, case_span s) {
    json_key(j, str_of(name));
    json_object(j);
    put_int(j, "n", s.n);
    put_num(j, "median_days", s.median);
    put_num(j, "p90_days", s.p90);
    json_end_object(j);
}

static void put_row(json_out *j, const case_row *r) {
    json_object(j);
    json_key(j, S("key"));
    json_text(j, r->key);
    put_int(j, "cases", r->cases);
    put_int(j, "open", r->open);
    put_int(j, "overdue", r->overdue);
    put_int(j, "closed", r->closed);
    put_int(j, "reopened", r->reopened);
    put_int(j, "escalated", r->escalated);
    put_int(j, "messages", r->messages);
    put_int(j, "timed", r->timed);
    put_int(j, "in_time", r->in_time);
    put_int(j, "asked", r->asked);
    put_int(j, "recovered", r->recovered);
    put_num(j, "recovery_rate", r->recovery);
    put_span(j, "contact", r->contact);
    put_span(j, "close", r->close);
    json_end_object(j);
}

void case_report_print(json_out *j, arena *a, const case_report *r, str by) {
    (void)a;
    json_object(j);
    json_key(j, S("by"));
    json_text(j, by.n ? by : NO_STR);
    json_key(j, S("all"));
    put_row(j, &r->all);
    json_key(j, S("rows"));
    json_array(j);
    for (size_t i = 0; i < r->rows_n; i++) put_row(j, &r->rows[i]);
    json_end_array(j);
    json_end_object(j);
}

static void put_figure(json_out *j, const char *name, const score_figure *f) {
    json_key(j, str_of(name));
    json_object(j);
    put_int(j, "n", f->n);
    put_int(j, "observed", f->observed);
    put_num(j, "expected", f->expected);
    put_num(j, "raw", f->raw);
    put_num(j, "shrunken", f->shrunken);
    put_num(j, "low", f->low);
    put_num(j, "high", f->high);
    json_end_object(j);
}

void scorecard_print(json_out *j, const scorecard *s) {
    json_object(j);
    put_num(j, "in_time", s->in_time);
    put_num(j, "recovered", s->recovered);
    json_key(j, S("rows"));
    json_array(j);
    for (size_t i = 0; i < s->rows_n; i++) {
        json_object(j);
        json_key(j, S("department"));
        json_text(j, s->rows[i].department);
        put_int(j, "cases", s->rows[i].cases);
        put_int(j, "open", s->rows[i].open);
        put_span(j, "close", s->rows[i].close);
        put_figure(j, "in_time", &s->rows[i].in_time);
        put_figure(j, "recovered", &s->rows[i].recovered);
        json_end_object(j);
    }
    json_end_array(j);
    json_end_object(j);
}
