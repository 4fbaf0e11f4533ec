// SPDX-License-Identifier: Apache-2.0
#include "cli/as_of.h"

#include <charconv>

#include "common/clock.h"
#include "common/status_macros.h"

namespace modelwatch::cli {

absl::StatusOr<AsOf> ParseAsOf(const std::string& text) {
  AsOf as_of;
  if (text.empty()) return as_of;
  const char* const end = text.data() + text.size();
  uint64_t sequence = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, sequence);
  if (error == std::errc() && stop == end) {
    as_of.sequence = sequence;
  } else {
    ASSIGN_OR_RETURN(as_of.recorded_at_us, common::ParseMicros(text));
  }
  return as_of;
}

}  // namespace modelwatch::cli
