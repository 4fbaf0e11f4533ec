// SPDX-License-Identifier: Apache-2.0
// Keys of every table, made and read here alone. docs/storage.md shows them byte by byte.
//
// DO NOT CHANGE: they are on disk; tests/indexer/store/keys_test.cc pins the bytes. Numbers are
// big-endian, so that byte order is number order. Text parts end with a zero byte, which no part
// may hold (hubs are [a-z0-9-], ids printable ASCII), so that no key is the start of another.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "modelwatch/v1/observation.pb.h"

namespace modelwatch::indexer {

// hub 00 id 00: tables "latest", "seen", "held", "past", "conclusion", and the start of the keys
// below.
[[nodiscard]] std::string ReleaseKeyBytes(const v1::ReleaseKey& key);
[[nodiscard]] absl::StatusOr<v1::ReleaseKey> ParseReleaseKey(std::string_view bytes);

// hub 00: the start of every release's key of a hub.
[[nodiscard]] std::string HubPrefix(std::string_view hub);

// The first key after all keys that start with `prefix`; "" when there is none.
[[nodiscard]] std::string PrefixEnd(std::string_view prefix);

// 8 bytes, big-endian: tables "log" and "alert".
[[nodiscard]] std::string SequenceKey(uint64_t sequence);
[[nodiscard]] absl::StatusOr<uint64_t> ParseSequenceKey(std::string_view bytes);

// release sequence: tables "observation" and "alert_of".
[[nodiscard]] std::string VersionKey(const v1::ReleaseKey& key, uint64_t sequence);
struct ReleaseSequence {
  v1::ReleaseKey key;
  uint64_t sequence = 0;
};
[[nodiscard]] absl::StatusOr<ReleaseSequence> ParseVersionKey(std::string_view bytes);

// release version assessment: table "assessment".
[[nodiscard]] std::string AssessmentKey(const v1::ReleaseKey& key, uint64_t version,
                                        uint64_t assessment);
struct AssessmentAt {
  v1::ReleaseKey key;
  uint64_t version = 0;
  uint64_t assessment = 0;
};
[[nodiscard]] absl::StatusOr<AssessmentAt> ParseAssessmentKey(std::string_view bytes);

// hub 00 name, ASCII letters lower-cased (hubs compare names so): table "name".
[[nodiscard]] std::string NameKey(std::string_view hub, std::string_view name);

// hub 00 priority due work-id: table "due". Within a priority, what has been due longest is first.
[[nodiscard]] std::string DueKey(std::string_view hub, uint32_t priority, int64_t due_us,
                                 std::string_view work_id);
struct DueAt {
  std::string hub;
  uint32_t priority = 0;
  int64_t due_us = 0;
  std::string work_id;
};
[[nodiscard]] absl::StatusOr<DueAt> ParseDueKey(std::string_view bytes);
// hub 00 priority: the start of one class.
[[nodiscard]] std::string DuePrefix(std::string_view hub, uint32_t priority);

// identifier-number (4 bytes) SHA-256: table "finding". What one identifier version said stands
// together, so that it is dropped as one range. `digest` is 32 raw bytes.
[[nodiscard]] std::string FindingKey(uint32_t identifier, std::string_view digest);
struct FindingAt {
  uint32_t identifier = 0;
  std::string digest;
};
[[nodiscard]] absl::StatusOr<FindingAt> ParseFindingKey(std::string_view bytes);
// The start of all keys of an identifier.
[[nodiscard]] std::string FindingPrefix(uint32_t identifier);

// hub 00 base-name, ASCII letters lower-cased, 00 id 00: table "derivative". `base` is the name
// that the derivative declares; it holds no zero byte.
[[nodiscard]] std::string DerivativeKey(std::string_view hub, std::string_view base,
                                        std::string_view id);
// The start of all keys of a base.
[[nodiscard]] std::string DerivativePrefix(std::string_view hub, std::string_view base);
struct DerivativeAt {
  std::string base;  // lower-cased
  v1::ReleaseKey derivative;
};
[[nodiscard]] absl::StatusOr<DerivativeAt> ParseDerivativeKey(std::string_view bytes);

// What releases are found by. DO NOT CHANGE THE LETTERS: they are on disk.
enum class Facet : char {
  kAccess = 'a',
  kChanged = 'c',  // of the one value ""
  kDirection = 'd',
  kLicence = 'l',
  kPublisher = 'p',
};
// hub 00 facet value, ASCII letters lower-cased, 00 sequence, all its bits turned, id 00: table
// "facet". The sequence is of the version that has the value, the newest first. The value holds no
// zero byte.
struct FacetAt {
  Facet facet = Facet::kChanged;
  std::string value;  // parsed: lower-cased
  uint64_t sequence = 0;
  v1::ReleaseKey key;
};
[[nodiscard]] std::string FacetKey(const FacetAt& at);
[[nodiscard]] absl::StatusOr<FacetAt> ParseFacetKey(std::string_view bytes);
// The start of all keys of a value.
[[nodiscard]] std::string FacetPrefix(std::string_view hub, Facet facet, std::string_view value);

// Keys of "meta".
inline constexpr std::string_view kSchemaKey = "schema";
inline constexpr std::string_view kStateKey = "state";
inline constexpr std::string_view kIdentifiersKey = "identifiers";
// cursor/<evaluator>
[[nodiscard]] std::string CursorKey(std::string_view evaluator);
inline constexpr std::string_view kCursorPrefix = "cursor/";
// budget/<hub>/<class>/<account>
[[nodiscard]] std::string BudgetKeyBytes(std::string_view hub, std::string_view quota_class,
                                         std::string_view account);
// The start of all budgets of a hub.
[[nodiscard]] std::string BudgetPrefix(std::string_view hub);
// trouble/<hub>
[[nodiscard]] std::string TroubleKey(std::string_view hub);

// Value of "seen", 10 bytes: last-seen hub time (8), flags (1; bit 0 = needs a visit, bit 1 = the
// last sweep missed it), and how many observations in a row had a FAILED file (1). Small, because
// an unchanged release costs only this.
struct Seen {
  int64_t last_seen_us = 0;
  bool needs_visit = false;
  uint8_t failures = 0;
  bool was_missed = false;
};
[[nodiscard]] std::string SeenValue(const Seen& seen);
[[nodiscard]] absl::StatusOr<Seen> ParseSeenValue(std::string_view bytes);

}  // namespace modelwatch::indexer
