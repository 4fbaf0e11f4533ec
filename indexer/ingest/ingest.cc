// SPDX-License-Identifier: Apache-2.0
#include "indexer/ingest/ingest.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/status_macros.h"
#include "indexer/frontier/frontier.h"
#include "indexer/frontier/history.h"
#include "indexer/frontier/revisit.h"
#include "indexer/ingest/conclusion.h"
#include "indexer/ingest/diff.h"
#include "indexer/ingest/past.h"
#include "indexer/ingest/texts.h"
#include "indexer/store/derivatives.h"
#include "indexer/store/records.h"
#include "proto/digests.h"

namespace modelwatch::indexer {
namespace {

v1::ItemAck Ack(v1::ItemStatus status, std::string reason = "") {
  v1::ItemAck ack;
  ack.set_status(status);
  ack.set_reason(std::move(reason));
  return ack;
}

// The record, or nothing when it is not there.
template <typename Value>
absl::StatusOr<std::optional<Value>> Maybe(absl::StatusOr<Value> value) {
  if (absl::IsNotFound(value.status())) return std::optional<Value>();
  if (!value.ok()) return value.status();
  return std::optional<Value>(*std::move(value));
}

// One item on its way into the draft.
class Intake {
 public:
  Intake(Draft& draft, PreparedItem item, int64_t now_us)
      : draft_(draft), item_(std::move(item)), now_us_(now_us) {}

  absl::StatusOr<v1::ItemAck> Run();

 private:
  [[nodiscard]] const v1::ReleaseKey& key() const { return item_.observation.key(); }

  [[nodiscard]] uint8_t OneMoreFailure() const {
    constexpr uint8_t kMost = 255;
    const uint8_t before = seen_.has_value() ? seen_->failures : uint8_t{0};
    return before == kMost ? kMost : static_cast<uint8_t>(before + 1);
  }

  absl::Status Load();
  absl::Status LoadNewest();
  absl::Status AdvanceHub(bool new_release);
  absl::StatusOr<v1::ItemAck> Unchanged();
  absl::StatusOr<v1::ItemAck> Postpone();
  absl::StatusOr<v1::ItemAck> StoreVersion();
  absl::Status StoreName();
  void StoreHead(uint64_t sequence);
  void StoreDerivatives();
  void StoreSeen(bool needs_visit, uint8_t failures);
  v1::Change MakeChange(uint64_t sequence) const;
  absl::Status VisitAgain(uint8_t failures);
  absl::Status AskForPast();

