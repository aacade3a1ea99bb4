/* serve.c - the server: store and tally behind HTTP, until SIGTERM or Ctrl-C. */
#include <unistd.h>
#include "main/desk.h"
#include "main/process.h"
#include "main/trickle.h"
#include "api/works.h"
#include "flow/flow.h"

enum { SOCKETS_MAX = 16, FIRST_SOCKET = 3, TURN_US = 100 * 1000, ALIVE_MS = 5000 };

typedef struct {
    str store;
    str_list listen, trusted, hosts;
    i64 workers, loops, patience_s, rate, demo;
    bool plain_http;
} serving;

/* Sockets systemd opened for us: descriptors 3, 4, ... if $LISTEN_PID is this process. */
static size_t inherited_sockets(int fds[SOCKETS_MAX]) {
    i64 pid, n;
    if (!str_int(str_of(getenv("LISTEN_PID")), &pid) || pid != getpid()) return 0;
    if (!str_int(str_of(getenv("LISTEN_FDS")), &n) || n < 1) return 0;
    n = MIN(n, SOCKETS_MAX);
    for (i64 i = 0; i < n; i++) fds[i] = FIRST_SOCKET + (int)i;
    return (size_t)n;
}

static void tell_manager(call *c, str state) {
    err e;
    if (!http_notify(str_of(getenv("NOTIFY_SOCKET")), state, &e))
        fprintf(c->err, "heed: %s\n", e.msg);
}

/* What the simulated company has to say; a failure ends it, not the server. */
static void let_them_talk(call *c, trickle **t) {
    err e;
    if (!*t || trickle_turn(*t, &e)) return;
    fprintf(c->err, "heed: the simulated company falls silent: %s\n", e.msg);
    trickle_close(*t);
    *t = NULL;
}

/* Says "still there" to systemd's watchdog as long as every loop turns. */
static void wait_for_end(call *c, const api *x, trickle **demo) {
    i64 watch_us = 0, since_us = 0;
    if (!str_int(str_of(getenv("WATCHDOG_USEC")), &watch_us)) watch_us = 0;
    while (!process_interrupted()) {
        usleep(TURN_US);
        let_them_talk(c, demo);
        since_us += TURN_US;
        if (watch_us <= 0 || since_us < watch_us / 3 || !http_server_alive(x->http, ALIVE_MS))
            continue;
        tell_manager(c, S("WATCHDOG=1"));
        since_us = 0;
    }
}

static void log_request(void *ctx, const http_done *d) {
    const call *c = ctx;
    fprintf(c->err, "%s %s %s %d %" PRId64 " us, %" PRId64 " in, %" PRId64 " out\n", d->id,
            d->method, d->route, d->status, d->took_us, d->bytes_in, d->bytes_out);
}

/* The hooks of the server have one context. */
typedef struct {
    api x;
    call *c;
    str setup; /* the first start's token */
} house;

static bool handle(void *ctx, arena *a, http_request *r, err *e) {
    return api_handle(&((house *)ctx)->x, a, r, e);
}

static void terms(void *ctx, const http_request *r, http_terms *t) {
    api_terms(&((house *)ctx)->x, r, t);
}

static void note_request(void *ctx, const http_done *d) {
    log_request(((house *)ctx)->c, d);
}

static bool open_server(call *c, house *h, const serving *o, err *e) {
    static const str usual[] = {{"127.0.0.1:8080", 14}};
    int fds[SOCKETS_MAX];
    size_t inherited = inherited_sockets(fds);
    bool told = o->listen.n || inherited;
    http_options options = {.listen = o->listen.n ? o->listen.items : usual,
                            .listen_n = told ? o->listen.n : COUNT(usual),
                            .inherited = fds,
                            .inherited_n = inherited,
                            .trusted = o->trusted.items,
                            .trusted_n = o->trusted.n,
                            .handler = handle,
                            .terms = terms,
                            .log = note_request,
                            .ctx = h,
                            .w = c->w,
                            .loops = (int)o->loops,
                            .workers = (int)o->workers};
    return http_server_open(&options, &h->x.http, e);
}

static bool open_auth(call *c, house *h, const serving *o, const desk *d, err *e) {
    auth_options options = {.w = c->w, .plain_http = o->plain_http, .rate = o->rate};
    return flow_furnish(d->s, e) && auth_open(store_url(d->s), &options, &h->x.auth, e) &&
           auth_setup_token(h->x.auth, c->a, &h->setup, e);
}

/* The first start: nobody can sign in yet, so who reads this terminal makes the first administrator. */
static void offer_setup(call *c, const house *h, const serving *o) {
    int port = http_server_port(h->x.http);
    str at = o->listen.n ? o->listen.items[0] : S("");
    const char *host = str_starts(at, S("[::1]")) ? "[::1]" : "127.0.0.1";
    if (!h->setup.p) return;
    fprintf(c->err,
            "heed: nobody can sign in yet; open this link, good once and for 24 hours:\n\n");
    if (port)
        fprintf(c->err, "    http://%s:%d/setup#%.*s\n\n", host, port, STR_ARG(h->setup));
    else
        fprintf(c->err, "    (your address)/setup#%.*s\n\n", STR_ARG(h->setup));
}

