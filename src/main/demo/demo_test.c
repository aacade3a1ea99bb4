/* demo_test.c - the simulated company: same by seed, whole, lifelike, its stories in place. */
#include "main/demo/demo.h"
#include "base/job.h"
#include "base/test.h"
#include "base/time.h"
#include "base/utf8.h"
#include "kern/fold.h"
#include "kern/hans.h"
#include "main/demo/phrase.h"
#include "main/demo/season.h"

enum { BUDGET = 256 << 20 };

/* ---- running it ---- */

typedef struct {
    demo_options o;
    demo_take *take;
    void *ctx;
} run;

static bool run_job(arena *a, void *ctx, err *e) {
    const run *r = ctx;
    return demo_run(a, &r->o, r->take, r->ctx, e);
}

static void run_with(demo_options o, demo_take *take, void *ctx) {
    err e;
    run r = {o, take, ctx};
    assert_ok(job_run(BUDGET, run_job, &r, &e));
}

static const demo_options usual = {.seed = 7, .start_day = NONE};

/* ---- the same seed, the same bytes ---- */

static bool take_hash(void *ctx, const signal *s, err *e) {
    (void)e;
    u64 *hash = ctx;
    for (size_t i = 0; i < noun_signal.fields_n; i++) {
        const field *f = &noun_signal.fields[i];
        u64 v = field_is_text(f) ? str_hash(noun_text(f, &s->row)) : (u64)noun_int(f, &s->row);
        *hash = *hash * 1000003 + v;
    }
    return true;
}

static void one_seed_gives_the_same_bytes_and_another_seed_others(void **state) {
    (void)state;
    u64 a = 1, b = 1, c = 1;
    demo_options other = usual;
    other.seed = 8;
    run_with(usual, take_hash, &a);
    run_with(usual, take_hash, &b);
    run_with(other, take_hash, &c);
    assert_true(a == b);
    assert_true(a != c);
}

/* ---- the whole year ---- */

enum { CHANNELS_MAX = 32 };
typedef struct {
    i64 n, worded, anonymous, without_city, zh, tw, en;
    str channels[CHANNELS_MAX];
    i64 channel_n[CHANNELS_MAX];
    i64 month_n[13];
    i64 last_at, first_at;
    char last_id[64];
    i64 festival_orders, orders, sale_orders;
    i64 nps_late, nps_late_n, nps_in_time, nps_in_time_n;
} year;

static char channel_text[CHANNELS_MAX][32];

static void count_channel(year *y, str channel) {
    size_t i = 0;
    while (y->channels[i].p && !str_eq(y->channels[i], channel)) i++;
    assert_true(i < CHANNELS_MAX - 1 && channel.n < 32);
    if (!y->channels[i].p) {
        memcpy(channel_text[i], channel.p, channel.n);
        y->channels[i] = (str){channel_text[i], channel.n};
    }
    y->channel_n[i]++;
}

static bool is_traditional(u32 cp) {
    size_t low = 0, high = hans_pairs_n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (hans_pairs[mid][0] < cp)
            low = mid + 1;
        else
            high = mid;
    }
    return low < hans_pairs_n && hans_pairs[low][0] == cp;
}

static void count_language(year *y, str words) {
    u32 cp;
    i64 han = 0, traditional = 0;
    for (size_t at = 0; at < words.n; at += (size_t)utf8_get(words, at, &cp)) {
        assert_int_not_equal(utf8_get(words, at, &cp), 0);
        han += cp_is_han(cp);
        traditional += is_traditional(cp) && cp != 0x4e48 && cp != 0x62ac; /* simplified too */
    }
    y->worded++;
    if (!han)
        y->en++;
    else if (traditional)
        y->tw++;
    else
        y->zh++;
}

static void count_orders(year *y, const signal *s) {
    if (!str_eq(s->row.channel, S("order"))) return;
    i64 day = day_of_ms(s->row.occurred_at + 8 * HOUR_MS);
    i64 festival = day - spring_festival(2026);
    y->orders++;
    y->festival_orders += festival >= -2 && festival <= 6;
    y->sale_orders += day >= day_of_ymd(2025, 11, 8) && day <= day_of_ymd(2025, 11, 12);
}

