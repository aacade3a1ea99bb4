/* tally_tail.c - the columns, and rows in plain arrays: the live tail and its images for questions. */
#include "store/tally_int.h"

enum { SET_SEPARATOR = 0x1f };

/* ---- columns by name ---- */

static u64 name_hash(str name, column_kind kind) {
    return str_hash(name) + (u64)kind * 0x9e3779b97f4a7c15u;
}

static void names_put(tally *t, u32 number) {
    u64 at = name_hash(column_name(&t->columns[number]), t->columns[number].kind);
    while (t->names[at & (t->names_n - 1)]) at++;
    t->names[at & (t->names_n - 1)] = number + 1;
}

column *column_find(const tally *t, str name, column_kind kind) {
    for (u64 at = name_hash(name, kind); t->names_n; at++) {
        u32 k = t->names[at & (t->names_n - 1)];
        if (!k) break;
        if (t->columns[k - 1].kind == kind && str_eq(column_name(&t->columns[k - 1]), name))
            return &t->columns[k - 1];
    }
    return NULL;
}

u32 column_number(const tally *t, const column *c) {
    check(c >= t->columns && c < t->columns + t->columns_n);
    return (u32)(c - t->columns);
}

/* A table that a view has is not written to any more. */
static void names_make(tally *t, u32 size) {
    grave_put(t->grave, t->names, free);
    t->names_n = size;
    t->names = mem_new(t->names_n, sizeof *t->names);
    t->names_shared = 0;
    for (u32 i = 0; i < t->columns_n; i++) names_put(t, i);
}

column *column_need(tally *t, str name, column_kind kind, table_kind table) {
    column *c = column_find(t, name, kind);
    if (c) return c;
    check(t->columns_n < UINT32_MAX / 2);
    if (t->columns_n == t->columns_cap) {
        t->columns_cap = MAX(32u, t->columns_cap * 2);
        t->columns = mem_grow(t->columns, t->columns_cap, sizeof *t->columns);
    }
    c = &t->columns[t->columns_n++];
    *c = (column){.kind = kind, .table = table, .dict.grave = t->grave};
    c->name = mem_new(name.n + 1, 1);
    memcpy(c->name, name.p, name.n);
    c->name_n = name.n;
    if (t->columns_n * 2 > t->names_n)
        names_make(t, MAX(64u, t->names_n * 2));
    else if (t->names_shared)
        names_make(t, t->names_n);
    else
        names_put(t, t->columns_n - 1);
    return &t->columns[t->columns_n - 1];
}

str polarity_text(i64 p) {
    static const char *const names[] = {"negative", "neutral", "positive"};
    check(p >= -1 && p <= 1);
    return str_of(names[p + 1]);
}

void columns_init(tally *t) {
    static const struct {
        const char *name;
        column_kind kind;
        table_kind table;
    } fixed[COLS_FIXED] = {
        [COL_SOURCE] = {"source", COLUMN_TEXT, OF_SIGNAL},
        [COL_CHANNEL] = {"channel", COLUMN_TEXT, OF_SIGNAL},
        [COL_TOUCHPOINT] = {"touchpoint", COLUMN_TEXT, OF_SIGNAL},
        [COL_PRODUCT] = {"product", COLUMN_TEXT, OF_SIGNAL},
        [COL_CUSTOMER] = {"customer", COLUMN_TEXT, OF_SIGNAL},
        [COL_EVENT] = {"event", COLUMN_TEXT, OF_SIGNAL},
        [COL_CURRENCY] = {"currency", COLUMN_TEXT, OF_SIGNAL},
        [COL_LANG] = {"lang", COLUMN_TEXT, OF_SIGNAL},
        [COL_QUALITY] = {"quality", COLUMN_TEXT, OF_SIGNAL},
        [COL_SENTIMENT] = {"sentiment", COLUMN_TEXT, OF_SIGNAL},
        [COL_EMOTION] = {"emotion", COLUMN_TEXT, OF_SIGNAL},
        [COL_INTENT] = {"intent", COLUMN_TEXT, OF_SIGNAL},
        [COL_TAG] = {"tag", COLUMN_SET, OF_TAG},
        [COL_OCCURRED] = {"occurred_at", COLUMN_TIME, OF_SIGNAL},
        [COL_RECEIVED] = {"received_at", COLUMN_TIME, OF_SIGNAL},
        [COL_AMOUNT] = {"amount", COLUMN_NUM, OF_SIGNAL},
        [COL_CONFIDENCE] = {"confidence", COLUMN_NUM, OF_SIGNAL},
        [COL_ASPECT] = {"aspect", COLUMN_TEXT, OF_MENTION},
        [COL_POLARITY] = {"polarity", COLUMN_TEXT, OF_MENTION},
        [COL_STRENGTH] = {"strength", COLUMN_NUM, OF_MENTION},
    };
    for (u32 i = 0; i < COLS_FIXED; i++) {
        column *c = column_need(t, str_of(fixed[i].name), fixed[i].kind, fixed[i].table);
        check(column_number(t, c) == i);
        c->fixed = true;
    }
}

