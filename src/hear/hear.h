/* hear.h - the room's door: look at a file, show the plan, follow it.
**
**   hear_open("reviews.csv.gz", &s, e);
**   hear_look(a, s, &wish, &plan, e);          reads a file through once, of a stream only the head
**   plan_print(&buf, &plan);
**   hear_follow(a, s, &plan, 0, &sink, e);     calls the sink for each signal and each rejected row
**   hear_close(s);
**
** Identity: a mapped external_id column is the signal's external_id if it is unique in the whole
** file or was told with --map.  Otherwise (and for rows where it is empty) it is "h:" + 128 bits of hash
** of all cells + "#k" for the k-th row of the file with just these cells: a second import of the same
** file finds every row known, and repeated rows all go in. */
#ifndef HEAR_HEAR_H
#define HEAR_HEAR_H
#include "hear/plan.h"

typedef struct hear_source hear_source;

/* "-" is standard input.  gzip is recognised by its bytes. */
bool hear_open(str path, hear_source **out, err *e) MUST_USE;
void hear_close(hear_source *s); /* NULL is fine */

/* Recognises encoding, format and columns.  The plan lives in a; give each file a job of its own. */
bool hear_look(arena *a, hear_source *s, const plan_wish *w, plan *out, err *e) MUST_USE;

/* What a file's source is called unless told: its name without folders and endings. */
str hear_source_name(str path);

typedef struct {
    /* Where the text of the signals is put.  take and reject may arena_reset it once the signals so
    ** far are stored; they should when arena_used() nears the budget.  One signal takes at most
    *about
    ** 2 * LIMIT_ROW_BYTES.  Attribute keys live in the plan's arena. */
    arena *batch;
    /* A sealed signal, checked by the laws of signal_check, without uid and received_at.  no counts
    ** the file's records from 1, rejected ones too; cells are those of the row, good until take
    *ends. */
    bool (*take)(void *ctx, signal *s, i64 no, const record *r, err *e);
    /* A record that is no signal.  All of r is good until the call ends. */
    bool (*reject)(void *ctx, i64 no, const rejection *r, err *e);
    void *ctx;
} hear_sink;

/* Delivers all records after the first skip_records (those acknowledged by an earlier run).
 *Allocates
 ** its own state in a.  A sink call that yields false ends it with the sink's sentence. */
bool hear_follow(arena *a, hear_source *s, const plan *p, i64 skip_records, const hear_sink *sink,
                 err *e) MUST_USE;

void plan_print(buf *b, const plan *p); /* a table: column, field, why, examples */
void plan_print_json(buf *b, const plan *p);

/* The reject file: CSV in UTF-8 with the file's columns and, behind them, heed_line, heed_field and
** heed_reason, which a later plan leaves out.  A row whose cells are not known (its quotes are
** unbalanced) is written as one cell, so that it stays refused until it is mended. */
void reject_header(buf *b, const plan *p);
void reject_row(buf *b, const plan *p, const rejection *r);
#endif
