// SPDX-License-Identifier: Apache-2.0
#include "indexer/service/query.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/digest.h"
#include "common/status_macros.h"
#include "indexer/store/facets.h"
#include "indexer/store/records.h"
#include "proto/json.h"

namespace modelwatch::indexer {
namespace {

constexpr uint32_t kDefaultRows = 100;
constexpr uint32_t kMostRows = 1000;
constexpr size_t kMostLookedAt = 20'000;
constexpr std::string_view kDirections[] = {"tighter", "looser", "mixed", "unclear"};
constexpr std::string_view kAccesses[] = {"open", "auto", "manual", "removed", "disabled"};

absl::Status Refuse(const std::string& why) {
  return absl::InvalidArgumentError(absl::StrCat("find releases: ", why));
}

// Letter case aside.
bool IsSame(std::string_view a, std::string_view b) {
  return absl::EqualsIgnoreCase({a.data(), a.size()}, {b.data(), b.size()});
}

template <size_t n>
bool IsOneOf(const std::string& word, const std::string_view (&words)[n]) {
  return word.empty() || std::any_of(std::begin(words), std::end(words),
                                     [&](std::string_view one) { return IsSame(one, word); });
}

// No part may hold the byte that ends parts of keys.
bool HasZero(const v1::FindReleasesRequest& request) {
  for (const std::string* part : {&request.hub(), &request.name_prefix(), &request.publisher(),
                                  &request.licence(), &request.base()}) {
    if (part->find('\0') != std::string::npos) return true;
  }
  return false;
}

absl::Status CheckRequest(const v1::FindReleasesRequest& request) {
  if (request.hub().empty()) return Refuse("name the hub");
  if (HasZero(request)) return Refuse("a value holds a zero byte");
  if (!IsOneOf(request.direction(), kDirections)) {
    return Refuse(absl::StrCat("no direction '", request.direction(),
                               "'; there are tighter, looser, mixed, unclear"));
  }
  if (!IsOneOf(request.access(), kAccesses)) {
    return Refuse(absl::StrCat("no access '", request.access(),
                               "'; there are open, auto, manual, removed, disabled"));
  }
  return absl::OkStatus();
}

// What a page walks over: a table, the start of the keys, and whose release an entry is.
struct Walk {
  Table table = Table::kFacet;
  std::string prefix;
  std::function<absl::StatusOr<v1::ReleaseKey>(std::string_view at, std::string_view value)>
      release;
  bool is_newest_first = false;  // by the newest version
};

Walk OverNames(const v1::FindReleasesRequest& request) {
  return {Table::kName, NameKey(request.hub(), request.name_prefix()),
          [](std::string_view, std::string_view value) { return ParseReleaseKey(value); }, false};
}

Walk OverDerivatives(const v1::FindReleasesRequest& request) {
  return {Table::kDerivative, DerivativePrefix(request.hub(), request.base()),
          [](std::string_view at, std::string_view) -> absl::StatusOr<v1::ReleaseKey> {
            ASSIGN_OR_RETURN(const DerivativeAt entry, ParseDerivativeKey(at));
            return entry.derivative;
          },
          false};
}

Walk OverFacet(const std::string& hub, Facet facet, const std::string& value) {
  return {Table::kFacet, FacetPrefix(hub, facet, value),
          [](std::string_view at, std::string_view) -> absl::StatusOr<v1::ReleaseKey> {
            ASSIGN_OR_RETURN(const FacetAt entry, ParseFacetKey(at));
            return entry.key;
          },
          facet != Facet::kLicence&& facet != Facet::kDirection};
}

// The narrowest first, as these usually are.
Walk WalkFor(const v1::FindReleasesRequest& request) {
  if (!request.name_prefix().empty()) return OverNames(request);
  if (!request.base().empty()) return OverDerivatives(request);
  const std::string& hub = request.hub();
  if (!request.publisher().empty()) return OverFacet(hub, Facet::kPublisher, request.publisher());
  if (!request.direction().empty()) return OverFacet(hub, Facet::kDirection, request.direction());
  if (!request.licence().empty()) return OverFacet(hub, Facet::kLicence, request.licence());
  if (!request.access().empty()) return OverFacet(hub, Facet::kAccess, request.access());
  return OverFacet(hub, Facet::kChanged, "");
}

class Finder {
 public:
  Finder(const View& view, const v1::FindReleasesRequest& request)
      : view_(view), request_(request), walk_(WalkFor(request)) {}

