/* process_discovery.c - what follows what: directly-follows counts and heuristic dependency. */
#include "kern/method.h"

typedef struct {
    strs names;
    mat follows;
    vec start, end;
} graph;

static strs words_of(calc *c, const json *traces) {
    strs all = {NULL, 0};
    for (const json *t = traces->first; t; t = t->next) {
        const json *v = json_get(t, S("trace"));
        all.n += v ? v->n : 0;
    }
    all.v = NEW_N(c->a, str, all.n + 1);
    all.n = 0;
    for (const json *t = traces->first; t && calc_ok(c); t = t->next) {
        const json *v = in_list(c, t, "trace");
        for (const json *w = v->first; w && calc_ok(c); w = w->next)
            all.v[all.n++] = in_word(c, w, "trace");
    }
    return strs_distinct(c->a, all);
}

static void follow(calc *c, graph *g, const json *t) {
    strs trace = in_texts(c, t, "trace");
    double n = (double)in_maybe_int(c, t, "count", 0, INT64_C(1000000000000), 1);
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < trace.n; i++) {
        size_t at = strs_find(g->names, trace.v[i]);
        if (last == SIZE_MAX)
            g->start.v[at] += n;
        else
            *mat_at(g->follows, last, at) += n;
        last = at;
    }
    if (last != SIZE_MAX) g->end.v[last] += n;
}

static void write_edges(calc *c, const graph *g, bool dependency) {
    out_open(c, dependency ? "dependency" : "directly_follows");
    for (size_t i = 0; i < g->names.n; i++)
        for (size_t j = 0; j < g->names.n; j++) {
            double to = *mat_at(g->follows, i, j), back = *mat_at(g->follows, j, i);
            if (to == 0) continue;
            str key =
                arena_fmt(c->a, "%.*s -> %.*s", STR_ARG(g->names.v[i]), STR_ARG(g->names.v[j]));
            out_num(c, calc_cstr(c, key),
                    !dependency ? to
                    : i == j    ? to / (to + 1)
                                : (to - back) / (to + back + 1));
        }
    out_end(c);
}

static void write_ends(calc *c, const char *key, const graph *g, vec n) {
    out_open(c, key);
    for (size_t i = 0; i < n.n; i++)
        if (n.v[i] > 0) out_num(c, calc_cstr(c, g->names.v[i]), n.v[i]);
    out_end(c);
}

static bool run(calc *c) {
    const json *traces = in_list(c, NULL, "traces");
    graph g = {.names = words_of(c, traces)};
    size_t n = g.names.n;
    if (!calc_ok(c)) return false;
    if (n > 2000) return calc_bad(c, "\"traces\": at most 2000 different activities, not %zu", n);
    g.follows = mat_new(c->a, n, n), g.start = vec_new(c->a, n), g.end = vec_new(c->a, n);
    for (const json *t = traces->first; t && calc_ok(c); t = t->next) follow(c, &g, t);
    write_edges(c, &g, false);
    write_edges(c, &g, true);
    write_ends(c, "start", &g, g.start);
    write_ends(c, "end", &g, g.end);
    return calc_ok(c);
}

const method method_process_discovery = {
    .name = "process_discovery",
    .title = {"Journeys as a process", "流程发现", "流程探索"},
    .source =
        "van der Aalst, Process Mining, 2016; Weijters & van der Aalst 2003 (heuristics miner)",
    .formula = "dependency (|a>b|-|b>a|)/(|a>b|+|b>a|+1); of a loop |a>a|/(|a>a|+1)",
    .input = "traces  list of {trace: [activity, ...], count (1)}",
    .output = "directly_follows, dependency  {\"a -> b\": figure}; start, end  {\"a\": count}",
    .example = "{\"traces\":[{\"trace\":[\"ask\",\"wait\",\"done\"],\"count\":3},{\"trace\":["
               "\"ask\",\"done\"]}]}",
    .run = run,
};
