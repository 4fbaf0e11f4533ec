// SPDX-License-Identifier: Apache-2.0
// Relatives: the other releases that a judgement has to know of: bases, derivatives, predecessors.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "evaluator/assess/lineage.h"
#include "evaluator/terms/terms_table.h"
#include "indexer/client/index.h"
#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/read.pb.h"

namespace modelwatch::evaluator {

// Asks the index, and what is judged but not stored yet, and adds the events that the pure rooms
// make of it. Not thread-safe.
class Relatives {
 public:
  // Both must outlive this.
  Relatives(indexer::Reader& reader, const TermsTable& table) : reader_(reader), table_(table) {}

  // Adds E10, E11 and E12 to `now.assessment`, whose shift is set. `then` is the version before, or
  // null at first sight: then E12 is looked for, when the release was made under our eyes. E10 of
  // `then` is put in anew, by its bases as they stand now: what its base did is no news of it.
  // Errors are the index's.
  [[nodiscard]] absl::Status AddEvents(v1::HistoryRow* then, v1::HistoryRow& now);

  // Joins what the bases require, as they stand now, into the terms of an assessment that is about
  // to be stored (lineage.h).
  [[nodiscard]] absl::Status JoinBaseTerms(const v1::Observation& seen, v1::Assessment& assessment);

  // Judged, perhaps not stored yet; `assessment` must stay until Forget.
  void Remember(const v1::Assessment& assessment);
  // Everything remembered is in the index, or given up.
  void Forget();

 private:
  [[nodiscard]] absl::StatusOr<const v1::Assessment*> Find(const std::string& hub,
                                                           const std::string& name);
  [[nodiscard]] absl::StatusOr<std::vector<Base>> BasesOf(const v1::Observation& seen);
  [[nodiscard]] absl::Status AddLaundering(const v1::Observation& seen, v1::Assessment& assessment);
  [[nodiscard]] absl::Status AddFanOut(const v1::HistoryRow& then, v1::HistoryRow& now);
  [[nodiscard]] absl::Status AddRegression(v1::HistoryRow& now);
  void RememberSince(const std::string& key, const v1::ListReleasesResponse& family);

  indexer::Reader& reader_;
  const TermsTable& table_;
  std::unordered_map<std::string, const v1::Assessment*> judged_;  // by hub and lower-case name
  // What the index said since Forget; nothing: not there, or not judged.
  std::unordered_map<std::string, std::optional<v1::Assessment>> asked_;
  // When the index first saw one of a family, by hub and beginning of the name; hub time.
  std::unordered_map<std::string, int64_t> family_since_us_;
};

}  // namespace modelwatch::evaluator
