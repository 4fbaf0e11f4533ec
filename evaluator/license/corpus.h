// SPDX-License-Identifier: Apache-2.0
// The licence corpus: every known licence text, and every pattern that tells a licence.
//
// A corpus is compiled once (corpus_builder.h, corpus_writer.h) into one flat file
// (corpus_format.h), mapped here and read in place. Immutable, so any number of threads may read
// it; everything handed out borrows from it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "evaluator/license/corpus_format.h"
#include "modelwatch/v1/corpus.pb.h"

namespace modelwatch::evaluator {

// Position of a word in the corpus vocabulary.
using WordId = uint32_t;
inline constexpr WordId kUnknownWord = UINT32_MAX;
// Place of a licence, or of a pattern, in the corpus.
using LicenceId = uint32_t;
using PatternId = uint32_t;
inline constexpr uint32_t kNone = UINT32_MAX;

// A quick name for a token stream; not collision free.
[[nodiscard]] uint64_t StreamDigest(std::span<const WordId> words);

// A 4-gram of words as sampled for nomination; never 0.
inline constexpr size_t kPatternGramWords = 4;
[[nodiscard]] uint64_t GramOf(const WordId* words);
// Of a pattern of this many words, every 2nd, 4th or 8th gram (by hash) is in the index.
[[nodiscard]] uint64_t GramMask(size_t pattern_words);

// A licence of the corpus.
struct Licence {
  LicenceId id = kNone;
  std::string_view key, spdx, name, category, text;
  PatternId pattern = kNone;  // its own text
  bool is_exception = false, is_deprecated = false, is_generic = false;

  // SPDX lists it.
  [[nodiscard]] bool is_spdx() const { return spdx.substr(0, 11) != "LicenseRef-"; }
};

// Words that tell a licence. `marks` are those of tokens.h.
struct Pattern {
  PatternId id = kNone;
  std::span<const WordId> words;
  std::span<const uint8_t> marks;
  uint32_t expression = kNone;  // kNone: a false positive
  v1::PatternKind kind = v1::PATTERN_KIND_UNSPECIFIED;
  uint32_t relevance = 0, minimum_coverage = 0;  // percent
  bool is_continuous = false;
  // The licence's own text, or the one SPDX lists for it. Another text that a source files under a
  // licence may be another version of it, or say more: it is found by, and never vouched for.
  bool is_reference = false;
  LicenceId licence = kNone;  // whose own text it is
  uint32_t grams = 0;         // how often the gram index names it
};

// What a pattern stands for, for instance "GPL-2.0-only WITH Classpath-exception-2.0".
struct PatternExpression {
  std::string_view spdx;
  std::span<const corpus_format::TermRow> terms;  // licence and role, in order
};

class Corpus {
 public:
  // Maps a file made by `modelwatch corpus build`. The one place of this room that does I/O.
  // NOT_FOUND: no such file; DATA_LOSS: not a corpus, cut off, or its checksum is wrong;
  // FAILED_PRECONDITION: made by another version of the program: build it again.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<Corpus>> Load(const std::string& path);
  // The same from bytes, which are copied.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<Corpus>> Parse(std::string_view bytes);
  // Encodes and takes a built corpus.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<Corpus>> Make(const v1::Corpus& built);

  ~Corpus();
  Corpus(const Corpus&) = delete;
  Corpus& operator=(const Corpus&) = delete;

  // Digest over all entries, 16 hex digits: names what judgements rest on.
  [[nodiscard]] const std::string& version() const { return version_; }
  [[nodiscard]] std::vector<std::string_view> sources() const;
  [[nodiscard]] size_t bytes() const { return bytes_.size(); }

  [[nodiscard]] size_t licence_count() const { return licences_.size(); }
  [[nodiscard]] Licence licence(LicenceId id) const;
  // The same without the rest, for licences by the thousand.
  [[nodiscard]] std::string_view key_of(LicenceId id) const { return String(licences_[id].key); }
  [[nodiscard]] std::string_view spdx_of(LicenceId id) const { return String(licences_[id].spdx); }
  [[nodiscard]] bool is_generic(LicenceId id) const {
    return (licences_[id].flags & corpus_format::kIsGeneric) != 0;
  }
  // By corpus key, SPDX id or another SPDX id of it, letter case ignored; an SPDX id as SPDX writes
  // it comes before the key of another licence that differs in case alone ("BSL-1.0", "bsl-1.0").
  [[nodiscard]] std::optional<Licence> Find(std::string_view id) const;

