/* walk_index.c - which runs make up the walk now: those that fit stay, gaps are sorted, neighbours are
** joined while they are of a size, so that a question meets few runs and a row is rewritten seldom. */
#include "store/walk_int.h"

walk_index *walk_index_new(void) {
    walk_index *x = mem_new(1, sizeof *x);
    check(pthread_mutex_init(&x->lock, NULL) == 0);
    x->run_rows = WALK_RUN_ROWS;
    x->stretch_rows = WALK_STRETCH_ROWS;
    return x;
}

void walk_index_clear(walk_index *x) {
    pthread_mutex_lock(&x->lock);
    for (u32 i = 0; i < x->columns_n; i++) {
        for (u32 k = 0; k < x->columns[i].n; k++) run_drop(x->columns[i].runs[k]);
        free(x->columns[i].runs);
    }
    free(x->columns);
    x->columns = NULL;
    x->columns_n = 0;
    pthread_mutex_unlock(&x->lock);
}

void walk_index_free(walk_index *x) {
    if (!x) return;
    walk_index_clear(x);
    pthread_mutex_destroy(&x->lock);
    free(x);
}

static walk_column *column_of(walk_index *x, u32 number) {
    for (u32 i = 0; i < x->columns_n; i++)
        if (x->columns[i].column == number) return &x->columns[i];
    x->columns = mem_grow(x->columns, x->columns_n + (size_t)1, sizeof *x->columns);
    x->columns[x->columns_n] = (walk_column){.column = number};
    return &x->columns[x->columns_n++];
}

/* ---- what still fits ---- */

static bool find_place(tally *t, run *r, u32 from) {
    u32 all = t->segments_n, n = r->head->segments_n;
    for (u32 i = from; i + n <= all; i++) {
        if (t->segments[i].head->sum != r->keys[0]) continue;
        u32 k = 1;
        while (k < n && t->segments[i + k].head->sum == r->keys[k]) k++;
        if (k == n) return r->first = i, true;
    }
    return false;
}

static int by_place(const void *x, const void *y) {
    const run *const *a = x, *const *b = y;
    if ((*a)->first != (*b)->first) return (*a)->first < (*b)->first ? -1 : 1;
    return (*a)->head->segments_n > (*b)->head->segments_n ? -1 : 1;
}

/* Keeps the runs that stand for segments of t and are whole; the larger of two that overlap. */
static void keep_fitting(tally *t, walk_column *c) {
    u32 n = 0, end = 0;
    err e;
    for (u32 i = 0; i < c->n; i++) {
        run *r = c->runs[i];
        if (find_place(t, r, 0) && run_verify(r, &e))
            c->runs[n++] = r;
        else
            run_drop(r);
    }
    if (n) qsort(c->runs, n, sizeof *c->runs, by_place);
    c->n = 0;
    for (u32 i = 0; i < n; i++) {
        run *r = c->runs[i];
        if (r->first < end) {
            run_drop(r);
            continue;
        }
        end = r->first + r->head->segments_n;
        c->runs[c->n++] = r;
    }
}

/* ---- gaps ---- */

/* A segment that will go back into the tail before long, or a piece of it: its runs are not kept on
** disk. */
static bool passing(const tally *t, u32 i) {
    const segment *g = &t->segments[i];
    bool last = i + 1 == t->segments_n || !t->segments[i + 1].file;
    return !g->file || (last && g->head->rows[OF_SIGNAL] < t->live->segment_rows);
}

static void insert(walk_column *c, u32 at, run *r) {
    c->runs = mem_grow(c->runs, c->n + (size_t)1, sizeof(run *));
    memmove(c->runs + at + 1, c->runs + at, (c->n - at) * sizeof(run *));
    c->runs[at] = r;
    c->n++;
}

