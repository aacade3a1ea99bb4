/* vfs_fault.h - a disk that fails on request: a shim under SQLite, for tests only.
**
** Open a store with .vfs = vfs_fault_name().  Its state is one for the whole process and not
** locked: one thread at a time. */
#ifndef STORE_VFS_FAULT_H
#define STORE_VFS_FAULT_H
#include "base/base.h"

typedef enum {
    FAULT_OPEN = 1,
    FAULT_READ = 2,
    FAULT_WRITE = 4,
    FAULT_TRUNCATE = 8,
    FAULT_SYNC = 16,
} fault_calls;
typedef enum {
    FAULT_ERROR, /* an I/O error */
    FAULT_FULL,  /* writes: disk full */
    FAULT_TORN,  /* a failing write leaves its first half on the disk */
} fault_kind;

const char *vfs_fault_name(void); /* registers the shim when first asked */
/* Lets n calls of these kinds pass (fault_calls, or-ed) and fails the next one; sticky: and all
 * after. */
void vfs_fault_after(u32 calls, i64 n, fault_kind kind, bool sticky);
bool vfs_fault_hit(void); /* has one failed since vfs_fault_after? */
void vfs_fault_off(void); /* nothing fails any more */

/* Power.  From vfs_fault_watch on, what is written and not yet synced is remembered.
** vfs_fault_cut, with all files closed, makes the disk what a power cut could have left: of the
** writes since each file's last sync any subset is there, the last of them perhaps in part (whole
** 512 byte sectors).  Folder entries are taken to be durable at once. */
void vfs_fault_watch(void);
bool vfs_fault_cut(u64 seed) MUST_USE; /* false if a file could not be rewritten */
#endif
