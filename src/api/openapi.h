/* openapi.h - the API described by its own tables of routes: OpenAPI 3.1.
**
** Shapes stand in schemas/: each file is an object of names and JSON Schemas, which routes name in takes and
** gives.  "x-noun": "ticket" in one of them adds the fields of that noun as it is printed, "x-wish" those a
** client may send.  schemas/parameters.json describes the parameters; "PATH NAME" goes before NAME. */
#ifndef API_OPENAPI_H
#define API_OPENAPI_H
#include "api/page.h"

/* false: our own mistake in a table or a schema, in a sentence. */
bool openapi_print(arena *a, buf *out, err *e) MUST_USE;
#endif
