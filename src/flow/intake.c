/* intake.c - one file, batch by batch: what is acknowledged is counted in the same commit. */
#include <unistd.h>
#include "flow/intake.h"
#include "base/limits.h"

typedef struct {
    arena *a; /* of the whole run */
    const intake_job *job;
    intake_result *r;
    intake row;
    bool again;    /* these bytes were imported whole before */
    signal *batch; /* LIMIT_BATCH_SIGNALS */
    size_t batch_n;
    arena *text; /* what the batch's signals point to */
    i64 last_no; /* the newest record seen, taken or rejected */
    FILE *rejects;
} running;

/* ---- which import is this?  The same bytes, plan and source go on where they stopped ---- */

/* Each block is hashed behind the hash of all before it. */
static bool hash_file(str path, u64 *out, err *e) {
    char z[4096];
    struct {
        u64 before;
        char bytes[1 << 16];
    } block = {0};
    if (path.n >= sizeof z) return fail(e, INVALID, "the file's name is too long");
    memcpy(z, path.p, path.n);
    z[path.n] = 0;
    FILE *f = fopen(z, "rb");
    if (!f) return fail(e, IO, "cannot read %s: %s", z, strerror(errno));
    for (size_t n; (n = fread(block.bytes, 1, sizeof block.bytes, f)) > 0;)
        block.before = str_hash((str){(const char *)&block, sizeof block.before + n});
    *out = block.before;
    bool ok = !ferror(f);
    fclose(f);
    return ok || fail(e, IO, "cannot read %s: %s", z, strerror(errno));
}

static bool intake_key(running *k, str *out, err *e) {
    u64 bytes;
    world *w = k->job->w;
    if (k->job->key.n) {
        *out = k->job->key;
        return true;
    }
    if (str_eq(k->job->path, S("-"))) {
        *out = arena_fmt(k->a, "stream:%016" PRIx64, w->random(w));
        return true;
    }
    if (!hash_file(k->job->path, &bytes, e)) return false;
    buf b = {.a = k->a};
    plan same = *k->job->p;
    same.now_ms = 0; /* the clock is no part of the plan */
    plan_print_json(&b, &same);
    *out = arena_fmt(k->a, "file:%016" PRIx64 ":%016" PRIx64, bytes, str_hash(buf_view(&b)));
    return true;
}

static bool begin(running *k, err *e) {
    str key;
    store *s = k->job->s;
    i64 now = k->job->w->now_ms(k->job->w);
    if (!intake_key(k, &key, e)) return false;
    bool known = store_find(s, k->a, &noun_intake, key, &k->row, e);
    if (!known && e->code != NOT_FOUND) return false;
    k->again = known && k->row.finished; /* read once more: its record stays as it is */
    if (!known || k->again) {
        noun_init(&noun_intake, &k->row);
        k->row.key = key;
        k->row.records = k->row.added = k->row.known = k->row.rejected = 0;
        k->row.started_at = now;
    }
    k->row.source = k->job->p->source;
    k->row.file = k->job->path;
    k->row.changed_at = now;
    k->r->resumed = k->last_no = k->row.records;
    k->r->rejected = k->row.rejected;
    return k->again || store_put(s, &noun_intake, &k->row, e);
}

/* ---- batches ---- */

/* Rejects are on disk before the commit that counts them. */
static bool sync_rejects(running *k, err *e) {
    if (!k->rejects || (fflush(k->rejects) == 0 && fsync(fileno(k->rejects)) == 0)) return true;
    return fail(e, IO, "cannot write %.*s: %s; the import stopped and can be run again",
                STR_ARG(k->r->rejects_path), strerror(errno));
}

static bool commit(running *k, err *e) {
    const intake_job *job = k->job;
    if (!sync_rejects(k, e)) return false;
    intake next = k->row;
    next.records = k->last_no;
    next.rejected = k->r->rejected;
    next.changed_at = job->w->now_ms(job->w);
    if (!job->take(job->ctx, k->batch, k->batch_n, k->again ? NULL : &next, &k->r->counts, e))
        return false;
    k->row = next;
    k->batch_n = 0;
    arena_reset(k->text);
    if (!job->acked(job->ctx, &k->row, k->r)) k->r->interrupted = true;
    return !k->r->interrupted || fail(e, BUSY, "interrupted");
}

static bool take(void *ctx, signal *s, i64 no, const record *r, err *e) {
    running *k = ctx;
    (void)r;
    k->batch[k->batch_n++] = *s;
    k->last_no = no;
    bool full = k->batch_n == LIMIT_BATCH_SIGNALS || arena_used(k->text) > LIMIT_BATCH_BYTES / 2;
    return !full || commit(k, e);
}

static bool open_rejects(running *k, err *e) {
    const intake_job *job = k->job;
    char z[4096];
    str path = k->r->rejects_path;
    if (path.n >= sizeof z) return fail(e, INVALID, "the reject file's name is too long");
    memcpy(z, path.p, path.n);
    z[path.n] = 0;
    bool goes_on = k->row.rejected > 0;
    k->rejects = fopen(z, goes_on ? "ab" : "wb");
    if (!k->rejects)
        return fail(e, IO, "cannot write %s: %s; choose another place with --rejects", z,
                    strerror(errno));
    buf b = {.a = k->a};
    if (!goes_on) reject_header(&b, job->p);
    fwrite(b.p, 1, b.n, k->rejects);
    return true;
}

static bool reject(void *ctx, i64 no, const rejection *r, err *e) {
    running *k = ctx;
    buf b = {0};
    if (!k->rejects && !open_rejects(k, e)) return false;
    reject_row(&b, k->job->p, r);
    bool ok = fwrite(b.p, 1, b.n, k->rejects) == b.n;
    buf_clear(&b);
    if (!ok)
        return fail(e, IO, "cannot write %.*s: %s", STR_ARG(k->r->rejects_path), strerror(errno));
    k->last_no = no;
    k->r->rejected++;
    if (k->job->rejected) k->job->rejected(k->job->ctx, r);
    return true;
}

static bool finish(running *k, err *e) {
    if (!commit(k, e)) return false;
    k->row.finished = 1;
    return k->again || store_put(k->job->s, &noun_intake, &k->row, e);
}

static bool follow(running *k, err *e) {
    hear_sink sink = {.batch = k->text, .take = take, .reject = reject, .ctx = k};
    if (!begin(k, e)) return false;
    if (hear_follow(k->a, k->job->src, k->job->p, k->row.records, &sink, e)) return finish(k, e);
    return k->r->interrupted; /* what was acknowledged stays; the next run goes on behind it */
}

bool intake_run(arena *a, const intake_job *job, intake_result *out, err *e) {
    *out = (intake_result){.rejects_path = job->rejects_path};
    check(job->rejects_path.n && job->take && job->acked);
    running k = {.a = a, .job = job, .r = out};
    k.batch = NEW_N(a, signal, LIMIT_BATCH_SIGNALS);
    k.text = arena_open((size_t)LIMIT_BATCH_BYTES + 4 * (size_t)LIMIT_ROW_BYTES);
    bool ok = follow(&k, e);
    if (k.rejects && fclose(k.rejects) != 0 && ok)
        ok = fail(e, IO, "cannot write %.*s: %s", STR_ARG(out->rejects_path), strerror(errno));
    arena_close(k.text);
    out->records = k.row.records;
    return ok;
}
