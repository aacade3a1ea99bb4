/* auth_probe_test.c - every route asked as every role, of the own and another department, as nobody and
** with keys.  New routes are probed without being named here: the router tells them, their scope says
** who may, and rows of another department must not be in any answer. */
#include "api/auth_test.h"
#include "understand/taxonomy.h"

/* What each role may, written down a second time: the twin of roles in the store and of gate.c. */
static const struct {
    const char *role, *rights;
} law[] = {
    {"executive", "signals.read metrics.read tickets.read measures.read"},
    {"manager", "signals.read metrics.read tickets.read tickets.write rules.read rules.write "
                "measures.read measures.write"},
    {"frontline", "signals.read tickets.read tickets.write"},
    {"analyst", "signals.read metrics.read metrics.write measures.read export"},
    {"steward", "signals.read metrics.read metrics.write taxonomy.write audit.read originals.read"},
    {"admin", "signals.read signals.write metrics.read metrics.write measures.read measures.write "
              "tickets.read tickets.write "
              "rules.read rules.write users.write keys.write audit.read export "
              "originals.read taxonomy.write"},
};

enum { ASKERS_MAX = 20, ROUTES_MAX = 200, VOICES_EACH = 30 };
#define OURS   "ZOURSZ"   /* in every row that belongs to logistics */
#define THEIRS "ZTHEIRSZ" /* in every row that does not */

typedef struct {
    const char *name, *role, *department; /* role NULL: a key or nobody */
    const char *rights;                   /* of a key */
    str head;
    seat s;
    char address[24];
} asker;

typedef struct {
    auth_house x;
    asker askers[ASKERS_MAX];
    size_t askers_n;
    const route *routes[ROUTES_MAX];
    size_t routes_n;
    i64 their_signal, their_ticket, our_signal, our_ticket;
    i64 asked, wrong;
} probe;

static bool has_word(const char *list, const char *word) {
    str rest = str_of(list), one;
    while (rest.n) {
        if (!str_cut(rest, ' ', &one, &rest)) one = rest, rest = S("");
        if (str_eq(one, str_of(word))) return true;
    }
    return false;
}

static bool is_scope(const route *r, const char *word) {
    return strcmp(r->scope, word) == 0;
}

/* 0 = served, else the status. */
static int expected(const asker *k, const route *r) {
    if (is_scope(r, "public")) return 0;
    if (!k->role && !k->rights) return 401;
    if (is_scope(r, "any")) return 0;
    if (is_scope(r, "session")) return k->role ? 0 : 403;
    const char *rights = k->rights;
    for (size_t i = 0; k->role && i < COUNT(law); i++)
        if (strcmp(law[i].role, k->role) == 0) rights = law[i].rights;
    return rights && has_word(rights, r->scope) ? 0 : 403;
}

/* ---- a store of two departments ---- */

static str aspect_of(const char *department_name) {
    const taxonomy *t = taxonomy_shipped();
    for (size_t i = 0; i < t->nodes_n; i++)
        if (str_eq(t->nodes[i].department, str_of(department_name))) return t->nodes[i].id;
    fail_msg("%s owns no aspect", department_name);
    return NO_STR;
}

