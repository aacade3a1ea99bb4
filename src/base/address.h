/* address.h - which addresses of the network are near: this machine, its private networks, and those that
** mean nobody.  What strangers make us ask must be none of them (SSRF). */
#ifndef BASE_ADDRESS_H
#define BASE_ADDRESS_H
#include "base/base.h"
#include <sys/socket.h>

/* By the special-purpose registries of the IANA (RFC 6890): loopback, private, link-local, shared, benchmark,
** documentation, multicast and reserved; IPv6 addresses that carry an IPv4 one are judged by that.  What is
** neither IPv4 nor IPv6 is near. */
bool address_near(const struct sockaddr *a);

/* The parts of "scheme://[user[:password]@]host[:port][/path]".  INVALID, in one sentence, when it is no such
** thing, when it holds blanks or control characters, or a user or password (those are kept apart). */
typedef struct {
    str scheme, host; /* host without brackets */
    i64 port;         /* NONE when not told */
} url_parts;
bool url_cut(str url, url_parts *out, err *e) MUST_USE;
/* A host that says itself where it is: a literal address, or localhost and its like, that is near. */
bool host_near(str host);
#endif
