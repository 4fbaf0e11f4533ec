// SPDX-License-Identifier: Apache-2.0
#include "indexer/service/scan.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "indexer/service/release_pages.h"
#include "indexer/store/records.h"

namespace modelwatch::indexer {
namespace {

constexpr size_t kChunkBytes = size_t{1} << 20;
constexpr int kChunkVersions = 2048;
constexpr uint64_t kChunkEntries = 256;
constexpr size_t kSequenceBytes = 8;

absl::Status CheckAsOf(const Store& store, uint64_t as_of) {
  ASSIGN_OR_RETURN(const v1::StoredState state, GetState(store));
  if (as_of >= 1 && as_of <= state.newest_sequence()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("scan as of ", as_of, ": the log ends at ", state.newest_sequence()));
}

// The keys of "observation" and "assessment" end with a sequence.
std::string_view WithoutSequence(std::string_view key) {
  return key.substr(0, key.size() - std::min(key.size(), kSequenceBytes));
}
absl::StatusOr<uint64_t> SequenceOf(std::string_view key) {
  return ParseSequenceKey(key.substr(WithoutSequence(key).size()));
}

bool IsFieldWanted(const v1::ScanVersionsRequest& request, int field) {
  switch (field) {
    case v1::Assessment::kTermsFieldNumber:
    case v1::Assessment::kLicenceTermsFieldNumber:
    case v1::Assessment::kConflictsFieldNumber:
    case v1::Assessment::kEventsFieldNumber:
    case v1::Assessment::kComponentsFieldNumber:
      return false;
    case v1::Assessment::kFindingsFieldNumber:
      return request.findings();
    case v1::Assessment::kVerdictsFieldNumber:
      return request.verdicts();
    default:
      return true;
  }
}

// The wanted fields of a serialized assessment. Most of its bytes are findings, terms and verdicts,
// and to parse these only to drop them took most of a scan's time.
absl::StatusOr<v1::Assessment> ParseWanted(const v1::ScanVersionsRequest& request,
                                           std::string_view key, std::string_view bytes) {
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const uint8_t*>(bytes.data()),
                                            static_cast<int>(bytes.size()));
  std::string wanted;
  size_t start = 0;
  while (const uint32_t tag = in.ReadTag()) {
    using Wire = google::protobuf::internal::WireFormatLite;
    if (!Wire::SkipField(&in, tag)) break;
    const auto end = static_cast<size_t>(in.CurrentPosition());
    if (IsFieldWanted(request, Wire::GetTagFieldNumber(tag))) {
      wanted.append(bytes.substr(start, end - start));
    }
    start = end;
  }
  // What could not be skipped is left in, and does not parse.
  wanted.append(bytes.substr(start));
  return ParseRecord<v1::Assessment>(Table::kAssessment, key, wanted);
}

class VersionScan {
 public:
  VersionScan(const Store& store, const v1::ScanVersionsRequest& request, const SendVersions& send)
      : store_(store), request_(request), send_(send) {}

  absl::Status Run() {
    while (!ended_) {
      const std::unique_ptr<View> view = store_.Snapshot();
      chunk_.clear_versions();
      keys_.clear();
      bytes_ = 0;
      RETURN_IF_ERROR(AddVersions(*view));
      if (request_.assessments()) RETURN_IF_ERROR(AddAssessments(*view));
      if (!send_(chunk_)) return absl::OkStatus();
    }
    return absl::OkStatus();
  }

 private:
  absl::Status AddVersions(const View& view) {
    absl::Status status;
    bool full = false;
    RETURN_IF_ERROR(view.Scan(Table::kObservation, next_, "",
                              [&](std::string_view key, std::string_view value) {
                                status = Take(key, value, full);
                                if (full) next_ = std::string(key);
                                return status.ok() && !full;
                              }));
    RETURN_IF_ERROR(status);
    ended_ = !full;
    return ended_ ? AddWaiting() : absl::OkStatus();
  }

  // A version waits for the next one, which tells whether it is its release's newest.
  absl::Status Take(std::string_view key, std::string_view value, bool& full) {
    ASSIGN_OR_RETURN(const uint64_t sequence, SequenceOf(key));
    if (sequence > request_.as_of()) return absl::OkStatus();
    const bool same_release = WithoutSequence(waiting_key_) == WithoutSequence(key);
    if (!request_.newest_only() || !same_release) RETURN_IF_ERROR(AddWaiting());
    full = chunk_.versions_size() >= kChunkVersions || bytes_ >= kChunkBytes;
    if (full) return absl::OkStatus();
    waiting_key_.assign(key);
    waiting_value_.assign(value);
    return absl::OkStatus();
  }

  absl::Status AddWaiting() {
    if (waiting_key_.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const uint64_t sequence, SequenceOf(waiting_key_));
    ASSIGN_OR_RETURN(auto stored, ParseRecord<v1::StoredVersion>(Table::kObservation, waiting_key_,
                                                                 waiting_value_));
    *chunk_.add_versions()->mutable_version() = ToVersion(sequence, stored);
    bytes_ += waiting_value_.size();
    keys_.push_back(std::move(waiting_key_));
    waiting_key_.clear();
    return absl::OkStatus();
  }