  Draft& draft_;
  PreparedItem item_;
  const int64_t now_us_;
  std::string digest_;
  std::string row_digest_;
  bool has_failed_file_ = false;
  std::optional<v1::StoredHead> head_;
  std::optional<Seen> seen_;
  v1::Observation newest_;  // the newest version's, loaded when a head is there and it differs
};

absl::Status Intake::Load() {
  ASSIGN_OR_RETURN(head_, Maybe(GetHead(draft_, key())));
  ASSIGN_OR_RETURN(seen_, Maybe(GetSeen(draft_, key())));
  RETURN_IF_ERROR(FillDigests(draft_, item_));
  const auto& files = item_.observation.files();
  has_failed_file_ = std::any_of(files.begin(), files.end(),
                                 [](const v1::File& file) { return file.outcome() == v1::FAILED; });
  digest_ = proto::ObservationDigest(item_.observation);
  if (head_.has_value() && head_->digest() != digest_) RETURN_IF_ERROR(LoadNewest());
  return absl::OkStatus();
}

absl::Status Intake::LoadNewest() {
  ASSIGN_OR_RETURN(v1::StoredVersion newest, GetVersion(draft_, key(), head_->version()));
  newest_.Swap(newest.mutable_observation());
  CarryContentOver(newest_, item_.observation);
  digest_ = proto::ObservationDigest(item_.observation);
  return absl::OkStatus();
}

absl::Status Intake::AdvanceHub(bool new_release) {
  ASSIGN_OR_RETURN(v1::StoredHub hub, GetHub(draft_, key().hub()));
  const int64_t observed = item_.observation.observed_at_us();
  if (!new_release && observed <= hub.hub_time_us()) return absl::OkStatus();
  hub.set_hub_time_us(std::max(hub.hub_time_us(), observed));
  if (new_release) hub.set_releases(hub.releases() + 1);
  PutHub(draft_, key().hub(), hub);
  return absl::OkStatus();
}

void Intake::StoreSeen(bool needs_visit, uint8_t failures) {
  Seen seen;
  seen.last_seen_us = item_.observation.observed_at_us();
  if (seen_.has_value()) seen.last_seen_us = std::max(seen.last_seen_us, seen_->last_seen_us);
  seen.needs_visit = needs_visit;
  seen.failures = failures;
  draft_.Put(Table::kSeen, ReleaseKeyBytes(key()), SeenValue(seen));
}

absl::Status Intake::VisitAgain(uint8_t failures) {
  const absl::Duration delay = FailedFileDelay(failures, VisitId(key()));
  return ScheduleVisit(draft_, key(), item_.observation.name(),
                       now_us_ + absl::ToInt64Microseconds(delay), now_us_);
}

// Once for each release that is there: also for one that an older program stored.
absl::Status Intake::AskForPast() {
  if (head_.has_value() && head_->past() != v1::PAST_STATE_UNSPECIFIED) return absl::OkStatus();
  return AskForHistory(draft_, key(), item_.downloads, now_us_);
}

absl::StatusOr<v1::ItemAck> Intake::Unchanged() {
  RETURN_IF_ERROR(AskForPast());
  RETURN_IF_ERROR(AdvanceHub(false));
  const uint8_t failures = has_failed_file_ ? OneMoreFailure() : uint8_t{0};
  StoreSeen(has_failed_file_, failures);
  if (has_failed_file_) RETURN_IF_ERROR(VisitAgain(failures));
  return Ack(v1::SKIPPED);
}

// An observation with a FAILED file: the release is to be visited, and stays what it was.
absl::StatusOr<v1::ItemAck> Intake::Postpone() {
  const uint8_t failures = OneMoreFailure();
  RETURN_IF_ERROR(AdvanceHub(false));
  StoreSeen(true, failures);
  RETURN_IF_ERROR(VisitAgain(failures));
  return Ack(v1::SKIPPED, "a file could not be fetched; the release is visited again");
}

// A name leads to its newest holder. A release that is gone does not take its name back.
absl::Status Intake::StoreName() {
  const std::string name = NameKey(key().hub(), item_.observation.name());
  if (item_.observation.access().presence() != v1::PRESENT) {
    ASSIGN_OR_RETURN(const bool held, draft_.Has(Table::kName, name));
    if (held) return absl::OkStatus();
  }
  draft_.Put(Table::kName, name, ReleaseKeyBytes(key()));
  return absl::OkStatus();
}

void Intake::StoreHead(uint64_t sequence) {
  const v1::Observation& now = item_.observation;
  v1::StoredHead head = head_.value_or(v1::StoredHead());
  if (!head_.has_value()) {
    head.set_first_version(sequence);
    head.set_first_seen_us(now.observed_at_us());
  } else if (head.name() != now.name()) {
    auto& former = *head.mutable_former_names();
    former.erase(std::remove(former.begin(), former.end(), now.name()), former.end());
    former.erase(std::remove(former.begin(), former.end(), head.name()), former.end());
    head.add_former_names(head.name());
  }
  head.set_version(sequence);
  head.set_versions(head.versions() + 1);
  head.set_digest(digest_);
  head.set_row_digest(proto::ObservationRowDigest(now));
  head.set_name(now.name());
  head.set_presence(now.access().presence());
  head.set_observed_at_us(now.observed_at_us());
  draft_.Put(Table::kLatest, ReleaseKeyBytes(key()), head.SerializeAsString());
}

// The newest version's bases alone stand in the table.
void Intake::StoreDerivatives() {
  const auto now = DerivativeEntries(item_.observation);
  for (const auto& [entry, relation] : DerivativeEntries(newest_)) {
    if (now.count(entry) == 0) draft_.Delete(Table::kDerivative, entry);
  }
  for (const auto& [entry, relation] : now) draft_.Put(Table::kDerivative, entry, relation);
}

v1::Change Intake::MakeChange(uint64_t sequence) const {
  const v1::Observation& now = item_.observation;
  v1::Change change;
  change.set_sequence(sequence);
  *change.mutable_key() = key();
  change.set_name(now.name());
  change.set_observed_at_us(now.observed_at_us());
  change.set_recorded_at_us(now_us_);
  change.set_revision(now.revision());
  if (!head_.has_value()) {
    change.add_kinds(v1::FIRST_SEEN);
    return change;
  }
  for (const v1::ChangeKind kind : Diff(newest_, now)) change.add_kinds(kind);
  change.set_previous_version(head_->version());
  change.set_previous_revision(newest_.revision());
  return change;
}

absl::StatusOr<v1::ItemAck> Intake::StoreVersion() {
  RETURN_IF_ERROR(StoreTexts(draft_, item_));
  RETURN_IF_ERROR(StoreName());
  StoreDerivatives();
  RETURN_IF_ERROR(AdvanceHub(!head_.has_value()));
  const uint64_t sequence = draft_.NextSequence();
  v1::StoredVersion version;
  version.set_recorded_at_us(now_us_);
  *version.mutable_change() = MakeChange(sequence);
  StoreSeenFacets(draft_, newest_, head_.has_value() ? head_->version() : 0, item_.observation,
                  sequence);
  StoreHead(sequence);
  RETURN_IF_ERROR(PlanVisits(draft_, item_.observation, now_us_));
  const uint8_t failures = has_failed_file_ ? OneMoreFailure() : uint8_t{0};
  StoreSeen(has_failed_file_, failures);
  if (has_failed_file_) RETURN_IF_ERROR(VisitAgain(failures));

  v1::LogRecord record;
  record.set_kind(v1::LogRecord::CHANGE);
  *record.mutable_key() = key();
  record.set_version(sequence);
  draft_.Put(Table::kLog, SequenceKey(sequence), record.SerializeAsString());
  const std::string version_key = VersionKey(key(), sequence);
  version.mutable_observation()->Swap(&item_.observation);
  draft_.Put(Table::kObservation, version_key, version.SerializeAsString());
  RETURN_IF_ERROR(AskForPast());

  v1::StoredState& state = draft_.state();
  state.set_versions(state.versions() + 1);
  if (!head_.has_value()) state.set_releases(state.releases() + 1);
  v1::ItemAck ack = Ack(v1::STORED);
  ack.set_sequence(sequence);
  return ack;
}

absl::StatusOr<v1::ItemAck> Intake::Run() {
  RETURN_IF_ERROR(Load());
  if (head_.has_value() && head_->digest() == digest_) return Unchanged();
  if (head_.has_value() && seen_.has_value() &&
      item_.observation.observed_at_us() < seen_->last_seen_us) {
    return Ack(v1::SKIPPED,
               "observed before the release was last seen; it cannot tell what is new");
  }
  if (has_failed_file_ && OneMoreFailure() < kFailuresTaken) return Postpone();
  ASSIGN_OR_RETURN(const std::string missing, MissingText(draft_, item_, newest_));
  if (!missing.empty()) {
    return Ack(v1::RETRY, absl::StrCat("the blob of ", missing, " is not here; send it along"));
  }
  return StoreVersion();
}

}  // namespace

absl::StatusOr<v1::ItemAck> IngestItem(Draft& draft, PreparedItem item, int64_t now_us) {
  if (!item.refused.empty()) return Ack(v1::SKIPPED, item.refused);
  if (item.past_index.has_value()) return IngestPast(draft, std::move(item), now_us);
  return Intake(draft, std::move(item), now_us).Run();
}

}  // namespace modelwatch::indexer
