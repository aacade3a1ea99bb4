/* flow.c - one batch through the rooms: cleaned and read side by side, then one commit. */
#include <stdatomic.h>
#include "flow/flow.h"
#include "act/cases.h"
#include "act/rule.h"
#include "base/job.h"
#include "clarify/clarify.h"
#include "clarify/clarify_duplicates.h"
#include "kern/fold.h"
#include "understand/understand.h"

enum { THREADS_MAX = 64, CHUNK = 32, RECENT_PRINTS = 200000 };

struct flow {
    store *s;
    tally *t;
    flow_options o;
    arena *rules_arena, *batch;
    arena *workers[THREADS_MAX];
    ruleset *rules;
    const models *models; /* of the organisation's own, in use */
    neardup *near;
};

/* ---- opening ---- */

/* The store gives the newest first; the index wants them in the order they were heard. */
typedef struct {
    struct {
        i64 id, simhash;
    } * prints;
    size_t n;
} recent;

static void note_print(void *ctx, i64 id, i64 words_hash, i64 simhash) {
    (void)words_hash;
    recent *r = ctx;
    if (r->n == RECENT_PRINTS) return;
    r->prints[r->n].id = id;
    r->prints[r->n++].simhash = simhash;
}

static bool recall(flow *f, err *e) {
    recent r = {.prints = mem_new(RECENT_PRINTS, sizeof *r.prints)};
    bool ok = store_recent_prints(f->s, RECENT_PRINTS, note_print, &r, e);
    for (size_t i = r.n; i-- > 0;) neardup_add(f->near, r.prints[i].simhash, r.prints[i].id);
    free(r.prints);
    return ok;
}

/* What the store says voices are to be read and answered with. */
static bool load_rules(arena *a, void *ctx, err *e) {
    flow *f = ctx;
    return ruleset_load(f->s, f->t, a, &f->rules, e) && models_load(f->s, a, &f->models, e);
}

bool flow_open(store *s, tally *t, const flow_options *o, flow **out, err *e) {
    flow *f = mem_new(1, sizeof *f);
    f->s = s;
    f->t = t;
    f->o = *o;
    f->o.threads = MIN(MAX(o->threads, 1), THREADS_MAX);
    f->rules_arena = arena_open(LIMIT_JOB_BYTES);
    f->batch = arena_open(LIMIT_JOB_BYTES);
    for (int i = 0; i < f->o.threads; i++) f->workers[i] = arena_open(LIMIT_JOB_BYTES);
    f->near = neardup_open(RECENT_PRINTS);
    bool ok = load_rules(f->rules_arena, f, e) && (o->silent || recall(f, e));
    if (!ok) return flow_close(f), false;
    *out = f;
    return true;
}

void flow_close(flow *f) {
    if (!f) return;
    for (int i = 0; i < THREADS_MAX; i++) arena_close(f->workers[i]);
    arena_close(f->batch);
    arena_close(f->rules_arena);
    neardup_close(f->near);
    free(f);
}

/* ---- clarify and understand, on several threads ---- */

typedef struct {
    const flow *f;
    const signal *sigs;
    heard *items;
    str *folded;
    clarify_item *clean;
    size_t n;
    atomic_size_t next;
} work;

typedef struct {
    work *w;
    arena *a;
    pthread_t thread;
    bool ok;
    err e;
} worker;

static bool read_one(const work *w, const readers_kit *kit, arena *a, size_t i, err *e) {
    heard *h = &w->items[i];
    clarified c;
    h->sig = w->sigs[i];
    if (!clarify_signal(a, &h->sig, NULL, &h->ins, &c, e)) return false;
    w->folded[i] = c.folded;
    w->clean[i] = (clarify_item){&h->sig, &h->ins, c.folded_chars};
    if (w->f->o.silent) {
        h->ins.row.reader = S("none"); /* stored and counted, not read */
        if (!h->ins.row.quality.p) h->ins.row.quality = S("ok");
        return true;
    }
    return understand_signal(kit, a, &h->sig, c.text, c.folded, c.offsets, c.sentence_ends,
                             c.sentences_n, &h->ins, e);
}

