/* import_json.c - an import as the API tells it. */
#include "api/import_json.h"
#include "base/time.h"

static void text(json_out *j, const char *key, str v) {
    json_key(j, str_of(key));
    json_text(j, v);
}

static void moment(json_out *j, const char *key, i64 ms) {
    arena *a = arena_open(4096);
    text(j, key, ms == NONE ? NO_STR : time_print(a, ms));
    arena_close(a);
}

void import_members(json_out *j, const upload *u, const intake *row) {
    const struct {
        const char *key;
        i64 v;
    } numbers[] = {{"total", u->id ? u->records : NONE},
                   {"records", row->records},
                   {"added", row->added},
                   {"known", row->known},
                   {"rejected", row->rejected}};
    json_key(j, S("id"));
    json_int(j, row->id);
    text(j, "file", row->file);
    text(j, "source", row->source);
    text(j, "state", u->id ? u->state : row->finished ? S("finished") : S("stopped"));
    for (size_t i = 0; i < COUNT(numbers); i++) {
        json_key(j, str_of(numbers[i].key));
        json_int(j, numbers[i].v);
    }
    json_key(j, S("finished"));
    json_bool(j, row->finished != 0);
    text(j, "error", u->id ? u->error : NO_STR);
    moment(j, "started_at", row->started_at);
    moment(j, "changed_at", row->changed_at);
}
