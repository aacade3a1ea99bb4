/* imports.c - files in: upload, see how it is understood, change that, start, follow, fetch what was
** refused. */
#include <fcntl.h>
#include <unistd.h>
#include "api/ask.h"
#include "api/cursor.h"
#include "api/import_json.h"
#include "flow/loader.h"

enum { IMPORTS_SHOWN = 50, PIECE_BYTES = 64 * 1024 };

/* ---- upload ---- */

static bool write_all(int fd, const char *p, size_t n, err *e) {
    while (n) {
        ssize_t put = write(fd, p, n);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return fail(e, IO, "the file cannot be kept: %s", strerror(errno));
        p += put;
        n -= (size_t)put;
    }
    return true;
}

static bool receive(arena *a, asked *v, int fd, err *e) {
    char *piece = arena_alloc(a, PIECE_BYTES);
    i64 bytes = 0;
    for (size_t n;;) {
        if (!http_body_read(v->http, piece, PIECE_BYTES, &n, e)) return false;
        if (n == 0) break;
        bytes += (i64)n;
        if (!write_all(fd, piece, n, e)) return false;
    }
    if (bytes == 0) return fail(e, INVALID, "the request has no body; send the file's bytes");
    return fsync(fd) == 0 || fail(e, IO, "the file cannot be kept: %s", strerror(errno));
}

