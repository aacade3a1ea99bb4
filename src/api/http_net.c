/* http_net.c - addresses: listening, sockets handed to us, proxies we trust, the manager's socket. */
#include <unistd.h>
#include <fcntl.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include "api/http_int.h"

enum { BACKLOG = 1024 };

typedef union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un un;
} address;

/* "127.0.0.1", "::1", "*": */
static bool host_parse(str host, int port, address *out, socklen_t *n) {
    char z[INET6_TEXT + 2];
    *out = (address){0};
    if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
        host = (str){host.p + 1, host.n - 2};
    if (host.n >= sizeof z) return false;
    snprintf(z, sizeof z, "%.*s", STR_ARG(host));
    *n = sizeof out->v4;
    if (str_eq(host, S("localhost"))) snprintf(z, sizeof z, "127.0.0.1");
    out->v4.sin_family = AF_INET;
    out->v4.sin_port = htons((u16)port);
    if (inet_pton(AF_INET, z, &out->v4.sin_addr) == 1) return true;
    *n = sizeof out->v6;
    *out = (address){0};
    out->v6.sin6_family = AF_INET6;
    out->v6.sin6_port = htons((u16)port);
    return str_eq(host, S("*")) || inet_pton(AF_INET6, z, &out->v6.sin6_addr) == 1;
}

static bool unix_parse(str path, address *out, socklen_t *n) {
    *out = (address){0};
    if (path.n == 0 || path.n >= sizeof out->un.sun_path) return false;
    out->un.sun_family = AF_UNIX;
    memcpy(out->un.sun_path, path.p, path.n);
    *n = sizeof out->un;
    return true;
}

static bool address_parse(str s, address *out, socklen_t *n, bool *local) {
    *local = str_starts(s, S("unix:"));
    if (*local) return unix_parse(str_from(s, 5), out, n);
    size_t colon = s.n;
    while (colon && s.p[colon - 1] != ':') colon--;
    i64 port;
    if (colon < 2 || !str_int(str_from(s, colon), &port) || port < 0 || port > 65535) return false;
    return host_parse(str_head(s, colon - 1), (int)port, out, n);
}

/* A socket file nobody listens at any more is left over from a crash. */
static void drop_stale(const address *a, socklen_t n) {
    struct stat st;
    if (lstat(a->un.sun_path, &st) != 0 || !S_ISSOCK(st.st_mode)) return;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, &a->any, n) != 0 && errno == ECONNREFUSED) unlink(a->un.sun_path);
    if (fd >= 0) close(fd);
}

static bool refuse_address(str s, int fd, err *e) {
    int why = errno;
    if (fd >= 0) close(fd);
    if (why == EADDRINUSE)
        return fail(e, BUSY,
                    "cannot listen at %.*s: another program has it; stop that or take another port",
                    STR_ARG(s));
    return fail(e, IO, "cannot listen at %.*s: %s", STR_ARG(s), strerror(why));
}

bool net_listen(str s, int *fd_out, bool *local_out, err *e) {
    address a;
    socklen_t n;
    bool local;
    int one = 1, zero = 0;
    if (!address_parse(s, &a, &n, &local))
        return fail(e, INVALID,
                    "\"%.*s\" is no address to listen at; want 127.0.0.1:8080, [::1]:8080, *:8080 "
                    "or unix:PATH",
                    STR_ARG(s));
    if (local) drop_stale(&a, n);
    int fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return refuse_address(s, fd, e);
    if (!local) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (a.any.sa_family == AF_INET6 && str_starts(s, S("*")))
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof zero);
    if (bind(fd, &a.any, n) != 0 || listen(fd, BACKLOG) != 0) return refuse_address(s, fd, e);
    *fd_out = fd;
    *local_out = local;
    return true;
}

bool net_adopt(int fd, bool *local_out, err *e) {
    address a = {0};
    socklen_t n = sizeof a, m = sizeof(int);
    int listening = 0;
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &m) != 0 || !listening ||
        getsockname(fd, &a.any, &n) != 0)
        return fail(e, INVALID, "descriptor %d, handed over to be served, is no listening socket",
                    fd);
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 ||
        fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
        return fail(e, IO, "cannot use descriptor %d: %s", fd, strerror(errno));
    *local_out = a.any.sa_family == AF_UNIX;
    return true;
}

int net_port(int fd) {
    address a = {0};
    socklen_t n = sizeof a;
    if (getsockname(fd, &a.any, &n) != 0) return 0;
    if (a.any.sa_family == AF_INET) return ntohs(a.v4.sin_port);
    return a.any.sa_family == AF_INET6 ? ntohs(a.v6.sin6_port) : 0;
}

void net_unlink(str s) {
    address a;
    socklen_t n;
    bool local;
    if (address_parse(s, &a, &n, &local) && local) unlink(a.un.sun_path);
}

