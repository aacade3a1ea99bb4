/* train.c - teaches a model with labelled texts of one's own, and puts it in use if it is better. */
#include "flow/labelled.h"
#include "main/desk.h"
#include "main/screen.h"
#include "understand/teach.h"

typedef struct {
    str store, label, between, licence;
    str_list text, only;
    i64 folds;
    bool json, dry_run, force, scores, self;
} wanted;

static bool read_files(call *c, const wanted *w, const str *files, size_t n, labelled *l, err *e) {
    labelled_wish wish = {.text = w->text.items,
                          .text_n = w->text.n,
                          .label = w->label,
                          .only = w->only.items,
                          .only_n = w->only.n,
                          .between = w->between.n ? w->between.p[0] : 0};
    for (size_t i = 0; i < n; i++)
        if (!labelled_read(c->a, c->w, files[i], &wish, l, e)) return false;
    return true;
}

/* With labels from files or from the scores of voices; without any, from files or all voices. */
static bool read_lessons(call *c, const wanted *w, store *s, const str *files, size_t n,
                         labelled *l, err *e) {
    if (n == 0) return labelled_heard(c->a, s, w->scores, l, e);
    return read_files(c, w, files, n, l, e);
}

static str joined(arena *a, const str *items, size_t n) {
    buf b = {.a = a};
    if (n == 0) return S("voices of this store");
    for (size_t i = 0; i < n; i++) {
        const char *slash = memrchr(items[i].p, '/', items[i].n);
        size_t from = slash ? (size_t)(slash - items[i].p) + 1 : 0;
        if (i) buf_str(&b, S(", "));
        buf_str(&b, str_from(items[i], from));
    }
    return buf_view(&b);
}

static str percent(arena *a, double share) {
    return isnan(share) ? S("-") : arena_fmt(a, "%.1f %%", share * 100);
}

static void print_classes(call *c, const lessons *l, const learn_figures *f) {
    text_table t = table_of(c->a, c->out, 5, 1);
    table_row(&t, (str[]){S("class"), S("held back"), S("precision"), S("recall"), S("F1")});
    for (size_t k = 0; k < l->classes_n; k++)
        table_row(&t, (str[]){l->classes[k], arena_fmt(c->a, "%" PRId64, f->support[k]),
                              percent(c->a, f->precision[k]), percent(c->a, f->recall[k]),
                              percent(c->a, f->f1[k])});
    table_print(&t);
}

static void print_taught(call *c, const wanted *w, const lessons *l, const labelled *rows,
                         const taught *t, const model_row *m) {
    arena *a = c->a;
    fprintf(c->out,
            "%zu texts, %" PRId64 " of them held back; %" PRId64 " rows without text or label\n\n",
            l->n, t->figures.n, rows->skipped);
    print_classes(c, l, &t->figures);
    fprintf(c->out,
            "\naccuracy %.*s, macro-F1 %.*s, probabilities off by %.*s; before: macro-F1 %.*s\n",
            STR_ARG(percent(a, t->figures.accuracy)), STR_ARG(percent(a, t->figures.macro_f1)),
            STR_ARG(percent(a, t->figures.calibration)), STR_ARG(percent(a, t->before)));
    if (w->dry_run)
        fputs(t->better ? "better than before; nothing was stored\n"
                        : "not better than before; nothing was stored\n",
              c->out);
    else if (str_eq(m->state, S("in_use")))
        fprintf(c->out, "%.*s is in use: %.*s bytes\n", STR_ARG(m->name),
                STR_ARG(count_text(a, m->bytes)));
    else
        fprintf(c->out,
                "%.*s is not better than what is in use, so it is only kept; "
                "`heed models use %.*s` uses it all the same\n",
                STR_ARG(m->name), STR_ARG(m->name));
}

static void print_json(call *c, const taught *t, const model_row *m) {
    buf b = {.a = c->a};
    json_out j = json_to(&b);
    if (m->name.n) {
        noun_print(&j, &noun_model, m);
    } else {
        json_object(&j);
        json_key(&j, S("better"));
        json_bool(&j, t->better);
        json_key(&j, S("card"));
        json_raw(&j, t->card);
        json_end_object(&j);
    }
    put_json(c, &b);
}

static bool self(call *c, const wanted *w, store *s, const labelled *rows, const teach_about *about,
                 err *e) {
    taught t;
    model_row m;
    noun_init(&noun_model, &m);
    if (!teach_self(s, c->a, rows->texts, rows->n, about, &t, e) ||
        (!w->dry_run && !teach_keep(s, c->a, about, &t, w->force, &m, e)))
        return false;
    if (w->json) {
        print_json(c, &t, &m);
        return true;
    }
    fprintf(c->out, "%zu texts without labels\n", rows->n);
    if (w->dry_run)
        fputs("nothing was stored\n", c->out);
    else if (str_eq(m.state, S("in_use")))
        fprintf(c->out, "%.*s is in use, beside the lexicon\n", STR_ARG(m.name));
    else
        fprintf(c->out, "%.*s is only kept: what is in use was taught with labels\n",
                STR_ARG(m.name));
    return true;
}

