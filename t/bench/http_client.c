/* http_client.c - clients for script/bench-http: sends signals, or asks what the pages ask, and tells how long
** each answer took.
**
** http_client send PORT KEY CONNECTIONS BATCH SECONDS FIRST RATE   signals from number FIRST on, BATCH of
**                  them in a request, RATE a second in all (0: as fast as they are taken)
** http_client ask PORT KEY SECONDS FILE [PAUSE]   the lines of FILE (name, tab, path), in turn, one at a time,
**                  PAUSE milliseconds between them
** Prints rows of name, answers (or signals), seconds, p50, p99 and largest in ms, with tabs between. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/sys.h"
#include "base/base.h"

enum { CALLS_MAX = 200, ANSWER_BYTES = 64 << 20, HEAD_BYTES = 2000 };

static _Noreturn void give_up(const char *what) {
    fprintf(stderr, "http_client: %s\n", what);
    exit(1);
}

static i64 now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (i64)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- times ---- */

typedef struct {
    i64 *us;
    size_t n, cap;
} times;

static void note(times *t, i64 us) {
    if (t->n == t->cap) {
        t->cap = t->cap ? t->cap * 2 : 1024;
        t->us = mem_grow(t->us, t->cap, sizeof *t->us);
    }
    t->us[t->n++] = us;
}

static int ascending(const void *x, const void *y) {
    i64 a = *(const i64 *)x, b = *(const i64 *)y;
    return (a > b) - (a < b);
}

static void row(const char *name, i64 count, double seconds, times *t) {
    if (!t->n) give_up("nothing was answered");
    qsort(t->us, t->n, sizeof *t->us, ascending);
    printf("%s\t%" PRId64 "\t%.2f\t%.2f\t%.2f\t%.2f\n", name, count, seconds,
           (double)t->us[t->n / 2] / 1e3, (double)t->us[t->n * 99 / 100] / 1e3,
           (double)t->us[t->n - 1] / 1e3);
    fflush(stdout);
}

/* ---- one connection ---- */

typedef struct {
    int fd, port;
    char *in; /* ANSWER_BYTES */
} line;

