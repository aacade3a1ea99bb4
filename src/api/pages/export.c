/* export.c - voices and figures as a file: CSV for tables, JSON Lines for programs. */
#include "api/ask.h"
#include "api/workbook.h"
#include "base/time.h"
#include "understand/measure.h"
#include "understand/voice_json.h"

enum { EXPORT_PAGE = 500 }; /* voices read at once: the store is free in between */

/* ---- cells ---- */

/* A cell a spreadsheet would run as a formula gets a ' in front (OWASP, CSV injection); numbers are ours
** and stay numbers. */
static void put_cell(buf *b, str s, bool last) {
    bool formula = s.n && memchr("=+-@\t\r", s.p[0], 6);
    bool quoted = formula;
    for (size_t i = 0; i < s.n && !quoted; i++) quoted = memchr("\",;\n\r", s.p[i], 5) != NULL;
    if (quoted) buf_char(b, '"');
    if (formula) buf_char(b, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"') buf_char(b, '"');
        buf_char(b, s.p[i]);
    }
    if (quoted) buf_char(b, '"');
    buf_str(b, last ? S("\r\n") : S(","));
}

static void put_number(buf *b, double v, bool last) {
    json_out j = json_to(b);
    if (isfinite(v)) json_num(&j, v);
    buf_str(b, last ? S("\r\n") : S(","));
}

static void put_count(buf *b, i64 v, bool last) {
    if (v != NONE) buf_fmt(b, "%" PRId64, v);
    buf_str(b, last ? S("\r\n") : S(","));
}

/* ---- voices ---- */

static const char *const columns[] = {
    "id",         "source",  "external_id", "occurred_at", "channel",    "product",
    "touchpoint", "event",   "customer",    "words",       "lang",       "quality",
    "sentiment",  "emotion", "intent",      "tags",        "attributes", "aspects"};

static str list_of(arena *a, str s, char from, char to) {
    char *p = arena_alloc(a, s.n + 1);
    for (size_t i = 0; i < s.n; i++) p[i] = s.p[i] == from ? to : s.p[i];
    return (str){p, s.n};
}

static str aspects_of(arena *a, const insight *ins) {
    buf b = {.a = a};
    for (size_t i = 0; i < ins->mentions_n; i++)
        buf_fmt(&b, "%s%.*s %.*s", i ? "; " : "", STR_ARG(ins->mentions[i].aspect),
                STR_ARG(polarity_word(ins->mentions[i].polarity)));
    return buf_view(&b);
}

typedef struct {
    buf *b;
    bool csv;
} writing;

static void csv_voice(buf *b, arena *a, const signal *sig, const insight *ins) {
    const signal_row *r = &sig->row;
    const str cells[] = {r->source,
                         r->external_id,
                         r->occurred_at == NONE ? NO_STR : time_print(a, r->occurred_at),
                         r->channel,
                         r->product,
                         r->touchpoint,
                         r->event,
                         r->customer,
                         voice_text(sig, ins),
                         ins->row.lang,
                         ins->row.quality,
                         polarity_word(ins->row.sentiment),
                         ins->row.emotion,
                         ins->row.intent,
                         list_of(a, ins->row.tags, 0x1f, ';'),
                         r->attributes,
                         aspects_of(a, ins)};
    _Static_assert(COUNT(cells) + 1 == COUNT(columns), "a cell for each column");
    put_count(b, r->id, false);
    for (size_t i = 0; i < COUNT(cells); i++) put_cell(b, cells[i], i + 1 == COUNT(cells));
}

static bool write_voice(void *ctx, const signal *sig, const insight *ins, err *e) {
    writing *w = ctx;
    (void)e;
    if (w->csv) {
        arena *a = arena_open((size_t)4 << 20);
        csv_voice(w->b, a, sig, ins);
        arena_close(a);
        return true;
    }
    json_out j = json_to(w->b);
    voice_json(&j, sig, ins);
    buf_char(w->b, '\n');
    return true;
}

/* Page by page, so that nobody waits for the reader of a long file. */
typedef struct {
    api *x;
    asked *v;
    const question *ask;
    tally_mark after;
    bool begun;
    writing w;
    size_t n; /* voices of the page */
} walk;

static bool write_page(arena *a, void *ctx, err *e) {
    walk *k = ctx;
    desk *d;
    tally_mark *marks;
    i64 ids[EXPORT_PAGE];
    if (!desk_sit(k->x, a, k->v, &d, e) ||
        !tally_rows_after(d->t, a, k->ask->where, k->begun ? &k->after : NULL, EXPORT_PAGE, &marks,
                          &k->n, e))
        return false;
    for (size_t i = 0; i < k->n; i++) ids[i] = marks[i].id;
    if (!store_scan_ids(d->s, ids, k->n, write_voice, &k->w, e)) return false;
    desk_leave(d);
    if (k->n) k->after = marks[k->n - 1];
    k->begun = true;
    return true;
}

static void begin(asked *v, const char *what, bool csv) {
    char z[80];
    snprintf(z, sizeof z, "attachment; filename=\"%s.%s\"", what, csv ? "csv" : "jsonl");
    http_add(v->http, "Content-Disposition", str_of(z));
    http_add(v->http, "X-Content-Type-Options", S("nosniff"));
    http_stream(v->http, 200, csv ? S("text/csv; charset=utf-8") : S("application/jsonl"));
}

