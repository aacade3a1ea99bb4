/* tally_memo.c - what was answered is kept: a question asked again reads only the signals that came since.
**
** Signals never change and their ids are given in order, so the cells of all signals up to an id stay true
** until the mirror is made again (its era).  Kept are the cells up to a few cuts, which are ends of segments:
** of the large ones, which stay, and of smaller ones, which are joined from time to time.  An answer is the
** cells up to the latest cut that the view still has, and those of the segments behind it, added up. */
#include "store/tally_memo.h"

enum { CUTS = 3, QUESTIONS_MAX = 1024 };

/* Cells up to an id, in one piece of memory; never changed. */
typedef struct kept {
    _Alignas(16) u32 holders;
    i64 last_id;
    size_t bytes;
    memo_answer answer;
} kept;

typedef struct {
    char *key; /* the question itself: nothing is left to chance */
    size_t key_n;
    u64 hash, used;
    kept *cuts[CUTS];
} remembered;

struct memo {
    pthread_mutex_t lock;
    u64 era, clock;
    size_t bytes;
    remembered all[QUESTIONS_MAX];
    size_t n;
};

memo *memo_open(void) {
    memo *m = mem_new(1, sizeof *m);
    check(pthread_mutex_init(&m->lock, NULL) == 0);
    return m;
}

/* ---- what is kept; all under the lock ---- */

static void drop(kept *k) {
    if (k && --k->holders == 0) free(k);
}

static void put_cut(memo *m, kept **at, kept *k) {
    if (*at) m->bytes -= (*at)->bytes;
    drop(*at);
    *at = k;
    if (k) m->bytes += k->bytes;
}

static void forget(memo *m, size_t i) {
    for (int c = 0; c < CUTS; c++) put_cut(m, &m->all[i].cuts[c], NULL);
    free(m->all[i].key);
    m->all[i] = m->all[--m->n];
}

static void forget_oldest(memo *m) {
    size_t oldest = 0;
    check(m->n);
    for (size_t i = 1; i < m->n; i++)
        if (m->all[i].used < m->all[oldest].used) oldest = i;
    forget(m, oldest);
}

static void keep_era(memo *m, u64 era) {
    if (m->era >= era) return;
    while (m->n) forget(m, m->n - 1);
    m->era = era;
}

static remembered *find(memo *m, str key, u64 hash) {
    for (size_t i = 0; i < m->n; i++) {
        remembered *r = &m->all[i];
        if (r->hash != hash || !str_eq((str){r->key, r->key_n}, key)) continue;
        r->used = ++m->clock;
        return r;
    }
    return NULL;
}

static remembered *find_or_add(memo *m, str key, u64 hash) {
    remembered *r = find(m, key, hash);
    if (r) return r;
    if (m->n == QUESTIONS_MAX) forget_oldest(m);
    r = &m->all[m->n++];
    *r = (remembered){.key = mem_new(key.n, 1), .key_n = key.n, .hash = hash, .used = ++m->clock};
    memcpy(r->key, key.p, key.n);
    return r;
}

void memo_close(memo *m) {
    if (!m) return;
    while (m->n) forget(m, m->n - 1);
    pthread_mutex_destroy(&m->lock);
    free(m);
}

void memo_give(memo_hold *h) {
    if (!h->held) return;
    pthread_mutex_lock(&h->of->lock);
    drop(h->held);
    pthread_mutex_unlock(&h->of->lock);
    h->held = NULL;
}

/* ---- a question as bytes: equal ones have equal keys, others never ---- */

static void key_int(buf *b, i64 v) {
    buf_bytes(b, &v, sizeof v);
}

static void key_text(buf *b, str s) {
    key_int(b, s.p ? (i64)s.n : -1);
    buf_str(b, s);
}