/* ---- one signal in ---- */

static bool is_text(const column *c) {
    return c->kind == COLUMN_TEXT || c->kind == COLUMN_SET;
}

static lane *lane_of(loose *r, u32 col) {
    if (col >= r->lanes_n) {
        r->lanes = mem_grow(r->lanes, col + 1, sizeof *r->lanes);
        memset(r->lanes + r->lanes_n, 0, (col + 1 - r->lanes_n) * sizeof *r->lanes);
        r->lanes_n = col + 1;
    }
    return &r->lanes[col];
}

static void lane_room(lane *l, bool text, u32 n) {
    if (n > l->cap) {
        l->cap = MAX(MAX(256u, n), l->cap * 2);
        if (text)
            l->codes = mem_grow(l->codes, l->cap, sizeof *l->codes);
        else
            l->nums = mem_grow(l->nums, l->cap, sizeof *l->nums);
    }
    for (; l->n < n; l->n++) /* rows that came before this column's first value */
        if (text)
            l->codes[l->n] = 0;
        else
            l->nums[l->n] = NONE;
}

static void put_text(tally *t, loose *r, u32 col, u32 row, str s) {
    if (!s.p) return;
    lane *l = lane_of(r, col);
    lane_room(l, true, row + 1);
    l->codes[row] = dict_code(&t->columns[col].dict, s);
}

static void put_num(loose *r, u32 col, u32 row, i64 v) {
    if (v == NONE) return;
    lane *l = lane_of(r, col);
    lane_room(l, false, row + 1);
    l->nums[row] = v;
}

static bool reserved(str key) {
    static const char *const taken[] = {"lang",    "quality", "sentiment", "confidence",
                                        "emotion", "intent",  "tag"};
    for (size_t i = 0; i < COUNT(taken); i++)
        if (str_eq(key, str_of(taken[i]))) return true;
    return column_is_mention(key) || noun_field(&noun_signal, key);
}

static void put_attribute(tally *t, loose *r, const attribute *at, u32 row) {
    bool text = at->text.p;
    if (text && at->text.n > LIMIT_NAME_BYTES) return; /* prose: no dimension */
    column *c = column_find(t, at->key, text ? COLUMN_TEXT : COLUMN_NUM);
    if (!c || c->fixed) {
        if (reserved(at->key)) return; /* the noun's own field is what such a name means */
        c = column_need(t, at->key, text ? COLUMN_TEXT : COLUMN_NUM, OF_SIGNAL);
    }
    if (text)
        put_text(t, r, column_number(t, c), row, at->text);
    else
        put_num(r, column_number(t, c), row, at->num);
}

static void table_room(loose *r, table_kind k, u32 n) {
    if (n <= r->cap[k]) return;
    r->cap[k] = MAX(MAX(256u, n), r->cap[k] * 2);
    if (k == OF_SIGNAL)
        r->ids = mem_grow(r->ids, r->cap[k], sizeof *r->ids);
    else
        r->owner[k] = mem_grow(r->owner[k], r->cap[k], sizeof *r->owner[k]);
}

static u32 owner_put(loose *r, table_kind k, u32 row) {
    table_room(r, k, r->n[k] + 1);
    r->owner[k][r->n[k]] = row;
    return r->n[k]++;
}

static void put_tags(tally *t, loose *r, str tags, u32 row) {
    str one, rest = tags;
    for (bool more = tags.n > 0; more;) {
        more = str_cut(rest, SET_SEPARATOR, &one, &rest);
        if (!more) one = rest;
        put_text(t, r, COL_TAG, owner_put(r, OF_TAG, row), one);
    }
}

static void put_mentions(tally *t, loose *r, const insight *i, u32 row) {
    for (size_t k = 0; k < i->mentions_n; k++) {
        const mention *m = &i->mentions[k];
        u32 at = owner_put(r, OF_MENTION, row);
        put_text(t, r, COL_ASPECT, at, m->aspect);
        if (m->polarity != NONE) put_text(t, r, COL_POLARITY, at, polarity_text(m->polarity));
        if (m->strength != NONE) put_num(r, COL_STRENGTH, at, m->strength * NUM6_ONE);
    }
}

