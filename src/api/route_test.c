/* route_test.c - the tree of routes against a slow twin; decoding; parameters. */
#include "base/test.h"
#include "api/route.h"

static bool nothing(api *x, arena *a, asked *v, err *e) {
    (void)x, (void)a, (void)v, (void)e;
    return true;
}

#define R(m, p)                                                                                    \
    { .method = METHOD_##m, .path = p, .scope = "public", .handle = nothing }
static const route table[] = {
    R(GET, "/"),           R(GET, "/a"),
    R(POST, "/a"),         R(GET, "/a/{id}"),
    R(DELETE, "/a/{id}"),  R(GET, "/a/all"),
    R(GET, "/a/{id}/b"),   R(PUT, "/a/all/c"),
    R(GET, "/{x}/{y}/c"),  R(GET, "/files/{path*}"),
    R(HEAD, "/files/one"), R(OPTIONS, "/a/{id}/b"),
};

/* One part of pattern and path; named parts take any that is not empty. */
static bool slow_match(str pattern, str path) {
    for (;;) {
        if (pattern.n == 0 || path.n == 0) return pattern.n == 0 && path.n == 0;
        if (path.p[0] != '/') return false;
        pattern = str_from(pattern, 1), path = str_from(path, 1);
        str p = pattern, q = path, rest;
        str_cut(pattern, '/', &p, &rest), str_cut(path, '/', &q, &rest);
        bool named = p.n && p.p[0] == '{';
        if (named && str_ends(p, S("*}"))) return q.n > 0;
        if (named ? q.n == 0 : !str_eq(p, q)) return false;
        pattern = str_from(pattern, p.n), path = str_from(path, q.n);
    }
}

/* Better: the first part in which two patterns differ is literal. */
static bool more_literal(str a, str b) {
    size_t i = 0;
    while (i < a.n && i < b.n && a.p[i] == b.p[i]) i++;
    return i < b.n && b.p[i] == '{' && !(i < a.n && a.p[i] == '{');
}

static const route *slow_find(http_method m, str path, bool *there) {
    const route *best = NULL;
    *there = false;
    for (int fallback = 0; fallback < 2 && !best; fallback++)
        for (size_t i = 0; i < COUNT(table); i++) {
            if (!slow_match(str_of(table[i].path), path)) continue;
            *there = true;
            bool fits = table[i].method == (fallback && m == METHOD_HEAD ? METHOD_GET : m);
            if (fits && (!best || more_literal(str_of(table[i].path), str_of(best->path))))
                best = &table[i];
        }
    return best;
}

static router *tree(void) {
    router *r = router_open();
    router_add(r, table, COUNT(table));
    return r;
}

static void the_tree_finds_what_its_slow_twin_finds(void **state) {
    (void)state;
    static const char *const parts[] = {"/a", "/all",  "/b", "/c",    "/files", "/one",
                                        "/",  "/x%2f", "a",  "/{id}", "/.."};
    router *r = tree();
    size_t found = 0, total = COUNT(parts) * COUNT(parts) * COUNT(parts) * COUNT(parts);
    for (size_t i = 0; i < total; i++) {
        char path[64] = "";
        size_t n = 0;
        for (size_t k = i, depth = 0; depth < 4 && (depth == 0 || k); k /= COUNT(parts), depth++)
            n += (size_t)snprintf(path + n, sizeof path - n, "%s", parts[k % COUNT(parts)]);
        for (int m = 0; m < HTTP_METHODS; m++) {
            routed got;
            bool there;
            const route *want = slow_find((http_method)m, (str){path, n}, &there);
            router_find(r, (http_method)m, (str){path, n}, &got);
            if (got.route != want || got.status != (want ? 200 : there ? 405 : 404))
                fail_msg("%s %s: %s, not %s (%d)", http_method_text((http_method)m), path,
                         got.route ? got.route->path : "-", want ? want->path : "-", got.status);
            found += got.route != NULL;
        }
    }
    assert_true(found > 1000);
    router_close(r);
}

static void named_parts_come_in_order(void **state) {
    (void)state;
    router *r = tree();
    routed got;
    router_find(r, METHOD_GET, S("/p/q/c"), &got);
    assert_str(got.parts[0], S("p"));
    assert_str(got.parts[1], S("q"));
    router_find(r, METHOD_GET, S("/files/x/y/z"), &got);
    assert_str(got.parts[0], S("x/y/z"));
    router_find(r, METHOD_PATCH, S("/a/7"), &got);
    assert_int_equal(got.status, 405);
    assert_int_equal(got.allowed, 1u << METHOD_GET | 1u << METHOD_HEAD | 1u << METHOD_DELETE |
                                      1u << METHOD_OPTIONS);
    router_close(r);
}

typedef struct {
    void (*fn)(arena *a);
} job;

static bool run_job(arena *a, void *ctx, err *e) {
    (void)e;
    ((job *)ctx)->fn(a);
    return true;
}

static void in_arena(void (*fn)(arena *a)) {
    err e;
    job j = {fn};
    assert_ok(job_run(1 << 22, run_job, &j, &e));
}

static void decode_parts(arena *a) {
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"abc", "abc"},   {"a%20b", "a b"}, {"%E6%85%A2", "慢"}, {"a+b", "a+b"},
        {"%2e%2e", NULL}, {"..", NULL},     {".", NULL},         {"...", "..."},
        {"a%2Fb", NULL},  {"a%5cb", NULL},  {"", NULL},          {"%", NULL},
        {"%1", NULL},     {"%zz", NULL},    {"a%00b", NULL},     {"a%0d%0ab", NULL},
        {"%7f", NULL},    {"%ff", NULL},    {"%c0%ae", NULL},    {"%ed%a0%80", NULL},
        {"%252e", "%2e"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        str out = NO_STR;
        err e;
        bool ok = path_part(a, str_of(rows[i].in), &out, &e);
        if (ok != (rows[i].out != NULL)) fail_msg("\"%s\"", rows[i].in);
        if (ok)
            assert_str(out, str_of(rows[i].out));
        else
            assert_null(out.p);
    }
}

