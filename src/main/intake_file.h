/* intake_file.h - following a plan: batches, commits, rejects, progress and resuming. */
#ifndef MAIN_INTAKE_FILE_H
#define MAIN_INTAKE_FILE_H
#include "flow/flow.h"
#include "hear/hear.h"
#include "main/desk.h"

typedef struct {
    call *c;
    desk *d;
    flow *f;
    hear_source *src;
    const plan *p;
    str path;         /* "-" cannot be resumed */
    str rejects_path; /* missing: the file's name + .rejected.csv, in the working directory */
    bool bar, lines;  /* a bar on the terminal; "acked N" lines */
} intake_job;

typedef struct {
    flow_counts counts;
    i64 records, rejected; /* of the whole file, earlier runs too */
    i64 resumed;           /* records an earlier run had acknowledged; 0 = began anew */
    bool interrupted;
    str rejects_path;
} intake_result;
bool intake_run(arena *a, const intake_job *job, intake_result *out, err *e) MUST_USE;
#endif