/* How many segments from first on go into one run. */
static u32 stretch(tally *t, const walk_index *x, u32 first, u32 end) {
    u64 rows = 0;
    u32 n = 0;
    for (; first + n < end && n < 1u << (32 - WALK_ROW_BITS); n++) {
        rows += t->segments[first + n].head->rows[OF_SIGNAL];
        if (n && (rows > x->run_rows || passing(t, first + n) != passing(t, first))) break;
    }
    return n;
}

static bool fill_gap(tally *t, const walk_index *x, walk_column *c, u32 at, u32 from, u32 end,
                     i64 *indexed, err *e) {
    while (from < end) {
        u32 n = stretch(t, x, from, end);
        run *r = run_build(t, c->column, from, n, e);
        if (!r) return false;
        if (!passing(t, from)) run_seal(t, r);
        for (u32 i = 0; i < n; i++) *indexed += t->segments[from + i].head->rows[OF_SIGNAL];
        insert(c, at++, r);
        from += n;
    }
    return true;
}

static bool fill_gaps(tally *t, const walk_index *x, walk_column *c, i64 *indexed, err *e) {
    u32 from = 0, all = t->segments_n;
    for (u32 i = 0; i <= c->n; i++) {
        u32 end = i < c->n ? c->runs[i]->first : all, had = c->n;
        if (from < end && !fill_gap(t, x, c, i, from, end, indexed, e)) return false;
        i += c->n - had;
        if (i < c->n) from = c->runs[i]->first + c->runs[i]->head->segments_n;
    }
    return true;
}

/* ---- joining ---- */

static bool to_join(tally *t, const walk_index *x, const run *a, const run *b) {
    u64 rows = (u64)a->head->events + b->head->events;
    if (passing(t, a->first) != passing(t, b->first) || rows > x->run_rows) return false;
    return (u64)a->head->events < (u64)b->head->events * WALK_TIER + 1 &&
           a->head->segments_n + b->head->segments_n < 1u << (32 - WALK_ROW_BITS);
}

static void join_neighbours(tally *t, const walk_index *x, walk_column *c) {
    for (u32 i = c->n; i-- > 1;) {
        if (!to_join(t, x, c->runs[i - 1], c->runs[i])) continue;
        run *both = run_join(c->runs[i - 1], c->runs[i]);
        if (!passing(t, both->first)) run_seal(t, both);
        run_drop(c->runs[i - 1]);
        run_drop(c->runs[i]);
        c->runs[i - 1] = both;
        c->n--;
        memmove(c->runs + i, c->runs + i + 1, (c->n - i) * sizeof(run *));
        if (i < c->n) i++; /* it may now be of a size with what follows */
    }
}

/* ---- taking ---- */

static bool sync(tally *t, walk_index *x, walk_column *c, i64 *indexed, err *e) {
    if (!c->loaded) runs_find(t, c->column, c);
    c->loaded = true;
    u32 had = c->n;
    keep_fitting(t, c);
    bool same = had == c->n;
    if (!fill_gaps(t, x, c, indexed, e)) return false;
    join_neighbours(t, x, c);
    if (!same || *indexed) runs_sweep(t, c);
    return true;
}

bool runs_take(tally *t, u32 case_column, run_list *out, err *e) {
    walk_index *x = t->live->walks;
    *out = (run_list){0};
    pthread_mutex_lock(&x->lock);
    walk_column *c = column_of(x, case_column);
    bool ok = sync(t, x, c, &out->indexed, e);
    if (ok && c->n) {
        out->runs = mem_new(c->n, sizeof *out->runs);
        out->n = c->n;
        for (u32 i = 0; i < c->n; i++) {
            c->runs[i]->refs++;
            out->runs[i] = (run_used){c->runs[i], c->runs[i]->first};
        }
    }
    pthread_mutex_unlock(&x->lock);
    return ok;
}

void runs_give(walk_index *x, run_list *l) {
    pthread_mutex_lock(&x->lock);
    for (u32 i = 0; i < l->n; i++) run_drop(l->runs[i].r);
    pthread_mutex_unlock(&x->lock);
    free(l->runs);
    *l = (run_list){0};
}
