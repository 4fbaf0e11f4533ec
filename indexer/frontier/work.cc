// SPDX-License-Identifier: Apache-2.0
#include "indexer/frontier/work.h"

#include <algorithm>

#include "common/status_macros.h"
#include "indexer/frontier/revisit.h"
#include "indexer/store/records.h"

namespace modelwatch::indexer {
namespace {

constexpr size_t kPulledAtOnce = 64;

}  // namespace

absl::StatusOr<v1::StoredWork> GetWork(const Draft& draft, const std::string& id) {
  return GetRecord<v1::StoredWork>(draft, Table::kWork, id);
}

void RemoveDue(Draft& draft, const v1::StoredWork& stored) {
  draft.Delete(Table::kDue,
               DueKey(stored.work().hub(), stored.priority(), stored.due_us(), stored.work().id()));
}

void PutWork(Draft& draft, const v1::StoredWork& stored) {
  draft.Put(Table::kDue,
            DueKey(stored.work().hub(), stored.priority(), stored.due_us(), stored.work().id()),
            "");
  draft.Put(Table::kWork, stored.work().id(), stored.SerializeAsString());
}

void MoveDue(Draft& draft, v1::StoredWork& stored, int64_t due_us) {
  RemoveDue(draft, stored);
  stored.set_due_us(due_us);
  PutWork(draft, stored);
}

bool IsLeased(const v1::StoredWork& stored, int64_t now_us) {
  return stored.work().lease_expires_us() > now_us;
}

v1::StoredWork NewWork(const std::string& id, v1::WorkKind kind, const std::string& hub,
                       int64_t due_us) {
  v1::StoredWork stored;
  stored.mutable_work()->set_id(id);
  stored.mutable_work()->set_kind(kind);
  stored.mutable_work()->set_hub(hub);
  stored.set_priority(PriorityOf(kind));
  stored.set_due_us(due_us);
  return stored;
}

absl::StatusOr<DueClass> ReadDue(const Store& store, const std::string& hub, uint32_t priority,
                                 size_t max, int64_t now_us) {
  DueClass out;
  absl::Status parsed;
  const std::string prefix = DuePrefix(hub, priority);
  RETURN_IF_ERROR(store.Scan(Table::kDue, prefix, PrefixEnd(prefix),
                             [&](std::string_view key, std::string_view) {
                               const absl::StatusOr<DueAt> at = ParseDueKey(key);
                               parsed = at.status();
                               if (!parsed.ok()) return false;
                               if (at->due_us > now_us || out.ids.size() >= max) {
                                 out.next_us = at->due_us;
                                 return false;
                               }
                               out.ids.push_back(at->work_id);
                               return true;
                             }));
  RETURN_IF_ERROR(parsed);
  return out;
}

absl::Status PullForward(Draft& draft, const std::string& hub, uint32_t priority, int64_t latest_us,
                         int64_t now_us) {
  std::vector<std::string> ids;
  absl::Status parsed;
  const std::string prefix = DuePrefix(hub, priority);
  RETURN_IF_ERROR(draft.store().ScanBack(
      Table::kDue, prefix, PrefixEnd(prefix), [&](std::string_view key, std::string_view) {
        const absl::StatusOr<DueAt> at = ParseDueKey(key);
        parsed = at.status();
        if (!parsed.ok() || at->due_us <= latest_us || ids.size() >= kPulledAtOnce) {
          return false;
        }
        ids.push_back(at->work_id);
        return true;
      }));
  RETURN_IF_ERROR(parsed);
  for (const std::string& id : ids) {
    ASSIGN_OR_RETURN(v1::StoredWork stored, GetWork(draft, id));
    v1::Work& work = *stored.mutable_work();
    work.set_lease_expires_us(std::min(work.lease_expires_us(), now_us));
    MoveDue(draft, stored, now_us);
  }
  return absl::OkStatus();
}

}  // namespace modelwatch::indexer
