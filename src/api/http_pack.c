/* http_pack.c - gzip and zstd for answers, gzip (with a guard against bombs) for bodies. */
#include <zlib.h>
#include <zstd.h>
#include "api/http_int.h"

enum { ZSTD_LEVEL = 3, GZIP_LEVEL = 5, GZIP_WRAP = 16, OUT_STEP = 16 * 1024 };

struct packer {
    pack_kind kind;
    z_stream z;
    ZSTD_CStream *zstd;
};

packer *pack_open(pack_kind k) {
    check(k != PACK_NOT);
    packer *p = mem_new(1, sizeof *p);
    p->kind = k;
    if (k == PACK_GZIP) {
        check(deflateInit2(&p->z, GZIP_LEVEL, Z_DEFLATED, MAX_WBITS + GZIP_WRAP, 8,
                           Z_DEFAULT_STRATEGY) == Z_OK);
    } else {
        p->zstd = ZSTD_createCStream();
        check(p->zstd && !ZSTD_isError(ZSTD_initCStream(p->zstd, ZSTD_LEVEL)));
    }
    return p;
}

void pack_close(packer *p) {
    if (!p) return;
    if (p->kind == PACK_GZIP) deflateEnd(&p->z);
    ZSTD_freeCStream(p->zstd);
    free(p);
}

const char *pack_name(pack_kind k) {
    return k == PACK_ZSTD ? "zstd" : "gzip";
}

static void put_gzip(packer *p, str in, pack_how how, buf *out) {
    static const int flush[] = {Z_NO_FLUSH, Z_SYNC_FLUSH, Z_FINISH};
    char step[OUT_STEP];
    p->z.next_in = (Bytef *)(uintptr_t)in.p;
    p->z.avail_in = (uInt)in.n;
    do {
        p->z.next_out = (Bytef *)step;
        p->z.avail_out = sizeof step;
        int r = deflate(&p->z, flush[how]);
        check(r == Z_OK || r == Z_STREAM_END || r == Z_BUF_ERROR);
        buf_bytes(out, step, sizeof step - p->z.avail_out);
    } while (p->z.avail_out == 0);
}

static void put_zstd(packer *p, str in, pack_how how, buf *out) {
    static const ZSTD_EndDirective flush[] = {ZSTD_e_continue, ZSTD_e_flush, ZSTD_e_end};
    char step[OUT_STEP];
    ZSTD_inBuffer from = {in.p, in.n, 0};
    for (size_t left = 1; left || from.pos < from.size;) {
        ZSTD_outBuffer to = {step, sizeof step, 0};
        left = ZSTD_compressStream2(p->zstd, &to, &from, flush[how]);
        check(!ZSTD_isError(left));
        buf_bytes(out, step, to.pos);
        if (how == PACK_MORE && from.pos == from.size) break;
    }
}

void pack_put(packer *p, str in, pack_how how, buf *out) {
    do { /* zlib counts in 32 bits */
        str now = str_head(in, (size_t)1 << 30);
        in = str_from(in, now.n);
        pack_how this_time = in.n ? PACK_MORE : how;
        if (p->kind == PACK_GZIP)
            put_gzip(p, now, this_time, out);
        else
            put_zstd(p, now, this_time, out);
    } while (in.n);
}

/* ---- which one ---- */

static bool zero_quality(str parameters) {
    str q = str_trim(parameters);
    if (!str_starts(q, S("q=")) && !str_starts(q, S("Q="))) return false;
    q = str_from(q, 2);
    for (size_t i = 0; i < q.n; i++)
        if (q.p[i] != '0' && q.p[i] != '.') return false;
    return true;
}

bool http_accepts(const http_request *r, const char *coding) {
    str list = http_get(r, "accept-encoding");
    while (list.n) {
        str item = list, rest = NO_STR, parameters = NO_STR;
        str_cut(list, ',', &item, &rest);
        list = rest;
        str_cut(item, ';', &item, &parameters);
        if (str_eq_nocase(str_trim(item), str_of(coding))) return !zero_quality(parameters);
    }
    return false;
}

static bool compressible(str type) {
    static const char *const kinds[] = {"text/",
                                        "application/json",
                                        "application/problem+json",
                                        "application/x-ndjson",
                                        "application/javascript",
                                        "image/svg+xml",
                                        "application/xml"};
    if (str_starts(type, S("text/event-stream"))) return false;
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (str_starts(type, str_of(kinds[i]))) return true;
    return false;
}

pack_kind pack_choose(const http_request *r, str type) {
    if (!compressible(type)) return PACK_NOT;
    if (http_accepts(r, "zstd")) return PACK_ZSTD;
    return http_accepts(r, "gzip") ? PACK_GZIP : PACK_NOT;
}

/* ---- unpacking ---- */

struct unpacker {
    z_stream z;
    i64 in, out;
    bool between; /* a member has ended; another may follow */
};

unpacker *unpack_open(void) {
    unpacker *u = mem_new(1, sizeof *u);
    check(inflateInit2(&u->z, MAX_WBITS + GZIP_WRAP) == Z_OK);
    return u;
}

void unpack_close(unpacker *u) {
    if (!u) return;
    inflateEnd(&u->z);
    free(u);
}

static bool too_much(const unpacker *u, i64 max, err *e) {
    if (u->out > max)
        return !fail(e, LIMIT, "the body, unpacked, has more than %" PRId64 " bytes", max);
    if (u->out > LIMIT_HTTP_GUNZIP_FREE && u->out / LIMIT_HTTP_GUNZIP_RATIO > u->in)
        return !fail(e, LIMIT, "the packed body grows more than %d times: send it unpacked",
                     LIMIT_HTTP_GUNZIP_RATIO);
    return false;
}

bool unpack_take(unpacker *u, str *in, bool end, char *to, size_t cap, i64 max, size_t *n_out,
                 err *e) {
    *n_out = 0;
    if (end && in->n == 0 && (u->between || u->in == 0))
        return u->between || fail(e, INVALID, "the body should be in gzip and is empty");
    if (end && in->n == 0) return fail(e, INVALID, "the body in gzip ends in the middle");
    if (u->between && in->n) {
        check(inflateReset(&u->z) == Z_OK);
        u->between = false;
    }
    cap = MIN(cap, (size_t)1 << 30);
    u->z.next_in = (Bytef *)(uintptr_t)in->p;
    u->z.avail_in = (uInt)in->n;
    u->z.next_out = (Bytef *)to;
    u->z.avail_out = (uInt)cap;
    int r = inflate(&u->z, Z_NO_FLUSH);
    if (r != Z_OK && r != Z_STREAM_END && r != Z_BUF_ERROR)
        return fail(e, INVALID, "the body is not gzip after byte %" PRId64, u->in);
    u->in += (i64)(in->n - u->z.avail_in);
    u->out += (i64)(cap - u->z.avail_out);
    *in = str_from(*in, in->n - u->z.avail_in);
    *n_out = cap - u->z.avail_out;
    u->between = r == Z_STREAM_END;
    return !too_much(u, max, e);
}
