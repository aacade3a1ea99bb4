/* decide.c - conditions compiled together: shared nodes, an index by equality, nothing asked twice. */
#include "act/decide.h"
#include "kern/fold.h"

enum { TAG_SEPARATOR = 0x1f };

/* ---- columns ---- */

typedef enum {
    SLOT_SIGNAL,
    SLOT_INSIGHT,
    SLOT_SENTIMENT,
    SLOT_CONFIDENCE,
    SLOT_WORDS,
    SLOT_TAG,
    SLOT_ASPECT,
    SLOT_POLARITY,
    SLOT_STRENGTH,
    SLOT_OPINION,
    SLOT_ATTRIBUTE,
    SLOT_MORE
} slot_kind;

typedef struct {
    slot_kind kind;
    str column;
    const field *f; /* of signal or insight; NULL: a column of ours that has no value */
    bool of_mention;
    u64 epoch; /* of v */
    value v;
} slot;

bool column_is_more(str column) {
    return str_starts(column, S("fact:")) || str_starts(column, S("customer:"));
}

static slot slot_of(str column) {
    static const struct {
        const char *name;
        slot_kind kind;
    } known[] = {{"sentiment", SLOT_SENTIMENT}, {"confidence", SLOT_CONFIDENCE},
                 {"words", SLOT_WORDS},         {"tag", SLOT_TAG},
                 {"aspect", SLOT_ASPECT},       {"polarity", SLOT_POLARITY},
                 {"strength", SLOT_STRENGTH},   {"opinion", SLOT_OPINION}};
    static const char *const of_insight[] = {"lang", "quality", "emotion", "intent"};
    slot s = {.kind = SLOT_ATTRIBUTE, .column = column, .of_mention = column_is_mention(column)};
    for (size_t i = 0; i < COUNT(known); i++)
        if (str_eq(column, str_of(known[i].name))) return s.kind = known[i].kind, s;
    for (size_t i = 0; i < COUNT(of_insight); i++)
        if (str_eq(column, str_of(of_insight[i])))
            return s.kind = SLOT_INSIGHT, s.f = noun_field(&noun_insight, column), s;
    if (column_is_more(column)) return s.kind = SLOT_MORE, s;
    s.f = noun_field(&noun_signal, column);
    if (s.f) s.kind = SLOT_SIGNAL;
    return s;
}

typedef struct {
    const signal *s;
    const insight *i;
    const mention *m;
    str folded;
    decide_more *more;
    void *ctx;
} subject;

static value text_value(str s) {
    return s.p ? (value){.kind = VALUE_TEXT, .text = s} : (value){0};
}

static value num_value(num6 v) {
    return v == NONE ? (value){0} : (value){.kind = VALUE_NUM, .num = v};
}

static value percent_value(i64 v) {
    return num_value(v == NONE ? NONE : v * NUM6_ONE);
}

static value polarity_value(i64 p) {
    static const str names[] = {{"negative", 8}, {"neutral", 7}, {"positive", 8}};
    return p == NONE ? (value){0} : text_value(names[p + 1]);
}

static value field_value(const field *f, const void *rec) {
    if (f->kind == FIELD_TEXT || f->kind == FIELD_CHOICE) return text_value(noun_text(f, rec));
    if (f->kind != FIELD_TIME && f->kind != FIELD_NUM6) return (value){0};
    i64 v = noun_int(f, rec);
    if (f->kind == FIELD_NUM6) return num_value(v);
    return v == NONE ? (value){0} : (value){.kind = VALUE_TIME, .ms = v};
}

static value fetch(const slot *k, const subject *q) {
    value v = {0};
    switch (k->kind) {
    case SLOT_SIGNAL:
        return field_value(k->f, &q->s->row);
    case SLOT_INSIGHT:
        return text_value(noun_text(k->f, &q->i->row));
    case SLOT_SENTIMENT:
        return polarity_value(q->i->row.sentiment);
    case SLOT_CONFIDENCE:
        return percent_value(q->i->row.confidence);
    case SLOT_WORDS:
        return text_value(q->i->row.clean.p ? q->i->row.clean : q->s->row.words);
    case SLOT_ASPECT:
        return q->m ? text_value(q->m->aspect) : v;
    case SLOT_POLARITY:
        return q->m ? polarity_value(q->m->polarity) : v;
    case SLOT_STRENGTH:
        return q->m ? percent_value(q->m->strength) : v;
    case SLOT_OPINION:
        return q->m ? text_value(q->m->opinion) : v;
    case SLOT_MORE:
        if (q->more) q->more(q->ctx, k->column, &v);
        return v;
    case SLOT_ATTRIBUTE: {
        const attribute *at = signal_attr(q->s, k->column);
        return !at ? v : at->text.p ? text_value(at->text) : num_value(at->num);
    }
    case SLOT_TAG:
        break; /* several values: asked by tag_truth */
    }
    return v;
}

