/* walk_funnel.c - ordered steps within a window, each entry event an attempt. */
#include "store/walk_int.h"

typedef struct {
    i64 n[LIMIT_WALK_STEPS];
    spread from_entry[LIMIT_WALK_STEPS], from_previous[LIMIT_WALK_STEPS];
} group;

/* An attempt: the events of its steps, as places in the batch. */
typedef struct {
    u32 depth;
    u32 at[LIMIT_WALK_STEPS];
} effort;

/* Who went no further than lost_at. */
typedef struct {
    i64 at; /* when it got there */
    u32 code;
} lost_case;

typedef struct {
    arena *a;
    walking *w;
    const walk_scope *s;
    const funnel_question *q;
    lost_case *lost;
    u32 lost_n, lost_cap, case_code;
    u32 steps_n, shift, mask;
    const column *by_text;
    walk_text *texts; /* of it */
    spread_pool pool;
    key_set keys; /* of groups: code of the text, or first day of the unit; NONE missing */
    group **groups;
    u32 groups_cap;
    bool second;  /* round */
    effort *each; /* ENTRY_EACH: of one case, latest first */
    u32 each_n, each_cap;
} funnel;

static i64 key_of(const funnel *f, const walk_batch *b, u32 entry) {
    if (!f->q->by.column.n) return 0;
    if (!f->by_text) return unit_start(f->q->by.unit, walk_day(f->s, b->at[entry]));
    u32 code = walk_code(&f->texts[b->ref[entry] >> 32], (u32)b->ref[entry]);
    return code ? (i64)code : NONE;
}

static bool group_of(funnel *f, i64 key, group **out, err *e) {
    u32 k = key_number(&f->keys, key);
    if (k >= LIMIT_WALK_GROUPS)
        return fail(e, LIMIT,
                    "the funnel would be broken down by more than %d values; choose a "
                    "column with fewer",
                    LIMIT_WALK_GROUPS);
    if (k >= f->groups_cap) {
        group **old = f->groups;
        f->groups = NEW_N(f->a, group *, LIMIT_WALK_GROUPS);
        if (f->groups_cap) memcpy(f->groups, old, f->groups_cap * sizeof *old);
        f->groups_cap = LIMIT_WALK_GROUPS;
    }
    if (!f->groups[k]) f->groups[k] = NEW(f->a, group);
    *out = f->groups[k];
    return true;
}

static void lost_add(funnel *f, lost_case x) {
    if (f->lost_n && f->lost[f->lost_n - 1].code == x.code) f->lost_n--; /* it entered again */
    if (f->lost_n == f->lost_cap) {
        lost_case *old = f->lost;
        f->lost_cap = MAX(256u, f->lost_cap * 2);
        f->lost = arena_raw(f->a, f->lost_cap * sizeof *f->lost);
        if (f->lost_n) memcpy(f->lost, old, f->lost_n * sizeof *old);
    }
    f->lost[f->lost_n++] = x;
}

static bool count(funnel *f, const walk_batch *b, const effort *x, err *e) {
    group *g = NULL;
    if (x->depth == f->q->lost_at && !f->second && f->q->lost_at)
        lost_add(f, (lost_case){b->at[x->at[x->depth - 1]], f->case_code});
    if (!group_of(f, key_of(f, b, x->at[0]), &g, e)) return false;
    for (u32 j = 0; j < x->depth; j++) {
        i64 entry = b->at[x->at[j]] - b->at[x->at[0]];
        i64 previous = j ? b->at[x->at[j]] - b->at[x->at[j - 1]] : 0;
        if (f->second && j) {
            spread_catch(f->a, &g->from_entry[j], entry);
            spread_catch(f->a, &g->from_previous[j], previous);
        } else if (!f->second) {
            g->n[j]++;
            if (!j) continue;
            spread_add(&f->pool, &g->from_entry[j], entry);
            spread_add(&f->pool, &g->from_previous[j], previous);
        }
    }
    return true;
}

static void keep_each(funnel *f, const effort *x) {
    if (f->each_n == f->each_cap) {
        effort *old = f->each;
        f->each_cap = MAX(64u, f->each_cap * 2);
        f->each = arena_raw(f->a, f->each_cap * sizeof *f->each);
        if (f->each_n) memcpy(f->each, old, f->each_n * sizeof *old);
    }
    f->each[f->each_n++] = *x;
}

/* An attempt is over when it has arrived, or when its window is: entries in between belong to it. */
static bool count_each(funnel *f, const walk_batch *b, err *e) {
    i64 window = f->q->window_ms, closed = INT64_MIN;
    u32 behind = 0;
    for (u32 i = f->each_n; i-- > 0;) {
        const effort *x = &f->each[i];
        if (x->at[0] < behind || b->at[x->at[0]] <= closed) continue;
        if (!count(f, b, x, e)) return false;
        if (x->depth == f->steps_n)
            behind = x->at[x->depth - 1] + 1;
        else if (window == NONE)
            break;
        else
            closed = b->at[x->at[0]] + window;
    }
    f->each_n = 0;
    return true;
}