static void count_nps(year *y, const signal *s) {
    const attribute *nps = signal_attr(s, S("score:nps")), *late = signal_attr(s, S("delay_days"));
    if (!nps || !late) return;
    assert_true(nps->num >= 0 && nps->num <= 10 * NUM6_ONE);
    bool was_late = late->num >= 8 * NUM6_ONE;
    if (!was_late && late->num > 0) return;
    *(was_late ? &y->nps_late : &y->nps_in_time) += nps->num / NUM6_ONE;
    *(was_late ? &y->nps_late_n : &y->nps_in_time_n) += 1;
}

static bool take_year(void *ctx, const signal *s, err *e) {
    year *y = ctx;
    if (!signal_check(s, s->row.occurred_at, e)) return false;
    assert_true(s->row.occurred_at >= y->last_at);
    assert_true(s->row.external_id.n > 0 && s->row.external_id.n < 64);
    assert_true(str_cmp(str_of(y->last_id), s->row.external_id) <
                0); /* ids rise: none comes twice */
    memcpy(y->last_id, s->row.external_id.p, s->row.external_id.n);
    y->last_id[s->row.external_id.n] = 0;
    if (!y->n++) y->first_at = s->row.occurred_at;
    y->last_at = s->row.occurred_at;
    y->month_n[civil_of(s->row.occurred_at).month]++;
    y->anonymous += !s->row.customer.p;
    y->without_city += !signal_attr(s, S("city"));
    count_channel(y, s->row.channel);
    count_orders(y, s);
    count_nps(y, s);
    if (s->row.words.p) count_language(y, s->row.words);
    return true;
}

static year the_year(void) {
    year y = {0};
    run_with(usual, take_year, &y);
    return y;
}

static void a_year_has_its_signals_channels_and_months(void **state) {
    (void)state;
    year y = the_year();
    assert_in_range(y.n, 29000, 35000);
    assert_in_range(y.worded, 13000, 20000);
    int channels = 0;
    for (; y.channels[channels].p; channels++) assert_true(y.channel_n[channels] >= 600);
    assert_true(channels >= 10);
    for (int m = 1; m <= 12; m++) assert_true(y.month_n[m] > 1200);
    assert_true(y.first_at >= day_of_ymd(2025, 8, 1) * DAY_MS - 8 * HOUR_MS);
    assert_true(y.last_at < day_of_ymd(2026, 8, 1) * DAY_MS);
    assert_true(y.anonymous > y.n / 50 && y.anonymous < y.n / 3);
    assert_true(y.without_city > y.n / 100 && y.without_city < y.n / 8);
}

static void three_ways_of_writing_have_their_shares(void **state) {
    (void)state;
    year y = the_year();
    assert_in_range(y.en * 100 / y.worded, 21, 30);
    assert_in_range(y.tw * 100 / y.worded, 6, 11);
    assert_in_range(y.zh * 100 / y.worded, 60, 73);
}

static void the_year_has_a_quiet_festival_and_a_loud_sale(void **state) {
    (void)state;
    year y = the_year();
    i64 usual_day = y.orders * 1000 / 365;
    assert_true(y.festival_orders * 1000 / 9 < usual_day / 2);
    assert_true(y.sale_orders * 1000 / 5 > usual_day * 3 / 2);
}

static void who_waited_long_scores_low(void **state) {
    (void)state;
    year y = the_year();
    assert_true(y.nps_late_n >= 8 && y.nps_in_time_n >= 300);
    assert_true(y.nps_late * 10 / y.nps_late_n < 50);
    assert_true(y.nps_in_time * 10 / y.nps_in_time_n > 70);
}

static void other_lengths_and_sizes_keep_their_scale(void **state) {
    (void)state;
    static const struct {
        i32 days;
        i64 scale;
    } CASES[] = {{365, 100000}, {90, 9000}, {730, 40000}};
    for (size_t i = 0; i < COUNT(CASES); i++) {
        year y = {0};
        demo_options o = {.seed = i,
                          .start_day = day_of_ymd(2023, 3, 1),
                          .days = CASES[i].days,
                          .scale = CASES[i].scale};
        run_with(o, take_year, &y);
        assert_in_range(y.n, CASES[i].scale * 85 / 100, CASES[i].scale * 115 / 100);
    }
}

