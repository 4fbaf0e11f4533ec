// SPDX-License-Identifier: Apache-2.0
#include "evaluator/harvest/harvest.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "common/digest.h"
#include "common/status_macros.h"
#include "evaluator/harvest/naming.h"
#include "evaluator/harvest/proposal.h"
#include "evaluator/license/decode.h"
#include "evaluator/license/fingerprints.h"
#include "evaluator/terms/terms_table.h"
#include "proto/document_path.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kVersionsAtOnce = 4096;  // followed before they are read, so that no call nests
constexpr uint32_t kReleasesAtOnce = 1000;
constexpr size_t kAnswersAtOnce = indexer::kMaxBatchItems;

// The card is prose about the release; its terms are judged elsewhere.
bool IsCard(std::string_view path) {
  const std::string name = absl::AsciiStrToLower(std::string(path.substr(path.rfind('/') + 1)));
  return name.rfind("readme", 0) == 0;
}

std::string PublisherOf(const v1::Observation& observation) {
  const std::string& name = observation.name();
  return name.substr(0, name.find('/'));
}

bool IsWanted(const v1::Finding& finding) {
  return finding.status() == v1::UNKNOWN_LICENCE || finding.status() == v1::MODIFIED ||
         finding.status() == v1::FAMILY;
}

class Harvester {
 public:
  Harvester(indexer::Reader& reader, const Matcher& matcher, const v1::PromotionRules& rules,
            const common::Stopper& stopper, const HarvestProgress& progress)
      : reader_(reader), matcher_(matcher), rules_(rules), stopper_(stopper), progress_(progress) {}

  absl::StatusOr<std::vector<Candidate>> Run() {
    ASSIGN_OR_RETURN(const v1::GetStatusResponse status, reader_.GetStatus({}));
    if (status.oldest_sequence() > 1) RETURN_IF_ERROR(ReadReleases());
    uint64_t next = std::max<uint64_t>(status.oldest_sequence(), 1);
    while (next <= status.newest_sequence()) {
      RETURN_IF_ERROR(CheckStopped());
      ASSIGN_OR_RETURN(next, ReadLog(next, status.newest_sequence()));
      if (progress_) progress_(next - 1, status.newest_sequence());
    }
    return Proposed();
  }

 private:
  // A file of a version whose text is not judged yet.
  struct Sighting {
    v1::Observation observation;  // without its files
    v1::File file;
  };

  absl::Status CheckStopped() const {
    return stopper_.stopped() ? absl::CancelledError("stopped before the end of the log")
                              : absl::OkStatus();
  }

