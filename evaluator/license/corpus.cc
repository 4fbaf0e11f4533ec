// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/corpus.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "evaluator/license/corpus_writer.h"
#include "evaluator/license/tokens.h"

namespace modelwatch::evaluator {

namespace format = corpus_format;

uint64_t StreamDigest(std::span<const WordId> words) {
  return XXH3_64bits(words.data(), words.size_bytes());
}

uint64_t GramOf(const WordId* words) {
  uint64_t hash = 0;
  for (size_t i = 0; i < kPatternGramWords; ++i) {
    hash = (hash ^ (words[i] + 1ULL)) * 0x9E3779B97F4A7C15ULL;
    hash ^= hash >> 29;
  }
  return hash == 0 ? 1 : hash;
}

uint64_t GramMask(size_t pattern_words) {
  if (pattern_words <= 48) return 1;
  return pattern_words <= 240 ? 3 : 7;
}

// The bytes a corpus stands on: a mapped file, or a copy.
class Corpus::Bytes {
 public:
  static absl::StatusOr<std::unique_ptr<Bytes>> Map(const std::string& path) {
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
      const std::string why = std::strerror(errno);
      return absl::NotFoundError(absl::StrFormat(
          "licence corpus %s cannot be opened: %s; make it with 'modelwatch corpus build', or name "
          "one with --corpus",
          path, why));
    }
    struct stat info = {};
    const bool is_file = fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0;
    void* at = is_file ? mmap(nullptr, static_cast<size_t>(info.st_size), PROT_READ,
                              MAP_PRIVATE | MAP_POPULATE, fd, 0)
                       : MAP_FAILED;
    close(fd);
    if (at == MAP_FAILED) {
      return absl::DataLossError(
          absl::StrFormat("licence corpus %s is empty or not a file; build it again", path));
    }
    auto bytes = std::make_unique<Bytes>();
    bytes->mapped_ = at;
    bytes->view_ = {static_cast<const char*>(at), static_cast<size_t>(info.st_size)};
    return bytes;
  }
  static std::unique_ptr<Bytes> Own(std::string_view source) {
    auto bytes = std::make_unique<Bytes>();
    bytes->copy_.resize((source.size() + 7) / 8);
    if (!source.empty()) std::memcpy(bytes->copy_.data(), source.data(), source.size());
    bytes->view_ = {reinterpret_cast<const char*>(bytes->copy_.data()), source.size()};
    return bytes;
  }
  Bytes() = default;
  Bytes(const Bytes&) = delete;
  Bytes& operator=(const Bytes&) = delete;
  ~Bytes() {
    if (mapped_ != nullptr) munmap(mapped_, view_.size());
  }
  [[nodiscard]] std::string_view view() const { return view_; }

 private:
  void* mapped_ = nullptr;
  std::vector<uint64_t> copy_;  // aligned for the rows
  std::string_view view_;
};

Corpus::~Corpus() = default;

absl::StatusOr<std::unique_ptr<Corpus>> Corpus::Load(const std::string& path) {
  std::unique_ptr<Corpus> corpus(new Corpus());
  ASSIGN_OR_RETURN(corpus->owned_, Bytes::Map(path));
  const absl::Status bound = corpus->Bind(corpus->owned_->view());
  if (bound.ok()) return corpus;
  return absl::Status(bound.code(), absl::StrFormat("%s (%s)", std::string(bound.message()), path));
}

absl::StatusOr<std::unique_ptr<Corpus>> Corpus::Parse(std::string_view bytes) {
  std::unique_ptr<Corpus> corpus(new Corpus());
  corpus->owned_ = Bytes::Own(bytes);
  RETURN_IF_ERROR(corpus->Bind(corpus->owned_->view()));
  return corpus;
}

absl::StatusOr<std::unique_ptr<Corpus>> Corpus::Make(const v1::Corpus& built) {
  return Parse(EncodeCorpus(built));
}

template <typename Row>
absl::Status Corpus::Section(format::Section which, std::span<const Row>& rows) const {
  format::Header header;
  std::memcpy(&header, bytes_.data(), sizeof(header));
  const format::SectionRow section = header.sections[static_cast<uint32_t>(which)];
  if (section.begin % 8 != 0 || section.begin > bytes_.size() ||
      section.bytes > bytes_.size() - section.begin || section.bytes % sizeof(Row) != 0) {
    return absl::DataLossError("licence corpus is damaged: a section lies outside the file");
  }
  rows = {reinterpret_cast<const Row*>(bytes_.data() + section.begin),
          static_cast<size_t>(section.bytes / sizeof(Row))};
  return absl::OkStatus();
}

