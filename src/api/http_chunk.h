/* http_chunk.h - a body in chunks (RFC 9112, 7.1), taken apart strictly. */
#ifndef API_HTTP_CHUNK_H
#define API_HTTP_CHUNK_H
#include "base/base.h"
#include "base/limits.h"

/* Start from zero.  The same for any cutting of the input. */
typedef struct {
    u8 state;
    u8 digits;        /* of the size being read */
    i64 left;         /* bytes of this chunk still to come */
    size_t extension; /* bytes of extensions, in the whole body */
    size_t trailer;   /* bytes of trailers */
} chunk_in;

/* Takes bytes off *in; *data_out is a run of the body inside it, perhaps empty.  Call until *in is empty
** or chunk_done.  What follows the body stays in *in.  False: INVALID or, for extensions and trailers
** beyond their limits, LIMIT. */
bool chunk_take(chunk_in *c, str *in, str *data_out, err *e) MUST_USE;
bool chunk_done(const chunk_in *c);
#endif
