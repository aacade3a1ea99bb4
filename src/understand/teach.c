/* teach.c - taught, compared, kept.  See teach.h. */
#include "understand/teach.h"
#include "base/json.h"
#include "base/time.h"
#include "kern/lang.h"
#include "understand/findings.h"
#include "understand/selftaught.h"
#include "understand/understand.h"

enum { HELD_BACK_ONE_IN = 5 };

/* ---- rivals ---- */

typedef struct {
    model_use u;
    grams_room *room;
    float *margins;
} model_rival;

static i64 lexicon_score(arena *a, str folded);

static str model_says(void *ctx, arena *a, str folded) {
    model_rival *r = ctx;
    const linear *m = &r->u.m;
    linear_margins(m, r->room, folded, r->margins);
    if (r->u.with_lexicon)
        r->margins[0] += (float)(selftaught_words(lexicon_score(a, folded)) * r->u.lexicon_weight);
    return m->classes[linear_best(m, r->margins)];
}

/* The readers of the program; the folded text serves as the text. */
static bool read_folded(arena *a, str folded, reading *r) {
    err e;
    u32 *offsets = NEW_N(a, u32, folded.n + 1);
    for (size_t i = 0; i <= folded.n; i++) offsets[i] = (u32)i;
    *r = (reading){.a = a,
                   .ins = r->ins,
                   .text = folded,
                   .folded = folded,
                   .offsets = offsets,
                   .lexicon_only = r->lexicon_only};
    return understand_reading(r, NULL, 0, &e);
}
static bool readers_say(arena *a, str folded, insight *ins) {
    reading r = {.ins = ins};
    ins->row.lang = lang_of(folded);
    return read_folded(a, folded, &r);
}
static i64 lexicon_score(arena *a, str folded) {
    insight ins = {0};
    reading r = {.ins = &ins, .lexicon_only = true};
    return read_folded(a, folded, &r) && r.found ? r.found->score : 0;
}
static str sentiment_says(void *ctx, arena *a, str folded) {
    (void)ctx;
    static const char *const names[] = {"negative", "neutral", "positive"};
    insight ins = {0};
    if (!readers_say(a, folded, &ins) || ins.row.sentiment == NONE) return S("neutral");
    return str_of(names[ins.row.sentiment + 1]);
}
static str intent_says(void *ctx, arena *a, str folded) {
    (void)ctx;
    insight ins = {0};
    if (!readers_say(a, folded, &ins)) return NO_STR;
    return ins.row.intent.p ? ins.row.intent : S("none");
}

bool teach_rival_of(store *s, arena *a, str task, teach_rival *out, err *e) {
    void *recs;
    size_t n;
    store_query q = {.field = "task", .text = task, .newest_first = true};
    *out = (teach_rival){0};
    if (str_eq(task, S("sentiment"))) out->says = sentiment_says;
    if (str_eq(task, S("intent"))) out->says = intent_says;
    if (!store_list(s, a, &noun_model, &q, &recs, &n, e)) return false;
    for (size_t i = 0; i < n; i++) {
        const model_row *m = (model_row *)recs + i;
        str bytes;
        if (!str_eq(m->state, S("in_use"))) continue;
        model_rival *r = NEW(a, model_rival);
        if (!store_fetch(s, a, m->proof, &bytes, e) ||
            !linear_open(a, m->name, bytes, &r->u.m, e) || !model_card(a, &r->u, e))
            return false;
        r->room = grams_room_new(a);
        r->margins = NEW_N(a, float, r->u.m.rows_n);
        *out = (teach_rival){model_says, r};
    }
    return true;
}

typedef struct {
    i64 have, said, both;
} tally_of_class;

