/* eval.c - how often the readers are right on a labelled file. */
#include "hear/hear.h"
#include "main/options.h"
#include "understand/eval.h"

typedef struct {
    str_list words, only;
    str label, labels[3]; /* column; its texts for negative, neutral, positive */
    bool json, brief;
} wanted;
enum { COLUMNS_MOST = 8 };
typedef struct {
    const wanted *w;
    arena *batch, *text;
    size_t words[COLUMNS_MOST], words_n, label;
    size_t only[COLUMNS_MOST]; /* columns of --only */
    str only_value[COLUMNS_MOST];
    i64 skipped; /* rows without words or with another label */
    eval_sentiment result;
} evaluation;

static bool column_of(const plan *p, str name, size_t *out, err *e) {
    for (size_t i = 0; i < p->columns_n; i++)
        if (str_eq(p->columns[i].column, name)) {
            *out = i;
            return true;
        }
    return fail(e, INVALID, "%.*s has no column \"%.*s\"", STR_ARG(p->file), STR_ARG(name));
}

static bool columns_find(evaluation *v, const plan *p, err *e) {
    const wanted *w = v->w;
    if (w->words.n > COLUMNS_MOST || w->only.n > COLUMNS_MOST)
        return fail(e, LIMIT, "at most %d of --words and of --only", COLUMNS_MOST);
    for (v->words_n = 0; v->words_n < w->words.n; v->words_n++)
        if (!column_of(p, w->words.items[v->words_n], &v->words[v->words_n], e)) return false;
    for (size_t i = 0; i < w->only.n; i++) {
        str name;
        if (!str_cut(w->only.items[i], '=', &name, &v->only_value[i]))
            return fail(e, INVALID, "--only wants COLUMN=VALUE, not \"%.*s\"",
                        STR_ARG(w->only.items[i]));
        if (!column_of(p, name, &v->only[i], e)) return false;
    }
    return column_of(p, w->label, &v->label, e);
}

static str cell(const str *cells, size_t n, size_t i) {
    return i < n ? cells[i] : NO_STR;
}

/* -1, 0, 1, or 2 for a label that is none of the three. */
static int truth_of(const wanted *w, str label) {
    for (int i = 0; i < 3; i++)
        if (w->labels[i].p && str_eq(w->labels[i], label)) return i - 1;
    return 2;
}

static bool one_row(evaluation *v, const str *cells, size_t n, err *e) {
    for (size_t i = 0; i < v->w->only.n; i++)
        if (!str_eq(cell(cells, n, v->only[i]), v->only_value[i])) return true;
    arena_reset(v->text);
    buf words = {.a = v->text};
    for (size_t i = 0; i < v->words_n; i++) {
        str s = cell(cells, n, v->words[i]);
        if (s.n && words.n) buf_str(&words, S(". "));
        buf_str(&words, s);
    }
    int truth_ = truth_of(v->w, cell(cells, n, v->label));
    if (truth_ == 2 || words.n == 0) {
        v->skipped++;
        return true;
    }
    bool three = v->w->labels[1].p != NULL;
    return eval_sentiment_add(&v->result, v->text, buf_view(&words), truth_, three, e);
}

static bool take(void *ctx, signal *s, i64 no, const record *r, err *e) {
    (void)s;
    (void)no;
    evaluation *v = ctx;
    bool ok = one_row(v, r->cells, r->cells_n, e);
    arena_reset(v->batch);
    return ok;
}
/* A row that is no signal may still be a labelled text. */
static bool reject(void *ctx, i64 no, const rejection *r, err *e) {
    (void)no;
    evaluation *v = ctx;
    if (r->cells) return one_row(v, r->cells, r->cells_n, e);
    v->skipped++;
    return true;
}

static void print_text(FILE *out, const evaluation *v) {
    static const char *const names[] = {"negative", "neutral", "positive"};
    const eval_sentiment *t = &v->result;
    fprintf(out, "texts %" PRId64 ", skipped %" PRId64 "\n", t->n, v->skipped);
    fprintf(out, "accuracy %.4f, macro-F1 %.4f, with judging words %.4f\n", eval_accuracy(t),
            eval_macro_f1(t), eval_coverage(t));
    fprintf(out, "\ntruth \\ answer  negative   neutral  positive\n");
    for (int i = 0; i < 3; i++)
        fprintf(out, "%-14s %9" PRId64 " %9" PRId64 " %9" PRId64 "\n", names[i], t->confusion[i][0],
                t->confusion[i][1], t->confusion[i][2]);
    fprintf(out, "\nconfidence   texts   right\n");
    for (int i = 5; i < 11; i++)
        if (t->sure_n[i])
            fprintf(out, "%d to %d %%  %7" PRId64 "  %.4f\n", i * 10, MIN(i * 10 + 9, 100),
                    t->sure_n[i], (double)t->sure_right[i] / (double)t->sure_n[i]);
}

