/* openapi.c - prints the description: paths from the routes, shapes from schemas/ and the nouns. */
#include "api/openapi.h"
#include "api/status.h"
#include "base/embed.h"
#include "base/json.h"
#include "model/nouns.h"

extern const embedded schemas[];
extern const size_t schemas_n;

typedef struct {
    arena *a;
    json_out j;
    const json *parameters;
    const page *page;
    const route *route; /* being described */
    u64 failures;       /* a bit for each of the failures[] that a route named */
    err *e;
    bool ok;
} describing;

static void text(json_out *j, const char *key, str v) {
    json_key(j, str_of(key));
    json_text(j, v);
}

static void raw(json_out *j, const char *key, str v) {
    json_key(j, str_of(key));
    json_raw(j, v);
}

static void member(json_out *j, const json *m) {
    json_key(j, m->key);
    json_value(j, m);
}

/* The next of words with blanks between; false at the end. */
static bool next_word(str *words, str *out) {
    *words = str_trim(*words);
    if (!words->n) return false;
    if (!str_cut(*words, ' ', out, words)) *out = *words, *words = NO_STR;
    return true;
}

static bool has_word(const char *words, str word) {
    str rest = words ? str_of(words) : S(""), one;
    while (next_word(&rest, &one))
        if (str_eq(one, word)) return true;
    return false;
}

static void mistake(describing *d, const char *what, str name) {
    if (d->ok) fail(d->e, CORRUPT, "openapi: %s \"%.*s\" is not there", what, STR_ARG(name));
    d->ok = false;
}

/* ---- shapes ---- */

static const noun *noun_named(str name) {
    for (size_t i = 0; i < nouns_n; i++)
        if (str_eq(str_of(nouns[i]->name), name)) return nouns[i];
    return NULL;
}

static const char *type_of(const field *f) {
    switch (f->kind) {
    case FIELD_ID:
    case FIELD_REF:
    case FIELD_INT:
        return "\"integer\"";
    case FIELD_NUM6:
        return "\"number\"";
    case FIELD_BOOL:
        return "\"boolean\"";
    case FIELD_TIME:
    case FIELD_TEXT:
    case FIELD_CHOICE:
        return "\"string\"";
    case FIELD_JSON:
        return NULL; /* anything */
    }
    check(f->kind == FIELD_JSON); /* all kinds are above */
    return NULL;
}

static void put_choices(json_out *j, const field *f, bool nullable) {
    str rest = str_of(f->choices), one;
    json_key(j, S("enum"));
    json_array(j);
    while (rest.n) {
        if (!str_cut(rest, '|', &one, &rest)) one = rest, rest = NO_STR;
        json_text(j, one);
    }
    if (nullable) json_null(j);
    json_end_array(j);
}

/* A time is printed as RFC 3339, but a date or another usual form may be sent. */
static void put_field(json_out *j, const field *f, bool wish) {
    bool nullable = f->kind != FIELD_ID && f->kind != FIELD_BOOL && !(f->flags & (REQUIRED | KEY));
    const char *type = type_of(f);
    json_key(j, str_of(f->name));
    json_object(j);
    if (f->kind == FIELD_CHOICE) {
        put_choices(j, f, nullable);
    } else if (type) {
        json_key(j, S("type"));
        if (nullable) json_array(j);
        json_raw(j, str_of(type));
        if (nullable) json_text(j, S("null"));
        if (nullable) json_end_array(j);
    }
    if (f->kind == FIELD_TIME && !wish) text(j, "format", S("date-time"));
    if (*f->help) text(j, "description", str_of(f->help));
    json_end_object(j);
}

/* A noun's fields that its JSON shows, or, wish, that may be sent. */
static bool of_shape(const field *f, bool wish) {
    return !(f->flags & SECRET) && !(wish && (f->flags & SET_BY_US));
}