static bool voices(api *x, arena *a, asked *v, const question *ask, bool csv, err *e) {
    buf *b = reply_buf(a);
    walk k = {.x = x, .v = v, .ask = ask, .w = {b, csv}};
    if (csv) buf_str(b, S("\xef\xbb\xbf")); /* Excel then reads it as UTF-8 */
    for (size_t i = 0; csv && i < COUNT(columns); i++)
        put_cell(b, str_of(columns[i]), i + 1 == COUNT(columns));
    do {
        if (!question_ok(job_run(LIMIT_JOB_BYTES, write_page, &k, e), e)) return false;
        if (!http_replied(v->http)) begin(v, "voices", csv);
        if (b->n && !http_write(v->http, buf_view(b), e)) return false;
        b->n = 0;
    } while (k.n == EXPORT_PAGE);
    return true;
}

/* ---- figures ---- */

static const char *const figure_names[] = {"metric", "definition", "signals", "value",   "low",
                                           "high",   "n",          "missing", "invalid", "reason"};

static void csv_figures(buf *b, arena *a, const measure_question *q, const measure_answer *m) {
    buf_str(b, S("\xef\xbb\xbf"));
    for (size_t i = 0; i < q->by_n; i++) put_cell(b, measure_by_name(a, &q->by[i]), false);
    for (size_t i = 0; i < COUNT(figure_names); i++)
        put_cell(b, str_of(figure_names[i]), i + 1 == COUNT(figure_names));
    for (size_t i = 0; i < m->cells_n; i++) {
        const measure_cell *c = &m->cells[i];
        for (size_t k = 0; k < q->by_n; k++)
            put_cell(b, measure_key(a, &q->by[k], &c->keys[k]), false);
        put_cell(b, m->name, false);
        put_cell(b, str_of(m->definition), false);
        put_count(b, c->signals, false);
        put_number(b, c->est.value, false);
        put_number(b, c->est.low, false);
        put_number(b, c->est.high, false);
        put_count(b, c->est.n, false);
        put_count(b, c->est.missing, false);
        put_count(b, c->est.invalid, false);
        put_cell(b, str_of(c->est.reason), true);
    }
}

static bool xlsx_figures(arena *a, const measure_question *q, const measure_answer *m, str *out,
                         err *e) {
    workbook *w = workbook_open(a, S("Heed"));
    for (size_t i = 0; i < q->by_n; i++) workbook_text(w, measure_by_name(a, &q->by[i]));
    for (size_t i = 0; i < COUNT(figure_names); i++) workbook_text(w, str_of(figure_names[i]));
    for (size_t i = 0; i < m->cells_n; i++) {
        const measure_cell *c = &m->cells[i];
        workbook_row(w);
        for (size_t k = 0; k < q->by_n; k++)
            workbook_text(w, measure_key(a, &q->by[k], &c->keys[k]));
        workbook_text(w, m->name);
        workbook_text(w, str_of(m->definition));
        workbook_number(w, (double)c->signals);
        workbook_number(w, c->est.value);
        workbook_number(w, c->est.low);
        workbook_number(w, c->est.high);
        workbook_number(w, (double)c->est.n);
        workbook_number(w, (double)c->est.missing);
        workbook_number(w, (double)c->est.invalid);
        workbook_text(w, str_of(c->est.reason));
    }
    return workbook_end(w, out, e);
}

static bool reply_xlsx(asked *v, arena *a, const measure_question *q, const measure_answer *m,
                       err *e) {
    str bytes;
    if (!xlsx_figures(a, q, m, &bytes, e)) return false;
    http_add(v->http, "Content-Disposition", S("attachment; filename=\"figures.xlsx\""));
    http_reply(v->http, 200, S("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
               bytes);
    return true;
}

static bool figures(api *x, arena *a, asked *v, const question *ask, size_t format, err *e) {
    bool csv = format == 0;
    desk *d;
    measure_answer m;
    str by = params_get(&v->query, "by");
    buf b = {.a = a};
    measure_question q = {
        .metric = params_get(&v->query, "metric"), .where = ask->where, .zone_min = ask->zone_min};
    if (!q.metric.n) return fail(e, INVALID, "which metric? as in: export?what=tally&metric=nps");
    if (!params_int(&v->query, "min_n", 0, 1000000, NONE, &q.minimum_n, e) ||
        !measure_by(a, by.p ? by : S(""), &q.by, &q.by_n, e) || !desk_sit(x, a, v, &d, e) ||
        !question_ok(measure(d->t, d->s, a, &q, &m, e), e))
        return false;
    desk_leave(d);
    if (format == 2) return reply_xlsx(v, a, &q, &m, e);
    if (csv) {
        csv_figures(&b, a, &q, &m);
    } else {
        json_out j = json_to(&b);
        measure_print(&j, a, &q, &m);
        buf_char(&b, '\n');
    }
    begin(v, "figures", csv);
    return http_write(v->http, buf_view(&b), e);
}

static bool export_file(api *x, arena *a, asked *v, err *e) {
    question ask;
    size_t what, format;
    if (!params_word(&v->query, "what", "voices tally", &what, e) ||
        !params_word(&v->query, "format", "csv jsonl xlsx", &format, e) ||
        !question_read(a, v, LIMIT_API_PAGE, &ask, e))
        return false;
    if (what == 1) return figures(x, a, v, &ask, format, e);
    if (format == 2)
        return fail(e, INVALID, "voices may be more than a sheet holds: take format=csv or jsonl");
    return voices(x, a, v, &ask, format == 0, e);
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/export", "export",
     "Voices, or a metric by columns, as CSV, JSON Lines or XLSX; the whole answer, not a page of "
     "it",
     .handle = export_file, .query = "what format metric by min_n where zone",
     .gives_as = "text/csv application/jsonl "
                 "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
};
const page page_export = {
    .name = "export", .title = "Files out", .routes = routes, .routes_n = COUNT(routes)};
