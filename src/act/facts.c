/* facts.c - windows counted in the store, figures asked of the tally, attributes of customers. */
#include "act/facts.h"
#include "act/outcome.h"
#include "act/rule.h"
#include "base/job.h"
#include "base/time.h"
#include "kern/expr_make.h"

enum { FRESH_MS = 10 * MINUTE_MS, SPANS_BEFORE = 12, MIN_N = 5, MIN_BEFORE = 30 };

typedef struct {
    fact row;
    i64 span_ms;
    const expr *when; /* NULL = every signal */
    outcome figure;   /* metric, control */
    i64 asked_ms;     /* the answers below are of then; NONE = never */
    arena *answers;
    tally_answer now, before;
} known_fact;

/* One signal of this batch that a fact counts. */
typedef struct {
    u64 who, id;
    i64 at;
    u32 place;
} noted;

struct facts {
    store *s;
    tally *t;
    known_fact *all;
    size_t n, counting;
    u32 *counts; /* places of those that count, as in the decider */
    decider *meets;
    u32 *met;
    /* of the batch */
    arena *batch;
    i64 now_ms;
    noted *list;
    size_t list_n, list_room;
    /* of the signal */
    const heard *h;
    u64 who, id;
    i64 customer, known_id; /* 0 = not known yet; 0 = new */
    bool looked;
    bool ok;
    err e;
};

/* ---- one fact ---- */

static bool name_ok(str name) {
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '_' || c == '-'))
            return false;
    }
    return true;
}

static bool read_fact(arena *a, const fact *f, known_fact *out, err *e) {
    err inner;
    *out = (known_fact){.row = *f, .asked_ms = NONE};
    if (!name_ok(f->name))
        return fail(e, INVALID, "name: \"%.*s\", want letters, digits, _ and - only",
                    (int)MIN(f->name.n, 60), f->name.p);
    if (!duration_parse(f->within, &out->span_ms) || out->span_ms <= 0)
        return fail(e, INVALID, "within: \"%.*s\", want 30m, 4h, 7d or 4w",
                    (int)MIN(f->within.n, 40), f->within.p);
    if (f->condition.n && !expr_parse(a, f->condition, 0, &out->when, &inner))
        return fail(e, INVALID, "condition: %s", inner.msg);
    if (str_eq(f->kind, S("count"))) return true;
    if (!f->metric.n) return fail(e, INVALID, "metric: required, such as nps or mean:COLUMN");
    return outcome_parse(a, f->metric, &out->figure, e);
}

static void forbid_more(void *ctx, str column) {
    if (column_is_more(column)) *(bool *)ctx = true;
}

static bool check_job(arena *a, void *ctx, err *e) {
    known_fact k;
    bool more = false;
    if (!read_fact(a, ctx, &k, e)) return false;
    if (k.when) expr_columns(k.when, forbid_more, &more);
    return !more ||
           fail(e, INVALID, "condition: a fact is not made of other facts or of customers");
}

bool fact_check(const fact *f, err *e) {
    fact copy = *f;
    return noun_check(&noun_fact, f, e) && job_run(LIMIT_JOB_BYTES, check_job, &copy, e);
}

static const expr *with_customer(arena *a, const expr *when) {
    return expr_both(a, when, expr_not(a, expr_is_missing(a, S("customer"))));
}

bool fact_save(store *s, tally *t, arena *a, fact *f, i64 now_ms, err *e) {
    known_fact k;
    i64 *ids = NULL;
    size_t n = 0;
    f->changed_at = now_ms;
    if (!fact_check(f, e) || !read_fact(a, f, &k, e)) return false;
    bool counts = str_eq(f->kind, S("count"));
    if (counts && !tally_rows(t, a, with_customer(a, k.when), 0,
                              (size_t)MAX(tally_rows_total(t), 1), &ids, &n, e))
        return false;
    if (!store_begin(s, e)) return false;
    if (!store_put(s, &noun_fact, f, e) || !store_fact_remake(s, f->id, ids, n, e))
        return store_rollback(s), false;
    return store_commit(s, e);
}

typedef struct {
    store *s;
    arena *a;
    bool ok;
    err *e;
} looking;

static void look_up(void *ctx, str column) {
    looking *k = ctx;
    fact f;
    err none;
    if (!k->ok || !str_starts(column, S("fact:"))) return;
    if (store_find(k->s, k->a, &noun_fact, str_from(column, 5), &f, &none)) return;
    k->ok = fail(k->e, INVALID, "there is no fact \"%.*s\"; make it first",
                 (int)MIN(column.n - 5, 80), column.p + 5);
}

bool facts_known(store *s, arena *a, const expr *x, err *e) {
    looking k = {s, a, true, e};
    expr_columns(x, look_up, &k);
    return k.ok;
}

/* ---- all facts ---- */

static void close_answers(void *ctx) {
    facts *f = ctx;
    for (size_t i = 0; i < f->n; i++) arena_close(f->all[i].answers);
}