static i64 put_voices(probe *p, const char *department_name, const char *mark) {
    err e;
    arena *a = p->x.h->a;
    heard *items = NEW_N(a, heard, VOICES_EACH);
    for (int i = 0; i < VOICES_EACH; i++) {
        heard *h = &items[i];
        signal_init(&h->sig);
        noun_init(&noun_insight, &h->ins.row);
        signal_row *r = &h->sig.row;
        r->source = arena_fmt(a, "source %s", mark);
        r->external_id = arena_fmt(a, "%s %d", mark, i);
        r->occurred_at = pages_world.now_ms(&pages_world) - (i64)i * DAY_MS;
        r->words = arena_fmt(a, "%s was late and cold, number %d", mark, i);
        r->channel = r->touchpoint = r->product = arena_fmt(a, "at %s", mark);
        r->customer = arena_fmt(a, "member:%s%d", mark, i);
        h->sig.attrs = NEW_N(a, attribute, 2);
        h->sig.attrs[0] = (attribute){S("score:nps"), NO_STR, 1 * NUM6_ONE};
        h->sig.attrs[1] = (attribute){S("city"), arena_fmt(a, "city %s", mark), NONE};
        h->sig.attrs_n = 2;
        signal_seal(a, &h->sig);
        insight_row *n = &h->ins.row;
        n->quality = S("ok");
        n->reader = S("test 1");
        n->sentiment = -1;
        n->lang = S("en");
        h->ins.mentions = NEW(a, mention);
        h->ins.mentions_n = 1;
        noun_init(&noun_mention, h->ins.mentions);
        *h->ins.mentions = (mention){
            0, NONE, aspect_of(department_name), -1, 90, arena_fmt(a, "%s late", mark), 0, 10};
    }
    assert_ok(store_add(p->x.h->s, items, VOICES_EACH, NULL, &e));
    return items[0].sig.row.id;
}

static i64 put_ticket(probe *p, const char *department_name, const char *mark, i64 signal_id) {
    err e;
    ticket t;
    noun_init(&noun_ticket, &t);
    t.deed = arena_fmt(p->x.h->a, "probe/%s", mark);
    t.signal_id = signal_id;
    t.title = arena_fmt(p->x.h->a, "%s was late", mark);
    t.department = str_of(department_name);
    t.owner = arena_fmt(p->x.h->a, "owner %s", mark);
    t.state = S("open");
    t.priority = S("high");
    t.opened_at = pages_world.now_ms(&pages_world);
    assert_ok(store_put(p->x.h->s, &noun_ticket, &t, &e));
    return t.id;
}

/* ---- who asks ---- */

static void seat_again(probe *p, asker *k) {
    k->s = sit_down(&p->x, k->name, PASSWORD, "", k->address, "");
    if (k->s.r.status != 201) fail_msg("%s: %.*s", k->name, STR_ARG(k->s.r.body));
    k->head = arena_fmt(p->x.h->a, "X-Forwarded-For: %s\r\nCookie: %.*s\r\nX-Heed-CSRF: %.*s\r\n",
                        k->address, STR_ARG(k->s.cookie), STR_ARG(k->s.csrf));
}

static asker *ask_as(probe *p, const char *name) {
    asker *k = &p->askers[p->askers_n++];
    check(p->askers_n <= ASKERS_MAX);
    k->name = name;
    snprintf(k->address, sizeof k->address, "192.0.2.%zu", p->askers_n);
    return k;
}

static void person(probe *p, const char *name, const char *role_name, const char *department_name) {
    asker *k = ask_as(p, name);
    k->role = role_name;
    k->department = department_name;
    user_make(&p->x, name, role_name, department_name);
    seat_again(p, k);
}

static void key(probe *p, const char *name, const char *rights) {
    asker *k = ask_as(p, name);
    k->rights = rights;
    k->head = arena_fmt(p->x.h->a, "X-Forwarded-For: %s\r\n%.*s", k->address,
                        STR_ARG(key_made(&p->x, rights, NONE)));
}

static void note_route(void *ctx, const route *r) {
    probe *p = ctx;
    check(p->routes_n < ROUTES_MAX);
    p->routes[p->routes_n++] = r;
}

static void probe_start(probe *p) {
    err e;
    *p = (probe){.x = auth_start()};
    p->our_signal = put_voices(p, "logistics", OURS);
    p->their_signal = put_voices(p, "service", THEIRS);
    p->our_ticket = put_ticket(p, "logistics", OURS, p->our_signal);
    p->their_ticket = put_ticket(p, "service", THEIRS, p->their_signal);
    assert_ok(tally_follow(p->x.h->t, &e));
    ask_as(p, "nobody")->head = S("X-Forwarded-For: 192.0.2.200\r\n");
    for (size_t i = 0; i < COUNT(law); i++)
        if (strcmp(law[i].role, "frontline") != 0) person(p, law[i].role, law[i].role, NULL);
    person(p, "driver", "frontline", "logistics");
    person(p, "head-of-logistics", "manager", "logistics");
    person(p, "analyst-of-logistics", "analyst", "logistics");
    person(p, "steward-of-logistics", "steward", "logistics");
    key(p, "sender", "signals.write");
    key(p, "reader", "signals.read metrics.read tickets.read");
    key(p, "keeper", "keys.write users.write audit.read");
    router_each(p->x.h->x.router, note_route, p);
}

