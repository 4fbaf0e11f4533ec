// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/fit.h"

#include <algorithm>

namespace modelwatch::evaluator {
namespace {

void CountResidue(Fit& fit, size_t base_size, size_t text_size) {
  size_t missing = 0, added = 0, neutral_missing = 0, neutral_added = 0;
  for (const ResidueHunk& judged : fit.residue) {
    const size_t gone = judged.hunk.a_end - judged.hunk.a_begin;
    const size_t come = judged.hunk.b_end - judged.hunk.b_begin;
    missing += gone;
    added += come;
    if (judged.is_neutral || judged.is_missing_neutral) neutral_missing += gone;
    if (judged.is_neutral) neutral_added += come;
  }
  fit.matched = base_size - missing;
  fit.missing = missing - neutral_missing;
  fit.added = added - neutral_added;
  const size_t base = base_size - neutral_missing, text = text_size - neutral_added;
  const auto share = [](size_t part, size_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
  };
  fit.score = share(2 * fit.matched, base + text);
  fit.coverage = share(fit.matched, base);
  constexpr size_t kSolidRun = 5;
  size_t at = 0;
  const auto count_run = [&](size_t end) {
    if (end - at >= kSolidRun) fit.solid += end - at;
  };
  for (const ResidueHunk& judged : fit.residue) {
    count_run(judged.hunk.a_begin);
    at = judged.hunk.a_end;
  }
  count_run(base_size);
}

void FindSpan(Fit& fit, size_t text_size) {
  fit.begin = 0;
  fit.end = text_size;
  if (fit.residue.empty()) return;
  const Hunk& first = fit.residue.front().hunk;
  if (first.b_begin == 0) fit.begin = first.b_end;
  const Hunk& last = fit.residue.back().hunk;
  if (last.b_end == text_size) fit.end = std::max(fit.begin, last.b_begin);
}

// The licence's words without an optional end, where it has one: what follows the licence in the
// text is then not mixed up with its appendix.
size_t SizeWithoutOptionalEnd(const std::vector<Token>& base) {
  size_t size = base.size();
  while (size > 0 && (base[size - 1].marks & (kOptionalMark | kCopyrightMark)) != 0) --size;
  return size;
}

Fit FitWords(const std::vector<Token>& base, std::span<const uint32_t> base_words,
             std::span<const Token> text, std::span<const WordId> words) {
  Fit fit;
  fit.residue = JudgeResidue(base, text, DiffSequences(base_words, words));
  CountResidue(fit, base_words.size(), text.size());
  FindSpan(fit, text.size());
  return fit;
}

}  // namespace

std::vector<Token> TokensOf(const Corpus& corpus, uint32_t entry) {
  const v1::CorpusLicence& licence = *corpus.entries()[entry].licence;
  std::vector<Token> tokens(static_cast<size_t>(licence.tokens_size()));
  for (size_t i = 0; i < tokens.size(); ++i) {
    tokens[i].word = corpus.proto().words(static_cast<int>(licence.tokens(static_cast<int>(i))));
    tokens[i].marks = static_cast<uint8_t>(licence.marks()[i]);
  }
  return tokens;
}

std::vector<WordId> NumberWords(const Corpus& corpus, std::span<const Token> text) {
  std::vector<WordId> words;
  words.reserve(text.size());
  absl::flat_hash_map<std::string_view, WordId> unknown;
  const auto first = static_cast<WordId>(corpus.proto().words_size());
  for (const Token& token : text) {
    const WordId known = corpus.IdOf(token.word);
    words.push_back(
        known != kUnknownWord
            ? known
            : unknown.try_emplace(token.word, first + static_cast<WordId>(unknown.size()))
                  .first->second);
  }
  return words;
}

Fit FitLicence(const Corpus& corpus, uint32_t entry, std::span<const Token> text,
               std::span<const WordId> words) {
  const auto& stored = corpus.entries()[entry].licence->tokens();
  const std::span<const uint32_t> base_words(stored.data(), static_cast<size_t>(stored.size()));
  const std::vector<Token> base = TokensOf(corpus, entry);
  Fit fit = FitWords(base, base_words, text, words);
  const size_t size = SizeWithoutOptionalEnd(base);
  if (!fit.is_exact() && size > 0 && size < base.size()) {
    Fit without = FitWords({base.begin(), base.begin() + static_cast<ptrdiff_t>(size)},
                           base_words.first(size), text, words);
    if (without.missing + without.added < fit.missing + fit.added ||
        (without.missing == 0 && without.residue.size() + 3 < fit.residue.size())) {
      fit = std::move(without);
    }
  }
  fit.entry = entry;
  return fit;
}

}  // namespace modelwatch::evaluator
