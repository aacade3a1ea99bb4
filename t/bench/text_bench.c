/* text_bench.c - how right and how fast trained models are, on public labelled texts.
**
** The texts are no part of this project: $HEED_SHARED (default ../shared) is where they lie; without
** them only a sentence is said.  Taught with split=train, asked with split=test; what is equal or
** nearly alike to a test text is taken out of the training first.  Prints rows of figure, ours, peer,
** goal and note with tabs between; script/bench-text makes the table and asks the peers.
**
** text_bench [FOLDER]   into FOLDER the prepared texts are written for the peers, as fastText reads
** them: NAME.train and NAME.test */
#include "base/job.h"
#include "flow/labelled.h"
#include "understand/findings.h"
#include "understand/selftaught.h"
#include "understand/understand.h"
#include <sys/resource.h>
#include <unistd.h>

typedef struct {
    const char *name, *file, *label;
    const char *text[2], *only[1];
    double goal;     /* accuracy the issue asks for; 0 = it is reported */
    double bayes_f1; /* of naive Bayes, from the data's README */
    double cold;     /* accuracy asked for without labels; 0 = not tried, -1 = reported */
} task;
static const task tasks[] = {
    {"hotel", "zh/hotel_htl.csv.gz", "label", {"text"}, {0}, .89, .8518, .80},
    {"waimai", "zh/waimai.csv.gz", "label", {"text"}, {0}, .895, .8486, .85},
    {"shopping", "zh/shopping_8cats.csv.gz", "label", {"text"}, {0}, .93, .9087, .87},
    {"clothing",
     "en/womens_clothing.csv.gz",
     "recommended",
     {"title", "text"},
     {0},
     .915,
     .8617,
     -1},
    {"banking77", "en/banking77.csv.gz", "label", {"text"}, {0}, .90, .8348, 0},
    {"clinc150", "en/clinc150.csv.gz", "label", {"text"}, {"label!=oos"}, .92, .8369, 0},
    {"car_subject", "zh/car_aspect.csv.gz", "subject", {"text"}, {0}, .76, .6159, 0},
    {"airline", "en/twitter_airline.csv.gz", "sentiment", {"text"}, {0}, .81, .7167, 0},
    {"emotion7", "zh/emotion7.csv.gz", "label", {"text"}, {0}, 0, .3116, 0},
    {"reason", "en/twitter_airline.csv.gz", "negative_reason", {"text"}, {0}, 0, .4331, 0},
    {"term_polarity", "zh/aspect_terms.csv.gz", "polarity", {"aspect", "text"}, {0}, 0, .6334, 0},
    {"car_polarity", "zh/car_aspect.csv.gz", "polarity", {"subject", "text"}, {0}, 0, .5174, 0},
    {"amazon", "en/amazon_polarity.csv.gz", "label", {"text"}, {0}, 0, .8738, -1},
    {"fine_foods", "en/fine_foods.csv.gz", "score", {"review"}, {0}, 0, .8088, 0},
};

static const char *folder; /* for the peers; may be NULL */

static double cpu_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
static i64 now_ms(world *w) {
    (void)w;
    return 1767225600000;
}
static str data_folder(void) {
    const char *told = getenv("HEED_SHARED");
    return str_of(told ? told : "../shared");
}

static bool read_rows(arena *a, const task *t, const str *only, size_t only_n, labelled *l,
                      err *e) {
    world w = {.now_ms = now_ms};
    str text[2];
    labelled_wish wish = {.text = text, .label = str_of(t->label), .only = only, .only_n = only_n};
    for (size_t i = 0; i < 2 && t->text[i]; i++) text[wish.text_n++] = str_of(t->text[i]);
    str path = arena_fmt(a, "%.*s/data/%s", STR_ARG(data_folder()), t->file);
    return labelled_read(a, &w, path, &wish, l, e);
}

static bool read_part(arena *a, const task *t, const char *split, labelled *l, err *e) {
    str only[2] = {arena_fmt(a, "split=%s", split), str_of(t->only[0])};
    return read_rows(a, t, only, t->only[0] ? 2 : 1, l, e);
}

/* One row of the table; goal 0 = none, number "%.4f" or so. */
static void row(const char *name, double ours, const char *goal, const char *note) {
    printf("%s\t%.4f\t\t%s\t%s\n", name, ours, goal, note);
    fflush(stdout);
}

