/* route.c - from method and path to a handler: a tree of path parts. */
#include "api/route.h"
#include "api/gate.h"
#include "api/status.h"

typedef struct node node;
struct node {
    str text;           /* the part; empty for named ones */
    node *first, *next; /* literal children; their list */
    node *named, *rest;
    const route *routes[HTTP_METHODS];
};

struct router {
    node top;
};

typedef struct {
    u32 method_bits;
    const route *best;
    str parts[LIMIT_PATH_PARAMS];
} hit;

/* ---- building ---- */

static bool is_named(str part) {
    return part.n > 2 && part.p[0] == '{' && part.p[part.n - 1] == '}';
}

static bool is_rest(str part) {
    return is_named(part) && part.p[part.n - 2] == '*';
}

static node **child_slot(node *at, str part) {
    if (is_rest(part)) return &at->rest;
    if (is_named(part)) return &at->named;
    node **slot = &at->first;
    while (*slot && !str_eq((*slot)->text, part)) slot = &(*slot)->next;
    return slot;
}

static bool next_part(str *path, str *part) {
    if (path->n == 0 || path->p[0] != '/') return false;
    *path = str_from(*path, 1);
    size_t n = 0;
    while (n < path->n && path->p[n] != '/') n++;
    *part = str_head(*path, n);
    *path = str_from(*path, n);
    return true;
}

static void add(router *r, const route *x) {
    node *at = &r->top;
    size_t named = 0, parts = 0;
    str path = str_of(x->path), part;
    while (next_part(&path, &part)) {
        node **slot = child_slot(at, part);
        if (!*slot) *slot = mem_new(1, sizeof **slot);
        (*slot)->text = is_named(part) ? NO_STR : part;
        named += is_named(part);
        check(++parts <= LIMIT_PATH_PARTS && named <= LIMIT_PATH_PARAMS);
        check(!is_rest(part) || path.n == 0);
        at = *slot;
    }
    check(path.n == 0 && parts > 0 && x->handle && x->scope && !at->routes[x->method]);
    check(scope_known(str_of(x->scope)));
    check(!x->quick || str_eq(str_of(x->scope), S("public"))); /* the gate asks the store */
    at->routes[x->method] = x;
}

router *router_open(void) {
    return mem_new(1, sizeof(router));
}

void router_add(router *r, const route *routes, size_t n) {
    for (size_t i = 0; i < n; i++) add(r, &routes[i]);
}

static void free_children(node *n) {
    for (node *c = n->first, *next; c; c = next) {
        next = c->next;
        free_children(c);
        free(c);
    }
    if (n->named) free_children(n->named);
    if (n->rest) free_children(n->rest);
    free(n->named);
    free(n->rest);
}

void router_close(router *r) {
    if (!r) return;
    free_children(&r->top);
    free(r);
}

static void each(const node *n, void (*fn)(void *, const route *), void *ctx) {
    for (size_t m = 0; m < HTTP_METHODS; m++)
        if (n->routes[m]) fn(ctx, n->routes[m]);
    for (const node *c = n->first; c; c = c->next) each(c, fn, ctx);
    if (n->named) each(n->named, fn, ctx);
    if (n->rest) each(n->rest, fn, ctx);
}

void router_each(const router *r, void (*fn)(void *ctx, const route *r), void *ctx) {
    each(&r->top, fn, ctx);
}

/* ---- finding ---- */

static u32 methods_of(const node *n) {
    u32 bits = 0;
    for (size_t m = 0; m < HTTP_METHODS; m++)
        if (n->routes[m]) bits |= 1u << m;
    if (bits & 1u << METHOD_GET) bits |= 1u << METHOD_HEAD;
    return bits ? bits | 1u << METHOD_OPTIONS : 0;
}

static bool ends_here(const node *n, http_method m, hit *h) {
    h->best = n->routes[m];
    if (!h->best && m == METHOD_HEAD) h->best = n->routes[METHOD_GET];
    h->method_bits |= methods_of(n);
    return h->best != NULL;
}

/* Goes down literal parts first; depth is bounded by the pattern's parts, so is the recursion. */
static bool descend(const node *n, str path, http_method m, size_t named, hit *h) {
    str rest = path, part;
    if (path.n == 0) return ends_here(n, m, h);
    if (!next_part(&rest, &part) || part.n == 0) return false;
    for (const node *c = n->first; c; c = c->next)
        if (str_eq(c->text, part) && descend(c, rest, m, named, h)) return true;
    if (n->named) {
        h->parts[named] = part;
        if (descend(n->named, rest, m, named + 1, h)) return true;
    }
    if (!n->rest) return false;
    h->parts[named] = str_from(path, 1);
    return ends_here(n->rest, m, h);
}