static void key_value(buf *b, const value *v) {
    key_int(b, v->kind);
    key_text(b, v->kind == VALUE_TEXT ? v->text : NO_STR);
    key_int(b, v->kind == VALUE_NUM ? v->num : 0);
    key_int(b, v->kind == VALUE_TIME ? v->ms : 0);
    key_int(b, v->kind == VALUE_TIME && v->whole_day);
    key_int(b, v->kind == VALUE_TIME ? v->shift_ms : 0);
}

/* Chains lean to the left: the stack stays as deep as the nesting. */
static void key_expr(buf *b, const expr *x) {
    for (; x; x = x->left) {
        key_int(b, x->op);
        key_int(b, x->op == EXPR_CMP ? (i64)x->cmp : 0);
        key_int(b, x->op == EXPR_CONST && x->constant);
        key_text(b, x->column);
        key_int(b, (i64)x->values_n);
        for (size_t i = 0; i < x->values_n; i++) key_value(b, &x->values[i]);
        if (x->right) key_expr(b, x->right);
    }
    key_int(b, -1);
}

static str key_of(arena *a, const memo_question *m) {
    buf b = {.a = a};
    const tally_question *q = m->q;
    if (!q) {
        key_int(&b, -1 - (i64)m->limit);
        key_expr(&b, m->where);
        return buf_view(&b);
    }
    key_int(&b, (i64)q->measures_n);
    key_int(&b, q->zone_min);
    key_text(&b, q->zone ? zone_name(q->zone) : NO_STR);
    key_expr(&b, q->where);
    key_int(&b, (i64)q->by_n);
    for (size_t i = 0; i < q->by_n; i++) {
        key_text(&b, q->by[i].column);
        key_int(&b, q->by[i].unit);
    }
    for (size_t i = 0; i < q->measures_n; i++) {
        key_int(&b, q->measures[i].kind);
        key_text(&b, q->measures[i].column);
        key_expr(&b, q->measures[i].test);
    }
    return buf_view(&b);
}

/* Different texts cannot be added up. */
static bool can_be_kept(const memo_question *m) {
    const tally_question *q = m->q;
    if (!q) return m->limit && m->limit <= LIMIT_API_PAGE;
    for (size_t i = 0; i < q->measures_n; i++)
        if (q->measures[i].kind == MEASURE_DISTINCT || q->measures[i].quantiles) return false;
    return true;
}

/* ---- adding up ---- */

static int key_order(const tally_key *x, const tally_key *y, size_t n) {
    for (size_t i = 0; i < n; i++, x++, y++) {
        if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
        int o = x->kind == VALUE_TEXT ? str_cmp(x->text, y->text)
                                      : (x->num > y->num) - (x->num < y->num);
        if (o) return o;
    }
    return 0;
}

static void add_squares(u64 *to, const u64 *more) {
    u128 carry = 0;
    for (int i = 0; i < 3; i++) {
        carry += (u128)to[i] + more[i];
        to[i] = (u64)carry;
        carry >>= 64;
    }
    check(!carry);
}

/* Bars of both; NULL when they are too many together, or were in one of the two. */
static void add_bars(arena *a, tally_stat *to, const tally_stat *x, const tally_stat *y) {
    size_t i = 0, k = 0, n = 0;
    bool many = (x->n && !x->bars) || (y->n && !y->bars);
    to->bars = NULL;
    to->bars_n = 0;
    if (many) return;
    tally_bar *bars = NEW_N(a, tally_bar, x->bars_n + y->bars_n);
    while (i < x->bars_n || k < y->bars_n) {
        bool left = k == y->bars_n || (i < x->bars_n && x->bars[i].value <= y->bars[k].value);
        bool both = left && k < y->bars_n && x->bars[i].value == y->bars[k].value;
        bars[n] = left ? x->bars[i] : y->bars[k];
        if (both) bars[n].count += y->bars[k].count;
        n++;
        i += left;
        k += !left || both;
    }
    if (n > TALLY_HIST_MAX) return;
    to->bars = n ? bars : NULL;
    to->bars_n = n;
}

