/* nouns_test.c - the small nouns: put, get, find, list, count, delete, and what the audit says. */
#include "store/room_test.h"
#include "store/sqlite.h"

static void make_rule(rule *x, str name) {
    noun_init(&noun_rule, x);
    x->name = name;
    x->condition = S("score:nps <= 6");
    x->action = S("ticket");
    x->params = S("{}");
    x->enabled = 1;
}

static void every_table_is_as_its_noun_says(void **state) {
    (void)state;
    room r;
    err e;
    room_start(&r);
    for (size_t i = 0; i < nouns_n; i++) {
        const noun *n = nouns[i];
        sqlite3_stmt *st;
        bool row = false;
        size_t columns = 0;
        str sql = arena_fmt(r.a, "PRAGMA table_info(\"%s\")", n->name);
        assert_ok(stmt_take(r.s, sql, &st, &e));
        while (stmt_row(r.s, st, &row, &e) && row) {
            str name = str_of((const char *)sqlite3_column_text(st, 1));
            str type = str_of((const char *)sqlite3_column_text(st, 2));
            bool not_null = sqlite3_column_int(st, 3), primary = sqlite3_column_int(st, 5);
            const field *f = noun_field(n, name);
            columns++;
            if (!f)
                fail_msg("table %s has a column %.*s that the noun lacks", n->name, STR_ARG(name));
            str want = field_is_uid(f) ? S("BLOB") : field_is_text(f) ? S("TEXT") : S("INTEGER");
            assert_str(type, want);
            assert_int_equal(primary, f->kind == FIELD_ID);
            if (f->flags & REQUIRED && !not_null) fail_msg("%s.%s may be NULL", n->name, f->name);
        }
        stmt_give(r.s, st);
        if (columns != n->fields_n) fail_msg("table %s lacks a field of its noun", n->name);
    }
    room_end(&r);
}

/* A record with every field set, made from its description. */
static void fill(arena *a, const noun *n, void *rec, i64 seed) {
    noun_init(n, rec);
    for (size_t i = 1; i < n->fields_n; i++) {
        const field *f = &n->fields[i];
        if (field_is_uid(f)) continue;
        if (f->kind == FIELD_CHOICE)
            noun_set_text(f, rec, str_head(str_of(f->choices), strcspn(f->choices, "|")));
        else if (f->kind == FIELD_JSON)
            noun_set_text(f, rec, arena_fmt(a, "{\"n\":%" PRId64 "}", seed));
        else if (field_is_text(f))
            noun_set_text(f, rec, arena_fmt(a, "%s %" PRId64, f->name, seed));
        else if (f->kind == FIELD_REF)
            noun_set_int(f, rec, NONE);
        else
            noun_set_int(f, rec, f->kind == FIELD_BOOL ? seed % 2 : 1000 + seed);
    }
}

static void fill_refs(store *s, arena *a, const noun *n, void *rec) {
    err e;
    rule x;
    for (size_t i = 0; i < n->fields_n; i++) {
        const field *f = &n->fields[i];
        const char *to = ref_noun(n, f);
        if (!to) continue;
        if (str_eq(str_of(to), S("rule"))) {
            make_rule(&x, arena_fmt(a, "r-%s-%s", n->name, f->name));
            assert_ok(store_put(s, &noun_rule, &x, &e));
            noun_set_int(f, rec, x.id);
        } else if (str_eq(str_of(to), S("signal")) || str_eq(str_of(to), S("customer"))) {
            noun_set_int(f, rec, 1);
        } else if (str_eq(str_of(to), S("user"))) {
            user u;
            noun_init(&noun_user, &u);
            u.name = arena_fmt(a, "u-%s", n->name);
            u.role = S("analyst");
            assert_ok(store_put(s, &noun_user, &u, &e));
            noun_set_int(f, rec, u.id);
        } else if (str_eq(str_of(to), S("metric"))) {
            metric_row m;
            noun_init(&noun_metric, &m);
            m.name = arena_fmt(a, "m-%s", n->name);
            m.formula = S("nps");
            assert_ok(store_put(s, &noun_metric, &m, &e));
            noun_set_int(f, rec, m.id);
        } else if (str_eq(str_of(to), S("watch"))) {
            watch w;
            fill(a, &noun_watch, &w, 11);
            w.name = arena_fmt(a, "w-%s", n->name);
            w.id = 0;
            assert_ok(store_put(s, &noun_watch, &w, &e));
            noun_set_int(f, rec, w.id);
        } else if (str_eq(str_of(to), S("ticket")) && n != &noun_ticket) {
            ticket t;
            noun_init(&noun_ticket, &t);
            t.deed = arena_fmt(a, "d-%s", n->name);
            t.signal_id = 1;
            t.title = t.state = t.priority = S("open");
            t.priority = S("low");
            t.opened_at = 1;
            assert_ok(store_put(s, &noun_ticket, &t, &e));
            noun_set_int(f, rec, t.id);
        }
    }
}