static bool spool(arena *a, asked *v, str path, err *e) {
    int fd = open(path.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return fail(e, IO, "the file cannot be kept: %s", strerror(errno));
    bool ok = receive(a, v, fd, e);
    close(fd);
    if (!ok) unlink(path.p);
    return ok;
}

/* Both rows or none. */
static bool put_rows(store *s, upload *u, intake *row, err *e) {
    if (!store_begin(s, e)) return false;
    if (!store_put(s, &noun_intake, row, e) || !store_put(s, &noun_upload, u, e))
        return store_rollback(s), false;
    return store_commit(s, e);
}

static bool enter(api *x, arena *a, asked *v, upload *u, intake *row, const plan *p, err *e) {
    desk *d;
    u->records = p->records < 0 ? NONE : p->records;
    noun_init(&noun_intake, row);
    row->key = u->key;
    row->source = p->source;
    row->file = u->name;
    row->records = row->added = row->known = row->rejected = 0;
    row->started_at = row->changed_at = u->created_at;
    if (!desk_write(x, a, v, &d, e)) return false;
    bool ok = put_rows(d->s, u, row, e);
    desk_leave(d);
    return ok;
}

static void put_plan(json_out *j, arena *a, const plan *p) {
    buf b = {.a = a};
    plan_print_json(&b, p);
    json_key(j, S("plan"));
    json_raw(j, buf_view(&b));
}

static void print_import(buf *b, arena *a, const upload *u, const intake *row, const plan *p) {
    json_out j = json_to(b);
    json_object(&j);
    import_members(&j, u, row);
    if (p) put_plan(&j, a, p);
    json_end_object(&j);
}

static bool name_read(arena *a, const asked *v, str *out, err *e) {
    str name = params_get(&v->query, "name");
    for (size_t i = name.n; i > 0; i--)
        if (name.p[i - 1] == '/' || name.p[i - 1] == '\\') {
            name = str_from(name, i);
            break;
        }
    if (!name.n || name.n > LIMIT_NAME_BYTES)
        return fail(e, INVALID,
                    "what is the file called? as in: /api/v1/imports?name=reviews.csv "
                    "(at most %d bytes)",
                    LIMIT_NAME_BYTES);
    *out = arena_str(a, name);
    return true;
}

/* A file that is damaged is its sender's, not ours. */
static bool look(arena *a, const upload *u, str path, plan *out, err *e) {
    hear_source *src;
    bool ok = upload_look(a, u, path, &src, out, e);
    if (!ok && e->code == CORRUPT) e->code = INVALID;
    return ok;
}

static bool upload_file(api *x, arena *a, asked *v, err *e) {
    upload u;
    intake row;
    plan p;
    str path;
    buf b = {.a = a};
    noun_init(&noun_upload, &u);
    u.state = S("planned");
    u.created_at = x->w->now_ms(x->w);
    u.key = arena_fmt(a, "upload:%016" PRIx64, x->w->random(x->w));
    if (!x->loader) return fail(e, BUSY, "this server takes no files");
    if (!name_read(a, v, &u.name, e) || !spool_path(a, store_path(x->s), u.key, "data", &path, e) ||
        !spool(a, v, path, e))
        return false;
    if (!look(a, &u, path, &p, e) || !enter(x, a, v, &u, &row, &p, e)) {
        unlink(path.p); /* nobody could name it any more */
        return false;
    }
    print_import(&b, a, &u, &row, &p);
    http_add(v->http, "Location", arena_fmt(a, "/api/v1/imports/%" PRId64, row.id));
    reply_json(v, 201, &b);
    return true;
}

/* ---- one import ---- */

typedef struct {
    intake row;
    upload u; /* id 0: it came in by the command line */
} import;

static bool find_upload(store *s, arena *a, import *out, err *e) {
    noun_init(&noun_upload, &out->u);
    if (!str_starts(out->row.key, S("upload:"))) return true;
    return store_find(s, a, &noun_upload, out->row.key, &out->u, e) || e->code == NOT_FOUND;
}

static bool find_import(const desk *d, arena *a, const asked *v, import *out, err *e) {
    i64 id;
    return id_read(v, &id, e) && store_get(d->s, a, &noun_intake, id, &out->row, e) &&
           find_upload(d->s, a, out, e);
}

static bool must_be_planned(const import *m, err *e) {
    if (str_eq(m->u.state, S("planned")) || str_eq(m->u.state, S("failed"))) return true;
    return fail(e, CONFLICT, "import %" PRId64 " is %.*s; only what has not begun can be changed",
                m->row.id, STR_ARG(m->u.state.p ? m->u.state : S("done")));
}

static bool one(api *x, arena *a, asked *v, err *e) {
    desk *d;
import m;
    plan p;
    str path;
    buf b = {.a = a};
    if (!desk_sit(x, a, v, &d, e) || !find_import(d, a, v, &m, e)) return false;
    desk_leave(d);
    bool planned = str_eq(m.u.state, S("planned"));
    if (planned && (!spool_path(a, store_path(x->s), m.u.key, "data", &path, e) ||
                    !look(a, &m.u, path, &p, e)))
        return false;
    print_import(&b, a, &m.u, &m.row, planned ? &p : NULL);
    reply_noun(a, v, 200, &b);
    return true;
}

static bool plan_again(api *x, arena *a, asked *v, err *e) {
    desk *d;
import m;
    plan p;
    plan_wish unused;
    json *told;
    str path;
    buf wish = {.a = a}, b = {.a = a};
    json_out j = json_to(&wish);
    if (!body_json(a, v, &told, e) || !wish_read(a, told, &unused, e) ||
        !desk_sit(x, a, v, &d, e) || !find_import(d, a, v, &m, e) || !must_be_planned(&m, e))
        return false;
    desk_leave(d);
    json_value(&j, told);
    m.u.wish = buf_view(&wish);
    m.u.state = S("planned");
    m.u.error = NO_STR;
    if (!spool_path(a, store_path(x->s), m.u.key, "data", &path, e) ||
        !look(a, &m.u, path, &p, e))
        return false;
    m.u.records = p.records < 0 ? NONE : p.records;
    m.row.source = p.source;
    if (!desk_write(x, a, v, &d, e) || !put_rows(d->s, &m.u, &m.row, e)) return false;
    desk_leave(d);
    print_import(&b, a, &m.u, &m.row, &p);
    reply_json(v, 200, &b);
    return true;
}

static bool start(api *x, arena *a, asked *v, err *e) {
    desk *d;
import m;
    buf b = {.a = a};
    if (!x->loader) return fail(e, BUSY, "this server takes no files");
    if (!desk_write(x, a, v, &d, e) || !find_import(d, a, v, &m, e) || !must_be_planned(&m, e))
        return false;
    m.u.state = S("waiting");
    m.u.error = NO_STR;
    if (!store_put(d->s, &noun_upload, &m.u, e)) return false;
    desk_leave(d);
    loader_wake(x->loader);
    print_import(&b, a, &m.u, &m.row, NULL);
    reply_json(v, 202, &b);
    return true;
}

/* What was taken of it stays. */
static bool drop(api *x, arena *a, asked *v, err *e) {
    desk *d;
    import m;
    if (!desk_write(x, a, v, &d, e) || !find_import(d, a, v, &m, e)) return false;
    if (!m.u.id)
        return fail(e, NOT_FOUND, "import %" PRId64 " has no file here any more", m.row.id);
    if (!upload_drop(d->s, a, &m.u, e)) return false;
    desk_leave(d);
    http_reply(v->http, 204, NO_STR, S(""));
    return true;
}

/* ---- what was refused ---- */

static bool send_file(asked *v, arena *a, FILE *f, err *e) {
    char *piece = arena_alloc(a, PIECE_BYTES);
    http_stream(v->http, 200, S("text/csv; charset=utf-8"));
    for (size_t n; (n = fread(piece, 1, PIECE_BYTES, f)) > 0;)
        if (!http_write(v->http, (str){piece, n}, e)) return false;
    return !ferror(f) || fail(e, IO, "the file of refused rows cannot be read");
}

static bool rejects(api *x, arena *a, asked *v, err *e) {
    desk *d;
import m;
    str path;
    if (!desk_sit(x, a, v, &d, e) || !find_import(d, a, v, &m, e)) return false;
    desk_leave(d);
    if (!m.u.id)
        return fail(e, NOT_FOUND,
                    "the command line wrote the rows refused by import %" PRId64 " beside itself",
                    m.row.id);
    if (!spool_path(a, store_path(x->s), m.u.key, "rejected.csv", &path, e)) return false;
    FILE *f = fopen(path.p, "rb");
    if (!f) return fail(e, NOT_FOUND, "import %" PRId64 " has no refused rows", m.row.id);
    http_add(v->http, "Content-Disposition",
             arena_fmt(a, "attachment; filename=\"import-%" PRId64 ".rejected.csv\"", m.row.id));
    bool ok = send_file(v, a, f, e);
    fclose(f);
    return ok;
}

/* ---- list ---- */

static bool list(api *x, arena *a, asked *v, err *e) {
    desk *d;
    void *recs;
    size_t n;
    i64 limit, unused;
    store_query q = {.newest_first = true};
    str cursor = params_get(&v->query, "cursor");
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!params_int(&v->query, "limit", 1, LIMIT_API_PAGE, IMPORTS_SHOWN, &limit, e) ||
        (cursor.n && !cursor_read(cursor, 'i', &unused, &q.after_id, e)))
        return false;
    q.limit = (size_t)limit + 1;
    if (!desk_sit(x, a, v, &d, e) || !store_list(d->s, a, &noun_intake, &q, &recs, &n, e))
        return false;
    json_object(&j);
    json_key(&j, S("imports"));
    json_array(&j);
import m = {0 };
    for (size_t i = 0; i < MIN(n, (size_t)limit); i++) {
        m.row = ((intake *)recs)[i];
        if (!find_upload(d->s, a, &m, e)) return false;
        json_object(&j);
        import_members(&j, &m.u, &m.row);
        json_end_object(&j);
    }
    desk_leave(d);
    json_end_array(&j);
    put_text(&j, "next_cursor", n > (size_t)limit ? cursor_print(a, 'i', 0, m.row.id) : NO_STR);
    json_end_object(&j);
    reply_json(v, 200, &b);
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/imports", "signals.write", "Imports, newest first", .handle = list,
     .query = "limit cursor", .gives = "imports"},
    {METHOD_POST, "/api/v1/imports", "signals.write",
     "Uploads a file (CSV, TSV, JSON, JSON Lines, XLSX, XES, each also gzipped) and shows its plan",
     .handle = upload_file, .query = "name", .takes_as = "application/octet-stream",
     .gives = "import", .status = "201", .body_max = LIMIT_UPLOAD_BYTES},
    {METHOD_GET, "/api/v1/imports/{id}", "signals.write", "One import; before it begins, its plan",
     .handle = one, .gives = "import", .status = "200 304"},
    {METHOD_POST, "/api/v1/imports/{id}/plan", "signals.write", "Tells how to read the file",
     .handle = plan_again, .takes = "plan_wish", .gives = "import", .status = "200 409"},
    {METHOD_POST, "/api/v1/imports/{id}/start", "signals.write",
     "Begins to read it in the background", .handle = start, .gives = "import",
     .status = "202 409"},
    {METHOD_DELETE, "/api/v1/imports/{id}", "signals.write",
     "Drops the file of an import that is not being read; what was taken of it stays",
     .handle = drop, .status = "204 409"},
    {METHOD_GET, "/api/v1/imports/{id}/rejects", "signals.write",
     "Rows that could not be taken, with line, field and reason (CSV)", .handle = rejects,
     .gives_as = "text/csv"},
};
const page page_imports = {
    .name = "imports", .title = "Files in", .routes = routes, .routes_n = COUNT(routes)};
