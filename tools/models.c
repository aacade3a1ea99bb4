/* models.c - makes the models that ship, from the public labelled texts in $HEED_SHARED/data: the same
** texts give the same bytes.  `make models` runs it.
**
** models DATA OUT   writes OUT/NAME.model, its card inside, and prints what each was learnt from and how
** right it is.  Texts equal or nearly alike to one of any test half are left out first, and it is checked
** that none is left.  Only texts of the classes A (explicit open licence) and B (public, no explicit
** licence) of that folder's README teach; others are only asked about.  Decision 0011. */
#include "base/job.h"
#include "base/json.h"
#include "flow/labelled.h"
#include "understand/findings.h"
#include "understand/selftaught.h"
#include "understand/understand.h"

enum { HELD_BACK_ONE_IN = 5 };
#define MADE_AT "2026-11-22" /* part of the card, so not the clock's */

typedef struct {
    const char *model, *name, *class_, *file;
    const char *text[2], *label, *only;
    const char *negative, *positive; /* labels, each between bars */
} source;
static const source sources[] = {
    {"sentiment_zh",
     "ChnSentiCorp hotel reviews",
     "B",
     "zh/hotel_htl.csv.gz",
     {"text"},
     "label",
     "split=train",
     "|0|",
     "|1|"},
    {"sentiment_zh",
     "waimai_10k food deliveries",
     "B",
     "zh/waimai.csv.gz",
     {"text"},
     "label",
     "split=train",
     "|0|",
     "|1|"},
    {"sentiment_zh",
     "online_shopping_10_cats, 8 of them",
     "B",
     "zh/shopping_8cats.csv.gz",
     {"text"},
     "label",
     "split=train",
     "|0|",
     "|1|"},
    {"sentiment_zh",
     "ASAP sample of restaurant reviews (Apache-2.0)",
     "A",
     "zh/asap_sample.csv.gz",
     {"reviewbody"},
     "star",
     "split=train",
     "|1.0|2.0|",
     "|4.0|5.0|"},
    {"sentiment_en",
     "Women's E-Commerce Clothing Reviews (CC0)",
     "A",
     "en/womens_clothing.csv.gz",
     {"title", "text"},
     "recommended",
     "split=train",
     "|0|",
     "|1|"},
    {"sentiment_en",
     "Small Fine Foods (MIT package)",
     "A",
     "en/fine_foods.csv.gz",
     {"review"},
     "score",
     "split=train",
     "|other|",
     "|great|"},
    {"sentiment_en",
     "Skytrax seat reviews",
     "B",
     "en/skytrax_seat.csv.gz",
     {"content"},
     "recommended",
     NULL,
     "|0|",
     "|1|"},
};

/* Asked about only; the halves that may be looked at while choosing are split=train. */
typedef struct {
    const char *model, *name, *file, *text[2], *label, *negative, *positive;
    bool taught; /* its other half is among the sources */
} trial;
static const trial trials[] = {
    {"sentiment_zh", "hotel", "zh/hotel_htl.csv.gz", {"text"}, "label", "|0|", "|1|", true},
    {"sentiment_zh", "waimai", "zh/waimai.csv.gz", {"text"}, "label", "|0|", "|1|", true},
    {"sentiment_zh", "shopping", "zh/shopping_8cats.csv.gz", {"text"}, "label", "|0|", "|1|", true},
    {"sentiment_zh", "cars", "zh/car_aspect.csv.gz", {"text"}, "polarity", "|-1|", "|1|", false},
    {"sentiment_en",
     "clothing",
     "en/womens_clothing.csv.gz",
     {"title", "text"},
     "recommended",
     "|0|",
     "|1|",
     true},
    {"sentiment_en",
     "fine foods",
     "en/fine_foods.csv.gz",
     {"review"},
     "score",
     "|other|",
     "|great|",
     true},
    {"sentiment_en",
     "Amazon products",
     "en/amazon_polarity.csv.gz",
     {"text"},
     "label",
     "|0|",
     "|1|",
     false},
    {"sentiment_en",
     "tweets to airlines",
     "en/twitter_airline.csv.gz",
     {"text"},
     "sentiment",
     "|negative|",
     "|positive|",
     false},
};

