/* metrics.c - counts of the server for Prometheus (text format 0.0.4). */
#include "api/api.h"
#include "flow/writer.h"

static void head(buf *b, const char *name, const char *type, const char *help) {
    buf_fmt(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void one(buf *b, const char *name, const char *type, const char *help, i64 v) {
    head(b, name, type, help);
    buf_fmt(b, "%s %" PRId64 "\n", name, v);
}

static void put_requests(buf *b, const http_counts *n) {
    head(b, "heed_http_requests_total", "counter",
         "Finished requests by class of status; 0xx: the client left.");
    for (size_t i = 0; i < COUNT(n->requests); i++)
        buf_fmt(b, "heed_http_requests_total{class=\"%zuxx\"} %" PRId64 "\n", i, n->requests[i]);
}

static void put_latency(buf *b, const http_counts *n) {
    i64 sum = 0;
    head(b, "heed_http_request_seconds", "histogram",
         "From the end of a request's head to the end of its answer.");
    for (size_t i = 0; i < HTTP_LATENCIES; i++) {
        sum += n->latency[i];
        if (i + 1 < HTTP_LATENCIES)
            buf_fmt(b, "heed_http_request_seconds_bucket{le=\"%g\"} %" PRId64 "\n",
                    (double)http_latency_us[i] / 1e6, sum);
        else
            buf_fmt(b, "heed_http_request_seconds_bucket{le=\"+Inf\"} %" PRId64 "\n", sum);
    }
    buf_fmt(b, "heed_http_request_seconds_sum %.6f\n", (double)n->latency_sum_us / 1e6);
    buf_fmt(b, "heed_http_request_seconds_count %" PRId64 "\n", sum);
}

static void put_http(buf *b, const http_counts *n) {
    one(b, "heed_http_connections_accepted_total", "counter", "Connections accepted.", n->accepted);
    one(b, "heed_http_connections_refused_total", "counter", "Connections above the limit.",
        n->turned_away);
    one(b, "heed_http_connections", "gauge", "Open connections.", n->open);
    one(b, "heed_http_requests_active", "gauge", "Requests in hand.", n->busy);
    one(b, "heed_http_requests_waiting", "gauge", "Requests waiting for a worker.", n->waiting);
    one(b, "heed_http_event_streams", "gauge", "Open event streams.", n->events);
    one(b, "heed_http_event_streams_dropped_total", "counter",
        "Event streams whose reader was too slow.", n->events_dropped);
    one(b, "heed_http_protocol_errors_total", "counter", "Requests that broke the protocol.",
        n->refused);
    one(b, "heed_http_timeouts_total", "counter", "Connections that were too slow.", n->timed_out);
    one(b, "heed_http_received_bytes_total", "counter", "Bytes received.", n->bytes_in);
    one(b, "heed_http_sent_bytes_total", "counter", "Bytes sent.", n->bytes_out);
}

static void put_writer(buf *b, const writer_totals *n) {
    one(b, "heed_signals_acknowledged_total", "counter",
        "Signals that were stored durably and answered, those known before too.", n->signals);
    one(b, "heed_signals_added_total", "counter", "Signals that were new.", n->added);
    one(b, "heed_signals_known_total", "counter", "Signals that were there already.", n->known);
    one(b, "heed_deeds_total", "counter", "Deeds planned by rules.", n->deeds);
    one(b, "heed_batches_total", "counter",
        "Commits of signals; each is one fsync, whoever shares it.", n->commits);
    one(b, "heed_batches_failed_total", "counter", "Commits of signals that failed.", n->failed);
    one(b, "heed_writer_waiting", "gauge", "Requests waiting for their signals to be written.",
        n->waiting);
}

/* Files handed in, by how far they are. */
static bool put_imports(api *x, buf *b, err *e) {
    static const char *const states[] = {"planned", "waiting", "running", "finished", "failed"};
    store *s;
    bool ok = true;
    if (!place_take(x, &s, e)) return false;
    head(b, "heed_imports", "gauge", "Files handed in, by state.");
    for (size_t i = 0; i < COUNT(states) && ok; i++) {
        i64 n = 0;
        store_query q = {.field = "state", .text = str_of(states[i])};
        ok = store_count(s, &noun_upload, &q, &n, e);
        buf_fmt(b, "heed_imports{state=\"%s\"} %" PRId64 "\n", states[i], n);
    }
    place_give(x, s);
    return ok;
}

static bool put_data(api *x, buf *b, err *e) {
    writer_totals n = {0};
    if (x->writer) writer_count(x->writer, &n);
    put_writer(b, &n);
    if (!x->s || !x->t) return true;
    one(b, "heed_tally_rows", "gauge", "Signals that questions count.", tally_rows_total(x->t));
    return put_imports(x, b, e);
}

static bool metrics(api *x, arena *a, asked *v, err *e) {
    buf b = {.a = a};
    http_counts n;
    check(x->http);
    http_server_counts(x->http, &n);
    head(&b, "heed_build_info", "gauge", "Version of the program.");
    buf_fmt(&b, "heed_build_info{version=\"%s\",compiler=\"%s\"} 1\n", HEED_VERSION, __VERSION__);
    one(&b, "heed_start_time_seconds", "gauge", "When the server was started, seconds since 1970.",
        x->started_ms / 1000);
    one(&b, "heed_ready", "gauge", "1 when questions can be answered.", atomic_load(&x->ready));
    put_requests(&b, &n);
    put_latency(&b, &n);
    put_http(&b, &n);
    if (!put_data(x, &b, e)) return false;
    http_add(v->http, "Cache-Control", S("no-store"));
    http_reply(v->http, 200, S("text/plain; version=0.0.4; charset=utf-8"), buf_view(&b));
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/metrics", "metrics.read", "Counts for Prometheus", .handle = metrics},
};
const page page_metrics = {
    .name = "metrics", .title = "Metrics", .routes = routes, .routes_n = COUNT(routes)};
