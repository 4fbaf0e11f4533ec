// SPDX-License-Identifier: Apache-2.0
#include "indexer/frontier/health.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "indexer/store/keys.h"
#include "indexer/store/records.h"

namespace modelwatch::indexer {
namespace {

constexpr int64_t kMicrosPerMilli = 1'000;
constexpr int64_t kLeastCanaryMs = 1'000;
constexpr int64_t kMostCanaryMs = int64_t{366} * 24 * 3'600'000;
constexpr size_t kMaxNameBytes = 512;

bool IsOver(int64_t interval_ms, int64_t since_us, int64_t now_us) {
  const int64_t longest = std::max(kSilentIntervals * interval_ms * kMicrosPerMilli,
                                   absl::ToInt64Microseconds(kLeastSilence));
  return now_us - since_us > longest;
}

bool WantsCanary(const v1::StoredHub& hub) {
  return hub.kept_since_us() != 0 && hub.canary_ms() > 0 && hub.canary_wanted() != kNoCanary;
}

}  // namespace

bool IsSilent(const v1::StoredHub& hub, int64_t now_us) {
  if (hub.kept_since_us() == 0) return false;
  const int64_t heard_us =
      std::max({hub.kept_since_us(), hub.last_listing_us(), hub.last_page_us()});
  return IsOver(hub.keep_up_ms(), heard_us, now_us);
}

bool IsCanarySilent(const v1::StoredHub& hub, int64_t now_us) {
  if (!WantsCanary(hub) || hub.canary().empty()) return false;
  return IsOver(hub.canary_ms(), std::max(hub.canary_since_us(), hub.canary_ok_us()), now_us);
}

absl::Status CheckCanary(const v1::DeclareHubRequest& request) {
  const bool is_off = request.canary_ms() == 0;
  if (!is_off && (request.canary_ms() < kLeastCanaryMs || request.canary_ms() > kMostCanaryMs)) {
    return absl::InvalidArgumentError(
        absl::StrCat("declare hub ", request.hub(),
                     ": the interval of the canary is not between a second and a year"));
  }
  if (request.canary().size() <= kMaxNameBytes) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("declare hub ", request.hub(), ": the canary's name is too long"));
}

void DeclareHealth(const v1::DeclareHubRequest& request, int64_t now_us, v1::StoredHub& hub) {
  if (request.once()) return;
  if (hub.kept_since_us() == 0) hub.set_kept_since_us(now_us);
  hub.set_canary_ms(request.canary_ms());
  if (hub.canary_wanted() != request.canary()) hub.clear_canary();
  hub.set_canary_wanted(request.canary());
  if (!WantsCanary(hub)) hub.clear_canary();
}

void NoteListing(const v1::FinishWorkRequest& request, v1::StoredWork& stored, int64_t now_us,
                 v1::StoredHub& hub) {
  const bool is_done = request.outcome() == v1::DONE;
  if (is_done || request.rows() > stored.lease_rows()) hub.set_last_page_us(now_us);
  stored.set_lease_rows(request.rows());
  if (!is_done) return;
  if (stored.work().kind() == v1::SWEEP) {
    hub.set_listed(stored.pass_rows() + stored.lease_rows());
  } else {
    hub.set_last_keep_up_us(now_us);
    hub.set_settled(request.settled());
    hub.set_settled_known(request.settled_known());
  }
  stored.set_pass_rows(0);
  stored.set_lease_rows(0);
}

absl::Status NoteVisit(const Draft& draft, const v1::ReleaseKey& key, int64_t now_us,
                       v1::StoredHub& hub) {
  const auto head = GetHead(draft, key);
  if (absl::IsNotFound(head.status())) return absl::OkStatus();
  RETURN_IF_ERROR(head.status());
  if (!IsCanary(hub, head->name()) || head->presence() != v1::PRESENT) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Seen seen, GetSeen(draft, key));
  const bool is_seen_anew = seen.last_seen_us > hub.canary_seen_us();
  const bool stands_still = hub.hub_time_us() <= hub.canary_seen_us();  // a replayed hub's clock
  if (seen.needs_visit || !(is_seen_anew || stands_still)) return absl::OkStatus();
  hub.set_canary_seen_us(seen.last_seen_us);
  hub.set_canary_ok_us(now_us);
  return absl::OkStatus();
}

bool IsCanary(const v1::StoredHub& hub, std::string_view name) {
  return WantsCanary(hub) && !hub.canary().empty() &&
         absl::EqualsIgnoreCase(hub.canary(), std::string(name));
}

absl::StatusOr<Canary> ChooseCanary(const View& view, const std::string& hub_name,
                                    const v1::StoredHub& hub) {
  if (!WantsCanary(hub)) return absl::NotFoundError("no canary is wanted");
  const std::string& wanted = hub.canary_wanted().empty() ? hub.canary() : hub.canary_wanted();
  if (!wanted.empty()) {
    const auto key = FindByName(view, hub_name, wanted);
    if (!key.ok() && !absl::IsNotFound(key.status())) return key.status();
    if (key.ok()) {
      ASSIGN_OR_RETURN(const v1::StoredHead head, GetHead(view, *key));
      const bool will_do = head.presence() == v1::PRESENT || !hub.canary_wanted().empty();
      if (will_do) return Canary{*key, head.name()};
    }
    // One that somebody named is waited for, whatever becomes of it.
    if (!hub.canary_wanted().empty()) return absl::NotFoundError("the canary is not known");
  }
  absl::StatusOr<Canary> first = absl::NotFoundError("no release is known");
  const std::string prefix = HubPrefix(hub_name);
  const auto look = [&](std::string_view key, std::string_view value) -> absl::Status {
    ASSIGN_OR_RETURN(const auto head, ParseRecord<v1::StoredHead>(Table::kLatest, key, value));
    if (head.presence() != v1::PRESENT) return absl::OkStatus();
    ASSIGN_OR_RETURN(const v1::ReleaseKey release, ParseReleaseKey(key));
    first = Canary{release, head.name()};
    return absl::OkStatus();
  };
  absl::Status status;
  RETURN_IF_ERROR(view.Scan(Table::kLatest, prefix, PrefixEnd(prefix),
                            [&](std::string_view key, std::string_view value) {
                              status = look(key, value);
                              return status.ok() && !first.ok();
                            }));
  RETURN_IF_ERROR(status);
  return first;
}

absl::Status NoteSwept(Draft& draft, const std::string& work_id, uint64_t seen) {
  ASSIGN_OR_RETURN(const auto work, GetRecord<v1::StoredWork>(draft, Table::kWork, work_id));
  ASSIGN_OR_RETURN(auto hub, GetRecord<v1::StoredHub>(draft, Table::kHub, work.work().hub()));
  hub.set_found(seen);
  draft.Put(Table::kHub, work.work().hub(), hub.SerializeAsString());
  return absl::OkStatus();
}

}  // namespace modelwatch::indexer
