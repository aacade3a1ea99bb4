/* tally_tail.c - the columns and the live tail: signals since the last segment, in plain arrays. */
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

static void names_grow(tally *t) {
    t->names_n = MAX(64u, t->names_n * 2);
    free(t->names);
    t->names = mem_new(t->names_n, sizeof *t->names);
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
    *c = (column){.kind = kind, .table = table};
    c->name = mem_new(name.n + 1, 1);
    memcpy(c->name, name.p, name.n);
    c->name_n = name.n;
    if (t->columns_n * 2 > t->names_n)
        names_grow(t);
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

static void column_room(column *c, u32 rows) {
    bool text = c->kind == COLUMN_TEXT || c->kind == COLUMN_SET;
    if (rows > c->cap) {
        c->cap = MAX(MAX(256u, rows), c->cap * 2);
        if (text)
            c->codes = mem_grow(c->codes, c->cap, sizeof *c->codes);
        else
            c->nums = mem_grow(c->nums, c->cap, sizeof *c->nums);
    }
    for (; c->n < rows; c->n++) /* rows that came before this column's first value */
        if (text)
            c->codes[c->n] = 0;
        else
            c->nums[c->n] = NONE;
}

static void put_text(tally *t, u32 col, u32 row, str s) {
    if (!s.p) return;
    column *c = &t->columns[col];
    column_room(c, row + 1);
    c->codes[row] = dict_code(&c->dict, s);
}

static void put_num(tally *t, u32 col, u32 row, i64 v) {
    if (v == NONE) return;
    column *c = &t->columns[col];
    column_room(c, row + 1);
    c->nums[row] = v;
}

static bool reserved(str key) {
    static const char *const taken[] = {"lang",    "quality", "sentiment", "confidence",
                                        "emotion", "intent",  "tag"};
    for (size_t i = 0; i < COUNT(taken); i++)
        if (str_eq(key, str_of(taken[i]))) return true;
    return column_is_mention(key) || noun_field(&noun_signal, key);
}

static void put_attribute(tally *t, const attribute *at, u32 row) {
    bool text = at->text.p;
    if (text && at->text.n > LIMIT_NAME_BYTES) return; /* prose: no dimension */
    column *c = column_find(t, at->key, text ? COLUMN_TEXT : COLUMN_NUM);
    if (!c || c->fixed) {
        if (reserved(at->key)) return; /* the noun's own field is what such a name means */
        c = column_need(t, at->key, text ? COLUMN_TEXT : COLUMN_NUM, OF_SIGNAL);
    }
    if (text)
        put_text(t, column_number(t, c), row, at->text);
    else
        put_num(t, column_number(t, c), row, at->num);
}

static u32 owner_put(tally *t, table_kind k, u32 row) {
    u32 n = t->tail_rows[k]++;
    if (n == t->tail_cap[k]) {
        t->tail_cap[k] = MAX(256u, n * 2);
        t->tail_owner[k] = mem_grow(t->tail_owner[k], t->tail_cap[k], sizeof *t->tail_owner[k]);
    }
    t->tail_owner[k][n] = row;
    return n;
}

static void put_tags(tally *t, str tags, u32 row) {
    str one, rest = tags;
    for (bool more = tags.n > 0; more;) {
        more = str_cut(rest, SET_SEPARATOR, &one, &rest);
        if (!more) one = rest;
        put_text(t, COL_TAG, owner_put(t, OF_TAG, row), one);
    }
}

static void put_mentions(tally *t, const insight *i, u32 row) {
    for (size_t k = 0; k < i->mentions_n; k++) {
        const mention *m = &i->mentions[k];
        u32 at = owner_put(t, OF_MENTION, row);
        put_text(t, COL_ASPECT, at, m->aspect);
        if (m->polarity != NONE) put_text(t, COL_POLARITY, at, polarity_text(m->polarity));
        if (m->strength != NONE) put_num(t, COL_STRENGTH, at, m->strength * NUM6_ONE);
    }
}

void tally_take(tally *t, const signal *s, const insight *i) {
    check(s->row.id > t->last_id);
    u32 row = t->tail_rows[OF_SIGNAL];
    if (row == t->tail_cap[OF_SIGNAL]) {
        t->tail_cap[OF_SIGNAL] = MAX(256u, row * 2);
        t->tail_ids = mem_grow(t->tail_ids, t->tail_cap[OF_SIGNAL], sizeof *t->tail_ids);
    }
    t->tail_ids[row] = s->row.id;
    put_text(t, COL_SOURCE, row, s->row.source);
    put_text(t, COL_CHANNEL, row, s->row.channel);
    put_text(t, COL_TOUCHPOINT, row, s->row.touchpoint);
    put_text(t, COL_PRODUCT, row, s->row.product);
    put_text(t, COL_CUSTOMER, row, s->row.customer);
    put_text(t, COL_EVENT, row, s->row.event);
    put_text(t, COL_CURRENCY, row, s->row.currency);
    put_text(t, COL_LANG, row, i->row.lang);
    put_text(t, COL_QUALITY, row, i->row.quality);
    if (i->row.sentiment != NONE) put_text(t, COL_SENTIMENT, row, polarity_text(i->row.sentiment));
    put_text(t, COL_EMOTION, row, i->row.emotion);
    put_text(t, COL_INTENT, row, i->row.intent);
    put_num(t, COL_OCCURRED, row, s->row.occurred_at);
    put_num(t, COL_RECEIVED, row, s->row.received_at);
    put_num(t, COL_AMOUNT, row, s->row.amount);
    if (i->row.confidence != NONE) put_num(t, COL_CONFIDENCE, row, i->row.confidence * NUM6_ONE);
    for (size_t k = 0; k < s->attrs_n; k++) put_attribute(t, &s->attrs[k], row);
    put_tags(t, i->row.tags, row);
    put_mentions(t, i, row);
    t->tail_rows[OF_SIGNAL]++;
    t->last_id = s->row.id;
    segment_drop(&t->tail);
}

void tail_clear(tally *t) {
    for (u32 k = 0; k < TABLES; k++) t->tail_rows[k] = 0;
    for (u32 c = 0; c < t->columns_n; c++) t->columns[c].n = 0;
    segment_drop(&t->tail);
}

/* ---- a segment's rows back into the tail, before those that are there ---- */

static void shift(column *c, u32 by, u32 tail_rows) {
    if (!c->n) return;
    u32 n = c->n;
    column_room(c, by + tail_rows);
    size_t size = c->codes ? sizeof *c->codes : sizeof *c->nums;
    char *p = c->codes ? (char *)c->codes : (char *)c->nums;
    memmove(p + by * size, p, n * size);
    c->n = by + n;
}

static void refill(column *c, const segment *g, const part *p, const part *ms, u32 rows) {
    u32 keep = c->n;
    column_room(c, MAX(rows, keep));
    for (u32 i = 0; i < rows; i++) {
        i64 v = p ? part_value(g, p, i) : NONE;
        if (c->kind == COLUMN_TEXT || c->kind == COLUMN_SET)
            c->codes[i] = p ? (u32)part_code(g, p, i) : 0;
        else
            c->nums[i] = v == NONE || !ms ? v : v * DAY_MS + part_value(g, ms, i);
    }
}

static void owners_shift(tally *t, const segment *g, table_kind k) {
    u32 n = g->head->rows[k], had = t->tail_rows[k], rows = g->head->rows[OF_SIGNAL];
    const part *p = segment_part(g, PART_ROW, k);
    if (n + had > t->tail_cap[k]) {
        t->tail_cap[k] = n + had;
        t->tail_owner[k] = mem_grow(t->tail_owner[k], t->tail_cap[k], sizeof *t->tail_owner[k]);
    }
    for (u32 i = had; i-- > 0;) t->tail_owner[k][i + n] = t->tail_owner[k][i] + rows;
    for (u32 i = 0; i < n; i++) t->tail_owner[k][i] = (u32)part_value(g, p, i);
    t->tail_rows[k] = n + had;
}

bool tail_unseal(tally *t, segment *g, err *e) {
    for (u32 i = 0; i < g->head->parts_n; i++)
        if (!segment_verify(g, &g->parts[i], e)) return false;
    u32 rows = g->head->rows[OF_SIGNAL], had = t->tail_rows[OF_SIGNAL];
    for (u32 k = 0; k < t->columns_n; k++) {
        column *c = &t->columns[k];
        u32 n = g->head->rows[c->table];
        bool time = c->kind == COLUMN_TIME, num = c->kind == COLUMN_NUM;
        const part *p = segment_part(g, time ? PART_DAY : num ? PART_NUM : PART_CODE, k);
        if (!p && !c->n) continue;
        shift(c, n, t->tail_rows[c->table]);
        refill(c, g, p, time ? segment_part(g, PART_MS, k) : NULL, n);
    }
    if (rows + had > t->tail_cap[OF_SIGNAL]) {
        t->tail_cap[OF_SIGNAL] = rows + had;
        t->tail_ids = mem_grow(t->tail_ids, t->tail_cap[OF_SIGNAL], sizeof *t->tail_ids);
    }
    memmove(t->tail_ids + rows, t->tail_ids, had * sizeof *t->tail_ids);
    const part *ids = segment_part(g, PART_ID, OF_SIGNAL);
    for (u32 i = 0; i < rows; i++) t->tail_ids[i] = part_value(g, ids, i);
    owners_shift(t, g, OF_MENTION);
    owners_shift(t, g, OF_TAG);
    t->tail_rows[OF_SIGNAL] = rows + had;
    segment_drop(&t->tail);
    return true;
}

bool tail_image(tally *t, err *e) {
    if (t->tail.head || !t->tail_rows[OF_SIGNAL]) return true;
    size_t n;
    u8 *image = segment_encode(t, &n);
    if (segment_adopt(&t->tail, image, n, t->from.id, e)) return true;
    free(image);
    return false;
}