  // Both tables are in the same order, and the key of an assessment starts with its version's.
  absl::Status AddAssessments(const View& view) {
    if (keys_.empty()) return absl::OkStatus();
    const std::string end = PrefixEnd(keys_.back());
    absl::Status status;
    size_t at = 0;
    std::string newest;
    const auto add = [&]() -> absl::Status {
      if (newest.empty()) return absl::OkStatus();
      ASSIGN_OR_RETURN(auto assessment, ParseWanted(request_, keys_[at], newest));
      newest.clear();
      chunk_.mutable_versions(static_cast<int>(at))->mutable_assessment()->Swap(&assessment);
      return absl::OkStatus();
    };
    RETURN_IF_ERROR(view.Scan(Table::kAssessment, keys_.front(), end,
                              [&](std::string_view key, std::string_view value) {
                                const std::string_view version = WithoutSequence(key);
                                if (keys_[at] < version) {
                                  status = add();
                                  while (at + 1 < keys_.size() && keys_[at] < version) ++at;
                                }
                                const auto sequence = SequenceOf(key);
                                if (status.ok()) status = sequence.status();
                                if (!status.ok()) return false;
                                if (keys_[at] == version && *sequence <= request_.as_of())
                                  newest.assign(value);
                                return true;
                              }));
    RETURN_IF_ERROR(status);
    return add();
  }

  const Store& store_;
  const v1::ScanVersionsRequest& request_;
  const SendVersions& send_;
  std::string next_;  // first key of the next chunk
  std::string waiting_key_;
  std::string waiting_value_;
  bool ended_ = false;
  // Of the present chunk; keys_ are its versions' in "observation".
  v1::ScanVersionsResponse chunk_;
  std::vector<std::string> keys_;
  size_t bytes_ = 0;
};

bool IsWanted(const v1::ScanLogRequest& request, v1::LogRecord::Kind kind) {
  return (kind == v1::LogRecord::CHANGE && request.changes()) ||
         (kind == v1::LogRecord::ASSESSMENT && request.assessments()) ||
         (kind == v1::LogRecord::ALERT && request.alerts());
}

// Adds the wanted entries of [first, last] to `chunk` until it is large; the sequence to go on
// from.
absl::StatusOr<uint64_t> AddEntries(const View& view, const v1::ScanLogRequest& request,
                                    uint64_t first, uint64_t last, v1::ScanLogResponse& chunk) {
  absl::Status status;
  uint64_t next = first;
  size_t bytes = 0;
  const auto add = [&](std::string_view key, std::string_view value) -> absl::Status {
    ASSIGN_OR_RETURN(const uint64_t sequence, ParseSequenceKey(key));
    if (sequence != next) {
      return absl::DataLossError(absl::StrCat("log entry ", next, " is missing"));
    }
    ASSIGN_OR_RETURN(const auto record, ParseRecord<v1::LogRecord>(Table::kLog, key, value));
    next = sequence + 1;
    if (!IsWanted(request, record.kind())) return absl::OkStatus();
    ASSIGN_OR_RETURN(*chunk.add_entries(), GetLogEntry(view, sequence, record));
    bytes += chunk.entries(chunk.entries_size() - 1).ByteSizeLong();
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(view.Scan(Table::kLog, SequenceKey(first), SequenceKey(last + 1),
                            [&](std::string_view key, std::string_view value) {
                              status = add(key, value);
                              return status.ok() && bytes < kChunkBytes;
                            }));
  RETURN_IF_ERROR(status);
  if (next == first) return absl::DataLossError(absl::StrCat("log entry ", first, " is missing"));
  return next;
}

}  // namespace

absl::Status ScanVersions(const Store& store, const v1::ScanVersionsRequest& request,
                          const SendVersions& send) {
  RETURN_IF_ERROR(CheckAsOf(store, request.as_of()));
  return VersionScan(store, request, send).Run();
}

absl::Status ScanLog(const Store& store, const v1::ScanLogRequest& request,
                     const SendEntries& send) {
  RETURN_IF_ERROR(CheckAsOf(store, request.as_of()));
  uint64_t next = 1;
  while (next <= request.as_of()) {
    const std::unique_ptr<View> view = store.Snapshot();
    ASSIGN_OR_RETURN(const v1::StoredState state, GetState(*view));
    next = std::max(next, state.oldest_sequence());
    if (next > request.as_of()) return absl::OkStatus();
    const uint64_t last = std::min(request.as_of(), next + kChunkEntries - 1);
    v1::ScanLogResponse chunk;
    ASSIGN_OR_RETURN(next, AddEntries(*view, request, next, last, chunk));
    if (!send(chunk)) return absl::OkStatus();
  }
  return absl::OkStatus();
}

}  // namespace modelwatch::indexer
