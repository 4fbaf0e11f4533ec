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

absl::StatusOr<v1::Moment> ParseMoment(const std::string& text, bool reassessments) {
  ASSIGN_OR_RETURN(const AsOf as_of, ParseAsOf(text));
  v1::Moment moment;
  if (as_of.sequence != AsOf().sequence) moment.set_sequence(as_of.sequence);
  if (as_of.recorded_at_us != AsOf().recorded_at_us) {
    moment.set_recorded_at_us(as_of.recorded_at_us);
  }
  moment.set_reassessments(reassessments);
  return moment;
}

}  // namespace modelwatch::cli
