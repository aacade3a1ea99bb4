/* lang.c - scripts are counted; Latin text is put to a vote of short lists.  See lang.h. */
#include "kern/lang.h"
#include "base/utf8.h"
#include "kern/hans.h"
#include "kern/lang_runs.h"
#include <utf8proc.h>

enum {
    LOOK_BYTES = 4096, /* the first 4 KiB tell the language of any text */
    WORD_MAX = 24,     /* bytes of a word in the lists */
    VOTES_MIN = 4,     /* weight needed, in sixths: nearly one word that only this language has */
    VOTES_CLEAR = 36,  /* from here on, and twice the next one's, the words' votes are enough */
    VOTE_WORTH =
        12, /* twelfths of a natural logarithm, a sixth of a word: one of its own weighs 6 */
    KNOWN_ONE_IN = 6,  /* runs of three that some language has, or it is nobody's language */
    LETTERS_FEW = 12,  /* with fewer and without votes no language is said */
    RUNS_LOOK = 240,   /* letters whose runs are looked up */
    RUNS_LETTERS = 24, /* of a word */
};

typedef enum {
    EN,
    DE,
    FR,
    ES,
    IT,
    PT,
    NL,
    SV,
    DA,
    NB,
    FI,
    PL,
    CS,
    TR,
    ID,
    VI,
    RO,
    HU,
    LATIN
} latin;
static const char *const tags[LATIN] = {"en", "de", "fr", "es", "it", "pt", "nl", "sv", "da",
                                        "no", "fi", "pl", "cs", "tr", "id", "vi", "ro", "hu"};

/* Function words and the words of praise and complaint; blanks between. */
static const char *const word_lists[LATIN] = {
    [EN] =
        "i a the and is it was to of in my this that for not with you are have but very they at be "
        "on as we so "
        "from your would had an all me there good great no what will can just like were when "
        "out which has been "
        "their more by or if do did up how get got if it's don't didn't i'm can't love nice bad "
        "please thanks "
        "thank service never after about he she only again time work works product really best "
        "worst why "
        "poor quality slow fast awesome excellent terrible flight help need want app ok better "
        "than too",
    [DE] = "der die das und ist nicht ich wir sie mit ein eine einen für auf war sehr zu den dem "
           "es von aber auch "
           "bei im wie noch nur so wurde haben hat nach aus sich gut schlecht leider kann wird "
           "schon mein keine "
           "kein immer wieder mehr oder wenn alles zum zur sind bin hier gar super danke",
    [FR] = "le la les et est pas je nous vous avec un une des pour dans que qui très ce cette il "
           "elle sur mais "
           "plus tout bien du au aux en a été on ne se sont mon ma mes son sa par trop bon bonne "
           "merci jamais "
           "c'est j'ai était avons fait comme même service mauvais rien sans avoir cuisine",
    [ES] = "el la los las y es no que de en un una con por para muy se lo pero más mi me su al del "
           "está como bien "
           "todo hay fue nos sin ya son ha he cuando también bueno buena mal gracias nada servicio "
           "comida estaba "
           "este esta todos donde nunca siempre porque si tiene lugar sitio son",
    [IT] = "il lo la gli le e è di che non un una per con in sono del della nel ma molto più anche "
           "mi si come al "
           "alla ho ha abbiamo questo questa tutto bene buono ottimo grazie mai poi dei sempre "
           "perché era stato "
           "servizio male solo quando senza ci dal dalla",
    [PT] = "o os as e é de que não um uma com para muito mas por em do da no na se eu meu minha "
           "foi mais bem ao "
           "está são tem também nos pelo pela bom boa obrigado nunca sempre isso este esta ele ela "
           "já fiquei "
           "atendimento produto dos das você porque quando ainda só",
    [NL] = "de het een en is niet ik wij van met voor op te dat die zijn was maar ook heel erg "
           "zeer bij aan om naar "
           "er we je mijn geen wel nog als door goed slecht heeft hebben hier werd worden kan "
           "lekker eten bediening "
           "veel uit dan meer wat u jullie al altijd nooit",
    [SV] = "och det är inte jag att en ett som på för med av den har till vi var men de mycket bra "
           "om från så kan "
           "min mitt när efter bara dålig aldrig alltid tack också ni du mig sig skulle blev ska "
           "hade där ingen",
    [DA] = "og det er ikke jeg at en et som på for med af den har til vi var men de meget god om "
           "fra så kan min "
           "mit når efter kun dårlig aldrig altid tak også jer mig sig skulle blev skal havde der "
           "hvad ingen nu",
    [NB] = "og det er ikke jeg å en et som på for med av den har til vi var men de veldig bra om "
           "fra så kan min "
           "mitt når etter bare dårlig aldri alltid takk også dere meg seg skulle ble skal hadde "
           "der hva ingen nå",
    [FI] = "ja on ei en se että oli mutta hyvä kun niin myös kanssa tämä olen ole sitä joka jos "
           "vain mitä sen "
           "erittäin huono kiitos minun minä hän he ne tai koska ovat palvelu aina ennen jo nyt "
           "voi hyvin",
    [PL] =
        "i w nie to się na jest z do że jak ale po co tak za od o dla bardzo był była czy tylko "
        "już mnie przez "
        "mam ten ta te są by ja dobry dobra dziękuję nigdy zawsze obsługa jestem przy bez też może",
    [CS] = "a je se na to že v s z do si jsem by ale jako pro tak za po byl byla bylo jsou už "
           "velmi také jen od "
           "ne není dobrý děkuji nikdy vždy která který mi když nebo jsme při bez má více",
    [TR] = "ve bir bu çok için ile da de ama ne değil daha var yok gibi en ben o her kadar olarak "
           "sonra ki mi "
           "iyi kötü güzel hiç teşekkürler şey oldu olan hizmet yemek fiyat tavsiye ederim bana "
           "bizim değildi",
    [ID] = "yang dan di ini itu tidak dengan untuk dari saya ke ada akan pada juga sudah bisa "
           "karena sangat tapi "
           "kami anda lebih atau barang bagus kurang terima kasih banyak lagi belum tolong kenapa "
           "sekali saja "
           "pelayanan produk cepat lambat nya dalam oleh",
    [VI] = "và là của không có cho tôi này được rất với một các những đã trong người thì khi ở mà "
           "cũng như nhưng "
           "hàng tốt bạn mình sản phẩm quá giao nhanh chậm cảm ơn đến về",
    [RO] = "și de la în este nu cu a un o pe pentru care mai din că foarte am fost dar sunt se ce "
           "le cel dacă bun "
           "bună mulțumesc niciodată sau au fi la meu mea până doar si sa",
    [HU] = "a az és nem hogy egy is van volt meg de ez ezt ha csak már nagyon mint vagy még el jó "
           "rossz köszönöm "
           "soha mindig lehet minden de sem kell után én ami szolgáltatás",
};

