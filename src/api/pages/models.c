/* models.c - models taught with one's own texts: their cards, teaching, asking, switching. */
#include "api/ask.h"
#include "flow/labelled.h"
#include "flow/writer.h"
#include "kern/fold.h"
#include "understand/teach.h"

enum { REASONS = 8 };

static bool list(api *x, arena *a, asked *v, err *e) {
    desk *d;
    void *recs;
    size_t n;
    buf b = {.a = a};
    json_out j = json_to(&b);
    store_query newest = {.newest_first = true};
    if (!desk_sit(x, a, v, &d, e) || !store_list(d->s, a, &noun_model, &newest, &recs, &n, e))
        return false;
    desk_leave(d);
    json_object(&j);
    json_key(&j, S("models"));
    json_array(&j);
    for (size_t i = 0; i < n; i++) noun_print(&j, &noun_model, (model_row *)recs + i);
    json_end_array(&j);
    json_end_object(&j);
    reply_json(v, 200, &b);
    return true;
}

static void reply_model(arena *a, asked *v, int status, const model_row *m) {
    buf b = {.a = a};
    json_out j = json_to(&b);
    noun_print(&j, &noun_model, m);
    reply_json(v, status, &b);
}

static bool one(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    model_row m;
    if (!id_read(v, &id, e) || !desk_sit(x, a, v, &d, e) ||
        !store_get(d->s, a, &noun_model, id, &m, e))
        return false;
    desk_leave(d);
    reply_model(a, v, 200, &m);
    return true;
}

/* What is read from now on is read with it: the writer takes it up before its next batch. */
static void changed(api *x) {
    if (x->writer) writer_rules_changed(x->writer);
}

static bool use(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    model_row m;
    if (!id_read(v, &id, e) || !desk_write(x, a, v, &d, e) ||
        !store_get(d->s, a, &noun_model, id, &m, e) || !model_switch(d->s, a, m.name, &m, e))
        return false;
    desk_leave(d);
    changed(x);
    reply_model(a, v, 200, &m);
    return true;
}

/* Away from this one, to the one that was in use before it; without one, to the lexicon. */
static bool back(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    model_row m, now;
    if (!id_read(v, &id, e) || !desk_write(x, a, v, &d, e) ||
        !store_get(d->s, a, &noun_model, id, &m, e))
        return false;
    if (!str_eq(m.state, S("in_use")))
        return fail(e, CONFLICT, "%.*s is not in use", STR_ARG(m.name));
    if (!model_back(d->s, a, m.task, &now, e) || !store_get(d->s, a, &noun_model, id, &m, e))
        return false;
    desk_leave(d);
    changed(x);
    reply_model(a, v, 200, now.name.n ? &now : &m);
    return true;
}

/* ---- asking ---- */

