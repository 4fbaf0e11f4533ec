// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/fit.h"

#include <algorithm>
#include <array>

#include "evaluator/license/text_diff.h"

namespace modelwatch::evaluator {
namespace {

class Fitter {
 public:
  Fitter(const Corpus& corpus, PatternId pattern, TextWords text)
      : corpus_(corpus), pattern_(corpus.pattern(pattern)), text_(text) {
    fit_.pattern = pattern;
  }

  Fit Run(const Alignment& alignment) {
    fit_.begin = alignment.begin;
    fit_.end = alignment.end;
    size_t a = 0, b = alignment.begin;
    for (const evaluator::Run& run : alignment.runs) {
      AddGap({a, run.in_pattern, b, run.in_text});
      a = run.in_pattern + run.length;
      b = run.in_text + run.length;
    }
    AddGap({a, pattern_.words.size(), b, alignment.end});
    Count();
    return std::move(fit_);
  }

 private:
  void AddGap(const Hunk& gap) {
    if (gap.a_begin == gap.a_end && gap.b_begin == gap.b_end) return;
    if (gap.a_begin == gap.a_end || gap.b_begin == gap.b_end) return Judge(gap);
    const auto in_pattern = pattern_.words.subspan(gap.a_begin, gap.a_end - gap.a_begin);
    const auto in_text = text_.words.subspan(gap.b_begin, gap.b_end - gap.b_begin);
    for (Hunk hunk : DiffSequences(in_pattern, in_text)) {
      hunk.a_begin += gap.a_begin;
      hunk.a_end += gap.a_begin;
      hunk.b_begin += gap.b_begin;
      hunk.b_end += gap.b_begin;
      Judge(hunk);
    }
  }

  void Judge(const Hunk& hunk) {
    std::vector<Token> missing(hunk.a_end - hunk.a_begin);
    for (size_t i = 0; i < missing.size(); ++i) {
      missing[i].word = std::string(corpus_.word(pattern_.words[hunk.a_begin + i]));
      missing[i].marks = pattern_.marks[hunk.a_begin + i];
    }
    const ResidueHunk judged = JudgeHunk(missing, text_.tokens, hunk);
    if (!judged.is_neutral) {
      if (!judged.is_missing_neutral) fit_.weight += WeightOf(missing);
      fit_.weight += WeightOf(text_.tokens.subspan(hunk.b_begin, hunk.b_end - hunk.b_begin));
    }
    fit_.residue.push_back(judged);
  }

  void Count() {
    size_t missing = 0, added = 0, neutral_missing = 0, neutral_added = 0;
    for (const ResidueHunk& judged : fit_.residue) {
      const size_t gone = judged.hunk.a_end - judged.hunk.a_begin;
      const size_t come = judged.hunk.b_end - judged.hunk.b_begin;
      missing += gone;
      added += come;
      if (judged.is_neutral || judged.is_missing_neutral) neutral_missing += gone;
      if (judged.is_neutral) neutral_added += come;
    }
    fit_.matched = pattern_.words.size() - missing;
    fit_.missing = missing - neutral_missing;
    fit_.added = added - neutral_added;
    const size_t in_pattern = pattern_.words.size() - neutral_missing;
    const size_t in_text = fit_.end - fit_.begin - neutral_added;
    const auto share = [](size_t part, size_t whole) {
      return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
    };
    fit_.score = share(2 * fit_.matched, in_pattern + in_text);
    fit_.coverage = share(fit_.matched, in_pattern);
  }

  const Corpus& corpus_;
  const Pattern pattern_;
  TextWords text_;
  Fit fit_;
};

}  // namespace

std::vector<WordId> NumberWords(const Corpus& corpus, std::span<const Token> text) {
  std::vector<WordId> words;
  words.reserve(text.size());
  const auto first = static_cast<WordId>(corpus.word_count());
  // Look-ups that are under way at once.
  constexpr size_t kAhead = 8;
  std::array<uint64_t, kAhead> hashes = {};
  for (size_t i = 0; i < text.size() + kAhead; ++i) {
    uint64_t& hash = hashes[i % kAhead];
    if (i >= kAhead) {
      const WordId known = corpus.IdOf(text[i - kAhead].word, hash);
      const auto beyond = first + static_cast<WordId>(hash % (kUnknownWord - first));
      words.push_back(known != kUnknownWord ? known : beyond);
    }
    if (i < text.size()) corpus.PrefetchWord(hash = Corpus::HashOf(text[i].word));
  }
  return words;
}

Fit FitPattern(const Corpus& corpus, PatternId pattern, TextWords text,
               const Alignment& alignment) {
  return Fitter(corpus, pattern, text).Run(alignment);
}

}  // namespace modelwatch::evaluator
