/* learn.c - cross-validation, probabilities, and the final model.  See learn.h. */
#include "kern/learn.h"
#include "base/limits.h"
#include "kern/learn_figures.h"
#include "kern/strict.h"

const learn_wish learn_usual = {
    .shape = {.bits = 18, .signs_most = 3, .words_most = 2, .letters_least = 3, .letters_most = 5},
    .svm = {.cost = 1,
            .trust = {[GRAM_WORD] = 1.7,
                      [GRAM_PAIR] = 2.2,
                      [GRAM_PIECE] = 0.8,
                      [GRAM_SIGN] = 1,
                      [GRAM_SIGNS] = 1,
                      [GRAM_RUN] = 1.2},
            .nb = 0.5,
            .balance = 0.6,
            .slack = 0.1,
            .rounds = 100},
    .nb_many = 0,
    .folds = 5,
};

typedef struct {
    arena *a;
    const lessons *l;
    const learn_wish *w;
    svm_wish svm;
    bags texts;
    svm *machine;
    bool *in, *take;
    float *weights;
    u8 *fold;       /* of each text */
    float *margins; /* [text][row], by models that did not see the text */
    linear_draft *draft;
} learning;

static void cut_texts(learning *g) {
    const lessons *l = g->l;
    size_t *from = NEW_N(g->a, size_t, l->n + 1), cap = l->n * 64 + 1024, n = 0;
    u32 *all = arena_raw(g->a, cap * sizeof *all);
    u8 *kinds = NEW_N(g->a, u8, (size_t)1 << g->w->shape.bits);
    grams_room *room = grams_room_new(g->a);
    for (size_t i = 0; i < l->n; i++) {
        const u32 *ids;
        size_t k = grams_kinds(room, &g->w->shape, l->texts[i], &ids);
        if (n + k > cap) {
            size_t larger = (cap + k) + (cap + k) / 2;
            u32 *moved = arena_raw(g->a, larger * sizeof *moved);
            memcpy(moved, all, n * sizeof *moved);
            all = moved;
            cap = larger;
        }
        for (size_t j = 0; j < k; j++) {
            u32 id = ids[j] & ((1u << GRAM_KIND_SHIFT) - 1);
            kinds[id] = (u8)(ids[j] >> GRAM_KIND_SHIFT);
            all[n++] = id;
        }
        from[i + 1] = n;
    }
    g->texts =
        (bags){.ids = all, .from = from, .n = l->n, .bits = g->w->shape.bits, .kinds = kinds};
}

/* In turn within each first class, so that every fold has its share; groups stay together. */
static void deal(learning *g) {
    const lessons *l = g->l;
    u32 *turn = NEW_N(g->a, u32, l->classes_n + 1), folds = MAX(g->w->folds, 1u);
    u32 groups = 0;
    for (size_t i = 0; l->groups && i < l->n; i++) groups = MAX(groups, l->groups[i]);
    u8 *of_group = NEW_N(g->a, u8, (size_t)groups + 1);
    g->fold = NEW_N(g->a, u8, l->n + 1);
    for (size_t i = 0; i < l->n; i++) {
        u32 group = l->groups ? l->groups[i] : 0;
        if (group && of_group[group]) {
            g->fold[i] = of_group[group] - 1;
            continue;
        }
        size_t class_ = l->from[i] < l->from[i + 1] ? l->labels[l->from[i]] : l->classes_n;
        g->fold[i] = (u8)(turn[class_]++ % folds);
        if (group) of_group[group] = g->fold[i] + 1;
    }
}

static void side_of(learning *g, size_t row) {
    const lessons *l = g->l;
    size_t class_ = g->draft->rows_n == 1 ? 1 : row;
    memset(g->in, 0, l->n * sizeof *g->in);
    for (size_t i = 0; i < l->n; i++)
        for (size_t j = l->from[i]; j < l->from[i + 1]; j++) g->in[i] |= l->labels[j] == class_;
}

static float margin_in(const learning *g, size_t i, float bias) {
    const bags *t = &g->texts;
    size_t n = t->from[i + 1] - t->from[i];
    float sum = 0;
    for (size_t j = t->from[i]; j < t->from[i + 1]; j++) sum += g->weights[t->ids[j]];
    return (float)((double)sum / sqrt((double)MAX(n, 1u)) + (double)bias);
}

static void cross_validate(learning *g, size_t row) {
    for (u32 fold = 0; fold < g->w->folds; fold++) {
        for (size_t i = 0; i < g->l->n; i++) g->take[i] = g->fold[i] != fold;
        float bias;
        svm_learn(g->machine, g->in, g->take, &g->svm, g->weights, &bias);
        for (size_t i = 0; i < g->l->n; i++)
            if (!g->take[i]) g->margins[i * g->draft->rows_n + row] = margin_in(g, i, bias);
    }
}

/* ---- probabilities ---- */

static double log_loss_at(const learning *g, double heat) {
    size_t rows = g->draft->rows_n;
    double sum = 0;
    for (size_t i = 0; i < g->l->n; i++) {
        const float *m = g->margins + i * rows;
        double mine = (double)m[g->l->labels[g->l->from[i]]], all = 0;
        for (size_t r = 0; r < rows; r++) {
            double x = heat * ((double)m[r] - mine);
            if (x > -30) all += strict_exp(x);
        }
        sum += strict_log(MAX(all, 1e-300));
    }
    return sum;
}

