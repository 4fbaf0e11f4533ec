// SPDX-License-Identifier: Apache-2.0
#include "indexer/frontier/revisit.h"

#include <algorithm>

namespace modelwatch::indexer {
namespace {

constexpr absl::Duration kFirstBackoff = absl::Seconds(30);
constexpr absl::Duration kMaxBackoff = absl::Hours(6);
constexpr absl::Duration kFirstFileDelay = absl::Minutes(15);
constexpr absl::Duration kMaxFileDelay = absl::Hours(24);
constexpr absl::Duration kFirstStrike = absl::Seconds(60);
constexpr absl::Duration kMaxStrike = absl::Hours(24);
constexpr uint32_t kMaxDoublings = 16;

// FNV-1a, 64 bit: spreads ids evenly and is the same on every machine.
uint64_t Hash(std::string_view text, uint64_t salt) {
  uint64_t hash = 14695981039346656037ULL ^ salt;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash ^ (hash >> 32);
}

absl::Duration Doubled(absl::Duration first, uint32_t times, absl::Duration most,
                       std::string_view seed) {
  const absl::Duration full =
      std::min(most, first * (int64_t{1} << std::min(times, kMaxDoublings)));
  const int64_t thousandth = static_cast<int64_t>(Hash(seed, times) % 200);
  return full - full / 1000 * thousandth;
}

}  // namespace

uint32_t PriorityOf(v1::WorkKind kind) {
  switch (kind) {
    case v1::KEEP_UP:
      return kPriorityKeepUp;
    case v1::VISIT:
      return kPriorityVisit;
    case v1::HISTORY:
      return kPriorityNewHistory;
    default:
      return kPrioritySweep;
  }
}

std::string_view PriorityWord(uint32_t priority) {
  switch (priority) {
    case kPriorityWatched:
      return "watched";
    case kPriorityKeepUp:
      return "keep_up";
    case kPriorityVisit:
      return "visit";
    case kPrioritySweep:
      return "sweep";
    case kPriorityHistory:
      return "history";
    case kPriorityNewHistory:
      return "new_history";
    default:
      return "other";
  }
}

absl::Duration BackoffDelay(uint32_t attempt, absl::Duration retry_after,
                            std::string_view work_id) {
  const uint32_t doublings = attempt == 0 ? 0 : attempt - 1;
  return std::max(retry_after, Doubled(kFirstBackoff, doublings, kMaxBackoff, work_id));
}

absl::Duration StrikeDelay(uint32_t strikes, std::string_view seed) {
  const uint32_t doublings = std::min(strikes == 0 ? 0 : strikes - 1, kMaxDoublings);
  const absl::Duration full = std::min(kMaxStrike, kFirstStrike * (int64_t{1} << doublings));
  return full / 1000 * static_cast<int64_t>(900 + Hash(seed, strikes) % 200);
}

absl::Duration FailedFileDelay(uint32_t failures, std::string_view work_id) {
  const uint32_t doublings = failures == 0 ? 0 : failures - 1;
  return Doubled(kFirstFileDelay, doublings, kMaxFileDelay, work_id);
}

}  // namespace modelwatch::indexer
