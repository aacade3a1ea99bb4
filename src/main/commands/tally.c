/* tally.c - a metric, by any columns, over any signals. */
#include "base/time.h"
#include "main/desk.h"
#include "main/screen.h"
#include "understand/measure.h"

static int decimals(const metric *m) {
    return str_eq(str_of(m->name), S("count")) ? 0 : m->unit[0] ? 1 : 2;
}

static str value_text(arena *a, const metric *m, const estimate *x) {
    if (x->reason && str_eq(str_of(x->reason), S("too_few"))) return S("n too small");
    return isfinite(x->value)
               ? arena_fmt(a, "%.*s%s", STR_ARG(number_text(a, x->value, decimals(m))),
                           str_eq(str_of(m->unit), S("%")) ? " %" : "")
               : S("n/a");
}

static str interval_text(arena *a, const metric *m, const estimate *x) {
    if (!isfinite(x->low)) return S("");
    return arena_fmt(a, "[%.*s, %.*s]", STR_ARG(number_text(a, x->low, MAX(decimals(m), 2))),
                     STR_ARG(number_text(a, x->high, MAX(decimals(m), 2))));
}

/* How many answers, and with weights what they are worth. */
static str base_text(arena *a, i64 n, double effective) {
    if (!(effective > 0)) return count_text(a, n);
    return arena_fmt(a, "%.*s (effective %.*s)", STR_ARG(count_text(a, n)),
                     STR_ARG(number_text(a, effective, 1)));
}

static void print_scale(call *c, const estimate *x) {
    if (x->invalid)
        fprintf(c->out, "  %" PRId64 " answers off the scale were left out.\n", x->invalid);
    if (x->missing)
        fprintf(c->out, "  %.*s signals gave no answer.\n", STR_ARG(count_text(c->a, x->missing)));
    if (x->reason && str_eq(str_of(x->reason), S("no_data")))
        fputs("  There is no answer yet.\n", c->out);
    if (x->reason && str_eq(str_of(x->reason), S("off_scale")))
        fputs("  The column holds too many different values to be this scale.\n", c->out);
    if (!x->reason && x->n < 30 && isfinite(x->low))
        fputs("  Low base: read the interval, not the value.\n", c->out);
}

static bool print_trend(call *c, desk *d, const measure_question *q, err *e) {
    tally_by month = {S("occurred_at"), BY_MONTH};
    measure_question over_time = *q;
    measure_answer m;
    over_time.by = &month;
    over_time.by_n = 1;
    if (!measure(d->t, d->s, c->a, &over_time, &m, e)) return false;
    size_t from = m.cells_n > 24 ? m.cells_n - 24 : 0, n = m.cells_n - from;
    if (n < 2) return true;
    double *v = NEW_N(c->a, double, n);
    for (size_t i = 0; i < n; i++) v[i] = m.cells[from + i].est.value;
    fprintf(c->out, "  trend %.*s  %.*s to %.*s\n", STR_ARG(sparkline(c->a, v, n)),
            STR_ARG(measure_key(c->a, &month, &m.cells[from].keys[0])),
            STR_ARG(measure_key(c->a, &month, &m.cells[m.cells_n - 1].keys[0])));
    return true;
}

static bool print_one(call *c, desk *d, const measure_question *q, const measure_answer *m,
                      err *e) {
    const estimate *x = &m->cells[0].est;
    arena *a = c->a;
    fprintf(c->out, "%s %.*s%s  %.*s  n = %.*s\n", m->metric->title,
            STR_ARG(value_text(a, m->metric, x)),
            str_eq(str_of(m->metric->unit), S("points")) && isfinite(x->value) ? " points" : "",
            STR_ARG(interval_text(a, m->metric, x)),
            STR_ARG(base_text(a, x->n, m->cells[0].effective)));
    print_scale(c, x);
    if (!print_trend(c, d, q, e)) return false;
    fprintf(c->out, "  definition %s  %.*s", m->definition, STR_ARG(m->name));
    if (m->newest_ms != NONE)
        fprintf(c->out, "  newest %.*s", STR_ARG(time_print(a, m->newest_ms)));
    fputc('\n', c->out);
    return true;
}

