/* learn_figures.c - how right a model is, from its margins.  See learn.h. */
#include "kern/learn_figures.h"

typedef struct {
    const linear *m;
    const lessons *l;
    i64 *have, *said, *both; /* texts of each class: true, said, true and said */
    double *sure;            /* of each class, for the text at hand */
    double *sure_said;       /* of each thing said */
    bool *right_said;
    size_t said_n;
    i64 right;
} counting;

static bool has_class(const lessons *l, size_t i, size_t class_) {
    for (size_t j = l->from[i]; j < l->from[i + 1]; j++)
        if (l->labels[j] == class_) return true;
    return false;
}

static void say(counting *c, size_t i, size_t class_, bool *right) {
    bool is = has_class(c->l, i, class_);
    c->said[class_]++;
    c->both[class_] += is;
    c->sure_said[c->said_n] = c->sure[class_];
    c->right_said[c->said_n++] = is;
    *right &= is;
}

static void count_text(counting *c, size_t i, const float *margins) {
    bool right = true;
    linear_sure(c->m, margins, c->sure);
    for (size_t j = c->l->from[i]; j < c->l->from[i + 1]; j++) c->have[c->l->labels[j]]++;
    if (!c->l->many) {
        say(c, i, linear_best(c->m, margins), &right);
    } else {
        for (size_t k = 0; k < c->l->classes_n; k++) {
            if (c->sure[k] >= (double)c->m->rows[k].threshold)
                say(c, i, k, &right);
            else
                right &= !has_class(c->l, i, k);
        }
    }
    c->right += right;
}

static double share(double part, double of) {
    return of > 0 ? part / of : NAN;
}

void figures_of(arena *a, const linear *m, const lessons *l, const float *margins,
                learn_figures *out) {
    size_t k = l->classes_n, most = l->many ? l->n * k : l->n;
    counting c = {.m = m, .l = l};
    c.have = NEW_N(a, i64, k);
    c.said = NEW_N(a, i64, k);
    c.both = NEW_N(a, i64, k);
    c.sure = NEW_N(a, double, k);
    c.sure_said = NEW_N(a, double, most + 1);
    c.right_said = NEW_N(a, bool, most + 1);
    for (size_t i = 0; i < l->n; i++) count_text(&c, i, margins + i * m->rows_n);
    learn_figures f = {.n = (i64)l->n, .support = c.have};
    f.recall = NEW_N(a, double, k);
    f.precision = NEW_N(a, double, k);
    f.f1 = NEW_N(a, double, k);
    double sum = 0, present = 0, have = 0, said = 0, both = 0;
    for (size_t i = 0; i < k; i++) {
        f.recall[i] = share((double)c.both[i], (double)c.have[i]);
        f.precision[i] = share((double)c.both[i], (double)c.said[i]);
        f.f1[i] = share(2.0 * (double)c.both[i], (double)(c.have[i] + c.said[i]));
        have += (double)c.have[i], said += (double)c.said[i], both += (double)c.both[i];
        if (c.have[i] == 0) continue;
        sum += f.f1[i];
        present++;
    }
    f.accuracy = share((double)c.right, (double)l->n);
    f.macro_f1 = share(sum, present);
    f.micro_f1 = share(2 * both, have + said);
    f.calibration = calibration_error(c.sure_said, c.right_said, c.said_n);
    *out = f;
}