static void parts_are_decoded_and_traversal_is_refused(void **state) {
    (void)state;
    in_arena(decode_parts);
}

static void read_queries(arena *a) {
    static const struct {
        const char *in, *name, *value;
        int n; /* -1: refused */
    } rows[] = {
        {"a=1&b=2", "b", "2", 2},
        {"a=1&a=2", "a", "1", 2},
        {"a", "a", "", 1},
        {"=x", "", "x", 1},
        {"", "a", NULL, 0},
        {"&&a=b&", "a", "b", 1},
        {"a=b=c", "a", "b=c", 1},
        {"q=a+b%2Bc", "q", "a b+c", 1},
        {"%61=%E4%BD%A0", "a", "你", 1},
        {"a=%0A", "a", "\n", 1},
        {"a=%00", NULL, NULL, -1},
        {"a=%fe", NULL, NULL, -1},
        {"a=%4", NULL, NULL, -1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        params p = {0};
        err e;
        bool ok = query_parse(a, str_of(rows[i].in), &p, &e);
        if (ok != (rows[i].n >= 0) || (ok && p.n != (size_t)rows[i].n))
            fail_msg("\"%s\"", rows[i].in);
        if (ok) assert_str(params_get(&p, rows[i].name), str_of(rows[i].value));
    }
    buf b = {.a = a};
    for (int i = 0; i < LIMIT_QUERY_PARAMS; i++) buf_str(&b, S("a=1&"));
    params p;
    err e;
    assert_false(query_parse(a, buf_view(&b), &p, &e));
    assert_int_equal(e.code, LIMIT);
}

static void queries_are_read_and_bounded(void **state) {
    (void)state;
    in_arena(read_queries);
}

static void typed_parameters(arena *a) {
    params p;
    err e;
    i64 v = 0;
    size_t k = 9;
    assert_ok(query_parse(a, S("n=12&bad=1x&by=week&empty=&big=99999999999999999999"), &p, &e));
    assert_ok(params_int(&p, "n", 1, 100, 5, &v, &e));
    assert_int_equal(v, 12);
    assert_ok(params_int(&p, "empty", 1, 100, 5, &v, &e) &&
              params_int(&p, "absent", 1, 100, 5, &v, &e));
    assert_int_equal(v, 5);
    assert_false(params_int(&p, "n", 1, 11, 5, &v, &e));
    assert_false(params_int(&p, "bad", 1, 11, 5, &v, &e));
    assert_false(params_int(&p, "big", 1, 11, 5, &v, &e));
    assert_int_equal(v, 5);
    assert_ok(params_word(&p, "by", "day week month", &k, &e));
    assert_int_equal(k, 1);
    assert_ok(params_word(&p, "absent", "day week month", &k, &e));
    assert_int_equal(k, 0);
    assert_false(params_word(&p, "by", "day weeks", &k, &e));
    assert_non_null(strstr(e.msg, "day weeks"));
}

static void parameters_have_types(void **state) {
    (void)state;
    in_arena(typed_parameters);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tree_finds_what_its_slow_twin_finds),
        cmocka_unit_test(named_parts_come_in_order),
        cmocka_unit_test(parts_are_decoded_and_traversal_is_refused),
        cmocka_unit_test(queries_are_read_and_bounded),
        cmocka_unit_test(parameters_have_types),
    };
    return RUN_TESTS(tests);
}
