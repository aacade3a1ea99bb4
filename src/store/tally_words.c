/* tally_words.c - the words beside the tally: taken, kept, followed, changed, asked. */
#include "base/job.h"
#include "kern/fold.h"
#include "store/tally_words.h"

enum { FOLD_BYTES = 64 << 20 }; /* memory for folding one signal's words */

/* ---- plain arrays ---- */

/* Others may read what was there: arrays that grow are buried. */
static void *grown(grave *g, void *p, size_t n, size_t cap, size_t size) {
    void *q = mem_new(cap, size);
    if (n) memcpy(q, p, n * size);
    grave_put(g, p, free);
    return q;
}

static void loose_words_put(words_loose *l, grave *g, i64 id, str folded) {
    if (l->n + 1 >= l->cap) {
        u32 cap = MAX(256u, l->cap * 2);
        l->ids = grown(g, l->ids, l->n, cap, sizeof *l->ids);
        l->at = grown(g, l->at, l->n ? (size_t)l->n + 1 : 0, cap, sizeof *l->at);
        l->cap = cap;
    }
    if (l->text_n + folded.n + 1 > l->text_cap) {
        size_t cap = MAX(MAX((size_t)65536, l->text_cap * 2), l->text_n + folded.n + 1);
        l->text = grown(g, l->text, l->text_n, cap, 1);
        l->text_cap = cap;
    }
    check(l->n == 0 || id > l->ids[l->n - 1]);
    if (folded.n) memcpy(l->text + l->text_n, folded.p, folded.n);
    l->text[l->text_n + folded.n] = WORDS_END;
    l->text_n += folded.n + 1;
    l->ids[l->n] = id;
    l->at[++l->n] = (u32)l->text_n;
}

static void loose_words_free(words_loose *l, grave *g) {
    grave_put(g, l->text, free);
    grave_put(g, l->ids, free);
    grave_put(g, l->at, free);
    *l = (words_loose){0};
}

/* ---- runs ---- */

static void run_end(void *p) {
    words_run *r = p;
    union {
        const void *from;
        void *to;
    } u = {r->head};
    if (r->file)
        file_unmap(u.to, r->head->bytes);
    else
        free(u.to);
    free(r->checked);
    free(r);
}

static void run_bury(tally *t, words_run *r) {
    words_run *copy = mem_new(1, sizeof *copy);
    *copy = *r;
    grave_put(t->grave, copy, run_end);
}

static bool run_map(const tally *t, u32 file, words_run *out, err *e) {
    char path[4096];
    const u8 *img;
    size_t n;
    tally_path(t, path, sizeof path, "words", file);
    if (!file_map(path, &img, &n, e)) return false;
    if (words_adopt(out, img, n, t->from.id, e)) {
        out->file = file;
        return true;
    }
    file_unmap(img, n);
    return false;
}

/* The run of l, in its file if we write the mirror.  A disk that refuses is no failure. */
static words_run run_make(tally *t, const words_loose *l) {
    err e;
    size_t n;
    char path[4096];
    words_run r, mapped;
    u8 *image = words_encode(t->from.id, l, &n);
    check(words_adopt(&r, image, n, t->from.id, &e));
    *r.checked = 1;
    if (t->lock_fd < 0) return r;
    u32 file = ++t->next_file;
    tally_path(t, path, sizeof path, "words", file);
    if (!file_save(path, image, n, &e)) {
        tally_stay_in_memory(t, &e);
        return r;
    }
    if (!run_map(t, file, &mapped, &e)) return r;
    free(r.checked);
    free(image);
    return mapped;
}

static void run_push(tally *t, words_run r) {
    wordbook *w = &t->words;
    w->runs = mem_grow(w->runs, w->runs_n + 1, sizeof *w->runs);
    w->runs[w->runs_n++] = r;
}

/* A last run that is small goes back into the tail, so that small imports do not leave small files. */
static void take_back(tally *t) {
    err e;
    wordbook *w = &t->words;
    if (!w->runs_n) return;
    words_run *r = &w->runs[w->runs_n - 1];
    if (r->head->text_n + w->tail.text_n > WORDS_RUN || !words_verify(r, &e)) return;
    words_loose all = {0};
    for (u32 i = 0; i < r->head->n; i++)
        loose_words_put(&all, NULL, r->ids[i],
                        (str){(const char *)r->text + r->at[i], r->at[i + 1] - r->at[i] - 1});
    for (u32 i = 0; i < w->tail.n; i++)
        loose_words_put(&all, NULL, w->tail.ids[i],
                        (str){(const char *)w->tail.text + w->tail.at[i],
                              w->tail.at[i + 1] - w->tail.at[i] - 1});
    loose_words_free(&w->tail, t->grave);
    w->tail = all;
    run_bury(t, r);
    w->runs_n--;
}

