/* why.c - why a metric moved between two periods or segments, or where it stands out. */
#include "main/desk.h"
#include "main/screen.h"
#include "main/voice.h"
#include "understand/taxonomy.h"
#include "understand/why.h"

enum { QUOTE_WIDTH = 92, PARTS_SHOWN = 5, SPLITS_SHOWN = 6 };

typedef struct {
    asking ask;
    why_told told;
    str by;
    bool all;
} wanted;

static str value_of(arena *a, double v) {
    return number_text(a, v, 2);
}

static str signed_of(arena *a, double v) {
    if (!isfinite(v)) return S("n/a");
    return arena_fmt(a, "%s%.*s", v > 0 ? "+" : "", STR_ARG(number_text(a, v, 2)));
}

static void print_head(call *c, const why_question *q, const why_answer *w) {
    arena *a = c->a;
    const measure_cell *m = &w->measured.cells[0];
    const char *title = w->measured.metric->title;
    if (!q->compare) {
        fprintf(c->out, "%s %.*s  n = %.*s\n", title, STR_ARG(value_of(a, m->est.value)),
                STR_ARG(count_text(a, m->est.n)));
        return;
    }
    fprintf(c->out, "%s %.*s -> %.*s  %.*s", title, STR_ARG(value_of(a, m->before.value)),
            STR_ARG(value_of(a, m->est.value)), STR_ARG(signed_of(a, w->change)));
    if (isfinite(w->low))
        fprintf(c->out, " [%.*s, %.*s]", STR_ARG(signed_of(a, w->low)),
                STR_ARG(signed_of(a, w->high)));
    fprintf(c->out, "  n = %.*s -> %.*s\n", STR_ARG(count_text(a, m->before.n)),
            STR_ARG(count_text(a, m->est.n)));
    if (w->low < 0 && w->high > 0)
        fputs("  The interval holds 0: it may not have moved at all.\n", c->out);
}

/* ---- mix and rate ---- */

static void print_split(call *c, const why_split *s, bool all) {
    arena *a = c->a;
    size_t n = all ? s->parts_n : MIN(s->parts_n, (size_t)PARTS_SHOWN);
    text_table t = table_of(a, c->out, 8, 0xfe);
    const str head[] = {s->column, S("n before"), S("n"),    S("before"),
                        S("now"),  S("mix"),      S("rate"), S("total")};
    table_row(&t, head);
    for (size_t i = 0; i < n; i++) {
        const why_part *p = &s->parts[i];
        str mark = p->adjusted < 0.05 ? S(" *") : S("");
        str name = p->rest ? S("(others)") : p->value.p ? one_line(a, p->value) : S("(missing)");
        const str row[] = {
            name,
            count_text(a, p->n[0]),
            count_text(a, p->n[1]),
            value_of(a, p->mean[0]),
            value_of(a, p->mean[1]),
            signed_of(a, p->mix),
            signed_of(a, p->rate),
            arena_fmt(a, "%.*s%.*s", STR_ARG(signed_of(a, p->total)), STR_ARG(mark))};
        table_row(&t, row);
    }
    const str sum[] = {n < s->parts_n ? arena_fmt(a, "all %zu", s->parts_n) : S("all"),
                       S(""),
                       S(""),
                       S(""),
                       S(""),
                       signed_of(a, s->mix),
                       signed_of(a, s->rate),
                       signed_of(a, s->mix + s->rate)};
    table_row(&t, sum);
    table_print(&t);
    fputc('\n', c->out);
}

static void print_splits(call *c, const why_answer *w, bool all) {
    size_t n = all ? w->splits_n : MIN(w->splits_n, (size_t)SPLITS_SHOWN);
    for (size_t i = 0; i < n; i++) print_split(c, &w->splits[i], all);
    if (n < w->splits_n) fprintf(c->out, "%zu more columns with --all.\n", w->splits_n - n);
    if (n)
        fputs("mix: who answered; rate: how they answered; together the change, exactly.  * the "
              "level "
              "moved (Benjamini-Hochberg, 5 %)\n\n",
              c->out);
}

/* ---- slices ---- */

static void print_slice_figures(call *c, const why_question *q, const why_slice *x) {
    arena *a = c->a;
    if (q->compare)
        fprintf(c->out, "    %.*s -> %.*s, n = %.*s -> %.*s; elsewhere %.*s -> %.*s\n",
                STR_ARG(value_of(a, x->est[0].value)), STR_ARG(value_of(a, x->est[1].value)),
                STR_ARG(count_text(a, x->est[0].n)), STR_ARG(count_text(a, x->est[1].n)),
                STR_ARG(value_of(a, x->rest[0].mean)), STR_ARG(value_of(a, x->rest[1].mean)));
    else
        fprintf(c->out, "    %.*s, n = %.*s; elsewhere %.*s, n = %.*s\n",
                STR_ARG(value_of(a, x->est[1].value)), STR_ARG(count_text(a, x->est[1].n)),
                STR_ARG(value_of(a, x->rest[1].mean)), STR_ARG(count_text(a, x->rest[1].n)));
    fprintf(c->out, "    %.*s [%.*s, %.*s] beyond the rest, p %s%.2g after %s; ",
            STR_ARG(signed_of(a, x->effect)), STR_ARG(signed_of(a, x->low)),
            STR_ARG(signed_of(a, x->high)), x->p_adjusted < 1e-4 ? "< " : "= ",
            x->p_adjusted < 1e-4 ? 1e-4 : x->p_adjusted, "correction");
    fprintf(c->out, "%.*s of the whole\n", STR_ARG(signed_of(a, x->contribution)));
}