  absl::StatusOr<v1::FindReleasesResponse> Run() {
    ASSIGN_OR_RETURN(const std::string start, Start());
    const auto limit = static_cast<int>(
        request_.limit() == 0 ? kDefaultRows : std::min(request_.limit(), kMostRows));
    v1::FindReleasesResponse response;
    absl::Status status;
    size_t looked_at = 0;
    RETURN_IF_ERROR(view_.Scan(walk_.table, start, PrefixEnd(walk_.prefix),
                               [&](std::string_view at, std::string_view value) {
                                 if (response.releases_size() == limit ||
                                     ++looked_at > kMostLookedAt) {
                                   response.set_next_page_token(common::ToHex(at));
                                   return false;
                                 }
                                 auto row = RowAt(at, value);
                                 status = row.status();
                                 if (!status.ok()) return false;
                                 if (row->has_value()) *response.add_releases() = *std::move(*row);
                                 return !is_past_;
                               }));
    RETURN_IF_ERROR(status);
    return response;
  }

 private:
  absl::StatusOr<std::string> Start() const {
    if (request_.page_token().empty()) return walk_.prefix;
    const absl::StatusOr<std::string> start = common::FromHex(request_.page_token());
    if (start.ok() && absl::StartsWith(*start, walk_.prefix)) return *start;
    return Refuse("the page token is of another query");
  }

  // Nothing when the release is not what was asked for.
  absl::StatusOr<std::optional<v1::FoundRelease>> RowAt(std::string_view at,
                                                        std::string_view value) {
    const std::optional<v1::FoundRelease> nothing;
    ASSIGN_OR_RETURN(const v1::ReleaseKey key, walk_.release(at, value));
    ASSIGN_OR_RETURN(const v1::StoredHead head, GetHead(view_, key));
    // A name that was given up leads on, until somebody takes it.
    if (walk_.table == Table::kName && NameKey(key.hub(), head.name()) != at) return nothing;
    if (!Is(request_.publisher(), PublisherOf(head.name()))) return nothing;
    v1::FoundRelease row;
    RETURN_IF_ERROR(AddConclusion(key, row));
    const auto has_licence = [&](const std::string& licence) {
      return IsSame(licence, request_.licence());
    };
    if (!request_.licence().empty() &&
        std::none_of(row.licences().begin(), row.licences().end(), has_licence)) {
      return nothing;
    }
    if (!Is(request_.direction(), proto::Word(row.direction()))) return nothing;
    RETURN_IF_ERROR(AddVersion(key, head, row));
    if (!Is(request_.access(), row.access())) return nothing;
    if (row.changed_at_us() < request_.changed_since_us()) {
      is_past_ = walk_.is_newest_first;
      return nothing;
    }
    return row;
  }

  static bool Is(const std::string& wanted, std::string_view value) {
    return wanted.empty() || IsSame(wanted, value);
  }

  absl::Status AddConclusion(const v1::ReleaseKey& key, v1::FoundRelease& row) const {
    auto conclusion =
        GetRecord<v1::StoredConclusion>(view_, Table::kConclusion, ReleaseKeyBytes(key));
    if (absl::IsNotFound(conclusion.status())) return absl::OkStatus();
    RETURN_IF_ERROR(conclusion.status());
    row.set_judged_version(conclusion->version());
    row.mutable_licences()->Swap(conclusion->mutable_licences());
    row.set_terms_class(conclusion->terms_class());
    row.set_direction(conclusion->direction());
    row.set_direction_version(conclusion->direction_version());
    return absl::OkStatus();
  }

  absl::Status AddVersion(const v1::ReleaseKey& key, const v1::StoredHead& head,
                          v1::FoundRelease& row) const {
    ASSIGN_OR_RETURN(const v1::StoredVersion stored, GetVersion(view_, key, head.version()));
    *row.mutable_key() = key;
    row.set_name(head.name());
    row.set_access(AccessOf(stored.observation().access()));
    row.set_version(head.version());
    row.set_changed_at_us(stored.recorded_at_us());
    row.set_revision(stored.observation().revision());
    return absl::OkStatus();
  }

  const View& view_;
  const v1::FindReleasesRequest& request_;
  const Walk walk_;
  bool is_past_ = false;  // everything that follows changed too long ago
};

}  // namespace

absl::StatusOr<v1::FindReleasesResponse> ReadFound(const View& view,
                                                   const v1::FindReleasesRequest& request) {
  RETURN_IF_ERROR(CheckRequest(request));
  return Finder(view, request).Run();
}

}  // namespace modelwatch::indexer
