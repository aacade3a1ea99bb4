/* journey.c - a question about journeys, from JSON to what the walk is asked. */
#include "understand/journey.h"
#include "base/time.h"
#include "kern/expr_make.h"
#include "understand/measure.h"

const journey_kind_told journey_kinds[JOURNEY_KINDS] = {
    [JOURNEY_FUNNEL] = {"funnel", "Ordered steps within a window", "steps window entry by lost"},
    [JOURNEY_FOLLOWS] = {"follows", "What directly follows what, how often, how long after", ""},
    [JOURNEY_PATHS] = {"paths", "The most frequent first steps", "from to length collapse"},
    [JOURNEY_VARIANTS] = {"variants", "The most frequent whole journeys", "from to collapse"},
    [JOURNEY_COHORT] = {"cohort", "Who came when, and was there again",
                        "unit first again until periods"},
    [JOURNEY_REPURCHASE] = {"repurchase", "New customers who bought on another day",
                            "new_from new_to within unit until"},
    [JOURNEY_SESSIONS] = {"sessions", "Journeys cut where a customer is silent", "gap"},
    [JOURNEY_STAGES] = {"stages", "Where each customer stands, and for how long", "stages at gap"},
};
enum { PATH_STEPS = 5, SHOWN = 100 };

typedef struct {
    arena *a;
    const json *body;
    journey *q;
    err *e;
} reading;

/* ---- texts ---- */

/* Text of a key: *out NO_STR when it is not there; false when it is no text. */
static bool text_of(const reading *r, const char *key, str *out) {
    const json *v = json_get(r->body, str_of(key));
    *out = NO_STR;
    if (!v || v->kind == JSON_NULL) return true;
    if (v->kind != JSON_TEXT) return fail(r->e, INVALID, "\"%s\" wants a text", key);
    *out = v->text;
    return true;
}

static bool parsed(const reading *r, const char *key, str text, const expr **out) {
    err inner;
    if (text.n > LIMIT_EXPR_BYTES)
        return fail(r->e, LIMIT, "\"%s\" has %zu bytes, the limit is %d", key, text.n,
                    LIMIT_EXPR_BYTES);
    if (expr_parse_zone(r->a, text, r->q->scope.zone_min, r->q->scope.zone, out, &inner))
        return true;
    return fail(r->e, inner.code, "\"%s\": %s", key, inner.msg);
}

static bool expr_of(const reading *r, const char *key, const expr **out) {
    str text;
    if (!text_of(r, key, &text)) return false;
    return !text.n || parsed(r, key, text, out);
}

/* An expression, or, where it looks like none, the name of an event. */
static bool event_or_expr(const reading *r, const char *key, str text, const expr **out) {
    err inner;
    bool plain = true;
    for (size_t i = 0; i < text.n; i++) plain &= !memchr("=<>~()'\"`", text.p[i], 9);
    str column = r->q->scope.activity.n ? r->q->scope.activity : S("event");
    if (plain &&
        !expr_parse_zone(r->a, text, r->q->scope.zone_min, r->q->scope.zone, out, &inner)) {
        *out = expr_text_is(r->a, column, text);
        return true;
    }
    return parsed(r, key, text, out);
}

static bool class_of(const reading *r, const char *key, const json *v, walk_class *out) {
    str text = v->kind == JSON_OBJECT ? json_get_text(v, S("where")) : v->text;
    ptrdiff_t cut = v->kind == JSON_TEXT ? str_find(text, S(":=")) : -1;
    out->name = v->kind == JSON_OBJECT ? json_get_text(v, S("name")) : NO_STR;
    if (cut >= 0) {
        out->name = str_trim(str_head(text, (size_t)cut));
        text = str_from(text, (size_t)cut + 2);
    }
    text = str_trim(text);
    if ((v->kind != JSON_TEXT && v->kind != JSON_OBJECT) || !text.n)
        return fail(r->e, INVALID,
                    "\"%s\": an item is an expression, the name of an event, \"name := "
                    "expression\" or {\"name\", \"where\"}",
                    key);
    if (!out->name.n) out->name = text;
    if (out->name.n > LIMIT_NAME_BYTES)
        return fail(r->e, LIMIT, "\"%s\": a name has %zu bytes, the limit is %d", key, out->name.n,
                    LIMIT_NAME_BYTES);
    return event_or_expr(r, key, text, &out->is);
}

