/* change_decomposition.c - why a mean moved: who answered (mix), and how they answered (rate). */
#include "kern/method.h"
#include "kern/moments.h"

typedef struct {
    str name;
    double n[2], m[2]; /* before, after */
} segment;

static bool read(calc *c, const json *v, segment *s) {
    static const char *const n[] = {"n0", "n1"}, *const m[] = {"m0", "m1"};
    if (v->kind != JSON_OBJECT) return calc_bad(c, "\"segments\" must hold objects");
    s->name = v->key;
    for (int i = 0; i < 2; i++) {
        s->n[i] = in_num_of(c, v, n[i], 0, 9e15);
        s->m[i] = s->n[i] > 0 ? in_num(c, v, m[i]) : 0;
    }
    return calc_ok(c);
}

static double total(const segment *s, size_t k, int i) {
    neat n = {0}, sum = {0};
    for (size_t j = 0; j < k; j++) neat_add(&n, s[j].n[i]), neat_add(&sum, s[j].n[i] * s[j].m[i]);
    return ratio(neat_sum(&sum), neat_sum(&n));
}

static bool run(calc *c) {
    const json *list = in_object(c, NULL, "segments");
    segment *s = NEW_N(c->a, segment, list->n);
    double n[2] = {0}, mix = 0, rate = 0;
    size_t k = 0;
    for (const json *v = list->first; v; v = v->next) {
        if (!read(c, v, &s[k])) return false;
        n[0] += s[k].n[0], n[1] += s[k].n[1], k++;
    }
    if (!calc_ok(c)) return false;
    double before = total(s, k, 0), after = total(s, k, 1);
    out_num(c, "before", before);
    out_num(c, "after", after);
    out_num(c, "delta", after - before);
    out_open(c, "parts");
    for (size_t i = 0; i < k; i++) {
        double w0 = ratio(s[i].n[0], n[0]), w1 = ratio(s[i].n[1], n[1]);
        double m0 = s[i].n[0] > 0 ? s[i].m[0] : before;
        double a = (w1 - w0) * (m0 - before), b = s[i].n[1] > 0 ? w1 * (s[i].m[1] - m0) : 0;
        mix += a, rate += b;
        out_open(c, calc_cstr(c, s[i].name));
        out_num(c, "mix", a);
        out_num(c, "rate", b);
        out_num(c, "total", a + b);
        out_end(c);
    }
    out_end(c);
    out_num(c, "mix", mix);
    out_num(c, "rate", rate);
    return true;
}

const method method_change_decomposition = {
    .name = "change_decomposition",
    .title = {"Why it moved: mix and rate", "变动分解:结构与水平", "變動分解:結構與水準"},
    .source = "within and between decomposition (Kitagawa 1955)",
    .formula =
        "mix_s = (w1-w0)(m0_s-M0); rate_s = w1(m1_s-m0_s); a segment absent before has m0_s = M0, "
        "one absent after has rate 0; all parts sum to the change",
    .input = "segments  object of objects: n0, m0 (size and mean before), n1, m1 (after)",
    .output = "before, after, delta, mix, rate; parts  mix, rate, total of each segment",
    .example = "{\"segments\":{\"app\":{\"n0\":50,\"m0\":20,\"n1\":80,\"m1\":10},"
               "\"store\":{\"n0\":50,\"m0\":40,\"n1\":20,\"m1\":40}}}",
    .run = run,
};
