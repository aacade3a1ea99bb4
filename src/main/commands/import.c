/* import.c - files in: look, show the plan, follow it in batches, resume where it stopped. */
#include "base/job.h"
#include "flow/flow.h"
#include "hear/hear.h"
#include "main/desk.h"
#include "main/intake_file.h"
#include "main/process.h"
#include "main/screen.h"

typedef struct {
    str_list map, set;
    str store, source, format, encoding, delimiter, sheet, dates, zone, rejects;
    i64 threads;
    bool dry_run, json, no_header, header, progress, silent;
    plan_wish wish;
} wanted;

static bool pairs(call *c, const str_list *l, const char *option_name, const field_value **out,
                  err *e) {
    field_value *v = NEW_N(c->a, field_value, l->n);
    for (size_t i = 0; i < l->n; i++)
        if (!str_cut(l->items[i], '=', &v[i].field, &v[i].value) || v[i].field.n == 0)
            return fail(e, INVALID, "--%s wants FIELD=%s, not \"%.*s\"", option_name,
                        option_name[0] == 'm' ? "COLUMN" : "VALUE", STR_ARG(l->items[i]));
    *out = v;
    return true;
}

static bool read_options(call *c, wanted *w, str_list *files, err *e) {
    *w = (wanted){.threads = NONE};
    const option options[] = {{.name = "map", .list = &w->map},
                              {.name = "set", .list = &w->set},
                              {.name = "store", .text = &w->store},
                              {.name = "source", .text = &w->source},
                              {.name = "format", .text = &w->format},
                              {.name = "encoding", .text = &w->encoding},
                              {.name = "delimiter", .text = &w->delimiter},
                              {.name = "sheet", .text = &w->sheet},
                              {.name = "dates", .text = &w->dates},
                              {.name = "zone", .text = &w->zone},
                              {.name = "rejects", .text = &w->rejects},
                              {.name = "threads", .number = &w->threads},
                              {.name = "dry-run", .flag = &w->dry_run},
                              {.name = "json", .flag = &w->json},
                              {.name = "no-header", .flag = &w->no_header},
                              {.name = "header", .flag = &w->header},
                              {.name = "progress", .flag = &w->progress},
                              {.name = "silent", .flag = &w->silent}};
    if (!options_read(c, options, COUNT(options), files, e)) return false;
    if (files->n == 0)
        return fail(e, INVALID,
                    "which file? as in: heed import reviews.csv (- reads standard input)");
    w->wish = (plan_wish){.format = w->format,
                          .encoding = w->encoding,
                          .delimiter = w->delimiter,
                          .source = w->source,
                          .sheet = w->sheet,
                          .dates = w->dates,
                          .header = w->no_header ? 0
                                    : w->header  ? 1
                                                 : -1,
                          .now_ms = c->w->now_ms(c->w),
                          .map_n = w->map.n,
                          .set_n = w->set.n};
    if (w->zone.p && !zone_parse(w->zone, &w->wish.zone_min))
        return fail(e, INVALID, "--zone is \"%.*s\", want a distance from UTC such as +08:00",
                    STR_ARG(w->zone));
    return pairs(c, &w->map, "map", &w->wish.map, e) && pairs(c, &w->set, "set", &w->wish.set, e);
}

/* ---- one file ---- */

typedef struct {
    call *c;
    const wanted *w;
    str path;
    json_out *j; /* --json: the list of files */
} file_job;

static void close_source(void *s) {
    hear_close(s);
}

static void print_plan(const file_job *f, arena *a, const plan *p) {
    buf b = {.a = a};
    if (f->j) {
        plan_print_json(&b, p);
        json_raw(f->j, buf_view(&b));
        return;
    }
    plan_print(&b, p);
    fwrite(b.p, 1, b.n, f->c->out);
}

static void report_text(const file_job *f, arena *a, const intake_result *r) {
    FILE *out = f->c->out;
    fprintf(out, "%.*s: %.*s added, %.*s known already, %.*s rejected", STR_ARG(f->path),
            STR_ARG(count_text(a, r->counts.added)), STR_ARG(count_text(a, r->counts.known)),
            STR_ARG(count_text(a, r->rejected)));
    if (r->resumed) fprintf(out, " (resumed after record %" PRId64 ")", r->resumed);
    fputc('\n', out);
    if (r->counts.duplicates || r->counts.spam || r->counts.redacted)
        fprintf(out, "  marked %.*s duplicates and %.*s spam, hid %.*s pieces of personal data\n",
                STR_ARG(count_text(a, r->counts.duplicates)),
                STR_ARG(count_text(a, r->counts.spam)), STR_ARG(count_text(a, r->counts.redacted)));
    if (r->counts.deeds)
        fprintf(out, "  rules acted %.*s times\n", STR_ARG(count_text(a, r->counts.deeds)));
    if (r->rejected)
        fprintf(out, "  rejected rows, to be mended and imported again: %.*s\n",
                STR_ARG(r->rejects_path));
    if (r->interrupted) fputs("  stopped; the same command goes on where it stopped\n", out);
}