/* Macro-F1 over the classes of the texts; a name that is none of them is simply wrong. */
static double macro_f1_of(arena *a, const lessons *l, const teach_rival *rival) {
    if (!rival->says) return NAN;
    tally_of_class *c = NEW_N(a, tally_of_class, l->classes_n);
    arena *b = arena_open((size_t)64 << 20);
    for (size_t i = 0; i < l->n; i++) {
        arena_reset(b);
        str name = rival->says(rival->ctx, b, l->texts[i]);
        for (size_t k = 0; k < l->classes_n; k++) {
            bool is = l->labels[l->from[i]] == k, said = str_eq(l->classes[k], name);
            c[k].have += is;
            c[k].said += said;
            c[k].both += is && said;
        }
    }
    arena_close(b);
    double sum = 0, present = 0;
    for (size_t k = 0; k < l->classes_n; k++) {
        if (c[k].have == 0) continue;
        sum += 2.0 * (double)c[k].both / (double)(c[k].have + c[k].said);
        present++;
    }
    return present > 0 ? sum / present : NAN;
}

/* Macro-F1 of always saying the most frequent class. */
static double constant_f1(const learn_figures *f, size_t classes) {
    double most = 0, present = 0;
    for (size_t k = 0; k < classes; k++) {
        most = MAX(most, (double)f->support[k]);
        present += f->support[k] > 0;
    }
    return present > 0 ? 2 * most / (most + (double)f->n) / present : NAN;
}

/* ---- texts held back ---- */

static bool is_held_back(const lessons *l, const u64 *of_group, size_t i) {
    u64 hash = l->groups && l->groups[i] ? of_group[l->groups[i]] : str_hash(l->texts[i]);
    return hash % HELD_BACK_ONE_IN == 0;
}

/* Texts nearly alike go the way of the first of them. */
static const u64 *group_hashes(arena *a, const lessons *l) {
    u32 most = 0;
    for (size_t i = 0; l->groups && i < l->n; i++) most = MAX(most, l->groups[i]);
    u64 *hashes = NEW_N(a, u64, (size_t)most + 1);
    for (size_t i = l->n; l->groups && i-- > 0;) hashes[l->groups[i]] = str_hash(l->texts[i]);
    return hashes;
}

static void part_of(arena *a, const lessons *l, bool held_back, lessons *out) {
    const u64 *of_group = group_hashes(a, l);
    str *texts = NEW_N(a, str, l->n + 1);
    u32 *labels = NEW_N(a, u32, l->from[l->n] + 1), *groups = NEW_N(a, u32, l->n + 1);
    size_t *from = NEW_N(a, size_t, l->n + 1), n = 0;
    for (size_t i = 0; i < l->n; i++) {
        if (is_held_back(l, of_group, i) != held_back) continue;
        size_t k = l->from[i + 1] - l->from[i];
        if (k) memcpy(labels + from[n], l->labels + l->from[i], k * sizeof *labels);
        texts[n] = l->texts[i];
        groups[n] = l->groups ? l->groups[i] : 0;
        from[n + 1] = from[n] + k;
        n++;
    }
    *out = *l;
    out->texts = texts;
    out->labels = labels;
    out->groups = groups;
    out->from = from;
    out->n = n;
}

/* ---- the card ---- */

static void card_classes(json_out *j, const lessons *l, const learn_figures *f) {
    i64 *texts = NEW_N(j->out->a, i64, l->classes_n);
    for (size_t i = 0; i < l->from[l->n]; i++) texts[l->labels[i]]++;
    json_key(j, S("classes"));
    json_array(j);
    for (size_t k = 0; k < l->classes_n; k++) {
        json_object(j);
        json_key(j, S("name"));
        json_text(j, l->classes[k]);
        json_key(j, S("texts"));
        json_int(j, texts[k]);
        json_key(j, S("precision"));
        json_num(j, f->precision[k]);
        json_key(j, S("recall"));
        json_num(j, f->recall[k]);
        json_key(j, S("f1"));
        json_num(j, f->f1[k]);
        json_end_object(j);
    }
    json_end_array(j);
}

enum { LANGUAGE_LEAST = 20 }; /* texts without which a language was not taught */

