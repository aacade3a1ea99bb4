/* labelled.c - labelled texts of a file, as lessons.  See labelled.h. */
#include "flow/labelled.h"
#include "base/limits.h"
#include "clarify/clarify.h"
#include "hear/hear.h"
#include "kern/fold.h"
#include "kern/neardup.h"
#include "kern/simhash.h"

typedef struct {
    size_t column;
    str value;
    bool not_;
} only_test;
typedef struct {
    arena *a, *batch, *text;
    const labelled_wish *wish;
    size_t words[LABELLED_COLUMNS_MOST], words_n, label;
    only_test only[LABELLED_COLUMNS_MOST];
    labelled *l;
} intake_;

static bool column_of(const plan *p, str name, size_t *out, err *e) {
    for (size_t i = 0; i < p->columns_n; i++)
        if (str_eq(p->columns[i].column, name)) {
            *out = i;
            return true;
        }
    return fail(e, INVALID, "%.*s has no column \"%.*s\"", STR_ARG(p->file), STR_ARG(name));
}

static bool only_of(const plan *p, str told, only_test *out, err *e) {
    str name;
    if (!str_cut(told, '=', &name, &out->value) || name.n == 0)
        return fail(e, INVALID, "want COLUMN=VALUE or COLUMN!=VALUE, not \"%.*s\"", STR_ARG(told));
    out->not_ = str_ends(name, S("!"));
    if (out->not_) name.n--;
    return column_of(p, name, &out->column, e);
}

static bool find_columns(intake_ *in, const plan *p, err *e) {
    const labelled_wish *w = in->wish;
    if (w->text_n > LABELLED_COLUMNS_MOST || w->only_n > LABELLED_COLUMNS_MOST)
        return fail(e, LIMIT, "at most %d columns of text, and of conditions",
                    LABELLED_COLUMNS_MOST);
    for (size_t i = 0; i < w->text_n; i++)
        if (!column_of(p, w->text[i], &in->words[i], e)) return false;
    in->words_n = w->text_n;
    for (size_t i = 0; w->text_n == 0 && i < p->columns_n; i++)
        if (str_eq(p->columns[i].field, S("words")) && in->words_n == 0)
            in->words[in->words_n++] = i;
    if (in->words_n == 0)
        return fail(e, INVALID, "%.*s: which column holds the texts?  Say it with --text",
                    STR_ARG(p->file));
    for (size_t i = 0; i < w->only_n; i++)
        if (!only_of(p, w->only[i], &in->only[i], e)) return false;
    in->label = SIZE_MAX; /* without labels */
    return w->label.n == 0 || column_of(p, w->label, &in->label, e);
}

static str cell(const str *cells, size_t n, size_t i) {
    return i < n ? cells[i] : NO_STR;
}

static void *grown(arena *a, void *old, size_t n, size_t cap, size_t size) {
    void *fresh = arena_raw(a, cap * size);
    if (n) memcpy(fresh, old, n * size);
    return fresh;
}

static void keep(intake_ *in, str folded, str label, const insight *ins) {
    labelled *l = in->l;
    if (l->n == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 1024;
        l->texts = grown(in->a, l->texts, l->n, cap, sizeof *l->texts);
        l->labels = grown(in->a, l->labels, l->n, cap, sizeof *l->labels);
        l->near = grown(in->a, l->near, l->n, cap, sizeof *l->near);
        l->words_hash = grown(in->a, l->words_hash, l->n, cap, sizeof *l->words_hash);
        l->simhash = grown(in->a, l->simhash, l->n, cap, sizeof *l->simhash);
        l->cap = cap;
    }
    l->texts[l->n] = arena_str(in->a, folded);
    l->labels[l->n] = arena_str(in->a, label);
    l->words_hash[l->n] = ins->row.words_hash;
    l->simhash[l->n++] = ins->row.simhash;
}

/* As voices are cleaned. */
static void clean_and_keep(intake_ *in, str words, str label) {
    signal sig;
    insight ins;
    clarified c;
    err why;
    signal_init(&sig);
    sig.row.words = words;
    if (clarify_signal(in->text, &sig, NULL, &ins, &c, &why) && c.folded.n)
        keep(in, c.folded, label, &ins);
    else
        in->l->skipped++;
}

static bool is_wanted(const intake_ *in, const str *cells, size_t n) {
    for (size_t i = 0; i < in->wish->only_n; i++)
        if (str_eq(cell(cells, n, in->only[i].column), in->only[i].value) == in->only[i].not_)
            return false;
    return true;
}