static bool read_chunks(arena *a, void *ctx, err *e) {
    work *w = ctx;
    readers_kit kit = {w->f->models, grams_room_new(a)};
    for (;;) {
        size_t from = atomic_fetch_add(&w->next, CHUNK);
        if (from >= w->n) return true;
        for (size_t i = from; i < MIN(from + CHUNK, w->n); i++)
            if (!read_one(w, &kit, a, i, e)) return false;
    }
}

static void *worker_main(void *arg) {
    worker *k = arg;
    k->ok = job_run_in(k->a, read_chunks, k->w, &k->e);
    return NULL;
}

static bool read_all(work *w, err *e) {
    worker k[THREADS_MAX] = {0};
    int n = (int)MIN((size_t)w->f->o.threads, w->n / CHUNK + 1);
    for (int i = 0; i < n; i++) {
        arena_reset(w->f->workers[i]);
        k[i] = (worker){.w = w, .a = w->f->workers[i]};
        if (i > 0 && pthread_create(&k[i].thread, NULL, worker_main, &k[i]) != 0)
            n = i; /* fewer will do */
    }
    worker_main(&k[0]);
    for (int i = 1; i < n; i++) pthread_join(k[i].thread, NULL);
    for (int i = 0; i < n; i++)
        if (!k[i].ok) return *e = k[i].e, false;
    return true;
}

/* ---- duplicates, rules, commit ---- */

typedef struct {
    flow *f;
    const signal *sigs;
    size_t n;
    intake *progress;
    flow_counts *counts;
    flow_fate *fates;
} batch;

/* Customers of this batch who get a case by it: what they say behind that belongs to it too. */
typedef struct {
    u64 *slots; /* hashes, 0 is free; made with the first */
    size_t mask;
} newcomers;

static newcomers newcomers_open(arena *a, size_t n) {
    size_t slots = 16;
    while (slots < n * 2) slots *= 2;
    return (newcomers){NEW_N(a, u64, slots), slots - 1};
}

static u64 *newcomer_slot(const newcomers *k, const signal_row *r, u64 *hash_out) {
    str space, name;
    customer_identity(r, &space, &name);
    u64 h = (str_hash(space) * 31 + str_hash(name)) | 1;
    size_t at = (size_t)(h >> 7) & k->mask;
    while (k->slots[at] && k->slots[at] != h) at = (at + 1) & k->mask;
    *hash_out = h;
    return &k->slots[at];
}

static bool known_newcomer(const newcomers *k, const signal_row *r) {
    u64 h;
    return k->slots && r->customer.n && *newcomer_slot(k, r, &h);
}

static void note_newcomer(newcomers *k, const signal_row *r) {
    u64 h, *slot = newcomer_slot(k, r, &h);
    *slot = h;
}

static bool opens_case(const heard *h) {
    for (size_t i = 0; i < h->deeds_n; i++)
        if (str_eq(h->deeds[i].action, S("ticket"))) return true;
    return false;
}

static void add_deed(arena *a, heard *h, deed d) {
    deed *all = NEW_N(a, deed, h->deeds_n + 1);
    if (h->deeds_n) memcpy(all, h->deeds, h->deeds_n * sizeof *all);
    all[h->deeds_n++] = d;
    h->deeds = all;
}

/* What a customer with a case says is a message of it, or the answer to asking again. */
static bool follow_cases(const flow *f, arena *a, work *w, i64 now_ms, err *e) {
    newcomers fresh = {NULL, 0};
    for (size_t i = 0; i < w->n; i++) {
        heard *h = &w->items[i];
        bool concerns = false, opens = opens_case(h);
        if (!case_concerns(f->s, a, h, &concerns, e)) return false;
        if (concerns || known_newcomer(&fresh, &h->sig.row))
            add_deed(a, h, case_heard_deed(a, h, now_ms));
        if (!opens || !h->sig.row.customer.n) continue;
        if (!fresh.slots) fresh = newcomers_open(a, w->n);
        note_newcomer(&fresh, &h->sig.row);
    }
    return true;
}

