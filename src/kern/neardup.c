/* neardup.c - hash chains over a ring, as in Deflate: a link is valid while its number is young. */
#include "kern/neardup.h"
#include "kern/simhash.h"

enum { BANDS = 4, BUCKETS = 1 << 16 };

typedef struct {
    i64 simhash, id;
    u32 prev[BANDS]; /* how many numbers back the next older of this bucket is; 0 = none */
} entry;

struct neardup {
    entry *ring;
    size_t capacity;
    u64 count; /* values ever added; value number k (from 1) sits at (k - 1) % capacity */
    u64 head[BANDS][BUCKETS];
};

neardup *neardup_open(size_t capacity) {
    check(capacity >= 1 && capacity < UINT32_MAX);
    neardup *n = mem_new(1, sizeof *n);
    n->ring = mem_new(capacity, sizeof *n->ring);
    n->capacity = capacity;
    return n;
}

void neardup_close(neardup *n) {
    if (!n) return;
    free(n->ring);
    free(n);
}

static u32 band_of(i64 simhash, int band) {
    return (u32)((u64)simhash >> (16 * band)) & (BUCKETS - 1);
}

static bool is_young(const neardup *n, u64 number) {
    return number > 0 && number + n->capacity > n->count;
}

void neardup_add(neardup *n, i64 simhash, i64 id) {
    if (simhash == NONE) return;
    n->count++;
    entry *e = &n->ring[(n->count - 1) % n->capacity];
    *e = (entry){.simhash = simhash, .id = id};
    for (int b = 0; b < BANDS; b++) {
        u64 *head = &n->head[b][band_of(simhash, b)];
        if (is_young(n, *head)) e->prev[b] = (u32)(n->count - *head);
        *head = n->count;
    }
}

bool neardup_find(const neardup *n, i64 simhash, i64 *id_out) {
    u64 best = 0;
    if (simhash == NONE) return false;
    for (int b = 0; b < BANDS; b++) {
        u64 number = n->head[b][band_of(simhash, b)];
        for (int walked = 0; is_young(n, number) && number > best && walked < NEAR_WALK_MAX;
             walked++) {
            const entry *e = &n->ring[(number - 1) % n->capacity];
            if (simhash_distance(e->simhash, simhash) <= NEAR_BITS) best = number;
            if (e->prev[b] == 0) break;
            number -= e->prev[b];
        }
    }
    if (best == 0) return false;
    *id_out = n->ring[(best - 1) % n->capacity].id;
    return true;
}
