/* fault_test.c - every write, sync, truncate, open, read and allocation fails once: the store is as
** before or as after, never between; and a power cut takes nothing that was acknowledged. */
#include "store/room_test.h"
#include "store/sqlite.h"

enum { BATCH = 6 };

static const u32 changing = FAULT_OPEN | FAULT_WRITE | FAULT_TRUNCATE | FAULT_SYNC;

static bool open_faulty(room *r, err *e) {
    store_options o = room_options(r);
    /* A short log: the commits below fold it in, so that faults strike there too. */
    return store_open(str_of(r->path), &o, &r->s, e) &&
           db_exec(r->s, "PRAGMA wal_autocheckpoint = 20", e);
}

static void make_batch(room *r, heard *h, i64 round) {
    for (int i = 0; i < BATCH; i++)
        heard_full(r->a, &h[i], arena_fmt(r->a, "%" PRId64 "-%d", round, i).p, "slow");
}

static i64 count_now(room *r) {
    err e;
    i64 n = -1, counted = store_signal_count(r->s);
    assert_ok(store_count(r->s, &noun_signal, NULL, &n, &e));
    assert_int_equal(n, counted);
    return n;
}

static void reopen(room *r) {
    err e;
    store_close(r->s);
    r->s = NULL;
    assert_ok(open_faulty(r, &e));
}

/* One batch while call n fails; yields whether a fault struck. */
static bool add_with_fault(room *r, i64 round, i64 n, fault_kind kind, bool sticky) {
    err e = {0};
    heard h[BATCH];
    make_batch(r, h, round);
    i64 before = count_now(r);
    vfs_fault_after(changing, n, kind, sticky);
    bool ok = store_add(r->s, h, BATCH, NULL, &e);
    bool hit = vfs_fault_hit();
    vfs_fault_off();
    if (!ok) {
        assert_true(hit);
        assert_true(e.code == IO || e.code == LIMIT);
        assert_true(strlen(e.msg) > 10);
        assert_int_equal(h[0].sig.row.id, 0);
    }
    i64 after = count_now(r);
    assert_int_equal(after, ok ? before + BATCH : before);
    if (sticky) reopen(r); /* what the file holds must agree, whoever looks: before or after */
    after = count_now(r);
    assert_true(after == before + BATCH || (!ok && after == before));
    assert_clean(r->s);
    assert_ok(store_add(r->s, h, BATCH, NULL, &e)); /* given again, nothing is there twice */
    assert_int_equal(count_now(r), before + BATCH);
    return hit;
}

static void a_batch_is_whole_or_absent_whatever_write_fails(void **state) {
    (void)state;
    static const fault_kind kinds[] = {FAULT_ERROR, FAULT_FULL, FAULT_TORN};
    i64 round = 0, struck = 0;
    for (size_t k = 0; k < COUNT(kinds); k++)
        for (int sticky = 0; sticky < 2; sticky++) {
            room r;
            err e;
            room_folder(&r);
            assert_ok(open_faulty(&r, &e));
            for (i64 n = 0; add_with_fault(&r, round++, n, kinds[k], sticky); n++) {
                struck++;
                if (n % 8) continue; /* a small store is checked quickly */
                store_close(r.s);
                r.s = NULL;
                room_remove_files(&r);
                assert_ok(open_faulty(&r, &e));
            }
            room_end(&r);
        }
    assert_true(struck > 150);
}

static void make_ticket(ticket *t, str deed_key, i64 signal_id) {
    noun_init(&noun_ticket, t);
    t->deed = deed_key;
    t->signal_id = signal_id;
    t->title = S("late parcel");
    t->state = S("open");
    t->priority = S("high");
    t->opened_at = T0;
}

static void a_put_and_its_audit_are_whole_or_absent(void **state) {
    (void)state;
    room r;
    err e;
    heard h[BATCH];
    i64 struck = 0;
    room_folder(&r);
    assert_ok(open_faulty(&r, &e));
    make_batch(&r, h, 0);
    assert_ok(store_add(r.s, h, BATCH, NULL, &e));
    for (i64 n = 0, hit = 1; hit; n++) {
        ticket t;
        i64 tickets = 0, audits = 0, was = 0;
        make_ticket(&t, arena_fmt(r.a, "t%" PRId64, n), 1 + n % BATCH);
        assert_ok(store_count(r.s, &noun_ticket, NULL, &was, &e));
        vfs_fault_after(changing, n, n % 2 ? FAULT_ERROR : FAULT_FULL, false);
        bool ok = store_put(r.s, &noun_ticket, &t, &e);
        hit = vfs_fault_hit();
        struck += hit;
        vfs_fault_off();
        if (!ok) assert_int_equal(t.id, 0);
        assert_ok(store_count(r.s, &noun_ticket, NULL, &tickets, &e));
        assert_ok(store_count(r.s, &noun_audit, NULL, &audits, &e));
        assert_int_equal(tickets, was + ok);
        assert_int_equal(tickets, audits);
        assert_clean(r.s);
    }
    assert_true(struck >= 3);
    room_end(&r);
}

