/* spam.c - marks what is obviously not feedback: advertising, filling, hammering on keys.
**
** Advertising: points for URLs (1 each, at most 3), ways to get in touch (1), and promotion words
** (1 each, at most 3); marked at 4 points if there is a URL or a contact.
** Filling: 60 or more characters that are one piece repeated 8 or more times.
** Hammering: 16 or more ASCII letters, more than half of them in runs of 6 or more consonants.
** It only marks; the thresholds rather let spam pass than mark a customer. */
#include "base/utf8.h"
#include "clarify/step.h"

enum {
    POINTS_SPAM = 4,
    POINTS_CAP = 3,
    FILL_MIN = 60,
    FILL_TIMES = 8,
    HEAD = 6,
    KEYS_MIN = 16,
    KEYS_RUN = 6
};

static u32 count_of(str s, str needle, u32 most) {
    u32 n = 0;
    for (ptrdiff_t at; n < most && (at = str_find(s, needle)) >= 0; n++)
        s = str_from(s, (size_t)at + needle.n);
    return n;
}

/* clang-format off */
static const char *const promotions[] = {
    "加微信", "加我微", "加qq", "加群", "进群", "代理", "兼职", "日赚", "月入", "返利", "刷单", "贷款",
    "优惠券群", "免费领", "私聊", "引流", "发票", "博彩", "彩票", "棋牌", "成人", "推广", "代开", "高仿",
    "点击链接", "淘宝搜", "click here", "buy now", "free gift", "earn money", "make money",
    "work from home", "casino", "viagra", "crypto", "limited offer", "subscribe to my", "visit my",
    "promo code", "whatsapp me", "dm me", "cheap price", "100% free", "followers"};
static const char *const contacts[] = {
    "<qq>", "<微信>", "<wechat>", "<手机>", "<phone>", "<邮箱>", "<email>"};
/* clang-format on */

static bool is_advertising(const clarifying *c) {
    str f = c->out->folded;
    u32 words = 0, reach = 0;
    bool may = memchr(f.p, '<', f.n) || memchr(f.p, '/', f.n) || count_of(f, S("www."), 1);
    if (!may) return false; /* no token, no URL */
    u32 urls = count_of(f, S("://"), POINTS_CAP) + count_of(f, S("www."), POINTS_CAP);
    for (size_t i = 0; i < COUNT(contacts) && !reach; i++)
        reach = count_of(f, str_of(contacts[i]), 1);
    if (urls + reach == 0) return false;
    for (size_t i = 0; i < COUNT(promotions); i++) words += count_of(f, str_of(promotions[i]), 1);
    return words > 0 && MIN(urls, POINTS_CAP) + reach + MIN(words, POINTS_CAP) >= POINTS_SPAM;
}

/* The smallest period of the bytes, by the failure function of Knuth, Morris and Pratt. */
static bool is_filling(const clarifying *c) {
    str s = str_trim(c->out->folded);
    if (c->out->folded_chars < FILL_MIN) return false;
    /* Most texts end here: a piece so short would have to come again soon. */
    if (!memmem(s.p + 1, s.n / FILL_TIMES + HEAD, s.p, HEAD)) return false;
    u32 *fail_at = NEW_N(c->a, u32, s.n + 1);
    u32 k = 0;
    for (u32 i = 1; i < s.n; i++) {
        while (k > 0 && s.p[i] != s.p[k]) k = fail_at[k];
        if (s.p[i] == s.p[k]) k++;
        fail_at[i + 1] = k;
    }
    size_t period = s.n - fail_at[s.n];
    return period * FILL_TIMES <= s.n;
}

static bool is_hammering(str s) {
    enum { vowels = 1 << 0 | 1 << 4 | 1 << 8 | 1 << 14 | 1 << 20 | 1 << 24 }; /* a e i o u y */
    u32 letters = 0, in_runs = 0, run = 0;
    for (size_t i = 0; i <= s.n; i++) {
        char p = i < s.n ? s.p[i] : ' ';
        bool letter = p >= 'a' && p <= 'z';
        letters += letter;
        if (letter && !(vowels >> (p - 'a') & 1)) {
            run++;
            continue;
        }
        if (run >= KEYS_RUN) in_runs += run;
        run = 0;
    }
    return letters >= KEYS_MIN && in_runs * 2 > letters;
}

static void run(clarifying *c) {
    if (is_advertising(c) || is_filling(c) || is_hammering(c->out->folded))
        c->ins->row.quality = S("spam");
}

const step step_spam = {
    .name = "spam",
    .title = "Obvious spam",
    .help =
        "Marks advertising with contacts, one piece repeated over and over, and hammering on keys.",
    .order = 70,
    .run = run,
};