/* What of the lexicon's judgement is added to a model's margin, and how hard the model tries: chosen
** on the training halves of the texts it did not learn from. */
typedef struct {
    const char *name, *language;
    double cost, words;
} recipe;
static const recipe recipes[] = {{"sentiment_zh", "zh", 0.5, 0.3},
                                 {"sentiment_en", "en", 0.2, 0.5}};

static i64 now_ms(world *w) {
    (void)w;
    return 1767225600000;
}

/* ---- reading ---- */

static bool is_among(const char *list, str label) {
    for (str rest = str_of(list), head; rest.n;) {
        str tail;
        if (!str_cut(rest, '|', &head, &tail)) break;
        if (head.n && str_eq(head, label)) return true;
        rest = tail;
    }
    return false;
}

typedef struct {
    const char *file, *const *text, *label, *only, *negative, *positive;
} part;

/* Adds the rows; labels become "negative", "positive" or nothing. */
static bool read_part(arena *a, const char *data, const part *p, labelled *l, err *e) {
    world w = {.now_ms = now_ms};
    str text[2], only = str_of(p->only);
    labelled_wish wish = {.text = text, .label = str_of(p->label), .only = &only};
    wish.only_n = p->only != NULL;
    for (size_t i = 0; i < 2 && p->text[i]; i++) text[wish.text_n++] = str_of(p->text[i]);
    size_t from = l->n;
    if (!labelled_read(a, &w, arena_fmt(a, "%s/%s", data, p->file), &wish, l, e)) return false;
    for (size_t i = from; i < l->n; i++) {
        str label = l->labels[i];
        bool bad = is_among(p->negative, label), good = is_among(p->positive, label);
        l->labels[i] = bad ? S("negative") : good ? S("positive") : S("");
    }
    return true;
}

/* Those without a label go. */
static void drop_unlabelled(labelled *l) {
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++) {
        if (l->labels[i].n == 0) continue;
        l->texts[n] = l->texts[i];
        l->labels[n] = l->labels[i];
        l->near[n] = l->near[i];
        l->words_hash[n] = l->words_hash[i];
        l->simhash[n++] = l->simhash[i];
    }
    l->n = n;
}

static bool read_trial(arena *a, const char *data, const trial *t, const char *split, labelled *l,
                       err *e) {
    part p = {t->file, t->text, t->label, split, t->negative, t->positive};
    return read_part(a, data, &p, l, e);
}

/* All test halves, to be kept out. */
static bool read_tests(arena *a, const char *data, labelled *tests, err *e) {
    for (size_t i = 0; i < COUNT(trials); i++)
        if (!read_trial(a, data, &trials[i], "split=test", tests, e)) return false;
    return true;
}

/* ---- asking ---- */

static i32 score_of(arena *a, str folded) {
    err e;
    insight ins = {0};
    u32 *offsets = NEW_N(a, u32, folded.n + 1);
    for (size_t k = 0; k <= folded.n; k++) offsets[k] = (u32)k;
    reading r = {.a = a,
                 .ins = &ins,
                 .text = folded,
                 .folded = folded,
                 .offsets = offsets,
                 .lexicon_only = true};
    return understand_reading(&r, NULL, 0, &e) && r.found ? r.found->score : 0;
}

/* Margin of the model and of the lexicon beside it. */
static void margins_of(arena *a, const linear *m, double words, const lessons *l, float *out) {
    grams_room *room = grams_room_new(a);
    arena *b = arena_open((size_t)64 << 20);
    for (size_t i = 0; i < l->n; i++) {
        arena_reset(b);
        out[i] = 0;
        if (m) linear_margins(m, room, l->texts[i], &out[i]);
        out[i] += (float)(words * selftaught_words(score_of(b, l->texts[i])));
    }
    arena_close(b);
}