/* ---- proxies ---- */

static bool ip_parse(str s, u8 out[16], bool *v4) {
    static const u8 mapped[12] = {[10] = 0xff, [11] = 0xff};
    char z[INET6_TEXT];
    if (s.n == 0 || s.n >= sizeof z) return false;
    snprintf(z, sizeof z, "%.*s", STR_ARG(s));
    *v4 = true;
    memcpy(out, mapped, 12);
    if (inet_pton(AF_INET, z, out + 12) == 1) return true;
    *v4 = false;
    return inet_pton(AF_INET6, z, out) == 1;
}

bool network_parse(str s, network *out, err *e) {
    if (str_eq(s, S("unix"))) return *out = (network){.bits = -1}, true;
    str ip = s, bits_text = NO_STR;
    bool v4;
    i64 bits = -1;
    network n = {0};
    bool cut = str_cut(s, '/', &ip, &bits_text);
    bool ok = ip_parse(ip, n.net, &v4) && (!cut || str_int(bits_text, &bits));
    if (ok && !cut) bits = v4 ? 32 : 128;
    if (!ok || bits < 0 || bits > (v4 ? 32 : 128))
        return fail(e, INVALID, "\"%.*s\" is no network of proxies; want 10.0.0.0/8, ::1 or unix",
                    STR_ARG(s));
    n.bits = (int)bits + (v4 ? 96 : 0);
    *out = n;
    return true;
}

static bool inside(const network *n, const u8 ip[16]) {
    int whole = n->bits / 8, rest = n->bits % 8;
    if (n->bits < 0 || memcmp(n->net, ip, (size_t)whole) != 0) return false;
    return rest == 0 || ((n->net[whole] ^ ip[whole]) >> (8 - rest)) == 0;
}

bool network_has(const network *list, size_t n, const u8 ip[16], bool local) {
    for (size_t i = 0; i < n; i++)
        if (local ? list[i].bits < 0 : inside(&list[i], ip)) return true;
    return false;
}

static void ip_print(const u8 ip[16], char *out) {
    static const u8 mapped[12] = {[10] = 0xff, [11] = 0xff};
    bool v4 = memcmp(ip, mapped, 12) == 0;
    check(inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? ip + 12 : ip, out, INET6_TEXT));
}

/* Goes through one X-Forwarded-For from the right, while those it names are proxies of ours.  False: the
** client was found, or the field cannot be read. */
static bool walk_forwarded(const http_server *s, str list, u8 ip[16]) {
    while (list.n) {
        size_t comma = list.n;
        u8 hop[16];
        bool v4;
        while (comma && list.p[comma - 1] != ',') comma--;
        str item = str_trim(str_from(list, comma));
        if (!ip_parse(item, hop, &v4)) return false;
        memcpy(ip, hop, 16);
        if (!network_has(s->trusted, s->o.trusted_n, ip, false)) return false;
        list.n = comma ? comma - 1 : 0;
    }
    return true;
}

void net_client(const http_server *s, const conn *c, exchange *x) {
    u8 ip[16];
    memcpy(ip, c->address, 16);
    bool trusted = network_has(s->trusted, s->o.trusted_n, ip, c->local), named = false;
    for (size_t i = x->r.fields_n; trusted && i-- > 0;) {
        if (!str_eq_nocase(x->fields[i].name, S("x-forwarded-for"))) continue;
        named = true;
        if (!walk_forwarded(s, x->fields[i].value, ip)) break;
    }
    if (c->local && !named)
        snprintf(x->client, sizeof x->client, "unix");
    else
        ip_print(ip, x->client);
    x->r.client = str_of(x->client);
    x->r.local = c->local;
    x->r.secure = trusted && str_eq_nocase(http_get(&x->r, "x-forwarded-proto"), S("https"));
}

/* ---- the manager ---- */

bool http_notify(str path, str state, err *e) {
    address a = {0};
    if (!path.n) return true;
    if (path.n >= sizeof a.un.sun_path || (path.p[0] != '/' && path.p[0] != '@'))
        return fail(e, INVALID, "NOTIFY_SOCKET names no socket");
    a.un.sun_family = AF_UNIX;
    memcpy(a.un.sun_path, path.p, path.n);
    if (path.p[0] == '@') a.un.sun_path[0] = 0; /* the abstract namespace */
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return fail(e, IO, "cannot speak to the service manager: %s", strerror(errno));
    ssize_t n = sendto(fd, state.p, state.n, MSG_NOSIGNAL, &a.any,
                       (socklen_t)(offsetof(struct sockaddr_un, sun_path) + path.n));
    int why = errno;
    close(fd);
    return n == (ssize_t)state.n ||
           fail(e, IO, "cannot speak to the service manager: %s", strerror(why));
}
