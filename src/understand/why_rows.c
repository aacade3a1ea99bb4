/* why_rows.c - the signals a cause is looked for in: which columns, cut how, and one row each. */
#include "base/limits.h"
#include "kern/expr_make.h"
#include "store/lanes.h"
#include "understand/why_int.h"

/* ---- which columns: what may be a cause, and has few enough values to say something ---- */

/* What is read from the words says what was felt, not why; a customer is no cause. */
static bool may_be_cause(const tally_column *c, str own) {
    static const char *const never[] = {"customer", "quality",    "sentiment", "emotion",
                                        "intent",   "confidence", "currency",  "lang"};
    for (size_t i = 0; i < COUNT(never); i++)
        if (str_eq(c->name, str_of(never[i]))) return false;
    if (c->of_mention || !c->present || str_eq(c->name, own)) return false;
    if (c->kind == COLUMN_TEXT) return c->distinct > 0 && c->distinct <= LIMIT_WHY_VALUES;
    return c->kind == COLUMN_NUM && !str_starts(c->name, S("score:"));
}

static bool wanted(const why_question *q, const tally_column *c, str own) {
    if (!q->columns) return may_be_cause(c, own);
    for (size_t i = 0; i < q->columns_n; i++)
        if (str_eq(q->columns[i], c->name))
            return (c->kind == COLUMN_TEXT || c->kind == COLUMN_NUM) && !c->of_mention;
    return false;
}

static int most_present(const void *x, const void *y) {
    const tally_column *a = x, *b = y;
    if (a->present != b->present) return a->present > b->present ? -1 : 1;
    return str_cmp(a->name, b->name);
}

static int most_first(const void *x, const void *y) {
    const tally_cell *a = x, *b = y;
    if (a->n != b->n) return a->n > b->n ? -1 : 1;
    return str_cmp(a->keys->text, b->keys->text);
}

static int text_order(const void *x, const void *y) {
    return str_cmp(*(const str *)x, *(const str *)y);
}

static bool text_column(tally *t, arena *a, const expr *where, str name, why_column *out, err *e) {
    tally_by by = {name, BY_VALUE};
    tally_question q = {.where = where, .by = &by, .by_n = 1};
    tally_answer r;
    *out = (why_column){.name = name, .values = NEW_N(a, str, WHY_CODES)};
    if (!tally_ask(t, a, &q, &r, e)) return false;
    qsort(r.cells, r.cells_n, sizeof *r.cells, most_first);
    for (size_t i = 0; i < r.cells_n; i++) {
        out->missing |= r.cells[i].keys->kind == VALUE_MISSING;
        if (r.cells[i].keys->kind == VALUE_TEXT && r.cells[i].n >= SLICE_LEAST_N &&
            out->values_n < WHY_CODES)
            out->values[out->values_n++] = r.cells[i].keys->text;
    }
    qsort(out->values, out->values_n, sizeof *out->values, text_order);
    return true;
}

static void add_cut(why_column *c, double cut) {
    size_t at = c->cuts_n;
    for (size_t i = 0; i < c->cuts_n; i++)
        if (!(c->cuts[i] < cut)) {
            if (!(c->cuts[i] > cut)) return;
            at = i;
            break;
        }
    memmove(c->cuts + at + 1, c->cuts + at, (c->cuts_n - at) * sizeof *c->cuts);
    c->cuts[at] = cut;
    c->cuts_n++;
}

/* Tenths of the signals, or each value where there are few; and nought, where values lie on both sides:
** early and late, profit and loss. */
static void cut_column(const tally_stat *s, why_column *c) {
    if (s->n == 0 || s->min == s->max) return;
    if (s->bars && s->bars_n <= 12)
        for (size_t i = 0; i + 1 < s->bars_n; i++) add_cut(c, num6_double(s->bars[i].value));
    else
        for (int i = 1; i < 10; i++) {
            double cut = tally_quantile(s, i / 10.0);
            if (cut < num6_double(s->max)) add_cut(c, cut);
        }
    if (s->min < 0 && s->max > 0) add_cut(c, 0);
}

