/* tally_dim.c - one column of a group-by: codes, numbers and calendar units as small numbers. */
#include "base/zone.h"
#include "store/tally_dim.h"

enum { TABLE_MAX = 1 << 16 }; /* most numbers or days that get a table of their own */

bool dim_init(dim *d, const tally *t, const tally_by *by, const tally_question *q, err *e) {
    str name = by->column;
    check(q->zone_min > -24 * 60 && q->zone_min < 24 * 60);
    *d = (dim){.by = by, .zone = q->zone, .zone_ms = q->zone ? 0 : q->zone_min * MINUTE_MS};
    if (str_eq(name, S("words"))) return fail(e, INVALID, "words cannot be grouped by");
    if (!plan_known(t, name, e)) return false;
    d->text = column_find(t, name, COLUMN_TEXT);
    d->num = column_find(t, name, COLUMN_NUM);
    d->time = column_find(t, name, COLUMN_TIME);
    d->set = column_find(t, name, COLUMN_SET);
    d->of_mention = column_is_mention(name);
    if (by->unit == BY_VALUE && d->time)
        return fail(e, INVALID, "group by day(%.*s), week(), month(), quarter() or year()",
                    STR_ARG(name));
    if (by->unit != BY_VALUE && !d->time && (d->text || d->num || d->set))
        return fail(e, INVALID,
                    "«%.*s» is no time; days and weeks are those of occurred_at or received_at",
                    STR_ARG(name));
    return true;
}

static i64 offset_at(const dim *d, i64 ms, i64 *until) {
    if (d->zone) return zone_offset(d->zone, ms, until);
    *until = INT64_MAX;
    return d->zone_ms;
}

static void open_days(dim *d, arena *a) {
    const part *p = d->days;
    u64 last = p->max * (u64)p->scale;
    d->wide = last > TABLE_MAX;
    if (d->wide) return;
    if (last + 300 > d->unit_cap) {
        d->unit_cap = last + 300;
        d->unit_of = NEW_N(a, u32, d->unit_cap);
    }
    for (u64 i = 0; i < last + 5; i++) /* a zone can push a moment a day or two either way */
        d->unit_of[i] = 1 + key_number(&d->values, unit_start(d->by->unit, p->base + (i64)i - 2));
    d->card = 1 + d->values.n;
}

/* The first day of the unit behind the one that begins on `day`. */
static i64 unit_end(by_unit unit, i64 day) {
    switch (unit) {
    case BY_VALUE:
    case BY_DAY:
        return day + 1;
    case BY_WEEK:
        return day + 7;
    case BY_MONTH:
        return unit_start(unit, day + 31);
    case BY_QUARTER:
        return unit_start(unit, day + 95);
    case BY_YEAR:
        return unit_start(unit, day + 370);
    }
    return day + 1;
}

static void span_put(dim *d, u32 row, u32 code) {
    if (d->spans_n && d->spans[d->spans_n - 1].code == code) return;
    if (d->spans_n == d->spans_cap) {
        span *old = d->spans;
        d->spans_cap = MAX(64u, d->spans_cap * 2);
        d->spans = NEW_N(d->a, span, d->spans_cap);
        if (d->spans_n) memcpy(d->spans, old, d->spans_n * sizeof *old);
    }
    d->spans[d->spans_n++] = (span){row, code};
}

/* Rows that stand in the order of their moments: each unit is a run of them, whose end is looked up. */
static void open_spans(dim *d, const segment *g) {
    const part *p = d->days;
    u32 rows = g->head->rows[OF_SIGNAL], row = 0;
    if (run_code(g, p, 0) == UINT32_MAX) {
        span_put(d, 0, 0);
        row = run_row(g, p, 1);
    }
    while (row < rows) {
        i64 until, ms = part_value(g, p, row) * DAY_MS;
        if (d->clocks) ms += part_value(g, d->clocks, row);
        i64 offset = offset_at(d, ms, &until),
            unit = unit_start(d->by->unit, day_of_ms(ms + offset));
        span_put(d, row, 1 + key_number(&d->values, unit));
        u32 next = rows_since(g, MIN(until, unit_end(d->by->unit, unit) * DAY_MS - offset));
        check(next > row);
        row = next;
    }
    d->way = DIM_SPANS;
    d->card = 1 + d->values.n;
    d->skip = d->spans[0].code > 0;
}

static bool open_time(dim *d, const tally *t, segment *g, arena *a, i64 *bytes, err *e) {
    u32 k = column_number(t, d->time);
    bool clock = d->zone_ms || d->zone;
    if (!part_touch(g, PART_DAY, k, bytes, e)) return false;
    if (clock && !part_touch(g, PART_MS, k, bytes, e)) return false;
    d->days = segment_part(g, PART_DAY, k);
    d->clocks = clock ? segment_part(g, PART_MS, k) : NULL;
    if (!d->days) return true;
    d->way = DIM_SLOW;
    if (d->days->runs)
        open_spans(d, g);
    else
        open_days(d, a);
    return true;
}

