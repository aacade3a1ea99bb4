/* sequence_mining.c - what often happens one after another. */
#include "kern/method.h"

enum { LENGTH_MAX = 40, PATTERNS_MAX = 200000 };

typedef struct {
    size_t *items; /* of one moment, rising */
    size_t n;
} moment;
typedef struct {
    moment *m;
    size_t n;
} sequence;

typedef struct {
    calc *c;
    sequence *s;
    size_t n, least, found;
    strs names;
    size_t item[LENGTH_MAX]; /* the pattern, and whether each item begins a new moment */
    bool fresh[LENGTH_MAX];
    size_t length;
} mining;

static bool has(const moment *m, size_t item) {
    for (size_t i = 0; i < m->n; i++)
        if (m->items[i] == item) return true;
    return false;
}

/* The pattern's moments one after another, each inside a moment: the earliest is always good. */
static bool contains(const mining *k, const sequence *s) {
    size_t at = 0;
    for (size_t i = 0; i < k->length;) {
        size_t end = i + 1;
        while (end < k->length && !k->fresh[end]) end++;
        bool inside = false;
        for (; at < s->n && !inside; at++) {
            inside = true;
            for (size_t j = i; j < end && inside; j++) inside = has(&s->m[at], k->item[j]);
        }
        if (!inside) return false;
        i = end;
    }
    return true;
}

static void write(const mining *k, size_t count) {
    buf b = {.a = k->c->a};
    for (size_t i = 0; i < k->length; i++) {
        buf_str(&b, !i ? S("{") : k->fresh[i] ? S("}->{") : S(","));
        buf_str(&b, k->names.v[k->item[i]]);
    }
    buf_char(&b, '}');
    out_int(k->c, calc_cstr(k->c, buf_view(&b)), (i64)count);
}

static void grow(mining *k, const size_t *in, size_t n);

/* The pattern with one item more; in: the sequences that held it without. */
static void try(mining *k, const size_t *in, size_t n, size_t item, bool fresh) {
    size_t *left = NEW_N(k->c->a, size_t, n + 1), m = 0;
    k->item[k->length] = item, k->fresh[k->length++] = fresh;
    for (size_t i = 0; i < n && calc_steps(k->c, 4 * (double)(k->s[in[i]].n + k->length)); i++)
        if (contains(k, &k->s[in[i]])) left[m++] = in[i];
    if (m >= k->least && calc_ok(k->c)) {
        if (++k->found > PATTERNS_MAX)
            calc_bad(k->c, "more than %d patterns: raise \"min_support_count\"", PATTERNS_MAX);
        write(k, m);
        grow(k, left, m);
    }
    k->length--;
}

static void grow(mining *k, const size_t *in, size_t n) {
    if (k->length == LENGTH_MAX) return;
    for (size_t i = 0; i < k->names.n && calc_ok(k->c); i++) {
        if (k->length && i > k->item[k->length - 1]) try(k, in, n, i, false);
        if (calc_ok(k->c)) try(k, in, n, i, true);
    }
}

/* ---- reading: a moment is one item or a list of them ---- */

static strs names_of(calc *c, const json *list) {
    strs all = {NULL, 1};
    for (const json *s = list->first; s; s = s->next)
        for (const json *m = s->first; m; m = m->next) all.n += m->kind == JSON_ARRAY ? m->n : 1;
    all.v = NEW_N(c->a, str, all.n);
    all.n = 0;
    for (const json *s = list->first; s && calc_ok(c); s = s->next) {
        if (s->kind != JSON_ARRAY) calc_bad(c, "\"sequences\" must hold lists");
        for (const json *m = s->first; m && calc_ok(c); m = m->next) {
            if (m->kind != JSON_ARRAY) all.v[all.n++] = in_word(c, m, "sequences");
            for (const json *v = m->kind == JSON_ARRAY ? m->first : NULL; v && calc_ok(c);
                 v = v->next)
                all.v[all.n++] = in_word(c, v, "sequences");
        }
    }
    return strs_distinct(c->a, all);
}

static void read_moment(calc *c, const json *v, strs names, moment *m) {
    bool list = v->kind == JSON_ARRAY;
    m->items = NEW_N(c->a, size_t, (list ? v->n : 1) + 1);
    for (const json *k = list ? v->first : v; k && calc_ok(c); k = list ? k->next : NULL)
        m->items[m->n++] = strs_find(names, in_word(c, k, "sequences"));
}

static bool run(calc *c) {
    const json *list = in_list(c, NULL, "sequences");
    mining k = {.c = c, .least = (size_t)in_int(c, NULL, "min_support_count", 1, INT32_MAX)};
    k.names = names_of(c, list);
    k.s = NEW_N(c->a, sequence, list->n + 1);
    for (const json *s = list->first; s && calc_ok(c); s = s->next, k.n++) {
        k.s[k.n].m = NEW_N(c->a, moment, s->n + 1);
        for (const json *m = s->first; m && calc_ok(c); m = m->next)
            read_moment(c, m, k.names, &k.s[k.n].m[k.s[k.n].n++]);
    }
    if (!calc_ok(c)) return false;
    size_t *all = NEW_N(c->a, size_t, k.n + 1);
    for (size_t i = 0; i < k.n; i++) all[i] = i;
    out_open(c, "patterns");
    grow(&k, all, k.n);
    out_end(c);
    out_int(c, "n_patterns", (i64)k.found);
    return calc_ok(c);
}

const method method_sequence_mining = {
    .name = "sequence_mining",
    .title = {"What follows what, often", "序列模式挖掘", "序列模式探勘"},
    .source = "Pei et al. 2001 (PrefixSpan); Zaki 2001, Machine Learning 42 (SPADE)",
    .formula = "support: how many sequences hold the pattern, gaps allowed; patterns grow by one "
               "item, within the "
               "last moment or behind it, as long as they are frequent",
    .input = "sequences  lists of items, or of lists of items at one moment\nmin_support_count",
    .output = "n_patterns; patterns  {\"{A,B}->{C}\": support}",
    .example = "{\"sequences\":[[\"ask\",\"wait\",\"quit\"],[\"ask\",\"quit\"],[\"wait\"]],\"min_"
               "support_count\":2}",
    .run = run,
};
