/* metric.c - the registry of metrics: what figures mean, asked by name. */
#include "base/time.h"
#include "main/desk.h"
#include "main/fields.h"
#include "main/screen.h"
#include "understand/measure.h"

typedef struct {
    asking ask;
    str file, by;
} wanted;

static int tongue(void) {
    str l = locale_of();
    return str_eq(l, S("zh-CN")) ? 1 : str_eq(l, S("zh-TW")) ? 2 : 0;
}

static str bound(arena *a, double v, const char *unit) {
    bool percent = str_eq(str_of(unit), S("%"));
    return isfinite(v) ? arena_fmt(a, "%.*s%s", STR_ARG(number_text(a, v, unit[0] ? 1 : 2)),
                                   percent ? " %" : "")
                       : S("n/a");
}

static str value_of(arena *a, const measure_answer *m, const estimate *x) {
    if (x->reason && str_eq(str_of(x->reason), S("too_few"))) return S("n too small");
    return bound(a, x->value, m->metric->unit);
}

static str interval_of(arena *a, const estimate *x) {
    return isfinite(x->low) ? arena_fmt(a, "[%.*s, %.*s]", STR_ARG(number_text(a, x->low, 2)),
                                        STR_ARG(number_text(a, x->high, 2)))
                            : S("");
}

/* ---- list and show ---- */

static void print_list(call *c, const definition *d, size_t n) {
    text_table t = table_of(c->a, c->out, 5, 0);
    table_row(&t, (str[]){S("name"), S("definition"), S("version"), S("formula"), S("title")});
    for (size_t i = 0; i < n; i++)
        table_row(&t,
                  (str[]){d[i].name, str_of(d[i].id),
                          d[i].built_in ? S("built in") : arena_fmt(c->a, "%" PRId64, d[i].version),
                          text_fit(c->a, d[i].formula, MIN(text_width(d[i].formula), (size_t)48)),
                          d[i].title[tongue()]});
    table_print(&t);
}

static bool list(call *c, const wanted *w, err *e) {
    store *s;
    definition *d;
    size_t n;
    if (!desk_store(c, w->ask.store, false, &s, e) || !registry_list(s, c->a, &d, &n, e))
        return false;
    if (!w->ask.json) return print_list(c, d, n), true;
    buf b = {.a = c->a};
    json_out j = json_to(&b);
    json_object(&j);
    json_key(&j, S("metrics"));
    json_array(&j);
    for (size_t i = 0; i < n; i++) definition_print(&j, c->a, &d[i]);
    json_end_array(&j);
    json_end_object(&j);
    put_json(c, &b);
    return true;
}

static void print_versions(call *c, const definition *d, size_t n) {
    buf b = {.a = c->a};
    json_out j = json_to(&b);
    json_array(&j);
    for (size_t i = 0; i < n; i++) definition_print(&j, c->a, &d[i]);
    json_end_array(&j);
    put_json(c, &b);
}

static void print_history(call *c, const definition *d, size_t n) {
    text_table t = table_of(c->a, c->out, 5, 1);
    table_row(&t,
              (str[]){S("version"), S("since"), S("definition"), S("formula"), S("population")});
    for (size_t i = 0; i < n; i++) {
        buf b = {.a = c->a};
        if (d[i].population) expr_print(&b, d[i].population);
        table_row(&t, (str[]){arena_fmt(c->a, "%" PRId64, d[i].version),
                              d[i].since == NONE ? S("always")
                                                 : str_head(time_print(c->a, d[i].since), 10),
                              str_of(d[i].id), d[i].formula, buf_view(&b)});
    }
    table_print(&t);
}

static bool history(call *c, const wanted *w, str name, err *e) {
    store *s;
    definition *d;
    size_t n;
    if (!desk_store(c, w->ask.store, false, &s, e) || !registry_history(s, c->a, name, &d, &n, e))
        return false;
    if (w->ask.json)
        print_versions(c, d, n);
    else
        print_history(c, d, n);
    return true;
}

static bool show(call *c, const wanted *w, str name, err *e) {
    store *s;
    definition d;
    buf b = {.a = c->a};
    json_out j = json_to(&b);
    if (!desk_store(c, w->ask.store, false, &s, e) || !registry_find(s, c->a, name, &d, e))
        return false;
    definition_print(&j, c->a, &d);
    put_json(c, &b);
    return true;
}

