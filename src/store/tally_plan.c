/* tally_plan.c - a condition made ready for columns: text comparisons are decided once per dictionary
** entry, numbers and moments become ranges; and what a segment's extremes say about it beforehand. */
#include "kern/fold.h"
#include "store/tally_int.h"

/* ---- names ---- */

static bool is_words(str c) {
    return str_eq(c, S("words"));
}

static const column *any_column(const tally *t, str name) {
    for (int k = COLUMN_TEXT; k <= COLUMN_SET; k++) {
        const column *c = column_find(t, name, (column_kind)k);
        if (c) return c;
    }
    return NULL;
}

/* Damerau-free edit distance, bytes, bounded: names are short. */
static size_t distance(str a, str b) {
    size_t row[LIMIT_NAME_BYTES + 1];
    if (b.n > LIMIT_NAME_BYTES) return SIZE_MAX;
    for (size_t j = 0; j <= b.n; j++) row[j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t up = row[j];
            size_t swap = diagonal + (a.p[i - 1] != b.p[j - 1]);
            row[j] = MIN(swap, MIN(up, row[j - 1]) + 1);
            diagonal = up;
        }
    }
    return row[b.n];
}

static str near_name(const tally *t, str name) {
    str best = NO_STR;
    size_t best_d = MAX((size_t)2, name.n / 3) + 1;
    for (u32 i = 0; i < t->columns_n; i++) {
        size_t d = distance(name, column_name(&t->columns[i]));
        if (d < best_d ||
            (d == best_d && best.p && str_cmp(column_name(&t->columns[i]), best) < 0)) {
            best = column_name(&t->columns[i]);
            best_d = d;
        }
    }
    return best;
}

bool plan_known(const tally *t, str name, err *e) {
    if (any_column(t, name) || is_words(name) || str_starts(name, S("score:"))) return true;
    if (tally_rows_total(t) == 0) return true;
    str near = near_name(t, name);
    if (near.p)
        return fail(e, NOT_FOUND, "no column «%.*s»; did you mean «%.*s»?", STR_ARG(name),
                    STR_ARG(near));
    return fail(e, NOT_FOUND, "no column «%.*s» in any signal", STR_ARG(name));
}

/* ---- leaves ---- */

static u8 byte_of(truth t) {
    return t == YES ? T_YES : t == NO ? T_NO : T_UNKNOWN;
}

static truth text_truth(const expr *x, str s) {
    value have = {.kind = VALUE_TEXT, .text = s};
    truth any = NO;
    if (x->op == EXPR_MISSING) return NO;
    if (x->op == EXPR_HAS) return str_find(s, x->values[0].text) >= 0 ? YES : NO;
    for (size_t i = 0; i < x->values_n && any != YES; i++)
        any =
            truth_or(any, value_compare(x->op == EXPR_CMP ? x->cmp : CMP_EQ, &have, &x->values[i]));
    return any;
}

static void plan_texts(arena *a, plan *p, const column *c) {
    p->by_code = arena_alloc(a, c->dict.n + 1);
    p->by_code[0] = p->missing;
    for (u32 k = 1; k <= c->dict.n; k++)
        p->by_code[k] = byte_of(text_truth(p->x, c->dict.text[k - 1]));
}

/* The values for which "value cmp v" holds; != is = with negate. */
static range range_of(expr_cmp cmp, const value *v) {
    const range none = {0, -1};
    i64 lo = v->kind == VALUE_NUM ? v->num : v->ms;
    i64 hi = v->kind == VALUE_TIME && v->whole_day ? lo + DAY_MS + v->shift_ms - 1 : lo;
    switch (cmp) {
    case CMP_EQ:
    case CMP_NE:
        return (range){lo, hi};
    case CMP_LT:
        return (range){INT64_MIN + 1, lo - 1};
    case CMP_LE:
        return (range){INT64_MIN + 1, hi};
    case CMP_GT:
        return hi == INT64_MAX ? none : (range){hi + 1, INT64_MAX};
    case CMP_GE:
        return (range){lo, INT64_MAX};
    }
    return none;
}