static void put_properties(json_out *j, const noun *n, bool wish, const json *own) {
    json_key(j, S("properties"));
    json_object(j);
    for (size_t i = 0; n && i < n->fields_n; i++)
        if (of_shape(&n->fields[i], wish) && !json_get(own, str_of(n->fields[i].name)))
            put_field(j, &n->fields[i], wish);
    for (const json *p = own ? own->first : NULL; p; p = p->next) member(j, p);
    json_end_object(j);
}

/* What is printed is always there; what may be sent need not be, unless the schema says so. */
static void put_required(json_out *j, const noun *n, bool wish, const json *own) {
    bool any = (n && !wish) || (own && own->n);
    if (!any) return;
    json_key(j, S("required"));
    json_array(j);
    for (size_t i = 0; n && !wish && i < n->fields_n; i++)
        if (of_shape(&n->fields[i], wish)) json_text(j, str_of(n->fields[i].name));
    for (const json *r = own ? own->first : NULL; r; r = r->next) json_value(j, r);
    json_end_array(j);
}

static void put_noun_shape(describing *d, const json *schema, str name, bool wish) {
    const noun *n = noun_named(name);
    if (!n) {
        mistake(d, "the noun", name);
        return;
    }
    json_key(&d->j, schema->key);
    json_object(&d->j);
    for (const json *m = schema->first; m; m = m->next)
        if (!str_starts(m->key, S("x-")) && !str_eq(m->key, S("properties")) &&
            !str_eq(m->key, S("required")))
            member(&d->j, m);
    put_required(&d->j, n, wish, json_get(schema, S("required")));
    put_properties(&d->j, n, wish, json_get(schema, S("properties")));
    if (wish) raw(&d->j, "additionalProperties", S("false"));
    json_end_object(&d->j);
}

static bool is_parameters(const embedded *f) {
    return strcmp(f->name, "parameters.json") == 0;
}

static void put_shapes(describing *d) {
    json_key(&d->j, S("schemas"));
    json_object(&d->j);
    for (size_t i = 0; i < schemas_n && d->ok; i++) {
        json *file;
        if (is_parameters(&schemas[i])) continue;
        if (!json_read(d->a, embedded_text(&schemas[i]), &file, d->e)) {
            d->ok = false;
            return;
        }
        for (const json *s = file->first; s; s = s->next) {
            str noun_name = json_get_text(s, S("x-noun")), wish = json_get_text(s, S("x-wish"));
            if (noun_name.n || wish.n)
                put_noun_shape(d, s, noun_name.n ? noun_name : wish, wish.n > 0);
            else
                member(&d->j, s);
        }
    }
    json_end_object(&d->j);
}

/* A schema by its name in schemas/, or as it stands. */
static void put_schema(json_out *j, const char *schema) {
    json_key(j, S("schema"));
    if (schema && *schema == '{') {
        json_raw(j, str_of(schema));
        return;
    }
    buf b = {0};
    buf_fmt(&b, "#/components/schemas/%s", schema ? schema : "file");
    json_object(j);
    text(j, "$ref", buf_view(&b));
    json_end_object(j);
    buf_clear(&b);
}

static bool is_lines(str type) {
    return str_eq(type, S("application/x-ndjson")) || str_eq(type, S("application/jsonl"));
}

static void put_content(json_out *j, const char *types, const char *schema) {
    str rest = str_of(types ? types : "application/json"), type;
    json_key(j, S("content"));
    json_object(j);
    while (next_word(&rest, &type)) {
        json_key(j, type);
        json_object(j);
        put_schema(j, is_lines(type) ? "lines" : schema);
        json_end_object(j);
    }
    json_end_object(j);
}

/* ---- parameters ---- */

static void put_parameter(describing *d, str name, const char *in) {
    json_out *j = &d->j;
    const json *known =
        json_get(d->parameters, arena_fmt(d->a, "%s %.*s", d->route->path, STR_ARG(name)));
    if (!known) known = json_get(d->parameters, name);
    json_object(j);
    text(j, "name", name);
    text(j, "in", str_of(in));
    if (strcmp(in, "path") == 0) raw(j, "required", S("true"));
    if (!known) raw(j, "schema", S("{\"type\":\"string\"}")); /* a test asks for its description */
    for (const json *m = known ? known->first : NULL; m; m = m->next) member(j, m);
    json_end_object(j);
}