void loose_take(tally *t, loose *r, const signal *s, const insight *i) {
    u32 row = r->n[OF_SIGNAL];
    table_room(r, OF_SIGNAL, row + 1);
    r->ids[row] = s->row.id;
    put_text(t, r, COL_SOURCE, row, s->row.source);
    put_text(t, r, COL_CHANNEL, row, s->row.channel);
    put_text(t, r, COL_TOUCHPOINT, row, s->row.touchpoint);
    put_text(t, r, COL_PRODUCT, row, s->row.product);
    put_text(t, r, COL_CUSTOMER, row, s->row.customer);
    put_text(t, r, COL_EVENT, row, s->row.event);
    put_text(t, r, COL_CURRENCY, row, s->row.currency);
    put_text(t, r, COL_LANG, row, i->row.lang);
    put_text(t, r, COL_QUALITY, row, i->row.quality);
    if (i->row.sentiment != NONE)
        put_text(t, r, COL_SENTIMENT, row, polarity_text(i->row.sentiment));
    put_text(t, r, COL_EMOTION, row, i->row.emotion);
    put_text(t, r, COL_INTENT, row, i->row.intent);
    put_num(r, COL_OCCURRED, row, s->row.occurred_at);
    put_num(r, COL_RECEIVED, row, s->row.received_at);
    put_num(r, COL_AMOUNT, row, s->row.amount);
    if (i->row.confidence != NONE) put_num(r, COL_CONFIDENCE, row, i->row.confidence * NUM6_ONE);
    for (size_t k = 0; k < s->attrs_n; k++) put_attribute(t, r, &s->attrs[k], row);
    put_tags(t, r, i->row.tags, row);
    put_mentions(t, r, i, row);
    r->n[OF_SIGNAL]++;
}

void tally_take(tally *t, const signal *s, const insight *i) {
    check(s->row.id > t->last_id);
    loose_take(t, &t->tail, s, i);
    t->last_id = s->row.id;
}

static void lane_copy(lane *to, const lane *from, bool text, u32 at, u32 row) {
    if (row >= from->n || (text ? from->codes[row] == 0 : from->nums[row] == NONE)) return;
    lane_room(to, text, at + 1);
    if (text)
        to->codes[at] = from->codes[row];
    else
        to->nums[at] = from->nums[row];
}

static void copy_lanes(const tally *t, loose *to, const loose *from, table_kind k, u32 at,
                       u32 row) {
    for (u32 c = 0; c < from->lanes_n; c++)
        if (t->columns[c].table == k)
            lane_copy(lane_of(to, c), &from->lanes[c], is_text(&t->columns[c]), at, row);
}