/* Letters with marks, and runs of two or three letters, that speak for a language. */
static const char *const letter_lists[LATIN] = {
    [EN] = "ing tio the wh oug igh ly ck",
    [DE] = "ß sch ung ich ü ö ä cht",
    [FR] = "è ê œ eau oux ç à é ô î ais",
    [ES] = "ñ ¿ ¡ ció ió í ado é á ó",
    [IT] = "zio gli è ò ù cch zz ato à",
    [PT] = "ã õ ção nh lh ç á é ê",
    [NL] = "ij aa oe ee sch uu",
    [SV] = "å ä ö ck",
    [DA] = "æ ø å ej",
    [NB] = "æ ø å kk ei",
    [FI] = "ä yy ää ii ssa nen kk uu ö",
    [PL] = "ł ą ę ż ź ś ć sz cz rz ń ó",
    [CS] = "ř ě ů č š ž ý í á é",
    [TR] = "ğ ı ş lar ler yor ü ç ö",
    [ID] = "ng men kan nya ber",
    [VI] = "đ ơ ư ạ ả ấ ầ ậ ế ề ệ ộ ớ ợ ữ ự ọ ố ổ",
    [RO] = "ț ș ă ţ ş î â ul",
    [HU] = "ő ű gy sz é á ö ü",
};

/* ---- tables, built once: words, letters and runs give a set of languages; Han its form ---- */

enum { SLOTS = 4096, RUNS = 1 << 15, MARKS = 0x2000 };
typedef struct {
    u64 hash;  /* 0 = free */
    u32 langs; /* a bit each */
} word_slot;
static word_slot slots[SLOTS];
static u32 runs[RUNS];    /* by letters a-z, five bits each */
static u32 marks[MARKS];  /* by code point */
static u8 forms[0x10000]; /* Han: TRADITIONAL only, or SIMPLIFIED from another */
static pthread_once_t tables_once = PTHREAD_ONCE_INIT;
enum { TRADITIONAL = 1, SIMPLIFIED = 2 };

