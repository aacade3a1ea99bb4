/* survival.c - reading spells. */
#include "kern/survival.h"

static int by_time(const void *a, const void *b) {
    const spell *x = a, *y = b;
    if (x->time != y->time) return x->time < y->time ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

spell *in_spells(calc *c, const table *t) {
    vec time = column_nums(c, t, in_column(c, t, S("time"))),
        event = column_nums(c, t, in_column(c, t, S("event")));
    spell *s = NEW_N(c->a, spell, t->rows + 1);
    for (size_t i = 0; i < t->rows && calc_ok(c); i++) {
        if (!(time.v[i] >= 0) || (event.v[i] != 0 && event.v[i] != 1))
            calc_bad(c, "row %zu: time must be 0 or more, event 0 or 1", i + 1);
        s[i] = (spell){time.v[i], event.v[i] != 0, i};
    }
    if (t->rows) qsort(s, t->rows, sizeof *s, by_time);
    return s;
}
