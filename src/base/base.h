/* base.h - the words every other file speaks: sizes, slices, memory, errors. */
#ifndef BASE_H
#define BASE_H
#include "base/sys.h"

typedef int8_t i8;
typedef int16_t i16;
typedef int32_t i32;
typedef int64_t i64;
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
__extension__ typedef __int128 i128;
__extension__ typedef unsigned __int128 u128;

#define MUST_USE     __attribute__((warn_unused_result))
#define PRINTF(a, b) __attribute__((format(printf, a, b)))
#define COUNT(arr)   (sizeof(arr) / sizeof((arr)[0]))
#define MIN(a, b)    ((a) < (b) ? (a) : (b))
#define MAX(a, b)    ((a) > (b) ? (a) : (b))

/* ---- slices ---- */

/* A run of bytes somebody else owns.  UTF-8 unless a name says otherwise.  Never assume a trailing
** NUL; never free it.  p == NULL means "missing", which is not the same as empty. */
typedef struct {
    const char *p;
    size_t n;
} str;
#define S(lit)     ((str){"" lit, sizeof(lit) - 1})
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""  /* for "%.*s" */
#define NO_STR     ((str){NULL, 0})

str str_of(const char *cstr);                          /* NULL gives NO_STR */
bool str_eq(str a, str b);
int str_cmp(str a, str b);                             /* bytewise, shorter first; missing = empty */
bool str_starts(str s, str prefix);
bool str_ends(str s, str suffix);
bool str_eq_nocase(str a, str b);                      /* ASCII letters only */
str str_from(str s, size_t from);                      /* the rest from a byte offset, clamped */
str str_head(str s, size_t n);                         /* the first n bytes, clamped */
str str_trim(str s);                                   /* ASCII blanks off both ends */
ptrdiff_t str_find(str s, str needle);                 /* byte offset or -1 */
bool str_cut(str s, char at, str *head_out, str *tail_out);
void str_line(str *rest, str *line_out);               /* takes one line off the front, without \n */
bool str_int(str s, i64 *out) MUST_USE;                /* whole decimal text, sign allowed; no blanks */
bool str_num(str s, double *out) MUST_USE;             /* whole finite decimal text, e-notation too */
u64 str_hash(str s);                                   /* XXH3-64: stable across runs and machines */

/* check() stays on in production: it guards what must never happen. */
#define check(cond) (__builtin_expect(!!(cond), 1) ? (void)0 : check_failed(#cond, __FILE__, __LINE__))
_Noreturn void check_failed(const char *cond, const char *file, int line);

/* ---- memory: one arena per job; ARCHITECTURE.md tells the rules ---- */
typedef struct arena arena;
arena *arena_open(size_t budget_bytes);
void arena_close(arena *a);                            /* runs defers newest first, then frees all */
void arena_reset(arena *a);                            /* runs defers, keeps one chunk for reuse */
void *arena_alloc(arena *a, size_t size);              /* zeroed; never NULL; 16-byte aligned */
void *arena_raw(arena *a, size_t size);                 /* the same, not zeroed: for large buffers */
void *arena_array(arena *a, size_t size, size_t n);
void arena_defer(arena *a, void (*fn)(void *), void *arg);
size_t arena_used(const arena *a);
size_t arena_budget(const arena *a);
#define NEW(a, type)      ((type *)arena_alloc((a), sizeof(type)))
#define NEW_N(a, type, n) ((type *)arena_array((a), sizeof(type), (n)))
str arena_str(arena *a, str s);                        /* copy, NUL added behind; missing stays missing */
str arena_fmt(arena *a, const char *fmt, ...) PRINTF(2, 3);
jmp_buf *arena_trap(arena *a);                         /* job runner only */
void arena_fail_after(i64 allocations);                /* tests only; -1 = never; this thread only */

/* Long-lived memory: abort with one sentence when the machine has none left. */
void *mem_new(size_t n, size_t size);                  /* zeroed */
void *mem_grow(void *p, size_t n, size_t size);        /* new bytes are not zeroed */

/* ---- a builder: bytes that grow; in an arena, or on the heap when a == NULL ---- */
typedef struct {
    char *p;
    size_t n, cap;
    arena *a;
} buf;
void buf_bytes(buf *b, const void *p, size_t n);
void buf_str(buf *b, str s);
void buf_char(buf *b, char c);
void buf_fmt(buf *b, const char *fmt, ...) PRINTF(2, 3);
void buf_clear(buf *b);                                /* heap builders: frees; arena builders: forgets */
static inline str buf_view(const buf *b) {
    return (str){b->p ? b->p : "", b->n};
}

/* ---- errors: a value the caller owns ---- */
typedef enum { OK, INVALID, NOT_FOUND, CONFLICT, DENIED, LIMIT, BUSY, IO, CORRUPT } err_code;
typedef struct {
    err_code code;
    const char *file;
    int line;
    char msg[400];
} err;
/* Fills *e with a sentence a user can act on and yields false: `return fail(e, INVALID, "...")`. */
#define fail(e, code, ...) err_set((e), (code), __FILE__, __LINE__, __VA_ARGS__)
bool err_set(err *e, err_code c, const char *file, int line, const char *fmt, ...) PRINTF(5, 6);

/* "Not there" for integers.  For text see NO_STR, for numbers NAN. */
#define NONE INT64_MIN
#endif