static num6 outer(num6 x, num6 y, bool least) {
    if (x == NONE || y == NONE) return x == NONE ? y : x;
    return least ? MIN(x, y) : MAX(x, y);
}

static tally_stat add_stats(arena *a, const tally_stat *x, const tally_stat *y) {
    tally_stat s = *x;
    s.n += y->n;
    s.missing += y->missing;
    s.yes += y->yes;
    s.sum += y->sum;
    add_squares(s.square, y->square);
    s.min = outer(x->min, y->min, true);
    s.max = outer(x->max, y->max, false);
    add_bars(a, &s, x, y);
    return s;
}

typedef struct {
    arena *a;
    const tally_question *q;
    tally_answer *out;
} adding;

static tally_cell *new_cell(adding *k, const tally_cell *like) {
    tally_cell *c = &k->out->cells[k->out->cells_n++];
    size_t by_n = k->q->by_n;
    for (size_t i = 0; i < by_n; i++) {
        c->keys[i] = like->keys[i];
        c->keys[i].text = arena_str(k->a, like->keys[i].text);
    }
    c->n = like->n;
    return c;
}

static void copy_cell(adding *k, const tally_cell *from) {
    static const tally_stat none = {.min = NONE, .max = NONE};
    tally_cell *c = new_cell(k, from);
    for (size_t m = 0; m < k->q->measures_n; m++) {
        c->stats[m] = from->stats[m];
        add_bars(k->a, &c->stats[m], &from->stats[m], &none);
    }
}

static void join_cells(adding *k, const tally_cell *x, const tally_cell *y) {
    tally_cell *c = new_cell(k, x);
    c->n += y->n;
    for (size_t m = 0; m < k->q->measures_n; m++)
        c->stats[m] = add_stats(k->a, &x->stats[m], &y->stats[m]);
}

static void room_for(adding *k, size_t n) {
    size_t by_n = k->q->by_n, measures_n = k->q->measures_n;
    tally_key *keys = NEW_N(k->a, tally_key, n * by_n);
    tally_stat *stats = NEW_N(k->a, tally_stat, n * measures_n);
    k->out->cells = NEW_N(k->a, tally_cell, n);
    k->out->cells_n = 0;
    for (size_t i = 0; i < n; i++)
        k->out->cells[i] = (tally_cell){keys + i * by_n, 0, stats + i * measures_n};
}

/* x + y into a; both are sorted, so is the sum.  x may be freed then. */
static bool add_cells(arena *a, const tally_question *q, const tally_answer *x,
                      const tally_answer *y, tally_answer *out, err *e) {
    tally_answer sum = *y;
    adding k = {a, q, &sum};
    size_t i = 0, m = 0;
    room_for(&k, x->cells_n + y->cells_n);
    while (i < x->cells_n || m < y->cells_n) {
        int o = i == x->cells_n   ? 1
                : m == y->cells_n ? -1
                                  : key_order(x->cells[i].keys, y->cells[m].keys, q->by_n);
        if (o == 0)
            join_cells(&k, &x->cells[i], &y->cells[m]);
        else
            copy_cell(&k, o < 0 ? &x->cells[i] : &y->cells[m]);
        i += o <= 0;
        m += o >= 0;
    }
    if (sum.cells_n > LIMIT_CELLS)
        return fail(e, LIMIT,
                    "the answer has more than %d cells; group by fewer columns or filter first",
                    LIMIT_CELLS);
    sum.rows += x->rows;
    sum.segments += x->segments;
    sum.segments_skipped += x->segments; /* not read, by whatever reason */
    *out = sum;
    return true;
}

