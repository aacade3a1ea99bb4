/* change_test.c - signals read again and people erased, in the store and in the tally beside it; what
** was erased is looked for in the raw bytes of every file. */
#include "store/room_test.h"
#include "store/tally_fake.h"

static err e;

enum { SIGNALS = 900, PEOPLE = 30 };

typedef struct {
    room r;
    fake f;
    heard *items;
    tally *t;
    char mirror[300];
} house;

/* Person p has this in their words, attributes, keys and opinion; nobody else has. */
static str marker(arena *a, const char *what, int person) {
    return arena_fmt(a, "%s-marker-%03d-x", what, person);
}

static void furnish(house *h) {
    fake_fill(&h->f, SIGNALS, 71);
    arena *a = h->f.a;
    h->items = NEW_N(a, heard, SIGNALS);
    for (int i = 0; i < SIGNALS; i++) {
        int p = (int)chance(PEOPLE);
        signal s = h->f.sig[i];
        insight ins = h->f.ins[i];
        s.row.id = 0;
        s.row.source = S("shop"); /* else two customers have one name */
        s.row.customer = marker(a, "who", p);
        s.row.external_id =
            arena_fmt(a, "key-%08x-%.*s", (u32)chance(1u << 31), STR_ARG(marker(a, "ext", p)));
        s.row.words = arena_fmt(a, "%.*s %.*s %d", 1 + (int)chance(900),
                                "long words long words long words long words long words long words "
                                "long words long words long words long words long words long words",
                                STR_ARG(marker(a, "said", p)), i);
        attribute *at = NEW_N(a, attribute, s.attrs_n + 2);
        size_t n = 0;
        for (size_t k = 0; k < s.attrs_n; k++)
            if (!str_eq(s.attrs[k].key, S("channel"))) at[n++] = s.attrs[k];
        at[n++] = (attribute){S("seat"), marker(a, "attr", p), NONE};
        s.attrs = at;
        s.attrs_n = n;
        signal_seal(a, &s);
        for (size_t k = 0; k < ins.mentions_n; k++) {
            ins.mentions[k].opinion = marker(a, "opinion", p);
            ins.mentions[k].start = ins.mentions[k].end = 0;
        }
        ins.row.clean = arena_fmt(a, "clean %.*s", STR_ARG(s.row.words));
        ins.row.reader = S("test");
        h->items[i] = (heard){.sig = s, .ins = ins};
    }
}

static void begin(house *h, u32 segment_rows) {
    room_start(&h->r);
    furnish(h);
    for (size_t i = 0; i < SIGNALS; i += 50)
        assert_ok(store_add(h->r.s, h->items + i, MIN((size_t)50, SIGNALS - i), NULL, &e));
    snprintf(h->mirror, sizeof h->mirror, "%s.tally", h->r.path);
    assert_ok(tally_open_sized(h->r.s, segment_rows, &h->t, &e));
}

static void end(house *h) {
    tally_close(h->t);
    fake_dir_remove(h->mirror);
    room_end(&h->r);
    arena_close(h->f.a);
}

static void tell_finding(void *ctx, str sentence) {
    (void)ctx;
    print_message("# finding: %.*s\n", STR_ARG(sentence));
}

static void all_agree(house *h) {
    i64 bad = 0;
    assert_ok(store_check(h->r.s, tell_finding, NULL, &bad, &e));
    assert_int_equal(bad, 0);
    assert_ok(tally_check(h->t, tell_finding, NULL, &bad, &e));
    assert_int_equal(bad, 0);
}

/* ---- raw bytes ---- */

typedef struct {
    const char *dir;
    str needle;
    i64 found;
} search;

static bool search_file(void *ctx, const char *name) {
    search *s = ctx;
    char path[700];
    u8 *p;
    size_t n;
    struct stat st;
    snprintf(path, sizeof path, "%s/%s", s->dir, name);
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) return true;
    assert_ok(file_read(path, &p, &n, &e));
    for (size_t i = 0; i + s->needle.n <= n; i++)
        s->found += !memcmp(p + i, s->needle.p, s->needle.n);
    free(p);
    return true;
}

