/* tickets.c - which tickets a condition means. */
#include "act/tickets.h"

/* A condition on a ticket may name the ticket's own fields and those of its signal. */
typedef struct {
    const expr *filter;
    const ticket *t;
    const signal *sig;
    const insight *ins;
} question;

static void ticket_value(const ticket *t, const field *f, value *out) {
    *out = (value){0};
    if (field_is_text(f)) {
        str v = noun_text(f, t);
        if (v.p) *out = (value){.kind = VALUE_TEXT, .text = v};
        return;
    }
    i64 v = noun_int(f, t);
    if (v == NONE) return;
    if (f->kind == FIELD_TIME)
        *out = (value){.kind = VALUE_TIME, .ms = v};
    else
        *out = (value){.kind = VALUE_NUM, .num = v * NUM6_ONE};
}

static truth has_words(void *ctx, str text) {
    const question *q = ctx;
    str words = q->ins->row.clean.p ? q->ins->row.clean : q->sig->row.words;
    return str_find(words, text) >= 0 ? YES : NO;
}

/* Conditions on ticket fields are answered here, all others by the signal. */
static truth ask(const question *q, const expr *x) {
    if (x->op == EXPR_AND) return truth_and(ask(q, x->left), ask(q, x->right));
    if (x->op == EXPR_OR) return truth_or(ask(q, x->left), ask(q, x->right));
    if (x->op == EXPR_NOT) return truth_not(ask(q, x->left));
    if (x->op == EXPR_CONST) return x->constant ? YES : NO;
    const field *f = noun_field(&noun_ticket, x->column);
    if (!f) {
        question copy = *q;
        return signal_test(x, q->sig, q->ins, has_words, &copy);
    }
    value v;
    ticket_value(q->t, f, &v);
    if (x->op == EXPR_MISSING) return v.kind == VALUE_MISSING ? YES : NO;
    if (x->op == EXPR_HAS)
        return v.kind != VALUE_TEXT ? UNKNOWN : str_find(v.text, x->values[0].text) >= 0 ? YES : NO;
    truth any = NO;
    for (size_t i = 0; i < x->values_n; i++)
        any = truth_or(any, value_compare(x->op == EXPR_CMP ? x->cmp : CMP_EQ, &v, &x->values[i]));
    return any;
}

typedef struct {
    ticket *all;
    size_t n;
    const expr *filter;
    bool *keep;
    size_t at;
} sifting;

static bool sift_one(void *ctx, const signal *sig, const insight *ins, err *e) {
    (void)e;
    sifting *s = ctx;
    while (s->at < s->n && s->all[s->at].signal_id != sig->row.id) s->at++;
    if (s->at == s->n) return true;
    question q = {s->filter, &s->all[s->at], sig, ins};
    s->keep[s->at] = !s->filter || ask(&q, s->filter) == YES;
    s->at++;
    return true;
}

static void note_column(void *ctx, str column) {
    if (!noun_field(&noun_ticket, column)) *(bool *)ctx = true;
}

/* A condition on tickets alone needs no signal read. */
static void sift_alone(sifting *k) {
    for (size_t i = 0; i < k->n; i++) {
        question q = {k->filter, &k->all[i], NULL, NULL};
        k->keep[i] = ask(&q, k->filter) == YES;
    }
}

bool tickets_sift(store *s, arena *a, const expr *filter, ticket *all, size_t *n, err *e) {
    bool of_signal = false;
    if (!filter || *n == 0) return true;
    sifting k = {all, *n, filter, NEW_N(a, bool, *n), 0};
    expr_columns(filter, note_column, &of_signal);
    i64 *ids = NEW_N(a, i64, *n);
    for (size_t i = 0; i < *n; i++) ids[i] = all[i].signal_id;
    if (!of_signal)
        sift_alone(&k);
    else if (!store_scan_ids(s, ids, *n, sift_one, &k, e))
        return false;
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++)
        if (k.keep[i]) all[kept++] = all[i];
    *n = kept;
    return true;
}

/* All tickets are gone through, newest first: the total is exact whatever the condition. */
static bool sift_all(store *s, arena *a, const expr *filter, i64 before, store_picked *out,
                     size_t limit, err *e) {
    store_query q = {.newest_first = true};
    ticket *page = NEW_N(a, ticket, limit);
    void *recs;
    size_t n, kept;
    *out = (store_picked){.recs = page};
    do {
        if (!store_list(s, a, &noun_ticket, &q, &recs, &n, e)) return false;
        kept = n;
        if (n) q.after_id = ((ticket *)recs)[n - 1].id;
        if (!tickets_sift(s, a, filter, recs, &kept, e)) return false;
        out->total += (i64)kept;
        for (size_t i = 0; i < kept && out->n < limit; i++)
            if (!before || ((ticket *)recs)[i].id < before) page[out->n++] = ((ticket *)recs)[i];
    } while (n == LIMIT_PAGE);
    return true;
}

bool tickets_find(store *s, arena *a, const expr *filter, i64 before, size_t limit, ticket **out,
                  size_t *n_out, i64 *total_out, err *e) {
    store_picked p;
    check(limit <= LIMIT_PAGE);
    if (!store_pick(s, a, &noun_ticket, filter, before, limit, &p, e)) return false;
    if (!p.can && !sift_all(s, a, filter, before, &p, limit, e)) return false;
    *out = p.recs;
    *n_out = p.n;
    *total_out = p.total;
    return true;
}
