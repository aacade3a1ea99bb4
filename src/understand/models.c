/* models.c - which models are in use, and switching them.  See models.h. */
#include "understand/models.h"
#include "base/embed.h"
#include "understand/vocabulary.h"

/* ---- what may stand for a label ---- */

bool task_check(str task, err *e) {
    bool fine = task.n > 0 && task.n <= 60;
    for (size_t i = 0; i < task.n; i++) {
        char c = task.p[i];
        fine = fine && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
    }
    if (fine) return true;
    return fail(e, INVALID,
                "\"%.*s\" names no task: small letters, digits and _, such as sentiment",
                STR_ARG(task));
}

typedef struct {
    const char *label, *means;
} meaning;
static const meaning words_[] = {
    {"negative", "negative"}, {"neg", "negative"},  {"负面", "negative"},     {"負面", "negative"},
    {"消极", "negative"},     {"差评", "negative"}, {"neutral", "neutral"},   {"neu", "neutral"},
    {"中性", "neutral"},      {"中评", "neutral"},  {"positive", "positive"}, {"pos", "positive"},
    {"正面", "positive"},     {"积极", "positive"}, {"好评", "positive"},     {NULL, NULL}};
static const meaning signs[] = {
    {"-1", "negative"}, {"0", "neutral"}, {"1", "positive"}, {NULL, NULL}};
static const meaning yes_no[] = {{"0", "negative"}, {"1", "positive"}, {NULL, NULL}};
static const meaning stars[] = {{"1", "negative"}, {"2", "negative"}, {"3", "neutral"},
                                {"4", "positive"}, {"5", "positive"}, {NULL, NULL}};

static str meaning_of(const meaning *m, str label) {
    for (; m->label; m++)
        if (str_eq_nocase(str_of(m->label), label)) return str_of(m->means);
    return NO_STR;
}

/* Which way of writing holds all labels; NULL and the first label outside every one. */
static const meaning *way_of(const str *labels, size_t n, str *stray) {
    const meaning *const ways[] = {words_, yes_no, signs, stars};
    for (size_t w = 0; w < COUNT(ways); w++) {
        size_t i = 0;
        while (i < n && meaning_of(ways[w], labels[i]).p) i++;
        if (i == n) return ways[w];
        if (w == 0 || meaning_of(ways[w], labels[0]).p) *stray = labels[i];
    }
    return NULL;
}

static bool sentiment_labels(str *labels, size_t n, err *e) {
    str stray = NO_STR;
    const meaning *m = way_of(labels, n, &stray);
    if (!m)
        return fail(e, INVALID,
                    "\"%.*s\" is no sentiment: labels are negative, neutral and positive; or 0 and "
                    "1; or -1, 0 and 1; or stars from 1 to 5",
                    STR_ARG(stray));
    for (size_t i = 0; i < n; i++) labels[i] = meaning_of(m, labels[i]);
    return true;
}

static bool intent_labels(const str *labels, size_t n, err *e) {
    const vocabulary *v = vocabulary_shipped();
    for (size_t i = 0; i < n; i++) {
        bool known = str_eq(labels[i], S("none"));
        for (size_t k = 0; k < v->intents_n; k++) known |= str_eq(v->intents[k], labels[i]);
        if (!known)
            return fail(e, INVALID,
                        "\"%.*s\" is no intent: safety, escalation, churn, refund, repair, "
                        "suggestion, question, complaint, purchase, praise or none",
                        STR_ARG(labels[i]));
    }
    return true;
}

bool task_labels(str task, str *labels, size_t n, err *e) {
    if (str_eq(task, S("sentiment"))) return sentiment_labels(labels, n, e);
    if (str_eq(task, S("intent"))) return intent_labels(labels, n, e);
    return true;
}

/* ---- in use ---- */

/* A card without languages was taught in any. */
bool model_card(arena *a, model_use *u, err *e) {
    json *card;
    if (!json_read(a, u->m.card, &card, e)) return false;
    const json *languages = json_get(card, S("languages"));
    const json *words = json_get(card, S("with_lexicon"));
    double weight = json_get_num(card, S("lexicon_weight"));
    u->with_lexicon = words && words->kind == JSON_BOOL && words->i;
    u->lexicon_weight = isnan(weight) ? 0.25 : weight;
    u->zh = u->en = languages == NULL;
    for (const json *l = languages ? languages->first : NULL; l; l = l->next) {
        u->zh |= str_eq(l->text, S("zh"));
        u->en |= str_eq(l->text, S("en"));
    }
    return true;
}

static bool in_use(store *s, arena *a, model_row **out, size_t *n_out, err *e) {
    void *recs;
    store_query q = {.field = "state", .text = S("in_use")};
    if (!store_list(s, a, &noun_model, &q, &recs, n_out, e)) return false;
    *out = recs;
    return true;
}

