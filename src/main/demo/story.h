/* story.h - how planted stories bend what happens; demo.h tells what they are. */
#ifndef MAIN_DEMO_STORY_H
#define MAIN_DEMO_STORY_H
#include "main/demo/demo.h"
#include "main/demo/scene.h"

typedef enum {
    STORY_LATE,
    STORY_UPDATE,
    STORY_SCRIPT,
    STORY_OUTAGE,
    STORY_STAR,
    STORY_COUNT
} story_id;
/* Is the story on at this moment of the run (day 0-364 of 365)? */
bool story_on(story_id s, u32 day365);
/* Extra voices a day a story raises in kind k, thousandths, in a company of 33,000 signals a year. */
u32 story_extra_milli(story_id s, kind_id k, u32 day365);
/* Puts down what the story makes this person say first; false when the story does not touch them. */
bool story_points(scene *s, draft *d);
/* May the story's extra voice come from this city? */
bool story_city(story_id s, u32 city_no);
/* How much better or worse a topic is spoken of, thousandths. */
i32 story_bend(const scene *s, topic what);
#endif
