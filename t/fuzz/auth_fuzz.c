/* auth_fuzz.c - any bytes as credentials: what comes out is what a key or a token may look like. */
#include "api/auth_int.h"
#include "api/secret.h"
#include "api/totp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool once(arena *a, void *ctx, err *e) {
    str raw = *(str *)ctx, bytes;
    i64 step;
    (void)e;
    http_field fields[] = {{S("Cookie"), raw}, {S("authorization"), raw}};
    http_request r = {.fields = fields, .fields_n = COUNT(fields), .client = raw};
    str cookie = session_token(&r), key = key_given(&r, a);
    check(!cookie.p || cookie.n == SECRET_CHARS);
    check(!key_whole(key) || str_starts(key, S("heed_key_")));
    check(client_network(a, raw).n <= MAX(raw.n, (size_t)16));
    if (base32_read(a, raw, &bytes)) check(bytes.n <= raw.n);
    check(!totp_right(a, raw, raw, 1767225600000, NONE, &step) || raw.n == 6);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    err e = {.msg = ""};
    str raw = {(const char *)data, MIN(size, (size_t)LIMIT_HTTP_HEAD_BYTES)};
    if (!job_run(4 << 20, once, &raw, &e)) check(e.msg[0]);
    return 0;
}
