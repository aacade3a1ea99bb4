/* tally_questions.h - the twelve questions of the tally's benchmark, each with its SQL.  The first wording
** is for every database; the others are what DuckDB may do better with: its best time counts.
** signals(id, channel, touchpoint, product, city, customer, day, nps, cents, mood)
** mentions(signal, aspect, polarity, touchpoint, product, day): what they are asked by stands in both.  */
#ifndef BENCH_TALLY_QUESTIONS_H
#define BENCH_TALLY_QUESTIONS_H
#include "store/tally.h"

typedef enum { TELL_COUNT, TELL_NPS, TELL_SHARE, TELL_DISTINCT, TELL_AMOUNT } telling;
enum { QUESTIONS = 12, WORDINGS = 4 };
typedef struct {
    const char *name, *where, *by[3];
    by_unit unit[3];
    telling tell;
    const char *sql[WORDINGS];
} question;

#define NPS                                                                                        \
    "count(*), count(nps), sum(case when nps >= 9 then 1 else 0 end), "                            \
    "sum(case when nps <= 6 then 1 else 0 end)"
#define NPS_IF "count(*), count(nps), count_if(nps >= 9), count_if(nps <= 6)"
/* Two steps: DuckDB counts small groups without a hash, and adds them up. */
#define NPS_TOLD                                                                                   \
    "coalesce(sum(c) filter (nps is not null), 0), coalesce(sum(c) filter (nps >= 9), 0), "        \
    "coalesce(sum(c) filter (nps <= 6), 0)"
#define WEEK "day - (day + 3) % 7"
#define FILTERS                                                                                    \
    " where product in ('product-1','product-2','product-3','product-4','product-5') and "         \
    "city <> 'city-7' and day >= 19783 and day < 19997 "
#define QUARTER                                                                                    \
    " where product = 'product-3' and polarity = 'negative' and day >= 19814 and day < 19905 "
#define QUARTER_OF                                                                                 \
    "case when day < 19814 then 19723 when day < 19905 then 19814 when day < 19997 then 19905 "    \
    "when day < 20089 then 19997 when day < 20179 then 20089 when day < 20270 then 20179 "         \
    "when day < 20362 then 20270 else 20362 end"
#define TALK " where channel in ('call','chat') "

