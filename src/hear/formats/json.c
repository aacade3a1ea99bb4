/* json.c - one JSON document: a list of objects, or an object that holds such a list, or one
 *object.
 ** The list is cut into its elements as it streams by; only one element is in memory. */
#include "base/json.h"
#include "hear/format.h"
#include "hear/json_rows.h"
#include "hear/window.h"

typedef struct {
    window w;
    json_rows *t;
} reader;

static bool blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t blanks(str s, size_t at) {
    while (at < s.n && blank(s.p[at]))
        at++;
    return at;
}

/* Behind the text that opens at s[at]; s.n when it does not close. */
static size_t behind_text(str s, size_t at) {
    for (at++; at < s.n; at++) {
        if (s.p[at] == '\\')
            at++;
        else if (s.p[at] == '"')
            return at + 1;
    }
    return s.n + 1;
}

/* Behind the value at the front of s; more than s.n when it goes on. */
static size_t behind_value(str s) {
    size_t depth = 0, at = 0;
    while (at < s.n) {
        char c = s.p[at];
        if (c == '"') {
            at = behind_text(s, at);
            if (depth == 0) return at;
            continue;
        }
        bool open = c == '{' || c == '[', close = c == '}' || c == ']';
        if (depth == 0 && (close || c == ',' || blank(c))) return at;
        depth += open;
        depth -= close;
        at++;
        if (close && depth == 0) return at;
    }
    return s.n + 1;
}

/* Where the records begin: behind the first [ that stands in objects only and holds objects.  Looks
 *no
 ** deeper than brackets and texts; what is wrong inside is found when its record is read. */
static bool find_list(str s, size_t *at_out) {
    size_t lists = 0, objects = 0, at = blanks(s, 0);
    char closing[LIMIT_JSON_DEPTH];
    if (at < s.n && s.p[at] == '[') return *at_out = at + 1, true;
    while (at < s.n && lists + objects < LIMIT_JSON_DEPTH) {
        char c = s.p[at];
        size_t depth = lists + objects;
        if (c == '"') {
            at = behind_text(s, at);
            continue;
        }
        if (c == '[' && lists == 0) {
            size_t first = blanks(s, at + 1);
            if (first < s.n && s.p[first] == '{') return *at_out = at + 1, true;
        }
        if (c == '{' || c == '[') {
            closing[depth] = c;
            *(c == '{' ? &objects : &lists) += 1;
        } else if ((c == '}' || c == ']') && depth > 0) {
            *(closing[depth - 1] == '{' ? &objects : &lists) -= 1;
        }
        at++;
    }
    return false;
}

/* Behind the list: other members are not ours to read, but a second list is not passed over
 * silently. */
static bool tail(reader *r, err *e) {
    for (;;) {
        str s = window_view(&r->w);
        for (size_t i = 0; i < s.n; i++) {
            if (s.p[i] == '"') {
                size_t behind = behind_text(s, i);
                if (behind > s.n) break; /* cut by the window: such texts hold no lists of ours */
                i = behind - 1;
                continue;
            }
            size_t first = s.p[i] == '[' ? blanks(s, i + 1) : s.n;
            if (first >= s.n || s.p[first] != '{') continue;
            window_skip(&r->w, i);
            return json_rows_reject(r->t, r->w.line, str_head(window_view(&r->w), 200),
                                    "a second list of records begins here; only the first is read: "
                                    "put it into a file of its own",
                                    e);
        }
        window_skip(&r->w, s.n);
        if (r->w.end) return true;
        if (!window_refill(&r->w, e)) return false;
    }
}

static bool cut_off(reader *r, err *e) {
    str s = window_view(&r->w);
    if (!r->w.end)
        return fail(e, LIMIT,
                    "line %" PRId64 ": a record is longer than %d bytes (is a quote or a bracket "
                    "missing?); reading stopped here",
                    r->w.line, LIMIT_ROW_BYTES);
    bool ok = json_rows_reject(
        r->t, r->w.line, s,
        s.n ? "the file ends inside this record" : "the file ends before its list is closed", e);
    window_skip(&r->w, s.n);
    return ok;
}

/* One element, separator or refill; *done when the list has ended. */
static bool step(reader *r, bool *done, err *e) {
    str s = window_view(&r->w);
    size_t at = blanks(s, 0);
    while (at < s.n && s.p[at] == ',')
        at = blanks(s, at + 1);
    window_skip(&r->w, at);
    s = window_view(&r->w);
    if (s.n == 0) return r->w.end ? (*done = true, cut_off(r, e)) : window_refill(&r->w, e);
    if (s.p[0] == ']') {
        window_skip(&r->w, 1);
        return *done = true, tail(r, e);
    }
    size_t n = behind_value(s);
    if (n > s.n && !r->w.end && !window_full(&r->w)) return window_refill(&r->w, e);
    if (n > s.n || n > LIMIT_ROW_BYTES) return *done = true, cut_off(r, e);
    if (n == 0) n = 1; /* a stray bracket: a record that is none */
    if (!json_rows_add(r->t, r->w.line, str_head(s, n), e)) return false;
    window_skip(&r->w, n);
    return true;
}

static bool json_parse(arena *a, byte_source *from, const format_options *o,
                       const record_sink *sink, err *e) {
    reader *r = NEW(a, reader);
    size_t at;
    bool done = false;
    (void)o;
    window_open(a, from, &r->w);
    r->t = json_rows_open(a, sink);
    if (!window_fill(&r->w, e)) return false;
    if (!find_list(window_view(&r->w), &at)) {
        str all = window_view(&r->w);
        if (!r->w.end || all.n > LIMIT_ROW_BYTES)
            return fail(e, LIMIT,
                        "no list of records begins within the first %d bytes of this JSON",
                        LIMIT_ROW_BYTES);
        return json_rows_add(r->t, 1, str_trim(all), e);
    }
    window_skip(&r->w, at);
    while (!done)
        if (!step(r, &done, e)) return false;
    return true;
}

static int json_guess(str head, format_options *o) {
    (void)o;
    head = str_trim(head);
    return head.n && (head.p[0] == '[' || head.p[0] == '{') ? 95 : 0;
}

const format format_json = {
    .name = "json",
    .title = "JSON",
    .help =
        "A list of objects, or an object that holds one; nested objects become columns named a.b.",
    .extensions = "json",
    .guess = json_guess,
    .parse = json_parse,
};