static void making_a_store_can_fail_anywhere_and_be_tried_again(void **state) {
    (void)state;
    room r;
    err e;
    i64 struck = 0;
    room_folder(&r);
    for (i64 n = 0, hit = 1; hit; n++) {
        vfs_fault_after(changing, n, FAULT_ERROR, n % 2);
        bool ok = open_faulty(&r, &e);
        hit = vfs_fault_hit();
        struck += hit;
        if (!ok) assert_true(e.code == IO && strlen(e.msg) > 10);
        store_close(ok ? r.s : NULL);
        vfs_fault_off();
        r.s = NULL;
        assert_ok(open_faulty(&r, &e));
        assert_clean(r.s);
        store_close(r.s);
        r.s = NULL;
        room_remove_files(&r);
    }
    assert_true(struck > 10);
    room_end(&r);
}

static bool count_row(void *ctx, const signal *sig, const insight *ins, err *e) {
    (void)e;
    assert_int_equal(ins->mentions_n, 2);
    assert_str(ins->mentions[0].aspect, S("delivery.speed"));
    assert_int_equal(sig->attrs_n, 2);
    ++*(i64 *)ctx;
    return true;
}

static void a_read_that_fails_is_told(void **state) {
    (void)state;
    room r;
    err e;
    heard h[BATCH];
    i64 failures = 0;
    room_folder(&r);
    assert_ok(open_faulty(&r, &e));
    make_batch(&r, h, 0);
    assert_ok(store_add(r.s, h, BATCH, NULL, &e));
    for (i64 n = 0, hit = 1; hit; n++) {
        reopen(&r);
        i64 seen = 0;
        vfs_fault_after(FAULT_READ, n, FAULT_ERROR, false);
        bool ok = store_scan(r.s, 0, 0, true, count_row, &seen, &e);
        hit = vfs_fault_hit();
        vfs_fault_off();
        failures += !ok;
        if (!ok) assert_true(hit && e.code == IO);
        if (ok) assert_int_equal(seen, BATCH);
    }
    assert_true(failures > 0);
    assert_clean(r.s);
    room_end(&r);
}

/* ---- memory ---- */

static void assert_no_cursor(const store *s) {
    for (size_t i = 0; i < STATEMENTS_MAX; i++) assert_false(s->statements[i].taken);
}

static void an_allocation_that_fails_leaves_nothing_half_done(void **state) {
    (void)state;
    room r;
    err e;
    heard h[BATCH];
    bool ok = false;
    room_start(&r);
    make_batch(&r, h, 0);
    assert_ok(store_add(r.s, h, BATCH, NULL, &e));
    for (i64 n = 0; !ok; n++) {
        ticket t;
        i64 tickets = -1;
        make_ticket(&t, S("once"), 1);
        arena_fail_after(n);
        ok = store_put(r.s, &noun_ticket, &t, &e);
        arena_fail_after(-1);
        assert_no_cursor(r.s);
        if (!ok) assert_int_equal(e.code, LIMIT);
        assert_ok(store_count(r.s, &noun_ticket, NULL, &tickets, &e));
        assert_int_equal(tickets, ok);
    }
    ok = false;
    for (i64 n = 0; !ok; n++) {
        i64 seen = 0;
        arena_fail_after(n);
        ok = store_scan(r.s, 0, 0, true, count_row, &seen, &e);
        arena_fail_after(-1);
        assert_no_cursor(r.s);
        if (!ok) assert_int_equal(e.code, LIMIT);
        if (ok) assert_int_equal(seen, BATCH);
    }
    ok = false;
    for (i64 n = 0; !ok; n++) {
        i64 bad = -1;
        arena_fail_after(n);
        ok = store_check(r.s, NULL, NULL, &bad, &e);
        arena_fail_after(-1);
        assert_no_cursor(r.s);
        if (!ok) assert_int_equal(bad, -1);
    }
    assert_clean(r.s);
    room_end(&r);
}

typedef struct {
    room *r;
    size_t n;
} listing;

static bool list_job(arena *a, void *ctx, err *e) {
    listing *l = ctx;
    void *recs = NULL;
    customer c;
    deed d;
    return store_list(l->r->s, a, &noun_deed, NULL, &recs, &l->n, e) &&
           store_get(l->r->s, a, &noun_customer, 1, &c, e) &&
           store_find(l->r->s, a, &noun_deed, S("late/1/0-0"), &d, e);
}

