/* touchpoint_value.c - where value is made and where it is destroyed. */
#include "kern/method.h"
#include "kern/moments.h"

typedef struct {
    str name;
    neat up, down;
    double n;
} touchpoint;

static touchpoint *find(calc *c, touchpoint *t, size_t *n, str name) {
    for (size_t i = 0; i < *n && calc_steps(c, 1); i++)
        if (str_eq(t[i].name, name)) return &t[i];
    t[*n].name = name;
    return &t[(*n)++];
}

static bool run(calc *c) {
    const json *rows = in_list(c, NULL, "rows");
    touchpoint *t = NEW_N(c->a, touchpoint, rows->n + 1);
    size_t n = 0;
    for (const json *v = rows->first; v && calc_ok(c); v = v->next) {
        str name = in_word(c, in_nth(c, v, 0, "rows"), "rows");
        double value = in_value(c, in_nth(c, v, 1, "rows"), "rows");
        if (!calc_ok(c)) break;
        touchpoint *p = find(c, t, &n, name);
        neat_add(value > 0 ? &p->up : &p->down, value);
        p->n++;
    }
    if (!calc_ok(c)) return false;
    for (size_t i = 0; i < n; i++) {
        double up = neat_sum(&t[i].up), down = neat_sum(&t[i].down);
        out_open(c, calc_cstr(c, t[i].name));
        out_num(c, "n", t[i].n);
        out_num(c, "created", up);
        out_num(c, "destroyed", down);
        out_num(c, "net", up + down);
        out_num(c, "net_per_contact", (up + down) / t[i].n);
        out_num(c, "destruction_share", ratio(-down, up - down));
        out_end(c);
    }
    return true;
}

const method method_touchpoint_value = {
    .name = "touchpoint_value",
    .title = {"Value made and destroyed", "触点价值创造与毁损", "觸點價值創造與毀損"},
    .source = "the formula is ours",
    .formula = "created: sum of what is above 0, destroyed: below 0; share -destroyed/(created - "
               "destroyed)",
    .input = "rows  list of [touchpoint, change of the customer's value by that contact]",
    .output = "for each touchpoint n, created, destroyed, net, net_per_contact, destruction_share",
    .example = "{\"rows\":[[\"shop\",3],[\"shop\",-1],[\"call\",-2]]}",
    .run = run,
};