/* ---- add, set, remove ---- */

static bool fill(call *c, const wanted *w, const str_list *words, size_t from, metric_row *m,
                 err *e) {
    json *object;
    if (w->file.p && (!fields_file(c, w->file, &object, e) || !registry_read(c->a, object, m, e)))
        return false;
    return fields_read(c, &noun_metric, words, from, m, e);
}

static bool same_as(call *c, store *s, const metric_row *m, err *e) {
    definition *d;
    size_t n;
    if (!registry_list(s, c->a, &d, &n, e)) return false;
    for (size_t i = 0; i < n; i++)
        if (str_eq(str_of(d[i].id), m->definition) && !str_eq(d[i].name, m->name))
            fprintf(c->out, "  %.*s is the same definition\n", STR_ARG(d[i].name));
    return true;
}

static bool put(call *c, store *s, metric_row *m, err *e) {
    if (!registry_put(s, c->a, m, c->w->now_ms(c->w), e)) return false;
    fprintf(c->out, "metric %.*s, version %" PRId64 ", definition %.*s\n", STR_ARG(m->name),
            m->version, STR_ARG(m->definition));
    return same_as(c, s, m, e);
}

static bool add(call *c, const wanted *w, const str_list *words, err *e) {
    store *s;
    metric_row m;
    noun_init(&noun_metric, &m);
    if (words->n > 1) m.name = words->items[1];
    if (!fill(c, w, words, 2, &m, e)) return false;
    if (!m.name.p)
        return fail(e, INVALID, "metric add: which name? as in: metric add nps-app formula=nps");
    return desk_store(c, w->ask.store, false, &s, e) && put(c, s, &m, e);
}

static bool set(call *c, const wanted *w, const str_list *words, err *e) {
    store *s;
    metric_row m;
    if (!desk_store(c, w->ask.store, false, &s, e) ||
        !store_find(s, c->a, &noun_metric, words->items[1], &m, e))
        return false;
    m.since = NONE;
    return fill(c, w, words, 2, &m, e) && put(c, s, &m, e);
}

/* ---- ask ---- */

static void print_findings(call *c, const measure_answer *m) {
    for (size_t i = 0; i < m->findings_n; i++) {
        const quality_finding *f = &m->findings[i];
        if (f->broken)
            fprintf(c->out, "  DEGRADED: %.*s, but it is %.*s\n", STR_ARG(f->rule.text),
                    STR_ARG(number_text(c->a, f->found, 1)));
    }
}

static void print_answer(call *c, const measure_question *q, const measure_answer *m) {
    text_table t = table_of(c->a, c->out, q->by_n + 3, 7u << q->by_n);
    str row[LIMIT_GROUP_COLUMNS + 3];
    fprintf(c->out, "%.*s  %.*s  definition %s", STR_ARG(m->def.title[tongue()]), STR_ARG(m->name),
            m->definition);
    if (isfinite(m->age_days))
        fprintf(c->out, "  age %.*s d", STR_ARG(number_text(c->a, m->age_days, 1)));
    fputc('\n', c->out);
    print_findings(c, m);
    for (size_t i = 0; i < q->by_n; i++) row[i] = measure_by_name(c->a, &q->by[i]);
    row[q->by_n] = S("n"), row[q->by_n + 1] = S("value"), row[q->by_n + 2] = S("95 %");
    table_row(&t, row);
    for (size_t i = 0; i < m->cells_n; i++) {
        const measure_cell *x = &m->cells[i];
        for (size_t k = 0; k < q->by_n; k++)
            row[k] = one_line(c->a, measure_key(c->a, &q->by[k], &x->keys[k]));
        row[q->by_n] = count_text(c->a, x->est.n);
        row[q->by_n + 1] = value_of(c->a, m, &x->est);
        row[q->by_n + 2] = interval_of(c->a, &x->est);
        table_row(&t, row);
    }
    table_print(&t);
}

