/* funnel.c - how many go how far, in order and in time. */
#include "kern/method.h"

typedef struct {
    double t;
    str name;
    size_t no;
} event;

static int by_time(const void *a, const void *b) {
    const event *x = a, *y = b;
    if (x->t != y->t) return x->t < y->t ? -1 : 1;
    return (x->no > y->no) - (x->no < y->no);
}

/* The furthest step: of all ways to a step, the one that entered last has the most time left. */
static size_t reached(const event *e, size_t n, strs steps, double window, double *entered) {
    size_t far = 0;
    for (size_t k = 0; k < steps.n; k++) entered[k] = -INFINITY;
    for (size_t i = 0; i < n; i++)
        for (size_t k = steps.n; k-- > 0;) { /* backwards: one event is one step */
            if (!str_eq(e[i].name, steps.v[k])) continue;
            double from = k ? entered[k - 1] : e[i].t;
            if (!(e[i].t - from <= window)) continue;
            entered[k] = fmax(entered[k], from);
            far = MAX(far, k + 1);
        }
    return far;
}

static bool run(calc *c) {
    const json *users = in_object(c, NULL, "events");
    strs steps = in_texts(c, NULL, "steps");
    double window = in_maybe(c, NULL, "window", 0, 1e18, INFINITY);
    vec counts = vec_new(c->a, steps.n);
    double *entered = NEW_N(c->a, double, steps.n + 1);
    for (const json *u = users->first; u && calc_ok(c); u = u->next) {
        event *e = NEW_N(c->a, event, u->n + 1);
        size_t n = 0;
        if (u->kind != JSON_ARRAY) calc_bad(c, "\"events\" must hold lists of [time, name]");
        for (const json *v = u->first; v && calc_ok(c); v = v->next, n++)
            e[n] = (event){in_value(c, in_nth(c, v, 0, "events"), "events"),
                           in_word(c, in_nth(c, v, 1, "events"), "events"), n};
        if (!calc_ok(c) || !calc_steps(c, (double)n * (double)(steps.n + 10))) break;
        if (n) qsort(e, n, sizeof *e, by_time);
        size_t far = reached(e, n, steps, window, entered);
        for (size_t k = 0; k < far; k++) counts.v[k]++;
    }
    if (!calc_ok(c)) return false;
    out_nums(c, "counts", counts);
    out_list(c, "step_conversion");
    for (size_t k = 0; k < steps.n; k++)
        out_num(c, NULL, ratio(counts.v[k], k ? counts.v[k - 1] : counts.v[0]));
    out_end(c);
    out_num(c, "overall", steps.n ? ratio(counts.v[steps.n - 1], counts.v[0]) : undefined(NO_DATA));
    return true;
}

const method method_funnel = {
    .name = "funnel",
    .title = {"Conversion funnel", "转化漏斗", "轉換漏斗"},
    .source = "definition",
    .formula = "step k is reached if some entry is followed, in order and within window of the "
               "entry, by steps "
               "2..k; other events may lie between; equal times keep their order",
    .input = "events  {\"user\": [[time, name], ...]}\nsteps  names\nwindow  in the unit of time; "
             "usually none",
    .output = "counts, step_conversion  by step; overall",
    .example = "{\"events\":{\"a\":[[0,\"view\"],[3,\"pay\"]],\"b\":[[0,\"view\"]]},\"steps\":["
               "\"view\",\"pay\"],\"window\":5}",
    .run = run,
};