/* ---- the stories ---- */

typedef struct {
    const demo_story *story;
    i64 from_day, to_day;
    const char *marks; /* words of the planted clauses, by blanks */
    i64 inside, outside, of;
} hunt;

static bool has_any(str words, str list) {
    str head;
    while (list.n) {
        if (!str_cut(list, ' ', &head, &list)) head = list, list = S("");
        if (head.n && str_find(words, head) >= 0) return true;
    }
    return false;
}

static bool take_hunt(void *ctx, const signal *s, err *e) {
    (void)e;
    hunt *h = ctx;
    const attribute *at = signal_attr(s, str_of(h->story->column));
    if (!s->row.words.p || !at || !str_eq(at->text, str_of(h->story->value))) return true;
    i64 day = day_of_ms(s->row.occurred_at + 8 * HOUR_MS);
    bool in_window = day >= h->from_day && day <= h->to_day;
    bool hit = has_any(s->row.words, str_of(h->marks));
    h->inside += hit && in_window;
    h->outside += hit && !in_window;
    h->of += in_window;
    return true;
}

static hunt hunt_for(size_t story, const char *marks, bool plain) {
    demo_options o = usual;
    o.plain = plain;
    hunt h = {.story = &demo_stories[story], .marks = marks};
    demo_story_days(&o, h.story, &h.from_day, &h.to_day);
    run_with(o, take_hunt, &h);
    return h;
}

static void each_story_is_in_its_place_and_time(void **state) {
    (void)state;
    static const struct {
        const char *marks;
        i64 least;
    } WANT[] = {{"交付 交车 提车 送车 物流 等车 车延期 车推迟 车延迟 delivery delivered handover "
                 "delayed postponed waiting",
                 120},
                {"更新 升级 5.2 充电地图 新版 update navigation", 150},
                {"推销 话术 念稿 照稿 套餐 念广告 复读机 script pitch pushed", 130},
                {"充电 充不 charging chargers charge", 120},
                {"店员 态度 城西店 服务 顾问 小哥 姑娘 shop staff service", 90}};
    assert_int_equal(COUNT(WANT), demo_stories_n);
    for (size_t i = 0; i < demo_stories_n; i++) {
        hunt with = hunt_for(i, WANT[i].marks, false), plain = hunt_for(i, WANT[i].marks, true);
        print_message("%s: %lld of %lld inside, %lld outside; without the story %lld\n",
                      demo_stories[i].name, (long long)with.inside, (long long)with.of,
                      (long long)with.outside, (long long)plain.inside);
        assert_true(with.inside >= WANT[i].least);
        assert_true(with.inside >= 3 * plain.inside);
        assert_true(with.inside * 2 >= with.of);
    }
}

static void story_days_follow_start_and_length(void **state) {
    (void)state;
    i64 from, to;
    demo_story_days(&usual, &demo_stories[0], &from, &to);
    assert_int_equal(from, day_of_ymd(2026, 3, 19));
    assert_int_equal(to, day_of_ymd(2026, 4, 15));
    demo_options twice = {.start_day = 0, .days = 730};
    demo_story_days(&twice, &demo_stories[3], &from, &to);
    assert_int_equal(from, 660);
    assert_int_equal(to, 669);
}

/* ---- nobody real ---- */

static bool digit(char c) {
    return c >= '0' && c <= '9';
}

static void numbers_are_nobodys(str words) {
    for (size_t i = 0; i < words.n; i++) {
        size_t n = 0;
        while (i + n < words.n && digit(words.p[i + n])) n++;
        str run_of = {words.p + i, n};
        if (n >= 7 && !str_eq(run_of, S("4111111111111111")) && !str_starts(run_of, S("1540000")))
            assert_true(n == 8 && i >= 2 && words.p[i - 1] == 'M' && words.p[i - 2] == 'Y');
        i += n;
    }
}