static void put_reasons(json_out *j, arena *a, const linear *m, str text, size_t class_) {
    linear_reason why[REASONS];
    str folded;
    u32 *offsets;
    fold(a, text, &folded, &offsets);
    size_t n = linear_reasons(m, a, folded, class_, REASONS, why);
    json_key(j, S("reasons"));
    json_array(j);
    for (size_t i = 0; i < n; i++) {
        u32 from = offsets[why[i].start], to = offsets[why[i].end];
        json_object(j);
        put_text(j, "text", str_head(str_from(text, from), to - from));
        json_key(j, S("share"));
        json_num(j, (double)why[i].share);
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_answer(buf *b, arena *a, const linear *m, str text) {
    float *margins = NEW_N(a, float, m->rows_n);
    double *sure = NEW_N(a, double, m->classes_n);
    str folded;
    json_out j = json_to(b);
    fold(a, text, &folded, NULL);
    linear_margins(m, grams_room_new(a), folded, margins);
    linear_sure(m, margins, sure);
    size_t best = linear_best(m, margins);
    json_object(&j);
    put_text(&j, "class", m->classes[best]);
    json_key(&j, S("probability"));
    json_num(&j, sure[best]);
    json_key(&j, S("classes"));
    json_array(&j);
    for (size_t k = 0; k < m->classes_n; k++) {
        json_object(&j);
        put_text(&j, "name", m->classes[k]);
        json_key(&j, S("probability"));
        json_num(&j, sure[k]);
        json_end_object(&j);
    }
    json_end_array(&j);
    put_reasons(&j, a, m, text, best);
    json_end_object(&j);
}

static bool ask(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    json *body;
    model_row row;
    linear m;
    str bytes;
    buf b = {.a = a};
    if (!id_read(v, &id, e) || !body_json(a, v, &body, e)) return false;
    str text = json_get_text(body, S("text"));
    if (!text.n) return fail(e, INVALID, "which text? as in: {\"text\": \"the parcel came late\"}");
    if (text.n > LIMIT_WORDS_BYTES)
        return fail(e, LIMIT, "text has %zu bytes, the limit is %d", text.n, LIMIT_WORDS_BYTES);
    if (!desk_sit(x, a, v, &d, e) || !store_get(d->s, a, &noun_model, id, &row, e) ||
        !store_fetch(d->s, a, row.file, &bytes, e))
        return false;
    desk_leave(d);
    if (!linear_open(a, row.name, bytes, &m, e)) return false;
    put_answer(&b, a, &m, text);
    reply_json(v, 200, &b);
    return true;
}

/* ---- teaching ---- */

typedef struct {
    str task, from; /* from: examples, scores, self */
    const json *examples;
    bool dry_run, force;
} wanted;

static bool flag(const json *body, const char *name) {
    const json *x = json_get(body, str_of(name));
    return x && x->kind == JSON_BOOL && x->i;
}

static bool wish_read(const json *body, wanted *w, err *e) {
    *w = (wanted){.task = json_get_text(body, S("task")),
                  .from = json_get_text(body, S("from")),
                  .examples = json_get(body, S("examples")),
                  .dry_run = flag(body, "dry_run"),
                  .force = flag(body, "force")};
    if (!task_check(w->task, e)) return false;
    if (!w->from.p) w->from = S("examples");
    bool store_ = str_eq(w->from, S("scores")) || str_eq(w->from, S("self"));
    if (!store_ && !str_eq(w->from, S("examples")))
        return fail(e, INVALID, "\"from\" is examples, scores or self, not \"%.*s\"",
                    STR_ARG(w->from));
    if (!store_ && (!w->examples || w->examples->kind != JSON_ARRAY))
        return fail(
            e, INVALID,
            "\"examples\" wants a list: [{\"text\": \"came late\", \"label\": \"delivery\"}]");
    if (store_ && !str_eq(w->task, S("sentiment")))
        return fail(e, INVALID, "scores and the lexicon teach sentiment only");
    return true;
}

static bool read_examples(arena *a, const wanted *w, labelled *l, err *e) {
    i64 no = 0;
    for (const json *x = w->examples->first; x; x = x->next) {
        str text = json_get_text(x, S("text")), label = json_get_text(x, S("label"));
        no++;
        if (!text.p || !label.n)
            return fail(e, INVALID, "example %" PRId64 " wants a \"text\" and a \"label\"", no);
        labelled_add(a, l, text, label);
    }
    labelled_done(a, l);
    return true;
}

static bool teach_labelled(arena *a, const labelled *l, const teach_about *about,
                           const teach_rival *rival, taught *t, err *e) {
    lessons ls;
    learn_wish how = learn_usual;
    if (!task_labels(about->task, l->labels, l->n, e)) return false;
    labelled_lessons(a, l, 0, NULL, 0, &ls, NULL);
    if (ls.classes_n > LEARN_FEW) how.folds = 3;
    return teach(a, &ls, &how, about, rival, t, e);
}

static void reply_dry(arena *a, asked *v, const taught *t) {
    buf b = {.a = a};
    json_out j = json_to(&b);
    json_object(&j);
    json_key(&j, S("better"));
    json_bool(&j, t->better);
    json_key(&j, S("card"));
    json_raw(&j, t->card);
    json_end_object(&j);
    reply_json(v, 200, &b);
}

/* While it learns nobody waits: the store is only held to read from and to keep it. */
static bool train(api *x, arena *a, asked *v, err *e) {
    desk *d;
    json *body;
    wanted w;
    labelled l = {0};
    teach_rival rival;
    taught t;
    model_row m;
    if (!body_json(a, v, &body, e) || !wish_read(body, &w, e)) return false;
    teach_about about = {w.task, w.from, json_get_text(body, S("licence")), x->w->now_ms(x->w)};
    bool self = str_eq(w.from, S("self")), store_ = self || str_eq(w.from, S("scores"));
    if (!store_ && !read_examples(a, &w, &l, e)) return false;
    if (!desk_sit(x, a, v, &d, e) || (store_ && !labelled_heard(a, d->s, !self, &l, e)) ||
        !teach_rival_of(d->s, a, w.task, &rival, e) ||
        (self && !teach_self(d->s, a, l.texts, l.n, &about, &t, e)))
        return false;
    desk_leave(d);
    if (!self && !teach_labelled(a, &l, &about, &rival, &t, e)) return false;
    if (w.dry_run) return reply_dry(a, v, &t), true;
    if (!desk_write(x, a, v, &d, e) || !teach_keep(d->s, a, &about, &t, w.force, &m, e))
        return false;
    desk_leave(d);
    changed(x);
    http_add(v->http, "Location", arena_fmt(a, "/api/v1/models/%" PRId64, m.id));
    reply_model(a, v, 201, &m);
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/models", "metrics.read", "Models taught with one's own texts",
     .handle = list, .gives = "models"},
    {METHOD_POST, "/api/v1/models", "taxonomy.write",
     "Teaches a model with examples, with the scores voices came with, or without labels; in use "
     "if it "
     "is not worse",
     .handle = train, .takes = "model_lessons", .gives = "model_taught", .status = "201",
     .body_max = LIMIT_POST_BYTES},
    {METHOD_GET, "/api/v1/models/{id}", "metrics.read", "One model with its card", .handle = one,
     .gives = "model"},
    {METHOD_POST, "/api/v1/models/{id}/use", "taxonomy.write", "Puts a model in use", .handle = use,
     .gives = "model"},
    {METHOD_POST, "/api/v1/models/{id}/back", "taxonomy.write",
     "Puts the model that was in use before this one in use again", .handle = back,
     .gives = "model", .status = "409"},
    {METHOD_POST, "/api/v1/models/{id}/ask", "metrics.read",
     "What a model says of a text, and which words made it say so", .handle = ask,
     .takes = "model_text", .gives = "model_answer"},
};
const page page_models = {
    .name = "models", .title = "Models", .routes = routes, .routes_n = COUNT(routes)};
