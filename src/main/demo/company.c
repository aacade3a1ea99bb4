/* company.c - departments and rules of the simulated company, as data for the store. */
#include "main/demo/demo.h"

const demo_department demo_departments[] = {
    {"customer-care", "客户关怀部", "客戶關懷部", "Customer care"},
    {"call-centre", "呼叫中心", "客服中心", "Call centre"},
    {"delivery", "交付物流部", "交車物流部", "Delivery and logistics"},
    {"shops", "门店运营部", "門市營運部", "Shops"},
    {"charging", "充电网络部", "充電網路部", "Charging network"},
    {"app", "数字产品部", "數位產品部", "App and digital"},
    {"workshop", "售后服务部", "售後服務部", "Workshops"},
    {"quality-safety", "质量与安全部", "品質與安全部", "Quality and safety"},
};
const size_t demo_departments_n = COUNT(demo_departments);

const demo_rule demo_rules[] = {
    {"safety-first", "安全隐患立即处理", "安全疑慮立即處理", "A safety risk is handled at once",
     "words ~ '刹车突然变硬' or words ~ '失灵' or words ~ '焦味' or words ~ '冒烟' or words ~ "
     "'动力中断' or "
     "words ~ '突然断电' or words ~ '烫手' or words ~ 'brakes failed' or words ~ 'brakes went "
     "hard' or words ~ 'smoke' or "
     "words ~ 'burning smell' or words ~ 'lost power'",
     "ticket", "{\"department\":\"quality-safety\",\"due\":\"2h\",\"priority\":\"urgent\"}"},
    {"bad-call", "来电体验差，回访", "來電體驗差，回訪", "A bad call is called back",
     "channel = 'call' and score:csat <= 2", "ticket",
     "{\"department\":\"call-centre\",\"due\":\"24h\",\"priority\":\"high\"}"},
    {"late-delivery", "交付延误客户安抚", "交車延誤客戶安撫", "A late delivery is made good",
     "touchpoint = 'delivery' and delay_days >= 5 and score:nps <= 6", "ticket",
     "{\"department\":\"delivery\",\"due\":\"2d\",\"priority\":\"high\"}"},
    {"charging-trouble", "充电体验差，检查站点", "充電體驗差，檢查站點",
     "A bad charge has its station checked",
     "channel = 'charging' and score:rating5 <= 2 and station is not missing", "ticket",
     "{\"department\":\"charging\",\"due\":\"24h\",\"priority\":\"normal\"}"},
    {"bad-service", "维修不满意，跟进", "維修不滿意，跟進", "A bad repair is followed up",
     "touchpoint = 'service' and score:csat <= 2", "ticket",
     "{\"department\":\"workshop\",\"due\":\"2d\",\"priority\":\"normal\"}"},
    {"lost-heart", "强烈贬损者关怀", "強烈貶損者關懷", "Someone about to leave is spoken to",
     "score:nps <= 3 and customer is not missing", "ticket",
     "{\"department\":\"customer-care\",\"due\":\"3d\",\"priority\":\"normal\"}"},
    {"promoter", "推荐者打标签", "推薦者加標籤", "Promoters are tagged", "score:nps >= 9", "tag",
     "{\"tag\":\"promoter\"}"},
};
const size_t demo_rules_n = COUNT(demo_rules);
