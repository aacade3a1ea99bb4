/* post.c - the way out of the house: HTTP and SMTP by libcurl, one try at a time, to nobody who is near
** unless that is wished. */
#include <curl/curl.h>
#include "main/post.h"
#include "base/address.h"
#include "base/limits.h"

enum { WAIT_MAX_S = 24 * 3600 };

typedef struct {
    const parcel *p;
    CURL *c;
    struct curl_slist *heads, *to;
    size_t read;  /* of a mail's body */
    char *answer; /* room of LIMIT_RECEIPT_BYTES: libcurl calls us, and must not be jumped out of */
    size_t answer_n;
    bool refused;
    char why[CURL_ERROR_SIZE];
} trip;

/* Before a connection is tried: the name has been looked up, so what it really means is known now. */
static curl_socket_t open_socket(void *ctx, curlsocktype kind, struct curl_sockaddr *a) {
    trip *t = ctx;
    (void)kind;
    if (!t->p->near && address_near(&a->addr)) return t->refused = true, CURL_SOCKET_BAD;
    return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static size_t take_answer(char *p, size_t size, size_t n, void *ctx) {
    trip *t = ctx;
    size_t take = MIN(size * n, (size_t)LIMIT_RECEIPT_BYTES - t->answer_n);
    memcpy(t->answer + t->answer_n, p, take);
    t->answer_n += take;
    return t->answer_n < LIMIT_RECEIPT_BYTES ? size * n : 0; /* enough is known: hang up */
}

static size_t take_line(char *p, size_t size, size_t n, void *ctx) {
    trip *t = ctx;
    str line = str_trim((str){p, MIN(size * n, (size_t)LIMIT_RECEIPT_BYTES)});
    if (t->p->to.p && line.n) {
        memcpy(t->answer, line.p, line.n);
        t->answer_n = line.n;
    }
    return size * n;
}

static size_t give_mail(char *p, size_t size, size_t n, void *ctx) {
    trip *t = ctx;
    str rest = str_from(t->p->body, t->read);
    size_t take = MIN(size * n, rest.n);
    if (take) memcpy(p, rest.p, take);
    t->read += take;
    return take;
}

static int go_on(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
    const trip *t = ctx;
    (void)a, (void)b, (void)c, (void)d;
    return t->p->stop && atomic_load(t->p->stop);
}

static void set_text(CURL *c, CURLoption o, arena *a, str s) {
    if (s.p) curl_easy_setopt(c, o, arena_str(a, s).p);
}

static void set_http(trip *t, arena *a) {
    for (size_t i = 0; i < t->p->headers_n; i++)
        t->heads = curl_slist_append(t->heads, arena_str(a, t->p->headers[i]).p);
    t->heads = curl_slist_append(t->heads, "Expect:");
    curl_easy_setopt(t->c, CURLOPT_HTTPHEADER, t->heads);
    curl_easy_setopt(t->c, CURLOPT_POST, 1L);
    curl_easy_setopt(t->c, CURLOPT_POSTFIELDS, t->p->body.p);
    curl_easy_setopt(t->c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->p->body.n);
    curl_easy_setopt(t->c, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(t->c, CURLOPT_USERAGENT, "Heed/" HEED_VERSION);
    curl_easy_setopt(t->c, CURLOPT_PROTOCOLS_STR, "http,https");
}

/* With TLS wherever the other side offers it; with a password only over TLS, unless the relay is near. */
static void set_mail(trip *t, arena *a) {
    bool must = t->p->user.p && !t->p->near;
    t->to = curl_slist_append(t->to, arena_str(a, t->p->to).p);
    set_text(t->c, CURLOPT_MAIL_FROM, a, t->p->from);
    curl_easy_setopt(t->c, CURLOPT_MAIL_RCPT, t->to);
    curl_easy_setopt(t->c, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(t->c, CURLOPT_READFUNCTION, give_mail);
    curl_easy_setopt(t->c, CURLOPT_READDATA, t);
    curl_easy_setopt(t->c, CURLOPT_INFILESIZE_LARGE, (curl_off_t)t->p->body.n);
    curl_easy_setopt(t->c, CURLOPT_USE_SSL, (long)(must ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    curl_easy_setopt(t->c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set_text(t->c, CURLOPT_USERNAME, a, t->p->user);
    set_text(t->c, CURLOPT_PASSWORD, a, t->p->password);
}

static void set_trip(trip *t, arena *a) {
    set_text(t->c, CURLOPT_URL, a, t->p->url);
    curl_easy_setopt(t->c, CURLOPT_ERRORBUFFER, t->why);
    curl_easy_setopt(t->c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(t->c, CURLOPT_TIMEOUT_MS, (long)t->p->timeout_ms);
    curl_easy_setopt(t->c, CURLOPT_PROXY, ""); /* no detour by the environment */
    curl_easy_setopt(t->c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(t->c, CURLOPT_OPENSOCKETDATA, t);
    curl_easy_setopt(t->c, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(t->c, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(t->c, CURLOPT_HEADERFUNCTION, take_line);
    curl_easy_setopt(t->c, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(t->c, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(t->c, CURLOPT_XFERINFOFUNCTION, go_on);
    curl_easy_setopt(t->c, CURLOPT_XFERINFODATA, t);
    if (t->p->to.p)
        set_mail(t, a);
    else
        set_http(t, a);
}

static bool nobody_answered(const trip *t, CURLcode rc, err *e) {
    if (t->refused)
        return fail(e, DENIED,
                    "the address is of this machine or of a private network, which is asked only "
                    "for an endpoint made with heed endpoint add --near");
    if (rc == CURLE_ABORTED_BY_CALLBACK) return fail(e, BUSY, "broken off: this program ends");
    if (rc == CURLE_OPERATION_TIMEDOUT)
        return fail(e, IO, "no answer within %" PRId64 " s", t->p->timeout_ms / 1000);
    return fail(e, IO, "%s", t->why[0] ? t->why : curl_easy_strerror(rc));
}

/* An answer with a status counts even when what follows it broke off. */
static bool read_receipt(trip *t, CURLcode rc, receipt *out, err *e) {
    long status = 0;
    curl_off_t wait = 0;
    curl_easy_getinfo(t->c, CURLINFO_RESPONSE_CODE, &status);
    bool whole = rc == CURLE_OK || (rc == CURLE_WRITE_ERROR && !t->p->to.p);
    bool said_no = t->p->to.p && status >= 400 && rc != CURLE_OPERATION_TIMEDOUT;
    if (t->refused || (!whole && !said_no)) return nobody_answered(t, rc, e);
    curl_easy_getinfo(t->c, CURLINFO_RETRY_AFTER, &wait);
    *out = (receipt){.status = (int)status,
                     .wait_ms = wait > 0 ? MIN((i64)wait, (i64)WAIT_MAX_S) * 1000 : NONE,
                     .body = {t->answer, t->answer_n}};
    return true;
}

static void start_curl(void) {
    check(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
}

bool post_send(world *w, arena *a, const parcel *p, receipt *out, err *e) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    trip t = {.p = p, .answer = arena_alloc(a, LIMIT_RECEIPT_BYTES)};
    (void)w;
    check(pthread_once(&once, start_curl) == 0);
    t.c = curl_easy_init();
    if (!t.c) return fail(e, LIMIT, "there is no memory for a connection");
    arena *own = arena_open(LIMIT_JOB_BYTES); /* lives as long as the handle that points into it */
    set_trip(&t, own);
    CURLcode rc = curl_easy_perform(t.c);
    bool ok = read_receipt(&t, rc, out, e);
    curl_easy_cleanup(t.c);
    curl_slist_free_all(t.heads);
    curl_slist_free_all(t.to);
    arena_close(own);
    return ok;
}