typedef struct {
    double accuracy, macro_f1;
} right;
static right how_right(const lessons *l, const float *margins) {
    double have[2] = {0}, said[2] = {0}, both[2] = {0}, n = 0;
    for (size_t i = 0; i < l->n; i++, n++) {
        u32 is = l->labels[l->from[i]], says = margins[i] > 0;
        have[is]++;
        said[says]++;
        both[is] += is == says;
    }
    double f1 = 0;
    for (int k = 0; k < 2; k++) f1 += 2 * both[k] / MAX(have[k] + said[k], 1) / 2;
    return (right){(both[0] + both[1]) / MAX(n, 1), f1};
}

/* ---- teaching ---- */

static void split(arena *a, const labelled *all, bool held_back, labelled *out) {
    labelled l = {.texts = NEW_N(a, str, all->n + 1),
                  .labels = NEW_N(a, str, all->n + 1),
                  .near = NEW_N(a, u32, all->n + 1)};
    for (size_t i = 0; i < all->n; i++) {
        u64 h = (u64)all->near[i] * 0x9e3779b97f4a7c15ull;
        if (((h >> 32) % HELD_BACK_ONE_IN == 0) != held_back) continue;
        l.texts[l.n] = all->texts[i];
        l.labels[l.n] = all->labels[i];
        l.near[l.n++] = all->near[i];
    }
    *out = l;
}

static const str classes[] = {{"negative", 8}, {"positive", 8}};

static bool teach_one(arena *a, const recipe *r, const labelled *l, learnt *out, err *e) {
    lessons lessons_;
    learn_wish w = learn_usual;
    w.folds = 0;
    w.svm.cost = r->cost;
    labelled_lessons(a, l, 0, classes, 2, &lessons_, NULL);
    return learn(a, &lessons_, &w, out, e);
}

/* A first model learns without every fifth text and is asked about these, the lexicon beside it: that
** gives the probabilities. */
static bool calibrate(arena *a, const recipe *r, const labelled *all, platt *sure, right *f,
                      double *off, err *e) {
    labelled with, without;
    lessons l;
    learnt got;
    linear m;
    split(a, all, false, &with);
    split(a, all, true, &without);
    if (!teach_one(a, r, &with, &got, e)) return false;
    if (!linear_open(a, str_of(r->name), linear_write(a, got.draft, S("{}")), &m, e)) return false;
    labelled_lessons(a, &without, 0, classes, 2, &l, NULL);
    float *margins = NEW_N(a, float, l.n + 1);
    bool *is = NEW_N(a, bool, l.n + 1), *true_ = NEW_N(a, bool, l.n + 1);
    double *said = NEW_N(a, double, l.n + 1);
    margins_of(a, &m, r->words, &l, margins);
    for (size_t i = 0; i < l.n; i++) is[i] = l.labels[l.from[i]] == 1;
    *sure = platt_fit(margins, is, l.n);
    for (size_t i = 0; i < l.n; i++) {
        double p = platt_sure(*sure, (double)margins[i]);
        said[i] = MAX(p, 1 - p);
        true_[i] = (margins[i] > 0) == is[i];
    }
    *off = calibration_error(said, true_, l.n);
    *f = how_right(&l, margins);
    return true;
}

/* ---- the card ---- */

static void json_figures(json_out *j, const char *name, const trial *t, i64 n, right with,
                         right without) {
    json_object(j);
    json_key(j, S("texts_of"));
    json_text(j, str_of(name));
    json_key(j, S("learnt_from_their_other_half"));
    json_bool(j, t->taught);
    json_key(j, S("n"));
    json_int(j, n);
    json_key(j, S("accuracy"));
    json_num(j, round(with.accuracy * 1e4) / 1e4);
    json_key(j, S("macro_f1"));
    json_num(j, round(with.macro_f1 * 1e4) / 1e4);
    json_key(j, S("accuracy_lexicon_alone"));
    json_num(j, round(without.accuracy * 1e4) / 1e4);
    json_end_object(j);
}

