/* guess.c - which field a column is: by its name in Chinese or English, held against its values. */
#include "hear/guess.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "kern/num6.h"

/* Names as they stand in exports, the surest first; lower case, without blanks and marks. */
static const struct {
    const char *field, *names;
} synonyms[] = {
    {"words", "words text content comment comments review reviewtext reviewbody reviewcontent "
              "reviewcommentmessage commenttext "
              "usertext verbatim feedback message body tweet transcript utterance answer opinion "
              "description remark remarks "
              "评论内容 评价内容 留言内容 留言详情 反馈内容 投诉内容 通话内容 聊天内容 对话内容 "
              "问题描述 评论 评价 内容 留言 反馈 意见 "
              "建议 投诉 文本 正文 原文 描述 评语 點評 评论详情 評論內容 評價內容 留言內容 "
              "留言詳情 回饋內容 意見內容 投訴內容 "
              "通話內容 問題描述 評論 評價 內容 回饋 意見 建議 投訴 文字 描述內容"},
    {"occurred_at", "occurredat occurred datetime timestamp createdat created creationdate "
                    "reviewcreationdate reviewdate reviewtime "
                    "commentdate commenttime postedat posteddate posted submittedat submitted "
                    "answeredat responsedate orderdate "
                    "eventtime date time at when 发生时间 评论时间 评价时间 留言时间 反馈时间 "
                    "投诉时间 提交时间 创建时间 发布时间 下单时间 "
                    "通话时间 答题时间 时间 日期 评论日期 评价日期 發生時間 評論時間 評價時間 "
                    "留言時間 回饋時間 投訴時間 提交時間 建立時間 "
                    "發布時間 下單時間 通話時間 填答時間 時間 評論日期 評價日期"},
    {"customer", "customer customerid customercode customeruniqueid user userid username memberid "
                 "member clientid client buyerid "
                 "buyer openid unionid email phone mobile author customername 客户 客户编号 客户id "
                 "客户号 用户 用户id 用户编号 用户名 "
                 "会员 会员号 会员id 手机号 手机 邮箱 买家 留言用户 昵称 客戶 客戶編號 客戶id "
                 "使用者 用戶 用戶id 會員 會員編號 手機 手機號碼 "
                 "電子郵件 買家 留言用戶"},
    {"channel", "channel channelname 渠道 渠道名称 来源渠道 反馈渠道 通路 管道 來源渠道 渠道名稱"},
    {"touchpoint", "touchpoint stage journeystage 触点 接触点 环节 觸點 接觸點 環節"},
    {"product", "product productname productid item itemname sku model 产品 产品名称 商品 商品名称 "
                "车型 型号 產品 產品名稱 商品名稱 車型 型號"},
    {"event",
     "event eventname eventtype activity 事件 事件名称 事件类型 行为 事件名稱 事件類型 行為"},
    {"amount", "amount orderamount totalamount total payment paymentvalue paid revenue spend 金额 "
               "订单金额 支付金额 实付金额 消费金额 金額 "
               "訂單金額 支付金額 實付金額 消費金額"},
    {"currency", "currency currencycode 币种 货币 幣別 貨幣 幣種"},
    {"external_id", "externalid reviewid commentid tweetid feedbackid responseid messageid "
                    "ticketid recordid id uuid guid caseid "
                    "留言编号 评论编号 评论id 评价id 反馈编号 工单号 工单编号 流水号 编号 记录号 "
                    "留言編號 評論編號 評論id 評價id 回饋編號 工單號 "
                    "工單編號 流水號 編號"},
    {"score:nps", "nps npsscore netpromoterscore likelihoodtorecommend recommendscore "
                  "recommendation recommend 推荐意愿 推荐度 推荐分 "
                  "推荐值 推荐 净推荐值 推薦意願 推薦度 推薦分 推薦值 推薦 淨推薦值"},
    {"score:csat", "csat csatscore satisfaction satisfactionscore satisfactionrating 满意度 "
                   "满意度评分 满意度打分 滿意度 滿意度評分"},
    {"score:ces", "ces cesscore effort effortscore customereffort customereffortscore 费力度 "
                  "费力程度 費力度 費力程度"},
    {"score:rating5", "rating stars star starrating overallrating reviewscore reviewrating score "
                      "评分 星级 打分 得分 总评分 评星 評分 星級 總評分 評星"},
};

