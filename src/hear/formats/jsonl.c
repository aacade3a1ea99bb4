/* jsonl.c - one JSON object a line. */
#include "base/json.h"
#include "hear/format.h"
#include "hear/json_rows.h"
#include "hear/window.h"

static bool braced(str line) {
    line = str_trim(line);
    return line.n >= 2 && line.p[0] == '{' && line.p[line.n - 1] == '}';
}

static int jsonl_guess(str head, format_options *o) {
    str line = NO_STR, second = NO_STR;
    (void)o;
    head = str_trim(head);
    if (head.n == 0 || head.p[0] != '{') return 0;
    str_line(&head, &line);
    str_line(&head, &second);
    if (!braced(line)) return 0;
    second = str_trim(second);
    if (second.n == 0 && str_find(line, S("[{")) >= 0) return 90; /* a document that holds a list */
    return second.n == 0 || second.p[0] == '{' ? 98 : 30;
}

/* A line that does not fit: its head is reported, the rest is read past. */
static bool skip_line(window *w, json_rows *t, err *e) {
    char head[400];
    i64 line = w->line;
    str raw = str_head(window_view(w), sizeof head);
    memcpy(head, raw.p, raw.n);
    for (const char *hit = NULL; !hit && (w->at < w->n || !w->end);) {
        str s = window_view(w);
        hit = s.n ? memchr(s.p, '\n', s.n) : NULL;
        window_skip(w, hit ? (size_t)(hit - s.p) + 1 : s.n);
        if (!hit && !window_refill(w, e)) return false;
    }
    return json_rows_reject(
        t, line, (str){head, raw.n},
        "the line is longer than a record may be (4 MB); only its head is kept here", e);
}

static bool step(window *w, json_rows *t, err *e) {
    str s = window_view(w);
    const char *hit = s.n ? memchr(s.p, '\n', s.n) : NULL;
    if (!hit && !w->end && !window_full(w)) return window_refill(w, e);
    str line = {s.p, hit ? (size_t)(hit - s.p) : s.n};
    if (line.n > LIMIT_ROW_BYTES || (!hit && !w->end)) return skip_line(w, t, e);
    str text = str_trim(line);
    if (text.n && !json_rows_add(t, w->line, text, e)) return false;
    window_skip(w, MIN(line.n + 1, s.n));
    return true;
}

static bool jsonl_parse(arena *a, byte_source *from, const format_options *o,
                        const record_sink *sink, err *e) {
    window w;
    (void)o;
    window_open(a, from, &w);
    json_rows *t = json_rows_open(a, sink);
    while (!w.end || w.at < w.n)
        if (!step(&w, t, e)) return false;
    return true;
}

const format format_jsonl = {
    .name = "jsonl",
    .title = "JSON Lines",
    .help = "One JSON object a line; nested objects become columns named a.b.",
    .extensions = "jsonl ndjson",
    .guess = jsonl_guess,
    .parse = jsonl_parse,
};