static void print_cells(call *c, const measure_question *q, const measure_answer *m) {
    arena *a = c->a;
    size_t columns = q->by_n + 4;
    text_table t = table_of(a, c->out, columns, (u32)(3 << q->by_n));
    str row[LIMIT_GROUP_COLUMNS + 4];
    double top = 0;
    for (size_t i = 0; i < m->cells_n; i++)
        if (isfinite(m->cells[i].est.value)) top = fmax(top, fabs(m->cells[i].est.value));
    for (size_t i = 0; i < q->by_n; i++) row[i] = measure_by_name(a, &q->by[i]);
    row[q->by_n] = S("n"), row[q->by_n + 1] = m->name, row[q->by_n + 2] = S("95 %"),
    row[q->by_n + 3] = S("");
    table_row(&t, row);
    for (size_t i = 0; i < m->cells_n; i++) {
        const measure_cell *x = &m->cells[i];
        for (size_t k = 0; k < q->by_n; k++)
            row[k] = one_line(a, measure_key(a, &q->by[k], &x->keys[k]));
        row[q->by_n] = base_text(a, x->est.n, x->effective);
        row[q->by_n + 1] = value_text(a, m->metric, &x->est);
        row[q->by_n + 2] = interval_text(a, m->metric, &x->est);
        row[q->by_n + 3] =
            top > 0 && x->est.value > 0 ? bar_text(a, x->est.value / top, 24) : S("");
        table_row(&t, row);
    }
    table_print(&t);
}

static str change_text(arena *a, const measure_answer *m, double change) {
    if (!isfinite(change)) return S("n/a");
    return arena_fmt(a, "%s%.*s", change > 0 ? "+" : "",
                     STR_ARG(number_text(a, change, decimals(m->metric))));
}

/* Now, before and the change between them. */
static void print_changes(call *c, const measure_question *q, const measure_answer *m) {
    arena *a = c->a;
    str row[LIMIT_GROUP_COLUMNS + 5];
    text_table t = table_of(a, c->out, q->by_n + 5, (u32)(31 << q->by_n));
    for (size_t i = 0; i < q->by_n; i++) row[i] = measure_by_name(a, &q->by[i]);
    str *rest = row + q->by_n;
    rest[0] = S("n"), rest[1] = m->name, rest[2] = S("n before"), rest[3] = S("before"),
    rest[4] = S("change");
    table_row(&t, row);
    for (size_t i = 0; i < m->cells_n; i++) {
        const measure_cell *x = &m->cells[i];
        for (size_t k = 0; k < q->by_n; k++)
            row[k] = one_line(a, measure_key(a, &q->by[k], &x->keys[k]));
        rest[0] = base_text(a, x->est.n, x->effective);
        rest[1] = value_text(a, m->metric, &x->est);
        rest[2] = base_text(a, x->before.n, x->effective_before);
        rest[3] = value_text(a, m->metric, &x->before);
        rest[4] = change_text(a, m, x->change);
        table_row(&t, row);
    }
    table_print(&t);
}

typedef struct {
    asking ask;
    str by, versus, weight;
    i64 minimum_n, top, threads;
    bool explain;
} wanted;

static void explain(call *c, const measure_answer *m, double seconds) {
    const tally_answer *x = &m->cost;
    fprintf(c->err,
            "rows %" PRId64 " of %" PRId64 ", segments %" PRId64 " (%" PRId64 " skipped), %" PRId64
            " bytes of columns (%.2f a row), %.3f ms, %.3f ns a row, %" PRId64 " cells\n",
            x->rows_read, x->rows, x->segments, x->segments_skipped, x->bytes_read,
            x->rows ? (double)x->bytes_read / (double)x->rows : 0, seconds * 1e3,
            x->rows ? seconds * 1e9 / (double)x->rows : 0, m->cells_all);
}

static double seconds_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool settle(call *c, const wanted *w, measure_question *q, err *e) {
    err inner;
    if (!measure_by(c->a, w->by.p ? w->by : S(""), &q->by, &q->by_n, e)) return false;
    if (w->top != NONE && w->top < 1) return fail(e, INVALID, "--top wants 1 or more");
    if (w->threads != NONE && (w->threads < 1 || w->threads > LIMIT_TALLY_THREADS))
        return fail(e, INVALID, "--threads wants 1 to %d", LIMIT_TALLY_THREADS);
    q->top = w->top == NONE ? 0 : w->top;
    q->threads = w->threads == NONE ? 1 : (int)w->threads;
    q->compare = w->versus.p != NULL;
    if (q->compare && !expr_parse_zone(c->a, w->versus, q->zone_min, q->zone, &q->versus, &inner))
        return fail(e, inner.code, "--versus: %s", inner.msg);
    return true;
}

