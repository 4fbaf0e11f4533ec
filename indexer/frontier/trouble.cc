// SPDX-License-Identifier: Apache-2.0
#include "indexer/frontier/trouble.h"

#include <map>

#include "common/status_macros.h"
#include "indexer/store/records.h"

namespace modelwatch::indexer {
namespace {

constexpr int64_t kHourUs = int64_t{3'600} * 1'000'000;
constexpr int kHoursKept = 25;  // the present one, and a day before it
constexpr char kOther[] = "other";

std::string ReasonIn(const v1::StoredTrouble& stored, const std::string& reason) {
  if (reason.empty() || reason.size() > kMaxReasonBytes) return kOther;
  const bool is_known = stored.total().contains(reason);
  return is_known || stored.total().size() < kMaxReasons ? reason : kOther;
}

}  // namespace

void AddTrouble(const v1::ShareBudgetRequest& request, int64_t now_us, v1::StoredTrouble& stored) {
  const int64_t hour = now_us / kHourUs;
  const bool is_new = stored.hours().empty() || stored.hours().rbegin()->hour() < hour;
  if (is_new) stored.add_hours()->set_hour(hour);
  // A clock that was set back adds to the newest hour there is.
  v1::StoredTrouble::Hour& now = *stored.mutable_hours()->rbegin();
  for (const auto& [told, count] : request.trouble()) {
    const std::string reason = ReasonIn(stored, told);
    (*now.mutable_reasons())[reason] += count;
    (*stored.mutable_total())[reason] += count;
  }
  while (stored.hours_size() > kHoursKept || stored.hours(0).hour() <= hour - kHoursKept) {
    stored.mutable_hours()->DeleteSubrange(0, 1);
  }
}

std::vector<v1::TroubleStatus> TroubleAt(const v1::StoredTrouble& stored, int64_t now_us) {
  const int64_t hour = now_us / kHourUs;
  std::map<std::string, v1::TroubleStatus> by_reason;
  for (const auto& [reason, total] : stored.total()) {
    by_reason[reason].set_reason(reason);
    by_reason[reason].set_total(total);
  }
  for (const v1::StoredTrouble::Hour& each : stored.hours()) {
    if (each.hour() <= hour - kHoursKept) continue;
    for (const auto& [reason, count] : each.reasons()) {
      v1::TroubleStatus& status = by_reason[reason];
      status.set_last_day(status.last_day() + count);
      if (each.hour() >= hour - 1) status.set_last_hour(status.last_hour() + count);
    }
  }
  std::vector<v1::TroubleStatus> all;
  for (auto& [reason, status] : by_reason) all.push_back(std::move(status));
  return all;
}

absl::Status KeepTrouble(Draft& draft, const v1::ShareBudgetRequest& request, int64_t now_us) {
  if (request.trouble().empty()) return absl::OkStatus();
  const std::string key = TroubleKey(request.key().hub());
  auto stored = GetRecord<v1::StoredTrouble>(draft, Table::kMeta, key);
  if (absl::IsNotFound(stored.status())) stored = v1::StoredTrouble();
  RETURN_IF_ERROR(stored.status());
  AddTrouble(request, now_us, *stored);
  draft.Put(Table::kMeta, key, stored->SerializeAsString());
  return absl::OkStatus();
}

}  // namespace modelwatch::indexer
