/* job.c - open an arena, run one piece of work, close it whatever happened. */
#include "base/job.h"

bool job_run_in(arena *a, job_fn *fn, void *ctx, err *e) {
    volatile bool ok = false;
    jmp_buf outer; /* a job inside a job, in one arena: afterwards the outer one lands again */
    memcpy(&outer, arena_trap(a), sizeof outer);
    if (setjmp(*arena_trap(a)) == 0)
        ok = fn(a, ctx, e);
    else
        fail(e, LIMIT, "this job needs more than its %zu bytes", arena_budget(a));
    memcpy(arena_trap(a), &outer, sizeof outer);
    return ok;
}

bool job_run(size_t budget, job_fn *fn, void *ctx, err *e) {
    arena *a = arena_open(budget);
    bool ok = job_run_in(a, fn, ctx, e);
    arena_close(a);
    return ok;
}
