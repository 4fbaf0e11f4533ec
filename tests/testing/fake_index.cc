// SPDX-License-Identifier: Apache-2.0
#include "testing/fake_index.h"

#include <algorithm>

#include "common/digest.h"
#include "proto/digests.h"
#include "proto/release_id.h"

namespace modelwatch::testing {
namespace {

bool HasFailedFile(const v1::Observation& observation) {
  return std::any_of(observation.files().begin(), observation.files().end(),
                     [](const v1::File& file) { return file.outcome() == v1::FAILED; });
}

bool IsGone(const v1::Observation& observation) {
  return observation.access().presence() != v1::PRESENT;
}

std::string CardDigest(const v1::Observation& observation) {
  for (const v1::File& file : observation.files()) {
    if (file.path() == "README.md") return file.digest();
  }
  return "";
}

std::string LicenceFiles(const v1::Observation& observation) {
  std::string all;
  for (const v1::File& file : observation.files()) {
    if (file.path() != "README.md") all += file.path() + '\0' + file.digest();
  }
  return all;
}

void AddKinds(const v1::Observation& before, const v1::Observation& after, v1::Change& change) {
  const auto add = [&](bool differs, v1::ChangeKind kind) {
    if (differs) change.add_kinds(kind);
  };
  const v1::Declared& old_declared = before.declared();
  const v1::Declared& new_declared = after.declared();
  const auto licences = [](const v1::Declared& declared) {
    v1::Declared only;
    *only.mutable_tag_licences() = declared.tag_licences();
    *only.mutable_card_licences() = declared.card_licences();
    only.set_license_name(declared.license_name());
    only.set_license_link(declared.license_link());
    return only.SerializeAsString();
  };
  add(before.revision() != after.revision(), v1::REVISION);
  add(licences(old_declared) != licences(new_declared), v1::DECLARED_LICENCE);
  add(LicenceFiles(before) != LicenceFiles(after), v1::LICENCE_FILE);
  add(CardDigest(before) != CardDigest(after), v1::CARD);
  add(before.access().gate() != after.access().gate(), v1::GATE);
  add(!IsGone(before) && IsGone(after), v1::REMOVAL);
  add(IsGone(before) && !IsGone(after), v1::REAPPEARANCE);
  add(before.name() != after.name(), v1::RENAME);
  add(old_declared.gated_prompt() != new_declared.gated_prompt(), v1::GATE_TERMS);
  add(before.access().is_private() != after.access().is_private(), v1::VISIBILITY);
  if (change.kinds().empty()) change.add_kinds(v1::REVISION);
}

}  // namespace

FakeIndex::FakeIndex(const common::Clock& clock) : clock_(clock) {}

int64_t FakeIndex::NowMicros() const { return common::ToMicros(clock_.Now()); }

absl::Status FakeIndex::Check() const {
  return away_ ? absl::UnavailableError("the fake index is away") : absl::OkStatus();
}

void FakeIndex::SetAway(bool away) {
  common::MutexLock lock(mutex_);
  away_ = away;
}

void FakeIndex::SetBusy(int calls) {
  common::MutexLock lock(mutex_);
  busy_ = calls;
}

void FakeIndex::ForgetBlobs() {
  common::MutexLock lock(mutex_);
  blobs_.clear();
  oids_.clear();
}

void FakeIndex::MakeDue() {
  common::MutexLock lock(mutex_);
  for (auto& [id, due] : work_) {
    due.due_us = 0;
    due.leased = false;
  }
}

std::vector<v1::Observation> FakeIndex::LatestObservations() const {
  common::MutexLock lock(mutex_);
  std::vector<v1::Observation> all;
  for (const auto& [key, release] : releases_) {
    if (!release.versions.empty()) all.push_back(release.versions.back().observation());
  }
  return all;
}

std::vector<v1::LogEntry> FakeIndex::Entries() const {
  common::MutexLock lock(mutex_);
  return entries_;
}

int FakeIndex::put_batches() const {
  common::MutexLock lock(mutex_);
  return put_batches_;
}

std::vector<v1::FinishWorkRequest> FakeIndex::finished() const {
  common::MutexLock lock(mutex_);
  return finished_;
}

v1::LogEntry& FakeIndex::Append() {
  v1::LogEntry& entry = entries_.emplace_back();
  entry.set_sequence(entries_.size());
  entry.set_recorded_at_us(NowMicros());
  changed_.NotifyAll();
  return entry;
}

// --- writes ---

absl::StatusOr<v1::PutBatchResponse> FakeIndex::PutBatch(const v1::PutBatchRequest& request) {
  common::MutexLock lock(mutex_);
  if (absl::Status status = Check(); !status.ok()) return status;
  ++put_batches_;
  if (busy_ > 0) {
    --busy_;
    return absl::ResourceExhaustedError("the fake index is busy");
  }
  if (request.items_size() > indexer::kMaxBatchItems ||
      (request.items_size() > 1 && request.ByteSizeLong() > indexer::kMaxBatchBytes)) {
    return absl::InvalidArgumentError("the batch is over a limit");
  }
  v1::PutBatchResponse response;
  for (const v1::PutItem& item : request.items()) *response.add_acks() = PutOne(item);
  return response;
}

v1::ItemAck FakeIndex::PutOne(const v1::PutItem& item) {
  v1::ItemAck ack;
  const v1::Observation& observation = item.observation();
  for (const v1::Blob& blob : item.blobs()) {
    if (common::Sha256(blob.content()) != blob.digest()) continue;
    blobs_[blob.digest()] = blob.content();
    if (!blob.oid().empty()) oids_[blob.oid()] = blob.digest();
  }
  for (const v1::File& file : observation.files()) {
    if (file.outcome() != v1::FETCHED || blobs_.contains(file.digest())) continue;
    ack.set_status(v1::RETRY);
    ack.set_reason("the content of " + file.path() + " is not here");
    return ack;
  }
  HubState& hub = hubs_[observation.key().hub()];
  hub.hub_time_us = std::max(hub.hub_time_us, observation.observed_at_us());
  Release& release = releases_[proto::FormatKey(observation.key())];
  release.last_seen_us = std::max(release.last_seen_us, observation.observed_at_us());
  release.needs_visit = HasFailedFile(observation);
  if (release.needs_visit) ScheduleVisit(observation);
  const bool same = !release.versions.empty() &&
                    proto::ObservationDigest(release.versions.back().observation()) ==
                        proto::ObservationDigest(observation);
  if (same || release.needs_visit) {
    ack.set_status(v1::SKIPPED);
    return ack;
  }
  Commit(release, observation);
  ack.set_status(v1::STORED);
  ack.set_sequence(release.versions.back().sequence());
  return ack;
}

void FakeIndex::Commit(Release& release, const v1::Observation& observation) {
  v1::LogEntry& entry = Append();
  v1::Change& change = *entry.mutable_change();
  change.set_sequence(entry.sequence());
  *change.mutable_key() = observation.key();
  change.set_name(observation.name());
  change.set_observed_at_us(observation.observed_at_us());
  change.set_recorded_at_us(entry.recorded_at_us());
  change.set_revision(observation.revision());
  if (release.versions.empty()) {
    release.first_seen_us = observation.observed_at_us();
    change.add_kinds(v1::FIRST_SEEN);
  } else {
    const v1::Version& before = release.versions.back();
    change.set_previous_version(before.sequence());
    change.set_previous_revision(before.observation().revision());
    AddKinds(before.observation(), observation, change);
    if (before.observation().name() != observation.name()) {
      release.former_names.push_back(before.observation().name());
    }
  }
  v1::Version& version = release.versions.emplace_back();
  version.set_sequence(entry.sequence());
  version.set_recorded_at_us(entry.recorded_at_us());
  *version.mutable_observation() = observation;
  release.changes[entry.sequence()] = change;
}

absl::StatusOr<v1::PutAssessmentsResponse> FakeIndex::PutAssessments(
    const v1::PutAssessmentsRequest& request) {
  common::MutexLock lock(mutex_);
  if (absl::Status status = Check(); !status.ok()) return status;
  v1::PutAssessmentsResponse response;
  uint64_t& cursor = cursors_[request.evaluator()];
  const bool repeated =
      request.cursor() < cursor || (request.cursor() == cursor && request.judgements().empty());
  if (!repeated) {
    cursor = request.cursor();
    KeepFindings(request);
    for (const v1::Judgement& judgement : request.judgements()) {
      const std::string key = proto::FormatKey(judgement.key());
      uint64_t assessed = 0;
      if (judgement.has_assessment()) {
        v1::LogEntry& entry = Append();
        assessed = entry.sequence();
        *entry.mutable_assessment() = judgement.assessment();
        entry.mutable_assessment()->set_sequence(entry.sequence());
        entry.mutable_assessment()->set_recorded_at_us(entry.recorded_at_us());
        releases_[key].assessments[judgement.assessment().version()] = entry.assessment();
      }
      for (const v1::Alert& alert : judgement.alerts()) {
        v1::LogEntry& entry = Append();
        *entry.mutable_alert() = alert;
        entry.mutable_alert()->set_sequence(entry.sequence());
        entry.mutable_alert()->set_recorded_at_us(entry.recorded_at_us());
        if (assessed != 0) entry.mutable_alert()->set_assessment(assessed);
        response.add_alert_sequences(entry.sequence());
      }
      if (judgement.drop_held()) held_.erase(key);
      for (const v1::PendingAlert& pending : judgement.hold()) held_[key] = pending;
    }
  }
  response.set_cursor(cursor);
  return response;
}

void FakeIndex::KeepFindings(const v1::PutAssessmentsRequest& request) {
  if (request.findings().empty()) return;
  auto at = std::find_if(findings_.begin(), findings_.end(), [&](const auto& of_version) {
    return of_version.first == request.identifier_version();
  });
  if (at != findings_.end()) {
    std::rotate(at, at + 1, findings_.end());
  } else {
    if (findings_.size() == 2) findings_.erase(findings_.begin());
    findings_.emplace_back(request.identifier_version(), std::map<std::string, v1::Finding>());
  }
  for (const v1::ContentFinding& content : request.findings()) {
    findings_.back().second.emplace(content.digest(), content.finding());
  }
}

// --- work ---

absl::StatusOr<v1::DeclareHubResponse> FakeIndex::DeclareHub(const v1::DeclareHubRequest& request) {
  common::MutexLock lock(mutex_);
  if (absl::Status status = Check(); !status.ok()) return status;
  hubs_[request.hub()].declared = request;
  for (const auto& [suffix, kind] : {std::pair{"/keep-up", v1::KEEP_UP}, {"/sweep", v1::SWEEP}}) {
    Due& due = work_[request.hub() + suffix];
    due.work.set_id(request.hub() + suffix);
    due.work.set_kind(kind);
    due.work.set_hub(request.hub());
  }
  return v1::DeclareHubResponse();
}

void FakeIndex::ScheduleVisit(const v1::Observation& observation) {
  const std::string id = observation.key().hub() + "/visit/" + observation.key().id();
  Due& due = work_[id];
  due.work.set_id(id);
  due.work.set_kind(v1::VISIT);
  due.work.set_hub(observation.key().hub());
  *due.work.mutable_key() = observation.key();
  due.work.set_name(observation.name());
}

uint64_t FakeIndex::ScheduleAbsent(const std::string& hub, int64_t since_us) {
  uint64_t absent = 0;
  for (const auto& [key, release] : releases_) {
    if (release.versions.empty() || release.last_seen_us >= since_us) continue;
    const v1::Observation& latest = release.versions.back().observation();
    if (latest.key().hub() != hub || latest.access().presence() == v1::REMOVED) continue;
    ScheduleVisit(latest);
    ++absent;
  }
  return absent;
}

absl::StatusOr<v1::LeaseWorkResponse> FakeIndex::LeaseWork(const v1::LeaseWorkRequest& request) {
  common::MutexLock lock(mutex_);
  if (absl::Status status = Check(); !status.ok()) return status;
  if (!hubs_.contains(request.hub())) return absl::NotFoundError("the hub was never declared");
  v1::LeaseWorkResponse response;
  int64_t next = 0;
  for (auto& [id, due] : work_) {
    if (due.work.hub() != request.hub()) continue;
    if (request.visits_only() && due.work.kind() != v1::VISIT) continue;
    const bool expired = due.leased && due.work.lease_expires_us() <= NowMicros();
    if (due.leased && !expired) continue;
    if (due.due_us > NowMicros()) {
      next = next == 0 ? due.due_us : std::min(next, due.due_us);
      continue;
    }
    if (response.work_size() >= static_cast<int>(request.max())) continue;
    due.leased = true;
    due.work.set_token(next_token_++);
    due.work.set_lease_expires_us(NowMicros() + request.lease_ms() * 1000);
    *response.add_work() = due.work;
  }
  response.set_next_due_us(next);
  return response;
}

absl::StatusOr<v1::FinishWorkResponse> FakeIndex::FinishWork(const v1::FinishWorkRequest& request) {
  common::MutexLock lock(mutex_);
  if (absl::Status status = Check(); !status.ok()) return status;
  const auto found = work_.find(request.id());
  if (found == work_.end() || found->second.work.token() != request.token()) {
    return absl::AbortedError("the lease was handed out again");
  }
  finished_.push_back(request);
  v1::FinishWorkResponse response;
  Due& due = found->second;
  const v1::WorkKind kind = due.work.kind();
  if (kind == v1::SWEEP && request.outcome() != v1::FAILED_WORK) {
    due.work.set_cursor(request.outcome() == v1::DONE ? "" : request.cursor());
    due.work.set_started_us(request.outcome() == v1::DONE ? 0 : request.hub_time_us());
  }
  if (request.outcome() == v1::PROGRESS) {
    due.work.set_lease_expires_us(NowMicros() + request.lease_ms() * 1000);
    return response;
  }
  due.leased = false;
  if (request.outcome() == v1::FAILED_WORK) {
    due.work.set_attempt(due.work.attempt() + 1);
    due.due_us = NowMicros() + request.retry_after_ms() * 1000;
    return response;
  }
  due.work.set_attempt(0);
  HubState& hub = hubs_[due.work.hub()];
  if (kind == v1::VISIT) {
    work_.erase(found);
    return response;
  }
  hub.last_listing_us = NowMicros();
  if (kind == v1::KEEP_UP) {
    due.work.set_watermark_us(std::max(due.work.watermark_us(), request.watermark_us()));
    due.due_us = NowMicros() + hub.declared.keep_up_ms() * 1000;
    return response;
  }
  due.due_us = NowMicros() + hub.declared.sweep_ms() * 1000;
  ++hub.sweeps;
  hub.last_sweep_us = NowMicros();
  response.set_absent(ScheduleAbsent(due.work.hub(), request.hub_time_us()));
  return response;
}

// --- reads ---

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
    if (response.releases_size() == limit) break;
    *response.add_releases() = Describe(it->second);
    response.set_next_page_token(it->first);
  }
  if (response.releases_size() < limit) response.clear_next_page_token();
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
