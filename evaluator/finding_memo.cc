// SPDX-License-Identifier: Apache-2.0
#include "evaluator/finding_memo.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "evaluator/identifier_version.h"
#include "evaluator/license/corpus.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMaxAsked = 1024;      // read.proto
constexpr size_t kOverheadBytes = 256;  // of an entry: nodes, digest twice

}  // namespace

std::string IdentifierVersion(const Corpus& corpus) {
  return absl::StrFormat("%s+%s", corpus.version(), kMatcherDigest);
}

FindingMemo::FindingMemo(indexer::Reader& reader, common::Metrics& metrics,
                         std::string identifier_version, Classify classify, size_t max_bytes)
    : reader_(reader),
      metrics_(metrics),
      identifier_version_(std::move(identifier_version)),
      classify_(std::move(classify)),
      max_bytes_(max_bytes) {}

absl::Status FindingMemo::Load(const std::set<std::string>& digests) {
  MakeRoom(digests);
  std::vector<std::string> missing;
  for (const std::string& digest : digests) {
    const auto found = known_.find(digest);
    if (found == known_.end()) {
      missing.push_back(digest);
    } else {
      ages_.splice(ages_.begin(), ages_, found->second.age);
    }
  }
  Count("memory", digests.size() - missing.size());
  for (size_t begin = 0; begin < missing.size();) {
    v1::GetFindingsRequest request;
    request.set_identifier_version(identifier_version_);
    const size_t end = std::min(missing.size(), begin + kMaxAsked);
    for (size_t i = begin; i < end; ++i) request.add_digests(missing[i]);
    ASSIGN_OR_RETURN(v1::GetFindingsResponse response, reader_.GetFindings(request));
    if (response.findings().empty()) {
      return absl::InternalError("GetFindings answered no finding at all");
    }
    size_t from_index = 0;
    for (v1::FoundFinding& found : *response.mutable_findings()) {
      if (begin == end) break;
      const std::string& digest = missing[begin++];
      if (!found.found()) continue;
      Keep(digest, std::move(*found.mutable_finding()), Stage::kStored);
      ++from_index;
    }
    Count("index", from_index);
  }
  return absl::OkStatus();
}

const v1::Finding* FindingMemo::Find(const std::string& digest) const {
  const auto found = known_.find(digest);
  return found == known_.end() ? nullptr : &found->second.finding;
}

const v1::Finding& FindingMemo::Identify(const std::string& digest, std::string_view text) {
  const auto found = known_.find(digest);
  if (found != known_.end()) return found->second.finding;
  Count("classified", 1);
  return Keep(digest, classify_(text), Stage::kNew).finding;
}

std::vector<v1::ContentFinding> FindingMemo::TakeNew(const std::set<std::string>& digests) {
  std::vector<v1::ContentFinding> taken;
  for (const std::string& digest : digests) {
    const auto found = known_.find(digest);
    if (found == known_.end() || found->second.stage != Stage::kNew) continue;
    found->second.stage = Stage::kHandedOut;
    handed_out_.push_back(digest);
    v1::ContentFinding& content = taken.emplace_back();
    content.set_digest(digest);
    *content.mutable_finding() = found->second.finding;
  }
  return taken;
}

void FindingMemo::Confirm() {
  for (const std::string& digest : handed_out_) known_.find(digest)->second.stage = Stage::kStored;
  handed_out_.clear();
}

void FindingMemo::GiveBack() {
  for (const std::string& digest : handed_out_) known_.find(digest)->second.stage = Stage::kNew;
  handed_out_.clear();
}

FindingMemo::Known& FindingMemo::Keep(const std::string& digest, v1::Finding finding, Stage stage) {
  ages_.push_front(digest);
  const size_t bytes = finding.ByteSizeLong() + kOverheadBytes;
  bytes_ += bytes;
  Known& known = known_[digest];
  known = {std::move(finding), bytes, stage, ages_.begin()};
  return known;
}

void FindingMemo::MakeRoom(const std::set<std::string>& wanted) {
  auto oldest = ages_.end();
  while (bytes_ > max_bytes_ && oldest != ages_.begin()) {
    --oldest;
    const auto known = known_.find(*oldest);
    if (known->second.stage != Stage::kStored || wanted.contains(*oldest)) continue;
    bytes_ -= known->second.bytes;
    known_.erase(known);
    oldest = ages_.erase(oldest);
  }
}

void FindingMemo::Count(const char* from, size_t texts) {
  if (texts == 0) return;
  metrics_.Count("modelwatch_evaluate_texts_total", "Licence texts by where their finding is from.",
                 {{"from", from}}, static_cast<double>(texts));
}

}  // namespace modelwatch::evaluator