typedef struct {
    const char *data;
    const recipe *r;
    labelled train, tests;
    size_t near_test, per_source[COUNT(sources)];
} making;

/* What the model and the lexicon say of one trial's half. */
static bool ask_trial(arena *a, const making *k, const trial *t, const char *half, const linear *m,
                      i64 *n, right *with, right *without, err *e) {
    labelled l = {0};
    lessons q;
    if (!read_trial(a, k->data, t, half, &l, e)) return false;
    drop_unlabelled(&l);
    labelled_lessons(a, &l, 0, classes, 2, &q, NULL);
    float *margins = NEW_N(a, float, q.n + 1);
    *n = (i64)q.n;
    margins_of(a, NULL, 1, &q, margins);
    *without = how_right(&q, margins);
    margins_of(a, m, k->r->words, &q, margins);
    *with = how_right(&q, margins);
    return true;
}

static bool json_trials(arena *a, json_out *j, const making *k, const linear *m, err *e) {
    json_key(j, S("test"));
    json_array(j);
    for (size_t i = 0; i < COUNT(trials); i++) {
        const trial *t = &trials[i];
        i64 n;
        right with, without;
        if (strcmp(t->model, k->r->name) != 0) continue;
        if (!t->taught) { /* what choosing may look at */
            if (!ask_trial(a, k, t, "split=train", m, &n, &with, &without, e)) return false;
            printf("  %-20s train half %.4f (lexicon alone %.4f), macro-F1 %.4f, n %" PRId64 "\n",
                   t->name, with.accuracy, without.accuracy, with.macro_f1, n);
        }
        if (!ask_trial(a, k, t, "split=test", m, &n, &with, &without, e)) return false;
        printf("  %-20s test half  %.4f (lexicon alone %.4f), macro-F1 %.4f, n %" PRId64 "\n",
               t->name, with.accuracy, without.accuracy, with.macro_f1, n);
        json_figures(j, t->name, t, n, with, without);
    }
    json_end_array(j);
    return true;
}

static void json_sources(json_out *j, const making *k) {
    json_key(j, S("learnt_from"));
    json_array(j);
    for (size_t i = 0; i < COUNT(sources); i++) {
        if (strcmp(sources[i].model, k->r->name) != 0) continue;
        json_object(j);
        json_key(j, S("texts_of"));
        json_text(j, str_of(sources[i].name));
        json_key(j, S("class"));
        json_text(j, str_of(sources[i].class_));
        json_key(j, S("texts"));
        json_int(j, (i64)k->per_source[i]);
        json_end_object(j);
    }
    json_end_array(j);
}

static bool card_of(arena *a, const making *k, const linear *m, right held, double off, str *out,
                    err *e) {
    buf b = {.a = a};
    json_out j = json_to(&b);
    json_object(&j);
    json_key(&j, S("task"));
    json_text(&j, S("sentiment"));
    json_key(&j, S("made_at"));
    json_text(&j, S(MADE_AT));
    json_key(&j, S("licence"));
    json_text(&j, S("the weights: Apache-2.0; they hold no text"));
    json_sources(&j, k);
    json_key(&j, S("texts"));
    json_int(&j, (i64)k->train.n);
    json_key(&j, S("left_out_as_near_a_test_text"));
    json_int(&j, (i64)k->near_test);
    json_key(&j, S("languages"));
    json_array(&j);
    json_text(&j, str_of(k->r->language));
    json_end_array(&j);
    json_key(&j, S("with_lexicon"));
    json_bool(&j, true);
    json_key(&j, S("lexicon_weight"));
    json_num(&j, k->r->words);
    json_key(&j, S("accuracy_held_back"));
    json_num(&j, round(held.accuracy * 1e4) / 1e4);
    json_key(&j, S("macro_f1"));
    json_num(&j, round(held.macro_f1 * 1e4) / 1e4);
    json_key(&j, S("calibration_error"));
    json_num(&j, round(off * 1e4) / 1e4);
    if (!json_trials(a, &j, k, m, e)) return false;
    json_key(&j, S("how"));
    json_text(&j,
              arena_fmt(a,
                        "NB-weighted linear SVM, C %g, 18-bit hashing, runs of 1..3 signs, words "
                        "and pairs, pieces of 3..5 letters, weights of one byte",
                        k->r->cost));
    json_end_object(&j);
    *out = buf_view(&b);
    return true;
}