static void dial(line *l) {
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port = htons((u16)l->port),
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1;
    l->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (l->fd < 0 || connect(l->fd, (struct sockaddr *)&a, sizeof a) != 0) give_up("no connection");
    setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

static void say(const line *l, str s) {
    while (s.n) {
        ssize_t n = send(l->fd, s.p, s.n, MSG_NOSIGNAL);
        if (n <= 0) give_up("the server hung up");
        s = str_from(s, (size_t)n);
    }
}

/* Answers of known length, and those in chunks, whose last one is empty. */
static bool whole(str s) {
    ptrdiff_t cut = str_find(s, S("\r\n\r\n"));
    if (cut < 0) return false;
    str head = str_head(s, (size_t)cut + 2);
    ptrdiff_t at = str_find(head, S("Content-Length: "));
    if (at < 0) return str_ends(s, S("0\r\n\r\n"));
    return s.n >= (size_t)cut + 4 + strtoul(s.p + at + 16, NULL, 10);
}

static int hear(const line *l) {
    size_t n = 0;
    while (n < ANSWER_BYTES) {
        ssize_t got = recv(l->fd, l->in + n, ANSWER_BYTES - n, 0);
        if (got <= 0) give_up("the server hung up");
        n += (size_t)got;
        if (whole((str){l->in, n})) return (int)strtol(l->in + 9, NULL, 10);
    }
    give_up("an answer without end");
}

/* ---- asking ---- */

typedef struct {
    char name[80], path[1800];
    times t;
} call;

static size_t read_calls(const char *file, call *out) {
    FILE *f = fopen(file, "r");
    char text[2000];
    size_t n = 0;
    if (!f) give_up("no file of calls");
    while (n < CALLS_MAX && fgets(text, sizeof text, f)) {
        str l = str_trim(str_of(text)), name, path;
        if (!str_cut(l, '\t', &name, &path)) continue;
        snprintf(out[n].name, sizeof out[n].name, "%.*s", STR_ARG(name));
        snprintf(out[n].path, sizeof out[n].path, "%.*s", STR_ARG(path));
        n++;
    }
    fclose(f);
    return n;
}

static void ask(int port, const char *key, i64 seconds, const char *file, i64 pause_ms) {
    static call calls[CALLS_MAX];
    line l = {.port = port, .in = mem_new(ANSWER_BYTES, 1)};
    char request[HEAD_BYTES + 2000];
    size_t n = read_calls(file, calls);
    i64 end = now_us() + seconds * 1000000;
    dial(&l);
    for (bool first = true; first || now_us() < end; first = false) /* each once at least */
        for (size_t i = 0; i < n; i++) {
            int k =
                snprintf(request, sizeof request,
                         "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n",
                         calls[i].path, key);
            if (pause_ms) usleep((useconds_t)pause_ms * 1000);
            i64 from = now_us();
            say(&l, (str){request, (size_t)k});
            int status = hear(&l);
            note(&calls[i].t, now_us() - from);
            if (status != 200) {
                fprintf(stderr, "%s: %.600s\n", calls[i].path, l.in);
                give_up("a call was refused");
            }
        }
    for (size_t i = 0; i < n; i++)
        row(calls[i].name, (i64)calls[i].t.n, (double)seconds, &calls[i].t);
    close(l.fd);
    free(l.in);
}

/* ---- sending ---- */

static atomic_llong next_signal;

typedef struct {
    line l;
    const char *key;
    i64 batch, end_us, sent, pause_us; /* from one request to the next; 0 = none */
    times t;
    pthread_t thread;
} sender;

static const char *const said[] = {"the delivery was very late and nobody called",
                                   "the staff were friendly and quick",
                                   "I waited three weeks for my refund",
                                   "the app crashes when I log in",
                                   "great quality, I would recommend it",
                                   "物流太慢了，等了两周",
                                   "客服态度很好，很快解决了"};
static const char *const channels[] = {"call", "chat", "review", "survey", "email", "app"};

/* Signals of the last day: the same for the same number. */
static void put_signal(buf *b, i64 i) {
    buf_fmt(b,
            "{\"source\":\"live\",\"external_id\":\"%" PRId64 "\",\"channel\":\"%s\",\"product\":"
            "\"model %" PRId64 "\",\"words\":\"%s, case %" PRId64 "\",\"score:nps\":%" PRId64
            ",\"attributes\":{\"city\":\"city %" PRId64 "\"}}",
            i, channels[i % (i64)COUNT(channels)], 1 + i % 40, said[i % (i64)COUNT(said)],
            i * 7919 % 99991, i * 7 % 11, 1 + i % 60);
}

static void *send_on(void *arg) {
    sender *s = arg;
    buf body = {0}, request = {0};
    for (i64 due = now_us(); now_us() < s->end_us; due += s->pause_us) {
        if (s->pause_us && due > now_us()) usleep((useconds_t)(due - now_us()));
        body.n = request.n = 0;
        i64 first = atomic_fetch_add(&next_signal, s->batch);
        if (s->batch > 1) buf_char(&body, '[');
        for (i64 i = 0; i < s->batch; i++) {
            if (i) buf_char(&body, ',');
            put_signal(&body, first + i);
        }
        if (s->batch > 1) buf_char(&body, ']');
        buf_fmt(&request,
                "POST /api/v1/signals HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
                "%s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                s->key, body.n);
        buf_str(&request, buf_view(&body));
        i64 from = now_us();
        say(&s->l, buf_view(&request));
        if (hear(&s->l) != 200) {
            fprintf(stderr, "%.600s\n", s->l.in);
            give_up("signals were refused");
        }
        note(&s->t, now_us() - from);
        s->sent += s->batch;
    }
    buf_clear(&body);
    buf_clear(&request);
    return NULL;
}

static void send_all(int port, const char *key, i64 connections, i64 batch, i64 seconds, i64 rate) {
    sender *all = mem_new((size_t)connections, sizeof *all);
    times t = {0};
    i64 sent = 0, from = now_us();
    for (i64 i = 0; i < connections; i++) {
        all[i] = (sender){.l = {.port = port, .in = mem_new(ANSWER_BYTES, 1)},
                          .key = key,
                          .batch = batch,
                          .pause_us = rate ? 1000000 * batch * connections / rate : 0,
                          .end_us = from + seconds * 1000000};
        dial(&all[i].l);
        if (pthread_create(&all[i].thread, NULL, send_on, &all[i]) != 0) give_up("no thread");
    }
    for (i64 i = 0; i < connections; i++) {
        pthread_join(all[i].thread, NULL);
        for (size_t k = 0; k < all[i].t.n; k++) note(&t, all[i].t.us[k]);
        sent += all[i].sent;
        close(all[i].l.fd);
        free(all[i].l.in);
        free(all[i].t.us);
    }
    row("signals", sent, (double)(now_us() - from) / 1e6, &t);
    free(all);
}

static i64 number(const char *text) {
    i64 v;
    if (!str_int(str_of(text), &v) || v < 0) give_up("want a number");
    return v;
}

int main(int argc, char **argv) {
    if ((argc == 6 || argc == 7) && strcmp(argv[1], "ask") == 0) {
        ask((int)number(argv[2]), argv[3], number(argv[4]), argv[5],
            argc == 7 ? number(argv[6]) : 0);
    } else if (argc == 9 && strcmp(argv[1], "send") == 0) {
        atomic_store(&next_signal, number(argv[7]));
        send_all((int)number(argv[2]), argv[3], number(argv[4]), number(argv[5]), number(argv[6]),
                 number(argv[8]));
    } else {
        give_up("send PORT KEY CONNECTIONS BATCH SECONDS FIRST RATE | ask PORT KEY SECONDS FILE "
                "[PAUSE]");
    }
    return 0;
}
