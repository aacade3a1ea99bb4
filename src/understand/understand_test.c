/* understand_test.c - the readers on sentences of our own, and the lexicons held to their rules. */
#include "base/test.h"
#include "kern/fold.h"
#include "understand/findings.h"
#include "understand/understand.h"

static insight read_words(arena *a, str words, str lang) {
    insight ins = {.row = {.lang = lang}};
    str folded;
    u32 *offsets;
    err e = {0};
    fold(a, words, &folded, &offsets);
    assert_ok(understand_signal(NULL, a, NULL, words, folded, offsets, NULL, 0, &ins, &e));
    return ins;
}

typedef struct {
    const char *words;
    int want;
} judged;

static void hold(const judged *cases, size_t n) {
    int wrong = 0;
    for (size_t i = 0; i < n; i++) {
        arena *a = arena_open(16 << 20);
        i64 have = read_words(a, str_of(cases[i].words), NO_STR).row.sentiment;
        if (have != cases[i].want) {
            print_message("%s: have %lld, want %d\n", cases[i].words, (long long)have,
                          cases[i].want);
            wrong++;
        }
        arena_close(a);
    }
    assert_int_equal(wrong, 0);
}

static void plain_judgements_are_read(void **state) {
    (void)state;
    static const judged cases[] = {
        {"客服小姐姐特别热情,问题一下就解决了", 1},
        {"包装很结实,东西也好用", 1},
        {"充电半小时只跑一百公里,太坑了", -1},
        {"打了三天电话没人接", -1},
        {"房間很乾淨,早餐也豐富", 1},
        {"態度惡劣,再也不會來了", -1},
        {"The staff were lovely and the room was spotless", 1},
        {"Terrible app, it keeps crashing", -1},
        {"今天下单,明天到店自取", 0},
        {"I will pick it up on Tuesday", 0},
    };
    hold(cases, COUNT(cases));
}

static void negation_turns_and_its_exceptions_do_not(void **state) {
    (void)state;
    static const judged cases[] = {
        {"不好吃", -1},
        {"不是很满意", -1},
        {"没有想象中那么好", -1},
        {"一点也不贵", 1},
        {"东西真不错", 1},
        {"没得说,下次还买", 1},
        {"忍不住夸一句", 1},
        {"不得不夸一下师傅", 1},
        {"没有异味", 1},
        {"並不好用", -1},
        {"not good at all", -1},
        {"It isn't comfortable", -1},
        {"I don't like the colour", -1},
        {"The food was not bad", 1},
        {"I can't recommend this", -1},
        {"can't go wrong with these", 1},
    };
    hold(cases, COUNT(cases));
}

static void what_follows_a_contrast_counts_more(void **state) {
    (void)state;
    static const judged cases[] = {
        {"外观不错,但是质量太差", -1},
        {"虽然有点贵,但是非常好用", 1},
        {"雖然送得慢,但味道很好", 1},
        {"Nice colour but it broke after a week and support was useless", -1},
        {"A bit pricey, but absolutely worth it, great quality", 1},
    };
    hold(cases, COUNT(cases));
}

static void emoji_speak_in_every_language(void **state) {
    (void)state;
    arena *a = arena_open(16 << 20);
    assert_int_equal(read_words(a, S("😡😡"), NO_STR).row.sentiment, -1);
    assert_int_equal(read_words(a, S("entrega rápida 😍"), S("pt")).row.sentiment, 1);
    assert_int_equal(read_words(a, S("la entrega llegó tarde"), S("es")).row.sentiment, NONE);
    assert_int_equal(read_words(a, S("bad"), S("de")).row.sentiment, NONE);
    assert_int_equal(read_words(a, S(""), S("zh-Hans")).row.sentiment, NONE);
    arena_close(a);
}

static i32 score_of(arena *a, str words) {
    insight ins = {0};
    reading r = {.a = a, .ins = &ins, .text = words};
    u32 *offsets;
    err e = {0};
    fold(a, words, &r.folded, &offsets);
    r.offsets = offsets;
    assert_ok(understand_reading(&r, NULL, 0, &e));
    return r.found ? r.found->score : 0;
}

static void degree_scales_the_score(void **state) {
    (void)state;
    arena *a = arena_open(16 << 20);
    assert_true(score_of(a, S("有点慢")) < 0 &&
                score_of(a, S("太慢了")) < score_of(a, S("有点慢")));
    assert_true(score_of(a, S("非常漂亮")) > score_of(a, S("漂亮")));
    assert_true(score_of(a, S("very comfortable")) > score_of(a, S("comfortable")));
    assert_true(score_of(a, S("slightly rude")) > score_of(a, S("extremely rude")));
    assert_true(score_of(a, S("希望能便宜")) < 0);
    arena_close(a);
}

static void mixed_texts_are_mixed(void **state) {
    (void)state;
    static const judged cases[] = {{"味道好,服务差", 0}, {"good food, bad service", 0}};
    hold(cases, COUNT(cases));
}