  // Newest versions, for the part of the log that is gone.
  absl::Status ReadReleases() {
    v1::ListReleasesRequest request;
    request.set_limit(kReleasesAtOnce);
    do {
      RETURN_IF_ERROR(CheckStopped());
      ASSIGN_OR_RETURN(const v1::ListReleasesResponse page, reader_.ListReleases(request));
      for (const v1::GetReleaseResponse& release : page.releases()) {
        See(release.version().observation());
      }
      RETURN_IF_ERROR(JudgeSeen());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return absl::OkStatus();
  }

  // Some of the log from `from` on; the sequence to go on with.
  absl::StatusOr<uint64_t> ReadLog(uint64_t from, uint64_t newest) {
    v1::FollowRequest follow;
    follow.set_from_sequence(from);
    follow.set_changes(true);
    follow.set_until_now(true);
    std::vector<v1::VersionRef> refs;
    uint64_t next = newest + 1;
    RETURN_IF_ERROR(reader_.Follow(follow, stopper_, [&](const v1::FollowResponse& response) {
      if (!response.has_entry()) return true;
      const v1::Change& change = response.entry().change();
      v1::VersionRef& ref = refs.emplace_back();
      *ref.mutable_key() = change.key();
      ref.set_version(change.sequence());
      if (refs.size() < kVersionsAtOnce) return true;
      next = change.sequence() + 1;
      return false;
    }));
    for (size_t at = 0; at < refs.size(); at += kAnswersAtOnce) {
      v1::GetVersionsRequest request;
      for (size_t i = at; i < std::min(refs.size(), at + kAnswersAtOnce); ++i) {
        *request.add_versions() = refs[i];
      }
      ASSIGN_OR_RETURN(const v1::GetVersionsResponse versions, reader_.GetVersions(request));
      for (const v1::HistoryRow& row : versions.rows()) See(row.version().observation());
      RETURN_IF_ERROR(JudgeSeen());
    }
    return next;
  }

  void See(const v1::Observation& observation) {
    for (const v1::File& file : observation.files()) {
      if (file.outcome() != v1::FETCHED || file.digest().empty() || IsCard(file.path())) continue;
      if (proto::IsHeaderPath(file.path())) continue;  // fields, no text
      const auto known = candidate_of_.find(file.digest());
      if (known != candidate_of_.end()) {
        if (known->second != kNotWanted) Count(observation, file, candidates_[known->second]);
        continue;
      }
      Sighting& sighting = sightings_.emplace_back();
      sighting.observation = observation;
      sighting.observation.clear_files();
      sighting.file = file;
    }
  }

  // Judges the texts seen since the last call, each once, and counts where they were seen.
  absl::Status JudgeSeen() {
    std::vector<std::string> digests;
    absl::flat_hash_set<std::string> asked;
    for (const Sighting& sighting : sightings_) {
      if (asked.insert(sighting.file.digest()).second) digests.push_back(sighting.file.digest());
    }
    for (size_t at = 0; at < digests.size();) {
      v1::GetBlobsRequest request;
      for (size_t i = at; i < std::min(digests.size(), at + kAnswersAtOnce); ++i) {
        request.add_digests(digests[i]);
      }
      ASSIGN_OR_RETURN(const v1::GetBlobsResponse blobs, reader_.GetBlobs(request));
      if (blobs.blobs().empty()) return absl::DataLossError("the index answers no texts");
      for (const v1::FoundBlob& blob : blobs.blobs()) {
        const std::string& digest = digests[at++];
        candidate_of_[digest] = blob.found() ? CandidateFor(blob.content()) : kNotWanted;
      }
    }
    for (const Sighting& sighting : sightings_) {
      const size_t candidate = candidate_of_.at(sighting.file.digest());
      if (candidate != kNotWanted) {
        Count(sighting.observation, sighting.file, candidates_[candidate]);
      }
    }
    sightings_.clear();
    return absl::OkStatus();
  }

  size_t CandidateFor(const std::string& bytes) {
    const Decoded decoded = Decode(bytes);
    if (decoded.kind != ContentKind::kText) return kNotWanted;
    std::string text(decoded.text());
    v1::Finding finding = matcher_.Identify(text);
    if (!IsWanted(finding)) return kNotWanted;
    const std::vector<Token> tokens = Tokenise(text);
    const FingerprintMatch match = FingerprintIndex::Builtin().Lookup(tokens);
    const uint32_t words = FingerprintText(tokens).words;
    if (match.exact != nullptr || words == 0) return kNotWanted;
    const auto [found, is_new] =
        by_words_.try_emplace(CoreDigest(tokens, kCopyrightMark), candidates_.size());
    if (!is_new) return found->second;
    Candidate& candidate = candidates_.emplace_back();
    candidate.words_digest = found->first;
    candidate.words = words;
    candidate.legal_words = LegalWords(tokens, rules_);
    candidate.source.sha256 = common::ToHex(common::Sha256(bytes));
    candidate.text = std::move(text);
    candidate.finding = std::move(finding);
    return found->second;
  }

  static void Count(const v1::Observation& observation, const v1::File& file,
                    Candidate& candidate) {
    const std::string publisher = PublisherOf(observation);
    const std::string key = observation.key().hub() + ":" + observation.key().id();
    const std::string& licence_name = observation.declared().license_name();
    const int64_t seen_us = observation.observed_at_us();
    candidate.releases[publisher].insert(key);
    if (!licence_name.empty()) ++candidate.declared_names[publisher][licence_name];
    candidate.last_seen_us = std::max(candidate.last_seen_us, seen_us);
    if (candidate.first_seen_us != 0 && candidate.first_seen_us <= seen_us) return;
    candidate.first_seen_us = seen_us;
    if (common::ToHex(file.digest()) != candidate.source.sha256 && candidate.source.seen_us != 0) {
      return;  // the text kept is another file of the same words
    }
    CandidateSource& source = candidate.source;
    source.hub = observation.key().hub();
    source.release = observation.name();
    source.revision = observation.revision();
    source.path = file.path();
    source.oid = file.oid();
    source.seen_us = seen_us;
  }

  // A licence that the terms table has, or the corpus.
  bool IsKnownName(std::string_view name) const {
    return TermsTable::Builtin().Find(name) != nullptr ||
           TermsTable::Builtin().Resolve(name).is_known_tag || IsCorpusKey(std::string(name));
  }
  bool IsCorpusKey(const std::string& key) const { return matcher_.corpus().Find(key).has_value(); }

  std::vector<Candidate> Proposed() {
    for (Candidate& candidate : candidates_) {
      Propose(
          Tokenise(candidate.text), rules_,
          [this](std::string_view name) { return IsKnownName(name); }, candidate);
    }
    std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) {
      if (a.promotes() != b.promotes()) return a.promotes();
      if (a.release_count() != b.release_count()) return a.release_count() > b.release_count();
      return a.words_digest < b.words_digest;
    });
    absl::flat_hash_map<std::string, int> keys;
    for (const Candidate& candidate : candidates_) ++keys[candidate.key];
    for (Candidate& candidate : candidates_) {
      // Every text of a contested key carries its digest, so that the order decides nothing.
      if (keys[candidate.key] > 1 || IsCorpusKey(candidate.key)) {
        candidate.key += "-" + candidate.words_digest.substr(0, 8);
      }
    }
    return std::move(candidates_);
  }

  static constexpr size_t kNotWanted = SIZE_MAX;

  indexer::Reader& reader_;
  const Matcher& matcher_;
  const v1::PromotionRules& rules_;
  const common::Stopper& stopper_;
  const HarvestProgress& progress_;

  std::vector<Sighting> sightings_;
  std::vector<Candidate> candidates_;
  absl::flat_hash_map<std::string, size_t> candidate_of_;  // file digest -> candidate
  absl::flat_hash_map<std::string, size_t> by_words_;      // core digest -> candidate
};

}  // namespace

absl::StatusOr<std::vector<Candidate>> Harvest(indexer::Reader& reader, const Matcher& matcher,
                                               const v1::PromotionRules& rules,
                                               const common::Stopper& stopper,
                                               const HarvestProgress& progress) {
  return Harvester(reader, matcher, rules, stopper, progress).Run();
}

}  // namespace modelwatch::evaluator
