// SPDX-License-Identifier: Apache-2.0
// Work: units of work in tables "work" and "due", one entry each. For the frontier's own files.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "indexer/store/draft.h"
#include "modelwatch/v1/storage.pb.h"

namespace modelwatch::indexer {

[[nodiscard]] absl::StatusOr<v1::StoredWork> GetWork(const Draft& draft, const std::string& id);
// REQUIRES: its entry in "due" was removed, or it is new, or priority and due_us are what they
// were.
void PutWork(Draft& draft, const v1::StoredWork& stored);
void RemoveDue(Draft& draft, const v1::StoredWork& stored);
void MoveDue(Draft& draft, v1::StoredWork& stored, int64_t due_us);

[[nodiscard]] bool IsLeased(const v1::StoredWork& stored, int64_t now_us);

// In the class of its kind; not stored yet.
[[nodiscard]] v1::StoredWork NewWork(const std::string& id, v1::WorkKind kind,
                                     const std::string& hub, int64_t due_us);

// One class of the due index: the ids that are due, and when the first of the others is (0: none).
struct DueClass {
  std::vector<std::string> ids;
  int64_t next_us = 0;
};
[[nodiscard]] absl::StatusOr<DueClass> ReadDue(const Store& store, const std::string& hub,
                                               uint32_t priority, size_t max, int64_t now_us);

// What a clock that was wrong put off beyond `latest_us`, the last moment at which anything of the
// class may be due, is due now; leases that would end later end now. At most 64 at a call, and one
// look at the end of the class when there is none.
[[nodiscard]] absl::Status PullForward(Draft& draft, const std::string& hub, uint32_t priority,
                                       int64_t latest_us, int64_t now_us);

}  // namespace modelwatch::indexer
