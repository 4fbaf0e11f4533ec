// SPDX-License-Identifier: Apache-2.0
// The licence corpus: every known licence text, ready to be compared with.
//
// A corpus is compiled once (corpus_builder.h) into a v1::Corpus file and read by every judging
// command and by the evaluator. Immutable after loading, so any number of threads may read it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "modelwatch/v1/corpus.pb.h"

namespace modelwatch::evaluator {

// Position of a word in the corpus vocabulary.
using WordId = uint32_t;
inline constexpr WordId kUnknownWord = UINT32_MAX;

// One licence of the corpus, tokens included. Borrows from the Corpus.
struct CorpusEntry {
  const v1::CorpusLicence* licence = nullptr;
  double weight = 0;    // sum of the rarity of its distinct words
  uint64_t digest = 0;  // StreamDigest of CoreWords
};

// A quick name for a token stream; not collision free.
[[nodiscard]] uint64_t StreamDigest(std::span<const WordId> words);

// The words that identify a licence: those outside copyright lines, title and optional parts.
[[nodiscard]] std::vector<WordId> CoreWords(const v1::CorpusLicence& licence);

class Corpus {
 public:
  // Maps and parses a file made by `modelwatch corpus build`. The one place of this room that does
  // I/O. NOT_FOUND: no such file; DATA_LOSS: not a corpus, or cut off; FAILED_PRECONDITION: made by
  // a newer program.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<Corpus>> Load(const std::string& path);
  // The same from bytes.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<Corpus>> Parse(std::string_view bytes);
  // Takes a compiled corpus.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<Corpus>> Make(v1::Corpus proto);

  Corpus(const Corpus&) = delete;
  Corpus& operator=(const Corpus&) = delete;

  // Digest over all entries, 16 hex digits: names what judgements rest on.
  [[nodiscard]] const std::string& version() const { return proto_.version(); }
  [[nodiscard]] const v1::Corpus& proto() const { return proto_; }
  [[nodiscard]] std::span<const CorpusEntry> entries() const { return entries_; }

  // By corpus key, SPDX id or another SPDX id of it, letter case ignored; null when absent.
  [[nodiscard]] const v1::CorpusLicence* Find(std::string_view id) const;

  // kUnknownWord when no text of the corpus has the word.
  [[nodiscard]] WordId IdOf(std::string_view word) const;
  // Rarity of a word: ln(number of licences / licences that have it).
  [[nodiscard]] double Rarity(WordId id) const { return rarity_[id]; }
  // Entries that have the word, ascending; empty for words of no text and for words so common that
  // they tell nothing.
  [[nodiscard]] std::span<const uint32_t> EntriesWith(WordId id) const;

  // Entries with this CorpusEntry.digest, ascending. A digest only nominates: compare the words.
  [[nodiscard]] std::span<const uint32_t> EntriesByDigest(uint64_t digest) const;

 private:
  Corpus() = default;
  void IndexNames();
  void IndexWords();
  void IndexDigests();

  v1::Corpus proto_;
  std::vector<CorpusEntry> entries_;
  absl::flat_hash_map<std::string, uint32_t> names_;  // lower case
  absl::flat_hash_map<std::string, WordId> word_ids_;
  std::vector<double> rarity_;           // by word
  std::vector<uint32_t> posting_begin_;  // by word, into postings_; one past the end too
  std::vector<uint32_t> postings_;
  absl::flat_hash_map<uint64_t, std::vector<uint32_t>> digests_;
};

}  // namespace modelwatch::evaluator
