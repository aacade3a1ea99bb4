/* report_words.h - what the month report says, in English, simplified and traditional Chinese. */
#ifndef API_REPORT_WORDS_H
#define API_REPORT_WORDS_H
#include "base/base.h"

typedef enum {
    W_TITLE, W_VOICES, W_NO_CHANGE, W_UP, W_DOWN, W_NO_BEFORE, W_TREND, W_TREND_NOTE, W_PAINS,
    W_DELIGHTS, W_SAYS, W_BEFORE, W_CHANGED, W_CHANGED_NONE, W_SLICE, W_ASSOCIATION, W_ALERTS,
    W_NO_ALERTS, W_ALERT_LINE, W_STILL, W_OVER, W_TICKETS, W_OPENED, W_CLOSED, W_OPEN, W_LATE, W_MEASURES,
    W_NO_MEASURES, W_EFFECTIVE, W_HARMFUL, W_NO_EFFECT, W_MIXED, W_INCONCLUSIVE, W_RUNNING, W_DRAFT, W_NOT_PROVED,
    W_EFFECT, W_PAGE, W_FOOT, W_SUMMARY, W_SUMMARY_PAIN, W_TOO_FEW, W_NO_THEMES,
    W_NPS, W_CSAT, W_CES, W_RATING, W_NSS, W_COUNT
} report_word;

/* [word][en, zh-CN, zh-TW] */
static const char *const report_words[W_COUNT][3] = {
    [W_TITLE] = {"Customer experience", "客户体验月报", "客戶體驗月報"},
    [W_VOICES] = {"%s voices, %s the month before", "听到 %s 条声音，上月 %s 条", "聽到 %s 則聲音，上月 %s 則"},
    [W_NO_CHANGE] = {"no clear change", "无明显变化", "無明顯變化"},
    [W_UP] = {"clearly up", "明显上升", "明顯上升"},
    [W_DOWN] = {"clearly down", "明显下降", "明顯下降"},
    [W_NO_BEFORE] = {"too few answers the month before", "上月回答太少", "上月回答太少"},
    [W_TREND] = {"%s, twelve months", "%s：近十二个月", "%s：近十二個月"},
    [W_TREND_NOTE] = {"The band is the 95 %% interval; months with too few answers are left out.",
                      "色带为 95% 区间；回答太少的月份不画点。", "色帶為 95% 區間；回答太少的月份不畫點。"},
    [W_PAINS] = {"What hurts", "最大的痛点", "最大的痛點"},
    [W_DELIGHTS] = {"What delights", "最大的亮点", "最大的亮點"},
    [W_SAYS] = {"%s voices, %s %%", "%s 条声音，占 %s%%", "%s 則聲音，占 %s%%"},
    [W_BEFORE] = {"the month before %s %%", "上月 %s%%", "上月 %s%%"},
    [W_CHANGED] = {"What changed", "变化从何而来", "變化從何而來"},
    [W_CHANGED_NONE] = {"No part of the company moved otherwise than the rest: there is no single place to look at.",
                        "各部分与整体同步，没有哪一处单独偏离。", "各部分與整體同步，沒有哪一處單獨偏離。"},
    [W_SLICE] = {"%s moved by %s points beyond the rest [%s, %s], n = %s", "%s：比其余部分多变化 %s 分 [%s, %s]，n = %s",
                 "%s：比其餘部分多變化 %s 分 [%s, %s]，n = %s"},
    [W_ASSOCIATION] = {"Where to look, not a proof of cause.", "这是该去看的地方，不是因果证明。",
                       "這是該去看的地方，不是因果證明。"},
    [W_ALERTS] = {"Warnings", "预警", "預警"},
    [W_NO_ALERTS] = {"None this month.", "本月没有预警。", "本月沒有預警。"},
    [W_ALERT_LINE] = {"since %s, %s where %s was expected", "始于 %s，数值 %s，预期 %s", "始於 %s，數值 %s，預期 %s"},
    [W_STILL] = {"goes on", "仍在持续", "仍在持續"},
    [W_OVER] = {"over", "已结束", "已結束"},
    [W_TICKETS] = {"Tickets opened by this month's voices", "本月声音产生的工单", "本月聲音產生的工單"},
    [W_OPENED] = {"opened", "已建", "已建"},
    [W_CLOSED] = {"closed", "已关闭", "已關閉"},
    [W_OPEN] = {"still open", "未关闭", "未關閉"},
    [W_LATE] = {"late at the end of the month", "月末逾期", "月末逾期"},
    [W_MEASURES] = {"Measures and verdicts", "改进措施与结论", "改善措施與結論"},
    [W_NO_MEASURES] = {"No measure was running.", "没有进行中的措施。", "沒有進行中的措施。"},
    [W_EFFECTIVE] = {"effective", "有效", "有效"},
    [W_HARMFUL] = {"harmful", "有害", "有害"},
    [W_NO_EFFECT] = {"no effect", "无效果", "無效果"},
    [W_MIXED] = {"mixed", "互相矛盾", "互相矛盾"},
    [W_INCONCLUSIVE] = {"inconclusive", "尚无定论", "尚無定論"},
    [W_RUNNING] = {"running", "进行中", "進行中"},
    [W_DRAFT] = {"planned", "计划中", "計畫中"},
    [W_NOT_PROVED] = {"not evaluated: counts no benefit", "未评估：不计收益", "未評估：不計效益"},
    [W_EFFECT] = {"effect %s [%s, %s]", "效果 %s [%s, %s]", "效果 %s [%s, %s]"},
    [W_PAGE] = {"%d", "第 %d 页", "第 %d 頁"},
    [W_FOOT] = {"Definition of %s: %s. The same data give the same pages.",
                "%s 的定义编号：%s。数据相同，报告相同。",
                "%s 的定義編號：%s。資料相同，報告相同。"},
    [W_SUMMARY] = {"%s stands at %s: %s.", "%s 为 %s，%s。", "%s 為 %s，%s。"},
    [W_SUMMARY_PAIN] = {"What hurts most: %s. What delights most: %s.", "最大的痛点是“%s”，最大的亮点是“%s”。",
                        "最大的痛點是「%s」，最大的亮點是「%s」。"},
    [W_TOO_FEW] = {"too few answers", "回答太少", "回答太少"},
    [W_NO_THEMES] = {"Nothing was said often enough to count.", "没有被反复提到的内容。", "沒有被反覆提到的內容。"},
    [W_NPS] = {"Net promoter score", "净推荐值 NPS", "淨推薦值 NPS"},
    [W_CSAT] = {"Satisfaction", "满意度 CSAT", "滿意度 CSAT"},
    [W_CES] = {"Customer effort", "省力度 CES", "省力度 CES"},
    [W_RATING] = {"4 and 5 stars", "四五星好评率", "四五星好評率"},
    [W_NSS] = {"Net sentiment", "净情感值 NSS", "淨情感值 NSS"},
};

static inline const char *report_say(str lang, report_word w) {
    return report_words[w][str_eq(lang, S("zh-CN")) ? 1 : str_eq(lang, S("zh-TW")) ? 2 : 0];
}
#endif
