/* why_sim.c - simulated companies, half of them with a planted cause: does "why" find it, and nothing where
** there is nothing?  make sim-why prints the table; `why_sim 10` plays ten of each kind.
**
** A company has 4 to 7 columns of 2 to 6 values of unequal shares, some values missing, and a number (days);
** levels that differ by value for ever; a mix that shifts between the two periods; and a general drift.
** Scores are 0-100 (sd 20) or a recommendation 0-10.  The planted cause moves one slice of one to three
** conditions, of 6 % of the signals or more, by 3 to 15 points of 100, in a company large enough to notice:
** NOTICED standard errors if the slice were known (recommendations tell less: half as many again), at most
** MOST_ROWS signals. */
#include "kern/chance.h"
#include "kern/slices.h"
#include "store/tally_int.h"
#include "understand/why.h"
#include <stdio.h>

static const double NOTICED = 9;
enum { COLUMNS = 7, VALUES = 6, LEAST_ROWS = 6000, MOST_ROWS = 250000 };

typedef struct {
    size_t columns, values[COLUMNS], rows;
    double share[2][COLUMNS][VALUES], level[COLUMNS][VALUES], drift;
    size_t conditions, column[SLICE_CONDITIONS], value[SLICE_CONDITIONS];
    double effect; /* of the slice, points; 0: none is planted */
    double part;   /* of all signals that are in it, now */
    bool recommend;
} company;

static size_t below(chance *c, size_t n) {
    return (size_t)(chance_bits(c) % n);
}

static void shares(chance *c, company *m, size_t k) {
    double sum[2] = {0};
    for (size_t v = 0; v < m->values[k]; v++) {
        double base = 0.4 + chance_uniform(c);
        for (int side = 0; side < 2; side++)
            sum[side] += m->share[side][k][v] = base * (0.8 + 0.4 * chance_uniform(c));
        m->level[k][v] = 3 * chance_normal(c);
    }
    for (size_t v = 0; v < m->values[k]; v++)
        for (int side = 0; side < 2; side++) m->share[side][k][v] /= sum[side];
}

/* False: no slice of so many conditions is large enough. */
static bool plant(chance *c, company *m, size_t conditions) {
    size_t free[COLUMNS], tries = 0;
    m->conditions = conditions;
    do {
        if (tries++ == 200) return false;
        m->part = 1;
        for (size_t k = 0; k < m->columns; k++) free[k] = k;
        for (size_t i = 0; i < conditions; i++) {
            size_t at = i + below(c, m->columns - i), k = free[at];
            free[at] = free[i], free[i] = k;
            m->column[i] = k, m->value[i] = below(c, m->values[k]);
            m->part *= m->share[1][k][m->value[i]];
        }
    } while (m->part < 0.06 || m->part > 0.5);
    m->effect = -(3 + 12 * chance_uniform(c));
    double rows = 2 * 2 * pow(NOTICED * 20 / m->effect, 2) / m->part * (m->recommend ? 1.5 : 1);
    m->rows = (size_t)fmin(fmax(LEAST_ROWS, rows), MOST_ROWS);
    return true;
}

static company found(u64 seed, bool planted) {
    chance c = chance_of(seed);
    company m = {.columns = 4 + below(&c, 4), .rows = LEAST_ROWS + below(&c, 20000)};
    m.drift = 4 * chance_normal(&c);
    m.recommend = seed % 4 == 0; /* before plant: it decides the size */
    do
        for (size_t k = 0; k < m.columns; k++) {
            m.values[k] = 2 + below(&c, VALUES - 1);
            shares(&c, &m, k);
        }
    while (planted && !plant(&c, &m, seed % SLICE_CONDITIONS + 1));
    return m;
}

/* ---- as signals ---- */

typedef struct {
    arena *a;
    signal *sig;
    insight *ins;
    size_t n;
} street;

static size_t drawn(chance *c, const double *share, size_t n) {
    double u = chance_uniform(c);
    for (size_t v = 0; v + 1 < n; v++)
        if ((u -= share[v]) < 0) return v;
    return n - 1;
}

static double answer_of(chance *c, const company *m, const size_t *v, bool now) {
    double level = 55 + (now ? m->drift : 0);
    bool in = now && m->effect < 0;
    for (size_t k = 0; k < m->columns; k++)
        if (v[k] != SIZE_MAX) level += m->level[k][v[k]];
    for (size_t i = 0; i < m->conditions; i++) in &= v[m->column[i]] == m->value[i];
    level += (in ? m->effect : 0) + 20 * chance_normal(c);
    double top = fmin(fmax(level, 0), 100);
    return m->recommend ? floor(top / 9.1) : round(top * 10) / 10;
}

static void speak(street *s, const company *m, chance *c, bool now) {
    static const char *const names[] = {"region", "series", "shop", "team",
                                        "plan",   "device", "kind"};
    size_t v[COLUMNS], at = s->n++;
    signal *x = &s->sig[at];
    signal_init(x);
    noun_init(&noun_insight, &s->ins[at].row);
    s->ins[at].row.quality = S("empty");
    x->row.id = (i64)at + 1;
    x->row.source = S("sim");
    x->row.occurred_at =
        ((now ? 31 : 0) + (i64)below(c, 31)) * DAY_MS + day_of_ymd(2026, 7, 1) * DAY_MS;
    x->attrs = NEW_N(s->a, attribute, COLUMNS + 2);
    for (size_t k = 0; k < m->columns; k++) {
        v[k] = drawn(c, m->share[now][k], m->values[k]);
        if (chance_uniform(c) < 0.02) v[k] = SIZE_MAX;
        if (v[k] != SIZE_MAX)
            x->attrs[x->attrs_n++] =
                (attribute){str_of(names[k]), arena_fmt(s->a, "%s-%zu", names[k], v[k]), NONE};
    }
    x->attrs[x->attrs_n++] = (attribute){S("days"), NO_STR, (i64)below(c, 30) * NUM6_ONE};
    double y = answer_of(c, m, v, now);
    x->attrs[x->attrs_n++] =
        (attribute){m->recommend ? S("score:nps") : S("points"), NO_STR, (num6)llround(y * 1e6)};
}