static void add_marks(arena *a, size_t limit, const memo_answer *x, const memo_answer *y,
                      memo_answer *out) {
    size_t i = 0, k = 0, n = 0, cap = MIN(limit, x->marks_n + y->marks_n);
    tally_mark *marks = NEW_N(a, tally_mark, cap);
    while (n < cap) {
        bool left =
            k == y->marks_n || (i < x->marks_n && newest_first(&x->marks[i], &y->marks[k]) < 0);
        marks[n++] = left ? x->marks[i++] : y->marks[k++];
    }
    *out = (memo_answer){.marks = marks, .marks_n = n};
}

static bool add(arena *a, const memo_question *q, const memo_answer *x, const memo_answer *y,
                memo_answer *out, err *e) {
    if (q->q) return add_cells(a, q->q, &x->cells, &y->cells, &out->cells, e);
    add_marks(a, q->limit, x, y, out);
    return true;
}

/* ---- keeping ---- */

static size_t size_of(const memo_question *of, const memo_answer *from) {
    const tally_question *q = of->q;
    const tally_answer *x = &from->cells;
    if (!q) return sizeof(kept) + from->marks_n * sizeof *from->marks;
    size_t bytes = sizeof(kept) + x->cells_n * (sizeof *x->cells + q->by_n * sizeof(tally_key) +
                                                q->measures_n * sizeof(tally_stat));
    for (size_t i = 0; i < x->cells_n; i++) {
        for (size_t b = 0; b < q->by_n; b++) bytes += x->cells[i].keys[b].text.n;
        for (size_t m = 0; m < q->measures_n; m++)
            bytes += x->cells[i].stats[m].bars_n * sizeof(tally_bar);
    }
    return bytes;
}

static void *put(char **at, const void *p, size_t n) {
    char *to = *at;
    if (n) memcpy(to, p, n);
    *at += n;
    return to;
}

/* Cells, keys, stats and bars first, since they want their alignment; texts last. */
static void copy_cells(char **at, const tally_question *q, const tally_answer *x,
                       tally_answer *out) {
    tally_stat *stats = (tally_stat *)(void *)*at;
    *at += x->cells_n * q->measures_n * sizeof *stats;
    out->cells = put(at, x->cells, x->cells_n * sizeof *x->cells);
    for (size_t i = 0; i < x->cells_n; i++) {
        tally_cell *c = &out->cells[i];
        c->keys = put(at, x->cells[i].keys, q->by_n * sizeof *c->keys);
        c->stats = stats + i * q->measures_n;
        for (size_t m = 0; m < q->measures_n; m++) {
            c->stats[m] = x->cells[i].stats[m];
            if (c->stats[m].bars)
                c->stats[m].bars =
                    put(at, c->stats[m].bars, c->stats[m].bars_n * sizeof(tally_bar));
        }
    }
    for (size_t i = 0; i < x->cells_n; i++)
        for (size_t b = 0; b < q->by_n; b++) {
            str *s = &out->cells[i].keys[b].text;
            if (s->p) s->p = put(at, s->p, s->n);
        }
}

static kept *copy_of(const memo_question *q, const memo_answer *x, i64 last_id, size_t bytes) {
    kept *k = mem_new(1, bytes);
    char *at = (char *)(k + 1);
    *k = (kept){.holders = 1, .last_id = last_id, .bytes = bytes, .answer = *x};
    if (q->q)
        copy_cells(&at, q->q, &x->cells, &k->answer.cells);
    else
        k->answer.marks = put(&at, x->marks, x->marks_n * sizeof *x->marks);
    check(at == (char *)k + bytes);
    return k;
}

static void keep(memo *m, str key, u64 hash, int cut, u64 era, kept *k) {
    pthread_mutex_lock(&m->lock);
    keep_era(m, era);
    if (m->era == era) {
        remembered *r = find_or_add(m, key, hash);
        bool newer = !r->cuts[cut] || r->cuts[cut]->last_id < k->last_id;
        if (newer) {
            k->holders++;
            put_cut(m, &r->cuts[cut], k);
        }
        while (m->bytes > LIMIT_MEMO_BYTES) forget_oldest(m);
    }
    drop(k);
    pthread_mutex_unlock(&m->lock);
}