static bool number_columns(tally *t, arena *a, const expr *where, why_column *c, size_t n, err *e) {
    tally_measure *m = NEW_N(a, tally_measure, n);
    tally_question q = {.where = where, .measures = m};
    tally_answer r;
    for (size_t i = 0; i < n; i++)
        if (c[i].num)
            m[q.measures_n++] =
                (tally_measure){.kind = MEASURE_NUM, .column = c[i].name, .quantiles = true};
    if (!q.measures_n) return true;
    if (!tally_ask(t, a, &q, &r, e)) return false;
    for (size_t i = 0, k = 0; i < n; i++) {
        if (!c[i].num) continue;
        const tally_stat *s = &r.cells[0].stats[k++];
        c[i].cuts = NEW_N(a, double, 16);
        c[i].missing = s->missing > 0;
        cut_column(s, &c[i]);
    }
    return true;
}

static const expr *either(arena *a, const why_question *q) {
    if (!q->compare || !q->now || !q->before) return q->compare ? q->where : why_now(a, q);
    const expr *no = expr_both(a, expr_not(a, q->now), expr_not(a, q->before));
    return expr_both(a, q->where, expr_not(a, no));
}

bool why_columns_choose(tally *t, arena *a, const why_question *q, const metric_params *p,
                        why_column **out, size_t *n_out, err *e) {
    tally_column *c;
    size_t n, k = 0, kept = 0;
    if (!tally_columns(t, a, &c, &n, e)) return false;
    qsort(c, n, sizeof *c, most_present);
    why_column *list = NEW_N(a, why_column, WHY_COLUMNS);
    for (size_t i = 0; i < n && k < WHY_COLUMNS; i++) {
        if (!wanted(q, &c[i], p->column)) continue;
        list[k] = (why_column){.name = c[i].name, .num = c[i].kind == COLUMN_NUM};
        if (!list[k].num && !text_column(t, a, either(a, q), c[i].name, &list[k], e)) return false;
        k++;
    }
    if (!number_columns(t, a, either(a, q), list, k, e)) return false;
    for (size_t i = 0; i < k; i++) { /* one value alone tells nothing apart */
        size_t values = list[i].num ? list[i].cuts_n + (list[i].cuts_n > 0) : list[i].values_n;
        if (values + list[i].missing > 1) list[kept++] = list[i];
    }
    *out = list;
    *n_out = kept;
    return true;
}

/* ---- one signal's answer ---- */

static tally_stat stat_of(const tally_measure *m, double v, tally_bar *bar) {
    if (isnan(v)) return (tally_stat){.missing = 1, .min = NONE, .max = NONE};
    if (m->kind == MEASURE_SHARE) return (tally_stat){.n = 1, .yes = v > 0};
    num6 x = (num6)llround(v * (double)NUM6_ONE);
    *bar = (tally_bar){x, 1};
    return (tally_stat){.n = 1, .sum = x, .min = x, .max = x, .bars = bar, .bars_n = 1};
}

static double score_of_items(const why_scorer *s, const double *values) {
    tally_key k[METRIC_MEASURES_MAX] = {{0}};
    for (size_t i = 0; i < s->measures_n; i++) {
        if (isnan(values[i])) return NAN;
        k[i] = (tally_key){.kind = VALUE_NUM, .num = (num6)llround(values[i] * (double)NUM6_ONE)};
    }
    return s->metric->score(s->params, k);
}

double why_score(const why_scorer *s, const double *values) {
    tally_stat stats[METRIC_MEASURES_MAX] = {{0}};
    tally_bar bars[METRIC_MEASURES_MAX];
    if (!s->measures_n) return 1;
    if (!s->metric->measures) return score_of_items(s, values);
    for (size_t i = 0; i < s->measures_n; i++)
        stats[i] = stat_of(&s->measures[i], values[i], &bars[i]);
    return s->metric->value(s->params, 1, stats).value;
}

/* ---- reading ---- */

typedef struct {
    i64 id;
    u32 at;
} place;

typedef struct {
    double key[METRIC_MEASURES_MAX], y;
    bool set;
} known;

typedef struct {
    i64 n;
    double sum, square;
} tally_of;

enum { KNOWN = 1024 };

typedef struct {
    arena *a;
    const why_question *q;
    const why_scorer *s;
    const why_column *columns;
    size_t columns_n, now_at, first; /* lanes */
    u64 part;                        /* a signal is looked at when its hash is below */
    size_t n, cap;
    i64 all;
    double *y;
    tally_of *sums, total[2]; /* sums: by column, code and side; of all signals, looked at or not */
    u8 *side, **code;
    place *places;
    u8 **map; /* per column: numbers of texts to codes; 0xff unknown yet */
    u32 *map_n;
    known *known;
} reading;

