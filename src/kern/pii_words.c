/* pii_words.c - names, addresses, plates and accounts: what is personal by the words around it. */
#include "base/utf8.h"
#include "kern/hans.h"
#include "kern/pii_parts.h"

/* ---- what characters mean ---- */

static u8 chars[0x10000];
static pthread_once_t chars_once = PTHREAD_ONCE_INIT;

static void mark(const char *list, u8 bit) {
    str s = str_of(list);
    for (size_t i = 0; i < s.n;) {
        u32 c = 0;
        i += (size_t)utf8_get(s, i, &c);
        check(c > 0 && c < 0x10000);
        chars[c] |= bit;
    }
}

static void chars_build(void) {
    mark("微薇威扣先女小太经师老收联寄签姓护", CH_TRIGGER);
    mark("王李张刘陈杨赵吴周徐孙胡朱郭林罗郑梁宋唐许韩冯邓曹彭曾萧肖蔡潘袁董叶杜苏魏吕丁沈姜范"
         "傅钟卢汪戴崔陆廖姚邹熊孟秦邱侯江尹薛阎雷龙陶贺毛郝龚邵万谭贾覃武莫孔汤黎温赖庞樊兰殷"
         "施洪翟倪严牛俞章鲁葛伍韦申尤毕聂焦柳邢岳齐梅庄辛管祝涂祁耿卜靳詹欧蒲褚娄甘卞"
         "柏柯阮舒屈霍翁甄臧",
         CH_SURNAME);
    mark("高黄白方于何马金田钱夏石余任谢易段史常程路乔文康时成顾向包单裴付代游古凌车华连麦"
         "明平木水关盛骆",
         CH_WEAK);
    mark("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼", CH_PROVINCE);
    mark("路街道巷弄段", CH_STREET);
    mark("的是了着过在和与跟给让被把对向为由我你您他她它们那这哪个位请问找叫联系说到从去来住寄往于"
         "及或"
         "也都还就但而因所天午晚才后前部店谢感多吗呢吧啊呀哦嗯喂服务员售客接待修理送货递快",
         CH_BORDER);
    for (size_t i = 0; i < hans_pairs_n; i++) chars[hans_pairs[i][0]] |= chars[hans_pairs[i][1]];
}

const u8 *pii_chars(void) {
    pthread_once(&chars_once, chars_build);
    return chars;
}

static u8 meaning(u32 c) {
    return c < 0x10000 ? chars[c] : 0;
}

/* The character that ends at byte at; *from gets where it starts.  0 at the start of the text. */
static u32 char_before(str t, size_t at, size_t *from) {
    u32 c = 0;
    *from = at;
    if (at == 0) return 0;
    do at--;
    while (at > 0 && ((u8)t.p[at] & 0xc0) == 0x80);
    *from = at;
    return utf8_get(t, at, &c) ? c : 0xfffd;
}

static u32 char_at(str t, size_t at, size_t *next) {
    u32 c = 0;
    *next = at;
    if (at >= t.n) return 0;
    int n = utf8_get(t, at, &c);
    *next = at + (n ? (size_t)n : 1);
    return n ? c : 0xfffd;
}

static bool is_border(u32 c) {
    return !cp_is_han(c) || (meaning(c) & CH_BORDER);
}
static bool is_surname(u32 c) {
    return cp_is_han(c) && (meaning(c) & (CH_SURNAME | CH_WEAK));
}

static size_t skip(str t, size_t at, const char *const *words, size_t n) {
    for (size_t i = 0; i < n; i++) {
        str w = str_of(words[i]);
        if (at <= t.n && t.n - at >= w.n && str_eq_nocase(str_head(str_from(t, at), w.n), w))
            return at + w.n;
    }
    return at;
}

/* ---- names ---- */

/* Ends of words that look like a surname before a title, and words that look like a name. */
static bool is_no_name(str name_and_before) {
    static const char *const words[] = {
        "上周",   "下周", "每周", "本周", "这周", "一周", "两周", "几周", "周末", "周边", "园林",
        "森林",   "林业", "江苏", "沈阳", "苏州", "郑州", "徐州", "许多", "也许", "允许", "王牌",
        "谢谢",   "感谢", "多谢", "保安", "任何", "如何", "基金", "对方", "官方", "地方", "双方",
        "多少钱", "罗马", "董事", "胡同", "子孙", "齐全", "管理", "企管", "主管", "总管", "城管",
        "保管",   "安装", "公安", "西安", "公司", "上司", "千万", "技术", "长沙", "欧洲", "洪水",
        "温馨",   "高温", "体温", "严重", "武汉", "黄牛", "辛苦", "和尚", "时尚", "岳阳", "汤包",
        "熊猫",   "小龙", "水龙", "兰州", "唐山", "龙头", "金龙", "庄园", "村庄", "山庄", "钱庄"};
    for (size_t i = 0; i < COUNT(words); i++)
        if (str_ends(name_and_before, str_of(words[i]))) return true;
    return false;
}