static i64 bytes_of(house *h, str needle) {
    search s = {h->r.dir, needle, 0};
    dir_clean(s.dir, search_file, &s);
    s.dir = h->mirror;
    dir_clean(s.dir, search_file, &s);
    return s.found;
}

static const char *const kinds[] = {"who", "ext", "said", "attr", "opinion"};

static i64 traces(house *h, int person) {
    i64 n = 0;
    for (size_t k = 0; k < COUNT(kinds); k++) n += bytes_of(h, marker(h->f.a, kinds[k], person));
    return n;
}

/* ---- erasing ---- */

static i64 signals_of(house *h, int person) {
    tally_answer out;
    const expr *x;
    arena *a = arena_open(1 << 22);
    str where = arena_fmt(a, "customer = '%.*s'", STR_ARG(marker(a, "who", person)));
    assert_ok(expr_parse(a, where, 0, &x, &e));
    tally_question q = {.where = x};
    assert_ok(tally_ask(h->t, a, &q, &out, &e));
    i64 n = out.cells[0].n;
    arena_close(a);
    return n;
}

static void an_erased_person_leaves_no_byte_in_any_file(void **st) {
    (void)st;
    house h = {0};
    erasure r;
    char uid[37];
    begin(&h, 100);
    ticket k;
    noun_init(&noun_ticket, &k);
    k.deed = S("rule/1/1");
    k.signal_id = h.items[0].sig.row.id;
    str owner = h.items[0].sig.row.customer;
    int person = (owner.p[11] - '0') * 100 + (owner.p[12] - '0') * 10 + owner.p[13] - '0';
    k.title = marker(h.f.a, "said", person);
    k.note = marker(h.f.a, "attr", person);
    k.state = S("open");
    k.priority = S("high");
    k.opened_at = T0;
    assert_ok(store_put(h.r.s, &noun_ticket, &k, &e));
    i64 had = signals_of(&h, person);
    assert_true(had > 5);
    assert_true(traces(&h, person) > had * 4);
    i64 all = tally_rows_total(h.t);
    assert_ok(store_erase(h.r.s, owner, &r, uid, &e));
    assert_int_equal(r.signals, had);
    assert_int_equal(r.tickets, 1);
    assert_true(r.mentions > 0 && r.identities > 0);
    assert_str(r.state, S("wiping"));
    assert_ok(tally_follow(h.t, &e));
    assert_int_equal(signals_of(&h, person), 0);
    assert_int_equal(tally_rows_total(h.t), all - had);
    assert_ok(store_wipe(h.r.s, &r, &e));
    assert_str(r.state, S("done"));
    assert_int_equal(traces(&h, person), 0);
    assert_true(traces(&h, (person + 1) % PEOPLE) > 0);
    all_agree(&h);
    assert_false(store_erase(h.r.s, owner, &r, uid, &e));
    assert_int_equal(e.code, NOT_FOUND);
    tally_close(h.t); /* and the mirror is found again as it is */
    assert_ok(tally_open_sized(h.r.s, 100, &h.t, &e));
    assert_str(tally_notice(h.t), S(""));
    all_agree(&h);
    end(&h);
}

/* The mirror may hear of it late: when it is opened the next time, in the tail, in memory only. */
static void a_mirror_hears_of_an_erasure_late(void **st) {
    (void)st;
    static const u32 sizes[] = {100, 2000};
    for (size_t k = 0; k < COUNT(sizes); k++) {
        house h = {0};
        erasure r;
        char uid[37];
        begin(&h, sizes[k]);
        for (int person = 0; person < 3; person++) {
            str who = marker(h.f.a, "who", person);
            if (person == 1) tally_close(h.t);
            assert_ok(store_erase(h.r.s, who, &r, uid, &e));
            assert_ok(store_wipe(h.r.s, &r, &e));
            if (person == 1) assert_ok(tally_open_sized(h.r.s, sizes[k], &h.t, &e));
            assert_ok(tally_follow(h.t, &e));
            assert_int_equal(signals_of(&h, person), 0);
            assert_int_equal(traces(&h, person), 0);
            all_agree(&h);
        }
        end(&h);
    }
}