/* The first of the table's rows that belongs to signal `row` or to a later one. */
static u32 owned_from(const loose *r, table_kind k, u32 row) {
    u32 lo = 0, hi = r->n[k];
    while (lo < hi) {
        u32 mid = lo + (hi - lo) / 2;
        if (r->owner[k][mid] < row)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

void loose_copy(const tally *t, loose *to, const loose *from, u32 row) {
    u32 mine = to->n[OF_SIGNAL];
    table_room(to, OF_SIGNAL, mine + 1);
    to->ids[mine] = from->ids[row];
    copy_lanes(t, to, from, OF_SIGNAL, mine, row);
    for (u32 k = OF_MENTION; k < TABLES; k++)
        for (u32 i = owned_from(from, (table_kind)k, row);
             i < from->n[k] && from->owner[k][i] == row; i++)
            copy_lanes(t, to, from, (table_kind)k, owner_put(to, (table_kind)k, mine), i);
    to->n[OF_SIGNAL]++;
}

void loose_reset(loose *r) {
    for (u32 k = 0; k < TABLES; k++) r->n[k] = 0;
    for (u32 c = 0; c < r->lanes_n; c++) r->lanes[c].n = 0;
}

void loose_free(loose *r) {
    for (u32 c = 0; c < r->lanes_n; c++) {
        free(r->lanes[c].codes);
        free(r->lanes[c].nums);
    }
    for (u32 k = 0; k < TABLES; k++) free(r->owner[k]);
    free(r->ids);
    free(r->lanes);
    *r = (loose){0};
}

/* ---- a segment's rows back into plain arrays, before those that are there ---- */

static void lane_shift(lane *l, bool text, u32 by, u32 all) {
    if (!l->n) return;
    u32 n = l->n;
    lane_room(l, text, by + all);
    if (text)
        memmove(l->codes + by, l->codes, n * sizeof *l->codes);
    else
        memmove(l->nums + by, l->nums, n * sizeof *l->nums);
    l->n = by + n;
}

static void lane_fill(lane *l, bool text, const segment *g, const part *p, const part *ms, u32 n) {
    lane_room(l, text, MAX(n, l->n));
    for (u32 i = 0; i < n; i++) {
        i64 v = p && !text ? part_value(g, p, i) : NONE;
        if (text)
            l->codes[i] = p ? (u32)part_code(g, p, i) : 0;
        else
            l->nums[i] = v == NONE || !ms ? v : v * DAY_MS + part_value(g, ms, i);
    }
}

static void owners_unseal(loose *r, const segment *g, table_kind k) {
    u32 n = g->head->rows[k], had = r->n[k], signals = g->head->rows[OF_SIGNAL];
    const part *p = segment_part(g, k == OF_TAG ? PART_ROW : PART_COUNT, k);
    table_room(r, k, n + had);
    for (u32 i = had; i-- > 0;) r->owner[k][i + n] = r->owner[k][i] + signals;
    if (k == OF_TAG)
        for (u32 i = 0; i < n; i++) r->owner[k][i] = (u32)part_value(g, p, i);
    else
        for (u32 row = 0, i = 0; i < n; row++)
            for (u64 left = part_code(g, p, row); left > 0; left--) r->owner[k][i++] = row;
    r->n[k] = n + had;
}

bool loose_unseal(const tally *t, loose *r, segment *g, err *e) {
    for (u32 i = 0; i < g->head->parts_n; i++)
        if (!segment_verify(g, &g->parts[i], e)) return false;
    u32 n = g->head->rows[OF_SIGNAL], had = r->n[OF_SIGNAL];
    for (u32 k = 0; k < t->columns_n; k++) {
        const column *c = &t->columns[k];
        bool time = c->kind == COLUMN_TIME, num = c->kind == COLUMN_NUM, text = is_text(c);
        const part *p = segment_part(g, time ? PART_DAY : num ? PART_NUM : PART_CODE, k);
        if (!p && (k >= r->lanes_n || !r->lanes[k].n)) continue;
        lane *l = lane_of(r, k);
        lane_shift(l, text, g->head->rows[c->table], r->n[c->table]);
        lane_fill(l, text, g, p, time ? segment_part(g, PART_MS, k) : NULL,
                  g->head->rows[c->table]);
    }
    table_room(r, OF_SIGNAL, n + had);
    memmove(r->ids + n, r->ids, had * sizeof *r->ids);
    const part *ids = segment_part(g, PART_ID, OF_SIGNAL);
    for (u32 i = 0; i < n; i++) r->ids[i] = part_value(g, ids, i);
    owners_unseal(r, g, OF_MENTION);
    owners_unseal(r, g, OF_TAG);
    r->n[OF_SIGNAL] = n + had;
    return true;
}

/* ---- the tail's images ----
** Encoding the whole tail for each question would cost more than the question.  So each batch gets an
** image of its own, and PIECES of about one size become one, as in a log-structured merge: a row is
** encoded log8(tail / batch) times, and a question sees few small images. */
enum { PIECES = 8 };

static u32 piece_level(u32 n) {
    u32 level = 0;
    for (; n >= PIECES; n /= PIECES) level++;
    return level;
}

/* The last pieces that are to become one with a new one of n rows. */
static u32 pieces_joined(const tally *t, u32 n) {
    u32 joined = 0;
    for (;;) {
        u32 same = 0, sum = n, level = piece_level(n), left = t->pieces_n - joined;
        while (same < left) {
            u32 one = t->pieces[left - 1 - same].head->rows[OF_SIGNAL];
            if (piece_level(one) > level) break;
            sum += one;
            same++;
        }
        if (same + 1 < PIECES) return joined;
        joined += same;
        n = sum;
    }
}

segment segment_make(const tally *t, const loose *r, u32 from, u32 to) {
    err e;
    size_t n;
    segment g;
    const u8 *image = segment_encode(t, r, from, to, &n);
    check(segment_adopt(&g, image, n, t->from.id, &e));
    memset(g.checked, 1, g.head->parts_n);
    return g;
}

void pieces_grow(tally *t) {
    u32 to = t->tail.n[OF_SIGNAL], from = 0;
    for (u32 i = 0; i < t->pieces_n; i++) from += t->pieces[i].head->rows[OF_SIGNAL];
    if (from == to) return;
    for (u32 joined = pieces_joined(t, to - from); joined > 0; joined--) {
        segment *last = &t->pieces[--t->pieces_n];
        from -= last->head->rows[OF_SIGNAL];
        segment_bury(t, last);
    }
    if (t->pieces_n == t->pieces_cap) {
        t->pieces_cap = MAX(16u, t->pieces_cap * 2);
        t->pieces = mem_grow(t->pieces, t->pieces_cap, sizeof *t->pieces);
    }
    t->pieces[t->pieces_n++] = segment_make(t, &t->tail, from, to);
}

void pieces_clear(tally *t) {
    for (u32 i = 0; i < t->pieces_n; i++) segment_bury(t, &t->pieces[i]);
    t->pieces_n = 0;
}