static void card_languages(json_out *j, const str *texts, size_t n) {
    static const char *const names[] = {"zh", "en"};
    size_t counts[COUNT(names)] = {0};
    for (size_t i = 0; i < n; i++) {
        str lang = lang_of(texts[i]);
        for (size_t k = 0; k < COUNT(names); k++) counts[k] += str_starts(lang, str_of(names[k]));
    }
    json_key(j, S("languages"));
    json_array(j);
    for (size_t k = 0; k < COUNT(names); k++)
        if (counts[k] >= LANGUAGE_LEAST) json_text(j, str_of(names[k]));
    json_end_array(j);
}

static void card_how(json_out *j, const learn_wish *w) {
    buf b = {.a = j->out->a};
    buf_fmt(&b,
            "NB-weighted linear SVM, C %g, %u-bit hashing, runs of 1..%u signs, words and pairs, "
            "pieces of %u..%u letters, weights of one byte",
            w->svm.cost, w->shape.bits, w->shape.signs_most, w->shape.letters_least,
            w->shape.letters_most);
    json_key(j, S("how"));
    json_text(j, buf_view(&b));
}

static str card_of(arena *a, const lessons *l, const learn_wish *w, const teach_about *about,
                   const taught *t) {
    buf b = {.a = a};
    json_out j = json_to(&b);
    json_object(&j);
    json_key(&j, S("task"));
    json_text(&j, about->task);
    json_key(&j, S("made_at"));
    json_text(&j, time_print(a, about->now_ms));
    json_key(&j, S("learnt_from"));
    json_text(&j, about->sources);
    json_key(&j, S("licence"));
    json_text(&j, about->licence);
    json_key(&j, S("texts"));
    json_int(&j, (i64)l->n);
    json_key(&j, S("held_back"));
    json_int(&j, t->figures.n);
    json_key(&j, S("accuracy"));
    json_num(&j, t->figures.accuracy);
    json_key(&j, S("macro_f1"));
    json_num(&j, t->figures.macro_f1);
    json_key(&j, S("before"));
    json_num(&j, t->before);
    json_key(&j, S("calibration_error"));
    json_num(&j, t->figures.calibration);
    card_languages(&j, l->texts, l->n);
    card_classes(&j, l, &t->figures);
    card_how(&j, w);
    json_end_object(&j);
    return buf_view(&b);
}

/* ---- teaching ---- */

static bool teach_proof(arena *a, const lessons *l, const learn_wish *w, const teach_rival *rival,
                        taught *t, err *e) {
    lessons with, without;
    learnt got;
    linear m;
    learn_wish quick = *w;
    quick.folds = 2; /* for probabilities; its figures come from the texts held back */
    part_of(a, l, true, &without);
    part_of(a, l, false, &with);
    if (without.n == 0 || with.n == 0)
        return fail(e, INVALID, "too few different texts to learn from and to be asked about");
    if (!learn(a, &with, &quick, &got, e)) return false;
    t->proof = linear_write(a, got.draft, S("{}"));
    if (!linear_open(a, S("the proof"), t->proof, &m, e)) return false;
    learn_examine(a, &m, &without, &t->figures);
    t->before = l->many ? NAN : macro_f1_of(a, &without, rival);
    double least = constant_f1(&t->figures, l->classes_n);
    t->better = t->figures.macro_f1 >= (isnan(t->before) ? least : t->before);
    return true;
}

bool teach(arena *a, const lessons *l, const learn_wish *w, const teach_about *about,
           const teach_rival *rival, taught *out, err *e) {
    taught t = {.texts = l->n, .before = NAN};
    learnt got;
    if (l->n < TEACH_TEXTS_LEAST)
        return fail(e, INVALID, "%zu labelled texts are too few to learn from; %d are the least",
                    l->n, TEACH_TEXTS_LEAST);
    if (!teach_proof(a, l, w, rival, &t, e) || !learn(a, l, w, &got, e)) return false;
    t.card = card_of(a, l, w, about, &t);
    t.file = linear_write(a, got.draft, t.card);
    *out = t;
    return true;
}

