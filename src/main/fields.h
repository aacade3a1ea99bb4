/* fields.h - field=value words of a command line, read into a noun. */
#ifndef MAIN_FIELDS_H
#define MAIN_FIELDS_H
#include "main/options.h"

/* Words from index from on.  Numbers stand as they are, dates as text; a JSON field takes JSON, or a
** text: title=Words is its English, quality="a; b" is a list. */
bool fields_read(call *c, const noun *n, const str_list *words, size_t from, void *rec,
                 err *e) MUST_USE;
/* The same from a file that holds one JSON object; "-" is the standard input. */
bool fields_file(call *c, str path, json **object, err *e) MUST_USE;
#endif
