/* association_rules.c - items bought together: frequent sets, and how strong given rules are. */
#include "kern/method.h"

typedef struct {
    calc *c;
    strs items;
    u8 *has; /* transactions x items */
    size_t n, min;
    size_t set[32], set_n;
} baskets;

static bool covers(const baskets *b, size_t t, const size_t *set, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (set[i] == SIZE_MAX || !b->has[t * b->items.n + set[i]]) return false;
    return true;
}

static size_t count(baskets *b, const size_t *set, size_t n) {
    size_t k = 0;
    if (!calc_steps(b->c, (double)(b->n * (n + 1)))) return 0;
    for (size_t t = 0; t < b->n; t++) k += covers(b, t, set, n);
    return k;
}

/* Depth first: a set that is not frequent has no frequent superset (Agrawal & Srikant 1994). */
static void grow(baskets *b, size_t from) {
    for (size_t i = from; i < b->items.n && b->set_n < COUNT(b->set) && calc_ok(b->c); i++) {
        b->set[b->set_n++] = i;
        size_t k = count(b, b->set, b->set_n);
        if (k >= b->min && calc_ok(b->c)) {
            buf name = {.a = b->c->a};
            for (size_t j = 0; j < b->set_n; j++) {
                if (j) buf_char(&name, ',');
                buf_str(&name, b->items.v[b->set[j]]);
            }
            out_int(b->c, calc_cstr(b->c, buf_view(&name)), (i64)k);
            grow(b, i + 1);
        }
        b->set_n--;
    }
}

static void read(calc *c, baskets *b) {
    const json *list = in_list(c, NULL, "transactions");
    strs all = {NULL, 0};
    for (const json *t = list->first; t; t = t->next) all.n += t->n;
    all.v = NEW_N(c->a, str, all.n);
    all.n = 0;
    for (const json *t = list->first; t && calc_ok(c); t = t->next) {
        if (t->kind != JSON_ARRAY) calc_bad(c, "\"transactions\" must hold lists of items");
        for (const json *v = t->first; v && calc_ok(c); v = v->next)
            all.v[all.n++] = in_word(c, v, "transactions");
    }
    if (!calc_ok(c)) return;
    b->items = strs_distinct(c->a, all);
    b->n = list->n;
    b->has = NEW_N(c->a, u8, b->n * b->items.n + 1);
    size_t i = 0;
    for (const json *t = list->first; t; t = t->next, i++)
        for (const json *v = t->first; v; v = v->next)
            b->has[i * b->items.n + strs_find(b->items, in_word(c, v, "transactions"))] = 1;
}

static size_t side(calc *c, baskets *b, const json *rule, u32 which, size_t *set, size_t n) {
    const json *list = in_nth(c, rule, which, "rules");
    if (list->kind != JSON_ARRAY) calc_bad(c, "\"rules\" must hold [[items], [items]]");
    for (const json *v = list->first; v && calc_ok(c); v = v->next) {
        if (n == COUNT(b->set)) {
            calc_bad(c, "\"rules\": at most %zu items in a rule", COUNT(b->set));
            break;
        }
        set[n++] = strs_find(b->items, in_word(c, v, "rules"));
    }
    return n;
}

static void write_rule(calc *c, baskets *b, const json *rule) {
    size_t both[COUNT(b->set)], n = side(c, b, rule, 0, both, 0), m = side(c, b, rule, 1, both, n);
    if (!calc_ok(c)) return;
    double all = (double)b->n, left = (double)count(b, both, n);
    double right = (double)count(b, both + n, m - n), joint = (double)count(b, both, m);
    double confidence = ratio(joint, left), share = ratio(right, all);
    out_open(c, NULL);
    out_num(c, "support", ratio(joint, all));
    out_num(c, "confidence", confidence);
    out_num(c, "lift", share > 0 ? confidence / share : undefined(NO_DATA));
    out_num(c, "leverage", ratio(joint, all) - ratio(left, all) * share);
    out_num(c, "conviction", joint == left ? undefined(INFINITE) : (1 - share) / (1 - confidence));
    out_end(c);
}

static bool run(calc *c) {
    baskets b = {.c = c};
    read(c, &b);
    if (!calc_ok(c)) return false;
    const json *rules = in_has(c, NULL, "rules") ? in_list(c, NULL, "rules") : NULL;
    b.min = (size_t)in_maybe_int(c, NULL, "min_support_count", 1, INT32_MAX, 2);
    if (!calc_ok(c)) return false;
    out_list(c, "rules");
    for (const json *v = rules ? rules->first : NULL; v && calc_ok(c); v = v->next)
        write_rule(c, &b, v);
    out_end(c);
    out_open(c, "frequent");
    grow(&b, 0);
    out_end(c);
    return calc_ok(c);
}

const method method_association_rules = {
    .name = "association_rules",
    .title = {"What is bought together", "关联规则", "關聯規則"},
    .source =
        "Agrawal & Srikant 1994 (VLDB); Tan, Steinbach & Kumar, Introduction to Data Mining, ch. 6",
    .formula =
        "support P(A and B); confidence P(B|A); lift P(B|A)/P(B); leverage P(A and B)-P(A)P(B); "
        "conviction (1-P(B))/(1-confidence)",
    .input = "transactions  lists of items\nrules  optional: [[items], [items]]\n"
             "min_support_count  of frequent sets, usually 2",
    .output = "rules  support, confidence, lift, leverage, conviction (null: infinite)\n"
              "frequent  \"item,item\": how many transactions hold them",
    .example = "{\"transactions\":[[\"tea\",\"cake\"],[\"tea\"],[\"tea\",\"cake\"]],"
               "\"rules\":[[[\"tea\"],[\"cake\"]]],\"min_support_count\":2}",
    .run = run,
};