/* "/" is one empty part. */
static bool find_root(const node *top, http_method m, hit *h) {
    for (const node *c = top->first; c; c = c->next)
        if (c->text.n == 0) return ends_here(c, m, h);
    return false;
}

void router_find(const router *r, http_method m, str path, routed *out) {
    hit h = {0};
    bool found =
        str_eq(path, S("/")) ? find_root(&r->top, m, &h) : descend(&r->top, path, m, 0, &h);
    *out = (routed){.route = found ? h.best : NULL,
                    .status = found           ? 200
                              : h.method_bits ? 405
                                              : 404,
                    .allowed = h.method_bits};
    memcpy(out->parts, h.parts, sizeof h.parts);
}

void router_terms(const router *r, const http_request *http, http_terms *terms) {
    routed found;
    router_find(r, http->method, http->path, &found);
    if (!found.route) {
        terms->ignores_body = terms->quick = true; /* an answer of one line, whatever was sent */
        return;
    }
    if (found.route->body_max) terms->body_max = found.route->body_max;
    terms->quick = found.route->quick;
}

/* ---- serving ---- */

static void reply_unrouted(http_request *http, const routed *found) {
    char allow[80] = "";
    size_t n = 0;
    for (size_t m = 0; m < HTTP_METHODS; m++)
        if (found->allowed >> m & 1)
            n += (size_t)snprintf(allow + n, sizeof allow - n, "%s%s", n ? ", " : "",
                                  http_method_text((http_method)m));
    if (found->allowed) http_add(http, "Allow", str_of(allow));
    if (found->status == 405 && http->method == METHOD_OPTIONS)
        http_reply(http, 204, NO_STR, S(""));
    else if (found->status == 405)
        status_problem(
            http, 405,
            "this address is there, but not for that method; the field Allow lists those it takes");
    else
        status_problem(http, 404, "there is nothing at this address");
}

static bool take_parts(arena *a, const routed *found, params *out, err *e) {
    str pattern = str_of(found->route->path), part;
    size_t k = 0;
    out->items = NEW_N(a, param, LIMIT_PATH_PARAMS);
    while (next_part(&pattern, &part)) {
        if (!is_named(part)) continue;
        param *p = &out->items[k];
        bool rest = is_rest(part);
        p->name = (str){part.p + 1, part.n - (rest ? 3 : 2)};
        buf b = {.a = a};
        str left = found->parts[k], piece, clean;
        do { /* the rest is decoded part by part, so that no slash hides */
            str_cut(left, '/', &piece, &left) ? (void)0 : (void)(piece = left, left = NO_STR);
            if (!path_part(a, piece, &clean, e)) return false;
            if (b.n) buf_char(&b, '/');
            buf_str(&b, clean);
        } while (left.p);
        p->value = buf_view(&b);
        out->n = ++k;
    }
    return true;
}

static bool known_parameters(const route *r, const params *q, err *e) {
    str names = r->query ? str_of(r->query) : S("");
    if (str_eq(names, S("*"))) return true;
    for (size_t i = 0; i < q->n; i++) {
        str list = names, one;
        bool known = false;
        while (!known && list.n) {
            if (!str_cut(list, ' ', &one, &list)) one = list, list = S("");
            known = str_eq(one, q->items[i].name);
        }
        if (known) continue;
        if (!names.n)
            return fail(e, INVALID, "this address takes no parameters; \"%.60s\" is not known",
                        q->items[i].name.p);
        return fail(e, INVALID, "the parameter \"%.60s\" is not known here; known are: %.*s",
                    q->items[i].name.p, STR_ARG(names));
    }
    return true;
}

bool router_serve(const router *r, api *x, arena *a, http_request *http, err *e) {
    routed found;
    asked v = {.http = http, .who = &who_nobody};
    router_find(r, http->method, http->path, &found);
    if (!found.route) {
        reply_unrouted(http, &found);
        return true;
    }
    http->route = found.route->path;
    if (!take_parts(a, &found, &v.path, e)) return false;
    bool go = false;
    if (!gate_pass(x, a, found.route, &v, &go, e)) return false;
    if (!go) return true;
    if (!query_parse(a, http->query, &v.query, e)) return false;
    if (!known_parameters(found.route, &v.query, e)) return false;
    return found.route->handle(x, a, &v, e);
}
