/* ask.h - what most pages do: sit down at the store, read a question, answer in JSON. */
#ifndef API_ASK_H
#define API_ASK_H
#include "api/api.h"
#include "base/json.h"

/* A place at the data, for one request: a handle of the store of its own, so that nobody waits for
** anybody, and the tally, which any number may ask at once.  desk_sit gives a handle that only reads;
** desk_write the one that writes, which is for one at a time, and names the asker for the audit.
** desk_leave gives it back; a handler that returns without it, or runs out of memory, gives it back
** with its arena.  Never wait for a client in between. */
typedef struct {
    store *s;
    tally *t;
    api *x;
    bool sits, writes;
} desk;
bool desk_sit(api *x, arena *a, const asked *v, desk **out, err *e) MUST_USE;
bool desk_write(api *x, arena *a, const asked *v, desk **out, err *e) MUST_USE;
void desk_leave(desk *d);

/* The parameters of nearly every question: where= (an expression), zone= (+08:00, Asia/Shanghai), limit=. */
typedef struct {
    const expr *told;  /* where= as it came; NULL = everything */
    const expr *where; /* and what the asker may see; NULL = everything */
    i32 zone_min;
    const time_zone *zone; /* zone=Asia/Shanghai; NULL = zone_min */
    i64 limit;
} question;
bool question_read(arena *a, const asked *v, i64 limit_usual, question *out, err *e) MUST_USE;
bool zone_read(arena *a, str s, i32 *min_out, const time_zone **zone_out, err *e) MUST_USE;
#define QUESTION_NAMES "where zone limit"

/* A builder on the heap that goes with the arena: rows of the store may be written into it while they
** are visited, since it never jumps out.  reply_room: more than LIMIT_ANSWER_BYTES is LIMIT. */
buf *reply_buf(arena *a);
bool reply_room(const buf *b, err *e) MUST_USE;
void reply_json(asked *v, int status, const buf *b);
/* A noun that can be changed: the answer carries its ETag, and 304 if the client has it. */
void reply_noun(arena *a, asked *v, int status, const buf *b);
/* If-Match, when given, names this document; otherwise 412 is answered and false yielded with no error
** to tell: return true then. */
bool match_noun(arena *a, asked *v, const buf *b);

/* What names a column that is not there is a wrong question, not a wrong address: NOT_FOUND becomes
** INVALID.  Yields ok. */
bool question_ok(bool ok, err *e);

bool id_read(const asked *v, i64 *out, err *e) MUST_USE; /* {id} of the path */
/* The whole body as JSON; an empty one is INVALID. */
bool body_json(arena *a, asked *v, json **out, err *e) MUST_USE;

/* zh-CN, zh-TW or en: ?lang=, else Accept-Language. */
str language(const asked *v);
void put_text(json_out *j, const char *key, str v);
void put_int(json_out *j, const char *key, i64 v);
void put_time(json_out *j, arena *a, const char *key, i64 ms); /* NONE is null */
#endif
