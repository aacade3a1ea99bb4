/* calc.c - methods of calculation by name. */
#include "api/api.h"
#include "kern/method.h"

static bool list(api *x, arena *a, asked *v, err *e) {
    (void)x, (void)e;
    buf b = {.a = a};
    json_out j = json_to(&b);
    json_object(&j);
    json_key(&j, S("methods"));
    json_array(&j);
    for (size_t i = 0; i < methods_n; i++) method_write(&j, methods[i]);
    json_end_array(&j);
    json_end_object(&j);
    http_reply(v->http, 200, S("application/json"), buf_view(&b));
    return true;
}

static bool calculate(api *x, arena *a, asked *v, err *e) {
    (void)x;
    str name = params_get(&v->path, "method"), body;
    const method *m = method_find(name);
    json *input;
    buf b;
    if (!m)
        return fail(e, NOT_FOUND, "no method \"%.*s\"; GET /api/v1/calc lists them", STR_ARG(name));
    if (!http_body_all(v->http, a, (size_t)LIMIT_CALC_BYTES, &body, e) ||
        !json_read(a, body, &input, e) || !method_run(a, m, input, &b, e))
        return false;
    http_reply(v->http, 200, S("application/json"), buf_view(&b));
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/calc", "metrics.read",
     "Methods of calculation, with formula, source and example", .handle = list,
     .gives = "methods"},
    {METHOD_POST, "/api/v1/calc/{method}", "metrics.read",
     "Runs a method; null is explained under \"undefined\"", .handle = calculate,
     .takes = "calc_input", .gives = "calc_output", .body_max = LIMIT_CALC_BYTES},
};
const page page_calc = {
    .name = "calc", .title = "Methods", .routes = routes, .routes_n = COUNT(routes)};
