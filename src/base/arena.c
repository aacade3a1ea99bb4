/* arena.c - memory that dies together.  See base.h. */
#include "base/base.h"

enum { CHUNK_BYTES = 64 * 1024, ALIGN = 16, DEFERS_MAX = 96 };

typedef struct chunk {
    struct chunk *prev;
    size_t cap, used;
    _Alignas(ALIGN) char bytes[];
} chunk;

typedef struct {
    void (*fn)(void *);
    void *arg;
} deferred;

struct arena {
    chunk *top;
    deferred defers[DEFERS_MAX]; /* reserved, so registering one cannot fail */
    int defers_n;
    size_t used, budget;
    bool trapped;
    jmp_buf trap;
};

static _Thread_local i64 fail_in = -1;

void arena_fail_after(i64 n) {
    fail_in = n;
}

static _Noreturn void no_memory(void) {
    fputs("heed: the machine has no memory left; nothing acknowledged is lost, start again\n",
          stderr);
    abort();
}

void *mem_new(size_t n, size_t size) {
    void *p = calloc(n ? n : 1, size ? size : 1);
    if (!p) no_memory();
    return p;
}

void *mem_grow(void *p, size_t n, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes)) no_memory();
    void *q = realloc(p, bytes ? bytes : 1);
    if (!q) no_memory();
    return q;
}

static chunk *chunk_new(chunk *prev, size_t need) {
    size_t cap = MAX(need, (size_t)CHUNK_BYTES);
    if (prev) cap = MAX(need, MIN(prev->cap * 2, (size_t)8 << 20)); /* big jobs: few chunks */
    chunk *c = malloc(sizeof *c + cap);
    if (!c) no_memory();
    c->prev = prev;
    c->cap = cap;
    c->used = 0;
    return c;
}

arena *arena_open(size_t budget) {
    arena *a = mem_new(1, sizeof *a);
    a->budget = budget;
    a->top = chunk_new(NULL, 0);
    return a;
}

jmp_buf *arena_trap(arena *a) {
    a->trapped = true;
    return &a->trap;
}

size_t arena_used(const arena *a) {
    return a->used;
}

size_t arena_budget(const arena *a) {
    return a->budget;
}

static _Noreturn void over_budget(arena *a) {
    check(a->trapped); /* only job runners open small arenas */
    longjmp(a->trap, 1);
}

void *arena_raw(arena *a, size_t size) {
    check(size <= SIZE_MAX / 2);
    size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    bool told = fail_in == 0 && a->trapped; /* small arenas outside of jobs have room by their callers */
    if (told || size > a->budget - a->used) over_budget(a);
    if (fail_in > 0) fail_in--;
    if (size > a->top->cap - a->top->used) a->top = chunk_new(a->top, size);
    void *p = a->top->bytes + a->top->used;
    a->top->used += size;
    a->used += size;
    return p;
}

void *arena_alloc(arena *a, size_t size) {
    return memset(arena_raw(a, size), 0, size);
}

void *arena_array(arena *a, size_t size, size_t n) {
    size_t total;
    if (__builtin_mul_overflow(size, n, &total) || total > SIZE_MAX / 2) over_budget(a);
    return arena_alloc(a, total);
}

void arena_defer(arena *a, void (*fn)(void *), void *arg) {
    check(a->defers_n < DEFERS_MAX);
    a->defers[a->defers_n++] = (deferred){fn, arg};
}

static void run_defers(arena *a) {
    while (a->defers_n > 0) {
        deferred d = a->defers[--a->defers_n];
        d.fn(d.arg);
    }
}

static void free_chunks(arena *a, const chunk *keep) {
    while (a->top && a->top != keep) {
        chunk *c = a->top;
        a->top = c->prev;
        free(c);
    }
}

void arena_reset(arena *a) {
    run_defers(a);
    chunk *last = a->top; /* the newest chunk is the largest one: it serves the next job best */
    for (chunk *c = last->prev; c;) {
        chunk *prev = c->prev;
        free(c);
        c = prev;
    }
    last->prev = NULL;
    last->used = 0;
    a->used = 0;
}

void arena_close(arena *a) {
    if (!a) return;
    run_defers(a);
    free_chunks(a, NULL);
    free(a);
}

str arena_str(arena *a, str s) {
    if (!s.p) return NO_STR;
    char *p = arena_alloc(a, s.n + 1);
    if (s.n) memcpy(p, s.p, s.n);
    return (str){p, s.n};
}

str arena_fmt(arena *a, const char *fmt, ...) {
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    check(n >= 0);
    char *p = arena_alloc(a, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return (str){p, (size_t)n};
}