absl::Status Corpus::Bind(std::string_view bytes) {
  format::Header header;
  if (bytes.size() < sizeof(header)) {
    return absl::DataLossError("not a licence corpus: too short; build it again");
  }
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (std::memcmp(header.magic, format::kMagic, sizeof(header.magic)) != 0) {
    return absl::DataLossError("not a licence corpus; make one with 'modelwatch corpus build'");
  }
  if (header.format != format::kFormat || header.tokeniser != kTokeniserVersion) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "licence corpus has format %d.%d, this program reads %d.%d; build it again with "
        "'modelwatch corpus build'",
        header.format, header.tokeniser, format::kFormat, kTokeniserVersion));
  }
  if (header.bytes != bytes.size() || header.checksum != ChecksumOf(header, bytes)) {
    return absl::DataLossError(
        "licence corpus is cut off or damaged: its checksum is wrong; build it again");
  }
  bytes_ = bytes;
  version_ = std::string(header.version, sizeof(header.version));
  std::span<const char> strings;
  using S = format::Section;
  RETURN_IF_ERROR(Section(S::kStrings, strings));
  strings_ = {strings.data(), strings.size()};
  RETURN_IF_ERROR(Section(S::kNames, names_));
  RETURN_IF_ERROR(Section(S::kLicences, licences_));
  RETURN_IF_ERROR(Section(S::kIds, ids_));
  RETURN_IF_ERROR(Section(S::kWords, words_));
  RETURN_IF_ERROR(Section(S::kWordTable, word_table_));
  RETURN_IF_ERROR(Section(S::kTokens, tokens_));
  RETURN_IF_ERROR(Section(S::kMarks, marks_));
  RETURN_IF_ERROR(Section(S::kPatterns, patterns_));
  RETURN_IF_ERROR(Section(S::kExpressions, expressions_));
  RETURN_IF_ERROR(Section(S::kTerms, terms_));
  RETURN_IF_ERROR(Section(S::kSorted, sorted_));
  RETURN_IF_ERROR(Section(S::kHeads, heads_));
  RETURN_IF_ERROR(Section(S::kPrefixes, prefixes_));
  RETURN_IF_ERROR(Section(S::kPairTable, pairs_));
  RETURN_IF_ERROR(Section(S::kSingles, singles_));
  RETURN_IF_ERROR(Section(S::kGramTable, grams_));
  RETURN_IF_ERROR(Section(S::kGramPatterns, gram_patterns_));
  RETURN_IF_ERROR(Section(S::kDigests, digests_));
  for (const auto& row : patterns_) {
    most_pattern_words_ = std::max<size_t>(most_pattern_words_, row.size);
  }
  return CheckRows();
}

// What the checksum cannot tell: that a file written by another hand stays inside itself.
absl::Status Corpus::CheckRows() const {
  const auto is_string = [&](format::StringRow row) {
    return row.begin <= strings_.size() && row.size <= strings_.size() - row.begin;
  };
  const auto is_below = [](std::span<const uint32_t> values, size_t limit) {
    return std::all_of(values.begin(), values.end(), [&](uint32_t v) { return v < limit; });
  };
  const auto is_within = [](uint64_t begin, uint64_t count, size_t limit) {
    return begin + count <= limit;
  };
  bool fits = marks_.size() == tokens_.size() && prefixes_.size() == sorted_.size() &&
              heads_.size() == sorted_.size() && singles_.size() == words_.size() &&
              std::has_single_bit(word_table_.size()) && std::has_single_bit(pairs_.size()) &&
              std::has_single_bit(grams_.size()) && is_below(tokens_, words_.size()) &&
              is_below(sorted_, patterns_.size()) && is_below(prefixes_, sorted_.size() + 1) &&
              is_below(singles_, patterns_.size() + 1) &&
              is_below(gram_patterns_, patterns_.size());
  for (const auto& slot : word_table_) {
    fits = fits &&
           (slot.size == 0 || (slot.word < words_.size() && words_[slot.word].size == slot.size));
  }
  for (const auto& row : words_) fits = fits && is_string(row);
  for (const auto& row : names_) fits = fits && is_string(row);
  for (const auto& row : licences_) {
    fits = fits && is_string(row.key) && is_string(row.spdx) && is_string(row.name) &&
           is_string(row.category) && is_string(row.text) &&
           is_within(row.other_begin, row.other_count, names_.size()) &&
           (row.pattern == kNone || row.pattern < patterns_.size());
  }
  for (const auto& row : ids_) fits = fits && is_string(row.id) && row.licence < licences_.size();
  for (const auto& row : patterns_) {
    fits = fits && is_within(row.begin, row.size, tokens_.size()) && row.size > 0 &&
           (row.expression == kNone || row.expression < expressions_.size()) &&
           (row.licence == kNone || row.licence < licences_.size());
  }
  for (const auto& row : expressions_) {
    fits = fits && is_string(row.spdx) && is_within(row.begin, row.count, terms_.size());
  }
  for (const auto& row : terms_) fits = fits && row.licence < licences_.size();
  for (const auto& row : pairs_) fits = fits && row.begin <= row.end && row.end <= sorted_.size();
  for (const auto& row : grams_)
    fits = fits && is_within(row.begin, row.count, gram_patterns_.size());
  for (const auto& row : digests_) fits = fits && row.pattern < patterns_.size();
  if (fits) return absl::OkStatus();
  return absl::DataLossError("licence corpus is damaged: its rows do not fit together");
}