static bool classes_of(const reading *r, const char *key, size_t most, const walk_class **out,
                       size_t *n_out) {
    const json *list = json_get(r->body, str_of(key));
    if (!list || list->kind == JSON_NULL) return true;
    if (list->kind != JSON_ARRAY || list->n > most)
        return fail(r->e, INVALID, "\"%s\" wants a list of at most %zu", key, most);
    walk_class *all = NEW_N(r->a, walk_class, list->n);
    for (const json *v = list->first; v; v = v->next)
        if (!class_of(r, key, v, &all[(*n_out)++])) return false;
    *out = all;
    return true;
}

/* ---- numbers ---- */

static bool int_of(const reading *r, const char *key, i64 low, i64 high, i64 usual, i64 *out) {
    const json *v = json_get(r->body, str_of(key));
    *out = usual;
    if (!v || v->kind == JSON_NULL) return true;
    if (v->kind != JSON_INT || v->i < low || v->i > high)
        return fail(r->e, INVALID, "\"%s\" wants a whole number from %" PRId64 " to %" PRId64, key,
                    low, high);
    *out = v->i;
    return true;
}

static bool span_of(const reading *r, const char *key, i64 usual, i64 *out) {
    static const struct {
        char unit;
        i64 ms;
    } units[] = {
        {'s', SECOND_MS}, {'m', MINUTE_MS}, {'h', HOUR_MS}, {'d', DAY_MS}, {'w', 7 * DAY_MS}};
    str text;
    i64 n;
    if (!text_of(r, key, &text)) return false;
    *out = usual;
    if (!text.n) return true;
    for (size_t i = 0; i < COUNT(units); i++)
        if (text.p[text.n - 1] == units[i].unit &&
            str_int(str_trim(str_head(text, text.n - 1)), &n) && n >= 0 && n <= 1000000) {
            *out = n * units[i].ms;
            return true;
        }
    return fail(r->e, INVALID, "\"%s\" is \"%.*s\", want a span such as 30m, 12h, 90d or 2w", key,
                (int)MIN(text.n, (size_t)40), text.p);
}

static bool day_of(const reading *r, const char *key, i64 *out) {
    str text;
    i64 ms;
    if (!text_of(r, key, &text)) return false;
    *out = NONE;
    if (!text.n) return true;
    if (text.n != 10 || !time_parse(text, 0, &ms))
        return fail(r->e, INVALID, "\"%s\" is \"%.*s\", want a day such as 2026-03-01", key,
                    (int)MIN(text.n, (size_t)40), text.p);
    *out = day_of_ms(ms);
    return true;
}

static bool moment_of(const reading *r, const char *key, i64 *out) {
    str text;
    if (!text_of(r, key, &text)) return false;
    *out = NONE;
    if (!text.n) return true;
    if (!time_parse(text, r->q->scope.zone_min, out))
        return fail(r->e, INVALID, "\"%s\" is \"%.*s\", want a moment such as 2026-03-01T18:00",
                    key, (int)MIN(text.n, (size_t)40), text.p);
    i64 other;
    const time_zone *zone = r->q->scope.zone;
    bool local =
        zone && time_parse(text, 60, &other) && other != *out; /* it names no zone itself */
    if (text.n == 10) *out += DAY_MS - 1;                      /* a day: up to its end */
    if (local) *out = zone_utc(zone, *out);
    return true;
}

static bool flag_of(const reading *r, const char *key, bool *out) {
    const json *v = json_get(r->body, str_of(key));
    *out = false;
    if (!v || v->kind == JSON_NULL) return true;
    if (v->kind != JSON_BOOL) return fail(r->e, INVALID, "\"%s\" wants true or false", key);
    *out = v->i;
    return true;
}

static bool zone_of(const reading *r, i32 *out, const time_zone **zone_out) {
    str text;
    i64 ms;
    if (!text_of(r, "zone", &text)) return false;
    *out = 0;
    if (!text.n || str_eq(text, S("Z"))) return true;
    str moment = arena_fmt(r->a, "2026-01-01T00:00%.*s", STR_ARG(text));
    bool distance = text.p[0] == '+' || text.p[0] == '-';
    if (distance && text.n <= 6 && time_parse(moment, 0, &ms)) {
        *out = (i32)((day_of_ymd(2026, 1, 1) * DAY_MS - ms) / MINUTE_MS);
        return true;
    }
    if (!distance && zone_find(r->a, text, NO_STR, zone_out, r->e)) return true;
    return fail(r->e, INVALID,
                "\"zone\" is \"%.*s\", want a distance from UTC such as +08:00 or a name such as "
                "Asia/Shanghai",
                (int)MIN(text.n, (size_t)40), text.p);
}