/* The name that ends at byte end, before a title: where it starts, or end if there is none. */
static size_t name_start(str t, size_t end) {
    size_t at[5];
    u32 c[5];
    at[0] = end;
    for (int i = 1; i <= 4; i++) c[i] = char_before(t, at[i - 1], &at[i]);
    if (!cp_is_han(c[1]) || is_no_name(str_head(t, end))) return end;
    bool given = !(meaning(c[1]) & CH_BORDER);
    if (given && (meaning(c[3]) & CH_SURNAME) && cp_is_han(c[2]) && !is_border(c[2]) &&
        is_border(c[4]) && !is_no_name(str_head(t, at[1])))
        return at[3];
    if (given && (meaning(c[2]) & CH_SURNAME) && is_border(c[3])) return at[2];
    if (meaning(c[1]) & CH_SURNAME) return at[1];
    if ((meaning(c[1]) & CH_WEAK) && is_border(c[2])) return at[1];
    return end;
}

static size_t name_before_title(pii_scan *s, size_t at) {
    static const char *const titles[] = {"先生", "女士", "小姐", "太太", "经理",
                                         "經理", "师傅", "師傅", "老师", "老師"};
    size_t to = skip(s->text, at, titles, COUNT(titles));
    if (to == at) return at;
    str rest = str_from(s->text, to);
    if (str_starts(rest, S("姐")) || str_starts(rest, S("妹"))) return to; /* 小姐姐 */
    if (str_ends(str_head(s->text, at), S("康")) && str_starts(str_from(s->text, at + 3), S("傅")))
        return to;
    size_t from = name_start(s->text, at); /* 康师傅 above is a brand */
    if (from < at) pii_add(s, PII_NAME, from, at);
    return to;
}

static size_t name_behind_label(pii_scan *s, size_t at) {
    static const char *const labels[] = {"收件人", "收货人", "收貨人", "联系人", "聯繫人",
                                         "聯絡人", "寄件人", "签收人", "簽收人", "姓名"};
    static const char *const fillers[] = {"：", ":", "是", "为", " "};
    static const char *const ends[] = {"电话", "電話", "手机", "手機", "地址",
                                       "联系", "身份", "先生", "女士", "小姐"};
    size_t from = skip(s->text, at, labels, COUNT(labels)), next = from;
    if (from == at) return at;
    for (int i = 0; i < 3; i++) from = skip(s->text, from, fillers, COUNT(fillers));
    bool marked = from > next;
    u32 c = char_at(s->text, from, &next);
    size_t to = from, chars_n = 0;
    bool surname = is_surname(c);
    while (cp_is_han(c) && chars_n < 5 && skip(s->text, to, ends, COUNT(ends)) == to) {
        to = next;
        chars_n++;
        c = char_at(s->text, to, &next);
    }
    bool whole = chars_n >= 2 && chars_n <= 4 && (marked || (surname && chars_n <= 3));
    if (chars_n == 5 && marked && surname) { /* the run goes on: surname and two more */
        for (to = from; chars_n > 2; chars_n--) char_at(s->text, to, &to);
        whole = true;
    }
    if (whole && (surname || chars_n <= 3)) pii_add(s, PII_NAME, from, to);
    return MAX(from, whole ? to : from);
}

static bool word_is(str t, size_t at, const char *word) {
    str w = str_of(word);
    return t.n - at >= w.n && str_eq_nocase(str_head(str_from(t, at), w.n), w) &&
           (at + w.n == t.n || !pii_is_letter(t.p[at + w.n]));
}

/* Capitalised words from at on, at most two; returns where they end. */
static size_t capital_words(str t, size_t at) {
    size_t to = at;
    for (int words = 0; words < 2; words++) {
        size_t i = to + (words ? 1 : 0);
        if (words && (to >= t.n || t.p[to] != ' ')) break;
        if (i + 1 >= t.n || !pii_is_upper(t.p[i]) || !(t.p[i + 1] >= 'a' && t.p[i + 1] <= 'z'))
            break;
        while (i < t.n && (pii_is_letter(t.p[i]) || ((t.p[i] == '\'' || t.p[i] == '-') &&
                                                     i + 1 < t.n && pii_is_letter(t.p[i + 1]))))
            i++;
        to = i;
    }
    return to;
}

