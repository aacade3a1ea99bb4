/* drivers_rows.c - from names to numbers: what is written, what is missing, one pass over the signals. */
#include "base/limits.h"
#include "kern/expr_make.h"
#include "understand/drivers_int.h"
#include "understand/why_int.h"

enum { NOTICES = 8, LEAST_BESIDE = 30 };

void drivers_note(arena *a, drivers_answer *d, const char *code, str sentence) {
    if (!d->notices) d->notices = NEW_N(a, struct drivers_notice, NOTICES);
    if (d->notices_n < NOTICES)
        d->notices[d->notices_n++] = (struct drivers_notice){code, sentence};
}

/* ---- names ---- */

typedef struct {
    tally_column *c;
    size_t n;
} columns;

static const tally_column *column_of(const columns *all, str name, column_kind kind) {
    for (size_t i = 0; i < all->n; i++)
        if (all->c[i].kind == kind && str_eq(all->c[i].name, name)) return &all->c[i];
    return NULL;
}

static const expr *judged(arena *a, str aspect, str polarity) {
    return expr_both(a, expr_text_is(a, S("aspect"), aspect),
                     expr_text_is(a, S("polarity"), polarity));
}

static void aspect_term(arena *a, str name, bool spoken, term *t) {
    str id = str_from(name, 7);
    t->kind = spoken ? TERM_SPOKEN : TERM_ASPECT;
    if (spoken) t->name = arena_fmt(a, "%.*s?", STR_ARG(name));
    t->test = spoken ? expr_text_is(a, S("aspect"), id) : judged(a, id, S("positive"));
    t->other = spoken ? NULL : judged(a, id, S("negative"));
    t->bottom = spoken ? 0 : -1, t->top = 1;
}

static bool expr_term(arena *a, const drivers_question *q, str text, term *t, err *e) {
    err inner;
    t->kind = TERM_TEST, t->top = 1;
    if (text.n > LIMIT_EXPR_BYTES)
        return fail(e, LIMIT, "an expression has %zu bytes, the limit is %d", text.n,
                    LIMIT_EXPR_BYTES);
    if (!expr_parse_zone(a, text, q->zone_min, q->zone, &t->test, &inner))
        return fail(e, inner.code, "%.*s: %s", (int)MIN(t->name.n, (size_t)60), t->name.p,
                    inner.msg);
    return t->test || fail(e, INVALID, "is: wants an expression, as in is:channel = 'call'");
}

static bool value_term(arena *a, const columns *all, str column, str text, term *t, err *e) {
    num6 v;
    t->kind = TERM_TEST, t->top = 1;
    bool number = column_of(all, column, COLUMN_NUM) && num6_parse(text, &v);
    if (!number && !column_of(all, column, COLUMN_TEXT) && !column_of(all, column, COLUMN_SET))
        return fail(e, INVALID, "no signal has a column \"%.*s\"", (int)MIN(column.n, (size_t)60),
                    column.p);
    t->test = number ? expr_num_is(a, column, v) : expr_text_is(a, column, text);
    return true;
}

static bool term_read(arena *a, const drivers_question *q, const columns *all, str name, term *t,
                      err *e) {
    str column, text;
    *t = (term){.name = name, .na = NAN};
    if (str_starts(name, S("aspect:")))
        return aspect_term(a, name, str_ends(name, S("?")), t), true;
    if (str_starts(name, S("is:"))) return expr_term(a, q, str_from(name, 3), t, e);
    if (column_of(all, name, COLUMN_NUM)) return t->kind = TERM_NUM, t->column = name, true;
    if (str_cut(name, '=', &column, &text))
        return value_term(a, all, str_trim(column), str_trim(text), t, e);
    const tally_column *c = column_of(all, name, COLUMN_TEXT);
    return fail(e, INVALID,
                c ? "\"%.*s\" is a text; name a value of it: %.*s=VALUE"
                  : "no signal has a number \"%.*s\"%.*s",
                (int)MIN(name.n, (size_t)60), name.p, c ? (int)MIN(name.n, (size_t)60) : 0, name.p);
}

