/* signals.c - signals in: one object, an array, or one object a line, with a result for each. */
#include "api/ask.h"
#include "api/replay.h"
#include "flow/writer.h"
#include "hear/item.h"

/* What became of each item, in the order they came. */
typedef struct {
    i64 id; /* 0 = rejected */
    bool added;
    str reason;
} result;

typedef struct {
    api *x;
    arena *a;
    item_usual usual;
    u64 nonce; /* names items that bring no external_id */
    signal *sigs;
    size_t sigs_n;
    result *results;
    size_t n, cap;
} posting;

static bool item_room(const posting *p, err *e) {
    if (p->n < LIMIT_POST_ITEMS) return true;
    return fail(e, LIMIT, "more than %d signals in one request; send several, or upload a file",
                LIMIT_POST_ITEMS);
}

static void grow(posting *p) {
    if (p->n < p->cap) return;
    size_t cap = MAX(p->cap * 2, (size_t)16);
    result *r = NEW_N(p->a, result, cap);
    signal *s = NEW_N(p->a, signal, cap);
    if (p->n) memcpy(r, p->results, p->n * sizeof *r);
    if (p->sigs_n) memcpy(s, p->sigs, p->sigs_n * sizeof *s);
    p->results = r;
    p->sigs = s;
    p->cap = cap;
}

static void reject(posting *p, const err *why) {
    grow(p);
    p->results[p->n++] = (result){.reason = arena_str(p->a, str_of(why->msg))};
}

static void take(posting *p, const json *object) {
    err why;
    signal s;
    grow(p);
    p->usual.name = arena_fmt(p->a, "api:%016" PRIx64 "#%zu", p->nonce, p->n);
    if (!item_read(p->a, object, &p->usual, &s, &why)) {
        reject(p, &why);
        return;
    }
    p->sigs[p->sigs_n++] = s;
    p->results[p->n++].id = 1; /* until the writer says which */
}

/* ---- bodies ---- */

static bool take_lines(posting *p, str body, err *e) {
    while (body.n) {
        str line;
        json *v;
        err why;
        str_line(&body, &line);
        line = str_trim(line);
        if (!line.n) continue;
        if (!item_room(p, e)) return false;
        if (json_read(p->a, line, &v, &why))
            take(p, v);
        else
            reject(p, &why);
    }
    return true;
}

static bool take_document(posting *p, str body, err *e) {
    json *v;
    if (!json_read(p->a, body, &v, e)) return false;
    if (v->kind != JSON_ARRAY) return take(p, v), true;
    for (const json *item = v->first; item; item = item->next) {
        if (!item_room(p, e)) return false;
        take(p, item);
    }
    return true;
}

static bool is_lines(const http_request *r) {
    return http_type_is(r, "application/x-ndjson") || http_type_is(r, "application/jsonl") ||
           http_type_is(r, "application/jsonlines");
}

/* ---- storing and telling ---- */

static bool store_all(posting *p, flow_counts *counts, err *e) {
    flow_fate *fates = NEW_N(p->a, flow_fate, p->sigs_n);
    if (p->sigs_n && !writer_take(p->x->writer, p->sigs, p->sigs_n, NULL, counts, fates, e))
        return false;
    for (size_t i = 0, k = 0; i < p->n; i++) {
        if (!p->results[i].id) continue;
        p->results[i].id = fates[k].id;
        p->results[i].added = fates[k++].added;
    }
    return true;
}

static void put_result(json_out *j, size_t index, const result *r) {
    json_object(j);
    put_int(j, "index", (i64)index);
    if (r->id) put_int(j, "id", r->id);
    put_text(j, "status", !r->id ? S("rejected") : r->added ? S("added") : S("known"));
    if (!r->id) put_text(j, "reason", r->reason);
    json_end_object(j);
}

/* brief: without what became of each. */
static void print_results(const posting *p, buf *b, bool brief) {
    i64 added = 0, rejected = 0;
    json_out j = json_to(b);
    json_object(&j);
    json_key(&j, S("results"));
    json_array(&j);
    for (size_t i = 0; i < p->n; i++) {
        if (!brief) put_result(&j, i, &p->results[i]);
        added += p->results[i].added;
        rejected += !p->results[i].id;
    }
    json_end_array(&j);
    put_int(&j, "added", added);
    put_int(&j, "known", (i64)p->n - added - rejected);
    put_int(&j, "rejected", rejected);
    json_end_object(&j);
}

static bool post(api *x, arena *a, asked *v, err *e) {
    str body;
    replaying again;
    flow_counts counts = {0};
    buf b = {.a = a}, brief = {.a = a};
    posting p = {.x = x, .a = a, .nonce = x->w->random(x->w)};
    p.usual = (item_usual){.source = S("api"), .now_ms = x->w->now_ms(x->w)};
    if (!x->writer) return fail(e, BUSY, "this server takes no signals");
    if (!http_body_all(v->http, a, (size_t)LIMIT_POST_BYTES, &body, e) ||
        !replay_begin(x, a, v, body, &again, e))
        return false;
    if (again.answered) return true;
    if (again.key.n) p.nonce = str_hash(again.key); /* the same items have the same names */
    if (!(is_lines(v->http) ? take_lines(&p, body, e) : take_document(&p, body, e))) return false;
    if (p.n == 0) return fail(e, INVALID, "the request holds no signal");
    if (!store_all(&p, &counts, e)) return false;
    print_results(&p, &b, false);
    print_results(&p, &brief, true);
    return replay_end(x, a, v, &again, p.sigs_n == p.n ? 200 : 207, &b, &brief, e);
}

static const route routes[] = {
    {METHOD_POST, "/api/v1/signals", "signals.write",
     "Signals in: an object, an array, or one object a line (application/x-ndjson)", .handle = post,
     .takes = "signal_wishes", .takes_as = "application/json application/x-ndjson",
     .gives = "taken", .status = "200 207 409", .fields = "Idempotency-Key",
     .body_max = LIMIT_POST_BYTES},
};
const page page_signals = {
    .name = "signals", .title = "Signals in", .routes = routes, .routes_n = COUNT(routes)};