/* ---- asking ---- */

/* The pattern with its parts filled in: rows of the other department where there are such. */
static str address_of(probe *p, const route *r, bool theirs, const char *query) {
    str rest = str_of(r->path), part;
    buf b = {.a = p->x.h->a};
    bool of_ticket = str_starts(rest, S("/api/v1/tickets/")),
         of_signal = str_starts(rest, S("/api/v1/signals/"));
    rest = str_from(rest, 1);
    while (rest.p) {
        if (!str_cut(rest, '/', &part, &rest)) part = rest, rest = NO_STR;
        buf_char(&b, '/');
        if (!part.n || part.p[0] != '{')
            buf_str(&b, part);
        else if (of_ticket)
            buf_fmt(&b, "%" PRId64, theirs ? p->their_ticket : p->our_ticket);
        else if (of_signal)
            buf_fmt(&b, "%" PRId64, theirs ? p->their_signal : p->our_signal);
        else
            buf_str(&b, r->method == METHOD_GET ? S("1") : S("99999"));
    }
    buf_fmt(&b, "%s", query);
    buf_char(&b, 0);
    return (str){b.p, b.n - 1};
}

/* Streams do not end: what came before the first pause is enough. */
static str send_one(probe *p, const asker *k, const route *r, str path, int *status) {
    static char in[1 << 20];
    arena *a = arena_open(1 << 20);
    bool body = r->method != METHOD_GET && r->method != METHOD_DELETE;
    str raw = arena_fmt(a, "%s %.*s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%.*s%s\r\n%s",
                        http_method_text(r->method), STR_ARG(path), STR_ARG(k->head),
                        body ? "Content-Type: application/json\r\nContent-Length: 2\r\n" : "",
                        body ? "{}" : "");
    int fd = dial(p->x.h->port);
    (void)say(fd, raw);
    str got = hear_until(fd, in, sizeof in, "text/event-stream", PATIENT_MS);
    if (str_find(got, S("text/event-stream")) >= 0) {
        size_t n = got.n;
        got.n += hear_until(fd, in + n, sizeof in - n, NULL, 150).n;
    }
    close(fd);
    arena_close(a);
    *status = got.n > 12 ? (int)strtol(got.p + 9, NULL, 10) : 0;
    return got;
}

static void complain(probe *p, const asker *k, const route *r, str path, int status,
                     const char *why, str got) {
    p->wrong++;
    print_error("# %s %.*s (scope %s) as %s: %d, %s\n#   %.*s\n", http_method_text(r->method),
                STR_ARG(path), r->scope, k->name, status, why, (int)MIN(got.n, 900), got.p);
}

/* A second proof of who one is (password, code) is refused by the handler, not by the gate. */
static bool asks_proof(const route *r) {
    return str_starts(str_of(r->path), S("/api/v1/session")) || is_scope(r, "public");
}