/* A caller's job that ends in the middle leaves no cursor: the file can be written and closed. */
static void a_listing_that_runs_out_of_memory_holds_nothing(void **state) {
    (void)state;
    room r;
    err e;
    heard h[BATCH];
    i64 survived = -1;
    room_start(&r);
    make_batch(&r, h, 0);
    assert_ok(store_add(r.s, h, BATCH, NULL, &e));
    for (i64 n = 0; survived < 0; n++) {
        listing l = {&r, 0};
        arena_fail_after(n);
        bool ok = job_run(1 << 20, list_job, &l, &e);
        arena_fail_after(-1);
        if (ok)
            survived = n;
        else
            assert_int_equal(e.code, LIMIT);
        assert_no_cursor(r.s);
    }
    assert_true(survived > 3);
    assert_clean(r.s);
    room_end(&r);
}

/* ---- power ---- */

/* Batches are added until the power goes at write n; after the cut every acknowledged one is there,
** and of the one in flight all or nothing. */
static void live_and_die(room *r, u64 seed) {
    err e;
    heard h[BATCH];
    i64 acknowledged = 0, tried = 0;
    world_fake dice;
    world_fake_init(&dice, 0, seed);
    vfs_fault_watch();
    assert_ok(open_faulty(r, &e));
    vfs_fault_after(changing, (i64)(dice.w.random(&dice.w) % 400),
                    seed % 2 ? FAULT_TORN : FAULT_ERROR, true);
    for (bool ok = true; ok && tried < 40; tried += ok || vfs_fault_hit()) {
        make_batch(r, h, tried);
        ok = store_add(r->s, h, BATCH, NULL, &e);
        acknowledged += ok;
    }
    store_close(r->s); /* folding in the log may be where it ends */
    r->s = NULL;
    vfs_fault_off();
    assert_true(vfs_fault_cut(seed));
    room_open(r);
    i64 n = count_now(r);
    if (n != acknowledged * BATCH && n != (acknowledged + 1) * BATCH)
        fail_msg("seed %" PRIu64 ": %" PRId64 " acknowledged batches, %" PRId64 " signals", seed,
                 acknowledged, n);
    assert_clean(r->s);
    i64 seen = 0;
    assert_ok(store_scan(r->s, 0, 0, true, count_row, &seen, &e));
    assert_int_equal(seen, n);
    store_close(r->s);
    r->s = NULL;
    room_remove_files(r);
}

static void a_power_cut_takes_nothing_acknowledged(void **state) {
    (void)state;
    room r;
    for (u64 seed = 1; seed <= 60; seed++) {
        room_folder(&r);
        err e;
        assert_ok(open_faulty(&r, &e)); /* made in peace */
        store_close(r.s);
        live_and_die(&r, seed);
        room_end(&r);
    }
}

/* The shim itself must be able to lose something, or the test above proves nothing. */
static void without_a_sync_a_power_cut_does_lose(void **state) {
    (void)state;
    room r;
    err e;
    i64 lost = 0;
    for (u64 seed = 1; seed <= 20; seed++) {
        heard h[BATCH];
        room_folder(&r);
        assert_ok(open_faulty(&r, &e));
        store_close(r.s);
        vfs_fault_watch();
        assert_ok(open_faulty(&r, &e));
        assert_ok(db_exec(r.s, "PRAGMA synchronous = OFF", &e));
        make_batch(&r, h, 0);
        assert_ok(store_add(r.s, h, BATCH, NULL, &e));
        vfs_fault_after(changing, 0, FAULT_ERROR, true);
        store_close(r.s);
        vfs_fault_off();
        assert_true(vfs_fault_cut(seed));
        room_open(&r);
        lost += count_now(&r) == 0;
        room_end(&r);
    }
    assert_true(lost > 0);
}

static void a_full_disk_is_one_sentence(void **state) {
    (void)state;
    room r;
    err e;
    heard h[BATCH];
    room_folder(&r);
    assert_ok(open_faulty(&r, &e));
    make_batch(&r, h, 0);
    vfs_fault_after(FAULT_WRITE, 0, FAULT_FULL, true);
    assert_false(store_add(r.s, h, BATCH, NULL, &e));
    vfs_fault_off();
    assert_int_equal(e.code, IO);
    assert_non_null(strstr(e.msg, "disk is full"));
    assert_non_null(strstr(e.msg, r.path));
    assert_ok(store_add(r.s, h, BATCH, NULL, &e));
    assert_clean(r.s);
    room_end(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_is_whole_or_absent_whatever_write_fails),
        cmocka_unit_test(a_put_and_its_audit_are_whole_or_absent),
        cmocka_unit_test(making_a_store_can_fail_anywhere_and_be_tried_again),
        cmocka_unit_test(a_read_that_fails_is_told),
        cmocka_unit_test(an_allocation_that_fails_leaves_nothing_half_done),
        cmocka_unit_test(a_listing_that_runs_out_of_memory_holds_nothing),
        cmocka_unit_test(a_power_cut_takes_nothing_acknowledged),
        cmocka_unit_test(without_a_sync_a_power_cut_does_lose),
        cmocka_unit_test(a_full_disk_is_one_sentence),
    };
    return RUN_TESTS(tests);
}
