/* ahocorasick.c - many terms in one pass, over a double array.  See ahocorasick.h. */
#include "kern/ahocorasick.h"

#define FREE  UINT32_MAX
#define BYTES 256

enum { PLACE_TRIES = 64 };

/* What the scan touches for each byte, in 16 bytes.  State s goes by byte c to t = base + c if
** cells[t].owner == s; state 0 is the root. */
typedef struct {
    u32 base;
    u32 owner;  /* the state this one is reached from; FREE = no such state */
    u32 fail;   /* the longest proper suffix that is also a prefix of a term */
    u32 report; /* this state or its nearest suffix that ends a term; 0 = none */
} cell;

struct ac {
    const ac_term *terms;
    cell *cells;
    u32 *first;     /* by state: 1 + the first term that ends here, 0 = none */
    u32 *same;      /* by term: 1 + the next equal term, 0 = none */
    size_t cells_n; /* slots; base + 255 is always a slot */
    size_t states_n;
    u32 root[BYTES]; /* goto of the root: most bytes of a text are looked up here */
};

/* A state that still has to get its children: the terms [from, to) share `depth` bytes. */
typedef struct {
    u32 state, from, to, depth;
} job;
typedef struct {
    arena *a;
    ac *m;
    u32 *order;     /* terms sorted by text, equal ones by index */
    u32 *next_free; /* by slot: the next free one; the list begins at slot 0, which stays in it */
    u32 *last_free; /* by slot: the free one before it */
    u32 top;        /* above the highest slot taken */
    job *queue;     /* breadth first: also the order in which fail links are set */
    size_t queue_n;
} builder;

static int by_text(const void *x, const void *y, void *terms_) {
    const ac_term *terms = terms_;
    u32 i = *(const u32 *)x, j = *(const u32 *)y;
    int order = str_cmp(terms[i].text, terms[j].text);
    return order ? order : (i > j) - (i < j);
}

static void grow(builder *b, size_t need) {
    ac *m = b->m;
    if (need <= m->cells_n) return;
    size_t n = MAX(need, m->cells_n * 2);
    cell *cells = NEW_N(b->a, cell, n);
    u32 *first = NEW_N(b->a, u32, n);
    if (m->cells_n) {
        memcpy(cells, m->cells, m->cells_n * sizeof *cells);
        memcpy(first, m->first, m->cells_n * sizeof *first);
    }
    u32 *next = NEW_N(b->a, u32, n + 1), *last = NEW_N(b->a, u32, n + 1);
    if (m->cells_n) {
        memcpy(next, b->next_free, (m->cells_n + 1) * sizeof *next);
        memcpy(last, b->last_free, (m->cells_n + 1) * sizeof *last);
    }
    for (size_t i = m->cells_n; i < n; i++) {
        cells[i].owner = FREE;
        next[i] = (u32)i + 1; /* the old list ended with cells_n, which is free now */
        last[i + 1] = (u32)i;
    }
    b->next_free = next;
    b->last_free = last;
    m->cells = cells;
    m->first = first;
    m->cells_n = n;
}

static u8 byte_of(const builder *b, u32 sorted, u32 depth) {
    return (u8)b->m->terms[b->order[sorted]].text.p[depth];
}

/* The distinct next bytes of a job's terms, ascending, and where each one's terms begin. */
static size_t children(const builder *b, const job *j, u8 *bytes, u32 *starts) {
    size_t n = 0;
    for (u32 i = j->from; i < j->to; i++) {
        u8 c = byte_of(b, i, j->depth);
        if (n > 0 && bytes[n - 1] == c) continue;
        bytes[n] = c;
        starts[n++] = i;
    }
    return n;
}

static bool fits(builder *b, u32 base, const u8 *bytes, size_t n) {
    grow(b, (size_t)base + BYTES);
    for (size_t i = 0; i < n; i++)
        if (b->m->cells[base + bytes[i]].owner != FREE) return false;
    return true;
}

/* A base whose slots are free for all bytes; slot 0 is the root's.  Only the first free slots are
** tried: full rows that fit nowhere among them go behind everything, where they always fit. */
static u32 place(builder *b, const u8 *bytes, size_t n) {
    u32 slot = b->next_free[0];
    while (slot <= bytes[0]) slot = b->next_free[slot]; /* at most BYTES steps */
    for (int tries = 0; tries < PLACE_TRIES && slot < b->m->cells_n; tries++) {
        if (fits(b, slot - bytes[0], bytes, n)) return slot - bytes[0];
        slot = b->next_free[slot];
    }
    u32 base = MAX(b->top, 1);
    check(fits(b, base, bytes, n));
    return base;
}

static void take(builder *b, u32 slot, u32 owner) {
    check(slot > 0 && b->m->cells[slot].owner == FREE);
    b->m->cells[slot].owner = owner;
    b->top = MAX(b->top, slot + 1);
    b->next_free[b->last_free[slot]] = b->next_free[slot];
    b->last_free[b->next_free[slot]] = b->last_free[slot];
}