static const char *const plain_fields[] = {"words",      "occurred_at", "customer", "channel",
                                           "touchpoint", "product",     "event",    "amount",
                                           "currency",   "external_id"};

bool field_known(str f) {
    for (size_t i = 0; i < COUNT(plain_fields); i++)
        if (str_eq(f, str_of(plain_fields[i]))) return true;
    return (str_starts(f, S("score:")) && f.n > 6) || (str_starts(f, S("attr:")) && f.n > 5);
}

/* Lower case, without blanks, marks and what stands in brackets. */
static str name_key(str s, char *into, size_t max) {
    size_t n = 0;
    for (size_t i = 0; i < s.n && n < max; i++) {
        char c = s.p[i];
        if (c == '(' || str_starts(str_from(s, i), S("（"))) break;
        if (memchr(" _-./:\t#*", c, 9)) continue;
        into[n++] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
    }
    return (str){into, n};
}

int guess_name(str column, const char *name) {
    char z[LIMIT_NAME_BYTES];
    str key = name_key(column, z, sizeof z);
    for (size_t i = 0; i < COUNT(synonyms); i++) {
        if (strcmp(synonyms[i].field, name) != 0) continue;
        str rest = str_of(synonyms[i].names), one;
        for (int rank = 0; rest.n; rank++) {
            if (!str_cut(rest, ' ', &one, &rest)) one = rest, rest = NO_STR;
            if (str_eq(one, key)) return rank;
        }
    }
    return -1;
}

/* ---- hashes ---- */

static size_t hash_place(const hash_set *h, u64 hash) {
    size_t i = hash & (h->cap - 1);
    while (h->slots[i] && h->slots[i] != hash) i = (i + 1) & (h->cap - 1);
    return i;
}

static void hash_set_grow(hash_set *h) {
    hash_set old = *h;
    h->cap = old.cap ? old.cap * 2 : 1024;
    h->slots = mem_new(h->cap, sizeof *h->slots);
    for (size_t i = 0; i < old.cap; i++)
        if (old.slots[i]) h->slots[hash_place(h, old.slots[i])] = old.slots[i];
    free(old.slots);
}

bool hash_set_add(hash_set *h, u64 hash) {
    hash += hash == 0;
    if (h->n >= (size_t)LIMIT_HASHED_ROWS) return h->full = true, false;
    if (h->n * 4 >= h->cap * 3) hash_set_grow(h);
    size_t i = hash_place(h, hash);
    if (h->slots[i]) return h->twice = true, false;
    h->slots[i] = hash;
    h->n++;
    return true;
}

void hash_set_clear(hash_set *h) {
    free(h->slots);
    *h = (hash_set){0};
}

/* ---- values ---- */

bool amount_read(str s, num6 *out) {
    static const char *const signs[] = {"NT$", "US$", "HK$", "¥",   "￥", "$",
                                        "€",   "£",   "RMB", "CNY", "元"};
    char z[40];
    size_t n = 0;
    s = str_trim(s);
    for (size_t i = 0; i < COUNT(signs); i++) {
        str sign = str_of(signs[i]);
        if (str_starts(s, sign)) s = str_trim(str_from(s, sign.n));
        if (str_ends(s, sign)) s = str_trim(str_head(s, s.n - sign.n));
    }
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ',') continue;
        if (n == sizeof z) return false;
        z[n++] = s.p[i];
    }
    return num6_parse((str){z, n}, out);
}

static void survey_number(column_stats *c, str cell) {
    num6 v;
    c->amounts += amount_read(cell, &v);
    if (!num6_parse(cell, &v)) return;
    double d = num6_double(v);
    if (c->numbers == 0 || d < c->min) c->min = d;
    if (c->numbers == 0 || d > c->max) c->max = d;
    c->numbers++;
    c->whole += v % NUM6_ONE == 0;
    c->leading_zero += cell.n > 1 && cell.p[0] == '0' && cell.p[1] != '.';
}

static void survey_date(column_stats *c, str cell) {
    i64 ms, seen = c->filled - 1;
    if (cell.n > 40 || (seen > 50 && MAX(c->day_first, c->month_first) * 10 < seen * 9)) return;
    bool year = cell.n >= 8 && cell.p[0] >= '1' && cell.p[0] <= '2' && cell.p[1] >= '0' &&
                cell.p[1] <= '9' && cell.p[2] >= '0' && cell.p[2] <= '9';
    bool day = date_read(cell, DATE_DMY, 0, &ms);
    c->day_first += day;
    c->month_first += year ? day : date_read(cell, DATE_MDY, 0, &ms);
    c->year_first += year && day;
}

