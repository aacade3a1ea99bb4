/* options.h - the words after a command, by a table. */
#ifndef MAIN_OPTIONS_H
#define MAIN_OPTIONS_H
#include "main/command.h"

typedef struct {
    str *items;
    size_t n;
} str_list;

typedef struct {
    const char *name; /* "where": written --where EXPR or --where=EXPR */
    bool *flag;       /* exactly one of the four is set */
    str *text;
    i64 *number;
    str_list *list; /* may be given again and again */
} option;

/* Fills what the table names; the rest are the positional words.  An unknown option or one without
** its value is INVALID with the command's own words. */
bool options_read(call *c, const option *table, size_t n, str_list *words_out, err *e) MUST_USE;

/* 0, or what to exit with: 1 the world's fault, 2 the caller's; the sentence goes to c->err. */
int call_failed(call *c, const err *e);
#endif
