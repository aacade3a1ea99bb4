/* quality.c - when a figure is not what it should be: rules, and what they find. */
#include "base/time.h"
#include "kern/expr_make.h"
#include "understand/measure_int.h"

static const struct {
    const char *word;
    quality_kind kind;
    char unit; /* %, d, or nothing */
    bool at_least;
} words[] = {{"missing", Q_MISSING, '%', false},
             {"invalid", Q_INVALID, '%', false},
             {"duplicates", Q_DUPLICATES, '%', false},
             {"n", Q_N, 0, true},
             {"age", Q_AGE, 'd', false},
             {"silent", Q_SILENT, 'd', false}};

static bool refuse(str text, err *e) {
    return fail(
        e, INVALID,
        "quality rule \"%.*s\": want one of: missing <= 40%%, invalid <= 2%%, duplicates <= "
        "10%%, n >= 100, age <= 7d, silent source=shop <= 2d",
        (int)MIN(text.n, (size_t)120), text.p ? text.p : "");
}

/* "silent source=shop <= 2d" begins with what is watched. */
static bool watched(str *head, quality_rule *r) {
    str rest = str_trim(str_from(*head, 6));
    if (!str_starts(*head, S("silent ")) || !str_cut(rest, '=', &r->column, &r->value))
        return false;
    r->column = str_trim(r->column), r->value = str_trim(r->value);
    *head = S("silent");
    return r->column.n && r->value.n;
}

static size_t sign_at(str text) {
    for (size_t i = text.n; i > 1; i--)
        if (text.p[i - 1] == '=' && (text.p[i - 2] == '<' || text.p[i - 2] == '>')) return i - 2;
    return text.n;
}

bool quality_parse(arena *a, str text, quality_rule *out, err *e) {
    quality_rule r = {.text = arena_str(a, str_trim(text))};
    size_t at = sign_at(r.text);
    if (at == r.text.n || r.text.n > 500) return refuse(text, e);
    str head = str_trim(str_head(r.text, at)), tail = str_trim(str_from(r.text, at + 2));
    bool at_least = r.text.p[at] == '>';
    if (str_starts(head, S("silent")) && !watched(&head, &r)) return refuse(text, e);
    for (size_t i = 0; i < COUNT(words); i++) {
        if (!str_eq(head, str_of(words[i].word)) || at_least != words[i].at_least) continue;
        if (words[i].unit && tail.n && tail.p[tail.n - 1] == words[i].unit)
            tail = str_trim(str_head(tail, tail.n - 1));
        else if (words[i].unit)
            return refuse(text, e);
        r.kind = words[i].kind;
        if (!str_num(tail, &r.bound) || r.bound < 0) return refuse(text, e);
        return *out = r, true;
    }
    return refuse(text, e);
}

bool quality_read(arena *a, str json_text, quality_rule **out, size_t *n_out, err *e) {
    json *list;
    if (!json_text.n) return *n_out = 0, *out = NULL, true;
    if (!json_read(a, json_text, &list, e)) return false;
    if (list->kind != JSON_ARRAY || list->n > 20)
        return fail(e, INVALID, "quality wants a list of at most 20 rules");
    quality_rule *r = NEW_N(a, quality_rule, list->n + 1);
    size_t n = 0;
    for (const json *x = list->first; x; x = x->next) {
        if (x->kind != JSON_TEXT) return fail(e, INVALID, "quality wants a list of texts");
        if (!quality_parse(a, x->text, &r[n++], e)) return false;
    }
    *out = r, *n_out = n;
    return true;
}

/* ---- judging ---- */

typedef struct {
    tally *t;
    store *s;
    arena *a;
    const expr *where;
    i64 now_ms;
    const measure_answer *r;
} judging;

static bool share_of(const judging *g, const expr *test, double *out, err *e) {
    tally_measure m = {.kind = MEASURE_SHARE, .test = test};
    tally_question q = {.where = g->where, .measures = &m, .measures_n = 1};
    tally_answer x;
    if (!tally_ask(g->t, g->a, &q, &x, e)) return false;
    const tally_stat *s = &x.cells[0].stats[0];
    *out = s->n ? 100 * (double)s->yes / (double)s->n : NAN;
    return true;
}

static bool newest_of(void *ctx, const signal *sig, const insight *ins, err *e) {
    (void)ins, (void)e;
    *(i64 *)ctx = sig->row.occurred_at;
    return true;
}

/* Days since the newest signal of a source; a source that never spoke is silent for ever. */
static bool silence(const judging *g, const quality_rule *x, double *out, err *e) {
    const expr *of = expr_text_is(g->a, x->column, x->value);
    i64 *ids, at = NONE;
    size_t n;
    if (!tally_rows(g->t, g->a, of, 0, 1, &ids, &n, e) ||
        (n && !store_scan_ids(g->s, ids, n, newest_of, &at, e)))
        return false;
    *out = at == NONE ? INFINITY : fmax(0, (double)(g->now_ms - at) / (double)DAY_MS);
    return true;
}

static bool find(const judging *g, const quality_rule *x, double *out, err *e) {
    i64 n = 0, missing = 0, invalid = 0;
    for (size_t i = 0; i < g->r->cells_n; i++) {
        const estimate *c = &g->r->cells[i].est;
        n += c->n, missing += c->missing, invalid += c->invalid;
    }
    double all = (double)(n + missing + invalid), said = (double)(n + invalid);
    *out = NAN;
    switch (x->kind) {
    case Q_MISSING:
        *out = all > 0 ? 100 * (double)missing / all : NAN;
        return true;
    case Q_INVALID:
        *out = said > 0 ? 100 * (double)invalid / said : NAN;
        return true;
    case Q_N:
        *out = (double)n;
        return true;
    case Q_AGE:
        *out = g->now_ms ? g->r->newest_ms == NONE ? INFINITY : g->r->age_days : NAN;
        return true;
    case Q_DUPLICATES:
        return share_of(g,
                        expr_either(g->a, expr_text_is(g->a, S("quality"), S("duplicate")),
                                    expr_text_is(g->a, S("quality"), S("near_duplicate"))),
                        out, e);
    case Q_SILENT:
        return !g->now_ms || silence(g, x, out, e);
    }
    return true;
}

bool quality_judge(tally *t, store *s, arena *a, const expr *where, i64 now_ms, measure_answer *r,
                   err *e) {
    quality_rule *rules;
    size_t n;
    judging g = {t, s, a, where, now_ms, r};
    if (!quality_read(a, r->def.quality, &rules, &n, e)) return false;
    r->findings = NEW_N(a, quality_finding, n);
    for (size_t i = 0; i < n; i++) {
        quality_finding *f = &r->findings[i];
        f->rule = rules[i];
        if (!find(&g, &rules[i], &f->found, e)) return false;
        f->broken = rules[i].kind == Q_N ? f->found < rules[i].bound : f->found > rules[i].bound;
        r->degraded |= f->broken;
    }
    r->findings_n = n;
    return true;
}