void words_seal(tally *t) {
    wordbook *w = &t->words;
    if (!w->tail.n) return;
    take_back(t);
    run_push(t, run_make(t, &w->tail));
    loose_words_free(&w->tail, t->grave);
}

void words_forget(tally *t) {
    wordbook *w = &t->words;
    for (u32 i = 0; i < w->runs_n; i++) run_bury(t, &w->runs[i]);
    free(w->runs);
    loose_words_free(&w->tail, t->grave);
    *w = (wordbook){0};
}

/* ---- taking ---- */

typedef struct {
    str words, folded;
} folding;

static bool fold_job(arena *a, void *ctx, err *e) {
    (void)e;
    folding *f = ctx;
    fold(a, f->words, &f->folded, NULL);
    return true;
}

static str words_of(const signal *s, const insight *i) {
    return i->row.clean.p ? i->row.clean : s->row.words; /* what people may see, and no more */
}

static bool put_folded(tally *t, words_loose *l, grave *g, i64 id, str words, err *e) {
    folding f = {.words = words};
    if (!t->folds) t->folds = arena_open(FOLD_BYTES);
    arena_reset(t->folds);
    if (!job_run_in(t->folds, fold_job, &f, e)) return false;
    loose_words_put(l, g, id, f.folded);
    return true;
}

bool words_take(tally *t, const signal *s, const insight *i, err *e) {
    wordbook *w = &t->words;
    str words = words_of(s, i);
    check(s->row.id > w->last_id);
    if (words.p && !put_folded(t, &w->tail, t->grave, s->row.id, words, e)) return false;
    w->last_id = s->row.id;
    if (w->tail.text_n >= WORDS_RUN) {
        run_push(t, run_make(t, &w->tail));
        loose_words_free(&w->tail, t->grave);
    }
    return true;
}

static bool follow_one(void *ctx, const signal *s, const insight *i, err *e) {
    tally *t = ctx;
    return s->row.id <= t->last_id && words_take(t, s, i, e);
}

bool words_follow(tally *t, err *e) {
    if (t->words.last_id >= t->last_id) return true;
    if (!t->from.scan(t->from.ctx, t->words.last_id, true, follow_one, t, e)) return false;
    t->words.last_id = t->last_id;
    return true;
}

/* ---- signals that changed ---- */

typedef struct {
    tally *t;
    const words_run *in;
    words_loose *out;
    u32 next;
    i64 last;
    bool (*changed)(const void *ctx, i64 id);
    const void *ctx;
} redoing;

static void copy_below(redoing *k, i64 id) {
    const words_run *r = k->in;
    for (; k->next < r->head->n && r->ids[k->next] < id; k->next++) {
        u32 i = k->next;
        if (k->changed(k->ctx, r->ids[i])) continue;
        loose_words_put(k->out, NULL, r->ids[i],
                        (str){(const char *)r->text + r->at[i], r->at[i + 1] - r->at[i] - 1});
    }
}

static bool take_again(void *ctx, const signal *s, const insight *i, err *e) {
    redoing *k = ctx;
    str words = words_of(s, i);
    if (s->row.id > k->last) return false;
    copy_below(k, s->row.id);
    return !words.p || put_folded(k->t, k->out, NULL, s->row.id, words, e);
}

/* Ids without words lie in no run: the spans of a run reach to where the next one begins. */
static bool redo_run(tally *t, u32 at, const words_change *c, words_run *out, bool *empty, err *e) {
    wordbook *w = &t->words;
    words_loose l = {0};
    i64 first = at ? w->runs[at - 1].head->last_id + 1 : 1;
    i64 last = at + 1 < w->runs_n ? w->runs[at].head->last_id : w->last_id;
    redoing k = {.t = t, .in = &w->runs[at], .out = &l, .changed = c->changed, .ctx = c->ctx};
    bool ok = words_verify(k.in, e);
    for (size_t i = 0; ok && i < c->n; i++) {
        i64 from = MAX(first, c->first(c->ctx, i));
        k.last = MIN(last, c->last(c->ctx, i));
        if (from <= k.last) ok = t->from.scan(t->from.ctx, from - 1, true, take_again, &k, e);
    }
    if (ok) copy_below(&k, INT64_MAX);
    *empty = l.n == 0;
    if (ok && l.n) *out = run_make(t, &l);
    loose_words_free(&l, NULL);
    return ok;
}

static bool run_touched(const wordbook *w, u32 at, const words_change *c) {
    i64 first = at ? w->runs[at - 1].head->last_id + 1 : 1;
    i64 last = at + 1 < w->runs_n ? w->runs[at].head->last_id : w->last_id;
    for (size_t i = 0; i < c->n; i++)
        if (c->first(c->ctx, i) <= last && c->last(c->ctx, i) >= first) return true;
    return false;
}

