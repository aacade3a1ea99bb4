/* report_draw.c - the month on paper. */
#include "api/report.h"
#include "api/report_page.h"
#include "api/report_words.h"
#include "base/time.h"

typedef struct {
    arena *a;
    paper *p;
    const report *r;
} sheet;

static const char *say(const sheet *s, report_word w) {
    return report_say(s->r->lang, w);
}
#define SAYS(s, w) str_of(say((s), (w)))

/* The templates are ours; each is written with as many %s as it is given here. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static str told(const sheet *s, report_word w, str a, str b, str c) {
    char z[2000];
    snprintf(z, sizeof z, say(s, w), arena_str(s->a, a).p ? arena_str(s->a, a).p : "",
             b.p ? arena_str(s->a, b).p : "", c.p ? arena_str(s->a, c).p : "");
    return arena_str(s->a, str_of(z));
}
static str told_slice(const sheet *s, str where, str v, str low, str high, str n) {
    char z[3000];
    snprintf(z, sizeof z, say(s, W_SLICE), arena_str(s->a, where).p, arena_str(s->a, v).p,
             arena_str(s->a, low).p, arena_str(s->a, high).p, arena_str(s->a, n).p);
    return arena_str(s->a, str_of(z));
}
static str told_page(const sheet *s, int page) {
    char z[60];
    snprintf(z, sizeof z, say(s, W_PAGE), page);
    return arena_str(s->a, str_of(z));
}
#pragma GCC diagnostic pop

static str num(const sheet *s, double v, int digits) {
    if (!isfinite(v)) return S("–");
    return arena_fmt(s->a, "%s%.*f", v < 0 && fabs(v) >= pow(10, -digits) / 2 ? "−" : "", digits,
                     fabs(v));
}
static str signed_num(const sheet *s, double v, int digits) {
    if (!isfinite(v)) return S("–");
    str n = num(s, v, digits);
    return v > 0 ? arena_fmt(s->a, "+%.*s", STR_ARG(n)) : n;
}
static str count(const sheet *s, i64 v) {
    if (v < 1000) return arena_fmt(s->a, "%" PRId64, v);
    if (v < 1000000) return arena_fmt(s->a, "%" PRId64 ",%03" PRId64, v / 1000, v % 1000);
    return arena_fmt(s->a, "%" PRId64 ",%03" PRId64 ",%03" PRId64, v / 1000000, v / 1000 % 1000,
                     v % 1000);
}
static str day_of(const sheet *s, i64 ms) {
    return str_head(time_print(s->a, ms), 10);
}

/* "English · 简体 · 繁體": titles people wrote in three languages; anything else as it is. */
static str own_title(const sheet *s, str title) {
    str parts[3], rest = title;
    size_t n = 0;
    for (; n < 3 && rest.n; n++) {
        ptrdiff_t at = str_find(rest, S(" · "));
        parts[n] = at < 0 ? rest : str_head(rest, (size_t)at);
        rest = at < 0 ? S("") : str_from(rest, (size_t)at + 4);
    }
    if (n != 3 || rest.n) return title;
    return parts[str_eq(s->r->lang, S("zh-CN")) ? 1 : str_eq(s->r->lang, S("zh-TW")) ? 2 : 0];
}

static str metric_title(const sheet *s, str of) {
    static const struct {
        const char *metric;
        report_word word;
    } names[] = {{"nps", W_NPS},
                 {"csat", W_CSAT},
                 {"ces", W_CES},
                 {"csat:score:rating5", W_RATING},
                 {"nss", W_NSS}};
    for (size_t i = 0; i < COUNT(names); i++)
        if (str_eq(of, str_of(names[i].metric))) return SAYS(s, names[i].word);
    return of;
}

static str month_title(const sheet *s) {
    static const char *const en[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};
    i64 month = 1, year = 0;
    bool ok = str_int(str_from(s->r->month, 5), &month) && str_int(str_head(s->r->month, 4), &year);
    check(ok && month >= 1 && month <= 12);
    if (str_starts(s->r->lang, S("zh")))
        return arena_fmt(s->a, "%" PRId64 " 年 %" PRId64 " 月", year, month);
    return arena_fmt(s->a, "%s %" PRId64, en[month - 1], year);
}