static bool unit_of(const reading *r, by_unit usual, by_unit *out) {
    static const char *const names[] = {
        [BY_VALUE] = "",      [BY_DAY] = "day",         [BY_WEEK] = "week",
        [BY_MONTH] = "month", [BY_QUARTER] = "quarter", [BY_YEAR] = "year"};
    str text;
    if (!text_of(r, "unit", &text)) return false;
    *out = usual;
    if (!text.n) return true;
    for (size_t i = BY_DAY; i < COUNT(names); i++)
        if (str_eq(text, str_of(names[i]))) {
            *out = (by_unit)i;
            return true;
        }
    return fail(r->e, INVALID, "\"unit\" is \"%.*s\", want day, week, month, quarter or year",
                (int)MIN(text.n, (size_t)40), text.p);
}

/* ---- kinds ---- */

static bool read_funnel(const reading *r) {
    funnel_question *f = &r->q->funnel;
    str entry, by;
    const tally_by *list;
    size_t n;
    if (!classes_of(r, "steps", LIMIT_WALK_STEPS, &f->steps, &f->steps_n) ||
        !span_of(r, "window", NONE, &f->window_ms) || !text_of(r, "entry", &entry) ||
        !text_of(r, "by", &by))
        return false;
    if (f->steps_n < 1) return fail(r->e, INVALID, "\"steps\": a funnel has one step or more");
    i64 lost = 0;
    if (!int_of(r, "lost", 1, (i64)f->steps_n, 0, &lost)) return false;
    f->lost_at = (size_t)lost;
    f->lost_limit = (size_t)MIN(r->q->limit, LIMIT_WALK_SHOWN);
    if (entry.n && !str_eq(entry, S("any")) && !str_eq(entry, S("first")) &&
        !str_eq(entry, S("each")))
        return fail(r->e, INVALID, "\"entry\" is any, first or each");
    f->entry = str_eq(entry, S("first"))  ? ENTRY_FIRST
               : str_eq(entry, S("each")) ? ENTRY_EACH
                                          : ENTRY_ANY;
    if (!by.n) return true;
    if (!measure_by(r->a, by, &list, &n, r->e)) return false;
    if (n != 1) return fail(r->e, INVALID, "\"by\": a funnel is broken down by one column");
    f->by = list[0];
    return true;
}

static bool read_paths(const reading *r, bool whole) {
    paths_question *p = &r->q->paths;
    i64 steps = 0;
    if (!expr_of(r, "from", &p->from) || !expr_of(r, "to", &p->to) ||
        !flag_of(r, "collapse", &p->collapse) ||
        (!whole && !int_of(r, "length", 1, 100, PATH_STEPS, &steps)))
        return false;
    if (r->q->limit > LIMIT_WALK_SHOWN)
        return fail(r->e, LIMIT, "\"limit\": at most %d paths are shown", LIMIT_WALK_SHOWN);
    p->steps = (size_t)steps;
    p->limit = (size_t)r->q->limit;
    return true;
}

static bool read_cohort(const reading *r) {
    cohort_question *c = &r->q->cohort;
    i64 periods;
    if (!unit_of(r, BY_MONTH, &c->unit) || !expr_of(r, "first", &c->first) ||
        !expr_of(r, "again", &c->again) || !moment_of(r, "until", &c->until) ||
        !int_of(r, "periods", 1, LIMIT_WALK_PERIODS, 0, &periods))
        return false;
    c->periods = (size_t)periods;
    return true;
}

static bool read_repurchase(const reading *r) {
    repurchase_question *p = &r->q->repurchase;
    i64 within;
    if (!day_of(r, "new_from", &p->from_day) || !day_of(r, "new_to", &p->to_day) ||
        !span_of(r, "within", NONE, &within) || !unit_of(r, BY_VALUE, &p->by) ||
        !moment_of(r, "until", &p->until))
        return false;
    p->within_days = within == NONE ? NONE : within / DAY_MS;
    if (within != NONE && (within % DAY_MS || !within))
        return fail(r->e, INVALID, "\"within\" wants whole days, such as 90d");
    return true;
}

