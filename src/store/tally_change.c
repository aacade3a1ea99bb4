/* tally_change.c - signals that were there already and changed: corrected, read again, erased.  And
** segments that are damaged.  In both cases a segment is made again: what is unchanged from itself, the
** rest from the store; written beside the old one, which goes when the manifest names the new one. */
#include "store/tally_int.h"

typedef struct {
    i64 first, last; /* ids, inclusive */
} span;

typedef struct {
    span *all; /* sorted, apart */
    size_t n;
} spans;

static int by_first(const void *x, const void *y) {
    const span *a = x, *b = y;
    return (a->first > b->first) - (a->first < b->first);
}

static void spans_join(spans *s) {
    size_t n = 0;
    qsort(s->all, s->n, sizeof *s->all, by_first);
    for (size_t i = 0; i < s->n; i++) {
        if (n && s->all[i].first <= s->all[n - 1].last + 1)
            s->all[n - 1].last = MAX(s->all[n - 1].last, s->all[i].last);
        else
            s->all[n++] = s->all[i];
    }
    s->n = n;
}

static bool spans_have(const spans *s, i64 id) {
    size_t lo = 0, hi = s->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (s->all[mid].last < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < s->n && s->all[lo].first <= id;
}

static bool spans_touch(const spans *s, i64 first, i64 last) {
    for (size_t i = 0; i < s->n; i++)
        if (s->all[i].first <= last && s->all[i].last >= first) return true;
    return false;
}

/* ---- texts that may be nobody's any more ---- */

typedef struct {
    u8 *bits; /* a bit per code; NULL: none */
    u32 n;    /* codes when the work began */
} doubts;

typedef struct {
    tally *t;
    spans s;
    doubts *doubts; /* per column */
    u32 columns_n;  /* when the work began */
    segment *fresh; /* per segment: what takes its place; head NULL where it is empty or stays */
    bool *redone;
} changing;

static void doubt(changing *k, const loose *r, table_kind table, u32 row) {
    for (u32 c = 0; c < MIN(r->lanes_n, k->columns_n); c++) {
        const lane *l = &r->lanes[c];
        doubts *d = &k->doubts[c];
        if (k->t->columns[c].table != table || !l->codes || row >= l->n || !l->codes[row]) continue;
        if (!d->bits) d->bits = mem_new(d->n / 8 + 1, 1);
        d->bits[l->codes[row] / 8] |= (u8)(1u << l->codes[row] % 8);
    }
}

static void doubt_rows(changing *k, const loose *r) {
    for (u32 i = 0; i < r->n[OF_SIGNAL]; i++)
        if (spans_have(&k->s, r->ids[i])) doubt(k, r, OF_SIGNAL, i);
    for (u32 table = OF_MENTION; table < TABLES; table++)
        for (u32 i = 0; i < r->n[table]; i++)
            if (spans_have(&k->s, r->ids[r->owner[table][i]])) doubt(k, r, (table_kind)table, i);
}

static void clear(doubts *d, u64 code) {
    if (code <= d->n) d->bits[code / 8] &= (u8) ~(1u << code % 8);
}

static bool clear_segment(doubts *d, segment *g, u32 number, err *e) {
    const part *p = segment_part(g, PART_CODE, number);
    if (!p) return true;
    if (!segment_verify(g, p, e)) return false;
    for (u32 i = 0; i < (p->width ? p->rows : 1); i++) clear(d, part_code(g, p, i));
    return true;
}

static bool forget_texts(changing *k, err *e) {
    tally *t = k->t;
    for (u32 c = 0; c < k->columns_n; c++) {
        doubts *d = &k->doubts[c];
        dict *of = &t->columns[c].dict;
        const lane *l = c < t->tail.lanes_n ? &t->tail.lanes[c] : NULL;
        if (!d->bits) continue;
        for (u32 i = 0; i < t->segments_n; i++)
            if (!clear_segment(d, &t->segments[i], c, e)) return false;
        for (u32 i = 0; l && l->codes && i < l->n; i++) clear(d, l->codes[i]);
        u8 *all = mem_new(of->n / 8 + 1, 1), any = 0; /* codes came since: they are used */
        memcpy(all, d->bits, d->n / 8 + 1);
        for (u32 i = 0; i < d->n / 8 + 1; i++) any |= all[i];
        if (any) dict_erase(of, all);
        free(all);
    }
    return true;
}

/* ---- rows again ---- */

typedef struct {
    tally *t;
    const spans *s;
    const loose *in;
    loose *out;
    u32 *order,
        next; /* in's rows by their ids, which need not stand so; how far they were copied */
    i64 last; /* of the span being read */
} remaking;

static int by_id(const void *x, const void *y, void *ids) {
    const i64 *id = ids;
    i64 a = id[*(const u32 *)x], b = id[*(const u32 *)y];
    return (a > b) - (a < b);
}

static u32 *order_of(const loose *in) {
    u32 n = in->n[OF_SIGNAL], *order = mem_new(n, sizeof *order);
    bool stands = true;
    for (u32 i = 0; i < n; i++) {
        order[i] = i;
        stands &= i == 0 || in->ids[i - 1] < in->ids[i];
    }
    if (!stands) qsort_r(order, n, sizeof *order, by_id, in->ids);
    return order;
}

static void copy_below(remaking *k, i64 id) {
    for (; k->next < k->in->n[OF_SIGNAL]; k->next++) {
        u32 row = k->order[k->next];
        if (k->in->ids[row] >= id) break;
        if (!spans_have(k->s, k->in->ids[row])) loose_copy(k->t, k->out, k->in, row);
    }
}

static bool take_again(void *ctx, const signal *s, const insight *i, err *e) {
    (void)e;
    remaking *k = ctx;
    if (s->row.id > k->last) return false;
    copy_below(k, s->row.id);
    loose_take(k->t, k->out, s, i);
    return true;
}

/* in's rows, those of the spans within first..last as the store has them now. */
static bool rows_again(tally *t, const spans *s, i64 first, i64 last, const loose *in, loose *out,
                       err *e) {
    remaking k = {.t = t, .s = s, .in = in, .out = out, .order = order_of(in)};
    bool ok = true;
    for (size_t i = 0; ok && i < s->n; i++) {
        if (s->all[i].first > last || s->all[i].last < first) continue;
        k.last = MIN(last, s->all[i].last);
        i64 from = MAX(first, s->all[i].first);
        ok = t->from.scan(t->from.ctx, from - 1, false, take_again, &k, e);
    }
    if (ok) copy_below(&k, INT64_MAX);
    free(k.order);
    return ok;
}

/* The image of the rows, in its file if we write the mirror.  A disk that refuses is no failure. */
static segment keep_rows(tally *t, const loose *r) {
    err e;
    segment g = {0};
    if (!r->n[OF_SIGNAL]) return g;
    g = segment_make(t, r, 0, r->n[OF_SIGNAL]);
    if (t->lock_fd >= 0 && !segment_write(t, &g, &e)) tally_stay_in_memory(t, &e);
    return g;
}

static bool redo_segment(changing *k, u32 at, err *e) {
    tally *t = k->t;
    loose in = {0}, out = {0};
    segment *g = &t->segments[at];
    i64 first = g->head->first_id, last = g->head->last_id;
    bool ok = loose_unseal(t, &in, g, e) && rows_again(t, &k->s, first, last, &in, &out, e);
    if (ok) {
        doubt_rows(k, &in);
        k->fresh[at] = keep_rows(t, &out);
        k->redone[at] = true;
    }
    loose_free(&in);
    loose_free(&out);
    return ok;
}

static bool tail_touched(const changing *k) {
    const loose *tail = &k->t->tail;
    for (u32 i = 0; i < tail->n[OF_SIGNAL]; i++)
        if (spans_have(&k->s, tail->ids[i])) return true;
    return false;
}

static bool redo_tail(changing *k, loose *out, err *e) {
    loose *tail = &k->t->tail;
    i64 first = INT64_MAX, last = 0;
    for (u32 i = 0; i < tail->n[OF_SIGNAL]; i++) {
        first = MIN(first, tail->ids[i]);
        last = MAX(last, tail->ids[i]);
    }
    doubt_rows(k, tail);
    return rows_again(k->t, &k->s, first, last, tail, out, e);
}

/* Everything is there: from now on nothing fails.  Files of what was replaced are given out. */
static u32 *swap_in(changing *k) {
    tally *t = k->t;
    u32 n = 0, old_n = 0, *old = mem_new(t->segments_n + 1, sizeof *old);
    for (u32 i = 0; i < t->segments_n; i++) {
        segment g = t->segments[i];
        if (k->redone[i]) {
            if (g.file) old[old_n++] = g.file;
            segment_bury(t, &g);
            g = k->fresh[i];
        }
        if (g.head) t->segments[n++] = g;
    }
    t->segments_n = n;
    return old;
}

static void drop_fresh(changing *k) {
    for (u32 i = 0; i < k->t->segments_n; i++) {
        char path[4096];
        if (!k->fresh[i].head) continue;
        tally_path(k->t, path, sizeof path, "seg", k->fresh[i].file);
        if (k->fresh[i].file) file_remove(path);
        segment_drop(&k->fresh[i]);
    }
}

static void save(tally *t, const u32 *old) {
    err e;
    char path[4096];
    words_seal(t);
    if (t->lock_fd < 0) return;
    if (!manifest_save(t, &e)) {
        tally_stay_in_memory(t, &e);
        return;
    }
    manifest_sweep(t); /* dictionaries and words that were written anew */
    for (; *old; old++) {
        tally_path(t, path, sizeof path, "seg", *old);
        file_remove(path);
    }
}

static i64 span_first(const void *ctx, size_t i) {
    return ((const spans *)ctx)->all[i].first;
}

static i64 span_last(const void *ctx, size_t i) {
    return ((const spans *)ctx)->all[i].last;
}

static bool span_has(const void *ctx, i64 id) {
    return spans_have(ctx, id);
}

static bool redo(changing *k, i64 change, err *e) {
    tally *t = k->t;
    loose tail = {0};
    bool ok = true, of_tail = false;
    for (u32 i = 0; ok && i < t->segments_n; i++)
        if (spans_touch(&k->s, t->segments[i].head->first_id, t->segments[i].head->last_id))
            ok = redo_segment(k, i, e);
    if (ok && tail_touched(k)) {
        ok = redo_tail(k, &tail, e);
        of_tail = ok;
    }
    if (!ok) {
        drop_fresh(k);
        loose_free(&tail);
        return false;
    }
    u32 *old = swap_in(k);
    t->era++; /* answers kept of what was there are no answers any more */
    if (of_tail) {
        pieces_clear(t);
        loose_free(&t->tail);
        t->tail = tail;
    }
    words_change c = {k->s.n, span_first, span_last, span_has, &k->s};
    words_changed(t, &c);
    ok = forget_texts(k, e);
    if (ok) t->change_id = change;
    if (ok) save(t, old);
    free(old);
    if (!ok) tally_set_broken(t);
    return ok;
}

/* ---- the store's changes ---- */

static bool read_spans(tally *t, spans *s, i64 *change, err *e) {
    enum { PAGE = 512 };
    store_run page[PAGE];
    for (size_t n = PAGE; n == PAGE;) {
        if (!t->from.changes(t->from.ctx, *change, page, PAGE, &n, e)) return false;
        s->all = mem_grow(s->all, s->n + n + 1, sizeof *s->all);
        for (size_t i = 0; i < n; i++) {
            check(page[i].id > *change && page[i].first_id <= page[i].last_id);
            *change = page[i].id;
            s->all[s->n++] = (span){page[i].first_id, page[i].last_id};
        }
    }
    spans_join(s);
    return true;
}

static bool changes_take(changing *k, i64 change, err *e) {
    tally *t = k->t;
    k->columns_n = t->columns_n;
    k->doubts = mem_new(t->columns_n, sizeof *k->doubts);
    for (u32 c = 0; c < t->columns_n; c++) k->doubts[c].n = t->columns[c].dict.n;
    k->fresh = mem_new(t->segments_n, sizeof *k->fresh);
    k->redone = mem_new(t->segments_n, sizeof *k->redone);
    bool ok = redo(k, change, e);
    for (u32 c = 0; c < k->columns_n; c++) free(k->doubts[c].bits);
    free(k->doubts);
    free(k->fresh);
    free(k->redone);
    return ok;
}

bool change_follow(tally *t, err *e) {
    if (!t->from.changes || t->from.last_change(t->from.ctx) <= t->change_id) return true;
    changing k = {.t = t};
    i64 change = t->change_id;
    bool ok = read_spans(t, &k.s, &change, e) && changes_take(&k, change, e);
    free(k.s.all);
    if (!ok && e->code == CORRUPT) tally_set_broken(t); /* the next question mends it */
    return ok;
}

/* ---- damage ---- */

bool segment_remake(tally *t, u32 at, i64 first, i64 last, err *e) {
    span all = {first, last};
    spans s = {&all, 1};
    loose none = {0}, out = {0};
    bool ok = rows_again(t, &s, first, last, &none, &out, e);
    segment g = {0};
    if (ok) g = keep_rows(t, &out);
    loose_free(&out);
    if (!ok || !g.head) return ok;
    t->segments = mem_grow(t->segments, t->segments_n + 1, sizeof *t->segments);
    memmove(t->segments + at + 1, t->segments + at, (t->segments_n - at) * sizeof *t->segments);
    t->segments[at] = g;
    t->segments_n++;
    return true;
}

static bool sound(segment *g) {
    err e;
    for (u32 p = 0; p < g->head->parts_n; p++) {
        __atomic_store_n(&g->checked[p], 0, __ATOMIC_RELAXED);
        if (!segment_verify(g, &g->parts[p], &e)) return false;
    }
    return true;
}

void words_lost(tally *t, const err *why) {
    words_forget(t);
    snprintf(t->notice, sizeof t->notice,
             "the words beside the tally are read again when they are asked for: %.250s", why->msg);
}

bool segments_mend(tally *t, i64 *mended_out, err *e) {
    u32 *old = mem_new(t->segments_n + 1, sizeof *old), old_n = 0;
    bool ok = true;
    *mended_out = 0;
    for (u32 i = 0; ok && i < t->segments_n; i++) {
        segment g = t->segments[i];
        if (sound(&g)) continue;
        i64 first = g.head->first_id, last = g.head->last_id;
        if (g.file) old[old_n++] = g.file;
        segment_bury(t, &g);
        t->segments_n--;
        memmove(t->segments + i, t->segments + i + 1, (t->segments_n - i) * sizeof g);
        u32 had = t->segments_n;
        ok = segment_remake(t, i, first, last, e);
        if (t->segments_n == had) i--; /* nothing of it is left in the store */
        ++*mended_out;
    }
    if (!words_sound(t)) {
        err why = {.msg = "a file of them is damaged"};
        words_lost(t, &why);
        ++*mended_out;
    }
    if (*mended_out) t->era++;
    if (ok && *mended_out) save(t, old);
    free(old);
    return ok;
}
