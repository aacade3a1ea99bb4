/* import_json.h - an import as the API tells it: in answers and in events. */
#ifndef API_IMPORT_JSON_H
#define API_IMPORT_JSON_H
#include "base/json.h"
#include "model/nouns.h"

/* Members of an open object: id file source state total records added known rejected finished error
** started_at changed_at.  u->id == 0: the command line read it. */
void import_members(json_out *j, const upload *u, const intake *row);
#endif