static word_slot *slot_of(str word) {
    u64 h = str_hash(word) | 1;
    size_t i = h >> 20 & (SLOTS - 1);
    while (slots[i].hash && slots[i].hash != h) i = (i + 1) & (SLOTS - 1);
    return &slots[i];
}

static u32 run_of(const char *letters, size_t n) {
    u32 run = 0;
    for (size_t i = 0; i < n; i++) run = run << 5 | (u32)(letters[i] & 31);
    return run & (RUNS - 1);
}

static void add_word(str word, int lang) {
    word_slot *s = slot_of(word);
    s->hash = str_hash(word) | 1;
    s->langs |= 1u << lang;
}

static void add_letters(str letters, int lang) {
    u32 c = 0;
    for (size_t i = 0; i < letters.n; i += (size_t)utf8_get(letters, i, &c)) {
        utf8_get(letters, i, &c);
        if (c >= 0x80 && c < MARKS) marks[c] |= 1u << lang;
    }
    if (c < 0x80 && letters.n <= 3) runs[run_of(letters.p, letters.n)] |= 1u << lang;
}

static void each_word(const char *list, void (*fn)(str word, int lang), int lang) {
    str rest = str_of(list), word, tail;
    while (str_cut(rest, ' ', &word, &tail)) {
        fn(word, lang);
        rest = tail;
    }
    fn(rest, lang);
}

static void tables_build(void) {
    for (int l = 0; l < LATIN; l++) {
        each_word(word_lists[l], add_word, l);
        each_word(letter_lists[l], add_letters, l);
    }
    for (size_t i = 0; i < hans_pairs_n; i++) forms[hans_pairs[i][1]] = SIMPLIFIED;
    for (size_t i = 0; i < hans_pairs_n; i++) forms[hans_pairs[i][0]] = TRADITIONAL;
}

/* ---- counting ---- */

typedef struct {
    u32 han, kana, hangul, latin, cyrillic, thai, arabic, hebrew, greek, devanagari;
    u32 traditional, simplified, ukrainian, bulgarian, persian;
    u32 votes[LATIN];    /* sixths of a word that only this language has */
    char word[WORD_MAX]; /* the word being read, lower case; longer ones vote by their letters only
                          */
    size_t word_n;
} counts;

static void vote(counts *n, u32 langs, u32 alone) {
    u32 sharers = (u32)__builtin_popcount(langs);
    u32 weight = sharers <= 1 ? alone : MAX(alone / (sharers == 2 ? 2 : 3), 1);
    for (; langs; langs &= langs - 1) n->votes[__builtin_ctz(langs)] += weight;
}

static void end_word(counts *n) {
    if (n->word_n > 0 && n->word_n <= WORD_MAX) {
        const word_slot *s = slot_of((str){n->word, n->word_n});
        if (s->hash) vote(n, s->langs, 6);
    }
    n->word_n = 0;
}

static void add_latin(counts *n, u32 c) {
    n->latin++;
    if (c < 0x80) {
        c |= 32;
    } else {
        c = (u32)utf8proc_tolower((utf8proc_int32_t)c);
        if (c < MARKS && marks[c]) vote(n, marks[c], 6);
    }
    char p[4];
    size_t len = (size_t)utf8_put(c, p);
    if (n->word_n + len <= WORD_MAX) memcpy(n->word + n->word_n, p, len);
    n->word_n += len;
    if (n->word_n > WORD_MAX) return;
    for (size_t k = 2; k <= 3 && k <= n->word_n; k++) {
        const char *run = n->word + n->word_n - k;
        if ((u8)(run[0] & run[k - 1]) < 0x80 && runs[run_of(run, k)])
            vote(n, runs[run_of(run, k)], 2);
    }
}

static bool is_in(u32 c, const u16 *list, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (list[i] == c) return true;
    return false;
}

