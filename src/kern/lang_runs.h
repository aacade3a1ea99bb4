/* lang_runs.h - how often runs of letters stand in a language, for lang.c alone (made by tools/langs.c
** from libexttextcat's profiles, about 400 runs a language). */
#ifndef KERN_LANG_RUNS_H
#define KERN_LANG_RUNS_H
#include "base/base.h"

enum { LANG_RUN_LETTERS = 4, LANG_RUN_LANGS = 21, LANG_SLOTS = 16384, LANG_SLOT_SHIFT = 18 };
enum { LANG_RU = 18, LANG_UK, LANG_BG }; /* behind those in Latin letters, in lang.c's order */

typedef struct {
    u32 hash;                  /* of the letters, a blank for the border of a word */
    i8 weight[LANG_RUN_LANGS]; /* twelfths of ln(share); what is not in a profile has a floor */
} lang_run;
extern const lang_run lang_runs[]; /* the first is empty */
extern const u16 lang_slots[];     /* hash >> LANG_SLOT_SHIFT, then the next ones; 0 = none */
#endif
