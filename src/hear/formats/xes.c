/* xes.c - event logs of process mining (XES, IEEE 1849): each event of each trace is a record, with the
** attributes of its trace under case:. */
#include "base/json.h"
#include "base/limits.h"
#include "hear/format.h"
#include "hear/json_rows.h"
#include <expat.h>

enum { FEED = 32 << 10 };

/* Kept on the heap: nothing may jump across expat's frames, so records are handed out between its calls. */
typedef struct {
    XML_Parser x;
    int depth, trace, event; /* depths, from 1; 0: not inside */
    buf of_trace, of_event;  /* members of a JSON object, each behind a comma */
    buf record;
    i64 line;     /* where the event began */
    i64 fed;      /* bytes so far */
    bool ready;   /* record holds one */
    bool too_big; /* it is left out */
    bool refused; /* a document type */
} xes;

static void xes_close(void *ctx) {
    xes *x = ctx;
    if (x->x) XML_ParserFree(x->x);
    buf_clear(&x->of_trace);
    buf_clear(&x->of_event);
    buf_clear(&x->record);
    free(x);
}

static int xes_guess(str head, format_options *o) {
    (void)o;
    head = str_trim(head);
    if (!head.n || head.p[0] != '<' || str_find(head, S("<log")) < 0) return 0;
    return str_find(head, S("xes.")) >= 0 || str_find(head, S("<trace")) >= 0 ? 98 : 20;
}

/* ---- what expat calls ---- */

static void put_text(buf *b, str s) {
    json_out j = json_to(b);
    json_text(&j, s);
}

/* The keys of the standard extensions that every log has get the names of our fields. */
static void put_key(buf *b, const char *key, bool of_event) {
    buf name = {0};
    if (!of_event && strcmp(key, "concept:name") == 0)
        buf_str(&name, S("case"));
    else if (of_event && strcmp(key, "concept:name") == 0)
        buf_str(&name, S("event"));
    else if (of_event && strcmp(key, "time:timestamp") == 0)
        buf_str(&name, S("occurred_at"));
    else
        buf_fmt(&name, "%s%s", of_event ? "" : "case:", key);
    put_text(b, buf_view(&name));
    buf_clear(&name);
}

static const char *attribute_of(const char **atts, const char *name) {
    for (; *atts; atts += 2)
        if (strcmp(atts[0], name) == 0) return atts[1];
    return NULL;
}

/* Lists, containers and attributes of attributes are no columns: they have no value, or stand deeper. */
static void put_attribute(xes *x, const char **atts, bool of_event) {
    const char *key = attribute_of(atts, "key"), *value = attribute_of(atts, "value");
    buf *to = of_event ? &x->of_event : &x->of_trace;
    if (!key || !value) return;
    if (to->n + strlen(key) + strlen(value) > LIMIT_ROW_BYTES / 4) {
        x->too_big = true;
        return;
    }
    buf_char(to, ',');
    put_key(to, key, of_event);
    buf_char(to, ':');
    put_text(to, str_of(value));
}

static void XMLCALL on_start(void *ctx, const char *name, const char **atts) {
    xes *x = ctx;
    x->depth++;
    if (!x->trace && strcmp(name, "trace") == 0) {
        x->trace = x->depth;
        x->of_trace.n = 0;
        x->too_big = false;
    } else if (x->trace && !x->event && x->depth == x->trace + 1 && strcmp(name, "event") == 0) {
        x->event = x->depth;
        x->line = (i64)XML_GetCurrentLineNumber(x->x);
        x->of_event.n = 0;
    } else if (x->event && x->depth == x->event + 1) {
        put_attribute(x, atts, true);
    } else if (x->trace && !x->event && x->depth == x->trace + 1) {
        put_attribute(x, atts, false);
    }
}

/* An event is whole: its trace's members and its own, the first comma left out. */
static void event_end(xes *x) {
    x->record.n = 0;
    buf_char(&x->record, '{');
    str trace = buf_view(&x->of_trace), own = buf_view(&x->of_event);
    if (!trace.n) own = str_from(own, MIN(own.n, (size_t)1));
    buf_str(&x->record, str_from(trace, MIN(trace.n, (size_t)1)));
    buf_str(&x->record, own);
    buf_char(&x->record, '}');
    x->ready = true;
    XML_StopParser(x->x, XML_TRUE);
}

static void XMLCALL on_end(void *ctx, const char *name) {
    xes *x = ctx;
    (void)name;
    if (x->depth == x->event) {
        x->event = 0;
        event_end(x);
    } else if (x->depth == x->trace) {
        x->trace = 0;
    }
    x->depth--;
}

static void XMLCALL on_doctype(void *ctx, const char *name, const char *system, const char *public,
                               int internal) {
    xes *x = ctx;
    (void)name, (void)system, (void)public, (void)internal;
    x->refused = true;
    XML_StopParser(x->x, XML_FALSE);
}

/* ---- between its calls ---- */

static bool fits(const xes *x, enum XML_Status s, err *e) {
    if (x->refused)
        return fail(e, INVALID,
                    "the log holds a document type declaration, which no event log needs; it is "
                    "not read");
    if (x->fed - XML_GetCurrentByteIndex(x->x) > 2 * (i64)LIMIT_ROW_BYTES)
        return fail(e, LIMIT, "the log is not read: one tag in it is longer than a record may be");
    if (s != XML_STATUS_ERROR) return true;
    return fail(e, CORRUPT, "the log is damaged: its XML has an error in line %lu (%s)",
                (unsigned long)XML_GetCurrentLineNumber(x->x),
                XML_ErrorString(XML_GetErrorCode(x->x)));
}

static bool hand_out(xes *x, json_rows *rows, err *e) {
    str text = buf_view(&x->record);
    x->ready = false;
    if (x->too_big)
        return json_rows_reject(rows, x->line, NO_STR,
                                "the event and its trace are longer than 1 MB each may be", e);
    return json_rows_add(rows, x->line, text, e);
}

static bool feed(xes *x, json_rows *rows, const char *p, size_t n, err *e) {
    x->fed += (i64)n;
    enum XML_Status s = XML_Parse(x->x, p, (int)n, n == 0);
    while (fits(x, s, e)) {
        if (s != XML_STATUS_SUSPENDED) return true;
        if (x->ready && !hand_out(x, rows, e)) return false;
        s = XML_ResumeParser(x->x);
    }
    return false;
}

static bool xes_parse(arena *a, byte_source *from, const format_options *o, const record_sink *sink,
                      err *e) {
    char *chunk = arena_alloc(a, FEED);
    size_t n = 1;
    (void)o;
    xes *x = mem_new(1, sizeof *x);
    arena_defer(a, xes_close, x);
    x->x = XML_ParserCreate("UTF-8");
    if (!x->x) return fail(e, LIMIT, "the machine has no memory left to read this log");
    XML_SetUserData(x->x, x);
    XML_SetElementHandler(x->x, on_start, on_end);
    XML_SetStartDoctypeDeclHandler(x->x, on_doctype);
    json_rows *rows = json_rows_open(a, sink);
    while (n > 0)
        if (!from->read(from, chunk, FEED, &n, e) || !feed(x, rows, chunk, n, e)) return false;
    return true;
}

const format format_xes = {
    .name = "xes",
    .title = "XES",
    .help = "Event logs of process mining (IEEE 1849): a record for each event, its trace's "
            "attributes as case, case:....",
    .extensions = "xes",
    .guess = xes_guess,
    .parse = xes_parse,
};