/* ---- leaves ---- */

static truth has_truth(const slot *k, const value *have, str needle, str plain, const subject *q) {
    if (k->kind == SLOT_WORDS)
        return !q->s->row.words.p ? UNKNOWN : str_find(q->folded, needle) >= 0 ? YES : NO;
    if (have->kind != VALUE_TEXT) return UNKNOWN;
    return str_find(have->text, plain) >= 0 ? YES : NO;
}

static truth value_truth(const expr *x, const value *have) {
    if (x->op == EXPR_MISSING) return have->kind == VALUE_MISSING ? YES : NO;
    if (x->op == EXPR_CMP) return value_compare(x->cmp, have, &x->values[0]);
    truth t = NO;
    for (size_t i = 0; i < x->values_n && t != YES; i++)
        t = truth_or(t, value_compare(CMP_EQ, have, &x->values[i]));
    return t;
}

/* tag holds several values: true when true for one of them. */
static truth tag_truth(const expr *x, str tags) {
    if (x->op == EXPR_MISSING) return tags.n ? NO : YES;
    if (!tags.n) return UNKNOWN;
    truth any = NO;
    str rest = tags, one;
    for (bool more = true; more;) {
        more = str_cut(rest, TAG_SEPARATOR, &one, &rest);
        if (!more) one = rest;
        value have = text_value(one);
        any = truth_or(any, x->op == EXPR_HAS ? (str_find(one, x->values[0].text) >= 0 ? YES : NO)
                                              : value_truth(x, &have));
    }
    return any;
}

static truth leaf_truth(const expr *x, const slot *k, const value *have, str needle,
                        const subject *q) {
    if (x->op == EXPR_CONST) return x->constant ? YES : NO;
    if (k->kind == SLOT_TAG) return tag_truth(x, q->i->row.tags);
    if (x->op == EXPR_HAS) return has_truth(k, have, needle, x->values[0].text, q);
    return value_truth(x, have);
}

/* ---- compiling ---- */

typedef struct {
    expr_op op;
    bool of_mention;
    u8 t;          /* truth, when epoch is now */
    u32 cost;      /* of asking it */
    u32 slot;      /* leaf */
    u32 from, n;   /* AND, OR, NOT: places in kids */
    const expr *x; /* leaf */
    str needle;    /* HAS: folded */
    u64 epoch;
} node;

typedef struct {
    u64 key; /* 0 = free */
    u32 from, n;
} bucket; /* conditions behind one value of one column */

struct decider {
    slot *slots;
    size_t slots_n;
    node *nodes;
    size_t nodes_n, leaves_seen, indexed;
    u32 *kids;
    size_t kids_n;
    u32 *roots; /* node of each condition */
    u64 *hit;   /* epoch in which it was found true */
    u64 *seen;  /* epoch in which it became a candidate for mentions */
    size_t n;
    bucket *buckets;
    size_t buckets_mask;
    u32 *behind;         /* conditions, bucket by bucket */
    u32 *slots_by_value; /* slots that have an index */
    size_t slots_by_value_n;
    u32 *always; /* conditions without an equality */
    size_t always_n;
    u32 *waiting; /* scratch: conditions to be asked of every mention */
    u64 epoch, mention_epoch;
};

typedef struct {
    arena *a;
    decider *d;
    size_t nodes_max, kids_max, slots_max;
    u32 *table; /* node + 1 by hash */
    size_t mask;
} compiler;

static size_t tree_size(const expr *x) {
    size_t n = 1;
    for (; x->left; x = x->left) n += 1 + (x->right ? tree_size(x->right) : 0);
    return n;
}

static u32 slot_place(compiler *c, str column) {
    for (u32 i = 0; i < c->d->slots_n; i++)
        if (str_eq(c->d->slots[i].column, column)) return i;
    check(c->d->slots_n < c->slots_max);
    c->d->slots[c->d->slots_n] = slot_of(column);
    return (u32)c->d->slots_n++;
}

