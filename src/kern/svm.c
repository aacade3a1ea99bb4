/* svm.c - dual coordinate descent for a linear support vector machine.  See svm.h. */
#include "kern/svm.h"
#include "kern/strict.h"

const svm_wish svm_usual = {.cost = 1,
                            .trust = {1, 1, 1, 1, 1, 1, 1, 1},
                            .nb = 0.5,
                            .balance = 0.5,
                            .slack = 0.1,
                            .rounds = 100};

/* One feature: its weight, and the square of its scale.  Side by side, for they are read together. */
typedef struct {
    float weight, scale2;
} slot;
struct svm {
    bags texts;
    slot *slots;
    u32 *with, *without;         /* texts of each side a feature stands in */
    float *alpha, *size2, *unit; /* of each text: multiplier, squared length, 1/sqrt(n) */
    u32 *order;
    double *logs; /* ln(1) .. ln(n + 1) */
};

svm *svm_new(arena *a, const bags *texts) {
    check(texts->bits >= 1 && texts->bits <= 30 && texts->n < UINT32_MAX);
    svm *v = NEW(a, svm);
    size_t features = (size_t)1 << texts->bits;
    v->texts = *texts;
    v->slots = NEW_N(a, slot, features);
    v->with = NEW_N(a, u32, features);
    v->without = NEW_N(a, u32, features);
    v->alpha = NEW_N(a, float, texts->n + 1);
    v->size2 = NEW_N(a, float, texts->n + 1);
    v->unit = NEW_N(a, float, texts->n + 1);
    v->order = NEW_N(a, u32, texts->n + 1);
    v->logs = NEW_N(a, double, texts->n + 1);
    for (size_t i = 0; i <= texts->n; i++) v->logs[i] = strict_log((double)i + 1);
    for (size_t i = 0; i < texts->n; i++) {
        size_t n = texts->from[i + 1] - texts->from[i];
        v->unit[i] = (float)(1 / sqrt((double)MAX(n, 1u)));
    }
    return v;
}

/* Counts both sides, then sets the scale of each feature; returns how many texts are in the class. */
static size_t scale_features(svm *v, const bool *in_class, const bool *take, const svm_wish *wish) {
    double nb = wish->nb;
    const bags *t = &v->texts;
    size_t features = (size_t)1 << t->bits, in = 0;
    double with_all = (double)features, without_all = (double)features;
    memset(v->with, 0, features * sizeof *v->with);
    memset(v->without, 0, features * sizeof *v->without);
    for (size_t i = 0; i < t->n; i++) {
        if (take && !take[i]) continue;
        u32 *side = in_class[i] ? v->with : v->without;
        in += in_class[i];
        for (size_t j = t->from[i]; j < t->from[i + 1]; j++) side[t->ids[j]]++;
        *(in_class[i] ? &with_all : &without_all) += (double)(t->from[i + 1] - t->from[i]);
    }
    double shift = strict_log(without_all) - strict_log(with_all);
    for (size_t f = 0; f < features; f++) {
        double ratio = v->logs[v->with[f]] - v->logs[v->without[f]] + shift;
        double scale = 1 - nb + nb * fabs(ratio);
        if (t->kinds) scale *= wish->trust[t->kinds[f]];
        v->slots[f] = (slot){0, (float)(scale * scale)};
    }
    return in;
}

typedef struct {
    double cost[2]; /* of a text outside, inside the class */
    double bias;
    double most, least;               /* violations met in this walk */
    double shrink_most, shrink_least; /* of the walk before: texts beyond them sleep */
    const bool *in_class;
} descent;

static double margin_of(const svm *v, size_t i, double bias) {
    const u32 *id = v->texts.ids + v->texts.from[i];
    size_t n = v->texts.from[i + 1] - v->texts.from[i], j = 0;
    float a = 0, b = 0, c = 0, d = 0; /* four sums, so that one need not wait for the other */
    for (; j + 4 <= n; j += 4) {
        a += v->slots[id[j]].weight;
        b += v->slots[id[j + 1]].weight;
        c += v->slots[id[j + 2]].weight;
        d += v->slots[id[j + 3]].weight;
    }
    for (; j < n; j++) a += v->slots[id[j]].weight;
    return (double)v->unit[i] * (double)((a + b) + (c + d)) + bias;
}