static bool apply_rules(const flow *f, arena *a, work *w, i64 now_ms, err *e) {
    ruleset_begin(f->rules, a, now_ms);
    for (size_t i = 0; i < w->n; i++)
        if (!ruleset_apply(f->rules, a, &w->items[i], now_ms, w->folded[i], e)) return false;
    return follow_cases(f, a, w, now_ms, e);
}

static void count(flow_counts *c, const heard *items, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const insight_row *r = &items[i].ins.row;
        c->added += items[i].added;
        c->known += !items[i].added;
        if (!items[i].added) continue;
        c->duplicates +=
            str_eq(r->quality, S("duplicate")) || str_eq(r->quality, S("near_duplicate"));
        c->spam += str_eq(r->quality, S("spam"));
        c->redacted += r->redacted == NONE ? 0 : r->redacted;
        c->deeds += (i64)items[i].deeds_n;
    }
}

/* The store finds words, not who said them: short words of one customer are compared in the batch. */
static bool known_words(void *ctx, i64 words_hash, str of_customer, i64 *id_out, err *e) {
    *id_out = 0;
    return of_customer.p || store_find_words(ctx, words_hash, id_out, e);
}

static bool mirror(flow *f, const work *w, err *e) {
    return !f->t || tally_append(f->t, w->items, w->n, e);
}

bool flow_follow(flow *f, err *e) {
    return !f->t || tally_follow(f->t, e);
}

static bool take(arena *a, void *ctx, err *e) {
    batch *b = ctx;
    flow *f = b->f;
    i64 done = 0, deeds = b->counts->deeds;
    work w = {.f = f, .sigs = b->sigs, .n = b->n};
    w.items = NEW_N(a, heard, b->n);
    w.folded = NEW_N(a, str, b->n);
    w.clean = NEW_N(a, clarify_item, b->n);
    clarify_memory memory = {known_words, f->s, f->near};
    if (!read_all(&w, e)) return false;
    if (!f->o.silent) {
        if (!clarify_duplicates(a, w.clean, w.n, &memory, e)) return false;
        if (!apply_rules(f, a, &w, f->o.w->now_ms(f->o.w), e)) return false;
    }
    if (!store_add(f->s, w.items, w.n, b->progress, e)) return false;
    if (!f->o.silent) clarify_remember(w.clean, w.n, &memory);
    count(b->counts, w.items, w.n);
    for (size_t i = 0; b->fates && i < w.n; i++)
        b->fates[i] = (flow_fate){w.items[i].sig.row.id, w.items[i].added};
    if (!mirror(f, &w, e)) return false;
    return b->counts->deeds == deeds || outbox_run(f->s, f->o.w, &done, e);
}

bool flow_take_each(flow *f, const signal *sigs, size_t n, intake *progress, flow_counts *counts,
                    flow_fate *fates, err *e) {
    batch b = {f, sigs, n, progress, counts, fates};
    arena_reset(f->batch);
    return job_run_in(f->batch, take, &b, e);
}

bool flow_take(flow *f, const signal *sigs, size_t n, intake *progress, flow_counts *counts,
               err *e) {
    return flow_take_each(f, sigs, n, progress, counts, NULL, e);
}

/* ---- reading again ---- */

typedef struct {
    flow *f;
    const i64 *ids;
    size_t ids_n, at;
    i64 after, last, done; /* all: ids seen so far, the last one to read */
    bool ended;
    arena *a; /* of the batch */
    signal *sigs;
    insight_row *old;
    size_t n;
} rereading;

static void copy_texts(arena *a, const noun *n, void *rec) {
    for (size_t i = 0; i < n->fields_n; i++)
        if (field_is_text(&n->fields[i]))
            noun_set_text(&n->fields[i], rec, arena_str(a, noun_text(&n->fields[i], rec)));
}

/* In the store's scan, which must not be jumped out of: one signal's copy is a job of its own. */
typedef struct {
    rereading *k;
    const signal *s;
    const insight *i;
} remembered;

