/* hear_test.c - from a file to signals: columns, identity, rejects and mending, streams, resuming. */
#include "hear/room_test.h"

static void columns_are_known_by_name_in_three_scripts(void **state) {
    (void)state;
    hearing h = hearing_open(8 << 20);
    assert_str(hear_text(&h, S("a.csv"),
                         S("Comment,Created At,Customer ID,NPS,City\n\"late, again\",2026-02-01 "
                           "10:00,c7,3,Lyon\n,2026-02-02,c8,10,\n")),
               S("1 at=2026-02-01T10:00:00Z customer=c7 words=[late, again] "
                 "{\"City\":\"Lyon\",\"score:nps\":3}\n"
                 "2 at=2026-02-02T00:00:00Z customer=c8 {\"score:nps\":10}\n"));
    assert_str(hear_text(&h, S("b.csv"),
                         S("评价内容;评分;渠道;商品名称\n很慢;2;门店;拿铁\n不错;5;外卖;拿铁\n")),
               S("1 channel=门店 product=拿铁 words=[很慢] {\"score:rating5\":2}\n"
                 "2 channel=外卖 product=拿铁 words=[不错] {\"score:rating5\":5}\n"));
    assert_str(hear_text(&h, S("c.tsv"),
                         S("評論內容\t滿意度\t訂單金額\n送餐太慢\t2\tNT$1,250\n很好\t5\t99.5\n")),
               S("1 amount=1250 words=[送餐太慢] {\"score:csat\":2}\n2 amount=99.5 words=[很好] "
                 "{\"score:csat\":5}\n"));
    arena_close(h.a);
}

static void labels_and_codes_stay_what_they_are(void **state) {
    (void)state;
    hearing h = hearing_open(8 << 20);
    assert_str(
        hear_text(&h, S("a.csv"), S("text,recommended,zip,n\nfine,1,0755,7\nbad,0,2000,x\n")),
        S("1 words=[fine] {\"n\":\"7\",\"recommended\":1,\"zip\":\"0755\"}\n"
          "2 words=[bad] {\"n\":\"x\",\"recommended\":0,\"zip\":\"2000\"}\n"));
    arena_close(h.a);
}

static void the_order_of_day_and_month_is_proved_over_all_rows(void **state) {
    (void)state;
    hearing h = hearing_open(8 << 20);
    assert_str(hear_text(&h, S("a.csv"), S("date,text\n3/1/2026,a\n1/2/2026,b\n25/1/2026,c\n")),
               S("1 at=2026-01-03T00:00:00Z words=[a]\n2 at=2026-02-01T00:00:00Z words=[b]\n3 "
                 "at=2026-01-25T00:00:00Z words=[c]\n"));
    assert_str(hear_text(&h, S("a.csv"), S("date,text\n1/3/2026,a\n1/25/2026,b\n")),
               S("1 at=2026-01-03T00:00:00Z words=[a]\n2 at=2026-01-25T00:00:00Z words=[b]\n"));
    h.wish.dates = S("dmy");
    h.wish.zone_min = 480;
    assert_str(hear_text(&h, S("a.csv"), S("date,text\n3/1/2026 08:30,a\n1/25/2026,b\n")),
               S("1 at=2026-01-03T00:30:00Z words=[a]\n"
                 "2 ! line 3 date: \"1/25/2026\" is no date we read (as dmy); write it like "
                 "2026-03-01 20:05\n"));
    arena_close(h.a);
}

static void what_is_told_overrides_what_is_guessed(void **state) {
    (void)state;
    hearing h = hearing_open(8 << 20);
    field_value map[] = {{S("words"), S("b")}, {S("score:ces"), S("C")}, {S("-"), S("a")}};
    field_value set[] = {
        {S("channel"), S("call")}, {S("occurred_at"), S("2026-01-05")}, {S("attr:wave"), S("3")}};
    h.wish.map = map, h.wish.map_n = 3;
    h.wish.set = set, h.wish.set_n = 3;
    assert_str(
        hear_text(&h, S("x.csv"), S("a,b,c\nq,hello,4\nr,bye,high\n")),
        S("1 at=2026-01-05T00:00:00Z channel=call words=[hello] {\"score:ces\":4,\"wave\":3}\n"
          "2 ! line 3 c: \"high\" is no number, and score:ces is a score\n"));
    map[0].value = S("nothing");
    assert_str(hear_text(&h, S("x.csv"), S("a,b,c\nq,hello,4\n")),
               S("failed: --map words: the file has no column \"nothing\"; it has a, b, c\n"));
    map[0] = (field_value){S("wrods"), S("b")};
    assert_true(str_starts(hear_text(&h, S("x.csv"), S("a,b,c\nq,hello,4\n")),
                           S("failed: --map wrods: no such field")));
    h.wish.map_n = 0;
    set[1].value = S("soon");
    assert_true(str_starts(hear_text(&h, S("x.csv"), S("a,b\nq,hello\n")),
                           S("failed: --set occurred_at: \"soon\" is no date")));
    arena_close(h.a);
}