static void begin(void *ctx) {
    reading *r = ctx;
    r->n = 0, r->all = 0;
    memset(r->total, 0, sizeof r->total);
    memset(r->sums, 0, r->columns_n * SLICE_CODES * 2 * sizeof *r->sums);
    for (size_t i = 0; i < r->columns_n; i++) r->map[i] = NULL, r->map_n[i] = 0;
}

static u64 mixed(u64 x) { /* splitmix64 */
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static double score_of(reading *r, const lanes_block *b, u32 row) {
    double v[METRIC_MEASURES_MAX] = {0};
    u64 h = 0;
    for (size_t i = 0; i < r->s->measures_n; i++) {
        u64 bits;
        v[i] = b->nums[i][row];
        memcpy(&bits, &v[i], sizeof bits);
        h = mixed(h ^ bits);
    }
    known *k = &r->known[h % KNOWN];
    if (!k->set || memcmp(k->key, v, sizeof v) != 0) {
        memcpy(k->key, v, sizeof v);
        k->y = why_score(r->s, v);
        k->set = true;
    }
    return k->y;
}

static u8 rest_code(const why_column *c) {
    return (u8)(c->values_n + 1);
}

static u8 code_of_text(reading *r, size_t c, u32 number, str text) {
    if (!number) return 0;
    if (number >= r->map_n[c]) {
        u32 n = MAX(number + 1, MAX(64u, r->map_n[c] * 2));
        u8 *to = arena_alloc(r->a, n);
        memset(to, 0xff, n);
        if (r->map_n[c]) memcpy(to, r->map[c], r->map_n[c]);
        r->map[c] = to, r->map_n[c] = n;
    }
    u8 *known_as = &r->map[c][number];
    if (*known_as != 0xff) return *known_as;
    const why_column *x = &r->columns[c];
    const str *hit = bsearch(&text, x->values, x->values_n, sizeof *x->values, text_order);
    *known_as = hit ? (u8)(hit - x->values + 1) : rest_code(x);
    return *known_as;
}

static u8 code_of_number(const why_column *c, double v) {
    size_t k = 0;
    if (isnan(v)) return 0;
    while (k < c->cuts_n && v > c->cuts[k]) k++;
    return (u8)(k + 1);
}

static u8 code_of(reading *r, const lanes_block *b, size_t c, u32 i) {
    size_t lane = r->first + c;
    if (r->columns[c].num) return code_of_number(&r->columns[c], b->nums[lane][i]);
    u32 number = b->codes[lane][i];
    return code_of_text(r, c, number, number ? b->texts[lane][number - 1] : NO_STR);
}

static void add_to(tally_of *t, double y) {
    t->n++, t->sum += y, t->square += y * y;
}

static void take_row(reading *r, const lanes_block *b, u32 i, double y, size_t side) {
    bool keep = r->n < r->cap && (!r->part || mixed((u64)b->ids[i]) < r->part);
    size_t at = r->n;
    for (size_t c = 0; c < r->columns_n; c++) {
        u8 code = code_of(r, b, c, i);
        add_to(&r->sums[(c * SLICE_CODES + code) * 2 + side], y);
        if (keep) r->code[c][at] = code;
    }
    add_to(&r->total[side], y);
    if (!keep) return;
    r->y[at] = y;
    r->side[at] = (u8)side;
    r->places[at] = (place){b->ids[i], (u32)at};
    r->n++;
}

/* A signal of both sides is one of now. */
static bool take_block(void *ctx, const lanes_block *b, err *e) {
    reading *r = ctx;
    (void)e;
    for (u32 i = 0; i < b->n; i++) {
        double y = score_of(r, b, i);
        if (isnan(y)) continue;
        size_t side = !r->q->compare || !r->q->now || b->nums[r->now_at][i] > 0;
        r->all++;
        take_row(r, b, i, y, side);
    }
    return true;
}

static int by_id(const void *x, const void *y) {
    const place *a = x, *b = y;
    return (a->id > b->id) - (a->id < b->id);
}

/* Into the order of ids, so that nothing depends on how the mirror is cut. */
static void put_in_order(reading *r) {
    bool sorted = true;
    for (size_t i = 1; i < r->n; i++) sorted &= r->places[i - 1].id < r->places[i].id;
    if (sorted) return;
    qsort(r->places, r->n, sizeof *r->places, by_id);
    double *y = arena_raw(r->a, r->n * sizeof *y);
    u8 *one = arena_raw(r->a, r->n);
    for (size_t i = 0; i < r->n; i++) y[i] = r->y[r->places[i].at];
    r->y = y;
    for (size_t c = 0; c <= r->columns_n; c++) { /* the last is the side */
        u8 *from = c < r->columns_n ? r->code[c] : r->side;
        for (size_t i = 0; i < r->n; i++) one[i] = from[r->places[i].at];
        memcpy(from, one, r->n);
    }
}

static slice_side side_told(const tally_of *t) {
    double n = (double)t->n, mean = t->n ? t->sum / n : NAN;
    return (slice_side){t->n, mean, n > 1 ? fmax(0, t->square - n * mean * mean) / (n - 1) : NAN};
}

static void rows_told(reading *r, why_rows *out) {
    size_t n = r->columns_n * SLICE_CODES * 2;
    *out = (why_rows){.n = r->n, .all = r->all, .y = r->y, .side = r->side};
    out->columns = NEW_N(r->a, slice_column, r->columns_n + 1);
    out->parts = NEW_N(r->a, slice_side, n + 1);
    for (size_t i = 0; i < n; i++) out->parts[i] = side_told(&r->sums[i]);
    for (size_t c = 0; c < r->columns_n; c++) {
        const why_column *x = &r->columns[c];
        out->columns[c] = (slice_column){.code = r->code[c], .ordered = x->num, .rest = !x->num};
        out->columns[c].codes = (u8)((x->num ? x->cuts_n : x->values_n) + 2);
    }
    for (int i = 0; i < 2; i++) out->total[i] = side_told(&r->total[i]);
}

static void rooms(reading *r, size_t n) {
    r->cap = n;
    r->y = arena_raw(r->a, (n + 1) * sizeof *r->y);
    r->side = arena_raw(r->a, n + 1);
    r->places = arena_raw(r->a, (n + 1) * sizeof *r->places);
    r->code = NEW_N(r->a, u8 *, r->columns_n + 1);
    r->map = NEW_N(r->a, u8 *, r->columns_n + 1);
    r->map_n = NEW_N(r->a, u32, r->columns_n + 1);
    r->known = NEW_N(r->a, known, KNOWN);
    r->sums = NEW_N(r->a, tally_of, r->columns_n * SLICE_CODES * 2 + 1);
    for (size_t c = 0; c < r->columns_n; c++) r->code[c] = arena_raw(r->a, n + 1);
}

bool why_rows_read(tally *t, arena *a, const why_question *q, const why_scorer *s, i64 expected,
                   const why_column *columns, size_t columns_n, why_rows *out, err *e) {
    reading r = {.a = a, .q = q, .s = s, .columns = columns, .columns_n = columns_n};
    lane_wish *lanes = NEW_N(a, lane_wish, METRIC_MEASURES_MAX + 1 + columns_n);
    size_t n = 0;
    for (; n < s->measures_n; n++)
        lanes[n] = (lane_wish){s->measures[n].kind == MEASURE_SHARE ? LANE_TEST : LANE_NUM,
                               s->measures[n].column, s->measures[n].test};
    r.now_at = n;
    if (q->compare && q->now) lanes[n++] = (lane_wish){.kind = LANE_TEST, .test = q->now};
    r.first = n;
    for (size_t i = 0; i < columns_n; i++)
        lanes[n++] =
            (lane_wish){.kind = columns[i].num ? LANE_NUM : LANE_TEXT, .column = columns[i].name};
    bool part = expected > LIMIT_WHY_ROWS;
    if (part) r.part = (u64)((double)UINT64_MAX / (double)expected * LIMIT_WHY_ROWS * 0.98);
    rooms(&r, (size_t)(part ? LIMIT_WHY_ROWS : expected));
    lanes_question ask = {either(a, q), lanes, n, q->most_ms};
    lanes_visit visit = {begin, take_block, &r};
    if (!tally_lanes(t, a, &ask, &visit, e)) return false;
    put_in_order(&r);
    rows_told(&r, out);
    return true;
}
