/* decode.h - which encoding a file is in, and a source that turns it into UTF-8 as it is read. */
#ifndef HEAR_DECODE_H
#define HEAR_DECODE_H
#include "hear/format.h"

typedef enum {
    DECODE_UTF8,
    DECODE_UTF16LE,
    DECODE_UTF16BE,
    DECODE_GB18030,
    DECODE_BIG5,
    DECODE_LATIN1 /* as Windows-1252 */
} encoding;

const char *encoding_name(encoding c);                /* "UTF-8", "GB18030", ... */
bool encoding_find(str name, encoding *out) MUST_USE; /* names and their usual aliases */

/* From the first bytes: a byte order mark, then validity, then which characters are common. */
encoding encoding_guess(str head);

/* A source of UTF-8 over one of raw bytes.  A byte order mark is left out.  What cannot be decoded
** becomes the byte FF, which is never UTF-8; bad bytes of a UTF-8 file pass as they are. */
typedef struct decoder decoder;
bool decoder_open(byte_source *from, encoding c, decoder **out, err *e) MUST_USE;
byte_source *decoder_source(decoder *d);
void decoder_close(decoder *d); /* NULL is fine */
/* The same for bytes in memory; what is cut off at the end is left out. */
str decode_head(arena *a, str head, encoding c);
#endif
