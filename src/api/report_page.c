/* report_page.c - pages by cairo and pango; everything drawn is text or shape, so that it can be read and found. */
#ifdef HEED_PDF
#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#undef MIN
#undef MAX
#endif
#include "api/report_page.h"

#ifdef HEED_PDF

struct paper {
    arena *a;
    cairo_surface_t *surface;
    cairo_t *draw;
    PangoLayout *layout;
    PangoFontDescription *font;
    buf bytes; /* on the heap: cairo writes into it, and must not be jumped out of */
    double y;
    int page;
    str lang;
    void (*foot)(void *ctx, paper *p, int page);
    void *foot_ctx;
};

static const double tints[][3] = {[INK] = {0.11, 0.11, 0.14},
                                  [QUIET] = {0.42, 0.44, 0.47},
                                  [HEED] = {0.353, 0.247, 0.710},
                                  [PAIN] = {0.722, 0.278, 0.043},
                                  [DELIGHT] = {0, 0.412, 0.612},
                                  [DOUBT] = {0.788, 0.761, 0.902},
                                  [LINE] = {0.89, 0.89, 0.91},
                                  [GROUND] = {0.965, 0.962, 0.982},
                                  [WHITE] = {1, 1, 1}};

static cairo_status_t take_bytes(void *ctx, const unsigned char *bytes, unsigned n) {
    buf_bytes(ctx, bytes, n);
    return CAIRO_STATUS_SUCCESS;
}

static void paper_close(void *arg) {
    paper *p = arg;
    if (p->font) pango_font_description_free(p->font);
    if (p->layout) g_object_unref(p->layout);
    if (p->draw) cairo_destroy(p->draw);
    if (p->surface) cairo_surface_destroy(p->surface);
    buf_clear(&p->bytes);
}

static void set_tint(paper *p, tint t) {
    cairo_set_source_rgb(p->draw, tints[t][0], tints[t][1], tints[t][2]);
}

static const char *family_of(str lang) {
    if (str_eq(lang, S("zh-TW")))
        return "Noto Sans CJK TC, Source Han Sans TC, WenQuanYi Micro Hei, Noto Sans, DejaVu Sans";
    return "Noto Sans CJK SC, Source Han Sans SC, WenQuanYi Micro Hei, Noto Sans, DejaVu Sans";
}

bool paper_open(arena *a, str lang, str title, const char *date, paper **out, err *e) {
    paper *p = NEW(a, paper);
    p->a = a;
    arena_defer(a, paper_close, p);
    p->surface = cairo_pdf_surface_create_for_stream(take_bytes, &p->bytes, 595.276, 841.89);
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_MOD_DATE, date);
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_TITLE, arena_str(a, title).p);
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATOR, "Heed");
    p->draw = cairo_create(p->surface);
    p->layout = pango_cairo_create_layout(p->draw);
    p->font = pango_font_description_new();
    p->lang = arena_str(a, lang);
    p->y = PAPER_LEFT;
    p->page = 1;
    pango_font_description_set_family(p->font, family_of(lang));
    pango_context_set_language(pango_layout_get_context(p->layout),
                               pango_language_from_string(p->lang.p));
    if (cairo_status(p->draw) != CAIRO_STATUS_SUCCESS)
        return fail(e, IO, "the report cannot be drawn: %s",
                    cairo_status_to_string(cairo_status(p->draw)));
    *out = p;
    return true;
}

static void end_page(paper *p) {
    if (p->foot) p->foot(p->foot_ctx, p, p->page);
    cairo_show_page(p->draw);
    p->page++;
    p->y = PAPER_LEFT;
}

bool paper_end(paper *p, str *bytes_out, err *e) {
    end_page(p);
    cairo_surface_finish(p->surface);
    cairo_status_t status = cairo_surface_status(p->surface);
    if (status != CAIRO_STATUS_SUCCESS)
        return fail(e, IO, "the report cannot be drawn: %s", cairo_status_to_string(status));
    *bytes_out = arena_str(p->a, buf_view(&p->bytes));
    return true;
}

void paper_foot(paper *p, void (*draw)(void *ctx, paper *p, int page), void *ctx) {
    p->foot = draw;
    p->foot_ctx = ctx;
}

double paper_y(const paper *p) {
    return p->y;
}
void paper_down(paper *p, double by) {
    p->y += by;
}
void paper_room(paper *p, double high) {
    if (p->y + high > PAPER_HIGH - PAPER_FOOT) end_page(p);
}

