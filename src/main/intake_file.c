/* intake_file.c - a file's intake as a terminal sees it: a bar, rejected rows, "acked" lines. */
#include "main/intake_file.h"
#include "main/process.h"
#include "main/screen.h"

enum { BAR_EVERY_MS = 200 };

typedef struct {
    const file_intake *job;
    i64 last_no, resumed;
    i64 started_ms, bar_ms;
    i64 shown; /* rejected rows printed */
} shown_run;

static void bar(shown_run *k, bool last) {
    const file_intake *job = k->job;
    i64 now = job->c->w->now_ms(job->c->w), total = job->p->records, spent = now - k->started_ms;
    if (!job->bar || (!last && now - k->bar_ms < BAR_EVERY_MS)) return;
    k->bar_ms = now;
    i64 done = k->last_no - k->resumed, left = total - k->last_no;
    double rate = spent > 0 ? (double)done * 1000 / (double)spent : 0;
    fprintf(job->c->err, "\r\033[K");
    if (last) return;
    arena *a = arena_open(1 << 16);
    fprintf(job->c->err, "%.*s  %.*s rows  %.0f rows/s", STR_ARG(job->p->file),
            STR_ARG(count_text(a, k->last_no)), rate);
    if (total > 0) {
        str full = bar_text(a, (double)k->last_no / (double)total, 20);
        i64 seconds = rate > 0 ? (i64)((double)left / rate) : 0;
        fprintf(job->c->err, "  %.*s %d %%  %d:%02d left", STR_ARG(full),
                (int)(100 * k->last_no / total), (int)(seconds / 60), (int)(seconds % 60));
    }
    arena_close(a);
    fflush(job->c->err);
}

static bool take(void *ctx, const signal *sigs, size_t n, intake *progress, flow_counts *counts,
                 err *e) {
    const shown_run *k = ctx;
    return flow_take(k->job->f, sigs, n, progress, counts, e);
}

static bool acked(void *ctx, const intake *row, const intake_result *so_far) {
    shown_run *k = ctx;
    k->last_no = row->records;
    k->resumed = so_far->resumed;
    if (k->job->lines) {
        fprintf(k->job->c->err, "acked %" PRId64 "\n", row->records);
        fflush(k->job->c->err);
    }
    bar(k, false);
    return !process_interrupted();
}

static void rejected(void *ctx, const rejection *r) {
    shown_run *k = ctx;
    if (k->shown++ >= LIMIT_REJECTS_SHOWN) return;
    bar(k, true);
    fprintf(k->job->c->err, "%.*s:%" PRId64 ": %.*s%s%.*s\n", STR_ARG(k->job->p->file), r->line,
            STR_ARG(r->field), r->field.n ? ": " : "", STR_ARG(r->reason));
}

static str file_name(str path) {
    for (size_t i = path.n; i > 0; i--)
        if (path.p[i - 1] == '/') return str_from(path, i);
    return path;
}

bool file_intake_run(arena *a, const file_intake *f, intake_result *out, err *e) {
    shown_run k = {.job = f, .started_ms = f->c->w->now_ms(f->c->w)};
    intake_job job = {.s = f->d->s,
                      .w = f->c->w,
                      .src = f->src,
                      .p = f->p,
                      .path = f->path,
                      .rejects_path = f->rejects_path,
                      .take = take,
                      .acked = acked,
                      .rejected = rejected,
                      .ctx = &k};
    if (!job.rejects_path.p)
        job.rejects_path = arena_fmt(a, "%.*s.rejected.csv", STR_ARG(file_name(f->p->file)));
    bool ok = intake_run(a, &job, out, e);
    if (ok && !out->interrupted) bar(&k, true);
    return ok;
}
