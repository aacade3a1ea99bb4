/* openapi_test.c - the description holds together: every name it uses is there. */
#include "api/openapi.h"
#include "base/json.h"
#include "base/test.h"

typedef struct {
    arena *a;
    const json *doc, *components;
    size_t refs;
} reading;

static const json *whole(arena *a) {
    err e;
    json *doc;
    buf b = {.a = a};
    assert_ok(openapi_print(a, &b, &e));
    assert_ok(json_read(a, buf_view(&b), &doc, &e));
    return doc;
}

static void follow(reading *r, const json *at) {
    str ref = json_get_text(at, S("$ref")), kind, name;
    if (ref.n) {
        assert_true(str_starts(ref, S("#/components/")));
        assert_true(str_cut(str_from(ref, 13), '/', &kind, &name));
        if (!json_get(json_get(r->components, kind), name)) fail_msg("%.*s", STR_ARG(ref));
        r->refs++;
    }
    for (const json *m = at->first; m; m = m->next) follow(r, m);
}

static void every_reference_leads_somewhere(void **state) {
    (void)state;
    arena *a = arena_open(1 << 24);
    const json *doc = whole(a);
    reading r = {.a = a, .doc = doc, .components = json_get(doc, S("components"))};
    follow(&r, doc);
    assert_in_range(r.refs, 200, 5000);
    arena_close(a);
}

static void operations_have_names_of_their_own_and_say_what_they_answer(void **state) {
    (void)state;
    arena *a = arena_open(1 << 24);
    str seen[200];
    size_t n = 0;
    for (const json *p = json_get(whole(a), S("paths"))->first; p; p = p->next)
        for (const json *o = p->first; o; o = o->next) {
            str id = json_get_text(o, S("operationId"));
            assert_true(id.n > 4);
            for (size_t i = 0; i < n; i++)
                if (str_eq(seen[i], id)) fail_msg("%.*s twice", STR_ARG(id));
            seen[n++] = id;
            size_t good = 0, bad = 0;
            for (const json *s = json_get(o, S("responses"))->first; s; s = s->next)
                good += s->key.p[0] == '2', bad += s->key.p[0] == '4';
            if (!good || !bad) fail_msg("%.*s: %zu good, %zu bad", STR_ARG(id), good, bad);
            for (const json *q = json_get(o, S("parameters"))->first; q; q = q->next)
                if (!json_get(q, S("description")))
                    fail_msg("describe \"%.*s\" of %.*s in schemas/parameters.json",
                             STR_ARG(json_get_text(q, S("name"))), STR_ARG(id));
        }
    assert_in_range(n, 50, 199);
    arena_close(a);
}

static void what_is_secret_or_ours_is_not_in_the_shapes(void **state) {
    (void)state;
    arena *a = arena_open(1 << 24);
    const json *shapes = json_get(json_get(whole(a), S("components")), S("schemas"));
    const json *user = json_get(json_get(shapes, S("user")), S("properties"));
    assert_non_null(json_get(user, S("id")));
    assert_null(json_get(user, S("password")));
    assert_null(json_get(json_get(json_get(shapes, S("key")), S("properties")), S("hash")));
    const json *wish = json_get(json_get(shapes, S("rule_wish")), S("properties"));
    assert_non_null(json_get(wish, S("condition")));
    assert_null(json_get(wish, S("version")));
    arena_close(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reference_leads_somewhere),
        cmocka_unit_test(operations_have_names_of_their_own_and_say_what_they_answer),
        cmocka_unit_test(what_is_secret_or_ours_is_not_in_the_shapes),
    };
    return RUN_TESTS(tests);
}
