/* openapi.c - the API described by its own table of routes (OpenAPI 3.1). */
#include "api/ask.h"

typedef struct {
    json_out j;
    const page *page;
    str path; /* being described */
} describing;

static void put_parameter(json_out *j, str name, const char *in, bool required, bool number) {
    json_object(j);
    put_text(j, "name", name);
    put_text(j, "in", str_of(in));
    json_key(j, S("required"));
    json_bool(j, required);
    json_key(j, S("schema"));
    json_raw(j, number ? S("{\"type\":\"integer\"}") : S("{\"type\":\"string\"}"));
    json_end_object(j);
}

static void put_parameters(json_out *j, const route *r) {
    str rest = str_of(r->path), head, name;
    json_key(j, S("parameters"));
    json_array(j);
    while (str_cut(rest, '{', &head, &rest) && str_cut(rest, '}', &name, &rest)) {
        if (str_ends(name, S("*"))) name.n--;
        put_parameter(j, name, "path", true, str_eq(name, S("id")));
    }
    rest = r->query && strcmp(r->query, "*") != 0 ? str_of(r->query) : S("");
    while (rest.n) {
        if (!str_cut(rest, ' ', &name, &rest)) name = rest, rest = S("");
        if (name.n)
            put_parameter(j, name, "query", false,
                          str_eq(name, S("limit")) || str_eq(name, S("min_n")));
    }
    json_end_array(j);
}

static void put_content(json_out *j, const char *type, const char *schema) {
    json_key(j, S("content"));
    json_object(j);
    json_key(j, str_of(type));
    json_object(j);
    json_key(j, S("schema"));
    json_raw(j, str_of(schema));
    json_end_object(j);
    json_end_object(j);
}

static void put_response(json_out *j, const char *status, const char *what, const char *type,
                         const char *schema) {
    json_key(j, str_of(status));
    json_object(j);
    put_text(j, "description", str_of(what));
    if (schema) put_content(j, type, schema);
    json_end_object(j);
}

/* list_tickets, patch_tickets_id: unique, for programs that make code of it. */
static void put_operation_id(json_out *j, const route *r) {
    buf b = {0};
    for (const char *m = http_method_text(r->method); *m; m++) buf_char(&b, (char)(*m | 0x20));
    for (const char *p = r->path; *p; p++) {
        bool word =
            (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9');
        if (word)
            buf_char(&b, *p);
        else if (b.p[b.n - 1] != '_')
            buf_char(&b, '_');
    }
    while (b.n && b.p[b.n - 1] == '_') b.n--;
    put_text(j, "operationId", buf_view(&b));
    buf_clear(&b);
}

#define PROBLEM "{\"$ref\":\"#/components/schemas/problem\"}"

static void put_operation(describing *d, const route *r) {
    json_out *j = &d->j;
    bool public = strcmp(r->scope, "public") == 0;
    char method[16] = "";
    const char *text = http_method_text(r->method);
    for (size_t i = 0; text[i] && i < sizeof method - 1; i++) method[i] = (char)(text[i] | 0x20);
    json_key(j, str_of(method));
    json_object(j);
    put_text(j, "summary", str_of(r->summary));
    put_operation_id(j, r);
    json_key(j, S("tags"));
    json_array(j);
    json_text(j, str_of(d->page->title));
    json_end_array(j);
    put_text(j, "x-right", str_of(r->scope));
    if (public) json_key(j, S("security")), json_raw(j, S("[]"));
    put_parameters(j, r);
    if (r->takes) {
        json_key(j, S("requestBody"));
        json_object(j);
        json_key(j, S("required"));
        json_bool(j, true);
        put_content(j, "application/json", r->takes);
        json_end_object(j);
    }
    json_key(j, S("responses"));
    json_object(j);
    put_response(j, "2XX", "Done", "application/json", r->gives);
    put_response(j, "4XX", "Refused, with one sentence", "application/problem+json", PROBLEM);
    put_response(j, "5XX", "Failed on our side", "application/problem+json", PROBLEM);
    json_end_object(j);
    json_end_object(j);
}

/* Routes of one path may stand on several pages; each path is described once. */
static void put_path(describing *d, str path) {
    json_key(&d->j, path);
    json_object(&d->j);
    for (size_t i = 0; i < pages_n; i++)
        for (size_t k = 0; k < pages[i]->routes_n; k++) {
            if (!str_eq(str_of(pages[i]->routes[k].path), path)) continue;
            d->page = pages[i];
            put_operation(d, &pages[i]->routes[k]);
        }
    json_end_object(&d->j);
}

static bool came_before(size_t page_at, size_t route_at, str path) {
    for (size_t i = 0; i <= page_at; i++)
        for (size_t k = 0; k < (i < page_at ? pages[i]->routes_n : route_at); k++)
            if (str_eq(str_of(pages[i]->routes[k].path), path)) return true;
    return false;
}

static bool is_api(const route *r) {
    str path = str_of(r->path);
    return (str_starts(path, S("/api/")) || str_starts(path, S("/v1/"))) &&
           str_find(path, S("*}")) < 0;
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

#define HEAD                                                                                       \
    "{\"title\":\"Heed\",\"version\":\"" HEED_VERSION                                              \
    "\",\"summary\":\"Customer experience: hear, "                                                 \
    "clarify, understand, act, prove\",\"license\":{\"name\":\"Apache-2.0\",\"identifier\":"       \
    "\"Apache-2.0\"}}"
#define COMPONENTS                                                                                 \
    "{\"securitySchemes\":{\"key\":{\"type\":\"http\",\"scheme\":\"bearer\"},\"session\":{"        \
    "\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"__Host-heed\"}},\"schemas\":{\"problem\":{"  \
    "\"type\":\"object\",\"required\":[\"type\",\"title\",\"status\",\"detail\"],\"properties\":{" \
    "\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},\"status\":{\"type\":"         \
    "\"integer\"},\"detail\":{\"type\":\"string\"},\"code\":{\"type\":\"string\"},\"request\":{"   \
    "\"type\":\"string\"}}}}}"

static bool describe(api *x, arena *a, asked *v, err *e) {
    buf b = {.a = a};
    describing d = {.j = json_to(&b)};
    (void)x, (void)e;
    json_object(&d.j);
    put_text(&d.j, "openapi", S("3.1.0"));
    json_key(&d.j, S("info")), json_raw(&d.j, S(HEAD));
    json_key(&d.j, S("servers")), json_raw(&d.j, S("[{\"url\":\"/\"}]"));
    json_key(&d.j, S("security")), json_raw(&d.j, S("[{\"key\":[]},{\"session\":[]}]"));
    put_paths(&d);
    json_key(&d.j, S("components")), json_raw(&d.j, S(COMPONENTS));
    json_end_object(&d.j);
    reply_noun(a, v, 200, &b);
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/openapi.json", "public", "This description", .handle = describe},
};
const page page_openapi = {
    .name = "openapi", .title = "Description", .routes = routes, .routes_n = COUNT(routes)};
