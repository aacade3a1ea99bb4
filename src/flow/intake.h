/* intake.h - following a plan: batches, commits, rejects, progress and resuming. */
#ifndef FLOW_INTAKE_H
#define FLOW_INTAKE_H
#include "flow/flow.h"
#include "hear/hear.h"

typedef struct {
    flow_counts counts;
    i64 records, rejected; /* of the whole file, earlier runs too */
    i64 resumed;           /* records an earlier run had acknowledged; 0 = began anew */
    bool interrupted;
    str rejects_path;
} intake_result;

typedef struct {
    store *s; /* keeps the intake's row */
    world *w;
    hear_source *src;
    const plan *p;
    str path;         /* "-" cannot be resumed */
    str key;          /* of the intake's row; missing: made of the file's bytes and the plan */
    str rejects_path; /* made when the first row is rejected */
    /* flow_take, or what leads there. */
    bool (*take)(void *ctx, const signal *sigs, size_t n, intake *progress, flow_counts *counts,
                 err *e);
    /* After each commit; false interrupts: what was acknowledged stays. */
    bool (*acked)(void *ctx, const intake *row, const intake_result *so_far);
    void (*rejected)(void *ctx, const rejection *r); /* may be NULL */
    void *ctx;
} intake_job;

/* false with out->interrupted: stopped by acked in the last commit.  Interrupted earlier it is true. */
bool intake_run(arena *a, const intake_job *job, intake_result *out, err *e) MUST_USE;
#endif
