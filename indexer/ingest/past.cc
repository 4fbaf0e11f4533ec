// SPDX-License-Identifier: Apache-2.0
#include "indexer/ingest/past.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "indexer/ingest/texts.h"
#include "indexer/store/records.h"

namespace modelwatch::indexer {
namespace {

// By the texts themselves where they are here, else by what the hub calls them.
bool IsSameFile(const v1::File& a, const v1::File& b) {
  if (a.path() != b.path() || a.outcome() != b.outcome()) return false;
  return a.outcome() == v1::FETCHED ? a.digest() == b.digest() : a.oid() == b.oid();
}

bool HoldsTheSame(const v1::PastVersion& a, const v1::PastVersion& b) {
  return std::equal(a.files().begin(), a.files().end(), b.files().begin(), b.files().end(),
                    IsSameFile);
}

bool HasFailed(const v1::PastVersion& version) {
  return std::any_of(version.files().begin(), version.files().end(),
                     [](const v1::File& file) { return file.outcome() == v1::FAILED; });
}

v1::ItemAck Ack(v1::ItemStatus status, std::string reason = "") {
  v1::ItemAck ack;
  ack.set_status(status);
  ack.set_reason(std::move(reason));
  return ack;
}

v1::PastVersion VersionOf(PreparedItem& item, uint64_t newest_sequence, int64_t now_us) {
  v1::PastVersion version;
  version.set_index(*item.past_index);
  version.set_revision(item.observation.revision());
  version.set_committed_at_us(item.observation.observed_at_us());
  version.mutable_files()->Swap(item.observation.mutable_files());
  version.set_recorded_at_us(now_us);
  version.set_recorded_after(newest_sequence);
  return version;
}

}  // namespace

bool AddPast(v1::StoredPast& past, v1::PastVersion version) {
  auto& kept = *past.mutable_versions();
  const auto older = std::find_if(kept.begin(), kept.end(), [&](const v1::PastVersion& each) {
    return each.index() >= version.index();
  });
  const int at = static_cast<int>(older - kept.begin());
  const bool is_retried = at < kept.size() && kept[at].index() == version.index() &&
                          HasFailed(kept[at]) && !HoldsTheSame(kept[at], version);
  if (is_retried) kept.erase(kept.begin() + at);
  if (at < kept.size() &&
      (kept[at].index() == version.index() || HoldsTheSame(kept[at], version))) {
    return false;
  }
  const bool is_beside = at > 0 && kept[at - 1].index() + 1 == version.index();
  if (is_beside && HoldsTheSame(kept[at - 1], version)) {
    kept[at - 1].Swap(&version);
    return true;
  }
  const bool is_full = kept.size() >= kMaxPastVersions ||
                       past.ByteSizeLong() + version.ByteSizeLong() > kMaxPastBytes;
  if (is_full) return false;
  kept.Add()->Swap(&version);
  std::rotate(kept.begin() + at, kept.end() - 1, kept.end());
  return true;
}

absl::StatusOr<v1::ItemAck> IngestPast(Draft& draft, PreparedItem item, int64_t now_us) {
  const v1::ReleaseKey key = item.observation.key();
  if (item.observation.revision().empty()) {
    return Ack(v1::SKIPPED, "a past version names no commit");
  }
  const std::string at = ReleaseKeyBytes(key);
  ASSIGN_OR_RETURN(const bool is_here, draft.Has(Table::kLatest, at));
  if (!is_here) return Ack(v1::SKIPPED, "the past of a release that is not in the index");
  RETURN_IF_ERROR(FillDigests(draft, item));
  ASSIGN_OR_RETURN(const std::string missing, MissingText(draft, item, v1::Observation()));
  if (!missing.empty()) {
    return Ack(v1::RETRY, absl::StrCat("the blob of ", missing, " is not here; send it along"));
  }
  ASSIGN_OR_RETURN(v1::StoredPast past, GetPast(draft, key));
  // Texts first: also those of an item that tells nothing new, because a later one may rely on
  // them.
  RETURN_IF_ERROR(StoreTexts(draft, item));
  if (!AddPast(past, VersionOf(item, draft.state().newest_sequence(), now_us))) {
    return Ack(v1::SKIPPED);
  }
  draft.Put(Table::kPast, at, past.SerializeAsString());
  return Ack(v1::STORED);
}

}  // namespace modelwatch::indexer
