/* voice.h - how one signal is shown to people. */
#ifndef MAIN_VOICE_H
#define MAIN_VOICE_H
#include "main/desk.h"
#include "understand/voice_json.h"

/* A few lines: when, where, scores, the words, and what was understood. */
void voice_print(call *c, const signal *sig, const insight *ins, str locale);
/* The words of the given signals, one line each, clipped to width; for quotes. */
bool voice_quotes(call *c, store *s, const i64 *ids, size_t n, size_t width, str *out,
                  err *e) MUST_USE;
#endif