std::vector<std::string_view> Corpus::sources() const {
  format::Header header;
  std::memcpy(&header, bytes_.data(), sizeof(header));
  std::vector<std::string_view> all;
  for (const auto& row : names_.first(std::min<size_t>(header.source_count, names_.size()))) {
    all.push_back(String(row));
  }
  return all;
}

Licence Corpus::licence(LicenceId id) const {
  const format::LicenceRow& row = licences_[id];
  Licence licence;
  licence.id = id;
  licence.key = String(row.key);
  licence.spdx = String(row.spdx);
  licence.name = String(row.name);
  licence.category = String(row.category);
  licence.text = String(row.text);
  licence.pattern = row.pattern;
  licence.is_exception = (row.flags & format::kIsException) != 0;
  licence.is_deprecated = (row.flags & format::kIsDeprecated) != 0;
  licence.is_generic = (row.flags & format::kIsGeneric) != 0;
  return licence;
}

std::optional<Licence> Corpus::Find(std::string_view id) const {
  const auto find = [&](std::string_view wanted) {
    const auto at = std::lower_bound(
        ids_.begin(), ids_.end(), wanted,
        [&](const format::IdRow& row, std::string_view w) { return String(row.id) < w; });
    return at != ids_.end() && String(at->id) == wanted ? &*at : nullptr;
  };
  const format::IdRow* row = find(id);
  if (row == nullptr) row = find(absl::AsciiStrToLower(std::string(id)));
  if (row == nullptr) return std::nullopt;
  return licence(row->licence);
}

Pattern Corpus::pattern(PatternId id) const {
  const format::PatternRow& row = patterns_[id];
  Pattern pattern;
  pattern.id = id;
  pattern.words = tokens_.subspan(row.begin, row.size);
  pattern.marks = marks_.subspan(row.begin, row.size);
  pattern.expression = row.expression;
  pattern.kind = static_cast<v1::PatternKind>(row.kind);
  pattern.relevance = row.relevance;
  pattern.minimum_coverage = row.minimum_coverage;
  pattern.is_continuous = (row.flags & format::kIsContinuous) != 0;
  pattern.is_reference = (row.flags & (format::kIsLicenceText | format::kIsListed)) != 0;
  pattern.licence = row.licence;
  pattern.grams = row.grams;
  return pattern;
}

PatternExpression Corpus::expression(uint32_t id) const {
  const format::ExpressionRow& row = expressions_[id];
  return {String(row.spdx), terms_.subspan(row.begin, row.count)};
}

WordId Corpus::IdOf(std::string_view word) const { return IdOf(word, HashOf(word)); }

uint64_t Corpus::HashOf(std::string_view word) { return HashWord(word); }

WordId Corpus::IdOf(std::string_view word, uint64_t hash) const {
  const size_t mask = word_table_.size() - 1;
  const uint64_t head = HeadOfWord(word);
  for (size_t at = hash & mask; word_table_[at].size != 0; at = (at + 1) & mask) {
    const format::WordSlot& slot = word_table_[at];
    if (slot.head != head || slot.size != word.size()) continue;
    if (word.size() <= sizeof(head) || String(words_[slot.word]) == word) return slot.word;
  }
  return kUnknownWord;
}

std::span<const PatternId> Corpus::PatternsWith(uint64_t gram) const {
  const size_t mask = grams_.size() - 1;
  for (size_t at = (gram >> 8) & mask; grams_[at].gram != 0; at = (at + 1) & mask) {
    if (grams_[at].gram == gram) return gram_patterns_.subspan(grams_[at].begin, grams_[at].count);
  }
  return {};
}

std::span<const format::DigestRow> Corpus::PatternsByDigest(uint64_t digest) const {
  const auto is_less = [](const format::DigestRow& row, uint64_t wanted) {
    return row.digest < wanted;
  };
  const auto begin = std::lower_bound(digests_.begin(), digests_.end(), digest, is_less);
  auto end = begin;
  while (end != digests_.end() && end->digest == digest) ++end;
  return {begin, end};
}

std::pair<uint32_t, uint32_t> Corpus::PatternsFrom(WordId first, WordId second) const {
  const size_t mask = pairs_.size() - 1;
  for (size_t at = HashPair(first, second) & mask; pairs_[at].first != kNone;
       at = (at + 1) & mask) {
    if (pairs_[at].first == first && pairs_[at].second == second) {
      return {pairs_[at].begin, pairs_[at].end};
    }
  }
  return {0, 0};
}

void Corpus::PrefetchPair(WordId first, WordId second) const {
  __builtin_prefetch(&pairs_[HashPair(first, second) & (pairs_.size() - 1)]);
}

std::vector<WordId> CoreWords(const Pattern& pattern) {
  constexpr uint8_t kOutside = kCopyrightMark | kTitleMark | kOptionalMark;
  std::vector<WordId> words;
  words.reserve(pattern.words.size());
  for (size_t i = 0; i < pattern.words.size(); ++i) {
    if ((pattern.marks[i] & kOutside) == 0) words.push_back(pattern.words[i]);
  }
  return words;
}

}  // namespace modelwatch::evaluator
