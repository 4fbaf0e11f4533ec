// SPDX-License-Identifier: Apache-2.0
// Licences known by fingerprint: texts that no package carries, so that no corpus holds them.
//
// A row (v1::Fingerprint) is made of facts computed from a text, never of the text: a digest of its
// words and a sample of hashed word runs. So much can be told, and no more:
//  - equal digest and word count: the text is that one, word for word, outside copyright lines and
//    title, and what stands there is the row's own or says nothing (residue.h: IsInert). EXACT.
//  - many runs in common: the text is of that family. FAMILY, never EXACT and never MODIFIED: what
//    differs cannot be told, because the words are not there to compare with. One inserted "not"
//    ends here.
// Everything is computed on normalised words (tokens.h), not on a corpus' word numbers: a row holds
// for any corpus. It does not hold across a change of the normalisation: then the rows are computed
// again (`modelwatch corpus fingerprint --refresh`), and a test tells that it is time.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "evaluator/license/tokens.h"
#include "evaluator/license/word_runs.h"
#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/fingerprint.pb.h"

namespace modelwatch::evaluator {

// A row's family is told when at least these many of its runs, and this share of them, are in the
// text. Runs that licences of other families have too are not in a row, so what is left is the
// wording of the family: versions of one licence share 0.5 and more of it, others nothing
// (docs/decisions). Four runs are about 30 words: fewer may be a quotation.
inline constexpr size_t kFamilyRuns = 4;
inline constexpr double kFamilyContainment = 0.3;
// What a FAMILY finding's score is times its row's: a likeness that cannot be looked into stands
// behind that to a corpus text nearly as like, whose difference can be named clause by clause.
inline constexpr double kUnverified = 0.9;

// What a text is known by. Linear in its length; any tokens.
struct TextFingerprint {
  uint32_t words = 0;           // outside copyright lines and title
  std::vector<uint64_t> grams;  // winnowed, ascending, no repeats
};
// The digest: the first 16 bytes of the SHA-256 of those words, each followed by a space; 32 hex
// digits. SHA-256, because EXACT clears a text: nobody may be able to make another text of the same
// digest.
inline constexpr uint8_t kOutsideCore = kCopyrightMark | kTitleMark;
[[nodiscard]] std::string CoreDigest(std::span<const Token> tokens, uint8_t outside = kOutsideCore);
[[nodiscard]] TextFingerprint FingerprintText(std::span<const Token> tokens);

// Every run, in order of the text.
[[nodiscard]] std::vector<uint64_t> AllGrams(std::span<const Token> tokens);

// Sets the computed fields of a row: words, core_digest, outside, grams. Runs of which `is_stock`
// holds, for other families have them too, are left out.
void ComputeFingerprint(std::span<const Token> tokens, v1::Fingerprint& row,
                        const std::function<bool(uint64_t)>& is_stock);

// A row that shares runs with a text.
struct NearFingerprint {
  const v1::Fingerprint* row = nullptr;
  size_t shared = 0;       // runs of the row that the text has
  double containment = 0;  // share of the row's runs that the text has, 0..1
  double score = 0;        // containment, less as far as one of the two is longer, 0..1
};

struct FingerprintMatch {
  const v1::Fingerprint* exact = nullptr;  // null: no row is this text word for word
  std::vector<NearFingerprint> near;       // most alike first, at most 8; empty when `exact` is set
};

// Immutable after construction and safe to use from many threads.
class FingerprintIndex {
 public:
  // The rows embedded in the program; made at the first call, lives to the end.
  [[nodiscard]] static const FingerprintIndex& Builtin();
  // INVALID_ARGUMENT: a row without id, with a malformed digest or gram, or two rows of one text.
  [[nodiscard]] static absl::StatusOr<FingerprintIndex> Make(v1::FingerprintTable table);

  // Cost: one pass over the words; the digest only when some row has that many words.
  [[nodiscard]] FingerprintMatch Lookup(std::span<const Token> tokens) const;

  // What Lookup's answer means as a finding of the text: EXACT or FAMILY with licence or base,
  // expression, score, lines, `licences` and reason set; nothing when no row is near. A caller that
  // also has an answer of the corpus prefers EXACT from here (a row is of a text that no package's
  // licence has word for word), then EXACT of the corpus, then the higher score.
  [[nodiscard]] std::optional<v1::Finding> Identify(std::span<const Token> tokens) const;

  // Digest over all rows, 16 hex digits: findings made with other rows may differ.
  [[nodiscard]] const std::string& version() const { return version_; }

  // Rows in the order of the table; by id, letter case ignored, null when absent.
  [[nodiscard]] const v1::FingerprintTable& table() const { return table_; }
  [[nodiscard]] const v1::Fingerprint* Find(std::string_view id) const;

 private:
  FingerprintIndex() = default;
  [[nodiscard]] absl::Status AddRow(uint32_t number);
  void SetStockApart();
  // The row that this text of so many core words is; null when it is none.
  [[nodiscard]] const v1::Fingerprint* Exact(std::span<const Token> tokens, size_t words) const;

  v1::FingerprintTable table_;
  std::string version_;
  absl::flat_hash_map<std::string, uint32_t> ids_;      // lower case -> first row
  absl::flat_hash_map<std::string, uint32_t> digests_;  // core_digest -> row
  // Gram -> rows, ascending; none for stock: a run that two families have tells neither.
  absl::flat_hash_map<uint64_t, std::vector<uint32_t>> rows_of_gram_;
  std::vector<uint32_t> gram_counts_;  // by row, stock left out
  std::vector<uint32_t> word_counts_;  // of all rows, ascending
};

}  // namespace modelwatch::evaluator
