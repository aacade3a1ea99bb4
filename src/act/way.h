/* way.h - a way out of the house: mail, a webhook, the robot of a chat.  One file in ways/ is one way.
**
** A way writes what is to be said as the other side wants it, signs it, and judges the answer.  It asks nobody
** itself: flow's sender does, when the endpoint's order, pace and schedule allow it. */
#ifndef ACT_WAY_H
#define ACT_WAY_H
#include "base/json.h"
#include "base/world.h"
#include "store/store.h"

/* One thing to be said: the payload of a deed of the action `send`. */
typedef struct {
    str key;   /* of the deed */
    str title; /* one line, redacted */
    str text;  /* may be missing */
    str to;    /* a customer's address; missing: those the endpoint is for */
    str leave; /* URL by which that customer leaves the list; missing: there is none */
    const json *data; /* what machines read; NULL: nothing */
} note;

typedef struct {
    const endpoint *to;
    str address, secret;  /* unsealed */
    const json *settings; /* an object */
    i64 now_ms;
    const note *notes;    /* at least one, in their order */
    size_t n;
} letter;

typedef enum {
    WAY_SENT,
    WAY_AGAIN, /* later, by the schedule */
    WAY_NEVER, /* this letter will never arrive: a mailbox that is not there */
    WAY_GONE,  /* nothing for this endpoint will: it is paused until people look at it */
} way_fate;
typedef struct {
    way_fate fate;
    i64 wait_ms; /* for WAY_AGAIN: not before; NONE = the schedule's */
    bool bounced; /* for WAY_NEVER: nobody writes to that address again */
    str why;      /* one sentence, unless sent */
} verdict_out;

typedef struct {
    const char *name;     /* webhook */
    const char *title;
    const char *help;
    const char *settings; /* one line each: "from text required The address it comes from" */
    const char *schemes;  /* of its address: "https http" */
    i64 per_minute;       /* messages the other side bears; 0 = any number */
    size_t notes_max;     /* deeds in one message */
    bool ordered;         /* the next waits until the one before has arrived */
    /* At save: settings and secret, as far as the way alone knows; NULL = nothing to say. */
    bool (*accepts)(const endpoint *to, const json *settings, str secret, err *e);
    /* The parcel, but for .near, .stop and .timeout_ms.  Lives in a. */
    bool (*write)(arena *a, const letter *l, parcel *out, err *e);
    void (*judge)(arena *a, const receipt *r, verdict_out *out);
} way;
extern const way *const ways[];
extern const size_t ways_n;

const way *way_find(str name);
/* Is the endpoint whole?  Run before every store_put of one; fills host.  address and secret are plain here; a
** webhook without a secret gets one from the world's chance. */
bool endpoint_check(arena *a, world *w, endpoint *p, err *e) MUST_USE;
/* Plain address and secret out of a stored endpoint. */
bool endpoint_open(store *s, arena *a, const endpoint *p, str *address, str *secret, err *e) MUST_USE;
/* Seals and puts it: p comes with the plain ones, as endpoint_check leaves it. */
bool endpoint_put(store *s, arena *a, endpoint *p, err *e) MUST_USE;

/* CONFLICT while something waits for it. */
bool endpoint_delete(store *s, arena *a, const endpoint *p, err *e) MUST_USE;

/* ---- what several ways share ---- */

/* The notes as plain text, title above text, at most max bytes; what does not fit is told as a number. */
str notes_text(arena *a, const letter *l, size_t max);
/* The same as the robots of WeCom and DingTalk take it: {"msgtype": "text", "text": {"content": ...}}. */
str robot_text(arena *a, const letter *l, size_t max);
/* 2xx sent, 410 gone, else again; 429 and 503 when the answer says so. */
void judge_http(arena *a, const receipt *r, verdict_out *out);
/* Robots answer 200 whatever happened; the number in the member named code is 0 when it arrived, and busy when
** there were too many. */
void judge_robot(arena *a, const receipt *r, const char *code, i64 busy, i64 busy_wait_ms, verdict_out *out);
str base64_text(arena *a, const void *p, size_t n);
str hmac_sha256(arena *a, str key, str text); /* 32 bytes */
str url_escape(arena *a, str s);
extern const str json_header; /* "Content-Type: application/json" */
#endif