static void write_for_peers(const task *t, const char *part, const lessons *l) {
    char path[4096];
    if (!folder || snprintf(path, sizeof path, "%s/%s.%s", folder, t->name, part) >= 4096) return;
    FILE *f = fopen(path, "wb");
    if (!f) return;
    for (size_t i = 0; i < l->n; i++) {
        fprintf(f, "__label__");
        str name = l->classes[l->labels[l->from[i]]];
        for (size_t k = 0; k < name.n; k++) fputc(name.p[k] == ' ' ? '_' : name.p[k], f);
        fprintf(f, " %.*s\n", STR_ARG(l->texts[i]));
    }
    fclose(f);
}

/* ---- accuracy ---- */

static void print_task(arena *a, const task *t, const lessons *train, size_t out, double took,
                       const learn_figures *f, size_t bytes) {
    char goal[64] = "";
    if (t->goal > 0) snprintf(goal, sizeof goal, ">= %.3f", t->goal);
    buf note = {.a = a};
    buf_fmt(&note, "%zu texts, %zu near the test left out; taught in %.2f s CPU; %.2f MB", train->n,
            out, took, (double)bytes / 1e6);
    if (!isnan(f->calibration)) buf_fmt(&note, "; probabilities off by %.3f", f->calibration);
    buf_char(&note, 0);
    row(arena_fmt(a, "%s accuracy", t->name).p, f->accuracy, goal, note.p);
    snprintf(goal, sizeof goal, "%s%.3f", t->goal > 0 ? ">= " : "NB + .02 = ", t->bayes_f1 + .02);
    row(arena_fmt(a, "%s macro-F1", t->name).p, f->macro_f1, goal, "");
}

static bool run_task(arena *a, void *ctx, err *e) {
    const task *t = ctx;
    labelled train = {0}, test = {0};
    lessons lt, lv;
    learnt got;
    linear m;
    learn_figures f;
    learn_wish wish = learn_usual;
    if (!read_part(a, t, "train", &train, e) || !read_part(a, t, "test", &test, e)) return false;
    size_t out = labelled_without(a, &train, &test);
    labelled_lessons(a, &train, 0, NULL, 0, &lt, NULL);
    labelled_lessons(a, &test, 0, lt.classes, lt.classes_n, &lv, NULL);
    write_for_peers(t, "train", &lt);
    write_for_peers(t, "test", &lv);
    double from = cpu_seconds();
    wish.folds = 0;
    if (!learn(a, &lt, &wish, &got, e)) return false;
    double took = cpu_seconds() - from;
    bool few = lt.classes_n <= LEARN_FEW; /* with many, probabilities would cost minutes */
    wish.folds = 5;
    if (few && !learn(a, &lt, &wish, &got, e)) return false;
    str file = linear_write(a, got.draft, S("{}"));
    if (!linear_open(a, str_of(t->name), file, &m, e)) return false;
    learn_examine(a, &m, &lv, &f);
    if (!few) f.calibration = NAN;
    print_task(a, t, &lt, out, took, &f, file.n);
    return true;
}

/* ---- several classes of one text: what posts about cars speak of ---- */

/* One row a post and subject becomes one a post, its subjects between bars. */
static void gather_labels(arena *a, labelled *l) {
    size_t n = 0, slots = 16;
    while (slots < l->n * 2) slots *= 2;
    u32 *table = NEW_N(a, u32, slots);
    for (size_t i = 0; i < l->n; i++) {
        size_t at = (size_t)l->words_hash[i] & (slots - 1);
        while (table[at] && l->words_hash[table[at] - 1] != l->words_hash[i])
            at = (at + 1) & (slots - 1);
        if (table[at]) {
            str *have = &l->labels[table[at] - 1];
            if (str_find(*have, l->labels[i]) < 0)
                *have = arena_fmt(a, "%.*s|%.*s", STR_ARG(*have), STR_ARG(l->labels[i]));
            continue;
        }
        l->texts[n] = l->texts[i];
        l->labels[n] = l->labels[i];
        l->near[n] = l->near[i];
        l->words_hash[n] = l->words_hash[i];
        l->simhash[n] = l->simhash[i];
        table[at] = (u32)++n;
    }
    l->n = n;
}