static void equal_rows_all_go_in_and_are_known_again(void **state) {
    (void)state;
    hearing h = hearing_open(8 << 20);
    h.ids = true;
    str text = S("text,n\nsame,1\nother,2\nsame,1\n");
    str once = arena_str(h.a, hear_text(&h, S("a.csv"), text));
    assert_str(hear_text(&h, S("a.csv"), text), once);
    assert_int_equal(str_find(once, S("1 id=h:")), 0);
    str line[3], rest = once;
    for (int i = 0; i < 3; i++) str_line(&rest, &line[i]);
    str first = str_head(str_from(line[0], 2), 39), third = str_head(str_from(line[2], 2), 39);
    assert_true(str_ends(first, S("#1")) && str_ends(third, S("#2")));
    assert_str(str_head(first, 37), str_head(third, 37));
    arena_close(h.a);
}

static void an_id_column_counts_only_when_it_is_unique(void **state) {
    (void)state;
    hearing h = hearing_open(8 << 20);
    h.ids = true;
    assert_str(hear_text(&h, S("a.csv"), S("id,text\n7,a\n8,b\n")),
               S("1 id=7 words=[a]\n2 id=8 words=[b]\n"));
    str out = hear_text(&h, S("a.csv"), S("id,text\n7,a\n7,b\n"));
    assert_true(str_starts(out, S("1 id=h:")) && str_find(out, S("{\"id\":\"7\"}")) > 0);
    field_value told = {S("external_id"), S("id")};
    h.wish.map = &told, h.wish.map_n = 1;
    assert_str(hear_text(&h, S("a.csv"), S("id,text\n7,a\n7,b\n")),
               S("1 id=7 words=[a]\n2 id=7 words=[b]\n"));
    arena_close(h.a);
}

static void a_resumed_reading_is_the_rest_of_the_whole(void **state) {
    (void)state;
    hearing h = hearing_open(32 << 20);
    h.ids = true;
    buf b = {.a = h.a};
    buf_str(&b, S("text,n\n"));
    for (int i = 0; i < 60; i++) buf_fmt(&b, i % 7 == 3 ? "broken\n" : "t%d,%d\n", i % 5, i % 3);
    str whole = arena_str(h.a, hear_text(&h, S("a.csv"), buf_view(&b)));
    for (h.skip = 0; h.skip <= 60; h.skip++) {
        str line, rest = whole;
        for (i64 i = 0; i < h.skip; i++) str_line(&rest, &line);
        assert_str(hear_text(&h, S("a.csv"), buf_view(&b)), rest);
    }
    arena_close(h.a);
}

static bool keep_reject(void *ctx, i64 no, const rejection *r, err *e) {
    (void)no, (void)e;
    plan p = {.columns = (plan_column[]){{.column = S("text")}, {.column = S("date")}},
              .columns_n = 2};
    buf *b = ctx;
    if (b->n == 0) reject_header(b, &p);
    reject_row(b, &p, r);
    return true;
}

static bool ignore_take(void *ctx, signal *s, i64 no, const record *r, err *e) {
    (void)ctx, (void)s, (void)no, (void)r, (void)e;
    return true;
}

static bool run_rejects(arena *a, void *ctx, err *e) {
    hear_source *s;
    plan p;
    plan_wish w = {.header = -1, .now_ms = TEST_NOW};
    hear_sink sink = {a, ignore_take, keep_reject, ctx};
    if (!hear_open(S("t/golden/hear/rejects.csv"), &s, e)) return false;
    bool ok = hear_look(a, s, &w, &p, e) && hear_follow(a, s, &p, 0, &sink, e);
    hear_close(s);
    return ok;
}

static void a_reject_file_can_be_mended_and_heard(void **state) {
    (void)state;
    err e;
    hearing h = hearing_open(8 << 20);
    buf b = {.a = h.a};
    assert_ok(job_run(64 << 20, run_rejects, &b, &e));
    str want = S("\xef\xbb\xbftext,date,heed_line,heed_field,heed_reason\n"
                 "too late,3026-99-01,3,date,\"\"\"3026-99-01\"\" is no date we read (as ymd); "
                 "write it like 2026-03-01 20:05\"\n"
                 "one,two,three,4,,the line has 3 cells where the header has 2\n"
                 "\"\"\"open,2026-01-01\",5,,\"a quote opened on line 5 closes before other text; "
                 "write a quote inside a cell twice\"\n"
                 "cut \xe5\xbf,2026-01-02,7,text,the bytes from number 5 of this cell on (E5 ...) "
                 "are not UTF-8\n");
    assert_str(buf_view(&b), want);
    /* unmended, nothing of it goes in */
    str again = hear_text(&h, S("r.csv"), buf_view(&b));
    assert_int_equal(str_find(again, S("words=")), -1);
    /* mended, it does, without our notes */
    assert_str(
        hear_text(&h, S("r.csv"),
                  S("text,date,heed_line,heed_field,heed_reason\ntoo late,2026-02-01,3,date,x\n")),
        S("1 at=2026-02-01T00:00:00Z words=[too late]\n"));
    arena_close(h.a);
}

