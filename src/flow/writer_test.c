/* writer_test.c - many hands, one writer: nothing lost, nothing twice, nobody suffers for another. */
#include <stdatomic.h>
#include <unistd.h>
#include "base/test.h"
#include "flow/loader.h"

typedef struct {
    char dir[200], path[240];
    store *s;
    tally *t;
    writer *w;
    arena *a;
    atomic_llong beats, told;
} desk_room;

static atomic_ullong chances = 1;
static i64 clock_ms(world *w) {
    (void)w;
    return 1772000000000;
}
static u64 chance(world *w) {
    (void)w;
    return atomic_fetch_add(&chances, 1) * 0x9e3779b97f4a7c15u;
}
static world steady = {clock_ms, chance, NULL};

static void count_beat(void *ctx, const flow_counts *since) {
    desk_room *r = ctx;
    atomic_fetch_add(&r->beats, 1);
    atomic_fetch_add(&r->told, since->added);
}

static desk_room *room_open(void) {
    err e;
    desk_room *r = mem_new(1, sizeof *r);
    const char *tmp = getenv("TMPDIR");
    snprintf(r->dir, sizeof r->dir, "%s/heed-writer-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(r->dir));
    snprintf(r->path, sizeof r->path, "%s/heed.db", r->dir);
    store_options so = {.w = &steady, .create = true};
    writer_options o = {.flow = {.w = &steady}, .beat = count_beat, .ctx = r};
    r->a = arena_open((size_t)64 << 20);
    assert_ok(store_open(str_of(r->path), &so, &r->s, &e));
    assert_ok(flow_furnish(r->s, &e));
    assert_ok(tally_open(r->s, &r->t, NULL, NULL, &e));
    assert_ok(writer_open(str_of(r->path), r->t, &o, &r->w, &e));
    return r;
}

static void room_close(desk_room *r) {
    char z[260];
    writer_close(r->w);
    tally_close(r->t);
    store_close(r->s);
    arena_close(r->a);
    snprintf(z, sizeof z, "rm -rf '%s'", r->dir);
    assert_int_equal(system(z), 0);
    free(r);
}

static signal said(arena *a, int who, int i, const char *words) {
    signal s;
    signal_init(&s);
    s.row.source = S("test");
    s.row.external_id = arena_fmt(a, "%d-%d", who, i);
    s.row.occurred_at = clock_ms(NULL) - i;
    s.row.words = str_of(words);
    signal_seal(a, &s);
    return s;
}

/* ---- many hands ---- */

enum { HANDS = 8, EACH = 40 };

typedef struct {
    desk_room *r;
    int who;
    pthread_t thread;
    i64 ok, refused;
    i64 ids[EACH];
} hand;

/* Every tenth of the last hand's signals cannot be stored: it has no time. */
static void *hand_in_all(void *arg) {
    hand *h = arg;
    arena *a = arena_open((size_t)16 << 20);
    for (int i = 0; i < EACH; i++) {
        err e;
        flow_counts c = {0};
        flow_fate fate;
        signal s = said(a, h->who, i, "all was well");
        bool broken = h->who == HANDS - 1 && i % 10 == 0;
        if (broken) s.row.occurred_at = NONE;
        bool ok = writer_take(h->r->w, &s, 1, NULL, &c, &fate, &e);
        h->ok += ok && c.added == 1 && fate.added;
        h->refused += !ok && broken;
        h->ids[i] = ok ? fate.id : 0;
    }
    arena_close(a);
    return NULL;
}

static void one_bad_signal_harms_nobody_else(void **state) {
    (void)state;
    desk_room *r = room_open();
    hand hands[HANDS];
    bool seen[HANDS * EACH + 1] = {0};
    i64 ok = 0, refused = 0;
    for (int i = 0; i < HANDS; i++) {
        hands[i] = (hand){.r = r, .who = i};
        assert_int_equal(pthread_create(&hands[i].thread, NULL, hand_in_all, &hands[i]), 0);
    }
    for (int i = 0; i < HANDS; i++) {
        pthread_join(hands[i].thread, NULL);
        ok += hands[i].ok;
        refused += hands[i].refused;
        for (int k = 0; k < EACH; k++) {
            i64 id = hands[i].ids[k];
            assert_true(id >= 0 && id <= HANDS * EACH && (id == 0 || !seen[id]));
            seen[id] = true;
        }
    }
    assert_int_equal(refused, EACH / 10);
    assert_int_equal(ok, HANDS * EACH - EACH / 10);
    assert_int_equal(store_signal_count(r->s), ok);
    assert_int_equal(tally_rows_total(r->t), ok);
    room_close(r);
}

static void what_is_taken_is_told_and_the_pulse_goes_on(void **state) {
    (void)state;
    desk_room *r = room_open();
    err e;
    flow_counts c = {0};
    signal s[3] = {said(r->a, 1, 1, "a"), said(r->a, 1, 2, "b"), said(r->a, 1, 1, "again")};
    flow_fate fates[3];
    assert_ok(writer_take(r->w, s, 3, NULL, &c, fates, &e));
    assert_true(c.added == 2 && c.known == 1);
    assert_true(fates[0].added && fates[1].added && !fates[2].added);
    assert_int_equal(fates[2].id, fates[0].id);
    assert_ok(writer_take(r->w, s, 0, NULL, &c, NULL, &e));
    for (int i = 0; i < 6000 && atomic_load(&r->beats) < 2; i++) usleep(10000);
    assert_true(atomic_load(&r->beats) >= 2);
    assert_int_equal(atomic_load(&r->told), 2);
    room_close(r);
}

static void more_than_a_batch_is_several_commits(void **state) {
    (void)state;
    desk_room *r = room_open();
    err e;
    enum { MANY = LIMIT_BATCH_SIGNALS + 100 };
    flow_counts c = {0};
    signal *s = NEW_N(r->a, signal, MANY);
    flow_fate *fates = NEW_N(r->a, flow_fate, MANY);
    for (int i = 0; i < MANY; i++) s[i] = said(r->a, 1, i, "x");
    assert_ok(writer_take(r->w, s, MANY, NULL, &c, fates, &e));
    assert_int_equal(c.added, MANY);
    for (int i = 0; i < MANY; i++) assert_true(fates[i].added && fates[i].id == i + 1);
    room_close(r);
}

static void a_new_rule_counts_from_the_next_batch_on(void **state) {
    (void)state;
    desk_room *r = room_open();
    err e;
    flow_counts c = {0};
    rule rule_row;
    signal before = said(r->a, 1, 1, "late"), after = said(r->a, 1, 2, "late");
    assert_ok(writer_take(r->w, &before, 1, NULL, &c, NULL, &e));
    noun_init(&noun_rule, &rule_row);
    rule_row.name = S("late");
    rule_row.condition = S("words ~ 'late'");
    rule_row.action = S("ticket");
    rule_row.params = S("{\"department\":\"logistics\"}");
    rule_row.enabled = 1;
    assert_ok(store_put(r->s, &noun_rule, &rule_row, &e));
    writer_rules_changed(r->w);
    assert_ok(writer_take(r->w, &after, 1, NULL, &c, NULL, &e));
    i64 tickets;
    assert_ok(store_count(r->s, &noun_ticket, &(store_query){0}, &tickets, &e));
    assert_int_equal(tickets, 1);
    room_close(r);
}

/* ---- wishes ---- */

static void wishes_are_read_strictly(void **state) {
    (void)state;
    static const char *const good = "{\"map\":{\"words\":\"a\",\"-\":[\"b\",\"c\"]},\"set\":{"
                                    "\"channel\":\"web\",\"score:nps\":7},"
                                    "\"zone\":\"-05:30\",\"header\":false,\"dates\":\"dmy\"}";
    static const char *const bad[] = {"[]",
                                      "{\"map\":[]}",
                                      "{\"zone\":\"noon\"}",
                                      "{\"header\":1}",
                                      "{\"source\":7}",
                                      "{\"x\":1}",
                                      "{\"set\":{\"a\":null}}"};
    arena *a = arena_open(1 << 20);
    plan_wish w;
    json *v;
    err e;
    assert_ok(json_read(a, str_of(good), &v, &e));
    assert_ok(wish_read(a, v, &w, &e));
    assert_int_equal(w.map_n, 3);
    assert_str(w.map[2].field, S("-"));
    assert_str(w.map[2].value, S("c"));
    assert_str(w.set[1].value, S("7"));
    assert_int_equal(w.zone_min, -330);
    assert_int_equal(w.header, 0);
    assert_ok(wish_read(a, NULL, &w, &e));
    assert_int_equal(w.header, -1);
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_ok(json_read(a, str_of(bad[i]), &v, &e));
        assert_false(wish_read(a, v, &w, &e));
        assert_int_equal(e.code, INVALID);
    }
    arena_close(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_bad_signal_harms_nobody_else),
        cmocka_unit_test(what_is_taken_is_told_and_the_pulse_goes_on),
        cmocka_unit_test(more_than_a_batch_is_several_commits),
        cmocka_unit_test(a_new_rule_counts_from_the_next_batch_on),
        cmocka_unit_test(wishes_are_read_strictly),
    };
    return RUN_TESTS(tests);
}
