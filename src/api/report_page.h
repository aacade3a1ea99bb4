/* report_page.h - paper: text, lines and boxes on A4 pages, from top to bottom. */
#ifndef API_REPORT_PAGE_H
#define API_REPORT_PAGE_H
#include "base/base.h"

typedef struct paper paper;
enum { PAPER_LEFT = 46, PAPER_WIDTH = 503, PAPER_HIGH = 842, PAPER_FOOT = 60 };

typedef enum { INK, QUIET, HEED, PAIN, DELIGHT, DOUBT, LINE, GROUND, WHITE } tint;
typedef enum { AT_LEFT, AT_MIDDLE, AT_RIGHT } side;
typedef struct {
    double size; /* points */
    bool bold;
    tint colour;
    side at;
    int lines; /* at most, then "..."; 0 = as many as it takes */
} type;

/* date: ISO 8601, of the document.  Closed with the arena. */
bool paper_open(arena *a, str lang, str title, const char *date, paper **out, err *e) MUST_USE;
bool paper_end(paper *p, str *bytes_out, err *e) MUST_USE; /* bytes in the arena */
/* Called at the foot of every page. */
void paper_foot(paper *p, void (*draw)(void *ctx, paper *p, int page), void *ctx);
double paper_y(const paper *p);
void paper_down(paper *p, double by);
void paper_room(paper *p, double high); /* a new page if so much is not left */
/* Text in a box; yields its height.  Draws at y, does not move down. */
double paper_text(paper *p, double x, double y, double width, type t, str s);
double paper_high(paper *p, double width, type t, str s); /* the height it would have */
double paper_wide(paper *p, type t, str s);
void paper_box(paper *p, double x, double y, double width, double high, double round, tint fill);
void paper_line(paper *p, double x, double y, double to_x, double to_y, double width, tint colour);
void paper_dot(paper *p, double x, double y, double radius, tint fill);
void paper_area(paper *p, const double *x, const double *y, size_t n, tint fill); /* a polygon */
bool paper_signs(paper *p, str s); /* does the font have all signs of s? */
#endif