static bool street_scan(void *ctx, i64 after, bool words, store_visit *visit, void *vctx, err *e) {
    street *s = ctx;
    (void)words;
    for (size_t i = (size_t)MAX(after, 0); i < s->n; i++)
        if (!visit(vctx, &s->sig[i], &s->ins[i], e)) return true;
    return true;
}
static i64 street_count(void *ctx) {
    return (i64)((street *)ctx)->n;
}

/* ---- asking ---- */

typedef struct {
    bool any, right;
    size_t conditions;
    double p;
    str text;
} verdict;

static bool names_it(const company *m, const why_slice *x) {
    static const char *const names[] = {"region", "series", "shop", "team",
                                        "plan",   "device", "kind"};
    bool all = x->conditions_n == m->conditions;
    for (size_t i = 0; i < m->conditions && all; i++) {
        char want[32];
        bool there = false;
        snprintf(want, sizeof want, "%s-%zu", names[m->column[i]], m->value[i]);
        for (size_t k = 0; k < x->conditions_n; k++)
            there |= str_eq(x->conditions[k].value, str_of(want));
        all &= there;
    }
    return all;
}

static void must(bool ok, const err *e) {
    if (ok) return;
    fprintf(stderr, "why_sim: %s\n", e->msg);
    exit(1);
}

static verdict play(u64 seed, bool planted, arena *told) {
    err e;
    company m = found(seed, planted);
    chance c = chance_of(seed ^ 0x5eed);
    street s = {.a = arena_open((size_t)2 << 30)};
    tally *t;
    s.sig = NEW_N(s.a, signal, m.rows);
    s.ins = NEW_N(s.a, insight, m.rows);
    for (size_t i = 0; i < m.rows; i++) speak(&s, &m, &c, i % 2);
    tally_source from = {
        .scan = street_scan, .last_id = street_count, .count = street_count, .id = 1, .ctx = &s};
    must(tally_open_from(&from, NULL, TALLY_SEGMENT_ROWS, &t, NULL, NULL, &e), &e);
    why_question q = {.metric = m.recommend ? S("nps") : S("mean:points")};
    why_told w = {.from = S("2026-08")};
    why_answer r;
    must(why_read(s.a, &w, &q, &e) && why(t, NULL, s.a, &q, &r, &e), &e);
    verdict v = {.any = r.slices_n > 0};
    if (v.any) {
        v.right = planted && names_it(&m, &r.slices[0]);
        v.conditions = r.slices[0].conditions_n;
        v.p = r.slices[0].p_adjusted;
        v.text = arena_str(told, why_slice_text(s.a, &r.slices[0]));
    }
    if (planted && !v.right) {
        printf("# company %" PRIu64 ": %zu signals, %s, effect %.1f of %.1f %%, planted", seed,
               m.rows, m.recommend ? "nps" : "points", m.effect, 100 * m.part);
        for (size_t i = 0; i < m.conditions; i++) printf(" %zu=%zu", m.column[i], m.value[i]);
        printf("; found %.*s\n", STR_ARG(v.any ? v.text : S("nothing")));
    }
    if (!planted && v.any)
        printf("# company %" PRIu64 ": nothing planted, found %.*s (p %.3g)\n", seed,
               STR_ARG(v.text), v.p);
    tally_close(t);
    arena_close(s.a);
    return v;
}

int main(int argc, char **argv) {
    i64 n = 100, first = 1;
    if ((argc > 1 && !str_int(str_of(argv[1]), &n)) ||
        (argc > 2 && !str_int(str_of(argv[2]), &first)))
        return 2;
    i64 right[SLICE_CONDITIONS + 1] = {0}, all[SLICE_CONDITIONS + 1] = {0}, wrong = 0;
    arena *told = arena_open((size_t)64 << 20);
    for (i64 i = 0; i < n; i++) {
        u64 seed = (u64)(first + i);
        size_t conditions = seed % SLICE_CONDITIONS + 1;
        bool ok = play(seed, true, told).right;
        all[0]++, all[conditions]++, right[0] += ok, right[conditions] += ok;
        wrong += play(seed + 1000000, false, told).any;
    }
    printf("companies with a planted cause: %" PRId64 ", found first and exactly: %" PRId64 "\n", n,
           right[0]);
    for (size_t k = 1; k <= SLICE_CONDITIONS; k++)
        printf("  of %zu condition%s: %" PRId64 " of %" PRId64 "\n", k, k > 1 ? "s" : "", right[k],
               all[k]);
    printf("companies without: %" PRId64 ", false causes: %" PRId64 "\n", n, wrong);
    arena_close(told);
    return right[0] * 100 < 95 * n || wrong * 100 > 5 * n;
}