static void move_weights(svm *v, size_t i, double by) {
    float step = (float)by * v->unit[i];
    for (size_t j = v->texts.from[i]; j < v->texts.from[i + 1]; j++) {
        slot *s = &v->slots[v->texts.ids[j]];
        s->weight += step * s->scale2;
    }
}

/* Improves the multiplier of one text; false: it rests at its bound and can sleep. */
static bool visit(svm *v, descent *d, size_t i) {
    double sign = d->in_class[i] ? 1 : -1, cost = d->cost[d->in_class[i]];
    double alpha = (double)v->alpha[i];
    double gradient = sign * margin_of(v, i, d->bias) - 1, projected = gradient;
    if (alpha <= 0) {
        if (gradient > d->shrink_most) return false;
        projected = MIN(gradient, 0);
    } else if (alpha >= cost) {
        if (gradient < d->shrink_least) return false;
        projected = MAX(gradient, 0);
    }
    d->most = MAX(d->most, projected);
    d->least = MIN(d->least, projected);
    if (fabs(projected) < 1e-12) return true;
    double moved = MIN(MAX(alpha - gradient / (double)v->size2[i], 0), cost);
    v->alpha[i] = (float)moved;
    double by = ((double)v->alpha[i] - alpha) * sign;
    d->bias += by;
    move_weights(v, i, by);
    return true;
}

static u64 next_chance(u64 *state) { /* splitmix64 (Steele et al. 2014) */
    u64 z = (*state += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

static void shuffle(u32 *order, size_t n, u64 *chance) {
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)(((u128)next_chance(chance) * i) >> 64);
        u32 x = order[i - 1];
        order[i - 1] = order[j];
        order[j] = x;
    }
}

static int descend(svm *v, descent *d, size_t n, const svm_wish *wish) {
    u64 chance = 20260101;
    size_t awake = n;
    int round = 0;
    d->shrink_most = HUGE_VAL;
    d->shrink_least = -HUGE_VAL;
    while (round < wish->rounds) {
        d->most = -HUGE_VAL;
        d->least = HUGE_VAL;
        shuffle(v->order, awake, &chance);
        for (size_t at = 0; at < awake;) {
            u32 i = v->order[at];
            if (visit(v, d, i)) {
                at++;
                continue;
            }
            v->order[at] = v->order[--awake];
            v->order[awake] = i;
        }
        round++;
        if (d->most - d->least <= wish->slack || awake == 0) {
            if (awake == n) break;
            awake = n; /* wake everybody for a last look */
            d->shrink_most = HUGE_VAL;
            d->shrink_least = -HUGE_VAL;
            continue;
        }
        d->shrink_most = d->most > 0 ? d->most : HUGE_VAL;
        d->shrink_least = d->least < 0 ? d->least : -HUGE_VAL;
    }
    return round;
}

/* The texts taken, with their squared lengths; returns how many. */
static size_t line_up(svm *v, const bool *take) {
    size_t n = 0;
    const bags *t = &v->texts;
    for (size_t i = 0; i < t->n; i++) {
        v->alpha[i] = 0;
        if (take && !take[i]) continue;
        double sum = 0;
        for (size_t j = t->from[i]; j < t->from[i + 1]; j++)
            sum += (double)v->slots[t->ids[j]].scale2;
        double unit = (double)v->unit[i];
        v->size2[i] = (float)(sum * unit * unit + 1);
        v->order[n++] = (u32)i;
    }
    return n;
}

int svm_learn(svm *v, const bool *in_class, const bool *take, const svm_wish *wish,
              float *weights_out, float *bias_out) {
    check(wish->cost > 0 && wish->nb >= 0 && wish->nb <= 1 && wish->rounds > 0);
    check(wish->balance >= 0 && wish->balance <= 1);
    size_t features = (size_t)1 << v->texts.bits;
    size_t in = scale_features(v, in_class, take, wish);
    size_t n = line_up(v, take), out = n - in;
    memset(weights_out, 0, features * sizeof *weights_out);
    *bias_out = in ? 1 : -1;
    if (in == 0 || out == 0) return 0;
    descent d = {.in_class = in_class, .cost = {wish->cost, wish->cost}};
    double heavier = wish->balance * (strict_log((double)out) - strict_log((double)in));
    d.cost[out > in] *= strict_exp(fabs(heavier));
    int rounds = descend(v, &d, n, wish);
    for (size_t f = 0; f < features; f++) weights_out[f] = v->slots[f].weight;
    *bias_out = (float)d.bias;
    return rounds;
}