static void heading(sheet *s, report_word w, tint colour) {
    paper_room(s->p, 90);
    paper_down(s->p, 16);
    paper_box(s->p, PAPER_LEFT, paper_y(s->p) + 4, 3.5, 14, 1.5, colour);
    double high = paper_text(s->p, PAPER_LEFT + 12, paper_y(s->p), PAPER_WIDTH - 12,
                             (type){.size = 15, .bold = true, .colour = INK}, SAYS(s, w));
    paper_down(s->p, high + 8);
}

static void paragraph(sheet *s, type t, str text) {
    double high = paper_high(s->p, PAPER_WIDTH, t, text);
    paper_room(s->p, high);
    paper_down(s->p, paper_text(s->p, PAPER_LEFT, paper_y(s->p), PAPER_WIDTH, t, text) + 4);
}

/* ---- the head of the first page ---- */

static report_word change_word(const report_score *x) {
    if (isnan(x->change) || isnan(x->low)) return W_NO_BEFORE;
    return x->low > 0 ? W_UP : x->high < 0 ? W_DOWN : W_NO_CHANGE;
}

static void head(sheet *s) {
    const report *r = s->r;
    paper_box(s->p, 0, 0, 596, 118, 0, HEED);
    paper_text(s->p, PAPER_LEFT, 30, 300, (type){.size = 12, .bold = true, .colour = DOUBT},
               S("Heed"));
    paper_text(s->p, PAPER_LEFT, 48, 330, (type){.size = 26, .bold = true, .colour = WHITE},
               SAYS(s, W_TITLE));
    paper_text(s->p, PAPER_LEFT + 203, 52, 300, (type){.size = 20, .colour = WHITE, .at = AT_RIGHT},
               month_title(s));
    paper_text(s->p, PAPER_LEFT + 203, 82, 300, (type){.size = 10, .colour = DOUBT, .at = AT_RIGHT},
               told(s, W_VOICES, count(s, r->voices), count(s, r->voices_before), NO_STR));
    paper_down(s->p, 134 - paper_y(s->p));
}

static void summary(sheet *s) {
    const report *r = s->r;
    buf b = {.a = s->a};
    bool zh = str_starts(r->lang, S("zh"));
    if (r->scores_n) {
        const report_score *x = &r->scores[0];
        buf_str(&b, told(s, W_SUMMARY, metric_title(s, x->metric), num(s, x->now.value, 1),
                         SAYS(s, change_word(x))));
    }
    if (r->pains_n && r->delights_n) {
        if (b.n && !zh) buf_str(&b, S(" "));
        buf_str(&b, told(s, W_SUMMARY_PAIN, r->pains[0].title, r->delights[0].title, NO_STR));
    }
    if (b.n) paragraph(s, (type){.size = 12.5, .colour = INK}, buf_view(&b));
    paper_down(s->p, 8);
}

/* ---- scores ---- */

static tint change_tint(const report_score *x) {
    report_word w = change_word(x);
    return w == W_UP ? DELIGHT : w == W_DOWN ? PAIN : QUIET;
}

/* A sign beside the colour, and the word where there is room. */
static str change_text(const sheet *s, const report_score *x, bool large) {
    report_word w = change_word(x);
    if (w == W_NO_BEFORE) return large ? SAYS(s, w) : S("–");
    const char *sign = w == W_UP ? "▲" : w == W_DOWN ? "▼" : "≈";
    return arena_fmt(s->a, "%s %.*s  %s", sign, STR_ARG(signed_num(s, x->change, 1)),
                     large ? say(s, w) : "");
}

