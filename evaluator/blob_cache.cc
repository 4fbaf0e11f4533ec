// SPDX-License-Identifier: Apache-2.0
#include "evaluator/blob_cache.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/status_macros.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMaxAsked = 256;  // read.proto

}  // namespace

absl::Status BlobCache::Load(const std::set<std::string>& digests) {
  MakeRoom(digests);
  std::vector<std::string> missing;
  for (const std::string& digest : digests) {
    const auto found = held_.find(digest);
    if (found == held_.end()) {
      missing.push_back(digest);
    } else {
      ages_.splice(ages_.begin(), ages_, found->second.age);
    }
  }
  for (size_t begin = 0; begin < missing.size();) {
    v1::GetBlobsRequest request;
    const size_t end = std::min(missing.size(), begin + kMaxAsked);
    for (size_t i = begin; i < end; ++i) request.add_digests(missing[i]);
    ASSIGN_OR_RETURN(v1::GetBlobsResponse response, reader_.GetBlobs(request));
    if (response.blobs().empty()) return absl::InternalError("GetBlobs answered no blob at all");
    for (v1::FoundBlob& blob : *response.mutable_blobs()) {
      if (blob.found()) Keep(missing[begin], std::move(*blob.mutable_content()));
      ++begin;
    }
  }
  return absl::OkStatus();
}

const std::string* BlobCache::Find(std::string_view digest) const {
  const auto found = held_.find(std::string(digest));
  return found == held_.end() ? nullptr : &found->second.content;
}

void BlobCache::Keep(const std::string& digest, std::string content) {
  bytes_ += content.size();
  ages_.push_front(digest);
  held_.emplace(digest, Held{std::move(content), ages_.begin()});
}

void BlobCache::MakeRoom(const std::set<std::string>& wanted) {
  auto oldest = ages_.end();
  while (bytes_ > max_bytes_ && oldest != ages_.begin()) {
    --oldest;
    if (wanted.contains(*oldest)) continue;
    const auto held = held_.find(*oldest);
    bytes_ -= held->second.content.size();
    held_.erase(held);
    oldest = ages_.erase(oldest);
  }
}

}  // namespace modelwatch::evaluator
