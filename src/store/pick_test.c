/* pick_test.c - rows by a condition in SQL are those that the expression language itself selects. */
#include "base/time.h"
#include "kern/expr.h"
#include "store/room_test.h"

typedef struct {
    const ticket *t;
} row_of;

static void get(void *ctx, str column, value *out) {
    const row_of *r = ctx;
    const field *f = noun_field(&noun_ticket, column);
    *out = (value){0};
    if (field_is_text(f)) {
        str v = noun_text(f, r->t);
        if (v.p) *out = (value){.kind = VALUE_TEXT, .text = v};
        return;
    }
    i64 v = noun_int(f, r->t);
    if (v == NONE) return;
    if (f->kind == FIELD_TIME)
        *out = (value){.kind = VALUE_TIME, .ms = v};
    else
        *out = (value){.kind = VALUE_NUM, .num = v * NUM6_ONE};
}

static truth has(void *ctx, str column, str text) {
    value v;
    get(ctx, column, &v);
    return v.kind != VALUE_TEXT ? UNKNOWN : str_find(v.text, text) >= 0 ? YES : NO;
}

enum { TICKETS = 120 };

static u64 dice(room *r, u64 n) {
    return r->w.w.random(&r->w.w) % n;
}

static void fill_store(room *r, ticket *all) {
    static const char *const states[] = {"open", "working", "closed"};
    err e;
    heard h;
    heard_full(r->a, &h, "a", "words");
    assert_ok(store_add(r->s, &h, 1, NULL, &e));
    for (int i = 0; i < TICKETS; i++) {
        ticket *t = &all[i];
        noun_init(&noun_ticket, t);
        t->deed = arena_fmt(r->a, "deed %d", i);
        t->signal_id = 1;
        t->title = arena_fmt(r->a, "too late, %d", i % 7);
        t->department = i % 5 ? arena_fmt(r->a, "d%d", i % 4) : NO_STR;
        t->owner = i % 3 ? S("\xe7\x8e\x8b") : NO_STR;
        t->state = str_of(states[dice(r, 3)]);
        t->outcome = S("explained");
        t->priority = i % 2 ? S("high") : S("low");
        t->opened_at = T0 + (i64)dice(r, 10) * DAY_MS / 2;
        t->due_at = i % 4 ? T0 + (i64)dice(r, 10) * DAY_MS / 2 : NONE;
        assert_ok(store_put(r->s, &noun_ticket, t, &e));
    }
}

static str leaf(room *r) {
    static const char *const leaves[] = {
        "state = 'open'",
        "state != 'closed'",
        "state in ('open','working')",
        "department in ('d1','d2')",
        "department not in ('d1', 3)",
        "owner is missing",
        "due_at is not missing",
        "title ~ 'late, 3'",
        "not title ~ '4'",
        "owner ~ '\xe7\x8e\x8b'",
        "due_at ~ 'x'",
        "priority < 'low'",
        "priority >= 'low'",
        "id > 40",
        "id <= 7.5",
        "id in (3, 4, 5.5)",
        "signal_id = 1",
        "rule_id = 3",
        "due_at < 2026-01-03",
        "due_at <= 2026-01-03",
        "opened_at = 2026-01-02",
        "opened_at != 2026-01-02",
        "opened_at > 2026-01-02",
        "opened_at >= 2026-01-02T12:00Z",
        "opened_at = 2026-01-02T12:00Z",
        "opened_at in (2026-01-01, 2026-01-03)",
        "state = 3",
        "true",
        "false",
    };
    return str_of(leaves[dice(r, COUNT(leaves))]);
}

static void grown(room *r, buf *b, int depth) {
    if (depth == 0 || dice(r, 4) == 0) {
        buf_str(b, leaf(r));
        return;
    }
    bool not_ = dice(r, 4) == 0;
    buf_str(b, not_ ? S("not (") : S("("));
    grown(r, b, depth - 1);
    buf_str(b, dice(r, 2) ? S(" and ") : S(" or "));
    grown(r, b, depth - 1);
    buf_char(b, ')');
}

static void what_is_picked_is_what_the_expression_selects(void **state) {
    (void)state;
    static ticket all[TICKETS];
    room r;
    err e;
    room_start(&r);
    fill_store(&r, all);
    for (int round = 0; round < 1500; round++) {
        buf text = {.a = r.a};
        const expr *x = NULL;
        store_picked p;
        grown(&r, &text, round % 4);
        assert_ok(expr_parse(r.a, buf_view(&text), 0, &x, &e));
        i64 before = (i64)dice(&r, 2) * (i64)dice(&r, TICKETS);
        size_t limit = 1 + dice(&r, 20), n = 0;
        i64 total = 0;
        assert_ok(store_pick(r.s, r.a, &noun_ticket, x, before, limit, &p, &e));
        assert_true(p.can);
        for (int i = TICKETS; i-- > 0;) {
            row_of one = {&all[i]};
            if (expr_eval(x, &(expr_row){get, has, &one}) != YES) continue;
            total++;
            if ((before && all[i].id >= before) || n == limit) continue;
            if (n >= p.n || ((ticket *)p.recs)[n].id != all[i].id)
                fail_msg("%.*s: row %zu of %zu is not ticket %" PRId64, STR_ARG(buf_view(&text)), n,
                         p.n, all[i].id);
            assert_str(((ticket *)p.recs)[n++].title, all[i].title);
        }
        if (total != p.total || n != p.n)
            fail_msg("%.*s: %" PRId64 " rows, want %" PRId64, STR_ARG(buf_view(&text)), p.total,
                     total);
    }
    room_end(&r);
}

static bool can(room *r, const noun *n, const char *text) {
    err e;
    const expr *x;
    store_picked p;
    assert_ok(expr_parse(r->a, str_of(text), 0, &x, &e));
    assert_ok(store_pick(r->s, r->a, n, x, 0, 5, &p, &e));
    return p.can;
}

static void what_sql_cannot_say_or_must_not_is_not_picked(void **state) {
    (void)state;
    room r;
    buf many = {0};
    room_start(&r);
    assert_true(can(&r, &noun_ticket, "state = 'open'"));
    assert_false(can(&r, &noun_ticket, "state = 'open' and channel = 'call'"));
    assert_false(can(&r, &noun_ticket, "not (channel is missing)"));
    assert_false(can(&r, &noun_user, "password ~ 'a'")); /* a secret is not found out by asking */
    assert_true(can(&r, &noun_user, "name = 'x'' or 1=1 --'"));
    buf_str(&many, S("id in (0"));
    for (int i = 1; i < 300; i++) buf_fmt(&many, ",%d", i);
    buf_str(&many, S(")"));
    buf_char(&many, 0);
    assert_false(can(&r, &noun_ticket, many.p));
    buf_clear(&many);
    room_end(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_picked_is_what_the_expression_selects),
        cmocka_unit_test(what_sql_cannot_say_or_must_not_is_not_picked),
    };
    return RUN_TESTS(tests);
}