static bool one_row(intake_ *in, const str *cells, size_t n, err *e) {
    if (!is_wanted(in, cells, n)) return true;
    if (in->l->n >= LIMIT_TRAIN_ROWS)
        return fail(e, LIMIT, "more than %d labelled texts are too many to learn from",
                    LIMIT_TRAIN_ROWS);
    arena_reset(in->text);
    buf words = {.a = in->text};
    for (size_t i = 0; i < in->words_n; i++) {
        str s = cell(cells, n, in->words[i]);
        if (s.n && words.n) buf_str(&words, S(". "));
        buf_str(&words, s);
    }
    str label = str_trim(cell(cells, n, in->label));
    if (words.n > 0 && (label.n > 0 || in->wish->between || in->label == SIZE_MAX))
        clean_and_keep(in, buf_view(&words), label);
    else
        in->l->skipped++;
    return true;
}

static bool take(void *ctx, signal *s, i64 no, const record *r, err *e) {
    (void)s;
    (void)no;
    intake_ *in = ctx;
    bool ok = one_row(in, r->cells, r->cells_n, e);
    arena_reset(in->batch);
    return ok;
}
/* A row that is no signal may still be a labelled text. */
static bool reject(void *ctx, i64 no, const rejection *r, err *e) {
    (void)no;
    intake_ *in = ctx;
    if (r->cells) return one_row(in, r->cells, r->cells_n, e);
    in->l->skipped++;
    return true;
}

static void close_source(void *s) {
    hear_close(s);
}
static void close_arena(void *a) {
    arena_close(a);
}

/* The newest text nearly alike has the group; words too short for a fingerprint need to be equal. */
static void tell_near(arena *a, labelled *l) {
    neardup *index = neardup_open(MAX(l->n, 1u));
    size_t slots = 16;
    while (slots < l->n * 2) slots *= 2;
    u32 *table = NEW_N(a, u32, slots);
    for (size_t i = 0; i < l->n; i++) {
        size_t at = (size_t)l->words_hash[i] & (slots - 1);
        i64 id = 0;
        while (table[at] && l->words_hash[table[at] - 1] != l->words_hash[i])
            at = (at + 1) & (slots - 1);
        if (table[at])
            l->near[i] = l->near[table[at] - 1];
        else if (neardup_find(index, l->simhash[i], &id))
            l->near[i] = l->near[id];
        else
            l->near[i] = (u32)i + 1;
        table[at] = (u32)i + 1;
        neardup_add(index, l->simhash[i], (i64)i);
    }
    neardup_close(index);
}

bool labelled_read(arena *a, world *w, str path, const labelled_wish *wish, labelled *l, err *e) {
    hear_source *src;
    plan p;
    intake_ in = {.a = a, .wish = wish, .l = l};
    field_value map[] = {{S("words"), wish->text_n ? wish->text[0] : NO_STR}};
    plan_wish pw = {.header = -1, .now_ms = w->now_ms(w), .map = map, .map_n = wish->text_n > 0};
    if (!hear_open(path, &src, e)) return false;
    arena_defer(a, close_source, src);
    if (!hear_look(a, src, &pw, &p, e) || !find_columns(&in, &p, e)) return false;
    in.batch = arena_open((size_t)64 << 20);
    arena_defer(a, close_arena, in.batch);
    in.text = arena_open((size_t)64 << 20);
    arena_defer(a, close_arena, in.text);
    hear_sink sink = {.batch = in.batch, .take = take, .reject = reject, .ctx = &in};
    if (!hear_follow(a, src, &p, 0, &sink, e)) return false;
    tell_near(a, l);
    return true;
}

void labelled_add(arena *a, labelled *l, str text, str label) {
    intake_ in = {.a = a, .l = l, .text = arena_open((size_t)64 << 20)};
    clean_and_keep(&in, text, str_trim(label));
    arena_close(in.text);
}
void labelled_done(arena *a, labelled *l) {
    tell_near(a, l);
}

/* ---- voices with scores ---- */

static const struct {
    const char *key;
    i64 bad, good; /* up to, from */
} scales[] = {{"score:rating5", 2, 4}, {"score:csat", 2, 4}, {"score:nps", 6, 9}};

static str label_of_score(const signal *s) {
    for (size_t i = 0; i < COUNT(scales); i++) {
        const attribute *x = signal_attr(s, str_of(scales[i].key));
        if (!x || x->num == NONE) continue;
        if (x->num <= scales[i].bad * NUM6_ONE) return S("negative");
        return x->num >= scales[i].good * NUM6_ONE ? S("positive") : S("neutral");
    }
    return NO_STR;
}

typedef struct {
    intake_ in;
    bool scored;
} hearing;