static size_t english_name(pii_scan *s, size_t at) {
    static const char *const titles[] = {"mr", "mrs", "ms", "dr", "miss"};
    str t = s->text;
    size_t from = at;
    for (size_t i = 0; i < COUNT(titles) && from == at; i++)
        if (pii_is_upper(t.p[at]) && word_is(t, at, titles[i])) from = at + strlen(titles[i]);
    if (from > at && from < t.n && t.p[from] == '.') from++;
    if (from == at && t.n - at > 11 &&
        str_eq_nocase(str_head(str_from(t, at), 10), S("my name is")))
        from = at + 10;
    if (from == at || from >= t.n || t.p[from] != ' ') return at;
    from++;
    size_t to = capital_words(t, from);
    if (to == from) return at;
    pii_add(s, PII_NAME, from, to);
    return to;
}

/* ---- addresses ---- */

static bool street_before(str t, size_t at, size_t *street_from) {
    static const char *const others[] = {
        "知道", "味道", "报道", "报道", "频道", "通道", "渠道", "一路", "走路", "迷路", "上路",
        "这路", "问路", "道路", "电路", "线路", "逛街", "一道", "街道", "这段", "阶段", "时段"};
    size_t from, before;
    u32 c = char_before(t, at, &from);
    if (c == ' ') c = char_before(t, from, &from);
    size_t end = from;
    char_at(t, from, &end);
    if (!(meaning(c) & CH_STREET) || !cp_is_han(char_before(t, from, &before))) return false;
    for (size_t i = 0; i < COUNT(others); i++)
        if (str_ends(str_head(t, end), str_of(others[i]))) return false;
    *street_from = before;
    return true;
}

/* Rooms and buildings behind the number: digits or letters, then the word, again and again. */
static size_t address_tail(str t, size_t at) {
    static const char *const parts[] = {"号楼", "號樓", "单元", "單元", "栋", "棟",
                                        "幢",   "室",   "层",   "層",   "楼", "樓",
                                        "户",   "座",   "房",   "号",   "號", "弄"};
    for (;;) {
        size_t i = at;
        if (i < t.n && t.p[i] == ' ') i++;
        size_t from = i;
        while (i < t.n && (pii_is_alnum(t.p[i]) || t.p[i] == '-') && i - from < 8) i++;
        size_t next = i > from ? skip(t, i, parts, COUNT(parts)) : i;
        if (i == from || next == i) return at;
        at = next;
    }
}

bool pii_street_number(pii_scan *s, size_t from, size_t to) {
    static const char *const numbers[] = {"号", "號", "弄"};
    static const char *const lines[] = {"线", "線", "车", "車", "公交", "发", "發", "到"};
    str t = s->text;
    size_t end = skip(t, to, numbers, COUNT(numbers)), start;
    if (to - from > 5 || end == to || skip(t, end, lines, COUNT(lines)) != end) return false;
    if (!street_before(t, from, &start)) return false;
    for (int n = 0; n < 16; n++) { /* back over city and district */
        size_t before;
        u32 c = char_before(t, start, &before);
        if (!(cp_is_han(c) && !is_border(c)) && !(c >= '0' && c <= '9')) break;
        start = before;
    }
    pii_add(s, PII_ADDRESS, start, address_tail(t, end));
    return true;
}

bool pii_english_address(pii_scan *s, size_t from, size_t to) {
    static const char *const streets[] = {"street", "st", "avenue",  "ave",     "road",      "rd",
                                          "lane",   "ln", "drive",   "dr",      "boulevard", "blvd",
                                          "court",  "ct", "terrace", "crescent"};
    str t = s->text;
    if (to - from > 5 || to >= t.n || t.p[to] != ' ') return false;
    if (from > 0 && (pii_is_alnum(t.p[from - 1]) || t.p[from - 1] == '.')) return false;
    size_t at = to + 1;
    for (int words = 0; words < 4 && at < t.n; words++) {
        size_t end = at;
        while (end < t.n && pii_is_letter(t.p[end])) end++;
        if (end == at || !pii_is_upper(t.p[at])) return false;
        for (size_t i = 0; words > 0 && i < COUNT(streets); i++) {
            if (!str_eq_nocase((str){t.p + at, end - at}, str_of(streets[i]))) continue;
            pii_add(s, PII_ADDRESS, from, end);
            return true;
        }
        if (end >= t.n || t.p[end] != ' ') return false;
        at = end + 1;
    }
    return false;
}

/* ---- accounts and plates ---- */

static size_t qq_number(pii_scan *s, size_t word_end) {
    static const char *const fillers[] = {"号码", "號碼", "号", "號", "群",     "是",
                                          "：",   ":",    " ",  "=",  "number", "加"};
    size_t from = word_end, to;
    for (int i = 0; i < 5; i++) from = skip(s->text, from, fillers, COUNT(fillers));
    for (to = from; to < s->text.n && pii_is_digit(s->text.p[to]);) to++;
    bool number = to - from >= 5 && to - from <= 11 && s->text.p[from] != '0';
    if (!number || (to < s->text.n && (s->text.p[to] == '@' || pii_is_letter(s->text.p[to]))))
        return word_end;
    pii_add(s, PII_QQ, from, to);
    return to;
}