static void add_cyrillic(counts *n, u32 c) {
    static const u16 ukrainian[] = {0x404, 0x406, 0x407, 0x454, 0x456, 0x457, 0x490, 0x491};
    static const u16 russian[] = {0x42b, 0x44b, 0x42d, 0x44d, 0x401, 0x451};
    n->cyrillic++;
    n->ukrainian += is_in(c, ukrainian, COUNT(ukrainian));
    n->bulgarian += c == 0x44a; /* the hard sign is a vowel in Bulgarian, and rare in Russian */
    if (is_in(c, russian, COUNT(russian))) n->bulgarian -= MIN(n->bulgarian, 2);
}

static bool is_latin(u32 c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= 0xc0 && c < 0x250 && c != 0xd7 && c != 0xf7) || (c >= 0x1e00 && c < 0x1f00);
}

static void add_char(counts *n, u32 c) {
    if (is_latin(c)) {
        add_latin(n, c);
        return;
    }
    if ((c == '\'' || c == 0x2019) && n->word_n > 0 && n->word_n < WORD_MAX) {
        n->word[n->word_n++] = '\'';
        return;
    }
    end_word(n);
    if (c < 0x370) {
        if (c == 0xa1 || c == 0xbf) vote(n, marks[c], 6);
    } else if (cp_is_han(c)) {
        n->han++;
        if (c < 0x10000)
            n->traditional += forms[c] == TRADITIONAL, n->simplified += forms[c] == SIMPLIFIED;
    } else if (c < 0x400) {
        n->greek++;
    } else if (c < 0x530) {
        add_cyrillic(n, c);
    } else if (c >= 0x590 && c < 0x600) {
        n->hebrew++;
    } else if (c >= 0x600 && c < 0x780) {
        n->arabic++;
        n->persian +=
            c == 0x67e || c == 0x686 || c == 0x698 || c == 0x6af || c == 0x6a9 || c == 0x6cc;
    } else if (c >= 0x900 && c < 0x980) {
        n->devanagari++;
    } else if (c >= 0xe00 && c < 0xe80) {
        n->thai++;
    } else if ((c >= 0x3041 && c < 0x30fb) || (c >= 0xff66 && c < 0xffa0)) {
        n->kana++;
    } else if ((c >= 0xac00 && c < 0xd7b0) || (c >= 0x1100 && c < 0x1200) ||
               (c >= 0x3130 && c < 0x3190)) {
        n->hangul++;
    }
}

/* Words that are not language: URLs, e-mail addresses, @names, typed tokens.  0 if none is here. */
static size_t skip_here(str t, size_t at) {
    size_t end = at;
    if (t.p[at] == '<') {
        while (end < t.n && end - at < 20 && t.p[end] != '>' && t.p[end] != ' ') end++;
        return end < t.n && t.p[end] == '>' ? end + 1 - at : 0;
    }
    bool url = str_starts(str_from(t, at), S("http")) || str_starts(str_from(t, at), S("www."));
    if (t.p[at] != '@' && !url) return 0;
    while (end < t.n && t.p[end] > ' ') end++; /* up to a blank or a character that is not ASCII */
    return end - at;
}

static void count(counts *n, str t) {
    for (size_t i = 0; i < t.n;) {
        char p = t.p[i];
        bool starts = p == '<' || p == '@' || ((p == 'h' || p == 'w') && n->word_n == 0);
        size_t over = starts ? skip_here(t, i) : 0;
        if (over > 0) {
            n->word_n = 0;
            i += over;
            continue;
        }
        u32 c = 0xfffd;
        int len = utf8_next(t, i, &c);
        add_char(n, c);
        i += len ? (size_t)len : 1;
    }
    end_word(n);
}

/* ---- deciding ---- */

/* What the runs of letters say, in twelfths of a natural logarithm: naive Bayes over the profiles. */
typedef struct {
    i32 sums[LANG_RUN_LANGS];
    u32 letters[RUNS_LETTERS + 2];
    u32 n;             /* letters of the word, a blank before it */
    u32 looked;        /* letters so far */
    u32 threes, known; /* runs of three, and those some language has */
} run_votes;

/* False if no language has it. */
static bool add_run(run_votes *v, u32 hash) {
    for (u32 at = hash >> LANG_SLOT_SHIFT; lang_slots[at]; at = (at + 1) % LANG_SLOTS) {
        const lang_run *r = &lang_runs[lang_slots[at]];
        if (r->hash != hash) continue;
        for (u32 l = 0; l < LANG_RUN_LANGS; l++) v->sums[l] += r->weight[l];
        return true;
    }
    return false;
}