bool models_load(store *s, arena *a, const models **out, err *e) {
    model_row *rows;
    size_t n;
    if (!in_use(s, a, &rows, &n, e)) return false;
    models *m = NEW(a, models);
    model_use *list = NEW_N(a, model_use, n + 1);
    buf names = {.a = a};
    for (size_t i = 0; i < n; i++) {
        str bytes;
        err why;
        list[i].task = rows[i].task;
        list[i].name = rows[i].name;
        if (!store_fetch(s, a, rows[i].file, &bytes, &why) ||
            !linear_open(a, rows[i].name, bytes, &list[i].m, &why) ||
            !model_card(a, &list[i], &why))
            return fail(e, CORRUPT, "%s; `heed models back %.*s` puts the one before in use",
                        why.msg, STR_ARG(rows[i].task));
        if (names.n) buf_char(&names, ' ');
        buf_str(&names, rows[i].name);
    }
    *m = (models){.list = list, .n = n, .names = buf_view(&names)};
    *out = m;
    return true;
}

const linear *models_find(const models *m, str task, str lang) {
    const model_use *u = models_use(m, task, lang);
    return u ? &u->m : NULL;
}
const model_use *models_use(const models *m, str task, str lang) {
    for (size_t i = 0; m && i < m->n; i++) {
        const model_use *u = &m->list[i];
        if (!str_eq(u->task, task)) continue;
        bool taught = lang.p == NULL || (u->zh && str_starts(lang, S("zh"))) ||
                      (u->en && str_starts(lang, S("en")));
        if (taught) return u;
    }
    return NULL;
}

/* ---- what ships ---- */

extern const embedded weights[];
extern const size_t weights_n;
static models shipped;
static pthread_once_t shipped_once = PTHREAD_ONCE_INIT;

/* A file of ours that is not sound is our own mistake.  weights/TASK_LANGUAGE.model */
static void open_shipped(void) {
    err e;
    arena *a = arena_open((size_t)16 << 20);
    model_use *list = NEW_N(a, model_use, weights_n + 1);
    for (size_t i = 0; i < weights_n; i++) {
        str name = str_of(weights[i].name), tail;
        check(str_cut(name, '.', &list[i].name, &tail));
        check(str_cut(name, '_', &list[i].task, &tail));
        check(linear_open(a, name, embedded_text(&weights[i]), &list[i].m, &e));
        check(model_card(a, &list[i], &e));
    }
    shipped = (models){.list = list, .n = weights_n, .names = S(""), .room = a};
}
const models *models_shipped(void) {
    check(pthread_once(&shipped_once, open_shipped) == 0);
    return &shipped;
}

/* ---- switching ---- */

static bool put_state(store *s, model_row *m, const char *state, err *e) {
    m->state = str_of(state);
    return store_put(s, &noun_model, m, e);
}

/* The old one first: a task has one in use. */
static bool change_over(store *s, model_row *from, model_row *to, err *e) {
    return (!from || put_state(s, from, "kept", e)) && (!to || put_state(s, to, "in_use", e));
}

static bool one_transaction(store *s, model_row *from, model_row *to, err *e) {
    if (!store_begin(s, e)) return false;
    if (change_over(s, from, to, e)) return store_commit(s, e);
    store_rollback(s);
    return false;
}

/* It must open before anything is read with it. */
static bool is_sound(store *s, arena *a, const model_row *m, err *e) {
    str bytes;
    linear opened;
    return store_fetch(s, a, m->file, &bytes, e) && linear_open(a, m->name, bytes, &opened, e);
}

bool model_switch(store *s, arena *a, str name, model_row *out, err *e) {
    model_row m, *rows, *now = NULL;
    size_t n;
    if (!store_find(s, a, &noun_model, name, &m, e) || !is_sound(s, a, &m, e) ||
        !in_use(s, a, &rows, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (str_eq(rows[i].task, m.task)) now = &rows[i];
    if (now && now->id == m.id) now = NULL;
    if (!one_transaction(s, now, &m, e)) return false;
    *out = m;
    return true;
}

bool model_back(store *s, arena *a, str task, model_row *out, err *e) {
    void *recs;
    size_t n;
    model_row *now = NULL, *older = NULL;
    store_query q = {.field = "task", .text = task, .newest_first = true};
    if (!store_list(s, a, &noun_model, &q, &recs, &n, e)) return false;
    model_row *rows = recs;
    for (size_t i = 0; i < n; i++) {
        if (str_eq(rows[i].state, S("in_use"))) now = &rows[i];
        bool kept = str_eq(rows[i].state, S("kept"));
        err why; /* one that is spoilt too is passed over */
        if (now && kept && !older && is_sound(s, a, &rows[i], &why)) older = &rows[i];
    }
    if (!now) return fail(e, NOT_FOUND, "no model of your own is in use for %.*s", STR_ARG(task));
    if (!one_transaction(s, now, older, e)) return false;
    if (older)
        *out = *older;
    else
        noun_init(&noun_model, out);
    return true;
}
