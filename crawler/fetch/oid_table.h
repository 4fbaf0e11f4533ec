// SPDX-License-Identifier: Apache-2.0
// OidTable: which file contents are here already or on their way, by git blob id, so that each is
// fetched once whatever number of releases holds it.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace modelwatch::crawler {

// An oid is unknown, then on its way (Begin), then known (Settle) or unknown again (Fail, Forget).
// About 90 bytes a known oid. Ids are 40 hex digits; anything else is never known. Not thread-safe.
class OidTable {
 public:
  enum class State { kUnknown, kOnItsWay, kKnown };

  // The index holds it: id as 20 raw bytes, SHA-256 of the content as 32.
  void Add(std::string_view raw_oid, std::string_view digest);

  [[nodiscard]] State Look(std::string_view oid) const;
  // SHA-256 of the content; "" unless known.
  [[nodiscard]] std::string Digest(std::string_view oid) const;

  // Its body is being fetched. REQUIRES: unknown.
  void Begin(std::string_view oid);
  // Calls `settled` when it no longer is on its way. REQUIRES: on its way.
  void Await(std::string_view oid, std::function<void()> settled);
  // Its body is here.
  void Settle(std::string_view oid, std::string content);
  // Its body did not come.
  void Fail(std::string_view oid);

  // The content, to be published with the first observation that names it; handed out once, then
  // "".
  [[nodiscard]] std::string TakeContent(std::string_view oid);

  // The same without handing it out.
  [[nodiscard]] std::string Content(std::string_view oid) const;

  // The index does not hold it after all.
  void Forget(std::string_view oid);

  void ForgetAll();

  [[nodiscard]] size_t size() const { return known_.size(); }

 private:
  using Raw = std::array<char, 20>;
  using Sha256 = std::array<char, 32>;
  void Wake(std::string_view oid);

  absl::flat_hash_map<Raw, Sha256> known_;
  absl::flat_hash_map<std::string, std::vector<std::function<void()>>> on_their_way_;
  absl::flat_hash_map<std::string, std::string> contents_;
};

}  // namespace modelwatch::crawler
