/* naive_bayes.c - the class of a text by its words. */
#include "kern/method.h"

typedef struct {
    strs words;    /* of all texts, one entry each time */
    size_t *owner; /* class of each */
    strs labels, vocabulary;
    vec documents, total; /* by class */
    mat counts;           /* class x word */
} model;

static void words_of(str text, strs *to) {
    str word;
    while (text.n) {
        if (!str_cut(text, ' ', &word, &text)) word = text, text = S("");
        if (word.n) to->v[to->n++] = word;
    }
}

static bool learn(calc *c, model *m) {
    const json *list = in_list(c, NULL, "train");
    strs labels = {NEW_N(c->a, str, list->n + 1), 0}, texts = {NEW_N(c->a, str, list->n + 1), 0};
    size_t room = 1;
    for (const json *v = list->first; v && calc_ok(c); v = v->next) {
        texts.v[texts.n++] = in_word(c, in_nth(c, v, 0, "train"), "train");
        labels.v[labels.n++] = in_word(c, in_nth(c, v, 1, "train"), "train");
        room += texts.v[texts.n - 1].n + 1;
    }
    if (!calc_ok(c)) return false;
    m->labels = strs_distinct(c->a, labels);
    m->words.v = NEW_N(c->a, str, room), m->owner = NEW_N(c->a, size_t, room);
    m->documents = vec_new(c->a, m->labels.n), m->total = vec_new(c->a, m->labels.n);
    for (size_t i = 0; i < texts.n; i++) {
        size_t from = m->words.n, label = strs_find(m->labels, labels.v[i]);
        words_of(texts.v[i], &m->words);
        m->documents.v[label]++;
        for (size_t k = from; k < m->words.n; k++) m->owner[k] = label;
    }
    m->vocabulary = strs_distinct(c->a, m->words);
    m->counts = mat_new(c->a, m->labels.n, m->vocabulary.n);
    for (size_t k = 0; k < m->words.n; k++) {
        ++*mat_at(m->counts, m->owner[k], strs_find(m->vocabulary, m->words.v[k]));
        m->total.v[m->owner[k]]++;
    }
    return true;
}

static double joint_log(const model *m, size_t label, strs words, double documents) {
    double s = log(m->documents.v[label] / documents);
    for (size_t i = 0; i < words.n; i++) {
        size_t w = strs_find(m->vocabulary, words.v[i]);
        if (w == SIZE_MAX) continue; /* never seen: says nothing */
        s +=
            log((*mat_at(m->counts, label, w) + 1) / (m->total.v[label] + (double)m->vocabulary.n));
    }
    return s;
}

static bool run(calc *c) {
    model m = {0};
    str text = in_text(c, NULL, "test");
    if (!learn(c, &m)) return false;
    strs words = {NEW_N(c->a, str, text.n + 1), 0};
    words_of(text, &words);
    double documents = 0, best = -INFINITY, sum = -INFINITY;
    for (size_t i = 0; i < m.labels.n; i++) documents += m.documents.v[i];
    vec joint = vec_new(c->a, m.labels.n);
    size_t winner = 0;
    for (size_t i = 0; i < m.labels.n; i++) {
        joint.v[i] = joint_log(&m, i, words, documents);
        if (joint.v[i] > best) best = joint.v[i], winner = i;
    }
    for (size_t i = 0; i < m.labels.n; i++)
        sum = i ? sum + log1p(exp(joint.v[i] - sum)) : joint.v[0];
    for (size_t i = 0; i < m.labels.n; i++) {
        out_num(c, arena_fmt(c->a, "joint_%.*s", STR_ARG(m.labels.v[i])).p, exp(joint.v[i]));
        out_num(c, arena_fmt(c->a, "posterior_%.*s", STR_ARG(m.labels.v[i])).p,
                exp(joint.v[i] - sum));
    }
    i64 number = 0;
    if (m.labels.n == 0)
        out_null(c, "decision", NO_DATA);
    else if (str_int(m.labels.v[winner], &number))
        out_int(c, "decision", number);
    else
        out_text(c, "decision", m.labels.v[winner]);
    return true;
}

const method method_naive_bayes = {
    .name = "naive_bayes",
    .title = {"Naive Bayes", "朴素贝叶斯", "樸素貝氏"},
    .source = "Manning, Raghavan & Schuetze, Introduction to Information Retrieval, ch. 13",
    .formula = "P(c) prod (count(w,c)+1)/(words(c)+|V|); words never seen say nothing",
    .input = "train  list of [text, label], words between blanks\ntest  a text",
    .output = "joint_LABEL, posterior_LABEL, decision",
    .example = "{\"train\":[[\"good good\",\"pos\"],[\"bad\",\"neg\"]],\"test\":\"good\"}",
    .run = run,
};
