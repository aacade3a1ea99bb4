/* report.c - counts the month: scores and their changes, pains and delights, warnings, tickets, measures. */
#include "api/report.h"
#include "base/time.h"
#include "base/utf8.h"
#include "kern/expr_make.h"
#include "understand/taxonomy.h"
#include "understand/voice_json.h"

enum { QUOTE_BYTES = 420 };

typedef struct {
    store *s;
    tally *t;
    arena *a;
    const report_wish *w;
    report *r;
    i64 before; /* start of the month before */
    i32 year, month;
} counting;

/* ---- the month ---- */

static i64 month_start(const counting *k, i32 year, i32 month) {
    i32 m = month - 1, y = year + m / 12;
    if ((m %= 12) < 0) m += 12, y--;
    i64 local = day_of_ymd(y, m + 1, 1) * DAY_MS;
    return k->w->zone ? zone_utc(k->w->zone, local) : local - k->w->zone_min * MINUTE_MS;
}

static bool month_read(counting *k, err *e) {
    str year, month;
    i64 y, m;
    if (!str_cut(k->w->month, '-', &year, &month) || year.n != 4 || month.n != 2 ||
        !str_int(year, &y) || !str_int(month, &m) || y < 1900 || y > 9000 || m < 1 || m > 12)
        return fail(e, INVALID, "month: \"%.*s\": want a year and a month, such as 2026-03",
                    (int)MIN(k->w->month.n, 40), k->w->month.p ? k->w->month.p : "");
    k->year = (i32)y;
    k->month = (i32)m;
    k->r->from = month_start(k, k->year, k->month);
    k->r->to = month_start(k, k->year, k->month + 1);
    k->before = month_start(k, k->year, k->month - 1);
    return true;
}

static const expr *span(const counting *k, i64 from, i64 to) {
    const expr *x = expr_both(k->a, k->w->sees, expr_time_from(k->a, S("occurred_at"), from));
    return expr_both(k->a, x, expr_time_before(k->a, S("occurred_at"), to));
}
static const expr *this_month(const counting *k) {
    return span(k, k->r->from, k->r->to);
}

/* ---- scores ---- */

/* Interval of a difference of two estimates from theirs (Zou & Donner 2008). */
static void difference(report_score *x) {
    const estimate *n = &x->now, *b = &x->before;
    x->change = n->value - b->value;
    double down = hypot(n->value - n->low, b->high - b->value);
    double up = hypot(n->high - n->value, b->value - b->low);
    x->low = x->change - down;
    x->high = x->change + up;
}

static bool score(counting *k, const char *name, err *e) {
    measure_answer m;
    const expr *before = span(k, k->before, k->r->from);
    measure_question q = {.metric = str_of(name),
                          .where = this_month(k),
                          .compare = true,
                          .versus = before,
                          .minimum_n = NONE};
    if (!measure(k->t, k->s, k->a, &q, &m, e)) return false;
    if (m.cells[0].est.n == 0) return true; /* nobody was asked */
    report_score *x = &k->r->scores[k->r->scores_n++];
    *x = (report_score){.metric = str_of(name),
                        .unit = m.metric->unit,
                        .now = m.cells[0].est,
                        .before = m.cells[0].before};
    memcpy(x->definition, m.definition, sizeof x->definition);
    difference(x);
    return true;
}

static bool scores(counting *k, err *e) {
    static const char *const names[] = {"nps", "csat", "ces", "csat:score:rating5", "nss"};
    for (size_t i = 0; i < COUNT(names) && k->r->scores_n < REPORT_SCORES; i++)
        if (!score(k, names[i], e)) return false;
    return true;
}

static bool voices_in(counting *k, i64 from, i64 to, i64 *out, err *e) {
    tally_question q = {.where = span(k, from, to)};
    tally_answer r;
    if (!tally_ask(k->t, k->a, &q, &r, e)) return false;
    return *out = r.cells_n ? r.cells[0].n : 0, true;
}

static bool trend(counting *k, err *e) {
    report *r = k->r;
    for (i32 i = 0; r->scores_n && i < REPORT_MONTHS; i++) {
        i32 back = REPORT_MONTHS - 1 - i;
        i64 from = month_start(k, k->year, k->month - back);
        measure_answer m;
        measure_question q = {.metric = r->scores[0].metric,
                              .minimum_n = NONE,
                              .where = span(k, from, month_start(k, k->year, k->month - back + 1))};
        if (!measure(k->t, k->s, k->a, &q, &m, e)) return false;
        i32 at = k->month - 1 - back;
        r->trend[i] = m.cells[0].est;
        r->trend_year[i] = k->year + (at < 0 ? -1 : 0);
        r->trend_month[i] = (at + 12) % 12 + 1;
    }
    return true;
}