/* Texts are numbered as they are where little is lost by it. */
static void open_texts(dim *d) {
    u32 least = (u32)d->codes->min, most = (u32)d->codes->max;
    bool lens_fits = d->codes->width == 1 || d->codes->width == 2;
    d->text_low = least;
    d->text_n = most - least + 1;
    d->card += d->text_n;
    d->way = lens_fits && !d->num ? DIM_LOOK : DIM_SLOW;
    if (!d->codes->width && !d->num) {
        span_put(d, 0, 1); /* one text in all rows */
        d->way = DIM_SPANS;
    }
    d->skip =
        d->codes->present == d->codes->rows && !d->of_mention && !d->set && d->way != DIM_SLOW;
    d->look = (lens){.low = least - 1 + d->skip, .top = UINT32_MAX};
}

static void open_nums(dim *d) {
    d->wide = d->nums->max >= TABLE_MAX;
    d->way =
        (d->nums->width == 1 || d->nums->width == 2) && !d->codes && !d->wide ? DIM_LOOK : DIM_SLOW;
    if (!d->nums->width && !d->codes) {
        span_put(d, 0, 1);
        d->way = DIM_SPANS;
    }
    d->skip = d->nums->present == d->nums->rows && !d->of_mention && d->way != DIM_SLOW;
    d->look = (lens){.add = !d->skip, .top = UINT32_MAX}; /* missing, the greatest, becomes 0 */
    if (!d->wide) d->card += (u32)d->nums->max + 1;
}

bool dim_open(dim *d, const tally *t, segment *g, arena *a, i64 *bytes, err *e) {
    const column *texts = d->text ? d->text : d->set;
    d->a = d->values.a = a;
    d->codes = d->nums = d->days = d->clocks = NULL;
    d->text_low = d->text_n = d->spans_n = d->skip = 0;
    d->card = 1;
    keys_forget(&d->values);
    d->way = DIM_NOTHING;
    d->wide = false;
    if (texts) {
        if (!part_touch(g, PART_CODE, column_number(t, texts), bytes, e)) return false;
        d->codes = segment_part(g, PART_CODE, column_number(t, texts));
    }
    if (d->codes) open_texts(d);
    if (d->num) {
        if (!part_touch(g, PART_NUM, column_number(t, d->num), bytes, e)) return false;
        d->nums = segment_part(g, PART_NUM, column_number(t, d->num));
    }
    if (d->nums) open_nums(d);
    if (d->time && !open_time(d, t, g, a, bytes, e)) return false;
    if (d->set) d->way = DIM_SLOW;
    d->card = d->wide ? UINT32_MAX : d->card - d->skip;
    return true;
}