static void score_card(sheet *s, const report_score *x, double left, double width, bool large) {
    double y = paper_y(s->p), in = left + 14, wide = width - 28;
    paper_box(s->p, left, y, width, 96, 8, GROUND);
    paper_text(s->p, in, y + 11, wide, (type){.size = 9.5, .colour = QUIET, .lines = 1},
               metric_title(s, x->metric));
    paper_text(
        s->p, in, y + (large ? 23 : 27), wide,
        (type){.size = large ? 32 : 24, .bold = true, .colour = large ? HEED : INK, .lines = 1},
        isnan(x->now.value) ? SAYS(s, W_TOO_FEW) : num(s, x->now.value, 1));
    paper_text(s->p, in, y + 64, wide,
               (type){.size = 9, .bold = true, .colour = change_tint(x), .lines = 1},
               change_text(s, x, large));
    str range = arena_fmt(s->a, "[%.*s, %.*s]  n = %.*s", STR_ARG(num(s, x->now.low, 1)),
                          STR_ARG(num(s, x->now.high, 1)), STR_ARG(count(s, x->now.n)));
    paper_text(s->p, in, y + 78, wide, (type){.size = 8, .colour = QUIET, .lines = 1}, range);
}

static void score_cards(sheet *s) {
    const report *r = s->r;
    if (!r->scores_n) return;
    double gap = 10, left = PAPER_LEFT, first = r->scores_n > 1 ? 150 : PAPER_WIDTH;
    double rest = r->scores_n > 1 ? (PAPER_WIDTH - first) / (double)(r->scores_n - 1) - gap : 0;
    for (size_t i = 0; i < r->scores_n; i++) {
        double width = i ? rest : first;
        score_card(s, &r->scores[i], left, width, i == 0);
        left += width + gap;
    }
    paper_down(s->p, 96);
}

/* ---- trend ---- */

typedef struct {
    double low, high, top, bottom, left, step;
} axis;

static double at_y(const axis *x, double v) {
    return x->bottom - (v - x->low) / (x->high - x->low) * (x->bottom - x->top);
}
static double at_x(const axis *x, size_t i) {
    return x->left + ((double)i + 0.5) * x->step;
}

static axis axis_of(const report *r, double top, double bottom) {
    axis x = {INFINITY, -INFINITY,       top,
              bottom,   PAPER_LEFT + 30, (PAPER_WIDTH - 30) / (double)REPORT_MONTHS};
    for (size_t i = 0; i < REPORT_MONTHS; i++) {
        if (isnan(r->trend[i].low)) continue;
        x.low = fmin(x.low, r->trend[i].low), x.high = fmax(x.high, r->trend[i].high);
    }
    double pad = fmax((x.high - x.low) * 0.08, 0.5), rough = (x.high - x.low + 2 * pad) / 4;
    double unit = pow(10, floor(log10(rough))), step = unit * (rough / unit > 5   ? 10
                                                               : rough / unit > 2 ? 5
                                                                                  : 2);
    x.low = floor((x.low - pad) / step) * step;
    x.high = ceil((x.high + pad) / step) * step;
    return x;
}

static void grid(sheet *s, const axis *x) {
    double rough = (x->high - x->low) / 5, unit = pow(10, floor(log10(rough)));
    double step = unit * (rough / unit > 5     ? 10
                          : rough / unit > 2.5 ? 5
                          : rough / unit > 1   ? 2.5
                                               : 1);
    for (double v = ceil(x->low / step) * step; v <= x->high + step / 1e6; v += step) {
        paper_line(s->p, x->left, at_y(x, v), PAPER_LEFT + PAPER_WIDTH, at_y(x, v), 0.6, LINE);
        paper_text(s->p, PAPER_LEFT, at_y(x, v) - 6, 24,
                   (type){.size = 8, .colour = QUIET, .at = AT_RIGHT}, num(s, v, step < 1 ? 1 : 0));
    }
    for (size_t i = 0; i < REPORT_MONTHS; i++)
        paper_text(s->p, at_x(x, i) - 20, x->bottom + 5, 40,
                   (type){.size = 8, .colour = QUIET, .at = AT_MIDDLE},
                   s->r->trend_month[i] == 1 || i == 0
                       ? arena_fmt(s->a, "%d-%02d", s->r->trend_year[i] % 100, s->r->trend_month[i])
                       : arena_fmt(s->a, "%d", s->r->trend_month[i]));
}

