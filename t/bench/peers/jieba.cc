/* jieba.cc - cppjieba (from npm nodejieba) on the same texts as t/bench/cut_bench.c, for script/bench-text.
** jieba DICT_FOLDER TEXTS WORDS   prints MB a second with and without its guesses at new words, and how
** many of our words of Han (WORDS, of the same texts) are also its words, as F1. */
#include "cppjieba/Jieba.hpp"
#include <ctime>
#include <fstream>
#include <iostream>
#include <set>

static double cpu() {
    timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

// Places where words of Han begin and end, blanks not counted.
static std::set<std::pair<size_t, size_t>> spans(const std::vector<std::string> &words) {
    std::set<std::pair<size_t, size_t>> all;
    size_t at = 0;
    for (const auto &w : words) {
        if (w == " " || w.empty()) continue;
        if ((unsigned char)w[0] >= 0xe4 && (unsigned char)w[0] <= 0xe9) all.insert({at, at + w.size()});
        at += w.size();
    }
    return all;
}

int main(int, char **argv) {
    std::string d = argv[1], line;
    cppjieba::Jieba jieba(d + "/jieba.dict.utf8", d + "/hmm_model.utf8", d + "/user.dict.utf8",
                          d + "/idf.utf8", d + "/stop_words.utf8");
    std::vector<std::string> texts, words;
    std::ifstream in(argv[2]), ours(argv[3]);
    double bytes = 0, speed[2];
    while (std::getline(in, line)) bytes += line.size(), texts.push_back(line);
    for (int hmm = 0; hmm < 2; hmm++) {
        double from = cpu();
        for (const auto &t : texts) jieba.Cut(t, words, hmm == 1);
        speed[hmm] = bytes / 1e6 / (cpu() - from);
    }
    size_t mine = 0, theirs = 0, both = 0;
    for (const auto &t : texts) {
        std::getline(ours, line);
        std::vector<std::string> cut;
        size_t at = 0;
        while (at <= line.size()) {
            size_t end = std::min(line.find(' ', at), line.size());
            cut.push_back(line.substr(at, end - at));
            at = end + 1;
        }
        jieba.Cut(t, words, false);
        auto a = spans(cut), b = spans(words);
        mine += a.size(), theirs += b.size();
        for (const auto &s : a) both += b.count(s);
    }
    printf("%.1f %.1f %.4f\n", speed[0], speed[1], 2.0 * both / (mine + theirs));
}
