/* signals_test.c - what is heard is stored once, whole, and comes back as it was. */
#include "store/room_test.h"

/* Every field of two records of one noun, texts byte by byte. */
static void assert_same_rec(const noun *n, const void *have, const void *want) {
    for (size_t i = 0; i < n->fields_n; i++) {
        const field *f = &n->fields[i];
        if (!field_is_text(f)) {
            if (noun_int(f, have) != noun_int(f, want))
                fail_msg("%s.%s: have %" PRId64 ", want %" PRId64, n->name, f->name,
                         noun_int(f, have), noun_int(f, want));
            continue;
        }
        str x = noun_text(f, have), y = noun_text(f, want);
        if (!str_eq(x, y) || (x.p == NULL) != (y.p == NULL))
            fail_msg("%s.%s: have \"%.*s\", want \"%.*s\"", n->name, f->name, STR_ARG(x),
                     STR_ARG(y));
    }
}

typedef struct {
    const heard *want;
    size_t n, at;
    bool words;
} expected;

static bool expect_next(void *ctx, const signal *sig, const insight *ins, err *e) {
    (void)e;
    expected *x = ctx;
    assert_true(x->at < x->n);
    const heard *h = &x->want[x->at++];
    signal_row row = h->sig.row;
    insight_row irow = h->ins.row;
    if (!x->words) row.words = irow.clean = NO_STR;
    assert_same_rec(&noun_signal, &sig->row, &row);
    assert_same_rec(&noun_insight, &ins->row, &irow);
    assert_int_equal(sig->attrs_n, h->sig.attrs_n);
    for (size_t i = 0; i < sig->attrs_n; i++) {
        assert_str(sig->attrs[i].key, h->sig.attrs[i].key);
        assert_str(sig->attrs[i].text, h->sig.attrs[i].text);
        assert_int_equal(sig->attrs[i].num, h->sig.attrs[i].num);
    }
    assert_int_equal(ins->mentions_n, h->ins.mentions_n);
    for (size_t i = 0; i < ins->mentions_n; i++)
        assert_same_rec(&noun_mention, &ins->mentions[i], &h->ins.mentions[i]);
    return true;
}

static void what_is_added_comes_back_as_it_was(void **state) {
    (void)state;
    room r;
    err e;
    heard h[4];
    room_start(&r);
    heard_full(r.a, &h[0], "a", "slow parcel");
    heard_bare(r.a, &h[1], "b", "fine");
    heard_full(r.a, &h[2], "c", "ab\xe5\xbe\x88\xe6\x85\xa2");
    heard_bare(r.a, &h[3], "d", "x");
    h[3].sig.row.words = (str){"a\0b", 3}; /* a NUL is a byte like any other */
    h[2].ins.row.clean = S("ab");
    assert_ok(store_add(r.s, h, 4, NULL, &e));
    for (i64 i = 0; i < 4; i++) {
        assert_true(h[i].added);
        assert_int_equal(h[i].sig.row.id, i + 1);
        assert_int_equal(h[i].sig.row.received_at, T0);
        assert_int_equal(h[i].sig.row.uid.n, 36);
    }
    expected x = {h, 4, 0, true};
    assert_ok(store_scan(r.s, 0, 0, true, expect_next, &x, &e));
    assert_int_equal(x.at, 4);
    x = (expected){h, 4, 0, false};
    assert_ok(store_scan(r.s, 0, 0, false, expect_next, &x, &e));
    x = (expected){h + 1, 2, 0, true};
    assert_ok(store_scan(r.s, 1, 2, true, expect_next, &x, &e));
    assert_int_equal(x.at, 2);
    heard turned[2] = {h[2], h[0]};
    x = (expected){turned, 2, 0, true};
    assert_ok(store_scan_ids(r.s, (i64[]){99, 3, 77, 1}, 4, expect_next, &x, &e));
    assert_int_equal(x.at, 2);
    store_close(r.s); /* and after a new start too */
    room_open(&r);
    x = (expected){h, 4, 0, true};
    assert_ok(store_scan(r.s, 0, 0, true, expect_next, &x, &e));
    assert_int_equal(store_signal_count(r.s), 4);
    assert_int_equal(store_last_id(r.s), 4);
    assert_clean(r.s);
    room_end(&r);
}