static bool answer(call *c, const wanted *w, str name, err *e) {
    desk d;
    measure_question q = {.metric = name,
                          .where = w->ask.filter,
                          .zone_min = w->ask.zone_min,
                          .zone = w->ask.zone_of,
                          .weight = w->weight.p ? w->weight : NO_STR,
                          .minimum_n = w->minimum_n};
    measure_answer m;
    if (!settle(c, w, &q, e) || !desk_open(c, w->ask.store, false, &d, e)) return false;
    double from = seconds_now();
    if (!measure(d.t, d.s, c->a, &q, &m, e)) return false;
    double took = seconds_now() - from;
    if (w->explain) explain(c, &m, took);
    if (w->ask.json) {
        buf b = {.a = c->a};
        json_out j = json_to(&b);
        measure_print(&j, c->a, &q, &m);
        put_json(c, &b);
        return true;
    }
    if (q.compare)
        print_changes(c, &q, &m);
    else if (q.by_n)
        print_cells(c, &q, &m);
    else if (!print_one(c, &d, &q, &m, e))
        return false;
    return true;
}

static int run(call *c) {
    err e;
    str_list words;
    wanted w = {.minimum_n = NONE, .top = NONE, .threads = NONE};
    option options[7 + ASKING_OPTIONS] = {
        {.name = "by", .text = &w.by},          {.name = "versus", .text = &w.versus},
        {.name = "weight", .text = &w.weight},  {.name = "min-n", .number = &w.minimum_n},
        {.name = "top", .number = &w.top},      {.name = "threads", .number = &w.threads},
        {.name = "explain", .flag = &w.explain}};
    if (!asking_read(c, &w.ask, options, 7, &words, &e)) return call_failed(c, &e);
    if (words.n != 1) {
        fail(&e, INVALID, "which metric? as in: heed tally nps --by channel");
        return call_failed(c, &e);
    }
    return answer(c, &w, words.items[0], &e) ? 0 : call_failed(c, &e);
}

const command command_tally = {
    .name = "tally",
    .title = "A metric with its interval and trend, by any columns",
    .help =
        "usage: heed tally METRIC [--by COL[,COL]] [--where EXPR] [--versus EXPR] [--top N] "
        "[--weight COL]\n"
        "                  [--zone +08:00|Asia/Shanghai] [--min-n N] [--threads N] [--store URL] "
        "[--explain] [--json]\n\n"
        "METRIC: nps csat ces nss count distinct:COL mean:COL quantile:COL[:PERCENT] topbox:COL:K "
        "share:COL=VALUE\n"
        "--by    a column (channel, product, lang, aspect, polarity, any attribute), or "
        "day(COL) week(..)\n"
        "        month(..) quarter(..) year(..) of a time column\n"
        "--where channel = 'call' and score:nps <= 6 and occurred_at >= 2026-01-01 and words ~ "
        "'退款'\n"
        "--versus the same for other signals, and the change: two periods, two segments\n"
        "--weight a column of probability weights above 0: means, their errors (Taylor) and the "
        "effective\n"
        "        n (Kish) of nps csat ces nss mean topbox share and the like\n"
        "--top   only the N cells with the largest change (with --versus) or value\n"
        "--zone  where days, weeks and months begin, and which days dates mean\n"
        "--explain  rows and bytes touched, segments skipped, nanoseconds a row\n"
        "--min-n values with fewer answers are not shown (5)\n\n"
        "examples:\n"
        "  heed tally nps\n"
        "  heed tally nps --by channel,week\n"
        "  heed tally nps --by product --where \"occurred_at >= 2026-02-01 and occurred_at < "
        "2026-03-01\" \\\n"
        "    --versus \"occurred_at >= 2026-01-01 and occurred_at < 2026-02-01\" --top 10\n"
        "  heed tally share:intent=complaint --by touchpoint --where \"product = 'latte'\"\n",
    .run = run,
};