/* One number makes a softmax of the margins honest: golden section over 0.5 .. 20. */
static float heat_of(const learning *g) {
    double low = 0.5, high = 20, part = 0.6180339887498949;
    double x = high - part * (high - low), y = low + part * (high - low);
    double fx = log_loss_at(g, x), fy = log_loss_at(g, y);
    for (int i = 0; i < 12; i++) {
        if (fx < fy) {
            high = y, y = x, fy = fx;
            x = high - part * (high - low);
            fx = log_loss_at(g, x);
        } else {
            low = x, x = y, fx = fy;
            y = low + part * (high - low);
            fy = log_loss_at(g, y);
        }
    }
    return (float)((low + high) / 2);
}

static float *column_of(const learning *g, size_t row) {
    size_t rows = g->draft->rows_n;
    float *column = NEW_N(g->a, float, g->l->n + 1);
    for (size_t i = 0; i < g->l->n; i++) column[i] = g->margins[i * rows + row];
    return column;
}
static void fit_one(learning *g, size_t row) {
    g->draft->rows[row].sure = platt_fit(column_of(g, row), g->in, g->l->n);
}

typedef struct {
    double sure;
    bool is;
} verdict;

static int by_sure(const void *a, const void *b) {
    double x = ((const verdict *)a)->sure, y = ((const verdict *)b)->sure;
    return x < y ? 1 : x > y ? -1 : 0;
}

/* The probability from which on a class is said: where its F1 is best, within 0.2 .. 0.8. */
static float threshold_of(learning *g, size_t row) {
    size_t n = g->l->n, rows = g->draft->rows_n;
    verdict *list = NEW_N(g->a, verdict, n + 1);
    double have = 0, both = 0, best = -1, at = 0.5;
    for (size_t i = 0; i < n; i++) {
        double m = (double)g->margins[i * rows + row];
        list[i] = (verdict){platt_sure(g->draft->rows[row].sure, m), g->in[i]};
        have += g->in[i];
    }
    qsort(list, n, sizeof *list, by_sure);
    for (size_t i = 0; i < n; i++) {
        both += list[i].is;
        if (i + 1 < n && list[i + 1].sure >= list[i].sure) continue;
        if (list[i].sure < 0.2) break;
        double f1 = 2 * both / (have + (double)i + 1);
        if (list[i].sure > 0.8 || f1 <= best) continue;
        best = f1;
        at = i + 1 < n ? (list[i].sure + MAX(list[i + 1].sure, 0.2)) / 2 : list[i].sure;
    }
    return (float)at;
}

/* ---- all together ---- */

static bool is_teachable(const lessons *l, const learn_wish *w, err *e) {
    check(w->folds == 0 || (w->folds >= 2 && w->folds <= 20));
    if (l->n > LIMIT_TRAIN_ROWS)
        return fail(e, LIMIT, "%zu texts to learn from are too many; at most %d", l->n,
                    LIMIT_TRAIN_ROWS);
    if (l->classes_n < 2 || l->classes_n > LIMIT_MODEL_CLASSES)
        return fail(e, INVALID,
                    "there must be 2 to %d different labels to learn, and there are %zu",
                    LIMIT_MODEL_CLASSES, l->classes_n);
    for (size_t i = 0; i < l->n; i++) {
        check(l->many || l->from[i + 1] == l->from[i] + 1);
        for (size_t j = l->from[i]; j < l->from[i + 1]; j++) check(l->labels[j] < l->classes_n);
    }
    return true;
}

static void learn_row(learning *g, size_t row) {
    float bias;
    side_of(g, row);
    if (g->w->folds) {
        cross_validate(g, row);
        if (g->l->many || g->draft->rows_n == 1) fit_one(g, row);
        if (g->l->many) g->draft->rows[row].threshold = threshold_of(g, row);
    }
    svm_learn(g->machine, g->in, NULL, &g->svm, g->weights, &bias);
    linear_take(g->draft, g->a, row, g->weights, bias);
}

bool learn(arena *a, const lessons *l, const learn_wish *w, learnt *out, err *e) {
    if (!is_teachable(l, w, e)) return false;
    learning g = {.a = a, .l = l, .w = w, .svm = w->svm};
    if (l->classes_n > LEARN_FEW) g.svm.nb = w->nb_many;
    cut_texts(&g);
    deal(&g);
    g.machine = svm_new(a, &g.texts);
    g.in = NEW_N(a, bool, l->n + 1);
    g.take = NEW_N(a, bool, l->n + 1);
    g.weights = NEW_N(a, float, (size_t)1 << w->shape.bits);
    g.draft = linear_draft_new(a, &w->shape, l->classes, l->classes_n, l->many);
    if (w->folds) g.margins = NEW_N(a, float, l->n *g.draft->rows_n + 1);
    for (size_t row = 0; row < g.draft->rows_n; row++) learn_row(&g, row);
    if (w->folds && !l->many && g.draft->rows_n > 1) {
        float heat = heat_of(&g);
        for (size_t r = 0; r < g.draft->rows_n; r++) g.draft->rows[r].sure = (platt){-heat, 0};
    }
    *out = (learnt){.draft = g.draft};
    linear asked = {.rows = g.draft->rows, .rows_n = g.draft->rows_n, .many = l->many};
    if (w->folds) figures_of(a, &asked, l, g.margins, &out->figures);
    return true;
}

void learn_examine(arena *a, const linear *m, const lessons *l, learn_figures *out) {
    check(m->classes_n == l->classes_n);
    float *margins = NEW_N(a, float, l->n * m->rows_n + 1);
    grams_room *room = grams_room_new(a);
    for (size_t i = 0; i < l->n; i++) linear_margins(m, room, l->texts[i], margins + i * m->rows_n);
    figures_of(a, m, l, margins, out);
}