static i64 count(store *s, const noun *n) {
    err e;
    i64 v = -1;
    assert_ok(store_count(s, n, NULL, &v, &e));
    return v;
}

static void what_is_heard_twice_changes_nothing(void **state) {
    (void)state;
    room r;
    err e;
    heard h[3], again[3];
    room_start(&r);
    for (int i = 0; i < 3; i++) heard_full(r.a, &h[i], i == 2 ? "a" : i ? "b" : "a", "one");
    assert_ok(store_add(r.s, h, 3, NULL, &e)); /* twice within one batch */
    assert_true(h[0].added && h[1].added && !h[2].added);
    assert_int_equal(h[2].sig.row.id, h[0].sig.row.id);
    heard_full(r.a, &again[0], "b", "two");
    heard_full(r.a, &again[1], "c", "new");
    again[1].sig.row.external_id = S("a");
    again[1].sig.row.source = S("web"); /* the same id from elsewhere is another signal */
    again[1].deeds->key = S("late/1/web");
    heard_full(r.a, &again[2], "a", "three");
    assert_ok(store_add(r.s, again, 3, NULL, &e));
    assert_true(!again[0].added && again[1].added && !again[2].added);
    assert_int_equal(again[0].sig.row.id, 2);
    assert_int_equal(again[1].sig.row.id, 3);
    assert_int_equal(again[2].sig.row.id, 1);
    expected x = {h, 2, 0, true};
    assert_ok(store_scan(r.s, 0, 2, true, expect_next, &x, &e));
    assert_int_equal(store_signal_count(r.s), 3);
    assert_int_equal(count(r.s, &noun_insight), 3);
    assert_int_equal(count(r.s, &noun_mention), 6);
    assert_int_equal(count(r.s, &noun_deed), 3);
    assert_clean(r.s);
    room_end(&r);
}

static void customers_are_known_by_their_identities(void **state) {
    (void)state;
    room r;
    err e;
    heard h[4];
    room_start(&r);
    for (int i = 0; i < 4; i++)
        heard_bare(r.a, &h[i], (const char *[]){"a", "b", "c", "d"}[i], "hi");
    h[0].sig.row.customer = S("phone:1");
    h[1].sig.row.customer = S("phone:1");
    h[2].sig.row.customer = S("1"); /* bare: the source is its namespace */
    assert_ok(store_add(r.s, h, 4, NULL, &e));
    assert_int_equal(count(r.s, &noun_customer), 2);
    void *recs;
    size_t n;
    assert_ok(store_list(r.s, r.a, &noun_identity, NULL, &recs, &n, &e));
    const identity *id = recs;
    assert_int_equal(n, 2);
    assert_str(id[0].namespace, S("phone"));
    assert_str(id[0].value, S("1"));
    assert_str(id[1].namespace, S("app"));
    customer c, by_uid;
    assert_ok(store_get(r.s, r.a, &noun_customer, id[1].customer_id, &c, &e));
    assert_int_equal(c.created_at, T0);
    assert_int_equal(c.uid.n, 36);
    assert_ok(store_find(r.s, r.a, &noun_customer, c.uid, &by_uid, &e));
    assert_int_equal(by_uid.id, c.id);
    assert_false(store_find(r.s, r.a, &noun_customer, S("nobody"), &by_uid, &e));
    assert_int_equal(e.code, NOT_FOUND);
    assert_clean(r.s);
    room_end(&r);
}