/* ---- asking ---- */

static u32 rows_of(const tally *view, u32 i) {
    return view->segments[i].head->rows[OF_SIGNAL];
}

/* How many segments lie before each cut: first those of a quarter of a full one at least, then smaller. */
static void find_cuts(const tally *view, u32 ends[CUTS]) {
    u32 at = 0, least = MAX(view->live->segment_rows / 4, 4u);
    for (int c = 0; c < CUTS; c++, least = MAX(least / 8, 1u)) {
        while (at < view->segments_n && rows_of(view, at) >= least) at++;
        ends[c] = at;
    }
}

/* Holds the latest cut the view still has; how many segments lie before it. */
static u32 take_latest(memo_hold *h, const tally *view, str key, u64 hash) {
    u32 before = 0;
    memo *m = h->of;
    pthread_mutex_lock(&m->lock);
    keep_era(m, view->era);
    remembered *r = m->era == view->era ? find(m, key, hash) : NULL;
    for (int c = 0; r && c < CUTS; c++) {
        for (u32 i = view->segments_n; r->cuts[c] && i > before; i--) {
            if (view->segments[i - 1].head->last_id != r->cuts[c]->last_id) continue;
            before = i;
            h->held = r->cuts[c];
        }
    }
    if (h->held) h->held->holders++;
    pthread_mutex_unlock(&m->lock);
    return before;
}

static bool ask_part(const tally *view, u32 from, u32 to, arena *a, const memo_question *q,
                     memo_answer *out, err *e) {
    tally some = {.from =
                      view->from, /* not all of it: who else holds the view is others' to write */
                  .columns = view->columns,
                  .columns_n = view->columns_n,
                  .names = view->names,
                  .names_n = view->names_n,
                  .segments = view->segments + from,
                  .segments_n = to - from,
                  .last_id = view->last_id,
                  .words = view->words,
                  .words_after = from ? view->segments[from - 1].head->last_id : 0,
                  .words_upto = to > from ? view->segments[to - 1].head->last_id : 0,
                  .live = view->live,
                  .era = view->era};
    *out = (memo_answer){0};
    return q->kernel(&some, a, q, out, e);
}

static bool is_small(const tally *view) {
    u64 rows = 0;
    for (u32 i = 0; i < view->segments_n; i++) rows += rows_of(view, i);
    return rows < view->live->segment_rows / 16;
}

bool memo_ask(tally *view, memo_hold *h, arena *a, const memo_question *q, memo_answer *out,
              err *e) {
    static const memo_answer nothing;
    u32 ends[CUTS + 1];
    memo_answer sum = {0}, more;
    memo_give(h);
    h->of = view->live->memo;
    if (!can_be_kept(q) || is_small(view)) return q->kernel(view, a, q, out, e);
    str key = key_of(a, q);
    u64 hash = str_hash(key);
    find_cuts(view, ends);
    ends[CUTS] = view->segments_n;
    u32 at = take_latest(h, view, key, hash), was = at;
    bool some = h->held != NULL;
    if (some) sum = h->held->answer;
    for (int c = 0; c <= CUTS; c++) {
        if (ends[c] <= at) continue;
        if (!ask_part(view, at, ends[c], a, q, &more, e)) return false;
        if (!some)
            sum = more;
        else if (!add(a, q, &sum, &more, &sum, e))
            return false;
        some = true;
        at = ends[c];
        size_t bytes = c < CUTS ? size_of(q, &sum) : SIZE_MAX;
        if (bytes <= LIMIT_MEMO_ANSWER)
            keep(h->of, key, hash, c, view->era,
                 copy_of(q, &sum, view->segments[at - 1].head->last_id, bytes));
    }
    *out = sum;
    if (at > was) return true;
    check(h->held); /* nothing is new: out of the memo's memory, which may be freed */
    return add(a, q, &sum, &nothing, out, e);
}
