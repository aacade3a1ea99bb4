/* job.c - open an arena, run one piece of work, close it whatever happened. */
#include "base/job.h"

bool job_run(size_t budget, job_fn *fn, void *ctx, err *e) {
    arena *const a = arena_open(budget);
    volatile bool ok = false;
    if (setjmp(*arena_trap(a)) == 0)
        ok = fn(a, ctx, e);
    else
        fail(e, LIMIT, "this job needs more than its %zu bytes", budget);
    arena_close(a);
    return ok;
}
