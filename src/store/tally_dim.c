/* tally_dim.c - one column of a group-by: codes, numbers and calendar units as small numbers. */
#include "store/tally_dim.h"

enum { TABLE_MAX = 1 << 16 }; /* most numbers or days that get a table of their own */

bool dim_init(dim *d, const tally *t, const tally_by *by, i32 zone_min, err *e) {
    str name = by->column;
    check(zone_min > -24 * 60 && zone_min < 24 * 60);
    *d = (dim){.by = by, .zone_ms = zone_min * MINUTE_MS};
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

static u64 mix(i64 v) {
    u64 h = (u64)v * 0x9e3779b97f4a7c15u;
    return h ^ h >> 29;
}

static void numbers_grow(dim *d) {
    i64 *old = d->values;
    d->values_cap = MAX(64u, d->values_cap * 2);
    d->values = NEW_N(d->a, i64, d->values_cap);
    if (d->values_n) memcpy(d->values, old, d->values_n * sizeof *old);
    d->slots_n = d->values_cap * 2;
    d->slots = NEW_N(d->a, u32, d->slots_n);
    for (u32 k = 0; k < d->values_n; k++) {
        u64 at = mix(d->values[k]);
        while (d->slots[at & (d->slots_n - 1)]) at++;
        d->slots[at & (d->slots_n - 1)] = k + 1;
    }
}

/* The number of a value, given in order of appearance. */
static u32 number_of(dim *d, i64 v) {
    if (d->values_n == d->values_cap) numbers_grow(d);
    u64 at = mix(v);
    for (;; at++) {
        u32 k = d->slots[at & (d->slots_n - 1)];
        if (!k) break;
        if (d->values[k - 1] == v) return k - 1;
    }
    d->values[d->values_n++] = v;
    d->slots[at & (d->slots_n - 1)] = d->values_n;
    return d->values_n - 1;
}

static i64 unit_start(by_unit unit, i64 day) {
    switch (unit) {
    case BY_VALUE:
    case BY_DAY:
        return day;
    case BY_WEEK:
        return day_week(day);
    case BY_MONTH:
        return day_month(day);
    case BY_QUARTER:
        return day_quarter(day);
    case BY_YEAR:
        return day_year(day);
    }
    return day;
}

static void open_days(dim *d, arena *a) {
    const part *p = d->days;
    u64 span = p->max * (u64)(p->width ? p->scale : 0);
    d->wide = span > TABLE_MAX;
    if (d->wide) return;
    if (span + 300 > d->unit_cap) {
        d->unit_cap = span + 300;
        d->unit_of = NEW_N(a, u32, d->unit_cap);
    }
    for (u64 i = 0; i < span + 3; i++) /* a zone can push a moment one day either way */
        d->unit_of[i] = 1 + number_of(d, unit_start(d->by->unit, p->base + (i64)i - 1));
    if (p->width == 1 && p->scale == 1 && !d->zone_ms)
        d->unit_of[p->missing + 1] = 0; /* looked up without asking first */
    d->card = 1 + d->values_n;
}

bool dim_open(dim *d, const tally *t, segment *g, arena *a, i64 *bytes, err *e) {
    const column *texts = d->text ? d->text : d->set;
    d->a = a;
    d->codes = d->nums = d->days = d->clocks = NULL;
    d->text_low = d->text_n = 0;
    d->card = 1;
    d->wide = false;
    if (texts) {
        if (!part_touch(g, PART_CODE, column_number(t, texts), bytes, e)) return false;
        d->codes = segment_part(g, PART_CODE, column_number(t, texts));
    }
    if (d->codes) {
        d->text_low = (u32)d->codes->min;
        d->text_n = (u32)(d->codes->max - d->codes->min + 1);
        d->card += d->text_n;
    }
    if (d->num) {
        if (!part_touch(g, PART_NUM, column_number(t, d->num), bytes, e)) return false;
        d->nums = segment_part(g, PART_NUM, column_number(t, d->num));
    }
    if (d->nums) {
        d->wide = d->nums->max >= TABLE_MAX;
        if (!d->wide) d->card += (u32)d->nums->max + 1;
    }
    if (d->time) {
        u32 k = column_number(t, d->time);
        if (!part_touch(g, PART_DAY, k, bytes, e)) return false;
        if (d->zone_ms && !part_touch(g, PART_MS, k, bytes, e)) return false;
        d->days = segment_part(g, PART_DAY, k);
        d->clocks = d->zone_ms ? segment_part(g, PART_MS, k) : NULL;
        if (d->days) open_days(d, a);
    }
    if (d->wide) d->card = UINT32_MAX;
    return true;
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
            if (v != NONE) out[i] = before + number_of(d, v);
        }
        return;
    }
    u32 code[ITEMS_MAX], missing = d->nums->width ? (u32)d->nums->missing : UINT32_MAX;
    part_codes(g, d->nums, from, n, code);
    for (u32 i = 0; i < n; i++) out[i] = code[i] == missing ? out[i] : before + code[i];
}

static i64 day_shift(const dim *d, const segment *g, u32 row) {
    return d->clocks ? day_of_ms(part_value(g, d->clocks, row) + d->zone_ms) : 0;
}

static void codes_days(dim *d, const segment *g, u32 from, u32 n, u32 *restrict out) {
    const part *p = d->days;
    if (d->wide || d->zone_ms || p->scale != 1) {
        for (u32 i = 0; i < n; i++) {
            i64 day = part_value(g, p, from + i);
            if (day == NONE) continue;
            day += day_shift(d, g, from + i);
            out[i] = d->wide ? 1 + number_of(d, unit_start(d->by->unit, day))
                             : d->unit_of[day - p->base + 1];
        }
        return;
    }
    const u32 *restrict unit_of = d->unit_of + 1;
    if (p->width == 1) {
        const u8 *restrict at = g->base + p->offset + from;
        for (u32 i = 0; i < n; i++) out[i] = unit_of[at[i]];
        return;
    }
    u32 missing = (u32)p->missing;
    part_codes(g, p, from, n, out);
    for (u32 i = 0; i < n; i++) out[i] = out[i] == missing ? 0 : unit_of[out[i]];
}

static void table_codes(dim *d, const segment *g, u32 from, u32 n, u32 *out) {
    memset(out, 0, n * sizeof *out);
    if (d->codes) codes_texts(d, g, from, n, out);
    if (d->nums) codes_nums(d, g, from, n, out);
    if (d->days) codes_days(d, g, from, n, out);
}

void dim_codes(dim *d, const block *b, u32 *out) {
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
        table_codes(d, b->g, b->from, b->n, found);
        for (u32 i = 0; i < b->items; i++) out[i] = found[b->item_row[i]];
    }
}

u32 dim_code(const dim *d, const segment *g, u32 row) {
    return d->codes ? text_code(d, (u32)part_code(g, d->codes, row)) : 0;
}

cell_key dim_key(const dim *d, u32 local) {
    if (local == 0) return (cell_key){0, VALUE_MISSING};
    if (local <= d->text_n) return (cell_key){d->text_low + local - 1, VALUE_TEXT};
    u32 k = local - d->text_n - 1;
    check(d->days || d->wide ? k < d->values_n : d->nums && k <= d->nums->max);
    if (d->days) return (cell_key){d->values[k], VALUE_TIME};
    if (d->wide) return (cell_key){d->values[k], VALUE_NUM};
    return (cell_key){(i64)((u64)d->nums->base + k * (u64)d->nums->scale), VALUE_NUM};
}