static void every_term_is_written_as_it_is_folded(void **state) {
    (void)state;
    const vocabulary *v = vocabulary_shipped();
    int wrong = 0;
    for (size_t i = 0; i < v->entries_n; i++) {
        arena *a = arena_open(1 << 20);
        str folded;
        fold(a, v->entries[i].text, &folded, NULL);
        if (!str_eq(folded, v->entries[i].text)) {
            print_message("%.*s folds to %.*s\n", STR_ARG(v->entries[i].text), STR_ARG(folded));
            wrong++;
        }
        arena_close(a);
    }
    assert_int_equal(wrong, 0);
}

static void hostile_texts_are_read_quickly_and_whole(void **state) {
    (void)state;
    static const char *const parts[] = {"但", "不好", "a",    "good but ", "快递", "\xff",
                                        ":(", "。",   "虽然", "很",        "不 "};
    for (size_t p = 0; p < COUNT(parts); p++) {
        arena *a = arena_open((size_t)1 << 30);
        buf b = {.a = a};
        while (b.n + 16 < LIMIT_WORDS_BYTES) buf_str(&b, str_of(parts[p]));
        insight ins = read_words(a, buf_view(&b), NO_STR);
        assert_true(ins.mentions_n <= LIMIT_MENTIONS);
        arena_close(a);
    }
}

typedef struct {
    const char *words, *aspect;
    int polarity;
    const char *opinion;
} spoken;

static const mention *mention_find(const insight *ins, const char *aspect, int polarity) {
    for (size_t i = 0; i < ins->mentions_n; i++)
        if (str_eq(ins->mentions[i].aspect, str_of(aspect)) &&
            ins->mentions[i].polarity == polarity)
            return &ins->mentions[i];
    return NULL;
}

static void aspects_are_found_with_their_opinion_words(void **state) {
    (void)state;
    static const spoken cases[] = {
        {"快递太慢了,等得心焦", "delivery.speed", -1, "太慢"},
        {"快遞太慢了,等得心焦", "delivery.speed", -1, "太慢"},
        {"房间很干净,就是隔音差", "room.cleanliness", 1, "很干净"},
        {"房间很干净,就是隔音差", "place.noise", -1, "隔音差"},
        {"客服态度非常好", "service.attitude", 1, "好"},
        {"价格不贵", "price.level", 1, "不贵"},
        {"冬天续航打折,充电也排队", "battery.range", -1, "续航"},
        {"更新后app老是闪退", "app.stability", -1, "闪退"},
        {"The fabric is really excellent", "product.material", 1, "really excellent"},
        {"My parcel arrived late", "delivery.speed", -1, "arrived late"},
        {"The waiter was extremely rude", "service.attitude", -1, "extremely rude"},
        {"Fits perfectly, true to size", "product.fit", 1, "Fits perfectly"},
    };
    int wrong = 0;
    for (size_t i = 0; i < COUNT(cases); i++) {
        arena *a = arena_open(16 << 20);
        insight ins = read_words(a, str_of(cases[i].words), NO_STR);
        const mention *m = mention_find(&ins, cases[i].aspect, cases[i].polarity);
        if (!m || str_find(m->opinion, str_of(cases[i].opinion)) < 0) {
            print_message("%s: no %s %d, or said \"%.*s\"\n", cases[i].words, cases[i].aspect,
                          cases[i].polarity, STR_ARG(m ? m->opinion : NO_STR));
            wrong++;
        }
        arena_close(a);
    }
    assert_int_equal(wrong, 0);
}

/* Offsets go through folding: traditional, full-width and dropped characters before the place. */
static void spans_point_at_the_words_as_written(void **state) {
    (void)state;
    arena *a = arena_open(16 << 20);
    str words = S("\xe2\x80\x8b我很喜歡。快遞太慢了,客服熱情");
    insight ins = read_words(a, words, NO_STR);
    const mention *m = mention_find(&ins, "delivery.speed", -1);
    assert_non_null(m);
    str clause = str_head(str_from(words, (size_t)m->start), (size_t)(m->end - m->start));
    assert_str(clause, S("快遞太慢了,"));
    assert_str(m->opinion, S("快遞太慢"));
    assert_true(m->strength >= 1 && m->strength <= 100);
    arena_close(a);
}

static void one_mention_of_an_aspect_and_polarity(void **state) {
    (void)state;
    arena *a = arena_open(16 << 20);
    insight ins = read_words(a, S("快递慢,快递太慢了,快递真的慢,但快递员送得快"), NO_STR);
    for (size_t i = 0; i < ins.mentions_n; i++)
        for (size_t j = 0; j < i; j++)
            assert_false(str_eq(ins.mentions[i].aspect, ins.mentions[j].aspect) &&
                         ins.mentions[i].polarity == ins.mentions[j].polarity);
    arena_close(a);
}

