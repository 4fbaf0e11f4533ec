// SPDX-License-Identifier: Apache-2.0
// --as-of: a moment of the record, given as a sequence number or a time.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "modelwatch/v1/record.pb.h"

namespace modelwatch::cli {

// What had been recorded up to a moment. The record's own time counts (recorded_at), so that the
// same question has the same answer for ever. Default: everything.
struct AsOf {
  uint64_t sequence = UINT64_MAX;
  int64_t recorded_at_us = INT64_MAX;
};

// Empty text gives everything. INVALID_ARGUMENT: neither a number nor a time.
[[nodiscard]] absl::StatusOr<AsOf> ParseAsOf(const std::string& text);

// The same for the index; `text` is not empty. With `reassessments` also what later evaluators said
// up to then. INVALID_ARGUMENT: neither a number nor a time.
[[nodiscard]] absl::StatusOr<v1::Moment> ParseMoment(const std::string& text, bool reassessments);

}  // namespace modelwatch::cli
