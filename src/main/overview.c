/* overview.c - the company on one screen. */
#include "main/overview.h"
#include "base/time.h"
#include "main/pain_list.h"
#include "main/screen.h"
#include "understand/measure.h"

enum { OVERVIEW_PAINS = 4, OVERVIEW_CHANNELS = 12 };

static const char *const scores[] = {"nps", "csat", "ces", "nss", "csat:score:rating5"};

static bool headline(call *c, desk *d, const expr *where, const char *name, err *e) {
    arena *a = c->a;
    measure_answer m, months;
    tally_by by = {S("occurred_at"), BY_MONTH};
    measure_question q = {.metric = str_of(name), .where = where, .minimum_n = NONE};
    if (!measure(d->t, d->s, a, &q, &m, e)) return false;
    const estimate *x = &m.cells[0].est;
    if (x->n == 0) return true; /* nobody was asked: no line, not a zero */
    q.by = &by;
    q.by_n = 1;
    if (!measure(d->t, d->s, a, &q, &months, e)) return false;
    size_t from = months.cells_n > 12 ? months.cells_n - 12 : 0, n = months.cells_n - from;
    double *v = NEW_N(a, double, n);
    for (size_t i = 0; i < n; i++) v[i] = months.cells[from + i].est.value;
    str range = isfinite(x->low) ? arena_fmt(a, "[%.1f, %.1f]", x->low, x->high) : S("");
    fprintf(c->out, "  %.*s %7.*s %.*s n = %.*s %.*s\n", STR_ARG(text_fit(a, m.name, 22)),
            STR_ARG(number_text(a, x->value, 1)), STR_ARG(text_fit(a, range, 16)),
            STR_ARG(text_fit(a, count_text(a, x->n), 8)), STR_ARG(sparkline(a, v, n)));
    return true;
}

static int by_size(const void *x, const void *y) {
    const measure_cell *a = x, *b = y;
    return (a->signals < b->signals) - (a->signals > b->signals);
}

static bool channels(call *c, desk *d, const expr *where, err *e) {
    arena *a = c->a;
    tally_by by = {S("channel"), BY_VALUE};
    measure_question q = {
        .metric = S("count"), .where = where, .by = &by, .by_n = 1, .minimum_n = NONE};
    measure_answer m;
    if (!measure(d->t, d->s, a, &q, &m, e)) return false;
    qsort(m.cells, m.cells_n, sizeof *m.cells, by_size);
    for (size_t i = 0; i < MIN(m.cells_n, (size_t)OVERVIEW_CHANNELS); i++)
        fprintf(c->out, "  %.*s %8.*s  %.*s\n",
                STR_ARG(text_fit(a, measure_key(a, &by, &m.cells[i].keys[0]), 14)),
                STR_ARG(count_text(a, m.cells[i].signals)),
                STR_ARG(bar_text(a, (double)m.cells[i].signals / (double)m.cells[0].signals, 30)));
    return true;
}

static bool pain_part(call *c, desk *d, const expr *where, int polarity, const char *heading,
                      err *e) {
    pains_answer p;
    pains_question q = {
        .polarity = polarity, .where = where, .limit = OVERVIEW_PAINS, .minimum_n = 5};
    if (!pains(d->t, d->s, c->a, &q, &p, e)) return false;
    fprintf(c->out, "\n%s\n", heading);
    if (p.n == 0) fputs("  none yet\n", c->out);
    return pain_list_print(c, d, &p, e);
}

static bool ticket_part(call *c, desk *d, err *e) {
    i64 open, all;
    if (!store_count(d->s, &noun_ticket, &(store_query){.field = "state", .text = S("open")}, &open,
                     e) ||
        !store_count(d->s, &noun_ticket, &(store_query){0}, &all, e))
        return false;
    fprintf(c->out, "\nTICKETS  %.*s open of %.*s opened by rules; `heed tickets` lists them\n",
            STR_ARG(count_text(c->a, open)), STR_ARG(count_text(c->a, all)));
    return true;
}

bool overview_print(call *c, desk *d, const expr *where, err *e) {
    arena *a = c->a;
    measure_question all = {.metric = S("count"), .where = where, .minimum_n = NONE};
    measure_answer m;
    if (!measure(d->t, d->s, a, &all, &m, e)) return false;
    fprintf(c->out, "%.*s signals", STR_ARG(count_text(a, m.cells[0].signals)));
    if (m.newest_ms != NONE)
        fprintf(c->out, ", the newest of %.*s", STR_ARG(str_head(time_print(a, m.newest_ms), 16)));
    fputs("\n\nSCORES                    value  95 %             answers      by month\n", c->out);
    for (size_t i = 0; i < COUNT(scores); i++)
        if (!headline(c, d, where, scores[i], e)) return false;
    fputs("\nCHANNELS\n", c->out);
    return channels(c, d, where, e) && pain_part(c, d, where, -1, "WHAT HURTS", e) &&
           pain_part(c, d, where, 1, "WHAT DELIGHTS", e) && ticket_part(c, d, e);
}