/* Runs of months with an interval, each a band. */
static void bands(sheet *s, const axis *x) {
    const estimate *t = s->r->trend;
    double px[2 * REPORT_MONTHS], py[2 * REPORT_MONTHS];
    for (size_t i = 0; i < REPORT_MONTHS;) {
        size_t n = 0;
        while (i + n < REPORT_MONTHS && isfinite(t[i + n].low)) n++;
        for (size_t k = 0; k < n; k++) {
            px[k] = px[2 * n - 1 - k] = at_x(x, i + k);
            py[k] = at_y(x, t[i + k].high);
            py[2 * n - 1 - k] = at_y(x, t[i + k].low);
        }
        paper_area(s->p, px, py, 2 * n, DOUBT);
        i += n + 1;
    }
}

static void estimates(sheet *s, const axis *x) {
    const estimate *t = s->r->trend;
    for (size_t i = 0; i < REPORT_MONTHS; i++) {
        if (isnan(t[i].value)) continue;
        if (i && isfinite(t[i - 1].value))
            paper_line(s->p, at_x(x, i - 1), at_y(x, t[i - 1].value), at_x(x, i),
                       at_y(x, t[i].value), 1.8, HEED);
    }
    for (size_t i = 0; i < REPORT_MONTHS; i++)
        if (isfinite(t[i].value))
            paper_dot(s->p, at_x(x, i), at_y(x, t[i].value), i + 1 == REPORT_MONTHS ? 4 : 2.2,
                      HEED);
    size_t last = REPORT_MONTHS - 1;
    if (isfinite(t[last].value))
        paper_text(s->p, at_x(x, last) - 30, at_y(x, t[last].value) - 20, 60,
                   (type){.size = 10, .bold = true, .colour = HEED, .at = AT_MIDDLE},
                   num(s, t[last].value, 1));
}

static void trend(sheet *s) {
    const report *r = s->r;
    size_t known = 0;
    for (size_t i = 0; i < REPORT_MONTHS; i++) if (isfinite(r->trend[i].low)) known++;
    if (!r->scores_n || !known) return;
    paper_down(s->p, 16);
    paper_room(s->p, 190);
    paper_text(s->p, PAPER_LEFT, paper_y(s->p), PAPER_WIDTH,
               (type){.size = 12, .bold = true, .colour = INK},
               told(s, W_TREND, metric_title(s, r->scores[0].metric), NO_STR, NO_STR));
    axis x = axis_of(r, paper_y(s->p) + 28, paper_y(s->p) + 150);
    grid(s, &x);
    bands(s, &x);
    estimates(s, &x);
    paper_text(s->p, PAPER_LEFT, paper_y(s->p) + 170, PAPER_WIDTH,
               (type){.size = 8, .colour = QUIET}, told(s, W_TREND_NOTE, NO_STR, NO_STR, NO_STR));
    paper_down(s->p, 184);
}

/* ---- pains and delights ---- */

static str theme_text(const sheet *s, const report_theme *x) {
    double share = x->p.reach.value,
           was = x->before_base ? 100.0 * (double)x->before_n / (double)x->before_base : NAN;
    str now = told(s, W_SAYS, count(s, x->p.n), num(s, share, 1), NO_STR);
    if (isnan(was)) return now;
    return arena_fmt(s->a, "%.*s · %.*s", STR_ARG(now),
                     STR_ARG(told(s, W_BEFORE, num(s, was, 1), NO_STR, NO_STR)));
}