/* ---- without labels ---- */

static str self_card(arena *a, const str *texts, size_t n, const teach_about *about) {
    buf b = {.a = a};
    json_out j = json_to(&b);
    json_object(&j);
    json_key(&j, S("task"));
    json_text(&j, about->task);
    json_key(&j, S("made_at"));
    json_text(&j, time_print(a, about->now_ms));
    json_key(&j, S("learnt_from"));
    json_text(&j, about->sources);
    json_key(&j, S("licence"));
    json_text(&j, about->licence);
    json_key(&j, S("texts"));
    json_int(&j, (i64)n);
    json_key(&j, S("labels"));
    json_text(&j, S("none: the lexicon taught it where it judged"));
    json_key(&j, S("with_lexicon"));
    json_bool(&j, true);
    card_languages(&j, texts, n);
    card_how(&j, &learn_usual);
    json_end_object(&j);
    return buf_view(&b);
}

/* True if what is in use for the task was taught with labels. */
static bool has_labelled(store *s, arena *a, str task, bool *out, err *e) {
    const models *own;
    if (!models_load(s, a, &own, e)) return false;
    const model_use *u = models_use(own, task, NO_STR);
    *out = u && !u->with_lexicon;
    return true;
}

bool teach_self(store *s, arena *a, const str *texts, size_t n, const teach_about *about,
                taught *out, err *e) {
    learnt got;
    bool labelled;
    if (!str_eq(about->task, S("sentiment")))
        return fail(e, INVALID, "only sentiment can be learnt without labels, not \"%.*s\"",
                    STR_ARG(about->task));
    if (!has_labelled(s, a, about->task, &labelled, e) || !selftaught(a, texts, n, &got, e))
        return false;
    taught t = {.texts = n, .before = NAN, .better = !labelled};
    t.figures.macro_f1 = t.figures.accuracy = t.figures.calibration = NAN;
    t.card = self_card(a, texts, n, about);
    t.file = t.proof = linear_write(a, got.draft, t.card);
    *out = t;
    return true;
}

/* ---- keeping ---- */

static bool next_name(store *s, arena *a, str task, str *out, err *e) {
    void *recs;
    size_t n;
    i64 most = 0, version;
    store_query q = {.field = "task", .text = task, .newest_first = true};
    if (!store_list(s, a, &noun_model, &q, &recs, &n, e)) return false;
    for (size_t i = 0; i < n; i++) {
        str name = ((model_row *)recs + i)->name;
        if (str_int(str_from(name, task.n + 1), &version)) most = MAX(most, version);
    }
    *out = arena_fmt(a, "%.*s-%" PRId64, STR_ARG(task), most + 1);
    return true;
}

static num6 millionths(double x) {
    num6 out;
    return !isnan(x) && num6_of_double(x, &out) ? out : NONE;
}

bool teach_keep(store *s, arena *a, const teach_about *about, const taught *t, bool must,
                model_row *out, err *e) {
    char file[33], proof[33];
    model_row m;
    noun_init(&noun_model, &m);
    if (!next_name(s, a, about->task, &m.name, e) || !store_keep(s, t->file, file, e) ||
        !store_keep(s, t->proof, proof, e))
        return false;
    m.task = about->task;
    m.state = t->better ? S("kept") : S("worse");
    m.file = arena_str(a, str_of(file));
    m.proof = arena_str(a, str_of(proof));
    m.bytes = (i64)t->file.n;
    m.texts = (i64)t->texts;
    m.macro_f1 = millionths(t->figures.macro_f1);
    m.before = millionths(t->before);
    m.card = t->card;
    m.made_at = about->now_ms;
    if (!store_put(s, &noun_model, &m, e)) return false;
    *out = m;
    return (t->better || must) ? model_switch(s, a, m.name, out, e) : true;
}
