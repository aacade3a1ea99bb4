/* json_fuzz.c - any bytes as JSON: read or refused; what is read prints and reads back. */
#include "base/job.h"
#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print(json_out *j, const json *v) {
    if (v->key.p) json_key(j, v->key);
    if (v->kind == JSON_TEXT)
        json_text(j, v->text);
    else if (v->kind == JSON_INT)
        json_int(j, v->i);
    else if (v->kind == JSON_NUM)
        json_num(j, v->num);
    else if (v->kind != JSON_ARRAY && v->kind != JSON_OBJECT)
        json_null(j);
    if (v->kind != JSON_ARRAY && v->kind != JSON_OBJECT) return;
    v->kind == JSON_ARRAY ? json_array(j) : json_object(j);
    for (const json *c = v->first; c; c = c->next)
        print(j, c);
    v->kind == JSON_ARRAY ? json_end_array(j) : json_end_object(j);
}

static bool once(arena *a, void *ctx, err *e) {
    const str *text = ctx;
    json *v, *again;
    if (!json_read(a, *text, &v, e)) return false;
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (v->kind == JSON_ARRAY || v->kind == JSON_OBJECT) {
        print(&j, v);
        check(json_read(a, buf_view(&b), &again, e) && again->n == v->n);
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    err e;
    str text = {(const char *)data, size};
    if (!job_run(8 << 20, once, &text, &e)) check(e.msg[0]);
    return 0;
}
