// SPDX-License-Identifier: Apache-2.0
#include "indexer/service/as_of_reads.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/clock.h"
#include "common/status_macros.h"
#include "indexer/service/reads.h"
#include "indexer/service/release_pages.h"
#include "indexer/store/records.h"

namespace modelwatch::indexer {
namespace {

constexpr size_t kPageBytes = size_t{8} << 20;
constexpr uint32_t kDefaultAlerts = 100;
// A commit bears the time at which it began, and callers wait for one at most this long.
constexpr int64_t kSettledUs = int64_t{60} * 1'000'000;

// A moment that is over.
struct Past {
  uint64_t sequence = UINT64_MAX;
  int64_t recorded_at_us = INT64_MAX;
  bool reassessments = false;

  [[nodiscard]] bool Covers(uint64_t at_sequence, int64_t at_recorded_us) const {
    return at_sequence <= sequence && at_recorded_us <= recorded_at_us;
  }
};

absl::StatusOr<Past> RequireOver(const View& view, const v1::Moment& moment, int64_t now_us) {
  if (moment.sequence() == 0 && moment.recorded_at_us() == 0) {
    return absl::InvalidArgumentError("as of: name a sequence of at least 1, or a time");
  }
  ASSIGN_OR_RETURN(const v1::StoredState state, GetState(view));
  if (moment.sequence() > state.newest_sequence()) {
    return absl::OutOfRangeError(absl::StrCat("as of ", moment.sequence(), ": the record ends at ",
                                              state.newest_sequence()));
  }
  Past past;
  past.reassessments = moment.reassessments();
  if (moment.sequence() != 0) past.sequence = moment.sequence();
  if (moment.recorded_at_us() == 0) return past;
  past.recorded_at_us = moment.recorded_at_us();
  if (past.recorded_at_us <= now_us - kSettledUs) return past;
  return absl::OutOfRangeError(
      absl::StrCat("as of ", common::FormatMicros(past.recorded_at_us),
                   ": that time is not over for a minute yet; ask for an earlier one, or for ",
                   state.newest_sequence(), ", the newest sequence"));
}

absl::Status NotThen(const std::string& what) {
  return absl::NotFoundError(absl::StrCat(what, " was not in the index at that moment"));
}

using StoredAt = std::pair<uint64_t, v1::StoredVersion>;

// Versions of a release, newest first, until `each` returns false.
absl::Status EachVersion(const View& view, const std::string& release, const std::string& end,
                         const std::function<bool(StoredAt)>& each) {
  absl::Status status;
  RETURN_IF_ERROR(view.ScanBack(
      Table::kObservation, release, end, [&](std::string_view at, std::string_view bytes) {
        const auto key = ParseVersionKey(at);
        auto stored = ParseRecord<v1::StoredVersion>(Table::kObservation, at, bytes);
        status = key.ok() ? stored.status() : key.status();
        return status.ok() && each({key->sequence, *std::move(stored)});
      }));
  return status;
}

// What a release's versions up to the moment say of a name: the newest one that is present under
// it, else the oldest. That is how ingest gives names to releases.
struct Claim {
  uint64_t present = 0;  // sequence; 0 = none
  uint64_t absent = 0;
  bool has_kept_it = true;  // all versions after the moment are present under the name, too
};

absl::StatusOr<Claim> ClaimOf(const View& view, const v1::ReleaseKey& key, const std::string& name,
                              const Past& past) {
  Claim claim;
  const std::string release = ReleaseKeyBytes(key);
  RETURN_IF_ERROR(EachVersion(view, release, PrefixEnd(release), [&](const StoredAt& at) {
    const v1::Observation& seen = at.second.observation();
    const bool named = NameKey(key.hub(), seen.name()) == name;
    const bool present = seen.access().presence() == v1::PRESENT;
    if (!past.Covers(at.first, at.second.recorded_at_us())) {
      claim.has_kept_it = claim.has_kept_it && named && present;
      return true;
    }
    if (named && present) claim.present = at.first;
    if (named && !present) claim.absent = at.first;
    return !(named && present);
  }));
  return claim;
}

// Over all releases of the hub that ever had the name: a name that changed hands is rare.
absl::StatusOr<v1::ReleaseKey> FormerHolder(const View& view, std::string_view hub,
                                            const std::string& name, const Past& past) {
  std::optional<v1::ReleaseKey> holder;
  Claim best;
  absl::Status status;
  const auto weigh = [&](std::string_view at, std::string_view bytes) -> absl::Status {
    ASSIGN_OR_RETURN(const auto head, ParseRecord<v1::StoredHead>(Table::kLatest, at, bytes));
    const auto is_it = [&](const std::string& had) { return NameKey(hub, had) == name; };
    const auto& former = head.former_names();
    if (!is_it(head.name()) && std::none_of(former.begin(), former.end(), is_it)) {
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const v1::ReleaseKey key, ParseReleaseKey(at));
    ASSIGN_OR_RETURN(const Claim claim, ClaimOf(view, key, name, past));
    const bool is_better =
        claim.present > best.present || (best.present == 0 && claim.absent != 0 &&
                                         (best.absent == 0 || claim.absent < best.absent));
    if (!is_better) return absl::OkStatus();
    best = claim;
    holder = key;
    return absl::OkStatus();
  };
  const std::string prefix = HubPrefix(hub);
  RETURN_IF_ERROR(view.Scan(Table::kLatest, prefix, PrefixEnd(prefix),
                            [&](std::string_view at, std::string_view bytes) {
                              status = weigh(at, bytes);
                              return status.ok();
                            }));
  RETURN_IF_ERROR(status);
  if (!holder.has_value()) return NotThen("a release of that name");
  return *holder;
}

template <typename Request>
absl::StatusOr<v1::ReleaseKey> ResolveKey(const View& view, const Request& request,
                                          const Past& past) {
  if (!request.key().id().empty()) return request.key();
  if (request.name().empty()) {
    return absl::InvalidArgumentError("name a release by its key or its name");
  }
  ASSIGN_OR_RETURN(const v1::ReleaseKey now, FindByName(view, request.hub(), request.name()));
  const std::string name = NameKey(now.hub(), request.name());
  ASSIGN_OR_RETURN(const Claim claim, ClaimOf(view, now, name, past));
  if (claim.present != 0 && claim.has_kept_it) return now;
  return FormerHolder(view, now.hub(), name, past);
}

// The newest judgement of a version at the moment.
absl::StatusOr<std::optional<v1::Assessment>> AssessmentAsOf(const View& view,
                                                             const v1::ReleaseKey& key,
                                                             uint64_t version, const Past& past) {
  const std::string prefix = VersionKey(key, version);
  std::optional<v1::Assessment> found;
  absl::Status status;
  RETURN_IF_ERROR(view.ScanBack(Table::kAssessment, prefix, PrefixEnd(prefix),
                                [&](std::string_view at, std::string_view bytes) {
                                  auto parsed =
                                      ParseRecord<v1::Assessment>(Table::kAssessment, at, bytes);
                                  status = parsed.status();
                                  if (!status.ok()) return false;
                                  const bool is_wanted =
                                      past.Covers(parsed->sequence(), parsed->recorded_at_us()) &&
                                      (past.reassessments || !parsed->is_reassessment());
                                  if (is_wanted) found = *std::move(parsed);
                                  return !is_wanted;
                                }));
  RETURN_IF_ERROR(status);
  return found;
}

// As ingest keeps them in the head: oldest first, without repeats, without the present one.
void AddFormerNames(const std::vector<std::string>& names_newest_first,
                    v1::GetReleaseResponse& release) {
  std::vector<std::string> former;
  std::string present;
  for (auto name = names_newest_first.rbegin(); name != names_newest_first.rend(); ++name) {
    if (*name == present) continue;
    former.erase(std::remove(former.begin(), former.end(), *name), former.end());
    if (!present.empty()) former.push_back(present);
    present = *name;
  }
  for (const std::string& name : former) release.add_former_names(name);
}

absl::Status AddPast(const View& view, const v1::ReleaseKey& key, const Past& past,
                     v1::GetHistoryAsOfResponse& response) {
  ASSIGN_OR_RETURN(const v1::StoredHead head, GetHead(view, key));
  ASSIGN_OR_RETURN(v1::StoredPast stored, GetPast(view, key));
  response.set_past_state(head.past());
  auto& versions = *stored.mutable_versions();
  for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
    // Recorded between two entries of the log: known from the later one on.
    if (!past.Covers(version->recorded_after() + 1, version->recorded_at_us())) continue;
    response.add_past()->Swap(&*version);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::GetReleaseAsOfResponse> ReadReleaseAsOf(const View& view,
                                                           const v1::GetReleaseAsOfRequest& request,
                                                           int64_t now_us) {
  ASSIGN_OR_RETURN(const Past past, RequireOver(view, request.moment(), now_us));
  ASSIGN_OR_RETURN(const v1::ReleaseKey key, ResolveKey(view, request, past));
  v1::GetReleaseAsOfResponse response;
  v1::GetReleaseResponse& release = *response.mutable_release();
  std::vector<std::string> names;
  const std::string prefix = ReleaseKeyBytes(key);
  RETURN_IF_ERROR(EachVersion(view, prefix, PrefixEnd(prefix), [&](StoredAt at) {
    if (!past.Covers(at.first, at.second.recorded_at_us())) return true;
    names.push_back(at.second.observation().name());
    release.set_first_seen_us(at.second.observation().observed_at_us());
    if (!release.has_version()) *release.mutable_version() = ToVersion(at.first, at.second);
    return true;
  }));
  if (!release.has_version()) return NotThen("the release");
  AddFormerNames(names, release);
  ASSIGN_OR_RETURN(auto assessment, AssessmentAsOf(view, key, release.version().sequence(), past));
  if (assessment.has_value()) release.mutable_assessment()->Swap(&*assessment);
  return response;
}

absl::StatusOr<v1::GetHistoryAsOfResponse> ReadHistoryAsOf(const View& view,
                                                           const v1::GetHistoryAsOfRequest& request,
                                                           int64_t now_us) {
  ASSIGN_OR_RETURN(const Past past, RequireOver(view, request.moment(), now_us));
  ASSIGN_OR_RETURN(const v1::ReleaseKey key, ResolveKey(view, request, past));
  const int limit =
      static_cast<int>(request.limit() == 0 ? kMaxRows : std::min(request.limit(), kMaxRows));
  const bool is_first_page = request.before_version() == 0;
  const std::string prefix = ReleaseKeyBytes(key);
  const std::string end =
      is_first_page ? PrefixEnd(prefix) : VersionKey(key, request.before_version());
  v1::GetHistoryAsOfResponse response;
  size_t bytes = 0;
  absl::Status status;
  const auto add = [&](StoredAt at) -> absl::Status {
    v1::HistoryRow& row = *response.add_rows();
    row.mutable_change()->Swap(at.second.mutable_change());
    *row.mutable_version() = ToVersion(at.first, at.second);
    ASSIGN_OR_RETURN(auto assessment, AssessmentAsOf(view, key, at.first, past));
    if (assessment.has_value()) row.mutable_assessment()->Swap(&*assessment);
    bytes += row.ByteSizeLong();
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(EachVersion(view, prefix, end, [&](StoredAt at) {
    if (!past.Covers(at.first, at.second.recorded_at_us())) return true;
    status = add(std::move(at));
    return status.ok() && bytes < kPageBytes && response.rows_size() < limit;
  }));
  RETURN_IF_ERROR(status);
  if (!is_first_page) return response;
  if (response.rows().empty()) return NotThen("the release");
  RETURN_IF_ERROR(AddPast(view, key, past, response));
  return response;
}

absl::StatusOr<v1::ListAlertsAsOfResponse> ReadAlertsAsOf(const View& view,
                                                          const v1::ListAlertsAsOfRequest& request,
                                                          int64_t now_us) {
  ASSIGN_OR_RETURN(const Past past, RequireOver(view, request.moment(), now_us));
  const int limit =
      static_cast<int>(request.limit() == 0 ? kDefaultAlerts : std::min(request.limit(), kMaxRows));
  v1::ListAlertsAsOfResponse response;
  absl::Status status;
  RETURN_IF_ERROR(view.Scan(Table::kAlert, SequenceKey(request.after_sequence() + 1), "",
                            [&](std::string_view at, std::string_view bytes) {
                              auto alert = ParseRecord<v1::Alert>(Table::kAlert, at, bytes);
                              status = alert.status();
                              if (!status.ok() || alert->sequence() > past.sequence) return false;
                              const bool is_wanted =
                                  past.Covers(alert->sequence(), alert->recorded_at_us()) &&
                                  alert->severity() >= request.min_severity();
                              if (!is_wanted) return true;
                              response.set_has_more(response.alerts_size() == limit);
                              if (response.has_more()) return false;
                              response.add_alerts()->Swap(&*alert);
                              return true;
                            }));
  RETURN_IF_ERROR(status);
  return response;
}

}  // namespace modelwatch::indexer
