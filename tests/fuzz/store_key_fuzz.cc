// SPDX-License-Identifier: Apache-2.0
// Keys and small values as a damaged disk may hand them back: refused, or read back to the same
// bytes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "indexer/store/keys.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace modelwatch::indexer;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto key = ParseReleaseKey(text); key.ok()) Require(ReleaseKeyBytes(*key) == text);
  if (const auto at = ParseSequenceKey(text); at.ok()) Require(SequenceKey(*at) == text);
  if (const auto at = ParseVersionKey(text); at.ok()) {
    Require(VersionKey(at->key, at->sequence) == text);
  }
  if (const auto at = ParseAssessmentKey(text); at.ok()) {
    Require(AssessmentKey(at->key, at->version, at->assessment) == text);
  }
  if (const auto at = ParseDueKey(text); at.ok()) {
    Require(DueKey(at->hub, at->priority, at->due_us, at->work_id) == text);
  }
  if (const auto at = ParseFindingKey(text); at.ok()) {
    Require(FindingKey(at->identifier, at->digest) == text);
  }
  if (const auto seen = ParseSeenValue(text); seen.ok()) {
    Require(ParseSeenValue(SeenValue(*seen))->last_seen_us == seen->last_seen_us);
  }
  const std::string end = PrefixEnd(text);
  Require(end.empty() || end > text);
  return 0;
}