static size_t wechat_name(pii_scan *s, size_t word_end) {
    static const char *const fillers[] = {"号码", "號碼", "号", "號", "是", "：",
                                          ":",    " ",    "id", "加", "="};
    str t = s->text;
    size_t from = word_end, to;
    bool marked = false, digit = false;
    for (int i = 0; i < 4; i++) {
        size_t next = skip(t, from, fillers, COUNT(fillers));
        marked |= next > from && t.p[from] != ' ';
        from = next;
    }
    for (to = from; to < t.n && (pii_is_alnum(t.p[to]) || t.p[to] == '_' || t.p[to] == '-'); to++)
        digit |= pii_is_digit(t.p[to]) || t.p[to] == '_';
    bool named = to - from >= 6 && to - from <= 20 && pii_is_letter(t.p[from]) && (digit || marked);
    if (!named || (to < t.n && t.p[to] == '@')) return word_end;
    pii_add(s, PII_WECHAT, from, to);
    return to;
}

static size_t plate(pii_scan *s, size_t at) {
    str t = s->text;
    size_t i = at + 3, from, digits = 0, n = 0, next;
    if (i >= t.n || !pii_is_upper(t.p[i]) || t.p[i] == 'I' || t.p[i] == 'O') return at;
    i++;
    u32 c = char_at(t, i, &next);
    if (c == 0xb7 || c == 0x2022 || c == ' ' || c == '-' || c == '.' || c == 0x30fb) i = next;
    for (from = i; i < t.n && n < 6 && (pii_is_upper(t.p[i]) || pii_is_digit(t.p[i])); i++, n++)
        digits += pii_is_digit(t.p[i]);
    c = char_at(t, i, &next);
    bool special =
        n == 4 && (c == 0x6302 || c == 0x5b66 || c == 0x8b66 || c == 0x6e2f || c == 0x6fb3);
    if (special) i = next;
    if (!special && n != 5 && n != 6) return at;
    if (digits < 2 || (i < t.n && pii_is_alnum(t.p[i])) || memchr(t.p + from, 'O', n)) return at;
    pii_add(s, PII_PLATE, at, i);
    return i;
}

static size_t passport(pii_scan *s, size_t word_end) {
    static const char *const fillers[] = {"号码", "號碼", "号", "號",     "是",
                                          "：",   ":",    " ",  "number", "no."};
    str t = s->text;
    size_t from = word_end, to, digits = 0;
    for (int i = 0; i < 4; i++) from = skip(t, from, fillers, COUNT(fillers));
    for (to = from; to < t.n && pii_is_alnum(t.p[to]); to++) digits += pii_is_digit(t.p[to]);
    if (to - from < 8 || to - from > 9 || digits < 7) return word_end;
    pii_add(s, PII_PASSPORT, from, to);
    return to;
}

size_t pii_han(pii_scan *s, size_t at, u32 c) {
    static const char *const wechats[] = {"微信", "薇信", "威信"}, *const qqs[] = {"扣扣"},
                             *const passports[] = {"护照", "護照"};
    size_t to;
    if (meaning(c) & CH_PROVINCE && (to = plate(s, at)) > at) return to;
    if (!(meaning(c) & CH_TRIGGER)) return at;
    if ((to = skip(s->text, at, wechats, COUNT(wechats))) > at) return wechat_name(s, to);
    if ((to = skip(s->text, at, qqs, COUNT(qqs))) > at) return qq_number(s, to);
    if ((to = skip(s->text, at, passports, COUNT(passports))) > at) return passport(s, to);
    if ((to = name_before_title(s, at)) > at) return to;
    return name_behind_label(s, at);
}

size_t pii_latin(pii_scan *s, size_t at) {
    static const char *const wechats[] = {"wechat", "weixin", "v信", "vx", "wx"},
                             *const qqs[] = {"qq"}, *const passports[] = {"passport"};
    size_t to;
    switch (s->text.p[at] | 32) {
    case 'q':
        to = skip(s->text, at, qqs, COUNT(qqs));
        return to > at ? qq_number(s, to) : at;
    case 'v':
    case 'w':
        to = skip(s->text, at, wechats, COUNT(wechats));
        return to > at ? wechat_name(s, to) : at;
    case 'p':
        to = skip(s->text, at, passports, COUNT(passports));
        return to > at ? passport(s, to) : at;
    case 'm':
    case 'd':
        return english_name(s, at);
    default:
        return at;
    }
}
