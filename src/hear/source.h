/* source.h - where an import's bytes come from: a file that can be read again, or a stream that
** cannot; gzip is taken off on the way. */
#ifndef HEAR_SOURCE_H
#define HEAR_SOURCE_H
#include "hear/decode.h"
#include "hear/hear.h"

str source_path(const hear_source *s);
bool source_is_stream(const hear_source *s); /* can be read through only once */
bool source_is_gzip(const hear_source *s);
str source_head(const hear_source *s); /* the first LIMIT_HEAD_BYTES, unpacked */
bool source_head_is_all(const hear_source *s);

/* The bytes from the beginning; for a stream only once, unless head_only. */
bool source_begin(hear_source *s, bool head_only, byte_source **out, err *e) MUST_USE;

/* Reads it through: source, decoder, format, and a check of each record's bytes. */
bool source_pass(arena *a, hear_source *s, const plan *p, bool head_only, const record_sink *sink,
                 err *e) MUST_USE;
#endif
