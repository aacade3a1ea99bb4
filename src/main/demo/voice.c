/* voice.c - from opinion to score and to words.  See voice.h. */
#include "main/demo/voice.h"
#include "base/utf8.h"
#include "main/demo/story.h"

static const dish *dish_draw(const kind *k, chance *c) {
    u32 sum = 0, i = 0;
    for (u32 n = 0; n < k->menu_n; n++) sum += k->menu[n].weight;
    for (u32 left = chance_below(c, sum); left >= k->menu[i].weight; i++) left -= k->menu[i].weight;
    check(i < k->menu_n);
    return &k->menu[i];
}

static bool spoken(const draft *d, topic what) {
    for (i32 i = 0; i < d->n; i++)
        if (d->points[i].what == what) return true;
    return false;
}

/* People are of one mind more often than not: a later point leans on the first. */
static int lean(scene *s, const draft *d, const dish *m) {
    i32 plus = (i32)m->plus_permille + story_bend(s, m->what) + s->who.mood_milli / 6;
    if (d->n && m->plus_permille)
        plus += d->points[0].polarity > 0 ? 250 : d->points[0].polarity < 0 ? -250 : 0;
    return m->plus_permille && chance_hit(&s->c, (u32)MAX(0, MIN(plus, 1000))) ? 1 : -1;
}

static bool ask_only(scene *s, draft *d) {
    static const topic ABOUT[] = {TOPIC_call, TOPIC_order, TOPIC_chat};
    const kind *k = &KINDS[s->kind];
    if (!chance_hit(&s->c, k->question_permille)) return false;
    topic what = s->kind == KIND_CHAT   ? TOPIC_chat
                 : s->kind == KIND_CALL ? TOPIC_call
                                        : TOPIC_order;
    if (s->kind == KIND_CHAT && s->order_no && chance_hit(&s->c, 350)) what = ABOUT[1];
    d->points[d->n++] = (point){what, 0};
    return true;
}

draft voice_draft(scene *s) {
    const kind *k = &KINDS[s->kind];
    draft d = {.n = 0};
    check(k->menu_n > 0 && k->points_max < POINTS_MAX);
    bool story = story_points(s, &d);
    if (!story && ask_only(s, &d)) return d;
    i32 want = 1 + (i32)chance_below(&s->c, (u32)k->points_max);
    if (story) want = d.n + (chance_hit(&s->c, 150) ? 1 : 0);
    for (int tries = 0; d.n < want && tries < 20; tries++) {
        const dish *m = dish_draw(k, &s->c);
        if (!spoken(&d, m->what)) d.points[d.n++] = (point){m->what, lean(s, &d, m)};
    }
    check(d.n > 0);
    return d;
}

i32 voice_mood(const draft *d) {
    i32 sum = d->points[0].polarity;
    for (i32 i = 0; i < d->n; i++) sum += d->points[i].polarity;
    return sum * 1000 / (d->n + 1);
}

i32 voice_score(scene *s, i32 mood, i32 mid, i32 span, i32 low, i32 high) {
    check(low < high && mood >= -1000 && mood <= 1000);
    i32 step = span / 3;                     /* how far people scatter */
    if (mood < 0) span += span * 3 / 10;     /* anger moves people further than joy */
    if (chance_hit(&s->c, 12)) mood = -mood; /* some click the wrong end */
    i32 v = mid + span * mood / 1000 + s->who.mood_milli * step / 1000 + chance_bell(&s->c, step);
    if (s->late_days > 14 && mood < 0) v -= step;
    v = v < 0 ? 0 : (v + 500) / 1000;
    return MAX(low, MIN(v, high));
}

/* ---- words ---- */

typedef struct {
    buf out;
    const book *b;
    scene *s;
    slots slots;
    tongue t;
    int last;  /* polarity of what was said before; 2 = nothing yet */
    int turns; /* times the speaker has changed their tune */
} speech;

static bool put(speech *p, topic what, int polarity) {
    str clause = book_pick(p->b, p->t, what, polarity, &p->s->c);
    if (!clause.p) return false;
    bool ok = phrase_expand(&p->out, clause, &p->slots, p->t, &p->s->c);
    check(ok); /* phrasebook_open tried every template */
    return true;
}

static str one_of(scene *s, const str *list, u32 n) {
    return list[chance_below(&s->c, n)];
}
#define ONE_OF(s, ...) one_of((s), (const str[]){__VA_ARGS__}, COUNT(((const str[]){__VA_ARGS__})))

static bool ends_sentence(const buf *b) {
    str v = buf_view(b);
    return v.n == 0 || str_ends(v, S("？")) || str_ends(v, S("?")) || str_ends(v, S("。")) ||
           str_ends(v, S("！"));
}