static void end_runs(run_votes *v) {
    if (v->n > 1) {
        v->letters[v->n++] = ' ';
        for (u32 i = 0; i < v->n; i++) {
            u32 hash = 0x811c9dc5u;
            for (u32 k = i; k < MIN(i + LANG_RUN_LETTERS, v->n); k++) {
                hash = (hash ^ v->letters[k]) * 0x9e3779b1u;
                if (k == i && v->letters[i] == ' ') continue;
                bool known = add_run(v, hash);
                v->threes += k == i + 2;
                v->known += known && k == i + 2;
            }
        }
    }
    v->letters[0] = ' ';
    v->n = 1;
}

static void hear_runs(run_votes *v, str t) {
    v->n = 1;
    v->letters[0] = ' ';
    for (size_t i = 0; i < t.n && v->looked < RUNS_LOOK;) {
        u32 c = 0xfffd;
        size_t over = t.p[i] == '<' || t.p[i] == '@' || t.p[i] == 'h' ? skip_here(t, i) : 0;
        int len = over ? (int)over : utf8_next(t, i, &c);
        i += len ? (size_t)len : 1;
        bool letter = !over && (is_latin(c) || (c >= 0x400 && c < 0x530));
        if (!letter) {
            end_runs(v);
            continue;
        }
        v->looked++;
        c = c < 0x80 ? c | 32 : (u32)utf8proc_tolower((utf8proc_int32_t)c);
        if (v->n <= RUNS_LETTERS) v->letters[v->n++] = c;
    }
    end_runs(v);
}

/* The words' votes alone where they are clear: long texts are told without a second look. */
static str latin_lang(const counts *n, str text) {
    int best = 0, second = 1;
    for (int l = 1; l < LATIN; l++) {
        if (n->votes[l] > n->votes[best])
            second = best, best = l;
        else if (n->votes[l] > n->votes[second] || second == best)
            second = l;
    }
    if (n->votes[best] >= VOTES_CLEAR && n->votes[best] >= 2 * n->votes[second])
        return str_of(tags[best]);
    if (n->votes[best] < VOTES_MIN && n->latin < LETTERS_FEW) return S("und");
    run_votes v = {0};
    hear_runs(&v, text);
    if (n->votes[best] < VOTES_MIN && v.known * KNOWN_ONE_IN < v.threes) return S("und");
    for (int l = 0; l < LATIN; l++) {
        v.sums[l] += (i32)n->votes[l] * VOTE_WORTH;
        if (v.sums[l] > v.sums[best]) best = l;
    }
    return str_of(tags[best]);
}

static str cyrillic_lang(const counts *n, str text) {
    if (n->ukrainian) return S("uk");
    run_votes v = {0};
    hear_runs(&v, text);
    v.sums[LANG_BG] += (i32)n->bulgarian * VOTE_WORTH;
    return v.sums[LANG_BG] > v.sums[LANG_RU] ? S("bg") : S("ru");
}

str lang_of(str text) {
    pthread_once(&tables_once, tables_build);
    counts n = {0};
    if (text.p) text = utf8_clip(text, LOOK_BYTES);
    if (text.p) count(&n, text);
    u32 others = n.cyrillic + n.thai + n.arabic + n.hebrew + n.greek + n.devanagari;
    if (n.han + n.kana + n.hangul + n.latin + others < 2) return n.han ? S("zh-Hans") : S("und");
    if (n.hangul >= 2 && n.hangul >= n.han && n.hangul * 2 >= n.latin) return S("ko");
    if (n.kana >= 1 && n.kana * 5 >= n.han && n.kana * 3 >= n.latin) return S("ja");
    if (n.han > 0 && n.han * 3 >= n.latin && n.han * 3 >= others)
        return n.traditional > n.simplified ? S("zh-Hant") : S("zh-Hans");
    if (n.latin >= others) return latin_lang(&n, text);
    if (n.cyrillic * 2 >= others) return cyrillic_lang(&n, text);
    if (n.arabic * 2 >= others) return n.persian ? S("fa") : S("ar");
    if (n.thai * 2 >= others) return S("th");
    if (n.hebrew * 2 >= others) return S("he");
    if (n.greek * 2 >= others) return S("el");
    return n.devanagari * 2 >= others ? S("hi") : S("und");
}