static bool train(call *c, const wanted *w, str task, const str *files, size_t n, err *e) {
    store *s;
    labelled rows = {0};
    lessons l;
    taught t;
    teach_rival rival;
    model_row m;
    noun_init(&noun_model, &m);
    teach_about about = {task, joined(c->a, files, n), w->licence, c->w->now_ms(c->w)};
    learn_wish wish = learn_usual;
    if (!task_check(task, e) || !desk_store(c, w->store, n > 0, &s, e) ||
        !read_lessons(c, w, s, files, n, &rows, e))
        return false;
    if (w->self) return self(c, w, s, &rows, &about, e);
    if (!task_labels(task, rows.labels, rows.n, e)) return false;
    labelled_lessons(c->a, &rows, w->between.n ? w->between.p[0] : 0, NULL, 0, &l, NULL);
    if (l.classes_n > LEARN_FEW) wish.folds = 3;
    if (w->folds != NONE) wish.folds = (u32)w->folds;
    if (!teach_rival_of(s, c->a, task, &rival, e) || !teach(c->a, &l, &wish, &about, &rival, &t, e))
        return false;
    if (!w->dry_run && !teach_keep(s, c->a, &about, &t, w->force, &m, e)) return false;
    if (w->json)
        print_json(c, &t, &m);
    else
        print_taught(c, w, &l, &rows, &t, &m);
    return true;
}

static bool wish_is_whole(const wanted *w, size_t words, err *e) {
    if (words == 0)
        return fail(e, INVALID,
                    "want a task and a file: heed train sentiment reviews.csv --text "
                    "review --label stars");
    if (words == 1 && !w->scores && !w->self)
        return fail(e, INVALID,
                    "want a file with labels, --scores (of the voices in the store) or "
                    "--self (no labels at all)");
    if (words > 1 && !w->self && w->label.n == 0)
        return fail(e, INVALID, "which column holds the labels?  --label COLUMN");
    if (w->folds != NONE && (w->folds < 2 || w->folds > 20))
        return fail(e, INVALID, "--folds takes 2 to 20");
    return true;
}

static int run(call *c) {
    err e;
    wanted w = {.folds = NONE};
    str_list words;
    const option options[] = {
        {.name = "store", .text = &w.store},     {.name = "text", .list = &w.text},
        {.name = "label", .text = &w.label},     {.name = "only", .list = &w.only},
        {.name = "between", .text = &w.between}, {.name = "licence", .text = &w.licence},
        {.name = "folds", .number = &w.folds},   {.name = "json", .flag = &w.json},
        {.name = "dry-run", .flag = &w.dry_run}, {.name = "force", .flag = &w.force},
        {.name = "scores", .flag = &w.scores},   {.name = "self", .flag = &w.self}};
    if (!options_read(c, options, COUNT(options), &words, &e)) return call_failed(c, &e);
    bool ok = wish_is_whole(&w, words.n, &e) &&
              train(c, &w, words.items[0], words.items + 1, words.n - 1, &e);
    return ok ? 0 : call_failed(c, &e);
}

const command command_train = {
    .name = "train",
    .title = "Teaches a model with labelled texts of your own",
    .help =
        "usage: heed train TASK FILE... --label COLUMN [--text COLUMN]... [--only "
        "COLUMN=VALUE]...\n"
        "                  [--between CHARACTER] [--licence TEXT] [--folds N] [--dry-run] "
        "[--force]\n"
        "                  [--store URL] [--json]\n"
        "       heed train sentiment --scores      the scores voices came with are the labels\n"
        "       heed train sentiment --self [FILE... --text COLUMN]     no labels: the lexicon "
        "teaches\n\n"
        "TASK is sentiment (labels: negative, neutral, positive; 0 and 1; -1, 0, 1; or 1 to 5 "
        "stars),\n"
        "intent (complaint, refund, ...), or any name: topic, department.  Reads any format `heed "
        "import` reads.\nEvery fifth text is held back; the model is compared on these with what "
        "is "
        "in use, and put in use\nonly if it is not worse (or with --force).  --between '|' when a "
        "text has several labels.\n"
        "The models and their cards: heed models.\n\n"
        "  heed train sentiment reviews.csv --text review --label stars\n"
        "  heed train department tickets.csv --text words --label team\n",
    .run = run,
};