static str joint_zh(speech *p, bool turn) {
    if (p->t == TONGUE_TW)
        return turn ? ONE_OF(p->s, S("，但"), S("，不過"), S("。但是"), S("，只是"))
                    : ONE_OF(p->s, S("，"), S("，"), S("。"), S("，而且"), S("，"), S("，還有"));
    return turn ? ONE_OF(p->s, S("，但是"), S("，不过"), S("，就是"), S("。但"), S("，可惜"))
                : ONE_OF(p->s, S("，"), S("，"), S("。"), S("。"), S("，而且"), S("；"), S("，"),
                         S("，另外"), S(" "));
}

/* "可惜" and "only" turn to the bad, never to the good. */
static str joint(speech *p, int next) {
    bool turn = p->last * next < 0;
    if (turn && p->turns++ > 0)
        return p->t == TONGUE_EN ? S(". ") : S("。"); /* one "but" is enough */
    if (ends_sentence(&p->out)) return p->t == TONGUE_EN && p->out.n ? S(" ") : S("");
    if (p->t == TONGUE_EN)
        return turn ? ONE_OF(p->s, S(", but "), S(". However, "), S(" but "), S(", though "))
                    : ONE_OF(p->s, S(". "), S(". "), S(", and "), S(", "), S("; "), S(". Also, "));
    if (turn && next > 0)
        return p->t == TONGUE_TW ? S("，不過")
                                 : ONE_OF(p->s, S("，不过"), S("，但是"), S("。好在"));
    return joint_zh(p, turn);
}

static void say_after(speech *p, str j, topic what, int polarity) {
    size_t mark = p->out.n;
    if (p->last != 2) buf_str(&p->out, j);
    size_t after = p->out.n;
    if (!put(p, what, polarity) && !put(p, TOPIC_brand, polarity))
        p->out.n = mark;
    else if (p->out.n == after) /* an empty choice */
        p->out.n = mark;
    else
        p->last = polarity;
}

static void say(speech *p, topic what, int polarity) {
    say_after(p, joint(p, polarity), what, polarity);
}

/* Farewells follow without "and also". */
static void part(speech *p, topic what, int polarity) {
    bool stop = ends_sentence(&p->out);
    str j = p->t == TONGUE_EN ? (stop ? S(" ") : S(". "))
            : stop            ? S("")
                              : ONE_OF(p->s, S("，"), S("。"));
    say_after(p, j, what, polarity);
}

static void open_with(speech *p, int polarity) {
    bool desk =
        p->s->kind == KIND_CALL || p->s->kind == KIND_CHAT || p->s->kind == KIND_APP_FEEDBACK;
    if (!chance_hit(&p->s->c, desk ? 30 : 210)) return;
    int tone = chance_hit(&p->s->c, 450) ? polarity : 0;
    if (!put(p, TOPIC_open, tone) || p->out.n == 0) return;
    if (!ends_sentence(&p->out))
        buf_str(&p->out, p->t == TONGUE_EN ? ONE_OF(p->s, S(": "), S(". "), S(", "))
                                           : ONE_OF(p->s, S("，"), S("："), S("。")));
}

static void close_with(speech *p, int polarity) {
    u32 roll = chance_below(&p->s->c, 100);
    if (polarity < 0 && roll < 20)
        part(p, TOPIC_ask, -1);
    else if (polarity != 0 && roll < 36)
        part(p, TOPIC_end, polarity);
    else if (roll < 39)
        part(p, TOPIC_end, 0);
}

static void greet(speech *p) {
    u32 often = p->s->kind == KIND_EMAIL ? 460 : p->s->kind == KIND_CHAT ? 220 : 0;
    if (!chance_hit(&p->s->c, often)) return;
    if (p->t == TONGUE_EN)
        buf_str(&p->out, ONE_OF(p->s, S("Hello, "), S("Hi, "), S("Dear team, ")));
    else
        buf_str(&p->out, ONE_OF(p->s, S("你好，"), S("您好，"), S("你好！")));
}

static void note_caller(speech *p) {
    if (p->s->kind != KIND_CALL || !chance_hit(&p->s->c, 420)) return;
    if (p->t == TONGUE_EN)
        buf_str(&p->out, ONE_OF(p->s, S("Caller: "), S("Customer says: "), S("Call note: ")));
    else if (p->t == TONGUE_TW)
        buf_str(&p->out, ONE_OF(p->s, S("客戶來電："), S("客戶反映："), S("來電摘要：")));
    else
        buf_str(&p->out,
                ONE_OF(p->s, S("客户来电："), S("来电反映："), S("客户表示："), S("用户：")));
}