static int most_present(const void *x, const void *y) {
    const tally_column *a = x, *b = y;
    if (a->present != b->present) return a->present > b->present ? -1 : 1;
    return str_cmp(a->name, b->name);
}

/* The numeric columns that stand beside the outcome most often, and those nearly as often; they vary. */
static bool choose(tally *t, arena *a, const drivers_question *q, const columns *all, str *out,
                   size_t *n_out, err *e) {
    str column = q->outcome, rest, *names = NEW_N(a, str, all->n + 1);
    tally_measure *m = NEW_N(a, tally_measure, all->n + 1);
    tally_answer r;
    i64 most = 0;
    str_cut(q->outcome, '=', &column, &rest);
    tally_question ask = {.where = q->where, .measures = m, .most_ms = q->most_ms};
    if (column_of(all, column, COLUMN_NUM) || column_of(all, column, COLUMN_TEXT))
        ask.where = expr_both(a, q->where, expr_not(a, expr_is_missing(a, column)));
    for (size_t i = 0; i < all->n && ask.measures_n < 4 * DRIVERS_AUTO; i++) {
        const tally_column *c = &all->c[i];
        bool fit = c->kind == COLUMN_NUM && !c->of_mention && c->present;
        if (!fit || str_eq(c->name, column) || str_eq(c->name, S("confidence"))) continue;
        names[ask.measures_n] = c->name;
        m[ask.measures_n++] = (tally_measure){.kind = MEASURE_NUM, .column = c->name};
    }
    *n_out = 0;
    if (!ask.measures_n) return true;
    if (!tally_ask(t, a, &ask, &r, e)) return false;
    for (size_t i = 0; i < ask.measures_n; i++) most = MAX(most, r.cells[0].stats[i].n);
    for (size_t i = 0; i < ask.measures_n && *n_out < DRIVERS_AUTO; i++) {
        const tally_stat *s = &r.cells[0].stats[i];
        if (s->n >= LEAST_BESIDE && s->n * 5 >= most * 4 && s->min < s->max)
            out[(*n_out)++] = names[i];
    }
    return true;
}

static bool add_terms(arena *a, const drivers_question *q, const columns *all, const str *names,
                      size_t n, material *m, err *e) {
    for (size_t i = 0; i < n; i++) {
        if (m->all + 2 > DRIVERS_MAX)
            return fail(e, LIMIT, "at most %d drivers are taken at once", DRIVERS_MAX - 2);
        if (!term_read(a, q, all, names[i], &m->terms[m->all++], e)) return false;
        if (m->terms[m->all - 1].kind == TERM_ASPECT)
            m->terms[m->all] = (term){.name = names[i], .na = NAN},
            aspect_term(a, names[i], true, &m->terms[m->all++]);
    }
    return true;
}

static bool read_terms(tally *t, arena *a, const drivers_question *q, material *m, err *e) {
    columns all;
    str chosen[DRIVERS_AUTO];
    const str *names = q->names;
    size_t n = q->names_n;
    if (!q->outcome.n) return fail(e, INVALID, "which outcome? as in score:nps, or churned=yes");
    if (!tally_columns(t, a, &all.c, &all.n, e)) return false;
    qsort(all.c, all.n, sizeof *all.c, most_present);
    if (!names && !choose(t, a, q, &all, chosen, &n, e)) return false;
    if (!names) names = chosen;
    m->terms = NEW_N(a, term, DRIVERS_MAX + 4);
    if (!add_terms(a, q, &all, names, n, m, e)) return false;
    m->k = m->all;
    if (m->k == 0 && q->names) return fail(e, INVALID, "there is no driver: name numeric columns");
    if (!add_terms(a, q, &all, q->given, q->given_n, m, e)) return false;
    m->given = m->all - m->k;
    if (!term_read(a, q, &all, q->outcome, &m->terms[m->all], e)) return false;
    m->all++;
    for (size_t i = 0; i + 1 < m->all; i++)
        if (str_eq(m->terms[i].name, m->terms[m->all - 1].name))
            return fail(e, INVALID, "%.*s is the outcome; it cannot drive itself",
                        (int)MIN(q->outcome.n, (size_t)60), q->outcome.p);
    return true;
}

