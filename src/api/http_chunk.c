/* http_chunk.c - chunks to bytes, one state a byte except for the data itself. */
#include "api/http_chunk.h"

enum {
    SIZE,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER_START,
    TRAILER,
    TRAILER_LF,
    END_LF,
    DONE
};

static int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

static bool text_byte(char c) {
    u8 b = (u8)c;
    return b >= 0x20 ? b != 0x7f : b == '\t';
}

static bool size_byte(chunk_in *c, char b, err *e) {
    int v = hex(b);
    if (v >= 0) {
        if (c->digits == LIMIT_HTTP_CHUNK_DIGITS)
            return fail(e, INVALID, "a chunk's size has more than %d digits",
                        LIMIT_HTTP_CHUNK_DIGITS);
        c->digits++;
        c->left = c->left * 16 + v;
        return true;
    }
    if (c->digits == 0 || (b != '\r' && b != ';'))
        return fail(e, INVALID, "a chunk begins with its size in hexadecimal digits");
    c->state = b == ';' ? EXTENSION : SIZE_LF;
    return true;
}

static bool extension_byte(chunk_in *c, char b, err *e) {
    if (b == '\r') return c->state = SIZE_LF, true;
    if (!text_byte(b))
        return fail(e, INVALID, "byte 0x%02x is not allowed in a chunk's extension", (u8)b);
    if (++c->extension > LIMIT_HTTP_CHUNK_EXTRA)
        return fail(e, LIMIT, "the chunk extensions have more than %d bytes",
                    LIMIT_HTTP_CHUNK_EXTRA);
    return true;
}

static bool trailer_byte(chunk_in *c, char b, err *e) {
    bool first = c->state == TRAILER_START;
    if (b == '\r') return c->state = first ? END_LF : TRAILER_LF, true;
    if (!text_byte(b) || (first && (b == ' ' || b == '\t' || b == ':')))
        return fail(e, INVALID, "byte 0x%02x is not allowed there in a trailer", (u8)b);
    if (++c->trailer > LIMIT_HTTP_TRAILERS)
        return fail(e, LIMIT, "the trailers have more than %d bytes", LIMIT_HTTP_TRAILERS);
    c->state = TRAILER;
    return true;
}

static bool line_feed(chunk_in *c, char b, u8 next, err *e) {
    if (b != '\n') return fail(e, INVALID, "a line of the chunked body does not end in CR LF");
    c->state = next;
    return true;
}

static bool step(chunk_in *c, char b, err *e) {
    check(c->state != DATA && c->state < DONE);
    switch (c->state) {
    case SIZE:
        return size_byte(c, b, e);
    case EXTENSION:
        return extension_byte(c, b, e);
    case SIZE_LF:
        return line_feed(c, b, c->left ? DATA : TRAILER_START, e);
    case DATA_CR:
        if (b != '\r') return fail(e, INVALID, "a chunk is longer than its size says");
        c->state = DATA_LF;
        return true;
    case DATA_LF:
        c->digits = 0;
        return line_feed(c, b, SIZE, e);
    case TRAILER_START:
    case TRAILER:
        return trailer_byte(c, b, e);
    case TRAILER_LF:
        return line_feed(c, b, TRAILER_START, e);
    case END_LF:
        return line_feed(c, b, DONE, e);
    }
    return false; /* not reached: the door has checked */
}

bool chunk_done(const chunk_in *c) {
    return c->state == DONE;
}

bool chunk_take(chunk_in *c, str *in, str *data_out, err *e) {
    *data_out = (str){in->p, 0};
    while (in->n && c->state != DONE) {
        if (c->state == DATA) {
            size_t n = (i64)in->n < c->left ? in->n : (size_t)c->left;
            *data_out = str_head(*in, n);
            *in = str_from(*in, n);
            c->left -= (i64)n;
            if (c->left == 0) c->state = DATA_CR;
            return true;
        }
        if (!step(c, in->p[0], e)) return false;
        *in = str_from(*in, 1);
    }
    return true;
}
