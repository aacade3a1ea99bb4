/* walk.c - journeys: funnels, what follows what, paths, cohorts, repurchase, sessions, stages. */
#include "base/time.h"
#include "main/desk.h"
#include "main/screen.h"
#include "understand/journey.h"

typedef struct {
    asking ask;
    str case_by, activity, window, entry, by, from, to, unit, first, again, until, within, gap, at,
        new_from, new_to;
    str_list steps, stages, activities;
    i64 length, periods, threads, lost;
    bool collapse, csv, explain;
} wanted;

static void put_text(json_out *j, const char *key, str v) {
    if (!v.p) return;
    json_key(j, str_of(key));
    json_text(j, v);
}

static void put_int(json_out *j, const char *key, i64 v) {
    if (v == NONE) return;
    json_key(j, str_of(key));
    json_int(j, v);
}

static void put_list(json_out *j, const char *key, const str_list *l) {
    if (!l->n) return;
    json_key(j, str_of(key));
    json_array(j);
    for (size_t i = 0; i < l->n; i++) json_text(j, l->items[i]);
    json_end_array(j);
}

/* The options as the JSON the API takes: one reader, one set of sentences. */
static bool as_question(call *c, const wanted *w, str kind, journey *out, err *e) {
    buf b = {.a = c->a};
    json_out j = json_to(&b);
    json *tree;
    json_object(&j);
    put_text(&j, "kind", kind);
    put_text(&j, "where", w->ask.where);
    put_text(&j, "zone", w->ask.zone);
    put_int(&j, "limit", w->ask.limit);
    const struct {
        const char *key;
        str v;
    } texts[] = {{"case", w->case_by},
                 {"activity", w->activity},
                 {"window", w->window},
                 {"entry", w->entry},
                 {"by", w->by},
                 {"from", w->from},
                 {"to", w->to},
                 {"unit", w->unit},
                 {"first", w->first},
                 {"again", w->again},
                 {"until", w->until},
                 {"within", w->within},
                 {"gap", w->gap},
                 {"at", w->at},
                 {"new_from", w->new_from},
                 {"new_to", w->new_to}};
    for (size_t i = 0; i < COUNT(texts); i++) put_text(&j, texts[i].key, texts[i].v);
    put_list(&j, "steps", &w->steps);
    put_list(&j, "stages", &w->stages);
    put_list(&j, "activities", &w->activities);
    put_int(&j, "length", w->length);
    put_int(&j, "periods", w->periods);
    put_int(&j, "lost", w->lost);
    if (w->collapse) {
        json_key(&j, S("collapse"));
        json_bool(&j, true);
    }
    json_end_object(&j);
    return json_read(c->a, buf_view(&b), &tree, e) && journey_read(c->a, tree, out, e);
}

/* ---- telling ---- */

static void print_csv(call *c, const journey_table *t) {
    for (size_t i = 0; i < t->rows * t->columns; i++) {
        str s = t->cells[i];
        bool quote = false;
        for (size_t k = 0; k < s.n; k++) quote |= memchr(",\"\r\n", s.p[k], 4) != NULL;
        if (quote) fputc('"', c->out);
        for (size_t k = 0; k < s.n; k++) {
            if (s.p[k] == '"') fputc('"', c->out);
            fputc(s.p[k], c->out);
        }
        if (quote) fputc('"', c->out);
        fputs((i + 1) % t->columns ? "," : "\r\n", c->out);
    }
}

static void print_table(call *c, const journey_table *t) {
    text_table shown = table_of(c->a, c->out, t->columns, t->right);
    for (size_t i = 0; i < t->rows; i++) {
        str *row = NEW_N(c->a, str, t->columns);
        for (size_t k = 0; k < t->columns; k++)
            row[k] = one_line(c->a, t->cells[i * t->columns + k]);
        table_row(&shown, row);
    }
    table_print(&shown);
}

static double days(double ms) {
    return ms / (double)DAY_MS;
}

