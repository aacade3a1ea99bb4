/* intake_file.h - a file's intake as a terminal sees it. */
#ifndef MAIN_INTAKE_FILE_H
#define MAIN_INTAKE_FILE_H
#include "flow/intake.h"
#include "main/desk.h"

typedef struct {
    call *c;
    desk *d;
    flow *f;
    hear_source *src;
    const plan *p;
    str path;         /* "-" cannot be resumed */
    str rejects_path; /* missing: the file's name + .rejected.csv, in the working directory */
    bool bar, lines;  /* a bar on the terminal; "acked N" lines */
} file_intake;
bool file_intake_run(arena *a, const file_intake *job, intake_result *out, err *e) MUST_USE;
#endif
