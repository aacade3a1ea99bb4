/* json_test.c - JSON out and in: round trips, refusals, limits, and the public conformance corpus. */
#include "base/number.h"
#include "base/test.h"
#include "base/json.h"
#include "base/limits.h"
#include <dirent.h>

static bool reads(arena *a, const char *text, json **out, err *e) {
    return json_read(a, str_of(text), out, e);
}

static void print(json_out *j, const json *v) {
    if (v->key.p) json_key(j, v->key);
    switch (v->kind) {
    case JSON_NULL:
        json_null(j);
        break;
    case JSON_BOOL:
        json_bool(j, v->i);
        break;
    case JSON_INT:
        json_int(j, v->i);
        break;
    case JSON_NUM:
        json_num(j, v->num);
        break;
    case JSON_TEXT:
        json_text(j, v->text);
        break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        v->kind == JSON_ARRAY ? json_array(j) : json_object(j);
        for (const json *c = v->first; c; c = c->next) print(j, c);
        v->kind == JSON_ARRAY ? json_end_array(j) : json_end_object(j);
        break;
    }
}

static void what_is_written_reads_back_equal(void **state) {
    (void)state;
    static const char *texts[] = {
        "{}",
        "[]",
        "null",
        "true",
        "-1",
        "0.5",
        "\"\"",
        "[1,[2,[3,{}]],{\"a\":[]}]",
        "{\"a\":1,\"b\":[true,false,null],\"c\":{\"d\":\"x\\n\\\"\\\\\"}}",
        "9223372036854775807",
        "-9223372036854775807",
        "1.7976931348623157e+308",
        "\"快递太慢 \xf0\x9f\x98\xa1\"",
        "{\"\":0}",
    };
    err e;
    arena *a = arena_open(1 << 20);
    for (size_t i = 0; i < COUNT(texts); i++) {
        json *v;
        buf b = {.a = a};
        json_out j = json_to(&b);
        assert_ok(reads(a, texts[i], &v, &e));
        print(&j, v);
        assert_str(buf_view(&b), str_of(texts[i]));
    }
    arena_close(a);
}

static void escapes_are_decoded(void **state) {
    (void)state;
    err e;
    json *v;
    arena *a = arena_open(1 << 20);
    assert_ok(reads(a, "\"\\u5feb\\u9012 \\ud83d\\ude00 \\u0000 \\/\"", &v, &e));
    assert_str(v->text, S("快递 \xf0\x9f\x98\x80 \0 /"));
    arena_close(a);
}

static void getters_find_the_last_of_equal_keys_or_nothing(void **state) {
    (void)state;
    err e;
    json *v;
    arena *a = arena_open(1 << 20);
    assert_ok(reads(a, "{\"a\":1,\"t\":\"x\",\"f\":2.5,\"a\":570306133677760513}", &v, &e));
    assert_int_equal(v->n, 4);
    assert_int_equal(json_get_int(v, S("a")), 570306133677760513);
    assert_str(json_get_text(v, S("t")), S("x"));
    assert_near(json_get_num(v, S("f")), 2.5, 0);
    assert_int_equal(json_get_int(v, S("f")), NONE);
    assert_null(json_get(v, S("none")));
    assert_null(json_get(v->first, S("a")));
    assert_null(json_get_text(v, S("a")).p);
    assert_true(isnan(json_get_num(NULL, S("a"))));
    arena_close(a);
}

static void wrong_text_is_refused_with_a_sentence(void **state) {
    (void)state;
    static const struct {
        const char *text, *sentence;
    } bad[] = {
        {"", "not valid JSON: there is nothing but blanks"},
        {"  ", "not valid JSON: there is nothing but blanks"},
        {"[1,]", "not valid JSON: the structure is broken (a bracket, comma, colon or value is "
                 "missing or misplaced)"},
        {"{\"a\" 1}", "not valid JSON: the structure is broken (a bracket, comma, colon or value "
                      "is missing or misplaced)"},
        {"\"\xff\"", "not valid JSON: byte 2 is not UTF-8"},
        {"nul", "not valid JSON: a word beginning with n is not null"},
        {"01", "not valid JSON: a number is malformed or too large"},
    };
    arena *a = arena_open(1 << 20);
    for (size_t i = 0; i < COUNT(bad); i++) {
        err e;
        json *v = NULL;
        assert_false(reads(a, bad[i].text, &v, &e));
        assert_null(v);
        assert_string_equal(e.msg, bad[i].sentence);
        assert_int_equal(e.code, INVALID);
    }
    arena_close(a);
}

static str nested(arena *a, size_t levels, bool closed) {
    buf b = {.a = a};
    for (size_t i = 0; i < levels; i++) buf_char(&b, '[');
    for (size_t i = 0; closed && i < levels; i++) buf_char(&b, ']');
    return buf_view(&b);
}

