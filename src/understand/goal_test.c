/* goal_test.c - relations, Shapley's values, and a tree whose parts sum to the change of its root. */
#include "understand/goal.h"
#include "base/time.h"
#include "store/room_test.h"

static err e;

typedef struct {
    double x[3][2];
} two_times;

static double product(void *ctx, u32 now) {
    const two_times *t = ctx;
    return t->x[0][now & 1] * t->x[1][now >> 1 & 1] * t->x[2][now >> 2 & 1];
}

/* By hand: for two factors each gets the mean of what it adds first and last. */
static void parts_sum_to_the_change(void **state) {
    (void)state;
    arena *a = arena_open(1 << 20);
    double out[3];
    two_times t = {{{10, 12}, {5, 4}, {1, 1}}};
    shapley(a, product, &t, 3, out);
    assert_near(out[0], (2 * 5 + 2 * 4) / 2.0, 1e-12);
    assert_near(out[1], (-1 * 10 - 1 * 12) / 2.0, 1e-12);
    assert_near(out[2], 0, 1e-12);
    u64 seed = 4;
    for (int round = 0; round < 500; round++) {
        for (int i = 0; i < 6; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            t.x[i / 2][i % 2] = (double)(seed >> 40) / 1000 - 8000;
        }
        shapley(a, product, &t, 3, out);
        double change = product(&t, 7) - product(&t, 0);
        assert_near((out[0] + out[1] + out[2] - change) / fmax(1, fabs(change)), 0, 1e-9);
    }
    arena_close(a);
}

static void relations_are_arithmetic(void **state) {
    const str names[] = {S("a"), S("nps-call"), S("c")};
    static const double values[] = {6, 3, 2};
    static const struct {
        const char *text;
        double value;
    } good[] = {{"a + nps-call * c", 12}, {"(a + nps-call) * c", 18}, {"a / c - 1", 2},
                {"0.5 * a + 0.5 * c", 4}, {"a - nps-call - c", 1},    {"a/c", 3}};
    static const char *const bad[] = {"a +", "a b", "(a", "b", "a ** c", "mix()", ")", "a + + c"};
    arena *a = arena_open(1 << 20);
    relation *r;
    str mix;
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_ok(relation_parse(a, str_of(good[i].text), names, 3, &r, &mix, &e));
        assert_near(relation_value(r, values), good[i].value, 1e-12);
    }
    for (size_t i = 0; i < COUNT(bad); i++)
        if (relation_parse(a, str_of(bad[i]), names, 3, &r, &mix, &e)) fail_msg("%s", bad[i]);
    assert_ok(relation_parse(a, S("mix(channel)"), NULL, 0, &r, &mix, &e));
    assert_true(!r && str_eq(mix, S("channel")));
    assert_ok(relation_parse(a, S("a / c"), names, 3, &r, &mix, &e));
    assert_true(isnan(relation_value(r, (double[]){1, 1, 0}))); /* not infinite */
    arena_close(a);
}

/* ---- a tree over a store ---- */

typedef struct {
    room r;
    tally *t;
    heard items[2000];
    size_t n;
} house;

static void put(house *h, i64 at, const char *event, const char *channel, i64 score) {
    heard *x = heard_bare(h->r.a, &h->items[h->n], "", "w");
    x->sig.row.external_id = arena_fmt(h->r.a, "e%zu", h->n++);
    x->sig.row.occurred_at = at;
    x->sig.row.event = str_of(event);
    x->sig.row.channel = str_of(channel);
    if (score >= 0) {
        x->sig.attrs = NEW(h->r.a, attribute);
        *x->sig.attrs = (attribute){S("score:nps"), NO_STR, score * NUM6_ONE};
        x->sig.attrs_n = 1;
    }
    signal_seal(h->r.a, &x->sig);
}

static i64 add(house *h, const char *name, i64 parent, const char *formula,
               const char *population) {
    goal_row m;
    noun_init(&noun_goal, &m);
    m.name = str_of(name), m.metric = str_of(formula);
    m.population = population ? str_of(population) : NO_STR;
    m.kind = parent ? S("kpi") : S("kgi");
    m.parent_id = parent ? parent : NONE;
    assert_ok(goal_check(h->r.s, h->r.a, &m, &e));
    assert_ok(store_put(h->r.s, &noun_goal, &m, &e));
    return m.id;
}