/* Terms that end at the state come first among its sorted terms: they are the shortest. */
static void take_ends(builder *b, job *j) {
    u32 *link = &b->m->first[j->state];
    while (j->from < j->to && b->m->terms[b->order[j->from]].text.n == j->depth) {
        u32 term = b->order[j->from++];
        *link = term + 1;
        link = &b->m->same[term];
    }
}

static void expand(builder *b, job j) {
    u8 bytes[BYTES];
    u32 starts[BYTES + 1];
    take_ends(b, &j);
    size_t n = children(b, &j, bytes, starts);
    if (n == 0) return;
    starts[n] = j.to;
    u32 base = place(b, bytes, n);
    b->m->cells[j.state].base = base;
    for (size_t i = 0; i < n; i++) {
        u32 t = base + bytes[i];
        take(b, t, j.state);
        b->queue[b->queue_n++] = (job){t, starts[i], starts[i + 1], j.depth + 1};
    }
}

static u32 step_to(const ac *m, u32 state, u8 c) {
    while (state != 0) {
        u32 t = m->cells[state].base + c;
        if (m->cells[t].owner == state) return t;
        state = m->cells[state].fail;
    }
    return m->root[c];
}

/* In breadth-first order the fail link of every shorter state is already known. */
static void link_fails(builder *b) {
    ac *m = b->m;
    for (int c = 0; c < BYTES; c++)
        if (m->cells[m->cells[0].base + (u32)c].owner == 0) m->root[c] = m->cells[0].base + (u32)c;
    for (size_t i = 1; i < b->queue_n; i++) {
        u32 state = b->queue[i].state, parent = m->cells[state].owner;
        u8 c = (u8)(state - m->cells[parent].base);
        u32 fail = parent == 0 ? 0 : step_to(m, m->cells[parent].fail, c);
        m->cells[state].fail = fail;
        m->cells[state].report = m->first[state] ? state : m->cells[fail].report;
    }
}

ac *ac_build(arena *a, const ac_term *terms, size_t n) {
    builder b = {.a = a, .m = NEW(a, ac), .order = NEW_N(a, u32, n)};
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++) {
        check(terms[i].text.n > 0);
        bytes += terms[i].text.n;
        b.order[i] = (u32)i;
    }
    check(bytes < (size_t)1 << 31);
    b.m->terms = terms;
    b.m->same = NEW_N(a, u32, n);
    qsort_r(b.order, n, sizeof *b.order, by_text, (void *)(uintptr_t)terms);
    grow(&b, MAX(bytes, (size_t)2 * BYTES));
    b.m->cells[0].owner = 0; /* taken: nobody's child, for base >= 1 */
    b.m->cells[0].base = 1;
    b.queue = NEW_N(a, job, bytes + 1);
    b.queue[b.queue_n++] = (job){0, 0, (u32)n, 0};
    for (size_t i = 0; i < b.queue_n; i++) expand(&b, b.queue[i]);
    link_fails(&b);
    b.m->states_n = b.queue_n;
    return b.m;
}

size_t ac_states(const ac *m) {
    return m->states_n;
}

/* Letters of two bytes from U+00C0 to U+052F: Latin, Greek, Cyrillic. */
static bool lead_of_letter(u8 b) {
    return b >= 0xc3 && b <= 0xd4;
}
static bool ascii_word(u8 b) {
    return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
}
static bool letter_before(str t, size_t at) {
    if (at == 0) return false;
    u8 b = (u8)t.p[at - 1];
    return ascii_word(b) || (at > 1 && (b & 0xc0) == 0x80 && lead_of_letter((u8)t.p[at - 2]));
}
static bool letter_at(str t, size_t at) {
    return at < t.n && (ascii_word((u8)t.p[at]) || lead_of_letter((u8)t.p[at]));
}

bool word_border(str text, size_t at) {
    check(at <= text.n);
    return !(letter_before(text, at) && letter_at(text, at));
}

static void report(const ac *m, str text, u32 state, size_t end, ac_found_fn *found, void *ctx) {
    for (; state != 0; state = m->cells[m->cells[state].fail].report) {
        for (u32 t = m->first[state]; t != 0; t = m->same[t - 1]) {
            const ac_term *term = &m->terms[t - 1];
            size_t start = end - term->text.n;
            if (!word_border(text, start)) continue;
            if (!term->open_end && !word_border(text, end)) continue;
            found(ctx, &(ac_hit){t - 1, (u32)start, (u32)end});
        }
    }
}

void ac_scan(const ac *m, str text, ac_found_fn *found, void *ctx) {
    check(text.n < UINT32_MAX);
    const cell *cells = m->cells;
    u32 state = 0;
    for (size_t i = 0; i < text.n; i++) {
        state = step_to(m, state, (u8)text.p[i]);
        if (cells[state].report) report(m, text, cells[state].report, i + 1, found, ctx);
    }
}