static void depth_ends_at_the_limit(void **state) {
    (void)state;
    err e;
    json *v;
    arena *a = arena_open(8 << 20);
    assert_ok(json_read(a, nested(a, LIMIT_JSON_DEPTH, true), &v, &e));
    assert_false(json_read(a, nested(a, LIMIT_JSON_DEPTH + 1, true), &v, &e));
    assert_int_equal(e.code, LIMIT);
    assert_string_equal(e.msg, "this JSON is nested more than 64 levels deep");
    assert_false(json_read(a, nested(a, 1000000, false), &v, &e));
    arena_close(a);
}

static bool read_once(arena *a, void *ctx, err *e) {
    json *v;
    return json_read(a, *(str *)ctx, &v, e);
}

static void every_failing_allocation_ends_in_one_sentence(void **state) {
    (void)state;
    err e;
    str text = S("{\"a\":[1,2,{\"b\":\"c\"}]}");
    i64 survived = -1;
    for (i64 n = 0; survived < 0; n++) {
        arena_fail_after(n);
        if (job_run(1 << 20, read_once, &text, &e))
            survived = n;
        else
            assert_int_equal(e.code, LIMIT);
    }
    arena_fail_after(-1);
    assert_true(survived > 5);
}

static str file_text(arena *a, str folder, const char *name) {
    str path = arena_fmt(a, "%.*s/%s", STR_ARG(folder), name);
    buf b = {.a = a};
    char block[4096];
    FILE *f = fopen(path.p, "rb");
    assert_non_null(f);
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;) buf_bytes(&b, block, n);
    fclose(f);
    return buf_view(&b);
}

static void the_conformance_corpus_is_judged_right(void **state) {
    (void)state;
    arena *a = arena_open(64 << 20);
    const char *shared = getenv("HEED_SHARED");
    str folder = arena_fmt(a, "%s/corpus/json", shared ? shared : "../shared");
    DIR *d = opendir(folder.p);
    if (!d) {
        print_message("skipped: no %s\n", folder.p);
        arena_close(a);
        skip();
    }
    int yes = 0, no = 0, free_choice = 0;
    for (struct dirent *f; (f = readdir(d));) {
        json *v;
        err e = {0};
        if (!str_ends(str_of(f->d_name), S(".json"))) continue;
        bool ok = json_read(a, file_text(a, folder, f->d_name), &v, &e);
        if (f->d_name[0] == 'y' && !ok) fail_msg("%s refused: %s", f->d_name, e.msg);
        if (f->d_name[0] == 'n' && ok) fail_msg("%s accepted", f->d_name);
        if (!ok) assert_true(e.msg[0] != 0);
        *(f->d_name[0] == 'y' ? &yes : f->d_name[0] == 'n' ? &no : &free_choice) += 1;
    }
    closedir(d);
    arena_close(a);
    print_message("%d accepted, %d refused, %d either way\n", yes, no, free_choice);
    assert_int_equal(yes + no + free_choice, 318);
}

/* The twin: as many digits of printf's as reading back needs. */
static void numbers_are_printed_as_printf_would_with_just_enough_digits(void **state) {
    (void)state;
    static const double some[] = {
        0,     -0.0,   1,      -1,   0.1,   1e15,  1e16, 1e21,  123456789012345678.0,
        1e-4,  1e-5,   1.5e-7, 1e17, 1e300, 2.5,   100,  1e22,  0.30000000000000004,
        -12.5, 1 / 3., 2 / 3., 1e14, 9e15,  4e-10, 50,   99.95, 1234567.125};
    u64 x = 88172645463325252u;
    for (size_t i = 0; i < 300000; i++) {
        char want[40], have[NUMBER_ROOM + 1];
        double v = 0;
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        if (i < COUNT(some))
            v = some[i];
        else if (i % 3 == 0)
            memcpy(&v, &x, sizeof v);
        else
            v = (double)(i64)(x >> 20) / (i % 3 == 1 ? 1000.0 : 7e9);
        if (!isfinite(v) || (v != 0 && fabs(v) < 1e-300)) continue;
        for (int digits = 15; digits <= 17; digits++) {
            snprintf(want, sizeof want, "%.*g", digits, v);
            if (strtod(want, NULL) == v) break;
        }
        have[number_print(v, have)] = 0;
        assert_string_equal(have, want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_printed_as_printf_would_with_just_enough_digits),
        cmocka_unit_test(what_is_written_reads_back_equal),
        cmocka_unit_test(escapes_are_decoded),
        cmocka_unit_test(getters_find_the_last_of_equal_keys_or_nothing),
        cmocka_unit_test(wrong_text_is_refused_with_a_sentence),
        cmocka_unit_test(depth_ends_at_the_limit),
        cmocka_unit_test(every_failing_allocation_ends_in_one_sentence),
        cmocka_unit_test(the_conformance_corpus_is_judged_right),
    };
    return RUN_TESTS(tests);
}