/* The same for people, in English and Chinese. */
static void print_card(FILE *f, bool zh, const making *k, const linear *m, size_t bytes) {
    json *card;
    err e;
    arena *a = arena_open(1 << 20);
    check(json_read(a, m->card, &card, &e));
    fprintf(f, "\n## %s\n\n", k->r->name);
    fprintf(f,
            zh ? "%.3f MB，哈希 `%016" PRIx64 "`，%s。学自 %zu 条文本（与测试文本相近的 %zu "
                 "条已去掉）：\n\n| 来源 | 类别 | 条数 |\n|---|---|---:|\n"
               : "%.3f MB, hash `%016" PRIx64 "`, %s. Learnt from %zu texts (%zu near a test text "
                 "left out):\n\n| texts of | class | texts |\n|---|---|---:|\n",
            (double)bytes / 1e6, m->hash, MADE_AT, k->train.n, k->near_test);
    for (size_t i = 0; i < COUNT(sources); i++)
        if (strcmp(sources[i].model, k->r->name) == 0)
            fprintf(f, "| %s | %s | %zu |\n", sources[i].name, sources[i].class_, k->per_source[i]);
    fprintf(
        f,
        zh ? "\n留出的五分之一：准确率 %.4f，宏 F1 %.4f，概率平均偏差 %.4f。测试集：\n\n"
             "| 文本 | 学过另一半 | n | 准确率 | 宏 F1 | 只用词典 "
             "|\n|---|---|---:|---:|---:|---:|\n"
           : "\nOn the fifth held back: accuracy %.4f, macro-F1 %.4f, probabilities off by %.4f "
             "on average. Test halves:\n\n| texts | learnt from their other half | n | accuracy "
             "| macro-F1 | lexicon alone |\n|---|---|---:|---:|---:|---:|\n",
        json_get_num(card, S("accuracy_held_back")), json_get_num(card, S("macro_f1")),
        json_get_num(card, S("calibration_error")));
    const json *t = json_get(card, S("test"));
    for (t = t ? t->first : NULL; t; t = t->next) {
        const json *half = json_get(t, S("learnt_from_their_other_half"));
        fprintf(f, "| %.*s | %s | %.0f | %.4f | %.4f | %.4f |\n",
                STR_ARG(json_get(t, S("texts_of"))->text),
                half->i ? (zh ? "是" : "yes") : (zh ? "否" : "no"), json_get_num(t, S("n")),
                json_get_num(t, S("accuracy")), json_get_num(t, S("macro_f1")),
                json_get_num(t, S("accuracy_lexicon_alone")));
    }
    arena_close(a);
}

static const char head_en[] =
    "# The models that ship\n\nMade by `make models` (`tools/models.c`), which writes this page "
    "too. "
    "Each is a file in `src/understand/weights`, a part of the binary; `heed models show NAME` "
    "prints "
    "its card. Decision 0011 tells what may teach them. Class A: an explicit open licence; class "
    "B: "
    "public, without an explicit licence. The weights hold no text.\n\nMeant for reviews and other "
    "short judgements of customers. Not meant for news, for other languages, or for judging "
    "people. "
    "Weak where the lexicon is weak: irony, jargon, comparisons; and in trades it did not learn "
    "from, "
    "which the rows with \"no\" show.\n";
static const char head_zh[] =
    "# 随程序附带的模型\n\n由 `make models`（`tools/models.c`）生成，本页也是。每个模型是 "
    "`src/understand/weights` 里的一个文件，编入程序；`heed models show NAME` 打印它的卡片。"
    "什么文本可以用来教，见决定 0011。A 类：有明确的开放许可；B 类：公开但没有明确许可。"
    "权重里没有任何原文。\n\n适用于评论和顾客的其他简短评价；不适用于新闻、其他语言或评价个人。"
    "弱点与词典相同：反讽、行话、比较；没有学过的行业见标“否”的行。\n";

