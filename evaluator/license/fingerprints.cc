// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/fingerprints.h"

#include <google/protobuf/text_format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/digest.h"
#include "common/status_macros.h"
#include "evaluator/license/residue.h"
#include "evaluator/license/word_runs.h"

namespace modelwatch::evaluator {

extern const char kFingerprintsData[];  // embedded: cmake/embed.cmake

namespace {

constexpr size_t kDigestHexDigits = 32;
constexpr size_t kGramHexDigits = 16;
constexpr size_t kVersionDigits = 16;
constexpr size_t kGramsPerLine = 5;
constexpr size_t kMaxNear = 8;

bool IsCore(const Token& token) { return (token.marks & kOutsideCore) == 0; }

std::set<std::string> OutsideWords(std::span<const Token> tokens) {
  std::set<std::string> words;
  for (const Token& token : tokens) {
    if (!IsCore(token)) words.emplace(token.word);
  }
  return words;
}

// Title and copyright lines say no more than the row's own, but for names and years: a clause does
// not become neutral by standing there.
bool OutsideSaysNothing(std::span<const Token> tokens, const v1::Fingerprint& row) {
  std::set<std::string> own = absl::StrSplit(
      absl::StrCat(row.outside(), " all rights reserved copyright license agreement"), ' ');
  std::vector<Token> line;
  const auto is_inert = [&] {
    const bool inert = line.empty() || IsInert(line);
    line.clear();
    return inert;
  };
  for (const Token& token : tokens) {
    if (IsCore(token) || own.count(std::string(token.word)) > 0) continue;
    if (!line.empty() && line.back().line != token.line && !is_inert()) return false;
    line.push_back(token);
  }
  return is_inert();
}

bool IsHex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

absl::StatusOr<std::vector<uint64_t>> GramsOf(const v1::Fingerprint& row) {
  std::vector<uint64_t> grams;
  for (const std::string& line : row.grams()) {
    if (line.size() % kGramHexDigits != 0 || !IsHex(line)) {
      return absl::InvalidArgumentError(absl::StrFormat(
          "fingerprint %s has a malformed line of grams; refresh it from its text", row.id()));
    }
    for (size_t at = 0; at < line.size(); at += kGramHexDigits) {
      grams.push_back(std::strtoull(line.substr(at, kGramHexDigits).c_str(), nullptr, 16));
    }
  }
  SortOnce(grams);
  return grams;
}

std::string Lower(std::string_view text) { return absl::AsciiStrToLower(std::string(text)); }

std::string Described(const v1::Fingerprint& row) {
  return row.version().empty() ? row.name() : absl::StrFormat("%s, %s", row.name(), row.version());
}

void SetLicence(const v1::Fingerprint& row, double score, v1::Finding& finding) {
  finding.set_score(score);
  finding.set_expression(row.spdx());
  v1::LicenceMatch& match = *finding.add_licences();
  match.set_licence(row.id());
  match.set_spdx(row.spdx());
  match.set_status(finding.status());
  match.set_role(v1::PRIMARY);
  match.set_scope(row.scope());
  match.set_score(score);
  match.set_start_line(finding.start_line());
  match.set_end_line(finding.end_line());
}

}  // namespace

std::string CoreDigest(std::span<const Token> tokens, uint8_t outside) {
  std::string core;
  for (const Token& token : tokens) {
    if ((token.marks & outside) != 0) continue;
    core.append(token.word);
    core.push_back(' ');
  }
  return common::ToHex(common::Sha256(core)).substr(0, kDigestHexDigits);
}

TextFingerprint FingerprintText(std::span<const Token> tokens) {
  const std::vector<uint64_t> words = WordHashes(tokens, kOutsideCore);
  TextFingerprint text = {static_cast<uint32_t>(words.size()), Winnow(GramHashes(words))};
  SortOnce(text.grams);
  return text;
}

std::vector<uint64_t> AllGrams(std::span<const Token> tokens) {
  return GramHashes(WordHashes(tokens, kOutsideCore));
}

void ComputeFingerprint(std::span<const Token> tokens, v1::Fingerprint& row,
                        const std::function<bool(uint64_t)>& is_stock) {
  TextFingerprint text = FingerprintText(tokens);
  text.grams.erase(std::remove_if(text.grams.begin(), text.grams.end(), is_stock),
                   text.grams.end());
  row.set_words(text.words);
  row.set_core_digest(CoreDigest(tokens));
  row.set_outside(absl::StrJoin(OutsideWords(tokens), " "));
  row.clear_grams();
  for (size_t i = 0; i < text.grams.size(); ++i) {
    std::string& line =
        i % kGramsPerLine == 0 ? *row.add_grams() : *row.mutable_grams(row.grams_size() - 1);
    line += absl::StrFormat("%016x", text.grams[i]);
  }
}

const FingerprintIndex& FingerprintIndex::Builtin() {
  static const FingerprintIndex* const built_in = [] {
    v1::FingerprintTable table;
    absl::Status status = absl::InvalidArgumentError("not a FingerprintTable");
    if (google::protobuf::TextFormat::ParseFromString(kFingerprintsData, &table)) {
      absl::StatusOr<FingerprintIndex> index = Make(std::move(table));
      if (index.ok()) return new FingerprintIndex(*std::move(index));
      status = index.status();
    }
    std::fprintf(stderr, "modelwatch: embedded fingerprints: %s\n", status.ToString().c_str());
    std::abort();  // a bug of the build
  }();
  return *built_in;
}

absl::StatusOr<FingerprintIndex> FingerprintIndex::Make(v1::FingerprintTable table) {
  FingerprintIndex index;
  index.table_ = std::move(table);
  for (int row = 0; row < index.table_.fingerprint_size(); ++row) {
    RETURN_IF_ERROR(index.AddRow(static_cast<uint32_t>(row)));
  }
  std::sort(index.word_counts_.begin(), index.word_counts_.end());
  index.SetStockApart();
  // No maps in it: the same rows give the same bytes.
  index.version_ =
      common::ToHex(common::Sha256(index.table_.SerializeAsString())).substr(0, kVersionDigits);
  return index;
}

absl::Status FingerprintIndex::AddRow(uint32_t number) {
  const v1::Fingerprint& row = table_.fingerprint(static_cast<int>(number));
  if (row.id().empty() || row.core_digest().size() != kDigestHexDigits ||
      !IsHex(row.core_digest()) || row.words() == 0) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "fingerprint %d ('%s') has no id, words or digest; refresh it from its text", number,
        row.id()));
  }
  if (const auto [held, is_new] = digests_.emplace(row.core_digest(), number); !is_new) {
    return absl::InvalidArgumentError(
        absl::StrFormat("fingerprints '%s' and '%s' are of the same words; keep one row",
                        table_.fingerprint(static_cast<int>(held->second)).id(), row.id()));
  }
  ASSIGN_OR_RETURN(const std::vector<uint64_t> grams, GramsOf(row));
  for (const uint64_t gram : grams) rows_of_gram_[gram].push_back(number);
  word_counts_.push_back(row.words());
  ids_.try_emplace(Lower(row.id()), number);
  return absl::OkStatus();
}

