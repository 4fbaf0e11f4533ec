// SPDX-License-Identifier: Apache-2.0
#include "indexer/service/release_pages.h"

#include <algorithm>
#include <utility>

#include "common/digest.h"
#include "common/status_macros.h"
#include "indexer/service/reads.h"
#include "indexer/store/records.h"

namespace modelwatch::indexer {
namespace {

constexpr size_t kPageBytes = size_t{8} << 20;
constexpr uint32_t kDefaultRows = 100;

// Where a page starts: at its token, which must lie in the range, or at the range's start.
absl::StatusOr<std::string> PageStart(const std::string& prefix, const std::string& token) {
  const absl::StatusOr<std::string> start = common::FromHex(token);
  if (!start.ok()) return absl::InvalidArgumentError("list: the page token is not ours");
  return std::max(prefix, *start);
}

// By the table "name". A name that a release gave up leads to it as long as nobody took it; it is
// not listed under it.
absl::StatusOr<v1::ListReleasesResponse> ReadReleasesByName(
    const View& view, const v1::ListReleasesRequest& request) {
  if (request.hub().empty()) {
    return absl::InvalidArgumentError("list releases: a name_prefix needs a hub");
  }
  const std::string prefix = NameKey(request.hub(), request.name_prefix());
  ASSIGN_OR_RETURN(const std::string start, PageStart(prefix, request.page_token()));
  const uint32_t limit = request.limit() == 0 ? kDefaultRows : std::min(request.limit(), kMaxRows);
  v1::ListReleasesResponse response;
  absl::Status status;
  size_t bytes = 0;
  const auto add = [&](std::string_view name, std::string_view value) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::ReleaseKey key, ParseReleaseKey(value));
    ASSIGN_OR_RETURN(const v1::StoredHead head, GetHead(view, key));
    if (NameKey(key.hub(), head.name()) != name) return absl::OkStatus();
    ASSIGN_OR_RETURN(*response.add_releases(), ReleaseOf(view, key, head));
    bytes += response.releases(response.releases_size() - 1).ByteSizeLong();
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(view.Scan(
      Table::kName, start, PrefixEnd(prefix), [&](std::string_view at, std::string_view value) {
        if (response.releases_size() == static_cast<int>(limit) || bytes >= kPageBytes) {
          response.set_next_page_token(common::ToHex(at));
          return false;
        }
        status = add(at, value);
        return status.ok();
      }));
  RETURN_IF_ERROR(status);
  return response;
}

absl::StatusOr<v1::Derivative> DerivativeOf(const View& view, std::string_view at,
                                            std::string_view relation) {
  ASSIGN_OR_RETURN(const DerivativeAt entry, ParseDerivativeKey(at));
  ASSIGN_OR_RETURN(const v1::StoredHead head, GetHead(view, entry.derivative));
  v1::Derivative derivative;
  *derivative.mutable_key() = entry.derivative;
  derivative.set_name(head.name());
  derivative.set_relation(std::string(relation));
  auto assessment = GetNewestAssessment(view, entry.derivative, head.version());
  if (!assessment.ok() && !absl::IsNotFound(assessment.status())) return assessment.status();
  if (assessment.ok()) derivative.mutable_assessment()->Swap(&*assessment);
  return derivative;
}

}  // namespace

v1::Version ToVersion(uint64_t sequence, v1::StoredVersion& stored) {
  v1::Version version;
  version.set_sequence(sequence);
  version.set_recorded_at_us(stored.recorded_at_us());
  version.mutable_observation()->Swap(stored.mutable_observation());
  return version;
}

absl::StatusOr<v1::GetReleaseResponse> ReleaseOf(const View& view, const v1::ReleaseKey& key,
                                                 const v1::StoredHead& head) {
  v1::GetReleaseResponse response;
  ASSIGN_OR_RETURN(v1::StoredVersion stored, GetVersion(view, key, head.version()));
  *response.mutable_version() = ToVersion(head.version(), stored);
  ASSIGN_OR_RETURN(const Seen seen, GetSeen(view, key));
  response.set_first_seen_us(head.first_seen_us());
  response.set_last_seen_us(seen.last_seen_us);
  *response.mutable_former_names() = head.former_names();
  auto assessment = GetNewestAssessment(view, key, head.version());
  if (!assessment.ok() && !absl::IsNotFound(assessment.status())) return assessment.status();
  if (assessment.ok()) response.mutable_assessment()->Swap(&*assessment);
  return response;
}

absl::StatusOr<v1::ListReleasesResponse> ReadReleases(const View& view,
                                                      const v1::ListReleasesRequest& request) {
  if (!request.name_prefix().empty()) return ReadReleasesByName(view, request);
  const std::string prefix = request.hub().empty() ? "" : HubPrefix(request.hub());
  ASSIGN_OR_RETURN(const std::string start, PageStart(prefix, request.page_token()));
  const uint32_t limit = request.limit() == 0 ? kDefaultRows : std::min(request.limit(), kMaxRows);
  v1::ListReleasesResponse response;
  absl::Status status;
  size_t bytes = 0;
  const auto add = [&](std::string_view at, std::string_view value) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::ReleaseKey key, ParseReleaseKey(at));
    ASSIGN_OR_RETURN(const auto head, ParseRecord<v1::StoredHead>(Table::kLatest, at, value));
    ASSIGN_OR_RETURN(*response.add_releases(), ReleaseOf(view, key, head));
    bytes += response.releases(response.releases_size() - 1).ByteSizeLong();
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(view.Scan(
      Table::kLatest, start, PrefixEnd(prefix), [&](std::string_view at, std::string_view value) {
        if (response.releases_size() == static_cast<int>(limit) || bytes >= kPageBytes) {
          response.set_next_page_token(common::ToHex(at));
          return false;
        }
        status = add(at, value);
        return status.ok();
      }));
  RETURN_IF_ERROR(status);
  return response;
}

absl::StatusOr<v1::ListDerivativesResponse> ReadDerivatives(
    const View& view, const v1::ListDerivativesRequest& request) {
  if (request.hub().empty() || request.base().empty()) {
    return absl::InvalidArgumentError("list derivatives: name the hub and the base");
  }
  const std::string prefix = DerivativePrefix(request.hub(), request.base());
  ASSIGN_OR_RETURN(const std::string start, PageStart(prefix, request.page_token()));
  const int limit = static_cast<int>(std::min(request.limit(), kMaxRows));
  v1::ListDerivativesResponse response;
  absl::Status status;
  size_t bytes = 0;
  RETURN_IF_ERROR(view.Scan(Table::kDerivative, prefix, PrefixEnd(prefix),
                            [&](std::string_view at, std::string_view relation) {
                              response.set_total(response.total() + 1);
                              if (at < start || limit == 0) return true;
                              if (!response.next_page_token().empty()) return true;
                              if (response.derivatives_size() == limit || bytes >= kPageBytes) {
                                response.set_next_page_token(common::ToHex(at));
                                return true;
                              }
                              auto derivative = DerivativeOf(view, at, relation);
                              status = derivative.status();
                              if (!status.ok()) return false;
                              bytes += derivative->ByteSizeLong();
                              response.add_derivatives()->Swap(&*derivative);
                              return true;
                            }));
  RETURN_IF_ERROR(status);
  return response;
}

}  // namespace modelwatch::indexer
