/* goals.c - what the company wants to reach: metrics of its own, and the tree of its goals. */
#include "main/demo/goals.h"
#include "base/time.h"
#include "kern/expr_make.h"
#include "understand/goal.h"

static const struct {
    const char *name, *formula, *population, *title, *quality, *better, *owner;
    i64 window, minimum_n;
} metrics_of_ours[] = {
    {"nps-delivery", "nps", "touchpoint = 'delivery'",
     "{\"en\":\"NPS at delivery\",\"zh-CN\":\"交车净推荐值\",\"zh-TW\":\"交車淨推薦值\"}",
     "[\"n >= 30\",\"age <= 3d\",\"missing <= 60%\"]", "up", "logistics", 28, 30},
    {"nps-ownership", "nps", "touchpoint = 'ownership'",
     "{\"en\":\"NPS of owners\",\"zh-CN\":\"车主净推荐值\",\"zh-TW\":\"車主淨推薦值\"}",
     "[\"n >= 30\",\"age <= 7d\"]", "up", "product", 28, 30},
    {"csat-hotline", "csat", "channel = 'call'",
     "{\"en\":\"Satisfied callers\",\"zh-CN\":\"热线满意占比\",\"zh-TW\":\"熱線滿意占比\"}",
     "[\"n >= 30\",\"age <= 2d\",\"missing <= 80%\"]", "up", "care", 28, 30},
    {"charging-blame", "rate:sentiment = 'negative'", "channel = 'charging'",
     "{\"en\":\"Negative voices on "
     "charging\",\"zh-CN\":\"充电负面声音占比\",\"zh-TW\":\"充電負面聲音占比\"}",
     "[\"n >= 50\",\"age <= 3d\"]", "down", "charging", 28, 30},
    {"order-rate", "ratio:event = 'order_placed' / event = 'shop_visited'", NULL,
     "{\"en\":\"Orders per hundred "
     "visits\",\"zh-CN\":\"每百次到店订单\",\"zh-TW\":\"每百次到店訂單\"}",
     NULL, "up", "sales", 28, 30},
};

enum { GROWTH = -1 }; /* a target: a fifth more than in the four weeks before, in round figures */

static const struct {
    const char *name, *parent, *kind, *metric, *population, *relation, *better, *owner, *forecast,
        *title;
    i64 target; /* NONE */
    i64 days;   /* from now on */
} tree[] = {
    {"loyalty", NULL, "kgi", "nps", NULL, "mix(touchpoint)", "up", "board", "linear",
     "{\"en\":\"Owners who recommend "
     "us\",\"zh-CN\":\"愿意推荐的车主\",\"zh-TW\":\"願意推薦的車主\"}",
     40, 120},
    {"delivery", "loyalty", "kpi", "nps-delivery", NULL, NULL, "up", "logistics", "linear",
     "{\"en\":\"A delivery to remember\",\"zh-CN\":\"难忘的交车\",\"zh-TW\":\"難忘的交車\"}", 45,
     90},
    {"ownership", "loyalty", "kpi", "nps-ownership", NULL, NULL, "up", "product", "linear",
     "{\"en\":\"Life with the car\",\"zh-CN\":\"用车生活\",\"zh-TW\":\"用車生活\"}", 30, 90},
    {"charging", "ownership", "driver", "charging-blame", NULL, NULL, "down", "charging", "holt",
     "{\"en\":\"Charging without annoyance\",\"zh-CN\":\"充电不烦心\",\"zh-TW\":\"充電不煩心\"}",
     25, 60},
    {"hotline", "ownership", "driver", "csat-hotline", NULL, NULL, "up", "care", "holt",
     "{\"en\":\"Help that helps\",\"zh-CN\":\"热线真有用\",\"zh-TW\":\"熱線真有用\"}", 60, 60},
    {"orders", NULL, "kgi", "count", "event = 'order_placed'", "visits * conversion / 100", "up",
     "sales", "linear", "{\"en\":\"Cars ordered\",\"zh-CN\":\"订车数\",\"zh-TW\":\"訂車數\"}",
     GROWTH, 60},
    {"visits", "orders", "kpi", "count", "event = 'shop_visited'", NULL, "up", "marketing",
     "linear", "{\"en\":\"Visits to our shops\",\"zh-CN\":\"到店次数\",\"zh-TW\":\"到店次數\"}",
     NONE, 60},
    {"conversion", "orders", "kpi", "order-rate", NULL, NULL, "up", "sales", "holt",
     "{\"en\":\"Orders per hundred "
     "visits\",\"zh-CN\":\"每百次到店订单\",\"zh-TW\":\"每百次到店訂單\"}",
     125, 60},
};

