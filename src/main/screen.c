/* screen.c - text for a terminal. */
#include "main/screen.h"
#include "base/utf8.h"

static size_t cp_width(u32 c) {
    if (c < 0x20 || (c >= 0x300 && c <= 0x36f) || c == 0x200d || (c >= 0xfe00 && c <= 0xfe0f))
        return 0;
    bool wide = (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) ||
                (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
                (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
                (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff) ||
                (c >= 0x20000 && c <= 0x3fffd);
    return wide ? 2 : 1;
}

size_t text_width(str s) {
    size_t w = 0;
    for (size_t i = 0; i < s.n;) {
        u32 cp;
        int n = utf8_get(s, i, &cp);
        w += n ? cp_width(cp) : 1;
        i += n ? (size_t)n : 1;
    }
    return w;
}

str text_fit(arena *a, str s, size_t width) {
    buf b = {.a = a};
    size_t w = text_width(s), used = 0;
    for (size_t i = 0; i < s.n;) {
        u32 cp;
        int n = utf8_get(s, i, &cp);
        size_t step = n ? cp_width(cp) : 1;
        if (w > width && used + step + 1 > width) {
            buf_str(&b, S("…"));
            used++;
            break;
        }
        buf_bytes(&b, s.p + i, n ? (size_t)n : 1);
        used += step;
        i += n ? (size_t)n : 1;
    }
    while (used++ < width) buf_char(&b, ' ');
    return buf_view(&b);
}

str one_line(arena *a, str s) {
    buf b = {.a = a};
    for (size_t i = 0; i < s.n; i++) {
        bool blank = (u8)s.p[i] <= ' ' || s.p[i] == 0x7f;
        if (!blank)
            buf_char(&b, s.p[i]);
        else if (b.n && b.p[b.n - 1] != ' ')
            buf_char(&b, ' ');
    }
    return str_trim(buf_view(&b));
}

text_table table_of(arena *a, FILE *out, size_t columns, u32 right) {
    return (text_table){.a = a, .out = out, .columns = columns, .right = right};
}

void table_row(text_table *t, const str *cells) {
    if (t->rows == t->cap) {
        size_t cap = t->cap ? t->cap * 2 : 16;
        str *more = NEW_N(t->a, str, cap * t->columns);
        if (t->rows) memcpy(more, t->cells, t->rows * t->columns * sizeof *more);
        t->cells = more;
        t->cap = cap;
    }
    memcpy(t->cells + t->rows++ * t->columns, cells, t->columns * sizeof *cells);
}

static void print_cell(const text_table *t, str s, size_t width, bool right, bool last) {
    size_t w = text_width(s);
    if (right) fprintf(t->out, "%*s", (int)(width - w), "");
    fwrite(s.p ? s.p : "", 1, s.n, t->out);
    if (!right && !last) fprintf(t->out, "%*s", (int)(width - w), "");
    fputs(last ? "\n" : "  ", t->out);
}

void table_print(text_table *t) {
    size_t *widths = NEW_N(t->a, size_t, t->columns);
    for (size_t r = 0; r < t->rows; r++)
        for (size_t c = 0; c < t->columns; c++)
            widths[c] = MAX(widths[c], text_width(t->cells[r * t->columns + c]));
    for (size_t r = 0; r < t->rows; r++)
        for (size_t c = 0; c < t->columns; c++)
            print_cell(t, t->cells[r * t->columns + c], widths[c], t->right >> c & 1,
                       c + 1 == t->columns);
}

str sparkline(arena *a, const double *v, size_t n) {
    static const char *const steps[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    double low = INFINITY, high = -INFINITY;
    buf b = {.a = a};
    for (size_t i = 0; i < n; i++)
        if (isfinite(v[i])) low = fmin(low, v[i]), high = fmax(high, v[i]);
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(v[i])) {
            buf_char(&b, ' ');
            continue;
        }
        double at = high > low ? (v[i] - low) / (high - low) : 0.5;
        buf_str(&b, str_of(steps[(size_t)lrint(at * 7)]));
    }
    return buf_view(&b);
}

str bar_text(arena *a, double share, size_t width) {
    buf b = {.a = a};
    size_t full = isfinite(share) ? (size_t)lrint(fmin(1, fmax(0, share)) * (double)width) : 0;
    for (size_t i = 0; i < full; i++) buf_str(&b, S("█"));
    return buf_view(&b);
}

static str grouped(arena *a, str plain) {
    size_t digits = 0, from = plain.n && plain.p[0] == '-';
    while (from + digits < plain.n && plain.p[from + digits] != '.') digits++;
    buf b = {.a = a};
    buf_bytes(&b, plain.p, from);
    for (size_t i = 0; i < digits; i++) {
        if (i && (digits - i) % 3 == 0) buf_char(&b, ',');
        buf_char(&b, plain.p[from + i]);
    }
    buf_str(&b, str_from(plain, from + digits));
    return buf_view(&b);
}

str number_text(arena *a, double v, int decimals) {
    if (!isfinite(v)) return S("n/a");
    return grouped(a, arena_fmt(a, "%.*f", decimals, v == 0 ? 0.0 : v));
}

str count_text(arena *a, i64 v) {
    return v == NONE ? S("n/a") : grouped(a, arena_fmt(a, "%" PRId64, v));
}