static void a_duplicate_may_name_its_neighbour(void **state) {
    (void)state;
    room r;
    err e;
    heard h[3];
    room_start(&r);
    heard_full(r.a, &h[0], "a", "same");
    assert_ok(store_add(r.s, h, 1, NULL, &e));
    for (int i = 0; i < 3; i++) heard_full(r.a, &h[i], (const char *[]){"b", "c", "d"}[i], "other");
    h[1].ins.row.duplicate_of = -1;
    h[2].ins.row.duplicate_of = 1;
    h[1].ins.row.quality = h[2].ins.row.quality = S("duplicate");
    assert_ok(store_add(r.s, h, 3, NULL, &e));
    assert_int_equal(h[1].ins.row.duplicate_of, 2);
    assert_int_equal(h[2].ins.row.duplicate_of, 1);
    expected x = {h, 3, 0, true};
    assert_ok(store_scan(r.s, 1, 0, true, expect_next, &x, &e));
    assert_clean(r.s);
    room_end(&r);
}

static void add_print(void *ctx, i64 id, i64 words_hash, i64 simhash) {
    (void)words_hash;
    assert_int_equal(simhash, -5);
    *(i64 *)ctx = *(i64 *)ctx * 10 + id;
}

static void fingerprints_find_the_first(void **state) {
    (void)state;
    room r;
    err e;
    heard h[4];
    i64 id = -1, seen = 0;
    room_start(&r);
    heard_full(r.a, &h[0], "a", "x");
    heard_full(r.a, &h[1], "b", "same");
    heard_full(r.a, &h[2], "c", "same");
    heard_bare(r.a, &h[3], "d", "no print");
    assert_ok(store_add(r.s, h, 4, NULL, &e));
    assert_ok(store_find_words(r.s, h[2].ins.row.words_hash, &id, &e));
    assert_int_equal(id, 2);
    assert_ok(store_find_words(r.s, 12345, &id, &e));
    assert_int_equal(id, 0);
    assert_ok(store_recent_prints(r.s, 2, add_print, &seen, &e));
    assert_int_equal(seen, 32);
    room_end(&r);
}

static void the_intake_goes_with_the_batch(void **state) {
    (void)state;
    room r;
    err e;
    heard h[3];
    intake p, q;
    room_start(&r);
    noun_init(&noun_intake, &p);
    p.key = S("k");
    p.source = S("app");
    p.records = 3;
    p.added = p.known = p.rejected = 0;
    p.started_at = p.changed_at = T0;
    heard_full(r.a, &h[0], "a", "x");
    heard_full(r.a, &h[1], "b", "x");
    heard_full(r.a, &h[2], "a", "x");
    assert_ok(store_add(r.s, h, 3, &p, &e));
    assert_int_equal(p.added, 2);
    assert_int_equal(p.known, 1);
    assert_ok(store_find(r.s, r.a, &noun_intake, S("k"), &q, &e));
    assert_int_equal(q.id, p.id);
    assert_int_equal(q.added, 2);
    p.finished = 1;
    assert_ok(store_add(r.s, NULL, 0, &p, &e));
    assert_ok(store_get(r.s, r.a, &noun_intake, p.id, &q, &e));
    assert_int_equal(q.finished, 1);
    assert_int_equal(q.known, 1);
    intake broken = p;
    broken.source = NO_STR; /* the batch goes with it: nothing of it stays */
    heard_full(r.a, &h[0], "z", "x");
    assert_false(store_add(r.s, h, 1, &broken, &e));
    assert_int_equal(e.code, INVALID);
    assert_int_equal(h[0].sig.row.id, 0);
    assert_false(h[0].added);
    assert_int_equal(store_signal_count(r.s), 2);
    assert_ok(store_add(r.s, h, 1, &p, &e)); /* and the items can be given again */
    assert_int_equal(h[0].sig.row.id, 3);
    assert_clean(r.s);
    room_end(&r);
}

static bool stop_at_two(void *ctx, const signal *sig, const insight *ins, err *e) {
    (void)ins;
    (void)e;
    *(i64 *)ctx = sig->row.id;
    return sig->row.id < 2;
}

static bool refuse(void *ctx, const signal *sig, const insight *ins, err *e) {
    (void)ctx;
    (void)ins;
    return sig->row.id < 2 || err_set(e, DENIED, "here", 1, "no more");
}