static void every_small_noun_goes_in_and_comes_out(void **state) {
    (void)state;
    room r;
    err e;
    heard h;
    room_start(&r);
    heard_full(r.a, &h, "a", "words");
    assert_ok(store_add(r.s, &h, 1, NULL, &e));
    for (size_t i = 0; i < nouns_n; i++) {
        const noun *n = nouns[i];
        if (n == &noun_signal || n == &noun_insight || n == &noun_mention) continue;
        char *rec = arena_alloc(r.a, n->size), *back = arena_alloc(r.a, n->size);
        i64 before = 0, after = 0;
        fill(r.a, n, rec, 7);
        fill_refs(r.s, r.a, n, rec);
        assert_ok(store_count(r.s, n, NULL, &before, &e));
        assert_ok(store_put(r.s, n, rec, &e));
        i64 id = noun_int(&n->fields[0], rec);
        assert_true(id > 0);
        assert_ok(store_get(r.s, r.a, n, id, back, &e));
        for (size_t k = 0; k < n->fields_n; k++) {
            const field *f = &n->fields[k];
            if (field_is_uid(f))
                assert_int_equal(noun_text(f, back).n, 36);
            else if (field_is_text(f))
                assert_str(noun_text(f, back), noun_text(f, rec));
            else
                assert_int_equal(noun_int(f, back), noun_int(f, rec));
        }
        if (n == &noun_case_event) { /* history is only added to */
            assert_false(store_delete(r.s, n, id, &e));
            continue;
        }
        assert_ok(store_delete(r.s, n, id, &e));
        assert_false(store_get(r.s, r.a, n, id, back, &e));
        assert_int_equal(e.code, NOT_FOUND);
        assert_ok(store_count(r.s, n, NULL, &after, &e));
        if (n != &noun_audit) assert_int_equal(before, after);
    }
    assert_clean(r.s);
    room_end(&r);
}

static void a_key_belongs_to_one(void **state) {
    (void)state;
    room r;
    err e;
    rule x, y, z;
    room_start(&r);
    make_rule(&x, S("late"));
    make_rule(&y, S("late"));
    assert_ok(store_put(r.s, &noun_rule, &x, &e));
    assert_false(store_put(r.s, &noun_rule, &y, &e));
    assert_int_equal(e.code, CONFLICT);
    assert_string_equal(e.msg, "there is already a rule with name \"late\"");
    assert_int_equal(y.id, 0);
    y.name = S("early");
    assert_ok(store_put(r.s, &noun_rule, &y, &e));
    y.name = S("late");
    assert_false(store_put(r.s, &noun_rule, &y, &e));
    assert_int_equal(e.code, CONFLICT);
    assert_ok(store_find(r.s, r.a, &noun_rule, S("late"), &z, &e));
    assert_int_equal(z.id, x.id);
    assert_false(store_find(r.s, r.a, &noun_rule, S("lat'; DROP TABLE rule; --"), &z, &e));
    assert_int_equal(e.code, NOT_FOUND);
    identity id, again;
    customer c;
    noun_init(&noun_customer, &c);
    assert_ok(store_put(r.s, &noun_customer, &c, &e));
    noun_init(&noun_identity, &id);
    id.namespace = S("phone");
    id.value = S("1");
    id.customer_id = c.id;
    again = id;
    assert_ok(store_put(r.s, &noun_identity, &id, &e));
    assert_false(store_put(r.s, &noun_identity, &again, &e));
    assert_int_equal(e.code, CONFLICT);
    room_end(&r);
}

