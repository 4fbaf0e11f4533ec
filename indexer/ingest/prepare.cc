// SPDX-License-Identifier: Apache-2.0
#include "indexer/ingest/prepare.h"

#include "absl/strings/str_cat.h"
#include "common/digest.h"
#include "common/status_macros.h"
#include "proto/validate.h"

namespace modelwatch::indexer {
namespace {

PreparedBlob Verified(const v1::Blob& blob) {
  PreparedBlob out;
  out.content = blob.content();
  if (!blob.oid().empty() && common::GitBlobOid(blob.content()) == blob.oid()) {
    out.oid = common::FromHex(blob.oid()).value_or("");
  }
  return out;
}

PreparedItem PrepareItem(const v1::PutItem& item) {
  PreparedItem out;
  const absl::Status valid = proto::ValidateObservation(item.observation());
  if (!valid.ok()) {
    out.refused = std::string(valid.message());
    return out;
  }
  out.observation = item.observation();
  out.downloads = item.downloads();
  if (item.has_past()) out.past_index = item.past().index();
  for (const v1::Blob& blob : item.blobs()) {
    if (common::Sha256(blob.content()) != blob.digest()) {
      out.refused = "a blob's digest is not the SHA-256 of its content";
      return out;
    }
    out.blobs.insert_or_assign(blob.digest(), Verified(blob));
  }
  return out;
}

}  // namespace

absl::StatusOr<std::vector<PreparedItem>> Prepare(const v1::PutBatchRequest& request) {
  if (request.items_size() > kMaxItems) {
    return absl::InvalidArgumentError(absl::StrCat("put batch: ", request.items_size(),
                                                   " items, at most ", kMaxItems, "; send fewer"));
  }
  const size_t bytes = request.ByteSizeLong();
  if (bytes > kMaxBytes && request.items_size() > 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("put batch: ", bytes, " bytes, at most ", kMaxBytes, "; send fewer items"));
  }
  std::vector<PreparedItem> items;
  items.reserve(static_cast<size_t>(request.items_size()));
  for (const v1::PutItem& item : request.items()) items.push_back(PrepareItem(item));
  return items;
}

}  // namespace modelwatch::indexer