  [[nodiscard]] size_t pattern_count() const { return patterns_.size(); }
  // Words of the longest pattern.
  [[nodiscard]] size_t most_pattern_words() const { return most_pattern_words_; }
  [[nodiscard]] Pattern pattern(PatternId id) const;
  // Entries of it in the gram index.
  [[nodiscard]] uint32_t grams_of(PatternId id) const { return patterns_[id].grams; }
  void PrefetchPattern(PatternId id) const { __builtin_prefetch(&patterns_[id]); }
  [[nodiscard]] std::span<const WordId> words_of(PatternId id) const {
    return tokens_.subspan(patterns_[id].begin, patterns_[id].size);
  }
  // REQUIRES: not kNone.
  [[nodiscard]] PatternExpression expression(uint32_t id) const;

  [[nodiscard]] size_t word_count() const { return words_.size(); }
  [[nodiscard]] std::string_view word(WordId id) const { return String(words_[id]); }
  // kUnknownWord when no pattern of the corpus has the word. REQUIRES: not empty.
  [[nodiscard]] WordId IdOf(std::string_view word) const;
  // The same in two steps, for words by the thousand: hash them all, have the memory of each come
  // nearer while others are looked up.
  [[nodiscard]] static uint64_t HashOf(std::string_view word);
  void PrefetchWord(uint64_t hash) const {
    __builtin_prefetch(&word_table_[hash & (word_table_.size() - 1)]);
  }
  [[nodiscard]] WordId IdOf(std::string_view word, uint64_t hash) const;

  // Patterns with a gram, ascending; empty for grams of none and for those of too many.
  [[nodiscard]] std::span<const PatternId> PatternsWith(uint64_t gram) const;
  // Has the memory that PatternsWith looks at first come nearer, for a call soon to be made.
  void PrefetchGram(uint64_t gram) const {
    __builtin_prefetch(&grams_[(gram >> 8) & (grams_.size() - 1)]);
  }
  // The same for the patterns themselves, a while after PrefetchGram.
  void PrefetchPatternsWith(uint64_t gram) const {
    const corpus_format::GramRow& row = grams_[(gram >> 8) & (grams_.size() - 1)];
    if (row.count != 0) __builtin_prefetch(&gram_patterns_[row.begin]);
  }
  // Text patterns whose core words have this digest. A digest only nominates: compare the words.
  [[nodiscard]] std::span<const corpus_format::DigestRow> PatternsByDigest(uint64_t digest) const;

  // What occurrences.h searches in: patterns in the order of their words, and the ranges in it.
  [[nodiscard]] std::span<const uint32_t> sorted() const { return sorted_; }
  [[nodiscard]] std::span<const uint64_t> heads() const { return heads_; }
  [[nodiscard]] std::span<const uint32_t> prefixes() const { return prefixes_; }
  // [begin, end) in sorted() of the patterns of two words and more that begin so.
  [[nodiscard]] std::pair<uint32_t, uint32_t> PatternsFrom(WordId first, WordId second) const;
  void PrefetchPair(WordId first, WordId second) const;
  void PrefetchSingle(WordId word) const {
    if (word < singles_.size()) __builtin_prefetch(&singles_[word]);
  }
  // The pattern of this one word, or kNone.
  [[nodiscard]] PatternId PatternOf(WordId word) const {
    return word < singles_.size() ? singles_[word] - 1 : kNone;
  }

 private:
  class Bytes;
  Corpus() = default;
  absl::Status Bind(std::string_view bytes);
  absl::Status CheckRows() const;
  [[nodiscard]] std::string_view String(corpus_format::StringRow row) const {
    return strings_.substr(row.begin, row.size);
  }
  template <typename Row>
  absl::Status Section(corpus_format::Section which, std::span<const Row>& rows) const;

  std::unique_ptr<Bytes> owned_;
  std::string_view bytes_;
  std::string version_;
  size_t most_pattern_words_ = 0;
  std::string_view strings_;
  std::span<const corpus_format::StringRow> names_, words_;
  std::span<const corpus_format::LicenceRow> licences_;
  std::span<const corpus_format::IdRow> ids_;
  std::span<const corpus_format::WordSlot> word_table_;
  std::span<const uint64_t> heads_;
  std::span<const uint32_t> tokens_, sorted_, prefixes_, singles_, gram_patterns_;
  std::span<const uint8_t> marks_;
  std::span<const corpus_format::PatternRow> patterns_;
  std::span<const corpus_format::ExpressionRow> expressions_;
  std::span<const corpus_format::TermRow> terms_;
  std::span<const corpus_format::PairRow> pairs_;
  std::span<const corpus_format::GramRow> grams_;
  std::span<const corpus_format::DigestRow> digests_;
};

// The words that identify a licence: those outside copyright lines, title and optional parts.
[[nodiscard]] std::vector<WordId> CoreWords(const Pattern& pattern);

}  // namespace modelwatch::evaluator
