// SPDX-License-Identifier: Apache-2.0
// ChangeJudge: from changes of the log to judgements for the index, in the order of the log.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/metrics.h"
#include "evaluator/assess/assessor.h"
#include "evaluator/assess/shift.h"
#include "evaluator/blob_cache.h"
#include "evaluator/finding_memo.h"
#include "evaluator/policy/policy.h"
#include "evaluator/relatives.h"
#include "indexer/client/index.h"
#include "modelwatch/v1/change.pb.h"
#include "modelwatch/v1/ingest.pb.h"

namespace modelwatch::evaluator {

// Loads what a judgement needs (versions, former assessments, texts) and asks the pure rooms.
// Writes nothing: the caller stores what it is given, and calls Reset when that failed. Not
// thread-safe.
class ChangeJudge {
 public:
  // All must outlive this; `corpus` may be null.
  ChangeJudge(indexer::Reader& reader, const Corpus* corpus, Policy policy,
              common::Metrics& metrics);

  // Forgets everything that was judged and not stored, and reads the held alerts from the index.
  [[nodiscard]] absl::Status Reset();

  // Takes the judgements of one change as they are made, with its sequence: none when its version
  // is lost, two when an alert was due before it (its release, then the change's own). They must be
  // stored together, and with them `findings`: what texts they needed first. An error ends
  // JudgeAll.
  using Take =
      std::function<absl::Status(std::vector<v1::Judgement> judgements,
                                 std::vector<v1::ContentFinding> findings, uint64_t sequence)>;

  // Judges changes, ascending and not judged before, in groups so that the texts in memory stay
  // bounded. A version that the index does not have is reported in the log and passed over, so that
  // one lost record cannot stop the watch.
  [[nodiscard]] absl::Status JudgeAll(std::span<const v1::Change> changes, const Take& take);

  // Judges versions again whose assessment another evaluator or corpus made, and passes over the
  // others and those that were never judged. What comes out as it was is not handed out, so that a
  // new corpus costs the index only what it changes; the rest is marked is_reassessment, keeps what
  // was known of its relatives then, and raises nothing. Any order will do: `take` gets one
  // judgement or none a change, and the findings that are new.
  [[nodiscard]] absl::Status ReassessAll(std::span<const v1::Change> changes, const Take& take);

  // What a release was before it was first seen, oldest first: an assessment each, with the shift
  // from the one before it. As versions are judged, but that what is declared comes from the card
  // alone, and the gate of then is not known and counts as open. Versions are numbered by their
  // place here, from 1; nothing of it is handed out to be stored, and it knows no events or alerts.
  [[nodiscard]] absl::StatusOr<std::vector<v1::Assessment>> JudgePast(
      const v1::ReleaseKey& key, const std::string& name, std::span<const v1::PastVersion> past);

  // Everything that was taken is stored.
  void Confirm() { memo_.Confirm(); }

  // Judgements that raise the held alerts whose time the hub's clock has passed. REQUIRES:
  // everything in the log was judged, otherwise the return of a release could still be among the
  // unread.
  [[nodiscard]] std::vector<v1::Judgement> ReleaseDue(
      const std::map<std::string, int64_t>& hub_time_us);

  [[nodiscard]] size_t held() const { return held_.size(); }
  [[nodiscard]] const std::string& evaluator_version() const {
    return assessor_.evaluator_version();
  }
  [[nodiscard]] const std::string& corpus_version() const { return assessor_.corpus_version(); }
  // What the findings rest on; empty without a corpus.
  [[nodiscard]] const std::string& identifier_version() const { return memo_.identifier_version(); }

 private:
  [[nodiscard]] absl::StatusOr<v1::Declared> DeclaredThen(const v1::PastVersion& past);
  [[nodiscard]] absl::Status LoadVersions(std::span<const v1::Change> changes);
  using Each = std::function<absl::Status(const v1::Change&)>;
  [[nodiscard]] absl::Status JudgeGroup(std::span<const v1::Change> changes, const Each& each);
  [[nodiscard]] absl::Status JudgeOne(const v1::Change& change, const Take& take);
  [[nodiscard]] absl::Status JudgeInGroups(std::span<const v1::Change> changes, const Each& each);
  [[nodiscard]] absl::Status ReassessOne(const v1::Change& change, v1::Assessment& former,
                                         const Take& take);
  [[nodiscard]] absl::Status LoadTexts(const std::set<uint64_t>& versions);
  // The texts that a judgement of the change may have had identified.
  [[nodiscard]] std::set<std::string> TextsOf(const v1::Change& change) const;
  [[nodiscard]] uint64_t TextBytes(const v1::Observation& observation) const;
  [[nodiscard]] std::vector<uint64_t> BaselinesOf(const v1::Change& change) const;
  // Its assessment was made by another evaluator or corpus than this one.
  [[nodiscard]] bool IsStale(uint64_t version) const;
  [[nodiscard]] v1::Assessment Assess(const v1::Version& version,
                                      const v1::Assessment* previous) const;
  [[nodiscard]] absl::Status Decide(const v1::HistoryRow& then, const v1::HistoryRow& now,
                                    v1::Judgement& judgement);
  [[nodiscard]] absl::StatusOr<AccessPast> PastOf(const v1::HistoryRow& now);
  [[nodiscard]] absl::StatusOr<v1::Shift> ShiftFrom(const v1::Assessment& then,
                                                    const v1::Assessment& now);
  [[nodiscard]] const v1::HistoryRow* Row(uint64_t version) const;
  [[nodiscard]] v1::HistoryRow* Row(uint64_t version);
  void ApplyHold(const v1::Judgement& judgement);

  indexer::Reader& reader_;
  const Assessor assessor_;
  const Policy policy_;
  BlobCache blobs_;
  FindingMemo memo_;
  Relatives relatives_;
  std::unordered_map<std::string, v1::PendingAlert> held_;  // by FormatKey
  // Hub time of alerts that a release comes and goes, which may not be stored yet; by FormatKey.
  std::unordered_map<std::string, int64_t> flapping_told_us_;
  // Versions of the batch and those they are compared with, by sequence; the batch's own
  // assessments are put in as they are made.
  std::unordered_map<uint64_t, v1::HistoryRow> rows_;
};

}  // namespace modelwatch::evaluator