static bool topics_of_cars(arena *a, void *ctx, err *e) {
    (void)ctx;
    const task cars = {"car topics", "zh/car_aspect.csv.gz", "subject", {"text"}, {0}, 0, 0, 0};
    labelled train = {0}, test = {0};
    lessons lt, lv;
    learnt got;
    linear m;
    learn_figures f;
    learn_wish wish = learn_usual;
    if (!read_part(a, &cars, "train", &train, e) || !read_part(a, &cars, "test", &test, e))
        return false;
    gather_labels(a, &train);
    gather_labels(a, &test);
    size_t out = labelled_without(a, &train, &test);
    labelled_lessons(a, &train, '|', NULL, 0, &lt, NULL);
    labelled_lessons(a, &test, '|', lt.classes, lt.classes_n, &lv, NULL);
    double from = cpu_seconds();
    if (!learn(a, &lt, &wish, &got, e)) return false;
    double took = cpu_seconds() - from;
    str file = linear_write(a, got.draft, S("{}"));
    if (!linear_open(a, S("car topics"), file, &m, e)) return false;
    learn_examine(a, &m, &lv, &f);
    str note = arena_fmt(a,
                         "%zu posts, %zu near the test left out; taught and calibrated in %.2f s "
                         "CPU; %.2f MB; all topics of a post right %.4f",
                         lt.n, out, took, (double)file.n / 1e6, f.accuracy);
    row("car topics micro-F1", f.micro_f1, ">= 0.870", note.p);
    row("car topics macro-F1", f.macro_f1, "", "");
    return true;
}

/* ---- one shop category left out ---- */

static bool one_category(arena *a, const str *only, double *accuracy, err *e) {
    labelled train = {0}, test = {0};
    lessons lt, lv;
    learnt got;
    linear m;
    learn_figures f;
    learn_wish wish = learn_usual;
    wish.folds = 0;
    const task *t = &tasks[2];
    str not_ = arena_fmt(a, "cat!=%.*s", STR_ARG(str_from(*only, 4)));
    if (!read_rows(a, t, &not_, 1, &train, e) || !read_rows(a, t, only, 1, &test, e)) return false;
    labelled_without(a, &train, &test);
    labelled_lessons(a, &train, 0, NULL, 0, &lt, NULL);
    labelled_lessons(a, &test, 0, lt.classes, lt.classes_n, &lv, NULL);
    if (!learn(a, &lt, &wish, &got, e)) return false;
    str file = linear_write(a, got.draft, S("{}"));
    if (!linear_open(a, S("shopping"), file, &m, e)) return false;
    learn_examine(a, &m, &lv, &f);
    *accuracy = f.accuracy;
    return true;
}

typedef struct {
    str only;
    double accuracy;
} category;
static bool category_job(arena *a, void *ctx, err *e) {
    category *c = ctx;
    return one_category(a, &c->only, &c->accuracy, e);
}

static bool categories(arena *a, err *e) {
    labelled all = {0};
    lessons by_cat;
    task cats = tasks[2];
    cats.label = "cat";
    if (!read_rows(a, &cats, NULL, 0, &all, e)) return false;
    labelled_lessons(a, &all, 0, NULL, 0, &by_cat, NULL);
    double sum = 0;
    buf note = {.a = a};
    for (size_t i = 0; i < by_cat.classes_n; i++) {
        category c = {.only = arena_fmt(a, "cat=%.*s", STR_ARG(by_cat.classes[i]))};
        if (!job_run((size_t)4 << 30, category_job, &c, e)) return false;
        sum += c.accuracy;
        buf_fmt(&note, "%s%.*s %.3f", i ? ", " : "", STR_ARG(by_cat.classes[i]), c.accuracy);
    }
    buf_char(&note, 0);
    row("one category left out, mean accuracy", sum / (double)by_cat.classes_n, ">= 0.870", note.p);
    return true;
}
static bool categories_job(arena *a, void *ctx, err *e) {
    (void)ctx;
    return categories(a, e);
}

/* ---- without labels ---- */

/* By the lexicon alone, or with the model beside it as the sentiment reader asks it. */
static double lexicon_accuracy(const lessons *l, const linear *m) {
    arena *a = arena_open((size_t)64 << 20);
    size_t right = 0;
    for (size_t i = 0; i < l->n; i++) {
        err e;
        insight ins = {0};
        arena_reset(a);
        u32 *offsets = NEW_N(a, u32, l->texts[i].n + 1);
        for (size_t k = 0; k <= l->texts[i].n; k++) offsets[k] = (u32)k;
        reading r = {
            .a = a, .ins = &ins, .text = l->texts[i], .folded = l->texts[i], .offsets = offsets};
        if (!understand_reading(&r, NULL, 0, &e)) continue;
        double by_words = selftaught_words(r.found ? r.found->score : 0);
        float margin = 0;
        if (m) linear_margins(m, grams_room_new(a), l->texts[i], &margin);
        right += (by_words / 4 + (double)margin > 0) == l->labels[i];
    }
    arena_close(a);
    return (double)right / (double)l->n;
}

