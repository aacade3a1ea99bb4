/* furnish.c - what a new store begins with: departments, roles and two careful rules. */
#include "act/rule.h"
#include "flow/flow.h"

static const struct {
    const char *name, *title;
} departments[] = {
    {"service", "Customer service · 客户服务 · 客戶服務"},
    {"product", "Product · 产品 · 產品"},
    {"logistics", "Logistics · 物流 · 物流"},
    {"store", "Shops · 门店 · 門市"},
    {"digital", "Digital · 数字渠道 · 數位通路"},
    {"quality", "Quality and safety · 质量与安全 · 品質與安全"},
};

static const struct {
    const char *name, *rights;
} roles[] = {
    {"executive", "signals.read metrics.read tickets.read measures.read"},
    {"manager", "signals.read metrics.read tickets.write rules.write measures.write"},
    {"frontline", "signals.read tickets.write"},
    {"analyst", "signals.read metrics.read metrics.write measures.read export"},
    {"steward", "signals.read metrics.write taxonomy.write audit.read originals.read"},
    {"admin", "signals.read signals.write metrics.write measures.write tickets.write rules.write "
              "users.write keys.write audit.read export originals.read taxonomy.write"},
};

static const struct {
    const char *name, *condition, *then;
} rules[] = {
    {"safety-or-threat", "intent in ('safety', 'escalation') and quality = 'ok'",
     "ticket department=quality due=4h priority=urgent"},
    {"very-unhappy",
     "(score:nps <= 2 or score:csat <= 1 or score:rating5 <= 1) and sentiment = 'negative' and "
     "quality = 'ok'",
     "ticket department=service due=2d priority=high"},
};

static bool put_departments(store *s, err *e) {
    for (size_t i = 0; i < COUNT(departments); i++) {
        department d;
        noun_init(&noun_department, &d);
        d.name = str_of(departments[i].name);
        d.title = str_of(departments[i].title);
        if (!store_put(s, &noun_department, &d, e)) return false;
    }
    return true;
}

static bool put_roles(store *s, err *e) {
    for (size_t i = 0; i < COUNT(roles); i++) {
        role r;
        noun_init(&noun_role, &r);
        r.name = str_of(roles[i].name);
        r.rights = str_of(roles[i].rights);
        if (!store_put(s, &noun_role, &r, e)) return false;
    }
    return true;
}

static bool put_rules(store *s, arena *a, err *e) {
    for (size_t i = 0; i < COUNT(rules); i++) {
        rule r;
        noun_init(&noun_rule, &r);
        r.name = str_of(rules[i].name);
        r.condition = str_of(rules[i].condition);
        r.enabled = 1;
        r.version = 1;
        if (!rule_then(a, str_of(rules[i].then), &r, e) || !rule_check(&r, e)) return false;
        if (!store_put(s, &noun_rule, &r, e)) return false;
    }
    return true;
}

bool flow_furnish(store *s, err *e) {
    i64 rules_n, departments_n, roles_n;
    store_query all = {0};
    if (!store_count(s, &noun_rule, &all, &rules_n, e) ||
        !store_count(s, &noun_department, &all, &departments_n, e) ||
        !store_count(s, &noun_role, &all, &roles_n, e))
        return false;
    bool empty = !rules_n && !departments_n; /* the simulated company brings its own */
    if (!empty && roles_n) return true;
    if (!store_begin(s, e)) return false;
    arena *a = arena_open(1 << 20);
    bool ok = (!empty || put_departments(s, e)) && (roles_n || put_roles(s, e)) &&
              (!empty || put_rules(s, a, e));
    arena_close(a);
    if (!ok) return store_rollback(s), false;
    return store_commit(s, e);
}