static str quote_of(const sheet *s, const report_theme *x) {
    static const struct {
        const char *channel, *words[3];
    } known[] = {{"call", {"Call", "电话", "電話"}},
                 {"chat", {"Chat", "在线客服", "線上客服"}},
                 {"review", {"Review", "评价", "評價"}},
                 {"survey", {"Survey", "问卷", "問卷"}},
                 {"email", {"E-mail", "邮件", "電子郵件"}},
                 {"social", {"Social media", "社交媒体", "社群媒體"}},
                 {"store", {"Shop", "门店", "門市"}},
                 {"app", {"App", "应用", "應用程式"}}};
    str name = x->quote_channel;
    size_t lang = str_eq(s->r->lang, S("zh-CN")) ? 1 : str_eq(s->r->lang, S("zh-TW")) ? 2 : 0;
    for (size_t i = 0; i < COUNT(known); i++)
        if (str_eq(name, str_of(known[i].channel))) name = str_of(known[i].words[lang]);
    return arena_fmt(s->a, "%.*s%s%.*s", STR_ARG(name), name.n ? " · " : "",
                     STR_ARG(day_of(s, x->quote_at)));
}

static void theme(sheet *s, const report_theme *x, size_t rank, tint colour, double widest) {
    type words = {.size = 10, .colour = INK, .lines = 3};
    double left = PAPER_LEFT + 26, wide = PAPER_WIDTH - 26;
    str quote = x->quote.n ? arena_fmt(s->a, str_eq(s->r->lang, S("zh-TW")) ? "「%.*s」" : "“%.*s”",
                                       STR_ARG(x->quote))
                           : NO_STR;
    double tall = 34 + (quote.n ? paper_high(s->p, wide - 14, words, quote) + 20 : 0);
    paper_room(s->p, tall);
    double y = paper_y(s->p);
    paper_dot(s->p, PAPER_LEFT + 9, y + 9, 9, colour);
    paper_text(s->p, PAPER_LEFT, y + 2, 18,
               (type){.size = 10, .bold = true, .colour = WHITE, .at = AT_MIDDLE},
               arena_fmt(s->a, "%zu", rank));
    paper_text(s->p, left, y, 220, (type){.size = 12.5, .bold = true, .colour = INK, .lines = 1},
               x->title);
    paper_text(s->p, left + 220, y + 3, wide - 220,
               (type){.size = 9, .colour = QUIET, .at = AT_RIGHT, .lines = 1}, theme_text(s, x));
    paper_box(s->p, left, y + 21, wide, 4, 2, LINE);
    paper_box(s->p, left, y + 21, fmax(4, wide * x->p.reach.value / widest), 4, 2, colour);
    if (quote.n) {
        double high = paper_text(s->p, left + 14, y + 31, wide - 14, words, quote);
        paper_line(s->p, left + 4, y + 33, left + 4, y + 29 + high, 1.6, LINE);
        paper_text(s->p, left + 14, y + 32 + high, wide - 14,
                   (type){.size = 8, .colour = QUIET, .lines = 1}, quote_of(s, x));
    }
    paper_down(s->p, tall + 2);
}

static void themes(sheet *s, report_word title, const report_theme *x, size_t n, tint colour) {
    double widest = 1;
    heading(s, title, colour);
    for (size_t i = 0; i < n; i++) widest = fmax(widest, x[i].p.reach.value);
    for (size_t i = 0; i < n; i++) theme(s, &x[i], i + 1, colour, widest);
    if (!n) paragraph(s, (type){.size = 10, .colour = QUIET}, SAYS(s, W_NO_THEMES));
}

/* ---- what changed, warnings ---- */

static void changed(sheet *s) {
    const report *r = s->r;
    if (!r->explained) return;
    heading(s, W_CHANGED, HEED);
    for (size_t i = 0; i < MIN(r->why.slices_n, (size_t)REPORT_TEXT); i++) {
        const why_slice *x = &r->why.slices[i];
        str line = told_slice(s, why_slice_text(s->a, x), signed_num(s, x->effect, 1),
                              num(s, x->low, 1), num(s, x->high, 1), count(s, x->est[1].n));
        paragraph(s, (type){.size = 10.5, .colour = INK}, line);
    }
    paragraph(s, (type){.size = 9, .colour = QUIET},
              SAYS(s, r->why.slices_n ? W_ASSOCIATION : W_CHANGED_NONE));
}