/* ---- all together ---- */

static bool gather(arena *a, making *k, err *e) {
    for (size_t i = 0; i < COUNT(sources); i++) {
        const source *s = &sources[i];
        size_t before = k->train.n;
        if (strcmp(s->model, k->r->name) != 0) continue;
        check(strcmp(s->class_, "A") == 0 || strcmp(s->class_, "B") == 0);
        part p = {s->file, s->text, s->label, s->only, s->negative, s->positive};
        if (!read_part(a, k->data, &p, &k->train, e)) return false;
        for (size_t n = before; n < k->train.n; n++) k->per_source[i] += k->train.labels[n].n > 0;
    }
    drop_unlabelled(&k->train);
    k->near_test = labelled_without(a, &k->train, &k->tests);
    check(labelled_without(a, &k->train, &k->tests) == 0);
    return true;
}

static bool write_file(const char *path, str bytes, err *e) {
    FILE *f = fopen(path, "wb");
    if (!f) return fail(e, IO, "cannot write %s", path);
    bool ok = fwrite(bytes.p, 1, bytes.n, f) == bytes.n;
    if (fclose(f) != 0 || !ok) return fail(e, IO, "cannot write %s", path);
    return true;
}

typedef struct {
    const char *data, *out;
    const recipe *r;
    FILE *en, *zh;
} wanted;

static bool make_one(arena *a, void *ctx, err *e) {
    const wanted *w = ctx;
    making k = {.data = w->data, .r = w->r};
    learnt got;
    linear m;
    platt sure;
    right held;
    double off;
    str card;
    if (!read_tests(a, w->data, &k.tests, e) || !gather(a, &k, e)) return false;
    printf("%s: %zu texts, %zu more left out: near a test text\n", w->r->name, k.train.n,
           k.near_test);
    fflush(stdout);
    if (!calibrate(a, w->r, &k.train, &sure, &held, &off, e) ||
        !teach_one(a, w->r, &k.train, &got, e))
        return false;
    got.draft->rows[0].sure = sure;
    printf("  %-20s %.4f, macro-F1 %.4f, probabilities off by %.4f\n", "held back", held.accuracy,
           held.macro_f1, off);
    if (!linear_open(a, str_of(w->r->name), linear_write(a, got.draft, S("{}")), &m, e) ||
        !card_of(a, &k, &m, held, off, &card, e))
        return false;
    str file = linear_write(a, got.draft, card);
    if (!linear_open(a, str_of(w->r->name), file, &m, e)) return false;
    printf("  %.3f MB, hash %016" PRIx64 "\n", (double)file.n / 1e6, m.hash);
    print_card(w->en, false, &k, &m, file.n);
    print_card(w->zh, true, &k, &m, file.n);
    return write_file(arena_fmt(a, "%s/%s.model", w->out, w->r->name).p, file, e);
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: models DATA OUT\n");
        return 2;
    }
    char path[2][4096];
    snprintf(path[0], sizeof path[0], "%s/models.md", argv[2]);
    snprintf(path[1], sizeof path[1], "%s/models.zh-CN.md", argv[2]);
    FILE *en = fopen(path[0], "wb"), *zh = fopen(path[1], "wb");
    if (!en || !zh) {
        fprintf(stderr, "models: cannot write into %s\n", argv[2]);
        return 1;
    }
    fputs(head_en, en);
    fputs(head_zh, zh);
    for (size_t i = 0; i < COUNT(recipes); i++) {
        err e;
        wanted w = {argv[1], argv[2], &recipes[i], en, zh};
        if (job_run((size_t)6 << 30, make_one, &w, &e)) continue;
        fprintf(stderr, "models: %s\n", e.msg);
        return 1;
    }
    return fclose(en) != 0 || fclose(zh) != 0;
}
