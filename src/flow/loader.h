/* loader.h - files handed in over the network: kept beside the store, looked at, then read in the
** background, one after the other; a restart goes on where it stopped.
**
** The store's noun "upload" is the queue: planned (waits for people), waiting, running, finished, failed.
** PATH.spool/KEY.data is the file, KEY.rejected.csv the rows that could not be taken. */
#ifndef FLOW_LOADER_H
#define FLOW_LOADER_H
#include "flow/intake.h"
#include "flow/writer.h"

typedef struct loader loader;

typedef struct {
    world *w;
    writer *writer;
    /* On the loader's thread, after each commit and when the state changes. */
    void (*told)(void *ctx, const upload *u, const intake *row);
    void *ctx;
} loader_options;

/* Opens a handle of its own on the store of url and goes on with what an earlier process left. */
bool loader_open(str url, const loader_options *o, loader **out, err *e) MUST_USE;
/* What runs stops after its batch and goes on with the next loader_open.  Before writer_close. */
void loader_close(loader *l); /* NULL is fine */
void loader_wake(loader *l);  /* an upload is waiting */

/* ---- the spool ---- */

/* Takes an upload that is not being read out of the store, with its file, its refused rows and, when nothing
** of it was taken, its intake.  CONFLICT while it waits or runs. */
bool upload_drop(store *s, arena *a, const upload *u, err *e) MUST_USE;
/* Drops what nobody began or went on with for LIMIT_UPLOAD_KEPT_MS, and files no upload names.  The loader
** does it when it opens and every hour. */
bool spool_sweep(store *s, world *w, arena *a, err *e) MUST_USE;

/* store_path: as store_path gives it; ending: "data" or "rejected.csv".  Makes the folder. */
bool spool_path(arena *a, str store_path, str key, const char *ending, str *out, err *e) MUST_USE;

/* What people told about a file: {"map": {FIELD: COLUMN or [COLUMN, ...]}, "set": {FIELD: VALUE}, "source",
** "format", "encoding", "delimiter", "sheet", "dates", "zone": text, "header": true or false}.  NULL: nothing.
** Unknown names are INVALID.  Text lives as long as v. */
bool wish_read(arena *a, const json *v, plan_wish *out, err *e) MUST_USE;
/* Looks at the upload's file as its wish says.  Results live in a, the source closes with it. */
bool upload_look(arena *a, const upload *u, str path, hear_source **src, plan *out,
                 err *e) MUST_USE;
#endif