/* ---- pains and delights ---- */

typedef struct {
    char text[QUOTE_BYTES + 4], channel[40];
    size_t text_n;
    i64 at;
    str lang; /* wished for: as insights name it */
    bool own; /* these words are in that language */
} quoted;

/* In the store's scan: nothing is taken from an arena here.  The first quote, or the first in the language. */
static bool quote_one(void *ctx, const signal *sig, const insight *ins, err *e) {
    quoted *q = ctx;
    str words = voice_text(sig, ins);
    str cut = words.n > QUOTE_BYTES ? utf8_clip(words, QUOTE_BYTES) : words;
    (void)e;
    q->own = str_eq(ins->row.lang, q->lang);
    if (q->text_n && !q->own) return true;
    memcpy(q->text, cut.p ? cut.p : "", cut.n);
    q->text_n = cut.n;
    if (cut.n < words.n) memcpy(q->text + cut.n, "\xe2\x80\xa6", 3), q->text_n += 3;
    snprintf(q->channel, sizeof q->channel, "%.*s",
             (int)MIN(sig->row.channel.n, sizeof q->channel - 1),
             sig->row.channel.p ? sig->row.channel.p : "");
    q->at = sig->row.occurred_at;
    return !q->own;
}

static bool quote(counting *k, report_theme *x, err *e) {
    quoted *q = NEW(k->a, quoted);
    if (!x->p.quotes_n) return true;
    q->lang = str_eq(k->w->lang, S("zh-CN"))   ? S("zh-Hans")
              : str_eq(k->w->lang, S("zh-TW")) ? S("zh-Hant")
                                               : S("en");
    if (!store_scan_ids(k->s, x->p.quotes, x->p.quotes_n, quote_one, q, e)) return false;
    x->quote = arena_str(k->a, (str){q->text, q->text_n});
    x->quote_channel = arena_str(k->a, str_of(q->channel));
    x->quote_at = q->at;
    return true;
}

static bool themes(counting *k, int polarity, size_t most, report_theme *out, size_t *n_out,
                   err *e) {
    pains_answer now, before;
    pains_question q = {.polarity = polarity,
                        .where = this_month(k),
                        .limit = most,
                        .minimum_n = MEASURE_MINIMUM_N};
    pains_question b = q;
    b.where = span(k, k->before, k->r->from);
    b.limit = LIMIT_PAGE;
    b.minimum_n = 1;
    if (!pains(k->t, k->s, k->a, &q, &now, e) || !pains(k->t, k->s, k->a, &b, &before, e))
        return false;
    *n_out = MIN(now.n, most);
    for (size_t i = 0; i < *n_out; i++) {
        out[i] = (report_theme){.p = now.items[i], .before_base = before.base};
        out[i].title = taxonomy_title(taxonomy_shipped(), now.items[i].aspect, k->w->lang);
        for (size_t j = 0; j < before.n; j++)
            if (str_eq(before.items[j].aspect, out[i].p.aspect))
                out[i].before_n = before.items[j].n;
        if (!quote(k, &out[i], e)) return false;
    }
    return true;
}

/* ---- why the headline moved ---- */

static bool explain(counting *k, err *e) {
    report *r = k->r;
    err none;
    if (!r->scores_n || isnan(r->scores[0].change)) return true;
    why_question q = {.metric = r->scores[0].metric,
                      .where = k->w->sees,
                      .compare = true,
                      .zone_min = k->w->zone_min,
                      .zone = k->w->zone};
    counting all = *k;
    report_wish everything = *k->w;
    everything.sees = NULL;
    all.w = &everything;
    q.now = span(&all, r->from, r->to);
    q.before = span(&all, k->before, r->from);
    (void)e; /* a metric that is no mean has no parts: the report goes without */
    r->explained = why(k->t, k->s, k->a, &q, &r->why, &none);
    return true;
}

/* ---- warnings ---- */

static bool alerts(counting *k, err *e) {
    report *r = k->r;
    store_query q = {.newest_first = true};
    void *recs;
    size_t n;
    if (k->w->sees) return true; /* who sees a part only is not told what was counted over all */
    do {
        if (!store_list(k->s, k->a, &noun_alert, &q, &recs, &n, e)) return false;
        for (size_t i = 0; i < n; i++) {
            const alert *x = (alert *)recs + i;
            watch w;
            q.after_id = x->id;
            if (x->period_at >= r->to || x->last_at < r->from || r->alerts_n == REPORT_ROWS)
                continue;
            if (!store_get(k->s, k->a, &noun_watch, x->watch_id, &w, e)) return false;
            r->alert_watch[r->alerts_n] = w.name;
            r->alerts[r->alerts_n++] = *x;
        }
    } while (n == LIMIT_PAGE);
    return true;
}