static void set_text(paper *p, double width, type t, str s) {
    static const PangoAlignment sides[] = {[AT_LEFT] = PANGO_ALIGN_LEFT,
                                           [AT_MIDDLE] = PANGO_ALIGN_CENTER,
                                           [AT_RIGHT] = PANGO_ALIGN_RIGHT};
    pango_font_description_set_absolute_size(p->font, t.size * PANGO_SCALE);
    pango_font_description_set_weight(p->font, t.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(p->layout, p->font);
    pango_layout_set_width(p->layout, width > 0 ? (int)(width * PANGO_SCALE) : -1);
    pango_layout_set_wrap(p->layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_ellipsize(p->layout, t.lines ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
    pango_layout_set_height(p->layout, t.lines ? -t.lines : -1);
    pango_layout_set_alignment(p->layout, sides[t.at]);
    pango_layout_set_line_spacing(p->layout, 1.12F);
    pango_layout_set_text(p->layout, s.p ? s.p : "", (int)s.n);
}

static double high_now(paper *p) {
    PangoRectangle box;
    pango_layout_get_extents(p->layout, NULL, &box);
    return (double)box.height / PANGO_SCALE;
}

double paper_high(paper *p, double width, type t, str s) {
    set_text(p, width, t, s);
    return high_now(p);
}

double paper_wide(paper *p, type t, str s) {
    PangoRectangle box;
    set_text(p, -1, t, s);
    pango_layout_get_extents(p->layout, NULL, &box);
    return (double)box.width / PANGO_SCALE;
}

double paper_text(paper *p, double x, double y, double width, type t, str s) {
    set_text(p, width, t, s);
    set_tint(p, t.colour);
    cairo_move_to(p->draw, x, y);
    pango_cairo_show_layout(p->draw, p->layout);
    return high_now(p);
}

void paper_box(paper *p, double x, double y, double width, double high, double round, tint fill) {
    cairo_t *c = p->draw;
    double r = fmin(round, fmin(width, high) / 2);
    cairo_new_path(c);
    cairo_arc(c, x + width - r, y + r, r, -M_PI / 2, 0);
    cairo_arc(c, x + width - r, y + high - r, r, 0, M_PI / 2);
    cairo_arc(c, x + r, y + high - r, r, M_PI / 2, M_PI);
    cairo_arc(c, x + r, y + r, r, M_PI, 3 * M_PI / 2);
    cairo_close_path(c);
    set_tint(p, fill);
    cairo_fill(c);
}

void paper_line(paper *p, double x, double y, double to_x, double to_y, double width, tint colour) {
    set_tint(p, colour);
    cairo_set_line_width(p->draw, width);
    cairo_set_line_cap(p->draw, CAIRO_LINE_CAP_ROUND);
    cairo_move_to(p->draw, x, y);
    cairo_line_to(p->draw, to_x, to_y);
    cairo_stroke(p->draw);
}

void paper_dot(paper *p, double x, double y, double radius, tint fill) {
    set_tint(p, fill);
    cairo_new_path(p->draw);
    cairo_arc(p->draw, x, y, radius, 0, 2 * M_PI);
    cairo_fill(p->draw);
}

void paper_area(paper *p, const double *x, const double *y, size_t n, tint fill) {
    if (n < 3) return;
    set_tint(p, fill);
    cairo_move_to(p->draw, x[0], y[0]);
    for (size_t i = 1; i < n; i++) cairo_line_to(p->draw, x[i], y[i]);
    cairo_close_path(p->draw);
    cairo_fill(p->draw);
}

bool paper_signs(paper *p, str s) {
    set_text(p, -1, (type){.size = 10}, s);
    return pango_layout_get_unknown_glyphs_count(p->layout) == 0;
}

#else

bool paper_open(arena *a, str lang, str title, const char *date, paper **out, err *e) {
    (void)a, (void)lang, (void)title, (void)date, (void)out;
    return fail(e, NOT_FOUND,
                "this heed was built without cairo and pango and draws no PDF; install "
                "libpango1.0-dev and build it again");
}
/* Nothing below is reached without a paper. */
bool paper_end(paper *p, str *bytes_out, err *e) {
    (void)p, (void)bytes_out;
    return fail(e, NOT_FOUND, "there is no paper");
}
void paper_foot(paper *p, void (*draw)(void *ctx, paper *p, int page), void *ctx) {
    (void)p, (void)draw, (void)ctx;
}
double paper_y(const paper *p) {
    return (void)p, 0;
}
void paper_down(paper *p, double by) {
    (void)p, (void)by;
}
void paper_room(paper *p, double high) {
    (void)p, (void)high;
}
double paper_text(paper *p, double x, double y, double width, type t, str s) {
    return (void)p, (void)x, (void)y, (void)width, (void)t, (void)s, 0;
}
double paper_high(paper *p, double width, type t, str s) {
    return (void)p, (void)width, (void)t, (void)s, 0;
}
double paper_wide(paper *p, type t, str s) {
    return (void)p, (void)t, (void)s, 0;
}
void paper_box(paper *p, double x, double y, double width, double high, double round, tint fill) {
    (void)p, (void)x, (void)y, (void)width, (void)high, (void)round, (void)fill;
}
void paper_line(paper *p, double x, double y, double to_x, double to_y, double width, tint colour) {
    (void)p, (void)x, (void)y, (void)to_x, (void)to_y, (void)width, (void)colour;
}
void paper_dot(paper *p, double x, double y, double radius, tint fill) {
    (void)p, (void)x, (void)y, (void)radius, (void)fill;
}
void paper_area(paper *p, const double *x, const double *y, size_t n, tint fill) {
    (void)p, (void)x, (void)y, (void)n, (void)fill;
}
bool paper_signs(paper *p, str s) {
    return (void)p, (void)s, true;
}
#endif