static const question questions[QUESTIONS] = {
    {"nps by channel",
     "",
     {"channel"},
     {0},
     TELL_NPS,
     {"select channel, '', ''," NPS " from signals group by 1",
      "select channel, '', ''," NPS_IF " from signals group by 1",
      "select channel, '', '', sum(c)," NPS_TOLD
      " from (select channel, nps, count(*) c from signals group by 1, 2) x group by 1"}},
    {"nps by channel, week",
     "",
     {"channel", "occurred_at"},
     {0, BY_WEEK},
     TELL_NPS,
     {"select channel," WEEK ", ''," NPS " from signals group by 1, 2",
      "select channel," WEEK ", ''," NPS_IF " from signals group by 1, 2",
      "select channel," WEEK ", '', sum(c)," NPS_TOLD
      " from (select channel, day, nps, count(*) c from signals group by 1, 2, 3) x group by 1, "
      "2"}},
    {"nps by product, week",
     "",
     {"product", "occurred_at"},
     {0, BY_WEEK},
     TELL_NPS,
     {"select product," WEEK ", ''," NPS " from signals group by 1, 2",
      "select product," WEEK ", ''," NPS_IF " from signals group by 1, 2",
      "select product," WEEK ", '', sum(c)," NPS_TOLD
      " from (select product, day, nps, count(*) c from signals group by 1, 2, 3) x group by 1, "
      "2"}},
    {"nps by channel, week, 3 filters",
     "product in ('product-1','product-2','product-3','product-4','product-5') and "
     "city != 'city-7' and occurred_at >= 2024-03-01 and occurred_at < 2024-10-01",
     {"channel", "occurred_at"},
     {0, BY_WEEK},
     TELL_NPS,
     {"select channel," WEEK ", ''," NPS " from signals" FILTERS "group by 1, 2",
      "select channel," WEEK ", ''," NPS_IF " from signals" FILTERS "group by 1, 2",
      "select channel," WEEK ", '', sum(c)," NPS_TOLD
      " from (select channel, day, nps, count(*) c from signals" FILTERS
      "group by 1, 2, 3) x group by 1, 2"}},
    {"negative share by touchpoint, week",
     "channel in ('call','chat')",
     {"touchpoint", "occurred_at"},
     {0, BY_WEEK},
     TELL_SHARE,
     {"select touchpoint," WEEK ", '', count(*), count(mood), "
      "sum(case when mood = 'negative' then 1 else 0 end) from signals" TALK "group by 1, 2",
      "select touchpoint," WEEK ", '', count(*), count(mood), count_if(mood = 'negative') "
      "from signals" TALK "group by 1, 2",
      "select touchpoint," WEEK ", '', sum(c), coalesce(sum(c) filter (mood is not null), 0), "
      "coalesce(sum(c) filter (mood = 'negative'), 0) from (select touchpoint, day, mood, count(*) "
      "c "
      "from signals" TALK "group by 1, 2, 3) x group by 1, 2"}},
    {"aspect x touchpoint",
     "aspect is not missing",
     {"aspect", "touchpoint"},
     {0},
     TELL_COUNT,
     {"select aspect, touchpoint, '', count(distinct signal) from mentions group by 1, 2",
      "select aspect, touchpoint, '', count(*) from (select distinct signal, aspect, touchpoint "
      "from "
      "mentions) x group by 1, 2",
      "select aspect, touchpoint, '', count(*) from (select signal s, aspect, touchpoint, "
      "lag(signal) over () s1, lag(aspect) over () a1, lag(signal, 2) over () s2, lag(aspect, 2) "
      "over () a2, lag(signal, 3) over () s3, lag(aspect, 3) over () a3 from mentions) x where "
      "(s <> s1 or aspect <> a1) is not false and (s <> s2 or aspect <> a2) is not false and "
      "(s <> s3 or aspect <> a3) is not false group by 1, 2"}},
    {"aspect x polarity x touchpoint",
     "aspect is not missing",
     {"aspect", "polarity", "touchpoint"},
     {0},
     TELL_COUNT,
     {"select aspect, polarity, touchpoint, count(*) from mentions group by 1, 2, 3"}},
    {"negative aspect x touchpoint, 3 filters",
     "product = 'product-3' and polarity = 'negative' and occurred_at >= 2024-04-01 and "
     "occurred_at < 2024-07-01",
     {"aspect", "touchpoint"},
     {0},
     TELL_COUNT,
     {"select aspect, touchpoint, '', count(*) from mentions" QUARTER "group by 1, 2"}},
    {"customers by channel",
     "",
     {"channel"},
     {0},
     TELL_DISTINCT,
     {"select channel, '', '', count(*), count(distinct customer) from signals group by 1",
      "select channel, '', '', sum(c), count(*) from (select channel, customer, count(*) c from "
      "signals group by 1, 2) x group by 1"}},
    {"customers by touchpoint, quarter",
     "",
     {"touchpoint", "occurred_at"},
     {0, BY_QUARTER},
     TELL_DISTINCT,
     {"select touchpoint," QUARTER_OF " q, '', count(*), count(distinct customer) from signals "
      "group by 1, 2",
      "select touchpoint, q, '', sum(c), count(*) from (select touchpoint," QUARTER_OF
      " q, customer, count(*) c from signals group by 1, 2, 3) x group by 1, 2"}},
    {"amounts by product, channel",
     "",
     {"product", "channel"},
     {0},
     TELL_AMOUNT,
     {"select product, channel, '', count(cents), sum(cents), min(cents), max(cents) from signals "
      "group by 1, 2"}},
    {"nps by city, channel, amount from 200",
     "amount >= 200 and sentiment = 'positive'",
     {"city", "channel"},
     {0},
     TELL_NPS,
     {"select city, channel, ''," NPS
      " from signals where cents >= 20000 and mood = 'positive' group by 1, 2",
      "select city, channel, ''," NPS_IF
      " from signals where cents >= 20000 and mood = 'positive' group by 1, 2",
      "select city, channel, '', sum(c)," NPS_TOLD
      " from (select city, channel, nps, count(*) c from "
      "signals where cents >= 20000 and mood = 'positive' group by 1, 2, 3) x group by 1, 2"}},
};
#endif
