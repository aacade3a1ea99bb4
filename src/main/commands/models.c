/* models.c - the models taught with texts of one's own: list, card, ask, switch, roll back. */
#include "base/time.h"
#include "kern/fold.h"
#include "kern/lang.h"
#include "main/desk.h"
#include "main/screen.h"
#include "understand/models.h"

enum { REASONS = 8, CLASSES_SHOWN = 5 };

static str percent6(arena *a, num6 share) {
    return share == NONE ? S("-") : arena_fmt(a, "%.1f %%", num6_double(share) * 100);
}

/* What ships, for those who have taught none. */
static void list_shipped(call *c) {
    const models *m = models_shipped();
    fputs("Shipped with Heed, asked where none of your own is in use:", c->out);
    for (size_t i = 0; i < m->n; i++) fprintf(c->out, " %.*s", STR_ARG(m->list[i].name));
    fputs("\n", c->out);
}

static bool list(call *c, store *s, bool as_json, err *e) {
    void *recs;
    size_t n;
    store_query newest = {.newest_first = true};
    if (!store_list(s, c->a, &noun_model, &newest, &recs, &n, e)) return false;
    const model_row *m = recs;
    if (as_json) {
        buf b = {.a = c->a};
        json_out j = json_to(&b);
        json_object(&j);
        json_key(&j, S("models"));
        json_array(&j);
        for (size_t i = 0; i < n; i++) noun_print(&j, &noun_model, &m[i]);
        json_end_array(&j);
        json_end_object(&j);
        put_json(c, &b);
        return true;
    }
    if (n == 0) {
        fputs("No models of your own.  `heed train` teaches one.\n", c->out);
        list_shipped(c);
        return true;
    }
    text_table t = table_of(c->a, c->out, 6, 1);
    table_row(&t,
              (str[]){S("model"), S("state"), S("texts"), S("macro-F1"), S("before"), S("made")});
    for (size_t i = 0; i < n; i++)
        table_row(&t, (str[]){m[i].name, m[i].state, count_text(c->a, m[i].texts),
                              percent6(c->a, m[i].macro_f1), percent6(c->a, m[i].before),
                              str_head(time_print(c->a, m[i].made_at), 16)});
    table_print(&t);
    list_shipped(c);
    return true;
}

static const model_use *shipped_named(str name) {
    const models *m = models_shipped();
    for (size_t i = 0; i < m->n; i++)
        if (str_eq(m->list[i].name, name)) return &m->list[i];
    return NULL;
}

static bool show(call *c, store *s, str name, err *e) {
    model_row m;
    const model_use *ours = shipped_named(name);
    if (ours) {
        fprintf(c->out, "%.*s\n", STR_ARG(ours->m.card));
        return true;
    }
    if (!store_find(s, c->a, &noun_model, name, &m, e)) return false;
    fprintf(c->out, "%.*s\n", STR_ARG(m.card));
    return true;
}

static bool use(call *c, store *s, str name, err *e) {
    model_row m;
    if (!model_switch(s, c->a, name, &m, e)) return false;
    fprintf(c->out, "%.*s is in use\n", STR_ARG(m.name));
    return true;
}

static bool back(call *c, store *s, str task, err *e) {
    model_row m;
    if (!model_back(s, c->a, task, &m, e)) return false;
    if (m.name.n)
        fprintf(c->out, "%.*s is in use again\n", STR_ARG(m.name));
    else
        fprintf(c->out, "no model of your own is in use for %.*s any more\n", STR_ARG(task));
    return true;
}

static void print_answer(call *c, const linear *m, str text, str folded, const u32 *offsets) {
    float *margins = NEW_N(c->a, float, m->rows_n);
    double *sure = NEW_N(c->a, double, m->classes_n);
    linear_margins(m, grams_room_new(c->a), folded, margins);
    linear_sure(m, margins, sure);
    size_t best = linear_best(m, margins);
    bool *shown = NEW_N(c->a, bool, m->classes_n);
    for (size_t i = 0; i < MIN(m->classes_n, (size_t)CLASSES_SHOWN); i++) {
        size_t next = i == 0 ? best : m->classes_n;
        for (size_t k = 0; i > 0 && k < m->classes_n; k++)
            if (!shown[k] && (next == m->classes_n || sure[k] > sure[next])) next = k;
        shown[next] = true;
        fprintf(c->out, "%5.1f %%  %.*s\n", sure[next] * 100, STR_ARG(m->classes[next]));
    }
    linear_reason why[REASONS];
    size_t n = linear_reasons(m, c->a, folded, best, REASONS, why);
    if (n)
        fprintf(c->out, "\nwhat spoke for %.*s (+) and against (-):\n", STR_ARG(m->classes[best]));
    for (size_t i = 0; i < n; i++) {
        u32 from = offsets[why[i].start], to = offsets[why[i].end];
        fprintf(c->out, "%+6.2f  %.*s\n", (double)why[i].share,
                STR_ARG(str_head(str_from(text, from), to - from)));
    }
}

static bool ask(call *c, store *s, str task, str text, err *e) {
    const models *all;
    if (!models_load(s, c->a, &all, e)) return false;
    const linear *m = models_find(all, task, NO_STR);
    if (!m) m = models_find(models_shipped(), task, lang_of(text));
    if (!m)
        return fail(e, NOT_FOUND,
                    "no model of your own is in use for \"%.*s\"; `heed models` lists "
                    "them",
                    STR_ARG(task));
    if (text.n > LIMIT_WORDS_BYTES)
        return fail(e, LIMIT, "a text has at most %d bytes", LIMIT_WORDS_BYTES);
    str folded;
    u32 *offsets;
    fold(c->a, text, &folded, &offsets);
    print_answer(c, m, text, folded, offsets);
    return true;
}

static bool answer(call *c, store *s, const str_list *w, bool as_json, err *e) {
    str verb = w->n ? w->items[0] : NO_STR;
    if (w->n == 0) return list(c, s, as_json, e);
    if (w->n == 2 && str_eq(verb, S("show"))) return show(c, s, w->items[1], e);
    if (w->n == 2 && str_eq(verb, S("use"))) return use(c, s, w->items[1], e);
    if (w->n == 2 && str_eq(verb, S("back"))) return back(c, s, w->items[1], e);
    if (w->n == 3 && str_eq(verb, S("ask"))) return ask(c, s, w->items[1], w->items[2], e);
    return fail(e, INVALID, "want show MODEL, use MODEL, back TASK or ask TASK TEXT");
}

static int run(call *c) {
    err e;
    store *s;
    str_list words;
    str url = NO_STR;
    bool as_json = false;
    const option options[] = {{.name = "store", .text = &url}, {.name = "json", .flag = &as_json}};
    if (!options_read(c, options, COUNT(options), &words, &e) ||
        !desk_store(c, url, false, &s, &e) || !answer(c, s, &words, as_json, &e))
        return call_failed(c, &e);
    return 0;
}

const command command_models = {
    .name = "models",
    .title = "The models you taught: their cards, which is in use, why it says what it says",
    .help = "usage: heed models [--store URL] [--json]\n"
            "       heed models show MODEL\n"
            "       heed models use MODEL\n"
            "       heed models back TASK\n"
            "       heed models ask TASK TEXT\n\n"
            "show takes the names of shipped ones too: sentiment_zh, sentiment_en.  back puts the "
            "model before\nin use again.  ask prints the classes by probability and the "
            "runs of\nwords that spoke for and against the first.\n\n"
            "  heed models ask sentiment 'the parcel came late, but it is lovely'\n",
    .run = run,
};
