/* price_drop_trigger.c - who hears that a price has fallen. */
#include "kern/method.h"

typedef struct {
    str user, item;
    double seen; /* the price last seen or told; NAN: none yet */
    bool on;
} watch;

typedef struct {
    calc *c;
    watch *w;
    size_t n;
    double threshold;
    const json *events;
} store_front;

static double price_of(const store_front *s, str item, const json *until) { /* the newest before */
    double p = undefined(NO_DATA);
    for (const json *v = s->events->first; v != until; v = v->next) {
        calc_steps(s->c, 1);
        if (str_eq(in_word(s->c, in_nth(s->c, v, 1, "type"), "type"), S("price")) &&
            str_eq(in_word(s->c, in_nth(s->c, v, 3, "item"), "item"), item))
            p = in_value(s->c, in_nth(s->c, v, 4, "price"), "price");
    }
    return p;
}

static watch *watch_of(store_front *s, str user, str item) {
    for (size_t i = 0; i < s->n && calc_steps(s->c, 1); i++)
        if (str_eq(s->w[i].user, user) && str_eq(s->w[i].item, item)) return &s->w[i];
    s->w[s->n] = (watch){user, item, undefined(NO_DATA), false};
    return &s->w[s->n++];
}

static void new_price(store_front *s, double t, str item, double price) {
    for (size_t i = 0; i < s->n && calc_steps(s->c, 1); i++) {
        watch *w = &s->w[i];
        if (!w->on || !str_eq(w->item, item)) continue;
        bool fell = price <= (1 - s->threshold) * w->seen * (1 + 1e-12);
        if (fell) {
            out_list(s->c, NULL);
            out_num(s->c, NULL, t);
            out_text(s->c, NULL, w->user);
            out_text(s->c, NULL, item);
            out_num(s->c, NULL, w->seen);
            out_num(s->c, NULL, price);
            out_end(s->c);
        }
        if (fell || isnan(w->seen)) w->seen = price;
    }
}

static void take(store_front *s, const json *v, double *now) {
    calc *c = s->c;
    const char *key = "events_t_type_user_item_price";
    double t = in_value(c, in_nth(c, v, 0, key), key);
    str type = in_word(c, in_nth(c, v, 1, key), key), item = in_word(c, in_nth(c, v, 3, key), key);
    if (calc_ok(c) && t < *now) calc_bad(c, "\"%s\" must be in order of time", key);
    *now = t;
    if (!calc_ok(c)) return;
    if (str_eq(type, S("price"))) {
        double price = in_value(c, in_nth(c, v, 4, key), key);
        if (price < 0) calc_bad(c, "\"%s\": a price must not be below 0", key);
        if (calc_ok(c)) new_price(s, t, item, price);
        return;
    }
    str user = in_word(c, in_nth(c, v, 2, key), key);
    if (!calc_ok(c)) return;
    watch *w = watch_of(s, user, item);
    if (str_eq(type, S("view")))
        w->on = true, w->seen = price_of(s, item, v);
    else if (str_eq(type, S("buy")) || str_eq(type, S("unwatch")))
        w->on = false;
    else
        calc_bad(c, "\"%s\": the type must be price, view, buy or unwatch", key);
}

static bool run(calc *c) {
    store_front s = {.c = c,
                     .events = in_list(c, NULL, "events_t_type_user_item_price"),
                     .threshold = in_maybe(c, NULL, "threshold", 0, 1, 0.05)};
    s.w = NEW_N(c->a, watch, s.events->n + 1);
    double now = -INFINITY;
    out_list(c, "notices_t_user_item_from_to");
    for (const json *v = s.events->first; v && calc_ok(c); v = v->next) take(&s, v, &now);
    out_end(c);
    return calc_ok(c);
}

const method method_price_drop_trigger = {
    .name = "price_drop_trigger",
    .title = {"Price drop notices", "降价提醒", "降價提醒"},
    .source = "a rule of ours",
    .formula = "a notice when the price is at most (1-threshold) times the price the customer last "
               "saw or was "
               "told; that price is then the new one; buying or unwatching ends it",
    .input = "events_t_type_user_item_price  list of [time, price|view|buy|unwatch, user, item, "
             "price] in order "
             "of time\nthreshold  usually 0.05",
    .output = "notices_t_user_item_from_to",
    .example = "{\"events_t_type_user_item_price\":[[0,\"price\",null,\"s\",100],[1,\"view\",\"u\","
               "\"s\",null],"
               "[2,\"price\",null,\"s\",90]],\"threshold\":0.05}",
    .run = run,
};
