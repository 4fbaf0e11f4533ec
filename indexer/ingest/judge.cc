// SPDX-License-Identifier: Apache-2.0
#include "indexer/ingest/judge.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "indexer/ingest/conclusion.h"
#include "indexer/ingest/hub_notice.h"
#include "indexer/ingest/memo.h"
#include "indexer/store/records.h"
#include "proto/release_id.h"
#include "proto/validate.h"

namespace modelwatch::indexer {
namespace {

constexpr size_t kMaxEvaluatorBytes = 64;

absl::Status Refuse(const std::string& why) {
  return absl::InvalidArgumentError(absl::StrCat("put assessments: ", why));
}

bool SameKey(const v1::ReleaseKey& a, const v1::ReleaseKey& b) {
  return a.hub() == b.hub() && a.id() == b.id();
}

absl::Status CheckJudgement(const Draft& draft, const v1::Judgement& judgement) {
  RETURN_IF_ERROR(proto::ValidateKey(judgement.key()));
  const std::string release = proto::FormatKey(judgement.key());
  if (judgement.hold_size() > 1) return Refuse(absl::StrCat(release, ": two alerts wait"));
  for (const v1::Alert& alert : judgement.alerts()) {
    if (!SameKey(alert.key(), judgement.key())) {
      return Refuse(absl::StrCat(release, ": an alert names another release"));
    }
  }
  if (!judgement.has_assessment()) return absl::OkStatus();
  const v1::Assessment& assessment = judgement.assessment();
  if (!SameKey(assessment.key(), judgement.key())) {
    return Refuse(absl::StrCat(release, ": the assessment names another release"));
  }
  ASSIGN_OR_RETURN(const bool known, draft.Has(Table::kObservation,
                                               VersionKey(judgement.key(), assessment.version())));
  if (known) return absl::OkStatus();
  return Refuse(absl::StrCat(release, ": version ", assessment.version(), " is not in the index"));
}

absl::Status CheckRequest(const Draft& draft, const v1::PutAssessmentsRequest& request) {
  if (request.evaluator().empty() || request.evaluator().size() > kMaxEvaluatorBytes) {
    return Refuse("the evaluator's name must have 1 to 64 bytes");
  }
  if (request.judgements_size() > kMaxJudgements) {
    return Refuse(absl::StrCat(request.judgements_size(), " judgements, at most ", kMaxJudgements));
  }
  RETURN_IF_ERROR(CheckFindings(request));
  RETURN_IF_ERROR(CheckHubNotices(request));
  if (request.cursor() > draft.state().newest_sequence()) {
    return Refuse(absl::StrCat("cursor ", request.cursor(), " is beyond the log's end ",
                               draft.state().newest_sequence()));
  }
  for (const v1::Judgement& judgement : request.judgements()) {
    RETURN_IF_ERROR(CheckJudgement(draft, judgement));
  }
  return absl::OkStatus();
}

void PutLog(Draft& draft, uint64_t sequence, v1::LogRecord::Kind kind, const v1::ReleaseKey& key,
            uint64_t version) {
  v1::LogRecord record;
  record.set_kind(kind);
  *record.mutable_key() = key;
  record.set_version(version);
  draft.Put(Table::kLog, SequenceKey(sequence), record.SerializeAsString());
}

absl::StatusOr<uint64_t> StoreAssessment(Draft& draft, v1::Assessment assessment, int64_t now_us) {
  const uint64_t sequence = draft.NextSequence();
  assessment.set_sequence(sequence);
  assessment.set_recorded_at_us(now_us);
  PutLog(draft, sequence, v1::LogRecord::ASSESSMENT, assessment.key(), assessment.version());
  draft.Put(Table::kAssessment, AssessmentKey(assessment.key(), assessment.version(), sequence),
            assessment.SerializeAsString());
  draft.state().set_assessments(draft.state().assessments() + 1);
  RETURN_IF_ERROR(StoreConclusion(draft, assessment));
  return sequence;
}

uint64_t StoreAlert(Draft& draft, v1::Alert alert, uint64_t assessment, int64_t now_us) {
  const uint64_t sequence = draft.NextSequence();
  alert.set_sequence(sequence);
  alert.set_recorded_at_us(now_us);
  if (alert.assessment() == 0) alert.set_assessment(assessment);
  PutLog(draft, sequence, v1::LogRecord::ALERT, alert.key(), alert.shift().to_version());
  draft.Put(Table::kAlertOf, VersionKey(alert.key(), sequence), "");
  draft.Put(Table::kAlert, SequenceKey(sequence), alert.SerializeAsString());
  draft.state().set_alerts(draft.state().alerts() + 1);
  return sequence;
}

// Whether the release's waiting alert is the one that the judgement releases or drops.
absl::StatusOr<bool> StillWaits(const Draft& draft, const v1::Judgement& judgement) {
  const auto held =
      GetRecord<v1::PendingAlert>(draft, Table::kHeld, ReleaseKeyBytes(judgement.key()));
  if (absl::IsNotFound(held.status())) return false;
  if (!held.ok()) return held.status();
  return std::all_of(judgement.alerts().begin(), judgement.alerts().end(),
                     [&held](const v1::Alert& alert) {
                       return alert.shift().to_version() == held->alert().shift().to_version();
                     });
}

absl::Status Apply(Draft& draft, const v1::Judgement& judgement, int64_t now_us,
                   v1::PutAssessmentsResponse& response) {
  const std::string held = ReleaseKeyBytes(judgement.key());
  if (judgement.drop_held()) draft.Delete(Table::kHeld, held);
  uint64_t assessment = 0;
  if (judgement.has_assessment()) {
    ASSIGN_OR_RETURN(assessment, StoreAssessment(draft, judgement.assessment(), now_us));
  }
  for (const v1::Alert& alert : judgement.alerts()) {
    response.add_alert_sequences(StoreAlert(draft, alert, assessment, now_us));
  }
  for (v1::PendingAlert pending : judgement.hold()) {
    if (pending.alert().assessment() == 0) pending.mutable_alert()->set_assessment(assessment);
    draft.Put(Table::kHeld, held, pending.SerializeAsString());
  }
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> StoredCursor(const Draft& draft, const std::string& evaluator) {
  const auto bytes = draft.Get(Table::kMeta, CursorKey(evaluator));
  if (absl::IsNotFound(bytes.status())) return uint64_t{0};
  if (!bytes.ok()) return bytes.status();
  return ParseSequenceKey(*bytes);
}

// Held alerts that are released as hub time passes, without progress in the log.
absl::Status ApplyReleases(Draft& draft, const v1::PutAssessmentsRequest& request, int64_t now_us,
                           v1::PutAssessmentsResponse& response) {
  for (const v1::Judgement& judgement : request.judgements()) {
    ASSIGN_OR_RETURN(const bool waits, StillWaits(draft, judgement));
    if (!waits) continue;
    draft.Delete(Table::kHeld, ReleaseKeyBytes(judgement.key()));
    RETURN_IF_ERROR(Apply(draft, judgement, now_us, response));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::PutAssessmentsResponse> PutAssessments(Draft& draft,
                                                          const v1::PutAssessmentsRequest& request,
                                                          int64_t now_us) {
  RETURN_IF_ERROR(CheckRequest(draft, request));
  ASSIGN_OR_RETURN(const uint64_t stored, StoredCursor(draft, request.evaluator()));
  v1::PutAssessmentsResponse response;
  response.set_cursor(std::max(stored, request.cursor()));
  const auto& judgements = request.judgements();
  const bool only_releases =
      std::none_of(judgements.begin(), judgements.end(),
                   [](const v1::Judgement& judgement) { return judgement.has_assessment(); });
  const bool ahead = request.cursor() > stored;
  if (!ahead && (!only_releases || request.cursor() < stored)) return response;
  if (only_releases) {
    RETURN_IF_ERROR(ApplyReleases(draft, request, now_us, response));
  } else {
    for (const v1::Judgement& judgement : judgements) {
      RETURN_IF_ERROR(Apply(draft, judgement, now_us, response));
    }
  }
  RETURN_IF_ERROR(StoreFindings(draft, request));
  for (const v1::HubNotice& notice : request.hub_notices()) {
    ASSIGN_OR_RETURN(const uint64_t sequence, StoreHubNotice(draft, notice, now_us));
    response.add_notice_sequences(sequence);
  }
  if (ahead) {
    draft.Put(Table::kMeta, CursorKey(request.evaluator()), SequenceKey(request.cursor()));
  }
  return response;
}

}  // namespace modelwatch::indexer