void FingerprintIndex::SetStockApart() {
  gram_counts_.assign(static_cast<size_t>(table_.fingerprint_size()), 0);
  for (auto& [gram, rows] : rows_of_gram_) {
    const std::string& family = table_.fingerprint(static_cast<int>(rows.front())).family();
    const bool is_stock = std::any_of(rows.begin(), rows.end(), [&](uint32_t row) {
      return table_.fingerprint(static_cast<int>(row)).family() != family;
    });
    if (is_stock) rows.clear();
    for (const uint32_t row : rows) ++gram_counts_[row];
  }
}

const v1::Fingerprint* FingerprintIndex::Exact(std::span<const Token> tokens, size_t words) const {
  if (!std::binary_search(word_counts_.begin(), word_counts_.end(), words)) return nullptr;
  const auto found = digests_.find(CoreDigest(tokens));
  if (found == digests_.end()) return nullptr;
  const v1::Fingerprint& row = table_.fingerprint(static_cast<int>(found->second));
  return row.words() == words && OutsideSaysNothing(tokens, row) ? &row : nullptr;
}

FingerprintMatch FingerprintIndex::Lookup(std::span<const Token> tokens) const {
  FingerprintMatch match;
  const std::vector<uint64_t> words = WordHashes(tokens, kOutsideCore);
  match.exact = Exact(tokens, words.size());
  if (match.exact != nullptr) return match;
  std::vector<uint64_t> known;
  for (const uint64_t gram : Winnow(GramHashes(words))) {
    if (rows_of_gram_.contains(gram)) known.push_back(gram);
  }
  SortOnce(known);
  std::vector<uint32_t> shared(gram_counts_.size(), 0);
  for (const uint64_t gram : known) {
    for (const uint32_t row : rows_of_gram_.at(gram)) ++shared[row];
  }
  for (size_t row = 0; row < shared.size(); ++row) {
    if (shared[row] == 0) continue;
    const v1::Fingerprint& fingerprint = table_.fingerprint(static_cast<int>(row));
    const double containment = static_cast<double>(shared[row]) / gram_counts_[row];
    const double shorter = std::min<double>(fingerprint.words(), static_cast<double>(words.size()));
    const double longer = std::max<double>(fingerprint.words(), static_cast<double>(words.size()));
    match.near.push_back({&fingerprint, shared[row], containment, containment * shorter / longer});
  }
  std::stable_sort(match.near.begin(), match.near.end(),
                   [](const auto& a, const auto& b) { return a.score > b.score; });
  if (match.near.size() > kMaxNear) match.near.resize(kMaxNear);
  return match;
}

std::optional<v1::Finding> FingerprintIndex::Identify(std::span<const Token> tokens) const {
  if (tokens.empty()) return std::nullopt;
  const FingerprintMatch match = Lookup(tokens);
  v1::Finding finding;
  finding.set_start_line(tokens.front().line);
  finding.set_end_line(tokens.back().line);
  if (match.exact != nullptr) {
    finding.set_status(v1::EXACT);
    finding.set_licence(match.exact->id());
    finding.set_reason(absl::StrFormat(
        "word for word %s, outside copyright lines and title: its digest is known (%s)",
        Described(*match.exact), match.exact->source()));
    SetLicence(*match.exact, 1.0, finding);
    return finding;
  }
  const auto first =
      std::find_if(match.near.begin(), match.near.end(), [](const NearFingerprint& row) {
        return row.shared >= kFamilyRuns && row.containment >= kFamilyContainment;
      });
  if (first == match.near.end()) return std::nullopt;
  const NearFingerprint& near = *first;
  finding.set_status(v1::FAMILY);
  finding.set_base(near.row->id());
  finding.set_reason(absl::StrFormat(
      "like %s, but not its words: it has about %.0f %% of its own wording; only the fingerprint "
      "is known, so what differs cannot be told",
      Described(*near.row), 100 * near.containment));
  SetLicence(*near.row, kUnverified * near.score, finding);
  return finding;
}

const v1::Fingerprint* FingerprintIndex::Find(std::string_view id) const {
  const auto found = ids_.find(Lower(id));
  return found == ids_.end() ? nullptr : &table_.fingerprint(static_cast<int>(found->second));
}

}  // namespace modelwatch::evaluator
