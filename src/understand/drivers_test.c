/* drivers_test.c - what the page says equals `heed calc` on the same rows; why finds what was planted. */
#include "base/test.h"
#include "kern/method.h"
#include "store/tally_fake.h"
#include "understand/drivers.h"
#include "understand/why.h"

static err e;
enum { ROWS = 900 };

/* A survey: a third driver is noise, an outcome of the first two; some gaps, and 0 is not applicable. */
static void survey(fake *f) {
    static const char *const names[] = {"wait", "price", "noise"};
    *f = (fake){.a = arena_open((size_t)256 << 20), .id = 9, .n = ROWS, .visible = ROWS};
    f->sig = NEW_N(f->a, signal, ROWS);
    f->ins = NEW_N(f->a, insight, ROWS);
    seed_state = 7;
    for (size_t i = 0; i < ROWS; i++) {
        i64 v[] = {1 + (i64)chance(5), 1 + (i64)chance(5), 1 + (i64)chance(5)};
        signal *s = &f->sig[i];
        signal_init(s);
        noun_init(&noun_insight, &f->ins[i].row);
        f->ins[i].row.quality = S("empty");
        s->row.id = (i64)i + 1;
        s->row.source = S("test");
        s->row.occurred_at = (i64)i * 60000;
        s->attrs = NEW_N(f->a, attribute, 5);
        for (size_t k = 0; k < 3; k++)
            s->attrs[s->attrs_n++] =
                (attribute){str_of(names[k]), NO_STR, chance(12) ? v[k] * NUM6_ONE : 0};
        if (chance(9))
            s->attrs[s->attrs_n++] =
                (attribute){S("all"), NO_STR, (3 * v[0] + v[1] + (i64)chance(9)) * NUM6_ONE};
        s->attrs[s->attrs_n++] = (attribute){S("town"), chance(4) ? S("east") : S("west"), NONE};
        if (str_eq(s->attrs[s->attrs_n - 1].text, S("west")) && s->attrs_n == 5)
            s->attrs[3].num -= 6 * NUM6_ONE;
    }
}

/* Complete rows, picked by hand, as an input of a method. */
static json *input_of(arena *a, const fake *f, i64 *n) {
    buf b = {.a = a};
    json *out;
    *n = 0;
    buf_str(
        &b,
        S("{\"columns\":[\"wait\",\"price\",\"noise\",\"all\"],\"outcome\":\"all\",\"rows\":["));
    for (size_t i = 0; i < f->n; i++) {
        const attribute *x = f->sig[i].attrs;
        if (f->sig[i].attrs_n < 5 || !x[0].num || !x[1].num || !x[2].num) continue;
        buf_fmt(&b, "%s[%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 "]", (*n)++ ? "," : "",
                x[0].num / NUM6_ONE, x[1].num / NUM6_ONE, x[2].num / NUM6_ONE, x[3].num / NUM6_ONE);
    }
    buf_str(&b, S("]}"));
    assert_ok(json_read(a, buf_view(&b), &out, &e));
    return out;
}

static json *calculated(arena *a, const char *name, const json *in) {
    buf b = {.a = a};
    json *out;
    assert_ok(method_run(a, method_find(str_of(name)), in, &b, &e));
    assert_ok(json_read(a, buf_view(&b), &out, &e));
    return out;
}

static void drivers_equal_the_methods_by_name(void **state) {
    (void)state;
    fake f;
    tally *t;
    i64 n;
    survey(&f);
    arena *a = arena_open((size_t)256 << 20);
    tally_source from = fake_source(&f);
    assert_ok(tally_open_from(&from, NULL, 64, &t, NULL, NULL, &e));
    const str names[] = {S("wait"), S("price"), S("noise")}, na[] = {S("0")};
    drivers_question q = {.outcome = S("all"),
                          .names = names,
                          .names_n = 3,
                          .na = na,
                          .na_n = 1,
                          .rounds = 100,
                          .seed = 1};
    drivers_answer d;
    assert_ok(drivers_find(t, a, &q, &d, &e));
    const json *in = input_of(a, &f, &n);
    const json *lmg = calculated(a, "driver_lmg", in), *ols = calculated(a, "driver_std_ols", in);
    assert_int_equal(d.n, n);
    assert_true(d.incomplete > 0);
    assert_near(d.r2, json_get_num(lmg, S("R2")), 1e-12);
    assert_near(d.condition, json_get_num(ols, S("condition_number_corr")), 1e-9);
    for (size_t j = 0; j < d.n_list; j++) {
        const driver *x = &d.list[j];
        assert_near(x->raw, json_get_num(json_get(lmg, S("lmg")), x->name), 1e-12);
        assert_near(x->vif, json_get_num(json_get(ols, S("vif")), x->name), 1e-12);
        assert_near(x->beta, json_get_num(json_get(ols, S("std_beta")), x->name), 1e-12);
    }
    assert_str(d.list[0].name, S("wait"));
    assert_near(d.list[0].rank_held, 100, 0);
    assert_true(!d.list[2].significant && d.list[2].importance == 0);
    tally_close(t);
    arena_close(a);
    arena_close(f.a);
}

static void why_finds_where_it_stands_out(void **state) {
    (void)state;
    fake f;
    tally *t;
    survey(&f);
    arena *a = arena_open((size_t)256 << 20);
    tally_source from = fake_source(&f);
    assert_ok(tally_open_from(&from, NULL, 64, &t, NULL, NULL, &e));
    const str columns[] = {S("town"), S("noise")};
    why_question q = {.metric = S("mean:all"), .columns = columns, .columns_n = 2};
    why_told told = {.from = NO_STR};
    why_answer w;
    assert_ok(why_read(a, &told, &q, &e) && why(t, NULL, a, &q, &w, &e));
    assert_true(w.slices_n >= 1);
    assert_str(why_slice_text(a, &w.slices[0]), S("town = 'west'"));
    assert_true(w.slices[0].low < -4 && w.slices[0].high > -8);
    told = (why_told){.against = S("town = 'west'")};
    assert_ok(why_read(a, &told, &q, &e) && why(t, NULL, a, &q, &w, &e));
    for (size_t i = 0; i < w.splits_n; i++)
        assert_near(w.splits[i].mix + w.splits[i].rate, w.change, 1e-9);
    told = (why_told){.from = S("2026-13")};
    assert_false(why_read(a, &told, &q, &e));
    tally_close(t);
    arena_close(a);
    arena_close(f.a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drivers_equal_the_methods_by_name),
        cmocka_unit_test(why_finds_where_it_stands_out),
    };
    return RUN_TESTS(tests);
}
