/* calc_input.h - the input of a calculation on the command line: JSON, whose tables may be files. */
#ifndef MAIN_CALC_INPUT_H
#define MAIN_CALC_INPUT_H
#include "base/json.h"
#include "main/command.h"

/* Reads f to its end and parses it.  An object {"file": "sales.csv"} becomes the table of that file
** (CSV, UTF-8, with a header), its path seen from folder (missing: where we are). */
bool calc_input_read(call *c, FILE *f, str folder, json **out, err *e) MUST_USE;
#endif