static bool same_value(const value *x, const value *y) {
    return x->kind == y->kind && str_eq(x->text, y->text) && x->num == y->num && x->ms == y->ms &&
           x->whole_day == y->whole_day && x->shift_ms == y->shift_ms;
}

static bool same_leaf(const expr *x, const expr *y) {
    if (x->op != y->op || x->values_n != y->values_n || x->constant != y->constant) return false;
    if (x->op == EXPR_CMP && x->cmp != y->cmp) return false;
    for (size_t i = 0; i < x->values_n; i++)
        if (!same_value(&x->values[i], &y->values[i])) return false;
    return true;
}

static bool same_node(const decider *d, const node *x, const node *y) {
    if (x->op != y->op || x->n != y->n || x->slot != y->slot) return false;
    if (x->x) return same_leaf(x->x, y->x);
    return memcmp(d->kids + x->from, d->kids + y->from, x->n * sizeof *d->kids) == 0;
}

static u64 mix(u64 h, u64 v) {
    h = (h ^ v) * 0x9e3779b97f4a7c15u;
    return h ^ (h >> 29);
}

static u64 node_hash(const decider *d, const node *k) {
    u64 h = mix((u64)k->op * 31 + k->slot, k->n);
    for (u32 i = 0; i < k->n && !k->x; i++) h = mix(h, d->kids[k->from + i]);
    if (!k->x) return h;
    if (k->op == EXPR_CMP) h = mix(h, (u64)k->x->cmp);
    for (size_t i = 0; i < k->x->values_n; i++)
        h = mix(h, str_hash(k->x->values[i].text) ^ (u64)k->x->values[i].num ^
                       (u64)k->x->values[i].ms);
    return h;
}

/* The node itself if it is new, else the equal one there is. */
static u32 intern(compiler *c, const node *k) {
    decider *d = c->d;
    size_t at = (size_t)node_hash(d, k) & c->mask;
    for (; c->table[at]; at = (at + 1) & c->mask)
        if (same_node(d, &d->nodes[c->table[at] - 1], k)) return c->table[at] - 1;
    check(d->nodes_n < c->nodes_max);
    d->nodes[d->nodes_n] = *k;
    c->table[at] = (u32)++d->nodes_n;
    return (u32)(d->nodes_n - 1);
}

static u32 leaf_cost(const slot *k, const expr *x) {
    if (k->kind == SLOT_MORE) return 2000;
    if (x->op == EXPR_HAS) return k->kind == SLOT_WORDS ? 100 : 30;
    if (k->kind == SLOT_TAG) return 30;
    return k->kind == SLOT_ATTRIBUTE ? 8 : 2 + (u32)MIN(x->values_n, 50);
}

static u32 compile_leaf(compiler *c, const expr *x) {
    node k = {.op = x->op, .x = x};
    c->d->leaves_seen++;
    k.slot = x->op == EXPR_CONST ? 0 : slot_place(c, x->column);
    const slot *s = &c->d->slots[k.slot];
    k.cost = x->op == EXPR_CONST ? 0 : leaf_cost(s, x);
    k.of_mention = x->op != EXPR_CONST && s->of_mention;
    if (x->op == EXPR_HAS) fold(c->a, x->values[0].text, &k.needle, NULL);
    return intern(c, &k);
}

/* Cheap ones first, so that dear ones are mostly not asked at all; equal costs by place. */
static void sort_kids(const decider *d, u32 *kids, size_t n) {
    for (size_t i = 1; i < n; i++) {
        u32 k = kids[i];
        size_t j = i;
        for (; j > 0; j--) {
            u32 before = kids[j - 1];
            if (d->nodes[before].cost < d->nodes[k].cost ||
                (d->nodes[before].cost == d->nodes[k].cost && before <= k))
                break;
            kids[j] = before;
        }
        kids[j] = k;
    }
}