static void what_is_wrong_is_refused_by_name(void **state) {
    (void)state;
    room r;
    err e;
    rule x;
    ticket t;
    department d, child;
    room_start(&r);
    make_rule(&x, NO_STR);
    assert_false(store_put(r.s, &noun_rule, &x, &e));
    assert_non_null(strstr(e.msg, "\"name\""));
    make_rule(&x, S("gone"));
    x.id = 99;
    assert_false(store_put(r.s, &noun_rule, &x, &e));
    assert_int_equal(e.code, NOT_FOUND);
    assert_string_equal(e.msg, "there is no rule 99");
    fill(r.a, &noun_ticket, &t, 1);
    t.signal_id = 12;
    assert_false(store_put(r.s, &noun_ticket, &t, &e));
    assert_string_equal(e.msg, "ticket: \"signal_id\" is 12, and there is no such signal");
    noun_init(&noun_department, &d);
    d.name = S("logistics");
    assert_ok(store_put(r.s, &noun_department, &d, &e));
    noun_init(&noun_department, &child);
    child.name = S("parcels");
    child.parent_id = d.id;
    assert_ok(store_put(r.s, &noun_department, &child, &e));
    assert_false(store_delete(r.s, &noun_department, d.id, &e));
    assert_int_equal(e.code, CONFLICT);
    assert_non_null(strstr(e.msg, "still referred to"));
    assert_false(store_delete(r.s, &noun_department, 77, &e));
    assert_int_equal(e.code, NOT_FOUND);
    void *recs = NULL;
    size_t n = 5;
    store_query q = {.field = "colour"};
    assert_false(store_list(r.s, r.a, &noun_rule, &q, &recs, &n, &e));
    assert_string_equal(e.msg, "rule has no field \"colour\"");
    assert_int_equal(n, 5);
    assert_clean(r.s);
    room_end(&r);
}

static void lists_are_paged_and_filtered(void **state) {
    (void)state;
    room r;
    err e;
    void *recs;
    size_t n;
    i64 many;
    room_start(&r);
    for (int i = 0; i < 25; i++) {
        department d;
        noun_init(&noun_department, &d);
        d.name = arena_fmt(r.a, "d%d", i);
        d.title = i % 2 ? S("odd") : NO_STR;
        d.parent_id = i > 20 ? 1 : NONE;
        assert_ok(store_put(r.s, &noun_department, &d, &e));
    }
    store_query q = {.field = "title", .text = S("odd"), .limit = 5};
    assert_ok(store_list(r.s, r.a, &noun_department, &q, &recs, &n, &e));
    const department *d = recs;
    assert_int_equal(n, 5);
    assert_str(d[4].name, S("d9"));
    q.after_id = d[4].id;
    assert_ok(store_list(r.s, r.a, &noun_department, &q, &recs, &n, &e));
    d = recs;
    assert_str(d[0].name, S("d11"));
    q = (store_query){.newest_first = true, .limit = 2};
    assert_ok(store_list(r.s, r.a, &noun_department, &q, &recs, &n, &e));
    d = recs;
    assert_str(d[1].name, S("d23"));
    q.after_id = 3;
    q.limit = 0;
    assert_ok(store_list(r.s, r.a, &noun_department, &q, &recs, &n, &e));
    assert_int_equal(n, 2);
    q = (store_query){.field = "title"}; /* missing is a value one can ask for */
    assert_ok(store_count(r.s, &noun_department, &q, &many, &e));
    assert_int_equal(many, 13);
    q = (store_query){.field = "parent_id", .num = 1};
    assert_ok(store_count(r.s, &noun_department, &q, &many, &e));
    assert_int_equal(many, 4);
    assert_ok(store_list(r.s, r.a, &noun_role, NULL, &recs, &n, &e));
    assert_int_equal(n, 0);
    room_end(&r);
}

static audit last_audit(room *r) {
    err e;
    void *recs = NULL;
    size_t n = 0;
    store_query q = {.newest_first = true, .limit = 1};
    assert_ok(store_list(r->s, r->a, &noun_audit, &q, &recs, &n, &e));
    assert_int_equal(n, 1);
    return *(audit *)recs;
}

static void the_audit_names_who_changed_what(void **state) {
    (void)state;
    room r;
    err e;
    user u;
    i64 rows = 0;
    room_start(&r);
    noun_init(&noun_user, &u);
    u.name = S("ann");
    u.role = S("manager");
    u.password = S("$argon2id$secret");
    assert_ok(store_put(r.s, &noun_user, &u, &e));
    audit a = last_audit(&r);
    assert_str(a.actor, S("system"));
    assert_str(a.deed, S("create"));
    assert_str(a.noun, S("user"));
    assert_int_equal(a.noun_id, u.id);
    assert_int_equal(a.at, T0);
    assert_str(a.detail, S("{\"name\":[null,\"ann\"],\"role\":[null,\"manager\"]}"));
    store_actor(r.s, S("user:bob"));
    u.role = S("executive");
    u.password = S("$argon2id$other");
    assert_ok(store_put(r.s, &noun_user, &u, &e));
    a = last_audit(&r);
    assert_str(a.actor, S("user:bob"));
    assert_str(a.deed, S("update"));
    assert_str(a.detail, S("{\"role\":[\"manager\",\"executive\"]}"));
    assert_ok(store_put(r.s, &noun_user, &u, &e)); /* the same again is no change */
    assert_ok(store_count(r.s, &noun_audit, NULL, &rows, &e));
    assert_int_equal(rows, 2);
    assert_ok(store_delete(r.s, &noun_user, u.id, &e));
    a = last_audit(&r);
    assert_str(a.deed, S("delete"));
    assert_str(a.detail, S("{\"name\":[\"ann\",null],\"role\":[\"executive\",null]}"));
    room_end(&r);
}

