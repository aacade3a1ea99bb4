/* vocabulary.h - the words the readers know, with their senses, ready to be found in one pass.
**
** Read from the lexicon files: four cells a line, KIND, WHAT, VALUE, TERMS ('|' between terms; a
** '*' behind a Latin term leaves its end open).  Terms are folded as texts are (kern/fold.h), so that
** traditional characters, capitals and full-width letters need no terms of their own.
**
**   KIND      WHAT          VALUE   the terms ...
**   opinion   -             +-1..3  judge, this strongly
**   negate    -             1..9    turn round the judgement within so many words or characters
**   boost     before|after  percent stand before or behind a judgement and scale it
**   contrast  any|start     percent weigh what follows (start: only where a clause begins)
**   weigh     -             percent weigh the clause they stand in ("although", "overall")
**   wish      -             percent make a judgement of what is only wished for, or feared
**   plain     -             0       hide the judging words inside them ("have to" is no "not")
**   aspect    ID            -3..3   name an aspect; not 0: and judge it at once
**   route     ID            0       as judgement of anything of this family, mean this leaf
**   intent    NAME          1..9    speak for an intent; NAMEs in order of precedence
**   emotion   NAME          1..9    speak for an emotion */
#ifndef UNDERSTAND_VOCABULARY_H
#define UNDERSTAND_VOCABULARY_H
#include "kern/ahocorasick.h"
#include "understand/taxonomy.h"

typedef enum {
    SENSE_OPINION,
    SENSE_NEGATE,
    SENSE_BOOST,
    SENSE_CONTRAST,
    SENSE_WEIGH,
    SENSE_WISH,
    SENSE_PLAIN,
    SENSE_ASPECT,
    SENSE_ROUTE,
    SENSE_INTENT,
    SENSE_EMOTION,
} sense_kind;
typedef struct {
    sense_kind kind;
    i32 value;
    u32 what; /* aspect, route: node of the taxonomy; intent, emotion: index of its name;
              ** boost: 1 = after; contrast: 1 = start */
} sense;

/* A term.  Of the kinds opinion .. plain it has at most one: its tone. */
typedef struct {
    str text;
    const sense *senses; /* all but the tone */
    u32 senses_n;
    sense tone;
    bool has_tone;
    bool open_end;
    bool worded; /* made of letters: means something only in its own language */
} entry;
typedef struct {
    taxonomy tax;
    const entry *entries;
    size_t entries_n;
    ac *machine;        /* its terms are the entries, in order */
    const str *intents; /* names; the first wins */
    size_t intents_n;
    const str *emotions;
    size_t emotions_n;
} vocabulary;

/* taxonomy.tsv must be among the files.  Text of the files is not copied.  INVALID or LIMIT with
** one sentence that names file, line and what to write instead. */
bool vocabulary_read(arena *a, const embedded *files, size_t n, const vocabulary **out,
                     err *e) MUST_USE;
/* What ships in the binary; built at the first call, lives for ever.  Any thread. */
const vocabulary *vocabulary_shipped(void);
#endif
