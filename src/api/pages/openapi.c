/* openapi.c - the API described by its own table of routes (OpenAPI 3.1). */
#include "api/ask.h"
#include "api/openapi.h"

static bool describe(api *x, arena *a, asked *v, err *e) {
    buf b = {.a = a};
    (void)x;
    if (!openapi_print(a, &b, e)) return false;
    reply_noun(a, v, 200, &b);
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/openapi.json", "public", "This description", .handle = describe,
     .gives = "{\"type\":\"object\"}", .status = "200 304"},
};
const page page_openapi = {
    .name = "openapi", .title = "Description", .routes = routes, .routes_n = COUNT(routes)};
