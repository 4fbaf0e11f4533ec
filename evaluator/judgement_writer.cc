// SPDX-License-Identifier: Apache-2.0
#include "evaluator/judgement_writer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "proto/json.h"

namespace modelwatch::evaluator {
namespace {

constexpr int kMaxJudgements = 256;  // ingest.proto
constexpr size_t kMaxBytes = size_t{4} << 20;

}  // namespace

JudgementWriter::JudgementWriter(indexer::Index& index, std::string evaluator,
                                 std::string identifier_version, common::Metrics& metrics,
                                 Sink* sink)
    : index_(index),
      evaluator_(std::move(evaluator)),
      identifier_version_(std::move(identifier_version)),
      metrics_(metrics),
      sink_(sink) {}

void JudgementWriter::Reset(uint64_t cursor) {
  cursor_ = cursor;
  judged_ = cursor;
  bytes_ = 0;
  batch_.Clear();
}

absl::Status JudgementWriter::Add(std::vector<v1::Judgement> judgements,
                                  std::vector<v1::ContentFinding> findings, uint64_t sequence) {
  size_t bytes = 0;
  for (const v1::Judgement& judgement : judgements) bytes += judgement.ByteSizeLong();
  for (const v1::ContentFinding& finding : findings) bytes += finding.ByteSizeLong();
  const int count = batch_.judgements_size() + static_cast<int>(judgements.size());
  if (batch_.judgements_size() > 0 && (count > kMaxJudgements || bytes_ + bytes > kMaxBytes)) {
    RETURN_IF_ERROR(Write(judged_));
  }
  for (v1::Judgement& judgement : judgements) *batch_.add_judgements() = std::move(judgement);
  for (v1::ContentFinding& finding : findings) *batch_.add_findings() = std::move(finding);
  bytes_ += bytes;
  judged_ = sequence;
  return absl::OkStatus();
}

absl::Status JudgementWriter::Flush(uint64_t cursor) {
  if (batch_.judgements().empty() && cursor <= cursor_) return absl::OkStatus();
  return Write(std::max(cursor, judged_));
}

absl::Status JudgementWriter::Release(std::vector<v1::Judgement> judgements) {
  for (v1::Judgement& judgement : judgements) {
    *batch_.add_judgements() = std::move(judgement);
    if (batch_.judgements_size() == kMaxJudgements) RETURN_IF_ERROR(Write(cursor_));
  }
  return batch_.judgements().empty() ? absl::OkStatus() : Write(cursor_);
}

absl::Status JudgementWriter::Tell(std::vector<v1::HubNotice> notices) {
  if (notices.empty()) return absl::OkStatus();
  for (v1::HubNotice& notice : notices) *batch_.add_hub_notices() = std::move(notice);
  return Write(cursor_);
}

absl::Status JudgementWriter::Write(uint64_t cursor) {
  batch_.set_evaluator(evaluator_);
  batch_.set_cursor(cursor);
  batch_.set_identifier_version(identifier_version_);
  ASSIGN_OR_RETURN(const v1::PutAssessmentsResponse response, index_.PutAssessments(batch_));
  if (response.cursor() != cursor) {
    return absl::AbortedError(absl::StrFormat(
        "store judgements up to %d: the index's cursor is %d, so another evaluator named %s works "
        "on the same log; stop one of the two",
        cursor, response.cursor(), evaluator_));
  }
  Report(response);
  Reset(cursor);
  return absl::OkStatus();
}

void JudgementWriter::Report(const v1::PutAssessmentsResponse& response) {
  const auto& judgements = batch_.judgements();
  const auto versions =
      std::count_if(judgements.begin(), judgements.end(),
                    [](const v1::Judgement& judgement) { return judgement.has_assessment(); });
  metrics_.Count("modelwatch_evaluate_versions_total", "Versions judged.", {},
                 static_cast<double>(versions));
  int told = 0;
  for (const v1::Judgement& judgement : judgements) {
    for (const v1::Alert& alert : judgement.alerts()) {
      // No sequence left: the index had taken this before, and it was told then.
      if (told == response.alert_sequences_size()) return;
      TellAlert(alert, response.alert_sequences(told++));
    }
  }
  for (int i = 0; i < std::min(batch_.hub_notices_size(), response.notice_sequences_size()); ++i) {
    if (response.notice_sequences(i) == 0) continue;
    TellAlert(batch_.hub_notices(i).alert(), response.notice_sequences(i));
  }
}

void JudgementWriter::TellAlert(v1::Alert alert, uint64_t sequence) {
  alert.set_sequence(sequence);
  metrics_.Count("modelwatch_evaluate_alerts_total", "Alerts raised.",
                 {{"severity", std::string(proto::Word(alert.severity()))}});
  if (sink_ != nullptr) sink_->Tell(alert);
}

}  // namespace modelwatch::evaluator