static void plan_ranges(arena *a, plan *p, value_kind kind) {
    const expr *x = p->x;
    if (x->op == EXPR_MISSING) return;
    p->ranges = NEW_N(a, range, x->values_n);
    for (size_t i = 0; i < x->values_n && x->op != EXPR_HAS; i++) {
        if (x->values[i].kind == kind)
            p->ranges[p->ranges_n++] = range_of(x->op == EXPR_CMP ? x->cmp : CMP_EQ, &x->values[i]);
        else
            p->half = true;
    }
    p->all_unknown = p->ranges_n == 0;
    p->negate = x->op == EXPR_CMP && x->cmp == CMP_NE;
}

static bool plan_leaf(tally *t, arena *a, plan *p, err *e) {
    str name = p->x->column;
    if (!plan_known(t, name, e)) return false;
    p->missing = p->x->op == EXPR_MISSING ? T_YES : T_UNKNOWN;
    p->words = is_words(name);
    if (p->words) return words_hits(t, a, p, e);
    p->text = column_find(t, name, COLUMN_TEXT);
    p->num = column_find(t, name, COLUMN_NUM);
    p->time = column_find(t, name, COLUMN_TIME);
    p->set = column_find(t, name, COLUMN_SET);
    p->of_mention = column_is_mention(name);
    if (p->text || p->set) plan_texts(a, p, p->text ? p->text : p->set);
    if (p->num || p->time) plan_ranges(a, p, p->num ? VALUE_NUM : VALUE_TIME);
    return true;
}

static bool plan_node(tally *t, arena *a, const expr *x, plan **out, bool *mentions, err *e) {
    plan *p = NEW(a, plan);
    p->op = x->op;
    p->x = x;
    switch (x->op) {
    case EXPR_AND:
    case EXPR_OR:
        if (!plan_node(t, a, x->right, &p->right, mentions, e)) return false;
        __attribute__((fallthrough));
    case EXPR_NOT:
        if (!plan_node(t, a, x->left, &p->left, mentions, e)) return false;
        break;
    case EXPR_CMP:
    case EXPR_IN:
    case EXPR_HAS:
    case EXPR_MISSING:
        if (!plan_leaf(t, a, p, e)) return false;
        *mentions |= p->of_mention;
        break;
    case EXPR_CONST:
        break;
    }
    *out = p;
    return true;
}

bool plan_make(tally *t, arena *a, const expr *x, plan_top *out, err *e) {
    check(t && out);
    *out = (plan_top){0};
    return !x || plan_node(t, a, x, &out->root, &out->mentions, e);
}

/* ---- words: looked for once per question, in what stands beside the tally; whole texts in the store ---- */

/* Allocates nothing: it runs inside the store's scan, which must not be jumped out of. */
static bool words_visit(void *ctx, const signal *s, const insight *i, err *e) {
    (void)e;
    plan *p = ctx;
    str w = i->row.clean.p ? i->row.clean : s->row.words; /* what people may see, and no more */
    truth v = UNKNOWN;
    check(s->row.id > 0);
    if (s->row.id > p->ids_max) return false; /* came after the question */
    if (w.p) v = text_truth(p->x, w);
    u64 *bits = v == YES ? p->ids_yes : p->ids_no;
    if (v != UNKNOWN) bits[s->row.id / 64] |= (u64)1 << s->row.id % 64;
    return true;
}

bool words_hits(tally *t, arena *a, plan *p, err *e) {
    str needle = NO_STR;
    p->ids_after = t->words_after;
    p->ids_max = t->words_upto ? t->words_upto : t->last_id;
    p->ids_yes = NEW_N(a, u64, (size_t)p->ids_max / 64 + 1);
    p->ids_no = NEW_N(a, u64, (size_t)p->ids_max / 64 + 1);
    if (p->x->op == EXPR_HAS) fold(a, p->x->values[0].text, &needle, NULL);
    if (p->x->op == EXPR_HAS || p->x->op == EXPR_MISSING) return words_ask(t, p, needle, e);
    return t->from.scan(t->from.ctx, p->ids_after, true, words_visit, p, e);
}

/* ---- what a segment can hold, told from its directory ---- */

static u8 can_of(u8 truth_byte) {
    return truth_byte == T_YES ? CAN_YES : truth_byte == T_NO ? CAN_NO : CAN_UNKNOWN;
}