static u32 compile(compiler *c, const expr *x) {
    decider *d = c->d;
    if (x->op != EXPR_AND && x->op != EXPR_OR && x->op != EXPR_NOT) return compile_leaf(c, x);
    size_t room = 1;
    for (const expr *y = x; y->op == x->op && x->op != EXPR_NOT; y = y->left) room++;
    u32 *kids = NEW_N(c->a, u32, room);
    size_t n = 0;
    const expr *y = x;
    for (; y->op == x->op && x->op != EXPR_NOT; y = y->left) kids[n++] = compile(c, y->right);
    kids[n++] = compile(c, x->op == EXPR_NOT ? x->left : y);
    sort_kids(d, kids, n);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!kept || kids[kept - 1] != kids[i]) kids[kept++] = kids[i];
    check(d->kids_n + kept <= c->kids_max);
    node k = {.op = x->op, .from = (u32)d->kids_n, .n = (u32)kept};
    for (size_t i = 0; i < kept; i++) {
        d->kids[d->kids_n + i] = kids[i];
        k.cost += d->nodes[kids[i]].cost;
        k.of_mention |= d->nodes[kids[i]].of_mention;
    }
    u32 place = intern(c, &k);
    if (place == d->nodes_n - 1 && d->nodes[place].from == k.from) d->kids_n += kept;
    return place;
}

/* ---- the index ---- */

/* A condition that is only true when column has one of these values. */
typedef struct {
    u32 slot;
    const value *values[LIMIT_EXPR_LIST];
    size_t n; /* 0 = there is no such column */
} wanted;

static bool can_index(const decider *d, const node *k) {
    if (k->op != EXPR_IN && !(k->op == EXPR_CMP && k->x->cmp == CMP_EQ)) return false;
    slot_kind s = d->slots[k->slot].kind;
    if (s == SLOT_TAG || s == SLOT_MORE || s == SLOT_WORDS) return false;
    for (size_t i = 0; i < k->x->values_n; i++)
        if (k->x->values[i].kind != VALUE_TEXT && k->x->values[i].kind != VALUE_NUM) return false;
    return k->x->values_n > 0;
}

static void want_leaf(const node *k, wanted *w) {
    w->slot = k->slot;
    w->n = MIN(k->x->values_n, (size_t)LIMIT_EXPR_LIST);
    for (size_t i = 0; i < w->n; i++) w->values[i] = &k->x->values[i];
}

static void want(const decider *d, arena *a, const node *k, wanted *out);

/* Of all that must hold, what leaves fewest values. */
static void want_and(const decider *d, arena *a, const node *k, wanted *out) {
    wanted *one = NEW(a, wanted);
    for (u32 i = 0; i < k->n; i++) {
        one->n = 0;
        want(d, a, &d->nodes[d->kids[k->from + i]], one);
        if (one->n && (!out->n || one->n < out->n)) *out = *one;
    }
}

/* One column for all branches, or none. */
static void want_or(const decider *d, arena *a, const node *k, wanted *out) {
    wanted *one = NEW(a, wanted);
    for (u32 i = 0; i < k->n; i++) {
        one->n = 0;
        want(d, a, &d->nodes[d->kids[k->from + i]], one);
        bool fits = one->n && (i == 0 || one->slot == out->slot) &&
                    (i == 0 ? 0 : out->n) + one->n <= LIMIT_EXPR_LIST;
        if (!fits) {
            out->n = 0;
            return;
        }
        if (i == 0) out->n = 0;
        out->slot = one->slot;
        for (size_t j = 0; j < one->n; j++) out->values[out->n++] = one->values[j];
    }
}

static void want(const decider *d, arena *a, const node *k, wanted *out) {
    if (k->op == EXPR_AND) want_and(d, a, k, out);
    if (k->op == EXPR_OR) want_or(d, a, k, out);
    if (k->x && can_index(d, k)) want_leaf(k, out);
}

static u64 value_key(u32 at, const value *v) {
    u64 h = v->kind == VALUE_TEXT ? str_hash(v->text) : mix(7, (u64)v->num);
    return mix(h, at + 1) | 1;
}

static bucket *bucket_of(const decider *d, u64 key) {
    size_t at = (size_t)(key >> 8) & d->buckets_mask;
    while (d->buckets[at].key && d->buckets[at].key != key) at = (at + 1) & d->buckets_mask;
    return &d->buckets[at];
}