static void put_words(describing *d, const char *words, const char *in) {
    str rest = words ? str_of(words) : S(""), name;
    while (next_word(&rest, &name))
        if (!str_eq(name, S("*"))) put_parameter(d, name, in);
}

static void put_parameters(describing *d) {
    const route *r = d->route;
    str rest = str_of(r->path), head, name;
    json_key(&d->j, S("parameters"));
    json_array(&d->j);
    while (str_cut(rest, '{', &head, &rest) && str_cut(rest, '}', &name, &rest))
        put_parameter(d, name, "path");
    put_words(d, r->query, "query");
    put_words(d, r->fields, "header");
    if (has_word(r->status, S("412"))) put_parameter(d, S("If-Match"), "header");
    json_end_array(&d->j);
}

/* ---- answers ---- */

static const int failures[] = {400, 401, 403, 404, 409, 412, 413, 415, 429, 500, 503};

static bool is_public(const route *r) {
    return strcmp(r->scope, "public") == 0;
}

/* What any route of this kind may be told; what only some can stands in route.status. */
static bool may_fail(const route *r, int status) {
    bool body = r->takes || r->takes_as;
    char word[8];
    switch (status) {
    case 400:
    case 500:
    case 503:
        return true;
    case 401:
    case 403:
        if (!is_public(r)) return true;
        break;
    case 404:
        if (strchr(r->path, '{')) return true;
        break;
    case 413:
    case 415:
        if (body) return true;
        break;
    case 429:
        if (!is_public(r) || body) return true;
        break;
    }
    snprintf(word, sizeof word, "%d", status);
    return has_word(r->status, str_of(word));
}

static const char *meaning(str status) {
    static const struct {
        const char *status, *meaning;
    } all[] = {{"200", "Done"},
               {"201", "Made"},
               {"202", "Begun; it goes on in the background"},
               {"204", "Done; there is nothing to tell"},
               {"207", "Some of them were refused: each is told"},
               {"304", "It is still what the client has"}};
    for (size_t i = 0; i < COUNT(all); i++)
        if (str_eq(str_of(all[i].status), status)) return all[i].meaning;
    return NULL;
}

static void put_etag(json_out *j) {
    raw(j, "headers",
        S("{\"ETag\":{\"description\":\"Of this version: for If-Match and If-None-Match\","
          "\"schema\":{\"type\":\"string\"}}}"));
}

static void put_success(describing *d, str status) {
    const route *r = d->route;
    json_key(&d->j, status);
    json_object(&d->j);
    text(&d->j, "description", str_of(meaning(status)));
    if (!str_eq(status, S("204")) && !str_eq(status, S("304"))) {
        if (has_word(r->status, S("304")) || has_word(r->status, S("412"))) put_etag(&d->j);
        put_content(&d->j, r->gives_as, r->gives);
    }
    json_end_object(&d->j);
}

static void put_responses(describing *d) {
    const route *r = d->route;
    str rest = r->status ? str_of(r->status) : S(""), status;
    bool told = false;
    json_key(&d->j, S("responses"));
    json_object(&d->j);
    while (next_word(&rest, &status))
        if (meaning(status)) put_success(d, status), told |= status.p[0] == '2';
    if (!told) put_success(d, r->gives || r->gives_as ? S("200") : S("204"));
    for (size_t i = 0; i < COUNT(failures); i++) {
        if (!may_fail(r, failures[i])) continue;
        d->failures |= 1ull << i;
        json_key(&d->j, arena_fmt(d->a, "%d", failures[i]));
        json_raw(&d->j,
                 arena_fmt(d->a, "{\"$ref\":\"#/components/responses/problem_%d\"}", failures[i]));
    }
    raw(&d->j, "default", S("{\"$ref\":\"#/components/responses/problem\"}"));
    json_end_object(&d->j);
}