/* ---- tickets that the month's voices opened ---- */

static int by_id(const void *x, const void *y) {
    i64 a = *(const i64 *)x, b = *(const i64 *)y;
    return (a > b) - (a < b);
}

static void count_department(report *r, const ticket *x, bool late) {
    size_t i = 0;
    str name = x->department.n ? x->department : S("-");
    while (i < r->departments_n && !str_eq(r->departments[i].name, name)) i++;
    if (i == REPORT_ROWS) return;
    if (i == r->departments_n) {
        r->departments[i] = (report_department){.name = name, .title = name};
        r->departments_n++;
    }
    r->departments[i].open++;
    r->departments[i].late += late;
}

static void count_ticket(report *r, const ticket *x) {
    bool closed = str_eq(x->state, S("closed"));
    bool late = !closed && x->due_at != NONE && x->due_at < r->to;
    r->tickets_opened++;
    r->tickets_closed += closed;
    r->tickets_open += !closed;
    r->tickets_late += late;
    if (!closed) count_department(r, x, late);
}

static int most_open(const void *x, const void *y) {
    const report_department *a = x, *b = y;
    if (a->open != b->open) return a->open < b->open ? 1 : -1;
    return str_cmp(a->name, b->name);
}

static bool departments(counting *k, err *e) {
    report *r = k->r;
    void *recs;
    size_t n;
    if (!store_list(k->s, k->a, &noun_department, &(store_query){0}, &recs, &n, e)) return false;
    qsort(r->departments, r->departments_n, sizeof *r->departments, most_open);
    for (size_t i = 0; i < r->departments_n; i++)
        for (size_t d = 0; d < n; d++) {
            const department *x = (department *)recs + d;
            if (x->title.n && str_eq(x->name, r->departments[i].name))
                r->departments[i].title = x->title;
        }
    return true;
}

static bool tickets(counting *k, err *e) {
    store_query q = {0};
    i64 *ids;
    void *recs;
    size_t ids_n, n;
    if (!tally_rows(k->t, k->a, this_month(k), 0, 1000000, &ids, &ids_n, e)) return false;
    qsort(ids, ids_n, sizeof *ids, by_id);
    do {
        if (!store_list(k->s, k->a, &noun_ticket, &q, &recs, &n, e)) return false;
        for (size_t i = 0; i < n; i++) {
            const ticket *x = (ticket *)recs + i;
            q.after_id = x->id;
            if (bsearch(&x->signal_id, ids, ids_n, sizeof *ids, by_id)) count_ticket(k->r, x);
        }
    } while (n == LIMIT_PAGE);
    return departments(k, e);
}

static bool measures(counting *k, err *e) {
    report *r = k->r;
    void *recs;
    size_t n;
    if (!store_list(k->s, k->a, &noun_measure, &(store_query){.newest_first = true}, &recs, &n, e))
        return false;
    for (size_t i = 0; i < n && r->measures_n < REPORT_ROWS; i++) {
        const measure_row *m = (measure_row *)recs + i;
        if (m->starts_at < r->to) r->measures[r->measures_n++] = *m;
    }
    return true;
}

bool report_make(store *s, tally *t, arena *a, const report_wish *w, report *out, err *e) {
    report *r = NEW(a, report);
    counting k = {.s = s, .t = t, .a = a, .w = w, .r = r};
    r->month = w->month;
    r->lang = w->lang;
    if (!month_read(&k, e) || !voices_in(&k, r->from, r->to, &r->voices, e) ||
        !voices_in(&k, k.before, r->from, &r->voices_before, e) || !scores(&k, e) ||
        !trend(&k, e) || !themes(&k, -1, REPORT_PAINS, r->pains, &r->pains_n, e) ||
        !themes(&k, 1, REPORT_DELIGHTS, r->delights, &r->delights_n, e) || !explain(&k, e) ||
        !alerts(&k, e) || !tickets(&k, e) || !measures(&k, e))
        return false;
    if (!r->voices)
        return fail(e, NOT_FOUND, "nothing was heard in %.*s: there is nothing to report",
                    STR_ARG(w->month));
    *out = *r;
    return true;
}
