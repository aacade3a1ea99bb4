/* json_in.h - the seam between simdjson (C++) and the house (C): a flat list of events.
** Plain C and C++; includes nothing of ours, so that the C++ file needs none of our C. */
#ifndef BASE_JSON_IN_H
#define BASE_JSON_IN_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

enum json_event_kind {
    EVENT_NULL,
    EVENT_BOOL,
    EVENT_INT,
    EVENT_NUM,
    EVENT_TEXT,
    EVENT_KEY,   /* the name of the next value */
    EVENT_ARRAY, /* children follow, then EVENT_END */
    EVENT_OBJECT,
    EVENT_END
};

typedef struct {
    enum json_event_kind kind;
    const char *text; /* TEXT, KEY: decoded, size bytes */
    size_t size;
    int64_t i;  /* BOOL, INT */
    double num; /* INT, NUM */
} json_event;

typedef struct {
    const json_event *events; /* this thread's; good until its next json_events */
    size_t n;
    const char *wrong; /* NULL, or what is wrong, in plain words */
    int too_deep;      /* wrong because of the depth */
    int no_memory;     /* the machine has none left */
} json_events_result;

/* Parses strictly.  Never throws and never calls back: no jump can cross its frames. */
json_events_result json_events(const char *text, size_t size, size_t depth_max);

#ifdef __cplusplus
}
#endif
#endif