/* Inside a scan the store is there for questions, even for another scan. */
static bool ask_within(void *ctx, const signal *sig, const insight *ins, err *e) {
    (void)ins;
    i64 seen = 0;
    if (!store_scan(ctx, sig->row.id, 1, true, stop_at_two, &seen, e)) return false;
    assert_int_equal(seen, sig->row.id < 3 ? sig->row.id + 1 : 0);
    return true;
}

static void a_visit_can_stop_fail_and_ask(void **state) {
    (void)state;
    room r;
    err e;
    heard h[3];
    i64 last = 0;
    room_start(&r);
    for (int i = 0; i < 3; i++) heard_full(r.a, &h[i], (const char *[]){"a", "b", "c"}[i], "x");
    assert_ok(store_add(r.s, h, 3, NULL, &e));
    assert_ok(store_scan(r.s, 0, 0, true, stop_at_two, &last, &e));
    assert_int_equal(last, 2);
    assert_false(store_scan(r.s, 0, 0, true, refuse, NULL, &e));
    assert_int_equal(e.code, DENIED);
    assert_ok(store_scan(r.s, 0, 0, true, ask_within, r.s, &e));
    room_end(&r);
}

static void ids_grow_and_uids_with_them(void **state) {
    (void)state;
    room r;
    err e;
    enum { N = 500 };
    static heard h[N];
    room_start(&r);
    for (int i = 0; i < N; i++) heard_bare(r.a, &h[i], arena_fmt(r.a, "n%d", i).p, "x");
    assert_ok(store_add(r.s, h, N, NULL, &e));
    for (int i = 1; i < N; i++) assert_true(str_cmp(h[i - 1].sig.row.uid, h[i].sig.row.uid) < 0);
    expected x = {h, N, 0, true};
    assert_ok(store_scan(r.s, 0, 0, true, expect_next, &x, &e));
    assert_int_equal(x.at, N);
    room_end(&r);
}

/* A customer heard before is not looked up again, and yet made again when somebody deleted it. */
static void a_customer_who_was_deleted_is_made_again(void **st) {
    (void)st;
    room r;
    err e;
    room_start(&r);
    for (int round = 0; round < 4; round++) {
        heard h = {0};
        signal_init(&h.sig);
        noun_init(&noun_insight, &h.ins.row);
        h.sig.row.source = S("shop");
        h.sig.row.external_id = arena_fmt(r.a, "k%d", round);
        h.sig.row.customer = S("phone:7");
        h.sig.row.event = S("came");
        h.sig.row.occurred_at = T0;
        h.ins.row.quality = S("ok");
        h.ins.row.reader = S("test");
        assert_ok(store_add(r.s, &h, 1, NULL, &e));
        store_query all = {0};
        identity *ids;
        void *recs;
        size_t n;
        assert_ok(store_list(r.s, r.a, &noun_identity, &all, &recs, &n, &e));
        ids = recs;
        assert_int_equal(n, 1);
        store *other = NULL;
        store_options o = room_options(&r);
        if (round % 2) assert_ok(store_open(str_of(r.path), &o, &other, &e));
        assert_ok(store_delete(round % 2 ? other : r.s, &noun_identity, ids[0].id, &e));
        store_close(other);
    }
    room_end(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_customer_who_was_deleted_is_made_again),
        cmocka_unit_test(what_is_added_comes_back_as_it_was),
        cmocka_unit_test(what_is_heard_twice_changes_nothing),
        cmocka_unit_test(customers_are_known_by_their_identities),
        cmocka_unit_test(a_duplicate_may_name_its_neighbour),
        cmocka_unit_test(fingerprints_find_the_first),
        cmocka_unit_test(the_intake_goes_with_the_batch),
        cmocka_unit_test(a_visit_can_stop_fail_and_ask),
        cmocka_unit_test(ids_grow_and_uids_with_them),
    };
    return RUN_TESTS(tests);
}
