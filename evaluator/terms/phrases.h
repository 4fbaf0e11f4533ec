// SPDX-License-Identifier: Apache-2.0
// Patterns over the words of one sentence: classes of words and phrases, in order, with bounded
// gaps. The language is told in proto/modelwatch/v1/reading.proto.
//
// A sentence is a row of at most kMaxSentenceWords places, so that matching is a few shifts of a
// bit set: no input makes it slow, and a pattern one of whose classes is absent costs a look-up.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace modelwatch::evaluator {

inline constexpr size_t kMaxSentenceWords = 256;

// Bit i: the word at place i.
class Places {
 public:
  void Set(size_t place) { words_[place / 64] |= uint64_t{1} << (place % 64); }
  [[nodiscard]] bool Has(size_t place) const {
    return (words_[place / 64] >> (place % 64) & 1) != 0;
  }
  [[nodiscard]] bool IsEmpty() const {
    return (words_[0] | words_[1] | words_[2] | words_[3]) == 0;
  }
  // [begin, end)
  void SetRange(size_t begin, size_t end);
  // The first place at `from` or behind it; kMaxSentenceWords when there is none.
  [[nodiscard]] size_t FirstFrom(size_t from) const;
  // Every place one later, or earlier.
  [[nodiscard]] Places Later() const;
  [[nodiscard]] Places Earlier() const;
  Places& operator|=(const Places& other);
  Places& operator&=(const Places& other);
  [[nodiscard]] Places Without(const Places& other) const;

 private:
  std::array<uint64_t, 4> words_ = {};
};

using ClassId = uint32_t;

// Words and phrases by the classes they belong to. Built once, then immutable and free to share.
class Vocabulary {
 public:
  // The class of an element: "@name", a word, or alternatives joined by "/". Made when new.
  // Aborts on a class that was not defined: the data is embedded.
  ClassId ElementClass(std::string_view element);
  // Defines "@name"; phrases as in reading.proto.
  void Define(std::string_view name, std::string_view phrases);
  [[nodiscard]] size_t size() const { return longest_.size(); }
  // Words of the longest phrase of the class.
  [[nodiscard]] size_t LongestOf(ClassId id) const { return longest_[id]; }

 private:
  friend class MarkedSentence;
  struct Phrase {
    std::vector<std::string> words;
    std::vector<ClassId> classes;
  };
  void Add(ClassId id, std::vector<std::string> words);
  ClassId NewClass();

  absl::flat_hash_map<std::string, ClassId> by_name_;
  std::vector<std::vector<std::vector<std::string>>> phrases_of_;  // by class
  absl::flat_hash_map<std::string, std::vector<Phrase>> by_first_word_;
  std::vector<size_t> longest_;
};

// The places of every class in one sentence. Reused from sentence to sentence; one thread.
class MarkedSentence {
 public:
  explicit MarkedSentence(const Vocabulary& vocabulary);  // must outlive this

  // Words beyond kMaxSentenceWords are left out.
  void Mark(std::span<const std::string_view> words);
  // Where a word or phrase of the class starts, and the last word of each.
  [[nodiscard]] const Places& Of(ClassId id) const {
    return stamps_[id] == stamp_ ? starts_[id] : kNone;
  }
  [[nodiscard]] const Places& LastWordsOf(ClassId id) const {
    return stamps_[id] == stamp_ ? lasts_[id] : kNone;
  }
  // Takes every class off the words in [begin, end).
  void Erase(size_t begin, size_t end);
  [[nodiscard]] bool Has(ClassId id) const { return stamps_[id] == stamp_; }
  [[nodiscard]] bool IsAndOr(size_t place) const { return and_or_.Has(place); }
  [[nodiscard]] size_t words() const { return words_; }

 private:
  const Vocabulary& vocabulary_;
  static const Places kNone;
  std::vector<Places> starts_, lasts_;
  Places and_or_;
  std::vector<uint32_t> stamps_;
  std::vector<ClassId> present_;
  uint32_t stamp_ = 0;
  size_t words_ = 0;
};

// [begin, end) of the words that a match lies in.
struct Match {
  size_t begin = 0, end = 0;
};

class PhrasePattern {
 public:
  // Aborts when `pattern` is not one: the data is embedded.
  PhrasePattern(std::string_view pattern, Vocabulary& vocabulary);

  // The shortest match from every place where one starts, the last place first. `breaks` are the
  // places that a plain gap does not cross. Appends to `matches`; returns whether there was one.
  bool FindAll(const MarkedSentence& sentence, const Places& breaks,
               std::vector<Match>& matches) const;
  [[nodiscard]] bool Matches(const MarkedSentence& sentence, const Places& breaks) const;

 private:
  struct Step {
    ClassId id = 0;
    size_t gap = 0;  // words between this and the step before
    bool crosses_breaks = false;
  };
  [[nodiscard]] Places ReachOf(size_t i, Places from, const Places& breaks, bool is_forward) const;
  [[nodiscard]] size_t EndOf(const MarkedSentence& sentence, ClassId last_class,
                             size_t place) const;
  // The places of each step that whole matches pass through; false when there is none.
  bool Trace(const MarkedSentence& sentence, const Places& breaks, std::vector<Places>& at) const;

  std::vector<Step> steps_;
  std::vector<size_t> longest_;  // of each step's class
  bool is_anchored_ = false;
};

}  // namespace modelwatch::evaluator
