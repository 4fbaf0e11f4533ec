// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/occurrences.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "absl/strings/str_format.h"
#include "evaluator/license/corpus_builder.h"
#include "evaluator/license/corpus_writer.h"
#include "testing/status_matchers.h"

namespace modelwatch::evaluator {
namespace {

constexpr char kLicence[] =
    "---\nkey: one\nname: License One\nspdx_license_key: One-1.0\n---\n\nanything goes here\n";

// Two words that are told apart by their ninth byte alone, and short ones.
constexpr std::string_view kWords[] = {"use", "of", "permission", "permissible", "x"};

std::string RandomWords(std::mt19937& random, size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    text += std::string(kWords[random() % std::size(kWords)]) + " ";
  }
  return text;
}

std::unique_ptr<Corpus> CorpusOfRandomRules(std::mt19937& random) {
  CorpusBuilder builder;
  EXPECT_OK(builder.AddFile("one.LICENSE", kLicence));
  for (int i = 0; i < 150; ++i) {
    EXPECT_OK(builder.AddFile(
        absl::StrFormat("one_%d.RULE", i),
        absl::StrFormat("---\nlicense_expression: one\nis_license_notice: yes\nrelevance: 90\n"
                        "---\n%s",
                        RandomWords(random, 1 + random() % 7))));
  }
  return *Corpus::Parse(EncodeCorpus(*builder.Build()));
}

// Every pattern at every place.
std::vector<Occurrence> SearchAll(const Corpus& corpus, std::span<const WordId> words) {
  std::vector<Occurrence> found;
  size_t covered = 0;
  for (size_t i = 0; i < words.size(); ++i) {
    size_t longest = 0;
    PatternId best = kNone;
    for (PatternId id = 0; id < corpus.pattern_count(); ++id) {
      const auto pattern = corpus.words_of(id);
      if (pattern.size() <= longest || pattern.size() > words.size() - i) continue;
      if (!std::equal(pattern.begin(), pattern.end(), words.begin() + static_cast<ptrdiff_t>(i))) {
        continue;
      }
      longest = pattern.size();
      best = id;
    }
    if (best == kNone || i + longest <= covered) continue;
    covered = i + longest;
    found.push_back({best, i, covered});
  }
  return found;
}

TEST(OccurrencesTest, FindsWhatASearchForEveryPatternFinds) {
  std::mt19937 random(11);
  const auto corpus = CorpusOfRandomRules(random);
  for (int round = 0; round < 200; ++round) {
    std::vector<WordId> words;
    for (size_t i = random() % 40; i > 0; --i) {
      const auto pick = random() % (std::size(kWords) + 2);
      words.push_back(pick < std::size(kWords)    ? corpus->IdOf(kWords[pick])
                      : pick == std::size(kWords) ? kUnknownWord
                                                  : static_cast<WordId>(corpus->word_count()) + 3);
    }
    const auto found = FindOccurrences(*corpus, words);
    const auto wanted = SearchAll(*corpus, words);
    ASSERT_EQ(found.size(), wanted.size()) << round;
    for (size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].begin, wanted[i].begin) << round;
      EXPECT_EQ(found[i].end, wanted[i].end) << round;
    }
  }
}

TEST(OccurrencesTest, NumbersEveryWordOfTheCorpusAndNoOther) {
  std::mt19937 random(12);
  const auto corpus = CorpusOfRandomRules(random);
  for (WordId id = 0; id < corpus->word_count(); ++id) {
    const std::string word(corpus->word(id));
    EXPECT_EQ(corpus->IdOf(word), id) << word;
    EXPECT_EQ(corpus->IdOf(word + "s"), kUnknownWord) << word;
  }
  EXPECT_EQ(corpus->IdOf("permissi"), kUnknownWord);
}

}  // namespace
}  // namespace modelwatch::evaluator
