// SPDX-License-Identifier: Apache-2.0
#include "indexer/ingest/texts.h"

#include <algorithm>
#include <utility>

#include "common/digest.h"
#include "common/status_macros.h"

namespace modelwatch::indexer {

absl::Status FillDigests(const Draft& draft, PreparedItem& item) {
  for (v1::File& file : *item.observation.mutable_files()) {
    if (file.outcome() != v1::FETCHED || !file.digest().empty()) continue;
    ASSIGN_OR_RETURN(const std::string oid, common::FromHex(file.oid()));
    const absl::StatusOr<std::string> stored = draft.Get(Table::kOid, oid);
    if (!stored.ok() && !absl::IsNotFound(stored.status())) return stored.status();
    std::string digest = stored.value_or("");
    for (const auto& [blob_digest, blob] : item.blobs) {
      if (blob.oid == oid) digest = blob_digest;
    }
    file.set_digest(digest);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> MissingText(const Draft& draft, const PreparedItem& item,
                                        const v1::Observation& known) {
  for (const v1::File& file : item.observation.files()) {
    if (file.outcome() != v1::FETCHED || item.blobs.count(file.digest()) > 0) continue;
    const bool is_known =
        std::any_of(known.files().begin(), known.files().end(),
                    [&file](const v1::File& old) { return old.digest() == file.digest(); });
    if (is_known && !file.digest().empty()) continue;
    ASSIGN_OR_RETURN(const bool stored, draft.Has(Table::kBlob, file.digest()));
    if (!stored) return file.path();
  }
  return std::string();
}

absl::Status StoreTexts(Draft& draft, PreparedItem& item) {
  for (auto& [digest, blob] : item.blobs) {
    if (!blob.oid.empty()) draft.Put(Table::kOid, blob.oid, digest);
    ASSIGN_OR_RETURN(const bool stored, draft.Has(Table::kBlob, digest));
    if (stored) continue;
    draft.Put(Table::kBlob, digest, std::move(blob.content));
    draft.state().set_blobs(draft.state().blobs() + 1);
  }
  return absl::OkStatus();
}

}  // namespace modelwatch::indexer
