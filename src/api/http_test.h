/* http_test.h - a running server and a raw client, for the tests of the HTTP server. */
#ifndef API_HTTP_TEST_H
#define API_HTTP_TEST_H
#include "base/test.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "api/http.h"

static i64 real_ms(world *w) {
    (void)w;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (i64)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static u64 test_chance(world *w) {
    (void)w;
    return 42;
}

enum { PATIENT_MS = 60000 }; /* for what must come: a slow machine is no failure */

__attribute__((unused)) static world test_world = {real_ms, test_chance, NULL};

static int dial(int port) {
    struct sockaddr_in a = {
        .sin_family = AF_INET, .sin_port = htons((u16)port), .sin_addr.s_addr = htonl(0x7f000001)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    return fd;
}

/* False when the server has closed in between. */
__attribute__((unused)) static bool say(int fd, str bytes) {
    while (bytes.n) {
        ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);
        if (n <= 0) return false;
        bytes = str_from(bytes, (size_t)n);
    }
    return true;
}

/* Reads until the other side closes, *until appears, or ms pass. */
static str hear_until(int fd, char *to, size_t cap, const char *until, int ms) {
    size_t n = 0;
    i64 end = real_ms(NULL) + ms;
    while (n < cap) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        i64 left = end - real_ms(NULL);
        if (left <= 0 || poll(&p, 1, (int)left) <= 0) break;
        ssize_t got = recv(fd, to + n, cap - n, 0);
        if (got <= 0) break;
        n += (size_t)got;
        if (until && str_find((str){to, n}, str_of(until)) >= 0) break;
    }
    return (str){to, n};
}

/* The other side closes within ms. */
__attribute__((unused)) static bool closes(int fd, int ms) {
    char drop[4096];
    i64 end = real_ms(NULL) + ms;
    for (;;) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        i64 left = end - real_ms(NULL);
        if (left <= 0 || poll(&p, 1, (int)left) <= 0) return false;
        if (recv(fd, drop, sizeof drop, 0) <= 0) return true;
    }
}

/* One exchange on a connection of its own. */
__attribute__((unused)) static str ask(int port, str request, char *to, size_t cap, int ms) {
    int fd = dial(port);
    (void)say(fd, request);
    str answer = hear_until(fd, to, cap, NULL, ms);
    close(fd);
    return answer;
}
#endif
