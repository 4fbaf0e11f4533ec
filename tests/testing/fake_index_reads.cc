// SPDX-License-Identifier: Apache-2.0
// The reads of FakeIndex; fake_index.cc has the writes.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "common/digest.h"
#include "proto/digests.h"
#include "proto/release_id.h"
#include "testing/fake_index.h"

namespace modelwatch::testing {
namespace {

bool IsGone(const v1::Observation& observation) {
  return observation.access().presence() != v1::PRESENT;
}

}  // namespace

absl::StatusOr<v1::GetHeadsResponse> FakeIndex::GetHeads(const v1::GetHeadsRequest& request) {
  common::MutexLock lock(mutex_);
  if (absl::Status status = Check(); !status.ok()) return status;
  if (request.keys_size() > indexer::kMaxHeads) return absl::InvalidArgumentError("too many heads");
  v1::GetHeadsResponse response;
  for (const v1::ReleaseKey& key : request.keys()) {
    v1::Head& head = *response.add_heads();
    const auto found = releases_.find(proto::FormatKey(key));
    if (found == releases_.end() || found->second.versions.empty()) continue;
    const v1::Version& newest = found->second.versions.back();
    head.set_found(true);
    head.set_version(newest.sequence());
    *head.mutable_observation() = newest.observation();
    head.set_last_seen_us(found->second.last_seen_us);
    head.set_row_digest(proto::ObservationRowDigest(newest.observation()));
    head.set_needs_visit(found->second.needs_visit);
  }
  return response;
}

const FakeIndex::Release* FakeIndex::Find(const v1::ReleaseKey& key,
                                          const std::string& name) const {
  for (const auto& [id, release] : releases_) {
    if (release.versions.empty()) continue;
    const v1::Observation& latest = release.versions.back().observation();
    if (name.empty() ? id == proto::FormatKey(key) : latest.name() == name) return &release;
  }
  return nullptr;
}

v1::GetReleaseResponse FakeIndex::Describe(const Release& release) const {
  v1::GetReleaseResponse response;
  *response.mutable_version() = release.versions.back();
  const auto judged = release.assessments.find(release.versions.back().sequence());
  if (judged != release.assessments.end()) *response.mutable_assessment() = judged->second;
  response.set_first_seen_us(release.first_seen_us);
  response.set_last_seen_us(release.last_seen_us);
  for (const std::string& name : release.former_names) response.add_former_names(name);
  return response;
}

absl::StatusOr<v1::GetReleaseResponse> FakeIndex::GetRelease(const v1::GetReleaseRequest& request) {
  common::MutexLock lock(mutex_);
  if (absl::Status status = Check(); !status.ok()) return status;
  const Release* release = Find(request.key(), request.name());
  if (release == nullptr) return absl::NotFoundError("no such release");
  return Describe(*release);
}

absl::StatusOr<v1::GetHistoryResponse> FakeIndex::GetHistory(const v1::GetHistoryRequest& request) {
  common::MutexLock lock(mutex_);
  if (absl::Status status = Check(); !status.ok()) return status;
  const Release* release = Find(request.key(), request.name());
  if (release == nullptr) return absl::NotFoundError("no such release");
  v1::GetHistoryResponse response;
  const int limit = request.limit() == 0 ? 1000 : static_cast<int>(request.limit());
  for (auto it = release->versions.rbegin(); it != release->versions.rend(); ++it) {
    if (request.before_version() != 0 && it->sequence() >= request.before_version()) continue;
    if (response.rows_size() >= limit) break;
    v1::HistoryRow& row = *response.add_rows();
    *row.mutable_version() = *it;
    *row.mutable_change() = release->changes.at(it->sequence());
    const auto judged = release->assessments.find(it->sequence());
    if (judged != release->assessments.end()) *row.mutable_assessment() = judged->second;
  }
  const std::string key = proto::FormatKey(release->versions.back().observation().key());
  for (const v1::LogEntry& entry : entries_) {
    if (entry.has_alert() && proto::FormatKey(entry.alert().key()) == key) {
      *response.add_alerts() = entry.alert();
    }
  }
  return response;
}

absl::StatusOr<v1::GetBlobResponse> FakeIndex::GetBlob(const v1::GetBlobRequest& request) {
  common::MutexLock lock(mutex_);
  if (absl::Status status = Check(); !status.ok()) return status;
  const auto found = blobs_.find(request.digest());
  if (found == blobs_.end()) return absl::NotFoundError("no such blob");
  v1::GetBlobResponse response;
  response.set_content(found->second);
  return response;
}

absl::StatusOr<v1::GetFindingsResponse> FakeIndex::GetFindings(
    const v1::GetFindingsRequest& request) {
  common::MutexLock lock(mutex_);
  if (absl::Status status = Check(); !status.ok()) return status;
  if (request.digests_size() > 1024) return absl::InvalidArgumentError("too many findings asked");
  v1::GetFindingsResponse response;
  for (const std::string& digest : request.digests()) {
    v1::FoundFinding& found = *response.add_findings();
    for (const auto& [version, findings] : findings_) {
      const auto at = findings.find(digest);
      if (version != request.identifier_version() || at == findings.end()) continue;
      found.set_found(true);
      *found.mutable_finding() = at->second;
    }
  }
  return response;
}

absl::StatusOr<v1::ListReleasesResponse> FakeIndex::ListReleases(
    const v1::ListReleasesRequest& request) {
  common::MutexLock lock(mutex_);
  if (absl::Status status = Check(); !status.ok()) return status;
  v1::ListReleasesResponse response;
  const int limit = request.limit() == 0 ? 100 : static_cast<int>(request.limit());
  for (auto it = releases_.upper_bound(request.page_token()); it != releases_.end(); ++it) {
    if (it->second.versions.empty()) continue;
    if (!absl::StartsWithIgnoreCase(it->second.versions.back().observation().name(),
                                    request.name_prefix())) {
      continue;
    }
    if (response.releases_size() == limit) break;
    *response.add_releases() = Describe(it->second);
    response.set_next_page_token(it->first);
  }
  if (response.releases_size() < limit) response.clear_next_page_token();
  return response;
}

absl::StatusOr<v1::ListDerivativesResponse> FakeIndex::ListDerivatives(
    const v1::ListDerivativesRequest& request) {
  common::MutexLock lock(mutex_);
  if (absl::Status status = Check(); !status.ok()) return status;
  v1::ListDerivativesResponse response;
  for (const auto& [key, release] : releases_) {
    if (release.versions.empty()) continue;
    const v1::Observation& seen = release.versions.back().observation();
    if (IsGone(seen) || seen.key().hub() != request.hub()) continue;
    for (const v1::BaseModel& base : seen.declared().base_models()) {
      if (!absl::EqualsIgnoreCase(base.name(), request.base())) continue;
      response.set_total(response.total() + 1);
      if (key <= request.page_token()) continue;
      if (response.derivatives_size() == static_cast<int>(request.limit())) {
        if (request.limit() > 0) {
          response.set_next_page_token(
              proto::FormatKey(response.derivatives(response.derivatives_size() - 1).key()));
        }
        continue;
      }
      v1::Derivative& derivative = *response.add_derivatives();
      *derivative.mutable_key() = seen.key();
      derivative.set_name(seen.name());
      derivative.set_relation(base.relation());
      const auto judged = release.assessments.find(release.versions.back().sequence());
      if (judged != release.assessments.end()) *derivative.mutable_assessment() = judged->second;
    }
  }
  return response;
}

absl::StatusOr<v1::ListAlertsResponse> FakeIndex::ListAlerts(const v1::ListAlertsRequest& request) {
  common::MutexLock lock(mutex_);
  if (absl::Status status = Check(); !status.ok()) return status;
  v1::ListAlertsResponse response;
  const int limit = request.limit() == 0 ? 100 : static_cast<int>(request.limit());
  std::vector<const v1::Alert*> alerts;
  for (const v1::LogEntry& entry : entries_) {
    if (!entry.has_alert() || entry.alert().severity() < request.min_severity()) continue;
    const bool wanted = request.newest_first() ? request.after_sequence() == 0 ||
                                                     entry.sequence() < request.after_sequence()
                                               : entry.sequence() > request.after_sequence();
    if (wanted) alerts.push_back(&entry.alert());
  }
  if (request.newest_first()) std::reverse(alerts.begin(), alerts.end());
  for (const v1::Alert* alert : alerts) {
    if (response.alerts_size() == limit) {
      response.set_has_more(true);
      break;
    }
    *response.add_alerts() = *alert;
  }
  return response;
}

absl::StatusOr<v1::ListHeldResponse> FakeIndex::ListHeld(const v1::ListHeldRequest&) {
  common::MutexLock lock(mutex_);
  if (absl::Status status = Check(); !status.ok()) return status;
  v1::ListHeldResponse response;
  for (const auto& [key, pending] : held_) *response.add_held() = pending;
  return response;
}

absl::StatusOr<v1::GetStatusResponse> FakeIndex::GetStatus(const v1::GetStatusRequest& request) {
  common::MutexLock lock(mutex_);
  if (absl::Status status = Check(); !status.ok()) return status;
  v1::GetStatusResponse response;
  response.set_now_us(NowMicros());
  response.set_newest_sequence(entries_.size());
  response.set_oldest_sequence(entries_.empty() ? 0 : 1);
  const auto cursor = cursors_.find(request.evaluator());
  response.set_evaluator_cursor(cursor == cursors_.end() ? 0 : cursor->second);
  response.set_releases(releases_.size());
  response.set_blobs(blobs_.size());
  for (const auto& [version, findings] : findings_) {
    response.set_findings(response.findings() + findings.size());
  }
  for (const v1::LogEntry& entry : entries_) {
    if (entry.has_change()) response.set_versions(response.versions() + 1);
    if (entry.has_alert()) response.set_alerts(response.alerts() + 1);
  }
  for (const auto& [name, hub] : hubs_) {
    v1::HubStatus& status = *response.add_hubs();
    status.set_hub(name);
    status.set_endpoint(hub.declared.endpoint());
    status.set_label(hub.declared.label());
    status.set_hub_time_us(hub.hub_time_us);
    status.set_last_listing_us(hub.last_listing_us);
    status.set_last_sweep_us(hub.last_sweep_us);
    status.set_sweeps(hub.sweeps);
    status.set_is_silent(hub.is_silent);
    status.set_silence_told_us(hub.silence_told_us);
  }
  return response;
}

absl::Status FakeIndex::Follow(const v1::FollowRequest& request, const common::Stopper& stopper,
                               const EachFollow& each) {
  const bool all = !request.changes() && !request.assessments() && !request.alerts();
  uint64_t next = std::max<uint64_t>(request.from_sequence(), 1);
  while (!stopper.stopped()) {
    std::vector<v1::FollowResponse> ready;
    bool at_end = false;
    {
      common::MutexLock lock(mutex_);
      if (absl::Status status = Check(); !status.ok()) return status;
      if (next > entries_.size() && !request.until_now()) {
        changed_.WaitFor(mutex_, absl::Milliseconds(20));
      }
      for (; next <= entries_.size(); ++next) {
        const v1::LogEntry& entry = entries_[next - 1];
        const bool wanted = all || (entry.has_change() && request.changes()) ||
                            (entry.has_assessment() && request.assessments()) ||
                            (entry.has_alert() && request.alerts());
        if (wanted) *ready.emplace_back().mutable_entry() = entry;
      }
      v1::Progress& progress = *ready.emplace_back().mutable_progress();
      progress.set_sequence(entries_.size());
      for (const auto& [name, hub] : hubs_)
        (*progress.mutable_hub_time_us())[name] = hub.hub_time_us;
      at_end = request.until_now();
    }
    for (const v1::FollowResponse& response : ready) {
      if (!each(response)) return absl::OkStatus();
    }
    if (at_end) return absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::Status FakeIndex::ListOids(const EachOid& each) {
  std::map<std::string, std::string> oids;
  {
    common::MutexLock lock(mutex_);
    if (absl::Status status = Check(); !status.ok()) return status;
    oids = oids_;
  }
  for (const auto& [hex, digest] : oids) {
    if (auto raw = common::FromHex(hex); raw.ok()) each(*raw, digest);
  }
  return absl::OkStatus();
}

}  // namespace modelwatch::testing