static bool ask(call *c, const wanted *w, str name, err *e) {
    desk d;
    measure_answer m;
    measure_question q = {.metric = name,
                          .where = w->ask.filter,
                          .zone_min = w->ask.zone_min,
                          .zone = w->ask.zone_of,
                          .minimum_n = NONE,
                          .now_ms = c->w->now_ms(c->w),
                          .threads = 1};
    if (!measure_by(c->a, w->by.p ? w->by : S(""), &q.by, &q.by_n, e)) return false;
    bool timed = false;
    for (size_t i = 0; i < q.by_n; i++) timed |= q.by[i].unit != BY_VALUE;
    q.current = !timed; /* over months the window would leave one */
    if (!desk_open(c, w->ask.store, false, &d, e) || !measure(d.t, d.s, c->a, &q, &m, e))
        return false;
    if (w->ask.json) {
        buf b = {.a = c->a};
        json_out j = json_to(&b);
        measure_print(&j, c->a, &q, &m);
        put_json(c, &b);
    } else {
        print_answer(c, &q, &m);
    }
    return true;
}

static bool dispatch(call *c, const wanted *w, const str_list *words, err *e) {
    str verb = words->n ? words->items[0] : S("list");
    if (str_eq(verb, S("list"))) return list(c, w, e);
    if (str_eq(verb, S("add"))) return add(c, w, words, e);
    if (words->n < 2)
        return fail(e, INVALID, "metric %.*s: which one? give its name", STR_ARG(verb));
    if (str_eq(verb, S("set"))) return set(c, w, words, e);
    if (words->n > 2) return fail(e, INVALID, "metric: too many words; quote the formula");
    if (str_eq(verb, S("show"))) return show(c, w, words->items[1], e);
    if (str_eq(verb, S("history"))) return history(c, w, words->items[1], e);
    if (str_eq(verb, S("ask"))) return ask(c, w, words->items[1], e);
    return fail(e, INVALID, "metric: want list, show, add, set, ask or history, not \"%.*s\"",
                (int)MIN(verb.n, (size_t)60), verb.p);
}

static int run(call *c) {
    err e;
    str_list words;
    wanted w = {.by = NO_STR};
    option options[2 + ASKING_OPTIONS] = {{.name = "file", .text = &w.file},
                                          {.name = "by", .text = &w.by}};
    if (!asking_read(c, &w.ask, options, 2, &words, &e)) return call_failed(c, &e);
    return dispatch(c, &w, &words, &e) ? 0 : call_failed(c, &e);
}

const command command_metric = {
    .name = "metric",
    .title = "What figures mean: metrics by name, with versions and quality rules",
    .help =
        "usage: heed metric [list] [--json]\n"
        "       heed metric show NAME                     its definition as a document\n"
        "       heed metric add NAME field=value ...      or: add [NAME] --file DOCUMENT.json\n"
        "       heed metric set NAME field=value ...      a new version; the old ones stay\n"
        "       heed metric ask NAME [--by COLUMNS] [--where EXPR] [--json]\n"
        "       heed metric history NAME [--json]\n\n"
        "NAME is a metric's name, the id of its definition, or a formula as `heed help tally` "
        "tells.\n"
        "Metrics with equal definitions have one id, whatever they are called.\n\n"
        "fields: formula=\"nps\" | \"csi:COL=WEIGHT,...\" | \"ratio:EXPR / EXPR\" | \"rate:EXPR\" "
        "...\n"
        "        population=EXPR             which signals count\n"
        "        window_days=28              a figure of today counts so many days back\n"
        "        weight=COLUMN               probability weights, above 0\n"
        "        minimum_n=30                below it no value is shown\n"
        "        quality=\"missing <= 40%; invalid <= 2%; duplicates <= 10%; n >= 100; age <= 7d;\n"
        "                 silent source=shop <= 2d\"   a figure that breaks one is called "
        "degraded\n"
        "        title=TEXT or '{\"en\":..., \"zh-CN\":..., \"zh-TW\":...}'   better=up|down\n"
        "        owner=NAME   since=DATE     from when on it counts this way: the line breaks "
        "there\n\n"
        "examples: heed metric add nps-call formula=nps \"population=channel = 'call'\" "
        "window_days=28 \\\n"
        "              \"quality=age <= 3d; n >= 100\" owner=care\n"
        "          heed metric ask nps-call --by region\n"
        "          heed metric add complaints \"formula=ratio:intent = 'complaint' / event = "
        "'order_placed'\" better=down\n",
    .run = run,
};
