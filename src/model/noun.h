/* noun.h - how a noun is described: once, for C, JSON, SQL and whoever asks later.
**
** A noun is a list of F(kind, name, flags, max, choices, help).  From it come the C struct, its JSON
** and the checks on what comes in; a test holds the tables of the store against it. */
#ifndef MODEL_NOUN_H
#define MODEL_NOUN_H
#include "base/base.h"
#include "base/json.h"

typedef enum {
    FIELD_ID,     /* i64, given by the store; 0 = not stored yet */
    FIELD_REF,    /* i64 id of another noun; NONE = none */
    FIELD_INT,    /* i64; NONE = missing */
    FIELD_NUM6,   /* i64 millionths; NONE = missing */
    FIELD_TIME,   /* i64 UTC ms; NONE = missing; RFC 3339 text in JSON */
    FIELD_BOOL,   /* i64 0 or 1 */
    FIELD_TEXT,   /* str; NO_STR = missing */
    FIELD_CHOICE, /* str, one of .choices ("a|b|c") */
    FIELD_JSON,   /* str of valid JSON */
} field_kind;
typedef enum {
    OPTIONAL = 0,
    REQUIRED = 1,
    KEY = 2,       /* unique within the noun */
    SECRET = 4,    /* never printed */
    SET_BY_US = 8, /* not taken from outside */
} field_flags;

typedef struct {
    const char *name;
    field_kind kind;
    u32 flags;
    i64 max;                  /* bytes of text, or the largest number; 0 = the kind's own bound */
    const char *choices;
    const char *help;
    size_t offset;
} field;
typedef struct noun {
    /* What no single field can say; NULL = nothing.  Asked by noun_check, so nothing breaks it. */
    bool (*law)(const void *rec, err *e);
    const char *name;         /* also the table's name */
    const char *title;
    const field *fields;
    size_t fields_n;
    size_t size;              /* of the C struct */
} noun;

#define NOUN_C_FIELD_ID     i64
#define NOUN_C_FIELD_REF    i64
#define NOUN_C_FIELD_INT    i64
#define NOUN_C_FIELD_NUM6   i64
#define NOUN_C_FIELD_TIME   i64
#define NOUN_C_FIELD_BOOL   i64
#define NOUN_C_FIELD_TEXT   str
#define NOUN_C_FIELD_CHOICE str
#define NOUN_C_FIELD_JSON   str
#define NOUN_MEMBER(kind, name, flags, max, choices, help) NOUN_C_##kind name;

const field *noun_field(const noun *n, str name);          /* NULL if there is none */
i64 noun_int(const field *f, const void *rec);
str noun_text(const field *f, const void *rec);
void noun_set_int(const field *f, void *rec, i64 v);
void noun_set_text(const field *f, void *rec, str v);
bool field_is_text(const field *f);
void noun_init(const noun *n, void *rec);                  /* all missing; id 0; bools 0 */
void noun_print(json_out *j, const noun *n, const void *rec);  /* an object, secrets left out */
/* Required fields there, choices known, bounds kept; one sentence that names the field. */
bool noun_check(const noun *n, const void *rec, err *e) MUST_USE;
/* Takes the fields a client may set from an object into rec (text copied to a); unknown names fail. */
bool noun_read(arena *a, const noun *n, const json *object, void *rec, err *e) MUST_USE;
extern const noun *const nouns[];
extern const size_t nouns_n;
#endif