/* Step by step: as one piece it would wait for the stores that have just made it. */
static void keep_best(effort *best, const effort *x) {
    best->depth = x->depth;
    for (u32 j = 0; j < x->depth; j++) best->at[j] = x->at[j];
}

/* From the last event to the first: chain[j] is the earliest way on from here through steps j, j + 1
** and so on, so each entry event knows at once how far its attempt gets. */
static bool walk_case(funnel *f, const walk_batch *b, u32 from, u32 end, err *e) {
    u32 chain[LIMIT_WALK_STEPS + 1][LIMIT_WALK_STEPS], len[LIMIT_WALK_STEPS + 1] = {0};
    effort best = {0}, x;
    i64 window = f->q->window_ms;
    for (u32 i = end; i-- > from;) {
        u32 m = b->bits[i] >> f->shift & f->mask;
        if (!m) continue;
        for (u32 rest = m; rest;
             rest &= rest - 1) { /* ascending: j + 1 is still what lies behind */
            u32 j = (u32)__builtin_ctz(rest);
            chain[j][0] = i;
            for (u32 k = 0; k < len[j + 1]; k++) chain[j][k + 1] = chain[j + 1][k];
            len[j] = len[j + 1] + 1;
        }
        if (!(m & 1)) continue;
        for (x.depth = 0; x.depth < len[0]; x.depth++) {
            if (window != NONE && b->at[chain[0][x.depth]] - b->at[i] > window) break;
            x.at[x.depth] = chain[0][x.depth];
        }
        if (f->q->entry == ENTRY_EACH)
            keep_each(f, &x);
        else if (f->q->entry == ENTRY_FIRST || x.depth >= best.depth)
            keep_best(&best, &x);
    }
    if (f->q->entry == ENTRY_EACH) return count_each(f, b, e);
    return !best.depth || count(f, b, &best, e);
}

static bool visit(void *ctx, const walk_batch *b, err *e) {
    funnel *f = ctx;
    for (u32 c = 0; c < b->cases; c++) {
        f->case_code = b->code[c];
        if (!walk_case(f, b, b->start[c], b->start[c + 1], e)) return false;
    }
    return true;
}

/* In the second round all groups are known. */
static void *part_open(arena *a, const void *ctx) {
    const funnel *whole = ctx;
    funnel *f = NEW(a, funnel);
    *f = *whole;
    f->a = f->keys.a = a;
    f->pool = spread_pool_part(a, &whole->pool);
    f->each = NULL;
    f->each_n = f->each_cap = 0;
    f->lost = NULL;
    f->lost_n = f->lost_cap = 0;
    f->groups = NULL;
    f->groups_cap = 0;
    if (!whole->second) f->keys = (key_set){.a = a};
    if (!f->keys.n) return f;
    f->groups = NEW_N(a, group *, LIMIT_WALK_GROUPS);
    f->groups_cap = LIMIT_WALK_GROUPS;
    for (u32 i = 0; i < f->keys.n; i++) {
        const group *from = whole->groups[i];
        group *g = f->groups[i] = NEW(a, group);
        for (u32 j = 1; j < f->steps_n; j++) {
            g->from_entry[j] = spread_part(&from->from_entry[j]);
            g->from_previous[j] = spread_part(&from->from_previous[j]);
        }
    }
    return f;
}

static bool part_join(void *ctx, const void *found, err *e) {
    funnel *f = ctx;
    const funnel *p = found;
    for (u32 i = 0; i < p->lost_n; i++) lost_add(f, p->lost[i]);
    for (u32 i = 0; i < p->keys.n; i++) {
        group *to = NULL, *from = p->groups[i];
        if (!group_of(f, p->keys.keys[i], &to, e)) return false;
        for (u32 j = 0; j < f->steps_n; j++) {
            to->n[j] += from->n[j];
            spread_join(&f->pool, &to->from_entry[j], &from->from_entry[j]);
            spread_join(&f->pool, &to->from_previous[j], &from->from_previous[j]);
        }
    }
    return true;
}

static const walk_work counting = {visit, part_open, part_join};

