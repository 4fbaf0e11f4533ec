// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/corpus.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "evaluator/license/tokens.h"

namespace modelwatch::evaluator {
namespace {

constexpr uint32_t kFormat = 1;
// A word in more than this share of the texts tells nothing about which licence it is.
constexpr double kCommonShare = 0.35;

std::string Lower(std::string_view text) { return absl::AsciiStrToLower(std::string(text)); }

// A read-only mapping of a whole file.
class Mapping {
 public:
  static absl::StatusOr<Mapping> Open(const std::string& path) {
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
    return Mapping(at, static_cast<size_t>(info.st_size));
  }
  Mapping(Mapping&& other) noexcept : at_(other.at_), size_(other.size_) { other.at_ = nullptr; }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  Mapping& operator=(Mapping&&) = delete;
  ~Mapping() {
    if (at_ != nullptr) munmap(at_, size_);
  }
  [[nodiscard]] std::string_view bytes() const { return {static_cast<const char*>(at_), size_}; }

 private:
  Mapping(void* at, size_t size) : at_(at), size_(size) {}
  void* at_;
  size_t size_;
};

absl::Status Check(const v1::Corpus& proto) {
  if (proto.format() > kFormat) {
    return absl::FailedPreconditionError(
        absl::StrFormat("licence corpus has format %d, this program reads up to %d; build it again",
                        proto.format(), kFormat));
  }
  if (proto.format() == 0 || proto.version().empty()) {
    return absl::DataLossError("not a licence corpus: it has no format and version");
  }
  for (const v1::CorpusLicence& licence : proto.licences()) {
    const bool fits =
        static_cast<size_t>(licence.tokens_size()) == licence.marks().size() &&
        std::all_of(licence.tokens().begin(), licence.tokens().end(), [&](uint32_t token) {
          return token < static_cast<uint32_t>(proto.words_size());
        });
    if (!fits) {
      return absl::DataLossError(absl::StrFormat(
          "licence corpus is damaged at '%s': its tokens do not fit its words", licence.key()));
    }
  }
  return absl::OkStatus();
}

}  // namespace

uint64_t StreamDigest(std::span<const WordId> words) {
  uint64_t hash = 0x9E3779B97F4A7C15ULL ^ words.size();
  for (const WordId word : words) {
    hash ^= word + 1;
    hash *= 0xFF51AFD7ED558CCDULL;
    hash ^= hash >> 29;
  }
  return hash;
}

std::vector<WordId> CoreWords(const v1::CorpusLicence& licence) {
  constexpr uint8_t kOutside = kCopyrightMark | kTitleMark | kOptionalMark;
  std::vector<WordId> words;
  words.reserve(static_cast<size_t>(licence.tokens_size()));
  for (int i = 0; i < licence.tokens_size(); ++i) {
    const auto mark = static_cast<uint8_t>(licence.marks()[static_cast<size_t>(i)]);
    if ((mark & kOutside) == 0) words.push_back(licence.tokens(i));
  }
  return words;
}

absl::StatusOr<std::unique_ptr<Corpus>> Corpus::Load(const std::string& path) {
  ASSIGN_OR_RETURN(const Mapping mapping, Mapping::Open(path));
  auto corpus = Parse(mapping.bytes());
  if (corpus.ok()) return corpus;
  return absl::Status(corpus.status().code(),
                      absl::StrFormat("%s (%s)", std::string(corpus.status().message()), path));
}

absl::StatusOr<std::unique_ptr<Corpus>> Corpus::Parse(std::string_view bytes) {
  v1::Corpus proto;
  if (bytes.size() > INT32_MAX ||
      !proto.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError("licence corpus does not parse; build it again");
  }
  return Make(std::move(proto));
}

absl::StatusOr<std::unique_ptr<Corpus>> Corpus::Make(v1::Corpus proto) {
  RETURN_IF_ERROR(Check(proto));
  std::unique_ptr<Corpus> corpus(new Corpus());
  corpus->proto_ = std::move(proto);
  corpus->IndexNames();
  corpus->IndexWords();
  corpus->IndexDigests();
  return corpus;
}

void Corpus::IndexNames() {
  entries_.resize(static_cast<size_t>(proto_.licences_size()));
  // Own keys first, then SPDX ids, then other ids: an earlier claim to a name stands.
  for (uint32_t i = 0; i < entries_.size(); ++i) {
    entries_[i].licence = &proto_.licences(static_cast<int>(i));
    names_.try_emplace(Lower(entries_[i].licence->key()), i);
  }
  for (const bool deprecated : {false, true}) {
    for (uint32_t i = 0; i < entries_.size(); ++i) {
      const v1::CorpusLicence& licence = *entries_[i].licence;
      if (licence.is_deprecated() == deprecated) names_.try_emplace(Lower(licence.spdx()), i);
    }
  }
  for (uint32_t i = 0; i < entries_.size(); ++i) {
    for (const std::string& other : entries_[i].licence->other_spdx()) {
      names_.try_emplace(Lower(other), i);
    }
  }
}

void Corpus::IndexWords() {
  const auto word_count = static_cast<size_t>(proto_.words_size());
  word_ids_.reserve(word_count);
  for (uint32_t i = 0; i < word_count; ++i) {
    word_ids_.emplace(proto_.words(static_cast<int>(i)), i);
  }
  std::vector<uint32_t> last_seen(word_count, UINT32_MAX), licences_with(word_count, 0);
  for (uint32_t i = 0; i < entries_.size(); ++i) {
    for (const uint32_t word : entries_[i].licence->tokens()) {
      if (last_seen[word] == i) continue;
      last_seen[word] = i;
      ++licences_with[word];
    }
  }
  const auto total = static_cast<double>(std::max<size_t>(entries_.size(), 1));
  const auto most = static_cast<uint32_t>(std::max(4.0, total * kCommonShare));
  rarity_.resize(word_count);
  posting_begin_.assign(word_count + 1, 0);
  for (size_t w = 0; w < word_count; ++w) {
    rarity_[w] = std::log((total + 1) / std::max<double>(licences_with[w], 1));
    posting_begin_[w + 1] = posting_begin_[w] + (licences_with[w] <= most ? licences_with[w] : 0);
  }
  postings_.resize(posting_begin_.back());
  std::vector<uint32_t> next(posting_begin_.begin(), posting_begin_.end() - 1);
  std::fill(last_seen.begin(), last_seen.end(), UINT32_MAX);
  for (uint32_t i = 0; i < entries_.size(); ++i) {
    for (const uint32_t word : entries_[i].licence->tokens()) {
      if (last_seen[word] == i || licences_with[word] > most) continue;
      last_seen[word] = i;
      postings_[next[word]++] = i;
      entries_[i].weight += rarity_[word];
    }
  }
}

void Corpus::IndexDigests() {
  for (uint32_t i = 0; i < entries_.size(); ++i) {
    const std::vector<WordId> core = CoreWords(*entries_[i].licence);
    entries_[i].digest = StreamDigest(core);
    if (!core.empty()) digests_[entries_[i].digest].push_back(i);
  }
}

const v1::CorpusLicence* Corpus::Find(std::string_view id) const {
  const auto at = names_.find(Lower(id));
  return at == names_.end() ? nullptr : entries_[at->second].licence;
}

WordId Corpus::IdOf(std::string_view word) const {
  const auto at = word_ids_.find(std::string(word));
  return at == word_ids_.end() ? kUnknownWord : at->second;
}

std::span<const uint32_t> Corpus::EntriesWith(WordId id) const {
  if (id >= rarity_.size()) return {};
  return std::span(postings_).subspan(posting_begin_[id],
                                      posting_begin_[id + 1] - posting_begin_[id]);
}

std::span<const uint32_t> Corpus::EntriesByDigest(uint64_t digest) const {
  const auto at = digests_.find(digest);
  if (at == digests_.end()) return {};
  return at->second;
}

}  // namespace modelwatch::evaluator