static void print_head(call *c, const journey *q, const journey_answer *x) {
    arena *a = c->a;
    fprintf(c->out, "%.*s cases, %.*s events", STR_ARG(count_text(a, x->cost.cases)),
            STR_ARG(count_text(a, x->cost.events)));
    if (q->kind == JOURNEY_FOLLOWS)
        fprintf(c->out, ", %zu activities, %zu pairs; median duration %.3f days",
                x->follows.activities_n, x->follows.pairs_n, days(x->follows.duration.median));
    if (q->kind == JOURNEY_PATHS || q->kind == JOURNEY_VARIANTS)
        fprintf(c->out, ", %.*s different; median duration %.3f days",
                STR_ARG(count_text(a, x->paths.variants)), days(x->paths.duration.median));
    if (q->kind == JOURNEY_SESSIONS)
        fprintf(c->out, ", %.*s sessions, %.*s of one event",
                STR_ARG(count_text(a, x->sessions.sessions)),
                STR_ARG(count_text(a, x->sessions.single)));
    fputc('\n', c->out);
}

static void print_tail(call *c, const journey *q, const journey_answer *x) {
    arena *a = c->a;
    const repurchase_answer *p = &x->repurchase;
    if (q->kind == JOURNEY_REPURCHASE) {
        fprintf(c->out, "%.*s bought in the period, %.*s of them on two days or more (%.2f %%)\n",
                STR_ARG(count_text(a, p->buyers)), STR_ARG(count_text(a, p->repeat_buyers)),
                p->buyers ? 100.0 * (double)p->repeat_buyers / (double)p->buyers : NAN);
        i64 censored = 0;
        for (size_t i = 0; i < p->rows_n; i++) censored += p->rows[i].censored;
        if (censored)
            fprintf(c->out,
                    "%.*s new customers could not be watched for so long and were not back "
                    "yet: read the rate of those watched in full\n",
                    STR_ARG(count_text(a, censored)));
    }
    if (q->kind == JOURNEY_FUNNEL && q->funnel.lost_at) {
        fprintf(c->out, "lost behind step %zu:", q->funnel.lost_at);
        for (size_t i = 0; i < x->funnel.lost_n; i++) {
            str name = one_line(a, x->funnel.lost[i]);
            fprintf(c->out, "%s%.*s", i ? ", " : " ", STR_ARG(name));
        }
        fputc('\n', c->out);
    }
    if (q->kind == JOURNEY_STAGES && x->stages.none)
        fprintf(c->out, "%.*s cases are in no stage yet\n", STR_ARG(count_text(a, x->stages.none)));
    if (x->cost.without_case)
        fprintf(c->out, "%.*s signals name no %.*s and are in no journey\n",
                STR_ARG(count_text(a, x->cost.without_case)),
                STR_ARG(q->scope.case_by.n ? q->scope.case_by : S("customer")));
}

static bool answer(call *c, const wanted *w, str kind, err *e) {
    desk d;
    journey q;
    journey_answer x;
    if (!as_question(c, w, kind, &q, e)) return false;
    if (w->threads != NONE && (w->threads < 1 || w->threads > LIMIT_TALLY_THREADS))
        return fail(e, INVALID, "--threads wants 1 to %d", LIMIT_TALLY_THREADS);
    q.scope.threads = w->threads == NONE ? 1 : (int)w->threads;
    if (!desk_open(c, w->ask.store, false, &d, e) || !journey_ask(d.t, c->a, &q, &x, e))
        return false;
    if (w->ask.json) {
        buf b = {.a = c->a};
        json_out j = json_to(&b);
        journey_print(&j, c->a, &q, &x);
        put_json(c, &b);
        return true;
    }
    journey_table t = journey_tabled(c->a, &q, &x);
    if (w->csv) {
        print_csv(c, &t);
        return true;
    }
    print_head(c, &q, &x);
    print_table(c, &t);
    print_tail(c, &q, &x);
    if (w->explain)
        fprintf(c->err,
                "%" PRId64 " runs, %" PRId64 " bytes; %" PRId64 " rows put in order first\n",
                x.cost.runs, x.cost.bytes, x.cost.indexed);
    return true;
}

