/* voice.h - how one signal is shown to people and to programs. */
#ifndef MAIN_VOICE_H
#define MAIN_VOICE_H
#include "main/desk.h"

/* What people see: the redacted words.  An object with the signal's and the insight's fields, its
** attributes and its mentions; never the original where something was redacted. */
void voice_json(json_out *j, const signal *sig, const insight *ins);
/* A few lines: when, where, scores, the words, and what was understood. */
void voice_print(call *c, const signal *sig, const insight *ins, str locale);
str voice_text(const signal *sig, const insight *ins);
/* The words of the given signals, one line each, clipped to width; for quotes. */
bool voice_quotes(call *c, store *s, const i64 *ids, size_t n, size_t width, str *out,
                  err *e) MUST_USE;
#endif