static void print_json(call *c, const evaluation *v) {
    const eval_sentiment *t = &v->result;
    buf b = {.a = c->a};
    json_out j = json_to(&b);
    json_object(&j);
    json_key(&j, S("texts"));
    json_int(&j, t->n);
    json_key(&j, S("skipped"));
    json_int(&j, v->skipped);
    json_key(&j, S("accuracy"));
    json_num(&j, eval_accuracy(t));
    json_key(&j, S("macro_f1"));
    json_num(&j, eval_macro_f1(t));
    json_key(&j, S("coverage"));
    json_num(&j, eval_coverage(t));
    json_key(&j, S("confusion"));
    json_array(&j);
    for (int i = 0; i < 3; i++) {
        json_array(&j);
        for (int k = 0; k < 3; k++) json_int(&j, t->confusion[i][k]);
        json_end_array(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
    fprintf(c->out, "%.*s\n", STR_ARG(buf_view(&b)));
}

static void close_source(void *s) {
    hear_close(s);
}

static bool evaluate(call *c, str path, evaluation *v, err *e) {
    hear_source *src;
    plan p;
    const field_value map[] = {{S("words"), v->w->words.items[0]}};
    plan_wish wish = {.header = -1, .now_ms = c->w->now_ms(c->w), .map = map, .map_n = 1};
    if (!hear_open(path, &src, e)) return false;
    arena_defer(c->a, close_source, src);
    if (!hear_look(c->a, src, &wish, &p, e) || !columns_find(v, &p, e)) return false;
    v->batch = arena_open((size_t)64 << 20);
    v->text = arena_open((size_t)64 << 20);
    hear_sink sink = {.batch = v->batch, .take = take, .reject = reject, .ctx = v};
    bool ok = hear_follow(c->a, src, &p, 0, &sink, e);
    arena_close(v->batch);
    arena_close(v->text);
    return ok;
}

static bool read_options(call *c, wanted *w, str_list *files, err *e) {
    const option options[] = {
        {.name = "words", .list = &w->words},        {.name = "truth", .text = &w->label},
        {.name = "negative", .text = &w->labels[0]}, {.name = "neutral", .text = &w->labels[1]},
        {.name = "positive", .text = &w->labels[2]}, {.name = "only", .list = &w->only},
        {.name = "json", .flag = &w->json},          {.name = "brief", .flag = &w->brief}};
    if (!options_read(c, options, COUNT(options), files, e)) return false;
    if (files->n != 1 || w->words.n == 0 || !w->label.p)
        return fail(e, INVALID, "want one file, --words COLUMN and --truth COLUMN");
    if (!w->labels[0].p) w->labels[0] = S("0");
    if (!w->labels[2].p) w->labels[2] = S("1");
    return true;
}

static int run(call *c) {
    err e;
    wanted w = {.label = NO_STR};
    str_list files;
    evaluation v = {.w = &w};
    if (!read_options(c, &w, &files, &e) || !evaluate(c, files.items[0], &v, &e))
        return call_failed(c, &e);
    if (w.json)
        print_json(c, &v);
    else if (w.brief)
        fprintf(c->out, "%" PRId64 "\t%.4f\t%.4f\t%.4f\n", v.result.n, eval_accuracy(&v.result),
                eval_macro_f1(&v.result), eval_coverage(&v.result));
    else
        print_text(c->out, &v);
    return 0;
}

const command command_eval = {
    .name = "eval",
    .title = "How often the sentiment reader is right on a labelled file",
    .help =
        "usage: heed eval FILE --words COLUMN [--words COLUMN]... --truth COLUMN\n"
        "                 [--negative 0] [--neutral TEXT] [--positive 1] "
        "[--only COLUMN=VALUE]... [--brief|--json]\n\n"
        "Reads any format `heed import` reads, stores nothing.  Without --neutral there are two "
        "classes and\nthe sign of the score decides (no judging word: negative); with it three.  "
        "--brief prints texts,\naccuracy, macro-F1 and the share of texts with judging words, "
        "between tabs.\n\n"
        "  heed eval reviews.csv.gz --words text --truth label --only split=test\n",
    .run = run,
};
