/* tally_order.c - a segment's rows stand in the order of their moments: what is asked by day, week or
** month is then a few runs of rows, and a span of time is one range of them. */
#include "store/tally_int.h"

typedef struct {
    i64 at, id; /* NONE, the least number, first */
    u32 row;
} place;

static bool before(const place *x, const place *y) {
    return x->at != y->at ? x->at < y->at : x->id < y->id;
}

/* Merges the runs that are there: rows that came in order cost one look. */
static void merge_runs(place *all, place *room, u32 n) {
    for (bool sorted = false; !sorted;) {
        u32 from = 0;
        sorted = true;
        while (from < n) {
            u32 mid = from + 1, end;
            while (mid < n && !before(&all[mid], &all[mid - 1])) mid++;
            if (mid == n) break;
            sorted = false;
            for (end = mid + 1; end < n && !before(&all[end], &all[end - 1]);) end++;
            u32 a = from, b = mid, o = from;
            while (a < mid && b < end) room[o++] = before(&all[b], &all[a]) ? all[b++] : all[a++];
            while (a < mid) room[o++] = all[a++];
            while (b < end) room[o++] = all[b++];
            memcpy(all + from, room + from, (end - from) * sizeof *all);
            from = end;
        }
    }
}

/* The rows [from, from + n) in order; NULL when they stand so already. */
static place *ordered(const loose *r, u32 from, u32 n) {
    const lane *l = r->lanes_n > COL_OCCURRED ? &r->lanes[COL_OCCURRED] : NULL;
    place *all = mem_new(n, sizeof *all);
    bool sorted = true;
    for (u32 i = 0; i < n; i++) {
        u32 row = from + i;
        all[i] = (place){l && row < l->n ? l->nums[row] : NONE, r->ids[row], row};
        sorted = sorted && (i == 0 || !before(&all[i], &all[i - 1]));
    }
    if (!sorted) {
        place *room = mem_new(n, sizeof *room);
        merge_runs(all, room, n);
        free(room);
        return all;
    }
    free(all);
    return NULL;
}

/* Rows of a table that belong to others, in the order of their signals; owner tells the new rows. */
static u32 *owned_rows(const loose *r, table_kind k, const place *all, u32 n, u32 *owner,
                       u32 owned) {
    u32 *rows = mem_new(MAX(owned, 1u), sizeof *rows), at = 0;
    for (u32 i = 0; i < n; i++) {
        u32 m = loose_owned(r, k, all[i].row);
        for (; m < r->n[k] && r->owner[k][m] == all[i].row; m++) {
            check(at < owned);
            owner[at] = i;
            rows[at++] = m;
        }
    }
    check(at == owned);
    return rows;
}

static void lane_gather(const lane *from, bool text, const u32 *rows, u32 n, lane *to) {
    if (!from->n) return;
    to->n = to->cap = n;
    if (text) {
        to->codes = mem_new(n, sizeof *to->codes);
        for (u32 i = 0; i < n; i++) to->codes[i] = rows[i] < from->n ? from->codes[rows[i]] : 0;
    } else {
        to->nums = mem_new(n, sizeof *to->nums);
        for (u32 i = 0; i < n; i++) to->nums[i] = rows[i] < from->n ? from->nums[rows[i]] : NONE;
    }
}

u32 loose_owned(const loose *r, table_kind k, u32 row) {
    u32 lo = 0, hi = r->n[k];
    if (k == OF_SIGNAL) return row;
    while (lo < hi) {
        u32 mid = lo + (hi - lo) / 2;
        if (r->owner[k][mid] < row)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

bool loose_ordered(const tally *t, const loose *r, u32 from, u32 to, loose *out) {
    u32 n = to - from, *rows[TABLES];
    place *all = ordered(r, from, n);
    if (!all) return false;
    *out = (loose){.lanes_n = r->lanes_n};
    out->lanes = mem_new(MAX(r->lanes_n, 1u), sizeof *out->lanes);
    out->ids = mem_new(n, sizeof *out->ids);
    rows[OF_SIGNAL] = mem_new(n, sizeof *rows[0]);
    out->n[OF_SIGNAL] = out->cap[OF_SIGNAL] = n;
    for (u32 i = 0; i < n; i++) {
        rows[OF_SIGNAL][i] = all[i].row;
        out->ids[i] = all[i].id;
    }
    for (u32 k = OF_MENTION; k < TABLES; k++) {
        u32 owned = loose_owned(r, (table_kind)k, to) - loose_owned(r, (table_kind)k, from);
        out->n[k] = out->cap[k] = owned;
        out->owner[k] = mem_new(MAX(owned, 1u), sizeof *out->owner[k]);
        rows[k] = owned_rows(r, (table_kind)k, all, n, out->owner[k], owned);
    }
    for (u32 k = 0; k < r->lanes_n && k < t->columns_n; k++) {
        const column *c = &t->columns[k];
        lane_gather(&r->lanes[k], c->kind == COLUMN_TEXT || c->kind == COLUMN_SET, rows[c->table],
                    out->n[c->table], &out->lanes[k]);
    }
    for (u32 k = 0; k < TABLES; k++) free(rows[k]);
    free(all);
    return true;
}
