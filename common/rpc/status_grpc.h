// SPDX-License-Identifier: Apache-2.0
// Status at the wire: absl on our side, grpc on the other. The codes have the same numbers.
#pragma once

#include "absl/status/status.h"

namespace grpc {
class Status;
class ClientContext;
}  // namespace grpc

namespace modelwatch::common {

// Trailers that carry what a code alone cannot. On our side they are payloads of the status, under
// the same name, as decimal text (see TrailerNumber).
inline constexpr char kRetryDelayMs[] = "retry-delay-ms";     // with RESOURCE_EXHAUSTED
inline constexpr char kOldestSequence[] = "oldest-sequence";  // with OUT_OF_RANGE

// Code and message; payloads do not travel here (the service writes them as trailers).
[[nodiscard]] grpc::Status ToGrpc(const absl::Status& status);

// Code and message, and the two trailers above as payloads. UNKNOWN becomes INTERNAL: a server of
// ours never answers UNKNOWN on purpose.
[[nodiscard]] absl::Status FromGrpc(const grpc::Status& status, const grpc::ClientContext& context);
[[nodiscard]] absl::Status FromGrpc(const grpc::Status& status);

// The number a trailer carried; `otherwise` when the status has none.
[[nodiscard]] int64_t TrailerNumber(const absl::Status& status, const char* name,
                                    int64_t otherwise);
void SetTrailerNumber(absl::Status& status, const char* name, int64_t value);

}  // namespace modelwatch::common
