/* reports.c - the month report over HTTP. */
#include "api/ask.h"
#include "api/auth.h"
#include "api/report.h"

static bool month(api *x, arena *a, asked *v, err *e) {
    desk *d;
    report *r = NEW(a, report);
    question q;
    str bytes;
    if (!question_read(a, v, 1, &q, e)) return false;
    report_wish w = {.month = params_get(&v->query, "month"),
                     .lang = language(v),
                     .zone_min = q.zone_min,
                     .zone = q.zone,
                     .sees = q.where};
    if (!w.month.n) return fail(e, INVALID, "month: which? as in ?month=2026-03");
    if (!desk_sit(x, a, v, &d, e) || !report_make(d->s, d->t, a, &w, r, e)) return false;
    desk_leave(d);
    if (!report_pdf(a, r, &bytes, e)) return false;
    http_add(v->http, "Content-Disposition",
             arena_fmt(a, "attachment; filename=\"heed-%.*s-%.*s.pdf\"", STR_ARG(w.month),
                       STR_ARG(w.lang)));
    http_reply(v->http, 200, S("application/pdf"), bytes);
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/reports/month", "metrics.read",
     "The month as a PDF: score, trend, pains and delights, warnings, tickets, measures; "
     "?month=2026-03&lang=zh-CN",
     .handle = month, .query = "month lang where zone",
     .gives = "{\"type\": \"string\", \"format\": \"binary\"}", .gives_as = "application/pdf"},
};
const page page_reports = {
    .name = "reports", .title = "Reports", .routes = routes, .routes_n = COUNT(routes)};
