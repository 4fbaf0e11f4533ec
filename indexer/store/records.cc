// SPDX-License-Identifier: Apache-2.0
#include "indexer/store/records.h"

#include <vector>

namespace modelwatch::indexer {
namespace {

absl::StatusOr<v1::ReleaseKey> NameAt(const View& view, std::string_view hub,
                                      std::string_view name) {
  ASSIGN_OR_RETURN(const std::string bytes, view.Get(Table::kName, NameKey(hub, name)));
  return ParseReleaseKey(bytes);
}

absl::Status MissingBody(uint64_t sequence, const absl::Status& status) {
  if (!absl::IsNotFound(status)) return status;
  return absl::DataLossError(absl::StrFormat("log entry %d has no body", sequence));
}

}  // namespace

absl::StatusOr<v1::StoredState> GetState(const View& view) {
  auto state = GetRecord<v1::StoredState>(view, Table::kMeta, kStateKey);
  if (absl::IsNotFound(state.status())) return v1::StoredState();
  return state;
}

absl::StatusOr<v1::ReleaseKey> FindByName(const View& view, std::string_view hub,
                                          std::string_view name) {
  std::vector<std::string> hubs;
  if (hub.empty()) {
    RETURN_IF_ERROR(view.Scan(Table::kHub, "", "", [&](std::string_view key, std::string_view) {
      hubs.emplace_back(key);
      return true;
    }));
  } else {
    hubs.emplace_back(hub);
  }
  for (const std::string& each : hubs) {
    auto key = NameAt(view, each, name);
    if (!absl::IsNotFound(key.status())) return key;
  }
  return absl::NotFoundError(absl::StrFormat("no release is named %s in the index", name));
}

absl::StatusOr<v1::Assessment> GetNewestAssessment(const View& view, const v1::ReleaseKey& key,
                                                   uint64_t version) {
  const std::string prefix = VersionKey(key, version);
  absl::StatusOr<v1::Assessment> found = absl::NotFoundError("the version was not assessed yet");
  RETURN_IF_ERROR(view.ScanBack(Table::kAssessment, prefix, PrefixEnd(prefix),
                                [&](std::string_view at, std::string_view bytes) {
                                  found =
                                      ParseRecord<v1::Assessment>(Table::kAssessment, at, bytes);
                                  return false;
                                }));
  return found;
}

absl::StatusOr<v1::LogEntry> GetLogEntry(const View& view, uint64_t sequence,
                                         const v1::LogRecord& record) {
  v1::LogEntry entry;
  entry.set_sequence(sequence);
  switch (record.kind()) {
    case v1::LogRecord::CHANGE: {
      auto version = GetVersion(view, record.key(), record.version());
      if (!version.ok()) return MissingBody(sequence, version.status());
      entry.mutable_change()->Swap(version->mutable_change());
      entry.set_recorded_at_us(entry.change().recorded_at_us());
      return entry;
    }
    case v1::LogRecord::ASSESSMENT: {
      auto assessment = GetRecord<v1::Assessment>(
          view, Table::kAssessment, AssessmentKey(record.key(), record.version(), sequence));
      if (!assessment.ok()) return MissingBody(sequence, assessment.status());
      entry.mutable_assessment()->Swap(&*assessment);
      entry.set_recorded_at_us(entry.assessment().recorded_at_us());
      return entry;
    }
    case v1::LogRecord::ALERT: {
      auto alert = GetRecord<v1::Alert>(view, Table::kAlert, SequenceKey(sequence));
      if (!alert.ok()) return MissingBody(sequence, alert.status());
      entry.mutable_alert()->Swap(&*alert);
      entry.set_recorded_at_us(entry.alert().recorded_at_us());
      return entry;
    }
    default:
      return absl::DataLossError(absl::StrFormat("log entry %d has no kind", sequence));
  }
}

}  // namespace modelwatch::indexer
