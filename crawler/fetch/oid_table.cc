// SPDX-License-Identifier: Apache-2.0
#include "crawler/fetch/oid_table.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/digest.h"

namespace modelwatch::crawler {
namespace {

template <typename Array>
std::optional<Array> ToArray(std::string_view bytes) {
  Array array;
  if (bytes.size() != array.size()) return std::nullopt;
  std::copy(bytes.begin(), bytes.end(), array.begin());
  return array;
}

template <typename Array>
std::optional<Array> FromOid(std::string_view oid) {
  if (!common::IsGitOid(oid)) return std::nullopt;
  return ToArray<Array>(*common::FromHex(oid));
}

}  // namespace

void OidTable::Add(std::string_view raw_oid, std::string_view digest) {
  const auto key = ToArray<Raw>(raw_oid);
  const auto value = ToArray<Sha256>(digest);
  if (key && value) known_[*key] = *value;
}

OidTable::State OidTable::Look(std::string_view oid) const {
  const auto key = FromOid<Raw>(oid);
  if (!key) return State::kUnknown;
  if (known_.contains(*key)) return State::kKnown;
  return on_their_way_.contains(std::string(oid)) ? State::kOnItsWay : State::kUnknown;
}

std::string OidTable::Digest(std::string_view oid) const {
  const auto key = FromOid<Raw>(oid);
  const auto found = key ? known_.find(*key) : known_.end();
  return found == known_.end() ? std::string()
                               : std::string(found->second.data(), found->second.size());
}

void OidTable::Begin(std::string_view oid) { on_their_way_.try_emplace(std::string(oid)); }

void OidTable::Await(std::string_view oid, std::function<void()> settled) {
  on_their_way_[std::string(oid)].push_back(std::move(settled));
}

void OidTable::Settle(std::string_view oid, std::string content) {
  const auto key = FromOid<Raw>(oid);
  const auto digest = ToArray<Sha256>(common::Sha256(content));
  if (key && digest) {
    known_[*key] = *digest;
    contents_[std::string(oid)] = std::move(content);
  }
  Wake(oid);
}

void OidTable::Fail(std::string_view oid) { Wake(oid); }

void OidTable::Wake(std::string_view oid) {
  const auto found = on_their_way_.find(std::string(oid));
  if (found == on_their_way_.end()) return;
  const std::vector<std::function<void()>> waiting = std::move(found->second);
  on_their_way_.erase(found);
  for (const std::function<void()>& settled : waiting) settled();
}

std::string OidTable::TakeContent(std::string_view oid) {
  const auto found = contents_.find(std::string(oid));
  if (found == contents_.end()) return "";
  std::string content = std::move(found->second);
  contents_.erase(found);
  return content;
}

std::string OidTable::Content(std::string_view oid) const {
  const auto found = contents_.find(std::string(oid));
  return found == contents_.end() ? std::string() : found->second;
}

void OidTable::Forget(std::string_view oid) {
  if (const auto key = FromOid<Raw>(oid)) known_.erase(*key);
  contents_.erase(std::string(oid));
}

void OidTable::ForgetAll() {
  known_.clear();
  contents_.clear();
}

}  // namespace modelwatch::crawler
