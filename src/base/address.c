/* address.c - near and far addresses, and the parts of a URL. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include "base/address.h"

/* A network: the first bits of an address. */
typedef struct {
    u8 bytes[16];
    int bits;
} network;

static const network near4[] = {
    {{0}, 8},
    {{10}, 8},
    {{100, 64}, 10},
    {{127}, 8},
    {{169, 254}, 16},
    {{172, 16}, 12},
    {{192, 0, 0}, 24},
    {{192, 0, 2}, 24},
    {{192, 88, 99}, 24},
    {{192, 168}, 16},
    {{198, 18}, 15},
    {{198, 51, 100}, 24},
    {{203, 0, 113}, 24},
    {{224}, 4},
    {{240}, 4},
};
static const network near6[] = {
    {{0}, 96},                /* unspecified, loopback, IPv4-compatible */
    {{0x01, 0x00}, 64},       /* discard */
    {{0x20, 0x01, 0, 0}, 23}, /* protocol assignments, Teredo among them */
    {{0x20, 0x01, 0x0d, 0xb8}, 32},
    {{0x3f, 0xff}, 20},
    {{0x5f, 0x00}, 16},
    {{0xfc}, 7},
    {{0xfe, 0x80}, 10},
    {{0xfe, 0xc0}, 10},
    {{0xff}, 8},
};

static bool within(const u8 *a, const network *n) {
    int whole = n->bits / 8, rest = n->bits % 8;
    if (memcmp(a, n->bytes, (size_t)whole) != 0) return false;
    return !rest || (u8)((a[whole] ^ n->bytes[whole]) >> (8 - rest)) == 0;
}

static bool near_v4(const u8 *a) {
    for (size_t i = 0; i < COUNT(near4); i++)
        if (within(a, &near4[i])) return true;
    return false;
}

/* IPv4 inside: mapped (::ffff:0:0/96), translated (64:ff9b::/96, and /48 of RFC 8215), 6to4 (2002::/16). */
static bool near_v6(const u8 *a) {
    static const network mapped = {{[10] = 0xff, [11] = 0xff}, 96},
                         nat64 = {{0x00, 0x64, 0xff, 0x9b}, 96},
                         local64 = {{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48},
                         six4 = {{0x20, 0x02}, 16};
    if (within(a, &mapped) || within(a, &nat64)) return near_v4(a + 12);
    if (within(a, &six4)) return near_v4(a + 2);
    if (within(a, &local64)) return true;
    for (size_t i = 0; i < COUNT(near6); i++)
        if (within(a, &near6[i])) return true;
    return false;
}

bool address_near(const struct sockaddr *a) {
    const void *p = a;
    if (a->sa_family == AF_INET)
        return near_v4((const u8 *)&((const struct sockaddr_in *)p)->sin_addr);
    if (a->sa_family == AF_INET6)
        return near_v6((const u8 *)&((const struct sockaddr_in6 *)p)->sin6_addr);
    return true;
}

bool host_near(str host) {
    char z[INET6_ADDRSTRLEN];
    u8 bytes[16];
    while (host.n && host.p[host.n - 1] == '.') host.n--;
    if (str_eq_nocase(host, S("localhost")) || str_eq_nocase(host, S("localhost.localdomain")))
        return true;
    if (host.n > 10 && str_eq_nocase(str_from(host, host.n - 10), S(".localhost"))) return true;
    if (host.n == 0 || host.n >= sizeof z) return host.n == 0;
    snprintf(z, sizeof z, "%.*s", STR_ARG(host));
    if (inet_pton(AF_INET, z, bytes) == 1) return near_v4(bytes);
    if (inet_pton(AF_INET6, z, bytes) == 1) return near_v6(bytes);
    struct in_addr old; /* 127.1, 0x7f000001, 2130706433: what resolvers still understand */
    return inet_aton(z, &old) && near_v4((const u8 *)&old);
}

static bool host_cut(str rest, url_parts *u) {
    str port = NO_STR;
    if (rest.n && rest.p[0] == '[') {
        if (!str_cut(str_from(rest, 1), ']', &u->host, &port)) return false;
        if (port.n && port.p[0] != ':') return false;
        port = port.n ? str_from(port, 1) : NO_STR;
    } else if (!str_cut(rest, ':', &u->host, &port)) {
        u->host = rest, port = NO_STR;
    }
    if (!port.p) return u->host.n > 0;
    return u->host.n > 0 && str_int(port, &u->port) && u->port > 0 && u->port < 65536;
}

static bool plain(str url) {
    for (size_t i = 0; i < url.n; i++)
        if ((u8)url.p[i] <= ' ' || (u8)url.p[i] >= 0x7f || url.p[i] == '\\') return false;
    return true;
}

bool url_cut(str url, url_parts *out, err *e) {
    url_parts u = {.port = NONE};
    ptrdiff_t at = str_find(url, S("://"));
    if (at <= 0 || !plain(url))
        return fail(e, INVALID,
                    "\"%.*s\" is no address: want https://host/path, without blanks, and other "
                    "letters than ASCII written %%XX",
                    (int)MIN(url.n, (size_t)100), url.p ? url.p : "");
    u.scheme = str_head(url, (size_t)at);
    str rest = str_from(url, (size_t)at + 3);
    for (size_t i = 0; i < rest.n; i++)
        if (rest.p[i] == '/' || rest.p[i] == '?' || rest.p[i] == '#') rest.n = i;
    if (rest.n && memchr(rest.p, '@', rest.n))
        return fail(e, INVALID, "leave user and password out of the address: they are kept apart");
    if (!host_cut(rest, &u))
        return fail(e, INVALID, "\"%.*s\" names no host, or a port that is none",
                    (int)MIN(url.n, (size_t)100), url.p);
    *out = u;
    return true;
}
