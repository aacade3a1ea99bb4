/* voice.h - what somebody thinks, how they score it, and how they say it. */
#ifndef MAIN_DEMO_VOICE_H
#define MAIN_DEMO_VOICE_H
#include "main/demo/scene.h"

/* What this person speaks of: from the stories first, then from the kind's menu. */
draft voice_draft(scene *s);
/* The mean polarity of a draft, -1000..1000; the first point counts twice. */
i32 voice_mood(const draft *d);
/* A score on low..high that goes with the mood; mid and span in thousandths. */
i32 voice_score(scene *s, i32 mood, i32 mid_milli, i32 span_milli, i32 low, i32 high);
/* The draft in words, as this person would write it; text in a. */
str voice_words(arena *a, const book *b, scene *s, const draft *d, str order);
str voice_spam(arena *a, const book *b, scene *s);
#endif
