// SPDX-License-Identifier: Apache-2.0
// What a caller may send to PutBatch: any bytes. Whatever parses is either refused with a reason or
// sound enough to be taken apart by the ingest.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "common/digest.h"
#include "indexer/ingest/diff.h"
#include "indexer/ingest/prepare.h"
#include "indexer/store/keys.h"
#include "proto/digests.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

void Use(const modelwatch::indexer::PreparedItem& item) {
  namespace indexer = modelwatch::indexer;
  const auto& key = item.observation.key();
  const auto parsed = indexer::ParseVersionKey(indexer::VersionKey(key, 7));
  Require(parsed.ok() && parsed->key.hub() == key.hub() && parsed->key.id() == key.id());
  modelwatch::v1::Observation other = item.observation;
  other.mutable_access()->set_is_private(!other.access().is_private());
  Require(modelwatch::proto::ObservationDigest(other) !=
          modelwatch::proto::ObservationDigest(item.observation));
  Require(!indexer::Diff(item.observation, other).empty());
  for (const auto& [digest, blob] : item.blobs) {
    Require(modelwatch::common::Sha256(blob.content) == digest);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  modelwatch::v1::PutBatchRequest request;
  if (!request.ParseFromArray(bytes, static_cast<int>(size))) return 0;
  const auto items = modelwatch::indexer::Prepare(request);
  if (!items.ok()) return 0;
  for (const auto& item : *items) {
    if (item.refused.empty()) Use(item);
  }
  return 0;
}
