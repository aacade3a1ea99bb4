/* emotion.c - emotion index: the mean valence of the emotions that were read. */
#include "kern/expr_make.h"
#include "kern/stats.h"
#include "understand/metric.h"

/* A setting of the method, shown with it; a change of it raises .version. */
static const struct {
    const char *emotion;
    double valence;
} valences[] = {{"joy", 1},        {"trust", 1},   {"like", 1},   {"surprise", 0.2}, {"neutral", 0},
                {"sadness", -0.6}, {"fear", -0.7}, {"anger", -1}, {"disgust", -1}};

static size_t measures(arena *a, const metric_params *p, tally_measure *out) {
    for (size_t i = 0; i < COUNT(valences); i++)
        out[i] = (tally_measure){.kind = MEASURE_SHARE,
                                 .test = expr_text_is(a, p->column, str_of(valences[i].emotion))};
    return COUNT(valences);
}

static estimate emotion_value(const metric_params *p, i64 n, const tally_stat *s) {
    double sum = 0, square = 0;
    i64 known = 0, all = s[0].n;
    (void)p, (void)n;
    for (size_t i = 0; i < COUNT(valences); i++) {
        double v = 100 * valences[i].valence;
        known += s[i].yes;
        sum += v * (double)s[i].yes, square += v * v * (double)s[i].yes;
    }
    if (known == 0) return estimate_none("no_data", 0, s[0].missing, all - known);
    double count = (double)known, mean = sum / count;
    double variance = known > 1 ? fmax(0, square - sum * mean) / (count - 1) : NAN;
    interval r = mean_interval(mean, variance, known);
    return (estimate){mean,
                      isnan(r.low) ? NAN : fmax(-100, r.low),
                      isnan(r.high) ? NAN : fmin(100, r.high),
                      known,
                      s[0].missing,
                      all - known,
                      NULL};
}

static double score(const metric_params *p, const tally_key *answers) {
    (void)p;
    for (size_t i = 0; i < COUNT(valences); i++)
        if (answers->kind == VALUE_TEXT && str_eq(answers->text, str_of(valences[i].emotion)))
            return 100 * valences[i].valence;
    return NAN;
}

const metric metric_emotion = {
    .name = "emotion",
    .title = "Emotion index",
    .unit = "points",
    .params = "emotion[:COLUMN]",
    .column = "emotion",
    .takes_column = true,
    .version = 1,
    .help =
        "100 x the mean valence of the emotions that were clearly said: joy, trust, like 1, "
        "surprise "
        "0.2, neutral 0, sadness -0.6, fear -0.7, anger -1, disgust -1. Signals without a clear "
        "emotion are missing, others invalid. Interval: Student's t.",
    .measures = measures,
    .value = emotion_value,
    .score = score,
};