static u8 can_codes(const plan *p, const part *a, u32 codes_n) {
    u8 can = 0;
    for (u64 c = a->min; c <= a->max && c <= codes_n; c++) {
        if (c < KNOWN_CODES && !(a->known[c / 64] >> c % 64 & 1)) continue;
        can |= can_of(p->by_code[c]);
        if (can == (CAN_YES | CAN_NO | CAN_UNKNOWN) || c > KNOWN_CODES * 8)
            return CAN_YES | CAN_NO | CAN_UNKNOWN;
    }
    return can;
}

static u8 can_range(const plan *p, i64 min, i64 max) {
    if (p->x->op == EXPR_MISSING) return CAN_NO;
    if (p->all_unknown) return CAN_UNKNOWN;
    bool some = false, all = false;
    for (size_t i = 0; i < p->ranges_n; i++) {
        range r = p->ranges[i];
        some |= r.lo <= max && r.hi >= min && r.lo <= r.hi;
        all |= r.lo <= min && r.hi >= max;
    }
    if (p->half) return (some ? CAN_YES : 0) | (all ? 0 : CAN_UNKNOWN);
    u8 can = (some ? CAN_YES : 0) | (all ? 0 : CAN_NO);
    if (p->negate && can != (CAN_YES | CAN_NO)) can ^= CAN_YES | CAN_NO;
    return can;
}

static i64 code_value(const part *a, u64 code) {
    return (i64)((u64)a->base + code * (u64)(a->width ? a->scale : 0));
}

static u8 can_leaf(const plan *p, const segment *g, const tally *t) {
    u8 can = 0;
    u64 present = 0;
    check(!(p->time && (p->text || p->num))); /* the names of times are reserved */
    const column *texts = p->text ? p->text : p->set;
    const part *a = texts ? segment_part(g, PART_CODE, column_number(t, texts)) : NULL;
    if (a) {
        can |= can_codes(p, a, texts->dict.n);
        present += a->present;
    }
    a = p->num ? segment_part(g, PART_NUM, column_number(t, p->num)) : NULL;
    if (a) {
        can |= can_range(p, code_value(a, a->min), code_value(a, a->max));
        present += a->present;
    }
    a = p->time ? segment_part(g, PART_DAY, column_number(t, p->time)) : NULL;
    if (a) {
        can |= can_range(p, code_value(a, a->min) * DAY_MS,
                         code_value(a, a->max) * DAY_MS + DAY_MS - 1);
        present += a->present;
    }
    /* Mentions and tags: a signal may have none, and several. */
    if (p->set || p->of_mention || present < g->head->rows[OF_SIGNAL]) can |= can_of(p->missing);
    return p->set ? can | can_of(T_NO) : can;
}

static u8 can_words(const plan *p, const segment *g) {
    for (i64 w = g->head->first_id / 64; w <= g->head->last_id / 64; w++)
        if (p->ids_yes[w]) return CAN_UNKNOWN | CAN_NO | CAN_YES;
    return CAN_UNKNOWN | CAN_NO;
}

static u8 can_both(u8 l, u8 r, bool all) {
    static const truth order[] = {UNKNOWN, YES, NO};
    u8 can = 0;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            if ((l >> i & 1) && (r >> j & 1))
                can |= can_of(
                    byte_of(all ? truth_and(order[i], order[j]) : truth_or(order[i], order[j])));
    return can;
}

u8 plan_can(const plan *p, const segment *g, const tally *t) {
    switch (p->op) {
    case EXPR_AND:
    case EXPR_OR:
        return can_both(plan_can(p->left, g, t), plan_can(p->right, g, t), p->op == EXPR_AND);
    case EXPR_NOT: {
        u8 c = plan_can(p->left, g, t);
        return (c & CAN_UNKNOWN) | (c & CAN_YES ? CAN_NO : 0) | (c & CAN_NO ? CAN_YES : 0);
    }
    case EXPR_CONST:
        return p->x->constant ? CAN_YES : CAN_NO;
    case EXPR_CMP:
    case EXPR_IN:
    case EXPR_HAS:
    case EXPR_MISSING:
        return p->words ? can_words(p, g) : can_leaf(p, g, t);
    }
    return CAN_YES | CAN_NO | CAN_UNKNOWN;
}
