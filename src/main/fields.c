/* fields.c - field=value words of a command line, read into a noun. */
#include "main/fields.h"
#include "main/calc_input.h"
#include "kern/num6.h"

static void put_list(json_out *j, str text) {
    str one, rest = text;
    json_array(j);
    for (bool more = text.n > 0; more;) {
        more = str_cut(rest, ';', &one, &rest);
        json_text(j, str_trim(more ? one : rest));
    }
    json_end_array(j);
}

static bool put_json_field(call *c, json_out *j, const field *f, str text, err *e) {
    json *tree;
    if (text.n && (text.p[0] == '{' || text.p[0] == '[')) {
        if (!json_read(c->a, text, &tree, e)) return false;
        json_raw(j, text);
    } else if (str_eq(str_of(f->name), S("title"))) {
        json_object(j);
        json_key(j, S("en"));
        json_text(j, text);
        json_end_object(j);
    } else {
        put_list(j, text);
    }
    return true;
}

/* Numbers stand bare in JSON, all else as text: noun_read judges both. */
static bool put_member(call *c, const noun *n, json_out *j, str word, err *e) {
    str name, text;
    num6 number;
    i64 whole;
    if (!str_cut(word, '=', &name, &text))
        return fail(e, INVALID, "\"%.*s\": want field=value", (int)MIN(word.n, 80), word.p);
    const field *f = noun_field(n, name);
    json_key(j, name);
    if (f && f->kind == FIELD_JSON) return put_json_field(c, j, f, text, e);
    if (f && f->kind == FIELD_NUM6 && num6_parse(text, &number))
        json_num(j, num6_double(number));
    else if (f && (f->kind == FIELD_INT || f->kind == FIELD_REF) && str_int(text, &whole))
        json_int(j, whole);
    else if (text.n)
        json_text(j, text);
    else
        json_null(j);
    return true;
}

bool fields_read(call *c, const noun *n, const str_list *words, size_t from, void *rec, err *e) {
    buf b = {.a = c->a};
    json_out j = json_to(&b);
    json *object;
    json_object(&j);
    for (size_t i = from; i < words->n; i++)
        if (!put_member(c, n, &j, words->items[i], e)) return false;
    json_end_object(&j);
    return json_read(c->a, buf_view(&b), &object, e) && noun_read(c->a, n, object, rec, e);
}

bool fields_file(call *c, str path, json **object, err *e) {
    str name = arena_str(c->a, path);
    bool in = str_eq(path, S("-"));
    FILE *f = in ? stdin : fopen(name.p, "re");
    if (!f) return fail(e, NOT_FOUND, "cannot open %.*s: %s", STR_ARG(path), strerror(errno));
    bool ok = calc_input_read(c, f, NO_STR, object, e);
    if (!in) fclose(f);
    if (ok && (*object)->kind != JSON_OBJECT)
        return fail(e, INVALID, "%.*s does not hold one JSON object", STR_ARG(path));
    return ok;
}
