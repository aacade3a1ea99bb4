/* serve_test.c - `heed serve` as systemd runs it: sockets handed over, readiness told, a calm end. */
#include "base/test.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    char dir[64], store[96], notify_path[96];
    int notify, port;
    pid_t pid;
    char told[256];
} served;

static int listen_anywhere(int *port) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001)};
    socklen_t n = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof a) == 0 && listen(fd, 64) == 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
    *port = ntohs(a.sin_port);
    return fd;
}

static int listen_for_news(const char *path) {
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(a.sun_path, sizeof a.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    assert_true(fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof a) == 0);
    return fd;
}

/* In the child: the listening socket becomes descriptor 3, as the protocol of systemd wants it. */
static void become_server(const served *s, const char *program, int listening) {
    char pid[24];
    snprintf(pid, sizeof pid, "%d", (int)getpid());
    setenv("LISTEN_PID", pid, 1);
    setenv("LISTEN_FDS", "1", 1);
    setenv("NOTIFY_SOCKET", s->notify_path, 1);
    setenv("WATCHDOG_USEC", "600000", 1);
    if (listening != 3) dup2(listening, 3), close(listening);
    if (!freopen("/dev/null", "w", stderr)) _exit(126);
    execl(program, "heed", "serve", "--store", s->store, (char *)NULL);
    _exit(127);
}

static void start(served *s) {
    const char *build = getenv("HEED_BUILD");
    char program[300];
    snprintf(program, sizeof program, "%s/heed", build ? build : "build/debug");
    snprintf(s->dir, sizeof s->dir, "/tmp/heed-serve-XXXXXX");
    assert_non_null(mkdtemp(s->dir));
    snprintf(s->store, sizeof s->store, "%s/heed.db", s->dir);
    snprintf(s->notify_path, sizeof s->notify_path, "%s/notify", s->dir);
    s->notify = listen_for_news(s->notify_path);
    int fd = listen_anywhere(&s->port);
    s->pid = fork();
    assert_true(s->pid >= 0);
    if (s->pid == 0) become_server(s, program, fd);
    close(fd);
}

static bool is_told(served *s, const char *want, int ms) {
    struct pollfd p = {.fd = s->notify, .events = POLLIN};
    for (; ms > 0; ms -= 50) {
        if (poll(&p, 1, 50) <= 0) continue;
        ssize_t n = recv(s->notify, s->told, sizeof s->told - 1, 0);
        s->told[n > 0 ? n : 0] = 0;
        if (strcmp(s->told, want) == 0) return true;
    }
    return false;
}

static int dial(const served *s) {
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port = htons((u16)s->port),
                            .sin_addr.s_addr = htonl(0x7f000001)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0) return fd;
    close(fd);
    return -1;
}

static void get(const served *s, const char *path, char *out, size_t cap) {
    char request[200];
    int fd = dial(s),
        n = snprintf(request, sizeof request,
                     "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);
    assert_true(fd >= 0 && send(fd, request, (size_t)n, MSG_NOSIGNAL) == n);
    size_t have = 0;
    for (ssize_t got; have + 1 < cap && (got = recv(fd, out + have, cap - have - 1, 0)) > 0;)
        have += (size_t)got;
    out[have] = 0;
    close(fd);
}

static int end(served *s) {
    int status = -1;
    kill(s->pid, SIGTERM);
    for (int i = 0; i < 3000 && waitpid(s->pid, &status, WNOHANG) == 0; i++) usleep(20000);
    close(s->notify);
    char sweep[200];
    snprintf(sweep, sizeof sweep, "rm -rf '%s'", s->dir);
    if (system(sweep) != 0) print_message("# %s stays\n", s->dir);
    return status;
}

static void systemd_sees_it_come_live_and_go(void **state) {
    (void)state;
    served s = {0};
    char out[16384];
    start(&s);
    assert_true(is_told(&s, "READY=1", 60000));
    get(&s, "/readyz", out, sizeof out);
    assert_non_null(strstr(out, "HTTP/1.1 200 OK"));
    get(&s, "/metrics", out, sizeof out);
    assert_non_null(strstr(out, "HTTP/1.1 401 Unauthorized")); /* the figures are for keys */
    assert_true(is_told(&s, "WATCHDOG=1", 60000));
    assert_true(is_told(&s, "WATCHDOG=1", 60000));
    int idle = dial(&s);
    int status = end(&s);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    close(idle);
    assert_int_equal(dial(&s), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(systemd_sees_it_come_live_and_go)};
    return RUN_TESTS(tests);
}