static void survey_example(arena *a, column_stats *c, str cell) {
    str clip = utf8_clip(cell, 60);
    for (size_t i = 0; i < PLAN_EXAMPLES; i++) {
        if (c->examples[i].p && str_eq(c->examples[i], clip)) return;
        if (c->examples[i].p) continue;
        c->examples[i] = arena_str(a, clip);
        return;
    }
}

void survey_cell(arena *a, column_stats *c, str cell) {
    str s = str_trim(cell);
    if (s.n == 0) return;
    c->filled++;
    c->bytes += (i64)s.n;
    if (s.n <= 32) survey_number(c, s);
    survey_date(c, s);
    if (!c->examples[PLAN_EXAMPLES - 1].p) survey_example(a, c, s);
    if (c->may_be_id && !c->seen.twice) hash_set_add(&c->seen, str_hash(s));
}

/* ---- deciding ---- */

static bool nearly(i64 part, i64 whole) {
    return whole > 0 && part * 20 >= whole * 19;
}

static bool all_numbers(const column_stats *c) {
    return c->filled > 0 && c->numbers == c->filled;
}

static bool within(const column_stats *c, double low, double high) {
    return all_numbers(c) && c->min >= low && c->max <= high;
}

/* What bare numbers under a date's name count; false if they are no dates. */
static bool number_dates(const column_stats *c, date_style *out) {
    if (within(c, 1e9, 4e9)) return *out = DATE_UNIX_S, true;
    if (within(c, 1e12, 4e12)) return *out = DATE_UNIX_MS, true;
    if (within(c, 20000, 80000)) return *out = DATE_EXCEL, true;
    return false;
}

static bool dates_of(const column_stats *c, bool named, date_style *style, const char **why) {
    if (all_numbers(c) && number_dates(c, style))
        return *why = "numbers that count from a day", true;
    i64 read = MAX(c->day_first, c->month_first);
    if (named ? read == 0 || read * 2 < c->filled : !nearly(read, c->filled))
        return false; /* a name forgives bad cells */
    *style = DATE_YMD;
    *why = "dates, the year first";
    if (c->year_first == c->day_first && c->year_first == c->month_first) return true;
    *style = c->day_first > c->month_first ? DATE_DMY : DATE_MDY;
    *why = c->day_first > c->month_first ? "dates, the day first (no other order fits all rows)"
           : c->month_first > c->day_first
               ? "dates, the month first (no other order fits all rows)"
               : "dates; day and month could be either way round: --dates dmy|mdy";
    return true;
}

static bool is_taken(const plan *p, const char *name) {
    for (size_t i = 0; i < p->columns_n; i++)
        if (str_eq(p->columns[i].field, str_of(name))) return true;
    return false;
}

/* Do the values allow what the name says? */
static bool values_fit(const survey *s, size_t i, const char *name) {
    const column_stats *c = &s->stats[i];
    date_style style;
    const char *why;
    if (s->mended && (strcmp(name, "occurred_at") == 0 || strcmp(name, "amount") == 0))
        return c->filled > 0;
    if (strcmp(name, "occurred_at") == 0) return dates_of(c, true, &style, &why);
    if (strcmp(name, "external_id") == 0)
        return s->whole && c->filled == s->taken && !c->seen.twice && !c->seen.full &&
               c->filled > 0;
    if (strcmp(name, "words") == 0) return !all_numbers(c);
    if (strcmp(name, "amount") == 0) return nearly(c->amounts, c->filled);
    if (strcmp(name, "score:nps") == 0)
        return within(c, 0, 10) && c->whole == c->numbers && c->max > 1;
    if (strcmp(name, "score:csat") == 0) return within(c, 1, 10) && c->max > 1;
    if (strcmp(name, "score:ces") == 0) return within(c, 1, 7) && c->max > 1;
    if (strcmp(name, "score:rating5") == 0) return within(c, 1, 5) && c->max > 1;
    return c->filled > 0;
}