/* ---- what is known of the columns beforehand: scales, middles ---- */

static bool is_rating(const tally_stat *s) {
    bool whole = s->n > 0 && s->bars && s->bars_n <= 12 && s->min >= 0 && s->max <= 10 * NUM6_ONE;
    for (size_t i = 0; i < s->bars_n && whole; i++) whole = s->bars[i].value % NUM6_ONE == 0;
    return whole && s->bars_n >= 3;
}

static bool na_read(const drivers_question *q, term *t, err *e) {
    for (size_t i = 0; i < q->na_n; i++) {
        str column, code = q->na[i];
        double v;
        bool named = str_cut(q->na[i], '=', &column, &code);
        if (!str_num(str_trim(code), &v))
            return fail(e, INVALID, "na: \"%.*s\" is no number; write 0, or COLUMN=0",
                        (int)MIN(code.n, (size_t)60), code.p);
        if (named ? str_eq(str_trim(column), t->name) : t->rating) t->na = v;
    }
    return true;
}

/* The lowest and highest quarter of the scale, without what is not applicable. */
static void scale_read(const tally_stat *s, term *t) {
    t->bottom = INFINITY, t->top = -INFINITY;
    for (size_t i = 0; i < s->bars_n; i++) {
        double v = num6_double(s->bars[i].value);
        if (!isnan(t->na) && !(v < t->na) && !(v > t->na)) continue;
        t->bottom = fmin(t->bottom, v), t->top = fmax(t->top, v);
    }
    if (!s->bars) t->bottom = num6_double(s->min), t->top = num6_double(s->max);
    t->low_at_most = floor(t->bottom + (t->top - t->bottom) / 4);
    t->high_at_least = ceil(t->top - (t->top - t->bottom) / 4);
}

/* Nought below a scale that begins at 1, and seldom: it may say something else. */
static bool odd_nought(const tally_stat *s, const term *t) {
    return t->rating && isnan(t->na) && s->bars_n >= 4 && s->bars[0].value == 0 &&
           s->max <= 7 * NUM6_ONE && s->bars[0].count * 4 < s->n;
}

static bool look_beforehand(tally *t, arena *a, const drivers_question *q, material *m,
                            drivers_answer *out, err *e) {
    tally_measure *ms = NEW_N(a, tally_measure, m->all);
    tally_question ask = {.where = q->where, .measures = ms, .most_ms = q->most_ms};
    tally_answer r;
    for (size_t i = 0; i < m->all; i++)
        if (m->terms[i].kind == TERM_NUM)
            ms[ask.measures_n++] =
                (tally_measure){.kind = MEASURE_NUM, .column = m->terms[i].column};
    if (!tally_ask(t, a, &ask, &r, e)) return false;
    buf odd = {.a = a};
    for (size_t i = 0, k = 0; i < m->all; i++) {
        if (m->terms[i].kind != TERM_NUM) continue;
        const tally_stat *s = &r.cells[0].stats[k++];
        term *x = &m->terms[i];
        x->rating = is_rating(s);
        if (!na_read(q, x, e)) return false;
        x->origin = s->n ? tally_mean(s) : 0;
        if (s->n) scale_read(s, x);
        if (odd_nought(s, x))
            buf_fmt(&odd, "%s%.*s (%" PRId64 ")", odd.n ? ", " : "", STR_ARG(x->name),
                    s->bars[0].count);
    }
    if (odd.n)
        drivers_note(a, out, "zeros",
                     arena_fmt(a,
                               "some answers are 0; if that means \"not applicable\", say so "
                               "(na 0): %.*s",
                               STR_ARG(buf_view(&odd))));
    return true;
}

