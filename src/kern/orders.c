/* orders.c - the orders of customers, by day. */
#include "kern/orders.h"
#include "base/time.h"

typedef struct {
    str who;
    i32 day;
} order;

static int by_customer(const void *a, const void *b) {
    const order *x = a, *y = b;
    int by = str_cmp(x->who, y->who);
    return by ? by : (x->day > y->day) - (x->day < y->day);
}

/* 2026-03-01, or 20260301. */
static bool day_read(str s, i32 *out) {
    i64 y = 0, m = 0, d = 0;
    bool dashes = s.n >= 10 && s.p[4] == '-' && s.p[7] == '-';
    if (!dashes && s.n != 8) return false;
    if (!str_int(str_head(s, 4), &y) || !str_int((str){s.p + (dashes ? 5 : 4), 2}, &m) ||
        !str_int((str){s.p + (dashes ? 8 : 6), 2}, &d) || !ymd_valid((i32)y, (i32)m, (i32)d))
        return false;
    *out = (i32)day_of_ymd((i32)y, (i32)m, (i32)d);
    return true;
}

i32 in_day(calc *c, const json *at, const char *key) {
    str s = in_text(c, at, key);
    i32 day = 0;
    if (calc_ok(c) && !day_read(s, &day))
        calc_bad(c, "\"%s\" must be a day written YYYY-MM-DD", key);
    return day;
}

static void group(calc *c, order *o, size_t n, orders *r) {
    r->begin = NEW_N(c->a, size_t, n + 1);
    r->days = NEW_N(c->a, i32, n + 1);
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        bool fresh = i == 0 || !str_eq(o[i].who, o[i - 1].who);
        if (fresh) r->begin[r->n++] = k;
        if (fresh || o[i].day != o[i - 1].day) r->days[k++] = o[i].day;
    }
    r->begin[r->n] = k;
}

orders in_orders(calc *c) {
    table t = in_table(c, "data");
    strs who = column_texts(c, &t, in_column(c, &t, S("customer")));
    strs date = column_texts(c, &t, in_column(c, &t, S("date")));
    orders r = {0};
    if (!calc_ok(c)) return r;
    order *o = NEW_N(c->a, order, t.rows + 1);
    for (size_t i = 0; i < t.rows; i++) {
        o[i].who = who.v[i];
        if (!who.v[i].p || !day_read(date.v[i], &o[i].day)) {
            calc_bad(c, "row %zu needs a customer and a date written YYYY-MM-DD", i + 1);
            return r;
        }
    }
    if (t.rows) qsort(o, t.rows, sizeof *o, by_customer);
    group(c, o, t.rows, &r);
    return r;
}