static void long_and_odd_texts_fit_the_audit(void **state) {
    (void)state;
    room r;
    err e;
    rule x;
    static char text[16000];
    room_start(&r);
    memset(text, 1, sizeof text); /* six bytes of JSON each */
    make_rule(&x, S("odd"));
    x.condition = (str){text, sizeof text};
    x.action = (str){text, 40};
    assert_ok(store_put(r.s, &noun_rule, &x, &e));
    assert_true(last_audit(&r).detail.n <= 8000);
    room_end(&r);
}

static void versions_and_times_are_kept_by_the_store(void **state) {
    (void)state;
    room r;
    err e;
    rule x;
    room_start(&r);
    make_rule(&x, S("late"));
    assert_ok(store_put(r.s, &noun_rule, &x, &e));
    assert_int_equal(x.version, 1);
    assert_int_equal(x.changed_at, T0);
    r.w.clock_ms += 5000;
    assert_ok(store_put(r.s, &noun_rule, &x, &e));
    assert_int_equal(x.version, 1);
    assert_int_equal(x.changed_at, T0);
    x.enabled = 0;
    assert_ok(store_put(r.s, &noun_rule, &x, &e));
    assert_int_equal(x.version, 2);
    assert_int_equal(x.changed_at, T0 + 5000);
    x.version = 9; /* raised by the caller */
    assert_ok(store_put(r.s, &noun_rule, &x, &e));
    assert_int_equal(x.version, 9);
    room_end(&r);
}

static void a_transaction_is_all_or_nothing(void **state) {
    (void)state;
    room r;
    err e;
    rule x, y, bad;
    i64 n = -1;
    room_start(&r);
    make_rule(&x, S("one"));
    make_rule(&y, S("two"));
    make_rule(&bad, S("one"));
    assert_ok(store_begin(r.s, &e));
    assert_ok(store_put(r.s, &noun_rule, &x, &e));
    store_rollback(r.s);
    store_rollback(r.s); /* nothing open: does nothing */
    assert_ok(store_count(r.s, &noun_rule, NULL, &n, &e));
    assert_int_equal(n, 0);
    x.id = 0;
    assert_ok(store_begin(r.s, &e));
    assert_ok(store_put(r.s, &noun_rule, &x, &e));
    assert_false(store_put(r.s, &noun_rule, &bad, &e)); /* undoes itself, not what came before */
    assert_ok(store_put(r.s, &noun_rule, &y, &e));
    assert_ok(store_commit(r.s, &e));
    assert_ok(store_count(r.s, &noun_rule, NULL, &n, &e));
    assert_int_equal(n, 2);
    assert_ok(store_count(r.s, &noun_audit, NULL, &n, &e));
    assert_int_equal(n, 2);
    room_end(&r);
}

static void a_rule_that_goes_leaves_its_tickets(void **state) {
    (void)state;
    room r;
    err e;
    heard h;
    rule x;
    ticket t, back;
    room_start(&r);
    heard_full(r.a, &h, "a", "words");
    assert_ok(store_add(r.s, &h, 1, NULL, &e));
    make_rule(&x, S("late"));
    assert_ok(store_put(r.s, &noun_rule, &x, &e));
    fill(r.a, &noun_ticket, &t, 1);
    t.signal_id = 1;
    t.rule_id = x.id;
    assert_ok(store_put(r.s, &noun_ticket, &t, &e));
    assert_ok(store_delete(r.s, &noun_rule, x.id, &e));
    assert_ok(store_get(r.s, r.a, &noun_ticket, t.id, &back, &e));
    assert_int_equal(back.rule_id, NONE);
    assert_clean(r.s);
    room_end(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_is_as_its_noun_says),
        cmocka_unit_test(every_small_noun_goes_in_and_comes_out),
        cmocka_unit_test(a_key_belongs_to_one),
        cmocka_unit_test(what_is_wrong_is_refused_by_name),
        cmocka_unit_test(lists_are_paged_and_filtered),
        cmocka_unit_test(the_audit_names_who_changed_what),
        cmocka_unit_test(long_and_odd_texts_fit_the_audit),
        cmocka_unit_test(versions_and_times_are_kept_by_the_store),
        cmocka_unit_test(a_transaction_is_all_or_nothing),
        cmocka_unit_test(a_rule_that_goes_leaves_its_tickets),
    };
    return RUN_TESTS(tests);
}