static bool take_voice(void *ctx, const signal *s, const insight *ins, err *e) {
    (void)e;
    hearing *h = ctx;
    str label = h->scored ? label_of_score(s) : S("");
    bool whole = str_eq(ins->row.quality, S("ok")) || str_eq(ins->row.quality, S("near_duplicate"));
    if (!label.p || s->row.words.n == 0 || !whole) return true;
    arena_reset(h->in.text);
    str folded;
    fold(h->in.text, ins->row.clean.p ? ins->row.clean : s->row.words, &folded, NULL);
    if (folded.n) keep(&h->in, folded, label, ins);
    return true;
}

bool labelled_heard(arena *a, store *s, bool scored, labelled *l, err *e) {
    hearing h = {.in = {.a = a, .l = l}, .scored = scored};
    i64 after = MAX(store_last_id(s) - LIMIT_HEARD_TEXTS, 0);
    h.in.text = arena_open((size_t)64 << 20);
    arena_defer(a, close_arena, h.in.text);
    if (!store_scan(s, after, 0, true, take_voice, &h, e)) return false;
    tell_near(a, l);
    return true;
}

static void move(labelled *l, size_t to, size_t from) {
    l->texts[to] = l->texts[from];
    l->labels[to] = l->labels[from];
    l->near[to] = l->near[from];
    l->words_hash[to] = l->words_hash[from];
    l->simhash[to] = l->simhash[from];
}

static int by_value(const void *a, const void *b) {
    i64 x = *(const i64 *)a, y = *(const i64 *)b;
    return x < y ? -1 : x > y;
}

size_t labelled_without(arena *a, labelled *from, const labelled *test) {
    neardup *index = neardup_open(MAX(test->n, 1u));
    i64 *hashes = NEW_N(a, i64, test->n + 1);
    for (size_t i = 0; i < test->n; i++) {
        hashes[i] = test->words_hash[i];
        neardup_add(index, test->simhash[i], (i64)i);
    }
    qsort(hashes, test->n, sizeof *hashes, by_value);
    size_t kept = 0, n = from->n;
    for (size_t i = 0; i < n; i++) {
        i64 id;
        bool equal = bsearch(&from->words_hash[i], hashes, test->n, sizeof *hashes, by_value);
        if (equal || neardup_find(index, from->simhash[i], &id)) continue;
        move(from, kept++, i);
    }
    from->n = kept;
    neardup_close(index);
    return n - kept;
}

/* ---- lessons ---- */

static int by_text(const void *a, const void *b) {
    return str_cmp(*(const str *)a, *(const str *)b);
}

/* The next label of a cell; false at its end. */
static bool next_label(str *rest, char between, str *out) {
    while (rest->p) {
        str tail = NO_STR;
        if (!between || !str_cut(*rest, between, out, &tail)) *out = *rest;
        *rest = tail;
        *out = str_trim(*out);
        if (out->n) return true;
    }
    return false;
}

static size_t all_labels(const labelled *l, char between, str *out) {
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++) {
        str rest = l->labels[i], one;
        while (next_label(&rest, between, &one)) {
            if (out) out[n] = one;
            n++;
        }
    }
    return n;
}

static str *class_names(arena *a, const labelled *l, char between, size_t *n_out) {
    size_t n = all_labels(l, between, NULL), kept = 0;
    str *names = NEW_N(a, str, n + 1);
    all_labels(l, between, names);
    qsort(names, n, sizeof *names, by_text);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || !str_eq(names[kept - 1], names[i])) names[kept++] = names[i];
    *n_out = kept;
    return names;
}

void labelled_lessons(arena *a, const labelled *l, char between, const str *classes,
                      size_t classes_n, lessons *out, i64 *unknown_out) {
    if (!classes) classes = class_names(a, l, between, &classes_n);
    size_t most = all_labels(l, between, NULL), kept = 0, n = 0;
    i64 unknown = 0;
    str *texts = NEW_N(a, str, l->n + 1);
    u32 *labels = NEW_N(a, u32, most + 1), *groups = NEW_N(a, u32, l->n + 1);
    size_t *from = NEW_N(a, size_t, l->n + 2);
    for (size_t i = 0; i < l->n; i++) {
        str rest = l->labels[i], one;
        size_t had = n;
        while (next_label(&rest, between, &one)) {
            const str *hit = bsearch(&one, classes, classes_n, sizeof *classes, by_text);
            if (hit) labels[n++] = (u32)(hit - classes);
        }
        if (n == had && !between) {
            unknown++;
            continue;
        }
        texts[kept] = l->texts[i];
        groups[kept] = l->near[i];
        from[++kept] = n;
    }
    *out = (lessons){.texts = texts,
                     .labels = labels,
                     .from = from,
                     .groups = groups,
                     .n = kept,
                     .classes = classes,
                     .classes_n = classes_n,
                     .many = between != 0};
    if (unknown_out) *unknown_out = unknown;
}