static void row(sheet *s, tint mark, str left, str right, str under) {
    double y = paper_y(s->p), wide = PAPER_WIDTH - 16;
    double high = 20 + (under.n ? 14 : 0);
    paper_room(s->p, high + 8);
    y = paper_y(s->p);
    paper_dot(s->p, PAPER_LEFT + 4, y + 8, 3, mark);
    paper_text(s->p, PAPER_LEFT + 16, y, wide - 130,
               (type){.size = 10.5, .colour = INK, .lines = 1}, left);
    paper_text(s->p, PAPER_LEFT + 16 + wide - 130, y, 130,
               (type){.size = 10, .bold = true, .colour = mark, .at = AT_RIGHT, .lines = 1}, right);
    if (under.n)
        paper_text(s->p, PAPER_LEFT + 16, y + 16, wide,
                   (type){.size = 8.5, .colour = QUIET, .lines = 1}, under);
    paper_line(s->p, PAPER_LEFT, y + high + 2, PAPER_LEFT + PAPER_WIDTH, y + high + 2, 0.5, LINE);
    paper_down(s->p, high + 8);
}

static void warnings(sheet *s) {
    const report *r = s->r;
    heading(s, W_ALERTS, PAIN);
    if (!r->alerts_n) paragraph(s, (type){.size = 10, .colour = QUIET}, SAYS(s, W_NO_ALERTS));
    for (size_t i = 0; i < r->alerts_n; i++) {
        const alert *x = &r->alerts[i];
        bool over = x->resolved_at != NONE;
        str line = told(s, W_ALERT_LINE, day_of(s, x->began_at),
                        num(s, x->value == NONE ? NAN : num6_double(x->value), 1),
                        num(s, x->expected == NONE ? NAN : num6_double(x->expected), 1));
        if (x->note.n)
            line = arena_fmt(s->a, "%.*s · %.*s", STR_ARG(line), STR_ARG(own_title(s, x->note)));
        row(s, over ? QUIET : PAIN, own_title(s, r->alert_watch[i]),
            SAYS(s, over ? W_OVER : W_STILL), line);
    }
}

/* ---- tickets, measures ---- */

static void ticket_figures(sheet *s) {
    const report *r = s->r;
    const struct {
        i64 n;
        report_word word;
        tint colour;
    } figures[] = {{r->tickets_opened, W_OPENED, INK},
                   {r->tickets_closed, W_CLOSED, DELIGHT},
                   {r->tickets_open, W_OPEN, INK},
                   {r->tickets_late, W_LATE, r->tickets_late ? PAIN : QUIET}};
    double wide = PAPER_WIDTH / (double)COUNT(figures), y = paper_y(s->p);
    for (size_t i = 0; i < COUNT(figures); i++) {
        double x = PAPER_LEFT + (double)i * wide;
        paper_text(s->p, x, y, wide - 8,
                   (type){.size = 22, .bold = true, .colour = figures[i].colour},
                   count(s, figures[i].n));
        paper_text(s->p, x, y + 30, wide - 8, (type){.size = 9, .colour = QUIET, .lines = 1},
                   SAYS(s, figures[i].word));
    }
    paper_down(s->p, 52);
}

static void tickets(sheet *s) {
    const report *r = s->r;
    i64 most = 1;
    heading(s, W_TICKETS, HEED);
    ticket_figures(s);
    for (size_t i = 0; i < r->departments_n; i++) most = MAX(most, r->departments[i].open);
    for (size_t i = 0; i < r->departments_n; i++) {
        paper_room(s->p, 18);
        double y = paper_y(s->p), wide = PAPER_WIDTH - 190;
        paper_text(s->p, PAPER_LEFT, y, 140, (type){.size = 9.5, .colour = INK, .lines = 1},
                   own_title(s, r->departments[i].title));
        paper_box(s->p, PAPER_LEFT + 146, y + 4,
                  fmax(3, wide * (double)r->departments[i].open / (double)most), 7, 2, DOUBT);
        paper_text(s->p, PAPER_LEFT + PAPER_WIDTH - 40, y, 40,
                   (type){.size = 9.5, .colour = INK, .at = AT_RIGHT},
                   count(s, r->departments[i].open));
        paper_down(s->p, 18);
    }
}