bool facts_load(store *s, tally *t, arena *a, facts **out, err *e) {
    void *recs;
    size_t n;
    if (!store_list(s, a, &noun_fact, &(store_query){0}, &recs, &n, e)) return false;
    facts *f = NEW(a, facts);
    const expr **when = NEW_N(a, const expr *, n + 1);
    expr *every = NEW(a, expr);
    *every = (expr){.op = EXPR_CONST, .constant = true};
    f->s = s;
    f->t = t;
    f->all = NEW_N(a, known_fact, n + 1);
    f->counts = NEW_N(a, u32, n + 1);
    f->met = NEW_N(a, u32, n + 1);
    f->ok = true;
    for (size_t i = 0; i < n; i++) {
        if (!read_fact(a, (fact *)recs + i, &f->all[i], e)) return false;
        if (!str_eq(f->all[i].row.kind, S("count"))) continue;
        when[f->counting] = f->all[i].when ? f->all[i].when : every;
        f->counts[f->counting++] = (u32)i;
    }
    f->n = n;
    f->meets = decider_make(a, when, f->counting);
    arena_defer(a, close_answers, f);
    *out = f;
    return true;
}

size_t facts_counting(const facts *f) {
    return f->counting;
}

void facts_begin(facts *f, arena *batch, i64 now_ms) {
    f->batch = batch;
    f->now_ms = now_ms;
    f->list = NULL;
    f->list_n = f->list_room = 0;
    f->h = NULL;
    f->ok = true;
}

/* ---- one signal ---- */

static u64 hash_two(str x, str y) {
    return str_hash(x) * 31 + str_hash(y);
}

static bool said_before(const facts *f) {
    for (size_t i = f->list_n; i-- > 0;)
        if (f->list[i].id == f->id) return true;
    return false;
}

static void note(facts *f, u32 place) {
    if (f->list_n == f->list_room) {
        noted *more = NEW_N(f->batch, noted, f->list_room = f->list_room * 2 + 64);
        if (f->list_n) memcpy(more, f->list, f->list_n * sizeof *more);
        f->list = more;
    }
    f->list[f->list_n++] = (noted){f->who, f->id, f->h->sig.row.occurred_at, place};
}

bool facts_next(facts *f, heard *h, str folded, err *e) {
    str space, name;
    const signal_row *r = &h->sig.row;
    f->h = h;
    f->looked = false;
    f->customer = f->known_id = 0;
    h->facts = NULL;
    h->facts_n = 0;
    if (!f->counting || !r->customer.n) return true;
    customer_identity(r, &space, &name);
    f->who = hash_two(space, name);
    f->id = hash_two(r->source, r->external_id);
    size_t n = decider_ask(f->meets, &h->sig, &h->ins, folded, NULL, NULL, f->met);
    if (!n) return true;
    if (!store_signal_known(f->s, r->source, r->external_id, &f->known_id, e)) return false;
    bool again = f->known_id || said_before(f);
    i64 *ids = NEW_N(f->batch, i64, n);
    for (size_t i = 0; i < n; i++) {
        ids[i] = f->all[f->counts[f->met[i]]].row.id;
        if (!again) note(f, f->counts[f->met[i]]);
    }
    h->facts = ids;
    h->facts_n = n;
    return true;
}

static bool look(facts *f) {
    if (f->looked) return f->ok;
    f->looked = true;
    const signal_row *r = &f->h->sig.row;
    if (!store_customer(f->s, r, &f->customer, &f->e) ||
        (!f->known_id && !store_signal_known(f->s, r->source, r->external_id, &f->known_id, &f->e)))
        f->ok = false;
    return f->ok;
}

static bool counts_itself(const facts *f, const known_fact *k) {
    for (size_t i = 0; i < f->h->facts_n; i++)
        if (f->h->facts[i] == k->row.id) return true;
    return false;
}

/* In the store, and of this batch, and itself; a signal heard again counts what was heard before it. */
static num6 count_of(facts *f, u32 place) {
    const known_fact *k = &f->all[place];
    const signal_row *r = &f->h->sig.row;
    i64 n = 0;
    if (!r->customer.n || !look(f)) return NONE;
    i64 from = r->occurred_at - k->span_ms, before = f->known_id ? f->known_id : INT64_MAX;
    if (f->customer &&
        !store_fact_count(f->s, k->row.id, f->customer, from, r->occurred_at, before, &n, &f->e)) {
        f->ok = false;
        return NONE;
    }
    for (size_t i = 0; i < f->list_n && !f->known_id; i++) {
        const noted *x = &f->list[i];
        n += x->place == place && x->who == f->who && x->id != f->id && x->at > from &&
             x->at <= r->occurred_at;
    }
    return (n + counts_itself(f, k)) * NUM6_ONE;
}

/* ---- figures ---- */