static void erasing_everybody_leaves_an_empty_house(void **st) {
    (void)st;
    house h = {0};
    erasure r;
    char uid[37];
    begin(&h, 100);
    for (int person = 0; person < PEOPLE; person++)
        assert_ok(store_erase(h.r.s, marker(h.f.a, "who", person), &r, uid, &e));
    assert_ok(tally_follow(h.t, &e));
    assert_ok(store_wipe(h.r.s, &r, &e));
    assert_int_equal(tally_rows_total(h.t), 0);
    assert_int_equal(bytes_of(&h, S("-marker-")), 0);
    all_agree(&h);
    end(&h);
}

static void who_is_named_must_be_one_person(void **st) {
    (void)st;
    room r;
    erasure out;
    char uid[37];
    room_start(&r);
    heard h[3];
    static const char *const sources[] = {"shop", "survey", "shop"}, *const who[] = {"7", "7",
                                                                                     "a:7"};
    for (int i = 0; i < 3; i++) {
        signal s;
        insight ins = {0};
        signal_init(&s);
        noun_init(&noun_insight, &ins.row);
        s.row.source = str_of(sources[i]);
        s.row.external_id = arena_fmt(r.a, "x%d", i);
        s.row.customer = str_of(who[i]);
        s.row.occurred_at = T0;
        s.row.event = S("came");
        ins.row.quality = S("ok");
        ins.row.reader = S("test");
        h[i] = (heard){.sig = s, .ins = ins};
    }
    assert_ok(store_add(r.s, h, 3, NULL, &e));
    assert_false(store_erase(r.s, S("7"), &out, uid, &e));
    assert_int_equal(e.code, CONFLICT);
    assert_str(str_of(e.msg), S("3 customers are known by \"7\"; say which as NAMESPACE:VALUE"));
    assert_ok(store_erase(r.s, S("survey:7"), &out, uid, &e));
    assert_int_equal(out.signals, 1);
    assert_ok(store_erase(r.s, S("a:7"), &out, uid, &e));
    assert_int_equal(out.signals, 1);
    assert_ok(store_erase(r.s, S("7"), &out, uid, &e));
    assert_int_equal(out.signals, 1);
    assert_false(store_erase(r.s, S(""), &out, uid, &e));
    assert_int_equal(store_signal_count(r.s), 0);
    room_end(&r);
}

/* ---- reading again ---- */

static void what_was_read_again_is_in_the_next_answer(void **st) {
    (void)st;
    house h = {0};
    begin(&h, 100);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < SIGNALS; i++) {
            insight *ins = &h.items[i].ins;
            ins->row.sentiment = (i64)chance(3) - 1;
            ins->row.lang = chance(2) ? S("fr") : NO_STR;
            ins->mentions_n = chance(ins->mentions_n + 1);
        }
        size_t from = round ? chance(SIGNALS - 300) : 0, n = round ? 300 : SIGNALS;
        assert_ok(store_reread(h.r.s, h.items + from, n, &e));
        assert_ok(tally_follow(h.t, &e));
        i64 bad = 0;
        assert_ok(tally_check(h.t, tell_finding, NULL, &bad, &e));
        assert_int_equal(bad, 0);
        if (round == 1) assert_ok(tally_seal(h.t, &e));
    }
    end(&h);
}

