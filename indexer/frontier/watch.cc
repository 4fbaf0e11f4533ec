// SPDX-License-Identifier: Apache-2.0
#include "indexer/frontier/watch.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "common/status_macros.h"
#include "indexer/frontier/health.h"
#include "indexer/frontier/history.h"
#include "indexer/frontier/revisit.h"
#include "indexer/schedule/change_rate.h"
#include "indexer/schedule/visit_law.h"
#include "indexer/store/keys.h"
#include "indexer/store/records.h"
#include "proto/release_pattern.h"

namespace modelwatch::indexer {
namespace {

constexpr int64_t kLeastWatchMs = 1'000;
constexpr int64_t kMostWatchMs = int64_t{366} * 24 * 3'600'000;
constexpr uint32_t kMostVisitsPerDay = 10'000'000;
constexpr int64_t kMicrosPerMilli = 1'000;
constexpr size_t kMaxPatternBytes = 512;
constexpr absl::Duration kLeastInterval = absl::Hours(24);
constexpr absl::Duration kMostInterval = absl::Hours(24 * kLongestVisitDays);

// What every name that a pattern covers begins with.
std::string LiteralStart(const std::string& pattern) {
  const size_t wildcard = pattern.find_first_of("*?[\\");
  return pattern.substr(0, wildcard);
}

}  // namespace

absl::Status CheckWatch(const v1::DeclareHubRequest& request) {
  const auto refuse = [&](std::string_view why) {
    return absl::InvalidArgumentError(absl::StrFormat("declare hub %s: %s", request.hub(), why));
  };
  if (request.watched_size() > kMaxWatchPatterns) {
    return refuse(absl::StrFormat("more than %d patterns on the watch list", kMaxWatchPatterns));
  }
  for (const std::string& pattern : request.watched()) {
    const bool is_whole = !pattern.empty() && pattern.size() <= kMaxPatternBytes;
    if (!is_whole || absl::StrContains("*?[\\", pattern.substr(0, 1))) {
      return refuse(absl::StrFormat("'%s' on the watch list does not begin with an owner's name",
                                    pattern.substr(0, kMaxPatternBytes)));
    }
  }
  if (request.watched_size() > 0 &&
      (request.watch_ms() < kLeastWatchMs || request.watch_ms() > kMostWatchMs)) {
    return refuse("the interval of the watch list is not between a second and a year");
  }
  if (request.visits_per_day() > kMostVisitsPerDay) return refuse("too many visits a day");
  if (request.histories_per_day() > kMaxHistoriesPerDay) return refuse("too many histories a day");
  return absl::OkStatus();
}

bool IsWatched(const v1::StoredHub& hub, std::string_view name) {
  return std::any_of(hub.watched().begin(), hub.watched().end(),
                     [name](const std::string& each) { return proto::MatchesRelease(each, name); });
}

bool StandsOutside(const v1::Observation& observation) {
  const std::string& link = observation.declared().license_link();
  return absl::StartsWithIgnoreCase(link, "https://") ||
         absl::StartsWithIgnoreCase(link, "http://");
}

double VisitRoot(const v1::StoredHead& head, int64_t hub_time_us) {
  // A listing tells of changes within minutes, so the whole time since the first sight was watched.
  RateEvidence evidence;
  evidence.changes = static_cast<double>(std::max<uint64_t>(head.versions(), 1) - 1);
  evidence.quiet_days = absl::FDivDuration(
      absl::Microseconds(std::max<int64_t>(0, hub_time_us - head.first_seen_us())),
      absl::Hours(24));
  return Root({ChangeRate(evidence), 1});
}

std::optional<VisitAt> NextVisit(const v1::StoredHub& hub, const v1::StoredHead& head,
                                 bool stands_outside, double root, int64_t now_us) {
  if (head.presence() != v1::PRESENT) return std::nullopt;
  int64_t pause_ms = IsWatched(hub, head.name()) ? hub.watch_ms() : 0;
  if (IsCanary(hub, head.name())) {
    pause_ms = pause_ms == 0 ? hub.canary_ms() : std::min(pause_ms, hub.canary_ms());
  }
  if (pause_ms > 0) return VisitAt{now_us + pause_ms * kMicrosPerMilli, kPriorityWatched, 0};
  if (!stands_outside || hub.visits_per_day() == 0) return std::nullopt;
  const double now_root = VisitRoot(head, hub.hub_time_us());
  const double sum = std::max(now_root, hub.sum_of_roots() - root + now_root);
  const absl::Duration interval = std::clamp(
      SquareRootInterval(now_root, sum, hub.visits_per_day()), kLeastInterval, kMostInterval);
  return VisitAt{now_us + absl::ToInt64Microseconds(interval), kPriorityVisit, now_root};
}

absl::Status ForEachWatched(
    const Draft& draft, const std::string& hub_name, const v1::StoredHub& hub,
    const std::function<absl::Status(const v1::ReleaseKey& key, const std::string& name)>& visit) {
  size_t left = kMaxWatchedAtOnce;
  const size_t name_at = HubPrefix(hub_name).size();
  for (const std::string& pattern : hub.watched()) {
    absl::Status status;
    const auto look = [&](std::string_view key, std::string_view value) -> absl::Status {
      if (!proto::MatchesRelease(pattern, key.substr(name_at))) return absl::OkStatus();
      ASSIGN_OR_RETURN(const v1::ReleaseKey release, ParseReleaseKey(value));
      ASSIGN_OR_RETURN(const v1::StoredHead head, GetHead(draft, release));
      if (head.presence() != v1::PRESENT) return absl::OkStatus();
      --left;
      return visit(release, head.name());
    };
    const std::string prefix = NameKey(hub_name, LiteralStart(pattern));
    RETURN_IF_ERROR(draft.store().Scan(Table::kName, prefix, PrefixEnd(prefix),
                                       [&](std::string_view key, std::string_view value) {
                                         status = look(key, value);
                                         return status.ok() && left > 0;
                                       }));
    RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

}  // namespace modelwatch::indexer