/* Two passes over the same list: count, then fill. */
static void index_make(compiler *c, wanted *const *w) {
    decider *d = c->d;
    size_t all = 0, slots = 16;
    for (size_t r = 0; r < d->n; r++) all += w[r] ? w[r]->n : 0;
    while (slots < all * 2) slots *= 2;
    d->buckets = NEW_N(c->a, bucket, slots);
    d->buckets_mask = slots - 1;
    d->behind = NEW_N(c->a, u32, all + 1);
    d->always = NEW_N(c->a, u32, d->n + 1);
    d->slots_by_value = NEW_N(c->a, u32, d->slots_n + 1);
    bool *has = NEW_N(c->a, bool, d->slots_n + 1);
    for (size_t r = 0; r < d->n; r++) {
        if (!w[r]) d->always[d->always_n++] = (u32)r;
        for (size_t i = 0; w[r] && i < w[r]->n; i++) {
            bucket *b = bucket_of(d, value_key(w[r]->slot, w[r]->values[i]));
            b->key = value_key(w[r]->slot, w[r]->values[i]);
            b->n++;
            has[w[r]->slot] = true;
        }
        d->indexed += w[r] != NULL;
    }
    u32 from = 0;
    for (size_t i = 0; i < slots; i++) {
        d->buckets[i].from = from;
        from += d->buckets[i].n;
        d->buckets[i].n = 0;
    }
    for (size_t r = 0; r < d->n; r++)
        for (size_t i = 0; w[r] && i < w[r]->n; i++) {
            bucket *b = bucket_of(d, value_key(w[r]->slot, w[r]->values[i]));
            d->behind[b->from + b->n++] = (u32)r;
        }
    for (u32 i = 0; i < d->slots_n; i++)
        if (has[i]) d->slots_by_value[d->slots_by_value_n++] = i;
}

decider *decider_make(arena *a, const expr *const *when, size_t n) {
    decider *d = NEW(a, decider);
    compiler c = {.a = a, .d = d};
    size_t size = 1, slots = 16;
    for (size_t r = 0; r < n; r++) size += tree_size(when[r]);
    while (slots < size * 2) slots *= 2;
    c.nodes_max = c.slots_max = size;
    c.kids_max = size * 2;
    c.table = NEW_N(a, u32, slots);
    c.mask = slots - 1;
    d->nodes = NEW_N(a, node, c.nodes_max);
    d->slots = NEW_N(a, slot, c.slots_max);
    d->kids = NEW_N(a, u32, c.kids_max);
    d->roots = NEW_N(a, u32, n + 1);
    d->hit = NEW_N(a, u64, n + 1);
    d->seen = NEW_N(a, u64, n + 1);
    d->waiting = NEW_N(a, u32, n + 1);
    d->n = n;
    wanted **w = NEW_N(a, wanted *, n + 1), one;
    for (size_t r = 0; r < n; r++) d->roots[r] = compile(&c, when[r]);
    for (size_t r = 0; r < n; r++) {
        one.n = 0;
        want(d, a, &d->nodes[d->roots[r]], &one);
        if (!one.n) continue;
        w[r] = NEW(a, wanted);
        *w[r] = one;
    }
    index_make(&c, w);
    return d;
}

decider_size decider_count(const decider *d) {
    return (decider_size){d->n, d->nodes_n, d->leaves_seen, d->indexed};
}

/* ---- asking ---- */

static const value *slot_value(decider *d, u32 at, const subject *q) {
    slot *k = &d->slots[at];
    u64 now = k->of_mention ? d->mention_epoch : d->epoch;
    if (k->epoch != now) {
        k->v = fetch(k, q);
        k->epoch = now;
    }
    return &k->v;
}

static truth ask(decider *d, u32 place, const subject *q) {
    node *k = &d->nodes[place];
    u64 now = k->of_mention ? d->mention_epoch : d->epoch;
    if (k->epoch == now) return (truth)k->t;
    truth t = YES;
    if (k->x) {
        static const value none = {0};
        bool needs =
            k->op != EXPR_CONST && !(k->op == EXPR_HAS && d->slots[k->slot].kind == SLOT_WORDS);
        t = leaf_truth(k->x, &d->slots[k->slot], needs ? slot_value(d, k->slot, q) : &none,
                       k->needle, q);
    } else if (k->op == EXPR_NOT) {
        t = truth_not(ask(d, d->kids[k->from], q));
    } else {
        bool and = k->op == EXPR_AND;
        t = and? YES : NO;
        for (u32 i = 0; i < k->n && t != (and? NO : YES); i++) {
            truth one = ask(d, d->kids[k->from + i], q);
            t = and? truth_and(t, one) : truth_or(t, one);
        }
    }
    k->t = (u8)t;
    k->epoch = now;
    return t;
}

typedef struct {
    decider *d;
    const subject *q;
    u32 *out;
    size_t n, waiting_n;
} asking;