static u32 span_of(const dim *d, u32 row) {
    u32 lo = 0, hi = d->spans_n;
    while (hi - lo > 1) {
        u32 mid = lo + (hi - lo) / 2;
        if (d->spans[mid].row <= row)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

void dim_add(const dim *d, const segment *g, u32 from, const u16 *restrict row, u32 n, u32 mul,
             u16 *restrict cell) {
    check(d->way != DIM_SLOW);
    if (d->way == DIM_NOTHING) return;
    if (d->way == DIM_SPANS) {
        for (u32 i = 0; i < n; i++)
            cell[i] = (u16)(cell[i] + (d->spans[span_of(d, from + row[i])].code - d->skip) * mul);
        return;
    }
    const part *p = d->codes ? d->codes : d->nums;
    const u8 *at = g->base + p->offset + (size_t)from * p->width;
    const u16 *two = (const void *)at;
    u32 mask = p->width == 1 ? UINT8_MAX : UINT16_MAX;
    lens l = d->look;
    for (u32 i = 0; i < n; i++) {
        u32 code = p->width == 1 ? at[row[i]] : two[row[i]];
        code = MIN((MAX(code, l.low) - l.low + l.add) & mask, l.top);
        cell[i] = (u16)(cell[i] + code * mul);
    }
}

static void span_keys(const dim *d, u32 from, u32 n, u32 mul, u16 *restrict key, bool first) {
    u32 lo = span_of(d, from);
    for (u32 i = 0; i < n; lo++) {
        u32 end = lo + 1 < d->spans_n ? MIN(d->spans[lo + 1].row - from, n) : n;
        u16 k = (u16)((d->spans[lo].code - d->skip) * mul);
        if (first)
            for (; i < end; i++) key[i] = k;
        else
            for (; i < end; i++) key[i] = (u16)(key[i] + k);
    }
}

void dim_keys(const dim *d, const vec *v, const segment *g, u32 from, u32 n, u32 mul, u16 *key,
              bool first) {
    check(d->way != DIM_SLOW && n <= ITEMS_MAX);
    if (d->way == DIM_NOTHING) {
        if (first) memset(key, 0, n * sizeof *key);
    } else if (d->way == DIM_SPANS) {
        span_keys(d, from, n, mul, key, first);
    } else {
        const part *p = d->codes ? d->codes : d->nums;
        const u8 *at = g->base + p->offset + (size_t)from * p->width;
        if (p->width == 1)
            v->key8(key, at, n, d->look, mul, first);
        else
            v->key16(key, (const void *)at, n, d->look, mul, first);
    }
}

static u32 text_code(const dim *d, u32 code) {
    return code ? code - d->text_low + 1 : 0;
}

static void codes_texts(const dim *d, const segment *g, u32 from, u32 n, u32 *restrict out) {
    u32 low = d->text_low - 1;
    part_codes(g, d->codes, from, n, out);
    for (u32 i = 0; i < n; i++) out[i] = out[i] ? out[i] - low : 0;
}

static void codes_nums(dim *d, const segment *g, u32 from, u32 n, u32 *restrict out) {
    u32 before = 1 + d->text_n;
    if (d->wide) {
        for (u32 i = 0; i < n; i++) {
            i64 v = part_value(g, d->nums, from + i);
            if (v != NONE) out[i] = before + key_number(&d->values, v);
        }
        return;
    }
    u32 code[ITEMS_MAX], missing = d->nums->width ? (u32)d->nums->missing : UINT32_MAX;
    part_codes(g, d->nums, from, n, code);
    for (u32 i = 0; i < n; i++) out[i] = code[i] == missing ? out[i] : before + code[i];
}

static i64 day_shift(const dim *d, const segment *g, i64 day, u32 row) {
    if (!d->clocks) return 0;
    i64 clock = part_value(g, d->clocks, row), until;
    return day_of_ms(clock + offset_at(d, day * DAY_MS + clock, &until));
}

static void codes_days(dim *d, const segment *g, u32 from, u32 n, u32 *restrict out) {
    const part *p = d->days;
    for (u32 i = 0; i < n; i++) {
        i64 day = part_value(g, p, from + i);
        if (day == NONE) continue;
        day += day_shift(d, g, day, from + i);
        out[i] = d->wide ? 1 + key_number(&d->values, unit_start(d->by->unit, day))
                         : d->unit_of[day - p->base + 2];
    }
}

static void codes_spans(const dim *d, u32 from, u32 n, u32 *restrict out) {
    u32 k = 0;
    for (u32 i = 0; i < n; i++) {
        while (k + 1 < d->spans_n && d->spans[k + 1].row <= from + i) k++;
        out[i] = d->spans[k].code;
    }
}

static void table_codes(dim *d, const segment *g, u32 from, u32 n, u32 *out) {
    memset(out, 0, n * sizeof *out);
    if (d->codes) codes_texts(d, g, from, n, out);
    if (d->nums) codes_nums(d, g, from, n, out);
    if (d->days && d->way == DIM_SPANS)
        codes_spans(d, from, n, out);
    else if (d->days)
        codes_days(d, g, from, n, out);
    for (u32 i = 0; d->skip && i < n; i++) out[i]--;
}

void dim_codes(dim *d, block *b, u32 *out) {
    u32 found[ITEMS_MAX];
    if (d->set) return;
    if (!b->exploded) {
        if (d->of_mention)
            memset(out, 0, b->items * sizeof *out);
        else
            table_codes(d, b->g, b->from, b->n, out);
        return;
    }
    if (d->of_mention) {
        table_codes(d, b->g, b->m_from, b->m_n, out);
        memset(out + b->m_n, 0, (b->items - b->m_n) * sizeof *out);
    } else {
        const u16 *row = block_rows(b);
        table_codes(d, b->g, b->from, b->n, found);
        for (u32 i = 0; i < b->items; i++) out[i] = found[row[i]];
    }
}

u32 dim_code(const dim *d, const segment *g, u32 row) {
    return d->codes ? text_code(d, (u32)part_code(g, d->codes, row)) : 0;
}

cell_key dim_key(const dim *d, u32 local) {
    local += d->skip;
    if (local == 0) return (cell_key){0, VALUE_MISSING};
    if (local <= d->text_n) return (cell_key){d->text_low + local - 1, VALUE_TEXT};
    u32 k = local - d->text_n - 1;
    check(d->days || d->wide ? k < d->values.n : d->nums && k <= d->nums->max);
    if (d->days) return (cell_key){d->values.keys[k], VALUE_TIME};
    if (d->wide) return (cell_key){d->values.keys[k], VALUE_NUM};
    return (cell_key){(i64)((u64)d->nums->base + k * (u64)d->nums->scale), VALUE_NUM};
}
