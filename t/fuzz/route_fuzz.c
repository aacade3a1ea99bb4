/* route_fuzz.c - any bytes as path and query: what is decoded hides nothing. */
#include "api/route.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool nothing(api *x, arena *a, asked *v, err *e) {
    (void)x, (void)a, (void)v, (void)e;
    return true;
}

#define R(p)                                                                                       \
    { .method = METHOD_GET, .path = p, .scope = "public", .handle = nothing }
static const route table[] = {R("/"),          R("/a"),     R("/a/{x}"),
                              R("/a/{x}/{y}"), R("/{x}/b"), R("/f/{rest*}")};

static void judge_part(arena *a, str part) {
    str out;
    err e = {.msg = ""};
    if (!path_part(a, part, &out, &e)) {
        check(e.msg[0]);
        return;
    }
    check(out.n && !memchr(out.p, '/', out.n) && !memchr(out.p, 0, out.n) &&
          !str_eq(out, S("..")) && utf8_bad(out) < 0);
}

static bool once(arena *a, void *ctx, err *e) {
    str raw = *(str *)ctx, path = raw, query = NO_STR;
    router *r = router_open();
    routed found;
    params p = {0};
    str_cut(raw, '?', &path, &query);
    router_add(r, table, COUNT(table));
    for (int m = 0; m < HTTP_METHODS; m++) router_find(r, (http_method)m, path, &found);
    for (size_t i = 0; found.route && i < LIMIT_PATH_PARAMS; i++) judge_part(a, found.parts[i]);
    router_close(r);
    judge_part(a, path);
    if (!query_parse(a, query, &p, e)) return false;
    check(p.n <= LIMIT_QUERY_PARAMS);
    for (size_t i = 0; i < p.n; i++)
        check(utf8_bad(p.items[i].name) < 0 && utf8_bad(p.items[i].value) < 0);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    err e = {.msg = ""};
    str raw = {(const char *)data, MIN(size, (size_t)LIMIT_HTTP_TARGET_BYTES)};
    if (!job_run(4 << 20, once, &raw, &e)) check(e.msg[0]);
    return 0;
}
