/* options.c - the words after a command. */
#include "main/options.h"

static const option *option_find(const option *table, size_t n, str name) {
    for (size_t i = 0; i < n; i++)
        if (str_eq(str_of(table[i].name), name)) return &table[i];
    return NULL;
}

static void push(arena *a, str_list *l, str v) {
    if ((l->n & (l->n - 1)) == 0) { /* room doubles at 0, 1, 2, 4, ... */
        str *more = NEW_N(a, str, l->n ? l->n * 2 : 1);
        if (l->n) memcpy(more, l->items, l->n * sizeof *more);
        l->items = more;
    }
    l->items[l->n++] = v;
}

static bool store_value(call *c, const option *o, str v, err *e) {
    if (o->text) *o->text = v;
    if (o->list) push(c->a, o->list, v);
    if (o->number && !str_int(v, o->number))
        return fail(e, INVALID, "--%s wants a whole number, not \"%.*s\"", o->name, STR_ARG(v));
    return true;
}

static bool read_option(call *c, const option *table, size_t n, int *i, str word, err *e) {
    str name = str_from(word, 2), v = NO_STR;
    str_cut(name, '=', &name, &v);
    const option *o = option_find(table, n, name);
    if (!o) return fail(e, INVALID, "no option --%.*s here; see `heed help`", STR_ARG(name));
    if (o->flag) {
        if (v.p) return fail(e, INVALID, "--%s takes no value", o->name);
        return *o->flag = true;
    }
    if (!v.p) {
        if (*i + 1 >= c->argc) return fail(e, INVALID, "--%s wants a value", o->name);
        v = str_of(c->argv[++*i]);
    }
    return store_value(c, o, v, e);
}

bool options_read(call *c, const option *table, size_t n, str_list *words, err *e) {
    bool only_words = false;
    *words = (str_list){0};
    for (int i = 0; i < c->argc; i++) {
        str word = str_of(c->argv[i]);
        if (!only_words && str_eq(word, S("--"))) {
            only_words = true;
        } else if (!only_words && word.n > 2 && str_starts(word, S("--"))) {
            if (!read_option(c, table, n, &i, word, e)) return false;
        } else {
            push(c->a, words, word);
        }
    }
    return true;
}

int call_failed(call *c, const err *e) {
    fprintf(c->err, "heed: %s\n", e->msg);
    switch (e->code) {
    case INVALID:
    case NOT_FOUND:
    case CONFLICT:
    case DENIED:
    case LIMIT:
        return 2;
    case BUSY:
    case IO:
    case CORRUPT:
    case OK:
        return 1;
    }
    return 1;
}