static void guess_field(const survey *s, plan *p, const char *name) {
    int best = INT_MAX;
    size_t hit = 0;
    if (is_taken(p, name)) return;
    for (size_t i = 0; i < s->n; i++) {
        int rank = p->columns[i].field.p ? -1 : guess_name(s->names[i], name);
        if (rank < 0 || rank >= best || !values_fit(s, i, name)) continue;
        best = rank;
        hit = i;
    }
    if (best == INT_MAX) return;
    plan_column *c = &p->columns[hit];
    c->field = str_of(name);
    c->why = "its name and values";
    c->dates = DATE_YMD;
    if (strcmp(name, "occurred_at") == 0) dates_of(&s->stats[hit], true, &c->dates, &c->why);
    if (strcmp(name, "external_id") == 0) c->why = "its name; unique in the whole file";
    if (strcmp(name, "external_id") == 0) p->external_id_unique = true;
}

/* A file that names nothing as its words may still hold them: the column of long texts. */
static void guess_words_by_length(const survey *s, plan *p) {
    i64 best = 0;
    size_t hit = 0;
    if (is_taken(p, "words")) return;
    for (size_t i = 0; i < s->n; i++) {
        const column_stats *c = &s->stats[i];
        i64 mean = c->filled ? c->bytes / c->filled : 0;
        if (p->columns[i].field.p || mean < 24 || mean <= best || c->numbers * 2 > c->filled ||
            !c->examples[1].p)
            continue;
        if (nearly(c->day_first, c->filled)) continue;
        best = mean;
        hit = i;
    }
    if (best == 0) return;
    p->columns[hit].field = S("words");
    p->columns[hit].why = "the column of the longest texts";
}

/* The only column of dates is when it happened, whatever its name. */
static void guess_dates_by_values(const survey *s, plan *p) {
    size_t hits = 0, hit = 0;
    date_style style;
    const char *why;
    if (is_taken(p, "occurred_at")) return;
    for (size_t i = 0; i < s->n; i++) {
        if (p->columns[i].field.p || all_numbers(&s->stats[i]) ||
            !dates_of(&s->stats[i], false, &style, &why))
            continue;
        hits++;
        hit = i;
    }
    if (hits != 1) return;
    plan_column *c = &p->columns[hit];
    c->field = S("occurred_at");
    dates_of(&s->stats[hit], false, &c->dates, &c->why);
}

static void guess_rest(arena *a, const survey *s, plan_column *c, size_t i) {
    const column_stats *st = &s->stats[i];
    str name = s->names[i];
    if (str_eq(name, S("heed_line")) || str_eq(name, S("heed_field")) ||
        str_eq(name, S("heed_reason"))) {
        c->field = S("-");
        c->why = "our own note in a reject file";
        return;
    }
    c->number = all_numbers(st) && st->leading_zero == 0;
    bool ten = guess_name(name, "score:rating5") >= 0 && within(st, 0, 10) && st->max > 5;
    if (ten) {
        c->field = S("score:rating10");
        c->why = "its name and values";
        return;
    }
    c->field = field_known(name) && str_find(name, S(":")) > 0
                   ? name
                   : arena_fmt(a, "attr:%.*s", STR_ARG(name));
    c->why = st->filled == 0 ? "empty throughout" : c->number ? "numbers" : "text";
    if (guess_name(name, "external_id") >= 0 && s->whole && st->filled > 0) {
        c->number = false; /* nobody adds up the numbers of cases */
        c->why = "not unique, so no external_id";
    }
}

void guess_columns(arena *a, const survey *s, plan *p, const plan_wish *w) {
    check(p->columns_n == s->n);
    for (size_t i = 0; i < COUNT(synonyms); i++) guess_field(s, p, synonyms[i].field);
    guess_dates_by_values(s, p);
    guess_words_by_length(s, p);
    for (size_t i = 0; i < s->n; i++) {
        plan_column *c = &p->columns[i];
        date_style style;
        const char *why;
        if (!c->field.p) guess_rest(a, s, c, i);
        if (c->field.p && strcmp(c->why, "told") == 0) {
            c->number = all_numbers(&s->stats[i]) && s->stats[i].leading_zero == 0;
            if (dates_of(&s->stats[i], true, &style, &why)) c->dates = style;
        }
        bool forced = w->dates.p && str_eq(c->field, S("occurred_at"));
        if (forced && !date_style_find(w->dates, &c->dates))
            check(false); /* hear_look has looked */
    }
}
