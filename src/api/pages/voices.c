/* voices.c - what customers said, newest first, page by page; one of them whole. */
#include "api/ask.h"
#include "api/cursor.h"
#include "understand/voice_json.h"

enum { VOICES_SHOWN = 20 };

typedef struct {
    json_out *j;
    size_t n;
    buf *original; /* the words as they were heard; NULL: not asked for */
} telling;

static bool tell(void *ctx, const signal *sig, const insight *ins, err *e) {
    telling *t = ctx;
    voice_json(t->j, sig, ins);
    t->n++;
    if (t->original) {
        json_out j = json_to(t->original);
        json_text(&j, sig->row.words);
    }
    return reply_room(t->j->out, e);
}

static bool count_all(tally *t, arena *a, const question *ask, i64 *out, err *e) {
    tally_question q = {.where = ask->where, .zone_min = ask->zone_min};
    tally_answer r;
    if (!tally_ask(t, a, &q, &r, e)) return false;
    *out = r.cells_n ? r.cells[0].n : 0;
    return true;
}

static bool list(api *x, arena *a, asked *v, err *e) {
    desk *d;
    question ask;
    i64 total = 0;
    size_t n;
    tally_mark after = {0}, *marks;
    str cursor = params_get(&v->query, "cursor");
    buf *b = reply_buf(a);
    json_out j = json_to(b);
    if (!question_read(a, v, VOICES_SHOWN, &ask, e) ||
        (cursor.n && !cursor_read(cursor, 'v', &after.at, &after.id, e)) ||
        !desk_sit(x, a, v, &d, e) || !question_ok(count_all(d->t, a, &ask, &total, e), e) ||
        !tally_rows_after(d->t, a, ask.where, cursor.n ? &after : NULL, (size_t)ask.limit + 1,
                          &marks, &n, e))
        return false;
    bool more = n > (size_t)ask.limit;
    n = MIN(n, (size_t)ask.limit);
    i64 *ids = NEW_N(a, i64, n);
    for (size_t i = 0; i < n; i++) ids[i] = marks[i].id;
    json_object(&j);
    json_key(&j, S("voices"));
    json_array(&j);
    if (!store_scan_ids(d->s, ids, n, tell, &(telling){.j = &j}, e)) return false;
    desk_leave(d);
    json_end_array(&j);
    put_int(&j, "total", total);
    put_text(&j, "next_cursor",
             more ? cursor_print(a, 'v', marks[n - 1].at, marks[n - 1].id) : NO_STR);
    json_end_object(&j);
    reply_json(v, 200, b);
    return true;
}

/* Who looks at an original is written down before they see it. */
static bool show_original(api *x, arena *a, asked *v, i64 id, buf *b, const buf *words, err *e) {
    if (!auth_note(x->auth, a, v->who, S("look"), S("signal"), id, NO_STR, e)) return false;
    check(b->n && b->p[b->n - 1] == '}');
    b->n--;
    buf_str(b, S(",\"original\":"));
    buf_str(b, buf_view(words));
    buf_char(b, '}');
    reply_json(v, 200, b);
    return true;
}

static bool one(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    size_t original;
    buf *b = reply_buf(a);
    json_out j = json_to(b);
    if (!id_read(v, &id, e) || !params_word(&v->query, "original", "0 1", &original, e))
        return false;
    if (original && !who_may(v->who, S("originals.read")))
        return fail(e, DENIED, "the original words need the right originals.read");
    telling t = {.j = &j, .original = original ? reply_buf(a) : NULL};
    if (!desk_sit(x, a, v, &d, e) || !store_scan_ids(d->s, &id, 1, tell, &t, e)) return false;
    desk_leave(d);
    if (t.n == 0) return fail(e, NOT_FOUND, "there is no signal %" PRId64, id);
    if (original) return show_original(x, a, v, id, b, t.original, e);
    reply_noun(a, v, 200, b);
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/voices", "signals.read", "What customers said, newest first",
     .handle = list, .query = "cursor " QUESTION_NAMES, .gives = "voices"},
    {METHOD_GET, "/api/v1/signals/{id}", "signals.read", "One signal and what was understood of it",
     .handle = one, .query = "original", .gives = "voice", .status = "200 304"},
};
const page page_voices = {
    .name = "voices", .title = "Voices", .routes = routes, .routes_n = COUNT(routes)};