static report_word verdict_word(const measure_row *m) {
    static const struct {
        const char *verdict;
        report_word word;
    } words[] = {{"effective", W_EFFECTIVE},
                 {"harmful", W_HARMFUL},
                 {"no_effect", W_NO_EFFECT},
                 {"mixed", W_MIXED},
                 {"inconclusive", W_INCONCLUSIVE}};
    for (size_t i = 0; m->verdict.n && i < COUNT(words); i++)
        if (str_eq(m->verdict, str_of(words[i].verdict))) return words[i].word;
    return str_eq(m->state, S("draft")) ? W_DRAFT : W_RUNNING;
}

static str effect_text(const sheet *s, const measure_row *m) {
    json *v;
    err e;
    if (!m->evaluation.n || !json_read(s->a, m->evaluation, &v, &e)) return SAYS(s, W_NOT_PROVED);
    const json *x = json_get(v, S("outcome"));
    double times = str_starts(m->outcome, S("share:")) ? 100 : 1;
    return told(s, W_EFFECT, signed_num(s, times * json_get_num(x, S("effect")), 2),
                signed_num(s, times * json_get_num(x, S("low")), 2),
                signed_num(s, times * json_get_num(x, S("high")), 2));
}

static void measures(sheet *s) {
    const report *r = s->r;
    heading(s, W_MEASURES, DELIGHT);
    if (!r->measures_n) paragraph(s, (type){.size = 10, .colour = QUIET}, SAYS(s, W_NO_MEASURES));
    for (size_t i = 0; i < r->measures_n; i++) {
        const measure_row *m = &r->measures[i];
        report_word w = verdict_word(m);
        tint mark = w == W_EFFECTIVE ? DELIGHT : w == W_HARMFUL || w == W_MIXED ? PAIN : QUIET;
        str when = arena_fmt(s->a, "%.*s – %.*s · %.*s", STR_ARG(day_of(s, m->starts_at)),
                             STR_ARG(day_of(s, m->ends_at)), STR_ARG(effect_text(s, m)));
        row(s, mark, own_title(s, m->name), SAYS(s, w), when);
    }
}

static void foot(void *ctx, paper *p, int page) {
    sheet *s = ctx;
    const report *r = s->r;
    double y = PAPER_HIGH - 40;
    paper_line(p, PAPER_LEFT, y - 8, PAPER_LEFT + PAPER_WIDTH, y - 8, 0.5, LINE);
    if (r->scores_n)
        paper_text(p, PAPER_LEFT, y, PAPER_WIDTH - 70,
                   (type){.size = 7.5, .colour = QUIET, .lines = 1},
                   told(s, W_FOOT, metric_title(s, r->scores[0].metric),
                        str_of(r->scores[0].definition), NO_STR));
    paper_text(p, PAPER_LEFT + PAPER_WIDTH - 60, y, 60,
               (type){.size = 8, .colour = QUIET, .at = AT_RIGHT}, told_page(s, page));
}

bool report_pdf(arena *a, const report *r, str *bytes_out, err *e) {
    sheet s = {.a = a, .r = r};
    str date = time_print(a, r->to);
    str title = arena_fmt(a, "%s %.*s", report_say(r->lang, W_TITLE), STR_ARG(r->month));
    if (!paper_open(a, r->lang, title, arena_str(a, date).p, &s.p, e)) return false;
    if (!paper_signs(s.p, SAYS(&s, W_TITLE)))
        return fail(e, NOT_FOUND,
                    "no font of this machine has the signs of %.*s; install one, such as "
                    "fonts-noto-cjk or the smaller fonts-wqy-microhei",
                    STR_ARG(r->lang));
    paper_foot(s.p, foot, &s);
    head(&s);
    summary(&s);
    score_cards(&s);
    trend(&s);
    themes(&s, W_PAINS, r->pains, r->pains_n, PAIN);
    themes(&s, W_DELIGHTS, r->delights, r->delights_n, DELIGHT);
    changed(&s);
    warnings(&s);
    tickets(&s);
    measures(&s);
    return paper_end(s.p, bytes_out, e);
}
