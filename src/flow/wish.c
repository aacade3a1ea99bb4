/* wish.c - what people told about a file, from JSON to the plan's wish; and a look at the file by it. */
#include "base/time.h"
#include "flow/loader.h"

static bool text_of(const json *v, str *out, err *e) {
    if (v->kind == JSON_NULL) return true;
    if (v->kind != JSON_TEXT)
        return fail(e, INVALID, "plan: \"%.*s\" wants a text", (int)MIN(v->key.n, 80), v->key.p);
    *out = v->text;
    return true;
}

/* Numbers and truths stand as they are written. */
static bool value_of(arena *a, const json *v, str *out, err *e) {
    json bare = *v;
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (v->kind == JSON_TEXT) return *out = v->text, true;
    if (v->kind == JSON_NULL || v->kind == JSON_ARRAY || v->kind == JSON_OBJECT)
        return fail(e, INVALID, "plan: \"%.*s\" wants a text", (int)MIN(v->key.n, 80), v->key.p);
    bare.key = NO_STR;
    json_value(&j, &bare);
    *out = buf_view(&b);
    return true;
}

static size_t pairs_most(const json *v) {
    size_t n = v->n;
    for (const json *m = v->first; m; m = m->next) n += m->n;
    return n;
}

static bool pairs_of(arena *a, const json *v, const field_value **out, size_t *n_out, err *e) {
    if (v->kind == JSON_NULL) return true;
    if (v->kind != JSON_OBJECT)
        return fail(e, INVALID, "plan: \"%.*s\" wants an object", (int)MIN(v->key.n, 80), v->key.p);
    field_value *pairs = NEW_N(a, field_value, pairs_most(v));
    size_t n = 0;
    for (const json *m = v->first; m; m = m->next)
        for (const json *c = m->kind == JSON_ARRAY ? m->first : m; c; c = c->next) {
            if (!value_of(a, c, &pairs[n].value, e)) return false;
            pairs[n++].field = m->key;
            if (c == m) break;
        }
    *out = pairs;
    *n_out = n;
    return true;
}

static bool zone_of(const json *v, i32 *out, err *e) {
    i64 ms;
    str z = NO_STR;
    if (!text_of(v, &z, e)) return false;
    if (!z.n) return true;
    /* midnight there, told in UTC */
    char moment[40];
    snprintf(moment, sizeof moment, "2000-01-02T00:00:00%.*s", (int)MIN(z.n, 10), z.p);
    if (!time_parse(str_of(moment), 0, &ms))
        return fail(e, INVALID, "plan: \"zone\" wants a distance from UTC such as +08:00");
    *out = (i32)((day_of_ymd(2000, 1, 2) * DAY_MS - ms) / MINUTE_MS);
    return true;
}

static bool member(arena *a, const json *m, plan_wish *w, err *e) {
    const struct {
        const char *name;
        str *to;
    } texts[] = {{"source", &w->source},       {"format", &w->format}, {"encoding", &w->encoding},
                 {"delimiter", &w->delimiter}, {"sheet", &w->sheet},   {"dates", &w->dates}};
    for (size_t i = 0; i < COUNT(texts); i++)
        if (str_eq(m->key, str_of(texts[i].name))) return text_of(m, texts[i].to, e);
    if (str_eq(m->key, S("map"))) return pairs_of(a, m, &w->map, &w->map_n, e);
    if (str_eq(m->key, S("set"))) return pairs_of(a, m, &w->set, &w->set_n, e);
    if (str_eq(m->key, S("zone"))) return zone_of(m, &w->zone_min, e);
    if (str_eq(m->key, S("header")) && (m->kind == JSON_BOOL || m->kind == JSON_NULL)) {
        w->header = m->kind == JSON_NULL ? -1 : (int)m->i;
        return true;
    }
    return fail(e, INVALID,
                "plan: \"%.*s\" is not known or of the wrong kind; there are map, set, source, "
                "format, encoding, delimiter, sheet, dates, zone and header (true or false)",
                (int)MIN(m->key.n, 80), m->key.p);
}

bool wish_read(arena *a, const json *v, plan_wish *out, err *e) {
    plan_wish w = {.header = -1};
    if (v && v->kind != JSON_OBJECT) return fail(e, INVALID, "plan: want an object");
    for (const json *m = v ? v->first : NULL; m; m = m->next)
        if (!member(a, m, &w, e)) return false;
    *out = w;
    return true;
}

static void close_source(void *s) {
    hear_close(s);
}

bool upload_look(arena *a, const upload *u, str path, hear_source **src, plan *out, err *e) {
    json *told = NULL;
    plan_wish w;
    if ((u->wish.n && !json_read(a, u->wish, &told, e)) || !wish_read(a, told, &w, e)) return false;
    w.now_ms = u->created_at;
    if (!w.source.n) w.source = hear_source_name(u->name);
    if (!hear_open(path, src, e)) return false;
    arena_defer(a, close_source, *src);
    if (!hear_look(a, *src, &w, out, e)) return false;
    out->file = u->name;
    return true;
}