static int run(call *c) {
    err e;
    str_list words;
    wanted w = {.length = NONE, .periods = NONE, .threads = NONE, .lost = NONE};
    option options[26 + ASKING_OPTIONS] = {{.name = "case", .text = &w.case_by},
                                           {.name = "activity", .text = &w.activity},
                                           {.name = "as", .list = &w.activities},
                                           {.name = "step", .list = &w.steps},
                                           {.name = "window", .text = &w.window},
                                           {.name = "entry", .text = &w.entry},
                                           {.name = "by", .text = &w.by},
                                           {.name = "from", .text = &w.from},
                                           {.name = "to", .text = &w.to},
                                           {.name = "length", .number = &w.length},
                                           {.name = "collapse", .flag = &w.collapse},
                                           {.name = "unit", .text = &w.unit},
                                           {.name = "first", .text = &w.first},
                                           {.name = "again", .text = &w.again},
                                           {.name = "until", .text = &w.until},
                                           {.name = "periods", .number = &w.periods},
                                           {.name = "within", .text = &w.within},
                                           {.name = "new-from", .text = &w.new_from},
                                           {.name = "new-to", .text = &w.new_to},
                                           {.name = "gap", .text = &w.gap},
                                           {.name = "stage", .list = &w.stages},
                                           {.name = "at", .text = &w.at},
                                           {.name = "csv", .flag = &w.csv},
                                           {.name = "threads", .number = &w.threads},
                                           {.name = "lost", .number = &w.lost},
                                           {.name = "explain", .flag = &w.explain}};
    if (!asking_read(c, &w.ask, options, 26, &words, &e)) return call_failed(c, &e);
    if (words.n != 1) {
        fail(&e, INVALID,
             "which question? funnel, follows, paths, variants, cohort, repurchase, sessions or "
             "stages");
        return call_failed(c, &e);
    }
    return answer(c, &w, words.items[0], &e) ? 0 : call_failed(c, &e);
}

const command command_walk = {
    .name = "walk",
    .title = "Journeys: funnels, what follows what, paths, cohorts, repurchase, stages",
    .help =
        "usage: heed walk KIND [--where EXPR] [--case COL] [--activity COL | --as 'NAME := "
        "EXPR'...]\n"
        "                 [--zone +08:00|Asia/Shanghai] [--limit N] [--threads N] [--json | --csv] "
        "[--explain] "
        "[--store URL]\n\n"
        "A journey is one customer's events in time order (--case: another text column's, such as "
        "an\n"
        "order's), each called by the column event (--activity: another; --as: by conditions).\n\n"
        "funnel      --step S... [--window 30d] [--entry any|first|each] [--by COL]\n"
        "            [--lost N]: also names who reached step N and not the next, latest first\n"
        "            how many get through the steps in order, from each first step within the "
        "window\n"
        "follows     what directly follows what: how often, how long after, dependency\n"
        "variants    the most frequent whole journeys      [--from EXPR] [--to EXPR] [--collapse]\n"
        "paths       the most frequent first steps         [--length 5] and the same\n"
        "cohort      who came when, and was there again    [--unit month] [--first EXPR] [--again "
        "EXPR]\n"
        "            [--until MOMENT] [--periods N]\n"
        "repurchase  new customers with a second order day [--new-from DAY] [--new-to DAY]\n"
        "            [--within 90d] [--unit month] [--until MOMENT]\n"
        "sessions    journeys cut by silence               [--gap 30m]\n"
        "stages      where everybody stands, how long      --stage 'NAME := EXPR'... [--at "
        "MOMENT]\n"
        "            [--gap 90d]: silent for longer is dropped off\n\n"
        "A step is the name of an event, an expression, or 'NAME := EXPR'.\n\n"
        "examples:\n"
        "  heed walk funnel --step view --step cart --step 'paid := event = 'pay'' --window 7d\n"
        "  heed walk follows --case case_id --limit 20\n"
        "  heed walk cohort --where \"event = 'order'\" --unit month --zone +08:00\n"
        "  heed walk repurchase --where \"event = 'order'\" --within 90d --unit month\n",
    .run = run,
};
