// SPDX-License-Identifier: Apache-2.0
#include "indexer/service/reads.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/digest.h"
#include "common/status_macros.h"
#include "indexer/service/release_pages.h"
#include "indexer/store/records.h"
#include "indexer/store/schema.h"
#include "proto/release_id.h"

namespace modelwatch::indexer {
namespace {

constexpr size_t kMaxAnswerBytes = size_t{24} << 20;
constexpr size_t kPageBytes = size_t{8} << 20;
constexpr uint32_t kDefaultRows = 100;
constexpr int kOidsAtOnce = 10'000;

uint32_t Rows(uint32_t limit, uint32_t otherwise) {
  return limit == 0 ? otherwise : std::min(limit, kMaxRows);
}

absl::StatusOr<v1::ReleaseKey> ResolveKey(const View& view, const v1::ReleaseKey& key,
                                          const std::string& hub, const std::string& name) {
  if (!key.id().empty()) return key;
  if (name.empty()) return absl::InvalidArgumentError("name a release by its key or its name");
  return FindByName(view, hub, name);
}

absl::Status NotHere(const v1::ReleaseKey& key, const absl::Status& status) {
  if (!absl::IsNotFound(status)) return status;
  return absl::NotFoundError(
      absl::StrCat("the release ", proto::FormatKey(key), " is not in the index"));
}

absl::Status TooMany(const char* what) {
  return absl::ResourceExhaustedError(
      absl::StrCat(what, ": the answer would be over 24 MiB; ask for fewer"));
}

absl::StatusOr<v1::HistoryRow> ToRow(const View& view, const v1::ReleaseKey& key, uint64_t sequence,
                                     v1::StoredVersion stored) {
  v1::HistoryRow row;
  row.mutable_change()->Swap(stored.mutable_change());
  *row.mutable_version() = ToVersion(sequence, stored);
  auto assessment = GetNewestAssessment(view, key, sequence);
  if (!assessment.ok() && !absl::IsNotFound(assessment.status())) return assessment.status();
  if (assessment.ok()) row.mutable_assessment()->Swap(&*assessment);
  return row;
}

absl::StatusOr<v1::Head> ReadHead(const View& view, const v1::ReleaseKey& key) {
  v1::Head head;
  const auto stored = GetHead(view, key);
  const auto seen = GetSeen(view, key);
  if (seen.ok()) {
    head.set_last_seen_us(seen->last_seen_us);
    head.set_needs_visit(seen->needs_visit);
  }
  if (absl::IsNotFound(stored.status())) return head;
  RETURN_IF_ERROR(stored.status());
  RETURN_IF_ERROR(seen.status());
  ASSIGN_OR_RETURN(v1::StoredVersion version, GetVersion(view, key, stored->version()));
  head.set_found(true);
  head.set_version(stored->version());
  head.set_row_digest(stored->row_digest());
  head.mutable_observation()->Swap(version.mutable_observation());
  return head;
}

absl::Status AddAlertsOf(const View& view, const v1::ReleaseKey& key,
                         v1::GetHistoryResponse& response) {
  absl::Status status;
  const auto add = [&](std::string_view bytes) -> absl::Status {
    ASSIGN_OR_RETURN(const ReleaseSequence at, ParseVersionKey(bytes));
    ASSIGN_OR_RETURN(*response.add_alerts(),
                     GetRecord<v1::Alert>(view, Table::kAlert, SequenceKey(at.sequence)));
    return absl::OkStatus();
  };
  const std::string prefix = ReleaseKeyBytes(key);
  RETURN_IF_ERROR(view.Scan(Table::kAlertOf, prefix, PrefixEnd(prefix),
                            [&](std::string_view at, std::string_view) {
                              status = add(at);
                              return status.ok();
                            }));
  return status;
}

}  // namespace

absl::StatusOr<v1::GetHeadsResponse> ReadHeads(const View& view,
                                               const v1::GetHeadsRequest& request) {
  if (request.keys_size() > kMaxKeys) {
    return absl::InvalidArgumentError(
        absl::StrCat("get heads: ", request.keys_size(), " keys, at most ", kMaxKeys));
  }
  v1::GetHeadsResponse response;
  size_t bytes = 0;
  for (const v1::ReleaseKey& key : request.keys()) {
    ASSIGN_OR_RETURN(v1::Head head, ReadHead(view, key));
    bytes += head.ByteSizeLong();
    if (bytes > kMaxAnswerBytes) return TooMany("get heads");
    response.add_heads()->Swap(&head);
  }
  return response;
}

absl::StatusOr<v1::GetReleaseResponse> ReadRelease(const View& view,
                                                   const v1::GetReleaseRequest& request) {
  ASSIGN_OR_RETURN(const v1::ReleaseKey key,
                   ResolveKey(view, request.key(), request.hub(), request.name()));
  const auto head = GetHead(view, key);
  if (!head.ok()) return NotHere(key, head.status());
  return ReleaseOf(view, key, *head);
}

absl::StatusOr<v1::GetHistoryResponse> ReadHistory(const View& view,
                                                   const v1::GetHistoryRequest& request) {
  ASSIGN_OR_RETURN(const v1::ReleaseKey key,
                   ResolveKey(view, request.key(), request.hub(), request.name()));
  const auto head = GetHead(view, key);
  if (!head.ok()) return NotHere(key, head.status());
  const uint32_t limit = Rows(request.limit(), kMaxRows);
  const std::string prefix = ReleaseKeyBytes(key);
  const std::string end =
      request.before_version() == 0 ? PrefixEnd(prefix) : VersionKey(key, request.before_version());
  v1::GetHistoryResponse response;
  absl::Status status;
  size_t bytes = 0;
  const auto add = [&](std::string_view at, std::string_view value) -> absl::Status {
    ASSIGN_OR_RETURN(const ReleaseSequence parsed, ParseVersionKey(at));
    ASSIGN_OR_RETURN(auto stored, ParseRecord<v1::StoredVersion>(Table::kObservation, at, value));
    ASSIGN_OR_RETURN(*response.add_rows(), ToRow(view, key, parsed.sequence, std::move(stored)));
    bytes += response.rows(response.rows_size() - 1).ByteSizeLong();
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(view.ScanBack(
      Table::kObservation, prefix, end, [&](std::string_view at, std::string_view value) {
        status = add(at, value);
        return status.ok() && bytes < kPageBytes && response.rows_size() < static_cast<int>(limit);
      }));
  RETURN_IF_ERROR(status);
  RETURN_IF_ERROR(AddAlertsOf(view, key, response));
  response.set_past_state(head->past());
  if (request.before_version() != 0) return response;
  ASSIGN_OR_RETURN(v1::StoredPast past, GetPast(view, key));
  std::reverse(past.mutable_versions()->begin(), past.mutable_versions()->end());
  response.mutable_past()->Swap(past.mutable_versions());
  return response;
}

absl::StatusOr<v1::GetBlobResponse> ReadBlob(const View& view, const v1::GetBlobRequest& request) {
  auto content = view.Get(Table::kBlob, request.digest());
  if (absl::IsNotFound(content.status())) {
    return absl::NotFoundError(
        absl::StrCat("the text ", common::ToHex(request.digest()), " is not in the index"));
  }
  if (!content.ok()) return content.status();
  v1::GetBlobResponse response;
  response.mutable_content()->swap(*content);
  return response;
}

absl::StatusOr<v1::GetVersionsResponse> ReadVersions(const View& view,
                                                     const v1::GetVersionsRequest& request) {
  if (request.versions_size() > kMaxVersions) {
    return absl::InvalidArgumentError(
        absl::StrCat("get versions: ", request.versions_size(), " asked, at most ", kMaxVersions));
  }
  v1::GetVersionsResponse response;
  size_t bytes = 0;
  for (const v1::VersionRef& ref : request.versions()) {
    v1::HistoryRow& row = *response.add_rows();
    auto stored = GetVersion(view, ref.key(), ref.version());
    if (absl::IsNotFound(stored.status())) continue;
    RETURN_IF_ERROR(stored.status());
    ASSIGN_OR_RETURN(row, ToRow(view, ref.key(), ref.version(), *std::move(stored)));
    bytes += row.ByteSizeLong();
    if (bytes > kMaxAnswerBytes) return TooMany("get versions");
  }
  return response;
}

absl::StatusOr<v1::GetBlobsResponse> ReadBlobs(const View& view,
                                               const v1::GetBlobsRequest& request) {
  v1::GetBlobsResponse response;
  size_t bytes = 0;
  for (const std::string& digest : request.digests()) {
    auto content = view.Get(Table::kBlob, digest);
    if (!content.ok() && !absl::IsNotFound(content.status())) return content.status();
    bytes += content.ok() ? content->size() : 0;
    if (bytes > kPageBytes && response.blobs_size() > 0) return response;
    v1::FoundBlob& blob = *response.add_blobs();
    blob.set_found(content.ok());
    if (content.ok()) blob.mutable_content()->swap(*content);
  }
  return response;
}

absl::StatusOr<v1::GetFindingsResponse> ReadFindings(const View& view,
                                                     const v1::GetFindingsRequest& request) {
  if (request.digests_size() > kMaxFindingsAsked) {
    return absl::InvalidArgumentError(absl::StrCat("get findings: ", request.digests_size(),
                                                   " asked, at most ", kMaxFindingsAsked));
  }
  ASSIGN_OR_RETURN(const v1::StoredIdentifiers stored, GetIdentifiers(view));
  uint32_t number = 0;  // never given
  for (const auto& identifier : stored.identifiers()) {
    if (identifier.version() == request.identifier_version()) number = identifier.number();
  }
  v1::GetFindingsResponse response;
  size_t bytes = 0;
  for (const std::string& digest : request.digests()) {
    auto finding = number == 0
                       ? absl::NotFoundError("the identifier version is not here")
                       : GetRecord<v1::Finding>(view, Table::kFinding, FindingKey(number, digest));
    if (!finding.ok() && !absl::IsNotFound(finding.status())) return finding.status();
    bytes += finding.ok() ? finding->ByteSizeLong() : 0;
    if (bytes > kPageBytes && response.findings_size() > 0) return response;
    v1::FoundFinding& found = *response.add_findings();
    found.set_found(finding.ok());
    if (finding.ok()) found.mutable_finding()->Swap(&*finding);
  }
  return response;
}

absl::StatusOr<v1::ListAlertsResponse> ReadAlerts(const View& view,
                                                  const v1::ListAlertsRequest& request) {
  const int limit = static_cast<int>(Rows(request.limit(), kDefaultRows));
  v1::ListAlertsResponse response;
  absl::Status status;
  const auto each = [&](std::string_view at, std::string_view value) {
    auto alert = ParseRecord<v1::Alert>(Table::kAlert, at, value);
    status = alert.status();
    if (!status.ok()) return false;
    if (alert->severity() < request.min_severity()) return true;
    if (response.alerts_size() == limit) {
      response.set_has_more(true);
      return false;
    }
    response.add_alerts()->Swap(&*alert);
    return true;
  };
  const uint64_t after = request.after_sequence();
  RETURN_IF_ERROR(request.newest_first()
                      ? view.ScanBack(Table::kAlert, "", after == 0 ? "" : SequenceKey(after), each)
                      : view.Scan(Table::kAlert, SequenceKey(after + 1), "", each));
  RETURN_IF_ERROR(status);
  return response;
}

absl::StatusOr<v1::ListHeldResponse> ReadHeld(const View& view) {
  v1::ListHeldResponse response;
  absl::Status status;
  RETURN_IF_ERROR(view.Scan(Table::kHeld, "", "", [&](std::string_view at, std::string_view value) {
    auto held = ParseRecord<v1::PendingAlert>(Table::kHeld, at, value);
    status = held.status();
    if (held.ok()) response.add_held()->Swap(&*held);
    return status.ok();
  }));
  RETURN_IF_ERROR(status);
  return response;
}

absl::Status ReadOids(const View& view, const EachOids& each) {
  v1::ListOidsResponse chunk;
  bool wanted = true;
  RETURN_IF_ERROR(
      view.Scan(Table::kOid, "", "", [&](std::string_view oid, std::string_view digest) {
        chunk.add_oids(std::string(oid));
        chunk.add_digests(std::string(digest));
        if (chunk.oids_size() < kOidsAtOnce) return true;
        wanted = each(chunk);
        chunk.Clear();
        return wanted;
      }));
  if (wanted && chunk.oids_size() > 0) each(chunk);
  return absl::OkStatus();
}

}  // namespace modelwatch::indexer