static void report_json(json_out *j, str path, const plan *p, const intake_result *r) {
    const struct {
        const char *key;
        i64 v;
    } numbers[] = {{"records", r->records},       {"added", r->counts.added},
                   {"known", r->counts.known},    {"rejected", r->rejected},
                   {"resumed_after", r->resumed}, {"duplicates", r->counts.duplicates},
                   {"spam", r->counts.spam},      {"redacted", r->counts.redacted},
                   {"deeds", r->counts.deeds}};
    json_object(j);
    json_key(j, S("file"));
    json_text(j, path);
    json_key(j, S("source"));
    json_text(j, p->source);
    for (size_t i = 0; i < COUNT(numbers); i++) {
        json_key(j, str_of(numbers[i].key));
        json_int(j, numbers[i].v);
    }
    json_key(j, S("rejects_file"));
    json_text(j, r->rejected ? r->rejects_path : NO_STR);
    json_key(j, S("finished"));
    json_bool(j, !r->interrupted);
    json_end_object(j);
}

static bool import_plan(const file_job *f, arena *a, hear_source *src, const plan *p, err *e) {
    desk d;
    flow *fl;
    intake_result r;
    flow_options o = {.w = f->c->w,
                      .silent = f->w->silent,
                      .threads = f->w->threads == NONE ? process_cores()
                                                       : (int)MIN(MAX(f->w->threads, 1), 64)};
    if (!desk_open(f->c, f->w->store, true, &d, e) || !flow_furnish(d.s, e) ||
        !flow_open(d.s, d.t, &o, &fl, e))
        return false;
    file_intake job = {.c = f->c,
                       .d = &d,
                       .f = fl,
                       .src = src,
                       .p = p,
                       .path = f->path,
                       .rejects_path = f->w->rejects,
                       .lines = f->w->progress,
                       .bar = f->c->tty && !f->w->progress};
    bool ok = file_intake_run(a, &job, &r, e) && tally_seal(d.t, e);
    flow_close(fl);
    if (!ok) return false;
    if (f->j)
        report_json(f->j, f->path, p, &r);
    else
        report_text(f, a, &r);
    return !r.interrupted ||
           fail(e, BUSY, "interrupted after %" PRId64 " records; nothing acknowledged is lost",
                r.records);
}

static bool import_file(arena *a, void *ctx, err *e) {
    file_job *f = ctx;
    hear_source *src;
    plan p;
    if (!hear_open(f->path, &src, e)) return false;
    arena_defer(a, close_source, src);
    if (!hear_look(a, src, &f->w->wish, &p, e)) return false;
    if (f->w->dry_run) return print_plan(f, a, &p), true;
    return import_plan(f, a, src, &p, e);
}

static int import_files(call *c, const wanted *w, const str_list *files) {
    err e;
    buf b = {.a = c->a};
    json_out j = json_to(&b);
    int code = 0;
    json_object(&j);
    json_key(&j, w->dry_run ? S("plans") : S("files"));
    json_array(&j);
    for (size_t i = 0; i < files->n && code == 0; i++) {
        file_job f = {c, w, files->items[i], w->json ? &j : NULL};
        call inner = *c; /* what one file opens is closed before the next */
        inner.a = arena_open(LIMIT_COMMAND_BYTES);
        f.c = &inner;
        if (!job_run_in(inner.a, import_file, &f, &e)) code = call_failed(c, &e);
        arena_close(inner.a);
    }
    json_end_array(&j);
    json_end_object(&j);
    if (w->json) put_json(c, &b);
    return code;
}

static int run(call *c) {
    err e;
    wanted w;
    str_list files;
    if (!read_options(c, &w, &files, &e)) return call_failed(c, &e);
    process_catch_interrupts();
    return import_files(c, &w, &files);
}

const command command_import = {
    .name = "import",
    .title = "Files in: CSV, TSV, JSONL, JSON, XLSX, XES, each also gzipped",
    .help =
        "usage: heed import FILE... [--map FIELD=COLUMN]... [--set FIELD=VALUE]... [--source NAME] "
        "[--dry-run]\n"
        "                   [--store URL] [--json]\n\n"
        "FIELD  words occurred_at customer channel touchpoint product event amount currency "
        "external_id\n"
        "       score:NAME (score:nps, score:csat, score:ces, score:rating5 ...); other columns "
        "become\n"
        "       attributes; - leaves a column out\n"
        "--dry-run    shows how the file is understood and stores nothing\n"
        "--format, --encoding, --delimiter, --sheet, --header, --no-header, --dates "
        "ymd|dmy|mdy|unix|unixms|excel,\n"
        "--zone +08:00 (of times without one)    override what is recognised\n"
        "--rejects FILE   where rows that cannot be taken go, each with line, field and reason\n"
        "                 (FILE.rejected.csv); mend and import them\n"
        "--progress   a line \"acked N\" to stderr after each commit: N records are durable\n"
        "--threads N  that analyse (all cores)      --silent  stores without reading the words\n\n"
        "Importing a file twice changes nothing.  An import that was interrupted goes on where it "
        "stopped.\n\n"
        "example: heed import answers.csv --map score:nps=\"How likely\" --set channel=survey\n",
    .run = run,
};
