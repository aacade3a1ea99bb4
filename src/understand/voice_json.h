/* voice_json.h - how one signal is told to programs; the command line and the API say the same. */
#ifndef UNDERSTAND_VOICE_JSON_H
#define UNDERSTAND_VOICE_JSON_H
#include "model/signal.h"

/* What people see: the redacted words.  An object with the signal's and the insight's fields, its
** attributes and its mentions; never the original where something was redacted. */
void voice_json(json_out *j, const signal *sig, const insight *ins);
/* What people see: the clean words where there are any, else the words as they came. */
str voice_text(const signal *sig, const insight *ins);
str polarity_word(i64 p); /* "negative", "neutral", "positive"; missing for NONE */
#endif