static void a_question_that_began_before_ends_with_what_it_saw(void **st) {
    (void)st;
    house h = {0};
    erasure r;
    char uid[37];
    begin(&h, 100);
    tally *v = view_take(h.t);
    i64 rows = tally_rows_total(v);
    u32 texts = v->columns[COL_CUSTOMER].dict.n;
    assert_ok(store_erase(h.r.s, marker(h.f.a, "who", 3), &r, uid, &e));
    assert_ok(tally_follow(h.t, &e));
    assert_true(tally_rows_total(h.t) < rows);
    assert_int_equal(tally_rows_total(v), rows);
    for (u32 c = 0; c < texts; c++) assert_true(v->columns[COL_CUSTOMER].dict.text[c].n > 3);
    for (u32 i = 0; i < v->segments_n; i++)
        for (u32 p = 0; p < v->segments[i].head->parts_n; p++) {
            v->segments[i].checked[p] = 0;
            assert_ok(segment_verify(&v->segments[i], &v->segments[i].parts[p], &e));
        }
    view_give(v);
    end(&h);
}

/* ---- killed at each write ---- */

static void a_kill_at_any_write_leaves_a_mirror_that_finds_back(void **st) {
    (void)st;
    bool done = false;
    for (i64 at = 1; !done; at++) {
        house h = {0};
        erasure r;
        char uid[37];
        begin(&h, 200);
        assert_ok(store_erase(h.r.s, marker(h.f.a, "who", 5), &r, uid, &e));
        file_fail_after(at);
        bool ok = tally_follow(h.t, &e) && tally_seal(h.t, &e);
        assert_true(ok || e.code == IO);
        assert_int_equal(signals_of(&h, 5), 0); /* answers stay right in the dying process */
        tally_close(h.t);
        done = file_fail_after(-1) < at;
        assert_ok(tally_open_sized(h.r.s, 200, &h.t, &e));
        assert_str(tally_notice(h.t), S(""));
        assert_int_equal(signals_of(&h, 5), 0);
        assert_ok(store_wipe(h.r.s, &r, &e));
        assert_int_equal(traces(&h, 5), 0);
        all_agree(&h);
        end(&h);
        assert_true(at < 200);
    }
}

/* Sealing and following, killed at each write: the next process finds what was sealed, or makes it again
** from the store, and never says a wrong number. */
static void a_kill_while_sealing_loses_nothing(void **st) {
    (void)st;
    bool done = false;
    for (i64 at = 1; !done; at++) {
        fake f;
        tally *t;
        char dir[64];
        fake_fill(&f, 400, 72);
        tally_source from = fake_source(&f);
        f.visible = 150;
        assert_ok(tally_open_from(&from, fake_dir(dir), 100, &t, NULL, NULL, &e));
        file_fail_after(at);
        f.visible = 180;
        assert_true((tally_follow(t, &e) && tally_seal(t, &e)) || e.code == IO);
        f.visible = 320;
        assert_true((tally_follow(t, &e) && tally_seal(t, &e)) || e.code == IO);
        assert_int_equal(tally_rows_total(t), 320);
        tally_close(t);
        done = file_fail_after(-1) < at;
        f.visible = 400;
        assert_ok(tally_open_from(&from, dir, 100, &t, NULL, NULL, &e));
        assert_str(tally_notice(t), S(""));
        i64 bad = 0;
        assert_ok(tally_check(t, tell_finding, NULL, &bad, &e));
        assert_int_equal(bad, 0);
        assert_int_equal(tally_rows_total(t), 400);
        tally_close(t);
        fake_dir_remove(dir);
        arena_close(f.a);
        assert_true(at < 300);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_erased_person_leaves_no_byte_in_any_file),
        cmocka_unit_test(a_mirror_hears_of_an_erasure_late),
        cmocka_unit_test(erasing_everybody_leaves_an_empty_house),
        cmocka_unit_test(who_is_named_must_be_one_person),
        cmocka_unit_test(what_was_read_again_is_in_the_next_answer),
        cmocka_unit_test(a_question_that_began_before_ends_with_what_it_saw),
        cmocka_unit_test(a_kill_at_any_write_leaves_a_mirror_that_finds_back),
        cmocka_unit_test(a_kill_while_sealing_loses_nothing),
    };
    return RUN_TESTS(tests);
}
