// SPDX-License-Identifier: Apache-2.0
// BlobCache: texts by digest, read from the index many at once and kept while they are wanted.
#pragma once

#include <cstdint>
#include <list>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "absl/status/status.h"
#include "indexer/client/index.h"

namespace modelwatch::evaluator {

// A hub repeats the same LICENSE a million times; each is asked for once while it stays here. Not
// thread-safe.
class BlobCache {
 public:
  // Keeps at most `max_bytes`, and beyond it only what the last Load asked for. `reader` must
  // outlive this.
  BlobCache(indexer::Reader& reader, size_t max_bytes) : reader_(reader), max_bytes_(max_bytes) {}

  // Makes these texts available. A digest that the index does not have is not an error. UNAVAILABLE
  // and the like as from the index.
  [[nodiscard]] absl::Status Load(const std::set<std::string>& digests);

  // The text, or nullptr when it was not loaded or is not in the index. Valid until the next Load.
  [[nodiscard]] const std::string* Find(std::string_view digest) const;

 private:
  struct Held {
    std::string content;
    std::list<std::string>::iterator age;
  };

  void Keep(const std::string& digest, std::string content);
  void MakeRoom(const std::set<std::string>& wanted);

  indexer::Reader& reader_;
  const size_t max_bytes_;
  size_t bytes_ = 0;
  std::unordered_map<std::string, Held> held_;
  std::list<std::string> ages_;  // newest first
};

}  // namespace modelwatch::evaluator
