/* scene.h - one thing that happens in the simulated company, before it is put into words. */
#ifndef MAIN_DEMO_SCENE_H
#define MAIN_DEMO_SCENE_H
#include "main/demo/kind.h"
#include "main/demo/town.h"

typedef struct {
    topic what;
    int polarity;
} point;
enum { POINTS_MAX = 6 };
typedef struct {
    point points[POINTS_MAX];
    i32 n;
} draft;

typedef struct {
    kind_id kind;
    i64 at;     /* UTC ms */
    u32 day365; /* place in the year, 0-364 */
    person who;
    bool known;  /* we know who it is */
    bool in_run; /* stories are told */
    u32 city;
    u32 shop;
    u32 team;      /* call centre: 0-2; the script story is team 2's */
    u32 order_no;  /* 0 = none */
    i32 late_days; /* of the delivery spoken of; 0 = in time */
    bool new_app;  /* has version 5.2 */
    int told;      /* the story this voice was raised by, -1 = none */
    chance c;
} scene;
#endif