static bool serve(call *c, house *h, const serving *o, err *e) {
    trickle *demo = NULL;
    if ((o->demo && !trickle_open(&h->x, o->demo, &demo, e)) || !open_server(c, h, o, e)) {
        trickle_close(demo);
        return false;
    }
    atomic_store(&h->x.ready, true);
    if (http_server_port(h->x.http))
        fprintf(c->err, "heed: serving at port %d\n", http_server_port(h->x.http));
    offer_setup(c, h, o);
    tell_manager(c, S("READY=1"));
    wait_for_end(c, &h->x, &demo);
    trickle_close(demo);
    tell_manager(c, S("STOPPING=1"));
    atomic_store(&h->x.ready, false);
    api_works_hush(&h->x);
    fprintf(c->err, "heed: finishing what is in hand\n");
    if (!http_server_drain(h->x.http, o->patience_s * 1000))
        fprintf(c->err, "heed: some requests took longer than %" PRId64 " s and were broken off\n",
                o->patience_s);
    http_server_close(h->x.http);
    return true;
}

static bool within(const char *name, i64 v, i64 min, i64 max, err *e) {
    if (v >= min && v <= max) return true;
    return fail(e, INVALID, "--%s wants %" PRId64 " to %" PRId64, name, min, max);
}

static int run(call *c) {
    err e;
    desk d;
    str_list words;
    serving o = {.workers = 8, .loops = 1, .patience_s = 20, .rate = -1};
    const option options[] = {{.name = "store", .text = &o.store},
                              {.name = "listen", .list = &o.listen},
                              {.name = "trust", .list = &o.trusted},
                              {.name = "host", .list = &o.hosts},
                              {.name = "workers", .number = &o.workers},
                              {.name = "loops", .number = &o.loops},
                              {.name = "patience", .number = &o.patience_s},
                              {.name = "rate", .number = &o.rate},
                              {.name = "demo", .number = &o.demo},
                              {.name = "plain-http", .flag = &o.plain_http}};
    if (!options_read(c, options, COUNT(options), &words, &e) ||
        !within("workers", o.workers, 1, 256, &e) || !within("loops", o.loops, 1, 64, &e) ||
        !within("patience", o.patience_s, 0, 3600, &e) || !within("rate", o.rate, -1, 100000, &e) ||
        !within("demo", o.demo, 0, 6000, &e) || !desk_open(c, o.store, true, &d, &e))
        return call_failed(c, &e);
    house *h = NEW(c->a, house);
    h->c = c;
    api_init(&h->x, c->w, d.s, d.t);
    h->x.hosts = o.hosts.items;
    h->x.hosts_n = o.hosts.n;
    h->x.any_host = false;
    process_catch_interrupts();
    process_raise_files();
    bool ok = open_auth(c, h, &o, &d, &e) && api_works_open(&h->x, process_cores(), &e) &&
              serve(c, h, &o, &e);
    api_works_close(&h->x);
    auth_close(h->x.auth);
    if (ok && !tally_seal(d.t, &e)) ok = false; /* the next start is quick */
    api_clear(&h->x);
    return ok ? 0 : call_failed(c, &e);
}

const command command_serve = {
    .name = "serve",
    .title = "Serves the pages and the API over HTTP",
    .help =
        "usage: heed serve [--store URL] [--listen ADDRESS]... [--trust NETWORK]...\n"
        "                  [--host NAME]... [--workers N] [--loops N]\n"
        "                  [--patience SECONDS] [--rate N] [--plain-http] [--demo N]\n\n"
        "Listens at 127.0.0.1:8080 unless told: --listen 127.0.0.1:9000, [::1]:9000, *:9000, "
        "unix:/run/heed.sock,\n"
        "or sockets handed over by systemd.  --trust names the networks of your reverse "
        "proxies (10.0.0.0/8, unix),\n"
        "whose X-Forwarded-For and X-Forwarded-Proto are believed.  --host adds a name people ask "
        "by "
        "(heed.example.org);\n"
        "other names than those, localhost and bare addresses are refused (421), so that no "
        "foreign "
        "page reaches it.\n"
        "Stops on SIGTERM or "
        "Ctrl-C: requests in hand\n"
        "have --patience seconds (20).\n"
        "As long as nobody can sign in, the start prints a link that makes the first "
        "administrator.  A key may ask\n"
        "--rate times a second (500; 0 = no limit), a person a tenth of that.  --plain-http lets "
        "people of other\n"
        "machines sign in without https: only in a network you trust.\n"
        "--demo lets the simulated company of `heed demo` go on talking, N signals a minute; only "
        "in "
        "its own store.\n",
    .run = run,
};
