/* job.h - the one place where running out of memory lands. */
#ifndef BASE_JOB_H
#define BASE_JOB_H
#include "base/base.h"

/* One piece of work: results that outlive the job must be copied out of its arena. */
typedef bool job_fn(arena *a, void *ctx, err *e);

/* Runs fn with a fresh arena of at most budget bytes; over budget is LIMIT with one sentence. */
bool job_run(size_t budget_bytes, job_fn *fn, void *ctx, err *e) MUST_USE;

/* The same in an arena the caller keeps: for results that outlive the job.  After a failure the arena
** still holds what was made until then; reset or close it.  Jobs nest: what runs while a mutex is held is
** a job of its own in the same arena, so that the mutex is given back whatever happens. */
bool job_run_in(arena *a, job_fn *fn, void *ctx, err *e) MUST_USE;
#endif
