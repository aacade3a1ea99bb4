/* identity_graph.c - records that share an identifier are one customer. */
#include "kern/method.h"

typedef struct {
    str key; /* "email\x1fa@x" */
    size_t row;
} mark;

static int by_key(const void *a, const void *b) {
    const mark *x = a, *y = b;
    int by = str_cmp(x->key, y->key);
    return by ? by : (x->row > y->row) - (x->row < y->row);
}

static size_t find(size_t *up, size_t i) { /* path halving */
    while (up[i] != i) i = up[i] = up[up[i]];
    return i;
}

static bool run(calc *c) {
    const json *list = in_list(c, NULL, "records");
    size_t n = list->n, room = 1, k = 0, row = 0;
    for (const json *r = list->first; r; r = r->next) room += r->n;
    mark *m = NEW_N(c->a, mark, room);
    for (const json *r = list->first; r && calc_ok(c); r = r->next, row++) {
        if (r->kind != JSON_OBJECT) calc_bad(c, "\"records\" must hold objects");
        for (const json *v = r->first; v && calc_ok(c); v = v->next) {
            str s = v->kind == JSON_NULL ? S("") : in_word(c, v, "records");
            if (s.n)
                m[k++] = (mark){arena_fmt(c->a, "%.*s\x1f%.*s", STR_ARG(v->key), STR_ARG(s)), row};
        }
    }
    if (!calc_ok(c)) return false;
    size_t *up = NEW_N(c->a, size_t, n + 1), *next = NEW_N(c->a, size_t, n + 1),
           *last = NEW_N(c->a, size_t, n + 1);
    for (size_t i = 0; i < n; i++) up[i] = i, next[i] = SIZE_MAX, last[i] = i;
    if (k) qsort(m, k, sizeof *m, by_key);
    for (size_t i = 1; i < k; i++) {
        if (!str_eq(m[i - 1].key, m[i].key)) continue;
        size_t x = find(up, m[i - 1].row), y = find(up, m[i].row);
        up[MAX(x, y)] = MIN(x, y); /* the smallest stands for all */
    }
    for (size_t i = 0; i < n; i++) {
        size_t r = find(up, i);
        if (r != i) next[last[r]] = i, last[r] = i;
    }
    out_list(c, "clusters");
    for (size_t i = 0; i < n; i++) {
        if (find(up, i) != i) continue;
        out_list(c, NULL);
        for (size_t j = i; j != SIZE_MAX; j = next[j]) out_int(c, NULL, (i64)j);
        out_end(c);
    }
    out_end(c);
    return true;
}

const method method_identity_graph = {
    .name = "identity_graph",
    .title = {"Records of one customer", "身份合并", "身分合併"},
    .source = "Tarjan 1975 (union-find)",
    .formula = "records with an equal identifier of one kind are joined, and what joins them is "
               "joined; empty "
               "identifiers join nothing",
    .input = "records  list of {\"kind\": identifier}",
    .output = "clusters  lists of places, from 0",
    .example = "{\"records\":[{\"email\":\"a@x\"},{\"email\":\"b@x\",\"phone\":\"1\"},{\"phone\":"
               "\"1\"},{\"email\":\"\"}]}",
    .run = run,
};
