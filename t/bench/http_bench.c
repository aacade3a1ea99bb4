/* http_bench.c - what one request costs: answers a second and CPU a request, on loopback, with keep-alive
** clients in threads of their own (their CPU is told apart).
**
** http_bench [SECONDS [CLIENTS [LOOPS]]] */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include "api/http.h"

static const char hello[] = "{\"ok\":true,\"service\":\"heed\",\"msg\":\"hello world\"}";

static bool serve(void *ctx, arena *a, http_request *r, err *e) {
    (void)ctx;
    str body;
    if (r->method == METHOD_POST && !http_body_all(r, a, 1 << 20, &body, e)) return false;
    http_reply(r, 200, S("application/json"), (str){hello, sizeof hello - 1});
    return true;
}

static void terms(void *ctx, const http_request *r, http_terms *t) {
    (void)ctx;
    t->quick = str_eq(r->path, S("/quick"));
}

static i64 wall_ms(world *w) {
    (void)w;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (i64)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static u64 seven(world *w) {
    (void)w;
    return 7;
}

static double cpu_s(int who) {
    struct rusage u;
    getrusage(who, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

typedef struct {
    str request;
    int port;
    atomic_bool stop;
    atomic_llong answers, client_cpu_us;
} run;

static int dial(int port) {
    struct sockaddr_in a = {
        .sin_family = AF_INET, .sin_port = htons((u16)port), .sin_addr.s_addr = htonl(0x7f000001)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    check(fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof a) == 0);
    return fd;
}

/* Sixteen connections a client, one request each in flight, so that the loop has batches as in life. */
static void *client(void *ctx) {
    enum { LINES = 16 };
    run *r = ctx;
    int fds[LINES];
    char in[4096];
    for (int i = 0; i < LINES; i++) fds[i] = dial(r->port);
    while (!atomic_load(&r->stop)) {
        for (int i = 0; i < LINES; i++)
            check(send(fds[i], r->request.p, r->request.n, 0) == (ssize_t)r->request.n);
        for (int i = 0; i < LINES; i++) {
            ssize_t n = recv(fds[i], in, sizeof in, 0);
            check(n > 12 && memcmp(in, "HTTP/1.1 200", 12) == 0);
        }
        atomic_fetch_add(&r->answers, LINES);
    }
    for (int i = 0; i < LINES; i++) close(fds[i]);
    atomic_fetch_add(&r->client_cpu_us, (i64)(cpu_s(RUSAGE_THREAD) * 1e6));
    return NULL;
}

static void measure(const char *name, int port, str request, int seconds, int clients) {
    pthread_t threads[64];
    run r = {.request = request, .port = port};
    double before = cpu_s(RUSAGE_SELF);
    i64 from = wall_ms(NULL);
    for (int i = 0; i < clients; i++) check(pthread_create(&threads[i], NULL, client, &r) == 0);
    sleep((unsigned)seconds);
    atomic_store(&r.stop, true);
    for (int i = 0; i < clients; i++) pthread_join(threads[i], NULL);
    double took = (double)(wall_ms(NULL) - from) / 1e3, n = (double)atomic_load(&r.answers);
    double server = cpu_s(RUSAGE_SELF) - before - (double)atomic_load(&r.client_cpu_us) / 1e6;
    printf("%-28s %8.0f answers/s  %6.1f us of server CPU each\n", name, n / took,
           server * 1e6 / n);
}

int main(int argc, char **argv) {
    i64 seconds = 2, clients = 1, loops = 1;
    err e;
    http_server *s;
    world w = {wall_ms, seven, NULL};
    str at = S("127.0.0.1:0");
    char post[2048];
    bool ok = (argc < 2 || str_int(str_of(argv[1]), &seconds)) &&
              (argc < 3 || str_int(str_of(argv[2]), &clients)) &&
              (argc < 4 || str_int(str_of(argv[3]), &loops));
    check(ok && clients >= 1 && clients <= 64);
    http_options o = {.listen = &at,
                      .listen_n = 1,
                      .handler = serve,
                      .terms = terms,
                      .w = &w,
                      .loops = (int)loops};
    if (!http_server_open(&o, &s, &e)) {
        fprintf(stderr, "%s\n", e.msg);
        return 1;
    }
    int port = http_server_port(s);
    measure("GET on the loop", port, S("GET /quick HTTP/1.1\r\nHost: x\r\n\r\n"), (int)seconds,
            (int)clients);
    measure("GET by a worker", port, S("GET /work HTTP/1.1\r\nHost: x\r\n\r\n"), (int)seconds,
            (int)clients);
    int n = snprintf(post, sizeof post,
                     "POST /work HTTP/1.1\r\nHost: x\r\nContent-Length: 1024\r\n\r\n%1024s", "x");
    measure("POST of 1 KB by a worker", port, (str){post, (size_t)n}, (int)seconds, (int)clients);
    http_server_close(s);
    return 0;
}