static bool print_slice(call *c, desk *d, const why_question *q, const why_slice *x, size_t rank,
                        err *e) {
    arena *a = c->a;
    str quotes[WHY_VOICES] = {0};
    fprintf(c->out, "%2zu. %.*s\n", rank, STR_ARG(why_slice_text(a, x)));
    print_slice_figures(c, q, x);
    for (size_t i = 0; i < x->says_n; i++)
        fprintf(c->out, "    %s %.*s: %.1f %% of the words, %.1f %% %s\n",
                x->effect < 0 ? "blamed more:" : "praised more:",
                STR_ARG(taxonomy_title(taxonomy_shipped(), x->says[i].aspect, locale_of())),
                x->says[i].share, x->says[i].other, q->compare ? "before" : "elsewhere");
    if (!voice_quotes(c, d->s, x->voices, x->voices_n, QUOTE_WIDTH, quotes, e)) return false;
    for (size_t i = 0; i < x->voices_n; i++)
        if (quotes[i].n) fprintf(c->out, "    “%.*s”\n", STR_ARG(str_trim(quotes[i])));
    return true;
}

static bool print_answer(call *c, desk *d, const wanted *want, const why_question *q,
                         const why_answer *w, err *e) {
    print_head(c, q, w);
    fputc('\n', c->out);
    print_splits(c, w, want->all);
    if (!w->slices_n)
        fprintf(c->out, "No slice of %zu columns %s (%.0f tried).\n", w->columns_n,
                q->compare ? "moved otherwise than the rest" : "stands out beyond chance",
                w->candidates);
    for (size_t i = 0; i < w->slices_n; i++)
        if (!print_slice(c, d, q, &w->slices[i], i + 1, e)) return false;
    if (w->searched < w->rows)
        fprintf(c->out, "Slices were looked for in %.*s of %.*s signals.\n",
                STR_ARG(count_text(c->a, w->searched)), STR_ARG(count_text(c->a, w->rows)));
    return true;
}

static bool answer(call *c, const wanted *want, str name, err *e) {
    desk d;
    why_answer w;
    why_question q = {.metric = name,
                      .where = want->ask.filter,
                      .zone_min = want->ask.zone_min,
                      .zone = want->ask.zone_of};
    if (want->by.n) q.columns = names_split(c->a, want->by, &q.columns_n);
    if (!why_read(c->a, &want->told, &q, e) || !desk_open(c, want->ask.store, false, &d, e) ||
        !why(d.t, d.s, c->a, &q, &w, e))
        return false;
    if (!want->ask.json) return print_answer(c, &d, want, &q, &w, e);
    buf b = {.a = c->a};
    json_out j = json_to(&b);
    if (!why_print(&j, c->a, d.s, &q, &w, locale_of(), e)) return false;
    put_json(c, &b);
    return true;
}

static int run(call *c) {
    err e;
    str_list words;
    wanted w = {0};
    option options[6 + ASKING_OPTIONS] = {{.name = "from", .text = &w.told.from},
                                          {.name = "to", .text = &w.told.to},
                                          {.name = "against", .text = &w.told.against},
                                          {.name = "segment", .text = &w.told.segment},
                                          {.name = "by", .text = &w.by},
                                          {.name = "all", .flag = &w.all}};
    if (!asking_read(c, &w.ask, options, 6, &words, &e)) return call_failed(c, &e);
    if (words.n != 1) {
        fail(&e, INVALID, "which metric? as in: heed why nps --from 2026-03");
        return call_failed(c, &e);
    }
    return answer(c, &w, words.items[0], &e) ? 0 : call_failed(c, &e);
}

const command command_why = {
    .name = "why",
    .title =
        "Why did it move? Mix and rate by every column, the slice that explains it, its voices",
    .help =
        "usage: heed why METRIC [--from DAY [--to DAY]] [--against DAY..DAY|EXPR] [--segment "
        "EXPR]\n"
        "                [--by COL,COL] [--all] [--where EXPR] [--zone +08:00] [--store URL] "
        "[--json]\n\n"
        "METRIC   nps csat ces nss mean:COL topbox:COL:K share:COL=VALUE\n"
        "--from   the first day of now, or its month; --to its last day\n"
        "--against  what it is compared with: another period, or other signals (an expression);\n"
        "         usually the time before, as long\n"
        "--segment  only these signals now, with --against EXPR\n"
        "--by     only these columns are looked at; usually all that may be a cause\n"
        "--all    every column and value, not only those that matter most\n"
        "Without --from and --against: where does the metric stand out from the rest?\n\n"
        "A slice of one to three conditions is told only when it is beyond chance after all that "
        "was\n"
        "tried.  It says where to look; it proves no cause.\n\n"
        "examples:\n"
        "  heed why nps --from 2026-03\n"
        "  heed why csat --from 2026-03-01 --to 2026-03-14 --against 2026-02-01..2026-02-14\n"
        "  heed why mean:score:rating5 --where \"product = 'latte'\"\n"
        "  heed why nps --segment \"channel = 'app'\" --against \"channel = 'store'\"\n",
    .run = run,
};