#define PROBLEM "{\"$ref\":\"#/components/schemas/problem\"}"

static void put_failure(describing *d, str name, int status) {
    buf b = {.a = d->a};
    json_out *j = &d->j;
    json_key(j, name);
    json_object(j);
    text(j, "description", str_of(status ? status_title(status) : "Anything else that is refused"));
    if (status == 429 || status == 503)
        raw(j, "headers",
            S("{\"Retry-After\":{\"description\":\"Seconds to wait\",\"schema\":{\"type\":"
              "\"integer\"}}}"));
    json_key(j, S("content"));
    json_object(j);
    json_key(j, S("application/problem+json"));
    json_object(j);
    raw(j, "schema", S(PROBLEM));
    if (status) {
        status_print(&b, status, S("one sentence that says what to do"), S("9f86d081884c7d65"),
                     S("en"));
        raw(j, "example", buf_view(&b));
    }
    json_end_object(j), json_end_object(j), json_end_object(j);
}

static void put_failures(describing *d) {
    json_key(&d->j, S("responses"));
    json_object(&d->j);
    for (size_t i = 0; i < COUNT(failures); i++)
        if (d->failures & 1ull << i)
            put_failure(d, arena_fmt(d->a, "problem_%d", failures[i]), failures[i]);
    put_failure(d, S("problem"), 0);
    json_end_object(&d->j);
}

/* ---- operations ---- */

