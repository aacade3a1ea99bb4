/* room_test.h - what this room's tests share: text in, a transcript of what was heard out. */
#ifndef HEAR_ROOM_TEST_H
#define HEAR_ROOM_TEST_H
#include "base/test.h"
#include "base/time.h"
#include "hear/hear.h"
#include <unistd.h>

static const i64 TEST_NOW = 1772323200000; /* 2026-03-01 */

typedef struct {
    arena *a;   /* of the transcript */
    arena *tmp; /* of the job */
    buf out;
    i64 skip;
    str path; /* the file to hear, "-" allowed */
    plan_wish wish;
    bool ids, plan, raw;
    size_t rejects_budget;
} hearing;

static inline bool hearing_take(void *ctx, signal *s, i64 no, const record *r, err *e) {
    hearing *h = ctx;
    (void)e, (void)r;
    const signal_row *w = &s->row;
    buf_fmt(&h->out, "%d", (int)no);
    if (h->ids) buf_fmt(&h->out, " id=%.*s", STR_ARG(w->external_id));
    if (w->occurred_at != TEST_NOW)
        buf_fmt(&h->out, " at=%.*s", STR_ARG(time_print(h->tmp, w->occurred_at)));
    if (w->customer.p) buf_fmt(&h->out, " customer=%.*s", STR_ARG(w->customer));
    if (w->channel.p) buf_fmt(&h->out, " channel=%.*s", STR_ARG(w->channel));
    if (w->product.p) buf_fmt(&h->out, " product=%.*s", STR_ARG(w->product));
    if (w->amount != NONE) buf_fmt(&h->out, " amount="), buf_num6(&h->out, w->amount);
    if (w->words.p) buf_fmt(&h->out, " words=[%.*s]", STR_ARG(w->words));
    if (w->attributes.p) buf_fmt(&h->out, " %.*s", STR_ARG(w->attributes));
    buf_char(&h->out, '\n');
    return true;
}

static inline bool hearing_reject(void *ctx, i64 no, const rejection *r, err *e) {
    hearing *h = ctx;
    (void)e;
    buf_fmt(&h->out, "%d ! line %d", (int)no, (int)r->line);
    if (r->field.p) buf_fmt(&h->out, " %.*s", STR_ARG(r->field));
    buf_fmt(&h->out, ": %.*s\n", STR_ARG(r->reason));
    if (h->raw) buf_fmt(&h->out, "  %.*s\n", STR_ARG(r->raw));
    return true;
}

static inline bool hearing_run(arena *a, void *ctx, err *e) {
    hearing *h = ctx;
    hear_source *s;
    plan p;
    h->wish.now_ms = TEST_NOW;
    h->tmp = a;
    if (!hear_open(h->path, &s, e)) return false;
    arena_defer(a, (void (*)(void *))hear_close, s);
    hear_sink sink = {a, hearing_take, hearing_reject, h};
    if (!hear_look(a, s, &h->wish, &p, e)) return false;
    if (h->plan) plan_print(&h->out, &p);
    return hear_follow(a, s, &p, h->skip, &sink, e);
}

/* The transcript, or the sentence it ended with. */
static inline str hear_path(hearing *h, str path) {
    err e;
    h->out = (buf){.a = h->a};
    h->path = path;
    if (!job_run((size_t)64 << 20, hearing_run, h, &e)) buf_fmt(&h->out, "failed: %s\n", e.msg);
    return buf_view(&h->out);
}

static inline str hear_text(hearing *h, str name, str text) {
    char folder[] = "/tmp/heed-hear-XXXXXX";
    assert_non_null(mkdtemp(folder));
    str path = arena_fmt(h->a, "%s/%.*s", folder, STR_ARG(name));
    FILE *f = fopen(path.p, "wb");
    assert_non_null(f);
    if (text.n) assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
    fclose(f);
    str out = hear_path(h, path);
    ptrdiff_t at; /* the folder's name is chance */
    str rest = out;
    buf b = {.a = h->a};
    while ((at = str_find(rest, str_of(folder))) >= 0) {
        buf_str(&b, str_head(rest, (size_t)at));
        rest = str_from(rest, (size_t)at + strlen(folder) + 1);
    }
    buf_str(&b, rest);
    unlink(path.p);
    rmdir(folder);
    return buf_view(&b);
}

static inline hearing hearing_open(size_t bytes) {
    return (hearing){.a = arena_open(bytes), .wish = {.header = -1}};
}
#endif
