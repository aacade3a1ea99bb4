/* words_bench.c - what it costs to find words, beside a look at each signal; and to make the tally of rows
** that are in memory already, which is what remains of a rebuild when reading the store costs nothing.
**
** words_bench [VOICES]   1,000,000 unless told, here or by $VOICES.  Prints rows of name, value, unit and
** note with tabs between; each question is asked five times, the quickest counts. */
#include "base/time.h"
#include "kern/fold.h"
#include "store/tally_int.h"
#include <sys/resource.h>

enum { TIMES = 5 };

static const char *const first[] = {"客服等了半个小时才接通",
                                    "物流太慢了,一周还没到",
                                    "这次更新之后续航明显变好",
                                    "門店環境很乾淨,服務也好",
                                    "The driver was friendly and early",
                                    "I waited three weeks for my refund",
                                    "App keeps crashing when I log in"};
static const char *const then[] = {",希望尽快退款,不然就投诉。", ",下次还会再来,推荐给朋友。",
                                   ". Please fix this soon, I am tired of calling!",
                                   ",但是包装破了,里面的东西也少了一件。",
                                   ". Charging took two hours, nobody could help."};
static const char *const last[] = {"", " 😀", " Thanks.", "谢谢。", " 就这样吧,没什么好说的了。"};

typedef struct {
    arena *a;
    signal *sigs;
    insight ins;
    i64 n;
} crowd;

static bool scan(void *ctx, i64 after, bool words, store_visit *visit, void *vctx, err *e) {
    crowd *k = ctx;
    for (i64 i = after; i < k->n; i++) {
        if (words) {
            if (!visit(vctx, &k->sigs[i], &k->ins, e)) return true;
            continue;
        }
        signal bare = k->sigs[i];
        bare.row.words = NO_STR;
        if (!visit(vctx, &bare, &k->ins, e)) return true;
    }
    return true;
}

static i64 count(void *ctx) {
    return ((crowd *)ctx)->n;
}

static void gather(crowd *k, i64 n) {
    k->a = arena_open((size_t)8 << 30);
    k->n = n;
    k->sigs = NEW_N(k->a, signal, (size_t)n);
    noun_init(&noun_insight, &k->ins.row);
    k->ins.row.quality = S("ok");
    for (i64 i = 0; i < n; i++) {
        u64 h = ((u64)i + 1) * 0x9e3779b97f4a7c15u;
        signal *s = &k->sigs[i];
        signal_init(s);
        s->row.id = i + 1;
        s->row.source = S("bench");
        s->row.occurred_at = 1735689600000 + i * 31000;
        s->row.channel = h >> 63 ? S("app") : S("call");
        s->row.customer = arena_fmt(k->a, "c%d", (int)(h >> 40) % 50000);
        s->row.words = arena_fmt(k->a, "%s%s%s r%d", first[(h >> 8) % COUNT(first)],
                                 then[(h >> 16) % COUNT(then)], last[(h >> 24) % COUNT(last)],
                                 (int)(i % 100003));
        s->attrs = NEW_N(k->a, attribute, 1);
        s->attrs_n = 1;
        s->attrs[0] = (attribute){S("score:nps"), NO_STR, (i64)(h >> 32) % 11 * NUM6_ONE};
    }
}

typedef struct {
    double wall, cpu;
} clock_at;

static clock_at now_at(void) {
    struct timespec t, c;
    clock_gettime(CLOCK_MONOTONIC, &t);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &c);
    return (clock_at){(double)t.tv_sec + (double)t.tv_nsec / 1e9,
                      (double)c.tv_sec + (double)c.tv_nsec / 1e9};
}

static void row(const char *name, double number, const char *unit, const char *note) {
    printf("%s\t%.*f\t%s\t%s\n", name, number < 100 ? 2 : 0, number, unit, note);
    fflush(stdout);
}

static _Noreturn void give_up(const err *e) {
    fprintf(stderr, "words_bench: %s\n", e->msg);
    exit(1);
}

static i64 ask(tally *t, const char *needle, clock_at *took) {
    err e;
    const expr *x;
    tally_answer out;
    arena *a = arena_open((size_t)1 << 30);
    clock_at began = now_at();
    str where = arena_fmt(a, "words ~ '%s'", needle);
    tally_question q = {.afresh = true};
    if (!expr_parse(a, where, 0, &x, &e)) give_up(&e);
    q.where = x;
    if (!tally_ask(t, a, &q, &out, &e)) give_up(&e);
    i64 n = out.cells[0].n;
    clock_at ended = now_at();
    *took = (clock_at){ended.wall - began.wall, ended.cpu - began.cpu};
    arena_close(a);
    return n;
}

static i64 look(const crowd *k, const char *needle, double *cpu) {
    arena *a = arena_open(1 << 20);
    str folded;
    i64 n = 0;
    clock_at began = now_at();
    fold(a, str_of(needle), &folded, NULL);
    for (i64 i = 0; i < k->n; i++) n += fold_has(k->sigs[i].row.words, folded);
    *cpu = now_at().cpu - began.cpu;
    arena_close(a);
    return n;
}

static void question(tally *t, const crowd *k, const char *needle) {
    clock_at best = {1e9, 1e9}, one;
    char name[100], note[160];
    double slow;
    i64 n = 0, want = look(k, needle, &slow);
    for (int i = 0; i < TIMES; i++) {
        n = ask(t, needle, &one);
        best.wall = MIN(best.wall, one.wall);
        best.cpu = MIN(best.cpu, one.cpu);
    }
    if (n != want) {
        fprintf(stderr, "words_bench: '%s' has %" PRId64 ", want %" PRId64 "\n", needle, n, want);
        exit(1);
    }
    snprintf(name, sizeof name, "words ~ '%s'", needle);
    snprintf(note, sizeof note,
             "wanted 50 at 1 M; %.2f CPU; %" PRId64 " found; a look at each %.0f ms CPU",
             best.cpu * 1e3, n, slow * 1e3);
    row(name, best.wall * 1e3, "ms", note);
}

int main(int argc, char **argv) {
    static const char *const needles[] = {
        "退款", "慢", "投诉",   "門店環境很乾淨",   "refund",
        "ok",   "a",  "r77777", "nobody says this", "没什么好说的"};
    const char *told = argc > 1 ? argv[1] : getenv("VOICES");
    i64 n = told ? strtoll(told, NULL, 10) : 1000000;
    crowd k = {0};
    err e;
    tally *t;
    clock_at one;
    char note[120];
    gather(&k, n);
    tally_source from = {.scan = scan, .last_id = count, .count = count, .id = 7, .ctx = &k};
    clock_at began = now_at();
    if (!tally_open_from(&from, NULL, TALLY_SEGMENT_ROWS, &t, NULL, NULL, &e)) give_up(&e);
    clock_at ended = now_at();
    snprintf(note, sizeof note, "wanted 2,000,000; %.2f s wall, %.2f s CPU",
             ended.wall - began.wall, ended.cpu - began.cpu);
    row("the tally made of rows in memory", (double)n / (ended.cpu - began.cpu), "rows/s of CPU",
        note);
    ask(t, "zzz", &one);
    snprintf(note, sizeof note, "once, when words are first asked for; %.2f s CPU", one.cpu);
    row("words folded and put beside it", one.wall, "s", note);
    for (size_t i = 0; i < COUNT(needles); i++) question(t, &k, needles[i]);
    tally_close(t);
    arena_close(k.a);
    return 0;
}