static bool take_persons(void *ctx, const signal *s, err *e) {
    (void)e;
    i64 *seen = ctx;
    str w = s->row.words;
    if (!w.p) return true;
    numbers_are_nobodys(w);
    for (size_t i = 0; i < w.n; i++) {
        if (w.p[i] == '@') {
            assert_true(str_starts(str_from(w, i), S("@example.com")));
            seen[0]++;
        }
        if (w.p[i] == '+') {
            assert_true(str_starts(str_from(w, i), S("+1 415 555 01")));
            seen[1]++;
        }
    }
    seen[2] += str_find(w, S("1540000")) >= 0;
    seen[3] += str_find(w, S("http")) >= 0;
    assert_true(str_find(w, S("http")) < 0 || str_find(w, S("http://win.example.com/")) >= 0);
    return true;
}

static void no_contact_in_it_can_be_a_persons(void **state) {
    (void)state;
    i64 seen[4] = {0};
    run_with(usual, take_persons, seen);
    for (size_t i = 0; i < COUNT(seen); i++)
        assert_true(seen[i] >= 10); /* but there are some to redact */
}

/* ---- sentences, rules, hard times ---- */

static bool take_distinct(void *ctx, const signal *s, err *e) {
    (void)e;
    struct {
        u64 *set;
        i64 n, distinct;
    } *d = ctx;
    if (!s->row.words.p) return true;
    d->n++;
    u64 h = str_hash(s->row.words) | 1, i = h >> 40;
    while (d->set[i & 0x3ffff] && d->set[i & 0x3ffff] != h) i++;
    if (!d->set[i & 0x3ffff]) d->distinct++;
    d->set[i & 0x3ffff] = h;
    return true;
}

static void sentences_are_many_and_seldom_repeat(void **state) {
    (void)state;
    err e;
    book *b;
    arena *a = arena_open(BUDGET);
    assert_ok(phrasebook_open(a, &b, &e));
    assert_true(book_size(b) >= 400);
    for (topic t = 0; t < TOPIC_open; t++) {
        size_t zh = book_count(b, TONGUE_ZH, t, -1) + book_count(b, TONGUE_ZH, t, 1);
        size_t en = book_count(b, TONGUE_EN, t, -1) + book_count(b, TONGUE_EN, t, 1);
        assert_true(zh > 0 && en > 0);
    }
    struct {
        u64 *set;
        i64 n, distinct;
    } d = {NEW_N(a, u64, 0x40000), 0, 0};
    run_with(usual, take_distinct, &d);
    assert_true(d.distinct * 100 > d.n * 70);
    arena_close(a);
}

static void templates_with_open_brackets_or_unknown_slots_are_refused(void **state) {
    (void)state;
    static const char *const BAD[] = {"a[b|c", "a]b", "{nobody}", "{n", "[a|[b]]", "}"};
    chance c;
    chance_seed(&c, 3);
    slots s = {S("x"), S("y"), S("z"), 4};
    for (size_t i = 0; i < COUNT(BAD); i++) {
        buf out = {0};
        assert_false(phrase_expand(&out, str_of(BAD[i]), &s, TONGUE_EN, &c));
        buf_clear(&out);
    }
    buf out = {0};
    assert_true(phrase_expand(&out, S("in {city} [{late} days|{late} days], {model} {order}"), &s,
                              TONGUE_EN, &c));
    assert_str(buf_view(&out), S("in x 4 days, y z"));
    buf_clear(&out);
}

static void rules_and_departments_are_whole(void **state) {
    (void)state;
    arena *a = arena_open(BUDGET);
    err e;
    for (size_t i = 0; i < demo_rules_n; i++) {
        const expr *x;
        json *params;
        assert_ok(expr_parse(a, str_of(demo_rules[i].condition), 480, &x, &e));
        assert_ok(json_read(a, str_of(demo_rules[i].params), &params, &e));
        str name = json_get_text(params, S("department"));
        bool known = !name.p;
        for (size_t k = 0; k < demo_departments_n; k++)
            known |= str_eq(str_of(demo_departments[k].name), name);
        assert_true(known);
        assert_true(demo_rules[i].title_cn[0] && demo_rules[i].title_tw[0] &&
                    demo_rules[i].title_en[0]);
    }
    arena_close(a);
}

/* ---- rules find their signals ---- */

typedef struct {
    const expr *x[16];
    i64 n[16];
    const signal *now;
} finds;

static truth row_has(void *ctx, str text) {
    str folded;
    arena *a = arena_open(1 << 20);
    fold(a, text, &folded, NULL);
    truth t = fold_has(((finds *)ctx)->now->row.words, folded) ? YES : NO;
    arena_close(a);
    return t;
}

