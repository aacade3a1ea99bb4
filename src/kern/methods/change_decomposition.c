/* change_decomposition.c - why a mean moved: who answered (mix), and how they answered (rate). */
#include "kern/change.h"
#include "kern/method.h"

static bool read(calc *c, const json *v, change_part *s) {
    static const char *const n[] = {"n0", "n1"}, *const m[] = {"m0", "m1"};
    if (v->kind != JSON_OBJECT) return calc_bad(c, "\"segments\" must hold objects");
    for (int i = 0; i < 2; i++) {
        s->n[i] = in_num_of(c, v, n[i], 0, 9e15);
        s->mean[i] = s->n[i] > 0 ? in_num(c, v, m[i]) : 0;
    }
    return calc_ok(c);
}

static bool run(calc *c) {
    const json *list = in_object(c, NULL, "segments");
    change_part *s = NEW_N(c->a, change_part, list->n);
    size_t k = 0;
    for (const json *v = list->first; v; v = v->next)
        if (!read(c, v, &s[k++])) return false;
    if (!calc_ok(c)) return false;
    change_whole w = change_split(s, k);
    out_num(c, "before", w.before);
    out_num(c, "after", w.after);
    out_num(c, "delta", w.after - w.before);
    out_open(c, "parts");
    k = 0;
    for (const json *v = list->first; v; v = v->next, k++) {
        out_open(c, calc_cstr(c, v->key));
        out_num(c, "mix", s[k].mix);
        out_num(c, "rate", s[k].rate);
        out_num(c, "total", s[k].mix + s[k].rate);
        out_end(c);
    }
    out_end(c);
    out_num(c, "mix", w.mix);
    out_num(c, "rate", w.rate);
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