static void intents_and_emotions_are_read_or_left_open(void **state) {
    (void)state;
    static const struct {
        const char *words, *intent, *emotion;
    } cases[] = {
        {"充电的时候冒烟了,我要退款", "safety", NULL},
        {"再不处理我就打12315", "escalation", NULL},
        {"我要注销会员", "churn", NULL},
        {"鞋子小了,申请退货", "refund", NULL},
        {"请问周末几点开门", "question", NULL},
        {"建议增加素食", "suggestion", NULL},
        {"氣死我了,太過分", "complaint", "anger"},
        {"I want my money back", "refund", NULL},
        {"I will never fly with you again", "churn", NULL},
        {"How do I reset it", "question", NULL},
        {"Thank you, we are so happy with it", "praise", "joy"},
        {"今天下单", NULL, NULL},
    };
    int wrong = 0;
    for (size_t i = 0; i < COUNT(cases); i++) {
        arena *a = arena_open(16 << 20);
        insight ins = read_words(a, str_of(cases[i].words), NO_STR);
        bool ok = str_eq(ins.row.intent, str_of(cases[i].intent));
        ok = ok && (!cases[i].emotion || str_eq(ins.row.emotion, str_of(cases[i].emotion)));
        if (!ok)
            print_message("%s: %.*s, %.*s\n", cases[i].words, STR_ARG(ins.row.intent),
                          STR_ARG(ins.row.emotion));
        wrong += !ok;
        arena_close(a);
    }
    assert_int_equal(wrong, 0);
}

static void the_taxonomy_is_whole(void **state) {
    (void)state;
    const vocabulary *v = vocabulary_shipped();
    const taxonomy *t = taxonomy_shipped();
    size_t dimensions = 0;
    for (size_t i = 0; i < t->nodes_n; i++) {
        const aspect_node *n = &t->nodes[i];
        assert_true(n->zh_cn.n && n->zh_tw.n && n->en.n);
        assert_ptr_equal(taxonomy_find(t, n->id), n);
        dimensions += !n->dimension.p;
        if (!n->dimension.p) continue;
        size_t terms = 0;
        for (size_t k = 0; k < v->entries_n; k++)
            for (u32 s = 0; s < v->entries[k].senses_n; s++) {
                const sense *x = &v->entries[k].senses[s];
                terms += x->kind == SENSE_ASPECT && x->what == i;
            }
        if (terms < 30) fail_msg("%.*s has only %zu terms", STR_ARG(n->id), terms);
    }
    assert_int_equal(dimensions, 11);
    assert_str(taxonomy_title(t, S("delivery.speed"), S("zh-TW")), S("配送速度"));
    assert_str(taxonomy_title(t, S("delivery.speed"), S("fr")), S("Delivery speed"));
    assert_str(taxonomy_title(t, S("no.such"), S("en")), S("no.such"));
}

static void a_bad_lexicon_gets_one_sentence(void **state) {
    (void)state;
    static const char *const bad[] = {
        "opinion\t-\t0\tfine", "opinion\t-\t2",
        "nonsense\t-\t1\tx",   "aspect\tno.such\t0\tx",
        "opinion\t-\t2\ta||b", "boost\tnear\t150\tx",
        "opinion\t-\tx\ty",    "opinion\t-\t2\tx\nopinion\t-\t1\tx",
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        arena *a = arena_open(16 << 20);
        const vocabulary *v = NULL;
        err e = {0};
        embedded file = {"bad.tsv", bad[i], bad[i] + strlen(bad[i])};
        assert_false(vocabulary_read(a, &file, 1, &v, &e));
        assert_null(v);
        assert_true(e.code == INVALID && strstr(e.msg, "bad.tsv line"));
        arena_close(a);
    }
}

static bool read_job(arena *a, void *ctx, err *e) {
    (void)ctx;
    insight ins = {0};
    str words = S("虽然快递慢,但是客服态度很好 :) 要求退款"), folded;
    u32 *offsets;
    fold(a, words, &folded, &offsets);
    return understand_signal(NULL, a, NULL, words, folded, offsets, NULL, 0, &ins, e);
}
static void every_failing_allocation_ends_in_one_sentence(void **state) {
    (void)state;
    err e = {0};
    vocabulary_shipped();
    i64 survived = -1;
    for (i64 n = 0; survived < 0; n++) {
        arena_fail_after(n);
        if (job_run(1 << 20, read_job, NULL, &e))
            survived = n;
        else
            assert_int_equal(e.code, LIMIT);
    }
    arena_fail_after(-1);
    assert_true(survived > 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_judgements_are_read),
        cmocka_unit_test(negation_turns_and_its_exceptions_do_not),
        cmocka_unit_test(what_follows_a_contrast_counts_more),
        cmocka_unit_test(degree_scales_the_score),
        cmocka_unit_test(mixed_texts_are_mixed),
        cmocka_unit_test(emoji_speak_in_every_language),
        cmocka_unit_test(aspects_are_found_with_their_opinion_words),
        cmocka_unit_test(spans_point_at_the_words_as_written),
        cmocka_unit_test(one_mention_of_an_aspect_and_polarity),
        cmocka_unit_test(intents_and_emotions_are_read_or_left_open),
        cmocka_unit_test(the_taxonomy_is_whole),
        cmocka_unit_test(a_bad_lexicon_gets_one_sentence),
        cmocka_unit_test(every_term_is_written_as_it_is_folded),
        cmocka_unit_test(hostile_texts_are_read_quickly_and_whole),
        cmocka_unit_test(every_failing_allocation_ends_in_one_sentence),
    };
    return RUN_TESTS(tests);
}