static bool ask_figures(arena *a, void *ctx, err *e) {
    struct {
        facts *f;
        known_fact *k;
    } *c = ctx;
    known_fact *k = c->k;
    i64 now = c->f->now_ms;
    tally_by by = {k->row.by, BY_VALUE};
    tally_measure m = outcome_measure(&k->figure);
    tally_question q = {.by = &by, .by_n = k->row.by.n ? 1 : 0, .measures = &m, .measures_n = 1};
    const expr *since = expr_time_from(a, S("occurred_at"), now - k->span_ms),
               *until = expr_time_before(a, S("occurred_at"), now + 1);
    q.where = expr_both(a, k->when, expr_both(a, since, until));
    if (!tally_ask(c->f->t, a, &q, &k->now, e)) return false;
    const expr *first = expr_time_from(a, S("occurred_at"), now - (SPANS_BEFORE + 1) * k->span_ms);
    const expr *last = expr_time_before(a, S("occurred_at"), now - k->span_ms);
    q.where = expr_both(a, k->when, expr_both(a, first, last));
    return !str_eq(k->row.kind, S("control")) || tally_ask(c->f->t, a, &q, &k->before, e);
}

/* Kept for ten minutes: a shop does not change from one signal to the next. */
static bool figures(facts *f, known_fact *k) {
    struct {
        facts *f;
        known_fact *k;
    } c = {f, k};
    err unknown;
    if (!f->t) return false;
    if (k->asked_ms != NONE && f->now_ms - k->asked_ms < FRESH_MS && f->now_ms >= k->asked_ms)
        return true;
    arena_close(k->answers);
    k->answers = arena_open(LIMIT_JOB_BYTES);
    k->now = k->before = (tally_answer){0};
    k->asked_ms = f->now_ms;
    bool ok = job_run_in(k->answers, ask_figures, &c, &unknown);
    if (!ok) k->now = k->before = (tally_answer){0}; /* a column nobody has yet: missing */
    return true;
}

static const tally_cell *cell_of(const tally_answer *r, str key, bool by) {
    for (size_t i = 0; i < r->cells_n; i++)
        if (!by ||
            (r->cells[i].keys[0].kind == VALUE_TEXT && str_eq(r->cells[i].keys[0].text, key)))
            return &r->cells[i];
    return NULL;
}

static str text_of_column(const heard *h, str column) {
    const field *f = noun_field(&noun_signal, column);
    if (f) return f->kind == FIELD_TEXT ? noun_text(f, &h->sig.row) : NO_STR;
    const attribute *at = signal_attr(&h->sig, column);
    return at ? at->text : NO_STR;
}

static num6 figure_of(facts *f, u32 place) {
    known_fact *k = &f->all[place];
    bool by = k->row.by.n > 0;
    str key = by ? text_of_column(f->h, k->row.by) : NO_STR;
    if ((by && !key.n) || !figures(f, k)) return NONE;
    const tally_cell *now = cell_of(&k->now, key, by);
    if (!now) return NONE;
    sample x = outcome_sample(&k->figure, &now->stats[0]);
    if (x.n < MIN_N || isnan(x.mean)) return NONE;
    if (!str_eq(k->row.kind, S("control"))) return (num6)(x.mean * (double)NUM6_ONE);
    const tally_cell *was = cell_of(&k->before, key, by);
    if (!was) return NONE;
    sample b = outcome_sample(&k->figure, &was->stats[0]);
    if (b.n < MIN_BEFORE || isnan(b.variance)) return NONE;
    double limit = b.mean - 3 * sqrt(b.variance / (double)x.n);
    return x.mean < limit ? NUM6_ONE : 0;
}

/* ---- who they are ---- */

static void attribute_of(facts *f, str key, value *out) {
    customer c;
    json *all;
    err none;
    if (!f->h->sig.row.customer.n || !look(f) || !f->customer) return;
    if (!store_get(f->s, f->batch, &noun_customer, f->customer, &c, &none)) return;
    if (!c.attributes.n || !json_read(f->batch, c.attributes, &all, &none)) return;
    const json *v = json_get(all, key);
    if (v && v->kind == JSON_OBJECT) v = json_get(v, S("value"));
    if (!v) return;
    if (v->kind == JSON_TEXT) *out = (value){.kind = VALUE_TEXT, .text = v->text};
    if (v->kind == JSON_INT || v->kind == JSON_NUM)
        *out = (value){.kind = VALUE_NUM, .num = (num6)(v->num * (double)NUM6_ONE)};
    if (v->kind == JSON_BOOL) *out = (value){.kind = VALUE_NUM, .num = v->i * NUM6_ONE};
}

void facts_tell(void *ctx, str column, value *out) {
    facts *f = ctx;
    check(f->h && f->batch);
    if (str_starts(column, S("customer:"))) {
        attribute_of(f, str_from(column, 9), out);
        return;
    }
    str name = str_from(column, 5);
    for (u32 i = 0; i < f->n; i++) {
        if (!str_eq(f->all[i].row.name, name)) continue;
        bool counts = str_eq(f->all[i].row.kind, S("count"));
        num6 v = counts ? count_of(f, i) : figure_of(f, i);
        if (v != NONE) *out = (value){.kind = VALUE_NUM, .num = v};
        return;
    }
}

bool facts_end(const facts *f, err *e) {
    if (!f->ok) *e = f->e;
    return f->ok;
}