static bool relate(house *h, i64 id, const char *text) {
    goal_row m;
    assert_ok(store_get(h->r.s, h->r.a, &noun_goal, id, &m, &e));
    m.relation = str_of(text);
    return goal_check(h->r.s, h->r.a, &m, &e) && store_put(h->r.s, &noun_goal, &m, &e);
}

static const goal *find(const goal_tree *t, const char *name) {
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->goals[i].row.name, str_of(name))) return &t->goals[i];
    fail_msg("no goal %s", name);
    return NULL;
}

static void the_root_moves_by_its_leaves(void **state) {
    (void)state;
    house *h = mem_new(1, sizeof *h);
    room_start(&h->r);
    assert_ok(tally_open(h->r.s, &h->t, NULL, NULL, &e));
    for (i64 d = 0; d < 56; d++) {
        bool now = d >= 28;
        for (int i = 0; i < (now ? 12 : 8); i++) put(h, T0 + d * DAY_MS + i, "visited", "web", -1);
        for (int i = 0; i < (now ? 3 : 4); i++)
            put(h, T0 + d * DAY_MS + i, "order_placed", i % 2 ? "web" : "shop",
                now && i ? 9 : 3 + 6 * (i % 2));
    }
    assert_ok(store_add(h->r.s, h->items, h->n, NULL, &e));
    assert_ok(tally_follow(h->t, &e));
    i64 root = add(h, "orders", 0, "count", "event = 'order_placed'");
    add(h, "visits", root, "count", "event = 'visited'");
    add(h, "conversion", root, "ratio:event = 'order_placed' / event = 'visited'", NULL);
    assert_true(relate(h, root, "visits * conversion / 100"));
    i64 nps = add(h, "nps-all", 0, "nps", NULL);
    assert_true(relate(h, nps, "mix(channel)"));
    assert_false(relate(h, nps, "visits * 2")); /* not below it */
    goal_tree t;
    goal_question q = {.now_ms = T0 + 56 * DAY_MS - 1, .days = 28};
    assert_ok(goals_ask(h->t, h->r.s, h->r.a, &q, &t, &e));
    assert_int_equal(t.n, 4);
    double parts = find(&t, "visits")->contribution + find(&t, "conversion")->contribution +
                   find(&t, "orders")->rest;
    assert_near(find(&t, "orders")->contribution, 28 * (3 - 4), 1e-9);
    assert_near(parts, 28 * (3 - 4), 1e-9);
    assert_near(find(&t, "orders")->rest, 0, 1e-9);
    assert_true(find(&t, "visits")->contribution > 0 && find(&t, "conversion")->contribution < 0);
    const goal *g = find(&t, "nps-all");
    double sum = 0;
    for (size_t i = 0; i < g->segments_n; i++) sum += g->segments[i].mix + g->segments[i].rate;
    assert_near(sum, g->value[1] - g->value[0], 1e-9);
    buf b = {.a = h->r.a};
    json_out j = json_to(&b);
    goals_print(&j, h->r.a, &q, &t);
    assert_null(memmem(b.p, b.n, "nan", 3));
    /* Nothing said at all: no numbers, no crash. */
    q.now_ms = T0 - 400 * DAY_MS;
    assert_ok(goals_ask(h->t, h->r.s, h->r.a, &q, &t, &e));
    assert_true(isnan(find(&t, "nps-all")->value[1]));
    char cmd[300];
    tally_close(h->t);
    snprintf(cmd, sizeof cmd, "rm -rf '%s.tally'", h->r.path);
    assert_int_equal(system(cmd), 0);
    room_end(&h->r);
    free(h);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_sum_to_the_change),
        cmocka_unit_test(relations_are_arithmetic),
        cmocka_unit_test(the_root_moves_by_its_leaves),
    };
    return RUN_TESTS(tests);
}