static bool cold(arena *a, void *ctx, err *e) {
    const task *t = ctx;
    static const str names[] = {{"0", 1}, {"1", 1}};
    labelled train = {0}, test = {0};
    lessons lv;
    learnt got;
    linear m;
    learn_figures f;
    if (!read_part(a, t, "train", &train, e) || !read_part(a, t, "test", &test, e)) return false;
    labelled_without(a, &train, &test);
    labelled_lessons(a, &test, 0, names, 2, &lv, NULL);
    double from = cpu_seconds();
    if (!selftaught(a, train.texts, train.n, &got, e)) return false;
    double took = cpu_seconds() - from;
    if (!linear_open(a, str_of(t->name), linear_write(a, got.draft, S("{}")), &m, e)) return false;
    learn_examine(a, &m, &lv, &f);
    str note = arena_fmt(a, "the lexicon alone %.4f; the model alone %.4f; learnt in %.2f s CPU",
                         lexicon_accuracy(&lv, NULL), f.accuracy, took);
    str goal = t->cold > 0 ? arena_fmt(a, ">= %.3f", t->cold) : S("");
    row(arena_fmt(a, "%s accuracy without labels", t->name).p, lexicon_accuracy(&lv, &m), goal.p,
        note.p);
    return true;
}

/* ---- speed ---- */

static void speed_of(const linear *m, const lessons *l, const char *name, const char *goal) {
    arena *a = arena_open((size_t)64 << 20);
    grams_room *room = grams_room_new(a);
    float margins[2];
    double bytes = 0, best = HUGE_VAL;
    for (size_t i = 0; i < l->n; i++) bytes += (double)l->texts[i].n;
    for (int round = 0; round < 5; round++) {
        double from = cpu_seconds();
        for (size_t i = 0; i < l->n; i++) linear_margins(m, room, l->texts[i], margins);
        best = MIN(best, cpu_seconds() - from);
    }
    str note = arena_fmt(a, "folded texts of %.0f bytes on average; %.0f MB/s",
                         bytes / (double)l->n, bytes / best / 1e6);
    row(name, (double)l->n / best / 1e3, goal, note.p);
    arena_close(a);
}

static bool speed(arena *a, void *ctx, err *e) {
    (void)ctx;
    labelled all = {0};
    lessons l;
    learnt got;
    linear m;
    learn_wish wish = learn_usual;
    wish.folds = 0;
    if (!read_rows(a, &tasks[2], NULL, 0, &all, e)) return false;
    labelled_lessons(a, &all, 0, NULL, 0, &l, NULL);
    double from = cpu_seconds();
    if (!learn(a, &l, &wish, &got, e)) return false;
    double took = cpu_seconds() - from;
    str note = arena_fmt(a, "%zu shop reviews in %.2f s CPU, features and weights", l.n, took);
    row("seconds to learn 50,000 reviews", took * 50000 / (double)l.n, "<= 2.5", note.p);
    str file = linear_write(a, got.draft, S("{}"));
    from = cpu_seconds();
    if (!linear_open(a, S("shopping"), file, &m, e)) return false;
    row("ms to open a model", (cpu_seconds() - from) * 1e3, "< 20", "checksum and all");
    speed_of(&m, &l, "thousand reviews judged a second", ">= 500");
    return true;
}

static int one(job_fn *fn, void *ctx, const char *name) {
    err e;
    if (job_run((size_t)6 << 30, fn, ctx, &e)) return 0;
    fprintf(stderr, "text_bench: %s: %s\n", name, e.msg);
    return 1;
}

int main(int argc, char **argv) {
    int failed = 0;
    char path[4096];
    folder = argc > 1 ? argv[1] : NULL;
    snprintf(path, sizeof path, "%.*s/data", STR_ARG(data_folder()));
    if (access(path, R_OK) != 0) {
        fprintf(stderr, "text_bench: no data in %s: set HEED_SHARED to its folder\n", path);
        return 0;
    }
    for (size_t i = 0; i < COUNT(tasks); i++) {
        task t = tasks[i];
        failed |= one(run_task, &t, t.name);
        if (t.cold != 0) failed |= one(cold, &t, t.name);
    }
    failed |= one(topics_of_cars, NULL, "car topics");
    failed |= one(categories_job, NULL, "categories");
    failed |= one(speed, NULL, "speed");
    return failed;
}