void words_changed(tally *t, const words_change *c) {
    err e;
    wordbook *w = &t->words;
    words_seal(t); /* the tail is a run like the others */
    for (u32 i = w->runs_n; i-- > 0;) {
        bool empty = false;
        words_run fresh;
        if (!run_touched(w, i, c)) continue;
        if (!redo_run(t, i, c, &fresh, &empty, &e)) {
            words_forget(t); /* asked again, they are read again from the first */
            return;
        }
        run_bury(t, &w->runs[i]);
        if (!empty) {
            w->runs[i] = fresh;
            continue;
        }
        w->runs_n--;
        memmove(w->runs + i, w->runs + i + 1, (w->runs_n - i) * sizeof *w->runs);
    }
}

/* ---- files ---- */

bool words_open(tally *t, u32 file, u64 sum, err *e) {
    words_run r;
    if (!run_map(t, file, &r, e)) return false;
    wordbook *w = &t->words;
    i64 before = w->runs_n ? w->runs[w->runs_n - 1].head->last_id : 0;
    if (r.head->sum == sum && r.head->first_id > before) {
        run_push(t, r);
        return true;
    }
    run_bury(t, &r);
    return fail(e, CORRUPT, "a file of words beside the tally is not the one that was written");
}

bool words_sound(tally *t) {
    err e;
    for (u32 i = 0; i < t->words.runs_n; i++) {
        __atomic_store_n(t->words.runs[i].checked, 0, __ATOMIC_RELAXED);
        if (!words_verify(&t->words.runs[i], &e)) return false;
    }
    return true;
}

/* What it took a while to read is not read again by the next process. */
static void words_keep(tally *t) {
    err e;
    words_seal(t);
    if (t->lock_fd < 0) return;
    if (manifest_save(t, &e))
        manifest_sweep(t);
    else
        tally_stay_in_memory(t, &e);
}

/* ---- asking ---- */

static void mark(u64 *bits, i64 id) {
    bits[id / 64] |= (u64)1 << id % 64;
}

static void unmark(u64 *bits, i64 id) {
    bits[id / 64] &= ~((u64)1 << id % 64);
}

static void hit(void *ctx, i64 id) {
    plan *p = ctx;
    if (id > p->ids_max) return;
    mark(p->ids_yes, id);
    unmark(p->ids_no, id);
}

static void mark_all(plan *p, const i64 *ids, u32 n) {
    for (u32 i = 0; i < n && ids[i] <= p->ids_max; i++) {
        mark(p->ids_no, ids[i]);
        if (p->x->op == EXPR_MISSING) unmark(p->ids_yes, ids[i]);
    }
}

static bool search(const tally *v, plan *p, str needle, err *e) {
    const wordbook *w = &v->words;
    u32 from = 0, to = w->runs_n; /* the runs that hold ids of the question; they ascend */
    while (from < to && w->runs[from].head->last_id <= p->ids_after) from++;
    while (to > from && w->runs[to - 1].head->first_id > p->ids_max) to--;
    bool find = p->x->op == EXPR_HAS;
    if (!find) memset(p->ids_yes, 0xff, ((size_t)p->ids_max / 64 + 1) * sizeof *p->ids_yes);
    for (u32 i = from; i < to; i++)
        if (!words_verify(&w->runs[i], e)) return false;
    for (u32 i = from; i < to; i++) mark_all(p, w->runs[i].ids, w->runs[i].head->n);
    mark_all(p, w->tail.ids, w->tail.n);
    for (u32 i = from; find && needle.n && i < to; i++) words_search(&w->runs[i], needle, hit, p);
    if (find && needle.n) words_search_loose(&w->tail, needle, hit, p);
    for (i64 k = 0; find && !needle.n && k <= p->ids_max / 64; k++) { /* everywhere */
        p->ids_yes[k] = p->ids_no[k];
        p->ids_no[k] = 0;
    }
    return true;
}

/* The words may be of a later state than the rows: what the rows do not have is left out. */
bool words_ask(tally *v, plan *p, str needle, err *e) {
    tally *live = v->live ? v->live : v;
    if (v->words.last_id < v->last_id) {
        pthread_mutex_lock(&live->pen);
        bool ok = live->words.last_id >= v->last_id;
        if (!ok && (ok = words_follow(live, e))) {
            words_keep(live);
            view_publish(live);
        }
        pthread_mutex_unlock(&live->pen);
        if (!ok) return false;
        tally *now = view_take(live);
        ok = search(now, p, needle, e);
        view_give(now);
        return ok;
    }
    return search(v, p, needle, e);
}