static void found(asking *k, u32 r) {
    if (k->d->hit[r] == k->d->epoch || ask(k->d, k->d->roots[r], k->q) != YES) return;
    k->d->hit[r] = k->d->epoch;
    size_t at = k->n++;
    for (; at > 0 && k->out[at - 1] > r; at--) k->out[at] = k->out[at - 1];
    k->out[at] = r;
}

/* Of the signal alone: asked now; of its mentions: asked of each. */
static void candidate(asking *k, u32 r) {
    if (!k->d->nodes[k->d->roots[r]].of_mention) {
        found(k, r);
        return;
    }
    if (k->d->seen[r] == k->d->epoch) return;
    k->d->seen[r] = k->d->epoch;
    k->d->waiting[k->waiting_n++] = r;
}

static void by_values(asking *k, bool of_mention) {
    decider *d = k->d;
    for (size_t i = 0; i < d->slots_by_value_n; i++) {
        u32 at = d->slots_by_value[i];
        if (d->slots[at].of_mention != of_mention) continue;
        const value *v = slot_value(d, at, k->q);
        if (v->kind != VALUE_TEXT && v->kind != VALUE_NUM) continue;
        const bucket *b = bucket_of(d, value_key(at, v));
        for (u32 j = 0; j < b->n; j++)
            if (of_mention)
                found(k, d->behind[b->from + j]);
            else
                candidate(k, d->behind[b->from + j]);
    }
}

size_t decider_ask(decider *d, const signal *s, const insight *i, str folded, decide_more *more,
                   void *ctx, u32 *out) {
    subject q = {s, i, NULL, folded, more, ctx};
    asking k = {d, &q, out, 0, 0};
    d->epoch++;
    d->mention_epoch++;
    by_values(&k, false);
    for (size_t r = 0; r < d->always_n; r++) candidate(&k, d->always[r]);
    size_t mentions = MAX(i->mentions_n, (size_t)1);
    for (size_t m = 0; m < mentions; m++) {
        q.m = i->mentions_n ? &i->mentions[m] : NULL;
        d->mention_epoch++;
        by_values(&k, true);
        for (size_t w = 0; w < k.waiting_n; w++) found(&k, d->waiting[w]);
    }
    return k.n;
}

/* ---- one at a time: the twin, and the explanation ---- */

typedef struct {
    const subject *q;
    decide_leaf *leaf;
    void *ctx;
} explaining;

static truth explain(const explaining *k, const expr *x) {
    if (x->op == EXPR_NOT) return truth_not(explain(k, x->left));
    if (x->op == EXPR_AND) {
        truth left = explain(k, x->left);
        return truth_and(left, explain(k, x->right));
    }
    if (x->op == EXPR_OR) {
        truth left = explain(k, x->left);
        return truth_or(left, explain(k, x->right));
    }
    slot s = x->op == EXPR_CONST ? (slot){0} : slot_of(x->column);
    value have = x->op == EXPR_CONST ? (value){0} : fetch(&s, k->q);
    str needle = NO_STR;
    arena *a = NULL;
    if (x->op == EXPR_HAS) {
        a = arena_open(1 << 20);
        fold(a, x->values[0].text, &needle, NULL);
    }
    truth t = leaf_truth(x, &s, &have, needle, k->q);
    arena_close(a);
    if (k->leaf) k->leaf(k->ctx, x, &have, t);
    return t;
}

void decide_explain(const expr *x, const signal *s, const insight *i, const mention *m, str folded,
                    decide_more *more, void *more_ctx, decide_leaf *leaf, void *ctx) {
    subject q = {s, i, m, folded, more, more_ctx};
    explaining k = {&q, leaf, ctx};
    explain(&k, x);
}

static void note_mention(void *ctx, str column) {
    if (column_is_mention(column)) *(bool *)ctx = true;
}

truth decide_slowly(const expr *x, const signal *s, const insight *i, str folded, decide_more *more,
                    void *ctx) {
    bool of_mentions = false;
    truth any = NO;
    subject q = {s, i, NULL, folded, more, ctx};
    explaining k = {&q, NULL, NULL};
    expr_columns(x, note_mention, &of_mentions);
    if (!of_mentions || !i->mentions_n) return explain(&k, x);
    for (size_t m = 0; m < i->mentions_n && any != YES; m++) {
        q.m = &i->mentions[m];
        any = truth_or(any, explain(&k, x));
    }
    return any;
}