static bool copy_one(arena *a, void *ctx, err *e) {
    remembered *m = ctx;
    rereading *k = m->k;
    signal *s = &k->sigs[k->n];
    *s = (signal){.row = m->s->row};
    copy_texts(a, &noun_signal, &s->row);
    k->old[k->n] = m->i->row;
    k->old[k->n].clean = k->old[k->n].sentences = NO_STR;
    copy_texts(a, &noun_insight, &k->old[k->n]);
    if (!signal_unseal(a, s, e)) return false;
    k->n++;
    return true;
}

static bool remember(void *ctx, const signal *s, const insight *i, err *e) {
    rereading *k = ctx;
    remembered m = {k, s, i};
    if (!k->ids && s->row.id > k->last) {
        k->ended = true;
        return false;
    }
    if (!job_run_in(k->a, copy_one, &m, e)) return false;
    k->after = s->row.id;
    return arena_used(k->a) < LIMIT_BATCH_BYTES / 2;
}

static bool next_batch(rereading *k, err *e) {
    store *s = k->f->s;
    k->n = 0;
    if (!k->ids) {
        if (!store_scan(s, k->after, LIMIT_BATCH_SIGNALS, true, remember, k, e)) return false;
        k->ended |= k->n == 0 || k->after >= k->last;
        return true;
    }
    size_t most = MIN((size_t)LIMIT_BATCH_SIGNALS, k->ids_n - k->at);
    if (!store_scan_ids(s, k->ids + k->at, most, remember, k, e)) return false;
    if (!k->n) k->at += most; /* none of them is there any more */
    while (k->n && k->at < k->ids_n && k->ids[k->at] <= k->after) k->at++;
    k->ended = k->at >= k->ids_n;
    return true;
}

/* What was decided among signals stays: duplicates by the words, which are the same; tags by rules. */
static void keep_decided(insight_row *r, const insight_row *old) {
    bool said = str_eq(old->quality, S("duplicate")) || str_eq(old->quality, S("near_duplicate"));
    if (said && str_eq(r->quality, S("ok"))) r->quality = old->quality;
    r->duplicate_of = old->duplicate_of;
    r->tags = old->tags;
}

static bool reread_batch(arena *a, void *ctx, err *e) {
    rereading *k = ctx;
    flow *f = k->f;
    k->a = a;
    k->sigs = NEW_N(a, signal, LIMIT_BATCH_SIGNALS);
    k->old = NEW_N(a, insight_row, LIMIT_BATCH_SIGNALS);
    if (!next_batch(k, e)) return false;
    if (!k->n) return true;
    work w = {.f = f, .sigs = k->sigs, .n = k->n};
    w.items = NEW_N(a, heard, k->n);
    w.folded = NEW_N(a, str, k->n);
    w.clean = NEW_N(a, clarify_item, k->n);
    if (!read_all(&w, e)) return false;
    for (size_t i = 0; i < k->n; i++) keep_decided(&w.items[i].ins.row, &k->old[i]);
    if (!store_reread(f->s, w.items, k->n, e)) return false;
    for (size_t i = 0; i < k->n; i++) k->done += w.items[i].added;
    return true;
}

bool flow_reread(flow *f, const i64 *ids, size_t n, reread_step *step, void *ctx, i64 *done_out,
                 err *e) {
    rereading k = {.f = f, .ids = ids, .ids_n = n, .last = store_last_id(f->s)};
    i64 total = ids ? (i64)n : store_signal_count(f->s);
    bool ok = true;
    k.ended = ids && !n;
    for (size_t i = 1; i < n; i++) check(ids[i - 1] < ids[i]);
    while (ok && !k.ended) {
        arena_reset(f->batch);
        ok = job_run_in(f->batch, reread_batch, &k, e);
        *done_out = k.done;
        if (ok && step && !step(ctx, k.done, total))
            ok = fail(e, BUSY, "interrupted after %" PRId64 " signals; run it again to read all",
                      k.done);
    }
    arena_reset(f->batch);
    err late;
    if (!f->t) return ok;
    return tally_follow(f->t, ok ? e : &late) && ok;
}

bool flow_reload(flow *f, err *e) {
    arena *a = arena_open(LIMIT_JOB_BYTES);
    bool ok = job_run_in(a, load_rules, f, e);
    arena_close(ok ? f->rules_arena : a);
    if (ok) f->rules_arena = a;
    return ok;
}