/* Sentences start with a capital, mostly. */
static void capitals(buf *b) {
    bool start = true;
    for (size_t i = 0; i < b->n; i++) {
        char ch = b->p[i];
        if (start && ch >= 'a' && ch <= 'z') b->p[i] = (char)(ch - 32);
        if (ch != ' ')
            start = (ch == '.' && i + 1 < b->n && b->p[i + 1] == ' ') || ch == '?' || ch == '!';
    }
}

/* A slip of the finger: two small letters of a longer word change places. */
static void slip(buf *b, chance *c) {
    if (b->n < 12) return;
    size_t at = 1 + chance_below(c, (u32)b->n - 3);
    for (size_t i = at; i + 3 < b->n; i++) {
        char *p = b->p + i;
        bool word = true;
        for (int k = -1; k < 3; k++) word = word && p[k] >= 'a' && p[k] <= 'z';
        if (!word || p[0] == p[1]) continue;
        char t = p[0];
        p[0] = p[1];
        p[1] = t;
        return;
    }
}

static void finish(speech *p, int polarity) {
    chance *c = &p->s->c;
    if (p->t == TONGUE_EN && !chance_hit(c, 130)) capitals(&p->out);
    if (p->t == TONGUE_EN && chance_hit(c, 45)) slip(&p->out, c);
    if (!ends_sentence(&p->out) && chance_hit(c, 640)) {
        bool loud = polarity != 0 && chance_hit(c, 190);
        if (loud && polarity < 0 && chance_hit(c, 200))
            buf_str(&p->out, p->t == TONGUE_EN ? S("!!") : S("！！"));
        buf_str(&p->out, p->t == TONGUE_EN ? (loud ? S("!") : S(".")) : loud ? S("！") : S("。"));
    }
    if (!chance_hit(c, p->s->kind == KIND_SOCIAL ? 160 : 50)) return;
    buf_str(&p->out, polarity > 0 ? ONE_OF(p->s, S("👍"), S("😀"), S("❤️"), S(" 🎉"), S("🥰"))
                     : polarity < 0 ? ONE_OF(p->s, S("😡"), S("👎"), S("😤"), S("💔"), S(" 😭"))
                                    : ONE_OF(p->s, S("🙂"), S("🤔")));
}

static void leave_contact(speech *p, int polarity) {
    bool desk = p->s->kind == KIND_CALL || p->s->kind == KIND_CHAT || p->s->kind == KIND_EMAIL;
    if (!chance_hit(&p->s->c, desk ? (polarity < 0 ? 80 : 25) : 4)) return;
    bool stop = ends_sentence(&p->out);
    if (p->t == TONGUE_EN)
        buf_str(&p->out, stop ? S(" ") : S(". "));
    else if (!stop)
        buf_str(&p->out, S("，"));
    put(p, TOPIC_pii, 0);
    p->last = 0;
}

static speech speech_of(arena *a, const book *b, scene *s, str order) {
    speech p = {.out = {.a = a}, .b = b, .s = s, .t = s->who.speaks, .last = 2};
    p.slots = (slots){CITIES[s->city].name, MODELS[s->who.model].name,
                      order.n ? order : arena_fmt(a, "YM%08u", s->who.no % 100000), s->late_days};
    if (p.t == TONGUE_EN) {
        static const char *const ENGLISH[] = {"Chengdu",   "Shanghai", "Beijing",  "Shenzhen",
                                              "Guangzhou", "Hangzhou", "Wuhan",    "Xi'an",
                                              "Chongqing", "Nanjing",  "Suzhou",   "Qingdao",
                                              "Changsha",  "Taipei",   "Taichung", "Hong Kong"};
        check(s->city < COUNT(ENGLISH));
        p.slots.city = str_of(ENGLISH[s->city]);
    }
    return p;
}

str voice_words(arena *a, const book *b, scene *s, const draft *d, str order) {
    speech p = speech_of(a, b, s, order);
    i32 mood = voice_mood(d);
    int tone = mood > 0 ? 1 : mood < 0 ? -1 : 0;
    if (s->told < 0 && chance_hit(&s->c, KINDS[s->kind].short_permille) &&
        put(&p, TOPIC_short, tone))
        return buf_view(&p.out);
    note_caller(&p);
    greet(&p);
    bool asks = d->points[0].polarity == 0; /* a question needs no preface */
    if (p.out.n == 0 && !asks) open_with(&p, d->points[0].polarity);
    for (i32 i = 0; i < d->n; i++) say(&p, d->points[i].what, d->points[i].polarity);
    if (!asks) close_with(&p, tone);
    leave_contact(&p, tone);
    finish(&p, tone);
    check(utf8_bad(buf_view(&p.out)) < 0);
    return buf_view(&p.out);
}

str voice_spam(arena *a, const book *b, scene *s) {
    speech p = speech_of(a, b, s, NO_STR);
    put(&p, TOPIC_spam, 0);
    return buf_view(&p.out);
}