/* ---- the pass ---- */

typedef struct {
    material *m;
    arena *a;
    double *rows; /* complete ones of the block */
    i64 *ids;
    u64 part;
    size_t cap;
    u64 (*mask)[LANES_BLOCK / 64]; /* per rating, low and high */
} pass;

static void begin(void *ctx) {
    pass *p = ctx;
    material *m = p->m;
    crossed_forget(&m->sums);
    memset(m->missing, 0, m->all * sizeof *m->missing);
    memset(m->na, 0, m->all * sizeof *m->na);
    memset(m->both, 0, 4 * m->k * m->k * sizeof *m->both);
    memset(m->outcome, 0, 2 * m->k * sizeof *m->outcome);
    m->outcome_all = m->outcome_square = 0;
    m->answers = m->n = 0, m->rows_n = 0;
}

/* Not mentioned is not judged; unknown is missing. */
static double value_of(const term *t, const lanes_block *b, u32 i) {
    double v = b->nums[t->lane][i];
    switch (t->kind) {
    case TERM_NUM:
    case TERM_TEST:
        return v;
    case TERM_ASPECT:
        return (v > 0) - (b->nums[t->lane + 1][i] > 0);
    case TERM_SPOKEN:
        return v > 0;
    }
    return NAN;
}

static bool is_na(const term *t, double v) {
    return !isnan(t->na) && !(v < t->na) && !(v > t->na);
}

/* False: a gap.  The outcome is looked at first: without it a signal is not asked. */
static bool row_of(pass *p, const lanes_block *b, u32 i, double *x) {
    material *m = p->m;
    bool whole = true;
    size_t last = m->all - 1;
    x[last] = value_of(&m->terms[last], b, i);
    if (isnan(x[last]) || is_na(&m->terms[last], x[last])) return false;
    m->answers++;
    for (size_t j = 0; j < last; j++) {
        x[j] = value_of(&m->terms[j], b, i);
        bool na = is_na(&m->terms[j], x[j]), gap = na || isnan(x[j]);
        m->na[j] += na, m->missing[j] += gap;
        whole &= !gap;
    }
    return whole;
}

static void set_masks(pass *p, u32 n) {
    material *m = p->m;
    memset(p->mask, 0, 2 * m->k * sizeof *p->mask);
    for (size_t j = 0; j < m->k; j++) {
        const term *t = &m->terms[j];
        for (u32 i = 0; i < n && t->rating; i++) {
            double v = p->rows[i * m->all + j];
            u64 bit = (u64)1 << (i % 64);
            if (v <= t->low_at_most) p->mask[2 * j][i / 64] |= bit;
            if (v >= t->high_at_least) p->mask[2 * j + 1][i / 64] |= bit;
        }
    }
}

/* Low and high ratings crossed with each other, and the outcome's sums over them. */
static void count_masks(pass *p, u32 n) {
    material *m = p->m;
    size_t d = 2 * m->k, words = (n + 63) / 64;
    for (size_t i = 0; i < d; i++) {
        if (!m->terms[i / 2].rating) continue;
        for (size_t j = i; j < d; j++) {
            i64 count = 0;
            for (size_t w = 0; w < words && m->terms[j / 2].rating; w++)
                count += __builtin_popcountll(p->mask[i][w] & p->mask[j][w]);
            m->both[i * d + j] += count;
        }
        for (size_t w = 0; w < words; w++)
            for (u64 left = p->mask[i][w]; left; left &= left - 1) {
                size_t row = w * 64 + (size_t)__builtin_ctzll(left);
                m->outcome[i] += p->rows[row * m->all + m->all - 1];
            }
    }
}

