/* http_head_fuzz.c - any bytes as the head of a request: in pieces as at once, and what is accepted has
** one meaning. */
#include "api/http_head.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static head_found find(str raw, size_t step, size_t *end) {
    head_scan scan = {0};
    head_found f = HEAD_MORE;
    err e;
    for (size_t n = 0; f == HEAD_MORE && n < raw.n;) {
        n = MIN(raw.n, n + step);
        f = head_find(&scan, str_head(raw, n), &e);
    }
    *end = scan.seen;
    return f;
}

static void judge(str head) {
    static const char *const single[] = {"host", "content-length", "transfer-encoding"};
    http_head h;
    err e = {.msg = ""};
    int status = 0;
    if (!head_parse(head, &h, &status, &e)) {
        check(status >= 400 && status < 600 && e.msg[0]);
        return;
    }
    check(h.minor == 0 || h.host.n);
    check(!(h.chunked && h.length != NONE) && h.path.n && h.length >= NONE);
    for (size_t k = 0; k < COUNT(single); k++) {
        size_t n = 0;
        for (size_t i = 0; i < h.fields_n; i++)
            n += str_eq_nocase(h.fields[i].name, str_of(single[k]));
        check(n <= 1);
    }
    for (size_t i = 0; i < h.fields_n; i++)
        check(h.fields[i].name.n &&
              (!h.fields[i].value.n || !memchr(h.fields[i].value.p, '\n', h.fields[i].value.n)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    str raw = {(const char *)data, size};
    size_t end, again;
    head_found f = find(raw, size ? size : 1, &end);
    check(find(raw, 1 + size % 7, &again) == f && (f == HEAD_MORE || again == end));
    if (f == HEAD_WHOLE) judge(str_head(raw, end));
    return 0;
}