static bool read_rest(const reading *r) {
    journey *q = r->q;
    switch (q->kind) {
    case JOURNEY_FUNNEL:
        return read_funnel(r);
    case JOURNEY_PATHS:
    case JOURNEY_VARIANTS:
        return read_paths(r, q->kind == JOURNEY_VARIANTS);
    case JOURNEY_COHORT:
        return read_cohort(r);
    case JOURNEY_REPURCHASE:
        return read_repurchase(r);
    case JOURNEY_SESSIONS:
        return span_of(r, "gap", 30 * MINUTE_MS, &q->sessions.gap_ms);
    case JOURNEY_STAGES:
        if (!classes_of(r, "stages", LIMIT_WALK_CLASSES, &q->stages.stages, &q->stages.stages_n) ||
            !moment_of(r, "at", &q->stages.at) || !span_of(r, "gap", NONE, &q->stages.gap_ms))
            return false;
        return q->stages.stages_n || fail(r->e, INVALID, "\"stages\": there is one stage or more");
    case JOURNEY_FOLLOWS:
    case JOURNEY_KINDS:
        break;
    }
    return true;
}

static bool listed(const char *words, str key) {
    for (str rest = str_of(words), one; rest.n;) {
        if (!str_cut(rest, ' ', &one, &rest)) one = rest, rest = NO_STR;
        if (str_eq(one, key)) return true;
    }
    return false;
}

static bool kind_of(const reading *r) {
    str name;
    if (r->body->kind != JSON_OBJECT)
        return fail(r->e, INVALID, "want a JSON object with \"kind\"");
    if (!text_of(r, "kind", &name)) return false;
    r->q->kind = JOURNEY_FUNNEL;
    while (r->q->kind < JOURNEY_KINDS && !str_eq(name, str_of(journey_kinds[r->q->kind].name)))
        r->q->kind++;
    if (r->q->kind == JOURNEY_KINDS)
        return fail(r->e, INVALID,
                    "\"kind\" is one of funnel, follows, paths, variants, cohort, repurchase, "
                    "sessions, stages");
    for (const json *v = r->body->first; v; v = v->next)
        if (!listed(JOURNEY_COMMON, v->key) && !listed(journey_kinds[r->q->kind].takes, v->key))
            return fail(r->e, INVALID, "a question for %s knows no \"%.*s\"; it takes %s",
                        journey_kinds[r->q->kind].name, (int)MIN(v->key.n, (size_t)40), v->key.p,
                        journey_kinds[r->q->kind].takes);
    return true;
}

bool journey_read(arena *a, const json *body, journey *out, err *e) {
    check(body && out);
    journey q = {0};
    reading r = {a, body, &q, e};
    walk_scope *s = &q.scope;
    if (!kind_of(&r) || !zone_of(&r, &s->zone_min, &s->zone) || !text_of(&r, "where", &q.where) ||
        !text_of(&r, "case", &s->case_by) || !text_of(&r, "activity", &s->activity) ||
        !expr_of(&r, "where", &s->where) ||
        !classes_of(&r, "activities", LIMIT_WALK_CLASSES, &s->activities, &s->activities_n) ||
        !int_of(&r, "limit", 1, LIMIT_PAGE, SHOWN, &q.limit) || !read_rest(&r))
        return false;
    *out = q;
    return true;
}

/* Each kind fills its own member of out; where it tells the cost. */
static const walk_cost *ask_kind(tally *t, arena *a, const journey *q, journey_answer *x, err *e) {
    const walk_scope *s = &q->scope;
    switch (q->kind) {
    case JOURNEY_FUNNEL:
        return walk_funnel(t, a, s, &q->funnel, &x->funnel, e) ? &x->funnel.cost : NULL;
    case JOURNEY_FOLLOWS:
        return walk_follows(t, a, s, &x->follows, e) ? &x->follows.cost : NULL;
    case JOURNEY_PATHS:
    case JOURNEY_VARIANTS:
        return walk_paths(t, a, s, &q->paths, &x->paths, e) ? &x->paths.cost : NULL;
    case JOURNEY_COHORT:
        return walk_cohorts(t, a, s, &q->cohort, &x->cohort, e) ? &x->cohort.cost : NULL;
    case JOURNEY_REPURCHASE:
        return walk_repurchase(t, a, s, &q->repurchase, &x->repurchase, e) ? &x->repurchase.cost
                                                                           : NULL;
    case JOURNEY_SESSIONS:
        return walk_sessions(t, a, s, &q->sessions, &x->sessions, e) ? &x->sessions.cost : NULL;
    case JOURNEY_STAGES:
        return walk_stages(t, a, s, &q->stages, &x->stages, e) ? &x->stages.cost : NULL;
    case JOURNEY_KINDS:
        break;
    }
    check(false);
    return NULL;
}

bool journey_ask(tally *t, arena *a, const journey *q, journey_answer *out, err *e) {
    journey_answer x = {0};
    const walk_cost *cost = ask_kind(t, a, q, &x, e);
    if (!cost) return false;
    x.cost = *cost;
    *out = x;
    return true;
}