static void keep_rows(pass *p, u32 n) {
    material *m = p->m;
    for (u32 i = 0; i < n && m->rows_n < p->cap; i++) {
        u64 x = (u64)p->ids[i] * 0x9e3779b97f4a7c15u;
        if (p->part && (x ^ (x >> 29)) * 0xbf58476d1ce4e5b9u >= p->part) continue;
        memcpy(m->rows + m->rows_n++ * m->all, p->rows + i * m->all, m->all * sizeof *m->rows);
    }
}

static bool take_block(void *ctx, const lanes_block *b, err *e) {
    pass *p = ctx;
    material *m = p->m;
    u32 n = 0;
    (void)e;
    for (u32 i = 0; i < b->n; i++) {
        double *x = p->rows + n * m->all;
        if (!row_of(p, b, i, x)) continue;
        crossed_add(&m->sums, (u64)b->ids[i], x);
        m->outcome_all += x[m->all - 1];
        m->outcome_square += x[m->all - 1] * x[m->all - 1];
        p->ids[n++] = b->ids[i];
    }
    m->n += n;
    set_masks(p, n);
    count_masks(p, n);
    keep_rows(p, n);
    return true;
}

static size_t lanes_of(arena *a, material *m, lane_wish **out) {
    lane_wish *w = NEW_N(a, lane_wish, 2 * m->all);
    size_t n = 0;
    for (size_t i = 0; i < m->all; i++) {
        term *t = &m->terms[i];
        t->lane = n;
        w[n++] = (lane_wish){t->kind == TERM_NUM ? LANE_NUM : LANE_TEST, t->column, t->test};
        if (t->other) w[n++] = (lane_wish){LANE_TEST, NO_STR, t->other};
    }
    *out = w;
    return n;
}

static void rooms(arena *a, material *m, pass *p) {
    double *origin = NEW_N(a, double, m->all);
    for (size_t i = 0; i < m->all; i++) origin[i] = m->terms[i].origin;
    m->sums = crossed_of(a, m->all, origin);
    m->missing = NEW_N(a, i64, m->all);
    m->na = NEW_N(a, i64, m->all);
    m->both = NEW_N(a, i64, 4 * m->k * m->k);
    m->outcome = NEW_N(a, double, 2 * m->k);
    p->rows = NEW_N(a, double, LANES_BLOCK * m->all);
    p->ids = NEW_N(a, i64, LANES_BLOCK);
    p->mask = arena_alloc(a, 2 * m->k * sizeof *p->mask);
}

bool drivers_material(tally *t, arena *a, const drivers_question *q, material *m,
                      drivers_answer *out, err *e) {
    lane_wish *lanes;
    pass p = {.m = m, .a = a, .cap = LIMIT_DRIVERS_ROWS};
    tally_answer count;
    tally_question how_many = {.where = q->where};
    if (!read_terms(t, a, q, m, e)) return false;
    if (m->k == 0) return true; /* nothing stands beside the outcome */
    if (!look_beforehand(t, a, q, m, out, e) || !tally_ask(t, a, &how_many, &count, e))
        return false;
    rooms(a, m, &p);
    i64 all = count.cells_n ? count.cells[0].n : 0;
    if (all > LIMIT_DRIVERS_ROWS)
        p.part = (u64)((double)UINT64_MAX / (double)all * LIMIT_DRIVERS_ROWS * 0.95);
    m->rows = arena_raw(a, (size_t)MIN(all + 1, LIMIT_DRIVERS_ROWS) * m->all * sizeof *m->rows);
    p.cap = (size_t)MIN(all, LIMIT_DRIVERS_ROWS);
    size_t n = lanes_of(a, m, &lanes);
    lanes_question ask = {q->where, lanes, n, q->most_ms};
    return tally_lanes(t, a, &ask, &(lanes_visit){begin, take_block, &p}, e);
}