static str text(const char *s) {
    return s ? str_of(s) : NO_STR;
}

static bool put_metrics(store *s, arena *a, i64 now_ms, err *e) {
    for (size_t i = 0; i < COUNT(metrics_of_ours); i++) {
        metric_row m;
        noun_init(&noun_metric, &m);
        m.name = text(metrics_of_ours[i].name);
        m.formula = text(metrics_of_ours[i].formula);
        m.population = text(metrics_of_ours[i].population);
        m.title = text(metrics_of_ours[i].title);
        m.quality = text(metrics_of_ours[i].quality);
        m.better = text(metrics_of_ours[i].better);
        m.owner = text(metrics_of_ours[i].owner);
        m.window_days = metrics_of_ours[i].window;
        m.minimum_n = metrics_of_ours[i].minimum_n;
        m.since = now_ms - 400 * DAY_MS;
        if (!registry_put(s, a, &m, now_ms, e)) return false;
    }
    return true;
}

/* Some months ago the hotline began to leave out those who were not helped at all: the line breaks there. */
static bool change_one(store *s, arena *a, i64 now_ms, err *e) {
    metric_row m;
    if (!store_find(s, a, &noun_metric, S("csat-hotline"), &m, e)) return false;
    m.population = S("channel = 'call' and (intent is missing or intent != 'refund')");
    m.since = day_month(day_of_ms(now_ms) - 100) * DAY_MS;
    return registry_put(s, a, &m, now_ms, e);
}

static bool grown(store *s, tally *t, arena *a, const goal_row *m, i64 now_ms, i64 *out, err *e) {
    measure_question q = {.metric = m->metric, .minimum_n = NONE};
    measure_answer r;
    const expr *of;
    if (!expr_parse(a, m->population, 0, &of, e)) return false;
    q.where = expr_both(a, of, expr_time_from(a, S("occurred_at"), now_ms - 28 * DAY_MS));
    if (!measure(t, s, a, &q, &r, e)) return false;
    *out = (i64)(r.cells[0].est.value * 1.2 / 10 + 1) * 10 * NUM6_ONE;
    return true;
}

static bool put_goal(store *s, tally *t, arena *a, size_t i, i64 now_ms, err *e) {
    goal_row m, up;
    noun_init(&noun_goal, &m);
    if (tree[i].parent && !store_find(s, a, &noun_goal, str_of(tree[i].parent), &up, e))
        return false;
    m.parent_id = tree[i].parent ? up.id : NONE;
    m.name = text(tree[i].name), m.kind = text(tree[i].kind), m.metric = text(tree[i].metric);
    m.population = text(tree[i].population);
    m.better = text(tree[i].better), m.owner = text(tree[i].owner);
    m.forecast = text(tree[i].forecast), m.title = text(tree[i].title);
    m.target = tree[i].target == NONE ? NONE : tree[i].target * NUM6_ONE;
    if (tree[i].target == GROWTH && !grown(s, t, a, &m, now_ms, &m.target, e)) return false;
    m.target_at = (day_of_ms(now_ms) + tree[i].days) * DAY_MS;
    return goal_check(s, a, &m, e) && store_put(s, &noun_goal, &m, e);
}

/* Relations speak of goals below, so they come last. */
static bool relate(store *s, arena *a, size_t i, err *e) {
    goal_row m;
    if (!tree[i].relation) return true;
    if (!store_find(s, a, &noun_goal, str_of(tree[i].name), &m, e)) return false;
    m.relation = str_of(tree[i].relation);
    return goal_check(s, a, &m, e) && store_put(s, &noun_goal, &m, e);
}

bool demo_goals(store *s, tally *t, arena *a, i64 now_ms, err *e) {
    i64 n;
    if (!store_count(s, &noun_goal, &(store_query){0}, &n, e)) return false;
    if (n) return true;
    if (!put_metrics(s, a, now_ms, e) || !change_one(s, a, now_ms, e)) return false;
    for (size_t i = 0; i < COUNT(tree); i++)
        if (!put_goal(s, t, a, i, now_ms, e)) return false;
    for (size_t i = 0; i < COUNT(tree); i++)
        if (!relate(s, a, i, e)) return false;
    return true;
}