static bool take_rules(void *ctx, const signal *s, err *e) {
    (void)e;
    finds *f = ctx;
    insight ins = {0};
    noun_init(&noun_insight, &ins.row);
    f->now = s;
    for (size_t i = 0; i < demo_rules_n; i++)
        f->n[i] += signal_test(f->x[i], s, &ins, row_has, f) == YES;
    return true;
}

static void each_rule_finds_some_signals_and_not_too_many(void **state) {
    (void)state;
    err e;
    arena *a = arena_open(BUDGET);
    finds f = {.now = NULL};
    assert_true(demo_rules_n <= COUNT(f.n));
    for (size_t i = 0; i < demo_rules_n; i++)
        assert_ok(expr_parse(a, str_of(demo_rules[i].condition), 480, &f.x[i], &e));
    run_with(usual, take_rules, &f);
    for (size_t i = 0; i < demo_rules_n; i++) {
        print_message("%s: %lld\n", demo_rules[i].name, (long long)f.n[i]);
        assert_in_range(f.n[i], 10, 2200);
    }
    arena_close(a);
}

static bool stop_at_ten(void *ctx, const signal *s, err *e) {
    (void)s;
    return ++*(int *)ctx < 10 || fail(e, IO, "the disk is full");
}

static void a_take_that_fails_stops_the_run(void **state) {
    (void)state;
    err e;
    int n = 0;
    run r = {usual, stop_at_ten, &n};
    assert_false(job_run(BUDGET, run_job, &r, &e));
    assert_string_equal(e.msg, "the disk is full");
    assert_int_equal(n, 10);
}

static void options_out_of_range_get_one_sentence(void **state) {
    (void)state;
    err e;
    u64 hash = 0;
    static const demo_options BAD[] = {{.start_day = NONE, .days = 29},
                                       {.start_day = NONE, .days = 9999},
                                       {.start_day = NONE, .scale = 99},
                                       {.start_day = NONE, .scale = -1},
                                       {.start_day = 1000000}};
    for (size_t i = 0; i < COUNT(BAD); i++) {
        run r = {BAD[i], take_hash, &hash};
        assert_false(job_run(BUDGET, run_job, &r, &e));
        assert_int_equal(e.code, INVALID);
    }
}

static void every_failing_allocation_ends_in_one_sentence(void **state) {
    (void)state;
    err e;
    u64 hash = 0;
    i64 survived = -1, step = 1;
    run r = {{.seed = 1, .start_day = NONE, .days = 30, .scale = 100}, take_hash, &hash};
    for (i64 n = 0; survived < 0; n += step) {
        step = n > 300 ? 37 : 1;
        arena_fail_after(n);
        if (job_run(BUDGET, run_job, &r, &e))
            survived = n;
        else
            assert_int_equal(e.code, LIMIT);
    }
    arena_fail_after(-1);
    assert_true(survived > 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_seed_gives_the_same_bytes_and_another_seed_others),
        cmocka_unit_test(a_year_has_its_signals_channels_and_months),
        cmocka_unit_test(three_ways_of_writing_have_their_shares),
        cmocka_unit_test(the_year_has_a_quiet_festival_and_a_loud_sale),
        cmocka_unit_test(who_waited_long_scores_low),
        cmocka_unit_test(other_lengths_and_sizes_keep_their_scale),
        cmocka_unit_test(each_story_is_in_its_place_and_time),
        cmocka_unit_test(story_days_follow_start_and_length),
        cmocka_unit_test(no_contact_in_it_can_be_a_persons),
        cmocka_unit_test(sentences_are_many_and_seldom_repeat),
        cmocka_unit_test(templates_with_open_brackets_or_unknown_slots_are_refused),
        cmocka_unit_test(rules_and_departments_are_whole),
        cmocka_unit_test(each_rule_finds_some_signals_and_not_too_many),
        cmocka_unit_test(a_take_that_fails_stops_the_run),
        cmocka_unit_test(options_out_of_range_get_one_sentence),
        cmocka_unit_test(every_failing_allocation_ends_in_one_sentence),
    };
    return RUN_TESTS(tests);
}
