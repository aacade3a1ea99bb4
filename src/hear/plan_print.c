/* plan_print.c - the plan for people (a table whose columns line up in Chinese too) and for
 * programs. */
#include "base/json.h"
#include "base/utf8.h"
#include "hear/hear.h"

/* Columns a terminal uses: CJK and full-width characters take two. */
static size_t text_width(str s) {
    size_t w = 0;
    for (size_t i = 0; i < s.n;) {
        u32 cp = 0;
        int n = utf8_get(s, i, &cp);
        bool wide = n > 1 && (cp_is_han(cp) || (cp >= 0x3000 && cp < 0x3400) ||
                              (cp >= 0xac00 && cp < 0xd7b0) || (cp >= 0xff00 && cp < 0xff61) ||
                              cp >= 0x1f300);
        w += wide ? 2 : 1;
        i += n ? (size_t)n : 1;
    }
    return w;
}

/* Control characters would break the table, or the terminal. */
static void put_clean(buf *b, str s) {
    for (size_t i = 0; i < s.n; i++)
        buf_char(b, (u8)s.p[i] < 0x20 || s.p[i] == 0x7f ? ' ' : s.p[i]);
}

static void put_padded(buf *b, str s, size_t width) {
    put_clean(b, s);
    for (size_t w = text_width(s); w < width + 2; w++) buf_char(b, ' ');
}

static void print_head(buf *b, const plan *p) {
    buf_fmt(b, "%.*s: %s%s, %s", STR_ARG(p->file), p->format->title, p->gzip ? " (gzip)" : "",
            p->format->binary ? "its own encoding" : encoding_name(p->encoding));
    if (p->records >= 0) buf_fmt(b, ", %" PRId64 " records", p->records);
    if (p->rejected > 0) buf_fmt(b, " (%" PRId64 " of them not readable)", p->rejected);
    buf_fmt(b, ", source \"%.*s\"\n", STR_ARG(p->source));
}

static bool has_field(const plan *p, str name) {
    for (size_t i = 0; i < p->columns_n; i++)
        if (str_eq(p->columns[i].field, name)) return true;
    for (size_t i = 0; i < p->set_n; i++)
        if (str_eq(p->set[i].field, name)) return true;
    return false;
}

static void print_column(buf *b, const plan_column *c, size_t widths[3]) {
    buf_str(b, S("  "));
    put_padded(b, c->column, widths[0]);
    put_padded(b, c->field, widths[1]);
    put_padded(b, str_of(c->why), widths[2]);
    for (size_t i = 0; i < PLAN_EXAMPLES && c->examples[i].p; i++) {
        if (i) buf_str(b, S(" | "));
        put_clean(b, utf8_clip(c->examples[i], 24));
    }
    buf_char(b, '\n');
}

void plan_print(buf *b, const plan *p) {
    size_t widths[3] = {6, 5, 3};
    print_head(b, p);
    for (size_t i = 0; i < p->columns_n; i++) {
        const plan_column *c = &p->columns[i];
        widths[0] = MAX(widths[0], text_width(c->column));
        widths[1] = MAX(widths[1], text_width(c->field));
        widths[2] = MAX(widths[2], text_width(str_of(c->why)));
    }
    plan_column titles = {
        .column = S("column"), .field = S("field"), .why = "why", .examples = {S("for example")}};
    print_column(b, &titles, widths);
    for (size_t i = 0; i < p->columns_n; i++) print_column(b, &p->columns[i], widths);
    for (size_t i = 0; i < p->set_n; i++) {
        plan_column c = {.column = S("(every row)"),
                         .field = p->set[i].field,
                         .why = "told",
                         .examples = {p->set[i].value}};
        print_column(b, &c, widths);
    }
    if (!has_field(p, S("occurred_at")))
        buf_str(b, S("  no column says when it happened: every row gets the moment it is read (or "
                     "--set occurred_at=DATE)\n"));
    if (!has_field(p, S("external_id")))
        buf_str(b, S("  no unique id: a row is known again by all its cells\n"));
}

void plan_print_json(buf *b, const plan *p) {
    json_out j = json_to(b);
    json_object(&j);
    json_key(&j, S("file")), json_text(&j, p->file);
    json_key(&j, S("source")), json_text(&j, p->source);
    json_key(&j, S("format")), json_text(&j, str_of(p->format->name));
    json_key(&j, S("encoding")),
        json_text(&j, p->format->binary ? NO_STR : str_of(encoding_name(p->encoding)));
    json_key(&j, S("gzip")), json_bool(&j, p->gzip);
    json_key(&j, S("header")), json_bool(&j, p->options.header != 0);
    json_key(&j, S("records")), json_int(&j, p->records < 0 ? NONE : p->records);
    json_key(&j, S("rejected")), json_int(&j, p->rejected);
    json_key(&j, S("columns")), json_array(&j);
    for (size_t i = 0; i < p->columns_n; i++) {
        const plan_column *c = &p->columns[i];
        json_object(&j);
        json_key(&j, S("column")), json_text(&j, c->column);
        json_key(&j, S("field")), json_text(&j, c->field);
        json_key(&j, S("why")), json_text(&j, str_of(c->why));
        if (str_eq(c->field, S("occurred_at")))
            json_key(&j, S("dates")), json_text(&j, str_of(date_style_name(c->dates)));
        json_key(&j, S("examples")), json_array(&j);
        for (size_t k = 0; k < PLAN_EXAMPLES && c->examples[k].p; k++)
            json_text(&j, c->examples[k]);
        json_end_array(&j);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_key(&j, S("set")), json_object(&j);
    for (size_t i = 0; i < p->set_n; i++)
        json_key(&j, p->set[i].field), json_text(&j, p->set[i].value);
    json_end_object(&j);
    json_end_object(&j);
}