/* get_tickets, patch_tickets_id: unique, for programs that make code of it. */
static void put_operation_id(json_out *j, const route *r) {
    buf b = {0};
    const char *path = r->path;
    for (const char *m = http_method_text(r->method); *m; m++) buf_char(&b, (char)(*m | 0x20));
    if (str_starts(str_of(path), S("/api/v1/"))) path += sizeof "/api/v1" - 1;
    for (const char *p = path; *p; p++) {
        bool word =
            (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9');
        if (word)
            buf_char(&b, *p);
        else if (b.p[b.n - 1] != '_')
            buf_char(&b, '_');
    }
    while (b.n && b.p[b.n - 1] == '_') b.n--;
    text(j, "operationId", buf_view(&b));
    buf_clear(&b);
}

static void put_security(json_out *j, const route *r) {
    const char *one = "[{\"key\":[]},{\"session\":[]}]";
    bool changes = r->method != METHOD_GET, people = strcmp(r->scope, "session") == 0;
    if (is_public(r))
        one = "[]";
    else if (r->key_in_body)
        one = "[{\"write_key\":[]},{\"key\":[]}]";
    else if (changes)
        one = people ? "[{\"session\":[],\"csrf\":[]}]"
                     : "[{\"key\":[]},{\"session\":[],\"csrf\":[]}]";
    else if (people)
        one = "[{\"session\":[]}]";
    raw(j, "security", str_of(one));
}

static void put_operation(describing *d) {
    const route *r = d->route;
    json_out *j = &d->j;
    char method[16] = "";
    const char *name = http_method_text(r->method);
    for (size_t i = 0; name[i] && i < sizeof method - 1; i++) method[i] = (char)(name[i] | 0x20);
    json_key(j, str_of(method));
    json_object(j);
    text(j, "summary", str_of(r->summary));
    put_operation_id(j, r);
    json_key(j, S("tags"));
    json_array(j), json_text(j, str_of(d->page->name)), json_end_array(j);
    text(j, "x-right", str_of(r->scope));
    put_security(j, r);
    put_parameters(d);
    if (r->takes || r->takes_as) {
        json_key(j, S("requestBody"));
        json_object(j);
        raw(j, "required", S("true"));
        put_content(j, r->takes_as, r->takes);
        json_end_object(j);
    }
    put_responses(d);
    json_end_object(j);
}

static bool is_api(const route *r) {
    str path = str_of(r->path);
    return (str_starts(path, S("/api/")) || str_starts(path, S("/v1/"))) &&
           str_find(path, S("*}")) < 0;
}

/* Routes of one path may stand on several pages; each path is described once. */
static void put_path(describing *d, str path) {
    json_key(&d->j, path);
    json_object(&d->j);
    for (size_t i = 0; i < pages_n; i++)
        for (size_t k = 0; k < pages[i]->routes_n; k++) {
            d->page = pages[i], d->route = &pages[i]->routes[k];
            if (str_eq(str_of(d->route->path), path)) put_operation(d);
        }
    json_end_object(&d->j);
}

static bool came_before(size_t page_at, size_t route_at, str path) {
    for (size_t i = 0; i <= page_at; i++)
        for (size_t k = 0; k < (i < page_at ? pages[i]->routes_n : route_at); k++)
            if (str_eq(str_of(pages[i]->routes[k].path), path)) return true;
    return false;
}

static void put_paths(describing *d) {
    json_key(&d->j, S("paths"));
    json_object(&d->j);
    for (size_t i = 0; i < pages_n; i++)
        for (size_t k = 0; k < pages[i]->routes_n; k++) {
            const route *r = &pages[i]->routes[k];
            if (is_api(r) && !came_before(i, k, str_of(r->path))) put_path(d, str_of(r->path));
        }
    json_end_object(&d->j);
}

static void put_tags(json_out *j) {
    json_key(j, S("tags"));
    json_array(j);
    for (size_t i = 0; i < pages_n; i++) {
        bool any = false;
        for (size_t k = 0; k < pages[i]->routes_n; k++) any |= is_api(&pages[i]->routes[k]);
        if (!any) continue;
        json_object(j);
        text(j, "name", str_of(pages[i]->name));
        text(j, "description", str_of(pages[i]->title));
        json_end_object(j);
    }
    json_end_array(j);
}

#define HEAD                                                                                       \
    "{\"title\":\"Heed\",\"version\":\"" HEED_VERSION                                              \
    "\",\"summary\":\"Customer experience: hear, "                                                 \
    "clarify, understand, act, prove\",\"license\":{\"name\":\"Apache-2.0\",\"identifier\":"       \
    "\"Apache-2.0\"}}"
#define SECURITY                                                                                   \
    "{\"key\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"heed_key_..., for "       \
    "programs\"},\"write_key\":{\"type\":\"http\",\"scheme\":\"basic\",\"description\":\"A key "   \
    "as "                                                                                          \
    "the name, no password: what Segment's libraries send; it may also stand in the body as "      \
    "writeKey\"},\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"__Host-heed\","     \
    "\"description\":\"For people who signed in; named heed without https\"},\"csrf\":{\"type\":"  \
    "\"apiKey\",\"in\":\"header\",\"name\":\"X-Heed-CSRF\",\"description\":\"csrf of the "         \
    "session\"}}"

bool openapi_print(arena *a, buf *out, err *e) {
    json *parameters = NULL;
    for (size_t i = 0; i < schemas_n; i++)
        if (is_parameters(&schemas[i]) && !json_read(a, embedded_text(&schemas[i]), &parameters, e))
            return false;
    check(parameters);
    describing d = {.a = a, .j = json_to(out), .parameters = parameters, .e = e, .ok = true};
    json_object(&d.j);
    text(&d.j, "openapi", S("3.1.0"));
    raw(&d.j, "info", S(HEAD));
    raw(&d.j, "servers", S("[{\"url\":\"/\",\"description\":\"This server\"}]"));
    put_tags(&d.j);
    put_paths(&d);
    json_key(&d.j, S("components"));
    json_object(&d.j);
    raw(&d.j, "securitySchemes", S(SECURITY));
    put_failures(&d);
    put_shapes(&d);
    json_end_object(&d.j);
    json_end_object(&d.j);
    return d.ok;
}
