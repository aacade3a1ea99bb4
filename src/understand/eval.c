/* eval.c - counts how often the sentiment reader is right.  See eval.h. */
#include "understand/eval.h"
#include "kern/fold.h"
#include "kern/lang.h"
#include "understand/findings.h"
#include "understand/understand.h"

static int answer_of(const reading *r, bool three) {
    if (three) return r->ins->row.sentiment == NONE ? 0 : (int)r->ins->row.sentiment;
    return r->lean > 0 ? 1 : -1;
}

bool eval_sentiment_add(eval_sentiment *t, arena *a, str words, int want, bool three, err *e) {
    check(want >= -1 && want <= 1 && (three || want != 0));
    insight ins = {0};
    reading r = {.a = a, .ins = &ins, .text = words};
    ins.row.lang = lang_of(words);
    u32 *offsets = NULL;
    fold(a, words, &r.folded, &offsets);
    r.offsets = offsets;
    if (!understand_reading(&r, NULL, 0, e)) return false;
    int answer = answer_of(&r, three);
    bool spoke = r.found && r.found->heat > 0;
    t->n++;
    t->confusion[want + 1][answer + 1]++;
    t->spoke += spoke;
    t->right_if_spoke += spoke && answer == want;
    if (ins.row.sentiment == -1 || ins.row.sentiment == 1) {
        size_t ten = (size_t)ins.row.confidence / 10;
        t->sure_n[ten]++;
        t->sure_right[ten] += ins.row.sentiment == want;
    }
    return true;
}

double eval_accuracy(const eval_sentiment *t) {
    i64 right = t->confusion[0][0] + t->confusion[1][1] + t->confusion[2][2];
    return t->n ? (double)right / (double)t->n : NAN;
}

double eval_macro_f1(const eval_sentiment *t) {
    double sum = 0;
    int classes = 0;
    for (int c = 0; c < 3; c++) {
        i64 have = 0, said = 0, both = t->confusion[c][c];
        for (int o = 0; o < 3; o++) {
            have += t->confusion[c][o];
            said += t->confusion[o][c];
        }
        if (have == 0) continue;
        classes++;
        sum += 2.0 * (double)both / (double)(have + said);
    }
    return classes ? sum / classes : NAN;
}

double eval_coverage(const eval_sentiment *t) {
    return t->n ? (double)t->spoke / (double)t->n : NAN;
}
