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
  if (item.has_past()) {  // it keeps none, and leases no HISTORY
    ack.set_status(v1::SKIPPED);
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
  for (const v1::HubNotice& notice : request.hub_notices()) {
    response.add_notice_sequences(request.cursor() < cursor ? 0 : PutNotice(notice));
  }
  response.set_cursor(cursor);
  return response;
}

uint64_t FakeIndex::PutNotice(const v1::HubNotice& notice) {
  HubState& hub = hubs_[notice.alert().key().hub()];
  if (notice.news() == v1::HUB_SILENT) hub.silence_told_us = NowMicros();
  if (notice.news() == v1::HUB_HEARD) hub.silence_told_us = 0;
  v1::LogEntry& entry = Append();
  *entry.mutable_alert() = notice.alert();
  entry.mutable_alert()->set_sequence(entry.sequence());
  entry.mutable_alert()->set_recorded_at_us(entry.recorded_at_us());
  return entry.sequence();
}

void FakeIndex::Watch(const v1::ReleaseKey& key, const std::string& name) {
  common::MutexLock lock(mutex_);
  v1::Observation named;
  *named.mutable_key() = key;
  named.set_name(name);
  ScheduleVisit(named);
  work_[key.hub() + "/visit/" + key.id()].work.set_is_watched(true);
}

void FakeIndex::SetSilent(const std::string& hub, bool is_silent) {
  common::MutexLock lock(mutex_);
  hubs_[hub].is_silent = is_silent;
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

absl::StatusOr<v1::ShareBudgetResponse> FakeIndex::ShareBudget(
    const v1::ShareBudgetRequest& request) {
  common::MutexLock lock(mutex_);
  if (absl::Status status = Check(); !status.ok()) return status;
  const uint64_t token = next_token_++;
  if (ledger_) return ledger_(request, token, NowMicros());
  v1::ShareBudgetResponse response;
  uint32_t granted = 0;
  for (const uint32_t wanted : request.wanted()) granted += wanted;
  response.set_token(token);
  response.set_granted(granted);
  response.set_valid_ms(5'000);
  response.set_wait_ms(1);
  return response;
}

void FakeIndex::SetLedger(Ledger ledger) {
  common::MutexLock lock(mutex_);
  ledger_ = std::move(ledger);
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

}  // namespace modelwatch::testing