static void the_plan_is_shown_in_columns(void **state) {
    (void)state;
    hearing h = hearing_open(8 << 20);
    h.plan = true;
    assert_str(hear_text(&h, S("s.csv"), S("评论,城市\n太慢了,上海\n")),
               S("s.csv: CSV, UTF-8, 1 records, source \"s\"\n"
                 "  column  field      why                  for example\n"
                 "  评论    words      its name and values  太慢了\n"
                 "  城市    attr:城市  text                 上海\n"
                 "  no column says when it happened: every row gets the moment it is read (or "
                 "--set occurred_at=DATE)\n"
                 "  no unique id: a row is known again by all its cells\n"
                 "1 words=[太慢了] {\"城市\":\"上海\"}\n"));
    arena_close(h.a);
}

static void standard_input_is_looked_at_and_then_followed(void **state) {
    (void)state;
    hearing h = hearing_open(64 << 20);
    buf b = {.a = h.a};
    buf_str(&b, S("id,text\n"));
    for (int i = 0; i < 60000; i++)
        buf_fmt(&b, "%d,some words about row %d and its parcel\n", i, i); /* > the head */
    char path[] = "/tmp/heed-stdin-XXXXXX";
    int fd = mkstemp(path), saved = dup(STDIN_FILENO);
    assert_true(fd >= 0 && write(fd, b.p, b.n) == (ssize_t)b.n && lseek(fd, 0, SEEK_SET) == 0);
    dup2(fd, STDIN_FILENO);
    str out = hear_path(&h, S("-"));
    dup2(saved, STDIN_FILENO);
    close(fd), close(saved), unlink(path);
    assert_int_equal(str_find(out, S("failed")), -1);
    assert_int_equal(str_find(out, S("!")), -1);
    assert_true(str_ends(
        out, S("60000 words=[some words about row 59999 and its parcel] {\"id\":59999}\n")));
    arena_close(h.a);
}

static void files_that_cannot_be_read_end_in_a_sentence(void **state) {
    (void)state;
    hearing h = hearing_open(8 << 20);
    assert_str(hear_path(&h, S("/nowhere/x.csv")),
               S("failed: /nowhere/x.csv cannot be opened: No such file or directory\n"));
    assert_str(hear_text(&h, S("x.csv"), S("")), S("failed: x.csv is empty\n"));
    assert_true(
        str_starts(hear_text(&h, S("x.png"), S("\x89PNG\r\n\x1a\n\0\0\0\0IHDR")),
                   S("failed: x.png is in no format we read (csv, json, jsonl, tsv, xes, xlsx)")));
    assert_true(str_starts(hear_text(&h, S("x.xls"), S("\xd0\xcf\x11\xe0\0\0\0\0")),
                           S("failed: x.xls is an old Excel file")));
    assert_true(
        str_find(hear_text(&h, S("x.csv.gz"), S("\x1f\x8b\x08\0\0\0\0\0\0\3\x4b")), S("gzip")) > 0);
    h.wish.format = S("parquet");
    assert_str(
        hear_text(&h, S("x.csv"), S("a,b\n1,2\n")),
        S("failed: format \"parquet\" is not known; there are csv, json, jsonl, tsv, xes, xlsx\n"));
    arena_close(h.a);
}

static void every_failing_allocation_ends_in_one_sentence(void **state) {
    (void)state;
    static const char *files[] = {"t/golden/hear/survey.csv", "t/golden/hear/orders.json",
                                  "t/golden/hear/chat.jsonl"};
    for (size_t i = 0; i < COUNT(files); i++) {
        i64 survived = -1;
        for (i64 n = 0; survived < 0; n++) {
            hearing h = {.wish = {.header = -1}};
            err e;
            h.path = str_of(files[i]);
            arena_fail_after(n);
            bool ok = job_run((size_t)64 << 20, hearing_run, &h, &e);
            arena_fail_after(-1);
            if (ok)
                survived = n;
            else
                assert_true(e.code == LIMIT || e.code == INVALID); /* or: no row could be read */
            buf_clear(&h.out);
        }
        assert_true(survived > 20);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_known_by_name_in_three_scripts),
        cmocka_unit_test(labels_and_codes_stay_what_they_are),
        cmocka_unit_test(the_order_of_day_and_month_is_proved_over_all_rows),
        cmocka_unit_test(what_is_told_overrides_what_is_guessed),
        cmocka_unit_test(equal_rows_all_go_in_and_are_known_again),
        cmocka_unit_test(an_id_column_counts_only_when_it_is_unique),
        cmocka_unit_test(a_resumed_reading_is_the_rest_of_the_whole),
        cmocka_unit_test(a_reject_file_can_be_mended_and_heard),
        cmocka_unit_test(the_plan_is_shown_in_columns),
        cmocka_unit_test(standard_input_is_looked_at_and_then_followed),
        cmocka_unit_test(files_that_cannot_be_read_end_in_a_sentence),
        cmocka_unit_test(every_failing_allocation_ends_in_one_sentence),
    };
    return RUN_TESTS(tests);
}