static void judge(probe *p, asker *k, const route *r, bool theirs, const char *query) {
    int status, want = expected(k, r);
    str path = address_of(p, r, theirs, query), got = send_one(p, k, r, path, &status);
    bool named = strstr(r->path, "/tickets/{id}") || strstr(r->path, "/signals/{id}");
    p->asked++;
    bool unbuilt = status == 503 && is_scope(r, "public"); /* without its web page */
    if (status == 0 || (status >= 500 && !unbuilt))
        complain(p, k, r, path, status, "the server failed", got);
    else if (want && status != want)
        complain(p, k, r, path, status, "should be refused", got);
    else if (!want && !asks_proof(r) && (status == 401 || status == 403))
        complain(p, k, r, path, status, "should be served", got);
    else if (!want && k->department && theirs && named && status != 404)
        complain(p, k, r, path, status, "another department's row should not be found", got);
    if ((want || k->department) && str_find(got, S(THEIRS)) >= 0)
        complain(p, k, r, path, status, "a LEAK of another department", got);
    if (want && str_find(got, S(OURS)) >= 0)
        complain(p, k, r, path, status, "a LEAK without the right", got);
    if (r->method == METHOD_DELETE && strcmp(r->path, "/api/v1/session") == 0 && k->role)
        seat_again(p, k);
}

/* Questions that make an answer of rows; a route that is not here is asked without one. */
static const struct {
    const char *path, *query;
} questions[] = {
    {"/api/v1/tally", "?metric=count&by=product"},
    {"/api/v1/tally", "?metric=nps&by=city,channel"},
    {"/api/v1/tally", "?metric=count&by=source&where=polarity+%3D+%27negative%27+or+true"},
    {"/api/v1/why", "?metric=nps"},
    {"/api/v1/why", "?metric=nps&by=city,product&against=city+is+missing&where=true"},
    {"/api/v1/drivers", "?outcome=score:nps&with=amount&where=not+false"},
    {"/api/v1/values", "?column=product"},
    {"/api/v1/values", "?column=customer"},
    {"/api/v1/values", "?column=city&where=true"},
    {"/api/v1/voices", "?limit=500&where=not+false"},
    {"/api/v1/voices", "?where=words+~+%27late%27"},
    {"/api/v1/tickets", "?limit=500&where=true"},
    {"/api/v1/signals/{id}", "?original=0"},
    {"/api/v1/export", "?what=voices&format=csv"},
    {"/api/v1/export", "?what=voices&format=jsonl"},
    {"/api/v1/export", "?what=tickets&format=csv"},
    {"/api/v1/export", "?what=tally&metric=count&by=product&format=csv"},
};

static void no_route_leaks(void **state) {
    (void)state;
    static probe p;
    probe_start(&p);
    for (size_t i = 0; i < p.routes_n; i++)
        for (size_t k = 0; k < p.askers_n; k++) {
            judge(&p, &p.askers[k], p.routes[i], true, "");
            judge(&p, &p.askers[k], p.routes[i], false, "");
            for (size_t q = 0; q < COUNT(questions); q++)
                if (p.routes[i]->method == METHOD_GET &&
                    strcmp(questions[q].path, p.routes[i]->path) == 0)
                    judge(&p, &p.askers[k], p.routes[i], false, questions[q].query);
        }
    print_message("# %zu routes, %zu askers, %" PRId64 " requests, %" PRId64 " leaks or faults\n",
                  p.routes_n, p.askers_n, p.asked, p.wrong);
    assert_int_equal(p.wrong, 0);
    auth_end(&p.x);
}

/* The probe sees what it looks for: who may see a row does see it, so its silence means something. */
static void the_probe_finds_what_is_there(void **state) {
    (void)state;
    static probe p;
    static const char *const paths[] = {"/api/v1/voices?limit=500", "/api/v1/tickets"};
    probe_start(&p);
    for (size_t i = 0; i < COUNT(paths); i++) {
        for (size_t k = 0; k < p.askers_n; k++) {
            asker *who_asks = &p.askers[k];
            bool reads = who_asks->role && (strcmp(who_asks->role, "manager") == 0 ||
                                            strcmp(who_asks->role, "frontline") == 0);
            if (!reads) continue;
            reply r = talk(p.x.h, "GET", paths[i], who_asks->head.p, NO_STR);
            assert_status(r, 200);
            assert_true(says(r, OURS));
            assert_true((str_find(r.body, S(THEIRS)) >= 0) == !who_asks->department);
        }
    }
    auth_end(&p.x);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_probe_finds_what_is_there),
        cmocka_unit_test(no_route_leaks),
    };
    return RUN_TESTS(tests);
}
