// SPDX-License-Identifier: Apache-2.0
// Records of the tables, read and parsed. All: NOT_FOUND when absent, DATA_LOSS when the stored
// bytes do not parse; `Reads` is a View or a Draft.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "common/digest.h"
#include "common/status_macros.h"
#include "indexer/store/keys.h"
#include "indexer/store/store.h"
#include "modelwatch/v1/alert.pb.h"
#include "modelwatch/v1/read.pb.h"
#include "modelwatch/v1/storage.pb.h"

namespace modelwatch::indexer {

template <typename Message>
[[nodiscard]] absl::StatusOr<Message> ParseRecord(Table table, std::string_view key,
                                                  std::string_view bytes) {
  Message message;
  if (message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return message;
  return absl::DataLossError(absl::StrFormat("stored record of table %s does not parse, key %s",
                                             kTableNames[static_cast<size_t>(table)],
                                             common::ToHex(key)));
}

template <typename Message, typename Reads>
[[nodiscard]] absl::StatusOr<Message> GetRecord(const Reads& reads, Table table,
                                                std::string_view key) {
  ASSIGN_OR_RETURN(const std::string bytes, reads.Get(table, key));
  return ParseRecord<Message>(table, key, bytes);
}

template <typename Reads>
[[nodiscard]] absl::StatusOr<v1::StoredHead> GetHead(const Reads& reads,
                                                     const v1::ReleaseKey& key) {
  return GetRecord<v1::StoredHead>(reads, Table::kLatest, ReleaseKeyBytes(key));
}

template <typename Reads>
[[nodiscard]] absl::StatusOr<v1::StoredVersion> GetVersion(const Reads& reads,
                                                           const v1::ReleaseKey& key,
                                                           uint64_t version) {
  return GetRecord<v1::StoredVersion>(reads, Table::kObservation, VersionKey(key, version));
}

template <typename Reads>
[[nodiscard]] absl::StatusOr<Seen> GetSeen(const Reads& reads, const v1::ReleaseKey& key) {
  ASSIGN_OR_RETURN(const std::string bytes, reads.Get(Table::kSeen, ReleaseKeyBytes(key)));
  return ParseSeenValue(bytes);
}

// What a release was before it was first seen; empty where nothing of it is known.
template <typename Reads>
[[nodiscard]] absl::StatusOr<v1::StoredPast> GetPast(const Reads& reads,
                                                     const v1::ReleaseKey& key) {
  auto stored = GetRecord<v1::StoredPast>(reads, Table::kPast, ReleaseKeyBytes(key));
  if (absl::IsNotFound(stored.status())) return v1::StoredPast();
  return stored;
}

// The committed state; all zero in a new store.
[[nodiscard]] absl::StatusOr<v1::StoredState> GetState(const View& view);

// Whose findings the memo holds; empty in a store without any.
template <typename Reads>
[[nodiscard]] absl::StatusOr<v1::StoredIdentifiers> GetIdentifiers(const Reads& reads) {
  auto stored = GetRecord<v1::StoredIdentifiers>(reads, Table::kMeta, kIdentifiersKey);
  if (absl::IsNotFound(stored.status())) return v1::StoredIdentifiers();
  return stored;
}

// Who holds a name now. `hub` empty = the first hub, in byte order, that has it.
[[nodiscard]] absl::StatusOr<v1::ReleaseKey> FindByName(const View& view, std::string_view hub,
                                                        std::string_view name);

// The newest assessment of a version.
[[nodiscard]] absl::StatusOr<v1::Assessment> GetNewestAssessment(const View& view,
                                                                 const v1::ReleaseKey& key,
                                                                 uint64_t version);

// An entry of the log with its body.
[[nodiscard]] absl::StatusOr<v1::LogEntry> GetLogEntry(const View& view, uint64_t sequence,
                                                       const v1::LogRecord& record);

}  // namespace modelwatch::indexer