static bool prepare(funnel *f, err *e) {
    const funnel_question *q = f->q;
    if (q->steps_n < 1 || q->steps_n > LIMIT_WALK_STEPS)
        return fail(e, INVALID, "a funnel has 1 to %d steps, this has %zu", LIMIT_WALK_STEPS,
                    q->steps_n);
    if (q->lost_at > q->steps_n || q->lost_limit > LIMIT_WALK_SHOWN)
        return fail(e, INVALID, "who was lost: behind one of the %zu steps, at most %d of them",
                    q->steps_n, LIMIT_WALK_SHOWN);
    for (size_t i = 0; i < q->steps_n; i++) {
        u32 bit = walk_test(f->w, q->steps[i].is);
        if (!i) f->shift = bit;
    }
    f->steps_n = (u32)q->steps_n;
    f->mask = (1u << f->steps_n) - 1;
    if (!q->by.column.n) return true;
    tally *t = walk_tally(f->w);
    f->by_text = column_find(t, q->by.column, COLUMN_TEXT);
    bool time = str_eq(q->by.column, S("occurred_at")) && q->by.unit != BY_VALUE;
    if (f->by_text && f->by_text->table != OF_SIGNAL) f->by_text = NULL;
    if (!f->by_text && !time) {
        if (!plan_known(t, q->by.column, e)) return false;
        if (tally_rows_total(t))
            return fail(e, INVALID,
                        "a funnel is broken down by a text column of signals or by "
                        "day, week, month, quarter or year");
    }
    if (!f->by_text) return true;
    walk_refs(f->w);
    return walk_texts(f->w, f->by_text, &f->texts, e);
}

/* ---- the answer ---- */

static int by_key(const void *x, const void *y) {
    const tally_key *a = &((const funnel_group *)x)->key, *b = &((const funnel_group *)y)->key;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    if (a->kind == VALUE_TEXT) return str_cmp(a->text, b->text);
    return a->num < b->num ? -1 : a->num > b->num;
}

typedef struct {
    i64 at;
    str name;
} lost_told;

static int by_latest(const void *x, const void *y) {
    const lost_told *a = x, *b = y;
    return a->at != b->at ? (a->at > b->at ? -1 : 1) : str_cmp(a->name, b->name);
}

static void tell_lost(funnel *f, funnel_answer *out) {
    lost_told *all = NEW_N(f->a, lost_told, f->lost_n + (size_t)1);
    for (u32 i = 0; i < f->lost_n; i++)
        all[i] = (lost_told){f->lost[i].at, walk_case_name(f->w, f->lost[i].code)};
    if (f->lost_n) qsort(all, f->lost_n, sizeof *all, by_latest);
    out->lost_n = MIN(f->q->lost_limit, (size_t)f->lost_n);
    out->lost = NEW_N(f->a, str, out->lost_n);
    for (size_t i = 0; i < out->lost_n; i++) out->lost[i] = arena_str(f->a, all[i].name);
}

static tally_key key_told(const funnel *f, i64 key) {
    if (!f->q->by.column.n || key == NONE) return (tally_key){.kind = VALUE_MISSING};
    if (f->by_text)
        return (tally_key){.kind = VALUE_TEXT,
                           .text = arena_str(f->a, f->by_text->dict.text[key - 1])};
    return (tally_key){.kind = VALUE_TIME, .num = key * DAY_MS};
}

static void tell(funnel *f, funnel_answer *out) {
    group none = {0};
    bool empty = !f->keys.n && !f->q->by.column.n;
    out->groups_n = empty ? 1 : f->keys.n;
    out->groups = NEW_N(f->a, funnel_group, out->groups_n);
    for (u32 k = 0; k < out->groups_n; k++) {
        group *g = empty ? &none : f->groups[k];
        funnel_group *o = &out->groups[k];
        o->key = key_told(f, empty ? 0 : f->keys.keys[k]);
        o->steps = NEW_N(f->a, funnel_step, f->steps_n);
        for (u32 j = 0; j < f->steps_n; j++)
            o->steps[j] = (funnel_step){g->n[j], spread_times(&g->from_entry[j]),
                                        spread_times(&g->from_previous[j])};
    }
    if (out->groups_n) qsort(out->groups, out->groups_n, sizeof *out->groups, by_key);
    tell_lost(f, out);
    out->cost = walk_paid(f->w);
}

typedef struct {
    const walk_scope *s;
    const funnel_question *q;
    funnel_answer *out;
} asked;

static bool ask(walking *w, arena *a, void *ctx, err *e) {
    const asked *k = ctx;
    funnel *f = NEW(a, funnel);
    *f = (funnel){.a = a, .w = w, .s = k->s, .q = k->q, .keys = {.a = a}, .pool = {a, SPREAD_POOL}};
    if (!prepare(f, e) || !walk_round(w, &counting, f, e)) return false;
    for (u32 i = 0; i < f->keys.n; i++)
        for (u32 j = 1; j < f->steps_n; j++) {
            f->second |= spread_aim(a, &f->groups[i]->from_entry[j]);
            f->second |= spread_aim(a, &f->groups[i]->from_previous[j]);
        }
    if (f->second && !walk_round(w, &counting, f, e)) return false;
    tell(f, k->out);
    return true;
}

bool walk_funnel(tally *t, arena *a, const walk_scope *s, const funnel_question *q,
                 funnel_answer *out, err *e) {
    check(t && s && q && out && (q->steps || !q->steps_n));
    funnel_answer found = {0};
    asked k = {s, q, &found};
    if (!walk_run(t, a, s, ask, &k, e)) return false;
    *out = found;
    return true;
}
