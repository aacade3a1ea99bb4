/* status.c - err_code to HTTP, the whole table, and how a failure is told. */
#include "api/status.h"
#include "base/json.h"

static const int statuses[] = {
    [OK] = 200,    [INVALID] = 400, [NOT_FOUND] = 404, [CONFLICT] = 409, [DENIED] = 403,
    [LIMIT] = 413, [BUSY] = 503,    [IO] = 500,        [CORRUPT] = 500,
};

int status_of(err_code c) {
    check((size_t)c < COUNT(statuses));
    return statuses[c];
}

typedef struct {
    int status;
    const char *code, *en, *zh_cn, *zh_tw;
} title;

static const title titles[] = {
    {400, "invalid", "The request cannot be understood", "无法理解该请求", "無法理解該請求"},
    {401, "sign-in", "Please sign in", "请先登录", "請先登入"},
    {403, "denied", "Not allowed", "没有权限", "沒有權限"},
    {404, "not-found", "Not found", "未找到", "找不到"},
    {405, "method", "This address does not take that method", "此地址不支持该方法",
     "此位址不支援該方法"},
    {408, "timeout", "The request took too long to arrive", "请求传输超时", "請求傳輸逾時"},
    {409, "conflict", "Somebody changed this in between", "内容已被他人更改", "內容已被他人更改"},
    {412, "changed", "This is not the version you saw", "内容已不是您看到的版本",
     "內容已不是您看到的版本"},
    {413, "limit", "More than the limit allows", "超出限制", "超出限制"},
    {414, "limit", "The address is too long", "地址过长", "位址過長"},
    {415, "media-type", "This kind of content is not taken", "不支持该内容类型",
     "不支援該內容類型"},
    {417, "expectation", "This expectation cannot be met", "无法满足该期望", "無法滿足該期望"},
    {421, "host", "This server does not answer for that name", "此服务器不处理该主机名",
     "此伺服器不處理該主機名稱"},
    {422, "invalid", "The content breaks a rule", "内容不符合规则", "內容不符合規則"},
    {429, "too-many", "Too many requests", "请求过于频繁", "請求過於頻繁"},
    {431, "limit", "The request's head is too large", "请求头过大", "請求標頭過大"},
    {500, "failed", "Something failed on our side", "服务器出错", "伺服器發生錯誤"},
    {501, "method", "This method is not served", "不支持该方法", "不支援該方法"},
    {503, "busy", "Busy; please try again", "服务繁忙,请稍后再试", "服務繁忙,請稍後再試"},
    {505, "version", "This version of HTTP is not spoken", "不支持该 HTTP 版本",
     "不支援該 HTTP 版本"},
};

static const title *title_of(int status) {
    for (size_t i = 0; i < COUNT(titles); i++)
        if (titles[i].status == status) return &titles[i];
    return title_of(status >= 500 ? 500 : 400);
}

const char *status_title(int status) {
    return title_of(status)->en;
}

static str language_of(str tag) {
    if (tag.n < 2 || !str_eq_nocase(str_head(tag, 2), S("zh"))) {
        bool en = str_eq_nocase(str_head(tag, 2), S("en")) && (tag.n == 2 || tag.p[2] == '-');
        return en ? S("en") : NO_STR;
    }
    static const char *const traditional[] = {"zh-tw", "zh-hk", "zh-mo", "zh-hant"};
    for (size_t i = 0; i < COUNT(traditional); i++)
        if (str_eq_nocase(str_head(tag, strlen(traditional[i])), str_of(traditional[i])))
            return S("zh-TW");
    return tag.n == 2 || tag.p[2] == '-' ? S("zh-CN") : NO_STR;
}

str http_language(const http_request *r) {
    str list = http_get(r, "accept-language");
    while (list.n) {
        str item = list, rest = NO_STR, quality;
        str_cut(list, ',', &item, &rest);
        list = rest;
        str_cut(item, ';', &item, &quality);
        str known = language_of(str_trim(item));
        if (known.p) return known;
    }
    return S("en");
}

static void print(buf *b, const title *t, int status, str detail, str request_id, str language) {
    json_out j = json_to(b);
    const char *text = str_eq(language, S("zh-CN"))   ? t->zh_cn
                       : str_eq(language, S("zh-TW")) ? t->zh_tw
                                                      : t->en;
    json_object(&j);
    json_key(&j, S("type"));
    json_text(&j, S("about:blank"));
    json_key(&j, S("title"));
    json_text(&j, str_of(text));
    json_key(&j, S("status"));
    json_int(&j, status);
    json_key(&j, S("detail"));
    json_text(&j, detail);
    json_key(&j, S("code"));
    json_text(&j, str_of(t->code));
    if (request_id.p) {
        json_key(&j, S("request"));
        json_text(&j, request_id);
    }
    json_end_object(&j);
}

void status_print(buf *b, int status, str detail, str request_id, str language) {
    print(b, title_of(status), status, detail, request_id, language);
}

static void reply(http_request *r, const title *t, int status, const char *detail) {
    buf b = {0};
    http_add_replace(r, "Cache-Control", S("no-store"));
    print(&b, t, status, str_of(detail), str_of(r->id), http_language(r));
    http_reply(r, status, S("application/problem+json"), buf_view(&b));
    buf_clear(&b);
}

void status_problem(http_request *r, int status, const char *detail) {
    if (status == 503 || status == 429)
        status_later(r, status, detail, 1);
    else
        reply(r, title_of(status), status, detail);
}

void status_later(http_request *r, int status, const char *detail, i64 seconds) {
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, MAX(seconds, 1));
    http_add_replace(r, "Retry-After", str_of(text));
    reply(r, title_of(status), status, detail);
}

void status_named(http_request *r, int status, const char *code, const char *detail) {
    title t = *title_of(status);
    t.code = code;
    reply(r, &t, status, detail);
}

void status_reply(http_request *r, const err *e) {
    check(e->code != OK);
    status_problem(r, status_of(e->code), e->msg);
}
