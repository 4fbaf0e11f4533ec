// SPDX-License-Identifier: Apache-2.0
// A trace of a hub's changes from a file.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "indexer/schedule/trace.h"

namespace modelwatch::cli {

// Bytes of a trace, unpacked.
inline constexpr size_t kMaxTraceBytes = size_t{1} << 30;

// JSON Lines, one change or one look a line:
//   {"path": "a/b", "date": "2026-08-19T09:36:31Z", "weight": 2}
// `date` is RFC 3339. Where a recorded hub record stands as a string in "text", its "updated_at" is
// the time of the change and its "created_at" the release's birth; the same time seen twice is one
// change. The first time of a release without a birth is its birth, no change. The trace is the
// last `days` days before the newest time. A line that is no such thing is passed over; each
// release's rate is the one found with hindsight, a Gamma prior of 0.3 changes at the hub's mean.
// INVALID_ARGUMENT: no line could be used.
[[nodiscard]] absl::StatusOr<indexer::Trace> ParseTrace(std::string_view lines, double days);

// The same from a file, plain or compressed. NOT_FOUND, PERMISSION_DENIED; INVALID_ARGUMENT: larger
// than kMaxTraceBytes, or as above.
[[nodiscard]] absl::StatusOr<indexer::Trace> ReadTrace(const std::string& path, double days);

}  // namespace modelwatch::cli
